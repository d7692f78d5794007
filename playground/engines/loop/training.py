"""The only training loop: the window, the command line, scripts and benchmarks iterate `train`.

The loop decides *when*: to train on, to draw, to look at what it was told, to start anew. A `Run`
is one training from its first weights on. How often the loop polls changes nothing of what is
learned, so the same experiment gives the same curve in the window and without one.

In Instant the loop trains to the end at once, shows what came out, and starts anew, from the same
start, with every change of what is learned from. While changes keep coming the newest one wins; a
training that is about to end is let to its end, so that there is always something to see.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from playground.core.data.dataset import Dataset
from playground.core.data.tables.reading import Cancelled
from playground.core.errors import ExperimentError
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.checkpoint import Checkpoint
from playground.engines.contract.run_control import RunControl, Snapshot
from playground.engines.loop.run import Run, snapshots


def train(
    experiment: Experiment,
    dataset: Dataset,
    control: RunControl | None = None,
    *,
    run_id: int = 0,
    evaluate_every: int | None = None,
    instant_epochs: int | None = None,
    start: Checkpoint | None = None,
) -> Iterator[Snapshot]:
    """Train, and yield a Snapshot at the start, at the end, and in between whenever there is
    something to see.

    Headless (`control.interactive` is False) the run ends after `training.epochs`, or where the
    loss is no longer finite, with state REACHED or DIVERGED. In the window it then waits, paused,
    until it is stopped.

    evaluate_every  epochs between two points of the curve; left out, the gap widens as the run gets
                    longer.
    instant_epochs  Instant: epochs of each training, each of which is a generation of its own. Its
                    progress is shown only once it has taken longer than `run.PATIENCE_SECONDS`.
                    Pausing and speed mean nothing here. A change that cannot be trained leaves the
                    last result standing, BLOCKED with a message.
    start           where a run of this experiment was, to go on from; the curve begins there, with
                    a point where that is the end of an epoch.

    Everything that touches torch happens in the thread that iterates. Raises PlaygroundError where
    the experiment cannot be trained.
    """
    control = control or RunControl()
    if experiment.training.epochs is None and instant_epochs is None and not control.interactive:
        raise ExperimentError("training.epochs: say how many epochs to train for.")
    with suppress(Cancelled):  # a run that was stopped before it could begin has nothing to show
        run = Run(experiment, dataset, control, run_id, evaluate_every, instant_epochs, start=start)
        yield from snapshots(run)
