"""The numbers of a trained network in a file, for another day or another program.

The format is safetensors, which holds arrays by name and nothing that could run. Knows numpy; runs
on any thread.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from playground.core.data.tables.reading import MOST_OF_A_PATH, opened
from playground.core.errors import FileError, reason_of, short
from playground.core.experiment.files import write_atomically
from playground.core.messages import Message
from playground.engines.contract.base import Weights
from playground.engines.tensor_file import metadata_in, tensor_pieces

SUFFIX = ".safetensors"
MAX_BYTES = 1_000_000_000


def save_weights(weights: Weights, path: Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write every parameter and buffer by the name that torch's state_dict has, and texts by name
    beside them.

    Raises FileError where it cannot be written; then an old file stays as it was.
    """
    write_atomically(path, tensor_pieces(weights, metadata))


def load_weights(path: Path, like: Weights) -> Weights:
    """The weights in a file, for a network that has names, shapes and dtypes of `like`.

    Raises FileError where the file is none, or belongs to another network.
    """
    return fitting(load_tensors(path)[0], like, short(path.name))


def fitting(found: Mapping[str, npt.NDArray], like: Weights, name: str) -> Weights:
    """The arrays of `found` that a network with weights `like` has.

    Raises FileError, which calls their file `name`, where one is missing, of another shape or not
    finite.
    """
    for key, array in like.items():
        if key not in found or found[key].shape != array.shape:
            raise FileError(
                "{name} belongs to another network: '{key}' is {size} there and {own} here; open"
                " its experiment first.",
                name=name,
                key=short(key),
                size=_size(found.get(key)),
                own=_size(array),
            )
        if not np.isfinite(found[key]).all():
            raise FileError(
                "{name}: '{key}' holds a value that is no finite number.", name=name, key=short(key)
            )
    return {key: found[key].astype(array.dtype) for key, array in like.items()}


def load_tensors(path: Path) -> tuple[Mapping[str, npt.NDArray], Mapping[str, str]]:
    """All arrays of a file by their names, and the texts beside them. Raises FileError."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        with opened(path) as file:
            size = os.fstat(file.fileno()).st_size
            content = file.read(size) if size <= MAX_BYTES else b""
        if size > MAX_BYTES:
            raise FileError(
                "{name} is larger than any network here; choose another file.", name=path
            )
        return load(content), metadata_in(content)
    except OSError as error:
        raise FileError(
            "{path} cannot be read: {reason}; check name and rights.",
            path=short(path, MOST_OF_A_PATH),
            reason=reason_of(error),
        ) from None
    except (SafetensorError, KeyError, ValueError, TypeError, struct.error):
        raise FileError(
            "{name} holds no weights; choose a file that ends in {suffix}.",
            name=path,
            suffix=SUFFIX,
        ) from None


def _size(array: npt.NDArray | None) -> str:
    if array is None:
        return Message("missing", context="weights")
    return " × ".join(map(str, array.shape)) or Message("a number")
