"""Selected points as text, from one experiment into another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.data.dataset import prepare
from playground.core.data.points import Points
from playground.core.errors import ExperimentError
from playground.core.experiment import clipboard, edits
from playground.core.experiment.experiment import Experiment


def drawn(labels: list[int], names: list[str], **data: object) -> Experiment:
    x = [[float(i), -0.5 * i] for i in range(len(labels))]
    kind = {"kind": "points", "x": x, "label": labels, "class_names": names, "test": []}
    return Experiment.parse({"data": {**kind, **data}})


def points_of(experiment: Experiment) -> Points:
    return prepare(experiment).points


def carried(source: Experiment, target: Experiment) -> Experiment:
    """Everything copied in one window, pasted in another."""
    pasted = clipboard.points_in(clipboard.text_of(source, points_of(source)))
    assert pasted is not None
    assert clipboard.fit(target, pasted)
    return clipboard.with_pasted(target, points_of(target), pasted)


def test_a_spreadsheet_reads_what_is_copied() -> None:
    text = clipboard.text_of(one := drawn([0, 1], ["cat", "dog"]), points_of(one))
    rows = [line.split("\t") for line in text.splitlines()]
    assert [row[:3] for row in rows] == [
        ["x1", "x2", "class"],
        ["0.0", "-0.0", "cat"],
        ["1.0", "-0.5", "dog"],
    ]


def test_classes_are_told_by_their_names_and_new_ones_added() -> None:
    source = drawn([1, 2, 2], ["emu", "dog", "fish"])
    target = edits.with_points(drawn([0, 1], ["cat", "dog"]), Points.of([[4, 4], [5, 5]], [0, 1]))
    after = carried(source, target)
    assert edits.names_of_classes(after.data) == ["cat", "dog", "fish"]
    assert points_of(after).y.tolist() == [0, 1, 1, 2, 2]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(-6, 6, width=32), st.booleans(), st.integers(0, 1))))
def test_places_and_division_come_through_to_the_bit(rows: list[tuple[float, bool, int]]) -> None:
    x = np.array([[value, -value] for value, *_ in rows], np.float32).reshape(-1, 2)
    copied = Points.of(x, np.array([y for *_, y in rows], np.int64), [t for _, t, _ in rows])
    if not len(copied):
        return
    source = edits.with_points(Experiment(), copied)
    pasted = clipboard.points_in(clipboard.text_of(source, copied))
    assert pasted is not None
    assert pasted.points().same_as(copied)


def test_copies_do_not_hide_their_originals() -> None:
    one = drawn([0, 1, 1], ["cat", "dog"])
    x = points_of(carried(one, one)).x
    assert len({tuple(place) for place in x.tolist()}) == 6


def test_only_points_of_the_same_kind_and_units_fit() -> None:
    one = drawn([0, 1], ["cat", "dog"])
    pasted = clipboard.points_in(clipboard.text_of(one, points_of(one)))
    assert pasted is not None
    numbers = Experiment.parse({"data": {"kind": "generated", "generator": "hills"}})
    table = Experiment.parse({"data": {"kind": "iris"}})
    axes = [{"name": "height", "scale": 10.0}, {"name": "weight"}]
    scaled = drawn([0, 1], ["cat", "dog"], axes=axes)
    assert [clipboard.fit(other, pasted) for other in (one, numbers, table, scaled)] == [
        *(True, False, False, False)
    ]


def test_an_eleventh_class_is_refused() -> None:
    target = drawn(list(range(10)), [f"c{i}" for i in range(10)])
    with pytest.raises(ExperimentError, match="there would be 11"):
        carried(drawn([0], ["new"]), target)


@pytest.mark.parametrize(
    "text", ["", "x1\tx2\tclass\n1\t2\tcat", "playground:abc", "a\tplayground"]
)
def test_other_text_is_no_points(text: str) -> None:
    assert clipboard.points_in(text) is None
