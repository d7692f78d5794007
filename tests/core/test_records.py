"""Tables in JSON: lists of objects and of lists, one in all or one in each line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.data.dataset import prepare
from playground.core.data.tables.formats import records
from playground.core.data.tables.importing import first_rows, read_table_text
from playground.core.errors import FileError
from playground.core.experiment.files import open_any

ROWS = [{"a": 1.5 * n, "b": -n, "kind": ["red", "blue"][n % 2]} for n in range(12)]
LISTS = [list(row.values()) for row in ROWS]


def lines(rows: list[Any]) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


WRITTEN: dict[str, tuple[str, bool]] = {
    "list.json": (json.dumps(ROWS), True),
    "indented.json": (json.dumps(ROWS, indent=2), True),
    "lines.jsonl": (lines(ROWS), True),
    "lines.json": ("\ufeff" + lines(ROWS), True),
    "blank lines.ndjson": (lines(ROWS).replace("\n", "\r\n\r\n"), True),
    "one after the other.ndjson": (lines(ROWS) + json.dumps(ROWS[0], indent=1), True),
    "called otherwise.csv": (lines(ROWS), True),
    "lists.json": (json.dumps(LISTS), False),
    "named lists.json": (json.dumps([list(ROWS[0]), *LISTS]), True),
    "lists.jsonl": (lines(LISTS), False),
    "lists of lists.jsonl": (lines([[row[:2], row[2]] for row in LISTS]), False),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_all_hold_the_same_table(tmp_path: Path, name: str) -> None:
    content, is_named = WRITTEN[name]
    place = tmp_path / name
    place.write_text(content, "utf-8")
    text = read_table_text(place)
    assert text.names == (("a", "b", "kind") if is_named else ("x1", "x2", "y"))
    a, b, kind = text.names
    rows = [*ROWS, ROWS[0]] if name.startswith("one after") else ROWS
    assert text.numbers(a).tolist() == [row["a"] for row in rows]
    assert text.numbers(b).tolist() == [row["b"] for row in rows]
    assert text.column(kind) == tuple(row["kind"] for row in rows)
    assert first_rows(place).columns == text.columns
    assert prepare(open_any(place)).class_names == ("blue", "red")


_VALUES = (
    st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["red", 'bl"ue', "a, b", "größe", "晴れ"])
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"n": st.integers(0, 9), "size": st.fixed_dictionaries({"w": _VALUES, "h": _VALUES})}
        ),
        min_size=3,
        max_size=6,
    ),
    st.booleans(),
)
def test_what_is_inside_an_object_is_a_column_as_pandas_has_it(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], in_lines: bool
) -> None:
    place = tmp_path_factory.getbasetemp() / "nested.json"
    place.write_text(lines(rows) if in_lines else json.dumps(rows), "utf-8")
    expected = pd.json_normalize(rows)
    text = read_table_text(place)
    assert sorted(text.names) == sorted(expected.columns)
    for name in text.names:
        for cell, value in zip(text.column(name), expected[name].tolist(), strict=True):
            assert cell == value if isinstance(value, str) else float(cell) == value


def test_a_missing_key_and_null_are_gaps_and_digits_stay(tmp_path: Path) -> None:
    place = tmp_path / "t.jsonl"
    place.write_text(
        '{"a": 12345678901234567890, "b": true}\n{"b": false, "c": null}\n'
        '{"a": 1.10, "c": "two\\nlines", "d": [1, 2]}\n'
    )
    text = read_table_text(place)
    assert text.names == ("a", "b", "c", "d 1", "d 2")
    assert text.column("a") == ("12345678901234567890", "", "1.10")
    assert text.column("b") == ("true", "false", "")
    assert text.column("c") == ("", "", "two lines")
    assert text.column("d 2") == ("", "", "2")


def test_rows_have_the_line_that_they_begin_in(tmp_path: Path) -> None:
    place = tmp_path / "t.json"
    place.write_text(json.dumps(ROWS, indent=1))
    text = read_table_text(place)
    whole = place.read_text().splitlines()
    assert [whole[text.line_of(row) - 1].strip() for row in range(len(text))] == ["{"] * len(ROWS)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (lines(ROWS[:3]) + '{"a": 1,, "b": 2}\n', 4),
        (lines(ROWS[:2]) + "3\n", 3),
        ('[{"a": 1},\n{"a": 2},\n[3]]', 3),
        ('[{"a": 1},\n{"a": 2', 2),
        ("[[1, 2],\n" + "[" * 100_000, 2),
    ],
)
def test_what_is_no_row_is_named_with_its_line(tmp_path: Path, content: str, line: int) -> None:
    place = tmp_path / "broken.json"
    place.write_text(content)
    with pytest.raises(FileError, match=rf"broken\.json begins .* no row of it in line {line},"):
        read_table_text(place)


def test_more_than_can_be_held_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_CELLS", 20)
    place = tmp_path / "large.jsonl"
    place.write_text(lines(ROWS))
    with pytest.raises(FileError, match="3 columns in 7 rows, too many to hold"):
        read_table_text(place)


@pytest.mark.parametrize(
    "content", ["{}", '{"format": "playground/2"}', '{\n"a": 1}\n{', "[x]\n[y]\n", "[1, 2]", "a,b"]
)
def test_what_is_no_such_table_is_left_to_others(content: str) -> None:
    assert not records.is_records(content.encode())
