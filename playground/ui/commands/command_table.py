"""Every command of the window, by menu: the one table that menus, key list, palette and what a
lesson locks are made from.

Nothing is decided here: a command calls a method of what it is about. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QAbstractButton, QApplication, QWhatsThis

from playground.core.catalogues import languages
from playground.core.data.tables.table import BUILTINS
from playground.core.lessons.lesson_files import bundled
from playground.core.lessons.step_facts import Act
from playground.core.network.layers import LAYERS
from playground.core.palette import CLASS_NAMES
from playground.ui.commands.command import Command, Menu
from playground.ui.data.tools import TOOLS
from playground.ui.language import SYSTEM, code, tr
from playground.ui.lessons.lesson_guide import LessonGuide
from playground.ui.look import theme
from playground.ui.session.documents import Documents
from playground.ui.session.leaving import asks_about_training, set_asks_about_training
from playground.ui.session.session import Session
from playground.ui.window.canvas_wiring import Drawing
from playground.ui.window.parts import Parts
from playground.ui.window.secondary_windows import SecondaryWindows

__all__ = ["CommandTable", "Shell"]

INSTANT_LENGTHS = (50, 100, 200, 500, 1_000, 2_000, 5_000)
EXTENTS = (1, 2, 3, 6, 10, 20, 50, 100)
WEIGHTS_HELP = "All weights and biases in a safetensors file, which PyTorch and others read, too."
GRIDS = (50, 100, 200, 300, 400)
ZOOM = 1.25
NUDGE = 0.1
"""Canvas units that an arrow key moves what is selected; with Shift five times as far."""
NUDGES = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, 1), "Down": (0, -1)}
APPEARANCES = dict(zip(theme.Mode, ("As the system", "Light", "Dark"), strict=True))

Section = list[Command | Menu]


class Shell(Protocol):
    """What the window itself can do."""

    def close(self) -> bool: ...
    def language(self) -> str: ...
    def set_language(self, chosen: str) -> None: ...
    def toggle_presenter(self) -> None: ...
    def toggle_full_screen(self) -> None: ...
    def show_palette(self) -> None: ...
    def show_keys(self) -> None: ...
    def show_about(self) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class CommandTable:
    """Lists the commands of one window."""

    parts: Parts
    session: Session
    documents: Documents
    windows: SecondaryWindows
    guide: LessonGuide
    drawing: Drawing
    shell: Shell

    def menus(self) -> list[Menu]:
        """The menus of the menu bar, in their order."""
        return [
            Menu("&File", self._file),
            Menu("&Edit", self._edit),
            Menu("&Data", self._data),
            Menu("&Network", self._network),
            Menu("&Train", self._train),
            Menu("&View", self._view),
            Menu("&Help", self._help),
        ]

    # File.

    def _file(self) -> list[Section]:
        documents, networks = self.documents, self.documents.networks
        return [
            [
                Command("New", documents.new, "Ctrl+N"),
                Command(
                    "Open…",
                    documents.ask_and_open,
                    "Ctrl+O",
                    "A project, a table, a picture to sample points from, or images with labels.",
                    act="open",
                ),
                Menu(
                    "Open recent",
                    self._recent,
                    is_fixed=False,
                    is_enabled=lambda: bool(documents.recent()),
                ),
            ],
            [
                Command("Save", documents.save, "Ctrl+S", act="save"),
                Command("Save as…", documents.save_as, "Ctrl+Shift+S", act="save"),
                Command("Export points…", documents.export_points, is_enabled=self._has_data),
                Command(
                    "Save the trained network…",
                    networks.ask_and_save,
                    help=WEIGHTS_HELP,
                    is_enabled=self._has_network,
                ),
                Command("Load a trained network…", networks.ask_and_load, help=WEIGHTS_HELP),
            ],
            [
                Menu("Lessons", self._lessons, is_fixed=False),
                Command(
                    "Save as lesson…",
                    self.guide.save_as,
                    help="A lesson that begins with this experiment,"
                    " as a file to write the steps in.",
                ),
            ],
            [
                # The question that a tick in its box switches off is switched on again here.
                Command(
                    "Ask before training is lost",
                    lambda: set_asks_about_training(not asks_about_training()),
                    help="Ask before a network that has trained for more than ten seconds is lost.",
                    is_checked=asks_about_training,
                ),
                # Spelled out: without a desktop theme the standard keys are empty.
                Command("Quit", self.shell.close, "Ctrl+Q"),
            ],
        ]

    def _recent(self) -> list[Section]:
        bring = self.documents.bring
        return [
            [
                Command(path.name, partial(bring, [path]), detail=str(path))
                for path in self.documents.recent()
            ]
        ]

    def _lessons(self) -> list[Section]:
        """Read when somebody looks: a window without a lesson need not wait for them."""
        language = code()
        return [
            [
                Command(
                    lesson.title.said(language),
                    partial(self.guide.start, lesson),
                    help=lesson.summary.said(language) if lesson.summary else "",
                )
                for lesson in bundled()
            ],
            [
                Command(
                    "Open a lesson…",
                    self.documents.ask_and_open,
                    help="A lesson that a teacher wrote.",
                )
            ],
        ]

    # Edit.

    def _edit(self) -> list[Section]:
        documents, stack = self.documents, self.session.undo_stack
        return [
            [
                Command(
                    "Undo",
                    stack.undo,
                    "Ctrl+Z",
                    is_enabled=stack.canUndo,
                    says=lambda: f"{tr('Undo')} {stack.undoText()}".strip(),
                ),
                Command(
                    "Redo",
                    stack.redo,
                    "Ctrl+Shift+Z",
                    alias="Ctrl+Y",
                    is_enabled=stack.canRedo,
                    says=lambda: f"{tr('Redo')} {stack.redoText()}".strip(),
                ),
            ],
            [
                Command(
                    "Copy as link",
                    documents.copy_link,
                    help="The whole experiment as text that can be sent and pasted here again.",
                ),
                Command(
                    "Paste",
                    documents.paste,
                    "Ctrl+V",
                    "Bring in cells of a spreadsheet, or an experiment that was copied as a link.",
                ),
            ],
            self._selection(),
        ]

    def _selection(self) -> Section:
        """What keys do to selected points, as long as the canvas has the focus."""
        canvas = self.parts.output.canvas

        def has_selection() -> bool:
            return canvas.can_draw and len(canvas.selection()) > 0

        of_selection = partial(Command, owner=canvas, is_enabled=has_selection)
        return [
            Command(
                "Select all points",
                canvas.select_all,
                "Ctrl+A",
                owner=canvas,
                is_enabled=lambda: canvas.can_draw,
            ),
            of_selection("Select nothing", canvas.select_none, "Esc"),
            of_selection(
                "Duplicate the selection", canvas.duplicate_selected, "Ctrl+D", changes="data"
            ),
            of_selection("Delete the selection", canvas.remove_selected, "Del", changes="data"),
            Menu(
                "Move the selection",
                lambda: [
                    [
                        of_selection(
                            text,
                            partial(canvas.nudge, dx * factor, dy * factor),
                            held + key,
                            changes="data",
                            act="move",
                        )
                        for factor, held in ((NUDGE, ""), (5 * NUDGE, "Shift+"))
                        for key, (dx, dy) in NUDGES.items()
                        for text in (f"{key}, further" if held else key,)
                    ]
                ],
            ),
        ]

    # Data.

    def _data(self) -> list[Section]:
        session = self.session
        return [
            [
                Menu("Tool", self._tools),
                Menu("Class", self._classes),
                Command(
                    "Add a class", session.add_class, is_enabled=self._can_draw, changes="data"
                ),
                Command(
                    "Clear all points",
                    session.clear_points,
                    "Ctrl+Backspace",
                    changes="data",
                    act="erase",
                ),
                Command(
                    "Points as a table…",
                    self.windows.open_points_table,
                    help="Every point with its numbers, to be read and changed by keyboard.",
                ),
            ],
            [
                Menu(
                    "Tables",
                    lambda: [
                        [
                            Command(
                                choice.label,
                                partial(session.choose_table, choice.key),
                                help=choice.help,
                                changes="data",
                            )
                            for choice in BUILTINS
                        ]
                    ],
                )
            ],
        ]

    def _tools(self) -> list[Section]:
        # Keys of menus act at once; those of buttons wait until the button has been seen going
        # down.
        return [
            [
                Command(
                    tool.label,
                    partial(self.drawing.choose_tool, key),
                    tool.key,
                    tool.help,
                    is_enabled=self._can_draw if key != "probe" else self._has_data,
                )
                for key, tool in TOOLS.items()
            ]
        ]

    def _classes(self) -> list[Section]:
        return [
            [
                Command(
                    name,
                    partial(self.drawing.choose_class, index),
                    str((index + 1) % 10),
                    is_enabled=partial(self._has_class, index),
                )
                for index, name in enumerate(CLASS_NAMES)
            ]
        ]

    # Network.

    def _network(self) -> list[Section]:
        session = self.session
        return [
            [
                Command(
                    f"Add {layer.label.lower()}" + (" layer" if kind == "linear" else ""),
                    partial(self._append_layer, kind),
                    "Ctrl+L" if kind == "linear" else "",
                    layer.help,
                    changes="model.layers",
                )
                for kind, layer in LAYERS.items()
            ],
            [
                Command(
                    "Remove the last layer",
                    self._remove_last_layer,
                    "Ctrl+Shift+L",
                    is_enabled=lambda: bool(session.experiment.model.layers),
                    changes="model.layers",
                )
            ],
            [
                Command(
                    "New start",
                    session.new_start,
                    "Ctrl+Shift+R",
                    "Draw other first weights.",
                    changes="training.seed",
                    act="new_start",
                )
            ],
        ]

    def _append_layer(self, kind: str) -> None:
        self.session.add_layer(len(self.session.experiment.model.layers), kind)

    def _remove_last_layer(self) -> None:
        if self.session.experiment.model.layers:
            self.session.remove_layer(len(self.session.experiment.model.layers) - 1)

    # Train.

    def _train(self) -> list[Section]:
        run = self.session.run
        return [
            [
                Command("Train or pause", self._press_space, "Space"),
                Command("Step one epoch", run.step_epoch, "S", act="step_epoch"),
                Command("Step one batch", run.step_batch, "Shift+S", act="step_batch"),
            ],
            [
                _switched("Instant", self.parts.transport.instant, "I", act="instant"),
                _choices(
                    "Epochs in Instant",
                    {epochs: f"{epochs:,}" for epochs in INSTANT_LENGTHS},
                    lambda: run.instant_epochs,
                    run.set_instant_epochs,
                ),
                Command("Reset to the same start", run.reset, "R"),
            ],
            [
                Command(
                    "Compare…",
                    self.windows.open_comparison,
                    "Ctrl+Shift+C",
                    "Race several settings from one start: optimizers, learning rates, or any"
                    " other.",
                )
            ],
        ]

    def _press_space(self) -> None:
        """Space trains and pauses, except on a button that was reached by keyboard, which it
        presses.
        """
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton) and getattr(focused, "has_ring", bool)():
            focused.click()
        else:
            self.session.run.toggle()

    # View.

    def _view(self) -> list[Section]:
        output, curves, shell = self.parts.output, self.parts.curves, self.shell
        names = {code: language.name for code, language in languages().items()}
        spoken = {SYSTEM: "As the system", **names}
        return [
            [
                _choices("Appearance", APPEARANCES, lambda: theme.manager().mode, _set_appearance),
                _choices("Language", spoken, shell.language, shell.set_language),
            ],
            [
                _switched("Test points", output.test_points, "T"),
                _switched("Mistakes", output.panel.mistakes, "M"),
                _switched("Discretise", output.panel.discretize, "D"),
                _switched("Logarithmic loss", curves.log, "G"),
            ],
            self._canvas_range(),
            [
                Menu("Curves", self._tabs),
                Command(
                    "Code",
                    partial(curves.bring_forward, curves.code),
                    help="The experiment as a script.",
                    act="see_code",
                ),
                Command(
                    "Hide controls…",
                    self.windows.open_hiding,
                    help="Choose which areas and controls are shown; the project file remembers"
                    " it.",
                ),
                Command(
                    "Presenter mode",
                    shell.toggle_presenter,
                    "F5",
                    "For the projector: only network, output and curves, in large text.",
                ),
                Command("Full screen", shell.toggle_full_screen, "F11"),
            ],
        ]

    def _tabs(self) -> list[Section]:
        """The tabs beside the loss; those that mean nothing for these data are grey."""
        curves = self.parts.curves
        return [
            [
                Command(
                    curves.tabs.tabText(index),
                    partial(curves.bring_forward, page),
                    help=curves.tabs.tabToolTip(index),
                    is_enabled=partial(curves.offers, page),
                    act=curves.act_of(page),
                )
                for index, page in enumerate(curves.tab_widgets())
            ]
        ]

    def _canvas_range(self) -> Section:
        """How much of the plane is shown, and how finely."""
        session, canvas = self.session, self.parts.output.canvas
        return [
            _choices(
                "Canvas range",
                {extent: f"−{extent} to {extent}" for extent in EXTENTS},
                lambda: session.experiment.view.extent,
                lambda extent: session.set_view("extent", float(extent)),
            ),
            _choices(
                "Map detail",
                {grid: f"{grid} × {grid}" for grid in GRIDS},
                lambda: session.experiment.view.grid,
                partial(session.set_view, "grid"),
            ),
            Command("Zoom in", partial(canvas.zoom_by, 1 / ZOOM), "Ctrl+="),
            Command("Zoom out", partial(canvas.zoom_by, ZOOM), "Ctrl+-"),
            Command("Reset the view", canvas.reset_view, "Ctrl+0"),
        ]

    # Help.

    def _help(self) -> list[Section]:
        return [
            [
                Command(
                    "Find a command…",
                    self.shell.show_palette,
                    "Ctrl+K",
                    "Commands, settings and layers by their names.",
                ),
                Command(
                    "What is this?",
                    QWhatsThis.enterWhatsThisMode,
                    "Shift+F1",
                    "Then click on anything in the window to have it explained.",
                ),
                Command("Keys", self.shell.show_keys, "F1"),
                Command("About Playground", self.shell.show_about),
            ]
        ]

    # When a command would come to nothing.

    def _has_class(self, index: int) -> bool:
        return index < len(self.parts.draw.rows)

    def _can_draw(self) -> bool:
        return self.session.can_draw

    def _has_data(self) -> bool:
        return self.session.dataset is not None

    def _has_network(self) -> bool:
        return self.session.run.snapshot is not None


def _switched(label: str, switch: QAbstractButton, keys: str, act: Act | None = None) -> Command:
    """A command and a switch that are one."""
    return Command(label, switch.click, keys, switch.toolTip(), switch=switch, act=act)


def _choices(
    label: str,
    choices: Mapping[Any, str],
    chosen: Callable[[], Any],
    choose: Callable[[Any], object],
) -> Menu:
    """A menu of values, one of which may be marked."""

    def is_chosen(value: Any) -> bool:
        return bool(chosen() == value)

    def entries() -> list[Section]:
        return [
            [
                Command(text, partial(choose, value), is_checked=partial(is_chosen, value))
                for value, text in choices.items()
            ]
        ]

    return Menu(label, entries)


def _set_appearance(mode: theme.Mode) -> None:
    theme.manager().set_mode(mode)
    QSettings().setValue("appearance", str(mode))
