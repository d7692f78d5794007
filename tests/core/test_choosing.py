"""What a choice among the columns of a table comes to, and the data that it makes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from playground.core.data.data import CsvData
from playground.core.data.dataset import prepare
from playground.core.data.points_data import PointsData
from playground.core.data.tables import choosing
from playground.core.data.tables.choosing import (
    Choice,
    automatic_choice,
    data_of,
    made_of,
    outlook,
    why_not_fit,
)
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.description import giving_away
from playground.core.data.tables.form import HELD_OUT, WantedForm
from playground.core.data.tables.importing import TableText, read_table_text
from playground.core.data.tables.table import Columns
from playground.core.errors import DataError
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import load, save

TABLE = """name,width,height,depth,kind
ann,10,200,1,red
bob,,300,1,blue
cyd,30,400,NA,
dan,20,100,3,red
"""


@pytest.fixture
def text(tmp_path: Path) -> TableText:
    place = tmp_path / "things.csv"
    place.write_text(TABLE)
    return read_table_text(place)


def choose(*inputs: str, answer: str = "kind", fit: bool = False, **more: object) -> Choice:
    return Choice(Columns(inputs, answer, **more), fit)  # type: ignore[arg-type]


def test_columns_are_described(text: TableText) -> None:
    name, width, _, _, kind = facts_of(text)
    assert (name.kind, width.kind, kind.kind) == ("text", "numbers", "text")
    assert (name.missing, width.missing, kind.missing) == (0, 1, 1)
    assert kind.labels == ("red", "blue")
    assert kind.different == 2  # a gap is no word
    assert width.whole


def test_a_table_without_inputs_is_refused_with_a_way_out_that_works(tmp_path: Path) -> None:
    words = read_table_text("city,kind\nfoo,bar\nbaz,qux\nfoo,bar\n")
    assert "change how the table is read" in outlook(words, facts_of(words), choose()).obstacle
    lengths = read_table_text("city,length\n" + "".join(f"c{n},{n}.5\n" for n in range(9)))
    facts = facts_of(lengths)
    assert outlook(lengths, facts, choose(answer="length")).obstacle == (
        "Only 'length' can be an input; choose another answer."
    )
    assert outlook(lengths, facts, choose("length", answer="city")).obstacle == ""
    assert outlook(lengths, facts, choose(answer="city")).obstacle == (
        "Choose at least one column as an input."
    )


def test_the_automatic_choice_takes_the_last_column_as_the_answer(text: TableText) -> None:
    choice = automatic_choice(facts_of(text))
    assert choice.columns == Columns(("width", "height", "depth"), "kind")
    numbers = read_table_text("a,b\n1,0.5\n2,0.25\n")
    assert automatic_choice(facts_of(numbers)).columns == Columns(("a",), "b", regression=True)


@pytest.mark.parametrize(("missing", "counts"), [("drop", (2, 1, 1, 0)), ("mean", (3, 1, 0, 1))])
def test_what_is_lost_is_counted_before_it_happens(
    text: TableText, missing: str, counts: tuple[int, int, int, int]
) -> None:
    choice = choose("width", "depth", fit=True, missing=missing)
    found = outlook(text, facts_of(text), choice)
    assert found.obstacle == ""
    assert (found.rows, found.unanswered, found.incomplete, found.filled) == counts
    assert len(data_of(text, choice).x) == found.rows  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (choose(), "Choose at least one column"),
        (choose("name"), "'name' holds text; an input needs numbers"),
        (choose("width", answer="width"), "'width' is the answer"),
        (choose("width", regression=True), "a target needs numbers"),
        (choose("width", "height", "depth", fit=True), "The canvas has two axes"),
    ],
)
def test_what_is_wrong_is_one_sentence(text: TableText, choice: Choice, words: str) -> None:
    found = outlook(text, facts_of(text), choice).obstacle
    assert words in found
    assert found.endswith(".")


@pytest.mark.parametrize(
    ("table", "choice", "words"),
    [
        ("a,b,kind\n1,,x\n,2,y\n", choose("a", "b"), "Every row has a missing value"),
        ("a,b,kind\n1,,x\n,2,y\n", choose("a", answer="b", regression=True), "Every row"),
        ("a,kind\n1e400,x\n2,y\n", choose("a"), "'1e400' in column 'a'"),
        ("a,kind,b\n1,,x\n2,,y\n", choose("a"), "'kind' holds nothing to learn"),
        ("a,kind\n" + "".join(f"1,k{i}\n" for i in range(101)), choose("a"), "more than 100"),
    ],
)
def test_tables_that_a_choice_does_not_fit(table: str, choice: Choice, words: str) -> None:
    text = read_table_text(table)
    assert words in outlook(text, facts_of(text), choice).obstacle


def test_two_inputs_fit_the_canvas_and_remember_their_units(text: TableText) -> None:
    data = data_of(text, choose("width", "height", fit=True))
    assert isinstance(data, PointsData)
    assert np.abs(data.x).max(axis=0).tolist() == [5, 5]
    assert data.axes is not None
    assert [axis.name for axis in data.axes] == ["width", "height"]
    widths = [data.axes[0].original(value) for value in data.x[:, 0]]
    assert widths == pytest.approx([10, 20])
    assert (data.class_names, data.label.tolist()) == (("blue", "red"), [1, 1])  # type: ignore[union-attr]
    assert (data.standardize, data.test) == (False, None)


def test_a_column_of_one_value_lies_in_the_middle() -> None:
    text = read_table_text("a,b,kind\n7,1,x\n7,2,y\n")
    data = data_of(text, choose("a", "b", fit=True))
    assert data.x[:, 0].tolist() == [0, 0]  # type: ignore[union-attr]


def test_the_largest_numbers_fit_the_canvas() -> None:
    text = read_table_text("a,b,kind\n-3.4e38,1,x\n3.4e38,2,y\n")
    data = data_of(text, choose("a", "b", fit=True))
    assert data.x[:, 0].tolist() == [-5, 5]  # type: ignore[union-attr]


def test_more_inputs_stay_in_the_file(text: TableText) -> None:
    data = data_of(text, choose("width", "height", "depth", missing="mean"))
    assert isinstance(data, CsvData)
    assert (data.path, data.inputs) == (str(text.path), ("width", "height", "depth"))
    assert (data.label, data.missing, data.standardize) == ("kind", "mean", True)


def test_what_was_pasted_is_kept_in_the_project(tmp_path: Path) -> None:
    text = read_table_text(TABLE)
    data = data_of(text, choose("width", "height", "depth", missing="mean"))
    assert isinstance(data, PointsData)
    assert data.x[0].tolist() == [10, 200, 1]
    assert data.standardize
    place = tmp_path / "pasted.playground.json"
    save(Experiment(data=data), place)
    dataset = prepare(load(place))
    assert dataset.input_names == ("width", "height", "depth")
    assert dataset.points.x.tobytes() == data.x.tobytes()


def test_a_table_read_in_a_form_of_ones_own_is_kept_in_the_project(text: TableText) -> None:
    assert text.path is not None
    own = read_table_text(text.path, WantedForm(decimal="."))
    assert isinstance(data_of(own, choose("width", "height", "depth")), PointsData)
    # And what was read so is not taken for what is found out about the file.
    assert isinstance(data_of(text, choose("width", "height", "depth")), CsvData)


def test_a_long_table_stays_in_its_file(text: TableText, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "MOST_ROWS", 3)
    facts, choice = facts_of(text), choose("width", "height")
    assert "stay in their file" in why_not_fit(text, choice)
    assert not outlook(text, facts, choice).obstacle
    assert isinstance(data_of(text, choice), CsvData)
    pasted = read_table_text(TABLE)
    assert "too many for a project" in outlook(pasted, facts, choice).obstacle
    fit = replace(choice, fit=True)
    assert "stay in their file" in outlook(text, facts, fit).obstacle


def test_a_division_that_was_exported_is_kept() -> None:
    text = read_table_text(f"a,b,kind,{HELD_OUT}\n1,2,x,0\n3,4,y,1\n5,6,x,0\n")
    choice = automatic_choice(facts_of(text))
    assert choice.columns == Columns(("a", "b"), "kind", held_out=HELD_OUT)
    data = data_of(text, choice)
    assert isinstance(data, PointsData)
    assert data.test is not None
    assert data.test.tolist() == [1]


def test_a_column_of_that_name_may_hold_something_else() -> None:
    text = read_table_text(f"a,b,{HELD_OUT}\n1,2,x\n3,4,y\n")
    assert automatic_choice(facts_of(text)).columns == Columns(("a", "b"), HELD_OUT)


def test_data_that_cannot_be_made_are_refused() -> None:
    text = read_table_text("a,b,kind\n1,,x\n,2,y\n")
    with pytest.raises(DataError, match="missing value in every row"):
        data_of(text, choose("a", "b", fit=True))


def test_facts_say_what_speaks_against_a_column() -> None:
    rows = "".join(f"{i},{i % 3},7,{i if i < 25 else 'y'},w\n" for i in range(50))
    text = read_table_text("n,a,same,mixed,word\n" + rows)
    facts = {column.name: column for column in facts_of(text)}
    assert {name for name, column in facts.items() if column.is_constant} == {"same", "word"}
    assert facts["mixed"].kind == "text"
    assert facts["mixed"].text == ("y", 27)
    assert facts["word"].text is None


def test_dates_make_parts_that_are_inputs() -> None:
    rows = "".join(f"2024-03-{day:02d},{day % 4}.5\n" for day in range(1, 29))
    text = read_table_text("day,y\n" + rows)
    day, y = facts_of(text)
    assert day.parts == ("day (day of year)", "day (weekday)")
    assert y.parts == ()
    timed = facts_of(read_table_text("day,y\n" + rows.replace(",", " 12:30,")))[0]
    assert timed.parts[-1] == "day (hour)"
    found = outlook(text, (day, y), choose("day (weekday)", answer="y", regression=True))
    assert (found.obstacle, found.rows) == ("", 28)
    data = data_of(text, choose("day (weekday)", answer="y", regression=True))
    assert isinstance(data, PointsData)
    assert data.x[:7, 0].tolist() == [4, 5, 6, 0, 1, 2, 3]  # 1 March 2024 was a Friday


def test_what_gives_an_answer_away_is_found_whatever_its_units() -> None:
    random = np.random.default_rng(1)
    values = random.normal(size=400)
    kinds = np.where(values > 0, "up", "down")
    code = np.where(values > 0, 3, 8)
    noise = random.normal(size=400)
    lines = [
        f"{v * 1.8 + 32},{c},{n},{k},{v}"
        for v, c, n, k in zip(values, code, noise, kinds, strict=True)
    ]
    text = read_table_text("scaled,code,noise,kind,value\n" + "\n".join(lines) + "\n")
    names = ["scaled", "code", "noise"]
    assert giving_away(text, names, "value", regression=True) == {"scaled"}
    assert giving_away(text, names, "kind", regression=False) == {"code"}


def test_the_test_share_is_that_of_the_choice(text: TableText) -> None:
    for fit in (False, True):
        choice = replace(choose("width", "height", fit=fit), test_ratio=0.1)
        made = made_of(text, choice)
        assert made.data.test_ratio == 0.1
        assert made.description is not None
        assert made.description.inputs == ("width", "height")
