"""Numbers that somebody reads are the network's own: at probes, and under the pointer.

What the network says is worked out here by torch, from its weights as they are saved.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from playground.core.data.dataset import Dataset, prepare
from playground.core.data.plane import Plane
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.run_control import RunControl, Snapshot
from playground.engines.contract.views import Views
from playground.engines.inside.frames import FramePainter
from playground.engines.loop.training import train
from playground.engines.weights_file import save_weights

ENGINES = ("torch", "numpy", "compiled")
CASES: dict[str, dict[str, Any]] = {
    "two classes": {"data": {"kind": "generated", "generator": "circle"}},
    "one output": {
        "data": {"kind": "generated", "generator": "xor"},
        "training": {"loss": "bce_with_logits"},
    },
    "five classes": {"data": {"kind": "generated", "generator": "blobs", "classes": 5}},
    "values": {"data": {"kind": "generated", "generator": "hills"}},
    "one input": {"data": {"kind": "generated", "generator": "sine"}},
    "slice": {"data": {"kind": "wine", "standardize": True}, "view": {"axes": [12, 0]}},
    "components": {"data": {"kind": "iris", "standardize": True}, "view": {"projection": "pca"}},
    "units": {
        "data": {
            "kind": "points",
            "x": [[160 + i % 7, 50 + i % 5] for i in range(40)],
            "target": [i / 40 for i in range(40)],
            "standardize": True,
            "axes": [{"name": "height"}, {"name": "weight"}],
        }
    },
}
VIEWS = [
    Views(grid=50),
    Views(grid=100, extent=0.3, center=(4.0, -4.0)),  # zoomed: every probe is outside
    Views(grid=400, extent=40.0),
    Views(grid=0),
]


def _probes(dataset: Dataset) -> list[list[float]]:
    """Two rows of the data, and places far from all of them."""
    x = dataset.points.x
    middle, reach = x.mean(axis=0), np.ptp(x, axis=0) + 1
    rows = [x[0], x[-1], middle + reach, middle - 3 * reach, middle + 0.01 * reach]
    return [[float(value) for value in np.float32(row)] for row in rows]


def _experiment(case: str, engine: str) -> tuple[Experiment, Dataset]:
    raw = CASES[case]
    layers = [{"kind": "linear", "units": 5, "activation": "tanh"}]
    how = {"epochs": 3, "engine": engine, "device": "cpu", **raw.get("training", {})}
    experiment = Experiment.parse({**raw, "model": {"layers": layers}, "training": how})
    dataset = prepare(experiment)
    return experiment.model_copy(update={"probes": tuple(map(tuple, _probes(dataset)))}), dataset


def _by_torch(snapshot: Snapshot, raw: Any, place: Path) -> np.ndarray:
    """What the saved network says of raw inputs (N, D)."""
    save_weights(snapshot.weights, place)
    saved, dataset = load_file(place), snapshot.dataset
    x = torch.tensor(np.asarray(raw, np.float32)).double()
    if dataset.data.standardize:
        seen = torch.tensor(dataset.points.x[~dataset.points.held_out]).double()
        x = (x - seen.mean(dim=0)) / seen.std(dim=0, correction=0)
    hidden = torch.tanh(x @ saved["0.weight"].double().T + saved["0.bias"].double())
    out = hidden @ saved["2.weight"].double().T + saved["2.bias"].double()
    if dataset.is_regression:
        return out.numpy()
    if out.shape[1] == 1:
        return torch.cat([1 - torch.sigmoid(out), torch.sigmoid(out)], dim=1).numpy()
    return torch.softmax(out, dim=1).numpy()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_asked_is_answered_by_the_network(engine: str, case: str, tmp_path: Path) -> None:
    experiment, dataset = _experiment(case, engine)
    plane = Plane.of(dataset, experiment.view)
    for number, views in enumerate(VIEWS):
        pointer = (1.25 - 0.3 * number, -2.5)
        control = RunControl(views=replace(views, pointer=pointer))
        *_, last = train(experiment, dataset, control)
        assert last.epoch == 3
        assert last.frame is not None
        assert list(last.frame.probes) == list(experiment.probes)
        said = np.stack(list(last.frame.probes.values()))
        expected = _by_torch(last, experiment.probes, tmp_path / "weights")
        np.testing.assert_allclose(said, expected, rtol=1e-5, atol=1e-5)
        assert last.frame.pointer is not None
        place, answer = last.frame.pointer
        assert place == pointer
        under = [pointer[:1]] if plane is None else plane.lift(np.array([pointer]))
        expected = _by_torch(last, under, tmp_path / "weights")
        np.testing.assert_allclose(answer, expected[0], rtol=1e-5, atol=1e-5)


def test_probes_of_other_data_are_not_asked_about() -> None:
    experiment, dataset = _experiment("two classes", "numpy")
    probes = ((1.0,), (1.0, 2.0), (1.0, 2.0, 3.0))
    experiment = experiment.model_copy(update={"probes": probes})
    *_, last = train(experiment, dataset, RunControl(views=Views(grid=10)))
    assert last.frame is not None
    assert list(last.frame.probes) == [(1.0, 2.0)]


@pytest.mark.parametrize("engine", ENGINES)
def test_probes_out_of_all_range_say_nothing_or_a_number(engine: str) -> None:
    experiment, dataset = _experiment("two classes", engine)
    probes = ((1e300, -1e300), (1.0, 1.0))
    experiment = experiment.model_copy(update={"probes": probes})
    *_, last = train(experiment, dataset, RunControl(views=Views(grid=10)))
    assert last.frame is not None
    assert (1.0, 1.0) in last.frame.probes
    assert all(np.isfinite(said).all() for said in last.frame.probes.values())


class _Counting:
    """An engine that remembers how many rows each question had."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        self.asked.append(len(inputs))
        return np.tile(np.float32([0.25, 0.75]), (len(inputs), 1))

    def neurons(self, inputs: np.ndarray) -> tuple[np.ndarray, ...]:
        self.asked.append(len(inputs))
        return (np.zeros((len(inputs), 3), np.float32),)


