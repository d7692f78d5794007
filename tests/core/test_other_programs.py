"""Files of Weka, KEEL, LIBSVM, C4.5 and Orange, as their programs and manuals write them."""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.data.dataset import prepare
from playground.core.data.tables.choosing import automatic_choice
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.formats import arff, svmlight
from playground.core.data.tables.formats.c45 import names_in
from playground.core.data.tables.importing import (
    START_BYTES,
    TableText,
    first_rows,
    read_table_text,
)
from playground.core.data.tables.table import Columns
from playground.core.errors import FileError
from playground.core.experiment.files import open_any


def read(folder: Path, name: str, content: str) -> TableText:
    place = folder / name
    place.write_text(content, "utf-8")
    return read_table_text(place)


def chosen(text: TableText) -> Columns:
    return automatic_choice(facts_of(text)).columns


# Weka.


def test_an_arff_file_has_all_kinds_of_columns(tmp_path: Path) -> None:
    text = read(
        tmp_path,
        "a.arff",
        "% a comment\n@RELATION 'two words'\n\n@ATTRIBUTE when DATE \"yyyy-MM-dd HH:mm\"\n"
        "@attribute day date dd/MM/yyyy\n@attribute 'the note' string\n"
        "@attribute n integer [0,5]\n@attribute kind {'a, b',\"it's\",c}\n@DATA\n"
        "\"2024-01-02 06:00\",05/12/2024,'well, \\'so\\'',3,'a, b'\n"
        '?,?,"x",?,"it\'s"\n'
        "'2024-01-03 12:00',04/12/2024,O'Brien,4,c\n",
    )
    assert text.names == ("when", "day", "the note", "n", "kind")
    assert text.numbers("when").tolist()[::2] == [19724.25, 19725.5]
    assert text.numbers("day").tolist()[::2] == [20062, 20061]  # the fifth of December, not May
    assert text.column("the note") == ("well, 'so'", "x", "O'Brien")
    assert text.column("kind") == ("a, b", "it's", "c")
    assert [text.line_of(row) for row in range(3)] == [10, 11, 12]


def test_sparse_rows_leave_out_zeros_and_first_labels(tmp_path: Path) -> None:
    """As Weka's manual says, also of labels: {X, Y} without a value means X."""
    text = read(
        tmp_path,
        "a.arff",
        "@relation s\n@attribute a real\n@attribute b {'u v',w}\n@attribute kind {no,yes}\n@data\n"
        "{0 1.5, 2 yes}\n% nothing but zeros\n{}\n{1 w}\n{0 -2, 1 'u v', 2 yes}, {5}\n",
    )
    assert text.numbers("a").tolist() == [1.5, 0, 0, -2]
    assert text.column("b") == ("u v", "u v", "w", "u v")
    assert text.column("kind") == ("yes", "no", "no", "yes")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{9 1}", r"line 5 is no sparse row, which has a column from 0 to 1"),
        ("{0}", "line 5 is no sparse row"),
        ("{0 1", "line 5 is no sparse row"),
        ("{x 1}", "line 5 is no sparse row"),
    ],
)
def test_a_sparse_row_that_is_none_is_named(tmp_path: Path, row: str, said: str) -> None:
    head = "@relation s\n@attribute a real\n@attribute b real\n@data\n"
    with pytest.raises(FileError, match=said):
        read(tmp_path, "a.arff", f"{head}{row}\n")


def test_sparse_rows_stand_for_a_bounded_number_of_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arff, "MAX_CELLS", 5)
    head = "@relation s\n@attribute a real\n@attribute b real\n@data\n"
    assert len(read(tmp_path, "a.arff", head + "{0 1}\n" * 2)) == 2
    with pytest.raises(FileError, match="stands for more than 5 values"):
        read(tmp_path, "a.arff", head + "{0 1}\n" * 3)


