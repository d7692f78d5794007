"""The menus of the network picture: activations, kinds of layers, what can be done with a layer.

Imports PySide6, `core` registries and the theme; GUI thread only. A menu lists what is registered,
so that a new activation or layer appears in it by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from playground.core.activations import ACTIVATIONS
from playground.core.layers import LAYERS, Linear
from playground.ui.views.network.diagram import Column
from playground.ui.widgets import wrapped

__all__ = ["LayerActions", "activation_menu", "add_menu", "choice_menu", "layer_menu"]

Chosen = Callable[[str], None]


def activation_menu(parent: QWidget, current: str, chosen: Chosen) -> QMenu:
    """All activations with their formulas; the one in use is checked."""
    menu = _menu(parent, "Activation")
    group = QActionGroup(menu)
    for choice in ACTIVATIONS:
        action = _add(menu, f"{choice.label}\t{choice.value.formula}", choice.help, choice.key)
        action.setCheckable(True)
        action.setChecked(choice.key == current)
        group.addAction(action)
    menu.triggered.connect(_with_data(chosen))
    return menu


def add_menu(parent: QWidget, chosen: Chosen) -> QMenu:
    """All kinds of layers."""
    menu = _menu(parent, "Add a layer")
    for kind, layer in LAYERS.items():
        _add(menu, layer.label, layer.help, kind)
    menu.triggered.connect(_with_data(chosen))
    return menu


def choice_menu(
    parent: QWidget, title: str, choices: Iterable[tuple[str, str]], chosen: Chosen
) -> QMenu:
    """Any (key, text) pairs."""
    menu = _menu(parent, title)
    for key, text in choices:
        _add(menu, text, "", key)
    menu.triggered.connect(_with_data(chosen))
    return menu


class LayerActions:
    """What a layer's menu can ask for; each is called with nothing, or with the new state."""

    def __init__(
        self,
        *,
        activation: Chosen,
        bias: Callable[[bool], None],
        move: Callable[[int], None],
        remove: Callable[[], None],
    ) -> None:
        self.activation, self.bias, self.move, self.remove = activation, bias, move, remove


def layer_menu(parent: QWidget, column: Column, last: int, actions: LayerActions) -> QMenu:
    """Activation, bias, move and remove, as far as the layer has them; `last` is the last index."""
    menu = _menu(parent, f"Layer {column.layer + 1}")
    if column.activation:
        menu.addMenu(activation_menu(menu, column.activation, actions.activation))
    if isinstance(column.settings, Linear):
        field = Linear.model_fields["bias"]
        action = _add(menu, field.title or "", field.description or "", "")
        action.setCheckable(True)
        action.setChecked(column.settings.bias)
        action.toggled.connect(actions.bias)
    if column.activation:
        menu.addSeparator()
    for text, delta in (("Move left", -1), ("Move right", 1)):
        action = _add(menu, text, "", "")
        action.setEnabled(0 <= column.layer + delta <= last)
        action.triggered.connect(lambda checked=False, delta=delta: actions.move(delta))
    action = _add(menu, "Remove layer", "", "")
    action.triggered.connect(lambda checked=False: actions.remove())
    return menu


def _menu(parent: QWidget, title: str) -> QMenu:
    menu = QMenu(title, parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    menu.setAccessibleName(title)
    return menu


def _add(menu: QMenu, text: str, help_text: str, key: str) -> QAction:
    action = menu.addAction(text)
    action.setData(key)
    if help_text:
        action.setToolTip(wrapped(help_text))
        action.setStatusTip(help_text)
    return action


def _with_data(chosen: Chosen) -> Callable[[QAction], None]:
    def tell(action: QAction) -> None:
        chosen(str(action.data()))

    return tell
