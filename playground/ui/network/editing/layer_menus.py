"""The menus of the network picture: activations, kinds of layers, what can be done with a layer.

Imports PySide6, `core` registries and the theme; GUI thread only. A menu lists what is registered,
so that a new activation or layer appears in it by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from playground.core.messages import N_, Message
from playground.core.network.activations import ACTIVATIONS
from playground.core.network.layer_settings import LayerSettings
from playground.core.network.layers import LAYERS, Flatten, Linear
from playground.ui.language import tr
from playground.ui.network.structure.diagram import Column
from playground.ui.widgets import wrapped

Chosen = Callable[[str], None]

IMAGES: Final = "images"
NEEDS_AN_IMAGE: Final = Message("It needs an image, so it goes before the linear layers.")


def activation_menu(parent: QWidget, current: str, chosen: Chosen) -> QMenu:
    """All activations with their formulas; the one in use is checked."""
    menu = _menu(parent, N_("Activation"))
    group = QActionGroup(menu)
    for choice in ACTIVATIONS:
        action = _add(
            menu, f"{tr(choice.label)}\t{tr(choice.value.formula)}", choice.help, choice.key
        )
        action.setCheckable(True)
        action.setChecked(choice.key == current)
        group.addAction(action)
    menu.triggered.connect(_with_data(chosen))
    return menu


def add_menu(parent: QWidget, chosen: Chosen, place: Literal["row", "image", "behind"]) -> QMenu:
    """The kinds of layers that a place can take.

    place  "row": the data are no images; "image": an image arrives there; "behind": it has become
           a row of values by then, so that layers for images are listed and cannot be chosen
    """
    menu = _menu(parent, N_("Add a layer"))
    kinds = [kind for kind, layer in LAYERS.items() if place != "row" or not is_for_images(layer)]
    for kind in sorted(kinds, key=lambda kind: is_for_images(LAYERS[kind])):
        layer = LAYERS[kind]
        if is_for_images(layer) and not _is_headed(menu):
            menu.addSeparator().setObjectName(IMAGES)
        action = _add(menu, layer.label, layer.help, kind)
        if place == "behind" and is_for_images(layer):
            action.setEnabled(False)
            action.setToolTip(wrapped(Message(layer.help, NEEDS_AN_IMAGE)))
    menu.triggered.connect(_with_data(chosen))
    return menu


def is_for_images(layer: type[LayerSettings]) -> bool:
    """True for layers that mean something for images only."""
    return layer.takes == "image" or layer is Flatten


def _is_headed(menu: QMenu) -> bool:
    return any(action.objectName() == IMAGES for action in menu.actions())


def choice_menu(
    parent: QWidget, title: str, choices: Iterable[tuple[str, str]], chosen: Chosen
) -> QMenu:
    """Any (key, text) pairs."""
    menu = _menu(parent, title)
    for key, text in choices:
        _add(menu, text, "", key)
    menu.triggered.connect(_with_data(chosen))
    return menu


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerActions:
    """What a layer's menu can ask for; each is called with nothing, or with the new state."""

    activation: Chosen
    bias: Callable[[bool], None]
    settings: Callable[[], None]
    move: Callable[[int], None]
    remove: Callable[[], None]


def layer_menu(parent: QWidget, column: Column, last: int, actions: LayerActions) -> QMenu:
    """Activation, bias, move and remove, as far as the layer has them; `last` is the last index."""
    menu = _menu(parent, Message("Layer {number}", number=column.layer + 1))
    if column.activation:
        menu.addMenu(activation_menu(menu, column.activation, actions.activation))
    if column.has_card:
        action = _add(menu, N_("Settings…"), "", "")
        action.triggered.connect(lambda checked=False: actions.settings())
    if isinstance(column.settings, Linear):
        field = Linear.model_fields["bias"]
        action = _add(menu, field.title or "", field.description or "", "")
        action.setCheckable(True)
        action.setChecked(column.settings.bias)
        action.toggled.connect(actions.bias)
    if column.activation:
        menu.addSeparator()
    for text, delta in ((N_("Move left"), -1), (N_("Move right"), 1)):
        action = _add(menu, text, "", "")
        action.setEnabled(0 <= column.layer + delta <= last)
        action.triggered.connect(lambda checked=False, delta=delta: actions.move(delta))
    action = _add(menu, N_("Remove layer"), "", "")
    action.triggered.connect(lambda checked=False: actions.remove())
    return menu


def _menu(parent: QWidget, title: str) -> QMenu:
    title = tr(title)
    menu = QMenu(title, parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    menu.setAccessibleName(title)
    return menu


def _add(menu: QMenu, text: str, help_text: str, key: str) -> QAction:
    action = menu.addAction(tr(text))
    action.setData(key)
    if help_text:
        action.setToolTip(wrapped(help_text))
        action.setStatusTip(tr(help_text))
    return action


def _with_data(chosen: Chosen) -> Callable[[QAction], None]:
    def choose(action: QAction) -> None:
        chosen(str(action.data()))

    return choose
