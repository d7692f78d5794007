"""What a sentence advises works: each error is made, and its advice is followed as it stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from playground.cli import commands
from tests.core.test_formats_of_tables import xlsx

ROWS = [(n, 3 * n % 20, "ab"[n % 2]) for n in range(20)]


class Case(NamedTuple):
    """What fails, what it says, and what to type then; commands begin behind `playground`."""

    fails: str
    says: str
    works: tuple[str, ...]


TRAIN = "train {file} --epochs 1 --quiet --set training.engine=numpy"
CASES = {
    "a project without an end": Case(
        "train endless.playground.json --quiet",
        "say how long with --epochs",
        ("train endless.playground.json --quiet --epochs 1",),
    ),
    "a project is no table": Case(
        "train endless.playground.json --epochs 1 --answer x1",
        "use --set",
        ("train endless.playground.json --epochs 1 --quiet --set data.noise=0.1",),
    ),
    "too many labels": Case(
        f"{TRAIN.format(file='many.csv')} --set data.label=id",
        "choose another column, or make it the target",
        (
            f"{TRAIN.format(file='many.csv')} --set data.label=kind",
            f"{TRAIN.format(file='many.csv')} --set data.target=id",
        ),
    ),
    "a gap in every row": Case(
        TRAIN.format(file="gaps.csv"),
        "choose other columns, or fill the gaps",
        (
            f"{TRAIN.format(file='gaps.csv')} --inputs a",
            f"{TRAIN.format(file='gaps.csv')} --set data.missing=mean",
        ),
    ),
    "no number to take the mean of": Case(
        f"{TRAIN.format(file='late.csv')} --set data.missing=mean --set data.test_ratio=0.9",
        "divide the points otherwise, or choose other columns",
        (
            f"{TRAIN.format(file='late.csv')} --set data.missing=mean --set data.test_ratio=0",
            f"{TRAIN.format(file='late.csv')} --set data.missing=mean --inputs a",
        ),
    ),
    "a loss for numbers": Case(
        f"{TRAIN.format(file='plain.csv')} --set data.target=b --set training.loss=cross_entropy",
        "choose 'mse'",
        (f"{TRAIN.format(file='plain.csv')} --set data.target=b --set training.loss=mse",),
    ),
    "a loss for classes": Case(
        f"{TRAIN.format(file='three.csv')} --set training.loss=mse",
        "choose 'cross_entropy'",
        (f"{TRAIN.format(file='three.csv')} --set training.loss=cross_entropy",),
    ),
    "features": Case(
        TRAIN.format(file="featured.playground.json"),
        "leave the features out to use all inputs",
        (f"{TRAIN.format(file='featured.playground.json')} --set model.features=null",),
    ),
    "two answers": Case(
        f"{TRAIN.format(file='plain.csv')} --set data.label=kind --set data.target=b",
        "set one of the two to null",
        (f"{TRAIN.format(file='plain.csv')} --set data.label=null --set data.target=b",),
    ),
    "the answer among the inputs": Case(
        f"{TRAIN.format(file='plain.csv')} --inputs a,kind",
        "leave it out of the inputs, or choose another answer",
        (
            f"{TRAIN.format(file='plain.csv')} --inputs a",
            f"{TRAIN.format(file='plain.csv')} --inputs a,kind --answer b",
        ),
    ),
    "an input twice": Case(
        f"{TRAIN.format(file='plain.csv')} --inputs a,a",
        "name it once",
        (f"{TRAIN.format(file='plain.csv')} --inputs a",),
    ),
    "a column that is called otherwise": Case(
        f"{TRAIN.format(file='plain.csv')} --answer kidn",
        "Did you mean 'kind'?",
        (f"{TRAIN.format(file='plain.csv')} --answer kind",),
    ),
    "a sheet that is called otherwise": Case(
        f"{TRAIN.format(file='book.xlsx')} --sheet 2025",
        "There is: notes, May.",
        (f"{TRAIN.format(file='book.xlsx')} --sheet May",),
    ),
    "a folder that cannot be made": Case(
        f"{TRAIN.format(file='plain.csv')} --out plain.csv/results",
        "choose another folder with --out",
        (f"{TRAIN.format(file='plain.csv')} --out results",),
    ),
    "a test file that is the table": Case(
        f"{TRAIN.format(file='project.playground.json')} --set data.test_path=plain.csv"
        " --set data.path=plain.csv",
        "choose another test file, or set it to null",
        (
            f"{TRAIN.format(file='plain.csv')} --test-file test.csv",
            f"{TRAIN.format(file='project.playground.json')} --set data.test_path=null",
        ),
    ),
    "a test file without answers": Case(
        f"{TRAIN.format(file='plain.csv')} --test-file new.csv",
        "'playground predict' says the answers",
        (
            f"{TRAIN.format(file='plain.csv')} --out trained",
            "predict trained new.csv --out answers.csv",
        ),
    ),
    "answers in a workbook": Case(
        "predict trained new.csv --out answers.xlsx",
        "give it a name that ends in .csv",
        (
            f"{TRAIN.format(file='plain.csv')} --out trained",
            "predict trained new.csv --out answers.csv",
        ),
    ),
    "a folder without weights": Case(
        "predict empty new.csv --out answers.csv",
        "a folder that 'playground train FILE --epochs 100 --out empty' wrote",
        ("train plain.csv --epochs 100 --out empty", "predict empty new.csv --out answers.csv"),
    ),
    "a value that is missing everywhere": Case(
        "predict trained blank.csv --out answers.csv",
        "fill them",
        ("predict trained new.csv --out answers.csv",),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All the files that the cases name."""
    place = tmp_path_factory.mktemp("advice")

    def table(name: str, header: str, cells: Callable[[int, int, str], str]) -> None:
        (place / name).write_text("\n".join([header, *(cells(*row) for row in ROWS)]) + "\n")

    table("plain.csv", "a,b,kind", lambda a, b, kind: f"{a}.5,{b},{kind}")
    table("test.csv", "a,b,kind", lambda a, b, kind: f"{a},{b}.5,{kind}")
    table("new.csv", "b,a", lambda a, b, kind: f"{b},{a}.5")
    table("blank.csv", "b,a", lambda a, b, kind: f",{a}.5")
    table("three.csv", "a,b,kind", lambda a, b, kind: f"{a},{b},{'abc'[a % 3]}")
    table("gaps.csv", "a,b,kind", lambda a, b, kind: f"{a},,{kind}" if a % 2 else f",{b},{kind}")
    table("late.csv", "a,b,kind", lambda a, b, kind: f"{a}.5,{b if a == 4 else ''},{kind}")
    rows = "".join(f"{n / 7:.3f},{n},{'ab'[n % 2]}\n" for n in range(130))
    (place / "many.csv").write_text(f"a,id,kind\n{rows}")
    sheet = [["a", "kind"], *([float(a), kind] for a, _, kind in ROWS)]
    book = {"notes": [["Read", "this"], ["before", "use"]], "May": sheet}
    (place / "book.xlsx").write_bytes(xlsx(book))
    (place / "empty").mkdir()
    data = {"kind": "csv", "path": "three.csv", "inputs": ["a", "b"], "label": "kind"}
    projects = {
        "endless": {},
        "project": {"data": data},
        "featured": {"data": {**data, "inputs": ["a"]}, "model": {"features": ["x2"]}},
    }
    for name, plain in projects.items():
        (place / f"{name}.playground.json").write_text(json.dumps(plain))
    return place


@pytest.mark.parametrize("name", CASES)
def test_advice_works(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES[name]
    monkeypatch.chdir(folder)

    def run(line: str) -> tuple[int, str]:
        done = CliRunner().invoke(commands, line.split(), catch_exceptions=False)
        return done.exit_code, done.stderr

    if "trained" in case.fails:
        assert run(f"{TRAIN.format(file='plain.csv')} --out trained")[0] == 0
    code, said = run(case.fails)
    assert (code, case.says in said) == (1, True), said
    for line in case.works:
        code, said = run(line)
        assert code == 0, said
