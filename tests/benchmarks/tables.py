"""Reading a table of a million rows, beside the reader of 0.1.0 that is kept in `reader_0_1_0`.

    .venv/bin/python -m tests.benchmarks.tables

Eleven interleaved pairs; what counts is the median of their ratios in processor time, and how long
the longest piece of work between two calls of `progress` takes: a person can give up only there.
"""

from __future__ import annotations

import gc
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playground.core.data.tables.importing import read_table_text
from tests.benchmarks.reader_0_1_0.importing import read_table_text as read_as_0_1_0

ROWS, PAIRS = 1_000_000, 11
MOST = 1.1
"""The most that the median of the ratios may be."""


def write_table(place: Path, rows: int = ROWS) -> None:
    """Two measures and one of two words in each row."""
    source = random.Random(1)
    with place.open("w") as file:
        file.write("u,v,kind\n")
        for row in range(rows):
            word = ("yes", "no")[row % 2]
            file.write(f"{source.gauss(0, 1):.5f},{source.gauss(0, 1):.5f},{word}\n")


def seconds(read: Callable[[Path], object], place: Path) -> float:
    """Processor time of one reading, columns as numbers included."""
    gc.collect()
    start = time.process_time()
    text = read(place)
    for name in ("u", "v"):
        text.numbers(name)  # type: ignore[attr-defined]
    return time.process_time() - start


def longest_wait(place: Path) -> float:
    """Seconds between two calls of `progress`, at most."""
    last, waits = time.perf_counter(), [0.0]

    def progress(part: float) -> None:
        nonlocal last
        now = time.perf_counter()
        waits.append(now - last)
        last = now

    read_table_text(place, progress=progress)
    return max(waits)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
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
