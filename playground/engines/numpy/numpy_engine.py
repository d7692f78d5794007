"""The network by hand: forward, backward and update as matrices, to be read beside a textbook.

With points as rows, a layer computes

    z = x Wᵀ + b        a = f(z)

and where `d` is the derivative of the loss by z, the chain rule gives those by W, b and x:

    dW = dᵀ x        db = the sum of d over the points        dx = d W

Lives on the thread that trains; numpy holds the GIL between the products.
"""

from __future__ import annotations

from functools import cache
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from playground.core.data.dataset import Dataset, Split
from playground.core.data.points import FloatArray, IntArray, frozen
from playground.core.experiment.experiment import Regularization
from playground.core.messages import Message
from playground.core.network.activations import ACTIVATIONS
from playground.engines.contract.base import Plan, Score, SplitName, Weights
from playground.engines.contract.state import EngineState
from playground.engines.first_weights import initial_weights
from playground.engines.numpy.dense import dense_layers, dense_obstacle
from playground.engines.numpy.numpy_losses import NUMPY_LOSSES, shares, sigmoid, softmax
from playground.engines.numpy.numpy_optimizers import UPDATES, ParameterMemory, remembered

_quiet = np.errstate(all="ignore")
"""The loop that trains notices what is not finite, and says so better than a warning."""


