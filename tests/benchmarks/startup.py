"""How long two checkouts take from the start of the process to the painted window, side by side.

`python -m tests.benchmarks.startup OLD NEW [--pairs 15] [--most RATIO]` starts them in turn, off
the screen, each pair in the other order than the one before, and prints the median of the ratios
new to old. A first pair, which is not counted, fills the caches of the disk. With `--most` the
command fails where the ratio is larger. Both run with the Python that runs this, and with settings
of their own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

__all__ = ["main", "seconds_to_paint"]

CHILD = """
import os, sys, time
sys.path.insert(0, os.getcwd())
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QMainWindow
from playground.ui import app

class Watch(QObject):
    def eventFilter(self, thing, event):
        if event.type() == QEvent.Type.Paint and isinstance(thing, QMainWindow):
            QTimer.singleShot(0, self.tell)
        return False

    def tell(self):
        print(time.monotonic() - float(os.environ["STARTED"]), flush=True)
        os._exit(0)

watch = Watch()
app.make_application().installEventFilter(watch)
app.run()
"""
START = """
import os, time
os.environ["STARTED"] = str(time.monotonic())
os.execv({0!r}, [{0!r}, "-c", {1!r}])
"""


def seconds_to_paint(checkout: Path) -> float:
    """Seconds until the window of a checkout has been painted once."""
    with tempfile.TemporaryDirectory() as home:
        own = {f"XDG_{kind}_HOME": home for kind in ("CONFIG", "DATA", "STATE")}
        answer = subprocess.run(
            # The clock is read by the process itself, right before it becomes the window's.
            [sys.executable, "-S", "-c", START.format(sys.executable, CHILD)],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": "", **own},
            cwd=checkout,
            capture_output=True,
            text=True,
            check=True,
        )
    return float(answer.stdout.split()[-1])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--most", type=float, help="the largest ratio that is good")
    own = parser.parse_args(arguments)
    pairs = []
    for number in range(own.pairs + 1):
        order = (own.old, own.new) if number % 2 else (own.new, own.old)
        taken = {place: seconds_to_paint(place) for place in order}
        if number:
            pairs.append((taken[own.old], taken[own.new]))
            print(f"old {pairs[-1][0]:.3f} s   new {pairs[-1][1]:.3f} s", flush=True)
    ratio = statistics.median(new / old for old, new in pairs)
    old, new = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"median: old {old:.3f} s, new {new:.3f} s; median of the ratios {ratio:.3f}")
    return int(own.most is not None and ratio > own.most)


if __name__ == "__main__":
    sys.exit(main())