def test_tables_inside_of_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="tables inside its rows"):
        read(tmp_path, "a.arff", "@relation s\n@attribute bag relational\n@data\n1\n")


VALUES = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=6)


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=4))
def test_any_quoted_words_come_back(rows: list[tuple[str, str]]) -> None:
    def quoted(word: str) -> str:
        return "'" + re.sub(r"(['\\])", r"\\\1", word) + "'"

    lines = "".join(f"{quoted(a)}, {quoted(b)}\n" for a, b in rows)
    content = f"@relation s\n@attribute a string\n@attribute b string\n@data\n{lines}"
    made = arff.text_of("it", content.encode()).content.decode()
    assert [tuple(row) for row in csv.reader(made.splitlines())] == [("a", "b"), *rows]


# KEEL.


def test_a_keel_file_says_what_columns_are_for(tmp_path: Path) -> None:
    rows = "".join(f"{n}.5, {'ab'[n % 2]}, {n % 3}, {n if n else '<null>'}\n" for n in range(9))
    text = read(
        tmp_path,
        "a.dat",
        "@relation birds\n@attribute wing real [0.0, 12.5]\n@attribute kind{a, b}\n"
        "@attribute nest integer [0, 2]\n@attribute eggs integer [1, 8]\n"
        f"@inputs wing, eggs\n@outputs kind\n@data\n{rows}",
    )
    assert chosen(text)[:2] == (("wing", "eggs"), "kind")
    assert np.isnan(text.numbers("eggs")).tolist() == [True] + [False] * 8


# LIBSVM and SVMlight.


def test_rows_of_libsvm_are_those_of_scikit_learn(tmp_path: Path) -> None:
    from sklearn.datasets import load_svmlight_file

    content = (
        "# made by hand\n+1 1:0.708333 2:1 3:1 13:-1 \n-1 1:-.5 3:3.3e-1 # why\n\n"
        "+1\n-1 4:-0.603774 13:1\n" * 3
    )
    text = read(tmp_path, "heart_scale", content)
    x, y = load_svmlight_file(str(tmp_path / "heart_scale"))
    assert text.names == (*(f"x{i}" for i in range(1, 14)), "y")
    np.testing.assert_array_equal(
        np.stack([text.numbers(n) for n in text.names[:-1]], 1), x.toarray()
    )
    assert text.numbers("y").tolist() == y.tolist()
    assert text.line_of(0) == 2
    dataset = prepare(open_any(tmp_path / "heart_scale"))
    assert dataset.class_names == ("-1", "1")


def test_columns_of_libsvm_may_count_from_zero(tmp_path: Path) -> None:
    text = read(tmp_path, "a.svm", "0 0:1 3:2\n2 1:.5\n1 0:1\n")
    assert text.names == ("x0", "x1", "x2", "x3", "y")
    assert text.numbers("x1").tolist() == [0, 0.5, 0]


