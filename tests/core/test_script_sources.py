"""Functions of this project as functions of a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from playground.core.data.features import FEATURES
from playground.core.data.generators import GENERATORS, Recipe
from playground.core.script.sources import (
    as_class,
    as_function,
    constants,
    expression,
    settings_of,
    with_helpers,
)

HALF = 0.5


def _moved(x: npt.NDArray, image: Any, settings: Any, by: float) -> npt.NDArray:
    return x + settings.shift * by * HALF


def _walk(
    recipe: Recipe,
    image: Any,
    settings: Any,
    steps: list[Callable[..., Any]] | None = None,
) -> npt.NDArray:
    """Says recipe.noise and _moved(x), which is no code."""
    random = recipe.random()
    # _moved(recipe) stays in a comment, too.
    x = random.uniform(-recipe.noise, recipe.seed, recipe.samples)  # type: ignore[arg-type]
    steps = steps or [_moved]
    é = "self.noise"
    return _moved(x, image, settings, len(image) + _moved(x, image, settings, 1.0)) or é


WALK = '''\
def walk(steps):
    """Says recipe.noise and _moved(x), which is no code."""
    random = np.random.default_rng(data_seed)
    # _moved(recipe) stays in a comment, too.
    x = random.uniform(-noise, data_seed, samples)
    steps = steps or [moved]
    é = "self.noise"
    return moved(x, len(image) + moved(x, 1.0)) or é
'''


def test_only_code_changes_and_the_rest_stays_as_it_stands() -> None:
    assert as_function(_walk, shared=("image",)) == WALK
    assert as_function(_moved, shared=("image",)) == (
        "def moved(x, by):\n    return x + shift * by * HALF\n"
    )


def test_what_a_function_uses_is_found_in_its_code() -> None:
    assert with_helpers(_walk) == [_moved, _walk]
    assert settings_of(_walk) == ["shift", "random", "noise", "seed", "samples"]
    assert list(constants(_walk)) == ["HALF = 0.5"]


class Counter:
    """Counts."""

    def __init__(self, start: int, *, by: dict[str, int] | None = None) -> None:
        self.count = start  # where it begins

    def more(self) -> dict[str, int]:
        return {"count": self.count}


def test_a_class_loses_its_types_only() -> None:
    assert as_class(Counter) == (
        "class Counter:\n"
        '    """Counts."""\n'
        "\n"
        "    def __init__(self, start, *, by = None):\n"
        "        self.count = start  # where it begins\n"
        "\n"
        "    def more(self):\n"
        '        return {"count": self.count}\n'
    )


PAIR = (lambda x: np.abs(x[:, 0]), lambda x: _moved(x, None, None, 2.0))


def test_a_lambda_is_found_by_what_it_mentions() -> None:
    assert expression(PAIR[0]) == "np.abs(x[:, 0])"
    assert expression(PAIR[1]) == "moved(x, None, None, 2.0)"


@pytest.mark.parametrize("choice", list(FEATURES), ids=lambda choice: choice.key)
def test_a_script_computes_what_the_feature_does(choice: Any) -> None:
    x = np.array([[1.5, -2.0], [0.25, 3.0]])
    np.testing.assert_array_equal(eval(expression(choice.value.of)), choice.value.of(x))


def test_a_word_of_a_docstring_is_no_setting() -> None:
    checkerboard = GENERATORS["checkerboard"].value.sample
    assert "classes" in (checkerboard.__doc__ or "")
    assert "classes" not in settings_of(checkerboard)
