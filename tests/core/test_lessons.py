"""Lessons as data: what a file may hold, what is refused and how it is said, and what goals see."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground import assets
from playground.core.catalogues import folder
from playground.core.errors import (
    ExperimentError,
    FileError,
    PlaygroundError,
    UnknownChoiceError,
)
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.settings import kinds
from playground.core.lessons import lesson_files as lesson_files
from playground.core.lessons.figures import Figure
from playground.core.lessons.goals import _ACT_TEXTS, Goal, GoalSettings
from playground.core.lessons.lesson import Lesson, json_schema
from playground.core.lessons.solution import ACTIONS, Attempt, PressAction
from playground.core.lessons.step_facts import Act, Facts, has_setting, has_settings, setting_at
from playground.core.lessons.texts import OwnText, Text
from playground.core.network.families import FAMILIES, family_experiment
from tests.spoken import LANGUAGES

CIRCLE: dict[str, Any] = {
    "data": {"kind": "generated", "generator": "circle", "samples": 40},
    "training": {"epochs": 5},
}
SMALL: dict[str, Any] = {
    "format": "playground-lesson/1",
    "key": "small",
    "title": "A small lesson",
    "experiments": {"circle": CIRCLE},
    "steps": [{"text": "Train it.", "goals": [{"kind": "epoch", "at_least": 5}]}],
}


def small(**parts: Any) -> dict[str, Any]:
    return {**json.loads(json.dumps(SMALL)), **parts}


def step(**parts: Any) -> list[dict[str, Any]]:
    return [{"text": "Train it.", **parts}]


def figure(**parts: Any) -> list[dict[str, Any]]:
    plain = {"what": "Loss", "experiment": "circle", "measure": "train_loss", "at_most": 1.0}
    return [{**plain, **parts}]


# Reading.


def test_a_lesson_is_read_and_written_whole(tmp_path: Path) -> None:
    lesson = Lesson.parse(small(published=figure(), hidden=["features"], locked=["data"]))
    path = tmp_path / "small.lesson.json"
    lesson_files.save_lesson(lesson, path)
    assert lesson_files.load_lesson(path) == lesson
    assert Lesson.parse(lesson.plain()) == lesson


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"titel": "x"}, "titel: there is no such setting"),
        ({"key": "a b"}, "key: "),
        ({"title": ""}, "title: a text needs words"),
        ({"title": {"en": "x", "french": "y"}}, "title: 'french' is no code of a language"),
        ({"experiments": {}}, "experiments: a lesson needs at least one experiment."),
        ({"experiments": []}, "experiments: "),
        ({"experiments": {"circle": 3}}, "experiments.circle: A project is an object"),
        (
            {"experiments": {"circle": {"training": {"epochs": -1}}}},
            "experiments.circle: training.epochs: -1 is below 0.",
        ),
        (
            {"experiments": {"circle": CIRCLE, "b": {"from": "circel"}}},
            "experiments.b.from: no experiment of this lesson is called 'circel'."
            " Did you mean 'circle'?",
        ),
        (
            {"experiments": {"circle": {"from": "b"}, "b": {"from": "circle"}}},
            "this experiment is made from itself",
        ),
        (
            {"experiments": {"circle": CIRCLE, "b": {"from": "circle", "epochs": 3}}},
            "experiments.b.epochs: an experiment made from another one has only",
        ),
        (
            {"experiments": {"circle": CIRCLE, "b": {"from": "circle", "settings": {"a.b": 3}}}},
            "experiments.b.settings: a.b: there is no such setting",
        ),
        (
            {"experiments": {"circle": CIRCLE, "b": {"from": "circle", "settings": [3]}}},
            "experiments.b.settings: this needs to be an object",
        ),
        (
            {"experiments": {"circle": {"family": "resnett"}}},
            "experiments.circle.family: no network family is called 'resnett'."
            " Did you mean 'resnet'?",
        ),
        (
            {"experiments": {"circle": {"family": "resnet", "from": "circle"}}},
            'there can be "from" or "family", not both',
        ),
        ({"steps": []}, "steps: this needs at least 1 entries."),
        ({"steps": [{"title": "No text"}]}, "steps.0.text: this setting is missing."),
        (
            {"steps": step(experiment="squares")},
            "steps.0.experiment: no experiment of this lesson is called 'squares'.",
        ),
        (
            {"steps": step(compare=["circle", "x"])},
            "steps.0.compare.1: no experiment of this lesson is called 'x'.",
        ),
        (
            {"steps": step(goals=[{"kind": "epohc", "at_least": 1}])},
            "steps.0.goals.0: 'epohc' is not a choice here. Did you mean 'epoch'?",
        ),
        (
            {"steps": step(goals=[{"kind": "epoch"}])},
            "steps.0.goals.0.at_least: this setting is missing.",
        ),
        (
            {"steps": step(goals=[{"kind": "act", "act": "dance"}])},
            "steps.0.goals.0.act: 'dance' is not a choice here.",
        ),
        (
            {"steps": step(goals=[{"kind": "layers", "at_least": 1}])},
            "steps.0.goals.0: this goal is reached before anything was done; ask for more.",
        ),
        (
            {"steps": step(goals=[{"kind": "layers", "layer": "lineer"}])},
            "no layer is called 'lineer'",
        ),
        (
            {"steps": step(goals=[{"kind": "setting", "path": "title"}])},
            'a setting goal needs "equals", "at_least" or "at_most"',
        ),
        ({"steps": step(solution=[{"key": "S"}])}, "steps.0.solution: there is no goal"),
        ({"steps": step(compare_own=True)}, "steps.0.compare_own: there is no race for it to join"),
        *[
            (
                {"steps": step(goals=[{"kind": "probe"}], solution=[action])},
                f"steps.0.solution.0{said}",
            )
            for action, said in (
                ({"kee": "S"}, ": {'kee': 'S'}: this is no action; one begins with key, menu,"),
                ("S", ": 'S': this is no action; one begins with key, menu,"),
                ({"key": "Shft+S"}, ".key: 'Shft+S' is no key; write it as in the menus"),
                ({"key": "S", "tims": 2}, ".tims: there is no such setting"),
                ({"key": "S", "times": 0}, ".times: 0 is below 1."),
                ({"menu": "Train"}, ".menu: write the menu and its entry, such as"),
                ({"menu": "A > B", "file": "../x"}, ".file: give the file a name without a folder"),
                ({"control": "Speed"}, ".value: this setting is missing."),
                ({"control": "Speed", "value": 3}, ".value: 3 needs to be text."),
                ({"layer": 1}, ': give the layer "units", an "activation", or both'),
                ({"click": [[1.0]]}, ".click.0.1: this setting is missing."),
                ({"draw": [[2.0, 0.0]]}, ".draw: places of the pad lie between 0 and 1"),
                ({"until": "later"}, ".until: 'later' is not a choice here."),
                ({"until": "epoch"}, ': "at_least" says which epoch is waited for'),
            )
        ],
        ({"locked": ["data.sed"]}, "locked.0: 'data.sed' names no setting"),
        ({"published": figure(measure="train_los")}, "published.0.measure: 'train_los'"),
        ({"published": figure(experiment="x")}, "published.0.experiment: no experiment"),
        ({"published": figure(at_most="low")}, "published.0.at_most: 'low' needs to be a number."),
        ({"published": figure(tolerance=0.1)}, 'a "tolerance" needs the "published" number'),
        ({"published": figure(at_most=None)}, 'a figure needs a "tolerance", "at_most" or'),
        ({"published": figure(epoch=6)}, "published.0.epoch: 6 is beyond the 5 epochs of 'circle'"),
        ({"published": figure(threshold=0.1)}, '"train_loss" has no "threshold"'),
        ({"published": figure(measure="first_below")}, '"first_below" needs a "threshold"'),
        ({"published": figure(rival="circle")}, '"train_loss" has no "rival"'),
        (
            {"published": figure(measure="test_accuracy", at_most=95.0)},
            "an accuracy is between 0 and 1, not 95",
        ),
        (
            {"experiments": {"circle": {}}, "published": figure()},
            "published.0.experiment: 'circle' trains until it is stopped",
        ),
    ],
)
def test_a_fault_is_one_sentence_with_its_path(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ExperimentError) as fault:
        Lesson.parse(small(**change))
    assert said in str(fault.value)
    assert "\n" not in str(fault.value)
    assert str(fault.value)[-1] in ".?"


@pytest.mark.parametrize("part", ["key", "title", "experiments", "steps"])
def test_what_is_missing_is_named(part: str) -> None:
    raw = small()
    del raw[part]
    with pytest.raises(ExperimentError, match=rf"^{part}: this setting is missing\.$"):
        Lesson.parse(raw)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({**SMALL, "format": "playground-lesson/2"}, "the format 'playground-lesson/2'"),
        ({**SMALL, "format": 1}, "the format '1'"),
        ({"key": "x"}, 'has no "format"'),
        (small(steps=[]), "steps: this needs at least 1 entries."),
        ([], "A lesson is an object"),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, content: Any, said: str) -> None:
    path = tmp_path / "bad.lesson.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(PlaygroundError) as fault:
        lesson_files.load_lesson(path)
    assert str(fault.value).startswith("bad.lesson.json")
    assert said in str(fault.value)


def test_a_file_that_is_not_there_or_no_json(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        lesson_files.load_lesson(tmp_path / "none.lesson.json")
    (tmp_path / "half.lesson.json").write_text('{"format": ', encoding="utf-8")
    with pytest.raises(FileError, match="is not valid JSON"):
        lesson_files.load_lesson(tmp_path / "half.lesson.json")


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(part=st.sampled_from(list(SMALL)), value=anything)
def test_whatever_stands_in_a_lesson_is_read_or_refused(part: str, value: Any) -> None:
    with contextlib.suppress(PlaygroundError):  # anything else is a bug
        Lesson.parse(small(**{part: value}))


# Experiments.


def test_a_variant_is_made_from_another_experiment() -> None:
    variants = {
        "circle": CIRCLE,
        "fast": {"from": "circle", "settings": {"training.optimizer.learning_rate": 0.3}},
        "faster": {"from": "fast", "title": "F", "settings": {"training.epochs": 7}},
        "net": {"family": "resnet", "settings": {"training.epochs": 1}},
    }
    found = Lesson.parse(small(experiments=variants)).experiments
    assert found["fast"].training.optimizer.learning_rate == 0.3
    assert found["faster"] == (
        found["fast"].with_setting("training.epochs", 7).with_setting("title", "F")
    )
    assert found["net"] == family_experiment("resnet").with_setting("training.epochs", 1)


def test_a_title_of_an_experiment_may_be_in_several_languages(tmp_path: Path) -> None:
    spoken = {"en": "A circle", "ja": "円"}
    experiments = {
        "circle": {**CIRCLE, "title": spoken},
        "again": {"from": "circle", "settings": {"training.seed": 7}},
        "own": {"from": "circle", "title": "Mine"},
    }
    lesson = Lesson.parse(small(experiments=experiments))
    for name, titles in (("circle", spoken), ("again", spoken), ("own", {"en": "Mine"})):
        assert lesson.experiments[name].title == titles["en"]
        assert lesson.experiment(name, "ja").title == titles.get("ja", titles["en"])
    assert Lesson.parse(lesson.plain()) == lesson
    lesson_files.save_lesson(lesson, tmp_path / "it.lesson.json")
    read = lesson_files.load_lesson(tmp_path / "it.lesson.json")
    assert read == lesson
    assert read.experiment("again", "ja").title == "円"


@pytest.mark.parametrize("title", [{"en": " "}, {"english": "x"}, {"en": 3}])
def test_a_faulty_title_is_named(title: dict[str, Any]) -> None:
    with pytest.raises(ExperimentError, match=r"^experiments\.circle\.title"):
        Lesson.parse(small(experiments={"circle": {**CIRCLE, "title": title}}))


def test_the_experiment_of_a_step_is_the_last_one_named() -> None:
    pages = [{"text": "a"}, {"text": "b", "experiment": "b"}, {"text": "c"}]
    experiments = {"circle": CIRCLE, "b": {"from": "circle"}}
    lesson = Lesson.parse(small(experiments=experiments, steps=pages))
    assert [lesson.name_at(index) for index in range(3)] == ["circle", "b", "b"]


def test_hidden_areas_are_those_of_the_lesson_and_of_the_experiment() -> None:
    circle = {**CIRCLE, "view": {"hidden": ["features"]}}
    lesson = Lesson.parse(small(experiments={"circle": circle}, hidden=["training", "features"]))
    assert lesson.experiment().view.hidden == ("features", "training")


SOLUTION: list[dict[str, Any]] = [
    {"key": "Ctrl+Shift+R", "times": 2},
    {"menu": "File > Save as", "file": "a.playground.json"},
    {"control": "Learning rate", "value": "0.1"},
    {"press": "More"},
    {"tab": "Code"},
    {"layer": 1, "units": 3, "activation": "ReLU"},
    {"click": [[-1, 4.5], [0, 0]]},
    {"drag": [[-1, 4], [0, 0]]},
    {"draw": [[0, 0], [1, 1]]},
    {"until": "epoch", "at_least": 3},
]


def test_every_action_survives_the_file(tmp_path: Path) -> None:
    assert [next(iter(action)) for action in SOLUTION] == list(ACTIONS)
    pages = step(goals=[{"kind": "probe"}], solution=SOLUTION)
    lesson = Lesson.parse(small(steps=pages))
    assert [type(action) for action in lesson.steps[0].solution] == list(ACTIONS.values())
    lesson_files.save_lesson(lesson, tmp_path / "a.lesson.json")
    assert lesson_files.load_lesson(tmp_path / "a.lesson.json") == lesson
    assert all((kind.__doc__ or "").strip().endswith(".") for kind in ACTIONS.values())


def test_a_lesson_with_a_solution_of_version_0_1_can_still_be_read(tmp_path: Path) -> None:
    old = [{"experiment": "circle", "settings": {"training.seed": 2}, "epochs": 3}, {}]
    pages = step(goals=[{"kind": "probe"}], solution=old)
    lesson = Lesson.parse(small(steps=pages))
    assert all(isinstance(attempt, Attempt) for attempt in lesson.steps[0].solution)
    lesson_files.save_lesson(lesson, tmp_path / "a.lesson.json")
    assert lesson_files.load_lesson(tmp_path / "a.lesson.json") == lesson


def test_an_empty_list_of_layers_survives_the_file(tmp_path: Path) -> None:
    """Empty parts are left out of the file, but not where they mean something."""
    circle = {**CIRCLE, "model": {"layers": []}}
    goals = [{"kind": "setting", "path": "model.layers.0.bias", "equals": False}]
    pages = step(goals=goals)
    lesson = Lesson.parse(small(experiments={"circle": circle}, steps=pages))
    lesson_files.save_lesson(lesson, tmp_path / "a.lesson.json")
    assert lesson_files.load_lesson(tmp_path / "a.lesson.json") == lesson


def test_a_table_is_found_beside_the_lesson(tmp_path: Path) -> None:
    table = {"data": {"kind": "csv", "path": "t.csv", "inputs": ["a"], "label": "b"}}
    path = tmp_path / "a.lesson.json"
    path.write_text(json.dumps(small(experiments={"t": table})), encoding="utf-8")
    lesson = lesson_files.load_lesson(path)
    assert Path(lesson.experiments["t"].data.path) == tmp_path.resolve() / "t.csv"
    lesson_files.save_lesson(lesson, path)
    assert json.loads(path.read_text("utf-8"))["experiments"]["t"]["data"]["path"] == "t.csv"


# Text.


def is_complete(text: Text | OwnText) -> bool:
    """True where every language that is owed has words of its own."""
    if isinstance(text, Text):
        return all(getattr(text, language).strip() for language in LANGUAGES)
    return len({text.said(language) for language in LANGUAGES}) == len(LANGUAGES)


def test_text_is_said_in_any_language() -> None:
    text = Text.model_validate({"en": "a", "ja": "あ", "pt_BR": "á"})
    assert [text.said(code) for code in ("en", "ja", "pt_BR", "de")] == ["a", "あ", "á", "a"]


def test_text_is_said_in_the_other_language_where_it_is_missing() -> None:
    assert Text.model_validate("a").said("ja") == "a"
    assert Text(ja="あ").said("en") == "あ"
    both = Text(en="a", ja="あ")
    assert [both.said(language) for language in LANGUAGES] == ["a", "あ"]


# Goals.

START = Experiment()
Change = Callable[[Facts], Facts]


def trained(**numbers: Any) -> Change:
    return lambda facts: replace(facts, **{"epoch": 10, **numbers})


def set_to(path: str, value: Any) -> Change:
    return lambda facts: replace(facts, experiment=facts.experiment.with_setting(path, value))


GOAL_CASES: dict[str, tuple[dict[str, Any], Change, Change]] = {
    # goal, facts that reach it, facts that do not
    "epoch": ({"at_least": 10}, trained(), trained(epoch=9)),
    "loss": ({"below": 0.1}, trained(train_loss=0.05), trained(test_loss=0.05, train_loss=0.1)),
    "accuracy": (
        {"at_least": 0.9},
        trained(test_accuracy=0.9),
        trained(test_accuracy=0.89, train_accuracy=1.0),
    ),
    "setting": (
        {"path": "training.batch_size", "equals": "full"},
        set_to("training.batch_size", "full"),
        set_to("training.batch_size", 20),
    ),
    "changed": (
        {"path": "training.optimizer.kind"},
        set_to("training.optimizer.kind", "sgd"),
        set_to("training.optimizer.learning_rate", 0.1),
    ),
    "layers": (
        {"layer": "dropout"},
        set_to("model.layers", [{"kind": "dropout"}]),
        set_to("model.layers", [{"kind": "linear"}]),
    ),
    "probe": ({}, set_to("probes", [[0.0, 0.0]]), trained()),
    "compared": (
        {"across": "training.seed"},
        lambda facts: replace(facts, compared=(START, START.with_setting("training.seed", 1))),
        lambda facts: replace(facts, compared=(START, START.with_setting("title", "x"))),
    ),
    "diverged": ({}, trained(diverged=True), trained()),
    "act": (
        {"act": "paint", "times": 3},
        lambda facts: facts.with_act("paint", 2).with_act("paint"),
        lambda facts: facts.with_act("paint", 2).with_act("erase"),
    ),
}


def test_every_goal_has_a_case() -> None:
    assert set(GOAL_CASES) == set(kinds(Goal))


def goal_of(kind: str, **settings: Any) -> GoalSettings:
    return kinds(Goal)[kind].model_validate({"kind": kind, **settings})


@pytest.mark.parametrize("kind", kinds(Goal))
def test_a_goal_is_reached_by_what_it_asks_for_and_by_nothing_else(kind: str) -> None:
    settings, reaching, missing = GOAL_CASES[kind]
    goal, start = goal_of(kind, **settings), Facts.at_start(START)
    assert not goal.reached(start)
    assert not goal.reached(missing(start))
    assert goal.reached(reaching(start))


@pytest.mark.parametrize("kind", kinds(Goal))
def test_settings_that_have_to_hold_at_the_same_time(kind: str) -> None:
    settings, reaching, _ = GOAL_CASES[kind]
    reached = reaching(Facts.at_start(START))
    here, elsewhere = reached.experiment.training.seed, reached.experiment.training.seed + 1
    assert goal_of(kind, **settings, when={"training.seed": here}).reached(reached)
    assert not goal_of(kind, **settings, when={"training.seed": elsewhere}).reached(reached)


@pytest.mark.parametrize("kind", kinds(Goal))
def test_a_list_of_values_stands_for_any_of_them(kind: str) -> None:
    settings, reaching, _ = GOAL_CASES[kind]
    reached = reaching(Facts.at_start(START))
    seed = reached.experiment.training.seed
    for seeds, is_met in (([seed + 1, seed], True), ([seed + 1, seed + 2], False), ([], False)):
        when = {"training.seed": seeds}
        assert goal_of(kind, **settings, when=when).reached(reached) is is_met


def test_a_setting_that_is_a_list_is_meant_as_a_whole() -> None:
    assert has_settings(START, {"model.layers": setting_at(START, "model.layers")})
    assert not has_settings(START, {"model.layers": []})


@pytest.mark.parametrize("kind", kinds(Goal))
def test_every_goal_has_words_in_both_languages_and_a_meaning(kind: str) -> None:
    goal = goal_of(kind, **GOAL_CASES[kind][0])
    assert is_complete(goal.words)
    assert (type(goal).__doc__ or "").strip().endswith(".")
    assert goal_of(kind, **GOAL_CASES[kind][0], text="Mine").words.said("ja") == "Mine"


@pytest.mark.parametrize(
    ("below", "said"), [(1e-5, "0.00001"), (2.5e-5, "0.000025"), (0.59, "0.59"), (1e-12, "1e-12")]
)
def test_small_numbers_are_spelled_out(below: float, said: str) -> None:
    assert goal_of("loss", below=below).words.en.endswith(f"below {said}")


def test_every_act_has_words() -> None:
    assert set(_ACT_TEXTS) == set(get_args(Act))
    assert all(is_complete(OwnText(text)) for text in _ACT_TEXTS.values())


@pytest.mark.parametrize(
    ("bounds", "rate", "expected"),
    [
        ({"at_least": 0.1}, 0.1, True),
        ({"at_least": 0.1}, 0.09, False),
        ({"at_most": 0.1}, 0.1, True),
        ({"at_most": 0.1}, 0.2, False),
        ({"at_least": 0.1, "at_most": 0.2}, 0.15, True),
        ({"at_least": 0.1, "at_most": 0.2}, 0.3, False),
    ],
)
def test_bounds_of_a_setting(bounds: dict[str, float], rate: float, expected: bool) -> None:
    path = "training.optimizer.learning_rate"
    facts = set_to(path, rate)(Facts.at_start(START))
    assert goal_of("setting", path=path, **bounds).reached(facts) is expected


def test_a_setting_that_is_not_there_reaches_nothing() -> None:
    facts = Facts.at_start(START)
    for goal in (
        goal_of("setting", path="model.layers.9.units", at_least=1),
        goal_of("setting", path="data.nothing", equals=1),
        goal_of("changed", path="data.nothing"),
    ):
        assert not goal.reached(facts)


def test_a_switch_is_no_number() -> None:
    assert not has_setting(START, "data.standardize", 0)
    assert has_setting(START, "data.standardize", False)


def test_settings_are_read_as_a_file_has_them() -> None:
    assert setting_at(START, "model.layers.1.units") == 2
    assert setting_at(START, "training.optimizer.betas") == [0.9, 0.999]
    assert setting_at(START, "training.schedule")["kind"] == "constant"
    with pytest.raises(ExperimentError, match="names no setting"):
        setting_at(START, "model.layers.two")


# Figures.


@given(
    published=st.floats(-10, 10),
    tolerance=st.floats(0, 1),
    measured=st.floats(-20, 20) | st.just(float("nan")) | st.just(float("inf")),
)
def test_a_figure_is_met_within_its_tolerance(
    published: float, tolerance: float, measured: float
) -> None:
    plain = {"what": "x", "experiment": "a", "measure": "train_loss"}
    wanted = Figure.model_validate({**plain, "published": published, "tolerance": tolerance})
    assert wanted.is_met(measured) == (published - tolerance <= measured <= published + tolerance)


# Those that come along.


@pytest.fixture(scope="module")
def bundled() -> list[Lesson]:
    return lesson_files.bundled()


def test_five_lessons_come_along(bundled: list[Lesson]) -> None:
    assert [lesson.key for lesson in bundled] == ["L1", "L2", "L3", "L4", "L5"]
    assert [lesson_files.find(key.lower()).key for key in ("L1", "L5")] == ["L1", "L5"]


def texts_of(lesson: Lesson) -> list[Text | OwnText | None]:
    """All that a lesson says."""
    texts = [lesson.title, lesson.summary, *(one.what for one in lesson.published)]
    for page in lesson.steps:
        texts += [page.title, page.text, page.look_at, page.try_this]
        texts += [goal.words for goal in page.goals]
    return texts


def test_their_texts_are_in_both_languages(bundled: list[Lesson]) -> None:
    for lesson in bundled:
        assert all(text is not None and is_complete(text) for text in texts_of(lesson))


def test_their_experiments_have_titles_in_both_languages(bundled: list[Lesson]) -> None:
    names = {"SGD", "Adam", "RMSprop", "784-256-128-10", *(family.label for family in FAMILIES)}
    for lesson in bundled:
        for name in lesson.experiments:
            titles = {code: lesson.experiment(name, code).title for code in LANGUAGES}
            assert titles["en"] == lesson.experiments[name].title
            assert titles["en"] in names or re.search("[ぁ-んァ-ヶ一-龠]", titles["ja"]), titles


MORE = {"en": "More", "ja": "「詳細設定」"}


def test_a_step_says_where_a_control_is_that_stands_behind_another(bundled: list[Lesson]) -> None:
    found = 0
    for lesson in bundled:
        for page in lesson.steps:
            if any(isinstance(act, PressAction) and act.press == "More" for act in page.solution):
                assert page.try_this is not None
                assert all(MORE[code] in page.try_this.said(code) for code in LANGUAGES)
                found += 1
    assert found >= 7


def test_they_are_said_as_a_catalogue_translates_them(bundled: list[Lesson]) -> None:
    entries = polib.pofile(str(folder("de") / "lessons.po"))
    known = {entry.msgid: entry.msgstr for entry in entries if entry.translated()}
    texts = [text for one in bundled for text in texts_of(one) if isinstance(text, Text)]
    assert len(texts) > 200
    assert [text.said("de") for text in texts] == [known.get(text.en, text.en) for text in texts]
    other = Text(en="No catalogue has this.")
    assert other.said("de") == other.en, "what is missing is in English"


def test_every_step_of_theirs_has_a_goal_and_a_way_to_it(bundled: list[Lesson]) -> None:
    for lesson in bundled:
        assert all(page.goals and page.solution for page in lesson.steps)
        assert all(one.source for one in lesson.published)
        assert all(experiment.title for experiment in lesson.experiments.values())


def test_the_parts_of_pytorch_show_every_family(bundled: list[Lesson]) -> None:
    shown = {json.dumps(one.plain()) for lesson in bundled for one in lesson.experiments.values()}
    families = {json.dumps(family_experiment(choice.key).plain()) for choice in FAMILIES}
    (dense,) = families - shown
    assert json.loads(dense)["title"] == FAMILIES["cnn"].label  # the other lesson scales it


def test_names_of_lessons() -> None:
    assert lesson_files.is_lesson_name("l1")
    assert lesson_files.is_lesson_name("folder/my.lesson.json")
    assert not lesson_files.is_lesson_name("spiral.playground.json")
    with pytest.raises(UnknownChoiceError, match=r"No lesson is called 'L9'\. There is: L1"):
        lesson_files.find("L9")


def test_a_lesson_from_an_experiment_is_whole_and_explains_itself(tmp_path: Path) -> None:
    lesson = lesson_files.lesson_from(START, "Meine Übung: Kreis!")
    assert lesson.key == "Meine-bung-Kreis"
    assert lesson.title.said("en") == "Meine Übung: Kreis!"
    assert lesson.experiment() == START
    page = lesson.steps[0]
    comments = [lesson.comment, page.comment, page.goals[0].comment, page.solution[0].comment]
    assert all(comments)
    lesson_files.save_lesson(lesson, tmp_path / "new.lesson.json")
    assert lesson_files.load_lesson(tmp_path / "new.lesson.json") == lesson
    before, _, _ = (tmp_path / "new.lesson.json").read_text(encoding="utf-8").partition('"steps"')
    assert len(before.splitlines()) < 40, "what is at its default is not spelled out"
    for wanted in ("data", "generator", "layers", "units", "learning_rate", "epochs"):
        assert f'"{wanted}"' in before


def test_a_new_lesson_speaks_the_language_of_the_window() -> None:
    lesson = lesson_files.lesson_from(START, "円の授業", "ja")
    assert (lesson.key, lesson.title.said("ja")) == ("lesson", "円の授業")
    page = lesson.steps[0]
    texts = [lesson.summary, page.title, page.text, page.look_at, page.try_this]
    comments = [lesson.comment, page.comment, page.goals[0].comment, page.solution[0].comment]
    said = [text.said("ja") for text in texts if text is not None] + comments
    assert len(said) == 9
    assert all(re.search("[ぁ-ん]", text) for text in said)
    assert lesson_files.lesson_from(START, "", "ja").title.said("ja") == "無題"


def test_the_name_of_a_lesson_is_that_of_its_file() -> None:
    names = ("circle.lesson.json", "円.json", "a.b.lesson.json", "plain")
    assert [lesson_files.name_in(name) for name in names] == ["circle", "円", "a.b", "plain"]


@given(st.text(max_size=300))
def test_any_title_makes_a_key(title: str) -> None:
    lesson = lesson_files.lesson_from(START, title)
    assert Lesson.parse(lesson.plain()) == lesson


def test_the_schema_knows_every_goal_and_plain_text() -> None:
    schema = json_schema()
    named = {
        part["properties"]["kind"]["const"]
        for part in schema["$defs"].values()
        if "const" in part.get("properties", {}).get("kind", {})
    }
    assert set(kinds(Goal)) <= named
    assert {kind.__name__ for kind in ACTIONS.values()} <= set(schema["$defs"])
    assert {"type": "string"} in schema["$defs"]["Text"]["anyOf"]


SPELLINGS = [
    *[
        ("競走", "競争"),
        ("モメンタム", "モーメンタム"),
        ("ゆらぎ", "ジッター"),
        ("切り抜き", "切りぬき"),
    ],
    *[
        ("隠れ層", "かくれ層"),
        ("学習率", "「率」"),
        ("詳細設定", "「ほか」"),
        ("改善を待つエポック数", "我慢"),
    ],
    *[
        ("監視するデータ", "見る点"),
        ("クラスの割合を保つ", "層化"),
        ("ペナルティ", "罰金"),
        ("手計算", "手づくり"),
    ],
    *[
        ("訓練損失", "訓練データの損失"),
        ("テスト損失", "テストデータの損失"),
        ("コンピューター", "コンピュータを"),
    ],
    *[("テスト正解率", "テストデータの正解率"), ("ステップ", "段階"), ("初期値", "同じスタート")],
]
"""How the lessons and the window write a word, and how they do not."""


@pytest.mark.parametrize(("word", "other"), SPELLINGS)
def test_one_word_for_one_thing(word: str, other: str) -> None:
    folders = [assets.path(name) for name in ("lessons", "languages")]
    files = [path for folder in folders for path in folder.rglob("*.*") if path.suffix != ".md"]
    texts = {str(path): path.read_text(encoding="utf-8") for path in files}
    assert len(texts) > 5
    assert any(word in text for text in texts.values())
    assert [name for name, text in texts.items() if other in text] == []
