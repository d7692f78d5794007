"""Trained numbers in a file: the same when they come back, and refused where they do not fit."""

from pathlib import Path

import numpy as np
import pytest

from playground.core.errors import FileError
from playground.engines.weights_file import load_weights, save_weights

WEIGHTS = {
    "0.weight": np.arange(6, dtype=np.float32).reshape(3, 2),
    "0.bias": np.array([0.5, -1.25, 1e-30], np.float32),
    "1.num_batches_tracked": np.array(7, np.int64),
}


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    save_weights(WEIGHTS, tmp_path / "a.safetensors")
    found = load_weights(tmp_path / "a.safetensors", WEIGHTS)
    assert found.keys() == WEIGHTS.keys()
    for name, array in WEIGHTS.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype


@pytest.mark.parametrize("content", [b"", b"no weights", b"\xff" * 64, b"\x10\0\0\0\0\0\0\0{}"])
def test_what_holds_no_weights_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(content)
    with pytest.raises(FileError, match="holds no weights"):
        load_weights(path, WEIGHTS)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        load_weights(tmp_path / "none.safetensors", WEIGHTS)


@pytest.mark.parametrize("change", ["shape", "missing", "nan"])
def test_another_network_is_refused(tmp_path: Path, change: str) -> None:
    other = dict(WEIGHTS)
    if change == "shape":
        other["0.weight"] = np.zeros((2, 2), np.float32)
    elif change == "missing":
        del other["0.weight"]
    else:
        other["0.weight"] = np.full((3, 2), np.nan, np.float32)
    save_weights(other, tmp_path / "a.safetensors")
    with pytest.raises(FileError, match=r"0\.weight"):
        load_weights(tmp_path / "a.safetensors", WEIGHTS)
