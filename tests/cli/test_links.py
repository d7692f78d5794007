"""A link in place of a file: `train` learns it, and says what could not be kept."""

from __future__ import annotations

import json
from collections.abc import Callable

from click.testing import Result

from playground.core.experiment.experiment import Experiment
from playground.core.experiment.sharing import to_link

Call = Callable[..., Result]
PAGE = "https://playground.tensorflow.org/#"


def test_a_link_of_tensorflow_playground_is_trained(call: Call) -> None:
    link = f"{PAGE}activation=relu&dataset=gauss&networkShape=3&noise=90&learningRate=0.03"
    result = call("train", link, "--epochs", 20, "--engine", "numpy", "--json", "--quiet")
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert (said["engine"], said["epochs"], said["steps"]) == ("numpy", 20, 500)
    assert said["train_accuracy"] > 0.7
    assert "Note: noise: '90' cannot be used, so 50 takes its place." in result.stderr
    assert "Note: The loss here, mse, is twice that of TensorFlow Playground" in result.stderr


def test_a_link_that_was_copied_here_is_trained(call: Call) -> None:
    link = to_link(Experiment().with_setting("training.engine", "numpy"))
    result = call("train", link, "--epochs", 2, "--json", "--quiet")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["train_loss"] > 0


def test_a_broken_link_is_one_sentence(call: Call) -> None:
    result = call("train", to_link(Experiment())[:-6], "--epochs", 2)
    assert result.exit_code == 1
    assert "The link is damaged" in result.stderr
