"""Which runs can be laid over each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.core.data.dataset import prepare
from playground.core.experiment.comparing import can_be_compared
from playground.core.experiment.edits import choose_generator, choose_table, with_points
from playground.core.experiment.experiment import Experiment

CIRCLE = Experiment()


def changed(path: str, value: Any) -> Experiment:
    return CIRCLE.with_setting(path, value)


@pytest.mark.parametrize(
    "other",
    [
        changed("training.optimizer.learning_rate", 0.5),
        changed("training.optimizer.kind", "sgd"),
        changed("training.seed", 7),
        changed("data.noise", 0.3),
        changed("data.test_ratio", 0.2),
        changed("model.layers", []),
        changed("title", "Other"),
    ],
)
def test_how_the_same_data_are_learned_may_differ(other: Experiment) -> None:
    assert can_be_compared(CIRCLE, other)
    assert can_be_compared(other, CIRCLE)


@pytest.mark.parametrize(
    "other",
    [
        changed("training.loss", "mse"),
        choose_generator(CIRCLE, "spiral"),
        choose_generator(CIRCLE, "sine"),
        choose_table(CIRCLE, "wine"),
        choose_table(CIRCLE, "digits"),
    ],
)
def test_other_data_tasks_and_losses_are_another_picture(other: Experiment) -> None:
    assert not can_be_compared(CIRCLE, other)
    assert not can_be_compared(other, CIRCLE)


def test_points_that_were_drawn_into_a_data_set_leave_it_what_it_is() -> None:
    points = prepare(CIRCLE).points
    drawn = with_points(CIRCLE, points.add([(0.0, 0.0)], 1))
    more = with_points(CIRCLE, points.add([(0.0, 0.0), (1.0, 1.0)], 1))
    few = with_points(CIRCLE, points.take(np.arange(4)))
    assert can_be_compared(CIRCLE, drawn)
    assert can_be_compared(drawn, more)
    assert can_be_compared(more, few)
    assert not can_be_compared(drawn, choose_generator(drawn, "spiral"))


def test_other_points_are_another_data_set() -> None:
    points, others = (prepare(choose_generator(CIRCLE, key)).points for key in ("circle", "xor"))
    assert not can_be_compared(with_points(CIRCLE, points), with_points(CIRCLE, others))
