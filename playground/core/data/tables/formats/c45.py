"""The file of names beside a table, as C4.5 has it: adult.names beside adult.data. Any thread.

https://www.rulequest.com/see5-unix.html - most .names files are prose, of which nothing is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from playground.core.data.tables.formats.orange import Role
from playground.core.data.tables.reading import is_file, read_start
from playground.core.errors import FileError

SUFFIXES = (".data", ".test")
_MOST_BYTES = 1 << 18
_COMMENT = re.compile(r"\|[^\n]*")
_COLUMN = re.compile(r"(?P<name>[^:]{1,100}):(?P<kind>.*)", re.DOTALL)
_NUMBERED = re.compile(r"discrete\s+\d+")


class Names(NamedTuple):
    """What a file of names says of the columns, of which the last one is the class."""

    names: tuple[str, ...] = ()
    kinds: Mapping[str, str] = MappingProxyType({})
    roles: Mapping[str, Role] = MappingProxyType({})


def names_beside(path: Path) -> Names:
    """What the file of names beside a table says; nothing where there is none that can be used."""
    place = path.with_suffix(".names")
    if path.suffix.lower() not in SUFFIXES or not is_file(place):
        return Names()
    try:
        return names_in(read_start(place, _MOST_BYTES).decode("utf-8", "replace"))
    except FileError:
        return Names()


def names_in(text: str) -> Names:
    """What the text of a file of names says: the classes, then a line for each column."""
    classes, *columns = [*_statements(text), ""][:-1] or [""]
    if not columns or ":" in classes or "," not in classes:
        return Names()
    found = [_COLUMN.fullmatch(line) for line in columns]
    read = [(match["name"].strip(), match["kind"].strip()) for match in found if match is not None]
    names = (*(name for name, _ in read), "class")
    if len(read) < len(columns) or len(set(names)) < len(names):
        return Names()
    kinds = {name: _kind(said) for name, said in read} | {"class": "label"}
    if "prose" in kinds.values():
        return Names()
    roles: dict[str, Role] = {name: "aside" for name, said in read if said in ("ignore", "label")}
    return Names(names, kinds, {**roles, "class": "class"})


def _statements(text: str) -> Iterator[str]:
    """What ends with a point or with its line; a line that ends with a comma goes on."""
    said = ""
    for line in _COMMENT.sub("", text).splitlines():
        said = f"{said} {line.strip()}".strip()
        if said and not said.endswith((",", ":")):
            yield said.removesuffix(".").strip()
            said = ""


def _kind(said: str) -> str:
    """The kind of a column: number, label or text; prose for what is none."""
    if said == "continuous":
        return "number"
    if said in ("ignore", "label") or _NUMBERED.fullmatch(said):
        return "text"
    values = [value.strip() for value in said.split(",")]
    is_list = len(values) > 1 and all(value and len(value.split()) <= 4 for value in values)
    return "label" if is_list else "prose"
