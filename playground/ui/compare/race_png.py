"""A race as a picture to save, with letters of the window, which have the signs of its language.

GUI thread.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetrics, QImage

from playground.engines.many.race import Lane
from playground.engines.many.race_picture import Words, draw_race
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets import painting


def race_png(lanes: Sequence[Lane], threshold: float) -> bytes:
    """The losses of all lanes over the epochs as a PNG file."""
    words = Words(tr("training loss"), tr("epoch"), _letters)
    file = io.BytesIO()
    draw_race(lanes, threshold=threshold, words=words).save(file, "png")
    return file.getvalue()


def _letters(text: str, pixels: int) -> Image.Image:
    """A text of that size as a mask: "L", white where there is ink."""
    font = theme.font()
    font.setPixelSize(pixels)
    metrics = QFontMetrics(font)
    size = max(1, metrics.horizontalAdvance(text)), metrics.height()
    picture = QImage(*size, QImage.Format.Format_Alpha8)
    picture.fill(Qt.GlobalColor.transparent)
    with painting(picture) as painter:
        painter.setFont(font)
        painter.setPen(theme.current().ink)
        painter.drawText(QPointF(0, metrics.ascent()), text)
    rows = bytes(picture.constBits())
    return Image.frombuffer("L", size, rows, "raw", "L", picture.bytesPerLine(), 1)
