"""Data: tools, classes, points, tables. GUI thread."""

from __future__ import annotations

from functools import partial

from playground.core.data.tables.table import BUILTINS
from playground.core.palette import SPOKEN_NAMES
from playground.ui.commands.command import Command, Menu
from playground.ui.commands.context import Context, Section, can_draw, has_data
from playground.ui.data.tools import TOOLS
from playground.ui.language import tr


def data_menu(context: Context) -> list[Section]:
    session = context.session
    return [
        [
            Menu("Tool", partial(_tools, context)),
            Menu("Class", partial(_classes, context)),
            Command(
                "Add a class",
                context.drawing.add_class,
                is_enabled=partial(_has_room_for_a_class, context),
                changes="data",
            ),
            Command(
                "Remove the chosen class",
                context.drawing.remove_class,
                help="The class that is drawn now, with its points.",
                is_enabled=partial(_can_lose_a_class, context),
                changes="data",
            ),
            Command(
                "Clear all points",
                session.clear_points,
                "Ctrl+Backspace",
                is_enabled=partial(_has_points, context),
                changes="data",
                act="erase",
            ),
            Command(
                "Points as a table…",
                context.windows.open_points_table,
                help="Every point with its numbers, to be read and changed by keyboard.",
                is_enabled=partial(_has_rows, context),
            ),
        ],
        [Menu("Tables", partial(_tables, context))],
    ]


def _tables(context: Context) -> list[Section]:
    choose = context.session.choose_table
    return [
        [
            Command(table.label, partial(choose, table.key), help=table.help, changes="data")
            for table in BUILTINS
        ]
    ]


def _tools(context: Context) -> list[Section]:
    # Keys of menus act at once; those of buttons wait until the button has been seen going
    # down.
    return [
        [
            Command(
                tool.label,
                partial(context.drawing.choose_tool, key),
                tool.key,
                tool.help,
                is_enabled=partial(can_draw, context)
                if key != "probe"
                else partial(has_data, context),
            )
            for key, tool in TOOLS.items()
        ]
    ]


def _classes(context: Context) -> list[Section]:
    return [
        [
            Command(
                name,
                partial(context.drawing.choose_class, index),
                str((index + 1) % 10),
                is_enabled=partial(_has_class, context, index),
                says=partial(_name_of, context, index),
            )
            for index, name in enumerate(SPOKEN_NAMES)
        ]
    ]


def _name_of(context: Context, index: int) -> str:
    """What the class is called in the list beside the canvas."""
    rows = context.parts.draw.rows
    return rows[index].name() if index < len(rows) else tr(SPOKEN_NAMES[index])


def _can_lose_a_class(context: Context) -> bool:
    return can_draw(context) and context.parts.draw.can_lose_a_class()


def _has_rows(context: Context) -> bool:
    """True where a point is a row of numbers; an image is none that anybody could read."""
    dataset = context.session.dataset
    return dataset is None or dataset.image is None


def _has_points(context: Context) -> bool:
    """True where there are some that can be taken away; vectors are made from a seed, and images
    stay in their files.
    """
    points = context.session.document.points
    is_drawn = points is not None and len(points) > 0 and points.y.ndim == 1
    return is_drawn and _has_rows(context)


def _has_room_for_a_class(context: Context) -> bool:
    is_regression = context.session.experiment.data.is_regression
    has_room = len(context.parts.draw.rows) < len(SPOKEN_NAMES)
    return can_draw(context) and not is_regression and has_room


def _has_class(context: Context, index: int) -> bool:
    return index < len(context.parts.draw.rows)
