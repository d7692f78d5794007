"""`playground train`: from a file and options to a trained network, its figures and its files.

Main thread only, because that is where Python delivers Ctrl+C. Imports the engines, and so torch,
only when there is something to train.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from playground.cli import progress
from playground.cli.running import (
    described,
    make_folder,
    printed_options,
    say_written,
    stopped_by_ctrl_c,
    trained_by,
)
from playground.core.errors import ExperimentError, PlaygroundError, printable, short
from playground.core.experiment import files
from playground.core.experiment.edits import fitting
from playground.core.experiment.experiment import Experiment, TrainingSpec
from playground.core.experiment.setting_paths import value_at
from playground.core.experiment.sharing import is_link, opened
from playground.core.messages import plural

if TYPE_CHECKING:
    from playground.engines.contract.base import Score
    from playground.engines.loop.headless import Result

ENGINES: tuple[str, ...] = get_args(TrainingSpec.model_fields["engine"].annotation)

_MAY_FOLLOW = (
    *("data.label", "data.target", "data.inputs"),
    *("training.loss", "model.features", "model.output.activation"),
)
"""What other settings may change."""

EPILOG = """\b
Examples:
  playground train spiral.playground.json --epochs 500
  playground train spiral.playground.json --epochs 500 --seed 1 --json
  playground train spiral.playground.json --set training.optimizer.kind=sgd \\
      --set training.optimizer.learning_rate=0.1 --out results
  playground train points.csv --epochs 200 --set data.test_ratio=0.2
  playground train houses.csv --epochs 200 --answer price --inputs area,rooms
  playground train houses.csv --epochs 200 --test-file held_out.csv
