"""`playground predict`: what is written is what the trained network says of the same rows."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import playground
from playground.cli import commands
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment
from playground.engines.loop.headless import train_to_end
from playground.engines.loop.predictor import metadata_of
from playground.engines.weights_file import load_tensors, save_weights
from tests.core.test_formats_of_tables import xlsx

Call = Callable[..., Result]
Rows = list[list[str]]

SMALL = {"training.engine": "torch", "training.device": "cpu", "training.epochs": 2}


def table_rows(count: int = 24, seed: int = 5) -> Rows:
    """Columns size, shape, day, price, kind."""
    random = np.random.default_rng(seed)
    shapes = ("円", "星", "角")
    return [
        [
            f"{random.normal(50, 9):.2f}",
            shapes[n % 3],
            f"2026-03-{n + 1:02}",
            f"{random.normal(2_000, 300):.1f}",
            ("良", "悪")[int(random.integers(2))],
        ]
        for n in range(count)
    ]


NAMES = ["size", "shape", "day", "price", "kind"]


def write(
    path: Path,
    rows: Rows,
    *,
    names: list[str] | None = None,
    delimiter: str = ",",
    decimal: str = ".",
    encoding: str = "utf-8",
    line_end: str = "\n",
) -> Path:
    lines = rows if names is None else [names, *rows]
    cells = [[cell.replace(".", decimal) for cell in line] for line in lines]
    text = "".join(delimiter.join(line) + line_end for line in cells)
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, delimiter: str = ",", encoding: str = "utf-8") -> Rows:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def trained(table: Path, folder: Path, **changes: Any) -> Any:
    """A short training on a table, kept in a folder."""
    experiment = playground.load(table) if table.suffix == ".json" else files.from_csv(table)
    settings = {**SMALL, **{name.replace("__", "."): value for name, value in changes.items()}}
    result = train_to_end(experiment.with_settings(settings.items()))
    kept(result, folder)
    return result


def kept(result: Any, folder: Path) -> None:
    """What `train --out` writes of a result, as far as predictions need it."""
    folder.mkdir(exist_ok=True)
    metadata = metadata_of(result.experiment, result.dataset)
    save_weights(result.weights, folder / "weights.safetensors", metadata)
    files.save(result.experiment, folder / "experiment.playground.json")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, list(map(str, arguments)), catch_exceptions=False)


def predicted(source: Path, file: Path, out: Path) -> dict[str, Any]:
    done = run("predict", source, file, "--out", out, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


# The law: on its own training table it says what the result says.

FORMS = st.fixed_dictionaries(
    {
        "form": st.sampled_from(
            [
                (",", ".", "utf-8"),
                (";", ",", "cp932"),
                ("\t", ".", "utf-8-sig"),
                (";", ",", "utf-16"),
            ]
        ),
        "answer": st.sampled_from(["price", "kind"]),
        "has_names": st.booleans(),
        "missing": st.sampled_from(["drop", "mean"]),
        "standardize": st.sampled_from([True, False, "all"]),
        "target_scaling": st.sampled_from(["none", "standard"]),
        "seed": st.integers(0, 99),
        "gaps": st.lists(st.tuples(st.integers(0, 23), st.integers(0, 3)), max_size=4),
        "features": st.sampled_from([None, ["x1", "x2^2"]]),
        "inputs": st.sampled_from([None, ["size", "day (weekday)"]]),
    }
)


@settings(max_examples=12, deadline=None)
@given(FORMS)
def test_the_training_table_is_predicted_as_the_result_predicts_it(
    tmp_path_factory: pytest.TempPathFactory, case: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("predict")
    delimiter, decimal, encoding = case["form"]
    rows = table_rows()
    is_number = case["answer"] == "price"
    for row, column in case["gaps"]:
        rows[row][column] = ""
    inputs = case["inputs"]
    names = [*NAMES] if case["has_names"] or inputs else None
    if is_number:
        rows = [[a, b, c, e, d] for a, b, c, d, e in rows]
        names = names and [*NAMES[:3], "kind", "price"]
    form = {"delimiter": delimiter, "decimal": decimal, "encoding": encoding}
    table = write(folder / "table.csv", rows, names=names, **form)
    result = trained(
        table,
        folder / "trained",
        data__missing=case["missing"],
        data__standardize=case["standardize"],
        data__target_scaling=case["target_scaling"],
        data__seed=case["seed"],
        **({"data__inputs": inputs, "model__features": case["features"]} if inputs else {}),
    )
    said = predicted(folder / "trained", table, folder / "out.csv")
    written = read(folder / "out.csv", delimiter, encoding)
    found = written[1:] if names else written
    own = [[cell.replace(".", decimal) for cell in row] for row in rows]
    assert [row[:5] for row in found] == own
    answers = [row[5:] for row in found if row[5]]
    # The rows of the result are those with an answer; others have a prediction, too.
    looked_at = [0, 2] if inputs else [0, 1, 2, 3]
    is_used = [
        bool(row[4]) and (case["missing"] == "mean" or all(row[i] for i in looked_at))
        for row in rows
    ]
    used = [row[5:] for row, is_one in zip(found, is_used, strict=True) if is_one]
    expected = result.predict(result.dataset.points.x)
    assert said["predicted"] == len(answers)
    if is_number:
        values = [float(row[0].replace(",", ".")) for row in used]
        scale = np.abs(expected).max()
        np.testing.assert_allclose(values, expected[:, 0], rtol=2e-6, atol=1e-6 * scale)
        return
    labels = [result.dataset.class_names[place] for place in expected.argmax(axis=1)]
    assert [row[0] for row in used] == labels
    chances = [float(row[1].replace(",", ".")) for row in used]
    np.testing.assert_allclose(chances, expected.max(axis=1), atol=2e-6)


# Other tables.


@pytest.fixture
def houses(tmp_path: Path) -> Path:
    """A folder trained on prices of what has a size, a shape and a day."""
    rows = [[a, b, c, d] for a, b, c, d, _ in table_rows()]
    table = write(tmp_path / "table.csv", rows, names=NAMES[:4])
    trained(table, tmp_path / "trained", data__missing="drop")
    return tmp_path / "trained"


def test_columns_are_found_by_name_and_others_are_kept(houses: Path, tmp_path: Path) -> None:
    new = write(
        tmp_path / "new.csv",
        [["A1", "角", "40.5", "01.03.2026"], ["B2", "星", "41", "02.03.2026"]],
        names=["id", "shape", "size", "day"],
        delimiter=";",
        decimal=",",
        line_end="\r\n",
    )
    new.write_bytes(new.read_bytes().replace(b",03,", b".03."))
    said = predicted(houses, new, tmp_path / "out.csv")
    assert (said["answer"], said["columns"], said["predicted"]) == ("price", ["price"], 2)
    assert (said["scored"], "r2" in said) == (0, False)
    content = (tmp_path / "out.csv").read_bytes()
    assert content.count(b"\r\n") == 3
    rows = read(tmp_path / "out.csv", ";")
    assert rows[0] == ["id", "shape", "size", "day", "price"]
    assert [row[0] for row in rows[1:]] == ["A1", "B2"]
    prices = [float(row[4].replace(",", ".")) for row in rows[1:]]
    assert all(
        "," in row[4] and 0 < price < 5_000 for row, price in zip(rows[1:], prices, strict=True)
    )


def test_the_training_table_is_not_needed(houses: Path, tmp_path: Path) -> None:
    new = write(tmp_path / "new.csv", [["40", "星", "2026-03-01"]], names=NAMES[:3])
    before = predicted(houses, new, tmp_path / "out.csv")
    content = (tmp_path / "out.csv").read_bytes()
    (tmp_path / "table.csv").unlink()
    assert predicted(houses, new, tmp_path / "out.csv") == before
    assert (tmp_path / "out.csv").read_bytes() == content
    for source in ("weights.safetensors", "experiment.playground.json"):
        predicted(houses / source, new, tmp_path / "other.csv")
        assert (tmp_path / "other.csv").read_bytes() == content


def test_what_cannot_be_predicted_is_blank_and_counted(houses: Path, tmp_path: Path) -> None:
    rows = [
        ["40", "星", "2026-03-01"],
        ["", "角", "2026-03-02"],
        ["41", "月", "2026-03-02"],
        ["42"],
    ]
    new = write(tmp_path / "new.csv", rows, names=NAMES[:3])
    done = run("predict", houses, new, "--out", tmp_path / "out.csv")
    assert done.exit_code == 0
    assert done.stdout == "price: 2 of 4 rows predicted\n"
    assert "2 rows have missing values, so their predictions are left blank." in done.stderr
    assert "1 row has a word that no training row has; it counts as none." in done.stderr
    assert [bool(row[3]) for row in read(tmp_path / "out.csv")[1:]] == [True, False, True, False]


def test_answers_that_are_there_are_scored(tmp_path: Path) -> None:
    """R² and accuracy as scikit-learn has them."""
    from sklearn.metrics import accuracy_score, r2_score

    names = ["size", "price", "kind"]
    rows = [[a, d, "big" if float(a) > 50 else "small"] for a, _, _, d, _ in table_rows()]
    table = write(tmp_path / "table.csv", rows, names=names)
    trained(table, tmp_path / "classes")
    others = [[a, d, "big" if float(a) > 50 else "small"] for a, _, _, d, _ in table_rows(9, 8)]
    new = write(tmp_path / "new.csv", [*others, ["50", "2", "huge"], ["51", "3", ""]], names=names)
    said = predicted(tmp_path / "classes", new, tmp_path / "out.csv")
    assert said["columns"] == ["predicted kind", "probability"]
    found = read(tmp_path / "out.csv")[1:10]
    assert said["accuracy"] == accuracy_score([row[2] for row in found], [row[3] for row in found])
    assert said["scored"] == 9
    assert "1 row is not scored, because no training row has its class." in said["warnings"]
    numbers = [[c, a, d] for a, d, c in rows]
    table = write(tmp_path / "numbers.csv", numbers, names=["kind", "size", "price"])
    trained(table, tmp_path / "numbers")
    said = predicted(tmp_path / "numbers", new, tmp_path / "out.csv")
    rows = read(tmp_path / "out.csv")[1:]
    found = [list(map(float, (row[1], row[3]))) for row in rows if row[3]]
    assert said["r2"] == pytest.approx(r2_score(*np.array(found).T), abs=1e-6)
    done = run("predict", tmp_path / "numbers", new, "--out", tmp_path / "out.csv", "--quiet")
    assert done.stdout.splitlines()[1] == f"Score: R² {said['r2']:.4g} on 10 rows"
    strange = write(tmp_path / "new.csv", [[*row, "?"] for row in others], names=[*names, "note"])
    strange.write_text(strange.read_text().replace(",price", ",cost").replace(",note", ",price"))
    said = predicted(tmp_path / "numbers", strange, tmp_path / "out.csv")
    assert (said["scored"], said["predicted"]) == (0, 9)


def test_workbooks_and_single_columns_are_predicted(tmp_path: Path) -> None:
    rows = [[a, d] for a, _, _, d, _ in table_rows()]
    table = write(tmp_path / "table.csv", rows, names=["size", "price"])
    trained(table, tmp_path / "trained")
    alone = write(tmp_path / "alone.csv", [["40"], ["41.5"]], names=["size"])
    predicted(tmp_path / "trained", alone, tmp_path / "a.csv")
    found = read(tmp_path / "a.csv")
    assert [row[0] for row in found] == ["size", "40", "41.5"]
    book = tmp_path / "book.xlsx"
    sheets = {"notes": [["a", "b"], ["c", "d"]], "May": [["id", "size"], ["x", 40.0], ["y", 41.5]]}
    book.write_bytes(xlsx(sheets))
    done = run("predict", tmp_path / "trained", book, "--sheet", "May", "--out", tmp_path / "b.csv")
    assert done.exit_code == 0, done.output
    assert [row[2] for row in read(tmp_path / "b.csv")[1:]] == [row[1] for row in found[1:]]
    done = run("predict", tmp_path / "trained", alone, "--out", tmp_path / "b.xlsx")
    assert done.exit_code == 1
    assert "b.xlsx would be a workbook or a packed file" in done.stderr


@pytest.mark.parametrize("form", [".json", ".jsonl", ".arff", ".svm"])
def test_answers_to_rows_in_json_are_a_plain_table(houses: Path, tmp_path: Path, form: str) -> None:
    rows = [dict(zip(NAMES, row, strict=True)) for row in table_rows(9)]
    new = tmp_path / "new.jsonl"
    new.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = run("predict", houses, new, "--out", tmp_path / f"answers{form}")
    assert done.exit_code == 1
    assert f"answers{form} would be a file of another program" in done.stderr
    assert not (tmp_path / f"answers{form}").exists()
    plain = write(tmp_path / "new.csv", table_rows(9), names=NAMES)
    for source, out in ((new, "a.csv"), (plain, "b.csv")):
        done = run("predict", houses, source, "--out", tmp_path / out)
        assert done.exit_code == 0, done.output
    assert [row[-1] for row in read(tmp_path / "a.csv")] == [
        row[-1] for row in read(tmp_path / "b.csv")
    ]


def test_the_table_is_never_written_over(houses: Path, tmp_path: Path) -> None:
    new = write(tmp_path / "new.csv", table_rows(9), names=NAMES)
    before = new.read_bytes()
    (tmp_path / "linked.csv").symlink_to(new)
    for out in (new, tmp_path / "linked.csv", houses / ".." / new.name):
        done = run("predict", houses, new, "--out", out)
        assert (done.exit_code, error_of(done)) == (
            1,
            f"{out.name} is the table itself; name another file behind --out.",
        )
    assert new.read_bytes() == before


def test_blanks_between_columns_show_what_is_missing(tmp_path: Path) -> None:
    rows = [[a, d, "ab"[n % 2]] for n, (a, _, _, d, _) in enumerate(table_rows())]
    table = write(tmp_path / "table.txt", rows, names=["size", "price", "kind"], delimiter="  ")
    trained(table, tmp_path / "trained")
    rows[1][0] = "NA"
    new = write(tmp_path / "new.txt", rows[:3], names=["size", "price", "kind"], delimiter="   ")
    predicted(tmp_path / "trained", new, tmp_path / "out.txt")
    found = [line.split() for line in (tmp_path / "out.txt").read_text().splitlines()]
    assert [len(row) for row in found[1:]] == [5, 5, 5]
    assert found[2][3:] == ["NA", "NA"]


def test_letters_that_an_encoding_lacks_make_the_answers_unicode(tmp_path: Path) -> None:
    rows = [[a, d, "良悪"[n % 2]] for n, (a, _, _, d, _) in enumerate(table_rows())]
    table = write(tmp_path / "table.csv", rows, names=["size", "price", "kind"])
    trained(table, tmp_path / "trained")
    names = ["size", "price", "größe"]
    new = write(tmp_path / "new.csv", [["1", "2", "naïve"]] * 3, names=names, encoding="cp1252")
    said = predicted(tmp_path / "trained", new, tmp_path / "out.csv")
    assert said["warnings"] == [
        "out.csv is written in UTF-8 with BOM, for Windows-1252 has no sign for some answers."
    ]
    assert read(tmp_path / "out.csv", encoding="utf-8-sig")[0][2] == "größe"


# Data that are no table of a person.


@pytest.mark.parametrize("kind", ["generated", "points", "iris", "vectors"])
def test_any_data_with_columns_predict(tmp_path: Path, kind: str) -> None:
    """Points on the canvas are predicted in the units of the table that they came from."""
    data: dict[str, Any] = {"kind": kind}
    axes = [(0.0, 1.0), (0.0, 1.0)]
    if kind == "generated":
        data["samples"] = 40
    if kind == "vectors":
        data |= {"rows": 12, "inputs": 3, "outputs": 2}
    experiment = Experiment.parse({"data": data} if kind != "points" else {})
    if kind == "points":
        random = np.random.default_rng(1)
        drawn = Points.of(random.normal(size=(30, 2)), [0, 1, 2] * 10)
        axes = [(100.0, 5.0), (-3.0, 0.5)]
        units = [
            {"name": name, "offset": offset, "scale": scale}
            for name, (offset, scale) in zip(("mass", "width"), axes, strict=True)
        ]
        made = PointsData.of(drawn, class_names=("a", "b", "c"))
        plain = made.model_dump(mode="json") | {"axes": units}
        experiment = Experiment.parse({"data": plain})
    result = train_to_end(experiment.with_settings(SMALL.items()))
    kept(result, tmp_path / "trained")
    x = result.dataset.points.x[:10].astype(np.float64)
    offsets, scales = np.transpose(axes) if kind == "points" else (0.0, 1.0)
    cells = [[repr(float(value)) for value in row] for row in offsets + scales * x]
    new = write(tmp_path / "new.csv", cells, names=list(result.dataset.input_names))
    predicted(tmp_path / "trained", new, tmp_path / "out.csv")
    expected = result.predict(result.dataset.points.x[:10])
    found = np.array([row[x.shape[1] :] for row in read(tmp_path / "out.csv")[1:]])
    if kind == "vectors":
        np.testing.assert_allclose(found.astype(float), expected, rtol=1e-5, atol=1e-6)
    else:
        np.testing.assert_allclose(found[:, 1].astype(float), expected.max(axis=1), atol=3e-6)


@pytest.mark.parametrize("missing", ["drop", "mean"])
@pytest.mark.parametrize("blank", [False, True])
def test_pixels_in_a_table_are_predicted_as_images(
    tmp_path: Path, missing: str, blank: bool
) -> None:
    random = np.random.default_rng(4)
    pixels = random.integers(0, 256, (30, 16))
    rows = [["ab"[n % 2], *map(str, row)] for n, row in enumerate(pixels.tolist())]
    if blank:
        rows[3][5] = ""
    names = ["kind", *(f"p{n}" for n in range(16))]
    table = write(tmp_path / "table.csv", rows, names=names)
    layers = [{"kind": "conv", "channels": 2}]
    settings = {"data__image": [1, 4, 4], "data__missing": missing, "model__layers": layers}
    plain = {"kind": "csv", "path": str(table), "inputs": names[1:], "label": "kind"}
    files.save(Experiment.parse({"data": plain}), tmp_path / "a.playground.json")
    result = trained(tmp_path / "a.playground.json", tmp_path / "trained", **settings)
    assert result.dataset.image == (1, 4, 4)
    predicted(tmp_path / "trained", table, tmp_path / "out.csv")
    found = [float(row[-1]) for row in read(tmp_path / "out.csv")[1:] if row[-1]]
    expected = result.predict(result.dataset.points.x[:]).max(axis=1)
    np.testing.assert_allclose(found, expected, atol=2e-6)
    if missing == "mean" and not blank:  # a pixel that is missing is as bright as in training
        others = [["", *row[2:]] for row in rows[:2]]
        white, is_trained = result.dataset.table.fitted.white, ~result.dataset.points.held_out
        new = write(tmp_path / "new.csv", others, names=names[1:])
        predicted(tmp_path / "trained", new, tmp_path / "out.csv")
        x = pixels[:2] / white
        x[:, 0] = pixels[is_trained, 0].mean() / white
        found = [float(row[-1]) for row in read(tmp_path / "out.csv")[1:]]
        np.testing.assert_allclose(found, result.predict(x).max(axis=1), atol=2e-6)


# What is refused, and the ways out.


def error_of(done: Result) -> str:
    assert done.exit_code == 1, done.output
    (line,) = done.stderr.splitlines()
    return line.removeprefix("Error: ")


@pytest.mark.parametrize("as_project", [True, False])
def test_without_weights_the_way_to_some_works_as_it_stands(
    tmp_path: Path, as_project: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = write(tmp_path / "my table.csv", table_rows(), names=NAMES).relative_to(tmp_path)
    if as_project:
        project = Path("my project.playground.json")
        files.save(files.from_csv(source), project)
        source = project
    says = error_of(run("predict", source, "my table.csv", "--out", "answers.csv"))
    command = shlex.split(says.partition("that predicts: ")[2])
    assert command[:2] == ["playground", "train"]
    assert run(*command[1:], "--quiet").exit_code == 0
    assert predicted(Path("trained"), Path("my table.csv"), Path("answers.csv"))["predicted"] == 24


def test_what_nothing_can_be_learned_of_is_not_said_to_be_trained_on(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1" + bytes(90) + b"PAR1")
    new = write(tmp_path / "new.csv", table_rows(9), names=NAMES)
    said = error_of(run("predict", tmp_path / "x.parquet", new, "--out", tmp_path / "a.csv"))
    assert "playground train" not in said
    assert said == error_of(run("train", tmp_path / "x.parquet"))


def test_weights_of_another_project_are_refused(houses: Path, tmp_path: Path) -> None:
    project = tmp_path / "trained" / "experiment.playground.json"
    files.save(files.load(project).with_setting("model.layers", []), project)
    new = write(tmp_path / "new.csv", [["40", "星", "2026-03-01"]], names=NAMES[:3])
    says = error_of(run("predict", project, new, "--out", tmp_path / "out.csv"))
    assert "weights.safetensors beside experiment.playground.json belongs to another" in says
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "does not say from what it was trained"),
        ({"playground": "{"}, "is not valid JSON"),
        ({"playground": "{}"}, "is damaged, or a later version wrote it"),
        ({"playground": ("mean", [0.0])}, "is damaged, or a later version wrote it"),
        ({"playground": ("fills", [])}, "is damaged, or a later version wrote it"),
        ({"playground": ("outputs", 7)}, "belongs to another network"),
    ],
)
def test_weights_that_cannot_predict_are_refused(
    houses: Path, tmp_path: Path, change: dict[str, Any], says: str
) -> None:
    weights, metadata = load_tensors(houses / "weights.safetensors")
    if isinstance(change.get("playground"), tuple):
        name, value = change["playground"]
        raw = json.loads(metadata["playground"])
        raw["table"][name] = value
        change = {"playground": json.dumps(raw)}
    save_weights(weights, houses / "weights.safetensors", change)
    new = write(tmp_path / "new.csv", [["40", "星", "2026-03-01"]], names=NAMES[:3])
    assert says in error_of(run("predict", houses, new, "--out", tmp_path / "out.csv"))


def test_images_do_not_predict_tables(tmp_path: Path) -> None:
    raw = {"data": {"kind": "digits"}, "model": {"layers": []}}
    result = train_to_end(Experiment.parse(raw).with_settings(SMALL.items()), epochs=0)
    kept(result, tmp_path)
    new = write(tmp_path / "new.csv", [["40", "1"]], names=["a", "b"])
    assert "or it was images" in error_of(
        run("predict", tmp_path, new, "--out", tmp_path / "o.csv")
    )


@pytest.mark.parametrize(
    ("names", "cells", "says"),
    [
        (
            ["siez", "shape", "day"],
            ["1", "星", "2026-03-01"],
            "no column 'size'. Did you mean 'siez'",
        ),
        (NAMES[:3], ["", "星", "2026-03-01"], "has a missing value in every row"),
        (
            NAMES[:3],
            ["much", "星", "2026-03-01"],
            "'much' in column 'size', line 2, is not a",
        ),
    ],
)
def test_tables_that_do_not_fit_are_refused(
    houses: Path, tmp_path: Path, names: list[str], cells: list[str], says: str
) -> None:
    new = write(tmp_path / "new.csv", [cells], names=names)
    assert says in error_of(run("predict", houses, new, "--out", tmp_path / "out.csv"))


def test_a_folder_without_weights_names_them(tmp_path: Path) -> None:
    new = write(tmp_path / "new.csv", [["40", "1"]], names=["a", "b"])
    says = error_of(run("predict", tmp_path, new, "--out", tmp_path / "out.csv"))
    assert "has no weights.safetensors; name a folder that" in says
