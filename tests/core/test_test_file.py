"""A second table whose rows test what is learned from the first one: what pandas and scikit-learn
make of the two, read with the words, the scales and the classes of the first.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from playground.cli import commands
from playground.core.data.data import CsvData
from playground.core.data.dataset import Dataset, prepare, what_makes_data
from playground.core.data.tables.choosing import automatic_choice, data_of
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.importing import read_table_text
from playground.core.errors import DataError, FileError
from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment, live_change
from playground.core.lessons.lesson_files import find, load_lesson, save_lesson
from playground.core.script.data_facts import QUICK_BYTES, is_quick
from playground.core.script.pytorch import pytorch_script
from playground.engines.loop.headless import train_to_end
from playground.engines.numpy.numpy_script import numpy_script
from tests.core.test_formats_of_tables import xlsx
from tests.script_runner import wrong_scripts

NAMES = ("size", "shape", "weight", "kind")
SHAPES = ("disc", "square", "star")


def _rows(count: int, seed: int) -> list[tuple[str, ...]]:
    random = np.random.default_rng(seed)
    return [
        (f"{size:.2f}", SHAPES[row % 3], f"{50 * weight:.1f}", ("red", "blue")[row % 2])
        for row, (size, weight) in enumerate(random.normal(size=(count, 2)))
    ]


def _written(path: Path, rows: list[tuple[str, ...]], names: tuple[str, ...] = NAMES) -> Path:
    path.write_text("".join(",".join(row) + "\n" for row in [names, *rows]), "utf-8")
    return path


@pytest.fixture
def train(tmp_path: Path) -> Path:
    return _written(tmp_path / "train.csv", _rows(30, 1))


@pytest.fixture
def held_out(tmp_path: Path) -> Path:
    return _written(tmp_path / "held_out.csv", _rows(9, 2))


def _experiment(train: Path, test: Path, **changes: Any) -> Experiment:
    experiment = files.from_csv(train, wish=files.Wish(test=test))
    training = {"epochs": 3, "batch_size": 7, "engine": "torch", "device": "cpu"}
    changes = {**{f"training.{name}": value for name, value in training.items()}, **changes}
    return experiment.with_settings(changes.items())


def _dataset(train: Path, test: Path, **changes: Any) -> Dataset:
    return prepare(_experiment(train, test, **changes))


# What is read.

_CELL = st.sampled_from([*"0123456789", "", "2.25", "-17", "400"])
_WORD = st.sampled_from([*SHAPES, "cone", "pyramid", ""])
_ROW = st.tuples(_CELL, _WORD, _CELL, st.sampled_from(["red", "blue", "green", ""]))


@settings(max_examples=20)
@given(st.lists(_ROW, min_size=1, max_size=12), st.sampled_from(["drop", "mean"]))
def test_a_test_file_is_read_as_pandas_and_scikit_learn_read_it(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], missing: str
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    first = [*_rows(29, 1), ("", "star", "2.5", "red")]
    train = _written(folder / "train.csv", first)
    test = _written(folder / "test.csv", [*rows, ("1", "disc", "2", "red")])
    found = _dataset(train, test, **{"data.missing": missing})

    frames = [pd.read_csv(path, keep_default_na=True) for path in (train, test)]
    frames = [frame[frame["kind"].isin(["red", "blue"])] for frame in frames]
    if missing == "drop":
        frames = [frame.dropna() for frame in frames]
    numbers = [frame[["size", "weight"]].astype(float) for frame in frames]
    numbers = [one.fillna(numbers[0].mean()) for one in numbers]
    inputs = []
    for frame, of_numbers in zip(frames, numbers, strict=True):
        words = [(frame["shape"] == word).to_numpy(float) for word in SHAPES]
        columns = [of_numbers["size"], *words, of_numbers["weight"]]
        inputs.append(np.stack([np.asarray(column) for column in columns], axis=1))
    scaler = StandardScaler().fit(inputs[0])
    np.testing.assert_allclose(found.train.inputs, scaler.transform(inputs[0]), atol=1e-5)
    np.testing.assert_allclose(found.test.inputs, scaler.transform(inputs[1]), atol=1e-5, rtol=1e-5)
    assert found.test.targets.tolist() == (frames[1]["kind"] == "red").astype(int).tolist()

    description = found.description
    assert description is not None
    assert description.test_rows == len(frames[1])
    assert description.rows == len(frames[0]) + len(frames[1])
    assert description.rows + description.rows_left_out == len(first) + len(rows) + 1
    is_known = frames[1]["shape"].isin(SHAPES) | frames[1]["shape"].isna()
    counted = [said for said in description.warnings if "that no training row has; " in said]
    assert [said.split()[0] for said in counted] == [str((~is_known).sum())] * (not is_known.all())
    green = sum(row[3] == "green" for row in rows)
    left_out = [said for said in description.warnings if "green" in said]
    assert [said.split()[1] for said in left_out] == [str(green)] * bool(green)


@settings(max_examples=5, deadline=None)
@given(st.lists(_ROW, min_size=1, max_size=6), st.integers(0, 1000), st.floats(0, 0.9))
def test_nothing_of_a_test_file_is_trained_on(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], seed: int, ratio: float
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    train = _written(folder / "train.csv", [*_rows(29, 1), ("", "star", "2.5", "red")])
    others = [_written(folder / "a.csv", _rows(9, 2))]
    others.append(_written(folder / "b.csv", [*rows, ("", "disc", "2", "red")]))
    changes = {"data.missing": "mean", "data.seed": seed, "data.test_ratio": ratio}
    results = [train_to_end(_experiment(train, test, **changes)) for test in others]
    curves = [[point.train.loss for point in result.curve] for result in results]
    assert curves[0] == curves[1]
    assert len(results[0].dataset.train) == 30


def test_numbers_are_tested_with_numbers(tmp_path: Path) -> None:
    """A target in its own units, a date and another decimal mark; the day comes first in both."""
    train, test = tmp_path / "train.csv", tmp_path / "test.csv"
    days = [f"{day:02}.03.2026" for day in range(1, 29)]
    train.write_text(
        "day,price\n" + "".join(f"{d},{1000 + 10 * n}.5\n" for n, d in enumerate(days))
    )
    test.write_text("price;day\n1010,5;02.03.2026\n1.280,5;01/04/2026\n")
    found = _dataset(train, test)
    first = (pd.Timestamp("2026-03-01") - pd.Timestamp(0)).days
    assert found.points.x[~found.points.held_out, 0].tolist() == [first + n for n in range(28)]
    assert found.points.x[found.points.held_out, 0].tolist() == [first + 1, first + 31]
    assert found.points.y[found.points.held_out].tolist() == [1010.5, 1280.5]


@pytest.mark.parametrize("has_names", [True, False])
def test_a_first_line_is_told_by_the_names_that_are_needed(tmp_path: Path, has_names: bool) -> None:
    """Words over words, and numbers over numbers: neither file tells by itself."""
    words = [("disc", "red"), ("star", "blue")]
    train = _written(tmp_path / "train.csv", words * 8, ("shape", "kind"))
    test = _written(tmp_path / "test.csv", words[:1], ("shape", "kind"))
    if not has_names:
        rows = [("7.5", "1"), ("8.5", "0")]
        train = _written(tmp_path / "train.csv", rows * 8, ("6.5", "0"))
        test = _written(tmp_path / "test.csv", [], ("8.5", "0"))
    found = _dataset(train, test)
    assert len(found.test) == 1
    assert found.test.targets.tolist() == [1 if has_names else 0]


def test_a_sheet_is_read_where_both_workbooks_have_it(tmp_path: Path) -> None:
    table = [list(NAMES), *([*map(float, (a, c)), b, d] for a, b, c, d in _rows(20, 3))]
    table = [[a, b, c, d] if n == 0 else [a, c, b, d] for n, (a, b, c, d) in enumerate(table)]
    notes = [["Read", "this"], ["before", "use"]]
    books = {
        "train": {"notes": notes, "2026": table},
        "test": {"2026": table},
        "other": {"a": table},
    }
    for name, sheets in books.items():
        (tmp_path / f"{name}.xlsx").write_bytes(xlsx(sheets))
    wish = files.Wish(sheet="2026", test=tmp_path / "test.xlsx")
    assert len(prepare(files.from_csv(tmp_path / "train.xlsx", wish=wish)).test) == 20
    wish = wish._replace(test=tmp_path / "other.xlsx")
    assert len(prepare(files.from_csv(tmp_path / "train.xlsx", wish=wish)).test) == 20


def test_pasted_tables_keep_the_rows_of_a_test_file_in_the_project(
    train: Path, held_out: Path
) -> None:
    text = read_table_text(train.read_text("utf-8"))
    choice = automatic_choice(facts_of(text)).tested_with(held_out)
    data = data_of(text, choice)
    assert data.test.tolist() == list(range(30, 39))
    there, here = prepare(Experiment(data=data)), _dataset(train, held_out)
    np.testing.assert_array_equal(there.test.inputs, here.test.inputs)


def test_what_a_table_says_of_its_rows_gives_way_to_a_test_file(tmp_path: Path) -> None:
    rows = [(f"{n}.5", "xy"[n % 2], str(n % 3 // 2)) for n in range(20)]
    train = _written(tmp_path / "train.csv", rows, ("a", "kind", "held out"))
    test = _written(tmp_path / "test.csv", rows[:4], ("a", "kind", "note"))
    choice = automatic_choice(facts_of(read_table_text(train)))
    assert choice.columns.held_out == "held out"
    found = _dataset(train, test)
    assert (len(found.train), len(found.test), found.input_names) == (20, 4, ("a",))


# What is refused.


@pytest.mark.parametrize(
    ("names", "cells", "says"),
    [
        (("size", "shap", "weight", "kind"), (), "no column 'shape'. Did you mean 'shap'"),
        (NAMES[:3], (), "'kind', which is the answer, so it cannot test; 'playground pr"),
        (NAMES, ("1", "disc", "2", "green"), "no row to test with: 1 row is left out, because"),
        (NAMES, ("1", "disc", "", "red"), "no row to test with: Rows with missing values"),
        (NAMES, ("big", "disc", "3", "red"), "'big' in column 'size', line 2, is not a number"),
        (NAMES, ("2026-02-03", "disc", "3", "red"), "column 'size' holds dates, but numbers in"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_test_is_refused(
    train: Path, tmp_path: Path, names: tuple[str, ...], cells: tuple[str, ...], says: str
) -> None:
    rows = [cells] if cells else [row[: len(names)] for row in _rows(5, 3)]
    with pytest.raises(DataError, match=r"test\.csv") as refusal:
        _dataset(train, _written(tmp_path / "test.csv", rows, names))
    assert says in str(refusal.value)


def test_a_column_of_dates_needs_dates(tmp_path: Path) -> None:
    rows = [(f"2026-03-{day:02}", "xy"[day % 2]) for day in range(1, 21)]
    train = _written(tmp_path / "train.csv", rows, ("day", "kind"))
    test = _written(tmp_path / "test.csv", [("soon", "x"), ("late", "y")], ("day", "kind"))
    with pytest.raises(DataError, match="'soon' in column 'day', line 2, is no date"):
        _dataset(train, test)


def test_a_missing_test_file_is_named(train: Path, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"gone\.csv"):
        _dataset(train, tmp_path / "gone.csv")


# Project files, changes of the files, scripts.


def test_a_project_elsewhere_finds_both_files(train: Path, held_out: Path, tmp_path: Path) -> None:
    experiment = _experiment(train, held_out)
    place = tmp_path / "projects" / "a.playground.json"
    place.parent.mkdir()
    files.save(experiment, place)
    plain = files.parse_json(place.read_text("utf-8"), "project")
    assert plain["format"] == "playground/2"
    assert plain["data"]["test_path"] == "../held_out.csv"
    assert files.load(place) == experiment
    lesson = find("L1")
    experiments = dict.fromkeys(
        lesson.experiments, experiment.with_setting("training.epochs", 1000)
    )
    save_lesson(lesson.model_copy(update={"experiments": experiments}), place)
    assert all(one.data == experiment.data for one in load_lesson(place).experiments.values())


def test_a_project_without_a_test_file_says_nothing_of_it(train: Path) -> None:
    assert "test_path" not in files.from_csv(train).plain()["data"]


def test_a_test_file_that_changed_is_read_again(train: Path, held_out: Path) -> None:
    experiment = _experiment(train, held_out)
    before, first = what_makes_data(experiment), prepare(experiment)
    assert prepare(experiment).points is first.points
    _written(held_out, _rows(11, 4))
    assert what_makes_data(experiment) != before
    assert len(prepare(experiment).test) == 11
    without = experiment.with_setting("data.test_path", None)
    assert not live_change(experiment, without)


def test_scripts_print_the_same_losses(train: Path, tmp_path: Path) -> None:
    """Also where a script cannot read the tables by itself, for their words and gaps."""
    experiments = []
    for rows in (_rows(9, 2), [*_rows(5, 2), ("", "cone", "1", "red")]):
        test = _written(tmp_path / f"{len(rows)}.csv", rows)
        inputs = {"data.inputs": ["size", "weight"]} if len(rows) == 9 else {}
        one = _experiment(train, test, **inputs, **{"data.missing": "mean"})
        assert ("joined(columns, read_columns(" in pytorch_script(one)) == bool(inputs)
        experiments += [one, one.with_setting("training.engine", "numpy")]

    def write(experiment: Experiment) -> str:
        is_numpy = experiment.training.engine == "numpy"
        return (numpy_script if is_numpy else pytorch_script)(experiment)

    assert wrong_scripts(experiments, write) == []


def test_both_files_count_for_how_long_a_script_waits(train: Path, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    large.write_bytes(b"x" * (QUICK_BYTES - 10))
    data = CsvData(path=str(train), inputs=("size",), label="kind", test_path=str(large))
    assert not is_quick(Experiment(data=data))
    assert is_quick(Experiment(data=data.model_copy(update={"test_path": None})))


# The command line.


def _train(*arguments: object) -> dict[str, Any]:
    done = CliRunner().invoke(commands, ["train", *map(str, arguments), "--quiet", "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_command_line_takes_a_test_file(train: Path, held_out: Path) -> None:
    """The accuracy is that of scikit-learn's count on the rows of the second file."""
    columns = ("--answer", "kind", "--inputs", "size,weight")
    said = _train(train, "--test-file", held_out, *columns, "--epochs", 4)
    data = said["data"]
    assert (data["test_file"], data["test_rows"], data["rows"]) == ("held_out.csv", 9, 39)
    assert (said["test_accuracy"] * 9) == pytest.approx(round(said["test_accuracy"] * 9))
    divided = _train(train, *columns, "--epochs", 1)["data"]
    assert (divided["test_file"], divided["test_rows"], divided["rows"]) == (None, 9, 30)
    done = CliRunner().invoke(
        commands, ["train", str(train), "--test-file", str(held_out), "--epochs", "1", "--quiet"]
    )
    assert "39 of 39 rows, of which 9 of held_out.csv test" in done.stdout


