"""What has been trained since it was last saved, and is gone with its run.

A project file holds no weights, so a document may be saved and its training not. GUI thread.
"""

from __future__ import annotations

from playground.ui.session.runner import Runner

SECONDS_WORTH_ASKING = 10.0


class UnsavedTraining:
    """Watches one Runner; asks nothing, and knows no document."""

    def __init__(self, run: Runner) -> None:
        self._run = run
        self._run_id = run.run_id
        self._saved_seconds = 0.0
        self._is_edited = False

    @property
    def seconds(self) -> float:
        """Seconds of training that would be lost; none in Instant, which repeats them by itself."""
        self._follow()
        snapshot = self._run.snapshot
        if self._run.is_instant or snapshot is None or snapshot.step == 0:
            return 0.0
        return max(0.0, self._all_seconds() - self._saved_seconds)

    @property
    def is_edited(self) -> bool:
        """True where a hand has put a weight to a value, or weights came back after a crash."""
        self._follow()
        return self._is_edited and not self._run.is_instant

    def is_worth_asking(self) -> bool:
        """True where a person would miss it."""
        return self.is_edited or self.seconds > SECONDS_WORTH_ASKING

    def is_there(self) -> bool:
        """True where anything at all has been trained or edited."""
        return self.is_edited or self.seconds > 0

    def note_edit(self) -> None:
        """Weights are now what no training from the start leads to."""
        self._follow()
        self._is_edited = True

    def note_saved(self) -> None:
        """The weights of now lie in a file."""
        self._follow()
        self._saved_seconds, self._is_edited = self._all_seconds(), False

    def _all_seconds(self) -> float:
        """By the clock on the wall, or by that of the steps, which single steps move, too."""
        snapshot = self._run.snapshot
        return max(self._run.elapsed(), snapshot.seconds if snapshot is not None else 0.0)

    def _follow(self) -> None:
        """Another run begins with nothing to lose."""
        if self._run.run_id != self._run_id:
            self._run_id, self._saved_seconds, self._is_edited = self._run.run_id, 0.0, False
