"""Rows and columns of widgets: what stands in them, said in one expression.

Imports PySide6 and the theme; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from playground.ui.look import theme

STRETCH: Final = "stretch"
"""Takes the room that is left."""

Content = QWidget | QLayout
Part = Content | int | tuple[Content, int | Qt.AlignmentFlag] | Literal["stretch"]
"""A widget or a layout, alone or with its share of the room or its alignment; pixels of empty
room; or STRETCH.
"""
Margins = int | tuple[int, int, int, int] | None
"""Pixels on all sides, or left, top, right and bottom; None for those of the style."""

Box = TypeVar("Box", bound=QBoxLayout)


def hbox(
    *parts: Part,
    of: QWidget | None = None,
    spacing: int | None = theme.GAP,
    margins: Margins = 0,
) -> QHBoxLayout:
    """A layout from left to right: that of the widget `of`, or one to be put into another.

    Between the parts are `spacing` pixels, or with None what the style leaves.
    """
    return _filled(QHBoxLayout(), of, parts, spacing, margins)


def vbox(
    *parts: Part,
    of: QWidget | None = None,
    spacing: int | None = theme.GAP,
    margins: Margins = 0,
) -> QVBoxLayout:
    """A layout from top to bottom; otherwise as `hbox`."""
    return _filled(QVBoxLayout(), of, parts, spacing, margins)


def _filled(
    layout: Box,
    of: QWidget | None,
    parts: Iterable[Part],
    spacing: int | None,
    margins: Margins,
) -> Box:
    if of is not None:
        of.setLayout(layout)
    if margins is not None:
        layout.setContentsMargins(*([margins] * 4 if isinstance(margins, int) else margins))
    if spacing is not None:
        layout.setSpacing(spacing)
    fill(layout, *parts)
    return layout


def fill(layout: QBoxLayout, *parts: Part) -> None:
    """Put more parts into a layout, behind those that are there."""
    for part in parts:
        _add(layout, part)


def _add(layout: QBoxLayout, part: Part) -> None:
    content, place = part if isinstance(part, tuple) else (part, 0)
    if content == STRETCH:
        layout.addStretch(1)
    elif isinstance(content, int):
        layout.addSpacing(content)
    elif isinstance(content, QLayout):
        layout.addLayout(content, int(place))
    elif isinstance(place, Qt.AlignmentFlag):
        layout.addWidget(content, 0, place)
    else:
        layout.addWidget(content, place)


def scrolling(page: QWidget, *, takes_keys: bool = False, across: bool = False) -> QScrollArea:
    """A frameless area that scrolls a page up and down, and `across`, too, where that is wanted.

    `takes_keys`: Tab stops at the area, whose arrow keys scroll; else only at what is in it.
    """
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    if not takes_keys:
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if not across:
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
