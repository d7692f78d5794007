"""How far a run is: a bar on a terminal, a few plain lines elsewhere; always on stderr.

Main thread only, like the run that it watches.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from playground.engines.contract.run_control import Snapshot

Watch = Callable[["Snapshot"], None]

LINES = 10
"""Plain lines after the first one, however long a run is."""


@contextmanager
def shown(epochs: int, *, quiet: bool) -> Iterator[Watch]:
    """A function that shows the snapshots of a run of that many epochs."""
    if quiet:
        yield lambda snapshot: None
    elif sys.stderr.isatty():
        with _bar(epochs) as watch:
            yield watch
    else:
        yield _lines(epochs)


@contextmanager
def _bar(epochs: int) -> Iterator[Watch]:
    with click.progressbar(
        length=max(1, epochs),
        label="Training",
        file=sys.stderr,
        width=20,  # leaves room for the losses in a line of 80 columns
        item_show_func=lambda snapshot: snapshot and _losses(snapshot),
    ) as bar:

        def watch(snapshot: Snapshot) -> None:
            bar.update(snapshot.epoch - bar.pos, snapshot)

        yield watch


def _lines(epochs: int) -> Watch:
    """A line at the start, at the end, and whenever another tenth of the run is done."""
    due = 0

    def watch(snapshot: Snapshot) -> None:
        nonlocal due
        tenths = snapshot.epoch * LINES // max(1, epochs)
        if tenths >= due:
            due = tenths + 1
            click.echo(f"Epoch {snapshot.epoch:,} of {epochs:,}: {_losses(snapshot)}", err=True)

    return watch


def _losses(snapshot: Snapshot) -> str:
    test = "" if snapshot.test is None else f" (test {snapshot.test.loss:.4g})"
    return f"loss {snapshot.train.loss:.4g}{test}"
