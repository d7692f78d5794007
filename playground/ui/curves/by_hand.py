"""BY HAND: the gradient of every parameter worked out twice, by the chain rule and by autograd.

Shows the plain numbers of a comparison that the training thread has made. GUI thread.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core import numbers, palette
from playground.core.messages import N_, Message, plural
from playground.engines.contract.run_control import CurvePoint, Snapshot
from playground.engines.inside.comparison import Comparison, GradientPair
from playground.ui.curves.pages import Page
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets import Label, describe, draw_fitted, painting
from playground.ui.widgets.layouts import STRETCH, scrolling, vbox

WAITING: Final = N_("Train a step to see each gradient worked out by hand and by autograd.")
HELP: Final = N_(
    "What autograd does for you: the gradients of the loss by every weight, once worked out with"
    " the formula and once by PyTorch. Blue is negative, orange is positive; both pictures of a"
    " row share one scale. The differences are those of rounding."
)
USUAL_ROUNDING: Final = 1e-5
"""Of sums of some hundred numbers with seven digits each."""
WHY_SO_FAR: Final = N_(
    "Both are right: float32 keeps about seven digits, and where units are saturated, as tanh near"
    " −1 and 1, the slope 1 − h² is what is left of two nearly equal numbers, so that most digits"
    " are lost. With float64, under More, the difference goes."
)
MOST_CELLS: Final = 256
"""Rows and columns of a gradient that a picture shows; of larger ones, evenly chosen ones."""

ROW: Final = 78
PICTURE: Final = 100
CORNER: Final = 6
CAPTIONS: Final = (N_("by hand"), "autograd")


def agreement(pair: GradientPair) -> Message:
    """How far both gradients agree, in words."""
    if pair.relative == 0:
        return Message("identical")
    if not math.isfinite(pair.relative):
        return Message("not finite")
    digits = max(0, math.floor(-math.log10(pair.relative)))
    return plural(
        "at most {size} apart, same to {count} digit",
        "at most {size} apart, same to {count} digits",
        digits,
        size=numbers.rounded(pair.absolute, 2),
    )


class PairRow(QWidget):
    """One parameter: its formula and difference in words, both gradients as pictures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pair: GradientPair | None = None
        self._images: list[QImage] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.follow(self, self._paint_images)

    def show_pair(self, pair: GradientPair) -> None:
        self._pair = pair
        self.setAccessibleName(f"{pair.symbol}, {_size(pair)}: {tr(agreement(pair))}")
        self.setToolTip(f"{tr(pair.formula)}\n{tr(agreement(pair))}")
        self._paint_images()

    def sizeHint(self) -> QSize:
        return QSize(3 * theme.scaled(PICTURE), theme.scaled(ROW))

    minimumSizeHint = sizeHint

    def _paint_images(self) -> None:
        if self._pair is None:
            return
        gradients = [_shown(self._pair.by_hand), _shown(self._pair.autograd)]
        scale = max(float(np.abs(np.nan_to_num(g)).max(initial=0.0)) for g in gradients)
        self._images = [_image(gradient, scale) for gradient in gradients]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._pair is None:
            return
        with painting(self) as painter:
            left = self._paint_pictures(painter)
            self._paint_words(painter, QRect(0, 0, left - theme.PANEL_GAP, self.height()))

    def _paint_pictures(self, painter: QPainter) -> int:
        """Paint both pictures at the right; returns where they begin."""
        now, width = theme.current(), theme.scaled(PICTURE)
        left = self.width() - len(self._images) * (width + theme.GAP) + theme.GAP
        line = theme.scaled(15)
        painter.setFont(theme.font("caption"))
        for number, (caption, image) in enumerate(zip(CAPTIONS, self._images, strict=True)):
            box = QRect(left + number * (width + theme.GAP), 0, width, line)
            painter.setPen(now.muted)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, tr(caption))
            place = QRectF(box.left(), line + 1, width, self.height() - line - theme.GAP)
            shape = QPainterPath()
            shape.addRoundedRect(place, CORNER, CORNER)
            painter.save()
            painter.setClipPath(shape)
            painter.drawImage(place, image)
            painter.restore()
        return left

    def _paint_words(self, painter: QPainter, box: QRect) -> None:
        assert self._pair is not None
        now, line = theme.current(), theme.scaled(17)
        texts = [
            (f"{self._pair.symbol}   {_size(self._pair)}", theme.font("strong"), now.ink),
            *((part, theme.font("body"), now.ink) for part in tr(self._pair.formula).split(",  ")),
            (tr(agreement(self._pair)), theme.font("caption"), now.muted),
        ]
        top = (box.height() - theme.GAP - len(texts) * line) // 2
        for number, (text, font, color) in enumerate(texts):
            painter.setFont(font)
            painter.setPen(color)
            room = QRectF(0, top + number * line, box.width(), line)
            draw_fitted(painter, room, Qt.AlignmentFlag.AlignVCenter, text)


