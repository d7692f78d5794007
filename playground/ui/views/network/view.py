"""NetworkView: the network as a picture that can be read, touched and walked through.

Owns what is on show and where the person is in it; tells wishes as signals and changes nothing
itself. Imports PySide6, the theme and the modules beside it; GUI thread only.
"""

from __future__ import annotations

from typing import ClassVar, Final

from PySide6.QtCore import (
    QEvent,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.experiment import Experiment
from playground.engines.base import Weights
from playground.engines.exchange import Frame
from playground.ui import theme
from playground.ui.views.network import overlay, targets, words
from playground.ui.views.network.actions import Actions
from playground.ui.views.network.diagram import Diagram
from playground.ui.views.network.editor import NumberEditor
from playground.ui.views.network.hands import Keyboard, Pointer
from playground.ui.views.network.layout import arrange
from playground.ui.views.network.lens import Lens, Viewport
from playground.ui.views.network.overlay import Attention
from playground.ui.views.network.painting import Canvas
from playground.ui.views.network.shapes import Layout, Measures
from playground.ui.views.network.targets import Part, Target
from playground.ui.views.network.transition import Transition

__all__ = ["NetworkView"]

_EMPTY: Final = Diagram.of(Experiment(), ("x1", "x2"), 2, 2)


class NetworkView(QWidget):
    """The network as a diagram with a live picture in every neuron.

    A layer is counted among the hidden layers of the model; the outputs are the layer behind the
    last one. All signals are wishes of the person; the picture changes when it is shown a new
    experiment.
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
    inputHovered = Signal(str)  # key of the feature or name of the input; "" for none

    TRANSITION_MS: ClassVar[int] = 160
    """How long a change of structure takes to settle; 0 for at once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._diagram = _EMPTY
        self._weights: Weights | None = None
        self._frame: Frame | None = None
        self._gradients: Weights | None = None
        self._canvas = Canvas()
        self._layout: Layout | None = None
        self._scroll: dict[int, int] = {}
        self._lens = Lens()
        self._attention = Attention()
        self._focus: Target | None = None
        self._told: tuple[tuple[int, int], str] = ((-1, -1), "")
        self._transition = Transition(self)
        self.wishes = Actions(self)
        self._pointer, self._keyboard = Pointer(self), Keyboard(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Network")
        self._describe()

    # What is on show.

    def show_experiment(
        self,
        experiment: Experiment,
        input_names: tuple[str, ...],
        outputs: int,
        classes: int,
        class_names: tuple[str, ...] = (),
    ) -> None:
        """Show a structure.

        `input_names` are the inputs before features; `classes` is 0 for regression.
        """
        diagram = Diagram.of(experiment, input_names, outputs, classes, class_names)
        if diagram == self._diagram:
            return
        self._remember_for_transition(diagram)
        self._diagram = diagram
        self._forget_what_is_gone()
        self._describe()

    def show_snapshot(
        self, weights: Weights | None, frame: Frame | None, gradients: Weights | None = None
    ) -> None:
        """Show values and pictures. What does not fit the structure on show is left out.

        A frame of None keeps the last pictures.
        """
        self._weights, self._gradients = weights, gradients
        self._frame = frame or (self._frame if weights is not None else None)
        self._canvas.show_values(weights, self._frame)
        self.update()

    @property
    def diagram(self) -> Diagram:
        return self._diagram

    @property
    def weights(self) -> Weights | None:
        return self._weights

    def arrangement(self) -> Layout:
        """Where everything stands, in the coordinates of the scene."""
        if self._layout is None:
            self._layout = arrange(
                self._diagram,
                QSizeF(self.size().expandedTo(QSize(1, 1))),
                Measures(
                    QFontMetricsF(theme.font("caption")).horizontalAdvance,
                    QFontMetricsF(theme.font("body")).horizontalAdvance,
                ),
                self._scroll,
                theme.scaled(100) / 100,
            )
        return self._layout

    # Zoom, pan and scroll.

    def viewport(self) -> Viewport:
        """How the scene is seen now."""
        scene = self.arrangement().size
        return self._lens.viewport(self.size(), scene, self.devicePixelRatioF())

    @property
    def is_zoomed(self) -> bool:
        return self._lens.is_zoomed

    def zoom_at(self, at: QPointF, factor: float) -> None:
        """Zoom by a factor; what is at this point of the window stays there, if it can."""
        before = self.to_scene(at)
        self._lens.zoom_by(factor)
        self.pan_by(at - self.viewport().transform.map(before))

    def pan_by(self, distance: QPointF) -> None:
        self._lens.pan_by(distance)
        self.update()

    def fit(self) -> None:
        """Show everything."""
        self._lens.fit()
        self.update()

    def scroll_column(self, column: int, first: int) -> None:
        """Make `first` the first visible unit of a folded column, as far as there are so many."""
        layout = self.arrangement()
        group = self._diagram.columns[column].group
        first = max(0, min(first, layout.scroll_range(column)))
        if first != layout.places[column].first:
            self._scroll[group] = first
            self._rearrange()

    def to_scene(self, at: QPointF) -> QPointF:
        inverse, _ = self.viewport().transform.inverted()
        return inverse.map(at)

    def target_at(self, at: QPointF) -> Target | None:
        """What is at a point of the window."""
        zoom = self.viewport().zoom
        reach = targets.REACH / max(zoom, 1e-6)
        return targets.find(self.arrangement(), self.to_scene(at), reach)

    def window_box(self, target: Target) -> QRectF | None:
        """The rectangle of a target in the window."""
        area = targets.box(self.arrangement(), target)
        return None if area is None else self.viewport().transform.mapRect(area)

    # Where the person is.

    @property
    def attention(self) -> Attention:
        return self._attention

    def attend(self, attention: Attention) -> None:
        """Show where the person is, and tell who is listening."""
        if attention == self._attention:
            return
        self._attention = attention
        self._tell_hovered(attention.hover or attention.focus)
        self.update()

    def let_go(self) -> None:
        """End what the pointer is doing, without a result."""
        self._pointer.let_go()
        self.attend(Attention(focus=self._attention.focus))

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
        shown = target if is_visible else None
        band = target.column if is_visible and target.part is not Part.ADD else None
        self.attend(
            Attention(hover=None if is_visible else self._attention.hover, focus=shown, band=band)
        )

    def _scroll_into_view(self, target: Target) -> None:
        place = self.arrangement().places[target.column]
        if target.unit < place.first:
            self.scroll_column(target.column, target.unit)
        elif target.unit >= place.first + place.column.visible:
            self.scroll_column(target.column, target.unit - place.column.visible + 1)

    @property
    def is_settling(self) -> bool:
        """True on the way from one structure to the next."""
        return self._transition.is_running

    def _describe(self) -> None:
        """Tell assistive technology what has the focus."""
        text = words.description(self._diagram, self._focus, self._weights)
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
            QAccessible.updateAccessibility(
                QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            )

    def _tell_hovered(self, target: Target | None) -> None:
        neuron, entry = words.announced(self._diagram, target)
        before, self._told = self._told, (neuron, entry)
        if neuron != before[0]:
            self.neuronHovered.emit(*neuron)
        if entry != before[1]:
            self.inputHovered.emit(entry)

    def _forget_what_is_gone(self) -> None:
        """After a change of structure the hand may be on something that is no more."""
        for editor in self.findChildren(NumberEditor):
            editor.close()
        self._pointer.let_go()
        groups = {column.group for column in self._diagram.columns if column.is_folded}
        self._scroll = {group: n for group, n in self._scroll.items() if group in groups}
        self._rearrange()
        if self._focus is not None:
            self._focus = targets.survivor(self.arrangement(), self._focus)
        self.attend(Attention(focus=self._attention.focus and self._focus))

    def _remember_for_transition(self, diagram: Diagram) -> None:
        if self.TRANSITION_MS <= 0 or not self.isVisible() or self.size().isEmpty():
            return
        layout, view = self.arrangement(), self.viewport()
        still = QPixmap(self.size() * view.ratio)
        still.setDevicePixelRatio(view.ratio)
        painter = QPainter(still)
        self._paint_ground(painter, layout, view)
        painter.end()
        self._transition.start(still, layout, diagram, self.TRANSITION_MS)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.size().isEmpty():
            return
        painter = QPainter(self)
        try:
            self._paint(painter)
        finally:
            painter.end()  # Qt does not survive a painter that outlives the event

    def _paint(self, painter: QPainter) -> None:
        layout, view = self.arrangement(), self.viewport()
        self._paint_ground(painter, layout, view)
        boxes = self._transition.paint(painter, layout)
        painter.setTransform(view.transform, combine=True)
        self._canvas.paint_nodes(painter, layout, view, boxes)
        if not boxes:
            overlay.paint(painter, layout, self._attention, self._hovered_weight())
            painter.resetTransform()
            self._paint_readout(painter)

    def _paint_ground(self, painter: QPainter, layout: Layout, view: Viewport) -> None:
        painter.drawImage(QPointF(), self._canvas.background(layout, view))
        painter.drawPixmap(QPointF(), self._canvas.chrome(layout, view))

    def _paint_readout(self, painter: QPainter) -> None:
        target = self._attention.hover or self._attention.focus
        if target is None or self._attention.dragged is not None or self.findChild(QWidget):
            return
        area = self.window_box(target)
        if area is None:
            at = self._pointer.at
            area = QRectF(at.x() - 6, at.y() - 6, 12, 12)
        lines = words.readout(self._diagram, target, self._weights, self._gradients)
        headline = words.headline(self._diagram, target)
        overlay.paint_readout(painter, self.rect(), area, headline, lines)

    def _hovered_weight(self) -> float:
        hover = self._attention.hover
        if hover is None or hover.part is not Part.WEIGHT:
            return 0.0
        return words.number_at(self._diagram, hover, self._weights) or 0.0

    def _rearrange(self) -> None:
        self._layout = None
        self.update()

    # Events go to the hands.

    def sizeHint(self) -> QSize:
        return QSize(640, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 220)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._transition.stop()
        self._rearrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._rearrange()

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
            self.wishes.open_layer_menu(column, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._keyboard.press(event):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Keys that mean something here go before the window's shortcuts, as Space for Train.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._keyboard.wants(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._keyboard.focus_in(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return  # a menu of its own: the keyboard comes back to the same place
        self.attend(Attention(hover=self._attention.hover, band=self._attention.band))
