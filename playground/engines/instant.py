"""Instant: train anew, from the same start, with every change, and show only what came out.

It is the one training loop, started again and again. While changes keep coming, the newest one
wins; a training that is about to end is let to its end, so that there is always something to see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from time import perf_counter

from playground.core.dataset import Dataset, prepare
from playground.core.errors import PlaygroundError
from playground.core.experiment import Experiment
from playground.engines.exchange import RunControl, Snapshot, State
from playground.engines.training import train

__all__ = ["PATIENCE_SECONDS", "retrain"]

PATIENCE_SECONDS = 0.1
"""A result that is there within this time is shown at once; a longer training is shown while it
goes on.
"""

CURVE_POINTS = 100


def retrain(
    experiment: Experiment,
    dataset: Dataset,
    control: RunControl,
    *,
    epochs: int,
    run_id: int = 0,
) -> Iterator[Snapshot]:
    """Train for that many epochs; then, whenever `control` brings another experiment, from its
    start again.

    Yields only snapshots with a picture: the end of a training, and its progress once it has taken
    longer than PATIENCE_SECONDS. Each training is a generation of its own. Ends when the control is
    stopped. Raises PlaygroundError where the first experiment cannot be trained; a later one that
    cannot leaves the last result standing, with a message.
    """
    last: Snapshot | None = None
    for generation in count(1):
        try:
            if generation > 1:
                dataset = prepare(experiment)
            for snapshot in _fresh_run(experiment, dataset, control, epochs, run_id):
                last = replace(snapshot, generation=generation)
                yield last
        except PlaygroundError as error:
            if last is None:
                raise
            yield replace(last, state=State.BLOCKED, message=str(error), curve=())
        control.wait_for_change()
        if control.stopped:
            return
        experiment = control.take_change().experiment or experiment


def _fresh_run(
    experiment: Experiment, dataset: Dataset, control: RunControl, epochs: int, run_id: int
) -> Iterator[Snapshot]:
    """One training from the start, dropped where it takes long and a newer experiment waits."""
    experiment = experiment.with_setting("training.epochs", epochs)
    own = RunControl(views=control.views, quiet=PATIENCE_SECONDS)
    started = perf_counter()
    held_back: tuple = ()
    every = max(1, epochs // CURVE_POINTS)
    for snapshot in train(experiment, dataset, own, run_id=run_id, evaluate_every=every):
        held_back += snapshot.curve
        if snapshot.frame is not None:
            yield replace(snapshot, curve=held_back, message=_without_praise(snapshot))
            held_back = ()
        is_long = perf_counter() - started > PATIENCE_SECONDS
        if control.stopped or (is_long and control.interrupted):
            return


def _without_praise(snapshot: Snapshot) -> str:
    """Reaching the last epoch is what Instant is for, and needs no notice."""
    return "" if snapshot.state == State.REACHED else snapshot.message
