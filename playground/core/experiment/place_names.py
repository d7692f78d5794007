"""What the window calls a setting, from the path that files and commands use for it.

Reads the declarations (`settings.setting`). Pure; any thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel

from playground.core.messages import Message
from playground.core.network.layer_settings import layer_name
from playground.core.network.layers import LAYERS

_LAYERS = ("model", "layers")


def place_name(root: type[BaseModel], path: Sequence[int | str], raw: Any) -> str:
    """Such as "Learning rate" or "Layer 4, convolution, stride"; "" where it has no name.

    root  the class of which `raw`, plain data, shall become one; `path` leads through them
    """
    label = _label(root, path, raw)
    if tuple(path[:2]) != _LAYERS or len(path) < 3:
        return label
    kind = _part(_part(_part(raw, "model"), "layers"), path[2])
    layer = LAYERS.get(str(_part(kind, "kind")))
    name = layer_name(int(path[2]), layer.label if layer else "")
    return Message("{layer}, {setting:small}", layer=name, setting=label) if label else name


def _label(root: type[BaseModel], path: Sequence[int | str], raw: Any) -> str:
    """The label of the setting at the end of a path."""
    found: type[BaseModel] | None = root
    members: tuple[type[BaseModel], ...] = ()
    value, label = raw, ""
    for part in path:
        value = _part(value, part)
        if isinstance(part, str):
            field = found.model_fields.get(part) if found else None
            if field is None:
                return ""
            label, members = field.title or "", tuple(_settings(field.annotation))
        found = _of_kind(members, _part(value, "kind"))
    return Message(label) if label else ""


def _settings(annotation: Any) -> Iterator[type[BaseModel]]:
    """The classes of settings that a declared type speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _settings(part)


def _of_kind(members: Sequence[type[BaseModel]], kind: Any) -> type[BaseModel] | None:
    """That of the classes which such a value would be one of; else any, for what all have."""
    for member in members:
        field = member.model_fields.get("kind")
        if field is not None and field.default == kind:
            return member
    return members[0] if members else None


def _part(value: Any, part: int | str) -> Any:
    """What lies in plain data, or in a part of an experiment, under a name or a number."""
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(part, int):
        is_there = isinstance(value, list | tuple) and 0 <= part < len(value)
        return value[part] if is_there else None
    return getattr(value, part, None)
