"""Small image files as people bring them: IDX pairs, plain and packed, npz, and photographs."""

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

__all__ = ["LABELS", "PIXELS", "idx", "mnist", "npz", "photographed"]

PIXELS = np.random.default_rng(0).integers(0, 256, (12, 5, 4)).astype(np.uint8)
LABELS = (np.arange(12) % 3).astype(np.uint8)


def idx(array: np.ndarray, *, magic: int | None = None) -> bytes:
    kind = 0x0800 + array.ndim if magic is None else magic
    return struct.pack(f">I{array.ndim}I", kind, *array.shape) + array.tobytes()


def mnist(
    folder: Path,
    images: bytes | None = None,
    labels: bytes | None = None,
    names: tuple[str, str] = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
) -> Path:
    contents = (
        idx(PIXELS) if images is None else images,
        idx(LABELS) if labels is None else labels,
    )
    for name, content in zip(names, contents, strict=True):
        (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return folder / names[0]


def npz(folder: Path, **arrays: Any) -> Path:
    np.savez_compressed(folder / "some.npz", **arrays)
    return folder / "some.npz"


def photographed(folder: Path) -> Path:
    """A folder of two classes with eight pictures of noise in four formats, and a torn one."""
    random = np.random.default_rng(3)
    for number in range(8):
        place = folder / "photographs" / "ab"[number % 2]
        place.mkdir(parents=True, exist_ok=True)
        noise = random.integers(0, 256, (30 + number, 40 - number, 3), np.uint8)
        ending = ("png", "jpg", "webp", "bmp")[number // 2]
        Image.fromarray(noise).save(place / f"{number}.{ending}")
    (folder / "photographs" / "a" / "torn.png").write_bytes(b"\x89PNG")
    return folder / "photographs"
