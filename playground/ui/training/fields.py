"""The fields of a form: one setting each, a caption over its control.

Owns how a number, a pair, a yes or no and a choice are shown and asked for. A field knows nothing
of experiments: it shows a value (`show_value`, silent) and reports what the person does
(`committed`, `refused`). Imports PySide6, the widget kit and the theme; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QStyleOptionComboBox, QWidget

from playground.core.messages import Message
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.training.value_edit import Bounds, ValueEdit, Word
from playground.ui.widgets import Choice, Label, Switch, describe, say_in_popup
from playground.ui.widgets.layouts import hbox, vbox

_INK: Final = Qt.ItemDataRole.ForegroundRole


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a choice; with an `obstacle`, a sentence, it is listed and cannot be chosen."""

    value: Any
    label: str
    help: str = ""
    obstacle: str = ""


class Field(QWidget):
    """A caption over a control. `show_value` is silent; the signals report what the person does.

    known  the value that the field was told last, or has told itself: nobody has to tell it again
    """

    committed = Signal(object)  # the new value
    refused = Signal(object)  # one sentence

    def __init__(self, caption: str, control: QWidget, *, has_caption: bool = True) -> None:
        super().__init__()
        self.known: Any = object()  # nothing yet
        self.caption = caption
        self.control = control
        # Without a caption its line stays, so that controls in a row stand level.
        label = Label(caption if has_caption else "", "caption", muted=True)
        vbox(label, control, of=self, spacing=theme.UNIT)
        self.setFocusProxy(control)

    def most_width(self) -> int:
        """Pixels that it needs so that nothing it may come to show is cut."""
        return 0

    def shown_value(self) -> Any:
        """The value on show."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Show a value that is known to be good; emits nothing."""
        raise NotImplementedError

    def refresh(self, value: Any) -> None:
        """Show a value unless it is on show already, so that an entry being typed survives."""
        self.known = value
        if self.shown_value() != value:
            self.show_value(value)

    def refuse(self, sentence: str, value: Any) -> None:
        """Say why an entry cannot be, and show `value` again."""
        self.known = value
        self.show_value(value)
        say_in_popup(self.control, sentence)
        self.refused.emit(sentence)

    @Slot(object)
    def _commit(self, value: Any) -> None:
        """The person has chosen this."""
        self.known = value
        self.committed.emit(value)


class ValueField(Field):
    """A number, or the word in its place."""

    def __init__(
        self,
        caption: str,
        bounds: Bounds,
        help_text: str = "",
        *,
        usual: Sequence[float] = (),
        word: Word | None = None,
    ) -> None:
        self.edit = ValueEdit(caption, bounds, help_text, usual=usual, word=word)
        super().__init__(caption, self.edit)
        self.bounds, self._word = bounds, word
        self.edit.valueCommitted.connect(self._on_number)
        self.edit.wordCommitted.connect(self._commit)
        self.edit.refused.connect(self.refused)

    def shown_value(self) -> Any:
        if self._word is not None and self.edit.shows_word():
            return self._word.value
        return int(self.edit.value()) if self.bounds.integer else self.edit.value()

    def show_value(self, value: Any) -> None:
        if self._word is not None and value == self._word.value:
            self.edit.show_word()
        else:
            self.edit.set_value(float(value))

    @Slot(float)
    def _on_number(self, value: float) -> None:
        self._commit(int(value) if self.bounds.integer else value)


class PairField(Field):
    """Two numbers that belong together, such as Adam's betas."""

    def __init__(self, caption: str, bounds: Sequence[Bounds], help_text: str = "") -> None:
        control = QWidget()
        row = hbox(of=control, spacing=theme.UNIT)
        label = Message(caption)
        names = Message("{name}, first", name=label), Message("{name}, second", name=label)
        self.edits = [
            ValueEdit(name, each, help_text) for name, each in zip(names, bounds, strict=True)
        ]
        super().__init__(caption, control)
        self.setFocusProxy(self.edits[0])
        for edit in self.edits:
            edit.setMinimumWidth(theme.scaled(56))
            row.addWidget(edit, 1)
            edit.valueCommitted.connect(self._on_edited)
            edit.refused.connect(self.refused)

    def shown_value(self) -> tuple[float, ...]:
        return tuple(edit.value() for edit in self.edits)

    def show_value(self, value: Sequence[float]) -> None:
        for edit, each in zip(self.edits, value, strict=True):
            edit.set_value(each)

    @Slot()
    def _on_edited(self) -> None:
        self._commit(self.shown_value())