def test_queries_of_rankings_are_no_input(tmp_path: Path) -> None:
    text = read(tmp_path, "a.svmlight", "3 qid:1 1:1 2:1\n2 qid:1 1:0 2:0.5\n1 qid:2 2:0.25\n")
    assert text.column("qid") == ("1", "1", "2")
    assert chosen(text)[:2] == (("x1", "x2"), "y")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("1,2 1:0.5\n3 2:0.1\n", "line 1 has several labels, 1,2; leave one in each row"),
        ("1 1:0.5 1:2\n", "line 1 has the column 1 twice"),
        ("1 1:0.5 1000000:2\n", "1,000,000 columns"),
        ("1 1:0.5\n" * 60 + "1 a\n", "line 61 is no row of LIBSVM"),
        ("1 1:0.5\n" * 60 + f"1 {'9' * 30}:1\n", "too large"),
    ],
)
def test_what_is_no_row_of_libsvm_is_named(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(FileError, match=said):
        read(tmp_path, "a.svm", content)


@pytest.mark.parametrize(
    "content",
    ["5 10:30 11:45\n6 09:15 10:00\n", "1 2\n3 4\n", "a 1:2\nb 1:3\n", "1\n2\n", "", "# 1:2\n"],
)
def test_other_text_is_none_of_libsvm(content: str) -> None:
    assert not svmlight.is_svmlight(content.encode(), is_whole=True)


# C4.5.


ADULT = (
    "| a comment: here\n>50K, <=50K.\n\nage: continuous.\n"
    "work class: Private, Self-emp,\n  State-gov.\nid: ignore.\n"
)


def test_names_are_taken_from_the_file_beside(tmp_path: Path) -> None:
    rows = "39, State-gov, 77516, <=50K\n50, Private, 83311, <=50K\n38, Private, 215646, >50K\n"
    (tmp_path / "adult.names").write_text(ADULT)
    text = read(tmp_path, "adult.data", rows * 3)
    assert text.names == ("age", "work class", "id", "class")
    assert len(text) == 9
    assert chosen(text)[:2] == (("age", "work class"), "class")
    assert read(tmp_path, "adult.data", "1,2,3\n4,5,6\n7,8,9\n").names == ("x1", "x2", "y")
    assert read(tmp_path, "adult.data", "a,b,c,d\n" + rows).names == ("a", "b", "c", "d")


@pytest.mark.parametrize(
    "prose",
    [
        "1. Title: Iris Plants Database\n2. Sources:\n  (a) Creator: R.A. Fisher\n",
        "Wine recognition data\n\nSources: Forina, M. et al, PARVUS, an extendible package\n",
        "a, b.\nsize: a number that somebody has measured\n",
        "a, b.\nsize: continuous.\nsize: continuous.\n",
        "a, b.\n",
        "",
    ],
)
def test_prose_names_no_columns(prose: str) -> None:
    assert names_in(prose).names == ()


@given(st.text(max_size=60) | st.text("ab:,.|\n ", max_size=60))
def test_any_text_beside_a_table_is_harmless(text: str) -> None:
    found = names_in(text)
    assert set(found.kinds) == set(found.names)


# Orange.


ORANGE = {
    "letters before the names": "cD#kind\tmS#name\tC#a\tiC#z\nx\tann\t1.5\t2\ny\tbob\t2.5\t3\n",
    "letters in rows": "kind\tname\ta\tz\nd\ts\tc\tc\nclass\tm\t\ti\n"
    "x\tann\t1.5\t2\ny\tbob\t2.5\t3\n",
    "words in rows": "kind\tname\ta\tz\nx y\tstring\tcontinuous\tc\nclass\tmeta\t\tignore\n"
    "x\tann\t1.5\t2\ny\tbob\t2.5\t3\n",
    "with commas": "cD#kind,m#name,C#a,i#z\nx,ann,1.5,2\ny,bob,2.5,3\n",
}


@pytest.mark.parametrize("form", ORANGE)
def test_orange_says_what_columns_are_for(tmp_path: Path, form: str) -> None:
    text = read(tmp_path, "a.tab", ORANGE[form])
    assert text.names == ("kind", "name", "a", "z")
    assert chosen(text)[:2] == (("a",), "kind")


# All of them.


def _long(form: str) -> str:
    rows = START_BYTES // 8
    if form == "arff":
        return "@relation a\n@attribute a real\n@attribute b {x,y}\n@data\n" + "12.25,x\n" * rows
    return "1 1:0.25 2:1\n" * rows


@pytest.mark.parametrize("form", ["arff", "svm"])
def test_the_start_of_a_long_file_is_that_of_its_table(tmp_path: Path, form: str) -> None:
    place = tmp_path / f"a.{form}"
    place.write_text(_long(form))
    assert first_rows(place).names == read_table_text(place).names
    packed = tmp_path / f"a.{form}.gz"
    packed.write_bytes(gzip.compress(_long(form).encode()))
    assert first_rows(packed).names == read_table_text(place).names
