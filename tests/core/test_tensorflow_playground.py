"""Links of TensorFlow Playground: what its page writes, what it leaves out, and what is broken.

What the names mean, and their defaults, are those of its state.ts.
"""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.data.dataset import prepare
from playground.core.errors import FileError
from playground.core.experiment import sharing
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.others.tensorflow_playground import MAX_LINK, from_link, is_link

PAGE = "https://playground.tensorflow.org/"
WHOLE = (
    "activation=relu&regularization=L2&batchSize=25&dataset=xor&regDataset=reg-gauss"
    "&learningRate=0.1&regularizationRate=0.003&noise=15&networkShape=5,3,2&seed=0.31415"
    "&showTestData=false&discretize=false&percTrainData=70&x=true&y=false&xTimesY=true"
    "&xSquared=false&ySquared=true&cosX=false&sinX=true&cosY=false&sinY=false"
    "&collectStats=false&problem=classification&initZero=false&hideText=false"
)


def link(**changes: object) -> str:
    return PAGE + "#" + "&".join(f"{name}={value}" for name, value in changes.items())


def opened(**changes: object) -> Experiment:
    return from_link(link(**changes)).experiment


def noted(**changes: object) -> str:
    return " ".join(from_link(link(**changes)).notes)


def test_a_whole_link_is_the_same_experiment() -> None:
    experiment, notes = from_link(f"{PAGE}#{WHOLE}")
    data, model, training = experiment.data, experiment.model, experiment.training
    assert (data.generator, data.samples, data.noise) == ("xor", 500, 0.15)
    dataset = prepare(experiment)
    assert len(dataset.train) == math.floor(500 * 70 / 100)
    assert model.features == ("x1", "x2^2", "x1*x2", "sin x1")
    assert [(layer.units, layer.activation) for layer in model.layers] == [
        (5, "relu"),
        (3, "relu"),
        (2, "relu"),
    ]
    assert model.output.activation == "tanh"
    assert (training.loss, training.batch_size) == ("mse", 25)
    assert (training.optimizer.kind, training.optimizer.learning_rate) == ("sgd", 0.05)
    assert (training.regularization.kind, training.regularization.rate) == ("l2", 0.006)
    assert len(notes) == 4
    assert "half its learning rate" in notes[0]


def test_what_is_left_out_is_what_its_page_begins_with() -> None:
    plain: dict[str, Any] = opened().plain()
    assert plain["data"]["generator"] == "circle"
    assert (plain["data"]["noise"], plain["data"]["test_ratio"]) == (0, 0.5)
    assert [layer["units"] for layer in plain["model"]["layers"]] == [4, 2]
    assert plain["training"]["optimizer"]["learning_rate"] == 0.03 / 2
    assert plain["training"]["batch_size"] == 10
    assert from_link(PAGE).experiment == opened()


def test_numbers_have_a_linear_output_and_more_points() -> None:
    hills = opened(problem="regression", regDataset="reg-gauss", dataset="xor")
    assert (hills.data.generator, hills.data.samples) == ("hills", 1200)
    assert (hills.model.output.activation, hills.training.loss) == ("linear", "mse")
    assert opened(problem="regression").data.generator == "plane"


def test_no_layer_no_weights_and_hidden_features() -> None:
    assert opened(networkShape="").model.layers == ()
    assert opened(initZero="true").model.initializer == "zeros"
    assert "drawn as PyTorch" not in noted(initZero="true")
    assert opened(x_hide="true").model.features == ("x2",)
    assert opened(x="false", y="false").model.features == ("x1", "x2")
    assert "No feature is on" in noted(x="false", y="false")


@pytest.mark.parametrize("share", range(10, 91))
def test_as_many_points_are_trained_on(share: int) -> None:
    """floor(n p / 100) of them, as generateData of its playground.ts has it."""
    dataset = prepare(opened(percTrainData=share))
    assert len(dataset.train) == 500 * share // 100


def test_another_seed_gives_other_points() -> None:
    first, second = opened(seed="0.11111"), opened(seed="0.11112")
    assert first.data.seed != second.data.seed
    assert first == opened(seed="0.11111")