class SwitchField(Field):
    """Yes or no; the caption stands beside the switch."""

    def __init__(self, caption: str, help_text: str = "") -> None:
        self.switch = Switch(caption, help_text)
        super().__init__(caption, self.switch, has_caption=False)
        self.switch.clicked.connect(self._commit)

    def shown_value(self) -> bool:
        return self.switch.isChecked()

    def show_value(self, value: bool) -> None:
        self.switch.setChecked(value)


class _ElidedChoice(Choice):
    """A choice that ends a label too long for it with an ellipsis."""

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        room = self.width() - self.around_text()
        elide = Qt.TextElideMode.ElideRight
        option.currentText = self.fontMetrics().elidedText(self.currentText(), elide, room)

    @staticmethod
    def around_text() -> int:
        """Pixels of the stylesheet's border and padding, and of the arrow."""
        return 2 * (1 + 9) + theme.scaled(18)


class ChoiceField(Field):
    """One of several named values, whatever their type."""

    def __init__(self, caption: str, entries: Sequence[Entry], help_text: str = "") -> None:
        self.choice = _ElidedChoice(caption, help_text=help_text)
        super().__init__(caption, self.choice)
        self._help = help_text
        self._entries: tuple[Entry, ...] = ()
        self.set_entries(entries)
        self.choice.chosen.connect(self._on_chosen)

    def most_width(self) -> int:
        return max((self._width_of(tr(entry.label)) for entry in self._entries), default=0)

    def shown_width(self) -> int:
        """Pixels that it needs for what it shows now."""
        return self._width_of(self.choice.currentText())

    def _width_of(self, text: str) -> int:
        self.choice.ensurePolished()  # before, it does not know its font
        # A text may be a fraction of a pixel wider than it says, and would end in dots.
        return self.choice.fontMetrics().horizontalAdvance(text) + 1 + self.choice.around_text()

    def entries(self) -> tuple[Entry, ...]:
        """What is listed now."""
        return self._entries

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """List other entries; the one on show stays if it is among them. Emits nothing."""
        if tuple(entries) == self._entries:
            return
        shown = self.choice.key()
        self._entries = tuple(entries)
        self.choice.set_items((str(e.value), e.label, e.obstacle or e.help) for e in entries)
        if shown in {str(e.value) for e in entries}:
            self.choice.set_key(shown)
        self._bar_the_impossible()
        self._explain()

    def _bar_the_impossible(self) -> None:
        model = self.choice.model()
        if isinstance(model, QStandardItemModel):
            pale = theme.faded(theme.current().muted, 0.6)
            for row, entry in enumerate(self._entries):
                model.item(row).setEnabled(not entry.obstacle)
                model.item(row).setData(pale if entry.obstacle else None, _INK)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._bar_the_impossible()

    def shown_value(self) -> Any:
        return self._entry().value

    def show_value(self, value: Any) -> None:
        if str(value) not in {str(entry.value) for entry in self._entries}:
            missing = Entry(value, str(value), "It is not there on this computer.")
            self.set_entries((*self._entries, missing))
        self.choice.set_key(str(value))
        self._explain()

    def _entry(self) -> Entry:
        return self._entries[self.choice.currentIndex()]

    def _explain(self) -> None:
        entry = self._entry()
        said = Message(entry.obstacle or entry.help)
        named = Message("{name}: {help}", name=Message(entry.label), help=said) if said else ""
        describe(self.choice, self.caption, Message(self._help, named))

    @Slot()
    def _on_chosen(self) -> None:
        self._explain()
        self._commit(self.shown_value())
