"""Numbers keep the digits that tell them apart: times, large targets, and gaps between them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from playground.core.data.dataset import prepare
from playground.core.data.points import Points, compact
from playground.core.data.points_data import PointsData
from playground.core.data.tables.choosing import automatic_choice, data_of
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.export import points_csv
from playground.core.data.tables.importing import read_table_text
from playground.core.errors import DataError
from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment
from playground.core.script.pytorch import pytorch_script
from playground.engines.loop.headless import train_to_end
from playground.engines.numpy.numpy_script import numpy_script
from tests.script_runner import wrong_scripts

ENGINES = ("torch", "numpy", "compiled")
START = 1_650_000_000_000
"""Milliseconds since 1970: float32 tells those 131 seconds apart."""


def times(folder: Path) -> Path:
    """A switch that is on from the 70th of 140 moments on, 250 ms apart."""
    rows = [f"{START + 250 * i},{'on' if i >= 70 else 'off'}" for i in range(140)]
    path = folder / "switch.csv"
    path.write_text("\n".join(["t,state", *rows]) + "\n", "utf-8")
    return path


def wave(folder: Path) -> Path:
    """1e8 + cos x: float32 has steps of 8 there."""
    x = np.arange(120) / 12
    rows = [f"{u!r},{v!r}" for u, v in zip(x.tolist(), (1e8 + np.cos(x)).tolist(), strict=True)]
    path = folder / "wave.csv"
    path.write_text("\n".join(["x,y", *rows]) + "\n", "utf-8")
    return path


@given(
    st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=2, max_size=20),
    st.sampled_from([0.0, 1e3, 1e9, 1.7e12, -1e15]),
)
def test_what_is_rounded_is_not_seen_once_it_is_standardised(
    values: list[float], offset: float
) -> None:
    exact = np.array(values) + offset
    kept = compact(exact)
    assert kept.dtype in (np.float32, np.float64)
    if np.ptp(exact) > 0:
        error = np.abs(kept.astype(np.float64) - exact).max()
        assert error <= 1e-6 * np.ptp(exact)


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (np.arange(100.0), np.float32),
        (np.linspace(-3, 8, 50), np.float32),
        (1990 + np.arange(30.0), np.float32),  # whole numbers, which float32 holds
        (START + 250.0 * np.arange(100), np.float64),
        (np.zeros((0, 2)), np.float32),
        (np.zeros(0), np.float32),
    ],
)
def test_float32_where_it_is_enough(values: np.ndarray, dtype: type) -> None:
    assert compact(values).dtype == dtype


# Times.


def test_times_are_standardised_before_they_are_rounded(tmp_path: Path) -> None:
    dataset = prepare(files.open_any(times(tmp_path)))
    exact = START + 250.0 * np.arange(140)
    train = ~dataset.points.held_out
    expected = StandardScaler().fit(exact[train, None]).transform(exact[:, None])
    np.testing.assert_allclose(dataset.train.inputs, expected[train], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(dataset.test.inputs, expected[~train], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("engine", ENGINES)
def test_times_are_told_apart(engine: str, tmp_path: Path) -> None:
    experiment = files.open_any(times(tmp_path)).with_setting("training.engine", engine)
    result = train_to_end(experiment, epochs=60)
    assert result.train_accuracy is not None
    assert result.test_accuracy is not None
    assert result.train_accuracy >= 0.98
    assert result.test_accuracy >= 0.95
    before, after = result.predict([START + 1000.0, START + 250.0 * 139])
    assert (before.argmax(), after.argmax()) == (0, 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_wave_on_a_hundred_million_is_learned(engine: str, tmp_path: Path) -> None:
    experiment = files.open_any(wave(tmp_path)).with_settings(
        [("training.engine", engine), ("model.layers", [{"kind": "linear", "units": 12}])]
    )
    result = train_to_end(experiment, epochs=300)
    assert result.r2 > 0.95  # type: ignore[operator]
    said = result.predict([0.0, np.pi])[:, 0]
    np.testing.assert_allclose(said, [1e8 + 1, 1e8 - 1], rtol=0, atol=0.5)


def test_scripts_read_the_same_digits(tmp_path: Path) -> None:
    moved = {"jitter": 10.0}
    for write, engine in ((pytorch_script, "torch"), (numpy_script, "numpy")):
        made = []
        for path in (times(tmp_path), wave(tmp_path)):
            settings = [("training.engine", engine), ("training.epochs", 4)]
            experiment = files.open_any(path).with_settings(settings)
            made += [experiment, experiment.with_setting("model.features", ["x1"])]
            if engine == "torch":
                made.append(experiment.with_setting("training.augmentation", moved))
            made.append(experiment.model_copy(update={"data": pasted(path)}))
        assert wrong_scripts(made, write) == []


# Numbers that are pasted, kept in the project, and exported.


def pasted(path: Path) -> PointsData:
    text = read_table_text(path.read_text("utf-8"))
    data = data_of(text, automatic_choice(facts_of(text)))
    assert isinstance(data, PointsData)
    return data


@pytest.mark.parametrize("table", [times, wave])
def test_a_project_keeps_the_digits(table: Any, tmp_path: Path) -> None:
    experiment = Experiment(data=pasted(table(tmp_path)))
    saved = tmp_path / "kept.playground.json"
    files.save(experiment, saved)
    assert files.load(saved) == experiment
    assert len(np.unique(files.load(saved).data.x)) == len(experiment.data.x)  # type: ignore[union-attr]


@pytest.mark.parametrize("table", [times, wave])
def test_an_exported_table_keeps_the_digits(table: Any, tmp_path: Path) -> None:
    data = pasted(table(tmp_path))
    names = [axis.name for axis in data.axes or ()]
    content = points_csv(data.points(), names, data.class_names, axes=data.axes, settings=data)
    text = read_table_text(content.decode())
    again = data_of(text, automatic_choice(facts_of(text)))
    assert isinstance(again, PointsData)
    assert again.points().same_as(data.points())
    assert again.target_scaling == "standard"


def test_without_scaling_numbers_are_float32() -> None:
    raw = {"kind": "points", "x": [[START + 1.0]], "target": [1e8 + 0.5], "test": []}
    assert PointsData.model_validate(raw).x.dtype == np.float32
    scaled = PointsData.model_validate({**raw, "target_scaling": "standard"})
    assert (scaled.x[0, 0], scaled.answers[0]) == (START + 1.0, 1e8 + 0.5)
    assert PointsData.of(scaled.points()).x.dtype == np.float32


def test_changed_points_keep_the_digits_of_the_others() -> None:
    points = Points.of([[START + 1.0], [START + 2.0]], [1e8 + 0.5, 1e8], exact=True)
    changed = points.add([[START + 3.0]], 1e8 + 0.25).move([0], [[START + 9.0]])
    assert changed.x[:, 0].tolist() == [START + 9.0, START + 2.0, START + 3.0]
    assert changed.y.tolist() == [1e8 + 0.5, 1e8, 1e8 + 0.25]


# Gaps.


def gaps(folder: Path, name: str, replaced: dict[int, float]) -> Path:
    """24 rows of two columns with five gaps in the first; some values are replaced by others."""
    random = np.random.default_rng(11)
    a, b = random.normal(0, 1, (2, 24)).round(3).tolist()
    a = [replaced.get(i, value) for i, value in enumerate(a)]
    cells = ["" if i in (1, 4, 9, 16, 20) else str(value) for i, value in enumerate(a)]
    rows = [f"{cell},{v},{'pq'[i % 2]}" for i, (cell, v) in enumerate(zip(cells, b, strict=True))]
    path = folder / f"{name}.csv"
    path.write_text("\n".join(["a,b,class", *rows]) + "\n", "utf-8")
    return path


def filling(path: Path) -> Experiment:
    return files.open_any(path).with_setting("data.missing", "mean")


def test_a_gap_holds_the_mean_of_the_training_rows(tmp_path: Path) -> None:
    dataset = prepare(filling(gaps(tmp_path, "one", {})))
    x, train = dataset.points.x[:, 0].astype(np.float64), ~dataset.points.held_out
    is_gap = np.isin(np.arange(24), (1, 4, 9, 16, 20))
    np.testing.assert_allclose(x[is_gap], x[train & ~is_gap].mean(), rtol=1e-6)


def test_a_test_row_changes_nothing_of_the_training(tmp_path: Path) -> None:
    """Every row in turn: those held out change no training loss, those trained on change it."""
    experiment = filling(gaps(tmp_path, "one", {}))
    held_out = prepare(experiment).points.held_out
    before = train_to_end(experiment.with_setting("training.engine", "numpy"), epochs=2)
    for row in (0, 2, 3, 5, 6, 7, 8, 10):
        path = gaps(tmp_path, f"changed {row}", {row: 7.5})
        other = filling(path).with_setting("training.engine", "numpy")
        after = train_to_end(other, epochs=2)
        assert (after.train_loss == before.train_loss) == held_out[row]
    assert 0 < held_out[[0, 2, 3, 5, 6, 7, 8, 10]].sum() < 8


def test_scripts_fill_gaps_alike(tmp_path: Path) -> None:
    experiment = filling(gaps(tmp_path, "one", {})).with_settings(
        [("training.epochs", 3), ("training.engine", "torch")]
    )
    assert wrong_scripts([experiment], pytorch_script) == []


def test_a_column_of_gaps_alone_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rare.csv"
    path.write_text("a,b,c\n1,2,p\n,3,q\n,4,p\n,5,q\n", "utf-8")
    # The only number is in the first row, which this seed holds out.
    experiment = filling(path).with_settings([("data.seed", 4), ("data.stratify", False)])
    with pytest.raises(DataError, match="'a' has no number among the training points"):
        prepare(experiment)
