"""`playground bench`: the table of the README, measured now, in one run.

Imports torch and Qt only when it runs; the window's figures come from processes of their own.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from playground.benchmarks.engines import Measurement

Report = dict[str, Any]

ON_SCREEN = ("W1", "W2", "W3")
INSTANT = ("W1", "W2")
NETWORKS = ((6, 8), (12, 64))
"""Hidden layers, and units of each, of the pictures that are drawn."""
TABLE_ROWS = 1_000_000
PARTS = ("steps", "network", "table", "window")
"""In the order of measuring: the window comes last, because it leaves work behind."""


@click.command(short_help="Measure how fast everything is here.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@click.option("--quick", is_flag=True, help="Fewer rounds: rougher figures in a third of the time.")
@click.option(
    "--only",
    type=click.Choice(PARTS),
    help="Measure only training steps, the window, the network's picture, or a large table.",
)
def bench(as_json: bool, quick: bool, only: str | None) -> None:
    """Measure training steps and the living window, side by side, in one run.

    It takes some minutes, and wants a computer that does nothing else. Ratios carry over to
    other computers, microseconds do not. Without a display the window is drawn off-screen.
    """
    report: Report = {"machine": _machine()}
    for part in (only,) if only else PARTS:
        report |= MEASURES[part](quick)
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


def _steps(quick: bool) -> Report:
    """One row a workload and optimizer: microseconds a step of each contender."""
    from playground.benchmarks.engines import WORKLOADS, measure

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
    return {"steps": list(rows.values()), "pictures_milliseconds": _pictures()}


def _pictures() -> float:
    """Milliseconds for the window's map and the pictures of all neurons of W2, at best of 50."""
    import time

    from playground.benchmarks.engines import WORKLOADS
    from playground.core.data.dataset import prepare
    from playground.engines.contract.base import Plan
    from playground.engines.contract.views import Views
    from playground.engines.inside.frames import FramePainter
    from playground.engines.loop.selection import select
    from playground.ui.window.view_requests import NEURON_GRID

    experiment = next(load for load in WORKLOADS if load.key == "W2").experiment()
    dataset = prepare(experiment)
    plan = Plan.of(experiment, dataset)
    engine, painter = select(plan).engine(plan), FramePainter()
    engine.load(dataset)
    times = []
    for _ in range(50):
        start = time.perf_counter()
        painter.draw(engine, dataset, Views(neuron_grid=NEURON_GRID))
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def _draw_somewhere() -> None:
    """Without a display, off-screen."""
    if sys.platform == "linux" and not os.environ.get("DISPLAY", os.environ.get("WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def _network(quick: bool) -> Report:
    """What drawing the network costs the GUI thread, on usual screens and on sharp ones."""
    _draw_somewhere()
    from playground.benchmarks.window import run_task

    rows = []
    for layers, units in NETWORKS:
        for ratio in ("1", "2"):
            _progress(f"the picture of {layers} x {units} neurons, pixel ratio {ratio}")
            drawn = run_task(
                "network", str(layers), str(units), environment={"QT_SCALE_FACTOR": ratio}
            )
            rows.append({"layers": layers, "units": units, **drawn})
    return {"network": rows}


def _table(quick: bool) -> Report:
    """A table of a million points: reading, the first picture, panning, an epoch."""
    _draw_somewhere()
    from playground.benchmarks.engines import measure_epoch, write_table
    from playground.benchmarks.window import run_task

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "table.csv"
        _progress(f"a table of {TABLE_ROWS:,} points")
        write_table(path, TABLE_ROWS)
        read = run_task("reading", str(path))
        shown = run_task("table", str(path))
        auto, plain = measure_epoch(path, rounds=2 if quick else 5)
    return {
        "table": {
            **shown,
            "read": read["read"],
            "engine": auto.detail,
            "epoch_step": auto.microseconds,
            "plain_step": plain.microseconds,
            "speed_against_plain": plain.microseconds / auto.microseconds,
        }
    }


def _window(quick: bool) -> Report:
    """What the window reaches, each figure in a process of its own."""
    _draw_somewhere()
    from playground.benchmarks.window import run_task
    from playground.engines.compiled import kernel_cache

    seconds = 3.0 if quick else 8.0
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
    return {"window": report}


MEASURES: dict[str, Callable[[bool], Report]] = {
    "steps": _steps,
    "network": _network,
    "table": _table,
    "window": _window,
}
"""What measures each part; the argument asks for fewer rounds."""


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
    if "network" in report:
        lines += [*_network_lines(report["network"]), ""]
    if "table" in report:
        lines += [*_table_lines(report["table"]), ""]
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


def _network_lines(rows: list[Report]) -> list[str]:
    return [
        "| the network's picture | pixel ratio | ms a frame, median | 95th percentile |",
        "| --- | --- | --- | --- |",
        *(
            f"| {row['layers']} x {row['units']} neurons | {row['pixel_ratio']:g} |"
            f" {row['p50']:.1f} | {row['p95']:.1f} |"
            for row in rows
        ),
    ]


def _table_lines(row: Report) -> list[str]:
    return [
        f"{row['rows']:,} points from CSV: read in {row['read']:,.0f} ms, read and shown in"
        f" {row['pictured']:,.0f} ms; panning {row['pan_p50']:.1f} ms a picture, at most"
        f" {row['pan_max']:.1f}; {row['memory']:.0f} MiB.",
        f"An epoch on them: {row['speed_against_plain']:.2f} of the speed of a plain PyTorch loop"
        f" (engine {row['engine']}, {row['epoch_step']:,.0f} against {row['plain_step']:,.0f}"
        " microseconds a step).",
    ]


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
