"""When a run ends by itself: after its last epoch, or where a condition holds.

Belongs to the thread that trains.
"""

from __future__ import annotations

from playground.core.experiment.experiment import TrainingSpec
from playground.core.messages import Message
from playground.core.training.stopping import Stop, StopWatch
from playground.engines.contract.base import Score


class Ending:
    """The end that a person set for a run, and may move while it runs."""

    def __init__(self, training: TrainingSpec) -> None:
        self.limit = training.epochs
        self.watch: StopWatch | None = None
        self._watch_for(training.stop)

    @property
    def watches(self) -> bool:
        """True where every epoch has to be evaluated."""
        return self.watch is not None

    def is_at_limit(self, epoch: int) -> bool:
        return self.limit is not None and epoch >= self.limit

    def epochs_left(self, epoch: int) -> int | None:
        """Epochs to the last one; None where there is none."""
        return None if self.limit is None else self.limit - epoch

    def reason(self, epoch: int, train: Score, test: Score | None) -> Message | None:
        """Why the run ends at this epoch, as a sentence; None where it goes on."""
        if self.watch is not None and epoch > 0:
            score = test if self.watch.stop.watch == "test" and test is not None else train
            sentence = self.watch.observe(epoch, score.loss, score.accuracy)
            if sentence is not None:
                return sentence
        if not self.is_at_limit(epoch):
            return None
        return Message("The run has reached epoch {epoch:,}.", epoch=epoch)

    def go_on(self, epoch: int, training: TrainingSpec, *, has_ended: bool) -> None:
        """Someone wants to go on at this epoch.

        After the last epoch that means as many once more; after a condition, without it.
        """
        if has_ended and self.is_at_limit(epoch):
            self.limit = epoch + max(1, training.epochs or 1)
        elif has_ended:
            self.watch = None
        if self.is_at_limit(epoch):
            self.limit = epoch + 1

    def change(self, old: TrainingSpec, new: TrainingSpec) -> bool:
        """Take over another end; True where there was one to take over."""
        if new.epochs != old.epochs:
            self.limit = new.epochs
        if new.stop != old.stop:
            self._watch_for(new.stop)
        return (new.epochs, new.stop) != (old.epochs, old.stop)

    def _watch_for(self, stop: Stop) -> None:
        self.watch = StopWatch(stop) if stop.is_set else None
