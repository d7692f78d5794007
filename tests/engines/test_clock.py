"""When the next picture is due: thirty a second, and seldom where they are dear."""

from itertools import pairwise

import pytest

from playground.engines.loop import clock
from playground.engines.loop.clock import FRAME_SECONDS, LOOKING_SHARE, Clock


@pytest.mark.parametrize("cost", [0.001, 0.01, 0.05, 0.4])
def test_pictures_take_a_third_of_the_time_at_most(
    cost: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(clock.time, "perf_counter", lambda: now)
    one = Clock()
    starts = []
    while len(starts) < 20:
        if one.frame_is_due():
            starts.append(now)
            with one.drawing():
                now += cost
        now += 0.001
    gaps = [after - before for before, after in pairwise(starts)]
    expected = max(FRAME_SECONDS, cost / LOOKING_SHARE)
    assert max(gaps) <= expected + 0.002
    assert min(gaps) >= expected - 1e-9


@pytest.mark.parametrize(("cost", "steps"), [(0.001, 9), (0.004, 2), (0.5, 1)])
def test_a_stretch_of_work_is_as_long_as_it_may_be(
    cost: float, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But one step at least."""
    now = 100.0
    monkeypatch.setattr(clock.time, "perf_counter", lambda: now)
    one = Clock()
    assert one.steps_within(0.01) == 1, "before it is known what a step costs"
    for _ in range(3):
        with one:
            now += cost * 5
        one.took(5)
    assert one.steps_within(0.0095) == steps


def test_a_rest_is_no_part_of_what_steps_take(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(clock.time, "perf_counter", lambda: now)
    one = Clock()
    now += 60.0
    one.rest(step=7)
    now += 0.1
    assert one.rate(step=17) == pytest.approx(100.0)
