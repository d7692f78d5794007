"""Tables as people really have them: each kind of trouble with the answer that pandas, scikit-learn
or arithmetic gives, and a second example that shares nothing with the first but the kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from playground.core.data.data import CsvData
from playground.core.data.dataset import prepare
from playground.core.data.tables.choosing import automatic_choice
from playground.core.data.tables.column_facts import ColumnFacts, facts_of
from playground.core.data.tables.importing import TableText, read_table_text
from playground.core.data.tables.table import Columns, Table, table_of
from playground.core.errors import DataError, FileError
from playground.core.experiment.experiment import Experiment

ROWS = 30
PAIRS = [(round(0.37 * n % 9, 2), round(0.73 * n % 7, 2), n % 2) for n in range(ROWS)]
"""Two measures and one of two classes, for tables of any form."""


def body(
    row: str = "{a},{b},{kind}", kinds: Sequence[str] = ("red", "blue"), *, end: str = "\n"
) -> str:
    """The rows of PAIRS, each written in this way."""
    return "".join(row.format(a=a, b=b, kind=kinds[kind]) + end for a, b, kind in PAIRS)


def read(content: str | bytes, folder: Path, name: str = "table.csv") -> TableText:
    place = folder / name
    place.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table_text(place)


def chosen(text: TableText) -> tuple[Columns, Table]:
    """What is made of a table when it is opened."""
    columns = automatic_choice(facts_of(text)).columns
    return columns, table_of(text, columns)


def fact(text: TableText, name: str) -> ColumnFacts:
    return next(facts for facts in facts_of(text) if facts.name == name)


def is_the_table_of_pairs(
    text: TableText, inputs: tuple[str, str], classes: tuple[str, ...] = ("blue", "red")
) -> bool:
    """True where all rows of PAIRS are there, and nothing else."""
    columns, table = chosen(text)
    x = np.array([(a, b) for a, b, _ in PAIRS], np.float32)
    y = [kind if classes[0] > classes[1] else 1 - kind for _, _, kind in PAIRS]
    return (
        columns.inputs == inputs
        and table.class_names == classes
        and np.array_equal(table.points.x, x)
        and table.points.y.tolist() == y
    )


# Headers.


@pytest.mark.parametrize("names", ["0,1,kind", "2019,2020,kind", "10,250,kind"])
def test_numbers_can_be_names(tmp_path: Path, names: str) -> None:
    text = read(f"{names}\n{body()}", tmp_path)
    assert text.form.has_header
    assert is_the_table_of_pairs(text, tuple(names.split(",")[:2]))  # type: ignore[arg-type]


@pytest.mark.parametrize("top", ["0,1,2,3,4", "1990,1991,1992,1993,1994"])
def test_numbers_are_names_where_they_count_and_the_rows_do_not(tmp_path: Path, top: str) -> None:
    rows = "".join(f"{n % 7}.5,{n % 3}.25,{n % 5}.5,{n % 2}.75,{n % 11}\n" for n in range(20))
    assert read(f"{top}\n{rows}", tmp_path).names == tuple(top.split(","))


@pytest.mark.parametrize(
    "rows",
    [
        "5,6,red\n7,1,blue\n2,8,red\n9,3,blue\n",  # the label of the first row comes again
        "0,1,2\n1,2,3\n2,3,4\n3,4,5\n",  # all rows count
        "3,1,2\n4,7,9\n1,1,1\n",
        "1,2,red\n3,4,blue\n",
    ],
)
def test_rows_of_numbers_without_names_stay_rows(tmp_path: Path, rows: str) -> None:
    text = read(rows, tmp_path)
    assert not text.form.has_header
    assert len(text) == rows.count("\n")


def test_words_that_come_again_are_no_names(tmp_path: Path) -> None:
    rows = "small,dry,yes\nlarge,dry,no\nsmall,wet,yes\nlarge,wet,no\n" * 3
    text = read(rows, tmp_path)
    assert (len(text), text.form.has_header) == (12, False)
    columns, table = chosen(text)
    assert columns.inputs == ("x1", "x2")
    assert table.class_names == ("no", "yes")
    named = read(f"size,air,answer\n{rows}", tmp_path)
    assert (len(named), named.names) == (12, ("size", "air", "answer"))


# Lines around the table.


AROUND = {
    "comments above": "# made by a logger\n# a in s\na,b,kind\n{rows}",
    "comments of another kind": "% station 7\n% 2026\na,b,kind\n{rows}",
    "a title": "Results of the autumn term\n\na,b,kind\n{rows}",
    "a title as wide as the table": "Report,,\na,b,kind\n{rows}",
    "units": "a,b,kind\ns,mV,-\n{rows}",
    "units in brackets": "a,b,kind\n[mm],[°C],\n{rows}",
    "a total": "a,b,kind\n{rows}Total,,\n",
    "a total and a mean": "a,b,kind\n{rows}Sum,155.3,\nMean,5.2,\n",
    "a source": "a,b,kind\n{rows}Source: the weather office\n",
    "a source with commas": "a,b,kind\n{rows}Source: weather office, 2026, all rights reserved\n",
    "the end of a file of DOS": "a,b,kind\n{rows}\x1a",
    "the names again": "a,b,kind\n{rows}a,b,kind\n",
}


@pytest.mark.parametrize("form", AROUND)
def test_lines_around_the_table_are_no_rows(tmp_path: Path, form: str) -> None:
    content = AROUND[form].format(rows=body())
    text = read(content, tmp_path)
    assert is_the_table_of_pairs(text, ("a", "b"))
    lines = content.split("\n")
    for left_out in text.met.left_out:  # what is named is what stands in that line
        assert left_out.text.split()[0] in lines[left_out.line - 1]
    assert text.met.left_out or form.startswith("the end")


@pytest.mark.parametrize("first", ["oops,red", "1.2.3,violet", "none at all,blue"])
def test_a_first_row_with_an_odd_cell_is_no_line_of_units(tmp_path: Path, first: str) -> None:
    text = read(f"a,kind\n{first}\n" + "1,red\n2,blue\n" * 6, tmp_path)
    assert text.column("a")[0] == first.split(",")[0]
    assert dict(fact(text, "a").odd) == {text.column("a")[0]: 2}


def test_a_comment_in_the_middle_is_named(tmp_path: Path) -> None:
    lines = body().splitlines()
    lines.insert(12, "# the sensor was cleaned")
    text = read("\n".join(["a,b,kind", *lines]), tmp_path)
    assert is_the_table_of_pairs(text, ("a", "b"))
    assert [(left.line, left.text) for left in text.met.left_out] == [
        (14, "# the sensor was cleaned")
    ]


def test_what_begins_with_a_mark_may_be_a_label(tmp_path: Path) -> None:
    """Colours of the web, and a column that is called #."""
    text = read("color,a,kind\n" + "#ff0000,1.5,x\n#00ff00,2.5,y\n" * 6, tmp_path)
    assert (len(text), set(text.column("color"))) == (12, {"#ff0000", "#00ff00"})
    text = read("#,a,kind\n" + "".join(f"{n},{n}.5,{'xy'[n % 2]}\n" for n in range(9)), tmp_path)
    assert text.names == ("#", "a", "kind")


