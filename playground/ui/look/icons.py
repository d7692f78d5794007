"""The project's line icons, rendered in the theme's colours.

Owns the way from `assets/icons/NAME.svg` to a QIcon. The drawings say `currentColor`; this module
says which colour that is. Imports PySide6 (QtSvg) and the theme; GUI thread only.
"""

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from playground import assets
from playground.core.errors import UnknownChoiceError, nearest
from playground.ui.look import theme

ICON_SIZE: Final = 18
APPLICATION: Final = "playground"
_OPAQUE: Final = 0xFF000000  # for drawings that bring their own colours


def names() -> list[str]:
    """Every line icon there is, sorted; the application icon is not one of them."""
    found = (file.stem for file in assets.path("icons").glob("*.svg"))
    return sorted(name for name in found if name != APPLICATION)


def icon(name: str, color: QColor | None = None, size: int = ICON_SIZE, gap: int = 0) -> QIcon:
    """The icon in ink: in panel colour where it is checked (on ink), muted where it is disabled.

    Args:
        name: an SVG of `assets/icons`, without its suffix.
        color: replaces ink in the unchecked state.
        size: edge in logical pixels; a pixmap is made for the pixel ratio of each screen.
        gap: logical pixels that stay free at its right, before a label.

    Raises:
        UnknownChoiceError: no icon has that name.
    """
    now = theme.current()
    source = _source(name)
    result = QIcon()
    states = (
        (color or now.ink, QIcon.Mode.Normal, QIcon.State.Off),
        (now.panel, QIcon.Mode.Normal, QIcon.State.On),
        (theme.faded(now.muted, 0.6), QIcon.Mode.Disabled, QIcon.State.Off),
    )
    for paint, mode, state in states:
        for ratio in _ratios():
            result.addPixmap(_render(source, paint.rgba(), size, ratio, gap), mode, state)
    return result


def _ratios() -> set[float]:
    """The pixel ratios of the screens there are; the window opens the sooner for not trying all."""
    screens = QGuiApplication.screens() if QGuiApplication.instance() is not None else []
    return {1.0, *(screen.devicePixelRatio() for screen in screens)}


def pixmap(name: str, color: QColor, size: int, ratio: float) -> QPixmap:
    """One icon in one colour, for painters; `ratio` is the paint device's pixel ratio."""
    return _render(_source(name), color.rgba(), size, ratio)


def application_icon() -> QIcon:
    """The icon of the window and of the task bar, in its own colours."""
    result = QIcon()
    source = assets.path(f"icons/{APPLICATION}.svg").read_text(encoding="utf-8")
    for size in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(_render(source, _OPAQUE, size, 1.0))
    return result


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    if name not in names():
        raise UnknownChoiceError("No icon is called '{name}'.", nearest(name, names()), name=name)
    return assets.path(f"icons/{name}.svg").read_text(encoding="utf-8")


def _render(source: str, rgba: int, size: int, ratio: float, gap: int = 0) -> QPixmap:
    return QPixmap.fromImage(_draw(source, rgba, size, ratio, gap))


@lru_cache(maxsize=2048)
def _draw(source: str, rgba: int, size: int, ratio: float, gap: int) -> QImage:
    # An image, because a pixmap that outlives the application in a cache is an error in Qt.
    color = QColor.fromRgba(rgba)
    # QtSvg has no way to set currentColor from outside, so the colour is written into the text.
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", color.name()).encode()))
    edge = round(size * ratio)
    result = QImage(edge + round(gap * ratio), edge, QImage.Format.Format_ARGB32_Premultiplied)
    result.fill(Qt.GlobalColor.transparent)
    with QPainter(result) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(color.alphaF())
        renderer.render(painter, QRectF(0, 0, edge, edge))
    result.setDevicePixelRatio(ratio)
    return result
