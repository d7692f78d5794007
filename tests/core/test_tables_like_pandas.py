"""Tables mixed at random from all that is awkward about them, read as pandas reads them with its
arguments spelled out.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.data.tables.choosing import automatic_choice
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.importing import read_table_text
from playground.core.data.tables.table import table_of

ENCODINGS = {
    "utf-8": ("Höhe", "水温", "цвет"),
    "utf-8-sig": ("Höhe", "水温", "цвет"),
    "cp932": ("水温", "湿度", "天気"),
    "euc_jp": ("水温", "湿度", "天気"),
    "gb18030": ("温度", "湿度", "天气"),
    "cp949": ("온도", "습도", "날씨"),
    "cp1251": ("рост", "возраст", "цвет"),
    "cp1252": ("Länge", "Größe", "espèce"),
}
WORDS_FOR_MISSING = ["", "NA", "None", "<NA>", "#DIV/0!", "--", "n/a", "?", "///"]
SIGNS = {"plain": "{}", "per cent": "{}%", "unit": "{} cm", "currency": "USD {}"}
CLASSES = {
    "words": ("red", "blue", "green"),
    "numbers": ("0", "1", "2"),
    "NA is one": ("NA", "EU", "AS"),
}


@dataclass(frozen=True)
class Form:
    """How a table is written."""

    encoding: str
    delimiter: str
    decimal: str
    header: str  # "names", "none", "numbers"
    above: tuple[str, ...]
    below: tuple[str, ...]
    sign: str
    missing: str
    classes: tuple[str, ...]


@st.composite
def forms(draw: st.DrawFn) -> Form:
    encoding = draw(st.sampled_from(list(ENCODINGS)))
    delimiter, decimal = draw(st.sampled_from([(",", "."), (";", ","), ("\t", "."), ("|", ".")]))
    header = draw(st.sampled_from(["names", "none", "numbers"]))
    above = draw(st.sampled_from([(), ("# by hand",), ("Report of the week", "")]))
    below = draw(st.sampled_from([(), (f"Total{2 * delimiter}",), ("Source: the office",)]))
    return Form(
        encoding,
        delimiter,
        decimal,
        header,
        above,
        below,
        draw(st.sampled_from(list(SIGNS))),
        draw(st.sampled_from(WORDS_FOR_MISSING)),
        draw(st.sampled_from(list(CLASSES.values()))),
    )


Rows = list[tuple[float | None, float, int]]


@st.composite
def rows(draw: st.DrawFn) -> Rows:
    """Rows of two measures and a class; every class comes, and one measure in ten is missing."""
    count = draw(st.integers(20, 40))
    numbers = st.integers(-99_999, 99_999).map(lambda n: n / 100)
    return [
        (
            None if n % 10 == 7 else draw(numbers),
            draw(numbers.map(lambda number: round(number / 7, 3))),
            n % 3,
        )
        for n in range(count)
    ]


def written(form: Form, rows: Rows) -> str:
    text = io.StringIO(newline="")
    for line in form.above:
        text.write(f"{line}\r\n")
    writer = csv.writer(text, delimiter=form.delimiter)
    if form.header != "none":
        writer.writerow(ENCODINGS[form.encoding] if form.header == "names" else ("0", "1", "y"))
    for a, b, kind in rows:
        first = form.missing if a is None else SIGNS[form.sign].format(a).replace(".", form.decimal)
        writer.writerow([first, f"{b:.3f}".replace(".", form.decimal), form.classes[kind]])
    for line in form.below:
        text.write(f"{line}\r\n")
    return text.getvalue()


def by_pandas(form: Form, content: bytes, count: int) -> pd.DataFrame:
    """The rows, as somebody who knows all about the file has pandas read them."""
    arguments: dict[str, Any] = {
        "encoding": form.encoding,
        "sep": form.delimiter,
        "skiprows": len(form.above),
        "header": None if form.header == "none" else 0,
        "nrows": count,
        "dtype": str,
        "keep_default_na": False,
        "skip_blank_lines": True,
    }
    frame = pd.read_csv(io.BytesIO(content), **arguments)
    frame.columns = ["a", "b", "kind"]
    plain = (
        frame["a"]
        .str.strip("%")
        .str.replace("USD ", "")
        .str.replace(" cm", "")
        .where(frame["a"] != form.missing)
    )
    frame["a"] = pd.to_numeric(plain.str.replace(form.decimal, "."))
    frame["b"] = pd.to_numeric(frame["b"].str.replace(form.decimal, "."))
    return frame


@settings(max_examples=150, deadline=None)
@given(forms(), rows())
def test_a_mixed_table_is_what_pandas_reads(
    tmp_path_factory: pytest.TempPathFactory, form: Form, rows: Rows
) -> None:
    content = written(form, rows).encode(form.encoding)
    place: Path = tmp_path_factory.getbasetemp() / "mixed.csv"
    place.write_bytes(content)
    expected = by_pandas(form, content, len(rows))

    text = read_table_text(place)
    names = {
        "names": ENCODINGS[form.encoding],
        "none": ("x1", "x2", "y"),
        "numbers": ("0", "1", "y"),
    }[form.header]
    assert text.names == names
    np.testing.assert_array_equal(text.numbers(names[0]), expected["a"])
    np.testing.assert_array_equal(text.numbers(names[1]), expected["b"])
    assert list(text.column(names[2])) == expected["kind"].tolist()

    columns = automatic_choice(facts_of(text)).columns
    table = table_of(text, columns)
    whole = expected.dropna(subset=["a"])
    assert columns.inputs == names[:2]
    assert table.class_names == tuple(sorted(form.classes))
    np.testing.assert_array_equal(table.points.x, whole[["a", "b"]].to_numpy(np.float32))
    labels = [table.class_names[label] for label in table.points.y]
    assert labels == whole["kind"].tolist()