def test_names_in_two_rows_tell_columns_apart(tmp_path: Path) -> None:
    """As a weather office writes its tables: the same name thrice, and what differs below it."""
    rows = "".join(f"2026/10/{n},{n}.5,8,1\n" for n in range(1, 29))
    content = f"作成日時：2026/11/01\n\n,港,港,港\n年月日,気温,気温,気温\n,,品質,番号\n{rows}"
    text = read(content.encode("cp932"), tmp_path)
    assert text.names == ("年月日", "気温", "気温 品質", "気温 番号")
    assert len(text) == 28
    again = read("x,x,kind\nmin,max,\n" + body(), tmp_path)
    assert again.names == ("x min", "x max", "kind")


GROUPS = {
    "years": ("2019,,2020,,\na,b,a,b,kind\n", "2019 a|2019 b|2020 a|2020 b|kind"),
    "words": ("before,,after,,result\na,b,a,b,\n", "before a|before b|after a|after b|result"),
    "two rows of groups": (
        "plant,,,,\nleaf,,root,,\nsize,mass,size,mass,kind\n",
        "leaf size|leaf mass|root size|root mass|kind",
    ),
    "one group of three": ("x,,,y,\np,q,r,p,kind\n", "x p|q|r|y p|kind"),
    "what pandas writes": (
        "a,a,b,b,kind\nx,y,x,y,\n",
        "a x|a y|b x|b y|kind",
    ),
    "settings of a station": ("Station,3,,,\nLat,4.5,,,\na,b,c,d,kind\n", "a|b|c|d|kind"),
}


