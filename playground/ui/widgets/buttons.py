"""Buttons: primary, quiet, link, icon tools, and the feature chip.

Imports PySide6, the theme and the icons; GUI thread only. Their surfaces come from the application
stylesheet (`role` and `framed` properties); the chip is painted here.
"""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QIcon, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QPushButton, QToolButton, QWidget

from playground.ui.language import tr
from playground.ui.look import icons, theme
from playground.ui.widgets.base import FocusRing, Restyled, describe, painting, round_rect

_AROUND_LABEL = 18
"""Pixels from the edge of a button to its icon or its label, the border included."""


class _Drawn(Restyled):
    """Mixin of what has drawn icons: they are drawn anew only where something looks different.

    Qt tells of a change of style for every new parent, too.
    """

    _drawn_for: object = None

    def _restyle(self) -> None:
        if self._drawn_for != theme.look():
            self._drawn_for = theme.look()
            self._dress()


class _TextButton(_Drawn, FocusRing, QPushButton):
    """A push button with a role in the stylesheet and an optional line icon."""

    role = "quiet"
    _gap = theme.UNIT
    """Pixels between icon and label, beside those that Qt leaves."""
    _labels: tuple[str, ...] = ()
    _least = 0

    def __init__(
        self, text: str, help_text: str = "", icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(tr(text), parent)
        self._icon_name = icon
        self.setProperty("role", self.role)
        self.setAutoDefault(False)
        describe(self, text, help_text)
        self._dress()

    def set_icon(self, name: str) -> None:
        """Show another icon of `icons.names()`; "" shows none."""
        self._icon_name = name
        self._dress()

    def keep_width_for(self, *labels: str, least: int = 0) -> None:
        """Be wide enough for each of these labels, and never narrower than `least`: what the button
        says moves no neighbour.
        """
        self._labels, self._least = labels, least
        self._dress()

    def setText(self, text: str) -> None:
        super().setText(text)
        self._dress()

    def set_label(self, text: str) -> None:
        """Change text and accessible name together, as Train becomes Pause."""
        self.setText(tr(text))
        self.setAccessibleName(tr(text))

    def _dress(self) -> None:
        size, gap = theme.scaled(16), self._gap if self.text() else 0
        self.setIconSize(QSize(size + gap, size))
        now, name = theme.current(), self._icon_name
        color = {"primary": now.panel, "link": now.muted}.get(self.role, now.ink)
        self.setIcon(icons.icon(name, color, size, gap) if name else QIcon())
        if self._labels:
            measure = QFontMetrics(theme.font("strong")).horizontalAdvance
            widest = max(measure(tr(label)) for label in self._labels)
            needed = widest + size + gap + theme.GAP + 2 * _AROUND_LABEL
            self.setFixedWidth(max(self._least, needed))


class PrimaryButton(_TextButton):
    """The one thing to press in its area: panel-coloured text on ink, 36 px high."""

    role = "primary"


class QuietButton(_TextButton):
    """Any other action: a hairline border, 30 px high."""


class LinkButton(_TextButton):
    """An action in a running text or list ("+ Add class"): muted text without a border."""

    role = "link"
    _gap = 0


class ToolButton(_Drawn, FocusRing, QToolButton):
    """A square icon button; checked, it stands on ink.

    Args:
        icon: a name of `icons.names()`.
        name: the accessible name; with `help_text` it makes the tooltip.
        checkable: stays down when pressed; see `exclusive`.
        framed: a hairline border, for tools in a row; without it only the icon shows.
    """

    def __init__(
        self,
        icon: str,
        name: str,
        help_text: str = "",
        *,
        checkable: bool = False,
        framed: bool = True,
        size: int = theme.CONTROL_HEIGHT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._size = size
        self._word = ""
        self.setProperty("framed", framed)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        describe(self, name, help_text or name)
        self._dress()

    def set_icon(self, name: str) -> None:
        self._icon_name = name
        self._dress()

    def set_word(self, word: str) -> None:
        """Show a word in place of the icon, which could be taken for another; "" for the icon."""
        self._word = tr(word)
        self._dress()

    def _dress(self) -> None:
        edge = theme.scaled(self._size)
        self.setText(self._word)
        if self._word:
            self.setIcon(QIcon())
            width = QFontMetrics(theme.font()).horizontalAdvance(self._word)
            self.setFixedSize(width + 2 * theme.PANEL_PADDING, edge)
            return
        size = round(edge * 0.6)
        self.setFixedSize(edge, edge)
        self.setIconSize(QSize(size, size))
        color = None if self.property("framed") else theme.current().muted
        self.setIcon(icons.icon(self._icon_name, color, size))


def exclusive(buttons: Iterable[QAbstractButton], parent: QWidget) -> QButtonGroup:
    """Let one of the checkable buttons be down at a time; arrow keys walk through them."""
    group = QButtonGroup(parent)
    group.setExclusive(True)
    for index, button in enumerate(buttons):
        group.addButton(button, index)
    return group


class Chip(FocusRing, QAbstractButton):
    """A checkable pill, with a check mark when on; its width never depends on its state.

    A small one has an outline in place of the mark. `clicked(bool)` tells of the person,
    `toggled(bool)` of any change; Space is the key.
    """

    _PADDING, _SMALL_PADDING = 10, 5
    _MARK = 14
    _is_small = False

    def __init__(self, text: str, help_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(tr(text))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        describe(self, text, help_text)

    def set_small(self, is_small: bool) -> None:
        """Take no more room than the text."""
        self._is_small = is_small
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text())
        if self._is_small:
            return QSize(width + 2 * self._SMALL_PADDING, theme.scaled(26))
        mark = theme.scaled(self._MARK) + theme.UNIT
        return QSize(width + mark + 2 * self._PADDING, theme.scaled(26))

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        box = round_rect(self)
        radius = box.height() / 2
        with painting(self) as painter:
            hovered = self.underMouse() and self.isEnabled()
            painter.setPen(now.track if hovered else now.soft)
            painter.setBrush(now.soft)
            if self._is_small and self.isChecked():
                painter.setPen(QPen(now.ink, 1.5))
                box = round_rect(self, 1.0)
            painter.drawRoundedRect(box, radius, radius)
            self._paint_content(painter, now)
            if self.has_ring():
                self.paint_ring(painter, round_rect(self, 1.0), radius)

    def _paint_content(self, painter: QPainter, now: theme.Theme) -> None:
        color = now.ink if self.isChecked() else now.muted_on_soft
        left = self._PADDING
        if self.isChecked() and not self._is_small:
            size = theme.scaled(self._MARK)
            mark = icons.pixmap("check", color, size, self.devicePixelRatioF())
            painter.drawPixmap(left, (self.height() - size) // 2, mark)
            left += size + theme.UNIT
        painter.setPen(color if self.isEnabled() else theme.faded(now.muted, 0.6))
        if self._is_small:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
            return
        area = self.rect().adjusted(left, 0, -self._PADDING, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.text())
