"""Edits of an experiment: what a wish means for the whole of it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from playground.core.data.data import CsvData, Data, PhotographsData
from playground.core.data.dataset import prepare
from playground.core.data.generators import GENERATORS
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.data.vectors import VectorData
from playground.core.errors import ExperimentError
from playground.core.experiment import edits
from playground.core.experiment.experiment import Experiment, live_change
from playground.core.experiment.setting_paths import value_at
from playground.core.experiment.usual_settings import FOR_PHOTOGRAPHS, FOR_TABLES
from tests.strategies import experiments

keys = st.sampled_from(GENERATORS.keys())


def rings(classes: int) -> Experiment:
    data = {"kind": "generated", "generator": "rings", "classes": classes}
    return Experiment.parse({"data": data})


@given(st.lists(keys, max_size=4))
def test_any_way_through_the_gallery_can_be_trained(way: list[str]) -> None:
    experiment = Experiment()
    for key in way:
        experiment = edits.choose_generator(experiment, key)
        prepare(experiment)


def test_more_classes_change_a_loss_that_tells_only_two_apart() -> None:
    two = rings(2).with_setting("training.loss", "bce_with_logits")
    four = edits.set_value(two, "data.classes", 4)
    assert four.training.loss == "cross_entropy"
    prepare(four)


@pytest.mark.parametrize("classes", [2, 3, 4])
def test_an_empty_canvas_is_the_same_problem(classes: int) -> None:
    before = rings(classes)
    empty = edits.with_points(before, Points.empty())
    assert isinstance(empty.data, PointsData)
    assert empty.data.class_count == classes
    painted = edits.with_points(empty, Points.of([[0.0, 1.0], [1.0, 0.0]], [0, 1]))
    assert live_change(before, empty)
    assert live_change(empty, painted)


def test_classes_are_added_up_to_ten() -> None:
    experiment, points = rings(2), prepare(rings(2)).points
    for count in range(3, 11):
        experiment = edits.add_class(experiment, points)
        assert prepare(experiment).classes == count
        assert len(set(prepare(experiment).class_names)) == count
    with pytest.raises(ExperimentError, match="ten classes"):
        edits.add_class(experiment, points)


@pytest.mark.parametrize("generator", ["circle", "sine"])
def test_features_are_switched_on_and_off_but_not_all_of_them(generator: str) -> None:
    experiment = edits.choose_generator(Experiment(), generator)
    more = edits.toggle_feature(experiment, "x1^2", True)
    prepare(more)
    fewer = edits.toggle_feature(more, "x1", False)
    prepare(fewer)
    left = list(fewer.model.features or ())
    for key in left[:-1]:
        fewer = edits.toggle_feature(fewer, key, False)
    with pytest.raises(ExperimentError, match="at least one feature"):
        edits.toggle_feature(fewer, left[-1], False)


def test_layers_are_added_moved_changed_and_removed() -> None:
    kinds = lambda experiment: [layer.kind for layer in experiment.model.layers]  # noqa: E731
    start = Experiment()
    added = edits.add_layer(start, 1, "dropout")
    assert kinds(added) == ["linear", "dropout", "linear"]
    assert kinds(edits.move_layer(added, 1, 2)) == ["linear", "linear", "dropout"]
    assert edits.set_layer(added, 1, "p", 0.5).model.layers[1].p == 0.5
    assert edits.remove_layer(added, 1) == start
    with pytest.raises(ExperimentError, match=r"model\.layers"):
        edits.set_layer(added, 1, "p", 2.0)


def test_another_share_of_test_points_divides_drawn_points_anew() -> None:
    points = Points.of([[float(i), 0.0] for i in range(10)], [0, 1] * 5)
    drawn = edits.with_points(Experiment(), points)
    assert not prepare(drawn).points.held_out.any()
    shared = edits.set_value(drawn, "data.test_ratio", 0.4)
    assert prepare(shared).points.held_out.sum() == 4


def test_rows_of_vectors_stay_as_they_are() -> None:
    experiment = edits.use_data(Experiment(), VectorData(), "Vectors")
    points = prepare(experiment).points
    with pytest.raises(ExperimentError, match="their rows stay as they are"):
        edits.with_points(experiment, points)


# What tables are trained with.

CSV = CsvData(path="/flats.csv", inputs=("area",), target="price", target_scaling="standard")
KEPT = PointsData.of(
    Points.of([[0.0, 1.0], [1.0, 0.0]], [0, 1]), standardize=True, target_scaling="standard"
)


def _trained_with(experiment: Experiment) -> list[object]:
    return [value_at(experiment, path) for path in FOR_TABLES]


@pytest.mark.parametrize("table", [CSV, KEPT])
def test_a_table_that_is_brought_begins_with_settings_of_its_own(table: Data) -> None:
    brought = edits.use_data(Experiment(), table, "flats")
    assert _trained_with(brought) == list(FOR_TABLES.values())
    assert edits.use_data(brought, CSV, "others").training.batch_size == 16
    for back in (edits.choose_generator(brought, "spiral"), edits.choose_table(brought, "iris")):
        assert _trained_with(back) == _trained_with(Experiment())


def test_photographs_bring_a_network_that_looks_at_pictures_and_take_it_with_them() -> None:
    photographs = PhotographsData(path="/pets")
    pets = edits.use_data(Experiment(), photographs, "pets")
    assert [value_at(pets, path) for path in FOR_PHOTOGRAPHS] == list(FOR_PHOTOGRAPHS.values())
    for back in (edits.choose_generator(pets, "spiral"), edits.use_data(pets, VectorData(), "v")):
        assert back.model == Experiment().model
        assert back.training.optimizer == Experiment().training.optimizer
    own = edits.set_layer(edits.choose_generator(pets, "spiral"), 0, "units", 9)
    assert edits.use_data(own, photographs, "pets").model.layers == own.model.layers


def test_drawn_points_and_images_begin_as_ever() -> None:
    drawn = KEPT.model_copy(update={"target_scaling": "none"})
    pixels = CSV.model_copy(update={"image": (1, 1, 1)})
    for data in (drawn, pixels, VectorData()):
        used = edits.use_data(Experiment(), data, "others")
        assert _trained_with(used) == _trained_with(Experiment())


@settings(max_examples=30)
@given(experiments(), keys)
def test_what_somebody_has_chosen_stays_through_a_table(before: Experiment, key: str) -> None:
    """And what a table has brought goes with it: the settings are those without it."""
    assume(before.data.target_scaling == "none")
    assume(all(value_at(before, path) != value for path, value in FOR_TABLES.items()))
    usual = dict(zip(FOR_TABLES, _trained_with(Experiment()), strict=True))
    brought = edits.use_data(before, CSV, "flats")
    for path, value in FOR_TABLES.items():
        own = value_at(before, path)
        assert value_at(brought, path) == (value if own == usual[path] else own)
    without = edits.choose_generator(before, key)
    assert _trained_with(edits.choose_generator(brought, key)) == _trained_with(without)