def test_other_files_have_no_test_file(tmp_path: Path, held_out: Path) -> None:
    project = tmp_path / "a.playground.json"
    files.save(Experiment(), project)
    done = CliRunner().invoke(
        commands, ["train", str(project), "--test-file", str(held_out), "--epochs", "1"]
    )
    assert done.exit_code == 1
    assert "is no table, so --answer, --inputs, --sheet and --test-file say" in done.stderr


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
@pytest.mark.parametrize("other", [".", "linked"])
def test_a_table_does_not_test_itself(tmp_path: Path, name: str, other: str) -> None:
    place = tmp_path / name
    rows: list[list[str | float]] = [["a", "kind"], *([n + 0.5, "xy"[n % 2]] for n in range(40))]
    text = "".join(",".join(map(str, row)) + "\n" for row in rows)
    place.write_bytes(xlsx({"May": rows}) if name.endswith("xlsx") else text.encode())
    test = place
    if other == "linked":
        test = tmp_path / f"other-{name}"
        test.symlink_to(place)
    done = CliRunner().invoke(commands, ["train", str(place), "--test-file", str(test)])
    assert done.exit_code == 1
    assert done.stderr == (
        f"Error: '{name}' cannot test what is learned from itself; choose another file to test"
        " with, or none.\n"
    )
