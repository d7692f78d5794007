"""`playground compare`: several experiments, or one with a setting swept, raced from one start.

Main thread only, because that is where Python delivers Ctrl+C. Imports the engines, and so torch,
only when there is something to train.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from playground.cli import progress
from playground.cli.running import (
    aligned,
    make_folder,
    printed_options,
    say_written,
    stopped_by_ctrl_c,
    trained_by,
)
from playground.core.errors import ExperimentError, printable, short
from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment
from playground.core.races import MOST_LANES, Sweep, sweep_all, values_in

if TYPE_CHECKING:
    from playground.engines.many.race import RaceSnapshot, Standing

EPILOG = """\b
Examples:
  playground compare sgd.playground.json adam.playground.json --epochs 200
  playground compare spiral.playground.json --epochs 200 --threshold 0.1 \\
      --set training.optimizer.kind=sgd,adam,rmsprop --out results
  playground compare spiral.playground.json --epochs 100 \\
      --set training.optimizer.learning_rate=0.01,0.1 --set training.seed=1,2,3
  playground compare moons.csv --epochs 50 --set 'model.layers.*.activation=relu,tanh'
"""


class _Sweep(click.ParamType):
    """PATH=VALUE[,VALUE...] as (path, values)."""

    name = "path=value[,value...]"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Sweep:
        path, _, text = value.partition("=")
        values = values_in(text)
        if not (path and values):
            self.fail(f"'{value}' is not of the form training.optimizer.learning_rate=0.01,0.1.")
        return path, values


@click.command(epilog=EPILOG, short_help="Race experiments from one start.")
@click.argument(
    "sources", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="FILE..."
)
@click.option(
    "--set",
    "sweeps",
    type=_Sweep(),
    multiple=True,
    metavar="PATH=VALUE[,VALUE...]",
    help="Change any setting; with several values, race them. Several lists give every"
    f" combination, up to {MOST_LANES} lanes. A layer's number may be *, for all of them.",
)
@click.option("--epochs", type=click.IntRange(min=0), metavar="N", help="Passes over the points.")
@click.option(
    "--threshold",
    type=click.FloatRange(min=0, min_open=True),
    metavar="X",
    help="Say at which step the loss of each first gets below X.",
)
@click.option(
    "--watch",
    type=click.Choice(("train", "test")),
    default="train",
    show_default=True,
    help="Whose loss has to get below the threshold.",
)
@printed_options("Folder for the curves as a picture (compare.png) and a table (compare.csv).")
def compare(
    sources: tuple[Path, ...],
    sweeps: tuple[Sweep, ...],
    epochs: int | None,
    threshold: float | None,
    watch: Literal["train", "test"],
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Train several experiments from one start, and print who learned what, and how soon.

    FILE is a project file or a CSV file, as for `train`. With several files each is a lane; a
    setting with several values makes a lane of each value. Losses are looked at after every epoch,
    which is every step where the batch is "full".

    Ctrl+C ends the race early; what was trained so far is still printed and written.
    """
    lanes = _lanes(sources, sweeps)
    length = _epochs(lanes, epochs)
    if out is not None:
        make_folder(out)
    moment, was_interrupted = _run(lanes, length, quiet)
    if out is not None:
        _write(moment, threshold, out, quiet)
    click.echo(_as_json(moment, threshold, watch) if as_json else _table(moment, threshold, watch))
    if was_interrupted:
        raise KeyboardInterrupt  # everything is written; the caller still has to learn of it


def _lanes(sources: Sequence[Path], sweeps: Sequence[Sweep]) -> dict[str, Experiment]:
    """Every file with every combination, by a name that tells them apart."""
    lanes: dict[str, Experiment] = {}
    is_swept = any(len(values) > 1 for _, values in sweeps)
    for source in sources:
        for combination, experiment in sweep_all(files.open_any(source), sweeps).items():
            parts = [_stem(source)] if len(sources) > 1 or not is_swept else []
            name = ", ".join([*parts, combination] if is_swept else parts)
            if name in lanes:
                raise ExperimentError(
                    "{name} makes a second lane named '{lane}'; give the files different names.",
                    name=source,
                    lane=short(name),
                )
            lanes[name] = experiment
    if len(lanes) > MOST_LANES:
        raise ExperimentError(
            "These files and values make {count} lanes, but {most} are the most; name fewer.",
            count=len(lanes),
            most=MOST_LANES,
        )
    return lanes