@pytest.mark.parametrize("name", GROUPS)
def test_names_of_groups_stand_before_names_that_come_again(tmp_path: Path, name: str) -> None:
    top, names = GROUPS[name]
    rows = "".join(f"{n}.5,{n % 7},{n * 3 % 11}.25,{n % 5},{'xy'[n % 2]}\n" for n in range(20))
    text = read(top + rows, tmp_path)
    assert text.names == tuple(names.split("|"))
    assert len(text) == 20


def test_an_index_of_pandas_has_a_name_of_its_own_row(tmp_path: Path) -> None:
    """As DataFrame.to_csv writes columns of two levels, and an index that has a name."""
    columns = pd.MultiIndex.from_tuples([("x", "mean"), ("x", "std"), ("kind", "")])
    frame = pd.DataFrame(PAIRS, columns=columns).replace({("kind", ""): {0: "red", 1: "blue"}})
    for index in (range(len(frame)), [f"row {n}" for n in range(len(frame))]):
        frame.index = pd.Index(index, name="id")
        text = read(frame.to_csv(), tmp_path)
        assert text.names[1:] == ("x mean", "x std", "kind")
        assert len(text) == len(frame)


@pytest.mark.parametrize("kinds", [("1", "2"), ("red", "blue")])
def test_a_first_row_of_gaps_is_a_row(tmp_path: Path, kinds: tuple[str, str]) -> None:
    """Somebody may want a prediction for it, blank or not."""
    rows = "".join(f"r{n},{n}.5,{kinds[n % 2]}\n" for n in range(1, 12))
    for first in ("r0,,", f"r0,,{kinds[0]}"):
        text = read(f"id,a,b\n{first}\n{rows}", tmp_path)
        assert (len(text), text.columns[0][0]) == (12, "r0")


def test_names_of_rows_are_no_input(tmp_path: Path) -> None:
    """As R's write.table does: the header has one cell less than the rows."""
    rows = [f'"{number}",{row}' for number, row in enumerate(body().splitlines(), 1)]
    text = read("\n".join(['"a","b","kind"', *rows]), tmp_path)
    assert is_the_table_of_pairs(text, ("a", "b"))
    towns = [
        f"town {number} {row}" for number, row in enumerate(body("{a} {b} {kind}").split("\n"))
    ]
    text = read(
        "\n".join(["a b kind", *(t.replace("town ", "town") for t in towns[:-1])]), tmp_path
    )
    assert is_the_table_of_pairs(text, ("a", "b"))


# Blanks and tabs.


@pytest.mark.parametrize(
    "row",
    ["{a} {b} {kind}", "   {a:8.2f}   {b:5.2f}   {kind}", "{a}\u3000{b} {kind}"],
)
def test_columns_may_stand_apart_by_blanks(tmp_path: Path, row: str) -> None:
    assert is_the_table_of_pairs(read(body(row), tmp_path), ("x1", "x2"))


def test_runs_of_tabs_divide_once(tmp_path: Path) -> None:
    lines = body("{a}\t{b}\t{kind}", ("dark red", "blue")).splitlines()
    lines[::3] = [line.replace("\t", "\t\t", 1) for line in lines[::3]]
    text = read("\n".join(lines), tmp_path)
    assert is_the_table_of_pairs(text, ("x1", "x2"), ("blue", "dark red"))


def test_a_tab_more_is_a_gap_where_lines_differ_in_their_values(tmp_path: Path) -> None:
    text = read("a\tb\tkind\n1\t\tx\n2\t5\ty\n3\t6\tx\n", tmp_path)
    assert np.isnan(text.numbers("b")).tolist() == [True, False, False]


def test_a_comment_of_savetxt_names_the_columns(tmp_path: Path) -> None:
    place = tmp_path / "saved.txt"
    np.savetxt(place, PAIRS, header="a b kind")
    text = read_table_text(place)
    assert text.names == ("a", "b", "kind")
    assert text.numbers("b").tolist() == [b for _, b, _ in PAIRS]
    np.savetxt(place, PAIRS, delimiter=";", header="u;v;w", fmt="%.2f")
    assert read_table_text(place).names == ("u", "v", "w")


