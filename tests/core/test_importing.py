"""Awkward tables: each file in tests/data is read right, or refused in one clear sentence."""

import codecs
import csv
import io
import os
import tracemalloc
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.data.data import CsvData
from playground.core.data.dataset import prepare
from playground.core.data.tables import body, reading
from playground.core.data.tables.choosing import automatic_choice, data_of, outlook
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.formats import source
from playground.core.data.tables.importing import first_rows, read_table_text
from playground.core.data.tables.reading import Cancelled
from playground.core.data.tables.table import MissingValues, Table, read_table
from playground.core.errors import DataError, FileError, PlaygroundError
from playground.core.experiment.files import from_csv

DATA = Path(__file__).parent.parent / "data"

# The same small table in many forms, and the encoding, delimiter and decimal mark of each.
SAME_TABLE = {
    "comma.csv": ("utf-8", ",", "."),
    "tab.tsv": ("utf-8", "\t", "."),
    "semicolon.csv": ("utf-8", ";", "."),
    "bar.csv": ("utf-8", "|", "."),
    "excel_sep_line.csv": ("utf-8", ";", ","),
    "utf8_bom.csv": ("utf-8-sig", ",", "."),
    "utf16_le.csv": ("utf-16", "\t", "."),
    "utf16_be.csv": ("utf-16", ",", "."),
    "utf16_without_mark.csv": ("utf-16-le", ",", "."),
    "mac_line_ends.csv": ("utf-8", ",", "."),
    "no_last_line_end.csv": ("utf-8", ",", "."),
    "blank_lines.csv": ("utf-8", ",", "."),
    "trailing_delimiters.csv": ("utf-8", ",", "."),
    "trailing_delimiters_in_rows.csv": ("utf-8", ";", "."),
    "spaces_around.csv": ("utf-8", ",", "."),
    "everything_quoted.csv": ("utf-8", ",", "."),
    "space_before_quote.csv": ("utf-8", ",", "."),
    "decimal_comma_semicolon.csv": ("utf-8", ";", ","),
    "decimal_comma_tab.tsv": ("utf-8", "\t", ","),
    "decimal_comma_quoted.csv": ("utf-8", ",", ","),
    "exponents.csv": ("utf-8", ",", "."),
}

X = [[1.5, 2], [3, 4.25]]
THOUSANDS = [[1234.5, 2], [1234567, 4.25]]
MEASURES = [[170.5, 60], [158, 48.25]]
X1, X2, Y = "x1", "x2", "y"

