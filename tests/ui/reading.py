"""What can be read in a window: every text on show, how large it is, and whether it is cut.

Texts of Qt's own widgets are asked of the widgets; what this program paints itself is noted while
it is painted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import sqrt

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF
from PySide6.QtGui import QFontInfo, QFontMetrics, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QWidget,
)

from playground.ui.curves.axes.plot import Plot
from playground.ui.network.layout.scene import Scene


@dataclass
class Painted:
    """Texts that were painted, with the pixels of their font on the screen; and texts that ended in
    dots because they had no room.
    """

    sizes: dict[str, float] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)


@contextmanager
def noting(patch: pytest.MonkeyPatch) -> Iterator[Painted]:
    """Note what is painted meanwhile."""
    found, draw = Painted(), QPainter.drawText

    def noted(painter: QPainter, *args: object) -> object:
        text = next((each for each in args if isinstance(each, str)), "")
        if text.strip():
            scale = sqrt(abs(painter.deviceTransform().determinant()))
            pixels = QFontInfo(painter.font()).pixelSize() * scale
            found.sizes[text] = min(pixels, found.sizes.get(text, pixels))
        return draw(painter, *args)

    def eliding(kind: type) -> object:
        elide = kind.elidedText

        def elided(metrics: object, text: str, *args: object) -> str:
            result = elide(metrics, text, *args)
            if result != text:
                found.cut.add(text)
            return result

        return elided

    with patch.context() as patched:
        patched.setattr(QPainter, "drawText", noted)
        for kind in (QFontMetrics, QFontMetricsF):
            patched.setattr(kind, "elidedText", eliding(kind))
        yield found


def painted(window: QWidget, patch: pytest.MonkeyPatch) -> Painted:
    """What the window paints now, all of it anew: pictures that are kept are forgotten."""
    with noting(patch) as found:
        for scene in window.findChildren(Scene):
            QApplication.sendEvent(scene, QEvent(QEvent.Type.FontChange))
        for plot in window.findChildren(Plot):
            for side in ("left", "bottom"):
                plot.getAxis(side).picture = None
        window.grab()
    return found


def names_drawn(plot: Plot) -> list[tuple[QRectF, str]]:
    """Where the names of a plot's marks are painted, in the plot."""
    found = []
    paper = QImage(8, 8, QImage.Format.Format_RGB32)
    with QPainter(paper) as painter:
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            _, _, texts = axis.generateDrawSpecs(painter)
            found += [(axis.mapRectToScene(box), name) for box, _, name in texts]
    return found


def box_of(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def on_show(window: QWidget) -> Iterator[QWidget]:
    """Every widget of the window that can be seen."""
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.window() is window:
            yield widget


def texts(window: QWidget) -> Iterator[tuple[QWidget, str]]:
    """Every widget of Qt's that says something, and what."""
    for widget in on_show(window):
        if isinstance(widget, QLabel | QAbstractButton) and widget.text():
            yield widget, widget.text()
        elif isinstance(widget, QComboBox) and widget.currentText():
            yield widget, widget.currentText()
        elif isinstance(widget, QTabBar):
            names = [widget.tabText(i) for i in range(widget.count()) if widget.isTabVisible(i)]
            yield widget, " | ".join(names)


def cut_texts(window: QWidget) -> list[str]:
    """What cannot be read to its end, or reaches out of what it stands in."""
    found = []
    for widget, text in texts(window):
        around = widget.parentWidget()
        if not around.rect().contains(widget.geometry()) or _is_cut(widget, text):
            found.append(f"{type(widget).__name__} {text!r}: {widget.width()} x {widget.height()}")
    return found


def _is_cut(widget: QWidget, text: str) -> bool:
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            return widget.height() < widget.heightForWidth(widget.width())
        return "<" not in text and widget.width() < widget.fontMetrics().horizontalAdvance(text)
    if isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        kind = QStyle.ComplexControl.CC_ComboBox
        room = widget.style().subControlRect(kind, option, part, widget).width()
        return room < widget.fontMetrics().horizontalAdvance(text)
    if isinstance(widget, QTabBar):
        last = max(i for i in range(widget.count()) if widget.isTabVisible(i))
        return widget.tabRect(last).right() > widget.width()
    return widget.width() < widget.minimumSizeHint().width()
