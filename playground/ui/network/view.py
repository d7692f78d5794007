"""NetworkView: the network as a picture that can be read, touched and walked through.

Owns what is on show and hands events to pointer and keyboard. Imports PySide6, `core` and the rooms
beside it; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.core.data.points import FloatArray
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.base import Weights
from playground.engines.contract.views import Frame
from playground.ui.look import theme
from playground.ui.network import descriptions
from playground.ui.network.editing.editable_scene import EditableScene
from playground.ui.network.editing.editors import LayerEditor, NumberEditor
from playground.ui.network.editing.keyboard import Keyboard
from playground.ui.network.editing.pointer import Pointer
from playground.ui.network.editing.target_actions import TargetActions
from playground.ui.network.layout import targets
from playground.ui.network.layout.shapes import Layout
from playground.ui.network.layout.targets import Attention, Part, Target
from playground.ui.network.layout.viewport import Viewport
from playground.ui.network.painting import overlay
from playground.ui.network.painting.fixed_parts import LEGEND
from playground.ui.network.painting.painter import Painter
from playground.ui.network.painting.transition import Transition
from playground.ui.network.structure.diagram import Diagram
from playground.ui.widgets import describe, wrapped


class NetworkView(EditableScene):
    """The network as a diagram with a live picture in every neuron.

    A layer is counted among the hidden layers of the model; the outputs are the layer behind the
    last one. All signals are requests of the person; the picture changes when it is shown a new
    experiment.
    """

    TRANSITION_MS: ClassVar[int] = 160
    """How long a change of structure takes to settle; 0 for at once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._gradients: Weights | None = None
        self._gradients_epoch: int | None = None
        self._painter = Painter()
        self._transition = Transition(self)
        self.target_actions = TargetActions(self)
        self._pointer = Pointer(self, self.target_actions)
        self._keyboard = Keyboard(self, self._pointer, self.target_actions)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        describe(self, "Network")
        self._describe()

    # What is on show.

    def show_experiment(
        self,
        experiment: Experiment,
        input_names: tuple[str, ...],
        outputs: int,
        classes: int,
        class_names: tuple[str, ...] = (),
        image: tuple[int, int, int] | None = None,
    ) -> None:
        """Show a structure.

        `input_names` are the inputs before features; `classes` is 0 for regression; `image` is
        (channels, height, width) where the inputs are pixels.
        """
        diagram = Diagram.of(experiment, input_names, outputs, classes, class_names, image)
        if diagram == self._diagram:
            return
        self._remember_for_transition(diagram)
        for editor in self.findChildren(NumberEditor):
            editor.leave()  # first: the focus comes back here while its place still exists
        self._diagram = diagram
        self._forget_what_is_gone()
        self._describe()

    def show_snapshot(
        self,
        weights: Weights | None,
        frame: Frame | None,
        gradients: Weights | None = None,
        gradients_epoch: int | None = None,
    ) -> None:
        """Show values and pictures. What does not fit the structure on show is left out.

        A frame of None keeps the last pictures. Where the gradients are not of the same moment as
        the weights, `gradients_epoch` says from when they are.
        """
        self._weights, self._gradients = weights, gradients
        self._gradients_epoch = gradients_epoch
        self._frame = frame or (self._frame if weights is not None else None)
        self._painter.show_values(weights, self._frame)
        self.update()

    def show_columns(self, values: FloatArray | None) -> None:
        """Show how the values (N, inputs) of inputs that are no features are spread."""
        self._painter.show_columns(values)
        self.update()

    def show_image(self, image: FloatArray | None, maps: tuple[FloatArray, ...] = ()) -> None:
        """Show an image (channels, height, width) and what every hidden layer makes of it.

        `maps` has one array a hidden layer, (channels, height, width) or (units,), or only those of
        the layers that give images.
        """
        self._painter.show_image(image, maps)
        self.update()

    def show_vectors(self, inputs: FloatArray | None, outputs: FloatArray | None = None) -> None:
        """Show some rows of data that are vectors, (rows, inputs), and what the network makes of
        them, (rows, outputs), where that is known.
        """
        self._painter.show_vectors(inputs, outputs)
        self.update()

    def show_faults(self, faults: Mapping[int, str]) -> None:
        """Mark layers that cannot be as they are: layer -> one sentence, said under its header.

        The outputs are the layer behind the last hidden one.
        """
        if dict(faults) != self._faults:
            self._faults = dict(faults)
            self._describe()
            self.update()

    def equation(self, layer: int, unit: int) -> str:
        """What a unit computes, such as "tanh(0.42 x₁ − 1.3 x₂ + 0.1)"; "" where that is unknown.

        The outputs are the layer behind the last hidden one, as in `neuronHovered`.
        """
        columns = self._diagram.columns
        if not (0 <= layer < len(columns) - 1 and 0 <= unit < columns[layer + 1].units):
            return ""
        return descriptions.equation(
            self._diagram, Target(Part.NODE, layer + 1, unit), self._weights
        )

    @property
    def is_settling(self) -> bool:
        """True on the way from one structure to the next."""
        return self._transition.is_running

    def _refresh_cards(self) -> None:
        for card in self.findChildren(LayerEditor):
            hidden = self._diagram.hidden
            settings = hidden[card.layer].settings if card.layer < len(hidden) else None
            if settings is not None and card.is_for(settings):
                card.show_settings(settings)
            else:
                card.close()

    def _forget_what_is_gone(self) -> None:
        """After a change of structure the pointer may be on something that is no more."""
        self._refresh_cards()
        self._pointer.let_go()
        self.forget_scrolling()
        if self._focus is not None:
            self._focus = targets.survivor(self.arrangement(), self._focus)
        self.attend(Attention(focus=self._attention.focus and self._focus))

    def _remember_for_transition(self, diagram: Diagram) -> None:
        if self.TRANSITION_MS <= 0 or not self.isVisible() or self.size().isEmpty():
            return
        layout, view = self.arrangement(), self.viewport()
        still = QPixmap(self.size() * view.ratio)
        still.setDevicePixelRatio(view.ratio)
        with QPainter(still) as painter:
            self._paint_ground(painter, layout, view)
        self._transition.start(still, layout, diagram, self.TRANSITION_MS)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.size().isEmpty():
            return
        with QPainter(self) as painter:  # Qt does not survive one that outlives the event
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        layout, view = self.arrangement(), self.viewport()
        self._paint_ground(painter, layout, view)
        boxes = self._transition.paint(painter, layout)
        painter.setTransform(view.transform, combine=True)
        looked_at = self._attention.hover or self._attention.focus
        self._painter.paint_nodes(painter, layout, view, boxes, looked_at)
        if not boxes:
            overlay.paint(painter, layout, self._attention, self._hovered_weight())
            overlay.paint_faults(painter, layout, self._faults)
            painter.resetTransform()
            self._paint_readout(painter)

    def _paint_ground(self, painter: QPainter, layout: Layout, view: Viewport) -> None:
        # Where a pixel of the screen is none of the window, the curves may end a little before it.
        painter.fillRect(self.rect(), theme.current().panel)
        painter.drawImage(QPointF(), self._painter.background(layout, view))
        painter.drawPixmap(QPointF(), self._painter.chrome(layout, view))

    def _paint_readout(self, painter: QPainter) -> None:
        target = self._attention.hover or self._attention.focus
        if target is None or self._attention.dragged is not None or self.findChild(QWidget):
            return
        area = self.window_box(target)
        if area is None:
            at = self._pointer.at
            area = QRectF(at.x() - 6, at.y() - 6, 12, 12)
        lines = descriptions.readout(
            self._diagram, target, self._weights, self._gradients, self._gradients_epoch
        )
        headline = descriptions.headline(self._diagram, target)
        filters = self._painter.filters_of(self._diagram, target)
        overlay.paint_readout(painter, self.rect(), area, headline, lines, filters)

    def _hovered_weight(self) -> float:
        hover = self._attention.hover
        if hover is None or hover.part is not Part.WEIGHT:
            return 0.0
        return descriptions.number_at(self._diagram, hover, self._weights) or 0.0

    # Events go to pointer and keyboard.

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._transition.stop()
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.double_click(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._pointer.wheel(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        column = targets.band_at(self.arrangement(), self.to_scene(QPointF(event.pos())))
        if column is not None:
            self.target_actions.open_layer_menu(column, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._keyboard.press(event):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Keys that mean something here go before the window's shortcuts, as Space for Train.
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._explain_legend(event)
            return True
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._keyboard.wants(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def _explain_legend(self, event: QHelpEvent) -> None:
        legend = self.viewport().transform.mapRect(self.arrangement().legend)
        if legend.contains(QPointF(event.pos())):
            QToolTip.showText(event.globalPos(), wrapped(LEGEND), self, legend.toRect())
        else:
            QToolTip.hideText()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._keyboard.focus_in(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return  # a menu of its own: the keyboard comes back to the same place
        self.attend(Attention(hover=self._attention.hover, band=self._attention.band))
