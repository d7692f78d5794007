"""A file that is in use is read once, and nothing of it is kept when it is not in use any more."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from playground.core.data.dataset import prepare
from playground.core.data.images import image_files
from playground.core.data.tables.choosing import automatic_choice, data_of
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.formats import source
from playground.core.data.tables.importing import read_table_text
from playground.core.experiment.edits import use_data
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import open_any
from playground.core.script.pytorch import pytorch_script
from tests.image_specimens import LABELS, PIXELS, npz

Readings = list[Path]


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Readings:
    """The files that were read whole, a table or images, each as often as it was."""
    found: Readings = []

    def noted(read: Callable[..., object]) -> Callable[..., object]:
        return lambda path, *rest, **named: found.append(path) or read(path, *rest, **named)

    monkeypatch.setattr(source, "read_bytes", noted(source.read_bytes))
    monkeypatch.setattr(image_files, "_read", noted(image_files._read))
    return found


@pytest.fixture
def table(tmp_path: Path) -> Path:
    place = tmp_path / "flowers.csv"
    rows = "".join(f"{n},{n * n % 7},{'red' if n % 2 else 'blue'}\n" for n in range(40))
    place.write_text(f"a,b,kind\n{rows}", encoding="utf-8")
    return place


def test_a_table_that_is_imported_is_read_once(table: Path, readings: Readings) -> None:
    text = read_table_text(table)
    data = data_of(text, automatic_choice(facts_of(text)))
    del text
    experiment = use_data(Experiment(), data, "Flowers")
    first = prepare(experiment)
    # Another division of the same table, and its script, as a person turns one setting.
    second = prepare(experiment.with_setting("data.test_ratio", 0.5))
    pytorch_script(experiment)
    assert readings == [table]
    assert second.points.x is first.points.x


def test_a_table_that_is_opened_is_read_once(table: Path, readings: Readings) -> None:
    experiment = open_any(table)
    assert len(prepare(experiment).points) == 40
    assert readings == [table]


@pytest.mark.parametrize("pixels", ["unit", "raw"])
def test_images_in_use_are_read_once(tmp_path: Path, pixels: str, readings: Readings) -> None:
    place = npz(tmp_path, x=PIXELS, y=LABELS)
    experiment = open_any(place).with_setting("data.pixels", pixels)
    datasets = [prepare(experiment), prepare(experiment.with_setting("data.test_ratio", 0.5))]
    pytorch_script(experiment)
    assert readings == [place]
    assert len(datasets) == 2


def test_what_holds_a_table_is_no_difference(table: Path) -> None:
    experiment = open_any(table)
    again = Experiment.parse(experiment.plain())
    assert again == experiment
    assert again.data == experiment.data
    assert "_held" not in experiment.plain()["data"]


def test_nothing_is_kept_of_a_file_that_is_not_in_use(table: Path, tmp_path: Path) -> None:
    images = npz(tmp_path, x=PIXELS, y=LABELS)
    datasets = [prepare(open_any(table)), prepare(open_any(images))]
    pixels = [weakref.ref(dataset.table) for dataset in datasets]
    assert all(np.isfinite(reference().points.x).all() for reference in pixels)
    del datasets
    gc.collect()
    assert [reference() for reference in pixels] == [None, None]


def test_a_file_that_was_written_again_is_read_again(table: Path, readings: Readings) -> None:
    experiment = open_any(table)
    before = prepare(experiment)
    table.write_text(table.read_text(encoding="utf-8") + "1,2,red\n", encoding="utf-8")
    assert len(prepare(experiment).points) == len(before.points) + 1
    assert readings == [table, table]
