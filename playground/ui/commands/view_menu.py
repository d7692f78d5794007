"""View: appearance, language, and what is shown. GUI thread."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSettings

from playground.core.catalogues import languages
from playground.core.messages import N_, Message
from playground.ui.commands.command import Command, Menu
from playground.ui.commands.context import Context, Section, choices, switched
from playground.ui.language import SYSTEM
from playground.ui.look import theme

EXTENTS = (1.0, 2.0, 3.0, 6.0, 10.0, 20.0, 50.0, 100.0)
GRIDS = (50, 100, 200, 300, 400)
ZOOM = 1.25
APPEARANCES = dict(zip(theme.Mode, (N_("As the system"), N_("Light"), N_("Dark")), strict=True))


def view_menu(context: Context) -> list[Section]:
    output, curves, shell = context.parts.output, context.parts.curves, context.shell
    names = {code: language.name for code, language in languages().items()}
    spoken = {SYSTEM: N_("As the system"), **names}
    return [
        [
            choices("Appearance", APPEARANCES, lambda: theme.manager().mode, _set_appearance),
            choices("Language", spoken, shell.language, shell.set_language),
        ],
        [
            switched("Test points", output.test_points, "T"),
            switched("Mistakes", output.panel.mistakes, "M"),
            switched("Discretise", output.panel.discretize, "D"),
            switched("Logarithmic loss", curves.log, "G"),
        ],
        _canvas_range(context),
        [
            Menu("Curves", partial(_tabs, context)),
            Command(
                "Code",
                partial(curves.bring_forward, curves.code),
                help="The experiment as a script.",
                act="see_code",
            ),
            Command(
                "Hide controls…",
                context.windows.open_hiding,
                is_enabled=context.parts.lesson.isHidden,
                help="Choose which areas and controls are shown; the project file remembers it.",
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


def _tabs(context: Context) -> list[Section]:
    """The tabs beside the loss; those that mean nothing for these data are grey."""
    curves = context.parts.curves
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


def _canvas_range(context: Context) -> Section:
    """How much of the plane is shown, and how finely."""
    session, canvas = context.session, context.parts.output.canvas

    def has_canvas() -> bool:
        return not canvas.isHidden()

    def ranges() -> dict[float, Message]:
        return {extent: canvas.reach_at(extent) for extent in EXTENTS}

    return [
        choices(
            "Canvas range",
            ranges,
            lambda: session.experiment.view.extent,
            partial(session.set_view, "extent"),
        ),
        choices(
            "Map detail",
            {grid: f"{grid} × {grid}" for grid in GRIDS},
            lambda: session.experiment.view.grid,
            partial(session.set_view, "grid"),
        ),
        Command("Zoom in", partial(canvas.zoom_by, 1 / ZOOM), "Ctrl+=", is_enabled=has_canvas),
        Command("Zoom out", partial(canvas.zoom_by, ZOOM), "Ctrl+-", is_enabled=has_canvas),
        Command(
            "Reset the view",
            canvas.reset_view,
            "Ctrl+0",
            is_enabled=lambda: has_canvas() and not canvas.is_at_home(),
        ),
    ]


def _set_appearance(mode: theme.Mode) -> None:
    theme.manager().set_mode(mode)
    QSettings().setValue("appearance", str(mode))
