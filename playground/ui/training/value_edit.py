"""The entry of a form for a number, with its usual values and a word that may stand in its place.

Owns how such a value is typed, chosen and read. Imports PySide6, the widget kit and the theme; GUI
thread only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QTextLayout
from PySide6.QtWidgets import QLineEdit, QMenu

from playground.core import numbers
from playground.ui.language import tr
from playground.ui.look import icons, theme
from playground.ui.widgets import NumberField, give_focus_back


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a number may be (both ends included) and how the arrow keys move it."""

    minimum: float
    maximum: float
    step: float = 1.0
    log: bool = False
    integer: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A value in place of a number: "Full" for `"full"`, "Never" for None."""

    text: str
    value: Any


class ValueEdit(NumberField):
    """A number with a menu of usual values and, where there is one, a word in place of it.

    The menu opens with the arrow at the right end or with Alt+Down. `valueCommitted` and
    `wordCommitted` report only what the person does.
    """

    wordCommitted = Signal(object)  # what the word stands for

    def __init__(
        self,
        name: str,
        bounds: Bounds,
        help_text: str = "",
        *,
        usual: Sequence[float] = (),
        word: Word | None = None,
    ) -> None:
        self._shows_word = False
        self._word = word
        self._usual = usual
        super().__init__(
            name,
            bounds.minimum,
            bounds.maximum,
            bounds.minimum,
            step=bounds.step,
            log=bounds.log,
            integer=bounds.integer,
            help_text=help_text,
        )
        self._arrow = QAction(self)
        self._arrow.setText(tr("{name}: usual values", name=tr(name)))
        self._arrow.triggered.connect(self.open_menu)
        if usual:
            self.addAction(self._arrow, QLineEdit.ActionPosition.TrailingPosition)
        self._draw_arrow()

    def shows_word(self) -> bool:
        """True while the word stands in place of a number."""
        return self._shows_word

    def show_word(self) -> None:
        """Show the word; emits nothing."""
        if self._word is not None:
            self.set_value(self.value())
            self._show_text(tr(self._word.text))
            self._shows_word = True
            self._lower_text(self._above_the_middle())

    def set_value(self, value: float) -> None:
        super().set_value(value)
        self._shows_word = False
        self._lower_text(0)

    def _above_the_middle(self) -> int:
        """Pixels that the text stands too high: Qt raises letters of a taller font, such as
        Japanese ones, by what they reach higher than those of this one.
        """
        layout = QTextLayout(self.text(), self.font())
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        return max(0, round(line.ascent() - self.fontMetrics().ascent()))

    def _lower_text(self, pixels: int) -> None:
        self.setTextMargins(0, pixels, 0, -pixels)

    @Slot()
    def open_menu(self) -> None:
        """List the usual values under the field."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setMinimumWidth(self.width())
        if self._word is not None:
            menu.addAction(tr(self._word.text))
        for value in self._usual:
            text = numbers.entry(value, integer=self.is_whole)
            menu.addAction(text).setData(value)
        menu.triggered.connect(self._on_menu_triggered)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    @Slot(QAction)
    def _on_menu_triggered(self, action: QAction) -> None:
        value = action.data()
        if value is None:
            self._choose_word()
        else:
            self._choose(float(value))
        give_focus_back(self)

    def _choose(self, value: float) -> None:
        changed = self._shows_word or value != self.value()
        self.set_value(value)
        if changed:
            self.valueCommitted.emit(value)

    @Slot()
    def _choose_word(self) -> None:
        changed = not self._shows_word
        self.show_word()
        if changed and self._word is not None:
            self.wordCommitted.emit(self._word.value)

    def _read_entry(self) -> None:
        if self._word is not None and self.text().strip().lower() in _spellings(self._word):
            self._choose_word()
            return
        showed_word, before = self._shows_word, self.value()
        super()._read_entry()
        # The base only sees numbers: going back to the one before the word is a change, too.
        if showed_word and not self._shows_word and self.value() == before:
            self.valueCommitted.emit(before)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        has_alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if has_alt and event.key() == Qt.Key.Key_Down and self._usual:
            self.open_menu()
        else:
            super().keyPressEvent(event)

    def _show_again(self) -> None:
        if self._shows_word:
            self.show_word()
        else:
            super()._show_again()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_arrow()

    def _draw_arrow(self) -> None:
        self._arrow.setIcon(icons.icon("chevron-down", theme.current().ink, theme.scaled(14)))


def _spellings(word: Word) -> tuple[str, ...]:
    """What means the word: nothing at all, and the word in either language."""
    return "", word.text.lower(), tr(word.text).lower()
