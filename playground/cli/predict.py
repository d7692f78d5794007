"""`playground predict`: what a trained network says of the rows of another table.

Main thread. Imports the engines, and so torch, only when there is something to predict.
"""

from __future__ import annotations

import json
import math
import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import numpy.typing as npt

from playground.cli.running import counted_rows, say_written
from playground.core.data.tables.description import about_cells_and_lines
from playground.core.data.tables.fitted.answers import (
    check_can_be_written,
    number_cells,
    placed,
    with_answers,
)
from playground.core.data.tables.fitted.columns import UNKNOWN, answers_in
from playground.core.data.tables.fitted.other import read_other
from playground.core.data.tables.importing import TableText
from playground.core.data.tables.writing.encodings import ENCODINGS
from playground.core.errors import DataError, FileError, printable
from playground.core.experiment import files
from playground.core.messages import Message, plural
from playground.core.training.measures import r2

if TYPE_CHECKING:
    from playground.engines.loop.predictor import Predictor

EPILOG = """\b
Examples:
  playground train houses.csv --epochs 200 --out trained
  playground predict trained new.csv --out answers.csv
  playground predict trained new.xlsx --sheet May --out answers.csv --json
"""
WEIGHTS = "weights.safetensors"
_DIGITS = 6
"""Digits of a probability behind the point."""


@click.command(epilog=EPILOG, short_help="Predict the answers of another table.")
@click.argument("trained", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The table with the answers.",
)
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook, or file in an archive.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--quiet", is_flag=True, help="Say only the result.")
def predict(
    trained: Path, file: Path, out: Path, sheet: str | None, as_json: bool, quiet: bool
) -> None:
    """Predict the answers of the rows of FILE, a table, with what was TRAINED.

    TRAINED is the folder that `train --out` wrote, weights in it, or a project with its weights
    beside it. Inputs are found by their names, in any order. The answers are written behind the
    columns of FILE, in the units of the training data and as FILE itself is written; of classes
    there is a probability, too. Where FILE has the answers already, the predictions are scored.
    """
    check_can_be_written(out)
    if out.exists() and file.exists() and out.samefile(file):
        raise FileError("{out} is the table itself; name another file behind --out.", out=out)
    predictor = _predictor(trained)
    text = read_other(file, predictor.table.columns, sheet)
    found = _predicted(predictor, text)
    content, codec = with_answers(text, found.cells)
    files.write_atomically(out, content)
    notes = found.notes
    if codec != text.form.encoding:
        own, other = ENCODINGS[text.form.encoding], ENCODINGS[codec]
        notes.append(f"{out.name} is written in {other}, for {own} has no sign for some answers.")
    said = {"file": file.name, "out": str(out), **found.as_json(), "warnings": notes}
    for note in notes if not (quiet or as_json) else ():
        click.echo(printable(note), err=True)
    if not as_json:
        say_written(out, quiet)
    click.echo(json.dumps(said, ensure_ascii=False) if as_json else found.summary())


# Whom to ask.


def _predictor(trained: Path) -> Predictor:
    """The trained network of a folder, a file of weights or a project.

    Raises FileError where there is none, with the commands that make one.
    """
    place = _weights_of(trained)
    if place is None:
        files.check_known(trained)
        raise FileError(
            "{name} has no trained weights beside it; this makes a folder 'trained' that predicts:"
            " {command}",
            name=trained,
            command=f"playground train {shlex.quote(str(trained))} --epochs 100 --out trained",
        )
    from playground.engines.loop.predictor import Predictor

    predictor = Predictor.load(place)
    if trained.suffix.lower() == ".json" and not predictor.fits(files.load(trained)):
        raise FileError(
            "{weights} beside {name} belongs to another network; train {name} again with --out, or"
            " name the folder of its own weights.",
            weights=place,
            name=trained,
        )
    return predictor


def _weights_of(trained: Path) -> Path | None:
    """The file with the weights; None where there is none."""
    if os.path.isdir(trained):
        if not os.path.isfile(trained / WEIGHTS):
            raise FileError(
                "{name} has no {weights}; name a folder that 'playground train FILE --epochs 100"
                " --out {name}' wrote.",
                name=trained,
                weights=WEIGHTS,
            )
        return trained / WEIGHTS
    if trained.suffix == Path(WEIGHTS).suffix or not os.path.exists(trained):
        return trained
    stem = trained.name.removesuffix(".json").removesuffix(".playground")
    beside = [trained.with_name(f"{stem}.safetensors"), trained.with_name(WEIGHTS)]
    return next((path for path in beside if os.path.isfile(path)), None)


# What is predicted.