def test_prose_is_no_table(tmp_path: Path) -> None:
    for prose in ("Dear all\nthe test of 3 May\nis over\n", "One word more\nthan 2 lines before\n"):
        with pytest.raises(FileError, match="needs at least two columns"):
            read(prose, tmp_path)


# Words for missing.


WORDS = [
    "None",
    "<NA>",
    "#DIV/0!",
    "--",
    "欠測",
    "///",
    "N.A.",
    "#REF!",
    "#WERT!",
    "#¿NOMBRE?",
    "########",
    "absent",
    "not yet",
    "なし",
]


@pytest.mark.parametrize("word", WORDS)
def test_one_word_among_numbers_is_a_gap_that_is_named(tmp_path: Path, word: str) -> None:
    lines = body().splitlines()
    lines[7] = f"{word},{lines[7].split(',', 1)[1]}"
    text = read("\n".join(["a,b,kind", *lines]), tmp_path)
    columns, table = chosen(text)
    assert columns.inputs == ("a", "b")
    assert len(table.points) == ROWS - 1
    assert dict(fact(text, "a").odd) == {word: 9}


def test_words_that_are_known_may_be_many(tmp_path: Path) -> None:
    rows = "".join(f"{'None' if n % 2 else n},{n},{'xy'[n % 3 == 0]}\n" for n in range(20))
    text = read(f"a,b,kind\n{rows}", tmp_path)
    assert fact(text, "a").missing == 10
    assert fact(text, "a").kind == "numbers"


@pytest.mark.parametrize("word", ["None", "<NA>", "N/A", "欠測"])
def test_a_label_that_says_nothing_is_missing_where_it_is_rare(tmp_path: Path, word: str) -> None:
    lines = body().splitlines()
    for row in (3, 9, 21):
        lines[row] = f"{lines[row].rsplit(',', 1)[0]},{word}"
    _, table = chosen(read("\n".join(["a,b,kind", *lines]), tmp_path))
    assert (len(table.points), table.class_names) == (ROWS - 3, ("blue", "red"))


@pytest.mark.parametrize("kinds", [("NA", "EU"), ("None", "mild"), ("null", "one")])
def test_a_word_that_comes_as_often_as_the_others_is_a_label(
    tmp_path: Path, kinds: tuple[str, str]
) -> None:
    text = read("a,b,kind\n" + body(kinds=kinds), tmp_path)
    _, table = chosen(text)
    assert (len(table.points), set(table.class_names)) == (ROWS, set(kinds))


# Numbers with a sign.


SIGNED = {
    "{:.1f}%": 1.0,
    "{:.1f} \uff05": 1.0,
    "{:.2f} cm": 1.0,
    "{:.2f}km/h": 1.0,
    "¥{:,.0f}": 1.0,
    "{:,.2f} €": 1.0,
    "USD {:.2f}": 1.0,
    "({:.1f})": -1.0,
    "(-{:.1f})": -1.0,
    "▲{:.1f}": -1.0,
    "△{:,.1f}": -1.0,
    "{:.1f}-": -1.0,
    "-${:,.2f}": -1.0,
    "($ {:.2f})": -1.0,
}


@pytest.mark.parametrize("form", SIGNED)
def test_a_number_with_a_sign_is_a_number(tmp_path: Path, form: str) -> None:
    values = [round(1234.5 + 17 * n, 1) for n in range(20)]
    cells = [form.format(value) for value in values]
    rows = "".join(f'"{cell}",{n % 3},{"xy"[n % 2]}\n' for n, cell in enumerate(cells))
    text = read(f"money,b,kind\n{rows}", tmp_path)
    whole = ".0f" in form
    expected = [SIGNED[form] * (round(value) if whole else value) for value in values]
    assert text.numbers("money").tolist() == expected
    assert chosen(text)[0].inputs == ("money", "b")


def test_lakhs_and_crores_are_grouped_in_twos(tmp_path: Path) -> None:
    cells = ["3,53,356", "12,34,56,789", "7,649", "1,00,000.5"]
    text = read("a;kind\n" + "".join(f"{cell};{n % 2}\n" for n, cell in enumerate(cells)), tmp_path)
    assert text.numbers("a").tolist() == [353356, 123456789, 7649, 100000.5]


