"""Large tables and folders in the window: how soon Cancel ends, how long it stands still, memory.

    python -m tests.benchmarks.large_window              # all kinds, about five minutes
    python -m tests.benchmarks.large_window images.csv   # one of them
    python -m tests.benchmarks.large_window --busy       # beside a process that keeps computing

Each kind has a process of its own, with the whole window off the screen. The button Cancel is
pressed by a click, at moments spread over the whole of reading: the window is free as soon as the
click is back and an event behind it has come, and the work has ended as soon as no thread is left.
A timer tells how long the window stands still while the dialog reads and while the data are
imported, shown and trained on. Memory is the most that the process ever held.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from playground.benchmarks.window import Heartbeat, PaintWatch
from playground.core.data.data import DigitsData
from playground.core.experiment.experiment import Experiment
from playground.ui.app import make_application, make_window
from playground.ui.session import threads
from playground.ui.session.waiting import run_for, wait_until
from playground.ui.window.arrangement import FIRST_SIZE
from playground.ui.window.open_window import OpenWindow
from tests.benchmarks.large_files import FILES, made

PRESSES = 9
MOST_MILLISECONDS = 100
SECONDS = 300.0
FOLDER = Path(tempfile.gettempdir()) / "playground_large_files"
Figures = dict[str, Any]


def memory() -> float:
    """MiB that this process holds."""
    return psutil.Process().memory_info().rss / 2**20


def most_memory() -> float:
    """MiB that it held at most, as Linux counts them."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def started() -> OpenWindow:
    """A window that shows the digits and has trained on them for a moment."""
    from playground.engines.compiled import kernel_cache

    kernel_cache.fill()
    make_application()
    window = make_window()
    window.resize(*FIRST_SIZE)
    window.show()
    window.session.replace(Experiment(data=DigitsData()))
    wait_until(lambda: window.session.run.snapshot is not None)
    window.session.run.resume()
    run_for(2.0)
    window.session.run.pause()
    run_for(0.5)
    return window


def dialog_of(window: OpenWindow, place: Path) -> Any:
    """The dialog that opens for a file or a folder."""
    asked: list[QDialog] = []
    window.documents.importRequested.connect(asked.append)
    window.documents.bring([place])
    window.documents.importRequested.disconnect(asked.append)
    return asked[0]


def readers() -> list[threads.Thread]:
    """The threads that read and import."""
    names = ("reading", "importing", "comparing", "looking")
    return [thread for thread in threads.running() if thread.objectName() in names]


def cancelled_after(
    window: OpenWindow, place: Path, seconds: float, *, imports: bool
) -> list[Figures]:
    """Milliseconds from a click on Cancel until the window is free, and until the work ended; none
    where the dialog had done all by then.
    """
    dialog = dialog_of(window, place)
    gone: list[int] = []
    dialog.finished.connect(gone.append)
    if imports:
        wait_until(dialog.import_button.isEnabled, SECONDS)
        dialog.import_button.click()
    run_for(seconds)
    if gone:
        return []
    since = time.perf_counter()
    QTest.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
    came: list[float] = []
    QTimer.singleShot(0, lambda: came.append(time.perf_counter()))
    wait_until(lambda: bool(came), SECONDS, pause=0.0)
    wait_until(lambda: not readers(), SECONDS, pause=0.001)
    return [{"free": (came[0] - since) * 1000, "ended": (time.perf_counter() - since) * 1000}]


def opened(window: OpenWindow, place: Path) -> Figures:
    """Seconds to open and to import, the longest that the window stands still, and memory."""
    before, heart = memory(), Heartbeat()
    heart.start()
    since = time.perf_counter()
    dialog = dialog_of(window, place)
    if hasattr(dialog, "samples"):
        wait_until(lambda: bool(dialog.samples.pictures), SECONDS)
    first = time.perf_counter() - since
    wait_until(dialog.import_button.isEnabled, SECONDS)
    ready = time.perf_counter() - since
    run_for(0.5)
    still_opening = heart.stop()["delay_max"]
    heart.start()
    since = time.perf_counter()
    session, data = window.session, window.session.experiment.data
    dialog.import_button.click()
    wait_until(lambda: session.experiment.data is not data, SECONDS)
    imported = time.perf_counter() - since
    watch = PaintWatch(window.parts.output.canvas.viewport())
    wait_until(lambda: session.run.snapshot is not None, SECONDS)
    session.run.resume()
    run_for(5.0)
    session.run.pause()
    still_importing = heart.stop()["delay_max"]
    return {
        "first": first,
        "ready": ready,
        "still_opening": still_opening,
        "imported": imported,
        "still_importing": still_importing,
        "painted": watch.count,
        "before": before,
        "most": most_memory(),
        "held": memory(),
    }


def child(place: Path) -> Figures:
    """All figures of a kind."""
    window = started()
    digits = most_memory()
    found = {"digits": digits, **opened(window, place)}
    presses: list[Figures] = []
    for number in range(PRESSES):
        part = (number + 0.5) / PRESSES
        presses += cancelled_after(window, place, part * found["ready"], imports=False)
        if number % 3 == 0:
            seconds = part * found["imported"]
            presses += cancelled_after(window, place, seconds, imports=True)
    found["presses"] = presses
    window.session.undo_stack.setClean()
    window.close()
    return found


def measured(place: Path) -> Figures:
    command = [sys.executable, "-m", "tests.benchmarks.large_window", "--child", str(place)]
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    with tempfile.TemporaryDirectory() as own:  # settings and recovery files of nobody
        homes = {"XDG_CONFIG_HOME": own, "XDG_DATA_HOME": own, "XDG_STATE_HOME": own}
        done = subprocess.run(
            command, env={**environment, **homes}, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise SystemExit(done.stderr)
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def report(name: str, found: Figures) -> None:
    ended = [press["ended"] for press in found["presses"]]
    free = [press["free"] for press in found["presses"]]
    print(
        f"{name:14} ready {found['ready']:5.1f} s, first {found['first']:4.1f} s, imported"
        f" {found['imported']:4.1f} s; still {found['still_opening']:4.0f} and"
        f" {found['still_importing']:4.0f} ms; free after {statistics.median(free):3.0f} ms"
        f" ({max(free):3.0f}), ended after {statistics.median(ended):3.0f} ms ({max(ended):3.0f});"
        f" digits {found['digits']:.0f} MiB, most {found['most']:.0f} MiB",
        flush=True,
    )


def main() -> None:
    if "--child" in sys.argv:
        print(json.dumps(child(Path(sys.argv[-1]))))
        return
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if _is_busy() else None
    try:
        for name in [name for name in sys.argv[1:] if name in FILES] or FILES:
            report(name, measured(made(FOLDER, name)))
    finally:
        if busy is not None:
            busy.kill()


def _is_busy() -> bool:
    return "--busy" in sys.argv


if __name__ == "__main__":
    main()
