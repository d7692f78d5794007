"""The gradients side by side: words, pictures on one scale, and what is said without any."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.engines.inside.comparison import Comparison, GradientPair
from playground.ui.curves.by_hand import WAITING, ByHandPage, agreement
from playground.ui.look import theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def view(qapp: QApplication, qtbot: QtBot) -> ByHandPage:
    theme.install(qapp)
    made = ByHandPage()
    qtbot.addWidget(made)
    made.resize(460, 200)
    made.show()
    return made


def pair(by_hand: npt.NDArray, error: float = 0.0, symbol: str = "W₁") -> GradientPair:
    return GradientPair("0.weight", symbol, "dW₁ = d₁ᵀ x", by_hand, by_hand + error)


def shown(*pairs: GradientPair) -> Comparison:
    return Comparison(pairs, 64, "float64")


def test_a_row_for_each_parameter(view: ByHandPage) -> None:
    random = np.random.default_rng(0)
    matrix = pair(random.normal(size=(4, 6)), 1e-9)
    vector = pair(random.normal(size=4), symbol="b₁")
    view.show_comparison(shown(matrix, vector))
    assert [row.accessibleName().split(":")[0] for row in view.rows()] == [
        "W₁, 4 × 6",
        "b₁, 4",
    ]
    assert "64 training points in float64" in view.summary()
    view.grab()


def test_rows_come_and_go_with_the_network(view: ByHandPage) -> None:
    one = pair(np.ones((2, 2)))
    view.show_comparison(shown(one, one, one))
    assert len(view.rows()) == 3
    view.show_comparison(shown(one))
    assert len(view.rows()) == 1
    view.show_comparison("The NumPy engine cannot train dropout.")
    assert view.rows() == []
    assert view.summary() == "The NumPy engine cannot train dropout."
    view.show_comparison(None)
    assert view.summary() == WAITING


def test_the_difference_in_words() -> None:
    assert agreement(pair(np.array([1.0, -2.0]))) == "identical"
    assert agreement(pair(np.array([100.0, -2.0]), 5e-11)).endswith("same to 12 digits")
    assert agreement(pair(np.array([np.nan]))) == "not finite"
    assert agreement(pair(np.array([1.0]), -2.0)).endswith("same to 0 digits")


def test_both_pictures_share_one_scale(view: ByHandPage) -> None:
    small, large = np.array([[1.0, -1.0]]), np.array([[10.0, -10.0]])
    view.show_comparison(shown(GradientPair("w", "W", "", small, large)))
    by_hand, autograd = view.rows()[0]._images
    strong = autograd.pixelColor(0, 0)
    assert strong == theme.class_color(1)
    assert by_hand.pixelColor(0, 0) != strong
    assert autograd.pixelColor(1, 0) == theme.class_color(0)


@pytest.mark.parametrize(
    "gradient",
    [
        np.zeros((3, 3)),
        np.full((2, 2), np.inf),
        np.random.default_rng(0).normal(size=(100, 1000)).astype(np.float32),
    ],
)
def test_any_gradient_is_drawn(view: ByHandPage, gradient: npt.NDArray) -> None:
    view.show_comparison(shown(pair(gradient)))
    assert max(view.rows()[0]._images[0].width(), 0) <= 256
    view.grab()


def test_a_new_look_paints_the_pictures_anew(view: ByHandPage) -> None:
    view.show_comparison(shown(pair(np.zeros((1, 1)))))
    try:
        for mode in (theme.Mode.DARK, theme.Mode.LIGHT):
            theme.manager().set_mode(mode)
            found = view.rows()[0]._images[0].pixelColor(0, 0)
            assert abs(found.red() - theme.current().neutral_color.red()) <= 1
    finally:
        theme.manager().set_mode(theme.Mode.SYSTEM)


@pytest.mark.parametrize(
    ("kind", "error", "explains"),
    [("float32", 0.05, True), ("float32", 1e-7, False), ("float64", 0.05, False)],
)
def test_a_large_difference_in_float32_is_explained(
    view: ByHandPage, kind: str, error: float, explains: bool
) -> None:
    view.show_comparison(Comparison((pair(np.array([1.0]), error),), 64, kind))
    assert ("saturated" in view.summary()) == explains
