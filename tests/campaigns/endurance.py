"""Endurance: the same cycle again and again, or a training at full speed, and what is left of it.

    python -m tests.campaigns.endurance --cycles 1000   no thread, no window, no widget is left
    python -m tests.campaigns.endurance --minutes 30    the slope of the memory, in MiB a minute

A cycle is what a person does: train, stop, reset, new data, Instant, compare, another language,
each by its key or its place in a menu. Exit code 0 where nothing was left.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import numpy as np
import psutil

from tests.campaigns import sandbox

SLOPE_MIB_A_MINUTE = 0.5
SAMPLE_SECONDS = 5.0
PART_THAT_COUNTS = 2 / 3
"""The last twenty of thirty minutes: before, caches and heaps are still being filled."""

WARM_UP = 2
"""Cycles after which everything has been seen in both languages."""

REPORT_EVERY = 25


@dataclass(frozen=True, slots=True)
class Left:
    """What there is between two cycles."""

    threads: int
    main_windows: int
    comparisons: int
    widgets: int

    def __str__(self) -> str:
        return (
            f"{self.threads} threads, {self.main_windows} main windows, {self.comparisons}"
            f" comparisons, {self.widgets} widgets"
        )


class Trial:
    """The window, and the hands of a person. Made in the process of the campaign only."""

    def __init__(self) -> None:
        from playground.core.experiment.experiment import Experiment
        from playground.ui import app, language, reports
        from playground.ui.session.waiting import wait_until

        self._wait = wait_until
        self.application = app.make_application()
        language.use("en")
        reports.install()
        self.place = app.make_place()
        self.window.session.replace(Experiment())
        self.window.show()
        self.until(lambda: self.run.snapshot is not None)

    @property
    def window(self):  # type: ignore[no-untyped-def]
        return self.place.window

    @property
    def run(self):  # type: ignore[no-untyped-def]
        return self.place.window.session.run

    def until(self, holds) -> None:  # type: ignore[no-untyped-def]
        self._wait(holds, seconds=120.0)

    def press(self, key: str) -> None:
        """A key of the menus."""
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest

        self.window.parts.output.canvas.setFocus()
        QTest.keySequence(self.window, QKeySequence(key))

    # One cycle.

    def cycle(self, number: int) -> None:
        self._train_and_stop()
        self._reset()
        self._take_new_data(number)
        self._look_at_instant()
        self._compare()
        self._change_language(number)

    def _train_and_stop(self) -> None:
        before = self.run.snapshot.step
        self.press("Space")
        self.until(lambda: self.run.snapshot is not None and self.run.snapshot.step > before)
        self.press("Space")
        self.until(lambda: not self.run.is_training)

    def _reset(self) -> None:
        self.press("R")
        self.until(lambda: self.run.snapshot is not None and self.run.snapshot.step == 0)

    def _take_new_data(self, number: int) -> None:
        session = self.window.session
        key = ("circle", "xor", "spiral", "gaussians")[number % 4]
        self.window.parts.data.generatorChosen.emit(key)
        self.until(lambda: session.dataset is not None and session.dataset.data.generator == key)

    def _look_at_instant(self) -> None:
        self.press("I")
        self.until(lambda: self.run.snapshot is not None and self.run.snapshot.generation > 0)
        self.press("I")
        self.until(lambda: self.run.snapshot is not None and self.run.snapshot.generation == 0)

    def _compare(self) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        self.press("Ctrl+Shift+C")
        comparison = self.window.windows.comparison
        self.until(lambda: self.application.activeWindow() is comparison)
        QTest.mouseClick(comparison.start_button, Qt.MouseButton.LeftButton)
        self.until(lambda: comparison.moment is not None and comparison.moment.epoch > 0)
        comparison.close()
        self.window.activateWindow()
        self.until(lambda: self.application.activeWindow() is self.window)

    def _change_language(self, number: int) -> None:

        before = self.window
        self.window.set_language(("ja", "en")[number % 2])
        self.until(lambda: self.window is not before and self.window.isVisible())
        self.window.activateWindow()
        self.until(lambda: self.application.activeWindow() is self.window)

    # What is left.

    def left(self) -> Left:
        from PySide6.QtWidgets import QApplication
        from shiboken6 import Shiboken

        from playground.engines.loop.preload import collect_everything
        from playground.ui.compare import CompareWindow
        from playground.ui.session import threads
        from playground.ui.window.main_window import MainWindow

        collect_everything()
        self.application.processEvents()
        # That of the training; the window may be writing down what it holds just now.
        self.until(lambda: len(threads.running()) == 1)
        valid = Shiboken.getAllValidWrappers()
        return Left(
            threads=len(threads.running()),
            main_windows=sum(isinstance(one, MainWindow) for one in valid),
            comparisons=sum(isinstance(one, CompareWindow) for one in valid),
            widgets=len(QApplication.allWidgets()),
        )

    def close(self) -> None:
        from playground.ui.session import threads

        self.window.session.undo_stack.setClean()
        self.window.close()
        self.until(lambda: threads.running() == [])


def cycles(trial: Trial, count: int) -> bool:
    """True where every cycle leaves what the first ones left."""
    first: Left | None = None
    began = monotonic()
    for number in range(count):
        trial.cycle(number)
        if number + 1 == WARM_UP:
            first = trial.left()
        if (number + 1) % REPORT_EVERY == 0 or number + 1 == count:
            now = trial.left()
            print(
                f"{number + 1} cycles in {monotonic() - began:.0f} s: {now},"
                f" {_resident():.1f} MiB, {psutil.Process().num_threads()} threads of the system",
                flush=True,
            )
            if first is not None and now != first:
                print(f"After {WARM_UP} cycles these were {first}.")
                return False
    return True


def minutes(trial: Trial, count: float) -> bool:
    """True where the memory of a training at full speed does not grow."""
    from playground.ui.session.waiting import run_for

    trial.press("Space")
    trial.until(lambda: trial.run.is_training)
    began = monotonic()
    samples: list[tuple[float, float]] = []
    while monotonic() - began < 60 * count:
        run_for(SAMPLE_SECONDS)
        samples.append(((monotonic() - began) / 60, _resident()))
        if len(samples) % 12 == 0:
            print(f"{samples[-1][0]:.1f} min: {samples[-1][1]:.2f} MiB", flush=True)
    epoch = trial.run.snapshot.epoch
    slope = slope_of(samples, since=count * (1 - PART_THAT_COUNTS))
    print(f"{epoch:,} epochs; memory grows by {slope:.4f} MiB a minute.", flush=True)
    return slope < SLOPE_MIB_A_MINUTE


def slope_of(samples: list[tuple[float, float]], since: float) -> float:
    """Least squares through the samples (minute, MiB) from that minute on: MiB a minute."""
    late = np.array([sample for sample in samples if sample[0] >= since])
    return float(np.polyfit(late[:, 0], late[:, 1], 1)[0])


def _resident() -> float:
    return psutil.Process().memory_info().rss / 2**20


def _wanted(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def inside(wanted: argparse.Namespace) -> int:
    """The campaign itself, in a process of its own."""
    sandbox.guard(wanted.inside)
    trial = Trial()
    is_good = True
    if wanted.cycles:
        is_good = cycles(trial, wanted.cycles)
    if wanted.minutes:
        is_good = minutes(trial, wanted.minutes) and is_good
    trial.close()
    return 0 if is_good else 1


def main() -> int:
    wanted = _wanted()
    if wanted.inside is not None:
        return inside(wanted)
    with sandbox.folder() as place:
        arguments = [
            f"--cycles={wanted.cycles}",
            f"--minutes={wanted.minutes}",
            f"--inside={place}",
        ]
        seconds = 120 + 60 * wanted.cycles + 120 * wanted.minutes
        outcome = sandbox.run("tests.campaigns.endurance", arguments, place, seconds, echo=True)
    for line in outcome.complaints:
        print(f"on stderr: {line}")
    return 1 if outcome.code or outcome.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
