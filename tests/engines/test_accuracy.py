"""What the playground promises to learn, with Adam, in so many epochs. The slowest file here."""

from typing import Any

import pytest

import playground

FOUR_TWO = [{"kind": "linear", "units": units, "activation": "tanh"} for units in (4, 2)]
EIGHT_EIGHT = [{"kind": "linear", "units": 8, "activation": "tanh"}] * 2
ALL_FEATURES = ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"]


def trained(
    epochs: int, generator: str, layers: list[dict[str, Any]], **model: Any
) -> "playground.engines.loop.headless.Result":
    classes = {"classes": 4} if generator == "rings" else {}
    raw = {
        "data": {"kind": "generated", "generator": generator, **classes},
        "model": {"layers": layers, **model},
        "training": {"optimizer": {"kind": "adam"}},
    }
    return playground.train(playground.Experiment.parse(raw), epochs=epochs)


@pytest.mark.parametrize(
    ("generator", "layers", "model", "epochs", "accuracy"),
    [
        ("circle", FOUR_TWO, {}, 300, 0.98),
        ("xor", FOUR_TWO, {}, 500, 0.95),
        ("spiral", EIGHT_EIGHT, {"features": ALL_FEATURES}, 1_000, 0.95),
        ("rings", FOUR_TWO, {"features": ["x1", "x2", "x1^2", "x2^2"]}, 200, 0.95),
    ],
)
def test_classes_are_told_apart(
    generator: str,
    layers: list[dict[str, Any]],
    model: dict[str, Any],
    epochs: int,
    accuracy: float,
) -> None:
    result = trained(epochs, generator, layers, **model)
    assert result.test_accuracy is not None
    assert result.test_accuracy >= accuracy


def test_a_plane_is_fitted() -> None:
    result = trained(100, "plane", FOUR_TWO)
    assert result.test_loss is not None
    assert result.test_loss <= 0.005
