"""Where a path such as `training.optimizer.learning_rate` leads in the plain data of an experiment.

Knows the errors of the core only; any thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.core.errors import ExperimentError, short


def value_at(settings: Any, path: str) -> Any:
    """The setting at a path; None where there is none of that name, and `settings` for no path."""
    place = settings
    for part in filter(None, path.split(".")):
        place = getattr(place, part, None)
    return place


def put(raw: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path of plain data. Raises ExperimentError where there is no such place."""
    *parents, last = path.split(".")
    place: Any = raw
    for part in parents:
        place = _descend(place, part, path)
    if not isinstance(place, dict):
        raise ExperimentError("{path}: replace the whole list instead.", path=short(path))
    if last == "kind" and place.get("kind") != value:
        _forget_settings_of_the_old_kind(place, value)
    place[last] = value


def _descend(place: Any, part: str, path: str) -> Any:
    if isinstance(place, dict) and isinstance(place.get(part), dict | list | tuple):
        return place[part]
    if isinstance(place, Sequence) and part.isdecimal() and int(part) < len(place):
        return place[int(part)]
    raise ExperimentError("{path}: there is no such setting; check its spelling.", path=short(path))


def _forget_settings_of_the_old_kind(place: dict[str, Any], kind: Any) -> None:
    """Keep in `place` only what every kind has: that belongs to the person, not to the kind."""
    kept = {"learning_rate", "seed", "test_ratio", "standardize", "stratify", "rate"}
    for name in [name for name in place if name not in kept]:
        del place[name]
    place["kind"] = kind
