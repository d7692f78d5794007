"""Measures the living window: how fast it trains with every view drawn, and how soon it answers.

GUI thread of a process of its own: `python -m playground.benchmarks.window TASK [ARGUMENT ...]`
runs one task and prints its figures as JSON; `run_task` does so from any other process. Nothing
here asserts anything: the figures are printed by `playground bench` and by `tests/benchmarks`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from playground.benchmarks.network import network
from playground.core.data.dataset import prepare
from playground.core.data.points import Points
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.run_control import RunControl, Snapshot, State
from playground.ui.app import make_application, make_window
from playground.ui.output.canvas.plane_view import EXTENT
from playground.ui.session.waiting import run_for, wait_until
from playground.ui.window.arrangement import FIRST_SIZE
from playground.ui.window.open_window import OpenWindow

Figures = dict[str, Any]

BEAT_MILLISECONDS = 2
WARM_UP_SECONDS = 1.0
STARTED = "PLAYGROUND_BENCHMARK_STARTED"
"""Environment variable with the time at which the process was asked for, in seconds."""

DRAGS = 60
PANS = 60


class Heartbeat(QObject):
    """A timer that notes how late each beat is: the time a click would have had to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.delays: list[float] = []
        self._timer = QTimer(self, interval=BEAT_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self.delays.clear()
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> Figures:
        """Milliseconds: the median, the 99th percentile and the greatest of the delays."""
        self._timer.stop()
        return {
            "delay_p50": float(np.percentile(self.delays, 50)),
            "delay_p99": float(np.percentile(self.delays, 99)),
            "delay_max": max(self.delays),
        }

    @Slot()
    def _beat(self) -> None:
        now = time.perf_counter()
        self.delays.append(max(0.0, (now - self._last) * 1000 - BEAT_MILLISECONDS))
        self._last = now


class PaintWatch(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, watched: QObject) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def run_task(task: str, *arguments: str, environment: dict[str, str] | None = None) -> Figures:
    """The figures of one task, measured in a fresh process."""
    command = [sys.executable, "-m", "playground.benchmarks.window", task, *arguments]
    own = {STARTED: repr(time.time()), **(environment or {})}
    done = subprocess.run(
        command, env={**os.environ, **own}, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


# Tasks.


def first_paint() -> Figures:
    """Milliseconds from asking for the process to the first painted window, and to a picture."""
    app = make_application()
    window = make_window()
    window.resize(*FIRST_SIZE)
    window.show()
    watch = PaintWatch(window.parts.output.canvas.viewport())
    while not watch.count:
        app.processEvents()
    painted = time.time() - float(os.environ[STARTED])
    heart = Heartbeat()
    heart.start()
    window.session.start()
    wait_until(lambda: window.session.run.snapshot is not None)
    pictured = time.time() - float(os.environ[STARTED])
    run_for(1.0)
    figures = {"painted": painted * 1000, "pictured": pictured * 1000, **heart.stop()}
    _close(window)
    return figures


def training(key: str, engine: str, seconds: str) -> Figures:
    """Rates and delays while a workload trains as fast as it can with all views drawn."""
    window = _started_window()
    experiment = _workload(key).with_setting("training.engine", engine)
    _open(window, experiment)
    taken = _count_snapshots(window)
    window.session.run.resume()
    run_for(WARM_UP_SECONDS)
    first, since, frames = _latest(window), time.perf_counter(), len(taken)
    heart = Heartbeat()
    heart.start()
    run_for(float(seconds))
    delays = heart.stop()
    last, took = _latest(window), time.perf_counter() - since
    answers = _answers(window)
    _close(window)
    return {
        "engine": last.info.engine,
        "epochs_per_second": (last.epoch - first.epoch) / took,
        "steps_per_second": (last.step - first.step) / took,
        "steps_per_second_without_window": _rate_without_window(experiment, float(seconds)),
        "frames_per_second": (len(taken) - frames) / took,
        **delays,
        **answers,
        "memory": _memory(),
    }


def instant(key: str) -> Figures:
    """Milliseconds from a pointer move that drags a point to the trained boundary on the screen."""
    window = _started_window()
    session, canvas = window.session, window.parts.output.canvas
    _open(window, _workload(key))
    session.run.set_instant(True)
    wait_until(lambda: _is_trained(session.run.snapshot))
    watch = PaintWatch(canvas.viewport())
    canvas.use_tool("pick")
    shown: list[tuple[int, int]] = []  # trained generations, and how often was painted by then

    def note(now: Snapshot) -> None:
        if _is_trained(now):
            shown.append((now.generation, watch.count))

    session.run.snapshotTaken.connect(note)
    start = _pixel(window, session.points)
    _mouse(window, QEvent.Type.MouseButtonPress, start)
    times = []
    for i in range(DRAGS):
        generation = _latest(window).generation
        since = time.perf_counter()
        _mouse(window, QEvent.Type.MouseMove, start + QPointF(i % 20 - 10, i % 14 - 7))
        wait_until(
            lambda: any(g > generation and watch.count > count for g, count in shown),  # noqa: B023
            pause=0.0,
        )
        times.append((time.perf_counter() - since) * 1000)
    _mouse(window, QEvent.Type.MouseButtonRelease, start)
    engine = _latest(window).info.engine
    _close(window)
    return {
        "engine": engine,
        "p50": float(np.percentile(times, 50)),
        "p95": float(np.percentile(times, 95)),
    }


def table(path: str) -> Figures:
    """Milliseconds for a large table: to read it and show the first picture, and then to pan."""
    from playground.benchmarks.engines import table_experiment

    window = _started_window()
    watch = PaintWatch(window.parts.output.canvas.viewport())
    since, painted = time.perf_counter(), watch.count
    _open(window, table_experiment(Path(path)))
    wait_until(lambda: watch.count > painted, pause=0.0)
    pictured = time.perf_counter() - since
    heart = Heartbeat()
    heart.start()
    run_for(1.0)
    delays, pans = heart.stop(), _pans(window)
    rows = len(_latest(window).dataset.points)
    _close(window)
    return {
        "rows": rows,
        "pictured": pictured * 1000,
        "pan_p50": float(np.median(pans)),
        "pan_max": max(pans),
        "memory": _memory(),
        **delays,
    }


def reading(path: str) -> Figures:
    """Milliseconds from a table in a file to arrays that are ready to train on."""
    from playground.benchmarks.engines import table_experiment

    prepare(Experiment())  # what is imported for it does not count
    since = time.perf_counter()
    dataset = prepare(table_experiment(Path(path)))
    return {"rows": len(dataset.points), "read": (time.perf_counter() - since) * 1000}


TASKS: dict[str, Callable[..., Figures]] = {
    "first_paint": first_paint,
    "training": training,
    "instant": instant,
    "network": network,
    "table": table,
    "reading": reading,
}


# What the tasks are made of.


def _started_window() -> OpenWindow:
    """A window whose kernels are compiled and whose first picture is drawn."""
    from playground.engines.compiled import kernel_cache

    kernel_cache.fill()
    make_application()
    window = make_window()
    window.resize(*FIRST_SIZE)
    window.show()
    window.session.start()
    wait_until(lambda: window.session.run.snapshot is not None)
    return window


def _open(window: OpenWindow, experiment: Experiment) -> None:
    window.session.replace(experiment)
    wait_until(lambda: window.session.run.snapshot is not None)


def _close(window: OpenWindow) -> None:
    window.session.undo_stack.setClean()
    window.close()


def _workload(key: str) -> Experiment:
    from playground.benchmarks.engines import WORKLOADS

    return next(load for load in WORKLOADS if load.key == key).experiment("adam")


def _count_snapshots(window: OpenWindow) -> list[Snapshot]:
    taken: list[Snapshot] = []
    window.session.run.snapshotTaken.connect(taken.append)
    return taken


def _answers(window: OpenWindow) -> Figures:
    """Milliseconds from asking for a pause, and for a reset, to the picture that shows it."""
    run = window.session.run
    since = time.perf_counter()
    run.pause()
    wait_until(lambda: run.snapshot is not None and run.snapshot.state == State.PAUSED, pause=0.0)
    paused, since = time.perf_counter() - since, time.perf_counter()
    run.reset()
    wait_until(lambda: run.snapshot is not None, pause=0.0)
    return {"pause": paused * 1000, "reset": (time.perf_counter() - since) * 1000}


def _rate_without_window(experiment: Experiment, seconds: float) -> float:
    """Steps a second of the same experiment, trained in this thread while nothing is drawn."""
    from playground.engines.loop.training import train

    control = RunControl(interactive=True)
    end = time.perf_counter() + seconds + WARM_UP_SECONDS
    first, since = 0, 0.0
    for snapshot in train(experiment, prepare(experiment), control, evaluate_every=10):
        now = time.perf_counter()
        if not since and now > end - seconds:
            first, since = snapshot.step, now
        if now > end:
            return (snapshot.step - first) / (now - since)
    raise AssertionError("an interactive run ends only when it is stopped")


def _pans(window: OpenWindow) -> list[float]:
    """Milliseconds from moving the canvas by a little to its painted picture, each time."""
    canvas, times = window.parts.output.canvas, []
    for i in range(PANS):
        since = time.perf_counter()
        canvas.pan_by(0.05 if i % 20 < 10 else -0.05, 0.0)
        canvas.viewport().repaint()
        times.append((time.perf_counter() - since) * 1000)
        run_for(0.0)
    return times


def _latest(window: OpenWindow) -> Snapshot:
    snapshot = window.session.run.snapshot
    assert snapshot is not None, "the first picture has been waited for"
    return snapshot


def _is_trained(snapshot: Snapshot | None, after: int = 0) -> bool:
    return snapshot is not None and snapshot.state == State.REACHED and snapshot.generation > after


def _pixel(window: OpenWindow, points: Points) -> QPointF:
    """Where the first training point lies on the canvas."""
    x, y = points.x[np.flatnonzero(~points.held_out)[0]]
    scale = window.parts.output.canvas.width() / (2 * EXTENT)
    return QPointF((x + EXTENT) * scale, (EXTENT - y) * scale)


def _mouse(window: OpenWindow, kind: QEvent.Type, place: QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    canvas = window.parts.output.canvas
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    event = QMouseEvent(
        kind, place, canvas.mapToGlobal(place), button, held, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(canvas.viewport(), event)


def _memory() -> float:
    """Resident memory of this process in MiB, as far as the system tells it."""
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Run the task that the command line names."""
    task, *arguments = sys.argv[1:]
    print(json.dumps(TASKS[task](*arguments)), flush=True)


if __name__ == "__main__":
    main()
