"""Recovery files: everything comes back bit for bit, and damage is one sentence."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.errors import FileError
from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson_files import lesson_from
from playground.engines import recovery_file, recovery_folder
from playground.engines.recovery_file import KEY, Kept, LessonPlace, read, read_outline, write
from playground.engines.recovery_folder import RecoveryFolder
from playground.engines.tensor_file import BYTES_A_PIECE, tensor_pieces
from tests.strategies import experiments, points

SHARED_FOLDER = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25
)
DRAWN = Points.of([[0.1, -2.5], [1e-7, 3.0]], [0, 1], [True, False])


def kept(title: str = "Mine", when: float = 1.7e9, **more: object) -> Kept:
    experiment = Experiment(data=PointsData.of(DRAWN))
    return Kept(experiment, title, when, **more)  # type: ignore[arg-type]


@SHARED_FOLDER
@given(experiments(), points())
def test_everything_comes_back(tmp_path: Path, experiment: Experiment, drawn: Points) -> None:
    lesson = lesson_from(Experiment(data=PointsData.of(drawn)), "Lesson")
    weights = {"0.weight": np.float32([[1.5, -0.0]]), "0.steps": np.int64(7)[None]}
    before = Kept(
        experiment,
        "Übung “1”",
        1.7e9,
        path=tmp_path / "a.playground.json",
        epoch=1234,
        weights=weights,
        lesson=LessonPlace(lesson, 0, ((0, 0),), ("features",)),
    )
    place = tmp_path / "r.safetensors"
    assert write(before, place)
    after = read(place)
    assert after.experiment == experiment
    assert after.lesson is not None
    assert after.lesson.lesson.experiment().data.x.tobytes() == drawn.x.tobytes()
    assert after.lesson == before.lesson
    assert (after.title, after.when, after.path, after.epoch) == (
        before.title, before.when, before.path, before.epoch
    )  # fmt: skip
    assert {name: array.tobytes() for name, array in after.weights.items()} == {
        name: array.tobytes() for name, array in weights.items()
    }
    assert read_outline(place) == before.outline == after.outline


ARRAYS = {
    "half": np.arange(3, dtype=np.float16),
    "turned": np.arange(6, dtype=np.float32).reshape(2, 3).T,
    "wide": np.arange(BYTES_A_PIECE // 4, dtype=np.float64),
    "flags": np.array([True, False]),
    "none": np.zeros((0, 2), np.int64),
    "one": np.array(3.5),
}


def test_the_library_reads_what_is_written_in_pieces() -> None:
    parts = list(tensor_pieces(ARRAYS, {"a": "“b”"}))
    assert max(len(part) for part in parts) <= BYTES_A_PIECE
    found = load(b"".join(parts))
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)


def test_too_large_weights_are_left_out_and_too_many_points_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery_file, "MAX_BYTES", 100)
    place = tmp_path / "r.safetensors"
    assert not write(kept(weights={"w": np.zeros(100, np.float32)}, epoch=5), place)
    assert (read(place).epoch, dict(read(place).weights)) == (0, {})
    many = Points.of(np.zeros((100, 2)), np.zeros(100, int))
    with pytest.raises(FileError, match="too many to be kept"):
        write(Kept(Experiment(data=PointsData.of(many)), "Many", 0.0), place)


def bytes_of(said: object, **arrays: np.ndarray) -> bytes:
    return save(arrays or {"points.x": DRAWN.x}, {KEY: json.dumps(said)})


PLAIN = {
    "format": recovery_file.FORMAT,
    "outline": {"title": "T", "when": 1.0, "points": 2, "epoch": 0, "step": None},
    "experiment": Experiment().plain(),
    "path": None,
    "epoch": 0,
    "lesson": None,
}
POINTS = Experiment(data=PointsData.of(DRAWN)).plain()
DAMAGED: dict[str, bytes] = {
    "empty": b"",
    "noise": b"\xff" * 100,
    "an endless header": struct.pack("<Q", 2**63) + b"{",
    "a deep header": struct.pack("<Q", 100_000) + b"[" * 100_000,
    "a number": struct.pack("<Q", 1) + b"7",
    "no metadata": save({"points.x": DRAWN.x}),
    "another program": save({"x": DRAWN.x}, {"format": "pt"}),
    "a list": bytes_of([1, 2]),
    "another format": bytes_of({**PLAIN, "format": "playground-recovery/2"}),
    "no outline": bytes_of({**PLAIN, "outline": None}),
    "a moment that is none": bytes_of({**PLAIN, "outline": {**PLAIN["outline"], "when": 1e300}}),
    "an endless epoch": bytes_of({**PLAIN, "outline": {**PLAIN["outline"], "epoch": 1e999}}),
    "no experiment": bytes_of({**PLAIN, "experiment": 5}),
    "a bad experiment": bytes_of({**PLAIN, "experiment": {"training": {"seed": -1}}}),
    "points that are not finite": bytes_of(
        {**PLAIN, "experiment": POINTS}, **{"points.x": np.float32([[np.nan, 1], [2, 3]])}
    ),
    "points that are too few": bytes_of(
        {**PLAIN, "experiment": POINTS}, **{"points.x": DRAWN.x[:1]}
    ),
    "a lesson of nothing": bytes_of({**PLAIN, "lesson": {"lesson": {}}}),
    "a lesson in a list": bytes_of({**PLAIN, "lesson": [1]}),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_one_sentence(tmp_path: Path, name: str) -> None:
    place = tmp_path / "r.safetensors"
    place.write_bytes(DAMAGED[name])
    words = r"r\.safetensors is no whole recovery file of Playground\."
    with pytest.raises(FileError, match=words):
        both(place)


def both(place: Path) -> None:
    """What is done with a file: first it is listed, then it is restored."""
    read_outline(place)
    read(place)


@SHARED_FOLDER
@given(st.data())
def test_a_file_with_any_bytes_changed_is_read_or_one_sentence(
    tmp_path: Path, data: st.DataObject
) -> None:
    place = tmp_path / "r.safetensors"
    write(kept(weights={"w": np.zeros(3, np.float32)}), place)
    content = bytearray(place.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    place.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    for reader in (read_outline, read):
        with suppress(FileError):
            reader(place)


# The folder.

HOLD = """
import sys
from pathlib import Path
from playground.engines.recovery_folder import RecoveryFolder
from tests.engines.test_recovery_file import kept
place = RecoveryFolder(Path(sys.argv[1])).new_place()
place.write(kept())
print("held", flush=True)
sys.stdin.read()
"""


def test_a_lock_dies_with_its_process(tmp_path: Path) -> None:
    folder = RecoveryFolder(tmp_path / "state")
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == b"held\n"
    assert folder.left_behind() == ([], []), "its window lives"
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        pipe.close()
    ((place, outline),), sentences = folder.left_behind()
    assert (outline.title, sentences) == ("Mine", [])
    assert RecoveryFolder(folder.path).left_behind() == ([], []), "another start is offering it"
    place.release()
    ((again, _),), _ = folder.left_behind()
    again.remove()
    assert list(folder.path.iterdir()) == []


def test_the_folder_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = RecoveryFolder(tmp_path)
    monkeypatch.setattr(recovery_folder, "MOST_FILES", 3)
    for when in range(5):
        place = folder.new_place()
        place.write(kept(f"{when}", float(when)))
        place.release()
    found, _ = folder.left_behind()
    assert [outline.title for _, outline in found] == ["4", "3", "2"], "the latest"
    assert len(list(tmp_path.glob("*.safetensors"))) == 3
    for place, _ in found:
        place.release()
    monkeypatch.setattr(recovery_folder, "MOST_BYTES", found[0][0].path.stat().st_size)
    found, _ = folder.left_behind()
    assert [outline.title for _, outline in found] == ["4"]


def test_damaged_files_are_few_and_strange_locks_go(tmp_path: Path) -> None:
    folder = RecoveryFolder(tmp_path)
    for number in range(5):
        (tmp_path / f"{number}.safetensors").write_bytes(b"rubbish")
    stray = tmp_path / "stray.lock"
    stray.touch()
    os.utime(stray, (0, 0))
    found, sentences = folder.left_behind()
    assert (found, len(sentences)) == ([], 5)
    assert sorted(place.name for place in tmp_path.iterdir()) == [
        "2.damaged", "3.damaged", "4.damaged"
    ]  # fmt: skip


def test_a_folder_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="would not outlive a crash"):
        RecoveryFolder(tmp_path / "file").new_place()
    assert RecoveryFolder(tmp_path / "nowhere").left_behind() == ([], [])
