"""The scene of the network picture as a person works on it: what is looked at, what is asked for.

Owns the place of pointer and keyboard in the picture and the signals of all requests; changes
nothing itself. Imports PySide6 and the modules below it; GUI thread only.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from playground.engines.contract.base import Weights
from playground.ui.network import descriptions
from playground.ui.network.layout.scene import Scene
from playground.ui.network.layout.targets import Attention, Part, Target


class EditableScene(Scene):
    """A scene in which somebody is: requests of the person leave as signals.

    A layer is counted among the hidden layers of the model; the outputs are the layer behind the
    last one.
    """

    unitsRequested = Signal(int, int)  # layer, units
    layerAddRequested = Signal(int, str)  # index that the new layer gets, kind
    layerRemoveRequested = Signal(int)  # layer
    layerMoveRequested = Signal(int, int)  # layer, index it has afterwards
    activationRequested = Signal(int, str)  # layer, key
    layerSettingRequested = Signal(int, str, object)  # layer, name of the setting, value
    featureToggled = Signal(str, bool)  # key, on
    weightEdited = Signal(str, tuple, float)  # name in the state_dict, index, value
    neuronHovered = Signal(int, int)  # layer, unit; (-1, -1) for none
    gradientsWanted = Signal(bool)  # True while a weight or bias is looked at
    inputHovered = Signal(str)  # key of the feature or name of the input; "" for none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weights: Weights | None = None
        self._faults: dict[int, str] = {}
        self._attention = Attention()
        self._focus: Target | None = None
        self._notified: tuple[tuple[int, int], str] = ((-1, -1), "")
        self._wants_gradients = False

    @property
    def weights(self) -> Weights | None:
        return self._weights

    @property
    def attention(self) -> Attention:
        return self._attention

    def attend(self, attention: Attention) -> None:
        """Show where the person is, and notify who is listening."""
        if attention == self._attention:
            return
        self._attention = attention
        self._notify_hovered(attention.hover or attention.focus)
        self._notify_gradients_wanted()
        self.update()

    @property
    def focus_target(self) -> Target | None:
        """Where the keyboard is, or would start."""
        return self._focus

    def focus_on(self, target: Target, *, is_visible: bool) -> None:
        """Move the keyboard's place; it is drawn only while the keyboard is at work."""
        self._focus = target
        if target.part is Part.NODE:
            self._scroll_into_view(target)
        self._describe()
        hover, shown, band = self._attention.hover, None, self._attention.band
        if is_visible:
            hover, shown = None, target
            band = None if target.part is Part.ADD else target.column
        self.attend(Attention(hover=hover, focus=shown, band=band))

    def _scroll_into_view(self, target: Target) -> None:
        place = self.arrangement().places[target.column]
        if target.unit < place.first:
            self.scroll_column(target.column, target.unit)
        elif target.unit >= place.first + place.column.visible:
            self.scroll_column(target.column, target.unit - place.column.visible + 1)

    def _describe(self) -> None:
        """Tell assistive technology what has the focus."""
        text = descriptions.description(self._diagram, self._focus, self._weights, self._faults)
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
            QAccessible.updateAccessibility(
                QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            )

    def _notify_hovered(self, target: Target | None) -> None:
        neuron, entry = descriptions.announced(self._diagram, target)
        before, self._notified = self._notified, (neuron, entry)
        if neuron != before[0]:
            self.neuronHovered.emit(*neuron)
        if entry != before[1]:
            self.inputHovered.emit(entry)

    def _notify_gradients_wanted(self) -> None:
        hover = self._attention.hover
        wants = hover is not None and hover.part in (Part.WEIGHT, Part.BIAS)
        if wants != self._wants_gradients:
            self._wants_gradients = wants
            self.gradientsWanted.emit(wants)
