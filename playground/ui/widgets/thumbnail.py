"""ThumbnailButton: a data set as a small square picture that can be chosen.

Imports PySide6, numpy, the palette and the theme (and the plot library's marker shapes when it
first paints points); GUI thread only.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from playground.core import class_looks, palette
from playground.ui.look import theme
from playground.ui.look.marker_shapes import paint_class
from playground.ui.widgets.base import FocusRing, describe, painting, round_rect


class ThumbnailButton(FocusRing, QAbstractButton):
    """A checkable square picture; checked, it wears a ring in ink.

    Points are drawn in the colour and marker of their class, a value map in the two-class colours.
    Put several into `exclusive` to make a gallery that the arrow keys walk through.
    """

    _MOST_POINTS = 90  # more is a blur at this size
    _MARKER = 2.5  # across
    _EDGE = 7  # free space around the picture of points

    def __init__(
        self, name: str, help_text: str = "", size: int = 56, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._size = size
        self._points: NDArray[np.float64] = np.empty((0, 2))
        self._labels: NDArray[np.int64] = np.empty(0, np.int64)
        self._values: NDArray[np.float32] | None = None
        self._picture = QPixmap()
        self._picture_key: tuple[Any, ...] = ()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        describe(self, name, help_text or name)

    def show_points(self, points: ArrayLike, labels: ArrayLike) -> None:
        """Draw (N, 2) points, x right and y up, with (N,) class indices 0 to 9; scaled to fit."""
        points_, labels_ = np.asarray(points, np.float64), np.asarray(labels, np.int64)
        # A random choice, because every k-th point can be of one class; a fixed one, to stay calm.
        kept = np.random.default_rng(0).permutation(len(points_))[: self._MOST_POINTS]
        self._points, self._labels = points_[kept], labels_[kept]
        self._values = None
        self._redraw()

    def show_map(self, values: ArrayLike) -> None:
        """Draw (H, W) signed values, row 0 at the bottom; -1 and 1 are the two-class colours."""
        self._values = np.asarray(values, np.float32)
        self._redraw()

    def _redraw(self) -> None:
        self._picture_key = ()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        with painting(self) as painter:
            frame = round_rect(self, 4.0 if self.isChecked() or self.has_ring() else 0.5)
            shape = QPainterPath()
            shape.addRoundedRect(frame, theme.CONTROL_RADIUS - 2, theme.CONTROL_RADIUS - 2)
            painter.fillPath(shape, now.soft)
            painter.save()
            painter.setClipPath(shape)
            painter.drawPixmap(0, 0, self._current_picture(now))
            painter.restore()
            painter.setPen(QPen(now.track if self.underMouse() else now.line, 1.0))
            painter.drawPath(shape)
            if self.isChecked() or self.has_ring():
                painter.setPen(QPen(now.focus if self.has_ring() else now.ink, 2.0))
                painter.drawRoundedRect(
                    round_rect(self, 1.0), theme.CONTROL_RADIUS, theme.CONTROL_RADIUS
                )

    def _current_picture(self, now: theme.Theme) -> QPixmap:
        ratio = self.devicePixelRatioF()
        key = (now.scheme, self.width(), self.height(), ratio)
        if key != self._picture_key:
            picture = QPixmap(self.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            with painting(picture) as painter:
                if self._values is None:
                    self._paint_points(painter)
                else:
                    self._paint_map(painter, now, self._values)
            self._picture, self._picture_key = picture, key
        return self._picture

    def _paint_points(self, painter: QPainter) -> None:
        if not len(self._points):
            return
        middle = (self._points.max(0) + self._points.min(0)) / 2
        reach = max(float(np.abs(self._points - middle).max()), 1e-9)
        scale = (min(self.width(), self.height()) / 2 - self._EDGE) / reach
        for (x, y), label in zip((self._points - middle) * scale, self._labels, strict=True):
            place = QPointF(self.width() / 2 + x, self.height() / 2 - y)
            paint_class(painter, class_looks.DEFAULT, label, place, self._MARKER)

    def _paint_map(self, painter: QPainter, now: theme.Theme, values: NDArray[np.float32]) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        colors = palette.signed_colors(values[::-1], now.neutral)
        painter.drawImage(QRectF(self.rect()), theme.image(colors))
