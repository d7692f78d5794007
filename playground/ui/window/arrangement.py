"""How the parts of the window stand: the columns, their sizes, and the projector's version.

    lesson | data, draw, features | network over training | output over curves

The eye reads from left to right: this data, through this network, gives this picture. Knows widgets
only; GUI thread.
"""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from playground.ui.look import theme
from playground.ui.widgets.layouts import hbox, scrolling, vbox
from playground.ui.window.parts import Parts

FIRST_SIZE = (1440, 900)
"""Pixels of a window that nobody has sized yet."""

RIGHT_SHARE = 0.34
PRESENTER_SHARE = 0.5
RIGHT_SMALLEST = 404
"""The canvas is never under 380 px wide; the card adds its padding."""
UNDER_THE_CANVAS = 250
"""Height that the curves and the card around the canvas need at least."""
AROUND_THE_CANVAS = 3 * theme.PANEL_GAP + 84
"""Height of the gaps and of what the card holds beside the canvas, without the key."""
KEY_HEIGHT = 30
ROOMY_WINDOW = 900
LOW_WINDOW = 800
"""Heights under which the left column, and then the card around the canvas, make themselves small.
"""
ROOM_FOR_LESSON_AND_DATA = 1500
"""Width under which a lesson takes the place of the left column."""

NETWORK_TO_CURVES = 2
PRESENTER_SCALE = 20 / 13
PRESENTER_LEAST = 20
"""Pixels of body text, and of all that is smaller elsewhere: to be read from the last row."""


class Arrangement(QWidget):
    """The central widget of the window."""

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self.parts = parts
        self.is_presenting = False
        self._left = self._scrolled(_column(parts.data, parts.draw, parts.features, stretch=None))
        self._middle = _column(parts.network, parts.training, stretch=0)
        self._right = _column(parts.output, parts.curves, stretch=1)
        self._lesson = parts.lesson
        self._lesson.hide()
        self._lesson_gap = QWidget()
        self._lesson_gap.setFixedWidth(theme.PANEL_GAP)
        self._lesson_gap.hide()
        left = (self._lesson, self._lesson_gap, self._left)
        body = hbox(*left, (self._middle, 1), theme.PANEL_GAP, self._right, spacing=0)
        body.setContentsMargins(*[theme.PANEL_GAP] * 4)
        vbox(parts.transport, (body, 1), of=self, spacing=0)

    def _scrolled(self, column: QWidget) -> QScrollArea:
        """The column, which scrolls in a low window; its bar stands in the gap beside it."""
        column.setFixedWidth(theme.SIDE_COLUMN)
        area = scrolling(column)
        area.setFixedWidth(theme.SIDE_COLUMN + theme.PANEL_GAP)
        return area

    def show_lesson(self, shown: bool) -> None:
        """Make room for the lesson, at the cost of the left column where the window is narrow."""
        self._lesson.setVisible(shown)
        self._lesson_gap.setVisible(shown)
        self.fit()

    def present(self, on: bool) -> None:
        """Leave what a class looks at: network, output, curves and transport, in large text.

        The curves go under the network, so that the canvas has all the height that there is.
        """
        self.is_presenting = on
        if on:
            theme.manager().set_scale(PRESENTER_SCALE, PRESENTER_LEAST)
        else:
            theme.manager().set_scale(1.0)
        _move_to(self._middle if on else self._right, self.parts.curves)
        _share(self._middle, self.parts.network, NETWORK_TO_CURVES if on else 1)
        self.fit()

    def fit(self) -> None:
        """Size everything for the window as it is; the canvas takes about a third of the width."""
        parts, width, height = self.parts, self.width(), self.height()
        is_squeezed = not self._lesson.isHidden() and width < ROOM_FOR_LESSON_AND_DATA
        self._left.setVisible(not self.is_presenting and not is_squeezed)
        parts.training.setVisible(not self.is_presenting)
        below = height - parts.transport.height()
        share = PRESENTER_SHARE if self.is_presenting else RIGHT_SHARE
        under = self._room_under_the_canvas(height)
        right = max(RIGHT_SMALLEST, int(min(width * share, below - under)))
        self._right.setFixedWidth(right)
        # On a screen lower than the smallest window the canvas gives way before anything overlaps.
        room = below - AROUND_THE_CANVAS - parts.curves.minimumSizeHint().height()
        room = below - under if self.is_presenting else room
        parts.output.set_canvas_side(min(right - 2 * theme.PANEL_PADDING, room))
        parts.output.set_low(height < LOW_WINDOW)
        parts.output.show_gestures(not self.is_presenting)
        for panel in (parts.data, parts.draw, parts.features):
            panel.set_compact(height < ROOMY_WINDOW)

    def _room_under_the_canvas(self, height: int) -> int:
        """Pixels that the card around it, and the curves where they stand below, need at least."""
        if not self.is_presenting:
            return UNDER_THE_CANVAS
        return theme.scaled(AROUND_THE_CANVAS - (KEY_HEIGHT if height < LOW_WINDOW else 0))


def _move_to(column: QWidget, widget: QWidget) -> None:
    """Put a widget at the end of a column, where it takes the height that is left."""
    layout = column.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.addWidget(widget, 1)


def _share(column: QWidget, widget: QWidget, factor: int) -> None:
    """Let a widget take that many times the height that the others with a share take."""
    layout = column.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.setStretchFactor(widget, factor)


def _column(*widgets: QWidget, stretch: int | None) -> QWidget:
    """Widgets above each other; number `stretch` takes the height that is left."""
    column = QWidget()
    parts = [(widget, int(index == stretch)) for index, widget in enumerate(widgets)]
    layout = vbox(*parts, of=column, spacing=theme.PANEL_GAP)
    if stretch is None:
        layout.addStretch(1)
    return column
