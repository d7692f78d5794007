"""CSV files as people save them, and what they are told where one cannot be read."""

from pathlib import Path

import numpy as np
import pytest

from playground.core.data.tables.importing import read_table_text
from playground.core.data.tables.numerals import LARGEST, number
from playground.core.data.tables.table import read_table
from playground.core.errors import DataError, FileError


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,x\n2,y\n",
        "a;b\n1;x\n2;y\n",
        "a\tb\n1\tx\n2\ty\n",
        "a|b\n1|x\n2|y\n",
        "\ufeffa,b\r\n1,x\r\n2,y\r\n",
        '"a","b"\n"1","x"\n"2","y"',
        " a , b \n1,x\n\n,\n2,y\n\n",
    ],
    ids=["comma", "semicolon", "tab", "bar", "Windows", "quotes", "blank rows"],
)
def test_common_forms_are_read(table: Path, text: str) -> None:
    table.write_bytes(text.encode())
    read = read_table_text(table)
    assert list(read.names) == ["a", "b"]
    assert [list(column) for column in read.columns] == [["1", "2"], ["x", "y"]]


def test_without_a_header_columns_have_names_of_their_own(table: Path) -> None:
    table.write_text("1,2,red\n3,4,blue\n")
    read = read_table_text(table)
    assert list(read.names) == ["x1", "x2", "y"]
    assert len(read) == 2


def test_labels_are_numbered_in_order(table: Path) -> None:
    table.write_text("a,kind\n1,10\n2,9\n3,10\n4,none\n")
    read = read_table(table, ["a"], "kind", regression=False)
    assert read.class_names == ("9", "10", "none")
    assert read.points.y.tolist() == [1, 0, 1, 2]


def test_targets_are_numbers(table: Path) -> None:
    table.write_text("a,b\n1,0.5\n2,-1e-3\n1_000,7\n")
    points = read_table(table, ["a"], "b", regression=True).points
    assert points.y.tolist() == np.float32([0.5, -1e-3, 7]).tolist()
    assert points.x.tolist() == [[1], [2], [1000]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"a,b\n", "at least two columns and one row"),
        (b"a\n1\n2\n", "at least two columns"),
        (b"a,b\n1,2\n1,2,3\n", "3 values in line 3, but 2 columns"),
        (b"a,a\n1,2\n", "more than one column 'a'"),
        (b"PK\x03\x04\x00\x00", "is a workbook or an archive"),
        (b"a,b\n1,\x81\xff\n", "is not text in a known encoding"),
        (b"a,b\n1," + b"x" * 200_000, "a cell that is too long begins in line 2"),
    ],
)
def test_a_bad_table_is_one_sentence(table: Path, content: bytes, words: str) -> None:
    table.write_bytes(content)
    with pytest.raises(FileError, match=words) as caught:
        read_table_text(table)
    assert "table.csv" in str(caught.value)


def test_what_is_no_file_is_one_sentence(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "missing.csv"):
        with pytest.raises(FileError, match="cannot be read"):
            read_table_text(place)


def test_columns_that_do_not_fit_are_explained(table: Path) -> None:
    table.write_text("a,b,c\n1,2,x\n3,oops,y\n")
    with pytest.raises(DataError, match=r"no column 'd'\. There is: a, b, c\."):
        read_table(table, ["d"], "c", regression=False)
    with pytest.raises(DataError, match=r"'oops' in column 'b', line 3, is not a number"):
        read_table(table, ["b"], "c", regression=False)
    with pytest.raises(DataError, match=r"'x' in column 'c', line 2"):
        read_table(table, ["a"], "c", regression=True)


def test_numbers_as_labels_are_at_most_a_hundred_classes(table: Path) -> None:
    table.write_text("a,b\n" + "".join(f"{i},{i}\n" for i in range(101)))
    with pytest.raises(DataError, match=r"101 different labels, .* 100 classes at most"):
        read_table(table, ["a"], "b", regression=False)


@pytest.mark.parametrize(
    "cell", ["1", "-2.5e-3", " 7 ", "3e38", "3.4028235e+38", "1,234.5", "\N{MINUS SIGN}2"]
)
def test_numbers(cell: str) -> None:
    value = number(cell)
    assert value is not None
    assert abs(value) <= LARGEST


@pytest.mark.parametrize(
    "cell", ["", "x", "nan", "inf", "1e39", "1e400", "3.402824e38", "0x10", "1,5"]
)
def test_what_is_no_number(cell: str) -> None:
    value = number(cell)
    assert value is None or not abs(value) <= LARGEST
