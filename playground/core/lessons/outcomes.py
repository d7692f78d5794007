"""What became of the goals of a lesson when somebody went through it.

Knows the lesson's parts; runs on any thread.
"""

from __future__ import annotations

from dataclasses import dataclass

from playground.core.lessons.goals import Goal


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the solution of a step, counted from 0, reaches one of its goals.

    is_early  it was ticked before anything was done for it, and so counts as not reached
    """

    step: int
    goal: Goal
    is_reached: bool
    is_early: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """A way through a whole lesson.

    troubles  (step, sentence): actions that could not be carried out, and why
    """

    outcomes: tuple[Outcome, ...] = ()
    troubles: tuple[tuple[int, str], ...] = ()

    @property
    def arrives(self) -> bool:
        """True where every goal is reached, and nothing was in the way."""
        return not self.troubles and all(outcome.is_reached for outcome in self.outcomes)
