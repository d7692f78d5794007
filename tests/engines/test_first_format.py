"""A file of the first format trains as it did in 0.1.0: the same arrays, and the same losses.

The figures are those of version 0.1.0, written down before targets could be scaled. What enters
the training is compared to the bit; losses as far as the mathematical libraries of two computers
agree.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.core.experiment.experiment import Experiment
from playground.engines.loop.headless import train_to_end

ENGINES = ("numpy", "torch", "compiled")
EPOCHS = 5

FIGURES: dict[str, tuple[str, float, float]] = {
    "sine": ("a46b6ec6a95aac25", 0.5041543245, 0.5347209573),
    "huber": ("0fc7e5621ea4ae9a", 0.2546874881, 0.2693723738),
    "drawn": ("e6d98676f1272133", 8.0285921097, 11.7008934021),
    "price": ("8f619c6401cf3949", 1648181248.0, 1245074432.0),
    "filled": ("e2220a8ecc0161d8", 62583664640.0, 29185202176.0),
    "kind": ("6135a3169ed0b7d3", 1.0938991308, 1.1257480383),
}
"""The SHA-256 of inputs and targets, training and test, shortened; both losses after 5 epochs."""


def table() -> str:
    """60 rows with gaps, written by arithmetic that every computer does alike."""
    lines = ["a,b,price,kind"]
    for i in range(60):
        a, b = (i * 37 % 101) / 7, "" if i % 9 == 4 else f"{(i * 53 % 89) * 1000 + 0.25}"
        lines.append(f"{a:.3f},{b},{2500 * a + 20000 + (i * 29 % 31):.2f},{'uvw'[i % 3]}")
    return "\n".join(lines) + "\n"


def experiment(name: str, folder: Path) -> Experiment:
    path = folder / "t.csv"
    path.write_text(table(), "utf-8")
    csv = {"kind": "csv", "path": str(path), "inputs": ["a", "b"], "standardize": True}
    csv["test_ratio"] = 0.3
    curve = {"kind": "generated", "generator": "sine", "samples": 80, "noise": 0.1}
    x = np.arange(40, dtype=float).reshape(20, 2) / 7 - 2
    points = {"kind": "points", "x": x.tolist(), "target": (x.sum(axis=1) * 3.3).tolist()}
    raw: dict[str, dict[str, Any]] = {
        "sine": {"data": curve},
        "huber": {"data": {**curve, "standardize": "all"}, "training": {"loss": "huber"}},
        "drawn": {"data": points, "training": {"loss": "l1"}},
        "price": {
            "data": {**csv, "target": "price"},
            "training": {"optimizer": {"kind": "adam", "learning_rate": 0.03}},
        },
        "filled": {
            "data": {**csv, "target": "price", "missing": "mean"},
            "training": {"loss": "sse", "optimizer": {"kind": "sgd", "learning_rate": 1e-7}},
        },
        "kind": {"data": {**csv, "label": "kind", "missing": "mean"}},
    }
    return Experiment.parse(raw[name])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", FIGURES)
def test_a_file_without_the_new_keys_trains_as_in_0_1_0(
    name: str, engine: str, tmp_path: Path
) -> None:
    made = experiment(name, tmp_path).with_setting("training.engine", engine)
    assert made.plain()["format"] == "playground/1"
    result = train_to_end(made, epochs=EPOCHS)
    train, test = result.dataset.train, result.dataset.test
    arrays = (train.inputs, train.targets, test.inputs, test.targets)
    content = b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)
    digest, train_loss, test_loss = FIGURES[name]
    assert hashlib.sha256(content).hexdigest()[:16] == digest
    assert result.train_loss == pytest.approx(train_loss, rel=1e-6)
    assert result.test_loss == pytest.approx(test_loss, rel=1e-6)
    assert result.predict(result.dataset.points.x).dtype == np.float32
