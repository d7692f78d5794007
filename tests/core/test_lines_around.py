"""Lines around a table and between its rows: drawn ones, titles, totals, counts; and quotes."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.data.tables.importing import TableText, first_rows, read_table_text
from playground.core.data.tables.writing.around import is_count, is_drawn, is_total
from playground.core.errors import FileError

ROWS = [(n / 4 - 2, 7 - n, "red" if n % 3 else "blue") for n in range(20)]
NAMES = ("a", "b", "kind")


def read(text: str, folder: Path) -> TableText:
    place = folder / "table.txt"
    place.write_bytes(text.encode())
    return read_table_text(place)


def is_the_table(text: TableText) -> bool:
    found = zip(text.numbers("a"), text.numbers("b"), text.column("kind"), strict=True)
    return text.names == NAMES and list(found) == ROWS


def body(row: str) -> str:
    return "".join(row.format(*each) + "\n" for each in ROWS)


BOX = "+--------+------+------+\n"
DRAWN = {
    "Markdown": "| a | b | kind |\n|---|--:|:----|\n" + body("| {} | {} | {} |"),
    "Markdown without bars around": "a | b | kind\n--- | --- | ---\n" + body("{} | {} | {}"),
    "MySQL": f"{BOX}| a | b | kind |\n{BOX}{body('| {:6} | {:4} | {:4} |')}{BOX}"
    "20 rows in set (0.00 sec)\n",
    "PostgreSQL": "   a   |  b  | kind\n-------+-----+------\n"
    + body(" {:5} | {:3} | {}")
    + "(20 rows)\n",
    "SQL Server": "a      b    kind\n------ ---- ----\n"
    + body("{:<6} {:<4} {}")
    + "\n(20 rows affected)\n",
    "SQL Server, commas": "a,b,kind\n-,-,----\n" + body("{},{},{}") + "\n(20 rows affected)\n",
    "reStructuredText": "====== ==== =====\na      b    kind\n====== ==== =====\n"
    + body("{:<6} {:<4} {}")
    + "====== ==== =====\n",
    "a line of equals signs": "a,b,kind\n======,======,=====\n" + body("{},{},{}"),
    "drawn with box signs": "a\tb\tkind\n───\t───\t───\n" + body("{}\t{}\t{}"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_drawn_lines_and_counts_are_no_rows_and_are_named(tmp_path: Path, name: str) -> None:
    text = read(DRAWN[name], tmp_path)
    assert is_the_table(text)
    lines = DRAWN[name].splitlines()
    for left in text.met.left_out:
        assert is_drawn([left.text.replace(" ", "")]) or is_count(left.text)
        assert left.text.split() == lines[left.line - 1].replace("|", " ").replace(
            ",", " "
        ).split() or (is_drawn([left.text]))
    assert text.met.left_out_count >= 1


PLAIN = "a,b,kind\n" + body("{},{},{}")
TOTALS = {
    "in the column of names": (
        "city,a,b\nRome,1.5,2\nOslo,3,4\nKyiv,2,2\n",
        "Total,6.5,8\n",
    ),
    "a mean": ("city,a,b\nRome,1.5,2\nOslo,3,4\nKyiv,2,2\n", "Average:,2.17,2.67\n"),
    "two lines": (
        "city,a,b\nRome,1.5,2\nOslo,3,4\nKyiv,2,2\n",
        "合計,6.5,8\n平均,2.17,2.67\n",
    ),
    "in the column of classes": (PLAIN, "7.5,-50,Summe\n"),
    "and the source": (PLAIN, "7.5,-50,Sum\n\nSource: the office\n"),
}


@pytest.mark.parametrize("name", TOTALS)
def test_a_total_is_no_row_and_is_named(tmp_path: Path, name: str) -> None:
    rows, below = TOTALS[name]
    alone, text = read(rows, tmp_path), read(rows + below, tmp_path)
    assert (text.names, text.columns) == (alone.names, alone.columns)
    lines = [line for line in below.splitlines() if line]
    assert [left.why for left in text.met.left_out] == ["below the table"] * len(lines)


@pytest.mark.parametrize(
    ("above", "last"),
    [("total", "7,8,total\n"), ("BP", "7,8,Shell\n"), ("Esso", "7,8,Totalenergies\n")],
)
def test_a_label_that_other_rows_have_is_no_total(tmp_path: Path, above: str, last: str) -> None:
    rows = "a,b,kind\n1,2,BP\n3,4,Esso\n5,6," + f"{above}\n" + last
    assert len(read(rows, tmp_path)) == 4


@given(st.lists(st.integers(-99, 99), min_size=3, max_size=3))
def test_a_row_of_values_is_neither_drawn_nor_a_count(values: list[int]) -> None:
    cells = list(map(str, values))
    assert not is_drawn(cells)
    assert not is_drawn(["-", "-", "-"])
    assert not any(map(is_count, [*cells, "(5)", "(1,234.5)", "5 %", "(3.5)"]))
    assert not any(map(is_total, [*cells, "red", ""]))


@pytest.mark.parametrize(
    "title", ["Report,of May,made,by hand,by us", "Report;of May", "a,b,c,d,e,f,g", "Report of May"]
)
def test_a_title_of_any_width_names_no_columns(tmp_path: Path, title: str) -> None:
    text = read(f"{title}\n{PLAIN}", tmp_path)
    assert is_the_table(text)
    assert [left.line for left in text.met.left_out] == [1]


SAID = {
    "semicolons": ("Device;Logger 5;\nStart;2024-01-01;\n;;\n", "a;b;kind", "{};{};{}"),
    "blank lines": ("Data Source,Office,\n\nLast Updated Date,2024-01-01,\n\n", "a,b,kind", None),
    "a number": ("Station,17\nHeight,250\n\n", "a,b,kind", None),
    "one word": ("Report,,\nYear,2024,\n,,\n", "a,b,kind", None),
}


@pytest.mark.parametrize("name", SAID)
def test_what_is_said_of_the_table_above_a_blank_line_is_no_row(tmp_path: Path, name: str) -> None:
    above, names, row = SAID[name]
    text = read(f"{above}{names}\n{body(row or '{},{},{}')}", tmp_path)
    assert is_the_table(text)
    assert [left.line for left in text.met.left_out] == [
        number for number, line in enumerate(above.splitlines(), 1) if line.strip(",;")
    ]


def test_years_are_names_under_what_is_said_of_the_table(tmp_path: Path) -> None:
    rows = "".join(f"land {n},{n / 4},{n / 8}\n" for n in range(12))
    text = read(f"Source,Office,\n\nUpdated,2024-01-01,\n\nland,1990,2000\n{rows}", tmp_path)
    assert text.names == ("land", "1990", "2000")
    assert len(text) == 12


def test_a_blank_line_under_short_rows_parts_no_table(tmp_path: Path) -> None:
    rows = "a,b,kind\n" + "x,1,\ny,2,\n\n" + "z,3,red\nx,4,blue\ny,5,red\nz,6,blue\n"
    for text, count in ((rows, 6), (rows.partition("\n")[2], 6)):
        assert len(read(text, tmp_path)) == count


@pytest.mark.parametrize("total", ["Total général", "Median", "All", "Gesamtergebnis"])
def test_a_total_of_another_program_is_no_row(tmp_path: Path, total: str) -> None:
    rows = "".join(f"shop {n},{n},{7 - n}\n" for n in range(9))
    assert len(read(f"shop,a,b\n{rows}{total},36,27\n", tmp_path)) == 9


# Quotes.


@pytest.mark.parametrize("line", [1, 2, 7, 20])
def test_a_quote_that_is_never_closed_is_named_by_its_line(tmp_path: Path, line: int) -> None:
    lines = PLAIN.splitlines()
    lines[line] = lines[line].replace("re", '"re').replace("bl", '"bl')
    with pytest.raises(FileError, match=rf"never closed opens in line {line + 1}; check"):
        read("\n".join(lines), tmp_path)


def test_a_quote_in_a_row_of_many_lines_is_named_by_the_line_it_begins_in(tmp_path: Path) -> None:
    text = 'a,b\n1,"x\ny"\n\n2,"z\nz" more\n3,4\n'
    with pytest.raises(FileError, match=r"behind a quote that closes in line 5; check"):
        read(text, tmp_path)


def test_a_quote_before_too_much_is_named(tmp_path: Path) -> None:
    text = 'a,b\n1,x\n2,"y\n' + "3,4\n" * 60_000
    with pytest.raises(FileError, match=r"a cell that is too long begins in line 3; check"):
        read(text, tmp_path)


_CELLS = st.text(st.sampled_from('ab"\\ ,\n'), min_size=1, max_size=5).map("x{}".format)


@given(st.lists(st.tuples(_CELLS, _CELLS), min_size=2, max_size=6))
def test_quotes_behind_backslashes_are_read_as_pandas_reads_them(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    """Where the rows cannot be read without; some can, and mean something else."""
    form: dict[str, Any] = {"doublequote": False, "escapechar": "\\"}
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, **form)
    writer.writerows([("u", "v"), *rows])
    place = tmp_path_factory.getbasetemp() / "quoted.csv"
    place.write_text(out.getvalue(), "utf-8", newline="")
    try:
        list(csv.reader(io.StringIO(out.getvalue(), newline=""), strict=True))
    except csv.Error:
        expected = pd.read_csv(place, dtype=str, keep_default_na=False, **form)
        text = read_table_text(place)
        assert list(text.column("u")) == [cell.strip() for cell in expected["u"]]
        assert list(text.column("v")) == [cell.strip() for cell in expected["v"]]


def test_quotes_behind_backslashes(tmp_path: Path) -> None:
    rows = "".join(f'{n},"say \\"no\\", {n}",{n % 2}\n' for n in range(12))
    text = read(f"a,b,kind\n{rows}", tmp_path)
    assert text.column("b") == tuple(f'say "no", {n}' for n in range(12))
    assert first_rows(tmp_path / "table.txt").columns == text.columns
    paths = "".join(f'{n},"C:\\new\\",{n % 2}\n' for n in range(12))
    assert read(f"a,b,kind\n{paths}", tmp_path).column("b") == ("C:\\new\\",) * 12