def test_a_move_of_the_pointer_costs_one_prediction_of_one_point() -> None:
    _, dataset = _experiment("two classes", "numpy")
    engine, painter = _Counting(), FramePainter()
    weights: dict[str, np.ndarray] = {}

    def draw(views: Views, weights: Any = weights) -> Any:
        engine.asked.clear()
        return painter.draw(engine, dataset, views, weights=weights)  # type: ignore[arg-type]

    views = Views(grid=20, neuron_grid=5)
    first = draw(views)
    assert engine.asked == [400, 25]
    moved = draw(replace(views, pointer=(1.0, 1.0)))
    assert engine.asked == [1]
    assert moved.shows_the_same_as(first)
    draw(replace(views, pointer=(1.0, 1.0), center=(1.0, 0.0)))
    assert engine.asked == [400, 25, 1]
    draw(replace(views, center=(1.0, 0.0)), weights={})  # other weights: all is drawn anew
    assert engine.asked == [400, 25]


def test_a_paused_run_answers_without_drawing_anew() -> None:
    experiment, dataset = _experiment("two classes", "numpy")
    views = Views(grid=20, neuron_grid=5, inspect=True)
    control = RunControl(interactive=True, paused=True, views=views)
    run = train(experiment, dataset, control)
    before = next(run)
    for place in ((1.0, 2.0), (1.5, 2.0), None):
        control.change(views=replace(views, pointer=place))
        now = next(run)
        assert now.frame is not None
        assert before.frame is not None
        assert now.frame.map is before.frame.map
        assert now.answers_only(before)
        assert (now.frame.pointer is None) == (place is None)
        before = now
    control.change(views=replace(views, center=(1.0, 1.0)))
    assert not next(run).answers_only(before)
    control.stop()
