"""OUTPUT: the canvas in its card, with a key to its colours and the prediction under the pointer.

GUI thread. Shows and forwards; decides nothing.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from playground.core import palette
from playground.core.dataset import Dataset
from playground.engines.exchange import Snapshot
from playground.ui import theme
from playground.ui.views.canvas import Canvas
from playground.ui.widgets import Card, Label, Switch

__all__ = ["OutputCard", "class_names"]

CHIPS_A_ROW = 5
GESTURES = "Shift-click: other class   Ctrl-click: remove"


class OutputCard(Card):
    """The large square picture and what explains it."""

    testPointsShown = Signal(bool)
    discretized = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Output", parent)
        self.canvas = Canvas()
        self.test_points = Switch(
            "Test points", "Show the points that are held out: hollow, and never trained on."
        )
        self.discretize = Switch(
            "Discretise", "Show only which class wins, not how sure the network is."
        )
        for switch in (self.test_points, self.discretize):
            self.add_to_header(switch)
        self.test_points.toggled.connect(self.canvas.show_test_points)
        self.discretize.toggled.connect(self.canvas.set_discrete)
        self.canvas.pointed.connect(self._on_pointed)
        self._key = ColorKey()
        self.reading = Label("", "caption", muted=True)
        self._score = Label("", "caption", muted=True)
        self._score.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._absence = Label("", "body", muted=True)
        self._absence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._absence.setWordWrap(True)
        self._absence.hide()
        self._dataset: Dataset | None = None
        self._place: tuple[float, float] | None = None
        self._arrange()
        self._say()

    def _arrange(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.reading, 1)
        foot.addWidget(self._score)
        self.content.addWidget(self.canvas, 0, Qt.AlignmentFlag.AlignHCenter)
        self.content.addWidget(self._absence, 1)
        self.content.addWidget(self._key)
        self.content.addLayout(foot)

    @Slot(int, int)
    def show_unit(self, layer: int, unit: int) -> None:
        """Let one unit of the network fill the canvas; (-1, -1) brings the boundary back."""
        self.canvas.show_unit(None if layer < 0 else (layer, unit))
        self._unit = "" if layer < 0 else f"Unit {unit + 1} of layer {layer + 1}, on its own scale"
        self._say()

    _unit = ""

    def set_canvas_side(self, side: int) -> None:
        """Make the canvas a square of this many pixels."""
        self.canvas.setFixedSize(side, side)

    def set_low(self, is_low: bool) -> None:
        """In a low window the curves need the height of the key; the classes are named beside their
        tools, too.
        """
        self._is_low = is_low
        self._show_key()

    def _show_key(self) -> None:
        has_map = self._dataset is not None and self._dataset.points.x.shape[1] == 2
        self._key.setVisible(has_map and not self._is_low)

    _is_low = False

    def show_dataset(self, dataset: Dataset) -> None:
        """Prepare for data of this kind; data without a place on a plane are said to have none."""
        self._dataset = dataset
        self.canvas.show_dataset(dataset)
        self._key.show_dataset(dataset)
        inputs = dataset.points.x.shape[1]
        self.canvas.setVisible(inputs <= 2)
        self.test_points.setVisible(inputs <= 2)
        self.discretize.setVisible(inputs == 2)
        self._show_key()
        self._absence.setVisible(inputs > 2)
        self._absence.setText(
            f"This data has {inputs} inputs, more than a plane can show.\n"
            "The curves tell how well it is learned."
        )
        self._say()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.frame is not None:
            self.canvas.show_frame(snapshot.frame)
        self._score.setText(_mistakes(snapshot))
        self._say()

    def start(self, *, keep_ghost: bool) -> None:
        """A new run begins; the boundary of a trained one before it stays as a ghost."""
        self._score.setText("")
        if keep_ghost:
            self.canvas.keep_ghost()

    @Slot(object)
    def _on_pointed(self, place: tuple[float, float] | None) -> None:
        self._place = place
        self._say()

    def _say(self) -> None:
        """Which unit is shown, the prediction under the pointer, or what can be done here."""
        if self._unit:
            self.reading.setText(self._unit)
            return
        prediction = self.canvas.prediction_at(self._place) if self._place else None
        if self._place is None or prediction is None or self._dataset is None:
            can_draw = self._dataset is not None and self._dataset.points.x.shape[1] == 2
            self.reading.setText(GESTURES if can_draw else "")
            return
        x1, x2 = self._place
        self.reading.setText(
            f"({x1:.2f}, {x2:.2f})   {_predicted(prediction, self._dataset)}".replace("-", "−")
        )


class ColorKey(QWidget):
    """What the colours of the map mean: a bar between two ends, or a chip for each class."""

    BAR_HEIGHT = 8

    def __init__(self) -> None:
        super().__init__()
        self._ends: tuple[str, str] | None = ("", "")
        self._names: tuple[str, ...] = ()
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._left, self._right = (Label("", "caption", muted=True) for _ in range(2))
        self._layout.addWidget(self._left)
        self._layout.addStretch(1)
        self._layout.addWidget(self._right)
        self.setAccessibleName("Key to the colours")

    def show_dataset(self, dataset: Dataset) -> None:
        names = class_names(dataset)
        if dataset.is_regression:
            self._ends = ("−1", "1")
        elif dataset.classes == 2:
            self._ends = (f"{names[0]} 1.0", f"{names[1]} 1.0")
        else:
            self._ends = None
        self._names = names
        left, right = self._ends or ("", "")
        self._left.setText(left)
        self._right.setText(right)
        self.setAccessibleDescription(", ".join(self._ends or names))
        self.updateGeometry()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._ends is not None:
            self._paint_bar(painter)
        else:
            self._paint_chips(painter)
        painter.end()

    def _paint_bar(self, painter: QPainter) -> None:
        start = self._left.geometry().right() + theme.GAP
        bar = QRectF(
            start,
            (self.height() - self.BAR_HEIGHT) / 2,
            self._right.x() - theme.GAP - start,
            self.BAR_HEIGHT,
        )
        shades = QLinearGradient(bar.topLeft(), bar.topRight())
        shades.setColorAt(0.0, theme.class_color(0))
        shades.setColorAt(0.5, theme.current().neutral_color)
        shades.setColorAt(1.0, theme.class_color(1))
        painter.setBrush(shades)
        painter.drawRoundedRect(bar, self.BAR_HEIGHT / 2, self.BAR_HEIGHT / 2)

    def _paint_chips(self, painter: QPainter) -> None:
        painter.setFont(theme.font("caption"))
        step = self.width() / min(CHIPS_A_ROW, len(self._names))
        row_height = self.height() / self._rows()
        for index, name in enumerate(self._names):
            row, column = divmod(index, CHIPS_A_ROW)
            left, middle = column * step, (row + 0.5) * row_height
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.class_color(index))
            painter.drawEllipse(QRectF(left, middle - 4, 8, 8))
            painter.setPen(theme.current().muted)
            room = QRectF(left + 12, row * row_height, step - 12, row_height)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)

    def _rows(self) -> int:
        return 1 if self._ends is not None else -(-len(self._names) // CHIPS_A_ROW)

    def sizeHint(self) -> QSize:
        return QSize(200, theme.scaled(16) * self._rows())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def class_names(dataset: Dataset) -> tuple[str, ...]:
    """The names of the classes: the data's own, then those of the colours."""
    own = dataset.class_names
    return (*own, *palette.CLASS_NAMES[len(own) :])[: dataset.classes]


def _predicted(prediction: np.ndarray, dataset: Dataset) -> str:
    if dataset.is_regression:
        return f"value {prediction[0]:.2f}"
    winner = int(prediction.argmax())
    return f"{class_names(dataset)[winner]} {prediction[winner]:.2f}"


def _mistakes(snapshot: Snapshot) -> str:
    """How many test points (training points where there are none) are on the wrong side."""
    name, score, rows = "Test", snapshot.test, len(snapshot.dataset.test)
    if score is None:
        name, score, rows = "Training", snapshot.train, len(snapshot.dataset.train)
    if score.accuracy is None:
        return ""
    return f"{name}: {round((1 - score.accuracy) * rows):,} of {rows:,} wrong"
