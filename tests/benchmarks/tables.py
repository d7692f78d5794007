"""Reading a table of a million rows, beside the reader of 0.1.0 that is kept in `reader_0_1_0`.

    .venv/bin/python -m tests.benchmarks.tables
    .venv/bin/python -m tests.benchmarks.tables --wide

Eleven interleaved pairs; what counts is the median of their ratios in processor time, and how long
the longest piece of work between two calls of `progress` takes: a person can give up only there.

--wide reads and trains on a table like MNIST as such: 60,000 rows of a label and 784 pixels, random
bytes four fifths of which are 0. What counts are seconds, the memory of the whole process, and the
same longest piece of work.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.importing import read_table_text
from tests.benchmarks.large_files import IMAGES, PIXELS, write_images, write_table
from tests.benchmarks.reader_0_1_0.importing import read_table_text as read_as_0_1_0

PAIRS = 11
MOST = 1.1
"""The most that the median of the ratios may be."""
MOST_SECONDS, MOST_MEMORY, MOST_WAIT = 15, 700, 100
"""Seconds to read the images, MiB of the process, and ms between two looks at progress."""


def seconds(read: Callable[[Path], object], place: Path) -> float:
    """Processor time of one reading, columns as numbers included."""
    gc.collect()
    start = time.process_time()
    text = read(place)
    for name in ("u", "v"):
        text.numbers(name)  # type: ignore[attr-defined]
    return time.process_time() - start


def child(*command: str) -> tuple[float, float]:
    """Seconds and the most MiB of a Python process of its own."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, command
    return time.perf_counter() - start, used.ru_maxrss / 1024


def wide(place: Path) -> None:
    """What a table of images costs."""
    write_images(place)
    print(f"{place.stat().st_size / 1e6:.0f} MB, {IMAGES:,} rows of {PIXELS + 1} columns")
    opening = "from playground.core.experiment.files import open_any; "
    taken, memory = child("-c", f"{opening}open_any({str(place)!r})")
    print(f"read: {taken:.1f} s, at most {MOST_SECONDS}; {memory:.0f} MiB, at most {MOST_MEMORY}")
    for engine in ("compiled", "numpy", "torch"):
        train = ("-m", "playground", "train", str(place), "--epochs", "1", "--json", "--quiet")
        taken, memory = child(*train, "--engine", engine)
        print(f"read and trained, {engine}: {taken:.1f} s; {memory:.0f} MiB, at most {MOST_MEMORY}")
    wait = longest_wait(place) * 1000
    print(f"longest wait between two looks at progress: {wait:.0f} ms, at most {MOST_WAIT}")


def longest_wait(place: Path) -> float:
    """Seconds between two calls of `progress`, at most."""
    last, waits = time.perf_counter(), [0.0]

    def progress(part: float) -> None:
        nonlocal last
        now = time.perf_counter()
        waits.append(now - last)
        last = now

    facts_of(read_table_text(place, progress=progress), progress)
    return max(waits)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        if "--wide" in sys.argv:
            wide(Path(folder) / "wide.csv")
            return
        place = Path(folder) / "million.csv"
        write_table(place)
        ratios = []
        for pair in range(PAIRS):
            before, now = seconds(read_as_0_1_0, place), seconds(read_table_text, place)
            ratios.append(now / before)
            print(
                f"pair {pair + 1}: 0.1.0 {before:.2f} s, now {now:.2f} s, ratio {now / before:.3f}"
            )
        print(f"median ratio {statistics.median(ratios):.3f}, at most {MOST}")
        print(f"longest wait between two looks at progress: {longest_wait(place) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
