"""The fast engine: dense networks on the processor, in compiled kernels that hold no GIL.

A step of a small network takes about a microsecond. This module only carries arrays to and from the
kernels; how the network lies in memory is told in `kernel_layout`. Lives on the thread that trains;
for steps of a large network it starts helpers, which are gone when `train` returns.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from playground.core.data.dataset import Dataset, Split
from playground.core.data.pixels import prepared_in
from playground.core.data.points import FloatArray, frozen
from playground.core.experiment.experiment import Regularization
from playground.core.messages import Message
from playground.engines import twister
from playground.engines.compiled import kernel_cache
from playground.engines.compiled.crew import Crew, Piece
from playground.engines.compiled.kernel_layout import (
    ACTIVATIONS,
    LANES,
    OPTIMIZERS,
    Clock,
    Column,
    Memory,
    Workspace,
    describe,
    padded,
    rules_of,
)
from playground.engines.compiled.kernel_words import BOUND, Bound, Words
from playground.engines.compiled.operations import KIND, LAYERS, drops, operations
from playground.engines.contract.base import Plan, Score, SplitName, Weights
from playground.engines.contract.state import EngineState
from playground.engines.first_weights import drops_as_torch, first_draws
from playground.engines.numpy.dense import dense_obstacle
from playground.engines.numpy.numpy_losses import shares
from playground.engines.numpy.numpy_optimizers import remembered

WORTH_A_THREAD = 10_000_000
"""Multiply-adds, about a quarter of a millisecond: less of a step than this is done before a thread
has woken up.
"""

MOST_THREADS = 8
SHARES = 4 * MOST_THREADS
"""Pieces that threads share, so that none waits long for the last one."""

_DICE = "dropout.cpu"
"""What `EngineState.generators` calls the generator that values are dropped by."""

_BLOCK = 1_024
"""Images of which floats are made together: full lanes, and as many as fit into a cache."""
_MOST_FLOATS = 10_000_000
"""Pixels that are held as floats, which take 40 MB."""


class CompiledEngine:
    """See `Engine`. Making the first one loads the kernels; see `kernel_cache`."""

    key: ClassVar[str] = "compiled"
    label: ClassVar[str] = "Compiled"

    def __init__(self, plan: Plan) -> None:
        self.device = "cpu"
        self._processors = _processors()
        self._kernels = kernel_cache.load()
        self._plan = plan
        self._parts = operations(plan)
        self._network, self._work = describe(self._parts)
        self._views = self._by_name(self._network.parameters)
        self._buffers = self._kept_by_norms()
        weights, generator = first_draws(plan)
        self._all = {name: (self._views | self._buffers)[name] for name in weights}
        self.set_weights(weights)
        size = len(self._network.parameters)
        first, second = (np.empty(size, np.float32) for _ in range(2))
        self._memory = Memory(first, second, np.empty(len(Clock)), generator)
        self.forget()
        self.regularize(plan.experiment.training.regularization)

    @classmethod
    def obstacle(cls, plan: Plan) -> Message | None:
        if not plan.classes and plan.outputs > 1:
            return Message("targets that are vectors")
        if drops(plan) and not drops_as_torch():
            return Message("dropout, because PyTorch draws it in another way on this processor")
        return dense_obstacle(
            plan,
            layers=LAYERS,
            activations=ACTIVATIONS.__members__,
            optimizers=OPTIMIZERS.__members__,
            dtypes=("float32",),
        )

    def load(self, dataset: Dataset) -> None:
        self._splits = {"train": _numbers(dataset.train), "test": _numbers(dataset.test)}
        inputs, self._targets = self._splits["train"]
        self._rows = None if _stays_bytes(inputs) else self._padded(inputs)

    def _padded(self, inputs: FloatArray) -> FloatArray:
        """Rows one behind the other, each as long as the kernels want it."""
        stride = int(self._network.layers[0, Column.STRIDE])
        rows = inputs
        if inputs.shape[1] != stride or not inputs.flags.writeable:  # else they are nobody else's
            rows = np.zeros((len(inputs), stride), np.float32)
            rows[:, : inputs.shape[1]] = inputs
        return rows.reshape(-1)

    def train(
        self,
        orders: npt.NDArray[np.int64],
        batch_size: int,
        learning_rates: npt.NDArray[np.float64],
    ) -> None:
        orders = np.ascontiguousarray(orders, np.int64)
        rates = np.ascontiguousarray(learning_rates, np.float64)
        if self._rows is not None:
            self._take_steps(self._rows, self._targets, orders, batch_size, rates)
            return
        inputs, targets = self._splits["train"]
        size = max(_BLOCK // batch_size, 1) * batch_size
        for epoch, order in enumerate(orders):
            for begin in range(0, len(order), size):
                rows = order[begin : begin + size]
                these = np.arange(len(rows))[None]
                self._take_steps(
                    self._padded(inputs[rows]),
                    targets[rows],
                    these,
                    batch_size,
                    rates[epoch : epoch + 1],
                )

    def _take_steps(
        self,
        x: FloatArray,
        y: FloatArray,
        orders: npt.NDArray[np.int64],
        batch_size: int,
        rates: npt.NDArray[np.float64],
    ) -> None:
        """`train` on rows that are floats, see `_padded`, and their targets."""
        rows = min(batch_size, orders.shape[1])
        tiles = -(-rows // LANES)
        self._make_room(tiles)
        threads = self.threads(rows)
        own = x, y, orders, batch_size, rates
        if self._buffers:
            bound = self._bind(self._for_tiles(tiles))
            self._kernels.call("train_by_layers", bound, *own, tiles)
        elif threads > 1:
            self._train_together(threads, (x, y), orders, batch_size, rates)
        else:
            self._kernels.call("train", self._bound, *own)

    def _make_room(self, tiles: int) -> None:
        """Have masks for a batch of so many tiles."""
        if len(self._work.masks) < tiles * self._network.masks:
            masks = np.zeros(tiles * self._network.masks, np.float32)
            self._work = self._work._replace(masks=masks)
            self._bound = self._bind(self._work)

    def _for_tiles(self, tiles: int) -> Workspace:
        """Workspaces for so many tiles, one behind the other; they share gradient and masks."""
        works = Workspace(*(np.zeros(len(part) * tiles, np.float32) for part in self._work))
        return works._replace(gradient=self._work.gradient, masks=self._work.masks)

    def threads(self, batch_size: int) -> int:
        """As many as there are processors and the work is worth; one where values are scaled over a
        batch, which all have to wait for.
        """
        if self._buffers:
            return 1
        work = (
            3
            * batch_size
            * sum(part.inputs * part.units for part in self._parts if part.kind is KIND.dense)
        )
        return max(
            1, min(work // WORTH_A_THREAD, -(-batch_size // LANES), self._processors, MOST_THREADS)
        )

    def _train_together(
        self,
        threads: int,
        points: tuple[FloatArray, FloatArray],
        orders: npt.NDArray[np.int64],
        batch_size: int,
        rates: npt.NDArray[np.float64],
    ) -> None:
        """`train` with several threads, to the same bits: first each tile's way forward and back,
        then each unit's gradient.
        """
        tiles = -(-min(batch_size, orders.shape[1]) // LANES)
        bound = self._bind(self._for_tiles(tiles))
        units = np.linspace(0, sum(part.units for part in self._parts), SHARES + 1).astype(int)
        with Crew(threads) as crew:
            for order, rate in zip(orders, rates.tolist(), strict=True):
                for begin in range(0, len(order), batch_size):
                    batch = order[begin : begin + batch_size]
                    edges = np.linspace(0, -(-len(batch) // LANES), SHARES + 1).astype(int)
                    rows = *points, batch, tiles
                    self._kernels.call("draw", self._bound, len(batch))
                    crew.share(self._pieces("deltas", bound, rows, edges))
                    crew.share(self._pieces("gradient", bound, (tiles, len(batch)), units))
                    self._kernels.call("step", self._bound, rate)

    def _pieces(
        self, kernel: str, bound: Words, arguments: tuple[Any, ...], edges: npt.NDArray
    ) -> Iterator[Piece]:
        """Calls of a kernel for what lies between two edges each."""
        for first, behind in pairwise(edges.tolist()):
            if first < behind:
                yield partial(self._kernels.call, kernel, bound, *arguments, first, behind)

    def regularize(self, regularization: Regularization) -> None:
        self._rules = rules_of(self._plan.experiment.training, regularization)
        self._bound = self._bind(self._work)

    def penalty(self) -> float:
        if self._rules.l1 == self._rules.l2 == 0:
            return 0.0
        weights = [view for view in self._views.values() if view.ndim == 2]
        return sum(
            self._rules.l1 * float(np.abs(w).sum()) + self._rules.l2 / 2 * float(np.square(w).sum())
            for w in weights
        )

    def evaluate(self, split: SplitName) -> Score | None:
        inputs, targets = self._splits[split]
        if len(inputs) == 0:
            return None
        results, total = np.empty(2), np.zeros(2)
        size = _BLOCK if _stays_bytes(inputs) else len(inputs)
        for begin in range(0, len(inputs), size):
            x, y = inputs[begin : begin + size], targets[begin : begin + size]
            self._kernels.call("score", self._bound, x, y, results)
            total += results
        loss, right = total.tolist()
        if self._plan.experiment.training.loss != "sse":
            loss /= len(inputs)
        return Score(loss, right / len(inputs) if self._plan.classes else None)

    def predict(self, inputs: FloatArray) -> FloatArray:
        return self._predicted(inputs, self._bound, in_training=False)

    def predict_in_training(self, inputs: FloatArray, rows: npt.NDArray[np.int64]) -> FloatArray:
        if not self._network.masks and not self._buffers:
            return self.predict(inputs)
        kept = self._network.buffers.copy(), self._network.batches.copy()
        memory = self._memory._replace(generator=self._memory.generator.copy())
        self._make_room(tiles := -(-len(rows) // LANES))
        if self._buffers:
            here, targets = self._splits["train"]
            bound = self._bind(self._for_tiles(tiles), memory)
            own = self._padded(here[rows]), targets[rows], np.arange(len(rows))[None]
            self._kernels.call("train_by_layers", bound, *own, len(rows), np.empty(0), tiles)
        results = self._predicted(inputs, self._bind(self._work, memory), in_training=True)
        self._network.buffers[:], self._network.batches[:] = kept
        return results

    def _predicted(self, inputs: FloatArray, bound: Words, *, in_training: bool) -> FloatArray:
        results = np.empty((len(inputs), self._plan.outputs), np.float32)
        x = np.ascontiguousarray(inputs, np.float32)
        self._kernels.call("predict", bound, x, results, int(in_training))
        if self._plan.learns_signs:
            results = shares(results)
        elif self._plan.classes and self._plan.outputs == 1:
            results = np.concatenate([1 - results, results], axis=1)
        return frozen(results)

    def neurons(self, inputs: FloatArray) -> tuple[FloatArray, ...]:
        units = [part.units for part in self._parts[:-1]]
        results = np.empty((sum(units), padded(len(inputs))), np.float32)
        x = np.ascontiguousarray(inputs, np.float32)
        self._kernels.call("neurons", self._bound, x, results.reshape(-1))
        layers = np.split(results[:, : len(inputs)], np.cumsum(units)[:-1]) if units else []
        ended = zip(layers, self._parts, strict=False)
        return tuple(frozen(layer.T) for layer, part in ended if part.ends)

    def weights(self) -> Weights:
        return {name: frozen(view.copy()) for name, view in self._all.items()}

    def set_weights(self, weights: Weights) -> None:
        for name, view in self._all.items():
            view[...] = weights[name]

    def forget(self) -> None:
        self._memory.first[:] = self._memory.second[:] = 0
        self._memory.clock[:] = 0, 1, 1, 1

    def _bind(self, work: Workspace, memory: Memory | None = None) -> Words:
        """What the kernels work with, in that workspace."""
        bound = Bound(self._network, work, memory or self._memory, self._rules)
        return Words("A kernel", BOUND, bound)

    def state(self) -> EngineState:
        optimizer: dict[str, npt.NDArray] = {"clock": frozen(self._memory.clock.copy())}
        for torch_name, own in remembered(self._plan.experiment.training.optimizer).items():
            for name, view in self._remembered(own).items():
                optimizer[f"{name}.{torch_name}"] = frozen(view.copy())
        steps = frozen(np.array(self._memory.clock[0]))
        optimizer |= {f"{name}.step": steps for name in self._views}
        if steps == 0:  # as torch, which would take zeros for what it has found out
            optimizer.clear()
        generators = {}
        if drops(self._plan):
            seed = self._plan.experiment.training.seed
            generators[_DICE] = twister.torch_state(self._memory.generator, seed)
        all_weights = self.weights()
        weights = {name: all_weights[name] for name in self._views}
        buffers = {name: all_weights[name] for name in self._buffers}
        return EngineState(weights, buffers, optimizer, generators)

    def set_state(self, state: EngineState) -> None:
        state.check_network(self._all)
        names = remembered(self._plan.experiment.training.optimizer)
        found = {name: state.memory(name, names) for name in self._views if state.optimizer}
        self.forget()
        for torch_name, own in names.items() if found else ():
            for name, view in self._remembered(own).items():
                view[...] = found[name][torch_name]
        self._memory.clock[:] = self._clock_in(state)
        if _DICE in state.generators:
            self._memory.generator[:] = twister.words_in(state.generators[_DICE])
        self.set_weights({**state.weights, **state.buffers})

    def _remembered(self, own: str) -> dict[str, npt.NDArray]:
        """What `Memory` has in place of that array of `ParameterMemory`, by parameter."""
        if own == "product":  # one for all
            return dict.fromkeys(self._views, self._memory.clock[Clock.PRODUCT, ...])
        return self._by_name(getattr(self._memory, own))

    def _clock_in(self, state: EngineState) -> npt.NDArray[np.float64]:
        """The clock of `Memory`: as kernels left it, or from the steps that another engine took."""
        first = next(iter(self._views))
        own = state.optimizer.get("clock")
        if own is not None and own.shape == self._memory.clock.shape:
            return own
        steps = float(state.optimizer.get(f"{first}.step", 0.0))
        product = float(state.optimizer.get(f"{first}.mu_product", 1.0))
        knobs = self._rules.knobs
        return np.array([steps, knobs.decay1**steps, knobs.decay2**steps, product])

    def _by_name(self, flat: FloatArray) -> dict[str, FloatArray]:
        """Numbers that lie as the parameters do, seen as torch's matrices and vectors."""
        views = {}
        for part, row in zip(self._parts, self._network.layers, strict=True):
            for name, shape in part.parameters.items():
                is_matrix = len(shape) == 2
                first = row[Column.BIASES if name.endswith("bias") else Column.WEIGHTS]
                stride = int(row[Column.STRIDE]) if is_matrix else 1
                rows = flat[first : first + part.units * stride].reshape(part.units, stride)
                views[name] = rows[:, : part.inputs] if is_matrix else rows[:, 0]
        return views

    def _kept_by_norms(self) -> dict[str, npt.NDArray]:
        """What norms over batches keep that is not trained, by torch's names."""
        views: dict[str, npt.NDArray] = {}
        for part, row in zip(self._parts, self._network.layers, strict=True):
            if part.kind is KIND.batch_norm:
                first, middle = row[Column.BUFFERS], row[Column.BUFFERS] + part.units
                flat = self._network.buffers
                views[f"{part.name}.running_mean"] = flat[first:middle]
                views[f"{part.name}.running_var"] = flat[middle : middle + part.units]
                views[f"{part.name}.num_batches_tracked"] = self._network.batches[0, ...]
        return views


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _numbers(split: Split) -> tuple[FloatArray, FloatArray]:
    """Inputs (N, F) and targets (N,), float32 both: labels are small whole numbers, which float32
    holds exactly. Many images stay bytes, which become floats some rows at a time.
    """
    targets = np.ascontiguousarray(split.targets, np.float32).reshape(-1)
    inputs = split.inputs
    return inputs if _stays_bytes(inputs) else np.ascontiguousarray(inputs), targets


def _stays_bytes(inputs: FloatArray) -> bool:
    """True for images kept as bytes of which there are so many that floats would fill the memory;
    floats are made of few images once, which is faster.
    """
    kept = prepared_in(inputs)
    return kept is not None and len(kept) * kept.shape[1] > _MOST_FLOATS
