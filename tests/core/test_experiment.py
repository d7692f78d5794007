"""The experiment: what files may hold, what is left out, and how it changes."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from playground.core.data.data import GeneratedData
from playground.core.data.generators import GENERATORS
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.errors import ExperimentError
from playground.core.experiment.experiment import Experiment, Regularization, live_change
from playground.core.experiment.settings import presentation
from playground.core.network.layers import Dropout, Linear
from playground.core.training.losses import LOSSES
from playground.core.training.optimizers import OPTIMIZERS, Adam
from playground.core.training.schedules import Constant
from tests.strategies import experiments

# The example of the file format that is published, word for word.
PUBLISHED = """
{"format": "playground/1",
 "title": "Spiral",
 "data":  {"kind": "generated", "generator": "spiral", "samples": 500, "noise": 0.0, "seed": 7,
           "test_ratio": 0.5, "standardize": false},
 "model": {"features": ["x1", "x2"],
           "layers": [{"kind": "linear", "units": 8, "activation": "tanh"},
                      {"kind": "dropout", "p": 0.1},
                      {"kind": "linear", "units": 8, "activation": "tanh"}],
           "output": {"bias": true},
           "initializer": "default"},
 "training": {"loss": "cross_entropy",
              "optimizer": {"kind": "adam", "learning_rate": 0.03},
              "schedule": {"kind": "constant"},
              "regularization": {"kind": "none", "rate": 0.0},
              "batch_size": 10, "epochs": null, "seed": 42, "dtype": "float32", "device": "auto",
              "engine": "auto"}}
