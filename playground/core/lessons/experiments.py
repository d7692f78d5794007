"""The experiments of a lesson file: whole ones, and those made from others.

A title may be in several languages, as the texts of the lesson are.

    {"from": NAME, "settings": {PATH: VALUE}}     another experiment of the lesson, changed
    {"family": KEY, "settings": {PATH: VALUE}}    a reference network for the digits, changed

Knows numpy and pydantic; runs on any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from playground.core.catalogues import ENGLISH
from playground.core.errors import ExperimentError, PlaygroundError, first_fault, nearest, short
from playground.core.experiment.experiment import Experiment
from playground.core.lessons.texts import Text
from playground.core.messages import Message
from playground.core.network.families import FAMILIES, family_experiment

_PARTS = ("from", "family", "settings", "title", "comment")


def whole(raw: Any) -> Any:
    """The experiments of a file, each whole, by name; what is no object is left to be reported.

    Raises ExperimentError with the path of the first fault.
    """
    if not isinstance(raw, Mapping):
        return raw
    if not raw:
        raise ExperimentError("experiments: a lesson needs at least one experiment.")
    return {name: _experiment(raw, name, ()) for name in raw}


def with_plain_titles(raw: Any) -> Any:
    """The experiments of a file, with the English of each title, or another of its languages."""
    if not isinstance(raw, Mapping):
        return raw
    spoken = _spoken_titles(raw)
    return {
        name: {**content, "title": spoken[name].said(ENGLISH)} if name in spoken else content
        for name, content in raw.items()
    }


def titles(raw: Mapping[str, Any]) -> dict[str, Text]:
    """The titles in several languages, by the name of the experiment.

    An experiment without a title of its own is called as the one that it is made from. `raw` has
    been through `whole`, so that none of them is made from itself.
    """
    spoken, found = _spoken_titles(raw), {}
    for name in raw:
        base = name
        while isinstance(raw[base], Mapping) and "title" not in raw[base] and "from" in raw[base]:
            base = str(raw[base]["from"])
        if base in spoken:
            found[name] = spoken[base]
    return found


def _spoken_titles(raw: Mapping[str, Any]) -> dict[str, Text]:
    """Raises ExperimentError with the path of the first fault."""
    found = {}
    for name, content in raw.items():
        title = content.get("title") if isinstance(content, Mapping) else None
        if isinstance(title, Mapping):
            try:
                found[name] = Text.model_validate(title)
            except ValidationError as error:
                place = f"experiments.{short(name, 30)}.title"
                raise ExperimentError(first_fault(error)).within(place) from None
    return found


def changed(experiment: Experiment, settings: Mapping[str, Any]) -> Experiment:
    """An experiment with several settings changed. Raises ExperimentError where they do not fit."""
    return experiment.with_settings(settings.items())


def no_experiment(name: Any, known: Mapping[str, Any]) -> Message:
    """The sentences for a name that no experiment of a lesson has."""
    return Message(
        "no experiment of this lesson is called '{name}'.",
        nearest(str(name), known),
        name=short(name),
    )


def _experiment(raw: Mapping[str, Any], name: str, seen: tuple[str, ...]) -> Experiment:
    """`seen` are the experiments that are made from this one."""
    place, content = f"experiments.{short(name, 30)}", raw[name]
    if name in seen:
        raise ExperimentError("{path}: this experiment is made from itself.", path=f"{place}.from")
    if isinstance(content, Experiment):
        return content
    if not isinstance(content, Mapping) or not content.keys() & {"from", "family"}:
        try:
            return Experiment.parse(content)
        except PlaygroundError as error:
            raise error.within(place) from None
    _check_parts(content, place)
    base = _base(raw, content, place, (*seen, name))
    settings = content.get("settings", {})
    if not isinstance(settings, Mapping):
        raise ExperimentError(
            "{path}: this needs to be an object of paths and values.", path=f"{place}.settings"
        )
    try:
        return changed(base, {"title": content.get("title", base.title), **settings})
    except PlaygroundError as error:
        raise error.within(f"{place}.settings") from None


def _check_parts(content: Mapping[str, Any], place: str) -> None:
    for part in content:
        if part not in _PARTS:
            raise ExperimentError(
                "{path}: an experiment made from another one has only {names} beside it.",
                path=f"{place}.{short(part, 40)}",
                names=", ".join(_PARTS[2:]),
            )
    if {"from", "family"} <= content.keys():
        raise ExperimentError('{path}: there can be "from" or "family", not both.', path=place)


def _base(
    raw: Mapping[str, Any], content: Mapping[str, Any], place: str, seen: tuple[str, ...]
) -> Experiment:
    """What a variant is made from."""
    if "family" in content:
        key = str(content["family"])
        if key not in FAMILIES:
            raise ExperimentError(
                "{path}: no network family is called '{name}'.",
                nearest(key, FAMILIES.keys()),
                path=f"{place}.family",
                name=short(key),
            )
        return family_experiment(key)
    other = str(content["from"])
    if other not in raw:
        raise ExperimentError(no_experiment(other, raw)).within(f"{place}.from")
    return _experiment(raw, other, seen)


def variant_schema() -> dict[str, Any]:
    """The JSON Schema of an experiment that is made from another one."""
    return {
        "type": "object",
        "description": "Another experiment of this lesson, or a reference network for the digits,"
        " with some settings changed.",
        "properties": {
            "from": {"type": "string"},
            "family": {"type": "string", "enum": FAMILIES.keys()},
            "settings": {"type": "object", "description": "Values by path."},
            "title": {"$ref": "#/$defs/Text"},
            "comment": {"type": "string"},
        },
        "oneOf": [{"required": ["from"]}, {"required": ["family"]}],
        "additionalProperties": False,
    }
