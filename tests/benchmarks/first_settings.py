"""What tables are trained with at first, tried on tables: `FOR_TABLES` beside its rivals.

`python -m tests.benchmarks.first_settings [SEEDS]`: R² or accuracy on the test rows, the median of
three divisions and first weights, after 20, 100 and 300 epochs of the network that is there at
first; beside it what a linear model of scikit-learn gets. It takes some minutes.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn import datasets
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from playground.core.data.dataset import Dataset
from playground.core.experiment import files, usual_settings
from playground.core.experiment.experiment import Experiment
from playground.engines.loop.headless import Result, train_to_end

MARKS: Final = (20, 100, 300)
RIVALS: Final = ((0.03, 10, "default"), (0.003, 10, "xavier"), (0.01, 32, "xavier"))
"""Learning rate, batch size and first weights; the first ones are those of drawn points."""

Table = tuple[npt.NDArray, npt.NDArray]


def tables() -> Iterator[tuple[str, Table]]:
    """Inputs (n, inputs) with answers (n,): whole numbers are classes, others are targets."""
    for name in ("wine", "breast_cancer", "iris"):
        yield name, getattr(datasets, f"load_{name}")(return_X_y=True)
    yield "moons", datasets.make_moons(400, noise=0.25, random_state=0)
    yield "clusters", datasets.make_classification(300, 15, n_informative=5, random_state=3)
    yield "diabetes", datasets.load_diabetes(return_X_y=True)
    yield "friedman1", datasets.make_friedman1(300, noise=1.0, random_state=1)
    yield "friedman2", datasets.make_friedman2(300, noise=100.0, random_state=2)
    yield "friedman3", datasets.make_friedman3(300, noise=0.1, random_state=3)
    random = np.random.default_rng(2)
    x = random.normal(size=(150, 12))
    yield "noise", (x, 2 * x[:, 0] - x[:, 1] + random.normal(0, 1.5, 150))
    bent = np.linspace(-10, 30, 100)
    yield "bend", (bent[:, None], 100 + 5 * np.sin(bent / 4) + random.normal(0, 0.2, 100))


def opened(folder: Path, name: str, table: Table) -> Experiment:
    """The table as a file, opened as `playground train` opens it."""
    x, y = table
    labels = [f"class {int(each)}" for each in y] if y.dtype.kind == "i" else y.tolist()
    rows = [
        ",".join([*map(repr, row), str(label)])
        for row, label in zip(x.tolist(), labels, strict=True)
    ]
    header = ",".join([*(f"column {place}" for place in range(x.shape[1])), "answer"])
    path = folder / f"{name}.csv"
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return files.open_any(path)


def figures(result: Result) -> list[float]:
    """R² or accuracy of the test rows at each of the MARKS."""
    dataset = result.dataset
    spread = float(np.var(dataset.points.y[dataset.points.held_out].astype(np.float64)))
    scores = [point.test for point in result.curve if point.epoch in MARKS and point.test]
    return [1 - s.loss / spread if s.accuracy is None else s.accuracy for s in scores]


def of_linear_model(dataset: Dataset) -> float:
    points = dataset.points
    model = LogisticRegression(max_iter=1_000) if dataset.classes else LinearRegression()
    train, test = ~points.held_out, points.held_out
    fitted = make_pipeline(StandardScaler(), model).fit(points.x[train], points.y[train])
    return float(fitted.score(points.x[test], points.y[test]))


def tried(experiment: Experiment, seeds: int, settings: list[tuple[str, Any]]) -> npt.NDArray:
    """The medians of the figures, and that of the linear model behind them."""
    found = []
    for seed in range(seeds):
        both = [("data.seed", seed), ("training.seed", seed), *settings]
        result = train_to_end(
            experiment.with_settings(both), epochs=max(MARKS), evaluate_every=min(MARKS)
        )
        found.append([*figures(result), of_linear_model(result.dataset)])
    return np.median(found, axis=0)


def main() -> None:
    """Print a row for each table."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    columns = [_chosen(), *RIVALS]
    heads = (f"{rate:g}, {size}, {weights}" for rate, size, weights in columns)
    print(f"{'':14}{'linear':>8}", *(f"{head:>19}" for head in heads))
    with tempfile.TemporaryDirectory() as folder:
        for name, table in tables():
            experiment = opened(Path(folder), name, table)
            rows = [tried(experiment, seeds, _settings(*column)) for column in columns]
            shown = ("  ".join(f"{value:.2f}" for value in row[:-1]) for row in rows)
            print(f"{name:14}{rows[0][-1]:8.2f}", *(f"{row:>19}" for row in shown), flush=True)


def _chosen() -> tuple[float, int, str]:
    optimizer, size, weights = usual_settings.FOR_TABLES.values()
    return optimizer.learning_rate, size, weights


def _settings(rate: float, size: int, weights: str) -> list[tuple[str, Any]]:
    return [
        ("training.optimizer.learning_rate", rate),
        ("training.batch_size", size),
        ("model.initializer", weights),
    ]


if __name__ == "__main__":
    main()
