"""How long a training step takes: the engines, plain PyTorch, a tutorial's loop and scikit-learn,
measured side by side.

All contenders train the same network on the same points, in turns, several rounds of each; the
fastest round counts, because whatever else the computer does only ever adds time. Microseconds
depend on the machine, their ratios hardly.

Returns plain data and prints nothing. Runs on the calling thread, which should have nothing else to
do.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.utils.data import DataLoader, TensorDataset

from playground.core.data.dataset import Dataset, prepare
from playground.core.data.generators import GENERATORS, Recipe
from playground.core.experiment.experiment import Experiment
from playground.engines.compiled import kernel_cache
from playground.engines.contract.base import Engine, Plan
from playground.engines.loop.selection import ENGINES, select
from playground.engines.pytorch.network import build

OptimizerName = Literal["sgd", "adam"]
Run = Callable[[int], None]
"""Train that many epochs."""

ALL_FEATURES = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2")
RATE = 0.01
TABLE_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Workload:
    """A network to train on 250 generated points, with tanh and binary cross-entropy."""

    key: str
    generator: str
    hidden: tuple[int, ...]
    batch_size: int
    features: tuple[str, ...] = ("x1", "x2")

    @property
    def title(self) -> str:
        sizes = "-".join(map(str, (len(self.features), *self.hidden, 1)))
        return f"{self.generator}, {sizes}, batch {self.batch_size}"

    def experiment(self, optimizer: OptimizerName = "sgd") -> Experiment:
        layers = [{"kind": "linear", "units": n, "activation": "tanh"} for n in self.hidden]
        return Experiment.parse(
            {
                "data": {"kind": "generated", "generator": self.generator, "samples": 500},
                "model": {"features": self.features, "layers": layers},
                "training": {
                    "loss": "bce_with_logits",
                    "optimizer": {"kind": optimizer, "learning_rate": RATE},
                    "batch_size": self.batch_size,
                    "device": "cpu",
                },
            }
        )


WORKLOADS = (
    Workload("W1", "circle", (4, 2), 10),
    Workload("W2", "spiral", (8, 8), 10, ALL_FEATURES),
    Workload("W3", "spiral", (8,) * 6, 10),
    Workload("W4", "spiral", (64, 64), 50),
    Workload("W5", "spiral", (256,) * 3, 250),
)

CONTENDERS = {
    "auto": "The engine that auto chooses",
    "compiled": "Compiled engine",
    "numpy": "NumPy engine",
    "torch": "PyTorch engine",
    "plain": "Plain PyTorch loop, the fastest of its variants",
    "dataloader": "PyTorch loop with a DataLoader, as in a tutorial",
    "sklearn": "scikit-learn's MLPClassifier",
}


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one step of a contender took at best. `detail` says which engine or variant that was."""

    workload: str
    optimizer: OptimizerName
    contender: str
    microseconds: float
    detail: str


def measure(
    workloads: Sequence[Workload] = WORKLOADS,
    optimizers: Sequence[OptimizerName] = ("sgd", "adam"),
    *,
    rounds: int = 7,
    seconds: float = 0.05,
    watch: Callable[[Measurement], None] | None = None,
) -> list[Measurement]:
    """Measure all contenders on all workloads.

    seconds  how long a round of one contender takes, about.
    watch    is called with each measurement as it is made.

    Fills the cache of the compiled kernels first; raises EngineError where that is impossible.
    """
    kernel_cache.fill()
    results = []
    for workload in workloads:
        for optimizer in optimizers:
            for measurement in _measure_side_by_side(workload, optimizer, rounds, seconds):
                results.append(measurement)
                if watch is not None:
                    watch(measurement)
    return results


def write_table(path: Path, rows: int) -> None:
    """Write points of two rings as CSV with the columns x1, x2 and label."""
    recipe = Recipe(rows, noise=0.1, classes=2, seed=7)
    x, labels = GENERATORS["circle"].value.sample(recipe)
    table = np.column_stack([x, labels])
    np.savetxt(path, table, "%.5f,%.5f,%d", header="x1,x2,label", comments="")


