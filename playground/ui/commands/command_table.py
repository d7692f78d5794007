"""Every command of the window, by menu: the one table that menus, key list, palette and what a
lesson locks are made from.

Nothing is decided here: a command calls a method of what it is about. GUI thread.
"""

from __future__ import annotations

from functools import partial

from playground.ui.commands.command import Command, Menu
from playground.ui.commands.context import Context, Section
from playground.ui.commands.data_menu import data_menu
from playground.ui.commands.edit_menu import edit_menu
from playground.ui.commands.file_menu import file_menu, lessons
from playground.ui.commands.network_menu import network_menu, train_menu
from playground.ui.commands.view_menu import view_menu


def menus_of(context: Context) -> list[Menu]:
    """The menus of the menu bar, in their order."""
    return [
        Menu("&File", partial(file_menu, context)),
        Menu("&Edit", partial(edit_menu, context)),
        Menu("&Data", partial(data_menu, context)),
        Menu("&Network", partial(network_menu, context)),
        Menu("&Train", partial(train_menu, context)),
        Menu("&View", partial(view_menu, context)),
        Menu("&Help", partial(_help_menu, context)),
    ]


def _help_menu(context: Context) -> list[Section]:
    return [
        [Menu("Lessons", partial(lessons, context), is_fixed=False, is_repeated=True)],
        [
            Command(
                "Find a command…",
                context.shell.show_palette,
                "Ctrl+K",
                "Commands, settings and layers by their names.",
            ),
            Command(
                "What is this?",
                context.shell.ask_what_anything_is,
                "Shift+F1",
                "Then click on anything in the window to have it explained.",
            ),
            Command("Keys", context.shell.show_keys, "F1"),
            Command("About Playground", context.shell.show_about),
        ],
    ]
