"""What a class can look like, as entries of a menu and as icons of lists.

Imports core, PySide6 and the widget kit; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QActionGroup, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QMenu

from playground.core import class_looks, palette
from playground.core.class_looks import ClassLooks, Marker
from playground.core.messages import Message
from playground.ui.language import tr
from playground.ui.look.marker_shapes import paint_class
from playground.ui.widgets import painting

MARKER_NAMES: Final[dict[Marker, str]] = {
    "circle": Message("Circle", context="marker"),
    "square": Message("Square", context="marker"),
    "triangle_up": Message("Triangle", context="marker"),
    "diamond": Message("Diamond", context="marker"),
    "star": Message("Star", context="marker"),
    "plus": Message("Plus", context="marker"),
    "cross": Message("Cross", context="marker"),
    "triangle_down": Message("Triangle, upside down", context="marker"),
    "pentagon": Message("Pentagon", context="marker"),
    "triangle_left": Message("Triangle, to the left", context="marker"),
}
_ICON: Final = 48
"""Pixels of a marker that is shown much smaller, so that it is sharp on any screen."""


def class_icon(looks: ClassLooks, label: int) -> QIcon:
    """The marker of a class in its colour, for lists."""
    picture = QImage(_ICON, _ICON, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    with painting(picture) as painter:
        paint_class(painter, looks, label, QPointF(_ICON / 2, _ICON / 2), _ICON * 0.7)
    result = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # Qt would darken it where selected
        result.addPixmap(QPixmap.fromImage(picture), mode)
    return result


def add_colors(menu: QMenu, color: str, marker: Marker, choose: Callable[[str], object]) -> None:
    """The colours of the palette, that of this class marked."""
    named = zip(class_looks.COLORS, palette.SPOKEN_NAMES, strict=True)
    entries = ((one, tr(name), _icon(one, marker)) for one, name in named)
    _add(menu.addMenu(tr("Colour")), entries, color, choose)


def add_markers(menu: QMenu, color: str, marker: Marker, choose: Callable[[str], object]) -> None:
    """All markers, that of this class marked."""
    entries = ((one, tr(name), _icon(color, one)) for one, name in MARKER_NAMES.items())
    _add(menu.addMenu(tr("Marker")), entries, marker, choose)


def _icon(color: str, marker: Marker) -> QIcon:
    return class_icon(ClassLooks((color,), (marker,)), 0)


def _add(
    menu: QMenu,
    entries: Iterable[tuple[str, str, QIcon]],
    chosen: str,
    choose: Callable[[str], object],
) -> None:
    """(what is chosen by it, its name, its picture); one of them is marked."""
    group = QActionGroup(menu)
    for key, name, icon in entries:
        action = menu.addAction(icon, name, partial(choose, key))
        action.setCheckable(True)
        action.setChecked(key == chosen)
        group.addAction(action)
