"""Scripts of tables so large that one might take them as they seem: they are read all the same."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from playground.core.data.tables.importing import read_table_text
from playground.core.errors import DataError, FileError
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import open_any
from playground.core.script import file_steps
from playground.core.script.data_facts import MOST_POINTS
from playground.core.script.pytorch import pytorch_script
from playground.engines.numpy.numpy_script import numpy_script
from tests.script_runner import wrong_scripts

LARGE = 2_000_000
"""Bytes; the window reads what is larger in the background."""

WORDS = "a remark that nobody reads " * 40


def _table(
    path: Path, *, rows: int, gaps: bool = False, decimal: str = ".", delimiter: str = ","
) -> Experiment:
    """A table of more than LARGE; one in ten of its answers may be missing."""
    random, lines = np.random.default_rng(1), [delimiter.join(("u", "v", "remark", "kind"))]
    remark = WORDS[: 1 + LARGE // rows]
    for row in range(rows):
        kind = "?" if gaps and row % 10 == 0 else ("yes", "no")[row % 2]
        numbers = [
            f"{value + row % 2:.5f}".replace(".", decimal) for value in random.normal(size=2)
        ]
        lines.append(delimiter.join((*numbers, remark, kind)))
    path.write_text("\n".join(lines), "utf-8")
    assert path.stat().st_size > LARGE
    data = {"kind": "csv", "path": str(path), "inputs": ["u", "v"], "label": "kind"}
    training = {"epochs": 2, "batch_size": 100, "engine": "torch", "device": "cpu"}
    return Experiment.parse({"data": data, "training": training})


FORMS = [{}, {"gaps": True}, {"decimal": ",", "delimiter": ";"}]


def test_the_script_of_a_large_table_prints_the_losses_of_the_engines(tmp_path: Path) -> None:
    tables = [_table(tmp_path / f"{i}.csv", rows=2500, **form) for i, form in enumerate(FORMS)]
    assert wrong_scripts(tables, pytorch_script) == []
    on_numpy = [one.with_setting("training.engine", "numpy") for one in tables]
    assert wrong_scripts(on_numpy, numpy_script) == []


@pytest.mark.parametrize("write", [pytorch_script, numpy_script])
@pytest.mark.parametrize("form", FORMS[1:])
def test_a_large_table_that_a_script_would_misread_is_refused(
    tmp_path: Path, form: dict, write: Callable[[Experiment], str]
) -> None:
    experiment = _table(tmp_path / "large.csv", rows=MOST_POINTS * 2, **form)
    with pytest.raises(DataError, match=r"large\.csv is no plain table"):
        write(experiment)


ROWS = "".join(f"{n}.5,{-n},{'xy'[n % 2]}\n" for n in range(12))
WHY: dict[str, tuple[bytes, str]] = {
    "in another encoding": (
        f"größe,b,kind\n{ROWS.replace('x', 'weiß')}".encode("cp1252"),
        "it is not in UTF-8",
    ),
    "with decimal commas": (
        f"a,b,kind\n{ROWS}".replace(",", ";").replace(".", ",").encode(),
        "it has decimal commas",
    ),
    "with tildes": (f"a,b,kind\n{ROWS}".replace(",", "~").encode(), "stand apart by other signs"),
    "with gaps": (f"a,b,kind\n,2,x\n{ROWS}".encode(), "it has rows with gaps"),
    "with long minus signs": (
        f"a,b,kind\n{ROWS.replace('-', chr(0x2212))}".encode(),
        "some of its numbers, dates or lines are written in a way of their own",
    ),
    "packed": (gzip.compress(f"a,b,kind\n{ROWS}".encode()), "for it is packed"),
    "in JSON": (
        json.dumps([{"a": n, "b": -n, "kind": "xy"[n % 2]} for n in range(12)]).encode(),
        "it is no text",
    ),
}


@pytest.mark.parametrize("name", WHY)
def test_why_a_table_is_not_plain_is_said_and_a_plain_one_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    content, why = WHY[name]
    place = tmp_path / "table.csv"
    place.write_bytes(content)
    monkeypatch.setattr(file_steps, "MOST_POINTS", 10)
    with pytest.raises(DataError, match=why):
        pytorch_script(open_any(place))
    text = read_table_text(place)  # what the sentence advises
    whole = [row for row in zip(*text.columns, strict=True) if all(row)]
    rows = [[cell.replace(",", ".").replace(chr(0x2212), "-") for cell in row] for row in whole]
    place.write_text("\n".join(",".join(row) for row in [text.names, *rows]) + "\n", "utf-8")
    assert "read_columns(" in pytorch_script(open_any(place))


def test_words_as_inputs_of_a_large_table_are_said_to_be_what_no_script_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "table.csv"
    place.write_text(f"a,b,town,kind\n{ROWS.replace(',x', ',Ulm,x').replace(',y', ',Bonn,y')}")
    monkeypatch.setattr(file_steps, "MOST_POINTS", 10)
    with pytest.raises(DataError, match=r"words or dates among its inputs.*choose numbers"):
        pytorch_script(open_any(place))
    numbers = open_any(place).with_setting("data.inputs", ["a", "b"])  # what the sentence advises
    assert "read_columns(" in pytorch_script(numbers)


def test_a_table_that_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("u,v,kind\n1,2,a\n2,3,b\n3,1,a\n4,1,b\n", "utf-8")
    data = {"kind": "csv", "path": str(path), "inputs": ["u", "v"], "label": "kind"}
    experiment = Experiment.parse({"data": data})
    assert "read_columns(" in pytorch_script(experiment)
    path.write_text("u;v;kind\n1,5;2;a\n2;3;b\n3;1;a\n4;1;c\n", "utf-8")
    source = pytorch_script(experiment)
    assert "read_columns(" not in source
    assert "1.5" in source


def test_a_table_that_is_missing_has_no_script(tmp_path: Path) -> None:
    data = {"kind": "csv", "path": str(tmp_path / "gone.csv"), "inputs": ["u"], "label": "kind"}
    with pytest.raises(FileError, match=r"gone\.csv"):
        pytorch_script(Experiment.parse({"data": data}))


@pytest.mark.parametrize("form", FORMS)
def test_a_table_of_one_byte_more_has_the_script_of_one_of_one_byte_less(
    tmp_path: Path, form: dict
) -> None:
    path, sources = tmp_path / "table.csv", []
    experiment = _table(path, rows=2500, **form)
    text = path.read_text("utf-8").rstrip("\n") + "\n"
    while len(text) > LARGE:
        text = text[: text.rindex("\n", 0, -1) + 1]
    for size in (LARGE, LARGE + 1):
        path.write_text(text + "\n" * (size - len(text)), "utf-8")
        assert path.stat().st_size == size
        sources.append(pytorch_script(experiment))
    assert sources[0] == sources[1]
    assert ("read_columns(" in sources[0]) == (form == {})


def test_the_script_of_a_table_of_images_prints_the_losses_of_the_engines(tmp_path: Path) -> None:
    digits = load_digits()
    rows = np.column_stack([digits.target, digits.data]).astype(int)[:600]
    names = ",".join(f"pixel{number}" for number in range(64))
    text = "\n".join(",".join(map(str, row)) for row in rows.tolist())
    (tmp_path / "named.csv").write_text(f"label,{names}\n{text}\n")
    (tmp_path / "plain.csv").write_text(text)
    chosen = [
        ("training.epochs", 2),
        ("training.engine", "torch"),
        ("model.layers", [{"kind": "conv", "channels": 2}]),
    ]
    tables = [open_any(tmp_path / name) for name in ("named.csv", "plain.csv")]
    tables = [table.with_settings(chosen) for table in tables]
    sources = [pytorch_script(table) for table in tables]
    assert all("read_pixels(" in source for source in sources)
    assert wrong_scripts(tables, pytorch_script) == []
