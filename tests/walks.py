"""Which way a call takes through the files of a package, thread by thread.

A `Recorder` is a profile function for every thread: Python's own threads, and those of Qt that are
started after it was put up. It sees each call; what it keeps are the hops. Whoever wants to know
what else happens in a call listens to it.

    hop      a call or a signal that leads from one file of the package to another. A signal of Qt
             is a call: the file that emits it is the innermost one of the package on the stack.
             Across threads, and from the event loop, the file that is entered first is one hop.
    return   a hop into a file that another hop of the same thread has led out of before: it was
             left for another and is entered again.
    echo     a return into a file that is still under way: it hears back from what it called.

What Qt calls while a person's act is delivered begins the walk and is no hop. What Qt asks for by
itself, from the event loop, is none either, with all that comes of it: a virtual function of Qt
that the package has its own version of, such as to paint or to give a size.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread

__all__ = ["GUI", "Hop", "Recorder", "Walk", "without_rounds"]

GUI = "GUI"
_SENDING = ("emit", "invokeMethod", "postEvent")
"""How Qt is asked to tell another thread."""
_LONGEST_ROUND = 80

Listener = Callable[[str, FrameType, str, Any], None]
"""Gets each event of the profile: thread, frame, event, argument."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a walk.

    origin   the file it leads out of; None where the event loop or another thread delivers it
    echoes   `goal` is on the stack below `origin`
    """

    origin: str | None
    goal: str
    function: str
    echoes: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """The hops of one thread, in the order in which they were made."""

    hops: tuple[Hop, ...]

    @property
    def files(self) -> set[str]:
        """Every file that was entered or left."""
        return {hop.goal for hop in self.hops} | {hop.origin for hop in self.hops if hop.origin}

    @property
    def pairs(self) -> Counter[tuple[str, str]]:
        """How often a hop led from one file to another."""
        return Counter((hop.origin or "event loop", hop.goal) for hop in self.hops)

    @property
    def returns(self) -> list[Hop]:
        """The hops into a file that was left before."""
        left: set[str] = set()
        found = []
        for hop in self.hops:
            if hop.origin is not None:
                left.add(hop.origin)
            if hop.goal in left:
                found.append(hop)
        return found

    @property
    def echoes(self) -> list[Hop]:
        return [hop for hop in self.hops if hop.echoes]


class Recorder:
    """Keeps the hops between files below `root` while it is on.

    is_act  while true, what the event loop enters is the person's own act
    """

    def __init__(self, root: Path) -> None:
        self._root = str(root.resolve())
        self._files: dict[str, str | None] = {}
        self._hops: dict[str, list[Hop]] = {}
        self._last_sent: dict[str, int] = {}
        self.is_on = self.is_act = False
        self.calls: Counter[str] = Counter()
        """Calls of the package by thread, those within one file too."""
        self.listener: Listener | None = None

    def file_of(self, frame: FrameType) -> str | None:
        """The file of a frame below the root; None where it is another's."""
        name = frame.f_code.co_filename
        if name not in self._files:
            inside = name.startswith(self._root)
            self._files[name] = name[len(self._root) + 1 :] if inside else None
        return self._files[name]

    def callers(self, frame: FrameType) -> Iterator[FrameType]:
        """The frames of the package below this one, innermost first."""
        back = frame.f_back
        while back is not None:
            if self.file_of(back) is not None:
                yield back
            back = back.f_back

    @contextmanager
    def put_up(self) -> Iterator[Recorder]:
        """Be the profile function of this thread, and of each that starts from now on."""
        start = QThread.start

        def start_watched(thread: QThread, *arguments: Any) -> None:
            name = thread.objectName() or type(thread).__name__
            thread.started.connect(lambda: self._join(name), Qt.ConnectionType.DirectConnection)
            start(thread, *arguments)

        QThread.start = start_watched  # type: ignore[method-assign]
        threading.setprofile(lambda *_: self._join(threading.current_thread().name))
        sys.setprofile(self._profile(GUI))
        try:
            yield self
        finally:
            self.is_on = False
            sys.setprofile(None)
            threading.setprofile(None)  # type: ignore[arg-type]
            QThread.start = start  # type: ignore[method-assign]

    def _join(self, name: str) -> None:
        """On a thread that begins."""
        if not isinstance(threading.current_thread(), threading._DummyThread):
            sys.setprofile(self._profile(name))
            return
        # Between two slots a thread of Qt would forget it: nothing of Python lives on there.
        ctypes.pythonapi.PyGILState_Ensure()
        sys.setprofile(self._profile(name))

    def _profile(self, thread: str) -> Callable[[FrameType, str, Any], None]:
        def profile(frame: FrameType, event: str, arg: Any) -> None:
            if not self.is_on:
                return
            if event == "call":
                self._on_call(thread, frame)
            elif event == "c_call" and getattr(arg, "__name__", "") in _SENDING:
                self._last_sent[thread] = len(self._hops.get(thread, ()))
            if self.listener is not None:
                self.listener(thread, frame, event, arg)

        return profile

    def _on_call(self, thread: str, frame: FrameType) -> None:
        goal = self.file_of(frame)
        if goal is None:
            return
        self.calls[thread] += 1
        is_act = self.is_act and thread == GUI
        asks = thread == GUI and not self.is_act
        stack = list(self.callers(frame))
        if not stack and is_act:
            return
        origin = self.file_of(stack[0]) if stack else None
        if origin == goal or (asks and _is_asked_by_qt([frame, *stack][-1])):
            return
        echoes = goal in map(self.file_of, stack[1:])
        hop = Hop(origin, goal, frame.f_code.co_qualname, echoes)
        self._hops.setdefault(thread, []).append(hop)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Keep what is walked inside, and nothing that was before."""
        self._hops, self._last_sent = {}, {}
        self.calls.clear()
        self.is_on = True
        try:
            yield
        finally:
            self.is_on = False

    def heard_of(self, thread: str) -> int:
        """Hops of a thread so far."""
        return len(self._hops.get(thread, ()))

    def walks(self) -> dict[str, Walk]:
        """What was walked, by thread: to the end on the GUI thread, to the last signal sent on
        others.
        """
        found = {}
        for thread, hops in self._hops.items():
            end = len(hops) if thread == GUI else self._last_sent.get(thread, len(hops))
            found[thread] = Walk(tuple(hops[:end]))
        return found


def _is_asked_by_qt(frame: FrameType) -> bool:
    """True for the package's own version of a function of Qt, entered from the event loop."""
    code = frame.f_code
    owner = frame.f_locals.get(code.co_varnames[0]) if code.co_argcount else None
    return isinstance(owner, QObject) and any(
        code.co_name in vars(base)
        for base in type(owner).__mro__
        if base.__module__.startswith("PySide6")
    )


def without_rounds(hops: Iterable[Hop]) -> tuple[Hop, ...]:
    """The hops, with rounds that a loop makes again and again, one like the other, counted once."""
    kept: list[Hop] = []
    for hop in hops:
        kept.append(hop)
        for length in range(1, min(_LONGEST_ROUND, len(kept) // 2) + 1):
            if kept[-length:] == kept[-2 * length : -length]:
                del kept[-length:]
                break
    return tuple(kept)
