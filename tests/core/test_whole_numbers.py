"""Columns of whole numbers stay small, and say the same as the text that they were read from."""

from collections import Counter
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from playground.core.data.tables import body, rows
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.formats import source, whole_numbers
from playground.core.data.tables.formats.whole_numbers import (
    WholeNumbers,
    blocks,
    columns_of,
    compacted,
)
from playground.core.data.tables.importing import TableText, read_table_text
from playground.core.data.tables.inputs import matrix_of
from playground.core.errors import FileError

WHOLE = st.one_of(st.integers(0, 255), st.integers(-40_000, 40_000), st.integers()).map(str)
ODD = st.sampled_from(
    [
        "",
        "007",
        "+5",
        "-0",
        "-",
        "NA",
        "1.5",
        "ja",
        " 12",
        "7 ",
        "é",
        "1234567890",
        '"8"',
        "# 9",
        "٣",
    ]
)
LINES = st.lists(
    st.one_of(
        st.lists(WHOLE, min_size=10, max_size=10),
        st.lists(st.integers(0, 9).map(str), min_size=10, max_size=10),
        st.tuples(*[WHOLE] * 9, ODD).map(list),
        st.lists(st.one_of(WHOLE, ODD), max_size=10),
    ),
    min_size=8,
    max_size=40,
)


def read(text: str, tmp_path_factory: pytest.TempPathFactory) -> TableText | str:
    place = tmp_path_factory.getbasetemp() / "whole.csv"
    place.write_bytes(text.encode())
    try:
        return read_table_text(place)
    except FileError as error:
        return str(error)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@settings(max_examples=30)
