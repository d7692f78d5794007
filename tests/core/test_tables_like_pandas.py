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
WORDS_FOR_MISSING = [
    *("", "NA", "None", "<NA>", "#DIV/0!", "--", "n/a", "?", "///"),
    *("k.A.", "keine Angabe", "sin dato", "N/A.", "unknown", "<0.05", "> 900"),
]
RARE = ("\uff0c", "\uff1b", "\u3001", "\x1f", "^", "~")
SIGNS = {
    "plain": "{}",
    "per cent": "{}%",
    "unit": "{} cm",
    "currency": "USD {}",
    "about": "~{}",
    "spread": "{} +/- 0.5",
    "footnote": "{}[1]",
    "power": "{} x 10^2",
    "quoted": '="{}"',
}
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
"""The signs of ASCII in full width."""
IN_FULL_WIDTH = {"utf-8", "utf-8-sig", "cp932", "gb18030", "cp949"}
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
    is_wide: bool
    has_times: bool

    @property
    def names(self) -> tuple[str, ...]:
        """What the columns are called: two measures, times if there are any, and the classes."""
        times = ("t",) if self.has_times else ()
        if self.header == "names":
            first, second, kind = ENCODINGS[self.encoding]
            return (first, second, *times, kind)
        if self.header == "numbers":
            return ("0", "1", "y")
        return (*(f"x{n + 1}" for n in range(2 + len(times))), "y")


def _can_be_written(sign: str, encoding: str) -> bool:
    return sign.encode(encoding, "replace").decode(encoding) == sign


@st.composite
def forms(draw: st.DrawFn) -> Form:
    encoding = draw(st.sampled_from(list(ENCODINGS)))
    rare = [(each, ".") for each in RARE if _can_be_written(each, encoding)]
    usual = [(",", "."), (";", ","), ("\t", "."), ("|", ".")]
    delimiter, decimal = draw(st.sampled_from(usual) | st.sampled_from(rare))
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
        is_wide=encoding in IN_FULL_WIDTH and draw(st.booleans()),
        has_times=header != "numbers" and draw(st.booleans()),
    )


Rows = list[tuple[float | None, float, int, int]]


@st.composite
def rows(draw: st.DrawFn) -> Rows:
    """Rows of two measures, the minutes of a time and a class; every class comes, and one measure
    in ten is missing.
    """
    count = draw(st.integers(20, 40))
    numbers = st.integers(-99_999, 99_999).map(lambda n: n / 100)
    return [
        (
            None if n % 10 == 7 else draw(numbers),
            draw(numbers.map(lambda number: round(number / 7, 3))),
            draw(st.integers(0, 24 * 60 - 1)),
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
        writer.writerow(form.names)
    for a, b, minutes, kind in rows:
        number = str(a).replace(".", form.decimal)
        number = number.translate(WIDE) if form.is_wide else number
        first = form.missing if a is None else SIGNS[form.sign].format(number)
        times = [f"{minutes // 60}:{minutes % 60:02d}"] if form.has_times else []
        second = f"{b:.3f}".replace(".", form.decimal)
        writer.writerow([first, second, *times, form.classes[kind]])
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
        "engine": "c" if form.delimiter.isascii() else "python",
    }
    frame = pd.read_csv(io.BytesIO(content), **arguments)
    frame.columns = ["a", "b", *(["t"] if form.has_times else []), "kind"]
    before, behind = SIGNS[form.sign].split("{}")
    plain = (
        frame["a"]
        .where(frame["a"] != form.missing)
        .str.removeprefix(before)
        .str.removesuffix(behind)
        .str.normalize("NFKC")
    )
    frame["a"] = pd.to_numeric(plain.str.replace(form.decimal, "."))
    if form.sign == "power":
        frame["a"] *= 100
    if form.has_times:
        frame["t"] = pd.to_timedelta(frame["t"] + ":00").dt.total_seconds() / 3600
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
    names = form.names
    assert text.names == names
    for name, column in zip(names[:-1], expected, strict=False):
        np.testing.assert_allclose(text.numbers(name), expected[column], rtol=1e-15)
    assert list(text.column(names[-1])) == expected["kind"].tolist()

    columns = automatic_choice(facts_of(text)).columns
    table = table_of(text, columns)
    whole = expected.dropna(subset=["a"])
    assert columns.inputs == names[:-1]
    assert table.class_names == tuple(sorted(form.classes))
    numbers = whole.drop(columns="kind").to_numpy(np.float64)
    np.testing.assert_allclose(table.points.x, numbers.astype(np.float32), rtol=1e-7)
    labels = [table.class_names[label] for label in table.points.y]
    assert labels == whole["kind"].tolist()
