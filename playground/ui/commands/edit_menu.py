"""Edit: the history, the clipboard, and the selection on the canvas. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from playground.core.messages import N_, Message
from playground.ui.commands.command import Command, Menu
from playground.ui.commands.context import Context, Section
from playground.ui.language import tr

NUDGE = 0.1
"""Canvas units that an arrow key moves what is selected; with Shift five times as far."""
NUDGES = {N_("Left"): (-1, 0), N_("Right"): (1, 0), N_("Up"): (0, 1), N_("Down"): (0, -1)}


def edit_menu(context: Context) -> list[Section]:
    documents, stack = context.documents, context.session.undo_stack
    return [
        [
            Command(
                "Undo",
                stack.undo,
                "Ctrl+Z",
                is_enabled=stack.canUndo,
                says=lambda: _said("Undo", N_("Undo {what}"), stack.undoText()),
            ),
            Command(
                "Redo",
                stack.redo,
                "Ctrl+Shift+Z",
                alias="Ctrl+Y",
                is_enabled=stack.canRedo,
                says=lambda: _said("Redo", N_("Redo {what}"), stack.redoText()),
            ),
        ],
        [
            *_clipboard(context),
            Command(
                "Copy as link",
                documents.copy_link,
                help="The whole experiment as text that can be sent and pasted here again.",
            ),
            Command(
                "Paste",
                documents.paste,
                "Ctrl+V",
                "Bring in points that were copied, cells of a spreadsheet, or an experiment that"
                " was copied as a link.",
            ),
        ],
        _selection(context),
    ]


def _said(alone: str, template: str, what: str) -> str:
    return tr(template, what=what) if what else tr(alone)


def _of_selection(context: Context) -> Callable[..., Command]:
    """Makes commands for selected points: their keys act as long as the canvas has the focus."""
    canvas = context.parts.output.canvas

    def has_selection() -> bool:
        return canvas.can_draw and len(canvas.selection()) > 0

    return partial(Command, owner=canvas, is_enabled=has_selection)


def _clipboard(context: Context) -> Section:
    """Selected points to another window, or into a spreadsheet."""
    drawing, of_selection = context.drawing, _of_selection(context)
    help_ = N_("The selected points as a table, for another window or a spreadsheet.")
    return [
        of_selection("Cut", drawing.cut, "Ctrl+X", help_, changes="data"),
        of_selection("Copy", drawing.copy, "Ctrl+C", help_),
    ]


def _selection(context: Context) -> Section:
    """What keys do to selected points, as long as the canvas has the focus."""
    canvas, of_selection = context.parts.output.canvas, _of_selection(context)
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
                    for text in (Message("{key}, further", key=Message(key)) if held else key,)
                ]
            ],
        ),
    ]
