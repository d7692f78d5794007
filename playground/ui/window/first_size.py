"""How large a window is that nobody has sized yet: it fits the screen with its frame.

GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStyle, QWidget

SMALLEST = QSize(1100, 700)
"""Pixels that a window has at least, where the screen has room for them."""
LEAST_TITLE = 36
"""Pixels of a title bar, before the window manager has drawn one."""
FRAME_MILLISECONDS = 250
"""By then it has."""


def begin(window: QWidget, wanted: QSize) -> None:
    """Size a window before it is shown, when no window manager has told how wide frames are."""
    if _has_no_screen():
        window.setMinimumSize(SMALLEST)
        window.resize(wanted)
        return
    title = window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    edge = window.style().pixelMetric(QStyle.PixelMetric.PM_MdiSubWindowFrameWidth)
    frame = QMargins(edge, max(title, LEAST_TITLE) + edge, edge, edge)
    room = inside(window.screen().availableGeometry(), frame).size()
    window.setMinimumSize(SMALLEST.boundedTo(room))
    window.resize(wanted.boundedTo(room))


def settle(window: QWidget) -> None:
    """Bring a window that is on show onto the screen, with the frame that it has got."""
    outer, inner = window.frameGeometry(), window.geometry()
    available = window.screen().availableGeometry()
    is_as_chosen = window.isMaximized() or window.isFullScreen()
    if _has_no_screen() or is_as_chosen or available.contains(outer):
        return
    room = inside(available, frame_of(outer, inner))
    window.setMinimumSize(window.minimumSize().boundedTo(room.size()))
    window.setGeometry(within(inner, room))


def frame_of(outer: QRect, inner: QRect) -> QMargins:
    """What a window manager has put around a window."""
    return QMargins(
        inner.left() - outer.left(),
        inner.top() - outer.top(),
        outer.right() - inner.right(),
        outer.bottom() - inner.bottom(),
    )


def inside(available: QRect, frame: QMargins) -> QRect:
    """Where the inner part of a window may be, so that its frame is on the screen."""
    return available.marginsRemoved(frame)


def within(inner: QRect, room: QRect) -> QRect:
    """A window no larger than the room for it, and moved as little as need be."""
    place = QRect(inner.topLeft(), inner.size().boundedTo(room.size()))
    place.moveLeft(max(room.left(), min(place.left(), room.right() + 1 - place.width())))
    place.moveTop(max(room.top(), min(place.top(), room.bottom() + 1 - place.height())))
    return place


def _has_no_screen() -> bool:
    """True where Qt draws into memory: the screen that it then tells of is of no size in use."""
    return QGuiApplication.platformName() == "offscreen"