# Names of all columns, values of the columns of numbers before the last, cells of the last.
READ = {
    "json_in_disguise.csv": (["a", "b"], [[1], [3]], ["2", "4"]),
    "minus_sign.csv": (["a", "b", "kind"], [[1.5, -2], [3, 4.25]], ["red", "blue"]),
    "full_width_digits.csv": (["a", "b", "kind"], X, ["red", "blue"]),
    "shift_jis.csv": (["身長", "体重", "性別"], MEASURES, ["男", "女"]),
    "shift_jis_last_byte.csv": (["a", "b", "種類"], X, ["赤", "青"]),
    "shift_jis_half_width.csv": (["ﾀﾃ", "ﾖｺ", "ｼｭﾙｲ"], X, ["ｱｶ", "ｱｵ"]),
    "shift_jis_labels_only.csv": (["a", "b", "kind"], X, ["男", "女"]),
    "shift_jis_backslash_byte.csv": (["a", "b", "種類"], X, ["ソ連", "表"]),
    "windows_1252_french.csv": (["longueur", "largeur", "espèce"], X, ["fougère", "chêne"]),
    "windows_1252_german.csv": (["Länge", "Höhe", "Größe"], X, ["groß", "mäßig"]),
    "windows_1252_quotes.csv": (["a", "b", "kind"], X, ["don\u2019t know", "“maybe”"]),
    "utf8_emoji.csv": (["a", "b", "kind"], X, ["🙂", "🙁"]),
    "line_separator_in_label.csv": (["a", "b", "kind"], X, ["on\u2028line", "off"]),
    "no_header.csv": ([X1, X2, Y], X, ["red", "blue"]),
    "no_header_numbers_only.csv": ([X1, X2, Y], X, ["0", "1"]),
    "no_header_missing_in_first_row.csv": (
        [X1, X2, Y],
        [[np.nan, np.nan], [3, 4.25], [1.5, 2]],
        ["red", "blue", "red"],
    ),
    "no_header_decimal_comma.csv": ([X1, X2, Y], X, ["red", "blue"]),
    "header_with_blank_name.csv": (
        ["column 1", "a", "b", "kind"],
        [[0, 1.5, 2], [1, 3, 4.25]],
        ["red", "blue"],
    ),
    "header_with_quoted_line_break.csv": (["a", "b", "kind\nof thing"], X, ["red", "blue"]),
    "quotes_in_quotes.csv": (["a", "b", "kind"], X, ['say "red", or', "blue; or so"]),
    "line_break_in_label.csv": (["a", "b", "kind"], X, ["dark\nred", "blue"]),
    "thousands_comma.csv": (["a", "b", "kind"], THOUSANDS, ["red", "blue"]),
    "thousands_dot.csv": (["a", "b", "kind"], THOUSANDS, ["red", "blue"]),
    "thousands_space.csv": (["a", "b", "kind"], THOUSANDS, ["red", "blue"]),
    "thousands_apostrophe.csv": (["a", "b", "kind"], THOUSANDS, ["red", "blue"]),
    "dates.csv": (["day", "a", "kind"], [[1.5], [3]], ["red", "blue"]),
    "dates_with_dots.csv": (["Tag", "a", "Art"], [[1.5], [3]], ["rot", "blau"]),
    "times.csv": (["time", "a", "kind"], [[12.5, 1.5], [12 + 31 / 60, 3]], ["red", "blue"]),
    "mixed_types.csv": (["a", "b", "kind"], [[2], [4.25], [1]], ["red", "blue", "red"]),
    "missing_values.csv": (
        ["a", "b", "kind"],
        [
            [1.5, 2],
            [np.nan, 4],
            [np.nan, 4],
            [3, np.nan],
            [np.nan, 1],
            [np.nan, 1],
            [np.nan, 1],
            [2.5, 8],
        ],
        ["red", "blue", "red", "blue", "red", "blue", "red", "blue"],
    ),
    "missing_labels.csv": (
        ["a", "b", "kind"],
        [[1.5, 2], [3, 4.25], [1, 2], [2, 1]],
        ["red", "", "NA", "blue"],
    ),
    "plus_and_minus.csv": (["a", "b", "sign"], X, ["+", "-"]),
    "column_without_values.csv": (["a", "b", "kind"], [[1.5], [3]], ["red", "blue"]),
    "nan_words.csv": (
        ["a", "b", "kind"],
        [[1.5, np.nan], [np.nan, 4.25], [3, 2], [1, 1]],
        ["red", "blue", "red", "blue"],
    ),
    "shift_jis_excel.csv": (
        ["氏名", "身長", "体重", "合否"],
        [[1705.5, 60], [158, 48.25]],
        ["合格", "不合格"],
    ),
    "title_above.csv": (["a", "b", "kind"], X, ["red", "blue"]),
    "utf16_excel_unicode_text.tsv": (["Größe", "Gewicht", "Art"], X, ["rot", "blau"]),
}

# A row that cannot be used whole, the values of its columns of numbers, and what is said of it.
WITH_A_GAP = {
    "infinity.csv": ([[1.5, 2], [np.nan, 4.25]], {"inf": 3}, ()),
    "negative_infinity.csv": ([[np.nan, 2], [3, 4.25]], {"-Infinity": 2}, ()),
    "ragged_short.csv": (X, {}, ((4, 2),)),
}