def table_experiment(path: Path) -> Experiment:
    """A network 2-8-8-1 on such a table, with batches of a size that suits many points."""
    raw = Workload("table", "circle", (8, 8), TABLE_BATCH).experiment().plain()
    raw["data"] = {"kind": "csv", "path": str(path), "inputs": ["x1", "x2"], "label": "label"}
    return Experiment.parse(raw)


def measure_epoch(path: Path, *, rounds: int = 3) -> tuple[Measurement, Measurement]:
    """An epoch on a table of `write_table`: with the engine that auto chooses, and with the fastest
    plain PyTorch loop of the same batch size.

    Raises FileError where the table cannot be read, EngineError where the kernels cannot be filled.
    """
    kernel_cache.fill()
    experiment = table_experiment(path)
    dataset = prepare(experiment)
    plan = Plan.of(experiment, dataset)
    chosen = select(plan).engine
    with _threads_as_before():
        runs = {chosen.key: _engine_run(chosen(plan), plan, dataset), **_plain_runs(plan, dataset)}
        for run in runs.values():
            run(1)
        best = dict.fromkeys(runs, float("inf"))
        for _ in range(rounds):
            for name, run in runs.items():
                _wait_until_idle()
                best[name] = min(best[name], _seconds(run, 1))
    fastest = min((name for name in best if name != chosen.key), key=best.__getitem__)
    steps = -(-len(dataset.train) // TABLE_BATCH)
    names = {"auto": chosen.key, "plain": fastest}
    auto, plain = (
        Measurement("table", "sgd", key, best[name] / steps * 1e6, name)
        for key, name in names.items()
    )
    return auto, plain


def _measure_side_by_side(
    workload: Workload, optimizer: OptimizerName, rounds: int, seconds: float
) -> Iterator[Measurement]:
    experiment = workload.experiment(optimizer)
    dataset = prepare(experiment)
    plan = Plan.of(experiment, dataset)
    steps = -(-len(dataset.train) // workload.batch_size)
    with _threads_as_before():
        runs = _contenders(plan, dataset)
        epochs = {name: _epochs_within(seconds, run) for name, run in runs.items()}
        best = dict.fromkeys(runs, float("inf"))
        for _ in range(rounds):
            for name, run in runs.items():
                _wait_until_idle()
                best[name] = min(best[name], _seconds(run, epochs[name]) / epochs[name])
    chosen = select(plan).engine.key
    fastest = min((name for name in runs if name.startswith("plain")), key=best.__getitem__)
    for key in CONTENDERS:
        name = {"auto": chosen, "plain": fastest}.get(key, key)
        yield Measurement(workload.key, optimizer, key, best[name] / steps * 1e6, name)


def _contenders(plan: Plan, dataset: Dataset) -> dict[str, Run]:
    """All contenders by name; the plain loop in each of its variants."""
    runs = {key: _engine_run(kind()(plan), plan, dataset) for key, kind in ENGINES.items()}
    return {
        **runs,
        **_plain_runs(plan, dataset),
        "dataloader": _dataloader_run(plan, dataset),
        "sklearn": _sklearn_run(plan, dataset),
    }


def _plain_runs(plan: Plan, dataset: Dataset) -> dict[str, Run]:
    """The plain loop in each of its variants."""
    runs = {}
    for threads in sorted({1, os.cpu_count() or 1}):
        for is_fused in (False, True):
            name = f"plain, {threads} threads, {'fused' if is_fused else 'usual'} optimizer"
            runs[name] = _plain_run(plan, dataset, threads, is_fused)
    return runs


def _engine_run(engine: Engine, plan: Plan, dataset: Dataset) -> Run:
    """An engine with the batches that the training loop would give it."""
    engine.load(dataset)
    threads = torch.get_num_threads()
    random = np.random.default_rng(0)
    rows, batch_size = len(dataset.train), _batch_size(plan)

    def run(epochs: int) -> None:
        torch.set_num_threads(threads)
        orders = np.stack([random.permutation(rows) for _ in range(epochs)])
        engine.train(orders, batch_size, np.full(epochs, RATE))

    return run


def _plain_run(plan: Plan, dataset: Dataset, threads: int, is_fused: bool) -> Run:
    """The loop of someone who knows what costs time: no DataLoader, one gather an epoch."""
    network, optimizer, x, y = _torch_parts(plan, dataset, fused=is_fused)
    batch_size = _batch_size(plan)

    def run(epochs: int) -> None:
        torch.set_num_threads(threads)
        for _ in range(epochs):
            order = torch.randperm(len(x))
            for inputs, targets in zip(
                x[order].split(batch_size), y[order].split(batch_size), strict=True
            ):
                optimizer.zero_grad()
                binary_cross_entropy_with_logits(network(inputs), targets).backward()
                optimizer.step()

    return run


def _dataloader_run(plan: Plan, dataset: Dataset) -> Run:
    network, optimizer, x, y = _torch_parts(plan, dataset)
    loader = DataLoader(TensorDataset(x, y), batch_size=_batch_size(plan), shuffle=True)
    loss_function = nn.BCEWithLogitsLoss()
    threads = os.cpu_count() or 1

    def run(epochs: int) -> None:
        torch.set_num_threads(threads)
        for _ in range(epochs):
            for inputs, targets in loader:
                optimizer.zero_grad()
                loss = loss_function(network(inputs), targets)
                loss.backward()
                optimizer.step()

    return run


def _sklearn_run(plan: Plan, dataset: Dataset) -> Run:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    settings: dict[str, Any] = {
        "hidden_layer_sizes": [layer.width(0) for layer in plan.experiment.model.layers],
        "activation": "tanh",
        "solver": plan.experiment.training.optimizer.kind,
        "learning_rate_init": RATE,
        "momentum": 0.0,
        "alpha": 0.0,
        "batch_size": _batch_size(plan),
        "tol": 0.0,
    }

    def run(epochs: int) -> None:
        model = MLPClassifier(**settings, max_iter=epochs, n_iter_no_change=epochs + 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(dataset.train.inputs, dataset.train.targets)

    return run


def _torch_parts(plan: Plan, dataset: Dataset, **settings: Any) -> Any:
    """Network, optimizer, inputs (N, F) and targets (N, 1)."""
    network = build(plan)
    kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[
        plan.experiment.training.optimizer.kind
    ]
    optimizer = kind(network.parameters(), lr=RATE, **settings)
    x = torch.tensor(dataset.train.inputs)
    y = torch.tensor(dataset.train.targets, dtype=torch.float32).reshape(-1, 1)
    return network, optimizer, x, y


def _batch_size(plan: Plan) -> int:
    size = plan.experiment.training.batch_size
    assert isinstance(size, int), "workloads name a number"
    return size


def _epochs_within(seconds: float, run: Run) -> int:
    """How many epochs take about that long; the first ones, which warm up, do not count."""
    run(2)
    epochs = 2
    while (taken := _seconds(run, epochs)) < seconds / 4:
        epochs *= 4
    return max(1, round(epochs * seconds / taken))


def _seconds(run: Run, epochs: int) -> float:
    start = time.perf_counter()
    run(epochs)
    return time.perf_counter() - start


def _wait_until_idle() -> None:
    """Let the threads of OpenMP and BLAS come to rest: after their work they spin for a while, and
    the next contender must not pay for that.
    """
    is_busy = True
    while is_busy:
        before = time.process_time()
        time.sleep(0.01)
        is_busy = time.process_time() - before > 0.001


@contextmanager
def _threads_as_before() -> Iterator[None]:
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)
