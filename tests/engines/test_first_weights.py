"""The first weights without torch are those of torch, to the bit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import playground
from playground.core.data.dataset import prepare
from playground.core.errors import ExperimentError
from playground.core.experiment.experiment import MAX_SEED, Experiment
from playground.core.network.first_weights import INITIALIZERS
from playground.core.network.layers import LAYERS
from playground.engines import first_weights, twister
from playground.engines.compiled import kernel_folders
from playground.engines.compiled.compiled_engine import CompiledEngine
from playground.engines.contract.base import Plan, Weights
from playground.engines.pytorch import network
from playground.engines.pytorch.devices import may_have_card
from tests.strategies import image_experiments, layer_settings

pytestmark = pytest.mark.skipif(
    not first_weights.draws_as_torch(), reason="this processor does not fuse product and sum"
)

seeds = st.integers(0, MAX_SEED)
initializers = st.sampled_from(sorted(INITIALIZERS))


def same(one: Weights, other: Weights) -> bool:
    return list(one) == list(other) and all(
        one[name].dtype == other[name].dtype and np.array_equal(one[name], other[name])
        for name in one
    )


def with_start(experiment: Experiment, seed: int, initializer: str, dtype: str) -> Experiment:
    experiment = experiment.with_setting("training.seed", seed)
    experiment = experiment.with_setting("model.initializer", initializer)
    return experiment.with_setting("training.dtype", dtype)


flat = [layer_settings(cls, largest=4) for cls in LAYERS.values() if cls.takes != "image"]


@settings(max_examples=150, deadline=None)
@given(
    layers=st.lists(st.one_of(flat), max_size=5),
    widths=st.lists(st.integers(1, 300), max_size=2),
    inputs=st.integers(1, 40),
    outputs=st.integers(1, 12),
    output_bias=st.booleans(),
    seed=seeds,
    initializer=initializers,
    dtype=st.sampled_from(["float32", "float64"]),
)
def test_points_and_tables(
    layers: list[dict[str, Any]],
    widths: list[int],
    inputs: int,
    outputs: int,
    output_bias: bool,
    seed: int,
    initializer: str,
    dtype: str,
) -> None:
    wide = [{"kind": "linear", "units": width} for width in widths]
    model = {"layers": [*wide, *layers], "output": {"bias": output_bias}}
    experiment = with_start(Experiment.parse({"model": model}), seed, initializer, dtype)
    plan = Plan(experiment, inputs, outputs, 0)
    assert same(first_weights.drawn(plan)[0], network.initial_weights(plan))


@settings(max_examples=40, deadline=None)
@given(experiment=image_experiments(), seed=seeds, initializer=initializers)
def test_images(experiment: Experiment, seed: int, initializer: str) -> None:
    plan = Plan(with_start(experiment, seed, initializer, "float32"), 64, 10, 10, (1, 8, 8))
    try:
        plan.analysis.check()
    except ExperimentError:
        assume(False)
    assert same(first_weights.drawn(plan)[0], network.initial_weights(plan))


@pytest.mark.parametrize("initializer", ["normal", "standard_normal"])
def test_normal_numbers_are_drawn_by_torch(initializer: str) -> None:
    plan = Plan(Experiment().with_setting("model.initializer", initializer), 2, 2, 2)
    assert same(first_weights.initial_weights(plan), network.initial_weights(plan))


class Kept:
    """An empty folder for the answer, in place of that of the kernels."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        monkeypatch.setattr(kernel_folders, "folders", lambda: (folder,))
        monkeypatch.setattr(kernel_folders, "folder", lambda: folder)
        first_weights.draws_as_torch.cache_clear()

    def answers(self) -> list[str]:
        return [path.read_text() for path in self.folder.iterdir()]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    yield Kept(tmp_path / "kernels", monkeypatch)
    first_weights.draws_as_torch.cache_clear()


