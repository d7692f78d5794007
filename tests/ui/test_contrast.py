"""Text stands out from the ground that it is painted on, in both looks: WCAG 2.2, 1.4.3."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from playground.ui.look import theme
from playground.ui.window.main_window import MainWindow
from tests.ui.reading import box_of, texts
from tests.ui.whole_window import everything, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Colors = npt.NDArray[np.uint32]
LEAST, LEAST_OF_LARGE = 4.5, 3.0
FINE = 2
LARGE, LARGE_BOLD = 24, 19
"""Pixels: 18 points, and 14 points of bold text."""


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(qtbot) as made:
        try:
            yield made
        finally:
            theme.manager().set_mode(theme.Mode.SYSTEM)


def test_all_that_can_be_used_can_be_read(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1600, 1000)
    with everything(qtbot, window) as roots:
        for mode in (theme.Mode.LIGHT, theme.Mode.DARK):
            theme.manager().set_mode(mode)
            found = contrasts_of_all(window, roots)
            assert len(found) > 120
            low = {said: round(value, 2) for said, value in found.items() if value < LEAST}
            assert not low, mode


def contrasts_of_all(window: MainWindow, roots: list[QWidget]) -> dict[str, float]:
    """Those of all windows, and of all tabs."""
    found: dict[str, float] = {}
    for root in roots:
        root.show()
        QApplication.processEvents()
        found |= contrasts(root)
    tabs = window.parts.curves.tabs
    for index in range(tabs.count()):
        tabs.setCurrentIndex(index)
        QApplication.processEvents()
        found |= contrasts(window.parts.curves)
    return found


def contrasts(root: QWidget) -> dict[str, float]:
    """How much each text of a window that can be used stands out; a large one counts for more."""
    colors, found = pixels(root), {}
    for widget, text in texts(root):
        box = box_of(widget, root) & root.rect()
        if widget.isEnabled() and not box.isEmpty() and not isinstance(widget, QTabBar):
            rows = slice(box.top() * FINE, (box.bottom() + 1) * FINE)
            part = colors[rows, box.left() * FINE : (box.right() + 1) * FINE]
            larger = LEAST / LEAST_OF_LARGE if is_large(widget) else 1.0
            found[f"{type(widget).__name__} {text}"] = strongest(part) * larger
    return found


def is_large(widget: QWidget) -> bool:
    size = widget.fontInfo().pixelSize()
    return size >= LARGE or (widget.font().bold() and size >= LARGE_BOLD)


def pixels(root: QWidget) -> Colors:
    """(height, width) of 0xffrrggbb that a window shows on a fine screen: there, strokes have
    their own colour, and not one mixed with the ground.
    """
    picture = QPixmap(root.size() * FINE)
    picture.setDevicePixelRatio(FINE)
    root.render(picture)
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.array(image.constBits()).view("<u4").reshape(image.height(), image.width())


def strongest(part: Colors) -> float:
    """The contrast of the ground, which is what there is most of, and what is farthest from it."""
    colors, counts = np.unique(part, return_counts=True)
    light = luminance(colors)
    ground = light[counts.argmax()]
    return float(((np.maximum(light, ground) + 0.05) / (np.minimum(light, ground) + 0.05)).max())


def luminance(colors: Colors) -> npt.NDArray[np.float64]:
    """(N,) of sRGB colours (N,): the definition of WCAG 2.2."""
    channels = (colors[:, None] >> np.array([16, 8, 0], np.uint32) & 255) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    # Worked out by hand from the definition.
    [(0xFF000000, 0xFFFFFFFF, 21.0), (0xFF767676, 0xFFFFFFFF, 4.54)],
)
def test_contrast_is_that_of_the_standard(one: int, other: int, ratio: float) -> None:
    part = np.array([[other, other, one]], np.uint32)
    assert strongest(part) == pytest.approx(ratio, abs=0.01)
