"""The training thread: it iterates `train()` and leaves every snapshot in the mailbox.

Owns the only thread on which torch is imported and tensors live. A Worker lives on that thread;
what it reports are queued signals, received by slots of objects on the GUI thread. A run that is
under way answers to its RunControl only: a queued request waits until the run has been stopped.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

from PySide6.QtCore import QObject, QThread, Signal, Slot

from playground.core.dataset import Dataset, prepare, what_makes_data
from playground.core.errors import PlaygroundError
from playground.core.experiment import Experiment, GeneratedData
from playground.core.generators import GENERATORS
from playground.engines.exchange import Mailbox, RunControl, Snapshot
from playground.engines.preload import preload, without_collecting
from playground.ui.threads import prepare_thread

__all__ = ["Run", "TrainingThread", "Worker"]

CLOSING_MILLISECONDS = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A request to train: what, and how to talk to it while it runs.

    instant_epochs  epochs of each training in Instant, where every change trains anew; None for a
                    run that goes on.
    dataset         the data of the experiment, where they are prepared already.
    """

    run_id: int
    experiment: Experiment
    control: RunControl
    instant_epochs: int | None = None
    dataset: Dataset | None = None


class Worker(QObject):
    """Lives on the training thread."""

    posted = Signal()  # the mailbox, empty before, holds a snapshot
    prepared = Signal(int, object)  # run id, Dataset: the data of a run, before its network exists
    finished = Signal(int)  # run id: the run was stopped
    failed = Signal(int, str)  # run id, sentence for a person
    pictured = Signal(str, object)  # key of a data set, Points for its picture
    devicesFound = Signal(object)  # list of (name, label)

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__()
        self._mailbox = mailbox
        self._has_looked_around = False
        self._kept: tuple[object, Dataset] | None = None

    @Slot(object)
    def carry_out(self, run: Run) -> None:
        """Train until the run is stopped or fails; exactly one of `finished` and `failed` is
        emitted.
        """
        try:
            self._train(run)
        except PlaygroundError as error:
            self.failed.emit(run.run_id, str(error))
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            self.failed.emit(
                run.run_id, f"Training stopped on an unexpected error: {error}. Please report it."
            )
        else:
            self.finished.emit(run.run_id)

    def _train(self, run: Run) -> None:
        if run.control.stopped:
            return
        with nullcontext() if self._has_looked_around else without_collecting():
            snapshots = self._begin(run)
            self._post(next(snapshots, None))
        for snapshot in snapshots:
            self._post(snapshot)

    def _begin(self, run: Run) -> Iterator[Snapshot]:
        """Prepare the data of a run; the first time, import everything, which takes seconds."""
        dataset = self._data_of(run)
        self.prepared.emit(run.run_id, dataset)
        if not self._has_looked_around:
            self._has_looked_around = True
            self._draw_gallery()
            self._list_devices()
        from playground.engines.training import train

        return train(
            run.experiment,
            dataset,
            run.control,
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

    def _post(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None and self._mailbox.put(snapshot):
            self.posted.emit()

    def _draw_gallery(self) -> None:
        """The points for the pictures of the gallery; some generators import scikit-learn."""
        for choice in GENERATORS:
            data = GeneratedData(
                generator=choice.key,
                samples=160,
                test_ratio=0.0,
                classes=min(3, choice.value.classes[1]),
            )
            self.pictured.emit(choice.key, prepare(Experiment.parse({"data": data})).points)

    def _list_devices(self) -> None:
        preload()
        from playground.engines import devices

        self.devicesFound.emit([(device.name, device.label) for device in devices.available()])


class TrainingThread(QObject):
    """Starts the thread with its worker, hands it runs, and ends both within a bounded time."""

    requested = Signal(object)  # Run

    def __init__(self, mailbox: Mailbox, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread()
        self._thread.setObjectName("training")
        prepare_thread(self._thread)
        self.worker = Worker(mailbox)
        self.worker.moveToThread(self._thread)
        self.requested.connect(self.worker.carry_out)
        self._thread.start()

    def close(self) -> bool:
        """End the thread, whose run the caller has stopped; False where it does not end in time."""
        self._thread.quit()
        return self._thread.wait(CLOSING_MILLISECONDS)
