"""Everything that a run needs to go on as if it had never been interrupted, as plain arrays.

Imports numpy and the core; any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from playground.core.data.points import frozen
from playground.engines.contract.batches import Place
from playground.engines.contract.state import Arrays, EngineState, under


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """Where a run goes back to if it breaks: weights and buffers, and how far it was."""

    epoch: int
    step: int
    weights: Arrays
    place: Place

    def arrays(self) -> dict[str, npt.NDArray]:
        """The moment as arrays by name; numbers are int64 ()."""
        return {
            "epoch": _number(self.epoch),
            "step": _number(self.step),
            **{f"batches.{name}": array for name, array in self.place.arrays().items()},
            **{f"weights.{name}": array for name, array in self.weights.items()},
        }

    @classmethod
    def of(cls, arrays: Arrays) -> Self:
        """The moment whose `arrays` these are."""
        place = Place.of(under("batches.", arrays))
        weights = under("weights.", arrays)
        return cls(int(arrays["epoch"]), int(arrays["step"]), weights, place)


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A run between two steps, at the end of an epoch or within one.

    A run of the same experiment that begins with it goes on to the bit where the same engine trains
    it, and as far as two engines agree where another one does.

    place    the order of rows, and where in it the run is
    watched  what schedule and stop conditions remember, float64: `plateau` (3,) as
             `PlateauWatch.memory`, `stop` (2,) as `StopWatch.memory`; only of those that are set
    good     where the run goes back to if it breaks
    """

    epoch: int
    step: int
    engine: EngineState
    place: Place
    watched: Mapping[str, npt.NDArray[np.float64]]
    good: Mark

    def arrays(self) -> dict[str, npt.NDArray]:
        """Everything as arrays by name: what a file holds.

        epoch, step        int64 ()
        batches.NAME       as `Place.arrays`
        watched.NAME       as above
        weights.NAME, ...  as `EngineState.arrays`
        good.NAME          as `Mark.arrays`; left out where it is this very moment
        """
        arrays = {"epoch": _number(self.epoch), "step": _number(self.step), **self.engine.arrays()}
        parts: dict[str, Arrays] = {"batches": self.place.arrays(), "watched": self.watched}
        if self.good.step != self.step:
            parts["good"] = self.good.arrays()
        for part, of_part in parts.items():
            arrays |= {f"{part}.{name}": array for name, array in of_part.items()}
        return arrays

    @classmethod
    def of(cls, arrays: Arrays) -> Self:
        """The checkpoint whose `arrays` these are; KeyError where one is missing."""
        epoch, step = int(arrays["epoch"]), int(arrays["step"])
        engine, place = EngineState.of(arrays), Place.of(under("batches.", arrays))
        kept = under("good.", arrays)
        here = Mark(epoch, step, {**engine.weights, **engine.buffers}, place)
        good = Mark.of(kept) if kept else here
        return cls(epoch, step, engine, place, under("watched.", arrays), good)


def _number(value: int) -> npt.NDArray[np.int64]:
    return frozen(np.array(value, np.int64))
