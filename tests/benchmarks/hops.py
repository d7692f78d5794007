"""How far a person's act travels through the files of `playground`, and what it refreshes.

`python -m tests.benchmarks.hops [--of CHECKOUT] [--walk] [--pairs N] [--times N]` opens the real
window off the screen, does what a person does, and prints for each act the hops, returns and echoes
of each thread (`tests/walks.py` says what these are); with `--walk` every step, file by file, with
`--pairs` the pairs of files that most of them lead between. Then, for a setting that is committed,
how often each part of the window is refreshed and how long the GUI thread works; and for acts that
only change what is shown, how often the network was evaluated and its weights copied.

The same number each time, because only what an act causes is counted:

- each act is done twice, and the second time is counted: nothing is imported or made then that
  comes only once;
- each act has a window of its own;
- while an act is counted, the GUI thread gets queued signals and no other event: no timer, no
  layout, no painting that Qt asks for. The canvas is painted once, when the answer has come;
- the painted point comes while the network trains at one step a second, between two steps: the
  training thread then waits until it is told. What its loop does again and again, one round like
  the other, counts once. The walk begins where the changed experiment is handed to the thread;
- on a thread beside the GUI the walk ends with the last signal that it sends.

Knows of the window only what a person meets, the names of a few of its parts, and its session, so
that it runs on checkouts whose files lie elsewhere.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLineEdit, QTabWidget, QWidget

from tests.walks import GUI, Hop, Recorder, Walk, without_rounds

__all__ = ["ACTS", "Desk", "at_work", "main", "walked"]

PATIENCE_SECONDS = 60
QUIET_SECONDS = 0.3
COMMITS = 15
DOCUMENT = {
    "data": {"kind": "generated", "generator": "circle", "samples": 600},
    "training": {"engine": "numpy", "batch_size": 5},
}
"""An epoch of 60 steps, so that the point is painted in the middle of one."""
TABLE = "width,height,kind\n" + "1.5,2.5,red\n-3,4,blue\n2,-1,red\n-2.5,0.5,blue\n" * 10
SETTERS = ("set", "update", "show", "hide", "clear", "insert", "add", "remove", "repaint")
EVALUATING, COPYING = "evaluate", "weights"


class Desk:
    """A window at work, and the hands of the person before it."""

    def __init__(self, window: QWidget, folder: Path, recorder: Recorder) -> None:
        self.window, self.folder, self.recorder = window, folder, recorder
        self.session: Any = named(window, "Session")
        self.canvas: Any = named(window, "Canvas")
        self.rate = next(
            field
            for field in window.findChildren(QLineEdit)
            if field.accessibleName().startswith("Learning rate")
        )
        self._acts = 0

    @property
    def run(self) -> Any:
        return self.session.run

    # Waiting.

    def wait(self, done: Callable[[], bool], deliver: Callable[[], object] | None = None) -> None:
        """Let events come, or only those that `deliver` delivers, until it is done."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not done():
            if time.monotonic() > end:
                raise TimeoutError("the window has not answered")
            (deliver or QApplication.processEvents)()
            time.sleep(0.001)

    def signals_until(self, done: Callable[[], bool]) -> None:
        """Deliver queued signals and no other event."""
        kind = QEvent.Type.MetaCall.value
        self.wait(done, lambda: QCoreApplication.sendPostedEvents(None, kind))

    def has_answered(self) -> bool:
        """The newest picture knows of everything that the run was told."""
        now = self.run.snapshot
        is_current = now is not None and now.run_id == self.run.run_id
        return is_current and now.revision >= self.run.revision

    def is_quiet(self) -> Callable[[], bool]:
        """True once no thread has made a call for a while."""
        seen, since = -1, time.monotonic()

        def look() -> bool:
            nonlocal seen, since
            calls = self.recorder.calls.total()
            if calls != seen:
                seen, since = calls, time.monotonic()
            return time.monotonic() - since > QUIET_SECONDS

        return look

    def rest(self) -> None:
        """Until the run waits, paused, and nothing is left to show."""
        self.wait(self.has_answered)
        self.pause_for(QUIET_SECONDS)

    def pause_for(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > end)

    # Before an act.

    def open_document(self) -> None:
        """A document that has been trained for some steps and is paused."""
        self._acts = 0
        place = self.folder / "walk.playground.json"
        place.write_text(json.dumps(DOCUMENT))
        self.session.open(place)
        self.wait(self.has_answered)
        for steps in range(1, 4):
            self.run.step_batch()
            self.wait(lambda steps=steps: self.run.snapshot.step >= steps)
        self.rest()

    def train_slowly(self) -> None:
        """One step a second, of which one has just been taken; the next picture is due by now."""
        self.run.set_speed(1 / 60)
        self.run.toggle()
        step = self.run.snapshot.step
        self.wait(lambda: self.run.snapshot.step > step + 1)
        self.pause_for(QUIET_SECONDS)

    def stop_training(self) -> None:
        if self.run.is_training:
            self.run.toggle()
        self.run.set_speed(None)

    # Acts.

    def paint(self) -> None:
        """Press on an empty corner of the canvas, and let go."""
        self._acts += 1
        self._mouse(QEvent.Type.MouseButtonPress)

    def let_go(self) -> None:
        self._mouse(QEvent.Type.MouseButtonRelease)

    def _mouse(self, kind: QEvent.Type) -> None:
        view, left = self.canvas.viewport(), Qt.MouseButton.LeftButton
        at = QPointF(view.width() * (0.1 + 0.02 * self._acts), view.height() * 0.1)
        held = left if kind == QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
        none = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(kind, at, view.mapToGlobal(at), left, held, none)
        QApplication.sendEvent(view, event)

    def write_rate(self) -> None:
        """Another learning rate, before Enter."""
        self._acts += 1
        self.rate.setFocus(Qt.FocusReason.MouseFocusReason)
        self.rate.selectAll()
        QTest.keyClicks(self.rate, "0.1" if self._acts % 2 else "0.3")

    def commit_rate(self) -> None:
        QTest.keyClick(self.rate, Qt.Key.Key_Return)

    def drop_table(self) -> None:
        place = self.folder / "table.csv"
        place.write_text(TABLE)
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(place))])
        copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        none = Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(400, 400), copy, mime, left, none)
        QApplication.sendEvent(self.window, enter)
        QApplication.sendEvent(self.window, QDropEvent(QPointF(400, 400), copy, mime, left, none))

    def dialog(self) -> QDialog | None:
        """The import dialog, once it can be accepted."""
        for dialog in self.window.findChildren(QDialog):
            if dialog.isVisible() and button(dialog, "Import").isEnabled():
                return dialog  # no other dialog opens here
        return None

    def accept_table(self) -> None:
        dialog = self.dialog()
        assert dialog is not None
        QTest.mouseClick(button(dialog, "Import"), Qt.MouseButton.LeftButton)

    def reset(self) -> None:
        QTest.mouseClick(button(self.window, "Reset"), Qt.MouseButton.LeftButton)

    def zoom(self) -> None:
        view, turn = self.canvas.viewport(), QPoint(0, 120)
        at = QPointF(view.width() / 2, view.height() / 2)
        none, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
        where, button = view.mapToGlobal(at), Qt.MouseButton.NoButton
        event = QWheelEvent(at, where, QPoint(), turn, button, none, phase, False)
        QApplication.sendEvent(view, event)

    def next_tab(self) -> None:
        tabs = max(self.window.findChildren(QTabWidget), key=QTabWidget.count)
        tabs.setCurrentIndex((tabs.currentIndex() + 1) % tabs.count())


