"""Where a new layer can stand, and what the window calls a place in an experiment."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.data.dataset import Dataset, prepare
from playground.core.errors import ExperimentError
from playground.core.experiment.edits import add_layer
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.layer_places import last_place
from playground.core.experiment.remarks import BATCH, RATE, remark
from playground.core.network.analysis import analyse
from playground.core.network.layers import LAYERS
from tests.strategies import image_layers

CIRCLE = prepare(Experiment.parse({"data": {"kind": "generated", "samples": 40}}))
DIGITS = prepare(Experiment.parse({"data": {"kind": "digits"}}))
OF_IMAGES = [kind for kind, layer in LAYERS.items() if layer.takes == "image"]


def of_digits(layers: list[dict[str, Any]]) -> Experiment:
    return Experiment.parse({"data": {"kind": "digits"}, "model": {"layers": layers}})


def faults(experiment: Experiment, dataset: Dataset) -> int:
    return len(analyse(experiment, dataset.width, dataset.outputs, dataset.image).faults)


@given(image_layers(), st.sampled_from(sorted(LAYERS)))
def test_a_layer_where_it_can_stand_breaks_nothing(layers: list[dict], kind: str) -> None:
    before = of_digits(layers)
    index = last_place(before, kind, DIGITS)
    if index is not None:
        assert faults(add_layer(before, index, kind), DIGITS) <= faults(before, DIGITS)


@pytest.mark.parametrize("kind", [*OF_IMAGES, "flatten"])
def test_points_have_no_place_for_layers_of_images(kind: str) -> None:
    assert last_place(Experiment(), kind, CIRCLE) is None


@pytest.mark.parametrize("kind", sorted(set(LAYERS) - {*OF_IMAGES, "flatten"}))
def test_any_other_layer_stands_last(kind: str) -> None:
    assert last_place(Experiment(), kind, CIRCLE) == 2
    alone = Experiment().with_setting("training.batch_size", 1)
    assert last_place(alone, kind, CIRCLE) == 2


def test_layers_of_images_go_before_the_linear_ones() -> None:
    dense = of_digits([{"kind": "linear"}, {"kind": "linear"}])
    assert last_place(dense, "conv", DIGITS) == 0
    assert last_place(dense, "flatten", DIGITS) is None
    mixed = of_digits([{"kind": "conv"}, {"kind": "pool"}, {"kind": "linear"}])
    assert last_place(mixed, "conv", DIGITS) == 2
    assert last_place(mixed, "flatten", DIGITS) == 2
    assert last_place(mixed, "linear", DIGITS) == 3


def test_errors_name_layers_as_the_window_does_and_as_files_do() -> None:
    experiment = of_digits([{"kind": "linear"}, {"kind": "conv"}])
    with pytest.raises(ExperimentError) as found:
        analyse(experiment, DIGITS.width, DIGITS.outputs, DIGITS.image).check()
    assert found.value.message.startswith("Layer 2, convolution: ")
    assert str(found.value).startswith("model.layers.1: ")


@pytest.mark.parametrize(
    ("raw", "shown", "typed"),
    [
        (
            {"model": {"layers": [{"kind": "conv", "stride": 9}]}},
            "Layer 1, convolution, stride: 9 is above 4.",
            "model.layers.0.stride: 9 is above 4.",
        ),
        (
            {"training": {"epochs": 200_000_000}},
            "Epochs: 200,000,000 is above 100,000,000.",
            "training.epochs: 200000000 is above 100000000.",
        ),
        (
            {"training": {"optimizer": {"kind": "sgd", "learning_rate": -1}}},
            "Learning rate: −1 is below 0.",
            "training.optimizer.learning_rate: -1 is below 0.",
        ),
        (
            {"model": {"layers": [{"kind": "liner"}]}},
            "Layer 1: 'liner' is not a choice here. Did you mean 'linear'?",
            "model.layers.0: 'liner' is not a choice here. Did you mean 'linear'?",
        ),
        ({"model": {"features": []}}, "model.features: ", "model.features: "),
    ],
)
def test_settings_are_named_by_their_labels_in_the_window(
    raw: dict[str, Any], shown: str, typed: str
) -> None:
    with pytest.raises(ExperimentError) as found:
        Experiment.parse(raw)
    assert found.value.message.startswith(shown)
    assert str(found.value).startswith(typed)


def test_a_file_around_an_error_keeps_both_its_names() -> None:
    with pytest.raises(ExperimentError) as found:
        Experiment.parse({"model": {"layers": [{"kind": "linear", "units": 0}]}})
    error = found.value.within("a.json")
    assert error.message.startswith("a.json: Layer 1, linear, units: 0 is below 1.")
    assert str(error).startswith("a.json: model.layers.0.units: 0 is below 1.")


def test_what_is_hardly_meant_is_said_in_a_word() -> None:
    still = Experiment().with_setting(RATE, 0)
    assert "no step changes anything" in remark(still, RATE, 200)
    large = Experiment().with_setting(BATCH, 99_999)
    assert "99,999 is more than the 200" in remark(large, BATCH, 200)
    assert not remark(large, RATE, 200)
    assert not remark(large, BATCH, None)
    assert not remark(Experiment().with_setting(BATCH, 200), BATCH, 200)
    assert not remark(Experiment().with_setting(BATCH, "full"), BATCH, 200)
