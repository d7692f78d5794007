"""How long saving keeps other threads of Python waiting, at a million points.

`python -m tests.benchmarks.saving [POINTS]`: a thread ticks every millisecond, and the longest gap
between two ticks is what a window would stutter by. The first line is the gap beside a thread that
only waits: what the computer itself does at present. A busy computer makes all gaps longer; the
processor's time for the longest piece of a project file, which no other thread can interrupt, is
its own.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import save
from playground.core.experiment.project_text import pieces
from playground.engines.recovery_file import Kept, write
from playground.engines.weights_file import save_weights

MILLION = 1_000_000
SWITCH_SECONDS = 0.001


def longest_gap(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds that `work` takes on a thread of its own, and the longest gap of another one."""
    thread = threading.Thread(target=work)
    longest = 0.0
    start = before = time.perf_counter()
    thread.start()
    while thread.is_alive():
        time.sleep(0.001)
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
    return time.perf_counter() - start, longest


def longest_piece(experiment: Experiment) -> float:
    """Seconds of the processor's time for the dearest piece of a project file."""
    longest, left = 0.0, iter(pieces(experiment))
    while True:
        before = time.thread_time()
        if next(left, None) is None:
            return longest
        longest = max(longest, time.thread_time() - before)


def kept(count: int, weights: int = MILLION) -> Kept:
    """Points that were painted, half of them held out, and a network of that many numbers."""
    draw = np.random.default_rng(0)
    points = Points.of(
        draw.normal(size=(count, 2)), draw.integers(0, 2, count), draw.random(count) < 0.5
    )
    arrays = {"0.weight": draw.normal(size=(1000, weights // 1000)).astype(np.float32)}
    data = PointsData.of(points)
    return Kept(Experiment(data=data), "Many", time.time(), epoch=1, weights=arrays)


def main() -> None:
    sys.setswitchinterval(SWITCH_SECONDS)
    content = kept(int(sys.argv[1]) if len(sys.argv) > 1 else MILLION)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        works: dict[str, Callable[[], object]] = {
            "nothing": lambda: time.sleep(1.0),
            "recovery file": lambda: write(content, folder / "r.safetensors"),
            "project file": lambda: save(content.experiment, folder / "p.playground.json"),
            "network": lambda: save_weights(content.weights, folder / "w.safetensors"),
        }
        for words, work in works.items():
            seconds, gap = longest_gap(work)
            print(f"{words:14} {seconds:6.2f} s   longest gap {gap * 1000:6.1f} ms")
    print(f"longest piece of a project file: {longest_piece(content.experiment) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