REFUSED = {
    "html_page.csv": "is a web page (HTML), not a table",
    "overflow.csv": "'1e400' in column 'b', line 3, is too large",
    "overflow_float32.csv": "'-1e39' in column 'b', line 3, is too large",
    "too_many_classes.csv": "column 'kind' has 101 different labels",
    "empty.csv": "is empty",
    "only_blank_lines.csv": "is empty",
    "only_byte_order_mark.csv": "is empty",
    "header_only.csv": "needs at least two columns and one row of data",
    "one_column.csv": "needs at least two columns",
    "ragged_long.csv": "4 values in line 3, but 3 columns",
    "duplicate_names.csv": "more than one column 'a'",
    "quote_never_closed.csv": "a quote that is never closed opens in line 2",
    "text_behind_quote.csv": "more stands behind a quote that closes in line 2",
    "renamed.xlsx.csv": "is a workbook or an archive",
    "renamed.xls.csv": "is a workbook or an archive",
    "binary.csv": "is not text",
    "binary_without_zeros.csv": "is not text",
    "image.png.csv": "is a picture, not a table",
    "utf16_cut.csv": "is not text",
    "utf8_bom_but_not_utf8.csv": "is not text",
}


def test_every_file_is_expected() -> None:
    found = {file.name for file in DATA.iterdir() if file.suffix in (".csv", ".tsv")}
    assert found == {*SAME_TABLE, *READ, *WITH_A_GAP, *REFUSED}
    assert len(found) >= 40


@pytest.mark.parametrize("name", SAME_TABLE)
def test_all_forms_of_a_table_are_the_same_table(name: str) -> None:
    table = read_table_text(DATA / name)
    assert table.names == ("a", "b", "kind")
    assert table.form.has_header
    assert np.stack([table.numbers("a"), table.numbers("b")], axis=1).tolist() == X
    assert table.column("kind") == ("red", "blue")
    assert (table.form.encoding, table.form.delimiter, table.form.decimal) == SAME_TABLE[name]


@pytest.mark.parametrize("name", READ)
def test_awkward_tables_are_read_right(name: str) -> None:
    names, x, last = READ[name]
    table = read_table_text(DATA / name)
    assert list(table.names) == names
    assert list(table.column(names[-1])) == last
    assert table.form.has_header == (not name.startswith("no_header"))
    columns = [table.numbers(other) for other in names[:-1] if table.is_numeric(other)]
    np.testing.assert_array_equal(np.stack(columns, axis=1), x)


@pytest.mark.parametrize("name", WITH_A_GAP)
def test_what_is_no_number_is_a_gap_that_is_named(name: str) -> None:
    x, odd, short = WITH_A_GAP[name]
    table = read_table_text(DATA / name)
    np.testing.assert_array_equal(np.stack([table.numbers("a"), table.numbers("b")], axis=1), x)
    a, _, kind = facts_of(table)
    assert (dict(a.odd), table.met.short) == (odd, short)
    assert kind.missing == len(short)


def _opened(path: Path) -> Table:
    """The table as it is trained on when the file is dropped on the window."""
    data = from_csv(path).data
    assert isinstance(data, CsvData)
    return read_table(path, data.inputs, data.label or "", regression=False)


@pytest.mark.parametrize("name", [*SAME_TABLE, *READ])
def test_what_is_read_can_be_trained_on(name: str) -> None:
    table = _opened(DATA / name)
    assert len(table.points) >= 2
    assert np.isfinite(table.points.x).all()


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_one_sentence(name: str) -> None:
    with pytest.raises(PlaygroundError) as caught:
        _opened(DATA / name)
    sentence = str(caught.value)
    assert sentence.startswith(name)
    assert REFUSED[name] in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 200


def _with_gaps(missing: MissingValues) -> Table:
    path = DATA / "missing_values.csv"
    return read_table(path, ["a", "b"], "kind", regression=False, missing=missing)


def test_rows_with_missing_values_are_dropped_and_counted() -> None:
    table = _with_gaps("drop")
    assert table.points.x.tolist() == [[1.5, 2], [2.5, 8]]
    assert table.points.y.tolist() == [1, 0]
    assert table.notes == ("Rows with missing values, left out: 6 of 8.",)


def test_missing_values_are_filled_with_the_mean_and_counted() -> None:
    table = _with_gaps("mean")
    mean_a, mean_b = np.float32(7 / 3), np.float32(3)
    assert table.points.x[:, 0].tolist() == [1.5, mean_a, mean_a, 3, *[mean_a] * 3, 2.5]
    assert table.points.x[:, 1].tolist() == [2, 4, 4, mean_b, 1, 1, 1, 8]
    assert table.notes == ("Missing values, filled with the mean of their column: 6.",)


