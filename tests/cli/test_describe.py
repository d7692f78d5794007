"""What was read and chosen of a table is said, by `describe`, and by `train` in lines and JSON."""

from __future__ import annotations

import gzip
import json
import struct
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result
from PIL import Image

from tests.core.test_formats_of_tables import xlsx

Call = Callable[..., Result]

ROWS = [f"{n},{n * 7 % 11}.5,{n * n % 13},town {n},{('red', 'blue')[n % 2]}" for n in range(1, 41)]
TABLE = "\n".join(["# by hand", "no,a,b,town,kind", *ROWS[:6], "7,None,3,town 7,red", *ROWS[7:]])


@pytest.fixture
def table(tmp_path: Path) -> Path:
    place = tmp_path / "things.csv"
    place.write_text(TABLE)
    return place


def said(call: Call, *arguments: object) -> dict[str, Any]:
    result = call(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_columns_and_guesses_are_described(call: Call, table: Path) -> None:
    found = said(call, "describe", table)
    assert (found["file"], found["kind"], found["rows"]) == ("things.csv", "table", 40)
    uses = {column["name"]: (column["kind"], column["use"]) for column in found["columns"]}
    assert uses == {
        "no": ("numbers", "left out"),
        "a": ("numbers", "input"),
        "b": ("numbers", "input"),
        "town": ("text", "left out"),
        "kind": ("text", "answer"),
    }
    a = found["columns"][1]
    assert (a["missing"], a["taken_as_missing"]) == (1, {"None": 9})
    assert found["lines_left_out"] == [{"line": 1, "text": "# by hand", "why": "above the table"}]
    assert found["data"]["left_out"] == {
        "no": "it numbers the rows",
        "town": "text with 40 different values",
    }
    lines = call("describe", table).stdout.splitlines()
    assert lines[1] == "40 rows; UTF-8, comma, names in the file"
    assert "Learned by itself: kind (classes blue, red) from a, b; 39 rows." in lines
    assert "Warning: 'None' in column 'a', line 9, is taken as missing." in lines


def test_many_columns_of_one_kind_are_one_line(call: Call, tmp_path: Path) -> None:
    place = tmp_path / "many.csv"
    names = ["label", *(f"pixel{i}" for i in range(1, 65)), "x1", "x2"]
    rows = [[row % 3, *((row * i) % 256 for i in range(64)), 0.5 + row, -row] for row in range(40)]
    place.write_text("\n".join(",".join(map(str, line)) for line in [names, *rows]))
    lines = call("describe", place).stdout.splitlines()
    (line,) = [line for line in lines if line.startswith("pixel")]
    assert line.split() == [
        *("pixel1", "...", "pixel64", "numbers", "0"),
        *("64", "columns,", "whole", "numbers", "0", "to", "255", "input"),
    ]
    assert [line.split()[0] for line in lines if line[0] in "lx"] == ["label", "x1", "x2"]
    assert [column["name"] for column in said(call, "describe", place)["columns"]] == names
    lines = [",".join(f"g{i}" for i in range(30)), *[",".join(["0.5"] * 30)] * 9]
    place.write_text("\n".join(lines))
    assert "g29 (a number) from g0, g1, ... g28 (29 columns)" in call("describe", place).stdout


def test_large_numbers_that_differ_are_told_apart(call: Call, tmp_path: Path) -> None:
    """1e9 and a little more are one number only in float32, which has seven digits."""
    place = tmp_path / "ticks.csv"
    rows = [f"{row % 7},{1_000_000_000 + row % 5 / 2}" for row in range(40)]
    place.write_text("\n".join(["x,tick", *rows]))
    warnings = said(call, "describe", place)["data"]["warnings"]
    assert not [warning for warning in warnings if "same number" in warning]


def test_what_became_of_awkward_cells_is_said(call: Call, tmp_path: Path) -> None:
    place = tmp_path / "lab.csv"
    kinds = ("yes", "no", "yes", "No")
    rows = [f"{n + 700},{n % 9 + 0.5} mg,{n % 5}:{n:02d},{kinds[n % 4]}" for n in range(40)]
    rows[3] = rows[3].replace("3.5 mg", "<0.5 mg")
    rows[8] = rows[8].replace("8.5", "~8.5")
    place.write_text("\n".join(["depth,lead,start,ill", *rows]))
    data = said(call, "train", place, "--epochs", "2", "--quiet")["data"]
    assert data == said(call, "describe", place)["data"] | {"test_rows": 12, "test_file": None}
    assert (data["inputs"], data["rows"]) == (["depth", "lead", "start"], 39)
    assert data["warnings"][1:] == [
        "'<0.5 mg' in column 'lead', line 5, is a limit and no value, so it is taken as missing.",
        "'~8.5 mg' in column 'lead', line 10, is read as 8.5 mg, and others like it so, too.",
        "'0:00' in column 'start', line 2, is read as 0 h, and others like it so, too.",
        "'no' and 'No' in column 'ill' differ only in capitals or blanks; write them alike in the"
        " file if they mean the same.",
        "Input 'depth' has whole numbers at equal distances, each of them once, as numbers of rows"
        " are; leave it out if it only tells the rows apart.",
    ]


def test_training_says_what_it_learns_from_what(call: Call, table: Path) -> None:
    data = said(call, "train", table, "--epochs", "2", "--quiet")["data"]
    divided = {"test_rows": 12, "test_file": None}  # 30 % of 39 rows
    assert data == said(call, "describe", table)["data"] | divided
    assert (data["answer"], data["inputs"], data["classes"]) == (
        "kind",
        ["a", "b"],
        ["blue", "red"],
    )
    assert (data["rows"], data["rows_left_out"]) == (39, 1)
    lines = call("train", table, "--epochs", "2", "--quiet").stdout.splitlines()
    assert "Data      kind (blue, red) from a, b; 39 of 40 rows" in lines
    (how,) = [line for line in lines if "read as UTF-8, comma, names in the file" in line]
    assert "left out: no (it numbers the rows), town (text with 40 different values)" in how


@pytest.mark.parametrize(
    ("low", "step", "span"),
    [
        (1_700_000_000_000, 1, "1700000000000 to 1700000000039"),
        (0.5, 0.25, "0.5 to 10.25"),
        (7.5, 0, "7.5"),
        (1e8, 0.5, "1e+08 to 1.0000002e+08"),
    ],
)
def test_the_ends_of_a_column_are_told_apart(
    call: Call, tmp_path: Path, low: float, step: float, span: str
) -> None:
    rows = [f"{low + step * n},{'xy'[n % 2]}" for n in range(40)]
    (tmp_path / "t.csv").write_text("\n".join(["at,kind", *rows]))
    (line,) = [
        line
        for line in call("describe", tmp_path / "t.csv").stdout.splitlines()
        if line.startswith("at ")
    ]
    assert f" {span} " in line


def test_what_is_no_text_has_no_encoding_and_no_delimiter(call: Call, tmp_path: Path) -> None:
    """A sheet is called by its name; a file in an archive is text, so its form is said, too."""
    rows: list[list[str | float]] = [["a", "b", "kind"]]
    rows += [[n + 0.5, n % 7 + 0.5, "xy"[n % 2]] for n in range(40)]
    text = "".join(",".join(map(str, row)) + "\n" for row in rows)
    (tmp_path / "a.xlsx").write_bytes(xlsx({"May": rows}))
    np.save(tmp_path / "a.npy", np.array([row[:2] for row in rows[1:]]))
    declared = "@relation a\n@attribute a real\n@attribute b real\n@attribute kind {x,y}\n@data\n"
    (tmp_path / "a.arff").write_text(declared + text.split("\n", 1)[1])
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("in it.csv", text)
    names = "names in the file"
    forms = {
        "a.xlsx": f"'May', {names}",
        "a.npy": names,
        "a.arff": names,
        "a.zip": f"'in it.csv', UTF-8, comma, {names}",
    }
    for name, form in forms.items():
        assert f"40 rows; {form}" in call("describe", tmp_path / name).stdout.splitlines()
        trained = call("train", tmp_path / name, "--epochs", "1", "--quiet").stdout
        assert f"          read as {form}; " in trained


def test_a_project_says_the_same(call: Call, table: Path, tmp_path: Path) -> None:
    project = tmp_path / "own.playground.json"
    plain = {"kind": "csv", "path": "things.csv", "inputs": ["b"], "label": "kind"}
    project.write_text(json.dumps({"data": plain, "training": {"epochs": 2}}))
    data = said(call, "train", project, "--quiet")["data"]
    assert (data["inputs"], data["scaling"]) == (["b"], "none")
    assert data["left_out"] == dict.fromkeys(("no", "a", "town"), "not chosen")


@pytest.mark.parametrize(
    ("scaled", "of_classes", "of_numbers"),
    [
        (
            {"standardize": True, "target_scaling": "standard"},
            "inputs scaled",
            "inputs and numbers scaled",
        ),
        ({"standardize": True}, "inputs scaled", "inputs scaled, numbers to learn as they are"),
        (
            {"target_scaling": "standard"},
            "inputs as they are",
            "numbers to learn scaled, inputs as they are",
        ),
        ({}, "inputs as they are", "numbers as they are"),
    ],
)
def test_what_is_scaled_is_said_and_nothing_else(
    call: Call, table: Path, tmp_path: Path, scaled: dict, of_classes: str, of_numbers: str
) -> None:
    """Classes are no numbers, which could be scaled."""
    project = tmp_path / "own.playground.json"
    for answer, words in ({"label": "kind"}, of_classes), ({"target": "a"}, of_numbers):
        data = {"kind": "csv", "path": table.name, "inputs": ["b"], **answer, **scaled}
        loss = "mse" if "target" in answer else "cross_entropy"
        training = {"epochs": 1, "loss": loss}
        project.write_text(json.dumps({"data": data, "training": training}))
        (line,) = [
            line
            for line in call("train", project, "--quiet").stdout.splitlines()
            if "read as" in line
        ]
        assert f"; {words}; Adam at 0.03, " in line


def test_training_says_which_photographs_it_left_out(call: Call, tmp_path: Path) -> None:
    for name, color in (("cats", (200, 0, 0)), ("dogs", (0, 0, 200))):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for number in range(6):
            Image.new("RGB", (9, 8), color).save(tmp_path / "pets" / name / f"{number}.png")
    (tmp_path / "pets" / "dogs" / "3.png").write_bytes(b"no picture")
    warning = "Pictures that cannot be read, left out: dogs/3.png."
    data = said(call, "train", tmp_path / "pets", "--epochs", "1", "--quiet")["data"]
    assert (data["rows"], data["classes"], data["image"]) == (11, ["cats", "dogs"], [3, 32, 32])
    assert data["warnings"] == [warning]
    lines = call("train", tmp_path / "pets", "--epochs", "1", "--quiet").stdout.splitlines()
    assert "Data      11 images of 32 x 32 pixels in colour (cats, dogs)" in lines
    assert f"          {warning}" in lines


def test_other_data_have_no_such_part(call: Call, project: Callable[..., Path]) -> None:
    assert "data" not in said(call, "train", project(), "--quiet")


WARNED = {
    "one class": ("a,kind\n" + "1,x\n2,x\n" * 20, "'kind' has one class only, 'x'."),
    "few rows": ("a,kind\n" + "1,x\n2,y\n" * 6, "There are only 8 rows to train on."),
    "one side": (
        "a,kind\n" + "".join(f"{n},{'y' if n == 7 else 'x'}\n" for n in range(5, 105)),
        "99% of the rows are of one class, 'x'.",
    ),
    "a constant": (
        "a,y\n" + "".join(f"{n % 9}.5,3.25\n" for n in range(40)),
        "same number in every",
    ),
    "a count": (
        "no,y\n" + "".join(f"{n},{n % 7}.5\n" for n in range(40)),
        "'no' numbers the rows.",
    ),
    "a copy": (
        "a,b,y\n" + "".join(f"{n % 7},{2 * n + 3},{n}.5\n" for n in range(40)),
        "Input 'b' nearly equals 'y'.",
    ),
    "a code": (
        "a,code,kind\n" + "".join(f"{n % 7},{10 * (n % 3)},{'xyz'[n % 3]}\n" for n in range(40)),
        "Input 'code' nearly equals 'kind'.",
    ),
    "gaps": (
        "a,b,kind\n" + "1,,x\n,2,y\n" * 20 + "1,2,x\n2,1,y\n",
        "Rows with missing values, left out: 40 of 42.",
    ),
    "short rows": ("a,b,kind\n" + "1,2,x\n2,3,y\n" * 20 + "5\n", "1 row is too short, in line 42"),
}


@pytest.mark.parametrize("case", WARNED)
def test_what_may_be_wrong_is_said(call: Call, tmp_path: Path, case: str) -> None:
    content, words = WARNED[case]
    place = tmp_path / "t.csv"
    place.write_text(content)
    warnings = said(call, "train", place, "--epochs", "1", "--quiet")["data"]["warnings"]
    assert any(words in warning for warning in warnings), warnings
    assert words in call("train", place, "--epochs", "1", "--quiet").stdout


def test_a_good_table_is_not_warned_of(call: Call, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    rows = "".join(f"{a:.3f},{b:.3f},{int(a + b > 0)}\n" for a, b in random.normal(size=(60, 2)))
    place = tmp_path / "t.csv"
    place.write_text(f"a,b,kind\n{rows}")
    assert said(call, "train", place, "--epochs", "1", "--quiet")["data"]["warnings"] == []


def test_what_cannot_be_learned_is_described(call: Call, tmp_path: Path) -> None:
    place = tmp_path / "t.csv"
    place.write_text("a,name\n" + "".join(f"{n},n{n}\n" for n in range(120)))
    found = said(call, "describe", place)
    assert found["data"] is None
    assert "120 different labels" in found["warnings"][0]


def test_an_answer_that_names_the_rows_is_warned_of(call: Call, tmp_path: Path) -> None:
    place = tmp_path / "t.csv"
    place.write_text("a,name\n" + "".join(f"{n},n{n}\n" for n in range(30)))
    warning = "'name' has 30 classes in 30 rows; choose another answer if it only names them."
    assert warning in said(call, "describe", place)["warnings"]
    place.write_text("a,name\n" + "".join(f"{n},n{n % 15}\n" for n in range(30)))
    assert (
        warning.replace("30 classes", "15 classes") not in said(call, "describe", place)["warnings"]
    )


def test_images_are_described(call: Call, tmp_path: Path) -> None:
    pixels, labels = np.zeros((6, 4, 5), np.uint8), np.array([0, 1, 1, 2, 2, 2], np.uint8)
    head = struct.pack(">4B3I", 0, 0, 8, 3, 6, 4, 5)
    (tmp_path / "images.gz").write_bytes(gzip.compress(head + pixels.tobytes()))
    (tmp_path / "labels.gz").write_bytes(
        gzip.compress(struct.pack(">4BI", 0, 0, 8, 1, 6) + labels.tobytes())
    )
    found = said(call, "describe", tmp_path / "images.gz")
    assert (found["kind"], found["rows"], found["image"]) == ("images", 6, [1, 4, 5])
    assert found["classes"] == {"0": 1, "1": 2, "2": 3}
    assert "6 images of 5 x 4 pixels in grey" in call("describe", tmp_path / "images.gz").stdout


def test_what_is_no_table_is_one_sentence(call: Call, tmp_path: Path) -> None:
    place = tmp_path / "t.csv"
    place.write_bytes(b"\0\1\2")
    result = call("describe", place)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: t.csv is not text")


def test_pixels_in_columns_are_said_to_be_an_image(call: Call, tmp_path: Path) -> None:
    place = tmp_path / "digits.csv"
    rows = [[row % 3, *((row * pixel) % 17 for pixel in range(64))] for row in range(60)]
    names = ["label", *(f"pixel{pixel}" for pixel in range(64))]
    place.write_text("\n".join(",".join(map(str, row)) for row in [names, *rows]))
    words = "64 pixels, an image of 8 x 8"
    assert f"label (classes 0, 1, 2) from {words}; 60 rows" in call("describe", str(place)).stdout
    options = ("train", str(place), "--epochs", "1", "--quiet")
    assert f"label (0, 1, 2) from {words}; 60 of 60 rows" in call(*options).stdout
    assert said(call, *options)["data"]["image"] == [1, 8, 8]
    plain = said(call, *options, "--set", "data.image=null")
    assert plain["data"]["image"] is None
    assert len(plain["data"]["inputs"]) == 64
    again = said(call, *options, "--set", "data.image=[1, 4, 16]")
    assert again["data"]["image"] == [1, 4, 16]


def test_every_column_with_values_shows_some(tmp_path: Path, call: Call) -> None:
    place = tmp_path / "many.csv"
    rows = "".join(
        f"{n},{n / 8 - 3},{date(2020, 1, 1) + timedelta(days=n)},word {n},,{n % 2},{12 * n % 997}\n"
        for n in range(400)
    )
    place.write_text(f"id,u,day,name,empty,kind,count\n{rows}")
    told = call("describe", str(place))
    lines = {line.split()[0]: line for line in told.stdout.splitlines()[3:10]}
    assert "-3 to 46.875" in lines["u"]
    assert "2020-01-01 to 2021-02-03" in lines["day"]
    assert "word 0, word 1, word 2" in lines["name"]
    assert "0 to 996" in lines["count"]
    assert "0, 1" in lines["kind"]
    assert "0 to 399" in lines["id"]
