"""When a run ends by itself."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.errors import ExperimentError
from playground.core.experiment.experiment import Experiment, live_change
from playground.core.training.stopping import Stop, StopWatch

losses = st.lists(st.floats(0, 100), min_size=1, max_size=60)


def first_sentence(stop: Stop, values: list[float], accuracies: list[float] | None = None) -> int:
    """The epoch, counted from 1, at which the watch speaks; 0 where it never does."""
    watch = StopWatch(stop)
    for epoch, loss in enumerate(values, start=1):
        accuracy = accuracies[epoch - 1] if accuracies else None
        if watch.observe(epoch, loss, accuracy):
            return epoch
    return 0


def test_without_conditions_a_run_goes_on() -> None:
    assert not Stop().is_set
    assert first_sentence(Stop(), [1.0, 0.0, 0.0]) == 0


@given(losses, st.floats(0, 100))
def test_the_first_loss_below_ends_it(values: list[float], limit: float) -> None:
    below = [epoch for epoch, loss in enumerate(values, start=1) if loss < limit]
    assert first_sentence(Stop(loss_below=limit), values) == (below[0] if below else 0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.floats(0, 1, exclude_max=True))
def test_the_first_accuracy_above_ends_it(accuracies: list[float], limit: float) -> None:
    above = [epoch for epoch, part in enumerate(accuracies, start=1) if part > limit]
    found = first_sentence(Stop(accuracy_above=limit), [1.0] * len(accuracies), accuracies)
    assert found == (above[0] if above else 0)


def test_an_accuracy_is_not_expected_of_regression() -> None:
    assert StopWatch(Stop(accuracy_above=0.5)).observe(1, 0.1, None) is None


@given(losses, st.integers(1, 20))
def test_patience_ends_after_so_many_epochs_without_a_better_loss(
    values: list[float], patience: int
) -> None:
    epoch = first_sentence(Stop(patience=patience), values)
    seen = [math.inf, *values]
    without = [
        now
        for now in range(patience, len(values) + 1)
        if min(seen[: now - patience + 1]) <= min(seen[now - patience + 1 : now + 1])
    ]
    assert epoch == (without[0] if without else 0)


def test_the_sentence_names_what_held() -> None:
    sentence = StopWatch(Stop(loss_below=0.25)).observe(12, 0.2, None)
    assert sentence == "Stopped at epoch 12: the loss, 0.2, is below 0.25."
    large = StopWatch(Stop(loss_below=4e8)).observe(1, 3.25e8, None)
    assert large == "Stopped at epoch 1: the loss, 3.25×10⁸, is below 400000000."


@pytest.mark.parametrize(("loss", "form"), [(1e6, "playground/1"), (4e8, "playground/2")])
def test_a_loss_in_the_units_of_prices_can_be_the_goal(loss: float, form: str) -> None:
    """The first format of the project file took a million at most."""
    experiment = Experiment.parse({"training": {"stop": {"loss_below": loss}}})
    assert experiment.plain()["format"] == form
    assert first_sentence(experiment.training.stop, [3 * loss, loss, 0.9 * loss]) == 3


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"loss_below": -1}, "training.stop.loss_below"),
        ({"accuracy_above": 1.0}, "training.stop.accuracy_above"),
        ({"patience": 0}, "training.stop.patience"),
        ({"watch": "both"}, "training.stop.watch"),
    ],
)
def test_conditions_that_could_never_hold_are_refused(settings: dict, named: str) -> None:
    with pytest.raises(ExperimentError, match=named):
        Experiment.parse({"training": {"stop": settings}})


def test_conditions_act_on_a_running_training() -> None:
    changed = Experiment().with_setting("training.stop.patience", 5)
    assert live_change(Experiment(), changed)
