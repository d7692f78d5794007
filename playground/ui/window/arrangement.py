"""How the parts of the window stand: the columns, their sizes, and the projector's version.

    lesson | data, draw, features | network over training | output over curves

The eye reads from left to right: this data, through this network, gives this picture. In a low
window the curves stand under the network, and training is one line between them. Knows widgets
only; GUI thread.
"""

from __future__ import annotations

from dataclasses import fields, replace
from functools import partial

from PySide6.QtCore import QSettings
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from playground.core.messages import N_
from playground.ui.look import theme
from playground.ui.widgets.layouts import fill, hbox, scrolling, vbox
from playground.ui.window.areas import presenter
from playground.ui.window.areas.grip import Grip
from playground.ui.window.areas.shares import (
    CANVAS_LEAST,
    LOW_WINDOW,
    Room,
    Sizes,
    Wishes,
    shared_out,
)
from playground.ui.window.parts import Parts

FIRST_SIZE = (1440, 900)
"""Pixels of a window that nobody has sized yet."""

ROOMY_WINDOW = 900
"""Height under which the left column makes itself small."""
ROOM_FOR_CLASSES = 730
"""Height from which on the left column has room for classes that may be added; in a lower window
what stands under them goes down with each.
"""
ROOM_FOR_LESSON_AND_DATA = 1500
"""Width under which a lesson takes the place of the left column."""


_UNBOUNDED = (1 << 24) - 1
"""What Qt calls no largest height."""

_KEY = "areas/{}"
"""Where the settings keep what the person has dragged."""


