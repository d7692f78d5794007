"""Measures the living window: how fast it trains while every view is drawn, and how soon it
answers.

GUI thread. Nothing here asserts anything: figures are printed by `playground bench` and by
`tests/benchmarks`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Slot

from playground.core.dataset import prepare
from playground.core.experiment import Experiment
from playground.engines.exchange import RunControl
from playground.ui.main_window import MainWindow

__all__ = ["Heartbeat", "WindowFigures", "measure", "wait_until"]

BEAT_MILLISECONDS = 5
WARM_UP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """What a window reached: rates in epochs and steps a second, delays of the event loop in
    milliseconds.
    """

    engine: str
    epochs_per_second: float
    steps_per_second: float
    steps_per_second_without_window: float
    frames_per_second: float
    delay_p50: float
    delay_p99: float
    delay_max: float


class Heartbeat(QObject):
    """A timer that notes how late each of its beats is: the time a click would have had to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.delays: list[float] = []
        self._timer = QTimer(self, interval=BEAT_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self.delays.clear()
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    @Slot()
    def _beat(self) -> None:
        now = time.perf_counter()
        self.delays.append(max(0.0, (now - self._last) * 1000 - BEAT_MILLISECONDS))
        self._last = now


def measure(window: MainWindow, experiment: Experiment, seconds: float) -> WindowFigures:
    """Train in a window that is shown and started, as fast as it goes, with all views drawn."""
    session = window.session
    session.replace(experiment)
    wait_until(lambda: session.run.snapshot is not None)
    frames = 0

    def count(_: object) -> None:
        nonlocal frames
        frames += 1

    session.run.resume()
    _run_for(WARM_UP_SECONDS)
    heart = Heartbeat()
    session.run.snapshotTaken.connect(count)
    first, started = session.run.snapshot, time.perf_counter()
    heart.start()
    _run_for(seconds)
    heart.stop()
    last, took = session.run.snapshot, time.perf_counter() - started
    session.run.snapshotTaken.disconnect(count)
    session.run.pause()
    assert first is not None
    assert last is not None
    return WindowFigures(
        engine=last.info.engine,
        epochs_per_second=(last.epoch - first.epoch) / took,
        steps_per_second=(last.step - first.step) / took,
        steps_per_second_without_window=_headless_rate(experiment, seconds),
        frames_per_second=frames / took,
        delay_p50=float(np.percentile(heart.delays, 50)),
        delay_p99=float(np.percentile(heart.delays, 99)),
        delay_max=max(heart.delays),
    )


def wait_until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Let the event loop run until something holds. Raises TimeoutError."""
    end = time.perf_counter() + seconds
    while not holds():
        if time.perf_counter() > end:
            raise TimeoutError("the window did not get there in time")
        _run_for(0.005)


def _run_for(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def _headless_rate(experiment: Experiment, seconds: float) -> float:
    """Steps a second of the same experiment, trained in this thread while nothing is drawn."""
    from playground.engines.training import train

    control = RunControl(interactive=True)
    end = time.perf_counter() + seconds + WARM_UP_SECONDS
    first = None
    for snapshot in train(experiment, prepare(experiment), control, evaluate_every=10):
        now = time.perf_counter()
        if first is None and now > end - seconds:
            first, since = snapshot.step, now
        if now > end:
            control.stop()
            break
    assert first is not None
    return (snapshot.step - first) / (now - since)
