"""Work that takes long, beside the window: training, races, reading and writing files.

    worker = Worker(self, "sweep")
    worker.posted.connect(self._on_posted)        # also finished and failed
    worker.start(sweep, Control())                # def sweep(control, post): ...

A Worker lives on the GUI thread, and so do the slots that hear of it; only its work runs elsewhere,
and holds no object of Qt. What the work imports, it imports itself. A second `start` takes the
place of the first, of which nothing is heard any more; so nobody has to ask whose result it is.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from playground.core.data.tables.reading import Cancelled, Progress
from playground.core.errors import PlaygroundError
from playground.core.messages import N_, Message
from playground.engines.contract.control import Control, Mailbox, Post
from playground.ui import reports
from playground.ui.session import threads

C = TypeVar("C", bound=Control)
R = TypeVar("R")
Work = Callable[[C, Post], object]

FAULT = N_("This ended in an unexpected error: {error}. Please report it.")
_STEP = 0.01


@dataclass(frozen=True, slots=True)
class _Finished:
    """The work ended well, or because its control was told to stop."""

    result: object


@dataclass(frozen=True, slots=True)
class _Failed:
    """Why there is no result."""

    sentence: Message


class _Task(Generic[C]):
    """One piece of work, on its way through a thread."""

    def __init__(self, work: Work[C], control: C, fault: str) -> None:
        self.control = control
        self.mailbox = Mailbox[object]()
        self._work, self._fault = work, fault

    def drop(self) -> None:
        self.mailbox.close()
        self.control.stop()

    def carry_out(self, notify: Callable[[], None]) -> None:
        """Exactly one end is put into the mailbox, or, dropped, none."""
        post = self.mailbox.poster(notify)
        with suppress(Cancelled):
            if not self.mailbox.is_closed:
                post(self._end(post))

    def _end(self, post: Post) -> _Finished | _Failed:
        try:
            return _Finished(self._work(self.control, post))
        except Cancelled:
            return _Finished(None)
        except PlaygroundError as error:
            return _Failed(error.message)
        except BaseException as error:  # whatever it is, somebody waits for an end
            reports.report(error)
            return _Failed(Message(self._fault, error=str(error)))


class Worker(QObject):
    """Works for its owner, with which it goes; its thread is kept until the work has ended.

    Each work that nobody stops ends with exactly one of `finished` and `failed`, whatever it raises
    and wherever. `writes`: it writes what a person asked for, is let to its end whatever closes,
    and a second one takes the place of none. `in_turn`: a second one waits until the first has
    ended, on the same thread; else it begins at once.
    """

    posted = Signal(object)  # what the work hands over on its way
    finished = Signal(object)  # what the work returned; None where its control was stopped
    failed = Signal(object)  # Message for a person

    def __init__(
        self,
        owner: QObject,
        name: str,
        *,
        writes: bool = False,
        in_turn: bool = False,
        fault: str = FAULT,
    ) -> None:
        """fault  what is said of an error that should not have happened, with an {error}"""
        super().__init__(owner)
        self.setObjectName(name)
        self._writes, self._in_turn, self._fault = writes, in_turn, fault
        self._tasks: list[_Task] = []
        self._thread: threads.Thread | None = None

    @property
    def is_busy(self) -> bool:
        """True while an end is to come."""
        return bool(self._tasks)

    def start(self, work: Work[C], control: C) -> None:
        """Begin to work, in place of what is under way; `control` tells it what comes up."""
        task = _Task(work, control, self._fault)
        # Before the work under way is stopped: with nothing else to do its thread would end.
        follows = self._in_turn and self._thread is not None and self._thread.take(task)
        self.stop()
        self._tasks.append(task)
        if not follows:
            self._thread = threads.Thread(task, self.objectName(), writes=self._writes)
            self._thread.arrived.connect(self._on_arrived)
            self.destroyed.connect(self._thread.drop)
            threads.start(self._thread)

    def stop(self) -> None:
        """End the work under way, unheard. Returns at once, whenever it is called."""
        if not self._writes:
            tasks, self._tasks = self._tasks, []
            for task in tasks:
                task.drop()

    def wait(self, seconds: float) -> None:
        """Hear of the end of the work before this returns, unless that takes longer."""
        if self._thread is not None and self._tasks:
            self._thread.wait(int(1000 * seconds))
            self._on_arrived()

    @Slot()
    def _on_arrived(self) -> None:
        for task in list(self._tasks):
            for content in task.mailbox.take():
                if task in self._tasks:  # else a slot has stopped it
                    self._hand_over(task, content)

    def _hand_over(self, task: _Task, content: object) -> None:
        if isinstance(content, _Finished | _Failed):
            self._tasks.remove(task)
        if isinstance(content, _Finished):
            self.finished.emit(content.result)
        elif isinstance(content, _Failed):
            self.failed.emit(content.sentence)
        else:
            self.posted.emit(content)


def with_progress(work: Callable[[Progress], R]) -> Callable[[Control, Post], R]:
    """Work that says how far it is: posts fractions, in steps that can be seen, and ends at the
    next one where it is stopped.
    """

    def carry_out(control: Control, post: Post) -> R:
        posted = 0.0

        def progress(fraction: float) -> None:
            nonlocal posted
            control.check()
            if fraction - posted >= _STEP:
                posted = fraction
                post(fraction)

        return work(progress)

    return carry_out
