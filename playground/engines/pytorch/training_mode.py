"""The network as a training step sees it: dropout at work, batches normalised by themselves.

What a learner compares with evaluation mode. Belongs to the thread that trains, and changes nothing
of what is trained.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

Normalizer = nn.BatchNorm1d | nn.BatchNorm2d


def differs_in_training(network: nn.Module) -> bool:
    """True where a layer does something else while training."""
    return any(isinstance(module, nn.Dropout | Normalizer) for module in network.modules())


@contextmanager
def as_in_training(network: nn.Module, batch: torch.Tensor) -> Iterator[None]:
    """Inside, batch normalisation uses mean and deviation of `batch`, and dropout drops units.

    Running statistics, modes and torch's generators are as before when the block ends.
    """
    normalizers = [module for module in network.modules() if isinstance(module, Normalizer)]
    momenta = [module.momentum for module in normalizers]
    kept = [{name: b.clone() for name, b in m.named_buffers()} for m in normalizers]
    devices = [batch.device] if batch.device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices), torch.no_grad():
        try:
            for module in normalizers:
                module.momentum = 1.0  # the running statistics become those of this batch
            network.train(len(batch) > 1)  # a batch of one has no deviation
            network(batch)
            network.eval()
            for layer in network.modules():
                if isinstance(layer, nn.Dropout):
                    layer.train()
            yield
        finally:
            for module, momentum, buffers in zip(normalizers, momenta, kept, strict=True):
                module.momentum = momentum
                for name, buffer in buffers.items():
                    module.get_buffer(name).copy_(buffer)
            network.eval()
