"""Pictures as points: their regions, their colors, and what is no picture."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from playground.core.data.images.pictures import is_picture
from playground.core.data.images.sampling import points_of_image
from playground.core.errors import DataError, FileError, PlaygroundError

WHITE, BLUE, RED, BLACK = (255, 255, 255), (30, 60, 200), (210, 30, 20), (10, 10, 10)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "drawing.png"


def draw(place: Path, *discs: tuple[tuple[int, int], int, tuple], size=(400, 400)) -> None:
    """Discs with soft edges, drawn large and made smaller."""
    picture = Image.new("RGB", (4 * size[0], 4 * size[1]), WHITE)
    pen = ImageDraw.Draw(picture)
    for (x, y), radius, color in discs:
        box = [4 * (x - radius), 4 * (y - radius), 4 * (x + radius), 4 * (y + radius)]
        pen.ellipse(box, fill=color)
    picture.resize(size, Image.Resampling.LANCZOS).save(place)


def test_each_color_is_a_class_where_it_was_drawn(place: Path) -> None:
    draw(place, ((100, 100), 60, BLUE), ((300, 320), 80, RED))
    points = points_of_image(place, 600)
    assert len(points) == 600
    assert np.unique(points.y).tolist() == [0, 1]
    # The larger disc is class 0; it lies at the right and, as rows go down, below.
    np.testing.assert_allclose(points.x[points.y == 0].mean(axis=0), [2.75, -3.3], atol=0.25)
    np.testing.assert_allclose(points.x[points.y == 1].mean(axis=0), [-2.75, 2.75], atol=0.25)
    share = (points.y == 0).mean()
    assert share == pytest.approx(80**2 / (60**2 + 80**2), abs=0.06)


def test_mixed_colors_of_edges_are_no_class(place: Path) -> None:
    discs = [((90 + 110 * i, 200), 50, color) for i, color in enumerate((BLUE, RED, BLACK))]
    draw(place, *discs)
    points = points_of_image(place, 900)
    assert len(np.unique(points.y)) == 3
    for label in range(3):
        spread = points.x[points.y == label].std(axis=0)
        assert (spread < 0.9).all(), "a class lies in one disc"


def test_one_dark_shape_is_one_class(place: Path) -> None:
    draw(place, ((200, 200), 90, BLACK))
    assert np.unique(points_of_image(place).y).tolist() == [0]


def test_thin_lines_count(place: Path) -> None:
    picture = Image.new("RGB", (300, 300), WHITE)
    ImageDraw.Draw(picture).line([20, 280, 280, 20], fill=BLACK, width=1)
    picture.save(place)
    x = points_of_image(place, 200).x
    assert np.corrcoef(x.T)[0, 1] > 0.99


def test_what_is_transparent_is_ground(place: Path) -> None:
    picture = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse([10, 10, 90, 90], fill=(*RED, 255))
    picture.save(place)
    points = points_of_image(place)
    assert np.unique(points.y).tolist() == [0]
    assert (points.x[:, 0] < 0).all()
    assert (points.x[:, 1] > 0).all()


@pytest.mark.parametrize("size", [(400, 100), (100, 400), (2_000, 500)])
def test_proportions_are_kept_and_everything_fits(place: Path, size: tuple[int, int]) -> None:
    Image.new("RGB", size, WHITE).save(place)
    picture = Image.open(place)
    frame = ImageDraw.Draw(picture)
    frame.rectangle([size[0] // 40, size[1] // 40, 39 * size[0] // 40, 39 * size[1] // 40], BLUE)
    picture.save(place)
    x = points_of_image(place, 2_000).x
    width, height = np.ptp(x, axis=0)
    assert np.abs(x).max() <= 5.5
    assert max(width, height) > 9.5
    assert width / height == pytest.approx(size[0] / size[1], rel=0.1)


def test_the_seed_decides(place: Path) -> None:
    draw(place, ((100, 100), 60, BLUE), ((300, 320), 80, RED))
    assert points_of_image(place, 50, 1).same_as(points_of_image(place, 50, 1))
    assert not points_of_image(place, 50, 1).same_as(points_of_image(place, 50, 2))


def test_more_points_than_pixels(place: Path) -> None:
    picture = Image.new("RGB", (20, 20), WHITE)
    picture.putpixel((10, 10), BLACK)
    picture.save(place)
    points = points_of_image(place, 100)
    assert len(points) == 100
    assert len(np.unique(points.x, axis=0)) == 100


@pytest.mark.parametrize("color", [WHITE, (250, 240, 230), (200, 200, 255)])
def test_a_blank_picture_is_one_sentence(place: Path, color: tuple) -> None:
    Image.new("RGB", (50, 50), color).save(place)
    with pytest.raises(DataError, match="shows nothing on its ground"):
        points_of_image(place)


def _png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000)
    ends = chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + ends


@pytest.mark.parametrize("size", [(8_000, 6_000), (30_000, 30_000), (60_000, 60_000)])
def test_a_huge_picture_is_refused_before_it_is_decoded(place: Path, size: tuple) -> None:
    place.write_bytes(_png_that_claims(*size))
    with pytest.raises(FileError, match="more than 40 million pixels"):
        points_of_image(place)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\nrubbish", b"GIF89a\0", _png_that_claims(99, 99)],
)
def test_a_broken_picture_is_one_sentence(place: Path, content: bytes) -> None:
    place.write_bytes(content)
    with pytest.raises(FileError, match=r"drawing\.png cannot be read as a picture"):
        points_of_image(place)


def test_pictures_are_known_by_their_content(tmp_path: Path) -> None:
    for ending in ("png", "jpeg", "gif", "bmp", "webp", "tiff"):
        place = tmp_path / f"it.{ending}"
        Image.new("RGB", (4, 4), BLUE).save(place)
        assert is_picture(place), ending
    table = tmp_path / "table.png"
    table.write_text("a,b\n1,2\n")
    assert not is_picture(table)
    with pytest.raises(PlaygroundError, match="cannot be read"):
        is_picture(tmp_path)