class NumpyEngine:
    """See `Engine`."""

    key: ClassVar[str] = "numpy"
    label: ClassVar[str] = "NumPy"

    def __init__(self, plan: Plan) -> None:
        self.device = "cpu"
        self._plan = plan
        training = plan.experiment.training
        self._dtype = np.dtype(training.dtype)
        self._layers = dense_layers(plan)
        self._functions = [ACTIVATIONS[layer.activation].value for layer in self._layers]
        self._loss = NUMPY_LOSSES[training.loss]
        self._settings = training.optimizer
        self._update = UPDATES[training.optimizer.kind]
        self.set_weights(initial_weights(plan))
        self.forget()
        self.regularize(training.regularization)

    @classmethod
    def obstacle(cls, plan: Plan) -> Message | None:
        return dense_obstacle(
            plan,
            activations=ACTIVATIONS,
            optimizers=UPDATES,
            dtypes=("float32", "float64"),
        )

    def load(self, dataset: Dataset) -> None:
        self._splits = {"train": self._numbers(dataset.train), "test": self._numbers(dataset.test)}

    @_quiet
    def train(
        self,
        orders: IntArray,
        batch_size: int,
        learning_rates: npt.NDArray[np.float64],
    ) -> None:
        for order, rate in zip(orders, learning_rates.tolist(), strict=True):
            for begin in range(0, len(order), batch_size):
                self._step(order[begin : begin + batch_size], rate)

    def threads(self, batch_size: int) -> int:
        return _blas_threads()

    @_quiet
    def gradients(self, rows: IntArray) -> Weights:
        """The derivative of the data loss by every parameter, over these training rows; names,
        shapes and precision are those of `weights`.
        """
        inputs, targets = self._splits["train"]
        gradient = self._gradient(inputs[rows], targets[rows])
        return {name: frozen(gradient[name]) for name in self._parameters}

    def _step(self, rows: IntArray, rate: float) -> None:
        inputs, targets = self._splits["train"]
        gradient = self._gradient(inputs[rows], targets[rows])
        self._add_penalty(gradient)
        self._steps += 1
        for name, w in self._parameters.items():
            self._update(w, gradient[name], self._memory[name], rate, self._settings)

    def _forward(self, x: npt.NDArray) -> tuple[list[npt.NDArray], list[npt.NDArray]]:
        """What enters each layer, with the outputs of the last behind it, and the sums z of each
        layer.
        """
        values, sums = [x], []
        for layer, function in zip(self._layers, self._functions, strict=True):
            z = values[-1] @ self._parameters[f"{layer.name}.weight"].T
            if layer.bias:
                z += self._parameters[f"{layer.name}.bias"]
            sums.append(z)
            values.append(function.f(z))
        return values, sums

    def _gradient(self, x: npt.NDArray, targets: npt.NDArray) -> dict[str, npt.NDArray]:
        """The derivative of the loss by every parameter, from the last layer back to the first."""
        values, sums = self._forward(x)
        slope = self._loss.slope(values[-1], targets)
        gradient = {}
        for i in range(len(self._layers) - 1, -1, -1):
            layer = self._layers[i]
            weight = self._parameters[f"{layer.name}.weight"]
            d = slope * self._functions[i].derivative(sums[i])
            gradient[f"{layer.name}.weight"] = d.T @ values[i]
            if layer.bias:
                gradient[f"{layer.name}.bias"] = d.sum(axis=0)
            slope = d @ weight
        return gradient

    def regularize(self, regularization: Regularization) -> None:
        self._regularization = regularization

    @_quiet
    def penalty(self) -> float:
        """rate * sum |w| for L1, rate / 2 * sum w^2 for L2."""
        kind, rate = self._regularization.kind, self._regularization.rate
        weights = [w for name, w in self._parameters.items() if name.endswith(".weight")]
        if kind == "l1":
            return rate * sum(float(np.abs(w).sum()) for w in weights)
        if kind == "l2":
            return rate / 2 * sum(float(np.square(w).sum()) for w in weights)
        return 0.0

    def _add_penalty(self, gradient: dict[str, npt.NDArray]) -> None:
        """Add the derivative of the penalty by each weight: rate * sign w, or rate * w for L2."""
        kind, rate = self._regularization.kind, self._regularization.rate
        if kind == "none":
            return
        for layer in self._layers:
            weight = self._parameters[f"{layer.name}.weight"]
            gradient[f"{layer.name}.weight"] += rate * (np.sign(weight) if kind == "l1" else weight)

    @_quiet
    def evaluate(self, split: SplitName) -> Score | None:
        inputs, targets = self._splits[split]
        if len(inputs) == 0:
            return None
        outputs = self._forward(inputs)[0][-1]
        loss = self._loss.value(outputs, targets)
        if not self._plan.classes:
            return Score(loss, None)
        labels = targets.reshape(-1)
        labels = labels > 0 if self._plan.outputs == 1 else labels
        chosen = self._probabilities(outputs).argmax(axis=1)
        return Score(loss, float((chosen == labels).mean()))

    @_quiet
    def predict(self, inputs: FloatArray) -> FloatArray:
        outputs = self._forward(inputs.astype(self._dtype))[0][-1]
        return frozen(self._probabilities(outputs).astype(np.float32))

    @_quiet
    def neurons(self, inputs: FloatArray) -> tuple[FloatArray, ...]:
        values, _ = self._forward(inputs.astype(self._dtype))
        return tuple(frozen(hidden.astype(np.float32)) for hidden in values[1:-1])

    def weights(self) -> Weights:
        return {name: frozen(parameter.copy()) for name, parameter in self._parameters.items()}

    def set_weights(self, weights: Weights) -> None:
        self._parameters = {name: np.array(w, self._dtype) for name, w in weights.items()}

    def forget(self) -> None:
        self._memory = {name: ParameterMemory(w) for name, w in self._parameters.items()}
        self._steps = 0

    def state(self) -> EngineState:
        optimizer = {}
        # Nothing before the first step, as torch, which would take zeros for what it has found out.
        for name, memory in self._memory.items() if self._steps else ():
            optimizer[f"{name}.step"] = frozen(np.array(self._steps))
            for torch_name, own in remembered(self._settings).items():
                optimizer[f"{name}.{torch_name}"] = frozen(getattr(memory, own).copy())
        return EngineState(self.weights(), {}, optimizer, {})

    def set_state(self, state: EngineState) -> None:
        state.check_network(self._parameters)
        memories = {name: ParameterMemory(w) for name, w in self._parameters.items()}
        names, steps = remembered(self._settings), 0
        for name, memory in memories.items() if state.optimizer else ():
            found = state.memory(name, names)
            memory.steps = steps = int(found.get("step", 0))
            for torch_name, own in names.items():
                getattr(memory, own)[...] = found[torch_name]
        self._memory, self._steps = memories, steps
        self.set_weights(state.weights)

    def _numbers(self, split: Split) -> tuple[npt.NDArray, npt.NDArray]:
        """Inputs (N, F), and targets as the loss wants them: labels (N,), or numbers (N, K)."""
        targets = split.targets
        if self._plan.outputs == 1 or not self._plan.classes:
            targets = targets.astype(self._dtype).reshape(-1, self._plan.outputs)
        return np.array(split.inputs, self._dtype), targets

    def _probabilities(self, outputs: npt.NDArray) -> npt.NDArray:
        if not self._plan.classes:
            return outputs
        if self._plan.outputs > 1:
            return softmax(outputs)
        if self._plan.learns_signs:
            return shares(outputs)
        return np.concatenate([sigmoid(-outputs), sigmoid(outputs)], axis=1)


@cache  # nobody changes it here, and to ask takes longer than some trainings of Instant
def _blas_threads() -> int:
    """How many threads NumPy may use for a matrix product, as its library says itself."""
    from threadpoolctl import threadpool_info

    pools = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    return max(pools, default=1)
