"""Gradients as PyTorch's autograd finds them, of any network and at any weights.

Belongs to the thread that trains; what it gives is plain numbers.
"""

from __future__ import annotations

import numpy.typing as npt
import torch
from torch.nn import functional

from playground.core.data.points import frozen
from playground.core.training.losses import LOSSES
from playground.engines.contract.base import Plan, Weights
from playground.engines.pytorch.network import build, seeded


def autograd(plan: Plan, weights: Weights, inputs: npt.NDArray, targets: npt.NDArray) -> Weights:
    """The derivative of the data loss by every parameter, as autograd finds it.

    inputs (N, F) and targets as in a Split; layers are in evaluation mode, and everything is
    computed in the dtype of the plan. Names and shapes are those of the weights.
    """
    training = plan.experiment.training
    dtype = getattr(torch, training.dtype)
    with seeded(0):  # its first weights are replaced at once, and nobody's dice shall move
        network = build(plan).to(dtype).eval()
    network.load_state_dict({name: torch.tensor(array) for name, array in weights.items()})
    expected = torch.tensor(targets)
    if plan.outputs == 1:
        expected = expected.to(dtype).reshape(-1, 1)
    elif not plan.classes:
        expected = expected.to(dtype)
    loss = LOSSES[training.loss].value
    outputs = network(torch.tensor(inputs, dtype=dtype))
    getattr(functional, loss.torch_name)(outputs, expected, reduction=loss.reduction).backward()
    return {
        name: frozen(parameter.grad.numpy().copy())
        for name, parameter in network.named_parameters()
        if parameter.grad is not None
    }
