"""`python -m tests.benchmarks.window`: how soon the window answers while PyTorch trains the spiral
at full speed.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from playground.core.experiment import Experiment
from playground.ui.app import make_application, make_window
from playground.ui.benchmark import measure, wait_until

SPIRAL = {
    "data": {"kind": "generated", "generator": "spiral"},
    "model": {
        "features": ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"],
        "layers": [{"kind": "linear", "units": 8}, {"kind": "linear", "units": 8}],
    },
    "training": {"engine": "torch"},
}


def main() -> None:
    app = make_application()
    window = make_window()
    window.show()
    window.session.start()
    wait_until(lambda: window.session.run.snapshot is not None)
    figures = measure(window, Experiment.parse(SPIRAL), 10.0)
    window.session.undo_stack.setClean()
    window.close()
    app.processEvents()
    share = figures.steps_per_second / figures.steps_per_second_without_window
    print(f"engine                         {figures.engine}")
    print(f"pictures a second              {figures.frames_per_second:8.1f}")
    print(f"steps a second, with window    {figures.steps_per_second:8.0f}")
    print(
        f"steps a second, without        {figures.steps_per_second_without_window:8.0f}   ({share:.0%})"
    )
    print(f"event loop answers, median     {figures.delay_p50:8.1f} ms")
    print(f"event loop answers, 99th       {figures.delay_p99:8.1f} ms")
    print(f"event loop answers, slowest    {figures.delay_max:8.1f} ms")


if __name__ == "__main__":
    main()