def test_negative_numbers_in_brackets_stand_among_others(tmp_path: Path) -> None:
    text = read("a,kind\n" + "3.4,x\n(1.9),y\n2.9,x\n(2.5),y\n", tmp_path)
    assert text.numbers("a").tolist() == [3.4, -1.9, 2.9, -2.5]


def test_two_units_are_no_numbers(tmp_path: Path) -> None:
    text = read(
        "a,b,kind\n" + "".join(f"{n} {'cm' if n % 2 else 'mm'},{n},x\n" for n in range(9)), tmp_path
    )
    assert fact(text, "a").kind == "text"
    with pytest.raises(DataError, match=r"'0 mm' in column 'a', line 2, is not a number"):
        text.numbers("a")


def test_one_cell_in_another_unit_is_a_gap(tmp_path: Path) -> None:
    rows = "".join(f"{n} cm,{n},x\n" for n in range(9))
    text = read(f"a,b,kind\n{rows}90 mm,9,y\n", tmp_path)
    assert dict(fact(text, "a").odd) == {"90 mm": 11}
    assert np.isnan(text.numbers("a")[-1])


# Labels.


@pytest.mark.parametrize(
    ("cells", "classes"),
    [
        (("0", "1.0", "0.0", "1"), ("0", "1")),
        (("2,0", "3", "2", "3,00"), ("2", "3")),
        (("1", "2.50", "1.0", "2.5"), ("1", "2.5")),
    ],
)
def test_labels_with_the_same_number_are_one(
    tmp_path: Path, cells: tuple[str, ...], classes: tuple[str, ...]
) -> None:
    rows = "".join(f"{n}{',' if ',' in cells[0] else '.'}5;{cells[n % 4]}\n" for n in range(12))
    text = read(f"a;kind\n{rows}", tmp_path)
    _, table = chosen(text)
    if table.class_names:  # else the answers are measures
        assert table.class_names == classes
    columns = Columns(("a",), "kind")
    assert table_of(text, columns).class_names == classes


def test_codes_of_places_are_not_one(tmp_path: Path) -> None:
    """Text with numbers in it stays as it is."""
    text = read("a,kind\n" + "1.5,v1.0\n2.5,v1\n" * 5, tmp_path)
    assert chosen(text)[1].class_names == ("v1", "v1.0")


# Words as inputs.


def test_words_become_an_input_for_each(tmp_path: Path) -> None:
    rows = "".join(f"{n}.5,{('red', 'green', 'blue')[n % 3]},{'xy'[n % 2]}\n" for n in range(30))
    text = read(f"a,color,kind\n{rows}", tmp_path)
    columns, table = chosen(text)
    assert columns.inputs == ("a", "color")
    assert table.input_names == ("a", "color: blue", "color: green", "color: red")
    expected = np.eye(3)[[(2, 1, 0)[n % 3] for n in range(30)]]
    np.testing.assert_array_equal(table.points.x[:, 1:], expected)


@pytest.mark.parametrize(
    ("words", "are_input"), [(2, True), (20, True), (21, False), (60, False), (1, False)]
)
def test_up_to_twenty_words_are_an_input(tmp_path: Path, words: int, are_input: bool) -> None:
    rows = "".join(f"{n}.5,w{n % words},{'xy'[n % 2]}\n" for n in range(60))
    text = read(f"a,word,kind\n{rows}", tmp_path)
    assert ("word" in chosen(text)[0].inputs) == are_input


def test_a_word_that_no_training_row_has_is_none_of_them(tmp_path: Path) -> None:
    """The last row is held out, and it alone has the word."""
    words = ["red", "green"] * 10 + ["violet"] * 2
    rows = "".join(f"{n}.5,{word},{'xy'[n % 2]}\n" for n, word in enumerate(words))
    place = tmp_path / "table.csv"
    place.write_text(f"a,color,kind\n{rows}")
    data = CsvData(path=str(place), inputs=("a", "color"), label="kind", test_ratio=0.5)
    seen = []
    for seed in range(40):
        dataset = prepare(Experiment(data=data.model_copy(update={"seed": seed})))
        violet = dataset.input_names.index("color: violet")
        held_out = dataset.points.held_out[-2:].tolist()
        seen.append(held_out == [True, True])
        test_rows = int(dataset.points.x[-2:, violet].sum())
        assert test_rows == (0 if seen[-1] else 2)
        said = "2 test rows have words that no training row has; they count as none."
        assert (said in dataset.notes) == seen[-1]
    assert set(seen) == {True, False}


