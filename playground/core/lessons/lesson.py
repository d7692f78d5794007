"""Lessons: what one is, and what has to hold between its parts.

    Lesson
    ├── experiments   by name; the first one is where the lesson begins
    ├── steps         text, what to look at, what to try, goals, and how the check reaches them
    └── published     figures that a run has to meet, each with its source

A lesson is data, not code: one JSON file, so that a teacher can write one with a text editor. An
experiment in it is a whole project, or made from another one (`lesson_experiments`).

Knows numpy and pydantic; runs on any thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field, PrivateAttr, ValidationError

from playground.core.catalogues import ENGLISH
from playground.core.errors import ExperimentError, PlaygroundError, explain, short
from playground.core.experiment.experiment import LONGEST_TITLE, Experiment
from playground.core.experiment.settings import Settings
from playground.core.lessons.experiments import (
    no_experiment,
    titles,
    variant_schema,
    whole,
    with_plain_titles,
)
from playground.core.lessons.figures import Figure
from playground.core.lessons.goals import Goal
from playground.core.lessons.solution import Action
from playground.core.lessons.step_facts import Facts, setting_at
from playground.core.lessons.texts import Text
from playground.core.messages import Message

FORMAT: Literal["playground-lesson/1"] = "playground-lesson/1"


class Step(Settings):
    """One page of the lesson panel.

    experiment   opened when the person presses the button of the step; left out, the window stays
                 as it is
    compare      experiments that the step races against each other
    compare_own  races what is open in the window, too
    solution     what a person does to reach the goals, from where the step before has ended
    """

    title: Text | None = None
    text: Text
    look_at: Text | None = None
    try_this: Text | None = None
    experiment: str | None = None
    compare: tuple[str, ...] = Field((), max_length=100, strict=False)
    compare_own: bool = False
    goals: tuple[Goal, ...] = Field((), max_length=20, strict=False)
    solution: tuple[Action, ...] = Field((), max_length=100, strict=False)
    comment: str = ""


class Lesson(Settings):
    """One whole lesson: the content of a lesson file.

    hidden   areas and controls that the window does not show, by the keys of `view.hidden`
    locked   settings that stay as they are, by path: "data" locks all of the data
    """

    format: Literal["playground-lesson/1"] = FORMAT
    key: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")
    title: Text
    summary: Text | None = None
    experiments: dict[str, Experiment] = Field(min_length=1, max_length=100)
    steps: tuple[Step, ...] = Field(min_length=1, max_length=100, strict=False)
    published: tuple[Figure, ...] = Field((), max_length=200, strict=False)
    hidden: tuple[str, ...] = Field((), max_length=100, strict=False)
    locked: tuple[str, ...] = Field((), max_length=100, strict=False)
    comment: str = ""
    _titles: dict[str, Text] = PrivateAttr(default_factory=dict)
    """Titles of experiments in several languages, by their names."""

    @classmethod
    def parse(cls, raw: Any) -> Lesson:
        """A lesson from plain data, as JSON gives it.

        Raises ExperimentError with the path of the first fault.
        """
        if not isinstance(raw, Mapping):
            raise ExperimentError(
                'A lesson is an object with "key", "title", "experiments" and "steps", but this'
                " is not."
            )
        spoken: dict[str, Text] = {}
        if "experiments" in raw:
            experiments = whole(with_plain_titles(raw["experiments"]))
            if isinstance(raw["experiments"], Mapping):
                spoken = titles(raw["experiments"])
            raw = {**raw, "experiments": experiments}
        try:
            lesson = cls.model_validate(raw)
        except ValidationError as error:
            raise explain(error, raw) from None
        lesson._titles.update(spoken)
        for path, sentence in _faults(lesson):
            raise ExperimentError(sentence).within(path)
        return lesson

    def plain(self) -> dict[str, Any]:
        """The lesson as plain data; `parse` gives an equal one."""
        plain = self.model_dump(mode="json")
        for name, title in self._titles.items():
            plain["experiments"][name]["title"] = title.model_dump(mode="json")
        return plain

    @property
    def first(self) -> str:
        """The name of the experiment that the lesson begins with."""
        return next(iter(self.experiments))

    def experiment(self, name: str | None = None, language: str = ENGLISH) -> Experiment:
        """An experiment as a window opens it that speaks a language: with the areas hidden that
        the lesson hides.
        """
        name = name or self.first
        experiment = self.experiments[name]
        if name in self._titles:
            title = self._titles[name].said(language)[:LONGEST_TITLE]
            experiment = experiment.model_copy(update={"title": title})
        hidden = dict.fromkeys([*experiment.view.hidden, *self.hidden])
        return experiment.with_setting("view.hidden", tuple(hidden)) if self.hidden else experiment

    def name_at(self, step: int) -> str:
        """The experiment that a step is about: its own, or that of the last step that has one."""
        names = [page.experiment for page in self.steps[: step + 1] if page.experiment]
        return names[-1] if names else self.first


# What is asked of the parts together.


def _faults(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """(path, sentence) of what each part alone could not know."""
    for path, name in _names(lesson):
        if name not in lesson.experiments:
            yield path, no_experiment(name, lesson.experiments)
    yield from _faults_of_figures(lesson)
    yield from _faults_of_steps(lesson)
    for index, path in enumerate(lesson.locked):
        if not any(_has_setting(experiment, path) for experiment in lesson.experiments.values()):
            yield (
                f"locked.{index}",
                Message(
                    "'{path}' names no setting of this lesson's experiments.", path=short(path)
                ),
            )
    try:
        lesson.experiment()
    except PlaygroundError as error:
        yield "hidden", error.message


def _names(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Every place where an experiment is named."""
    for i, step in enumerate(lesson.steps):
        if step.experiment is not None:
            yield f"steps.{i}.experiment", step.experiment
        for j, name in enumerate(step.compare):
            yield f"steps.{i}.compare.{j}", name
    for i, figure in enumerate(lesson.published):
        yield f"published.{i}.experiment", figure.experiment
        if figure.rival is not None:
            yield f"published.{i}.rival", figure.rival


