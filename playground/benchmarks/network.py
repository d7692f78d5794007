"""Measures what it costs to draw the network while it learns, apart from everything else.

GUI thread of a process of its own, as `ui.benchmark`, which offers it as a task. Asserts nothing.
"""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

import numpy as np
from PySide6.QtWidgets import QApplication

from playground.core.experiment.experiment import Experiment
from playground.core.network.layers import Linear
from playground.engines.contract.base import Weights
from playground.engines.contract.views import Frame
from playground.ui.look import theme
from playground.ui.network import NetworkView
from playground.ui.window.view_requests import NEURON_GRID

FRAMES = 100
SIZE = (670, 560)
"""The size of the network's picture in a window of 1440 x 900."""
GRID = 100
"""Points along each side of the map, as in the window."""


def network(layers: str, units: str) -> dict[str, Any]:
    """Milliseconds of the GUI thread to take new weights and pictures of a network and paint them.

    The time is that of this thread alone. The pixel ratio is that of the process: QT_SCALE_FACTOR=2
    gives a sharp screen.
    """
    app = QApplication.instance() or QApplication([])
    theme.install(app)  # type: ignore[arg-type]
    view, sizes = NetworkView(), (int(units),) * int(layers)
    view.resize(*SIZE)
    hidden = [Linear(units=count).model_dump() for count in sizes]
    experiment = Experiment().with_setting("model.layers", hidden)
    view.show_experiment(experiment, ("x1", "x2"), 1, 2)
    view.show()
    app.processEvents()
    random, times = np.random.default_rng(0), []
    for _ in range(FRAMES):
        weights, frame = _weights(sizes, random), _frame(sizes, random)
        since = time.thread_time()
        view.show_snapshot(weights, frame)
        view.repaint()
        times.append((time.thread_time() - since) * 1000)
    return {
        "p50": float(np.median(times)),
        "p95": float(np.percentile(times, 95)),
        "pixel_ratio": view.devicePixelRatioF(),
    }


def _weights(sizes: tuple[int, ...], random: np.random.Generator) -> Weights:
    """Weights of a network 2-sizes-1 with an activation behind every hidden layer."""
    weights = {}
    for layer, (inputs, units) in enumerate(pairwise((2, *sizes, 1))):
        weights[f"{2 * layer}.weight"] = random.standard_normal((units, inputs), np.float32)
        weights[f"{2 * layer}.bias"] = random.standard_normal(units, np.float32)
    return weights


def _frame(sizes: tuple[int, ...], random: np.random.Generator) -> Frame:
    chance = random.random((GRID, GRID, 1), np.float32)
    pictures = tuple(
        random.standard_normal((n, NEURON_GRID, NEURON_GRID), np.float32) for n in sizes
    )
    return Frame(np.concatenate([1 - chance, chance], axis=2), pictures, 6.0)
