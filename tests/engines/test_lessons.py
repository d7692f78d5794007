"""Lessons without a window: what is measured of a run, and that what lessons claim is true.

That their goals can be reached is shown in the window, by tests/ui/test_lesson_check.py.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from playground.core.data.data import DigitsData
from playground.core.data.dataset import prepare
from playground.core.errors import ExperimentError
from playground.core.experiment.experiment import Experiment
from playground.core.lessons import lesson_files as lesson_files
from playground.core.lessons.goals import (
    AccuracyGoal,
    ChangedGoal,
    ComparedGoal,
    EpochGoal,
    LossGoal,
    SettingGoal,
)
from playground.core.lessons.lesson import Lesson, Step
from playground.core.lessons.solution import KeyAction, PressAction
from playground.core.lessons.step_facts import Facts
from playground.core.training.schedules import SCHEDULES
from playground.engines import lessons
from playground.engines.contract.base import Plan
from playground.engines.lessons import Runs, measure, measure_all, train_lesson
from playground.engines.loop.headless import train_to_end
from playground.engines.pytorch.network import initial_weights

LINE: dict[str, Any] = {
    "title": "line",
    "data": {"kind": "generated", "generator": "gaussians", "samples": 60},
    "model": {"layers": []},
    "training": {
        "engine": "numpy",
        "batch_size": "full",
        "optimizer": {"kind": "sgd", "learning_rate": 0.1},
        "epochs": 20,
        "seed": 1,
    },
}


def lesson(**parts: Any) -> Lesson:
    plain: dict[str, Any] = {
        "key": "line",
        "title": "A line",
        "experiments": {
            "line": LINE,
            "slow": {"from": "line", "settings": {"training.optimizer.learning_rate": 0.01}},
        },
        "steps": [{"text": "Train.", "goals": [{"kind": "epoch", "at_least": 20}]}],
    }
    return Lesson.parse({**plain, **parts})


def measured(**figure: Any) -> float:
    plain = {"what": "x", "experiment": "line", "at_least": -1e9, **figure}
    known = lesson(published=[plain])
    return measure(known.published[0], known, Runs()).value


# Figures.


def test_scores_are_those_of_the_run() -> None:
    result = train_to_end(Experiment.parse(LINE), evaluate_every=1)
    assert measured(measure="train_loss", epoch=7) == result.curve[7].train.loss
    assert measured(measure="test_loss") == result.test_loss
    accuracies = ("train_accuracy", "test_accuracy")
    for name in accuracies:
        assert measured(measure=name, at_least=0.0) == getattr(result, name)
    assert measured(measure="parameters") == 6
    assert measured(measure="lowest_loss") == min(point.train.loss for point in result.curve)


def test_without_test_points_a_test_figure_is_missed() -> None:
    untested = {**LINE, "data": {**LINE["data"], "test_ratio": 0.0}}
    plain = {"what": "x", "experiment": "line", "measure": "test_loss", "at_most": 1e9}
    known = lesson(experiments={"line": untested}, published=[plain])
    found = measure(known.published[0], known, Runs())
    assert math.isnan(found.value)
    assert not found.is_met


@pytest.mark.parametrize(
    ("losses", "first", "settled"),
    [
        ([3.0, 0.5, 2.0, 0.5, 0.4], 1, 3),
        ([3.0, 2.0, 0.5], 2, 2),
        ([0.5, 0.5], 0, 0),
        ([3.0, 0.5, 1.0], 1, math.inf),
        ([3.0, 2.0], math.inf, math.inf),
    ],
)
def test_getting_below_a_threshold(losses: list[float], first: float, settled: float) -> None:
    run = _FakeResult(losses)
    assert lessons._first_below(run, 1.0) == first  # type: ignore[arg-type]
    assert lessons._stays_below(run, 1.0) == settled  # type: ignore[arg-type]


class _FakeScore:
    def __init__(self, loss: float) -> None:
        self.loss = loss


class _FakePoint:
    def __init__(self, epoch: int, loss: float) -> None:
        self.epoch, self.train = epoch, _FakeScore(loss)


class _FakeResult:
    def __init__(self, losses: list[float]) -> None:
        self.curve = [_FakePoint(epoch, loss) for epoch, loss in enumerate(losses)]


def test_a_lead_is_counted_in_epochs() -> None:
    race = {"measure": "first_below", "threshold": 0.4}
    fast, slow = measured(**race), measured(**race, experiment="slow")
    assert 0 < fast < slow
    assert measured(**race, rival="slow") == slow - fast
    assert measured(**race, experiment="slow", rival="line") == fast - slow


def test_both_ways_to_the_gradients_agree() -> None:
    exact = {**LINE, "training": {**LINE["training"], "dtype": "float64"}}
    for name in ("gradient_difference", "curve_difference"):
        plain = {"what": "x", "experiment": "line", "measure": name, "at_most": 1e-9}
        known = lesson(experiments={"line": exact}, published=[plain])
        found = measure(known.published[0], known, Runs())
        assert found.is_met, name


def test_what_cannot_be_done_by_hand_says_so() -> None:
    drops = {**LINE, "model": {"layers": [{"kind": "dropout"}]}}
    drops["training"] = {**LINE["training"], "engine": "torch"}
    plain = {"what": "x", "experiment": "line", "measure": "gradient_difference", "at_most": 1.0}
    known = lesson(experiments={"line": drops}, published=[plain])
    with pytest.raises(ExperimentError, match="line: The NumPy engine cannot train"):
        measure(known.published[0], known, Runs())


def test_each_experiment_is_trained_once() -> None:
    told: list[str] = []
    figures = [
        {"what": "x", "experiment": "line", "measure": name, "at_most": 1e9}
        for name in ("train_loss", "test_loss")
    ]
    found = measure_all(lesson(published=figures), told.append)
    assert [one.is_met for one in found] == [True, True]
    assert told == ["line"]


def test_a_lesson_is_trained_but_for_what_never_ends() -> None:
    endless = {**LINE, "training": {**LINE["training"], "epochs": None}}
    known = lesson(experiments={"line": LINE, "endless": endless})
    assert set(train_lesson(known, Runs())) == {"line"}


# Those that come along. What takes long to train is left to `playground lessons --check`.

BUNDLED = [path.name.removesuffix(lesson_files.SUFFIX) for path in lesson_files._bundled_files()]


def is_slow(experiment: Experiment) -> bool:
    return isinstance(experiment.data, DigitsData) and experiment.data.size == 28


@pytest.fixture(scope="module")
def runs() -> Runs:
    """Shared by the tests, so that each experiment is trained once."""
    return Runs()


@pytest.mark.parametrize("key", BUNDLED)
def test_no_goal_is_reached_before_anything_was_done(key: str) -> None:
    known = lesson_files.find(key)
    for index, page in enumerate(known.steps):
        start = Facts.at_start(known.experiments[known.name_at(index)])
        assert not any(goal.reached(start) for goal in page.goals)


@pytest.mark.parametrize("key", BUNDLED)
def test_the_published_figures_are_met(key: str, runs: Runs) -> None:
    known = lesson_files.find(key)
    for figure in known.published:
        if not is_slow(known.experiments[figure.experiment]):
            found = measure(figure, known, runs)
            assert found.is_met, f"{figure.what.en}: {found.value:g}, not {figure.wanted}"


@pytest.mark.parametrize("key", BUNDLED)
def test_goals_ask_for_no_more_than_the_published_figures(key: str) -> None:
    """Of what is slow to train: the accuracy that the check measures is enough for the goal."""
    known = lesson_files.find(key)
    bounds = {one.experiment: one.at_least for one in known.published if one.at_least is not None}
    for index, page in enumerate(known.steps):
        if is_slow(known.experiments[known.name_at(index)]):
            for goal in page.goals:
                if goal.kind == "accuracy":
                    assert goal.at_least <= (bounds[known.name_at(index)] or 0)


@pytest.mark.parametrize("key", BUNDLED)
def test_every_slow_network_can_be_built(key: str) -> None:
    for experiment in lesson_files.find(key).experiments.values():
        if is_slow(experiment):
            assert initial_weights(Plan.of(experiment, prepare(experiment)))


RESULTS = (EpochGoal, LossGoal, AccuracyGoal)


def trained(experiment: Experiment) -> Facts:
    """What there is to say of a run that could not have gone better."""
    return replace(
        Facts.at_start(experiment),
        epoch=10_000,
        train_loss=1e-12,
        test_loss=1e-12,
        train_accuracy=1.0,
        test_accuracy=1.0,
    )


@pytest.mark.parametrize("key", BUNDLED)
def test_what_was_open_before_does_not_do_for_a_step_with_an_experiment(key: str) -> None:
    """However well and long it is trained: the step wants its own."""
    known = lesson_files.find(key)
    for index, page in enumerate(known.steps):
        before = {known.name_at(number) for number in range(index)} - {page.experiment}
        for name in before if page.experiment is not None else ():
            goals = [goal for goal in page.goals if isinstance(goal, RESULTS)]
            facts = trained(known.experiments[name])
            assert not any(goal.reached(facts) for goal in goals), (index + 1, name)


@pytest.mark.parametrize("key", BUNDLED)
def test_what_a_step_has_somebody_open_and_train_is_what_its_goals_ask_for(key: str) -> None:
    """Where nothing is changed in between: of what is slow to train, too."""
    known = lesson_files.find(key)
    for index, page in enumerate(known.steps):
        opens_and_trains = [PressAction(press="Open experiment"), KeyAction(key="Space")]
        if list(page.solution[:2]) == opens_and_trains and len(page.solution) == 3:
            facts = trained(known.experiments[known.name_at(index)])
            assert all(goal.reached(facts) for goal in page.goals), index + 1


@pytest.mark.parametrize("key", BUNDLED)
def test_a_result_is_asked_for_with_the_setting_that_the_step_is_about(key: str) -> None:
    """What acts on a run that goes on finds its result there already, unless that has to last."""
    for index, page in enumerate(lesson_files.find(key).steps):
        asked = [goal.path for goal in page.goals if isinstance(goal, SettingGoal | ChangedGoal)]
        for goal in page.goals:
            if isinstance(goal, LossGoal | AccuracyGoal):
                assert not asked or goal.when.keys() & {*asked}, index + 1
                is_live = "training.optimizer.learning_rate" in goal.when
                assert goal.after > 1 or not is_live, index + 1


@pytest.mark.parametrize("key", BUNDLED)
def test_the_race_of_one_step_does_not_do_for_another(key: str) -> None:
    known = lesson_files.find(key)
    races = [page for page in known.steps if page.compare and not page.compare_own]
    for page in races:
        raced = tuple(known.experiments[name] for name in page.compare)
        for other in races:
            start = Facts.at_start(known.experiments[known.first])
            facts = replace(start, compared=raced)
            goals = [goal for goal in other.goals if isinstance(goal, ComparedGoal)]
            assert all(goal.reached(facts) is (other is page) for goal in goals)


# What single steps claim.


def step_at(key: str, number: int) -> tuple[Lesson, Step]:
    known = lesson_files.find(key)
    return known, known.steps[number - 1]


def test_each_schedule_that_the_step_names_brings_the_loss_below_its_goal() -> None:
    known, step = step_at("L2", 5)
    assert step.try_this is not None
    assert step.experiment is not None
    goal = next(goal for goal in step.goals if isinstance(goal, LossGoal))
    labels = {kind: schedule.label for kind, schedule in SCHEDULES.items()}
    # The longest first: "Cosine, warm restarts" is not "Cosine".
    text, named = step.try_this.en, []
    for kind in sorted(labels, key=lambda kind: -len(labels[kind])):
        if labels[kind] in text:
            named.append(kind)
            text = text.replace(labels[kind], "")
    assert len(named) >= 2
    for kind in labels:
        experiment = known.experiments[step.experiment].with_setting("training.schedule.kind", kind)
        assert (train_to_end(experiment).train_loss < goal.below) == (kind in named), kind


@pytest.mark.parametrize("key", BUNDLED)
def test_a_rate_that_falls_in_steps_does_so_within_its_epochs(key: str) -> None:
    for name, experiment in lesson_files.find(key).experiments.items():
        schedule, epochs = experiment.training.schedule, experiment.training.epochs
        if epochs is not None:
            rates = {schedule.factor(epoch) for epoch in range(epochs)}
            assert schedule.kind in ("constant", "plateau") or len(rates) > 1, name


def test_a_staircase_calms_the_loss(runs: Runs) -> None:
    """How much the loss goes up and down from epoch to epoch, at the end of the run."""
    known, _ = step_at("L4", 5)
    jumps = {}
    for name in ("constant rate", "falling rate"):
        curve = runs.result(known.experiments[name]).curve[-10:]
        jumps[name] = sum(abs(b.train.loss - a.train.loss) for a, b in pairwise(curve))
    assert jumps["falling rate"] < jumps["constant rate"] / 4


@pytest.mark.parametrize(("period", "is_reached"), [(100, False), (10, True)])
def test_a_staircase_without_a_stair_is_no_answer(period: int, is_reached: bool) -> None:
    known, step = step_at("L4", 5)
    experiment = known.experiments["constant rate"].with_setting(
        "training.schedule", {"kind": "step", "period": period}
    )
    facts = replace(Facts.at_start(experiment), epoch=30)
    assert step.goals[0].reached(facts) is is_reached


@pytest.mark.parametrize(
    ("layers", "reached"),
    [
        ([("linear", 32, "relu"), ("linear", 16, "relu")], [True, True]),
        ([("linear", 32, "tanh"), ("linear", 16, "tanh")], [False, False]),
        ([("linear", 32, "relu"), ("linear", 4, "relu")], [True, False]),
        ([("linear", 32, "relu")], [True, False]),
        ([], [False, False]),
    ],
)
def test_only_the_network_that_is_described_will_do(
    layers: list[tuple[str, int, str]], reached: list[bool]
) -> None:
    known, step = step_at("L5", 4)
    plain = [
        {"kind": kind, "units": units, "activation": activation}
        for kind, units, activation in layers
    ]
    facts = Facts.at_start(known.experiments["empty"].with_setting("model.layers", plain))
    assert [goal.reached(facts) for goal in step.goals] == reached


def test_the_network_that_was_built_stays_for_the_optimizer() -> None:
    """What the step opens, for whoever has none, is the same network and not yet SGD."""
    known, step = step_at("L5", 6)
    assert step.experiment is not None
    opened = known.experiments[step.experiment]
    built = Facts.at_start(opened)
    assert all(goal.reached(built) for goal in known.steps[3].goals)
    assert not any(isinstance(action, PressAction) for action in step.solution)
    assert not any(goal.reached(built) for goal in step.goals)


def test_a_bar_that_is_watched_moves_visibly(runs: Runs) -> None:
    """Losses that the first step of the first lesson names, as the bar writes them."""
    known, step = step_at("L1", 1)
    curve = runs.result(known.experiments["blobs"]).curve
    assert step.try_this is not None
    for epoch in (0, 10):
        score = curve[epoch].test
        assert score is not None
        assert f"{score.loss:.3f}" in step.try_this.en
        assert f"{score.loss:.3f}" in step.try_this.ja


def test_no_step_tells_who_wins_where_it_asks_for_a_guess() -> None:
    for known in lesson_files.bundled():
        for step in known.steps:
            if step.compare and step.try_this is not None and "guess" in step.try_this.en:
                assert step.look_at is not None
                for name in step.compare:
                    assert name not in step.look_at.en + step.look_at.ja
