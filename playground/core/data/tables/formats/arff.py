"""Files of Weka (ARFF): declarations of the columns, then rows with commas. Any thread.

https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.writing.encodings import detect_encoding
from playground.core.errors import FileError

_BEGINS = re.compile(rb"(?:\s*(?:%[^\r\n]*)?[\r\n]+)*\s*@relation\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"@attribute\s+(?P<name>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\S+)\s+(?P<kind>.+)",
    re.IGNORECASE,
)
_NUMBERS = ("numeric", "real", "integer")


@dataclass(frozen=True, slots=True)
class ArffText:
    """The rows with a line of names above them; first_line is where that line is in the file."""

    content: bytes
    form: WantedForm
    first_line: int
    kinds: Mapping[str, str]


def is_arff(content: bytes) -> bool:
    """True where a file begins as ARFF does."""
    return _BEGINS.match(content[:20_000]) is not None


def text_of(name: str, content: bytes) -> ArffText:
    """The table in a file. Raises FileError where its declarations and rows do not go together."""
    encoding = detect_encoding(content) or "utf-8"
    lines = content.decode(encoding, "replace").splitlines()
    kinds: dict[str, str] = {}
    for number, line in enumerate(lines):
        words = line.strip()
        found = _ATTRIBUTE.match(words)
        if found is not None:
            kinds[_unquoted(found["name"])] = _kind(found["kind"])
        if words.lower() == "@data":
            return ArffText(_rows(name, kinds, lines[number + 1 :]), _FORM, number + 1, kinds)
    raise FileError("{name} is an ARFF file without @data, so it has no rows.", name=name)


_FORM = WantedForm(encoding="utf-8", delimiter=",", decimal=".", has_header=True)


def _unquoted(name: str) -> str:
    return re.sub(r"\\(.)", r"\1", name[1:-1]) if name[:1] in "'\"" else name


def _kind(said: str) -> str:
    word = said.strip().lower()
    if word.startswith(_NUMBERS):
        return "number"
    return "label" if word.startswith("{") else "text"


def _rows(name: str, kinds: Mapping[str, str], lines: list[str]) -> bytes:
    """Rows as CSV, each in the line where it was; comments and blank lines are blank."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(kinds)
    for line in lines:
        words = line.strip()
        if words.startswith("{"):
            raise FileError(
                "{name} has sparse rows, as in {{1 x}}; save it with all values in every row.",
                name=name,
            )
        if not words or words.startswith("%"):
            text.write("\n")
            continue
        quote = "'" if "'" in words else '"'
        writer.writerow(next(csv.reader([words], quotechar=quote, skipinitialspace=True)))
    return text.getvalue().encode(errors="replace")
