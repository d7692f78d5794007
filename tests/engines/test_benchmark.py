"""The benchmark measures everybody; how fast they are is no test's business."""

from pathlib import Path

from playground.benchmarks.engines import (
    CONTENDERS,
    WORKLOADS,
    Measurement,
    measure,
    measure_epoch,
    table_experiment,
    write_table,
)
from playground.core.data.dataset import prepare


def test_everyone_is_measured_on_the_same_network() -> None:
    seen: list[Measurement] = []
    results = measure(WORKLOADS[:1], ("adam",), rounds=1, seconds=0.001, watch=seen.append)
    assert seen == results
    assert [result.contender for result in results] == list(CONTENDERS)
    assert all(result.microseconds > 0 for result in results)
    details = {result.contender: result.detail for result in results}
    assert details["auto"] == "compiled"
    assert details["plain"].startswith("plain, ")


def test_workloads_say_what_they_are() -> None:
    assert [workload.title for workload in WORKLOADS] == [
        "circle, 2-4-2-1, batch 10",
        "spiral, 7-8-8-1, batch 10",
        "spiral, 2-8-8-8-8-8-8-1, batch 10",
        "spiral, 2-64-64-1, batch 50",
        "spiral, 2-256-256-256-1, batch 250",
    ]


def test_a_table_is_written_read_and_trained_on(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_table(path, 3000)
    dataset = prepare(table_experiment(path))
    assert len(dataset.points) == 3000
    assert dataset.classes == 2
    auto, plain = measure_epoch(path, rounds=1)
    assert (auto.contender, plain.contender) == ("auto", "plain")
    assert auto.microseconds > 0
    assert plain.detail.startswith("plain, ")