class Arrangement(QWidget):
    """The central widget of the window."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts = parts
        self.is_presenting = False
        side, self._middle, self._right, self._foot = (_column() for _ in range(4))
        self._left = self._scrolled(side)
        self._lesson = parts.lesson
        self._lesson.hide()
        self._lesson_gap = QWidget()
        self._lesson_gap.setFixedWidth(theme.PANEL_GAP)
        self._lesson_gap.hide()
        self._foot.hide()
        self._place_columns()
        # Only now: a widget that moves is dressed anew, with all that is in it.
        _fill(side, parts.data, parts.draw, parts.features, stretch=None)
        _fill(self._middle, parts.network, parts.training, stretch=0)
        _fill(self._right, parts.output, parts.curves, stretch=1)
        self._wishes = _kept()
        self._sizes = Sizes(0, 0, 0)
        self._grabbed_at = 0
        self._make_grips()

    def _place_columns(self) -> None:
        left = (self._lesson, self._lesson_gap, self._left)
        upper = hbox((self._middle, 1), theme.PANEL_GAP, self._right, spacing=0)
        body = hbox(*left, (vbox((upper, 1), self._foot, spacing=theme.PANEL_GAP), 1), spacing=0)
        body.setContentsMargins(*[theme.PANEL_GAP] * 4)
        vbox(self.parts.transport, (body, 1), of=self, spacing=0)

    def _scrolled(self, column: QWidget) -> QScrollArea:
        """The column, which scrolls in a low window; its bar stands in the gap beside it."""
        column.setFixedWidth(theme.SIDE_COLUMN)
        area = scrolling(column)
        area.setFixedWidth(theme.SIDE_COLUMN + theme.PANEL_GAP)
        area.setObjectName("left column")
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
        parts = self.parts
        parts.transport.present(on)
        parts.network.present(on)
        parts.output.present(on)
        if on:
            theme.manager().set_scale(presenter.SCALE, presenter.LEAST)
        else:
            theme.manager().set_scale(1.0)
            parts.lesson.set_width(None)
        self.fit()

    # Sizes.

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Also where the window stays as it is, and its menu comes or goes."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Size everything for the window as it is; the canvas takes about a third of the width."""
        parts, height = self.parts, self.height()
        is_low = self._is_low()
        is_squeezed = not self._lesson.isHidden() and self.width() < ROOM_FOR_LESSON_AND_DATA
        self._left.setVisible(not self.is_presenting and not is_squeezed)
        parts.training.setVisible(not self.is_presenting)
        if self.is_presenting:
            self._fit_for_the_projector()
        else:
            self._move_curves(self._middle if is_low else self._right)
            self._share_out()
        for panel in (parts.data, parts.draw, parts.features):
            panel.set_compact(height < ROOMY_WINDOW)
        parts.draw.keep_room(height >= ROOM_FOR_CLASSES)
        self._show_grips()

    def _is_low(self) -> bool:
        return self.window().height() < LOW_WINDOW

    def _share_out(self) -> None:
        parts, is_low, room = self.parts, self._is_low(), self._room()
        parts.training.set_folded(is_low or room.widest_middle < parts.training.form_width())
        if not parts.training.is_folded:
            room = replace(room, middle=parts.training.form_width())
        self._sizes = sizes = shared_out(room, self._wishes)
        self._right.setFixedWidth(sizes.right)
        is_roomy = sizes.has_key and not is_low
        parts.output.set_canvas_side(sizes.canvas, CANVAS_LEAST if is_roomy else 0)
        parts.output.set_low(not sizes.has_key)
        parts.curves.setMinimumHeight(sizes.curves if is_low else 0)
        parts.curves.setMaximumHeight(sizes.curves if is_low else _UNBOUNDED)

    def _room(self) -> Room:
        beside = 2 * theme.PANEL_GAP
        for shown, width in (
            (self._left, theme.SIDE_COLUMN + theme.PANEL_GAP),
            (self._lesson, self._lesson.minimumWidth() + theme.PANEL_GAP),
        ):
            beside += 0 if shown.isHidden() else width
        return Room(
            self.width() - beside,
            self.height() - self.parts.transport.height() - 2 * theme.PANEL_GAP,
            self.width(),
            self._is_low(),
        )

    def _fit_for_the_projector(self) -> None:
        parts, has_lesson = self.parts, not self._lesson.isHidden()
        width = self.width() - 2 * theme.PANEL_GAP
        height = self.height() - parts.transport.height() - 2 * theme.PANEL_GAP
        stand = presenter.stand(width, height, has_lesson=has_lesson)
        self._move_curves(self._foot if stand.is_across else self._middle)
        parts.lesson.set_width(stand.lesson)
        parts.network.present(True, has_title=stand.has_network_title)
        parts.output.set_low(not stand.has_key)
        parts.output.present(True, has_title=stand.has_title, has_foot=not stand.is_across)
        parts.output.set_canvas_side(stand.canvas)
        parts.curves.setFixedHeight(stand.curves)
        self._right.setFixedWidth(stand.canvas + 2 * theme.PANEL_PADDING)

    def _move_curves(self, column: QWidget) -> None:
        """Put the curves at the foot of one of the columns, or of all of them."""
        _move_to(column, self.parts.curves)
        self._foot.setVisible(column is self._foot)

    # Grips.

    def _make_grips(self) -> None:
        parts = self.parts
        self._grips = {
            "right": Grip(self._middle, self._right, N_("Width of the output"), upright=True),
            "curves": Grip(parts.output, parts.curves, N_("Height of the curves"), upright=False),
            "curves_low": Grip(
                parts.network, parts.training, N_("Height of the curves"), upright=False
            ),
        }
        for wish, grip in self._grips.items():
            grip.grabbed.connect(partial(self._on_grabbed, wish))
            grip.moved.connect(partial(self._on_moved, wish))
            grip.released.connect(partial(self._keep, wish))
            grip.restored.connect(partial(self._on_restored, wish))

    def _show_grips(self) -> None:
        is_low = self._is_low()
        for wish, is_there in (("right", True), ("curves", not is_low), ("curves_low", is_low)):
            self._grips[wish].set_on(is_there and not self.is_presenting)

    def _size_of(self, wish: str) -> int:
        return self._sizes.right if wish == "right" else self._sizes.curves

    def _on_grabbed(self, wish: str) -> None:
        self._grabbed_at = self._size_of(wish)

    def _on_moved(self, wish: str, by: int) -> None:
        """Each of them stands before what it sizes, which is smaller the further it goes."""
        self._wishes = replace(self._wishes, **{wish: self._grabbed_at - by})
        self.fit()

    def _keep(self, wish: str) -> None:
        """For the next time, as far as there was room for it."""
        self._wishes = replace(self._wishes, **{wish: self._size_of(wish)})
        QSettings().setValue(_KEY.format(wish), self._size_of(wish))

    def _on_restored(self, wish: str) -> None:
        self._wishes = replace(self._wishes, **{wish: None})
        QSettings().remove(_KEY.format(wish))
        self.fit()


def _kept() -> Wishes:
    """What the person has dragged before now; what is no number counts for nothing."""
    values = {field.name: QSettings().value(_KEY.format(field.name)) for field in fields(Wishes)}
    return Wishes(**{name: int(v) for name, v in values.items() if str(v).isdecimal()})


def _move_to(column: QWidget, widget: QWidget) -> None:
    """Put a widget at the end of a column, where it takes the height that is left."""
    layout = column.layout()
    assert isinstance(layout, QVBoxLayout)
    if widget.parentWidget() is not column:
        layout.addWidget(widget, 1)


def _column() -> QWidget:
    """Where widgets will stand above each other."""
    column = QWidget()
    vbox(of=column, spacing=theme.PANEL_GAP)
    return column


def _fill(column: QWidget, *widgets: QWidget, stretch: int | None) -> None:
    """Put widgets into a column; number `stretch` takes the height that is left."""
    layout = column.layout()
    assert isinstance(layout, QVBoxLayout)
    fill(layout, *[(widget, int(index == stretch)) for index, widget in enumerate(widgets)])
    if stretch is None:
        layout.addStretch(1)
