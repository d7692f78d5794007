"""Tables in JSON: a list of objects or of lists, or one of them in each line (JSON Lines).

https://www.rfc-editor.org/rfc/rfc8259 - https://jsonlines.org - what is inside an object is a
column of its own, `size.width`, as pandas.json_normalize calls it. Imports the core only; any
thread.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from playground.core.data.tables.form import MAX_CELLS, MOST_COLUMNS, WantedForm
from playground.core.data.tables.reading import Progress
from playground.core.data.tables.writing.encodings import detect_encoding
from playground.core.errors import FileError

SUFFIXES = (".jsonl", ".ndjson")
_FORM = WantedForm(encoding="utf-8", delimiter=",", decimal=".")
_LIST_OF_ROWS = re.compile(r"\[\s*({|\[(?!\s*\[))")
_BETWEEN = re.compile(r"[\s,]*")
_ROWS = 2_000
"""Rows between two calls of whoever waits."""


class RecordsText(NamedTuple):
    """The rows as CSV, and the line of the file in which the first of its lines is."""

    content: bytes
    form: WantedForm
    first_line: int


def is_records(start: bytes) -> bool:
    """True where a file that begins so is a list of rows in JSON, or a row in each line."""
    text = start.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").lstrip()
    return _LIST_OF_ROWS.match(text) is not None or _has_a_row_in_each_line(text)


def text_of(name: str, content: bytes, progress: Progress) -> RecordsText:
    """The rows, each in the line in which it begins; rows of one line stand in lines of their own.

    Objects have a line of names above them. Raises FileError, naming the line, for what is no
    JSON or no row.
    """
    text = content.decode(detect_encoding(content) or "utf-8", "replace")
    names: dict[str, int] = {}
    is_named, count = False, 0
    for count, (line, row) in enumerate(_rows(name, text, progress), 1):
        if count == 1:
            is_named = isinstance(row, dict)
        if isinstance(row, dict) is not is_named:
            raise _no_row(name, line)
        if is_named:
            names.update(dict.fromkeys(row, 0))
        _check_size(name, len(names) if is_named else len(row), count)
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    first = at = next(line for line, _ in _rows(name, text, progress))
    if is_named:
        writer.writerow(names)
    for line, row in _rows(name, text, progress):
        table.write("\n" * (line - at))
        at = max(line, at) + 1
        writer.writerow([row.get(key, "") for key in names] if isinstance(row, dict) else row)
    form = replace(_FORM, has_header=True) if is_named else _FORM
    return RecordsText(table.getvalue().encode(errors="replace"), form, first - is_named)


def _has_a_row_in_each_line(text: str) -> bool:
    """True where the first line is an object or a list, and the next one begins as it does."""
    line, _, rest = text.partition("\n")
    if line[:1] not in ("{", "[") or rest.lstrip()[:1] != line[:1]:
        return False
    try:
        return isinstance(json.loads(line), dict | list)
    except (ValueError, RecursionError):
        return False


def _rows(
    name: str, text: str, progress: Progress
) -> Iterator[tuple[int, dict[str, str] | list[str]]]:
    """Each row behind the line that it begins in, numbers as they are written."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
    place = len(text) - len(text.lstrip())
    is_list = _LIST_OF_ROWS.match(text, place) and not _has_a_row_in_each_line(text[place:])
    line, counted = 1, 0
    place += bool(is_list)
    for number in range(len(text)):
        place = _end_of_blanks(text, place)
        if place == len(text) or (is_list and text[place] == "]"):
            return
        line, counted = line + text.count("\n", counted, place), place
        try:
            value, place = decoder.raw_decode(text, place)
            cells = _flat(value)
        except (ValueError, RecursionError):
            raise _no_row(name, line) from None
        if isinstance(value, dict):
            yield line, cells
        elif isinstance(value, list):
            yield line, list(cells.values())
        else:
            raise _no_row(name, line)
        if number % _ROWS == 0:
            progress(place / len(text))
    raise _no_row(name, line)


def _end_of_blanks(text: str, place: int) -> int:
    found = _BETWEEN.match(text, place)
    return place if found is None else found.end()


def _flat(value: Any, name: str = "") -> dict[str, str]:
    """The cells of a row, those of an object or a list in it by the name of both."""
    if isinstance(value, dict):
        parts = [(f"{name}.{key}" if name else key, part) for key, part in value.items()]
    elif isinstance(value, list):
        parts = [(f"{name} {place}".strip(), part) for place, part in enumerate(value, 1)]
    else:
        return {name: _cell(value)}
    found: dict[str, str] = {}
    for key, part in parts:
        if isinstance(part, dict | list):
            found.update(_flat(part, key))
        else:
            found[" ".join(key.split())] = _cell(part)
    return found


def _cell(value: Any) -> str:
    """A value as text on one line; nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(value.splitlines())


def _check_size(name: str, columns: int, rows: int) -> None:
    if columns > MOST_COLUMNS or columns * rows > MAX_CELLS:
        raise FileError(
            "{name} has {count:,} columns in {rows:,} rows, too many to hold; a table has up to"
            " {most:,} columns and {cells:,} values.",
            name=name,
            count=columns,
            rows=rows,
            most=MOST_COLUMNS,
            cells=MAX_CELLS,
        )


def _no_row(name: str, line: int) -> FileError:
    return FileError(
        "{name} begins as a table in JSON, but there is no row of it in line {line:,}, an object or"
        " a list as the others are; check what stands there.",
        name=name,
        line=line,
    )
