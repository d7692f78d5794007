"""What windows that ended unexpectedly have left behind: a list, to restore or to discard.

Decides nothing: it holds the places until it closes, calls `restore` for one, and removes those
that are discarded only then, so that a slip of the hand can be taken back. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QDateTime, QLocale, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QScrollArea, QSizePolicy, QWidget

from playground.core.messages import N_
from playground.engines.recovery_file import Outline
from playground.engines.recovery_folder import Place
from playground.ui.language import code, tr, trn
from playground.ui.look import theme
from playground.ui.widgets import Label, PrimaryButton, QuietButton, describe, wrapped
from playground.ui.widgets.layouts import STRETCH, hbox, scrolling, vbox

WIDTH, MOST_HEIGHT = 560, 360
_LATER_HELP = N_("Decide at the next start; nothing is lost until then.")
_DISCARD_HELP = N_("Throw this work away when this dialog closes.")

Restore = Callable[[Place, Outline], bool]
"""Puts a place into the window; False where the person would rather keep what is open."""


class RestoreDialog(QDialog):
    """One row for each window that left something behind."""

    def __init__(
        self, found: Sequence[tuple[Place, Outline]], restore: Restore, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Restore"))
        self._restore = restore
        self.rows = [
            _Row(place, outline, self, is_first=not n) for n, (place, outline) in enumerate(found)
        ]
        headline = Label("Playground ended unexpectedly.", "headline")
        words = Label("This work was not saved. What is restored counts as unsaved.", muted=True)
        words.setWordWrap(True)
        self.later = QuietButton("Later", _LATER_HELP)
        self.later.clicked.connect(self.reject)
        foot = hbox(STRETCH, self.later, spacing=None)
        vbox(headline, words, self._scrolled(), foot, of=self, margins=2 * theme.GAP)
        self.setMinimumWidth(theme.scaled(WIDTH))
        self.rows[0].restore.setDefault(True)
        self.rows[0].restore.setFocus()

    def _scrolled(self) -> QScrollArea:
        inside = QWidget()
        vbox(*self.rows, STRETCH, of=inside, spacing=None)
        area = scrolling(inside)
        describe(area, "What can be restored", "One row for each window that was open.")
        height = inside.sizeHint().height() + theme.UNIT
        area.setFixedHeight(min(height, theme.scaled(MOST_HEIGHT)))
        return area

    def take(self, row: _Row) -> None:
        """Restore one; what is not discarded stays for later."""
        self.rows.remove(row)
        self.hide()
        if self._restore(row.place, row.outline):
            self.accept()
        else:
            self.rows.insert(0, row)
            self.show()

    def show_what_is_left(self) -> None:
        """Return restores the first that is not discarded; with all discarded, nothing is decided
        later.
        """
        wanted = (row.restore for row in self.rows if not row.is_discarded)
        next(wanted, self.later).setDefault(True)
        is_all = all(row.is_discarded for row in self.rows)
        self.later.setText(tr("Close" if is_all else "Later"))
        if is_all:
            describe(self.later, "Close", _DISCARD_HELP)
        else:
            describe(self.later, "Later", _LATER_HELP)

    def done(self, result: int) -> None:
        """Remove what was discarded, and leave the rest to the next start."""
        for row in self.rows:
            if row.is_discarded:
                row.place.remove()
            else:
                row.place.release()
        self.rows = []
        super().done(result)


class _Row(QWidget):
    """What was left behind by one window, and what can be done with it."""

    def __init__(
        self, place: Place, outline: Outline, dialog: RestoreDialog, *, is_first: bool
    ) -> None:
        super().__init__()
        self.place, self.outline, self._dialog = place, outline, dialog
        self.is_discarded = False
        self._name = name = tr(outline.title)
        self._title, self._words = _Name(name), Label(said(outline), "caption", muted=True)
        kind = PrimaryButton if is_first else QuietButton  # what Return does stands out, once
        self.restore = kind("Restore", "Put this work into the window.")
        self.discard = QuietButton("Discard", _DISCARD_HELP)
        describe(self.restore, tr("Restore “{name}”", name=name), "Put this work into the window.")
        describe(
            self.discard,
            tr("Discard “{name}”", name=name),
            _DISCARD_HELP,
        )
        self.restore.clicked.connect(self._on_restore)
        self.discard.clicked.connect(self._on_discard)
        text = vbox(self._title, self._words, spacing=0)
        hbox((text, 1), self.discard, self.restore, of=self, margins=(0, theme.UNIT, 0, theme.UNIT))

    @Slot()
    def _on_restore(self) -> None:
        self._dialog.take(self)

    @Slot()
    def _on_discard(self) -> None:
        """Discard it, or keep it after all."""
        self.is_discarded = not self.is_discarded
        self._title.strike_out(self.is_discarded)
        self.restore.setEnabled(not self.is_discarded)
        words = N_("Keep “{name}”") if self.is_discarded else "Discard “{name}”"
        describe(self.discard, tr(words, name=self._name), _DISCARD_HELP)
        self.discard.setText(tr("Keep" if self.is_discarded else "Discard"))
        self._dialog.show_what_is_left()


class _Name(Label):
    """A name that is cut where there is no room for it; its tooltip says it whole."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._whole = name
        self.setAccessibleName(name)
        self.setToolTip(wrapped(name))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def strike_out(self, on: bool) -> None:
        self.set_muted(on)
        font = self.font()
        font.setStrikeOut(on)
        self.setFont(font)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setText(
            self.fontMetrics().elidedText(
                self._whole, Qt.TextElideMode.ElideMiddle, self.contentsRect().width()
            )
        )


def said(outline: Outline) -> str:
    """When it was kept, and how much of it there is, in the language of the window."""
    moment = QDateTime.fromSecsSinceEpoch(int(outline.when))
    # Without a country, 11/12 is a day in November or in December: so the month has its name.
    parts = [QLocale(code()).toString(moment, tr("d MMM yyyy, HH:mm"))]
    if outline.points is not None:
        parts.append(trn("{count:,} point", "{count:,} points", outline.points))
    if outline.epoch:
        parts.append(tr("trained to epoch {epoch}", epoch=f"{outline.epoch:,}"))
    if outline.step is not None:
        parts.append(tr("step {number} of a lesson", number=outline.step + 1))
    return " · ".join(parts)
