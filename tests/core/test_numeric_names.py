"""Names of columns that are numbers, and rows of numbers that are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from playground.core.data.tables.importing import TableText, read_table_text

ROWS = 24
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def read(names: str, row: str, folder: Path, rows: int = ROWS) -> TableText:
    """A table with these names and rows; a, b, c are measures, i, j whole numbers, kind a class."""
    random = np.random.default_rng(3)
    lines = [names] if names else []
    for n in range(rows):
        a, b, c = random.uniform(0, 9, 3)
        i, j = random.integers(0, 255, 2)
        kind = ("red", "blue", "green")[n % 3]
        lines.append(row.format(n=n, day=DAYS[n % 7], a=a, b=b, c=c, i=i, j=j, k=n % 3, kind=kind))
    place = folder / "table.csv"
    place.write_text("\n".join(lines) + "\n", "utf-8")
    return read_table_text(place)


NAMED = {
    "years over whole numbers": ("month,2019,2020,2021", "{day}-{n},{i},{j},1{i}"),
    "years that fall": ("town,2022,2021", "town {n},{a:.2f},{b:.2f}"),
    "years after two words": ("country,code,1990,2000,2010", "land {n},L{n},{a:.2f},{b:.2f},{i}"),
    "one year": ("country,2019", "land {n},{a:.2f}"),
    "a decimal comma": ("Land;2019;2020", "c{n};{a:.1f};{b:.1f}"),
    "a count": ("name,1,2,3", "n{n},{a:.2f},{b:.2f},{c:.2f}"),
    "wavelengths of samples": ("sample,900,902,904,fat", "s{n},{a:.3f},{b:.3f},{c:.3f},{i}.5"),
    "wavelengths of classes": ("450.5,451.0,451.5,class", "{a:.2f},{b:.2f},{c:.2f},{kind}"),
    "concentrations": ("0.01,0.1,20.5,y", "{a:.3f}1,{b:.3f}1,{c:.3f}1,{i}.345"),
    "pandas": ("0,1,2", "{a:.4f},{b:.4f},{k}"),
    "pandas with an index": (",0,1,2", "{n},{a:.4f},{b:.4f},{k}"),
    "names that pandas told apart": ("0,0.1,0.2,0.3,0.4", "{k},{i},{j},1{i},{j}"),
    "two such names": ("5,0,0.1,0.2,5.1,0.3", "{k},{i},{j},1{i},{j},{i}"),
}


@pytest.mark.parametrize("kind", NAMED)
def test_numbers_are_the_names_of_columns(tmp_path: Path, kind: str) -> None:
    names, row = NAMED[kind]
    text = read(names, row, tmp_path)
    wanted = names.replace(";", ",").split(",")
    assert text.form.has_header
    assert len(text) == ROWS
    assert list(text.names[1:]) == wanted[1:]
    assert text.names[0] == (wanted[0] or "column 1")


VALUES = {
    "people and their years": "person {n},19{n:02},20{n:02}",
    "steps": "s{n},{n}.5,{n}.75,{n}.85",
    "even steps in every row": "{n},{n}.1,{n}.2,{n}.3,{n}.4,{kind}",
    "measures and classes": "{a:.2f},{b:.2f},{c:.2f},{kind}",
    "measures and numbers of classes": "{a:.4f},{b:.4f},{k}",
    "whole numbers": "{k},{i},{j}",
    "names of rows": "town {n},{i},{j},{i}",
    "sales": "town {n},1{i:03},1{j:03}",
    "years in any order": "town {n},19{n:02},{i},{j}",
}


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("rows", [4, ROWS])
def test_a_row_of_values_is_no_name(tmp_path: Path, kind: str, rows: int) -> None:
    text = read("", VALUES[kind], tmp_path, rows)
    assert not text.form.has_header
    assert len(text) == rows


def test_a_first_row_that_happens_to_count_is_a_row(tmp_path: Path) -> None:
    """The labels beside it and the way the numbers are written are those of the other rows."""
    for first in ("town x,1,2,3", "town x,7,9", "town x,2010,1890"):
        width = first.count(",")
        text = read(first, "town {n}" + ",{k}" * width, tmp_path)
        assert len(text) == ROWS + 1