def test_it_is_tried_once(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    assert first_weights.draws_as_torch()
    assert kept.answers() == ["as torch"]
    first_weights.draws_as_torch.cache_clear()
    monkeypatch.setattr(first_weights, "_draws_alike", lambda: pytest.fail("it is known"))
    assert first_weights.draws_as_torch()


def test_where_numbers_differ_torch_draws(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a processor that rounds the product first: one number in some is another one."""

    def rounded_twice(random: Any, shape: Any, low: float, high: float) -> np.ndarray:
        words = random.randint(0, 2**32, shape, dtype=np.uint32) & np.uint32(2**24 - 1)
        parts = words.astype(np.float32) * np.float32(2.0**-24)
        return parts * (np.float32(high) - np.float32(low)) + np.float32(low)

    monkeypatch.setattr(first_weights, "uniform", rounded_twice)
    monkeypatch.setattr(first_weights, "drawn", lambda plan: pytest.fail("these are others"))
    assert not first_weights.draws_as_torch()
    assert kept.answers() == ["not as torch"]
    plan = Plan(Experiment(), 2, 2, 2)
    assert same(first_weights.initial_weights(plan), network.initial_weights(plan))
    first_weights.draws_as_torch.cache_clear()
    assert not first_weights.draws_as_torch(), "the answer is read"


@pytest.mark.parametrize("content", ["", "as", "\udcff", "maybe"])
def test_a_damaged_answer_is_found_again(kept: Kept, content: str) -> None:
    first_weights.draws_as_torch()
    (path,) = kept.folder.iterdir()
    path.write_bytes(content.encode(errors="surrogateescape"))
    first_weights.draws_as_torch.cache_clear()
    assert first_weights.draws_as_torch()
    assert kept.answers() == ["as torch"]


def test_a_run_is_that_of_torchs_weights() -> None:
    """The engines that need no torch begin with the very numbers that torch draws."""
    from playground.engines.loop.selection import ENGINES

    experiment = Experiment()
    dataset = prepare(experiment)
    plan = Plan.of(experiment, dataset)
    for key in ("numpy", "compiled"):
        assert same(ENGINES[key]()(plan).weights(), network.initial_weights(plan))


HEAVY = ("torch", "numba", "sklearn", "scipy")

CAME_ALONG = """
import sys
from playground.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code
print(*{name.partition(".")[0] for name in sys.modules})
"""


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--engine", "numpy", "--json"),
        ("--set", "data.generator=hills", "--json", "--out", "results"),
        ("--set", "training.optimizer.kind=sgd", "--set", "model.initializer=kaiming"),
    ],
    ids=" ".join,
)
def test_a_run_without_a_window_loads_no_torch(options: tuple[str, ...], tmp_path: Path) -> None:
    playground.save(Experiment(), tmp_path / "default.playground.json")
    command = ("train", "default.playground.json", "--epochs", "5", "--quiet")
    assert not {*HEAVY} & came_along(tmp_path, *command, *options)


IN_THE_WINDOW = """
import sys
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.run_control import RunControl, Snapshot
from playground.engines.contract.views import Views
from playground.ui.session.trainer import Run, Trainer

control, seen = RunControl(interactive=True, views=Views()), []

def post(found):
    seen.append(type(found).__name__)
    if isinstance(found, Snapshot) and found.step > 0:
        control.stop()

Trainer().train(Run(1, Experiment(), looks_around=True), control, post)
assert "Devices" in seen
print(*{name.partition(".")[0] for name in sys.modules})
"""


@pytest.mark.skipif(may_have_card(), reason="which card there is, torch has to tell")
def test_a_run_in_the_window_loads_no_torch() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IN_THE_WINDOW],
        env={**os.environ, "PYTHONPATH": str(Path(playground.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"torch", "numba"} & set(done.stdout.split())


def test_predicting_loads_no_torch(tmp_path: Path) -> None:
    numbers = np.random.default_rng(0).normal(size=(40, 3)).round(3).tolist()
    lines = ["a,b,y", *(",".join(map(str, row)) for row in numbers)]
    (tmp_path / "table.csv").write_text("\n".join(lines))
    playground.train(Experiment(), epochs=0)  # the kernels are there
    trained = ("train", "table.csv", "--answer", "y", "--epochs", "3", "--out", "results")
    came_along(tmp_path, *trained)
    predicted = ("predict", "results/weights.safetensors", "table.csv", "--out", "said.csv")
    assert not {*HEAVY} & came_along(tmp_path, *predicted)
    assert len((tmp_path / "said.csv").read_text().splitlines()) == 41


def came_along(folder: Path, *command: str) -> set[str]:
    """The packages that are loaded once a command has ended well."""
    done = subprocess.run(
        [sys.executable, "-c", CAME_ALONG, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(playground.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    came = set(done.stdout.splitlines()[-1].split())
    assert "playground" in came
    return came


def without_torch(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`playground train` where a library of torch does not load."""
    (folder / "torch").mkdir()
    (folder / "torch" / "__init__.py").write_text("raise OSError('libc10.so: no such file')")
    playground.save(Experiment(), folder / "default.playground.json")
    path = os.pathsep.join([str(folder), str(Path(playground.__file__).parents[1])])
    return subprocess.run(
        [sys.executable, "-m", "playground", "train", "default.playground.json", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )


def test_without_torch_the_rest_trains(tmp_path: Path) -> None:
    done = without_torch(tmp_path, "--epochs", "5", "--json", "--set", "training.device=cpu")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    expected = playground.train(Experiment(), epochs=5)
    assert (result["engine"], result["train_loss"]) == ("compiled", expected.train_loss)


def test_what_needs_torch_says_so(tmp_path: Path) -> None:
    done = without_torch(tmp_path, "--epochs", "5", "--engine", "torch")
    assert done.returncode == 1
    assert "needs PyTorch, which cannot be loaded here (libc10.so: no such file)" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_torch_of_no_known_version_is_tried_each_time(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(first_weights, "version", unknown)
    assert first_weights.draws_as_torch()
    assert not kept.folder.exists()
    first_weights.draws_as_torch.cache_clear()
    monkeypatch.setattr(first_weights, "_draws_alike", lambda: False)
    assert not first_weights.draws_as_torch()


def test_where_masks_differ_torch_trains(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with torch's library for processors of another maker, which draws otherwise."""
    experiment = Experiment.parse({"model": {"layers": [{"kind": "dropout"}]}})
    plan = Plan.of(experiment, prepare(experiment))
    first_weights.drops_as_torch.cache_clear()
    assert CompiledEngine.obstacle(plan) is None
    assert kept.answers() == ["as torch"]
    (answer,) = kept.folder.iterdir()
    answer.unlink()
    first_weights.drops_as_torch.cache_clear()
    monkeypatch.setattr(twister, "masks", lambda random, shape, keeps: np.ones(shape, np.float32))
    assert "in another way" in str(CompiledEngine.obstacle(plan))
    assert kept.answers() == ["not as torch"]
    assert CompiledEngine.obstacle(Plan(Experiment(), 2, 2, 2)) is None
    first_weights.drops_as_torch.cache_clear()
