"""The list of all keys, by menu, and what the pointer does with a key held. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QWidget

from playground.core.messages import N_
from playground.ui.commands.command import Menu, commands_in, menu_path
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets import ALT_DRAGS, describe
from playground.ui.widgets.layouts import vbox

WIDTH, HEIGHT = 620, 640
CELLS = "td { padding-top: 2px; padding-bottom: 3px; }"
"""The words of a row stand under the name of their group, and clear of the next row."""

PANS = N_("Middle button, or Alt+Drag") if ALT_DRAGS else N_("Middle button")
GESTURES = {
    N_("On the canvas"): (
        (N_("Shift+Click"), N_("Paint the other class")),
        (N_("Ctrl+Click"), N_("Remove the nearest point")),
        (PANS, N_("Move the part of the plane that is shown")),
        (N_("Wheel"), N_("Zoom")),
    ),
    N_("In the network"): (
        (N_("Ctrl+Wheel"), N_("Zoom")),
        (N_("Middle button"), N_("Move what is shown of a zoomed network")),
        (N_("Arrows"), N_("Go from part to part")),
        ("Space", N_("Switch a feature off")),
        (N_("+ and −"), N_("More or fewer units")),
        ("Del", N_("Remove the layer")),
        ("A", N_("List the activations")),
        ("Ins", N_("Add a layer")),
        ("Ctrl+Left, Ctrl+Right", N_("Move the layer")),
        ("Return", N_("Open the settings of a layer, or the weights of a neuron")),
        ("Esc", N_("Leave the network")),
    ),
}
"""What no command does: (keys, what they do) by the place where they do it."""


def keys_by_group(menus: Sequence[Menu]) -> dict[str, list[tuple[str, str]]]:
    """(keys, what they do) by the name of the menu or the place, in the language in use."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for menu in menus:
        for labels, command in commands_in(menu):
            if command.shortcut:
                keys = ", ".join(_native(keys) for keys in command.shortcuts)
                groups.setdefault(menu_path(labels), []).append((keys, tr(command.label)))
    for place, gestures in GESTURES.items():
        groups[tr(place)] = [(_said(keys), tr(what)) for keys, what in gestures]
    return groups


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _said(keys: str) -> str:
    """Names of keys as Qt says them in a language, and anything else as the catalogue does."""
    return _native(keys) if QKeySequence(keys).toString() == keys else tr(keys)


class KeyList(QDialog):
    """A window beside the main one; it may stay open while one tries them."""

    def __init__(self, menus: Sequence[Menu], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keys"))
        self.resize(theme.scaled(WIDTH), min(theme.scaled(HEIGHT), parent.height()))
        self.text = QTextBrowser()
        describe(self.text, "Keys", "Every key of the window, and what it does.")
        self.text.document().setDocumentMargin(theme.PANEL_PADDING)
        self.text.document().setDefaultStyleSheet(CELLS)
        self.text.setHtml(_page(keys_by_group(menus)))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(tr("Close"))
        buttons.rejected.connect(self.close)
        vbox(self.text, buttons, of=self, spacing=None, margins=None)
        self.text.setFocus(Qt.FocusReason.ActiveWindowFocusReason)


def _page(groups: dict[str, list[tuple[str, str]]]) -> str:
    tables = []
    for name, rows in groups.items():
        lines = "".join(
            f"<tr valign=middle><td width=190>{escape(keys)}</td><td>{escape(what)}</td></tr>"
            for keys, what in rows
        )
        tables.append(f"<h4>{escape(name)}</h4><table cellspacing=0>{lines}</table>")
    return "".join(tables)
