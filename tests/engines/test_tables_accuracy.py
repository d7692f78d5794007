"""Tables that are brought in learn as well as in plain PyTorch: exported, imported, all columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn import datasets
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn

import playground
from playground.core.data.data import CsvData
from playground.core.data.points import Points
from playground.core.data.tables.export import points_csv
from playground.core.experiment.files import open_any

SEEDS = range(4)
UNITS = (16, 8)
EPOCHS = 25
BATCH = 16
RATE = 0.01
TEST_SHARE = 0.3


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Many threads make steps of so few rows many times slower."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def bunch_of(name: str) -> Any:
    return getattr(datasets, f"load_{name}")()


def accuracy_in_the_playground(path: Path, seed: int) -> float:
    experiment = open_any(path)
    for place, value in {
        "data.seed": seed,
        "training.seed": seed,
        "training.batch_size": BATCH,
        "training.optimizer.learning_rate": RATE,
        "model.layers": [{"kind": "linear", "units": units} for units in UNITS],
    }.items():
        experiment = experiment.with_setting(place, value)
    result = playground.train(experiment, epochs=EPOCHS)
    assert result.test_accuracy is not None
    return result.test_accuracy


def accuracy_in_plain_pytorch(x: np.ndarray, y: np.ndarray, seed: int) -> float:
    """The same shape, rate and batches; tanh, which is what a layer has by default."""
    parts = train_test_split(x, y, test_size=TEST_SHARE, random_state=seed, stratify=y)
    scaler = StandardScaler().fit(parts[0])
    x_train, x_test = (
        torch.tensor(scaler.transform(part), dtype=torch.float32) for part in parts[:2]
    )
    y_train, y_test = (torch.tensor(part) for part in parts[2:])
    torch.manual_seed(seed)
    network = nn.Sequential(
        nn.Linear(x.shape[1], UNITS[0]), nn.Tanh(),
        nn.Linear(UNITS[0], UNITS[1]), nn.Tanh(),
        nn.Linear(UNITS[1], int(y.max()) + 1),
    )  # fmt: skip
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(x_train)).split(BATCH):
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(x_train[rows]), y_train[rows]).backward()
            optimizer.step()
    with torch.no_grad():
        return (network(x_test).argmax(dim=1) == y_test).double().mean().item()


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer"])
def test_an_imported_table_is_learned_as_in_plain_pytorch(name: str, tmp_path: Path) -> None:
    bunch = bunch_of(name)
    path = tmp_path / f"{name}.csv"
    points = Points.of(bunch.data, bunch.target)
    path.write_bytes(points_csv(points, bunch.feature_names, [str(c) for c in bunch.target_names]))

    data = open_any(path).data
    assert isinstance(data, CsvData)
    assert data.inputs == tuple(bunch.feature_names)

    # Classes are numbered in the order of their names, which decides how they are divided.
    labels = np.argsort(np.argsort(bunch.target_names))[bunch.target]
    ours = np.mean([accuracy_in_the_playground(path, seed) for seed in SEEDS])
    plain = np.mean([accuracy_in_plain_pytorch(bunch.data, labels, seed) for seed in SEEDS])
    assert ours == pytest.approx(plain, abs=0.02)
    assert ours > 0.92