@given(lines=LINES, has_names=st.booleans(), begins_plain=st.booleans())
@example(lines=[["1"] * 10, *[["0"] * 9 + ["ja"]] * 9], has_names=True, begins_plain=False)
def test_a_large_table_reads_as_a_small_one_does(
    end: str,
    lines: list[list[str]],
    has_names: bool,
    begins_plain: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    plain = [[str(row + column) for column in range(10)] for row in range(30)] * begins_plain
    names = [["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]] * has_names
    text = "".join(",".join(line) + end for line in [*names, *plain, *lines])
    small = read(text, tmp_path_factory)
    everything_is_large = mock.patch.object(body, "LARGE_BYTES", 0)
    with everything_is_large, mock.patch.object(whole_numbers, "BLOCK_BYTES", 100):
        large = read(text, tmp_path_factory)
    assert_alike(small, large)


@settings(max_examples=30)
@given(lines=LINES, end=st.sampled_from(["\n", "\r\n"]), start=st.integers(1_000, 1_400))
@example(lines=[["7"] * 10] * 30 + [["total", "9"]], end="\n", start=1_000)
@example(lines=[["7"] * 10] * 30 + [["7"] * 9 + ['"8\n9"']], end="\n", start=1_000)
@example(lines=[["7"] * 10] * 30 + [["7"] * 9 + ["8\r9"]], end="\n", start=1_000)
def test_a_file_that_is_not_held_reads_as_one_that_is(
    lines: list[list[str]], end: str, start: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    plain = [[str(row + column) for column in range(10)] for row in range(40)]
    text = "".join(",".join(line) + end for line in [[*"abcdefghij"], *plain, *lines])
    with mock.patch.object(rows, "HEAD_ROWS", 25):
        held = read(text, tmp_path_factory)
        with (
            mock.patch.object(source, "LARGE_START", start),
            mock.patch.object(body, "LARGE_BYTES", 0),
            mock.patch.object(rows, "BLOCK_BYTES", 100),
        ):
            assert_alike(held, read(text, tmp_path_factory))


def test_a_plain_file_is_not_held_while_it_is_read(tmp_path: Path) -> None:
    place = tmp_path / "plain.csv"
    place.write_text("a,b\n" + "".join(f"{row % 7},{row}\n" for row in range(1_000)))
    with (
        mock.patch.object(source, "LARGE_START", 4_000),
        mock.patch.object(body, "LARGE_BYTES", 0),
        mock.patch.object(source, "read_bytes", side_effect=AssertionError),
    ):
        text = read_table_text(place)
        assert (len(text), text.column("b")[-1], text.line_of(999)) == (1_000, "999", 1_001)
        place.write_text(place.read_text() + '"8",9\n')
        with pytest.raises(AssertionError):
            read_table_text(place)


def test_columns_of_bytes_are_pixels_without_a_copy(tmp_path: Path) -> None:
    place = tmp_path / "images.csv"
    source_of_pixels = np.random.default_rng(0)
    pixels = source_of_pixels.integers(0, 256, (300, 64))
    lines = [f"{row % 3},{','.join(map(str, row_of))}\n" for row, row_of in enumerate(pixels)]
    place.write_text("label," + ",".join(f"p{i}" for i in range(64)) + "\n" + "".join(lines))
    with mock.patch.object(body, "LARGE_BYTES", 0), mock.patch.object(rows, "BLOCK_BYTES", 5_000):
        text = read_table_text(place)
    names = [f"p{i}" for i in range(64)]
    found = matrix_of(text, names, (1, 8, 8), fills=False).x
    assert np.array_equal(found, pixels)
    assert np.shares_memory(found, text.judged("p5").values)
    turned = matrix_of(text, names[::-1], (1, 8, 8), fills=False).x
    assert np.array_equal(turned, pixels[:, ::-1])
    assert not np.shares_memory(turned, text.judged("p5").values)


def assert_alike(small: TableText | str, large: TableText | str) -> None:
    """Both say the same of a table, or of what is wrong with it."""
    if isinstance(small, str) or isinstance(large, str):
        assert small == large
        return
    assert (small.names, small.form, small.met.left_out, small.met.short) == (
        *(large.names, large.form),
        *(large.met.left_out, large.met.short),
    )
    assert list(map(list, small.columns)) == list(map(list, large.columns))
    assert [small.line_of(row) for row in range(len(small))] == [
        large.line_of(row) for row in range(len(large))
    ]
    for one, other in zip(facts_of(small), facts_of(large), strict=True):
        assert all(
            np.array_equal(getattr(one, name), getattr(other, name))
            for name in one.__dataclass_fields__
        )


@given(
    values=st.lists(st.integers(-(10**9) + 1, 10**9 - 1), min_size=1), most=st.integers(1, 10**9)
)
def test_whole_numbers_are_a_sequence_of_text_in_the_smallest_type(
    values: list[int], most: int
) -> None:
    values = [value % most for value in values] if most < 300 else values
    cells = tuple(map(str, values))
    found = compacted(cells)
    assert isinstance(found, WholeNumbers)
    assert (list(found), found[-1], list(found[1:])) == (list(cells), cells[-1], list(cells[1:]))
    assert list(found.counts().items()) == list(Counter(cells).items())
    fits = [np.uint8] * (min(values) >= 0) + [np.int16, np.int32]
    smallest = next(
        k for k in fits if np.iinfo(k).min <= min(values) and max(values) <= np.iinfo(k).max
    )
    assert found.values.dtype == smallest


def test_a_byte_is_all_that_a_pixel_takes() -> None:
    lines = "".join(f"{row % 10},{row % 256},{3 * row}\n" for row in range(1_000)).encode()
    found = columns_of(lines, ",", 3)
    assert found is not None
    kinds = [column.values.dtype for column in found if isinstance(column, WholeNumbers)]
    assert kinds == [np.uint8, np.uint8, np.int16]
    assert found[2][-1] == "2997"


def test_blocks_are_the_lines_of_a_table() -> None:
    content = b"names\n" + b"1,22,333\n" * 1_000 + b"4,5,6"
    with mock.patch.object(whole_numbers, "BLOCK_BYTES", 1_000):
        found = list(blocks(content, 6))
    assert b"".join(block.content for block in found) == content[6:] + b"\n"
    assert max(len(block.content) for block in found) <= 1_000
    assert found[-1].end == len(content)


def test_more_whole_numbers_than_there_may_be_text(tmp_path: Path) -> None:
    lines = [[str(row * column % 256) for column in range(12)] for row in range(40)]
    text = "\n".join(",".join(row) for row in lines)
    place = tmp_path / "wide.csv"
    place.write_text(text)
    with mock.patch.object(body, "MAX_CELLS", 100), mock.patch.object(body, "LARGE_BYTES", 0):
        assert len(read_table_text(place)) == 40
        place.write_text("\n".join(",".join([*row[:-1], f"w{row[0]}"]) for row in lines))
        assert len(read_table_text(place)) == 40
        place.write_text("\n".join(",".join([*row, "0.5", "0.5", "0.5"]) for row in lines))
        with pytest.raises(FileError, match="more than 100 values, too many to hold"):
            read_table_text(place)
