"""Marks of axes: at any size and range they have room, and say what they mean."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetrics

from playground.core.numbers import power_of_ten
from playground.ui.app import make_application
from playground.ui.curves.axes import marks
from playground.ui.curves.axes.plot_axis import APART, PlotAxis, ShareAxis
from playground.ui.look import theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")

values = st.floats(-1e12, 1e12) | st.floats(-1e-9, 1e-9)
sizes = st.integers(10, 2_000)


def meant(name: str) -> float:
    """The number that a name stands for: 3, −0.5, 10⁷, −10⁷ or 2.5×10⁷."""
    number, times, power = name.partition("×")
    plain = number.replace(",", "").replace("−", "-")
    if times:
        return float(plain) * meant(power)
    sign, _, exponent = plain.partition("10")
    if exponent and exponent[0] in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹":
        return (-1 if sign else 1) * 10.0 ** float(exponent.translate(RAISED))
    return float(plain)


@pytest.fixture(scope="module", autouse=True)
def _application() -> None:
    make_application()


def metrics() -> QFontMetrics:
    return QFontMetrics(theme.font("caption"))


def width(name: str) -> float:
    return metrics().horizontalAdvance(name)


@given(values, values, sizes)
def test_names_beside_an_axis_never_touch(low: float, high: float, size: int) -> None:
    low, high = sorted((low, high))
    assume(high - low > 0.01 * max(abs(low), abs(high)))
    found = PlotAxis("left").marks_for(low, high, size)
    places = [place * size / (high - low) for place, _ in found]
    assert all(above - below >= metrics().height() for below, above in pairwise(places))
    rounding = 1e-6 * (high - low)
    assert all(low - rounding <= place <= high + rounding for place, _ in found)


@given(st.integers(1, 10_000_000), sizes)
def test_names_below_an_axis_never_touch_and_epochs_are_whole(epochs: int, size: int) -> None:
    found = PlotAxis("bottom", whole=True).marks_for(0, epochs, size)
    edges = [
        (place * size / epochs - width(name) / 2, place * size / epochs + width(name) / 2)
        for place, name in found
    ]
    assert all(right[0] - left[1] >= APART - 1e-6 for left, right in pairwise(edges))
    assert all(place == round(place) for place, _ in found)


@given(st.floats(-350, 350), st.floats(0.05, 600), sizes)
def test_names_of_powers_never_touch(low: float, decades: float, size: int) -> None:
    axis = PlotAxis("left")
    axis.setLogMode(True)
    found = axis.marks_for(low, low + decades, size)
    places = [place * size / decades for place, _ in found]
    assert all(above - below >= metrics().height() for below, above in pairwise(places))


@given(values, values, st.integers(1, 9))
def test_a_name_says_where_its_mark_is(low: float, high: float, most: int) -> None:
    low, high = sorted((low, high))
    assume(high - low > 0.01 * max(abs(low), abs(high)) > 1e-200)
    found = marks.linear(low, high, lambda some: len(some) <= most)
    for place, name in found:
        assert meant(name) == pytest.approx(place, rel=1e-6, abs=1e-9 * (high - low)), name
    assert len({name for _, name in found}) == len(found) <= max(most, 1)


@given(st.floats(-30, 30), st.floats(0.3, 30), st.integers(2, 9))
def test_a_power_says_where_its_mark_is(low: float, decades: float, most: int) -> None:
    for place, name in marks.logarithmic(low, low + decades, lambda some: len(some) <= most):
        assert math.log10(meant(name)) == pytest.approx(place, abs=1e-6), name


def test_a_plot_of_usual_size_has_marks() -> None:
    assert [name for _, name in PlotAxis("left").marks_for(0, 0.8, 110)] == [
        "0", "0.2", "0.4", "0.6", "0.8",
    ]  # fmt: skip
    epochs = PlotAxis("bottom", whole=True)
    assert [name for _, name in epochs.marks_for(0, 1, 300)] == ["0", "1"]
    assert [name for _, name in epochs.marks_for(0, 50_000, 300)][-1] == "50,000"


def test_shares_are_marked_in_percent_with_the_decimals_that_tell_them_apart() -> None:
    axis = ShareAxis()
    assert [name for _, name in axis.marks_for(0, 1, 200)] == [
        "0 %", "20 %", "40 %", "60 %", "80 %", "100 %",
    ]  # fmt: skip
    assert axis.marks_for(0.9712, 0.9838, 110)[0] == (pytest.approx(0.975), "97.5 %")


def test_large_and_small_numbers_have_raised_figures() -> None:
    assert power_of_ten(7) == "10⁷"
    assert [marks.number(value) for value in (3e7, 1.27e-6, -4.5e-9, 0.0789, 12_448)] == [
        "3.00×10⁷", "1.27×10⁻⁶", "−4.50×10⁻⁹", "0.0789", "12,448",
    ]  # fmt: skip
    assert marks.number(float("nan")) == "–"


def test_marks_of_losses_that_hardly_fit_into_a_number_have_names() -> None:
    """Where a training breaks, the axis reaches beyond the largest number there is."""
    axis = PlotAxis("left")
    axis.setLogMode(True)
    names = [name for _, name in axis.marks_for(-400, 1_200, 200)]
    assert names
    assert set(names) <= {power_of_ten(100 * count) for count in range(-4, 13)}
