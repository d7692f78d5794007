"""What scripts may rely on: the names in `playground` itself."""

from pathlib import Path

import numpy as np
import pytest

import playground


def test_the_public_names() -> None:
    assert set(playground.__all__) == {
        "Experiment",
        "PlaygroundError",
        "__version__",
        "load",
        "save",
        "train",
    }
    assert playground.__version__.split(".")[0].isdecimal()


def test_the_published_lines(tmp_path: Path) -> None:
    playground.save(playground.Experiment(), tmp_path / "circle.playground.json")
    experiment = playground.load(tmp_path / "circle.playground.json")
    result = playground.train(experiment, epochs=30)
    assert result.curve[-1].epoch == 30
    assert result.test_accuracy is not None
    assert result.test_accuracy > 0.6
    assert np.asarray(result.predict([[0.0, 1.0]])).shape == (1, 2)


def test_errors_are_for_people() -> None:
    with pytest.raises(playground.PlaygroundError, match="say how many epochs"):
        playground.train(playground.Experiment())
