"""The menu bar: every command of the window with its name, its keys and what it explains in the
tooltip.

GUI thread. Commands call methods of the window and the session; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWhatsThis

from playground.core.catalogues import languages
from playground.core.lessons.files import bundled
from playground.core.network.layers import LAYERS
from playground.core.palette import CLASS_NAMES
from playground.core.tables.table import BUILTINS
from playground.core.view import ViewSpec
from playground.ui import theme
from playground.ui.language import SYSTEM, code, tr
from playground.ui.leaving import asks_about_training, set_asks_about_training
from playground.ui.panels.tool_grid import TOOL_TEXTS
from playground.ui.widgets import Switch

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

__all__ = ["KEYS", "Menus"]

KEYS = """Space — train or pause
I — Instant: train anew with every change
S — step one epoch,  Shift+S — one batch
R — reset to the same start,  Ctrl+Shift+R — new start
B, U, V, X, L, J, N, E, P — brush, put, pick, rectangle, lasso, jitter, magnet, erase, probe
1 to 9, 0 — choose the class to paint, or give it to what is selected
Shift+click — paint the other class,  Ctrl+click — remove the nearest point
On the canvas: arrows move what is selected, Delete removes it, Ctrl+D doubles it,
Ctrl+A selects all, Escape nothing
Ctrl+plus, Ctrl+minus, Ctrl+0 — zoom the canvas in, out, back
T — test points,  D — discretise,  M — mistakes,  G — logarithmic loss
Ctrl+L — add a layer,  Ctrl+Shift+L — remove the last one
In the network: arrows move, + and − change units, Delete removes a layer
Ctrl+Z — undo,  Ctrl+Shift+Z — redo
Shift+F1 — what is this?  F5 — presenter mode"""

INSTANT_LENGTHS = (50, 100, 200, 500, 1_000, 2_000, 5_000)
OPEN_HELP = "A project, a table, a picture to sample points from, or images with labels."
LINK_HELP = "The whole experiment as text that can be sent and pasted here again."
PASTE_HELP = "Bring in cells of a spreadsheet, or an experiment that was copied as a link."
EXTENTS = (1, 2, 3, 6, 10, 20, 50, 100)
TABLE_HELP = "Every point with its numbers, to be read and changed by keyboard."
COMPARE_HELP = "Race several settings from one start: optimizers, learning rates, or any other."
HIDE_HELP = "Choose which areas and controls are shown; the project file remembers it."
SHOW_HELP = "For the projector: only network, output and curves, in large text."
WHAT_HELP = "Then click on anything in the window to have it explained."
LESSON_HELP = "A lesson that a teacher wrote."
TEACH_HELP = "A lesson that begins with this experiment, as a file to write the steps in."
WEIGHTS_HELP = "All weights and biases in a safetensors file, which PyTorch and others read, too."
ASK = "Ask before training is lost"
ASK_HELP = "Ask before a network that has trained for more than ten seconds is lost."
GRIDS = (50, 100, 200, 300, 400)
ZOOM = 1.25
NUDGE = 0.1
"""Canvas units that an arrow key moves what is selected; with Shift five times as far."""


class Menus:
    """Builds the menu bar of a window, and keeps the parts that change."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        for build in (
            self._file,
            self._edit,
            self._data,
            self._network,
            self._train,
            self._view,
            self._help,
        ):
            build()

    def _menu(self, title: str) -> QMenu:
        menu = self._window.menuBar().addMenu(tr(title))
        menu.setToolTipsVisible(True)
        return menu

    def _add(
        self,
        menu: QMenu,
        text: str,
        slot: Callable[..., object],
        keys: str | QKeySequence.StandardKey = "",
        help: str = "",
    ) -> QAction:
        action = menu.addAction(tr(text))
        action.triggered.connect(slot)
        action.setToolTip(tr(help or text))
        if keys:
            action.setShortcut(QKeySequence(keys))
        return action

    def _file(self) -> None:
        documents, menu = self._window.documents, self._menu("&File")
        networks = documents.networks
        self._add(menu, "New", documents.new, "Ctrl+N")
        self._add(menu, "Open…", documents.ask_and_open, "Ctrl+O", OPEN_HELP)
        self._recent = menu.addMenu(tr("Open recent"))
        self._recent.setToolTipsVisible(True)
        documents.recentChanged.connect(self._show_recent)
        self._show_recent()
        menu.addSeparator()
        self._add(menu, "Save", documents.save, "Ctrl+S")
        self._add(menu, "Save as…", documents.save_as, "Ctrl+Shift+S")
        self._add(menu, "Export points…", documents.export_points)
        self._add(menu, "Save the trained network…", networks.ask_and_save, help=WEIGHTS_HELP)
        self._add(menu, "Load a trained network…", networks.ask_and_load, help=WEIGHTS_HELP)
        menu.addSeparator()
        self._lessons(menu)
        menu.addSeparator()
        self._ask_about_training(menu)
        # Spelled out: without a desktop theme the standard keys are empty.
        self._add(menu, "Quit", self._window.close, "Ctrl+Q")

    def _ask_about_training(self, menu: QMenu) -> None:
        """The question that a tick in its box switches off is switched on again here."""
        action = self._add(menu, ASK, lambda: set_asks_about_training(action.isChecked()))
        action.setCheckable(True)
        action.setToolTip(tr(ASK_HELP))
        menu.aboutToShow.connect(lambda: action.setChecked(asks_about_training()))

    def _show_recent(self) -> None:
        documents = self._window.documents
        self._recent.clear()
        for path in documents.recent():
            self._add(self._recent, path.name, _calling(documents.bring, [path]), help=str(path))
        self._recent.setEnabled(not self._recent.isEmpty())

    def _lessons(self, menu: QMenu) -> None:
        self._lessons_menu = menu.addMenu(tr("Lessons"))
        self._lessons_menu.setToolTipsVisible(True)
        self._lessons_menu.aboutToShow.connect(self._list_lessons)
        self._add(menu, "Save as lesson…", self._window.guide.save_as, help=TEACH_HELP)

    def _list_lessons(self) -> None:
        """Read when somebody looks: a window without a lesson need not wait for them."""
        window, lessons = self._window, self._lessons_menu
        if not lessons.isEmpty():
            return
        for lesson in bundled():
            summary = lesson.summary.said(code()) if lesson.summary else ""
            title = lesson.title.said(code())
            self._add(lessons, title, _calling(window.guide.start, lesson), help=summary)
        lessons.addSeparator()
        self._add(lessons, "Open a lesson…", window.documents.ask_and_open, help=LESSON_HELP)

    def _edit(self) -> None:
        menu, stack = self._menu("&Edit"), self._window.session.undo_stack
        undo = stack.createUndoAction(self._window, tr("Undo"))
        undo.setShortcut(QKeySequence("Ctrl+Z"))
        redo = stack.createRedoAction(self._window, tr("Redo"))
        redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        menu.addActions([undo, redo])
        menu.addSeparator()
        documents = self._window.documents
        self._add(menu, "Copy as link", documents.copy_link, help=LINK_HELP)
        self._add(menu, "Paste", documents.paste, "Ctrl+V", PASTE_HELP)
        menu.addSeparator()
        self._selection(menu)

    def _selection(self, menu: QMenu) -> None:
        """What keys do to selected points, as long as the canvas has the focus."""
        canvas = self._window.output.canvas
        commands = (
            ("Select all points", canvas.select_all, "Ctrl+A"),
            ("Select nothing", canvas.select_none, "Esc"),
            ("Duplicate the selection", canvas.duplicate_selected, "Ctrl+D"),
            ("Delete the selection", canvas.remove_selected, "Del"),
        )
        actions = [self._add(menu, text, slot, keys) for text, slot, keys in commands]
        nudges = menu.addMenu(tr("Move the selection"))
        steps = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, 1), "Down": (0, -1)}
        for factor, held in ((NUDGE, ""), (5 * NUDGE, "Shift+")):
            for key, (dx, dy) in steps.items():
                slot = _calling(canvas.nudge, dx * factor, dy * factor)
                text = f"{key}, further" if held else key
                actions.append(self._add(nudges, text, slot, held + key))
        for action in actions:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            canvas.addAction(action)

    def _data(self) -> None:
        session, menu = self._window.session, self._menu("&Data")
        # Keys of menus act at once; those of buttons wait until the button has been seen going
        # down.
        tools = menu.addMenu(tr("Tool"))
        for key, text in TOOL_TEXTS.items():
            choose = _calling(self._window.choose_tool, key)
            self._add(tools, text.name, choose, text.key, text.help)
        classes = menu.addMenu(tr("Class"))
        for index, name in enumerate(CLASS_NAMES):
            keys = str((index + 1) % 10)
            self._add(classes, name, _calling(self._window.choose_class, index), keys)
        self._add(menu, "Add a class", session.add_class)
        self._add(menu, "Clear all points", session.clear_points, "Ctrl+Backspace")
        self._add(
            menu, "Points as a table…", self._window.companions.open_points_table, help=TABLE_HELP
        )
        menu.addSeparator()
        tables = menu.addMenu(tr("Tables"))
        tables.setToolTipsVisible(True)
        for choice in BUILTINS:
            self._add(
                tables, choice.label, _calling(session.choose_table, choice.key), help=choice.help
            )

    def _network(self) -> None:
        session, menu = self._window.session, self._menu("&Network")
        for kind, layer in LAYERS.items():
            name = f"Add {layer.label.lower()}" + (" layer" if kind == "linear" else "")
            keys = "Ctrl+L" if kind == "linear" else ""
            self._add(menu, name, _calling(self._append_layer, kind), keys, layer.help)
        menu.addSeparator()
        self._add(menu, "Remove the last layer", self._remove_last_layer, "Ctrl+Shift+L")
        menu.addSeparator()
        self._add(menu, "New start", session.new_start, "Ctrl+Shift+R", "Draw other first weights.")

    def _append_layer(self, kind: str) -> None:
        session = self._window.session
        session.add_layer(len(session.experiment.model.layers), kind)

    def _remove_last_layer(self) -> None:
        session = self._window.session
        if session.experiment.model.layers:
            session.remove_layer(len(session.experiment.model.layers) - 1)

    def _train(self) -> None:
        session, menu = self._window.session, self._menu("&Train")
        self._add(menu, "Train or pause", self._window.press_space, "Space")
        self._add(menu, "Step one epoch", session.run.step_epoch, "S")
        self._add(menu, "Step one batch", session.run.step_batch, "Shift+S")
        menu.addSeparator()
        self._toggle(menu, "Instant", self._window.instant, "I")
        self._instant_epochs(menu)
        self._add(menu, "Reset to the same start", session.run.reset, "R")
        menu.addSeparator()
        self._add(menu, "Compare…", self._window.companions.open_comparison, "Ctrl+K", COMPARE_HELP)

    def _instant_epochs(self, menu: QMenu) -> None:
        run = self._window.session.run
        self._choices(
            menu.addMenu(tr("Epochs in Instant")),
            {epochs: f"{epochs:,}" for epochs in INSTANT_LENGTHS},
            run.instant_epochs,
            run.set_instant_epochs,
        )

    def _view(self) -> None:
        window, menu = self._window, self._menu("&View")
        self._choices(
            menu.addMenu(tr("Appearance")),
            dict(zip(theme.Mode, ("As the system", "Light", "Dark"), strict=True)),
            theme.manager().mode,
            window.set_appearance,
        )
        names = {code: language.name for code, language in languages().items()}
        choices = {SYSTEM: "As the system", **names}
        self._choices(menu.addMenu(tr("Language")), choices, window.language, window.set_language)
        menu.addSeparator()
        self._toggle(menu, "Test points", window.output.test_points, "T")
        self._toggle(menu, "Mistakes", window.output.mistakes, "M")
        self._toggle(menu, "Discretise", window.output.discretize, "D")
        self._toggle(menu, "Logarithmic loss", window.curves.log, "G")
        menu.addSeparator()
        self._canvas_range(menu)
        menu.addSeparator()
        self._add(menu, "Code", window.show_code, help="The experiment as a script.")
        self._add(menu, "Hide controls…", window.companions.open_hiding, help=HIDE_HELP)
        self._presenter = self._add(
            menu, "Presenter mode", window.toggle_presenter, "F5", SHOW_HELP
        )
        self._add(menu, "Full screen", window.toggle_full_screen, "F11")

    def _canvas_range(self, menu: QMenu) -> None:
        """How much of the plane is shown, and how finely."""
        window, canvas = self._window, self._window.output.canvas
        self._extents = self._choices(
            menu.addMenu(tr("Canvas range")),
            {extent: f"−{extent} to {extent}" for extent in EXTENTS},
            window.session.experiment.view.extent,
            lambda extent: window.session.set_view("extent", float(extent)),
        )
        self._grids = self._choices(
            menu.addMenu(tr("Map detail")),
            {grid: f"{grid} × {grid}" for grid in GRIDS},
            window.session.experiment.view.grid,
            lambda grid: window.session.set_view("grid", grid),
        )
        self._add(menu, "Zoom in", _calling(canvas.zoom_by, 1 / ZOOM), "Ctrl+=")
        self._add(menu, "Zoom out", _calling(canvas.zoom_by, ZOOM), "Ctrl+-")
        self._add(menu, "Reset the view", canvas.reset_view, "Ctrl+0")

    def show_view(self, view: ViewSpec) -> None:
        """Mark what is chosen now."""
        for actions, value in ((self._extents, view.extent), (self._grids, view.grid)):
            for choice, action in actions.items():
                action.setChecked(choice == value)

    def _choices(
        self,
        menu: QMenu,
        choices: Mapping[Any, str],
        chosen: Any,
        choose: Callable[[Any], object],
    ) -> dict[Any, QAction]:
        """A menu of values, one of which is marked."""
        group = QActionGroup(menu)
        group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        actions = {}
        for value, text in choices.items():
            action = self._add(menu, text, _calling(choose, value))
            action.setCheckable(True)
            action.setChecked(value == chosen)
            group.addAction(action)
            actions[value] = action
        return actions

    def _toggle(self, menu: QMenu, text: str, switch: Switch, keys: str) -> None:
        """A menu entry and a switch that are one."""
        action = menu.addAction(tr(text))
        action.setShortcut(QKeySequence(keys))
        action.setToolTip(switch.toolTip())
        action.setCheckable(True)
        # Not `triggered`, which PySide would connect in its form without the new state.
        action.toggled.connect(switch.setChecked)
        switch.toggled.connect(action.setChecked)

    def _help(self) -> None:
        menu = self._menu("&Help")
        self._add(menu, "What is this?", QWhatsThis.enterWhatsThisMode, "Shift+F1", WHAT_HELP)
        self._add(menu, "Keys", self._window.show_keys, "F1")
        self._add(menu, "About Playground", self._window.show_about)


def _calling(function: Callable[..., object], *arguments: object) -> Callable[[], object]:
    """`function` with these arguments, whatever the signal brings."""
    return lambda *_: function(*arguments)
