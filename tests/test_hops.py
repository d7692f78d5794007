"""One change is announced once: how far an act of a person travels, counted by calls.

The counts are those of `python -m tests.benchmarks.hops`, which prints each step, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.hops import ACTS, Act, Desk, at_work, looked, refreshed, walked
from tests.walks import GUI

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

TRAINING = "training"
_, RATE, _, RESET = ACTS
BEFORE = {
    RATE: {GUI: (757, 270), TRAINING: (32, 5)},
    RESET: {GUI: (309, 97), TRAINING: (137, 49)},
}
"""Hops and returns by thread while each part was told of each change: the tool's counts with
`--of` a checkout of commit f92c507. Two thirds of them are enough.
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    for kind in ("CONFIG", "DATA", "STATE"):  # the tool sets them, for good
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path))
    with at_work(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("act", BEFORE, ids=lambda act: act.words)
def test_an_act_leads_through_few_files(desk: Desk, act: Act) -> None:
    walks = walked(desk, act)
    for thread, before in BEFORE[act].items():
        hops, returns = len(walks[thread].hops), len(walks[thread].returns)
        assert hops <= 2 * before[0] // 3, thread
        assert returns <= 2 * before[1] // 3, thread


def test_a_committed_setting_refreshes_the_parts_that_show_it_once(desk: Desk) -> None:
    counts = refreshed(desk, RATE)
    assert set(counts.values()) == {1}
    assert {name.partition(".")[0] for name in counts} <= {"CurvesCard", "TrainingPanel"}


def test_another_view_asks_nothing_of_the_network(desk: Desk) -> None:
    nothing = {"evaluate": 0, "weights": 0}
    assert looked(desk, Desk.zoom) == nothing
    assert looked(desk, Desk.next_tab) == nothing
    assert all(looked(desk, lambda desk: desk.run.step_batch()).values()), "a step does"