"""


def parse(**parts: Any) -> Experiment:
    return Experiment.parse(parts)


def training(**settings: Any) -> Experiment:
    return parse(training=settings)


def data(**settings: Any) -> Experiment:
    return parse(data={"kind": "generated", **settings})


@given(experiments())
def test_plain_data_reads_back_to_an_equal_experiment(experiment: Experiment) -> None:
    assert Experiment.parse(experiment.plain()) == experiment


@given(experiments())
def test_plain_data_survives_json(experiment: Experiment) -> None:
    text = json.dumps(experiment.plain(), allow_nan=False)
    assert Experiment.parse(json.loads(text)) == experiment


def test_the_published_example_is_read() -> None:
    experiment = Experiment.parse(json.loads(PUBLISHED))
    assert experiment.title == "Spiral"
    assert experiment.data == GeneratedData(generator="spiral", samples=500)
    assert experiment.model.features == ("x1", "x2")
    assert experiment.model.layers == (Linear(units=8), Dropout(p=0.1), Linear(units=8))
    assert experiment.training.optimizer == Adam(learning_rate=0.03)


def test_what_is_left_out_has_the_published_defaults() -> None:
    empty, published = Experiment.parse({}), json.loads(PUBLISHED)
    plain = empty.plain()
    assert plain["format"] == "playground/1"
    assert {key: plain["data"][key] for key in published["data"]} == (
        published["data"] | {"generator": "circle"}
    )
    assert empty.model.features is None
    assert empty.model.layers == (Linear(units=4), Linear(units=2))
    assert empty.model.layers[0].activation == "tanh"
    assert plain["model"]["output"] == published["model"]["output"]
    assert plain["model"]["initializer"] == "default"
    assert empty.training.schedule == Constant()
    assert empty.training.regularization == Regularization(kind="none", rate=0.0)
    for key in ("loss", "batch_size", "epochs", "seed", "dtype", "device", "engine"):
        assert plain["training"][key] == published["training"][key]
    assert empty.training.optimizer == Adam(learning_rate=0.03)


@pytest.mark.parametrize("key", GENERATORS.keys())
def test_regression_has_its_own_defaults(key: str) -> None:
    experiment = data(generator=key)
    generator = GENERATORS[key].value
    assert experiment.training.loss == ("mse" if generator.regression else "cross_entropy")
    assert experiment.data.samples == generator.default_samples
    assert data(generator=key, samples=33).data.samples == 33


def test_targets_have_their_own_default_loss() -> None:
    assert parse(data={"kind": "points", "x": [], "target": []}).training.loss == "mse"
    table = {"kind": "csv", "path": "t.csv", "inputs": ["a"], "target": "b"}
    assert parse(data=table).training.loss == "mse"
    assert parse(data=table, training={"loss": "l1"}).training.loss == "l1"


BAD: list[tuple[dict[str, Any], str]] = [
    (
        {"training": {"optimizer": {"kind": "adam", "learning_rate": 40}}},
        "training.optimizer.learning_rate: 40 is above 10.",
    ),
    (
        {"training": {"optimizer": {"kind": "adam", "learning_rate": "0.1"}}},
        "training.optimizer.learning_rate: '0.1' needs to be a number.",
    ),
    (
        {"training": {"optimizer": {"kind": "adam", "learning_rate": float("nan")}}},
        "training.optimizer.learning_rate: nan needs to be a finite number.",
    ),
    (
        {"training": {"optimizer": {"kind": "adam", "learning_rate": float("inf")}}},
        "training.optimizer.learning_rate: inf needs to be a finite number.",
    ),
    (
        {"training": {"optimizer": {"kind": "adam", "learning_rate": True}}},
        "training.optimizer.learning_rate: True needs to be a number.",
    ),
    (
        {"training": {"optimizer": {"kind": "adamm"}}},
        "training.optimizer: 'adamm' is not a choice here. Did you mean 'adam'?",
    ),
    (
        {"training": {"optimizer": {"learning_rate": 0.1}}},
        'training.optimizer: this needs a "kind".',
    ),
    (
        {"training": {"optimizer": {"kind": "sgd", "nesterov": True}}},
        "training.optimizer: nesterov needs a momentum above 0.",
    ),
    (
        {"training": {"optimizer": {"kind": "sgd", "betas": [0, 0]}}},
        "training.optimizer.betas: there is no such setting; check its spelling or remove it.",
    ),
    (
        {"training": {"optimizer": {"kind": "adam", "betas": [0.9, 1.0]}}},
        "training.optimizer.betas.1: 1.0 is not below 1.",
    ),
    (
        {"training": {"schedule": {"kind": "step", "gamma": 0.0}}},
        "training.schedule.gamma: 0.0 is not above 0.",
    ),
    ({"training": {"batch_size": 0}}, "training.batch_size: 0 is below 1."),
    (
        {"training": {"batch_size": "ful"}},
        "training.batch_size: 'ful' is not a choice here. Did you mean 'full'?",
    ),
    ({"training": {"batch_size": 2.5}}, "training.batch_size: 2.5 needs to be a whole number."),
    ({"training": {"epochs": -1}}, "training.epochs: -1 is below 0."),
    ({"training": {"seed": True}}, "training.seed: True needs to be a whole number."),
    ({"training": {"seed": 2**32}}, "training.seed: 4294967296 is above 4294967295."),
    ({"training": {"loss": "mze"}}, "training.loss: no loss is called 'mze'. Did you mean 'mse'?"),
    (
        {"training": {"device": "gpu"}},
        "training.device: 'gpu' is no device; write auto, cpu, cuda, cuda:0, mps or xpu.",
    ),
    ({"data": None}, "data: None needs to be an object with settings."),
    (
        {"data": {"kind": "generated", "generator": "spirall"}},
        "data.generator: no data set is called 'spirall'. Did you mean 'spiral'?",
    ),
    (
        {"data": {"kind": "generated", "generator": "rings", "classes": 5}},
        "data: 'rings' makes 2 to 4 classes, not 5.",
    ),
    ({"data": {"kind": "generated", "noise": 0.6}}, "data.noise: 0.6 is above 0.5."),
    (
        {"data": {"kind": "generated", "standardize": "yes"}},
        "data.standardize: 'yes' is not a choice here. There is: all.",
    ),
    ({"data": {"kind": "points", "label": [1]}}, "data.x: this setting is missing."),
    (
        {"data": {"kind": "points", "x": [[1, 2]]}},
        'data: points need either "label" (classes) or "target" (numbers).',
    ),
    (
        {"data": {"kind": "points", "x": [[1, 2], [3]], "label": [0, 1]}},
        "data.x: all rows need to be equally long lists of numbers.",
    ),
    (
        {"data": {"kind": "points", "x": [["1", "2"]], "label": [0]}},
        "data.x: every value needs to be a number.",
    ),
    (
        {"data": {"kind": "points", "x": [[1e999, 2]], "label": [0]}},
        "data.x: every value needs to be a finite number.",
    ),
    (
        {"data": {"kind": "points", "x": [[1e39, 2]], "label": [0]}},
        "data.x: a value is too large.",
    ),
    (
        {"data": {"kind": "points", "x": [[10**400, 2]], "label": [0]}},
        "data.x: every value needs to be a number.",
    ),
    (
        {"data": {"kind": "points", "x": [[]], "label": [0]}},
        "data.x: this needs to be a list of [x1, x2] rows.",
    ),
    (
        {"data": {"kind": "points", "x": [[1, 2]], "label": [0.5]}},
        "data.label: every value needs to be a whole number from 0 up.",
    ),
    (
        {"data": {"kind": "points", "x": [[1, 2]], "label": [1e30]}},
        "data.label: every value needs to be a whole number from 0 up.",
    ),
    (
        {"data": {"kind": "points", "x": [[1, 2]], "label": [100]}},
        "data: there can be 100 classes at most, 0 to 99, but a label is 100; number them from 0,"
        " and leave out the points of the others.",
    ),
    (
        {"data": {"kind": "points", "x": [[1, 2]], "label": [0, 1]}},
        "data: there are 1 points but 2 answers.",
    ),
    (
        {"data": {"kind": "points", "x": [[1, 2]], "label": [0], "test": [1]}},
        'data: "test" names row 1, but the last one is 0.',
    ),
    (
        {"data": {"kind": "csv", "path": "a\0b", "inputs": ["x"], "label": "y"}},
        "data.path: no path has the character NUL in it.",
    ),
    (
        {"data": {"kind": "csv", "path": "a", "inputs": [], "label": "y"}},
        "data.inputs: this needs at least 1 entries.",
    ),
    ({"model": {"layers": {"a": 1}}}, "model.layers: {'a': 1} needs to be a list."),
    (
        {"model": {"layers": [{"kind": "linear", "units": 0}]}},
        "model.layers.0.units: 0 is below 1.",
    ),
    (
        {"model": {"layers": [{"kind": "dropout"}, {"kind": "liner"}]}},
        "model.layers.1: 'liner' is not a choice here. Did you mean 'linear'?",
    ),
    (
        {"model": {"layers": [{"kind": "linear", "activation": "tanhh"}]}},
        "model.layers.0.activation: no activation is called 'tanhh'. Did you mean 'tanh'?",
    ),
    ({"model": {"features": ["x1", "x1"]}}, "model.features: a feature is named twice."),
    ({"model": {"output": {"bias": 1}}}, "model.output.bias: 1 needs to be true or false."),
    ({"titel": "x"}, "titel: there is no such setting; check its spelling or remove it."),
    ({"title": 5}, "title: 5 needs to be text."),
]


@pytest.mark.parametrize(("raw", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_a_fault_is_one_sentence_with_its_path(raw: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        Experiment.parse(raw)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("raw", [[], "spiral", 5, None])
def test_only_an_object_is_a_project(raw: Any) -> None:
    with pytest.raises(ExperimentError, match="A project is an object"):
        Experiment.parse(raw)


@pytest.mark.parametrize("key", ["title", "data", "model", "training"])
def test_deep_nesting_is_an_error_not_a_crash(key: str) -> None:
    nested: list[Any] = []
    for _ in range(500):
        nested = [nested]
    with pytest.raises(ExperimentError, match=f"^{key}: ") as caught:
        Experiment.parse({key: nested})
    assert len(str(caught.value)) < 150
    with pytest.raises(ExperimentError, match=r"^data\.x: "):
        Experiment.parse({"data": {"kind": "points", "x": nested, "label": [0]}})


def test_whole_numbers_may_be_written_with_a_point() -> None:
    assert training(batch_size=5.0, epochs=1e3).training.epochs == 1000
    assert GeneratedData(samples=np.int64(20)).samples == 20


class TestWithSetting:
    def test_one_value(self) -> None:
        changed = Experiment().with_setting("training.optimizer.learning_rate", 0.5)
        assert changed.training.optimizer.learning_rate == 0.5
        assert Experiment().training.optimizer.learning_rate == 0.03

    def test_inside_a_list(self) -> None:
        changed = Experiment().with_setting("model.layers.1.units", 7)
        assert [layer.units for layer in changed.model.layers] == [4, 7]

    @pytest.mark.parametrize("kind", OPTIMIZERS)
    def test_another_optimizer_keeps_the_learning_rate(self, kind: str) -> None:
        experiment = training(optimizer={"kind": "sgd", "learning_rate": 0.7, "momentum": 0.5})
        optimizer = experiment.with_setting("training.optimizer.kind", kind).training.optimizer
        assert optimizer.kind == kind
        assert optimizer.learning_rate == 0.7

    def test_another_kind_of_data_keeps_the_seed(self) -> None:
        changed = data(seed=3, samples=9).with_setting("data.kind", "iris")
        assert changed.data.seed == 3

    def test_points_stay_bit_for_bit(self) -> None:
        points = Points.of(np.float32([[0.1, 1 / 3], [1e-38, 3e38]]), [0, 1])
        experiment = Experiment(data=PointsData.of(points))
        changed = experiment.with_setting("training.seed", 1)
        assert changed.data.points().same_as(points)

    @pytest.mark.parametrize(
        "path",
        [
            "",
            "trainng.seed",
            "training.seed.x",
            "model.layers.9.units",
            "model.layers.²",
            "model.features.0",
            "training.optimizer.momentum",
            "model.layers.0",
        ],
    )
    def test_what_is_not_there_is_an_error(self, path: str) -> None:
        with pytest.raises(ExperimentError):
            Experiment().with_setting(path, 1)

    def test_a_value_that_does_not_fit_names_the_path(self) -> None:
        with pytest.raises(ExperimentError, match=r"^model\.layers\.0\.units: 0 is below 1\.$"):
            Experiment().with_setting("model.layers.0.units", 0)


def drawn(label: list[int], **settings: Any) -> Experiment:
    x = [[float(i), 0.0] for i in range(len(label))]
    return parse(data={"kind": "points", "x": x, "label": label, **settings})


LIVE = {
    "training.optimizer.learning_rate": 0.5,
    "training.regularization": {"kind": "l1", "rate": 0.1},
    "training.batch_size": "full",
    "training.epochs": 5,
    "data.samples": 20,
    "data.noise": 0.2,
    "data.seed": 1,
    "data.test_ratio": 0.1,
    "data.stratify": False,
    "title": "Another name",
}
NOT_LIVE = {
    "training.seed": 1,
    "training.loss": "bce_with_logits",
    "training.optimizer.eps": 1e-3,
    "training.optimizer.kind": "sgd",
    "training.schedule.kind": "step",
    "training.dtype": "float64",
    "training.engine": "torch",
    "training.device": "cpu",
    "model.layers": (),
    "model.initializer": "zeros",
    "model.features": ("x1",),
    "data.generator": "xor",
    "data.standardize": True,
    "data.kind": "iris",
}


@pytest.mark.parametrize("path", LIVE)
def test_a_running_training_goes_on(path: str) -> None:
    assert live_change(Experiment(), Experiment().with_setting(path, LIVE[path]))


@pytest.mark.parametrize("path", NOT_LIVE)
def test_a_run_starts_again(path: str) -> None:
    assert not live_change(Experiment(), Experiment().with_setting(path, NOT_LIVE[path]))


@pytest.mark.parametrize(("old", "new", "is_live"), [
    ([0, 1], [0, 1, 1], True),
    ([0, 1], [0], True),
    ([0, 1], [0, 1, 2], False),
    ([0, 1, 2], [0, 1], False),
])  # fmt: skip
def test_painted_points_act_at_once_unless_they_change_the_outputs(
    old: list[int], new: list[int], is_live: bool
) -> None:
    assert live_change(drawn(old), drawn(new)) is is_live


def test_points_that_replace_a_generated_set_act_at_once() -> None:
    assert live_change(Experiment(), drawn([0, 1]))
    assert not live_change(data(generator="plane"), drawn([0, 1]))
    assert not live_change(data(generator="blobs", classes=4), data(generator="blobs", classes=3))


def test_forms_tell_the_truth_about_what_acts_at_once() -> None:
    for path in ("training.batch_size", "training.epochs", "data.noise", "data.samples"):
        part, name = path.split(".")
        settings = getattr(Experiment(), part)
        assert presentation(type(settings).model_fields[name]).live, path
    for path in ("training.seed", "training.loss", "data.standardize", "data.generator"):
        part, name = path.split(".")
        settings = getattr(Experiment(), part)
        assert not presentation(type(settings).model_fields[name]).live, path


def test_every_choice_has_a_label_and_a_help() -> None:
    for registry in (GENERATORS, LOSSES):
        for choice in registry:
            assert choice.label
            assert choice.help.endswith(".")


def test_points_data_are_equal_only_where_everything_is() -> None:
    one = drawn([0, 1]).data
    assert one == drawn([0, 1]).data
    assert one != drawn([0, 0]).data
    assert one != drawn([0, 1], test=[0]).data
    assert one != drawn([0, 1], standardize="all").data
    assert drawn([0], standardize=True).data != drawn([0], standardize="all").data
    assert one != GeneratedData()