def _stem(source: Path) -> str:
    return source.name.removesuffix(files.SUFFIX) if files.SUFFIX in source.name else source.stem


def _epochs(lanes: dict[str, Experiment], wanted: int | None) -> int:
    """As many as were asked for, else the most that a file names: a race has one length."""
    named = [lane.training.epochs for lane in lanes.values() if lane.training.epochs is not None]
    if wanted is None and not named:
        raise ExperimentError(
            "training.epochs: these files train until they are stopped; say how long with --epochs."
        )
    return max(named) if wanted is None else wanted


def _run(lanes: dict[str, Experiment], epochs: int, quiet: bool) -> tuple[RaceSnapshot, bool]:
    """The end of the race, and whether Ctrl+C cut it short.

    Raises KeyboardInterrupt where that came before anything was trained.
    """
    from playground.engines.many.race import race
    from playground.engines.many.race_control import RaceControl

    control, moment = RaceControl(), None
    with stopped_by_ctrl_c(control), progress.shown(epochs, quiet=quiet) as watch:
        for moment in race(lanes, epochs=epochs, control=control):
            watch(max((lane.snapshot for lane in moment.lanes), key=lambda now: now.epoch))
    if moment is None:
        raise KeyboardInterrupt
    return moment, control.stopped and not moment.is_over


def _write(moment: RaceSnapshot, threshold: float | None, folder: Path, quiet: bool) -> None:
    from playground.engines.many.race import as_csv
    from playground.engines.many.race_picture import draw_race

    png = io.BytesIO()
    draw_race(moment.lanes, threshold=threshold).save(png, "png")
    contents = {"compare.png": png.getvalue(), "compare.csv": as_csv(moment.lanes)}
    for name, content in contents.items():
        files.write_atomically(folder / name, content)
        say_written(folder / name, quiet)


def _as_json(moment: RaceSnapshot, threshold: float | None, watch: str) -> str:
    from playground.engines.loop.headless import known, scores_of

    rows = []
    for lane, row in zip(moment.lanes, _standings(moment, threshold, watch), strict=True):
        now = lane.snapshot
        values = {
            "name": lane.name,
            "engine": now.info.engine,
            "device": now.info.device,
            "threads": now.info.threads,
            "seed": lane.experiment.training.seed,
            "epochs": now.epoch,
            "steps": now.step,
            "diverged": row.has_diverged,
            **scores_of(row.train, row.test),
            "below_threshold_epoch": row.epoch,
            "below_threshold_step": row.step,
        }
        rows.append(known(values))
    whole = {"epochs": moment.epochs, "threshold": threshold, "watch": watch, "lanes": rows}
    return json.dumps(whole, allow_nan=False)


def _standings(moment: RaceSnapshot, threshold: float | None, watch: str) -> list[Standing]:
    from playground.engines.many.race import standings

    return standings(moment.lanes, threshold, cast(Literal["train", "test"], watch))


def _table(moment: RaceSnapshot, threshold: float | None, watch: str) -> str:
    """A row for each lane, in aligned columns."""
    rows = _standings(moment, threshold, watch)
    has_test = any(row.test is not None for row in rows)
    has_accuracy = any(row.train.accuracy is not None for row in rows)
    columns = [["", *(printable(row.name) for row in rows)]]
    columns.append(["training loss", *(f"{row.train.loss:.4g}" for row in rows)])
    if has_test:
        losses = (f"{row.test.loss:.4g}" if row.test else "" for row in rows)
        columns.append(["test loss", *losses])
    if has_accuracy:
        scores = ((row.test or row.train).accuracy for row in rows)
        columns.append(["accuracy", *("" if s is None else f"{s:.1%}" for s in scores)])
    if threshold is not None:
        columns.append([f"below {threshold:g}", *map(_when, rows)])
    elif any(row.has_diverged for row in rows):
        columns.append(["", *("diverged" if row.has_diverged else "" for row in rows)])
    columns.append(["trained by", *(trained_by(lane.snapshot.info) for lane in moment.lanes)])
    return "\n".join(aligned(list(zip(*columns, strict=True)), ">"))


def _when(row: Standing) -> str:
    if row.step is not None:
        return f"step {row.step:,}, epoch {row.epoch:,}"
    return "diverged" if row.has_diverged else "never"
