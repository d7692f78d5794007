"""What an engine needs to go on as if it had never been interrupted, as plain arrays.

Imports numpy and the core; any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import numpy.typing as npt

from playground.core.data.points import frozen
from playground.core.errors import EngineError

Arrays = Mapping[str, npt.NDArray]
"""Read-only copies by name."""

_WORD = 2**64


@dataclass(frozen=True, slots=True, eq=False)
class EngineState:
    """A network in training: an engine of the same plan that is given it takes the same steps.

    An engine of the same class goes on to the bit; another one as far as two engines agree. The
    settings are not in it, and so neither are the learning rate and the penalty.

    weights     parameters by the names of torch's `state_dict`, in their shapes and the dtype of
                the plan
    buffers     what layers keep that is not trained, likewise: `1.running_mean` and
                `1.running_var` (units,), `1.num_batches_tracked` int64 ()
    optimizer   what the optimizer remembers of each parameter, as PARAMETER.NAME, where NAME is
                that of torch.optim: `0.weight.exp_avg` has the shape of `0.weight`, `0.weight.step`
                is a number (). L-BFGS looks at all parameters as one vector of n values, and
                torch.optim keeps it under the first: `0.weight.old_dirs` (steps, n). What only one
                engine can use has a name without a parameter, and others pass it over. Empty
                before the first step, where an engine keeps nothing until then.
    generators  states of random generators: `dropout.cpu` uint8 (5056,) as torch.get_rng_state
                gives it (of another device, under its name), `augmentation` uint64 (6,) as
                `words_of` gives it. Only of those that are drawn from.
    """

    weights: Arrays
    buffers: Arrays
    optimizer: Arrays
    generators: Arrays

    def arrays(self) -> dict[str, npt.NDArray]:
        """All arrays under one name each, as FIELD.NAME: what a file holds."""
        return {
            f"{field.name}.{name}": array
            for field in fields(self)
            for name, array in getattr(self, field.name).items()
        }

    @classmethod
    def of(cls, arrays: Arrays) -> Self:
        """The state whose `arrays` these are; what has another name is passed over."""
        return cls(*(under(f"{field.name}.", arrays) for field in fields(cls)))

    def check_network(self, weights: Arrays) -> None:
        """Raise EngineError where this is not of a network with such weights and buffers."""
        own = {**self.weights, **self.buffers}
        for name in weights.keys() | own.keys():
            if name not in own or name not in weights or own[name].shape != weights[name].shape:
                raise EngineError(
                    "This state was left by another network, as '{name}' shows; open the"
                    " experiment that it was trained in.",
                    name=name,
                )

    def memory(self, name: str, wanted: Iterable[str]) -> dict[str, npt.NDArray]:
        """What the optimizer remembers of the parameter `name`, by the names of torch.optim.

        Raises EngineError where one of the `wanted` ones is missing, or is neither a number nor as
        large as the parameter.
        """
        found = under(f"{name}.", self.optimizer)
        for one in wanted:
            if one not in found or found[one].shape not in ((), self.weights[name].shape):
                raise EngineError(
                    "This state was left by another optimizer, as '{memory}' shows; choose the"
                    " optimizer that it was trained with.",
                    memory=f"{name}.{one}",
                )
        return found


def under(prefix: str, arrays: Arrays) -> dict[str, npt.NDArray]:
    """The arrays whose names begin with `prefix`, by the rest of their names."""
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }


def words_of(generator: np.random.Generator) -> npt.NDArray[np.uint64]:
    """The state of NumPy's default generator (PCG64), uint64 (6,): state and increment, upper half
    first, then whether half a word is left over, and that half.
    """
    kept = generator.bit_generator.state
    numbers = kept["state"]["state"], kept["state"]["inc"]
    halves = [part for number in numbers for part in divmod(number, _WORD)]
    return frozen(np.array([*halves, kept["has_uint32"], kept["uinteger"]], np.uint64))


def put_words(words: npt.NDArray[np.uint64], generator: np.random.Generator) -> None:
    """Let a default generator go on from a state that `words_of` gave."""
    above, below, more, rest, has_half, half = (int(word) for word in words)
    generator.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": {"state": above * _WORD + below, "inc": more * _WORD + rest},
        "has_uint32": has_half,
        "uinteger": half,
    }
