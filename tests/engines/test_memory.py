"""A network for which there is no room is refused before anything of it is made."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from playground.core.data.dataset import prepare
from playground.core.errors import EngineError
from playground.core.experiment.experiment import Experiment
from playground.engines import memory
from playground.engines.contract.base import Plan
from playground.engines.loop.headless import train_to_end
from playground.engines.memory import bytes_needed, check_room, free_bytes

GB = 1_000_000_000
WIDE = [{"kind": "linear", "units": 1024}] * 64


def experiment(layers: list[dict[str, Any]], **training: Any) -> Experiment:
    data = {"kind": "generated", "samples": 100}
    return Experiment.parse({"data": data, "model": {"layers": layers}, "training": training})


def needed(layers: list[dict[str, Any]], points: int, **training: Any) -> int:
    made = experiment(layers, **training)
    return bytes_needed(Plan.of(made, prepare(made)), points)


def test_what_a_network_needs() -> None:
    assert needed([{"kind": "linear", "units": 4}], 500) < 100_000
    assert 1 * GB < needed(WIDE, 500) < 4 * GB  # 66 million weights, with gradients and averages
    assert needed(WIDE, 1_000_000, batch_size="full") > 200 * GB
    assert needed(WIDE, 1_000_000, batch_size=10) < 8 * GB
    assert needed(WIDE, 500, dtype="float64") == 2 * needed(WIDE, 500)
    history = {"kind": "lbfgs", "history_size": 1000}
    assert needed(WIDE, 500, optimizer=history) > 100 * needed(WIDE, 500)


def test_the_compiled_kernels_go_through_a_batch_in_tiles() -> None:
    wide = [{"kind": "linear", "units": 256}] * 8
    whole = needed(wide, 1_000_000, batch_size="full", engine="torch")
    assert needed(wide, 1_000_000, batch_size="full", engine="compiled") < whole / 4


def test_a_network_without_room_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: GB)
    with pytest.raises(EngineError, match=r"needs about [\d.]+ GB of memory, but 1\.0 GB are free"):
        train_to_end(experiment(WIDE, device="cpu"), epochs=1)
    train_to_end(experiment([{"kind": "linear", "units": 4}]), epochs=1)


def test_where_nothing_is_known_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: None)
    made = experiment(WIDE)
    check_room(Plan.of(made, prepare(made)), 10**9)


LIMITED = """
import resource
from playground.engines.memory import free_bytes
before = free_bytes()
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + 50_000_000
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
assert before > 50_000_000 >= free_bytes() >= 0
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a limit leaves")
def test_a_limit_of_the_process_counts() -> None:
    subprocess.run([sys.executable, "-c", LIMITED], timeout=60, check=True)
    free = free_bytes()
    assert free is not None
    assert free > 0