# Dates.


DAYS = [
    "2026-10-01",
    "2026/10/1",
    "01.10.2026",
    "10/01/2026",
    "1 Oct 2026",
    "October 1, 2026",
    "2026年10月1日",
]


@pytest.mark.parametrize("first", DAYS)
def test_dates_are_days(tmp_path: Path, first: str) -> None:
    second = first.replace("2026", "2025").replace("10/01", "12/31").replace("01.10", "31.12")
    rows = f'"{first}",1,x\n"{second}",2,y\n' * 5
    text = read(f"day,b,kind\n{rows}", tmp_path)
    assert fact(text, "day").kind == "dates"
    assert text.numbers("day")[0] == np.datetime64("2026-10-01").astype(int)
    assert chosen(text)[0].inputs == ("day", "b")


def test_a_date_has_parts(tmp_path: Path) -> None:
    rows = "2026-03-01 06:30,1,x\n2024-12-31 18:00,2,y\n" * 5
    text = read(f"when,b,kind\n{rows}", tmp_path)
    inputs = ("when", "when (day of year)", "when (weekday)", "when (hour)")
    x = table_of(text, Columns(inputs, "kind")).points.x[:2]
    days = np.array(["2026-03-01", "2024-12-31"], "datetime64[D]").astype(int)
    np.testing.assert_allclose(x[:, 0], days + np.array([6.5, 18]) / 24, rtol=1e-6)
    assert x[:, 1:].tolist() == [[60, 6, 6], [366, 1, 18]]  # a Sunday, and a Tuesday


# Rows that are too short.


def test_a_short_row_is_a_gap_that_is_named(tmp_path: Path) -> None:
    lines = ["a,b,kind", *body().splitlines()]
    lines[5], lines[9] = "1.5", "2.5,3"
    text = read("\n".join(lines), tmp_path)
    assert text.met.short == ((6, 1), (10, 2))
    _, table = chosen(text)
    assert len(table.points) == ROWS - 2


def test_a_long_row_is_quoted_by_its_line(tmp_path: Path) -> None:
    lines = ["# a comment", "", "a,b,kind", *body().splitlines()]
    lines[20] = "1,2,red,4"
    with pytest.raises(FileError, match="has 4 values in line 21, but 3 columns"):
        read("\n".join(lines), tmp_path)


def test_errors_count_the_lines_of_the_file(tmp_path: Path) -> None:
    """Comments, blank lines and a cell over two lines stand above the cell that is no number."""
    text = read('# one\n\na,b,kind\n1,2,"dark\nred"\n\n3,oops,blue\n', tmp_path)
    with pytest.raises(DataError, match=r"'oops' in column 'b', line 7, is not a number"):
        text.numbers("b")


# Numbers of rows.


@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("name", ["", "no"])
def test_a_count_of_the_rows_is_left_out(tmp_path: Path, name: str, start: int) -> None:
    lines = [f"{number},{row}" for number, row in enumerate(body().splitlines(), start)]
    text = read("\n".join([f"{name},a,b,kind", *lines]), tmp_path)
    assert is_the_table_of_pairs(text, ("a", "b"))


def test_a_count_is_an_input_where_it_is_the_only_one(tmp_path: Path) -> None:
    text = read("t,y\n" + "".join(f"{n},{n * n}.5\n" for n in range(30)), tmp_path)
    assert chosen(text)[0].inputs == ("t",)


# Endless numbers.


@pytest.mark.parametrize("first", ["1e999,2001", "-inf,2001", "nan,2001"])
@pytest.mark.parametrize("below", ["1,2", "1e999,2"])
def test_numbers_without_end_are_no_names(tmp_path: Path, first: str, below: str) -> None:
    """They are no whole numbers, whatever the other names are; the table is read all the same."""
    place = tmp_path / "endless.csv"
    place.write_text("\n".join([first, below, "3,4", "5,6", "7,9"]), "utf-8")
    assert read_table_text(place).columns[1][-1] == "9"
