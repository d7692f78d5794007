"""Pictures in files that people bring, as Pillow's images.

Nothing in a file is believed before it is checked. Pillow is imported inside the functions that
need it; any thread.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from playground.core.data.tables.reading import opened, read_start
from playground.core.errors import FileError

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MAX_PIXELS = 40_000_000
"""A larger picture is refused: decoded, it would take 160 MB and more."""
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")


def is_picture(path: Path) -> bool:
    """True where a file begins like a picture: PNG, JPEG, GIF, BMP, TIFF or WebP.

    Raises FileError where it cannot be read.
    """
    start = read_start(path, 12)
    return start.startswith(_SIGNATURES) or (start[:4] == b"RIFF" and start[8:] == b"WEBP")


def open_picture(path: Path, side: int) -> Picture:
    """The first picture of a file in RGB, upright, on white; decoded as small as the file allows,
    but no side shorter than `side` pixels for it.

    Raises FileError where the file holds no picture, a damaged one, or one above MAX_PIXELS.
    """
    with _begun(path) as picture:
        return decoded(picture, side)


def check_picture(path: Path) -> None:
    """Raise FileError where the beginning of a file tells that it holds no picture, or one above
    MAX_PIXELS.
    """
    with _begun(path):
        pass


@contextmanager
def _begun(path: Path) -> Iterator[Picture]:
    """The picture in a file, of which only the beginning has been read."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # Pillow's own bound for pictures that mean harm is far above this one, and what else
            # it warns of is a damaged file, which is refused or shown as far as it goes.
            warnings.simplefilter("ignore")
            with opened(path) as file, Image.open(file, formats=FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise _too_large(path)
                yield picture
    except Image.DecompressionBombError:
        raise _too_large(path) from None
    except FileError:
        raise
    except Exception:  # of a damaged file Pillow's decoders raise whatever comes
        raise FileError("{name} cannot be read as a picture; save it as PNG.", name=path) from None


def decoded(picture: Picture, side: int) -> Picture:
    """A picture in RGB, turned as its camera was held, on white where one sees through it; made
    smaller on the way where both sides are far longer than `side` pixels.
    """
    from PIL import Image, ImageOps

    picture.draft("RGB", (side, side))
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    if picture.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off at 255
        picture = Image.fromarray(np.uint8(np.clip(np.asarray(picture) // 256, 0, 255)))
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if picture.mode != mode:
        picture = picture.convert(mode)
    factor = min(picture.size) // (2 * side)
    if factor > 1:  # a large picture has no room beside itself on white
        picture = picture.reduce(factor)
    if mode == "RGB":
        return picture
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture).convert("RGB")


def _too_large(path: Path) -> FileError:
    return FileError(
        "{name} has more than {count} million pixels; make it smaller.",
        name=path,
        count=MAX_PIXELS // 1000000,
    )
