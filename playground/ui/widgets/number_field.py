"""NumberField: a number typed freely, checked when it is given, stepped with the arrow keys.

Imports PySide6 and the theme; GUI thread only.
"""

import math
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from playground.core import numbers
from playground.core.errors import PlaygroundError
from playground.core.messages import N_, Message
from playground.ui.language import tr
from playground.ui.look import icons, theme
from playground.ui.widgets.base import describe, say_in_popup, wrapped
from playground.ui.widgets.focus import ENTER_KEYS, give_focus_back, leave_by_escape


def parse(text: str, name: str, minimum: float, maximum: float, *, integer: bool = False) -> float:
    """The number that a person wrote: `0.03`, `1e-3`, `0,03`; for a whole one also `1,000`.

    Raises:
        PlaygroundError: no number, not finite, not whole where it must be, or out of bounds; one
            sentence with the name, the entry and the way out.
    """
    entry = text.strip()
    try:
        value = numbers.read(entry, integer=integer)
    except ValueError:
        value = math.nan
        fault = N_("{name}: '{entry}' is not a number; {way_out}.")
    else:
        fault = _fault(value, minimum, maximum, integer=integer)
    if not fault:
        return value
    written = partial(numbers.entry, integer=integer)
    bounds = {"low": written(minimum), "high": written(maximum)}
    way_out = Message("enter a number from {low} to {high}", **bounds)
    if integer:
        way_out = Message("enter a whole number from {low} to {high}", **bounds)
    told = {"name": Message(name), "entry": _short(entry), "value": written(value)}
    raise PlaygroundError(fault, way_out=way_out, **told, **bounds)


def _fault(value: float, minimum: float, maximum: float, *, integer: bool) -> str:
    """What is wrong with a number; "" where nothing is."""
    if not math.isfinite(value):
        return N_("{name}: '{entry}' is not a finite number; {way_out}.")
    if integer and value != round(value):
        return N_("{name}: {value} is not a whole number; {way_out}.")
    if value < minimum:
        return N_("{name}: {value} is below {low}; {way_out}.")
    return N_("{name}: {value} is above {high}; {way_out}.") if value > maximum else ""


def _short(entry: str) -> str:
    return entry if len(entry) <= 24 else f"{entry[:23]}…"


class NumberField(QLineEdit):
    """A number in a line of text.

    The entry is read at Enter and when the focus leaves. A good one becomes `value()`; a refused
    one stays to be corrected, marked, with a sentence that says why, while `value()` keeps the last
    good number; Escape brings that back. Enter with a good entry, and Escape, give the keyboard
    back to the window. Up and Down step by `step`, or with `log` along the ladder ..., 0.01, 0.03,
    0.1, 0.3, 1, ...

    `set_value` is silent; the signals tell of the person's hand only.
    """

    valueCommitted = Signal(float)  # the number changed
    refused = Signal(object)  # one sentence: what was refused, why, and what is possible

    def __init__(
        self,
        name: str,
        minimum: float,
        maximum: float,
        value: float,
        *,
        step: float = 1.0,
        log: bool = False,
        integer: bool = False,
        help_text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._minimum, self._maximum = minimum, maximum
        self._step, self._log, self.is_whole = step, log, integer
        self._value = value
        self._message = ""
        self._help = help_text
        self._mark = QAction(self)
        self._mark.setVisible(False)
        self.addAction(self._mark, QLineEdit.ActionPosition.TrailingPosition)
        self.setMinimumWidth(64)
        self.setAcceptDrops(False)  # a file is for the window, which opens it
        describe(self, name, help_text)
        self._dress()
        self.set_value(value)
        self.editingFinished.connect(self._on_finished)
        self.textEdited.connect(self._forget_refusal)

    def value(self) -> float:
        """The last good number."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a number that is known to be good; emits nothing."""
        self._value = value
        self._show_text(numbers.entry(value, integer=self.is_whole))
        self._forget_refusal()

    def _show_text(self, text: str) -> None:
        self._shown = text
        self.setText(text)
        self.setCursorPosition(0)

    def message(self) -> str:
        """Why the entry on show was refused; "" if it was not."""
        return self._message

    @Slot()
    def _on_finished(self) -> None:
        """Enter, and then the focus leaves: what is on show by then is no entry."""
        if self.text() != self._shown:
            self._read_entry()

    def _read_entry(self) -> None:
        try:
            value = parse(
                self.text(), self._name, self._minimum, self._maximum, integer=self.is_whole
            )
        except PlaygroundError as error:
            self._refuse(tr(error))
            return
        changed = value != self._value
        self.set_value(value)
        if changed:
            self.valueCommitted.emit(value)

    def _refuse(self, message: str) -> None:
        if message == self._message:
            return
        self._set_message(message)
        say_in_popup(self, message)
        self.refused.emit(message)

    def _forget_refusal(self) -> None:
        if self._message:
            self._set_message("")
            QToolTip.hideText()

    def _set_message(self, message: str) -> None:
        self._message = message
        self._mark.setVisible(bool(message))
        self._mark.setToolTip(wrapped(message))
        describe(self, self._name, message or self._help)
        self.setProperty("refused", bool(message))
        self.style().unpolish(self)  # the stylesheet looks at properties only when polishing
        self.style().polish(self)

    def _stepped(self, direction: int) -> float:
        value = _next_rung(self._value, direction) if self._log else self._on_step(direction)
        value = min(self._maximum, max(self._minimum, value))
        return float(round(value)) if self.is_whole else value

    def _on_step(self, direction: int) -> float:
        return float(f"{self._value + direction * self._step:.12g}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if direction is not None:
            value = self._stepped(direction)
            changed = value != self._value
            self.set_value(value)
            if changed:
                self.valueCommitted.emit(value)
        elif event.key() == Qt.Key.Key_Escape:
            self._show_again()
            leave_by_escape(self, event)
        else:
            super().keyPressEvent(event)
            if event.key() in ENTER_KEYS and not self._message:
                give_focus_back(self)

    def _show_again(self) -> None:
        """Show the last good number in place of what is being typed."""
        self.set_value(self._value)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        self._mark.setIcon(icons.icon("warning", theme.current().warning, theme.scaled(16)))


def _next_rung(value: float, direction: int) -> float:
    """The next of ..., 0.1, 0.3, 1, 3, 10, ... above or below a positive value."""
    decade = math.floor(math.log10(value)) if value > 0 else -6
    rungs = [
        float(f"{digit}e{exponent}")
        for exponent in range(decade - 1, decade + 3)
        for digit in (1, 3)
    ]
    if direction > 0:
        return next(rung for rung in rungs if rung > value * (1 + 1e-9))
    return next((rung for rung in reversed(rungs) if rung < value * (1 - 1e-9)), value)
