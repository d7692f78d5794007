"""The reference engine: PyTorch, every layer, every device.

It does what a plain PyTorch loop does, step for step and number for number. Torch's thread count,
gradient mode and current device belong to a thread, so they are set where the engine is made: on
the thread that trains.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from playground.core.data.dataset import Dataset, Split
from playground.core.data.pixels import PreparedPixels, prepared_in
from playground.core.data.points import FloatArray, frozen
from playground.core.experiment.experiment import Regularization
from playground.core.messages import Message
from playground.core.network.conv_layers import FEWEST_REORDERED
from playground.core.training.losses import LOSSES
from playground.engines.contract.base import Plan, Score, SplitName, Weights
from playground.engines.contract.state import EngineState
from playground.engines.pytorch.augment import RowChanges
from playground.engines.pytorch.devices import resolve
from playground.engines.pytorch.network import build, copied, seeded
from playground.engines.pytorch.optimizer_memory import made, memory_of, remember
from playground.engines.pytorch.training_mode import as_in_training, differs_in_training

LARGE = 5_000_000
"""Multiply-adds a step from which several cores, or a graphics card, are faster than one core."""

NORMALIZERS = (nn.BatchNorm1d, nn.BatchNorm2d)
WEIGHTED = (nn.Linear, nn.Conv2d)


class TorchEngine:
    """See `Engine`, `ShowsLayers`. Tensors never leave this object; arrays that do are copies."""

    key: ClassVar[str] = "torch"
    label: ClassVar[str] = "PyTorch"

    def __init__(self, plan: Plan) -> None:
        training = plan.experiment.training
        is_large = plan.work_per_step > LARGE
        self.device = resolve(training.device, is_large=is_large, dtype=training.dtype)
        # With all cores a step of ten rows is slower, and slower still where they are busy.
        torch.set_num_threads((os.cpu_count() or 1) if is_large else 1)
        self._plan = plan
        self._dtype = getattr(torch, training.dtype)
        with seeded(training.seed):
            self._network = build(plan).to(self.device, self._dtype)
            if self._may_reorder():
                # A fifth faster for images: values of one place beside each other.
                self._network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            self._random_state = _first_random_state(self.device, training.seed)
        self._draws = any(isinstance(module, nn.Dropout) for module in self._network.modules())
        self._normalizers = [m for m in self._network.modules() if isinstance(m, NORMALIZERS)]
        self._evaluation_rows = plan.analysis.evaluation_rows
        self._changes = RowChanges.of(plan)
        self._settings = training.optimizer
        self.forget()
        self._loss = LOSSES[training.loss].value
        self.regularize(training.regularization)

    @classmethod
    def obstacle(cls, plan: Plan) -> Message | None:
        return None

    def load(self, dataset: Dataset) -> None:
        if self._changes is not None:
            self._changes.load(dataset)
        self._splits = {"train": self._placed(dataset.train), "test": self._placed(dataset.test)}

    def train(
        self,
        orders: npt.NDArray[np.int64],
        batch_size: int,
        learning_rates: npt.NDArray[np.float64],
    ) -> None:
        self._network.train()
        _, targets = self._splits["train"]
        with self._own_randomness():
            for order, rate in zip(orders, learning_rates, strict=True):
                for group in self._optimizer.param_groups:
                    group["lr"] = float(rate)
                # Each batch is taken by itself: a part of a longer array may lie otherwise in
                # memory, and matrix products round by that, so how epochs are cut would show.
                for rows in torch.from_numpy(order).to(self.device).split(batch_size):
                    self._step(self._seen(rows), targets[rows])

    def threads(self, batch_size: int) -> int:
        return torch.get_num_threads() if self.device == "cpu" else 1

    def _seen(self, rows: torch.Tensor) -> torch.Tensor:
        """Training inputs as this step sees them: changed at random where that is asked for."""
        if self._changes is not None:
            return self._tensor(self._changes.take(rows.cpu().numpy()))
        return self._taken("train", rows)

    def _taken(self, split: SplitName, rows: torch.Tensor) -> torch.Tensor:
        """Inputs (n, width) of these rows of a split; of images kept as bytes, made only now."""
        inputs = self._splits[split][0]
        if isinstance(inputs, PreparedPixels):
            return self._tensor(inputs[rows.cpu().numpy()])
        return inputs[rows]

    def _parts(self, inputs: torch.Tensor | PreparedPixels) -> Iterator[torch.Tensor]:
        """Inputs in parts that have room on the device beside what the layers make of them."""
        if isinstance(inputs, torch.Tensor):
            yield from inputs.split(self._evaluation_rows)
            return
        for start in range(0, len(inputs), self._evaluation_rows):
            yield self._tensor(inputs[start : start + self._evaluation_rows])

    def _step(self, x: torch.Tensor, y: torch.Tensor) -> None:
        def closure() -> torch.Tensor:
            self._optimizer.zero_grad()
            loss = self._data_loss(self._network(x), y)
            loss.backward()
            if not self._penalized_weights:
                return loss.detach()
            self._add_penalty_gradient()
            return loss.detach() + self._penalty()

        with self._single_row(len(x)):
            # The stubs of torch want a float, which on a graphics card would cost waiting for it.
            self._optimizer.step(closure)  # type: ignore[arg-type]

    def regularize(self, regularization: Regularization) -> None:
        self._regularization = regularization
        is_on = regularization.kind != "none" and regularization.rate > 0
        modules = self._network.modules() if is_on else ()
        self._penalized_weights = [m.weight for m in modules if isinstance(m, WEIGHTED)]

    def penalty(self) -> float:
        return float(self._penalty()) if self._penalized_weights else 0.0

    def evaluate(self, split: SplitName) -> Score | None:
        inputs, targets = self._splits[split]
        if len(inputs) == 0:
            return None
        with self._evaluating():
            outputs = torch.cat([self._network(part) for part in self._parts(inputs)])
            loss = self._data_loss(outputs, targets).item()
            if not self._plan.classes:
                return Score(loss, None)
            labels = targets.reshape(-1)
            labels = (labels > 0 if self._plan.outputs == 1 else labels).to(torch.int64)
            correct = self._probabilities(outputs).argmax(dim=1) == labels
            return Score(loss, correct.sum().item() / len(labels))

    def predict(self, inputs: FloatArray) -> FloatArray:
        with self._evaluating():
            kept = prepared_in(inputs)
            parts = self._parts(self._tensor(inputs) if kept is None else kept)
            return _copy(torch.cat([self._probabilities(self._network(part)) for part in parts]))

    def predict_in_training(self, inputs: FloatArray, rows: npt.NDArray[np.int64]) -> FloatArray:
        if not differs_in_training(self._network):
            return self.predict(inputs)
        batch = self._taken("train", torch.from_numpy(rows).to(self.device))
        with as_in_training(self._network, batch):
            return _copy(self._probabilities(self._network(self._tensor(inputs))))

    def neurons(self, inputs: FloatArray) -> tuple[FloatArray, ...]:
        with self._evaluating():
            hidden = self._network.hidden(self._tensor(inputs))
            return tuple(_copy(v.mean((2, 3)) if v.ndim == 4 else v) for v in hidden)

    def feature_maps(self, inputs: FloatArray) -> tuple[FloatArray, ...]:
        with self._evaluating():
            hidden = self._network.hidden(self._tensor(inputs))
            return tuple(_copy(values[0]) for values in hidden)

    def weights(self) -> Weights:
        return copied(self._network)

    def set_weights(self, weights: Weights) -> None:
        self._network.load_state_dict(
            {name: torch.tensor(array) for name, array in weights.items()}
        )

    def forget(self) -> None:
        self._optimizer = made(self._settings, self._network.parameters())

    def state(self) -> EngineState:
        parameters, weights = dict(self._network.named_parameters()), self.weights()
        generators = {}
        if self._draws:
            generators[self._dice] = frozen(self._random_state.cpu().numpy().copy())
        if self._changes is not None:
            generators["augmentation"] = self._changes.words()
        return EngineState(
            weights={name: weights[name] for name in parameters},
            buffers={name: weights[name] for name in weights.keys() - parameters.keys()},
            optimizer=memory_of(self._optimizer, parameters),
            generators=generators,
        )

    def set_state(self, state: EngineState) -> None:
        state.check_network(self._network.state_dict())
        optimizer = made(self._settings, self._network.parameters())
        remember(optimizer, self._settings, dict(self._network.named_parameters()), state)
        self._optimizer = optimizer
        self.set_weights({**state.weights, **state.buffers})
        if self._dice in state.generators:
            self._random_state = torch.tensor(state.generators[self._dice])
        if self._changes is not None and "augmentation" in state.generators:
            self._changes.go_on_from(state.generators["augmentation"])

    @property
    def _dice(self) -> str:
        """What `EngineState.generators` calls the generator of this device."""
        return f"dropout.{torch.device(self.device).type}"

    def _may_reorder(self) -> bool:
        """True where images and filters may lie in memory in another order than usual."""
        is_image = len(self._plan.analysis.inputs) > 1
        one_vector = self._plan.experiment.training.optimizer.takes_one_vector
        usual = is_image and not one_vector and self.device != "mps"
        return usual and not any(map(_is_faulty_when_reordered, self._network.modules()))

    def _placed(self, split: Split) -> tuple[torch.Tensor | PreparedPixels, torch.Tensor]:
        """Inputs and targets on the device, targets in the shape and dtype that the loss wants.

        Images that are kept as bytes stay where they are.
        """
        targets = torch.tensor(split.targets)
        if self._plan.outputs == 1 or not self._plan.classes:
            targets = targets.to(self._dtype).reshape(-1, self._plan.outputs)
        kept = prepared_in(split.inputs)
        return self._tensor(split.inputs) if kept is None else kept, targets.to(self.device)

    def _tensor(self, array: npt.NDArray) -> torch.Tensor:
        return torch.tensor(array, dtype=self._dtype).to(self.device)

    def _data_loss(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        function = getattr(functional, self._loss.torch_name)
        return function(outputs, targets, reduction=self._loss.reduction)

    def _probabilities(self, outputs: torch.Tensor) -> torch.Tensor:
        if not self._plan.classes:
            return outputs
        if self._plan.outputs == 1:
            is_sign = self._plan.learns_signs
            positive = ((1 + outputs) / 2).clamp(0, 1) if is_sign else torch.sigmoid(outputs)
            return torch.cat([1 - positive, positive], dim=1)
        return torch.softmax(outputs, dim=1)

    def _penalty(self) -> torch.Tensor:
        """rate * sum |w| for L1, rate / 2 * sum w^2 for L2."""
        with torch.no_grad():
            if self._regularization.kind == "l1":
                parts = [weight.abs().sum() for weight in self._penalized_weights]
            else:
                parts = [weight.square().sum() / 2 for weight in self._penalized_weights]
            return self._regularization.rate * torch.stack(parts).sum()

    def _add_penalty_gradient(self) -> None:
        """Cheaper than a second graph: the gradient of |w| is sign w (0 at 0), that of w^2 / 2 is
        w.
        """
        with torch.no_grad():
            for weight in self._penalized_weights:
                slope = weight.sign() if self._regularization.kind == "l1" else weight
                weight.grad.add_(slope, alpha=self._regularization.rate)  # type: ignore[union-attr]

    @contextmanager
    def _evaluating(self) -> Iterator[None]:
        self._network.eval()
        with torch.inference_mode():
            yield

    @contextmanager
    def _single_row(self, rows: int) -> Iterator[None]:
        """A batch of one point has no deviation: batch normalisation uses its running statistics
        for it.
        """
        if rows > 1 or not self._normalizers:
            yield
            return
        for module in self._normalizers:
            module.eval()
        try:
            yield
        finally:
            for module in self._normalizers:
                module.train()

    @contextmanager
    def _own_randomness(self) -> Iterator[None]:
        """Dropout draws from torch's global generator; give it this run's state, then put the old
        one back.
        """
        if not self._draws:
            yield
            return
        outside = _random_state(self.device)
        _set_random_state(self.device, self._random_state)
        try:
            yield
        finally:
            self._random_state = _random_state(self.device)
            _set_random_state(self.device, outside)


def _first_random_state(device: str, seed: int) -> torch.Tensor:
    """What a plain loop finds after `torch.manual_seed(seed)` and making the network.

    The network is drawn on the CPU, so only there has its generator moved on.
    """
    if device == "cpu":
        return torch.get_rng_state()
    return torch.Generator(device).manual_seed(seed).get_state()


def _random_state(device: str) -> torch.Tensor:
    if device == "cpu":
        return torch.get_rng_state()
    if device == "mps":
        return torch.mps.get_rng_state()
    return torch.get_device_module(device).get_rng_state(device)


def _set_random_state(device: str, state: torch.Tensor) -> None:
    if device == "cpu":
        torch.set_rng_state(state)
    elif device == "mps":
        torch.mps.set_rng_state(state)
    else:
        torch.get_device_module(device).set_rng_state(state, device)


def _copy(tensor: torch.Tensor) -> FloatArray:
    return frozen(tensor.detach().cpu().to(torch.float32).numpy().copy())


def _is_faulty_when_reordered(module: nn.Module) -> bool:
    """See `FEWEST_REORDERED`."""
    return (
        isinstance(module, nn.Conv2d)
        and module.kernel_size == (1, 1)
        and module.stride != (1, 1)
        and module.in_channels < FEWEST_REORDERED
    )
