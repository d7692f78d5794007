"""What a worker does to train: prepare the data, iterate `train()`, post every snapshot.

Its thread is the only one on which torch is imported and tensors live, but for a race's; torch is
imported once a network needs it. A run that is under way answers to its RunControl only. Imports no
Qt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from playground.core.data.data import GeneratedData
from playground.core.data.dataset import Dataset, prepare, what_makes_data
from playground.core.data.generators import GENERATORS
from playground.core.data.points import Points
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.control import Post
from playground.engines.contract.run_control import RunControl, Snapshot
from playground.engines.loop.preload import load_torch, preload, without_collecting


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A request to train.

    instant_epochs  epochs of each training in Instant, where every change trains anew; None for a
                    run that goes on.
    dataset         the data of the experiment, where they are prepared already.
    looks_around    True until somebody has heard of a gallery and the devices.
    """

    run_id: int
    experiment: Experiment
    instant_epochs: int | None = None
    dataset: Dataset | None = None
    looks_around: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """Points for the pictures of data sets, by their keys."""

    points: Mapping[str, Points]

    def after(self, older: Gallery) -> Gallery:
        return Gallery({**older.points, **self.points})


@dataclass(frozen=True, slots=True, eq=False)
class Devices:
    """(name, label) of everything that can train."""

    found: Sequence[tuple[str, str]]


class Trainer:
    """Trains one run after another, and remembers the data of the last."""

    def __init__(self) -> None:
        self._kept: tuple[object, Dataset] | None = None

    def train(self, run: Run, control: RunControl, post: Post) -> None:
        """Train until the run is stopped; posts its Dataset before its network exists, and
        Snapshots. Raises PlaygroundError.
        """
        with without_collecting() if run.looks_around else nullcontext():
            snapshots = self._begin(run, control, post)
            first = next(snapshots, None)
        if first is not None:
            post(first)
        for snapshot in snapshots:
            post(snapshot)

    def _begin(self, run: Run, control: RunControl, post: Post) -> Iterator[Snapshot]:
        """Prepare the data of a run; the first time, import what it needs, which takes seconds."""
        dataset = self._data_of(run)
        post(dataset)
        if run.looks_around:
            _draw_gallery(post)
            _list_devices(post)
        from playground.engines.loop.training import train

        return train(
            run.experiment,
            dataset,
            control,
            run_id=run.run_id,
            instant_epochs=run.instant_epochs,
        )

    def _data_of(self, run: Run) -> Dataset:
        """The data of a run; those of the run before, where nothing about them has changed."""
        key = what_makes_data(run.experiment)
        if run.dataset is not None:
            self._kept = key, run.dataset
        elif self._kept is None or self._kept[0] != key:
            self._kept = key, prepare(run.experiment)
        return self._kept[1]


def _draw_gallery(post: Post) -> None:
    """Some generators import scikit-learn."""
    for choice in GENERATORS:
        data = GeneratedData(
            generator=choice.key,
            samples=160,
            test_ratio=0.0,
            classes=min(3, choice.value.classes[1]),
        )
        points = prepare(Experiment.parse({"data": data})).points
        post(Gallery({choice.key: points}))


def _list_devices(post: Post) -> None:
    preload("llvmlite")  # of the kernels
    from playground.engines.pytorch import devices

    if devices.may_have_card():
        load_torch()
    post(Devices([(device.name, device.label) for device in devices.available()]))
