"""Marching squares against shapes whose boundary is known."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from playground.ui.views.contours import boundary, segments


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