"""


class _Columns(click.ParamType):
    """Names with commas between them."""

    name = "columns"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        row = next(csv.reader([value], skipinitialspace=True), [])
        names = tuple(name.strip() for name in row if name.strip())
        if not names:
            self.fail("there is no column in it.")
        return names


class _Setting(click.ParamType):
    """PATH=VALUE as (path, value); what is not JSON is text, so that names need no quotes."""

    name = "path=value"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Any]:
        path, equals, text = value.partition("=")
        if not (path and equals):
            self.fail(f"'{short(value)}' is not of the form training.optimizer.learning_rate=0.01.")
        try:
            return path, json.loads(text)
        except (ValueError, RecursionError):
            return path, text


@click.command(epilog=EPILOG, short_help="Train a file without a window.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--epochs", type=int, metavar="N", help="Train for N passes over the points.")
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help="Who does the arithmetic.",
)
@click.option(
    "--device",
    metavar="NAME",
    help="What does it: auto, cpu, cuda, cuda:0, xpu or mps; see `playground devices`.",
)
@click.option("--seed", type=int, metavar="N", help="Seed of the first weights and the batches.")
@click.option(
    "--set",
    "settings",
    type=_Setting(),
    multiple=True,
    metavar="PATH=VALUE",
    help="Change any setting of the file, such as training.optimizer.learning_rate=0.01."
    " May be repeated; VALUE is JSON or text.",
)
@click.option("--answer", metavar="COLUMN", help="The column of a table that is learned.")
@click.option(
    "--inputs",
    type=_Columns(),
    metavar="COLUMN,...",
    help="The columns that the network is shown.  [default: all that can be]",
)
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook, or file in an archive.")
@click.option(
    "--test-file",
    "test",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A second table, whose rows test what is learned from all rows of the first.",
)
@click.option(
    "--eval-every",
    type=click.IntRange(min=1),
    metavar="N",
    help="Epochs between two points of the curve.  [default: about 100 points]",
)
@printed_options("Folder for the weights, the curve (CSV), the boundary (PNG) and the experiment.")
def train(
    file: Path,
    epochs: int | None,
    engine: str | None,
    device: str | None,
    seed: int | None,
    settings: tuple[tuple[str, Any], ...],
    eval_every: int | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
    **wish: Any,
) -> None:
    """Train FILE without a window, and print how well it went.

    FILE is a project file, a table, images, or a link that was copied here or in TensorFlow
    Playground. Of a table the last column is the answer: text, or up to ten different whole
    numbers, are classes; other numbers are values to predict. The columns before it are the inputs,
    standardised, and 30 % of the rows are held out for testing, unless a second table has the rows
    to test with.

    Ctrl+C ends the run early; what was trained so far is still printed and written.
    """
    named = {"epochs": epochs, "engine": engine, "device": device, "seed": seed}
    opened = _opened(file, files.Wish(**wish))
    experiment = _with_settings(opened, settings, named)
    _check_end(experiment, file)
    adjusted = _adjusted(opened, experiment, dict(settings), quiet)
    if out is not None:
        make_folder(out)
    result, was_interrupted = _train(experiment, eval_every, quiet)
    if out is not None:
        _write(result, out, quiet)
    plain = {**result.as_json(), **adjusted}
    click.echo(json.dumps(plain, allow_nan=False) if as_json else _summary(result))
    if result.has_diverged:
        raise PlaygroundError(result.message)
    if was_interrupted:
        raise KeyboardInterrupt  # everything is written; the caller still has to learn of it


def _check_end(experiment: Experiment, file: Path) -> None:
    if experiment.training.epochs is None:
        raise ExperimentError(
            "training.epochs: {name} trains until it is stopped; say how long with --epochs.",
            name=file,
        )


def _opened(file: Path, wish: files.Wish) -> Experiment:
    """The experiment of a file or a link, or one on a table with what is wished for; what could not
    be kept of a link is said.
    """
    if wish != files.Wish() and not files.is_table_file(file):
        raise ExperimentError(
            "{name} is no table, so --answer, --inputs, --sheet and --test-file say nothing of it;"
            " use --set.",
            name=file,
        )
    if is_link(file.as_posix()) and not file.exists():
        experiment, notes = opened(file.as_posix())
        for note in notes:
            click.echo(f"Note: {note}", err=True)
        return experiment
    return files.open_any(file, wish=wish)


def _with_settings(
    experiment: Experiment, settings: tuple[tuple[str, Any], ...], named: dict[str, Any]
) -> Experiment:
    """`experiment` with every --set in order, then the options that have a name of their own.

    Other data get a loss that fits them, as in the window, unless a setting names one.
    """
    before, experiment = experiment, experiment.with_settings(settings)
    places = {".".join(path.split(".")[:2]) for path, _ in settings}
    if not places & {"training", "training.loss"} and any(p.startswith("data") for p in places):
        experiment = fitting(experiment, before)
    for name, value in named.items():
        if value is not None:
            experiment = experiment.with_setting(f"training.{name}", value)
    return experiment


def _adjusted(
    before: Experiment, after: Experiment, said: Mapping[str, Any], quiet: bool
) -> dict[str, Any]:
    """What follows from the settings beside what they say, by its path, for JSON; empty where
    nothing does. Says it on stderr, too.
    """
    found = {}
    for path in _MAY_FOLLOW:
        value = value_at(after, path)
        if not isinstance(value, str | tuple | None):
            continue  # the answers of drawn points are no column
        if path not in said and value != value_at(before, path):
            found[path] = list(value) if isinstance(value, tuple) else value
    if found and not quiet:
        click.echo(_said_of(found), err=True)
    return {"adjusted": found} if found else {}


def _said_of(adjusted: Mapping[str, Any]) -> str:
    """What follows from the settings, as they are written behind --set."""
    parts = [
        f"{path}={value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for path, value in adjusted.items()
    ]
    return printable(f"This follows from the settings: {' '.join(parts)}")


def _train(experiment: Experiment, evaluate_every: int | None, quiet: bool) -> tuple[Result, bool]:
    """The result, and whether Ctrl+C cut it short."""
    from playground.engines.compiled import kernel_cache
    from playground.engines.contract.run_control import RunControl, State
    from playground.engines.loop.headless import train_to_end

    wants_kernels = experiment.training.engine in ("auto", "compiled")
    if wants_kernels and not quiet and not kernel_cache.is_ready():
        click.echo("The compiled engine is made ready, once; this takes a while ...", err=True)
    control = RunControl()
    total = experiment.training.epochs or 0
    with stopped_by_ctrl_c(control), progress.shown(total, quiet=quiet) as watch:
        result = train_to_end(
            experiment, evaluate_every=evaluate_every, control=control, watch=watch
        )
    return result, control.stopped and result.state == State.RUNNING


def _write(result: Result, folder: Path, quiet: bool) -> None:
    from playground.engines.loop.results import write_results

    for path in write_results(result, folder):
        say_written(path, quiet)


def _summary(result: Result) -> str:
    """The result as a few aligned lines."""
    plain = result.as_json()
    title = printable(result.experiment.title) or "Untitled"
    epochs = plural("{count:,} epoch", "{count:,} epochs", result.epochs)
    steps = plural("{count:,} step", "{count:,} steps", result.steps)
    lines = [
        f"{title}: {epochs}, {steps} in {result.seconds:.2f} s"
        f" ({plain['steps_per_second']:,.0f} steps/s)",
        f"Engine    {trained_by(result.info, result.info.label)}, seed {plain['seed']}."
        f" {result.info.reason}",
        *described(result.dataset, result.experiment),
    ]
    splits = [("Training", result.train)]
    splits += [] if result.test is None else [("Test", result.test)]
    lines += [f"{name:8}  {_shown(score)}" for name, score in splits]
    if "r2" in plain:
        lines[-1] += f", R² {plain['r2']:.4g}"
    if not result.dataset.target_scale.is_plain:
        lines.append(
            "Targets   learned with mean 0 and deviation 1; losses are in the units of the data"
        )
    return "\n".join(lines)


def _shown(score: Score) -> str:
    accuracy = "" if score.accuracy is None else f", accuracy {score.accuracy:.1%}"
    return f"loss {score.loss:.4g}{accuracy}"
