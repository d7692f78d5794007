"""One class of points in a list: its marker, its name, its menu, and the field in which it is
renamed.

Imports core, PySide6 and the widget kit; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMenu, QSizePolicy, QToolTip, QWidget

from playground.core import class_looks
from playground.core.class_looks import ClassLooks
from playground.core.data.points import MOST_DRAWN_CLASSES
from playground.core.messages import N_
from playground.ui.data import class_menu
from playground.ui.language import tr, trn
from playground.ui.look import theme
from playground.ui.look.marker_shapes import paint_class
from playground.ui.widgets import FocusRing, describe, draw_fitted, fill_with, painting, wrapped

LONGEST_NAME = 40
_ROW_HELP = N_(
    "{name}, {points}. Draw points of this class. Key: {key}."
    " Double-click or F2 gives it another name; a right click has its colour and marker, too."
)
_HELP_WITHOUT_KEY = N_(
    "{name}, {points}. Draw points of this class."
    " Double-click or F2 gives it another name; a right click has its colour and marker, too."
)
_REMOVE = N_("The class, its points and its name. Undo brings them back.")
_FEWEST = N_("There have to be two classes: there would be nothing to tell apart.")
Says = Literal["all", "key", "name"]
"""What stands beside the marker: name, key and number of points; these without the name, or without
the key.
"""


class ClassRow(FocusRing, QAbstractButton):
    """One class: its marker in its colour, its name, the key that chooses it, its points."""

    renameRequested = Signal()
    colorRequested = Signal(str)  # as files write it
    markerRequested = Signal(str)  # key of class_looks.SYMBOLS
    clearRequested = Signal()  # its points are to go
    removeRequested = Signal()  # the class itself, too

    _HEIGHT = 24
    _COMPACT_HEIGHT = 20
    _MARKER = 10
    _NAME_IN_HALF = 32
    ring_radius = 6.0

    def __init__(self, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._index = index
        self._name = ""
        self._count = 0
        self._looks = class_looks.DEFAULT
        self._can_go = False
        self._says: Says = "all"
        self._is_compact = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._explain()

    def key(self) -> str:
        """The digit that chooses this class: 1 to 9, then 0; "" for those behind the tenth."""
        return str((self._index + 1) % 10) if self._index < MOST_DRAWN_CLASSES else ""

    def count(self) -> int:
        return self._count

    def name(self) -> str:
        return self._name

    def has_long_name(self) -> bool:
        """True for a name that half of a row has no room for."""
        width = QFontMetrics(theme.font()).horizontalAdvance(self._name)
        return width > theme.scaled(self._NAME_IN_HALF)

    def points_text(self) -> str:
        """How many points the class has, in words."""
        return trn("{count:,} point", "{count:,} points", self._count)

    def show_looks(self, looks: ClassLooks, *, can_go: bool) -> None:
        """Show what the classes look like; `can_go` where enough are left without this one."""
        self._looks, self._can_go = looks, can_go
        self.update()

    def show_class(self, name: str, count: int, *, says: Says = "all") -> None:
        """Show another name or count."""
        if (name, count, says) != (self._name, self._count, self._says):
            self._name, self._count, self._says = name, count, says
            self._explain()
            self.update()

    def set_compact(self, is_compact: bool) -> None:
        """Take less height."""
        self._is_compact = is_compact
        self.updateGeometry()

    def _explain(self) -> None:
        points = self.points_text()
        template = _ROW_HELP if self.key() else _HELP_WITHOUT_KEY
        help_ = tr(template, name=self._name, points=points, key=self.key())
        describe(self, f"{self._name}: {points}", help_)

    # The hand -----------------------------------------------------------------------------------

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.renameRequested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2:
            self.renameRequested.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        menu.addAction(tr("Rename"), self.renameRequested.emit)
        color, shape = self._looks.color(self._index), self._looks.marker(self._index)
        class_menu.add_colors(menu, color, shape, self.colorRequested.emit)
        class_menu.add_markers(menu, color, shape, self.markerRequested.emit)
        menu.addSeparator()
        text = tr("Remove its {points}", points=self.points_text())
        clear = menu.addAction(text, self.clearRequested.emit)
        clear.setEnabled(self._count > 0)
        remove = menu.addAction(tr("Remove class with its points"), self.removeRequested.emit)
        remove.setEnabled(self._can_go)
        remove.setToolTip(wrapped(_REMOVE if self._can_go else _FEWEST))
        menu.popup(event.globalPos())

    # The picture --------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(80, theme.scaled(self._COMPACT_HEIGHT if self._is_compact else self._HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        with painting(self) as painter:
            if self.isChecked() or self.underMouse():
                fill_with(painter, now.soft)
                painter.drawRoundedRect(self.rect(), self.ring_radius, self.ring_radius)
            self._paint_marker(painter)
            self._paint_text(painter, now)
            if self.has_ring():
                box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
                self.paint_ring(painter, box, self.ring_radius)

    def _paint_marker(self, painter: QPainter) -> None:
        size = theme.scaled(self._MARKER)
        middle = QPointF(theme.GAP + size / 2, self.height() / 2)
        paint_class(painter, self._looks, self._index, middle, size)

    def _paint_text(self, painter: QPainter, now: theme.Theme) -> None:
        left = theme.GAP * 2 + theme.scaled(self._MARKER)
        area = self.rect().adjusted(left, 0, -theme.GAP, 0)
        numbers = f"{self._count:,}" if self._says == "name" else f"{self.key()} · {self._count:,}"
        painter.setFont(theme.font("caption"))
        painter.setPen(now.muted_on_soft)
        says_name = self._says != "key"
        end = Qt.AlignmentFlag.AlignRight if says_name else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, end | Qt.AlignmentFlag.AlignVCenter, numbers)
        if not says_name:
            return
        taken = QFontMetrics(theme.font("caption")).horizontalAdvance(numbers) + theme.GAP
        painter.setFont(theme.font())
        painter.setPen(now.ink)
        room = QRectF(area.adjusted(0, 0, -taken, 0))
        draw_fitted(painter, room, Qt.AlignmentFlag.AlignVCenter, self._name)


class NameEdit(QLineEdit):
    """A field over the row of a class, in which its name is changed; it goes when that is done.

    Enter and leaving the field take the name, Escape keeps the old one. A name that another class
    has is refused: Enter leaves it to be corrected, leaving the field gives it up.
    """

    named = Signal(str)  # the new name

    _WIDTH = 150

    def __init__(self, row: ClassRow, others: Collection[str], area: QWidget) -> None:
        super().__init__(row.name(), area)
        self._row, self._before, self._others = row, row.name(), others
        self._is_done = False
        self.setMaxLength(LONGEST_NAME)
        self.setAcceptDrops(False)  # a file is for the window, which opens it
        describe(
            self,
            tr("New name of {name}", name=row.name()),
            "The name of this class. Enter takes it, Escape keeps the old one.",
        )
        self._cover(row, area)
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _cover(self, row: ClassRow, area: QWidget) -> None:
        """Lie over the row, wide enough to write in and inside the area."""
        width = max(row.width(), theme.scaled(self._WIDTH))
        height = self.sizeHint().height()
        corner = row.mapTo(area, QPoint(0, (row.height() - height) // 2))
        left = min(corner.x(), area.width() - theme.PANEL_PADDING - width)
        self.setGeometry(left, corner.y(), width, height)

    def event(self, event: QEvent) -> bool:
        # While one writes here, no key is a shortcut of the window.
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_for_good()
            self._row.setFocus()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_enter()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # The field's own menu, and another window, only borrow the focus.
        reason = event.reason()
        if reason not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        ):
            self._take()

    def _on_enter(self) -> None:
        if self._name() in self._others:
            text = tr("Another class is called '{name}'; choose another name.", name=self._name())
            self._refuse(text)
        else:
            self._row.setFocus()  # leaving the field takes the name

    def _name(self) -> str:
        """What is written, without blanks that nobody sees."""
        return " ".join(self.text().split())

    def _take(self) -> None:
        name = self._name()
        if self.close_for_good() and name and name != self._before and name not in self._others:
            self.named.emit(name)

    def _refuse(self, message: str) -> None:
        describe(self, self.accessibleName(), message)
        self.setProperty("refused", True)
        self.style().unpolish(self)  # the stylesheet looks at properties only when polishing
        self.style().polish(self)
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), wrapped(message), self)

    def close_for_good(self) -> bool:
        """Go away without a new name; False where that is under way already, because hiding takes
        the focus.
        """
        if self._is_done:
            return False
        self._is_done = True
        self.hide()
        self.deleteLater()
        return True