@dataclass(frozen=True, slots=True)
class _Answers:
    """Predictions for the rows of a table.

    cells      columns to stand behind those of the table
    predicted  how many rows have one
    score      accuracy, or R² of numbers, on the `scored` rows of which the answer is known
    notes      sentences on the other rows, and on what was met among the cells
    """

    answer: str
    cells: dict[str, list[str]]
    rows: int
    predicted: int
    score: dict[str, float]
    scored: int
    notes: list[str]

    def as_json(self) -> dict[str, Any]:
        return {
            "answer": self.answer,
            "columns": list(self.cells),
            "rows": self.rows,
            "predicted": self.predicted,
            "scored": self.scored,
            **self.score,
        }

    def summary(self) -> str:
        """One line for a person, and another one where there is a score."""
        lines = [f"{self.answer}: {self.predicted:,} of {counted_rows(self.rows)} predicted"]
        names = {"accuracy": "accuracy {:.1%}", "r2": "R² {:.4g}"}
        for name, value in self.score.items():
            lines.append(f"Score: {names[name].format(value)} on {counted_rows(self.scored)}")
        return "\n".join(map(printable, lines))


def _predicted(predictor: Predictor, text: TableText) -> _Answers:
    """What the network says of the rows of a table.

    Raises DataError where none of them can be predicted.
    """
    columns = predictor.table.columns
    x, has_unseen = predictor.inputs_in(text)
    known = np.asarray(np.isfinite(x).all(axis=1))
    if not known.any():
        raise DataError(
            "{file_name} has a missing value in every row, so nothing can be predicted; fill them.",
            file_name=text.file_name,
        )
    said = predictor.predict(x[known])
    notes = [str(note) for note in _notes(predictor, text, known, has_unseen)]
    cells = _cells(predictor, said, known, text)
    score, scored = dict[str, float](), 0
    if columns.answer in text.names:
        try:
            score, scored, unknown = _score(predictor, said, known, text)
            notes += _about_unknown(unknown)
        except DataError as error:
            notes.append(f"There is no score: {error}")
    return _Answers(columns.answer, cells, len(text), int(known.sum()), score, scored, notes)


def _about_unknown(rows: int) -> list[str]:
    """A sentence on answers that could not have been right."""
    if not rows:
        return []
    said = plural(
        "{count:,} row is not scored, because no training row has its class.",
        "{count:,} rows are not scored, because no training row has their classes.",
        rows,
    )
    return [said]


def _notes(
    predictor: Predictor,
    text: TableText,
    known: npt.NDArray[np.bool_],
    has_unseen: npt.NDArray[np.bool_],
) -> Iterator[Message]:
    if not known.all():
        yield plural(
            "{count:,} row has a missing value, so its prediction is left blank.",
            "{count:,} rows have missing values, so their predictions are left blank.",
            int((~known).sum()),
        )
    if has_unseen.any():
        yield plural(
            "{count:,} row has a word that no training row has; it counts as none.",
            "{count:,} rows have words that no training row has; they count as none.",
            int(has_unseen.sum()),
        )
    yield from about_cells_and_lines(text, predictor.table.columns.needed)


def _cells(
    predictor: Predictor, said: npt.NDArray, known: npt.NDArray[np.bool_], text: TableText
) -> dict[str, list[str]]:
    """The columns to write, by their names."""
    columns, mark = predictor.table.columns, text.form.decimal
    name = columns.answer
    name = f"predicted {name}" if name in text.names else name
    if not columns.classes:
        unit = None if predictor.table.center is None else predictor.table.unit
        names = [name] if said.shape[1] == 1 else [f"{name} {i + 1}" for i in range(said.shape[1])]
        return {each: number_cells(said[:, i], known, unit, mark) for i, each in enumerate(names)}
    taken = _taken(predictor, said)
    chances = [f"{row[place]:.{_DIGITS}f}" for row, place in zip(said, taken, strict=True)]
    chances = [chance.replace(".", mark) for chance in chances]
    labels = [columns.classes[place] for place in taken]
    return {name: placed(labels, known), "probability": placed(chances, known)}


def _taken(predictor: Predictor, said: npt.NDArray) -> npt.NDArray[np.int64]:
    """The class of each row; a table of one class has no name for another one."""
    return said[:, : len(predictor.table.columns.classes)].argmax(axis=1)


def _score(
    predictor: Predictor, said: npt.NDArray, known: npt.NDArray[np.bool_], text: TableText
) -> tuple[dict[str, float], int, int]:
    """How good the predictions are where the table has the answers, of how many rows, and how many
    rows have a class that no training row has.

    Raises DataError where its answers are of another kind.
    """
    y = answers_in(predictor.table.columns, text).y[known]
    if not predictor.table.columns.classes:
        is_there = ~np.isnan(y)
        value = r2(y[is_there], said[is_there, 0])
        return ({"r2": value} if math.isfinite(value) else {}), int(is_there.sum()), 0
    is_there = y >= 0
    hits = (_taken(predictor, said) == y)[is_there]
    unknown = int((y == UNKNOWN).sum())
    return ({"accuracy": float(hits.mean())} if len(hits) else {}), len(hits), unknown
