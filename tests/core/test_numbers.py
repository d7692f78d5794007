"""How numbers are written: one way, which reads back."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core import numbers

SOME = st.floats(-1e11, 1e11)


@given(st.integers(-(10**11), 10**11))
def test_a_whole_number_in_a_field_reads_back(value: int) -> None:
    assert numbers.read(numbers.entry(value, integer=True), integer=True) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_a_field_reads_back(value: float) -> None:
    written = numbers.entry(value, integer=False)
    assert numbers.read(written, integer=False) == pytest.approx(value, rel=1e-11)


@given(SOME)
def test_nothing_begins_with_zeros_or_a_hyphen(value: float) -> None:
    for text in (
        numbers.whole(value),
        numbers.brief(value),
        numbers.rounded(value),
        numbers.fixed(value, 2),
        numbers.percent(value),
        numbers.plain(value),
        numbers.scientific(value),
    ):
        assert re.match(r"−?(0(\D|$)|[1-9])", text), text
        assert "e-0" not in text
        assert "e+" not in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (numbers.whole(12448), "12,448"),
        (numbers.brief(999_999), "999,999"),
        (numbers.brief(1_234_567), "1.23 M"),
        (numbers.percent(0.521), "52.1 %"),
        (numbers.percent(math.nan), "–"),
        (numbers.rounded(-1.374), "−1.37"),
        (numbers.rounded(math.inf), "–"),
        (numbers.fixed(-0.0, 2), "0.00"),
        (numbers.fixed(5000, 0), "5,000"),
        (numbers.plain(1e-5), "1e-5"),
        (numbers.rounded(1.234e-5), "1.23×10⁻⁵"),
        (numbers.scientific(-4.04e12), "−4.0×10¹²"),
        (numbers.scientific(2.04e-12), "2×10⁻¹²"),
        (numbers.share(0.125), "12.5 %"),
    ],
)
def test_numbers_as_they_are_written(text: str, said: str) -> None:
    assert text == said


def test_a_comma_is_a_point_but_in_thousands_of_whole_numbers() -> None:
    assert numbers.read("1,500", integer=True) == 1500
    assert numbers.read("1,500", integer=False) == 1.5
    assert numbers.read("−1,5", integer=True) == -1.5
    with pytest.raises(ValueError, match="float"):
        numbers.read("1,50,000", integer=True)
