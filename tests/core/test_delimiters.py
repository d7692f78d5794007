"""What stands between two cells: usual and rare characters, found out or named by the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.data.tables.form import DELIMITERS, find_delimiter
from playground.core.data.tables.importing import TableText, read_table_text
from playground.core.errors import FileError

ROWS = [(n / 4, -n, "red" if n % 3 else "blue") for n in range(20)]
EACH = [each for each in DELIMITERS if each != " "]


def read(text: str, folder: Path, encoding: str = "utf-8") -> TableText:
    place = folder / "table.csv"
    place.write_bytes(text.encode(encoding))
    return read_table_text(place)


def joined(delimiter: str, *, above: str = "") -> str:
    rows = [("a", "b", "kind"), *ROWS]
    return above + "".join(delimiter.join(map(str, row)) + "\n" for row in rows)


def is_the_table(text: TableText) -> bool:
    return (
        text.names == ("a", "b", "kind")
        and [
            (a, b, kind)
            for a, b, kind in zip(
                text.numbers("a"), text.numbers("b"), text.column("kind"), strict=True
            )
        ]
        == ROWS
    )


@pytest.mark.parametrize("delimiter", EACH)
def test_each_divides_a_table(tmp_path: Path, delimiter: str) -> None:
    text = read(joined(delimiter), tmp_path)
    assert text.form.delimiter == delimiter
    assert is_the_table(text)


@pytest.mark.parametrize("delimiter", EACH)
@pytest.mark.parametrize("above", ["sep={}\n", '"sep={}"\r\n', "SEP={}\n"])
def test_a_file_may_name_it(tmp_path: Path, delimiter: str, above: str) -> None:
    text = read(joined(delimiter, above=above.format(delimiter)), tmp_path)
    assert is_the_table(text)
    assert (text.form.delimiter, text.met.left_out) == (delimiter, ())


@pytest.mark.parametrize("encoding", ["cp932", "gb18030", "euc_jp", "cp949", "cp950", "utf-16"])
@pytest.mark.parametrize("delimiter", ["\uff0c", "\uff1b", "\u3001"])
def test_full_width_commas_are_found_in_any_encoding(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    """Although there is no other character beyond ASCII."""
    assert is_the_table(read(joined(delimiter), tmp_path, encoding))


@pytest.mark.parametrize("delimiter", ["\uff0c", "~", ";"])
def test_a_large_table_of_whole_numbers_is_the_same(tmp_path: Path, delimiter: str) -> None:
    values = np.arange(300_000).reshape(-1, 6) % 1000
    lines = "\n".join(delimiter.join(map(str, row)) for row in values.tolist())
    text = read(f"{delimiter.join('abcdef')}\n{lines}\n", tmp_path)
    assert [text.numbers(name).tolist() for name in "af"] == [
        values[:, 0].tolist(),
        values[:, 5].tolist(),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "12:30\n12:45\n13:00\n",
        "height:3\nwidth:4\n",
        "10:00:00 INFO started 3\n10:00:01 INFO loaded 14 files\n",
        "http://example.com/1\nhttp://example.com/2\n",
    ],
)
def test_times_and_settings_are_no_tables_with_colons(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileError, match="needs at least two columns"):
        read(text, tmp_path)


def test_days_with_times_stand_apart_by_blanks(tmp_path: Path) -> None:
    text = read("2026-05-01 10:00:00\n2026-05-02 10:00:01\n", tmp_path)
    assert (text.form.delimiter, text.column("x1")) == (" ", ("2026-05-01", "2026-05-02"))


@given(
    st.sampled_from(sorted(set(EACH) - set("\t;|,"))),
    st.lists(st.integers(0, 99), min_size=6, max_size=6),
)
def test_a_rare_one_inside_the_cells_divides_nothing(rare: str, numbers: list[int]) -> None:
    lines = [f"{n}{rare}{n + 1},{n / 2},x{rare}y\n" for n in numbers]
    assert find_delimiter(lines, lambda: None) == (",", False)


@pytest.mark.parametrize(
    ("names", "gap"), [("Zeit{}Strom{}Klasse\n", " "), ("", " "), ("t{}I{}k\n", "    ")]
)
def test_a_comma_between_digits_is_no_delimiter_where_blanks_divide(
    tmp_path: Path, names: str, gap: str
) -> None:
    rows = [(n / 4 + 0.25, n / 8, "ab"[n % 2]) for n in range(1, 20)]
    written = "".join(f"{a:.2f}{gap}{b:.3f}{gap}{k}\n".replace(".", ",") for a, b, k in rows)
    text = read(names.format(gap, gap) + written, tmp_path)
    assert (text.form.delimiter, text.form.decimal, len(text.names)) == (" ", ",", 3)
    assert text.numbers(text.names[0]).tolist() == [a for a, _, _ in rows]
    assert text.numbers(text.names[1]).tolist() == [b for _, b, _ in rows]


@pytest.mark.parametrize(
    "lines",
    [
        ["1, 2, 3\n", "4, 5, 6\n"],
        ["1 ,2 ,3\n", "4 ,5 ,6\n"],
        ["1,2 rooms\n", "2,3 rooms\n"],
        ["id,height cm\n", "1,35 7\n"],
        ["2026-05-01 10:00,5\n", "2026-05-02 10:00,6\n"],
    ],
)
def test_blanks_inside_cells_leave_the_comma_its_place(lines: list[str]) -> None:
    assert find_delimiter(lines, lambda: None) == (",", False)


def test_one_tab_among_blanks_is_white_space_too(tmp_path: Path) -> None:
    lines = [f'{n}.5   {n % 3}   ?   7{n}\t"kind {n % 2}"\n' for n in range(10, 20)]
    text = read("".join(lines), tmp_path)
    assert (len(text.names), text.numbers("x4").tolist()) == (5, [700 + n for n in range(10, 20)])
    assert set(text.column("y")) == {"kind 0", "kind 1"}


@pytest.mark.parametrize(
    "line",
    [
        "2026-05-01 10:00\t{}\n",
        "03 1234 5678\t{}\n",
        "New  York\t{}\n",
        '"1   2"\t{}\n',
        "7  \t{}\n",
    ],
)
def test_blanks_inside_cells_leave_the_tab_its_place(line: str) -> None:
    lines = [line.format(n) for n in range(9)]
    assert find_delimiter(lines, lambda: None) == ("\t", False)
