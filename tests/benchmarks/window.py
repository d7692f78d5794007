"""How soon the window answers while PyTorch trains: `python -m tests.benchmarks.window`."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from playground.benchmarks.window import run_task


def main() -> None:
    figures = run_task("training", "W2", "torch", "10")
    alone, together = figures["steps_per_second_without_window"], figures["steps_per_second"]
    print(f"pictures a second              {figures['frames_per_second']:8.1f}")
    print(f"steps a second, with window    {together:8.0f}")
    print(f"steps a second, without        {alone:8.0f}   ({together / alone:.0%})")
    print(f"event loop answers, median     {figures['delay_p50']:8.1f} ms")
    print(f"event loop answers, 99th       {figures['delay_p99']:8.1f} ms")
    print(f"event loop answers, slowest    {figures['delay_max']:8.1f} ms")
    print(f"pause shown after              {figures['pause']:8.1f} ms")
    print(f"reset shown after              {figures['reset']:8.1f} ms")


if __name__ == "__main__":
    main()
