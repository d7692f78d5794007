"""What all commands that train share: an end by Ctrl+C, a folder for what they write, and who
trained.

Main thread only, because that is where Python delivers Ctrl+C.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from unicodedata import east_asian_width

import click

from playground.core.data.tables.inputs import image_in_words
from playground.core.data.tables.reading import MOST_OF_A_PATH
from playground.core.errors import FileError, listed, printable, reason_of, short
from playground.core.messages import Message, plural

if TYPE_CHECKING:
    from playground.core.data.dataset import Dataset
    from playground.core.experiment.experiment import Experiment
    from playground.engines.contract.run_control import RunInfo

Command = Callable[..., Any]

_MOST_NAMED = 20
"""Columns that are named one by one."""


class Stoppable(Protocol):
    """The control of a run or a race."""

    def stop(self) -> None: ...


@contextmanager
def stopped_by_ctrl_c(control: Stoppable) -> Iterator[None]:
    """Inside, the first Ctrl+C asks the run to stop, the second one ends the program."""

    def stop(*_: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        control.stop()

    previous = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def printed_options(out_help: str) -> Callable[[Command], Command]:
    """The decorator of a command that trains: where it writes, and how it prints."""
    folder = click.Path(file_okay=False, path_type=Path)

    def with_options(command: Command) -> Command:
        for option in (
            click.option("--quiet", is_flag=True, help="Show no progress."),
            click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
            click.option("--out", type=folder, metavar="DIR", help=out_help),
        ):
            command = option(command)
        return command

    return with_options


def say_written(path: Path, quiet: bool) -> None:
    """Say on stderr that a file is there, unless nobody wants to know."""
    if not quiet:
        click.echo(f"Wrote {printable(str(path))}", err=True)


def aligned(rows: Sequence[Sequence[str]], side: str = "<") -> list[str]:
    """Rows as lines with columns that stand under each other: the first one to the left, the others
    to the `side` that Python's formats name. A Japanese sign takes two columns of a terminal.
    """
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    sides = ["<", *[side] * (len(widths) - 1)]
    lines = []
    for row in rows:
        cells = zip(row, sides, widths, strict=True)
        padded = (f"{cell:{to}{width - _width(cell) + len(cell)}}" for cell, to, width in cells)
        lines.append("  ".join(padded).rstrip())
    return lines


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def trained_by(info: RunInfo, name: str = "") -> str:
    """Who trained, as people read it: the engine, by another name where one is given, the device
    and the threads.
    """
    threads = "1 thread" if info.threads == 1 else f"{info.threads} threads"
    return f"{name or info.engine} on {info.device} ({threads})"


def described(dataset: Dataset, experiment: Experiment) -> list[str]:
    """What was read and chosen of a table, and with what it is trained, in two lines, of images
    from a file or folder in one, and a line for each warning; nothing for other data.
    """
    description, said = dataset.description, list[str]()
    if description is not None:
        what, how = description.lines(dataset.data)
        said = [what, f"{how}; {_in_words(experiment)}", *description.warnings]
    elif dataset.has_own_images:
        said = [f"{counted_images(dataset)} ({listed(dataset.class_names, 120)})", *dataset.notes]
    else:
        return []
    marks = ["Data", *[""] * (len(said) - 1)]
    return [f"{mark:10}{printable(line)}" for mark, line in zip(marks, said, strict=True)]


def counted_images(dataset: Dataset) -> str:
    """Such as: 298 images of 32 x 32 pixels in colour."""
    channels, height, width = dataset.image or (1, 0, 0)
    color = "in colour" if channels == 3 else "in grey"
    return f"{len(dataset.points):,} images of {width} x {height} pixels {color}"


def _in_words(experiment: Experiment) -> str:
    """The settings that are others for tables at first than for drawn points."""
    training, weights = experiment.training, experiment.model.initializer
    size = training.batch_size
    batches = "full batches" if size == "full" else f"batches of {size}"
    rate = f"{training.optimizer.label} at {training.optimizer.learning_rate:g}"
    return f"{rate}, {batches}, {weights} weights"


def counted_rows(count: int) -> Message:
    """How many rows there are, in words."""
    return plural("{count:,} row", "{count:,} rows", count)


def said_of(data: Mapping[str, Any]) -> str:
    """What would be learned of a table, in a sentence; `data` as in `train --json`."""
    inputs = printable(_in_short(data["inputs"]))
    if data["image"] is not None:
        inputs = image_in_words(data["image"])
    answer = printable(data["answer"])
    kind = f"classes {printable(', '.join(data['classes']))}" if data["classes"] else "a number"
    return f"Learned by itself: {answer} ({kind}) from {inputs}; {counted_rows(data['rows'])}."


def _in_short(names: Sequence[str]) -> str:
    """All names, or what stands for them where nobody would read them."""
    if len(names) <= _MOST_NAMED:
        return ", ".join(names)
    return f"{names[0]}, {names[1]}, ... {names[-1]} ({len(names):,} columns)"


def make_folder(folder: Path) -> None:
    """Before training: nobody should wait for results that cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            "{folder} cannot be made: {reason}; choose another folder with --out.",
            folder=short(folder, MOST_OF_A_PATH),
            reason=reason_of(error),
        ) from None