@pytest.mark.parametrize(
    ("name", "value", "used"),
    [
        ("networkShape", "4,abc", "4,2"),
        ("networkShape", "1e9", "4,2"),
        ("networkShape", "8," * 70, "4,2"),
        ("learningRate", "NaN", "0.03"),
        ("learningRate", "Infinity", "0.03"),
        ("learningRate", "99", "20"),
        ("batchSize", "0", "1"),
        ("noise", "80", "50"),
        ("noise", "-3", "0"),
        ("percTrainData", "0", "10"),
        ("dataset", "moons", "circle"),
        ("activation", "mish", "tanh"),
        ("problem", "both", "classification"),
    ],
)
def test_what_cannot_be_used_is_said_with_what_takes_its_place(
    name: str, value: str, used: str
) -> None:
    said = noted(**{name: value})
    assert f"{name}: '" in said
    assert f"so {used} takes its place." in said


def test_what_is_not_kept_is_said() -> None:
    assert "not kept: showTestData, playButton_hide, tutorial." in noted(
        showTestData="true", tutorial="dp", playButton_hide="true"
    )
    assert "left out: flavour." in noted(flavour="sweet")
    assert "taken to zero" in noted(regularization="L1", regularizationRate="0.01")
    assert "The last 10 points of an epoch" in noted(batchSize=30)
    assert "All 250 training points are one batch" in noted(batchSize=1000)


@pytest.mark.parametrize(
    ("rest", "left_out"),
    [
        ("activation=relu&batchS", "batchS"),
        ("%%%%", "%%%%"),
        ("one&two=&activation=tanh", "one, two"),
    ],
)
def test_the_end_of_a_link_that_was_cut_off_is_said(rest: str, left_out: str) -> None:
    opened = from_link(f"https://playground.tensorflow.org/#{rest}")
    assert f"Unknown there and here, and left out: {left_out}." in map(str, opened.notes)


@pytest.mark.parametrize(
    "rest", ["", "&", "&&activation=relu&", "activation=relu&learningRate=", "="]
)
def test_what_a_link_leaves_blank_is_not_spoken_of(rest: str) -> None:
    """Its page reads such a link as if it was not there."""
    opened = from_link(f"https://playground.tensorflow.org/#{rest}")
    assert not [note for note in map(str, opened.notes) if "left out" in note or "cannot" in note]


def test_ways_in_which_links_travel() -> None:
    whole = from_link(f"{PAGE}#{WHOLE}")
    half = len(WHOLE) // 2
    for travelled in (
        f"  <{PAGE}#{WHOLE}>\n",
        f"{PAGE}#{WHOLE[:half]}\r\n{WHOLE[half:]}",
        f"{PAGE}#{WHOLE.replace('&', '&amp;')}",
        f"{PAGE}#{quote(WHOLE, safe='=&')}",
        f"http:/playground.tensorflow.org/#{WHOLE}",  # as a path of this system
        f"playground.tensorflow.org/?hl=ja#{WHOLE}",
        f"https://example.org/copy/index.html#{WHOLE}",
    ):
        assert is_link(travelled)
        assert sharing.is_link(travelled)
        assert from_link(travelled) == whole
    for other in ("https://example.org/#a=b", "playground.tensorflow.orgs", "hello", ""):
        assert not is_link(other)


def test_a_link_that_no_page_makes_is_one_sentence() -> None:
    with pytest.raises(FileError, match="longer than 10,000 characters"):
        from_link(link(seed="1" * MAX_LINK))


@given(
    st.dictionaries(
        st.sampled_from([part.partition("=")[0] for part in WHOLE.split("&")]) | st.text(),
        st.text(max_size=20) | st.floats().map(str) | st.integers().map(str),
        max_size=12,
    )
)
@settings(max_examples=60)
def test_whatever_a_link_says_is_an_experiment(values: dict[str, str]) -> None:
    experiment, notes = from_link(link(**{}) + "&".join(f"{n}={v}" for n, v in values.items()))
    assert Experiment.parse(experiment.plain()) == experiment
    assert all(len(note) < 500 and "\n" not in note for note in notes)