def named(window: QWidget, kind: str) -> QObject:
    """The part of a window whose class has that name."""
    return next(one for one in window.findChildren(QObject) if type(one).__name__ == kind)


def button(parent: QWidget, name: str) -> QAbstractButton:
    """A button by its words, or by what a screen reader calls it."""
    return next(
        one
        for one in parent.findChildren(QAbstractButton)
        if name in (one.text().replace("&", ""), one.accessibleName())
    )


@contextmanager
def at_work(folder: Path) -> Iterator[Desk]:
    """A window that keeps everything in that folder, watched from its start."""
    for kind in ("CONFIG", "DATA", "STATE"):
        os.environ[f"XDG_{kind}_HOME"] = str(folder)
    import playground

    with Recorder(Path(playground.__file__).parent).put_up() as recorder:
        from playground.ui.app import make_application, make_window

        make_application()
        window = make_window()
        session: Any = named(window, "Session")
        session.start()
        window.show()
        desk = Desk(window, folder, recorder)
        try:
            desk.wait(desk.has_answered)
            yield desk
        finally:
            session.undo_stack.setClean()
            desk.open_document()
            window.close()
            window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


# The acts that are counted.


@dataclass(frozen=True)
class Act:
    """What a person does, from a document that is trained a little and paused.

    before   what is done uncounted
    do       what is counted, by hand
    then     what the person does once the window has something to answer with
    """

    words: str
    do: Callable[[Desk], None]
    before: Callable[[Desk], None] = Desk.rest
    then: Callable[[Desk], None] | None = None
    while_training: bool = False