@pytest.mark.parametrize("missing", ["drop", "mean"])
def test_rows_without_an_answer_are_dropped(missing: MissingValues) -> None:
    path = DATA / "missing_labels.csv"
    table = read_table(path, ["a"], "kind", regression=False, missing=missing)
    assert table.points.x.tolist() == [[1.5], [2]]
    assert table.class_names == ("blue", "red")
    assert table.notes == ("Rows without 'kind', left out: 2 of 4.",)


def test_a_decimal_comma_is_said() -> None:
    path = DATA / "decimal_comma_semicolon.csv"
    table = read_table(path, ["a"], "b", regression=True)
    assert table.notes == ("Numbers are read with a decimal comma.",)
    assert table.points.y.tolist() == [2, 4.25]


@pytest.mark.parametrize(
    ("missing", "words"),
    [("drop", "missing value in every row"), ("mean", "column 'b' has no number")],
)
def test_a_column_without_values_is_explained(missing: MissingValues, words: str) -> None:
    path = DATA / "column_without_values.csv"
    with pytest.raises(DataError, match=words):
        read_table(path, ["a", "b"], "kind", regression=False, missing=missing)


def test_a_minus_is_a_label_where_plus_is_another() -> None:
    table = read_table(DATA / "plus_and_minus.csv", ["a"], "sign", regression=False)
    assert table.class_names == ("+", "-")


def test_ten_thousand_columns(tmp_path: Path) -> None:
    place = tmp_path / "wide.csv"
    rows = [[f"c{i}" for i in range(10_000)], [str(i) for i in range(10_000)], ["0.5"] * 10_000]
    place.write_text("\n".join(map(",".join, rows)))
    table = read_table_text(place)
    assert len(table.names) == 10_000
    assert table.numbers("c9999").tolist() == [9999, 0.5]
    with pytest.raises(DataError) as caught:
        table.numbers("d")
    assert len(str(caught.value)) < 200
    assert first_rows(place).names == table.names
    facts = facts_of(table)
    assert not outlook(table, facts, automatic_choice(facts)).obstacle


