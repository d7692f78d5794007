"""Files of Weka (ARFF) and KEEL: declarations of the columns, then rows with commas. Any thread.

https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/
https://sci2s.ugr.es/keel/dataset_format.php
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from playground.core.data.tables.form import MAX_CELLS, WantedForm
from playground.core.data.tables.formats.orange import Role
from playground.core.data.tables.formats.rewritten import Rewritten
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.data.tables.writing.encodings import detect_encoding
from playground.core.errors import FileError, short

_NAME = r"(?P<name>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^\s{]+)"
_ATTRIBUTE = re.compile(rf"@attribute\s+{_NAME}\s*(?P<kind>.+)", re.IGNORECASE)
_ROLE = re.compile(r"@(?P<role>input|output)s?\s+(?P<names>.+)", re.IGNORECASE)
_VALUE = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,]*))\s*(?:,|$)""")
_PAIR = re.compile(r"(\d{1,9})\s+(.*)", re.DOTALL)
_WEIGHT = re.compile(r",\s*\{\s*[\d.eE+-]+\s*\}\s*$")
_NUMBERS = ("numeric", "real", "integer")
_OF_JAVA = {"yyyy": "%Y", "yy": "%y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}
_CELLS = 20_000
"""Cells that are read before anybody asks whether to go on."""
_LETTERS = re.compile(r"'([^']*)'|([A-Za-z])\2*")


@dataclass(frozen=True, slots=True)
class ArffText:
    """The rows with a line of names above them; first_line is where that line is in the file.

    kinds  number, label, date or text, for each column
    roles  what the file says that columns are for, where it says so
    """

    content: bytes
    form: WantedForm
    first_line: int
    kinds: Mapping[str, str]
    roles: Mapping[str, Role]


@dataclass(frozen=True, slots=True)
class _Column:
    """A declared column: its kind, the value that sparse rows leave out, the form of its dates."""

    kind: str
    left_out: str = "0"
    date: str = ""


@dataclass(slots=True)
class _Declared:
    columns: dict[str, _Column] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)

    def roles(self) -> dict[str, Role]:
        if not self.outputs:
            return {}
        inputs = self.inputs or [name for name in self.columns if name not in self.outputs]
        return {
            name: "class" if name in self.outputs else "input" if name in inputs else "aside"
            for name in self.columns
        }


def is_arff(content: bytes) -> bool:
    """True where a file begins as ARFF and KEEL's files do."""
    lines = (line.strip() for line in content[:20_000].removeprefix(b"\xef\xbb\xbf").splitlines())
    first = next((line for line in lines if line and not line.startswith(b"%")), b"")
    return first.lower().startswith((b"@relation", b"@attribute "))


def text_of(name: str, content: bytes, progress: Progress = no_progress) -> ArffText:
    """The table in a file. Raises FileError where its declarations and rows do not go together."""
    encoding = detect_encoding(content, partial(progress, 0.0)) or "utf-8"
    raw = io.BytesIO(content)
    declared = _Declared()
    lines = enumerate(io.TextIOWrapper(raw, encoding, errors="replace"), 1)
    for number, line in lines:
        words = line.strip()
        if words.lower() == "@data":
            rows = _rows(name, declared.columns, lines, lambda: progress(raw.tell() / len(content)))
            kinds = {key: column.kind for key, column in declared.columns.items()}
            return ArffText(rows, _FORM, number, kinds, declared.roles())
        _declare(name, declared, words)
    raise FileError("{name} is an ARFF file without @data, so it has no rows.", name=name)


_FORM = WantedForm(encoding="utf-8", delimiter=",", decimal=".", has_header=True)


# Declarations.


def _declare(name: str, declared: _Declared, line: str) -> None:
    found = _ATTRIBUTE.match(line)
    if found is not None:
        if found["kind"].strip().lower().startswith("relational"):
            raise FileError(
                "{name} has tables inside its rows (relational columns); save it with one value in"
                " each column.",
                name=name,
            )
        declared.columns[_unquoted(found["name"])] = _column(found["kind"].strip())
        return
    found = _ROLE.match(line)
    if found is not None:
        names = [_unquoted(part.strip()) for part in found["names"].split(",")]
        known = declared.inputs if found["role"].lower() == "input" else declared.outputs
        known += [part for part in names if part in declared.columns]


