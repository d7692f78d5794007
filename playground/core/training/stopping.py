"""When a run ends by itself: the settings, and the watch that says when one of them holds.

Pure Python; runs on any thread. The number of epochs is a setting of its own, `training.epochs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from playground.core.experiment.settings import AS_INT, Settings, setting
from playground.core.messages import Message
from playground.core.numbers import percent, plain, rounded

MOST_OF_FIRST_FORMAT = 1e6
"""The largest loss to stop below that the first format of the project file takes."""


class Stop(Settings):
    """Conditions that end a run; the first one that holds does. Left out, none is set."""

    loss_below: float | None = setting(
        None,
        label="Loss below",
        live=True,
        ge=0.0,
        le=1e30,  # squares of targets in units of their own, such as milliseconds since 1970
        log=True,
        help="Stop as soon as the loss is below this number. Empty: never.",
    )
    accuracy_above: float | None = setting(
        None,
        label="Accuracy above",
        live=True,
        ge=0.0,
        lt=1.0,
        step=0.01,
        help="Stop as soon as the part of right answers is above this, from 0 to 1. Empty: never.",
    )
    patience: Annotated[int, Field(ge=1, le=1_000_000), AS_INT] | None = setting(
        None,
        label="Patience",
        live=True,
        step=1,
        help="Stop after so many epochs in which the loss did not get better (early stopping)."
        " Empty: never.",
    )
    watch: Literal["test", "train"] = setting(
        "test",
        label="Watch",
        live=True,
        help="Which points count: those held out for testing, or those trained on. Without test"
        " points the training points count.",
    )

    @property
    def is_new(self) -> bool:
        """True where the first format of the project file refuses what is set."""
        return self.loss_below is not None and self.loss_below > MOST_OF_FIRST_FORMAT

    @property
    def is_set(self) -> bool:
        """True where the run may end before its last epoch."""
        return (self.loss_below, self.accuracy_above, self.patience) != (None, None, None)


@dataclass(slots=True)
class StopWatch:
    """Watches the scores of one run, epoch by epoch."""

    stop: Stop
    _best: float = float("inf")
    _best_epoch: int = 0

    @property
    def memory(self) -> tuple[float, float]:
        """The lowest loss so far, and its epoch: with them another watch goes on."""
        return self._best, self._best_epoch

    def go_on(self, memory: Sequence[float]) -> None:
        """Watch on from what `memory` gave."""
        best, epoch = memory
        self._best, self._best_epoch = float(best), int(epoch)

    def observe(self, epoch: int, loss: float, accuracy: float | None) -> Message | None:
        """The condition that holds now as a sentence for a person, None while none does."""
        if loss < self._best:
            self._best, self._best_epoch = loss, epoch
        stop = self.stop
        if stop.loss_below is not None and loss < stop.loss_below:
            return Message(
                "Stopped at epoch {epoch:,}: the loss, {loss}, is below {bound}.",
                epoch=epoch,
                loss=rounded(loss, 4),
                bound=plain(stop.loss_below),
            )
        if (
            stop.accuracy_above is not None
            and accuracy is not None
            and accuracy > stop.accuracy_above
        ):
            return Message(
                "Stopped at epoch {epoch:,}: the accuracy, {accuracy}, is above {bound}.",
                epoch=epoch,
                accuracy=percent(accuracy),
                bound=percent(stop.accuracy_above),
            )
        if stop.patience is not None and epoch - self._best_epoch >= stop.patience:
            return Message(
                "Stopped at epoch {epoch:,}: the loss was best in epoch {best:,}, and not since,"
                " for {patience:,} epochs.",
                epoch=epoch,
                best=self._best_epoch,
                patience=stop.patience,
            )
        return None