class ByHandPage(Page):
    """A row for each parameter, first layer first."""

    wants = frozenset({"by_hand"})

    def __init__(self) -> None:
        super().__init__()
        self._summary = Label(WAITING, "caption", muted=True)
        self._summary.setWordWrap(True)
        self._rows: list[PairRow] = []
        page = QWidget()
        self._list = vbox(STRETCH, of=page, spacing=theme.UNIT, margins=(0, 0, theme.GAP, 0))
        area = scrolling(page, takes_keys=True, across=True)
        describe(area, "Gradients by hand and by autograd", HELP)
        vbox(self._summary, (area, 1), of=self, spacing=theme.UNIT, margins=(0, theme.UNIT, 0, 0))

    def rows(self) -> list[PairRow]:
        """The rows on show."""
        return [row for row in self._rows if not row.isHidden()]

    def summary(self) -> str:
        return self._summary.text()

    def forget(self) -> None:
        self.show_comparison(None)

    def show_moment(self, curve: Sequence[CurvePoint], snapshot: Snapshot) -> None:
        if snapshot.inspection is not None and snapshot.inspection.by_hand is not None:
            self.show_comparison(snapshot.inspection.by_hand)

    def show_comparison(self, comparison: Comparison | str | None) -> None:
        """Show the gradients, or the sentence that says why there are none; None clears."""
        pairs = comparison.pairs if isinstance(comparison, Comparison) else ()
        while len(self._rows) < len(pairs):
            self._rows.append(PairRow())
            self._list.insertWidget(len(self._rows) - 1, self._rows[-1])
        for row, pair in zip(self._rows, pairs, strict=False):
            row.show_pair(pair)
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(pairs))
        self._summary.setText(_told(comparison))


def _told(comparison: Comparison | str | None) -> str:
    if comparison is None:
        return WAITING
    if isinstance(comparison, str):
        return comparison
    found = Message(
        "Over {rows:,} training points in {kind}: they differ by {share} of the largest number.",
        rows=comparison.rows,
        kind=comparison.dtype,
        share=numbers.rounded(comparison.relative, 2),
    )
    is_worse = comparison.dtype == "float32" and comparison.relative > USUAL_ROUNDING
    return Message(found, WHY_SO_FAR if is_worse else "")


def _size(pair: GradientPair) -> str:
    return " × ".join(f"{size:,}" for size in pair.by_hand.shape)


def _shown(gradient: npt.NDArray) -> npt.NDArray:
    """A gradient as a matrix of at most MOST_CELLS rows and columns."""
    matrix = np.atleast_2d(gradient)
    chosen = (
        np.linspace(0, size - 1, min(size, MOST_CELLS)).astype(np.int64) for size in matrix.shape
    )
    return matrix[np.ix_(*chosen)]


def _image(matrix: npt.NDArray, scale: float) -> QImage:
    """The matrix in the colours of minus and plus."""
    values = matrix / scale if scale > 0 else matrix
    return theme.image(palette.signed_colors(values, theme.current().neutral, strength=1.0))
