"""`playground bench`: the table of the README, measured now, in one run.

Imports torch and Qt only when it runs; the window's figures come from processes of their own.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from playground.engines.benchmark import Measurement

__all__ = ["bench"]

Report = dict[str, Any]

ON_SCREEN = ("W1", "W2", "W3")
INSTANT = ("W1", "W2")


@click.command(short_help="Measure how fast everything is here.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@click.option("--quick", is_flag=True, help="Fewer rounds: rougher figures in a third of the time.")
@click.option(
    "--only",
    type=click.Choice(["steps", "window"]),
    help="Measure only training steps, or only the window.",
)
def bench(as_json: bool, quick: bool, only: str | None) -> None:
    """Measure training steps and the living window, side by side, in one run.

    It takes some minutes, and wants a computer that does nothing else. Ratios carry over to
    other computers, microseconds do not. Without a display the window is drawn off-screen.
    """
    report: Report = {"machine": _machine()}
    if only != "window":
        report["steps"] = _steps(quick)
        report["pictures_milliseconds"] = _pictures()
    if only != "steps":
        report["window"] = _window(3.0 if quick else 8.0)
    if as_json:
        click.echo(json.dumps(report, indent=2))
        return
    for line in _lines(report):
        click.echo(line)


def _machine() -> Report:
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("torch", "numpy", "numba", "PySide6_Essentials")},
    }


def _steps(quick: bool) -> list[Report]:
    """One row a workload and optimizer: microseconds a step of each contender."""
    from playground.engines.benchmark import WORKLOADS, measure

    rows: dict[tuple[str, str], Report] = {}
    titles = {workload.key: workload.title for workload in WORKLOADS}

    def note(measured: Measurement) -> None:
        key = (measured.workload, measured.optimizer)
        if key not in rows:
            _progress(f"{measured.workload} with {measured.optimizer}")
        row = rows.setdefault(
            key, {"workload": key[0], "title": titles[key[0]], "optimizer": key[1]}
        )
        row[measured.contender] = measured.microseconds
        row[f"{measured.contender}_is"] = measured.detail

    measure(rounds=3 if quick else 7, watch=note)
    for row in rows.values():
        row["compiled_against_plain"] = row["plain"] / row["compiled"]
        rivals = (row[name] for name in ("plain", "torch", "numpy", "compiled"))
        row["auto_against_fastest"] = min(rivals) / row["auto"]
        row["torch_against_plain"] = row["torch"] / row["plain"]
    return list(rows.values())


def _pictures() -> float:
    """Milliseconds for a 100 x 100 map and the pictures of all neurons of W2, at best of 50."""
    import time

    from playground.core.dataset import prepare
    from playground.engines.base import Plan
    from playground.engines.benchmark import WORKLOADS
    from playground.engines.exchange import Views
    from playground.engines.frames import FramePainter
    from playground.engines.selection import select

    experiment = next(load for load in WORKLOADS if load.key == "W2").experiment()
    dataset = prepare(experiment)
    plan = Plan.of(experiment, dataset)
    engine, painter = select(plan).engine(plan), FramePainter()
    engine.load(dataset)
    times = []
    for _ in range(50):
        start = time.perf_counter()
        painter.draw(engine, dataset, Views(grid=100, neuron_grid=24))
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def _window(seconds: float) -> Report:
    """What the window reaches, each figure in a process of its own."""
    if sys.platform == "linux" and not os.environ.get("DISPLAY", os.environ.get("WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from playground.engines import kernel_cache
    from playground.ui.benchmark import run_task

    kernel_cache.fill()
    report: Report = {}
    _progress("first window")
    starts = [run_task("first_paint") for _ in range(3)]
    report["start"] = min(starts, key=lambda start: start["painted"])
    for key in ON_SCREEN:
        _progress(f"{key} on screen")
        report[key] = run_task("training", key, "auto", str(seconds))
    _progress("PyTorch on screen")
    report["torch"] = run_task("training", "W2", "torch", str(seconds))
    for key in INSTANT:
        _progress(f"{key} in Instant")
        report[f"instant_{key}"] = run_task("instant", key)
    # Last, because the process that then compiles the kernels outlives it, and would disturb.
    _progress("first start, kernels not compiled yet")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as empty:
        report["first_start"] = run_task("first_paint", environment={"XDG_CACHE_HOME": empty})
    return report


def _lines(report: Report) -> list[str]:
    machine = report["machine"]
    lines = [", ".join(f"{name} {value}" for name, value in machine.items()), ""]
    if "steps" in report:
        lines += [*_step_lines(report["steps"]), ""]
        lines += [
            "100 x 100 map and all neurons' pictures of W2:"
            f" {report['pictures_milliseconds']:.1f} ms",
            "",
        ]
    if "window" in report:
        lines += _window_lines(report["window"])
    return lines


def _step_lines(rows: list[Report]) -> list[str]:
    """A Markdown table of microseconds a step."""
    columns = ("compiled", "numpy", "torch", "plain", "dataloader", "sklearn", "auto")
    ratios = ("compiled / plain", "auto / fastest")
    head = ("workload", "optimizer", *columns, *ratios)
    table = [head, tuple("---" for _ in head)]
    for row in rows:
        table.append(
            (
                f"{row['workload']} {row['title']}",
                row["optimizer"],
                *(f"{row[column]:,.1f}" for column in columns),
                f"{row['compiled_against_plain']:.1f}x",
                f"{row['auto_against_fastest']:.2f}",
            )
        )
    return ["Microseconds a step:", "", *(f"| {' | '.join(row)} |" for row in table)]


def _window_lines(window: Report) -> list[str]:
    start, first = window["start"], window["first_start"]
    lines = [
        f"First window painted after {start['painted']:.0f} ms,"
        f" first picture after {start['pictured']:.0f} ms.",
        f"Longest pause of the event loop at the first start: {first['delay_max']:.0f} ms.",
        "",
        "| on screen | engine | epochs/s | steps/s | pictures/s | delay p50 | p99 | max ms |"
        " pause ms | reset ms | MiB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for key in (*ON_SCREEN, "torch"):
        row = window[key]
        name = "W2" if key == "torch" else key
        lines.append(
            f"| {name} | {row['engine']} | {row['epochs_per_second']:,.0f} |"
            f" {row['steps_per_second']:,.0f} | {row['frames_per_second']:.0f} |"
            f" {row['delay_p50']:.1f} | {row['delay_p99']:.1f} | {row['delay_max']:.1f} |"
            f" {row['pause']:.0f} | {row['reset']:.0f} | {row['memory']:.0f} |"
        )
    lines.append("")
    for key in INSTANT:
        row = window[f"instant_{key}"]
        lines.append(
            f"Instant, {key}, 500 epochs: pointer to trained boundary"
            f" {row['p50']:.0f} ms median, {row['p95']:.0f} ms at the 95th percentile."
        )
    return lines


def _progress(what: str) -> None:
    click.echo(f"Measuring {what} ...", err=True)
