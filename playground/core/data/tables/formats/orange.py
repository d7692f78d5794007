"""The header of three rows that Orange writes: names, kinds, and what each column is for.

https://orange3.readthedocs.io/projects/orange-data-mining-library/en/latest/reference/data.io.html
Pure functions on cells; any thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Role = Literal["input", "class", "aside"]

_LABELS = frozenset(("discrete", "d"))
_KINDS = _LABELS | {"continuous", "c", "string", "s", "text", "time", "t", "numeric", "n"}
_ROLES: dict[str, Role] = {"class": "class", "c": "class", "meta": "aside", "m": "aside"}
_ROLES |= {"ignore": "aside", "i": "aside", "weight": "aside", "": "input"}
_FLAGS = frozenset("cmiwCDST")


@dataclass(frozen=True, slots=True)
class Declared:
    """What a header says of the columns: what each is for, and which ones are labels."""

    roles: tuple[Role, ...]
    are_labels: tuple[bool, ...]


def declared_in(rows: Sequence[Sequence[str]]) -> Declared | None:
    """What the first three rows say, where they are such a header; else None."""
    if len(rows) < 3:
        return None
    kinds, flags = ([cell.strip() for cell in row] for row in rows[1:3])
    flags += [""] * (len(kinds) - len(flags))
    are_kinds = all(kind.lower() in _KINDS or " " in kind or not kind for kind in kinds)
    roles = [_role(flag) for flag in flags]
    if not are_kinds or None in roles or not any(kind.lower() in _KINDS for kind in kinds):
        return None
    are_labels = tuple(kind.lower() in _LABELS or " " in kind for kind in kinds)
    return Declared(tuple(role or "input" for role in roles), are_labels)


def _role(flag: str) -> Role | None:
    """What a flag says; attributes such as a=1 may stand beside it."""
    words = [word for word in flag.split() if "=" not in word]
    return None if len(words) > 1 else _ROLES.get(words[0].lower() if words else "")


def declared_in_names(names: Sequence[str]) -> tuple[tuple[str, ...], Declared] | None:
    """The names without what is before # in them, as in `cD#kind`, and what it says; else None."""
    if not any("#" in name for name in names):
        return None
    parts = [name.partition("#") for name in names]
    if any(sign and not (flags and set(flags) <= _FLAGS) for flags, sign, _ in parts):
        return None
    plain = tuple(rest if sign else flags for flags, sign, rest in parts)
    said = [flags if sign else "" for flags, sign, _ in parts]
    roles = tuple(_role_of_flags(flags) for flags in said)
    return plain, Declared(roles, tuple("D" in flags for flags in said))


def _role_of_flags(flags: str) -> Role:
    if "c" in flags:
        return "class"
    return "aside" if set(flags) & set("miw") else "input"
