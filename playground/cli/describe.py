"""`playground describe`: what is in a table or in a file of images, before anything is trained.

Imports no engine. Main thread.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import click
import numpy as np

from playground.cli.running import aligned, counted_images, counted_rows, said_of
from playground.core.data.dataset import Dataset, prepare
from playground.core.data.images.image_files import is_image_file
from playground.core.data.tables.choosing import Choice, automatic_choice, why_left_out
from playground.core.data.tables.column_facts import ColumnFacts, facts_of
from playground.core.data.tables.description import form_in_words
from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.importing import TableText, read_table_text
from playground.core.data.tables.table import table_of
from playground.core.data.tables.writing.encodings import ENCODINGS
from playground.core.errors import DataError, FileError, printable, short
from playground.core.experiment.files import is_json, load, open_any

_MANY = 10
"""Columns of one kind from which on a line for each would tell less than one for all."""

EPILOG = """\b
Examples:
  playground describe houses.csv
  playground describe survey.xlsx --sheet 2026
  playground describe houses.csv --json
"""
_LARGEST_INTEGER = 1e15
"""Up to here float64 has every whole number."""
_MOST_WORDS = 6
_MOST_SIGNS = 20
"""Of a column's values as many, and as much of each, as fit into a line."""


@click.command(epilog=EPILOG, short_help="Say what is in a table or a file of images.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sheet", help="Sheet of a workbook, or file in an archive.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def describe(file: Path, sheet: str | None, as_json: bool) -> None:
    """Say what is in FILE, a table or images: its columns, what is missing, and what would be
    learned from it.
    """
    if os.path.isdir(file) or is_image_file(file):
        dataset = prepare(open_any(file))
        found = _images(dataset)
        lines = _lines_of_images(found, dataset)
    elif is_json(file):
        load(file)  # says what a file of another program is
        raise FileError(
            "{name} is a project; 'playground train' says what is in its data.", name=file
        )
    else:
        text = read_table_text(file, WantedForm(part=sheet))
        facts = facts_of(text)
        found = _table(text, facts)
        lines = _lines_of_table(text, facts, found)
    if as_json:
        click.echo(json.dumps({"file": file.name, **found}, ensure_ascii=False))
        return
    click.echo(printable(file.name))
    for line in lines:
        click.echo(line)


# Tables.


def _table(text: TableText, facts: tuple[ColumnFacts, ...]) -> dict[str, Any]:
    """What is in a table, as JSON has it."""
    choice = automatic_choice(facts)
    guess, warnings = _guess(text, choice)
    return {
        "kind": "table",
        "rows": len(text),
        "encoding": ENCODINGS[text.form.encoding],
        "delimiter": text.form.delimiter,
        "decimal": text.form.decimal,
        "header": text.form.has_header,
        "sheet": text.met.part or None,
        "sheets": list(text.met.parts),
        "lines_left_out": [
            {"line": left.line, "text": left.text, "why": left.why} for left in text.met.left_out
        ],
        "columns": _columns(choice, facts),
        "data": guess,
        "warnings": warnings,
    }


def _guess(text: TableText, choice: Choice) -> tuple[dict[str, Any] | None, list[str]]:
    """What would be learned by itself, or None and why nothing could be."""
    if not choice.columns.inputs:
        return None, ["There is no column that could be an input."]
    try:
        columns = choice.columns._replace(exact=True)  # as an import has them
        description = table_of(text, columns, choice.left_out).description
    except DataError as error:
        return None, [str(error)]
    assert description is not None, "a table from a text has one"
    guess = description.as_json("standard")
    return guess, guess["warnings"]


def _columns(choice: Choice, facts: tuple[ColumnFacts, ...]) -> list[dict[str, Any]]:
    inputs, answer = set(choice.columns.inputs), choice.columns.answer
    others = [column for column in facts if column.name != answer]
    found = []
    for column in facts:
        use = "input" if column.name in inputs else "left out"
        use = "answer" if column.name == answer else use
        described = {
            "name": column.name,
            "kind": column.kind,
            "missing": column.missing,
            "labels": list(column.labels),
            "unit": column.unit,
            "taken_as_missing": dict(column.odd),
            "use": use,
            "why": str(why_left_out(column, others)) if use == "left out" else "",
        }
        found.append(described)
    return found


def _lines_of_table(
    text: TableText, facts: Sequence[ColumnFacts], found: dict[str, Any]
) -> list[str]:
    form = form_in_words(text.form, text.met.part, is_made=text.met.is_made)
    rows = [("column", "kind", "missing", "values", "use")]
    for group in _alike(list(zip(found["columns"], facts, strict=True))):
        rows += [_row_of_many(group)] if len(group) > 1 else [_row_of(text, group[0][0])]
    lines = [f"{counted_rows(found['rows'])}; {form}", *aligned(rows)]
    if found["data"] is not None:
        lines.append(said_of(found["data"]))
    return lines + [f"Warning: {printable(warning)}" for warning in found["warnings"]]


def _values(text: TableText, name: str, labels: Sequence[str]) -> str:
    """What there is in a column: a few different values, the first ones of many words, or from
    where to where numbers and dates go.
    """
    found = text.judged(name)
    if found.kind == "nothing":
        return ""
    if found.kind == "text" or 0 < len(labels) <= _MOST_WORDS:
        words = list(
            labels or islice(dict.fromkeys(filter(None, text.column(name))), _MOST_WORDS + 1)
        )
        shown = words if len(words) <= _MOST_WORDS else [*words[:_MOST_WORDS], "..."]
        return ", ".join(short(word, _MOST_SIGNS) for word in shown)
    low, high = float(np.nanmin(found.values)), float(np.nanmax(found.values))
    if found.kind == "dates":
        return f"{np.datetime64(int(low), 'D')} to {np.datetime64(int(high), 'D')}"
    return _span(low, high)


def _span(low: float, high: float) -> str:
    """From where to where numbers go, in as many digits as tell both apart."""
    if low.is_integer() and high.is_integer() and max(abs(low), abs(high)) < _LARGEST_INTEGER:
        texts = [f"{end:.0f}" for end in (low, high)]
    else:
        digits = next((n for n in range(6, 18) if f"{low:.{n}g}" != f"{high:.{n}g}"), 6)
        texts = [f"{end:.{digits}g}" for end in (low, high)]
    return " to ".join(dict.fromkeys(texts))


_Column = tuple[dict[str, Any], ColumnFacts]
_Line = tuple[str, str, str, str, str]


def _alike(columns: Sequence[_Column]) -> list[list[_Column]]:
    """Columns on end: of one kind, with one use and with names that only numbers tell apart, where
    they are many; or alone.
    """
    groups = []
    for _, run in groupby(columns, key=_likeness):
        group = list(run)
        groups += [group] if len(group) >= _MANY else [[column] for column in group]
    return groups


def _likeness(column: _Column) -> tuple[object, ...]:
    described, _ = column
    name = re.sub(r"\d+", "#", described["name"])
    kept = (described[key] for key in ("kind", "unit", "use", "why"))
    return (name, *kept, bool(described["missing"]))


def _row_of(text: TableText, column: dict[str, Any]) -> _Line:
    return (
        short(column["name"], 30),
        f"{column['kind']} {column['unit']}".strip(),
        f"{column['missing']:,}",
        _values(text, column["name"], column["labels"]),
        _use_of(column),
    )


def _row_of_many(columns: Sequence[_Column]) -> _Line:
    """One line for many columns."""
    first, last = columns[0][0], columns[-1][0]
    spans = [facts.span for _, facts in columns if facts.span is not None]
    values = f"{len(columns):,} columns"
    if len(spans) == len(columns):
        low, high = min(span[0] for span in spans), max(span[1] for span in spans)
        values += f", whole numbers {low:,} to {high:,}"
    return (
        f"{short(first['name'], 16)} ... {short(last['name'], 16)}",
        f"{first['kind']} {first['unit']}".strip(),
        f"{sum(column['missing'] for column, _ in columns):,}",
        values,
        _use_of(first),
    )


def _use_of(column: dict[str, Any]) -> str:
    return f"{column['use']} ({column['why']})" if column["why"] else column["use"]


# Images.


def _images(dataset: Dataset) -> dict[str, Any]:
    """What is in a file of images, as JSON has it."""
    counts = Counter(dataset.points.y.tolist())
    names = dataset.class_names
    return {
        "kind": "images",
        "rows": len(dataset.points),
        "image": list(dataset.image or ()),
        "classes": {names[label]: counts[label] for label in sorted(counts)},
        "warnings": [str(note) for note in dataset.notes],
    }


def _lines_of_images(found: dict[str, Any], dataset: Dataset) -> list[str]:
    counts = [(name, f"{count:,}") for name, count in found["classes"].items()]
    return [
        counted_images(dataset),
        *aligned([("class", "images"), *counts], ">"),
        *(f"Warning: {printable(warning)}" for warning in found["warnings"]),
    ]
