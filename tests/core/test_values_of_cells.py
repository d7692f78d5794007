"""Cells as people write numbers, times, dates and gaps, each kind as a whole column.

What is right is arithmetic, or what pandas reads with the form spelled out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.data.tables.cells import Judged, judged, missing_labels
from playground.core.data.tables.choosing import automatic_choice
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.importing import TableText, read_table_text
from playground.core.data.tables.numerals import DecimalMark, is_missing, number
from playground.core.data.tables.table import Columns, Table, table_of
from playground.core.data.tables.writing.signs import is_limit, signed
from playground.core.errors import DataError

MEASURES = [round(1.5 + (37 * n % 40) * 0.31, 2) for n in range(40)]
COUNTS = [100 + 3 * (37 * n % 40) for n in range(40)]
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def column(form: str, values: Sequence[float], mark: DecimalMark = ".") -> Judged:
    cells = [form.format(value) for value in values]
    return judged([cell.replace(".", ",") if mark == "," else cell for cell in cells], mark)


def table(rows: Sequence[Sequence[object]], names: str, folder: Path) -> TableText:
    place = folder / "table.csv"
    lines = (",".join(f'"{cell}"' for cell in row) for row in rows)
    place.write_text("\n".join([names, *lines]), "utf-8")
    return read_table_text(place)


def opened(text: TableText) -> tuple[Table, list[str]]:
    """What is made of a table when it is opened, and what is warned of."""
    choice = automatic_choice(facts_of(text))
    made = table_of(text, choice.columns, choice.left_out)
    assert made.description is not None
    return made, [str(warning) for warning in made.description.warnings]


# Digits and signs of other keyboards.


@pytest.mark.parametrize("form", ["{}", "-{}", "{}%", "({})", "+{}", "{} kg", "¥{}", "{}e3"])
def test_signs_of_full_width_are_those_of_ascii(form: str) -> None:
    narrow = column(form, MEASURES)
    wide = judged([form.format(value).translate(WIDE) for value in MEASURES], ".")
    assert (wide.kind, wide.unit) == ("numbers", narrow.unit)
    np.testing.assert_array_equal(wide.values, narrow.values)


@pytest.mark.parametrize("minus", "\u2212\uff0d\ufe63\u2010\u2013\u30fc")
def test_dashes_before_a_digit_are_a_minus(minus: str) -> None:
    np.testing.assert_array_equal(column(minus + "{}", MEASURES).values, -np.array(MEASURES))


@pytest.mark.parametrize("blank", " \xa0\u2009\u202f\u2007")
def test_thousands_stand_apart_by_any_blank(blank: str) -> None:
    found = judged([f"{1000 * n:,}".replace(",", blank) for n in COUNTS], ".")
    assert found.values.tolist() == [1000 * n for n in COUNTS]


@given(
    st.decimals(-(10**6), 10**6, places=3),
    st.sampled_from(
        ["{}", "{}%", "{} cm", "EUR {}", "~{}", "ca. {} kg", "{}*", "{}±0.5", "約{}円"]
    ),
    st.booleans(),
    st.sampled_from([".", ","]),
)
def test_what_stands_around_a_number_does_not_change_it(
    value: object, form: str, is_wide: bool, mark: DecimalMark
) -> None:
    cell = form.format(str(value).replace(".", mark))
    found = signed(cell.translate(WIDE) if is_wide else cell, mark)
    assert found is not None
    assert found.value == float(str(value))


@given(st.text(st.sampled_from("0123456789.,-+eE%()<>~ '/:*½²kM¥") | st.characters(), max_size=12))
def test_a_text_is_a_number_or_none_and_nothing_fails(cell: str) -> None:
    """A plain number is the same with and without a look at what stands around it."""
    plain, found = number(cell), signed(cell)
    judged([cell, "1"], ",")
    is_limit(cell)
    if plain is not None and np.isfinite(plain):
        assert found is not None
        assert found.value == plain


POOL = """1.5|-2|3,5|1,200|<0.5|>9|~6|5±1|4*|7 kg|8 g|9 Kg|€5|$6|10%|▲2|▼3|(4)|5-|2+|3K|4M|1/2|2½
k.A.|-|?|NaN||inf|12:30|2h 5m|90 min|2026-10-01|01/02/26|Oct 2026|word|AB12|1e400""".replace(
    "\n", "|"
)


@given(
    st.lists(st.sampled_from(POOL.split("|")), min_size=1, max_size=12),
    st.sampled_from([".", ","]),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_rows_does_not_change_what_cells_are(
    cells: list[str], mark: DecimalMark, random: Random
) -> None:
    places = list(range(len(cells)))
    random.shuffle(places)
    first, again = judged(cells, mark), judged([cells[place] for place in places], mark)
    assert first.kind == again.kind
    if first.kind in ("numbers", "dates"):
        np.testing.assert_array_equal(first.values[places], again.values)
        assert first.odd.keys() == again.odd.keys()
        for word, row in {**first.odd, **first.rough}.items():
            assert cells[row] == word
        gaps = {cell for cell, value in zip(cells, first.values, strict=True) if np.isnan(value)}
        assert {cell for cell in gaps if cell and not is_missing(cell)} == first.odd.keys()


# Units, currencies, powers and fractions.

FORMS = {
    "kr. {}": (1, "kr."),
    "{},-": (1, ""),
    "{}.–": (1, ""),
    "₹{}/-": (1, "₹"),
    "%{}": (1, "%"),
    "{} m^2": (1, "m^2"),
    "{} W m-2": (1, "W m-2"),
    "{}'": (1, "'"),
    '{}"': (1, '"'),
    '="{}"': (1, ""),
    "'{}": (1, ""),
    "- {}": (-1, ""),
    "{}.5D+03": (1000, ""),
    "{}×10^3": (1000, ""),
    "{} x 10^-2": (0.01, ""),
    "{}·10³": (1000, ""),
    "{} ½": (1, ""),
    "{} 1/2": (1, ""),
    "{}½ in": (1, "in"),
    "{} million": (1e6, ""),
    "${}M": (1e6, "$"),
    "{}万円": (1e4, "円"),
    "₹{} Lac": (1e5, "₹"),
    "{} CRORE": (1e7, ""),
    "{} Mio. €": (1e6, "€"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_number_is_read_whatever_stands_with_it(form: str) -> None:
    factor, unit = FORMS[form]
    half = 0.5 if any(part in form for part in ("½", "1/2", ".5D")) else 0
    found = column(form, COUNTS)
    assert (found.kind, found.unit, dict(found.odd)) == ("numbers", unit, {})
    np.testing.assert_allclose(found.values, (np.array(COUNTS) + half) * factor, rtol=1e-15)


@pytest.mark.parametrize("form", ["{} %", "{} €", "R$ {}", "({})"])
def test_a_decimal_comma_is_told_from_numbers_with_a_sign(tmp_path: Path, form: str) -> None:
    rows = [(form.format(value).replace(".", ","), "xy"[n % 2]) for n, value in enumerate(MEASURES)]
    text = table(rows, "share,kind", tmp_path)
    assert text.form.decimal == ","
    sign = -1 if form == "({})" else 1
    assert text.numbers("share").tolist() == [sign * value for value in MEASURES]


def test_a_column_may_have_another_decimal_mark_than_the_table(tmp_path: Path) -> None:
    rows = [(f"{v}", f"{v:.2f}".replace(".", ","), "xy"[n % 2]) for n, v in enumerate(MEASURES)]
    text = table(rows, "a,b,kind", tmp_path)
    assert text.numbers("a").tolist() == text.numbers("b").tolist() == MEASURES
    _, warnings = opened(text)
    assert "'1,50' in column 'b', line 2, is read as 1.5, and others like it so, too." in warnings


@pytest.mark.parametrize(
    ("cells", "values", "unit"),
    [
        (["5'10\"", "6'", "5' 6.5\""], [5 + 10 / 12, 6, 5 + 6.5 / 12], "'"),
        (["5 ft 10 in", "6 ft", "5ft 6"], [5 + 10 / 12, 6, 5.5], "ft"),
        (["45°30'N", "33°51'36\"S", "10° 15\u2032 W"], [45.5, -33.86, -10.25], "°"),
        (["45.5° N", "33.86°S", "12°"], [45.5, -33.86, 12], "°"),
    ],
)
def test_feet_and_inches_and_degrees_and_minutes_are_one_number(
    cells: list[str], values: list[float], unit: str
) -> None:
    found = judged(cells * 4, ".")
    assert (found.kind, found.unit, dict(found.odd)) == ("numbers", unit, {})
    np.testing.assert_allclose(found.values, values * 4, rtol=1e-14)
    assert judged(["5'12\"", "45°61'N", "5 ft x"] * 4, ".").kind == "text"


@pytest.mark.parametrize("units", [("year", "years"), ("kg", "KG"), ("Tag", "Tage"), ("h", "h.")])
def test_a_unit_may_be_written_in_two_ways(units: tuple[str, str]) -> None:
    cells = [f"{n} {units[n % 3 > 0]}" for n in COUNTS]
    found = judged(cells, ".")
    assert (found.unit in units, dict(found.odd)) == (True, {})
    assert found.values.tolist() == COUNTS


@pytest.mark.parametrize(
    ("form", "is_with", "said", "unit"),
    [
        ("${}", lambda row: row == 0, "$100", "$"),
        ("{} EUR", lambda row: row in (0, 39), "100 EUR", "EUR"),
        ("{} kg", lambda row: row % 7 > 0, "100", "kg"),
    ],
)
def test_numbers_without_a_unit_are_in_that_of_the_others(
    form: str, is_with: Callable[[int], bool], said: str, unit: str
) -> None:
    """In books of accounts a currency stands at the first number and at the sum."""
    cells = [form.format(n) if is_with(row) else str(n) for row, n in enumerate(COUNTS)]
    found = judged(cells, ".")
    assert (found.values.tolist(), found.unit, dict(found.odd)) == (COUNTS, unit, {})
    assert dict(found.rough) == {said: 0}


def test_a_few_numbers_in_a_unit_among_others_are_gaps() -> None:
    found = judged([f"{n}%" if n < 110 else str(n / 1000) for n in COUNTS], ".")
    assert set(found.odd) == {"100%", "103%", "106%", "109%"}


@pytest.mark.parametrize("units", [("mm", "Mm"), ("m", "ms"), ("cm", "mm"), ("A", "B")])
def test_two_units_are_text(units: tuple[str, str]) -> None:
    assert judged([f"{n} {units[n % 2]}" for n in COUNTS], ".").kind == "text"


def test_letters_are_powers_of_ten_where_two_of_them_or_none_stand_beside() -> None:
    views = ["950", "1.2K", "3.4M", "12k"] * 5
    assert judged(views, ".").values.tolist() == [950, 1200, 3.4e6, 12000] * 5
    prices = ["€1.5M", "€565K"] * 5
    assert judged(prices, ".").values.tolist() == [1.5e6, 565e3] * 5
    kelvin = judged(["300K", "310K"] * 5, ".")
    assert (kelvin.values.tolist(), kelvin.unit) == ([300, 310] * 5, "K")
    assert judged(["4A", "4B", "5"] * 5, ".").kind == "text"


@pytest.mark.parametrize(
    "form", ["{0}-{0}", "No. {}", "#{}", "AB{}", "{0}/{0}", "0x{}F", "{} 7", "CA {}"]
)
def test_other_texts_with_digits_are_no_numbers(form: str) -> None:
    assert column(form, COUNTS).kind == "text"


def test_a_triangle_means_up_where_another_one_means_down() -> None:
    assert judged(["▲1.5", "2", "▲3"] * 3, ".").values.tolist() == [-1.5, 2, -3] * 3
    assert judged(["▲1.5", "▼2", "△3"] * 3, ".").values.tolist() == [1.5, -2, 3] * 3


# Limits, and numbers that are about right.


@pytest.mark.parametrize(
    "cell", ["<1.5", "> 100", "≤ 3 mg", "=<2", "10+", "100以上", "５未満", ">=7*"]
)
def test_a_limit_is_a_gap_that_is_named(tmp_path: Path, cell: str) -> None:
    rows = [(value, n % 5, "xy"[n % 2]) for n, value in enumerate(MEASURES)]
    text = table([*rows, (cell, 2, "x")], "a,b,kind", tmp_path)
    assert dict(facts_of(text)[0].odd) == {cell: 42}
    made, warnings = opened(text)
    np.testing.assert_array_equal(made.points.x[:, 0], np.array(MEASURES, np.float32))
    assert (
        f"'{cell}' in column 'a', line 42, is a limit and no value, so it is taken as missing."
        in warnings
    )


def test_limits_may_be_as_many_as_numbers_and_make_a_text_beyond() -> None:
    def kind(limits: int) -> str:
        return judged([*["<0.5"] * limits, *map(str, MEASURES[: 20 - limits])], ".").kind

    assert [kind(limits) for limits in (4, 10, 11, 20)] == ["numbers", "numbers", "text", "text"]
    assert judged(["<20", "20-40", ">60"] * 9, ".").kind == "text"
    assert judged(["<=50K", ">50K"] * 9, ".").kind == "text"


def test_marks_of_a_school_are_no_limits_and_not_negative() -> None:
    assert judged(["1+", "2-", "3", "4", "5", "6"] * 3, ".").kind == "text"


@pytest.mark.parametrize("place", [0, 39])
def test_a_row_of_limits_at_an_end_of_the_table_is_a_row(tmp_path: Path, place: int) -> None:
    rows = [(f"{value}", f"{n % 5}", "xy"[n % 2]) for n, value in enumerate(MEASURES)]
    rows[place] = ("<0.5", ">9", "new")
    text = table(rows, "a,b,kind", tmp_path)
    assert (len(text), text.names, text.met.left_out) == (40, ("a", "b", "kind"), ())


ROUGH = ["~6.1", "≈6.1", "ca. 6.1", "c. 6.1", "about 6.1", "約6.1", "6.1*", "6.1 ±0.2", "6.1[2]"]


@pytest.mark.parametrize(
    "cell", [*ROUGH, "6.1?", "6.1 ]", "6.1程度", "6.1(3)", "6.1†".translate(WIDE)]
)
def test_a_number_that_is_about_right_is_taken_and_said(tmp_path: Path, cell: str) -> None:
    rows = [(value, n % 5, "xy"[n % 2]) for n, value in enumerate(MEASURES)]
    made, warnings = opened(table([*rows, (cell, 2, "x")], "a,b,kind", tmp_path))
    np.testing.assert_array_equal(made.points.x[:, 0], np.array([*MEASURES, 6.1], np.float32))
    assert (
        f"'{cell}' in column 'a', line 42, is read as 6.1, and others like it so, too." in warnings
    )


# Words for missing.

MISSING = """k.A.|keine Angabe|n.v.|s.o.|o.A.|sin dato|sans objet|non disponible|нет данных|不明|
なし|該当なし|無回答|无|없음|n.a|N/A.|missing|unknown|?|Unbekannt|(no data)|[n/a]|\uff2e\uff21|:|-|
N.D.|No Answer"""


@pytest.mark.parametrize("word", MISSING.replace("\n", "").split("|"))
def test_words_for_missing_may_be_half_of_the_numbers(word: str) -> None:
    found = judged([word if n % 2 else str(n) for n in range(40)], ".")
    assert found.kind == "numbers"
    assert np.flatnonzero(np.isnan(found.values)).tolist() == list(range(1, 40, 2))


@pytest.mark.parametrize("word", ["k.A.", "keine Angabe", "нет данных", "n.a", "N/A.", "無回答"])
def test_a_rare_word_for_missing_is_no_class_and_a_usual_one_is(word: str) -> None:
    counts = {"red": 20, "blue": 18, word: 2}
    assert missing_labels(counts, "text") == {word}
    assert missing_labels({**counts, word: 15}, "text") == frozenset()


@pytest.mark.parametrize("word", ["NaN", "NA", "?", "null", "無回答", "-"])
@given(often=st.integers(1, 300), numbers=st.sets(st.integers(0, 9), min_size=2))
@settings(max_examples=20)
def test_a_usual_word_for_missing_is_no_class_among_numbers(
    word: str, often: int, numbers: set[int]
) -> None:
    counts = {f"{number}.0": 20 for number in numbers}
    assert missing_labels({**counts, word: often}, "numbers") == {word}


def test_rows_without_a_grade_are_left_out(tmp_path: Path) -> None:
    grades = ["1.0", "NaN", "2.0", "3.0"]
    made, warnings = opened(
        table([(m, grades[n % 4]) for n, m in enumerate(MEASURES)], "a,grade", tmp_path)
    )
    assert made.class_names == ("1.0", "2.0", "3.0")
    assert "Rows without 'grade', left out: 10 of 40." in warnings


@pytest.mark.parametrize("word", ["unknown", "none", "なし", "不明", "missing", "no"])
def test_a_word_that_may_tell_something_stays_a_label(word: str) -> None:
    assert missing_labels({"red": 20, "blue": 18, word: 2}, "text") == frozenset()


@pytest.mark.parametrize("often", [2, 3, 8])
def test_a_crore_is_a_hundred_lakhs(often: int) -> None:
    cells = [f"{n} Cr" if n % often == 0 else f"{n} Lac" for n in COUNTS]
    found = judged(cells, ".")
    assert (found.kind, found.unit) == ("numbers", "")
    assert found.values.tolist() == [n * (1e5 if n % often else 1e7) for n in COUNTS]


def test_a_credit_is_no_crore() -> None:
    assert judged([f"{n} Cr" for n in COUNTS], ".").values.tolist() == COUNTS


# Times and dates.

TIMES = [f"{n // 60}:{n % 60:02d}" for n in COUNTS]


@pytest.mark.parametrize(
    "form", ["{}:15", "{}:03.5", "0 days {}:09", "1 day, {}:00", "2 days {}:00.25"]
)
def test_a_time_is_the_hours_that_pandas_reads(form: str) -> None:
    cells = [form.format(time) for time in TIMES]
    found = judged(cells, ".")
    assert (found.kind, found.unit) == ("numbers", "h")
    hours = pd.to_timedelta([cell.replace("day,", "days") for cell in cells]).total_seconds() / 3600
    np.testing.assert_allclose(found.values, hours, rtol=1e-14)


@pytest.mark.parametrize(
    "form",
    ["{0}:{1:02d}", "{0}h {1}m", "{0}時{1}分", "{0}:{1:02d} Uhr", "PT{0}H{1}M", "{0}h{1:02d}"],
)
def test_hours_and_minutes_are_hours(form: str) -> None:
    cells = [form.format(n // 60, n % 60) for n in COUNTS]
    found = judged([*cells[:-1], "k.A."], ".")
    assert (found.kind, found.unit, dict(found.odd)) == ("numbers", "h", {"k.A.": 39})
    np.testing.assert_allclose(found.values[:-1], np.array(COUNTS[:-1]) / 60, rtol=1e-14)


def test_the_afternoon_is_told_and_short_times_are_minutes() -> None:
    found = judged(["12:05 am", "9:30 AM", "12:00 p.m.", "11:45 pm"] * 3, ".")
    assert found.values.tolist() == [5 / 60, 9.5, 12, 23.75] * 3
    found = judged(["3:45.5", "61:02", "1:01:00"] * 3, ".")
    assert (found.values.tolist(), found.unit) == ([225.5 / 60, 61 + 2 / 60, 61] * 3, "min")
    assert judged([f"{n} min" for n in COUNTS], ".").unit == "min"
    mixed = judged(["2h 50m", "19h", "45m"] * 3, ".")
    assert (mixed.values.tolist(), mixed.unit) == ([170 / 60, 19, 0.75] * 3, "h")
    assert judged(["1:0", "2:75", "a:b"] * 3, ".").kind == "text"


@pytest.mark.parametrize("delimiter", [" ", "\t", ";", "   "])
def test_times_alone_tell_what_divides_a_table(tmp_path: Path, delimiter: str) -> None:
    place = tmp_path / "times.txt"
    rows = [f"{time}{delimiter}{'xy'[n % 2]}" for n, time in enumerate(TIMES)]
    place.write_text("\n".join([f"t{delimiter}kind", *rows]))
    text = read_table_text(place)
    assert text.names == ("t", "kind")
    np.testing.assert_allclose(text.numbers("t"), np.array(COUNTS) / 60, rtol=1e-14)


def test_what_a_time_is_read_as_is_said(tmp_path: Path) -> None:
    rows = [(time, n % 3, "xy"[n % 2]) for n, time in enumerate(TIMES)]
    _, warnings = opened(table(rows, "t,b,kind", tmp_path))
    assert (
        f"'{TIMES[0]}' in column 't', line 2, is read as 1.666667 h, and others like it so, too."
        in warnings
    )


DATES = {
    "%G-W%V-%u": "2026-W05-3",
    "%d/%m/%y": "17/02/26",
    "%d.%m.%y": "31.12.99",
    "%b %Y": "Oct 2026",
    "%m/%Y": "10/2026",
    "%Y-%m": "2026-10",
    "%a, %d %b %Y %H:%M:%S GMT": "Sat, 17 Oct 2026 10:15:00 GMT",
    "%d %B %Y": "1 October 2026",
    "%d/%m/%Y, %I:%M %p": "17/10/2026, 03:30 PM",
    "%Y年%m月%d日 (%a)": "2026年10月17日",
    "%Y-%m-%dT%H:%M:%S.%fZ": "2026-10-17T12:30:15.500Z",
}


@pytest.mark.parametrize("form", DATES)
def test_a_date_is_the_day_that_pandas_reads(form: str) -> None:
    cell = DATES[form]
    when = pd.to_datetime(cell, format=form.removesuffix(" (%a)"))
    found = judged([cell] * 12, ".")
    days = (when.tz_localize(None) - pd.Timestamp(0)) / pd.Timedelta(days=1)
    assert (found.kind, found.values[0]) == ("dates", pytest.approx(days, rel=1e-12))


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-W05", "2026-01-26"),
        ("2026Q3", "2026-07-01"),
        ("Q1 2025", "2025-01-01"),
        ("1. Oktober 2026", "2026-10-01"),
        ("3 août 2026", "2026-08-03"),
        ("1 de diciembre de 2026", "2026-12-01"),
        ("令和5年10月17日", "2023-10-17"),
        ("平成元年1月8日", "1989-01-08"),
        ("2026/10/17(土)", "2026-10-17"),
        ("2026/10/1".translate(WIDE), "2026-10-01"),
    ],
)
def test_dates_of_other_countries_are_days(cell: str, day: str) -> None:
    assert judged([cell] * 9, ".").values[0] == np.datetime64(day).astype(int)


def test_a_year_of_two_digits_stands_where_it_changes_least() -> None:
    cells = [f"26/10/{n:02d}" for n in range(1, 29)]
    first = np.datetime64("2026-10-01").astype(int)
    assert judged(cells, ".").values.tolist() == [first + n for n in range(28)]


@pytest.mark.parametrize(
    "cell", ["10.4.12", "1-2-26", "2013/14", "Focus 2016", "123-45-6789", "SET2001", "OUT-0042"]
)
def test_versions_and_seasons_are_no_dates(cell: str) -> None:
    assert judged([cell] * 9, ".").kind == "text"


@pytest.mark.parametrize(
    "names", ["2020-01,2020-02,kind", "Jan 2020,Feb 2020,kind", "08:00,09:00,kind"]
)
def test_months_and_hours_can_be_names(tmp_path: Path, names: str) -> None:
    rows = [(value, n % 7, "xy"[n % 2]) for n, value in enumerate(MEASURES)]
    assert table(rows, names, tmp_path).names == tuple(names.split(","))


# Numbers of rows, labels that are nearly one, columns that tell the answer.


def sorted_by_class(numbers: Sequence[object]) -> list[tuple[object, ...]]:
    kinds = ["red"] * 20 + ["blue"] * 20
    return [(n % 7, number, 13 * n % 11, kinds[n]) for n, number in enumerate(numbers)]


STEPS = {
    "a start": range(1000, 1040),
    "a step": range(5, 205, 5),
    "falling": range(40, 0, -1),
    "shuffled": [37 * n % 40 for n in range(40)],
}


@pytest.mark.parametrize("steps", STEPS)
def test_a_column_that_counts_is_warned_of_and_left_out_by_its_name(
    tmp_path: Path, steps: str
) -> None:
    rows = sorted_by_class(STEPS[steps])
    made, warnings = opened(table(rows, "a,depth,b,kind", tmp_path))
    assert made.input_names == ("a", "depth", "b")
    said = "Input 'depth' has whole numbers at equal distances, each of them once"
    assert [warning.startswith(said) for warning in warnings].count(True) == 1
    for name in ("sample_id", "PassengerId", "番号"):
        made, warnings = opened(table(rows, f"a,{name},b,kind", tmp_path))
        assert made.input_names == ("a", "b")
        assert made.description is not None
        assert made.description.left_out[name] == "it numbers the rows"


@pytest.mark.parametrize(
    "numbers", [[n // 2 for n in range(40)], [n**2 - 9 for n in range(40)], [7] * 40, MEASURES]
)
def test_other_columns_do_not_count(tmp_path: Path, numbers: Sequence[float]) -> None:
    made, warnings = opened(table(sorted_by_class(numbers), "a,id,b,kind", tmp_path))
    assert made.input_names == ("a", "id", "b")
    assert not any("'id'" in warning for warning in warnings)


@pytest.mark.parametrize("name", ["id", "CustomerID", "", "index"])
@given(numbers=st.lists(st.integers(0, 10**8), min_size=40, max_size=40, unique=True))
@settings(max_examples=10)
def test_numbers_of_rows_may_have_gaps(
    tmp_path_factory: pytest.TempPathFactory, name: str, numbers: list[int]
) -> None:
    kinds = ["red"] * 20 + ["blue"] * 20
    rows = [(number, n % 7, kinds[n]) for n, number in enumerate(numbers)]
    made, _ = opened(table(rows, f"{name},a,kind", tmp_path_factory.mktemp("rows")))
    assert made.input_names == ("a",)


@pytest.mark.parametrize("name", ["number", "price_index", "key"])
def test_numbers_that_may_be_those_of_rows_are_an_input_and_warned_of(
    tmp_path: Path, name: str
) -> None:
    made, warnings = opened(
        table(sorted_by_class([n**2 for n in range(40)]), f"a,{name},b,kind", tmp_path)
    )
    assert made.input_names == ("a", name, "b")
    said = f"Input '{name}' has another whole number in each row; leave it out if it only tells"
    assert [warning.startswith(said) for warning in warnings].count(True) == 1


def test_days_of_a_year_are_no_numbers_of_rows(tmp_path: Path) -> None:
    days = np.datetime64("2026-01-01") + np.arange(40)
    made, warnings = opened(table(sorted_by_class(days), "a,day_id,b,kind", tmp_path))
    assert made.input_names == ("a", "day_id", "b")
    assert not any("day_id" in warning for warning in warnings)


def test_labels_that_are_written_in_two_ways_stay_two_and_are_named(tmp_path: Path) -> None:
    words = ("yes", "no", "Yes", "no")
    rows = [(value, f"big {' ' * (n % 2)}one", words[n % 4]) for n, value in enumerate(MEASURES)]
    made, warnings = opened(table(rows, "a,size,kind", tmp_path))
    assert made.class_names == ("Yes", "no", "yes")
    assert [warning.split(";")[0] for warning in warnings] == [
        "'big one' and 'big  one' in column 'size' differ only in capitals or blanks",
        "'yes' and 'Yes' in column 'kind' differ only in capitals or blanks",
    ]


def test_a_column_is_not_said_to_tell_labels_that_never_come_again(tmp_path: Path) -> None:
    rows = [(value, f"town {n}") for n, value in enumerate(MEASURES[:25])]
    _, warnings = opened(table(rows, "speed,name", tmp_path))
    assert not any("nearly equals" in warning for warning in warnings)
    rows = [(n % 8 + 0.5, f"town {n % 8}") for n in range(40)]
    _, warnings = opened(table(rows, "speed,name", tmp_path))
    assert "Input 'speed' nearly equals 'name'." in warnings


@pytest.mark.parametrize(
    ("one", "is_said"),
    [
        ("03/04/2026", True),
        ("4/3/26", True),
        ("13/04/2026", False),
        ("04/13/2026", False),
        ("04/13/26", False),
        ("03/04/2026 12:30", True),
    ],
)
def test_it_is_said_where_no_date_tells_whether_its_day_comes_first(
    tmp_path: Path, one: str, is_said: bool
) -> None:
    rows = [
        (one if n == 7 else f"05/{n % 12 + 1}/2026", m, "xy"[n % 2]) for n, m in enumerate(MEASURES)
    ]
    _, warnings = opened(table(rows, "when,a,kind", tmp_path))
    said = "Dates in column 'when' are read with the month first; write them as year-month-day"
    assert [warning.startswith(said) for warning in warnings].count(True) == is_said


@pytest.mark.parametrize("form", ["2026-{:02d}-05", "05.{:02d}.2026", "{0:02d}/{0:02d}/2026"])
def test_nothing_is_said_of_an_order_that_is_plain(tmp_path: Path, form: str) -> None:
    rows = [(form.format(n % 12 + 1), m, "xy"[n % 2]) for n, m in enumerate(MEASURES)]
    _, warnings = opened(table(rows, "when,a,kind", tmp_path))
    assert not any("month first" in warning for warning in warnings)


@pytest.mark.parametrize("count", [3, 4, 60])
def test_at_most_three_columns_are_named_that_tell_the_answer(tmp_path: Path, count: int) -> None:
    rows = [(MEASURES[5], *[m + n for n in range(count)], m) for m in MEASURES]
    names = ",".join(["a", *(f"x{n}" for n in range(count)), "y"])
    _, warnings = opened(table(rows, names, tmp_path))
    found = [warning for warning in warnings if "nearly equal" in warning]
    others = {3: [], 4: ["1 other input nearly equals 'y', too."]}
    said = [f"Input 'x{n}' nearly equals 'y'." for n in range(3)]
    assert found == said + others.get(count, ["57 other inputs nearly equal 'y', too."])


def test_a_text_that_never_changes_is_left_out_as_that(tmp_path: Path) -> None:
    rows = [(m, "here", "xy"[n % 2]) for n, m in enumerate(MEASURES)]
    made, _ = opened(table(rows, "a,place,kind", tmp_path))
    assert made.description is not None
    assert made.description.left_out == {"place": "the same in every row"}


# A second table is read in the units of the first.


def read_beside(first: Sequence[str], second: Sequence[str], folder: Path) -> list[float]:
    """The inputs of the second table, of which the first one makes the units."""
    rows = [(cell, n % 3, "xy"[n % 2]) for n, cell in enumerate(first)]
    text = table(rows, "a,b,kind", folder)
    place = folder / "second.csv"
    place.write_text("\n".join(["a;b;kind", *(f"{cell};1;x" for cell in second)]), "utf-8")
    made = table_of(text, Columns(("a", "b"), "kind", exact=True), test=place)
    return made.points.x[len(first) :, 0].tolist()


@pytest.mark.parametrize(
    ("first", "second", "values"),
    [
        (["2h 50m", "19h", "45m"], ["30m", "15m"], [0.5, 0.25]),
        (["12:30", "9:15"], ["90 min", "45 min"], [1.5, 0.75]),
        (["3:45", "61:02"], ["3:30", "2:30"], [3.5, 2.5]),
        (["12:30", "9:15"], ["12.5", "9"], [12.5, 9]),
        (["950", "1.2M", "500K"], ["1.5M", "2M"], [1.5e6, 2e6]),
        (["1 year", "3 years"], ["1 year", "1 year"], [1, 1]),
        (["5 kg", "7 kg"], ["5", "6.5"], [5, 6.5]),
        (["5", "7"], ["5 kg", "6.5 kg"], [5, 6.5]),
    ],
)
def test_a_second_table_is_read_in_the_unit_of_the_first(
    tmp_path: Path, first: list[str], second: list[str], values: list[float]
) -> None:
    assert read_beside(first * 8, second, tmp_path) == values


@pytest.mark.parametrize("units", [("{} cm", "{} mm"), ("€ {}", "$ {}"), ("{} h", "{} kg")])
def test_a_second_table_in_another_unit_is_one_sentence(
    tmp_path: Path, units: tuple[str, str]
) -> None:
    first, second = ([form.format(n) for n in COUNTS] for form in units)
    with pytest.raises(DataError, match=r"second.csv: column 'a' is in .*; write it in"):
        read_beside(first, second, tmp_path)
    assert read_beside(first, first[:2], tmp_path) == COUNTS[:2]


FAMILIES = [
    ["1.5", "2", "3,250.5", "-4", "~5"],
    ["5 kg", "6 KG", "7", "8 kg*"],
    ["€5", "6", "7.5", "€1,200"],
    ["950", "1.2K", "3M", "5k"],
    ["20 Lac", "1.5 Cr", "35 lakh", "3 cr"],
    ["2h 5m", "45 min", "19h", "1h30"],
    ["12:30", "0:45", "23:59", "1:02:03"],
    ["61:02", "3:45.5", "12:30", "1:00:00"],
    ["▲1.5", "▼2", "▲3", "4"],
    ["1,5", "2,25", "7", "1,75"],
    ["2026-10-01", "2026-02-03 12:30", "2025-01-31", "2026-03-01"],
    ["31/12/2025", "01/02/2026", "03/04/2026", "05/06/2026"],
    ["red", "blue", "green", "red"],
]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(FAMILIES),
    st.lists(st.integers(0, 3), min_size=16, max_size=24),
    st.lists(st.integers(0, 15), min_size=1, max_size=3),
)
def test_rows_of_the_table_are_read_alike_in_a_second_one(
    tmp_path_factory: pytest.TempPathFactory, family: list[str], order: list[int], few: list[int]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    cells = [*family, *(family[place] for place in order)]
    rows = [(cell, n % 5 + 0.5, "xy"[n % 2]) for n, cell in enumerate(cells)]
    second = folder / "second.csv"
    table([rows[place] for place in few], "a,b,kind", folder).path.rename(second)
    text = table(rows, "a,b,kind", folder)
    made = table_of(text, Columns(("a", "b"), "kind", exact=True), test=second)
    x = made.points.x
    np.testing.assert_allclose(x[len(rows) :], x[few], rtol=1e-14)
