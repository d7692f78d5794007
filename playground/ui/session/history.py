"""The history of a document: one step back for each thing a person did, in bounded memory.

Experiments share what did not change, so a step costs what it brought: mostly the points of a
stroke. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack

from playground.core.experiment.experiment import Experiment
from playground.core.messages import Message
from playground.ui.language import tr

MOST_STEPS = 500
MOST_BYTES = 256 * 1024 * 1024
"""Arrays that the history may keep alive; the oldest steps are forgotten first."""

Become = Callable[[Experiment], None]


class Edit(QUndoCommand):
    """One step that is done: the experiment before and after. Steps with the same token become
    one.
    """

    def __init__(
        self, become: Become, before: Experiment, after: Experiment, text: str, token: str | None
    ) -> None:
        super().__init__(tr(text))
        self._become, self.before, self.after, self._token = become, before, after, token
        self._is_new = True
        """Qt does every step that it is given; this one must not act again."""

    def undo(self) -> None:
        self._become(self.before)

    def redo(self) -> None:
        if self._is_new:
            self._is_new = False
        else:
            self._become(self.after)

    def id(self) -> int:
        return 1 if self._token else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, Edit) or other._token != self._token:
            return False
        self.after = other.after
        self.setObsolete(self.after == self.before)
        return True

    def copy(self) -> Edit:
        """The same step, for another stack."""
        return Edit(self._become, self.before, self.after, self.text(), self._token)


class History(QUndoStack):
    """An undo stack that forgets its oldest steps when they hold too many points."""

    def __init__(self, parent: QObject | None = None, most_bytes: int = MOST_BYTES) -> None:
        super().__init__(parent)
        self.setUndoLimit(MOST_STEPS)
        self._most_bytes = most_bytes

    def add(self, edit: Edit) -> None:
        """Remember a step."""
        self.push(edit)
        if edit.before.data is not edit.after.data:
            self._forget_what_is_too_much()

    def edits(self) -> list[Edit]:
        """All steps, the oldest first."""
        commands = [self.command(index) for index in range(self.count())]
        return [command for command in commands if isinstance(command, Edit)]

    def bytes(self) -> int:
        """The size of all arrays that the steps keep alive."""
        return _bytes(self.edits())

    def _forget_what_is_too_much(self) -> None:
        edits = self.edits()
        kept = edits[len(edits) - _how_many_fit(edits, self._most_bytes) :]
        if len(kept) < len(edits):
            self._keep([edit.copy() for edit in kept], self.cleanIndex() - (len(edits) - len(kept)))

    def _keep(self, edits: list[Edit], clean_index: int) -> None:
        """Qt forgets from the front only by a fixed number of steps, so the rest is put back."""
        self.blockSignals(True)
        self.clear()
        self.resetClean()
        for index, edit in enumerate(edits):
            if index == clean_index:
                self.setClean()
            self.push(edit)
        if clean_index == len(edits):
            self.setClean()
        self.blockSignals(False)
        self.indexChanged.emit(self.index())
        self.canUndoChanged.emit(self.canUndo())
        self.undoTextChanged.emit(self.undoText())


def change_of(place: Any, last: str) -> Message:
    """A setting of `place` by the name that the window calls it, for the undo menu."""
    field = getattr(type(place), "model_fields", {}).get(last)
    title = None if field is None else field.title
    name = title or last.replace("_", " ").capitalize()
    return Message("change {name:small}", name=Message(name))


def _how_many_fit(edits: Sequence[Edit], most_bytes: int) -> int:
    """How many of the newest steps hold no more than that together; the newest one always stays."""
    known: set[int] = set()
    total = 0
    for count, edit in enumerate(reversed(edits)):
        arrays = _arrays([edit])
        total += sum(size for key, size in arrays.items() if key not in known)
        known |= arrays.keys()
        if count and total > most_bytes:
            return count
    return len(edits)


def _bytes(edits: Iterable[Edit]) -> int:
    return sum(_arrays(edits).values())


def _arrays(edits: Iterable[Edit]) -> dict[int, int]:
    """The bytes of each array that the steps keep alive, by its identity."""
    return {
        id(array): array.nbytes
        for edit in edits
        for experiment in (edit.before, edit.after)
        for array in vars(experiment.data).values()
        if isinstance(array, np.ndarray)
    }
