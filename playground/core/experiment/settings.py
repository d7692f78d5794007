"""How a setting is declared: once, with its label, help, bounds and step.

The form, the command line, the project file and its JSON Schema all read the declaration from the
pydantic field.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue
from pydantic.fields import FieldInfo


def _as_int(value: Any) -> Any:
    """Whole numbers of other types (500.0 in a file, NumPy's integers) as int; others as is."""
    if isinstance(value, bool):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


AS_INT = BeforeValidator(_as_int)
"""Behind the bounds where a type is spelled out: `Annotated[int, Field(ge=0), AS_INT]`."""

Whole = Annotated[int, AS_INT]
"""The type of a setting that is a whole number."""


class Settings(BaseModel):
    """The base of every part of an experiment: immutable, and strict about names and types.

    Text is no number and a number is no switch; lists of JSON become tuples where a field says
    `strict=False`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    since: ClassVar[int] = 1
    """The format of the project file that has this part."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """How a form shows a setting; bounds come from the field itself."""

    label: str
    help: str
    step: float | None
    log: bool
    live: bool
    minimum: float | None
    maximum: float | None


def setting(
    default: Any = ...,
    *,
    label: str,
    help: str,
    step: float | None = None,
    log: bool = False,
    live: bool = False,
    since: int = 1,
    **bounds: Any,
) -> Any:
    """A pydantic field with what a form needs to show it.

    step   the distance of one press of an arrow key; for `log` settings the keys multiply instead
    log    True where the useful values span several powers of ten
    live   True where a change acts on a running training; otherwise it starts the run again
    since  the format of the project file that has it
    bounds pydantic's own: ge, gt, le, lt, min_length, ...
    """
    extra: dict[str, JsonValue] = {"step": step, "log": log, "live": live}
    if since > 1:
        extra["since"] = since
    return Field(default, title=label, description=help, json_schema_extra=extra, **bounds)


def is_unknown_to_first(field: FieldInfo) -> bool:
    """True for a setting that the first format of the project file does not have."""
    extra = field.json_schema_extra
    return isinstance(extra, dict) and "since" in extra


def presentation(field: FieldInfo) -> Presentation:
    """What a form shows of a field that was declared with `setting`."""
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    limits = dict(_limits(field))
    return Presentation(
        label=field.title or "",
        help=field.description or "",
        step=extra.get("step"),  # type: ignore[arg-type]
        log=bool(extra.get("log")),
        live=bool(extra.get("live")),
        minimum=limits.get("ge", limits.get("gt")),
        maximum=limits.get("le", limits.get("lt")),
    )


def _limits(field: FieldInfo) -> Iterator[tuple[str, float]]:
    for constraint in field.metadata:
        for name in ("ge", "gt", "le", "lt"):
            if hasattr(constraint, name):
                yield name, getattr(constraint, name)


def kinds(union: Any) -> dict[str, Any]:
    """The classes of a union that is told apart by `kind`, by the value of that field."""
    members = get_args(get_args(union)[0])
    return {member.model_fields["kind"].default: member for member in members}
