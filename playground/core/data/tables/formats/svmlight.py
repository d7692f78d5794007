"""Files of SVMlight and LIBSVM: a label, and the columns that are not zero as index:value.

https://www.cs.cornell.edu/people/tj/svm_light/ - https://www.csie.ntu.edu.tw/~cjlin/libsvm/
Imports the core only; any thread.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from playground.core.data.tables.form import MAX_CELLS, MOST_COLUMNS, WantedForm
from playground.core.data.tables.formats.orange import Role
from playground.core.data.tables.formats.rewritten import Rewritten
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.errors import FileError, short

FORM = WantedForm(encoding="utf-8", delimiter=",", decimal=".", has_header=True)
ROLES: dict[str, Role] = {"qid": "aside", "y": "class"}
_LOOKED_AT = 50
_ROWS, _CELLS = 200, 50_000
"""Rows that are read and cells that are written before anybody asks whether to go on."""
_NUMBER = rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_LINE = re.compile(
    rb"\s*" + _NUMBER + rb"(?:,[+-]?\d+)*((?:[ \t]+(?:qid|\d+):" + _NUMBER + rb")*)\s*(?:#.*)?"
)
_TIMES = re.compile(rb"(?:[ \t]+(?:[01]?\d|2[0-3]):[0-5]\d)*")


class _Row(NamedTuple):
    label: str
    query: str
    values: dict[int, str]


def is_svmlight(start: bytes, *, is_whole: bool = False) -> bool:
    """True where all of the first lines are a label and pairs of index and value, and no times."""
    lines = start[:1_000_000].splitlines()
    if not is_whole and len(lines) > 1:
        lines.pop()  # it may be cut anywhere
    lines = [line for line in lines if line.strip() and not line.lstrip().startswith(b"#")]
    found = [_LINE.fullmatch(line) for line in lines[:_LOOKED_AT]]
    pairs = [match.group(1) for match in found if match is not None]
    return (
        0 < len(pairs) == len(found)
        and any(pairs)
        and not all(_TIMES.fullmatch(text) for text in pairs)
    )


def text_of(name: str, content: bytes, progress: Progress = no_progress) -> bytes:
    """The rows as CSV, each in the line where it was, below a line of names: x1, x2, ..., y.

    Columns count from 1, or from 0 where one is called so. Raises FileError, naming the line, for
    what is no row, for several labels, and for more columns or values than there can be.
    """
    rows, first, last = _read(name, content, progress)
    if last > MOST_COLUMNS or (last + 1 - first) * len(rows) > MAX_CELLS:
        raise FileError(
            "{name} has {count:,} columns in {rows:,} rows, too many to hold; a table has up to"
            " {most:,} columns and {cells:,} values.",
            name=name,
            count=last,
            rows=len(rows),
            most=MOST_COLUMNS,
            cells=MAX_CELLS,
        )
    has_queries = any(row is not None and row.query for row in rows)
    names = [*(["qid"] if has_queries else []), *(f"x{i}" for i in range(first, last + 1)), "y"]
    return _as_csv(names, rows, first, progress)


def _read(name: str, content: bytes, progress: Progress) -> tuple[list[_Row | None], int, int]:
    """All rows, and the first and the last column that they have."""
    rows: list[_Row | None] = []
    first, last = 1, -1
    for row in _rows(name, content):
        if len(rows) % _ROWS == 0:
            progress(0.0)
        rows.append(row)
        if row is not None and row.values:
            first, last = min(first, *row.values), max(last, *row.values)
    last = last if last >= 0 else 1
    return rows, first, last


def _as_csv(
    names: Sequence[str], rows: Sequence[_Row | None], first: int, progress: Progress
) -> bytes:
    """The rows below a line of names; `first` is the index of the first column."""
    table = Rewritten()
    table.add(names)
    has_queries = names[0] == "qid"
    empty = ["0"] * (len(names) - 1 - has_queries)
    left = 0
    for row in rows:
        left -= len(empty)
        if left < 0:
            progress(0.0)
            left = _CELLS
        if row is None:
            table.add_blank()
            continue
        cells = empty.copy()
        for index, value in row.values.items():
            cells[index - first] = value
        table.add([*([row.query] if has_queries else []), *cells, row.label])
    return table.content()


def _rows(name: str, content: bytes) -> Iterator[_Row | None]:
    """The row in each line; None for a line that is blank or a comment."""
    for number, ended in enumerate(io.BytesIO(content), 1):
        line = ended.rstrip(b"\r\n")
        words = line.partition(b"#")[0].split()
        if not words:
            yield None
            continue
        if _LINE.fullmatch(line) is None:
            raise FileError(
                "{name}: line {line:,} is no row of LIBSVM, a label and pairs such as 3:0.5:"
                " '{text}'.",
                name=name,
                line=number,
                text=short(line.decode(errors="replace"), 40),
            )
        label, *pairs = (word.decode() for word in words)
        if "," in label:
            raise FileError(
                "{name}: line {line:,} has several labels, {label}; leave one in each row, for a"
                " network here gives one answer.",
                name=name,
                line=number,
                label=short(label),
            )
        yield _row(name, number, label, pairs)


def _row(name: str, number: int, label: str, pairs: list[str]) -> _Row:
    values: dict[int, str] = {}
    query = ""
    for pair in pairs:
        key, _, value = pair.partition(":")
        if key == "qid":
            query = value
            continue
        if len(key) > 9 or int(key) in values:
            raise FileError(
                "{name}: line {line:,} has the column {column} twice, or it is too large; each"
                " column comes once.",
                name=name,
                line=number,
                column=short(key, 20),
            )
        values[int(key)] = value
    return _Row(label.removeprefix("+"), query, values)
