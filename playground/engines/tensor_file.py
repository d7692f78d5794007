"""The safetensors format, written a piece at a time.

The library gives the bytes of a whole file in one call, in which no other thread of Python can
work. Here the arrays go to the disk as they lie in memory. Knows numpy; runs on any thread.

    8 bytes   length of the header, little-endian
    header    JSON: name -> dtype, shape, place of its bytes; "__metadata__" -> texts by name
    bytes     the arrays, one behind the other, in C order
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

BYTES_A_PIECE = 1 << 20
ALIGNMENT = 8
NAMES = {
    "bool": "BOOL",
    "uint8": "U8",
    "int8": "I8",
    "int16": "I16",
    "int32": "I32",
    "int64": "I64",
    "uint64": "U64",
    "float16": "F16",
    "float32": "F32",
    "float64": "F64",
}


def tensor_pieces(
    arrays: Mapping[str, npt.NDArray], metadata: Mapping[str, str] | None = None
) -> Iterator[bytes | memoryview]:
    """The bytes of a file that holds these arrays, in pieces of a MiB at most.

    Raises KeyError for a dtype that the format does not have.
    """
    # Wide numbers first, so that every array lies at a place that fits its dtype.
    ordered = dict(sorted(arrays.items(), key=lambda item: (-item[1].itemsize, item[0])))
    header: dict[str, object] = {"__metadata__": dict(metadata)} if metadata else {}
    place = 0
    for name, array in ordered.items():
        end = place + array.nbytes
        header[name] = {
            "dtype": NAMES[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [place, end],
        }
        place = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % ALIGNMENT)
    yield struct.pack("<Q", len(text)) + text
    for array in ordered.values():
        yield from _bytes(array)


def metadata_in(content: bytes) -> dict[str, str]:
    """The texts by name in a whole file that the library has read already."""
    (size,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + size])
    return dict(header.get("__metadata__") or {})


def _bytes(array: npt.NDArray) -> Iterator[memoryview]:
    little = array.dtype.newbyteorder("<")
    flat = np.ascontiguousarray(array, little).reshape(-1).view(np.uint8)
    for start in range(0, len(flat), BYTES_A_PIECE):
        yield flat[start : start + BYTES_A_PIECE].data