def _faults_of_figures(lesson: Lesson) -> Iterator[tuple[str, str]]:
    for i, figure in enumerate(lesson.published):
        epochs = lesson.experiments[figure.experiment].training.epochs
        if epochs is None:
            yield (
                f"published.{i}.experiment",
                Message(
                    "'{name}' trains until it is stopped; give it training.epochs.",
                    name=short(figure.experiment),
                ),
            )
        elif figure.epoch is not None and figure.epoch > epochs:
            yield (
                f"published.{i}.epoch",
                Message(
                    "{epoch:,} is beyond the {epochs:,} epochs of '{name}'.",
                    epoch=figure.epoch,
                    epochs=epochs,
                    name=short(figure.experiment),
                ),
            )


def _faults_of_steps(lesson: Lesson) -> Iterator[tuple[str, str]]:
    for i, step in enumerate(lesson.steps):
        if step.compare_own and not step.compare:
            yield (
                f"steps.{i}.compare_own",
                Message("there is no race for it to join; name its rivals in compare."),
            )
        if not step.goals and step.solution:
            yield f"steps.{i}.solution", Message("there is no goal that this would reach.")
        start = Facts.at_start(lesson.experiments[lesson.name_at(i)])
        for j, goal in enumerate(step.goals):
            if goal.reached(start):
                yield (
                    f"steps.{i}.goals.{j}",
                    Message("this goal is reached before anything was done; ask for more."),
                )


def _has_setting(experiment: Experiment, path: str) -> bool:
    try:
        setting_at(experiment, path)
    except PlaygroundError:
        return False
    return True


# The schema.


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a lesson file."""
    schema = Lesson.model_json_schema()
    for part in schema["$defs"].values():
        if "const" in part.get("properties", {}).get("kind", {}):
            part["required"] = ["kind", *part.get("required", [])]
    _allow_plain_text(schema["$defs"])
    _allow_variants(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _allow_plain_text(parts: dict[str, Any]) -> None:
    parts["Text"] = {"anyOf": [{"type": "string"}, parts["Text"]]}
    own = parts["Experiment"]["properties"]
    own["title"] = {"anyOf": [own["title"], {"$ref": "#/$defs/Text"}]}


def _allow_variants(schema: dict[str, Any]) -> None:
    experiments = schema["properties"]["experiments"]
    whole_ones = experiments["additionalProperties"]
    experiments["additionalProperties"] = {"anyOf": [whole_ones, variant_schema()]}