def _unquoted(name: str) -> str:
    if len(name) < 2 or name[0] not in "'\"" or name[-1] != name[0]:
        return name
    return re.sub(r"\\(.)", r"\1", name[1:-1])


def _column(said: str) -> _Column:
    word = said.lower()
    if word.startswith(_NUMBERS):
        return _Column("number")
    if word.startswith("{"):
        values = _values(said[1:].partition("}")[0])
        return _Column("label", values[0] if values else "0")
    if word.startswith("date"):
        return _Column("date", date=_form_of_dates(_unquoted(said[4:].strip())))
    return _Column("text")


def _form_of_dates(java: str) -> str:
    """The form of dates as Python has it; "" where it needs more than numbers."""
    unknown = False

    def part(found: re.Match[str]) -> str:
        nonlocal unknown
        if found[1] is not None:
            return found[1].replace("%", "%%")
        unknown |= found[0] not in _OF_JAVA
        return _OF_JAVA.get(found[0], "")

    form = _LETTERS.sub(part, java)
    return "" if unknown or "%Y" not in form else form


# Rows.


def _values(line: str) -> list[str]:
    """The values of a row, without quotes around them."""
    if "'" not in line and '"' not in line:
        parts = line.split(",") if "," in line else line.split()
        return [part.strip() for part in parts]
    values = []
    for found in _VALUE.finditer(line):
        one, two, plain = found.groups()
        quoted = two if one is None else one
        values.append(plain.strip() if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        if not found[0].endswith(","):
            break
    return values


def _rows(
    name: str,
    columns: Mapping[str, _Column],
    lines: Iterator[tuple[int, str]],
    advanced: Callable[[], None],
) -> bytes:
    """Numbered lines as CSV, each row in the line where it was; comments and blank lines are blank.

    Tells when it has read some more of them.
    """
    table = Rewritten()
    table.add(columns)
    dates = {place: each.date for place, each in enumerate(columns.values()) if each.date}
    room, left = MAX_CELLS, 0
    for number, line in lines:
        words = line.strip()
        if not words or words.startswith("%"):
            table.add_blank()
            left -= 1
            continue
        left -= len(columns)
        if left < 0:
            advanced()
            left = _CELLS
        if words.startswith("{"):
            room -= len(columns)
            _check_room(name, room)
            cells = _sparse(name, words, list(columns.values()), number)
        else:
            cells = _values(_WEIGHT.sub("", words) if words.endswith("}") else words)
        for place, form in dates.items():
            if place < len(cells):
                cells[place] = _date(cells[place], form)
        table.add(cells)
    return table.content()


def _check_room(name: str, room: int) -> None:
    if room < 0:
        raise FileError(
            "{name} stands for more than {most:,} values, too many to hold; leave out rows or"
            " columns.",
            name=name,
            most=MAX_CELLS,
        )


def _sparse(name: str, line: str, columns: Sequence[_Column], number: int) -> list[str]:
    """A row of which only the values are written that are not 0, or not the first label."""
    cells = [column.left_out for column in columns]
    inside = line[1:].rpartition("}")[0] if line.endswith("}") else None
    if inside is not None and (weight := inside.rfind("}")) >= 0:
        inside = inside[:weight]  # behind the row stands what it weighs
    for part in _pairs(inside or ""):
        found = _PAIR.fullmatch(part)
        if found is None or int(found[1]) >= len(cells):
            inside = None
            break
        cells[int(found[1])] = _values(found[2])[0] if found[2][:1] in "'\"" else found[2].strip()
    if inside is None:
        raise FileError(
            "{name}: line {line:,} is no sparse row, which has a column from 0 to {last:,} and its"
            " value, as in {{1 x}}: '{text}'.",
            name=name,
            line=number,
            last=len(columns) - 1,
            text=short(line, 40),
        )
    return cells


_PART = re.compile(r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^,'"]|['"])+""")


def _pairs(inside: str) -> list[str]:
    """What stands between commas that are in no quotes."""
    return [part.strip() for part in _PART.findall(inside) if part.strip()]


def _date(cell: str, form: str) -> str:
    """A date as ISO 8601 writes it; itself where it is written otherwise."""
    try:
        return datetime.strptime(cell, form).isoformat(" ")
    except ValueError:
        return cell