@pytest.mark.parametrize(("start", "line"), [(b"a,b\n1,", 2), (b"a,b", 1)])
def test_a_line_of_200_mb_is_not_held(tmp_path: Path, start: bytes, line: int) -> None:
    place = tmp_path / "long.csv"
    with place.open("wb") as file:
        file.write(start)
        file.truncate(200_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(FileError, match=f"more than 1 MB in line {line}"):
            read_table_text(place)
        with suppress(FileError):
            first_rows(place)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


# What a person says of the form, and reading that takes a while.


def test_the_form_can_be_overridden() -> None:
    place = DATA / "semicolon.csv"
    assert read_table_text(place, WantedForm(has_header=False)).column("x1")[0] == "a"
    assert read_table_text(place, WantedForm(encoding="cp932")).form.encoding == "cp932"
    mixed = "a;b\n1,234;5\n6,789;1\n"
    assert read_table_text(mixed).numbers("a").tolist() == [1.234, 6.789]
    read = read_table_text(mixed, WantedForm(decimal="."))
    assert read.numbers("a").tolist() == [1234, 6789]
    mixed = "a;b\n1,5;x\n2,25;y\n"  # a mark that is said is that of every column
    assert read_table_text(mixed).judged("a").kind == "numbers"
    assert read_table_text(mixed, WantedForm(decimal=".")).judged("a").kind == "text"
    either = "a,b;c\n1,2;x\n3,4;y\n"
    assert read_table_text(either, WantedForm(delimiter=",")).names == ("a", "b;c")
    assert read_table_text(either, WantedForm(delimiter=";")).names == ("a,b", "c")


@pytest.mark.parametrize(
    ("name", "wanted", "words"),
    [
        ("shift_jis.csv", WantedForm(encoding="utf-8"), "is not text in UTF-8; choose another"),
        ("comma.csv", WantedForm(encoding="utf-16"), "is not text in UTF-16; choose another"),
        ("comma.csv", WantedForm(delimiter=";"), "needs at least two columns"),
    ],
)
def test_a_form_that_does_not_fit_is_one_sentence(
    name: str, wanted: WantedForm, words: str
) -> None:
    for read in (read_table_text, first_rows):
        with pytest.raises(FileError, match=words) as caught:
            read(DATA / name, wanted)
        assert str(caught.value).startswith(name)


@pytest.mark.parametrize("name", [*SAME_TABLE, *READ])
def test_the_first_rows_of_a_short_table_are_all_of_it(name: str) -> None:
    whole, start = read_table_text(DATA / name), first_rows(DATA / name)
    assert (start.names, start.columns, start.form) == (whole.names, whole.columns, whole.form)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp932"])
def test_the_first_rows_of_a_long_table_come_at_once(tmp_path: Path, encoding: str) -> None:
    place = tmp_path / "long.csv"
    row = '1.5,2.25,"男, 女\nと言う"\n'
    place.write_bytes(("a,b,性別\n" + row * 40_000).encode(encoding))
    start = first_rows(place)
    assert start.names == ("a", "b", "性別")
    assert start.form.encoding == encoding
    assert 1_000 < len(start) < 20_000
    assert set(start.columns[2]) == {"男, 女\nと言う"}


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    place = tmp_path / "high.csv"
    place.write_text("a,b\n" + "1,2\n" * 200_000)
    told: list[float] = []
    read_table_text(place, progress=told.append)
    assert told == sorted(told)
    assert len(told) > 10
    assert (told[0], told[-1]) == (0, 1)


@pytest.mark.parametrize("patience", [0.05, 0.5])
def test_reading_ends_when_the_person_gives_up(tmp_path: Path, patience: float) -> None:
    place = tmp_path / "high.csv"
    place.write_text("a,b\n" + "1,2\n" * 200_000)
    told: list[float] = []

    def progress(fraction: float) -> None:
        told.append(fraction)
        if fraction > patience:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_table_text(place, progress=progress)
    assert told[-1] < patience + 0.2


def test_text_from_a_clipboard_is_a_table() -> None:
    table = read_table_text("a\tb\tkind\r\n1,5\t2\tred\r\n3\t4,25\tblue\r\n")
    assert table.names == ("a", "b", "kind")
    assert np.stack([table.numbers("a"), table.numbers("b")], axis=1).tolist() == X
    assert (table.path, table.stamp) == (None, None)
    with pytest.raises(FileError, match="Pasted table needs at least two columns"):
        read_table_text("hello\nworld")
    with pytest.raises(FileError, match="too large for the clipboard"):
        read_table_text("1\t2\n" * 20_000_000)


def test_a_file_is_read_once_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "once.csv"
    place.write_text("a,b,kind\n1.5,2,red\n3,4,blue\n")
    readings = []
    read = reading.read_bytes
    monkeypatch.setattr(
        source, "read_bytes", lambda *args, **kwargs: readings.append(1) or read(*args, **kwargs)
    )
    experiment = from_csv(place)
    assert len(prepare(experiment).points) == 2
    assert len(prepare(experiment).points) == 2
    assert len(readings) == 1
    place.write_text("a,b,kind\n1.5,2,red\n3,4,blue\n5,6,red\n")
    assert len(prepare(experiment).points) == 3
    assert len(readings) == 2


@pytest.mark.parametrize(
    ("module", "limit", "value", "words"),
    [
        (body, "MAX_CELLS", 1_000, "more than 1,000 values"),
        (source, "MAX_BYTES", 3_000, "larger than 0 MB"),
    ],
)
def test_more_than_can_be_held_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    limit: str,
    value: int,
    words: str,
) -> None:
    place = tmp_path / "high.csv"
    place.write_text("a,b\n" + "1,2\n" * 1_000)
    assert len(read_table_text(place)) == 1_000
    monkeypatch.setattr(module, limit, value)
    with pytest.raises(FileError, match=words):
        read_table_text(place)


