"""Pictures of a run: every cell is what the engine predicts for the inputs it stands for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playground.core.data.dataset import Dataset, prepare
from playground.core.data.plane import Plane
from playground.core.data.points import Points
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.view import ViewSpec
from playground.engines.contract.base import Plan
from playground.engines.contract.views import Views
from playground.engines.inside.frames import FramePainter
from playground.engines.numpy.numpy_engine import NumpyEngine

VIEWS = Views(grid=8, neuron_grid=3, extent=4.0, center=(1.0, -2.0))


def engine_for(raw: dict[str, object]) -> tuple[NumpyEngine, Dataset]:
    experiment = Experiment.parse(raw)
    dataset = prepare(experiment)
    engine = NumpyEngine(Plan.of(experiment, dataset))
    engine.load(dataset)
    return engine, dataset


def centers(size: int, middle: float) -> np.ndarray:
    return (np.arange(size) + 0.5) * (8 / size) - 4 + middle


def test_a_map_covers_the_square_that_is_asked_for() -> None:
    engine, dataset = engine_for({})
    frame = FramePainter().draw(engine, dataset, VIEWS)
    assert frame is not None
    assert frame.map is not None
    assert (frame.extent, frame.center) == (4.0, (1.0, -2.0))
    row, column = 6, 1
    place = np.array([[centers(8, 1.0)[column], centers(8, -2.0)[row]]], np.float32)
    np.testing.assert_allclose(
        frame.map[row, column], engine.predict(dataset.prepare(place))[0], rtol=1e-5
    )


@pytest.mark.parametrize("view", [ViewSpec(axes=(12, 3)), ViewSpec(projection="pca")])
def test_a_table_is_drawn_on_its_plane(view: ViewSpec) -> None:
    engine, dataset = engine_for({"data": {"kind": "wine", "standardize": True}})
    frame = FramePainter().draw(engine, dataset, VIEWS, view)
    plane = Plane.of(dataset, view)
    assert frame is not None
    assert plane is not None
    assert frame.map is not None
    x, y = np.meshgrid(centers(3, 1.0), centers(3, -2.0))
    inputs = dataset.prepare(plane.lift(np.stack([x.ravel(), y.ravel()], axis=1)))
    expected = engine.neurons(inputs)[0].T.reshape(-1, 3, 3)
    np.testing.assert_allclose(frame.neurons[0], expected, rtol=1e-4, atol=1e-5)
    assert frame.map.shape == (8, 8, 3)


def test_one_input_gives_curves_for_the_fit_and_every_unit() -> None:
    engine, dataset = engine_for({"data": {"kind": "generated", "generator": "sine"}})
    frame = FramePainter().draw(engine, dataset, VIEWS)
    assert frame is not None
    assert frame.map is not None
    assert frame.map.shape == (8, 1)
    assert [layer.shape for layer in frame.neurons] == [(4, 8), (2, 8)]
    x = dataset.prepare(centers(8, 1.0).astype(np.float32)[:, None])
    np.testing.assert_allclose(frame.neurons[1], engine.neurons(x)[1].T, rtol=1e-5)


def test_pictures_as_data_have_no_map() -> None:
    engine, dataset = engine_for({"data": {"kind": "iris"}})
    frame = FramePainter().draw(engine, replace(dataset, image=(1, 2, 2)), VIEWS)
    assert frame is not None
    assert frame.map is None
    assert frame.neurons == ()


def test_another_plane_gives_another_picture() -> None:
    engine, dataset = engine_for({"data": {"kind": "iris"}})
    painter = FramePainter()
    first = painter.draw(engine, dataset, VIEWS, ViewSpec(axes=(0, 1)))
    second = painter.draw(engine, dataset, VIEWS, ViewSpec(axes=(2, 3)))
    assert first is not None
    assert second is not None
    assert not np.array_equal(first.map, second.map)


def test_data_with_very_many_inputs_get_a_coarser_map() -> None:
    engine, dataset = engine_for({"data": {"kind": "iris"}})
    wide = np.zeros((20, 20_000), np.float32)
    wide[:, :2] = np.random.default_rng(0).normal(size=(20, 2))
    names = tuple(f"column {i}" for i in range(20_000))
    points = Points.of(wide, np.arange(20) % 2)
    data = replace(dataset, points=points, input_names=names, prepare=lambda x: x)
    engine.predict = lambda inputs: inputs[:, :2]  # type: ignore[method-assign]
    frame = FramePainter().draw(engine, data, replace(VIEWS, grid=400, neuron_grid=0))
    assert frame is not None
    assert frame.map is not None
    assert frame.map.shape == (20, 20, 2)
