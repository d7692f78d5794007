"""Marching squares against shapes whose boundary is known."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from playground.ui.output.canvas.contours import boundary, certainty, segments


def two_classes(score: np.ndarray) -> np.ndarray:
    """A map of probabilities whose boundary is where `score` is 0."""
    positive = 1 / (1 + np.exp(-score))
    return np.stack([1 - positive, positive], axis=2)


def grid(size: int = 120) -> tuple[np.ndarray, np.ndarray]:
    centers = (np.arange(size) + 0.5) * 12 / size - 6
    x, y = np.meshgrid(centers, centers)
    return x, y


@given(st.floats(1.0, 5.0))
def test_the_boundary_of_a_disc_is_its_circle(radius: float) -> None:
    x, y = grid()
    found = np.hypot(*boundary(two_classes(radius - np.hypot(x, y)), 6.0))
    assert len(found) > 8
    assert np.abs(found - radius).max() < 0.01


def test_segments_of_a_disc_hang_together() -> None:
    x, y = grid(40)
    ends = segments(2.0 - np.hypot(x, y)).reshape(-1, 2).round(6)
    _, counts = np.unique(ends, axis=0, return_counts=True)
    assert (counts == 2).all()


def test_three_classes_meet_along_their_borders() -> None:
    x, y = grid()
    angle = np.arctan2(y, x)
    scores = np.stack([np.cos(angle - 2 * np.pi * k / 3) for k in range(3)], axis=2) * 5
    picture = np.exp(scores) / np.exp(scores).sum(axis=2, keepdims=True)
    bx, by = boundary(picture, 6.0)
    away = np.hypot(bx, by) > 0.5
    off = np.abs(np.angle(np.exp(1j * (np.arctan2(by, bx)[away] - np.pi / 3) * 3))) / 3
    assert off.max() < 0.05


def test_a_map_without_a_boundary_has_none() -> None:
    x, _ = grid(10)
    assert len(boundary(two_classes(np.ones_like(x)), 6.0)[0]) == 0


@given(st.floats(0.5, 3.0), st.floats(-20, 20), st.floats(-20, 20))
def test_lines_lie_where_the_map_lies(radius: float, x0: float, y0: float) -> None:
    x, y = grid()
    lines, sure = certainty(two_classes(radius - np.hypot(x, y)), 6.0, (x0, y0))
    assert np.abs(np.hypot(lines[0] - x0, lines[1] - y0) - radius).max() < 0.02
    distance = np.hypot(sure[0] - x0, sure[1] - y0) - radius
    # Half-way from the boundary to certain: log odds of 3 to 1.
    assert np.abs(np.abs(distance) - np.log(3)).max() < 0.05


def test_many_classes_have_lines_of_the_winner() -> None:
    x, _ = grid()
    chances = np.stack([np.full_like(x, 0.2), (x + 6) / 12 * 0.8, (6 - x) / 12 * 0.8], axis=2)
    _, sure = certainty(chances, 6.0)
    best = 0.8 * (np.abs(sure[0]) + 6) / 12
    assert len(best) > 0
    assert np.minimum(np.abs(best - 0.5), np.abs(best - 0.75)).max() < 1e-6


def test_values_have_lines_at_a_half() -> None:
    x, _ = grid()
    zero, halves = certainty((x / 6)[:, :, None], 6.0)
    assert np.abs(zero[0]).max() < 1e-6
    assert set(np.sign(halves[0])) == {-1.0, 1.0}
    np.testing.assert_allclose(np.abs(halves[0]), 3.0, atol=1e-6)