ACTS = (
    Act("a painted point, while training", Desk.paint, Desk.train_slowly, while_training=True),
    Act("a committed learning rate", Desk.commit_rate, Desk.write_rate),
    Act("a dropped table", Desk.drop_table, then=Desk.accept_table),
    Act("a reset", Desk.reset),
)


def walked(desk: Desk, act: Act) -> dict[str, Walk]:
    """What an act makes the threads walk, the second time that it is done."""
    for _ in range(2):
        desk.open_document()
        act.before(desk)
        start = _Start(desk)
        with desk.recorder.recording():
            by_hand(desk, act.do)
            if act.then is not None:
                desk.signals_until(lambda: desk.dialog() is not None)
                by_hand(desk, act.then)
            desk.signals_until(desk.has_answered)
            if not act.while_training:
                desk.signals_until(desk.is_quiet())
            by_hand(desk, lambda desk: desk.canvas.viewport().repaint())
        walks = start.cut(desk.recorder.walks())
        desk.let_go()
        desk.stop_training()
    return walks


def by_hand(desk: Desk, do: Callable[[Desk], None]) -> None:
    desk.recorder.is_act = True
    do(desk)
    desk.recorder.is_act = False


class _Start:
    """Where the walk of another thread begins that took a changed experiment while it ran."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._before = desk, desk.session.experiment
        self._at: dict[str, tuple[int, Hop]] = {}
        desk.recorder.listener = self._look

    def _look(self, thread: str, frame: FrameType, event: str, arg: Any) -> None:
        recorder, after = self._desk.recorder, self._desk.session.experiment
        if event != "return" or thread == GUI or thread in self._at or after is self._before:
            return
        if recorder.file_of(frame) is not None and _holds(arg, after):
            hop = Hop(None, str(recorder.file_of(frame)), frame.f_code.co_qualname)
            self._at[thread] = recorder.heard_of(thread), hop

    def cut(self, walks: dict[str, Walk]) -> dict[str, Walk]:
        """The walks, from there on where no run was begun anew, and without idle rounds."""
        self._desk.recorder.listener = None
        found = {}
        for thread, walk in walks.items():
            hops = walk.hops
            start, hop = self._at.get(thread, (0, None))
            if hop is not None and all(hop.origin for hop in hops[:start]):
                hops = (hop, *hops[start:])
            found[thread] = Walk(hops if thread == GUI else without_rounds(hops))
        return found


def _holds(thing: object, wanted: object) -> bool:
    """True for the object itself, and for one that has it as an attribute."""
    if thing is wanted:
        return True
    names = [*getattr(thing, "__dict__", ()), *getattr(type(thing), "__slots__", ())]
    return any(getattr(thing, name, None) is wanted for name in names)


# What is refreshed, evaluated and copied.


def parts(window: QWidget) -> dict[QWidget, str]:
    """The regions of a window: every widget of the program that stands in a column or the row."""
    kinds = ("Panel", "Card", "Bar", "View", "Diagram")
    return {
        one: type(one).__name__
        for one in window.findChildren(QWidget)
        if type(one).__module__.startswith("playground") and type(one).__name__.endswith(kinds)
    }


class Refreshes:
    """Counts, for each part of a window, how often another file's call made it set something.

    A call that leaves every widget as it is does not count: the part compared, and stayed silent.
    """

    def __init__(self, desk: Desk) -> None:
        self.counts: Counter[str] = Counter()
        self._recorder, self._parts = desk.recorder, parts(desk.window)
        self._under_way: dict[int, str] = {}
        self._seen: set[int] = set()
        desk.recorder.listener = self._look

    def _look(self, thread: str, frame: FrameType, event: str, arg: Any) -> None:
        if thread != GUI:
            return
        if event == "call":
            self._on_call(frame)
        elif event == "return":
            self._under_way.pop(id(frame), None)
            self._seen.discard(id(frame))
        elif event == "c_call" and _sets_something(arg):
            self._count_all()

    def _on_call(self, frame: FrameType) -> None:
        code = frame.f_code
        if not code.co_argcount or self._recorder.file_of(frame) is None:
            return
        part = self._parts.get(_first_argument(frame))
        caller = next(self._recorder.callers(frame), None)
        if (
            part is not None
            and caller is not None
            and caller.f_code.co_filename != code.co_filename
        ):
            self._under_way[id(frame)] = f"{part}.{code.co_name}"

    def _count_all(self) -> None:
        for frame, name in self._under_way.items():
            if frame not in self._seen:
                self._seen.add(frame)
                self.counts[name] += 1


def _sets_something(call: Any) -> bool:
    is_setter = getattr(call, "__name__", "").startswith(SETTERS)
    return is_setter and isinstance(getattr(call, "__self__", None), QObject)


def _first_argument(frame: FrameType) -> Any:
    found = frame.f_locals.get(frame.f_code.co_varnames[0])
    return found if isinstance(found, QWidget) else None


class Looks:
    """Counts the evaluations of the network and the copies of its weights."""

    def __init__(self, desk: Desk) -> None:
        self.counts: Counter[str] = Counter({EVALUATING: 0, COPYING: 0})
        desk.recorder.listener = self._look

    def _look(self, thread: str, frame: FrameType, event: str, arg: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_name in self.counts and code.co_argcount:
            owner = frame.f_locals.get(code.co_varnames[0])
            if hasattr(owner, "predict") and hasattr(owner, "neurons"):  # an engine
                self.counts[code.co_name] += 1


def refreshed(desk: Desk, act: Act) -> Counter[str]:
    """How often an act makes each part of the window set something, up to the answer."""
    for _ in range(2):
        desk.open_document()
        act.before(desk)
        counter = Refreshes(desk)
        with desk.recorder.recording():
            by_hand(desk, act.do)
        desk.recorder.listener = None
        desk.rest()
    return counter.counts


def looked(desk: Desk, do: Callable[[Desk], None]) -> Counter[str]:
    """What an act that changes only the view costs the network, paused, until it is quiet."""
    desk.open_document()
    counter = Looks(desk)
    with desk.recorder.recording():
        by_hand(desk, do)
        desk.signals_until(desk.has_answered)
        desk.signals_until(desk.is_quiet())
    desk.recorder.listener = None
    return counter.counts


def commit_milliseconds(desk: Desk) -> float:
    """Median of processor time of the GUI thread from Enter until the window listens again."""
    sys.setprofile(None)
    desk.open_document()
    costs = []
    for _ in range(COMMITS + 1):
        desk.write_rate()
        before = time.thread_time()
        desk.commit_rate()
        costs.append((time.thread_time() - before) * 1000)
        desk.rest()
    return statistics.median(costs[1:])


# Printing.


def _print_walk(thread: str, walk: Walk) -> None:
    returns = set(map(id, walk.returns))
    for hop in walk.hops:
        mark = "echo" if hop.echoes else "back" if id(hop) in returns else ""
        print(f"    {thread:9} {mark:4} {hop.origin or '·':34} → {hop.goal:34} {hop.function}")


def _print_act(act: Act, walks: dict[str, Walk], pairs: int, *, whole: bool) -> None:
    print(f"\n{act.words}")
    for thread, walk in walks.items():
        print(
            f"  {thread:9} {len(walk.hops):5} hops  {len(walk.returns):5} returns "
            f" {len(walk.echoes):4} echoes  {len(walk.pairs):4} pairs of files "
            f" {len(walk.files):3} files"
        )
        for (origin, goal), count in walk.pairs.most_common(pairs):
            print(f"    {count:4} × {origin:34} → {goal}")
        if whole:
            _print_walk(thread, walk)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--of", default=".", help="the checkout whose window is opened")
    parser.add_argument("--walk", action="store_true", help="print every step")
    parser.add_argument("--pairs", type=int, default=0, help="print the most frequent pairs")
    parser.add_argument("--times", type=int, default=1, help="how often all of it is counted")
    own = parser.parse_args(arguments)
    sys.path.insert(0, str(Path(own.of).resolve()))
    with tempfile.TemporaryDirectory() as name:
        for _ in range(own.times):
            for act in ACTS:
                with at_work(Path(name)) as desk:
                    _print_act(act, walked(desk, act), own.pairs, whole=own.walk)
        _print_work(Path(name))


def _print_work(folder: Path) -> None:
    with at_work(folder) as desk:
        print("\nrefreshes by a committed learning rate")
        for name, count in sorted(refreshed(desk, ACTS[1]).items()):
            print(f"  {count:3}  {name}")
        print("\nlooks at the network by a change of the view")
        for words, do in (("zoom", Desk.zoom), ("another tab", Desk.next_tab)):
            print(f"  {words:12} {dict(looked(desk, do))}")
        print(f"\nGUI thread, a committed learning rate: {commit_milliseconds(desk):.1f} ms")


if __name__ == "__main__":
    main()