@given(st.one_of(st.binary(max_size=60), st.text('ab1.,;|\t"\n\r -?\u00e9', max_size=60)))
def test_whatever_it_is_it_is_a_table_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes | str
) -> None:
    place = tmp_path_factory.getbasetemp() / "anything.csv"
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        table = read_table_text(place)
    except FileError:
        return
    assert len(table)
    assert {len(column) for column in table.columns} == {len(table)}
    assert len(table.columns) == len(table.names)
    for name in filter(table.is_numeric, table.names):
        with suppress(DataError):  # too large
            assert len(table.numbers(name)) == len(table)


LETTERS = {
    "utf-8": st.characters(codec="utf-8", categories=["L", "N", "P", "S"]),
    "utf-8-sig": st.characters(codec="utf-8", categories=["L", "N", "P", "S"]),
    "utf-16-le": st.characters(codec="utf-8", categories=["L", "N", "P", "S"]),
    "utf-16-be": st.characters(codec="utf-8", categories=["L", "N", "P", "S"]),
    "cp932": st.sampled_from("アイウソ表漢字男女東京赤青"),
    # Words, for letters at random may be those of a neighbour; see tests/core/test_encodings.py.
    "cp1252": st.sampled_from(["groß ", "mäßig ", "über ", "Öl ", "süß ", "Hof "]),
}
MARKS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)


@given(st.data())
def test_what_is_written_reads_back_identical(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    encoding = data.draw(st.sampled_from(list(LETTERS)))
    delimiter, mark = data.draw(
        st.sampled_from([(",", "."), *((other, mark) for other in "\t;|" for mark in ".,")])
    )
    letters = st.lists(st.one_of(LETTERS[encoding], st.sampled_from(',;| \n"')), max_size=6)
    letters = letters.map("".join)
    # A first letter, so that no label is a number or a missing value.
    first = {"cp932": "表", "cp1252": "x "}.get(encoding, "x")
    label = letters.map(lambda text: f"{first}{text}".strip())
    kinds = data.draw(st.lists(label, min_size=1, max_size=4, unique=True))
    row = st.tuples(FLOATS, FLOATS, st.sampled_from(kinds))
    rows = data.draw(st.lists(row, min_size=1, max_size=8))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["a", "b", "kind"])
    for x1, x2, kind in rows:
        cells = [str(np.float32(value)).replace(".", mark) for value in (x1, x2)]
        writer.writerow([*cells, kind])
    place = tmp_path_factory.getbasetemp() / "property.csv"
    place.write_bytes(MARKS.get(encoding, b"") + text.getvalue().encode(encoding))

    table = read_table_text(place)
    assert table.form.delimiter == delimiter
    assert list(table.column("kind")) == [kind for _, _, kind in rows]
    for column, name in enumerate(("a", "b")):
        found = table.numbers(name).astype(np.float32)
        assert found.tobytes() == np.array([row[column] for row in rows], np.float32).tobytes()


def test_half_of_a_character_in_a_pasted_table_is_replaced() -> None:
    """A clipboard of Windows may hold one."""
    text = "a,b\n\ud800,1\n"
    assert read_table_text(text).column("a") == first_rows(text).column("a") == ("?",)


def test_a_link_to_itself_is_one_sentence(tmp_path: Path) -> None:
    link = tmp_path / "loop.csv"
    link.symlink_to(link)
    for read in (read_table_text, first_rows):
        with pytest.raises(FileError, match=r"loop\.csv cannot be read"):
            read(link)


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_table_that_no_project_can_name(tmp_path: Path) -> None:
    place = tmp_path / os.fsdecode(b"\xff.csv")
    place.write_text("a,b\n1,2\n")
    text = read_table_text(place)
    with pytest.raises(FileError, match="has a name that is not Unicode; rename it"):
        data_of(text, automatic_choice(facts_of(text)))


def test_blank_lines_before_a_table_are_passed_over_and_counted() -> None:
    table = read_table_text("\n" * 300_000 + 'a,b\n\n"1\n",2\n\n3,4\n')
    assert table.names == ("a", "b")
    assert [*table.columns] == [("1", "3"), ("2", "4")]
    assert [table.line_of(row) for row in range(2)] == [300_003, 300_006]
