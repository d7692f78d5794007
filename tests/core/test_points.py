"""Points and their edits: nothing is lost, doubled, or changed behind one's back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from playground.core.data.points import Points
from playground.core.errors import DataError
from tests.strategies import finite, points

PLACE = st.tuples(finite(), finite())


def moved(place: tuple[float, float], by: tuple[float, float]) -> tuple[float, float]:
    """The sum as float32 holds it."""
    x, y = np.float32(np.add(place, by)).tolist()
    return x, y


class Edits(RuleBasedStateMachine):
    """Any sequence of edits, beside the same edits on a plain list."""

    def __init__(self) -> None:
        super().__init__()
        self.points = Points.empty()
        self.expected: list[tuple[tuple[float, float], int, bool]] = []

    def become(self, after: Points) -> None:
        """Take the edited points, and make sure that the old ones are as they were."""
        before = [array.tobytes() for array in (self.old.x, self.old.y, self.old.held_out)]
        assert before == self.old_bytes
        self.points = after

    def remember(self) -> Points:
        self.old = self.points
        self.old_bytes = [array.tobytes() for array in (self.old.x, self.old.y, self.old.held_out)]
        return self.points

    @rule(places=st.lists(PLACE, max_size=4), label=st.integers(0, 9))
    def add(self, places: list[tuple[float, float]], label: int) -> None:
        self.become(self.remember().add(places, label))
        self.expected += [(place, label, False) for place in places]

    @precondition(lambda self: self.expected)
    @rule(data=st.data(), place=PLACE)
    def move(self, data: st.DataObject, place: tuple[float, float]) -> None:
        row = data.draw(st.integers(0, len(self.expected) - 1))
        self.become(self.remember().move([row], [place]))
        self.expected[row] = (place, *self.expected[row][1:])

    @precondition(lambda self: self.expected)
    @rule(data=st.data(), label=st.integers(0, 9))
    def relabel(self, data: st.DataObject, label: int) -> None:
        row = data.draw(st.integers(0, len(self.expected) - 1))
        self.become(self.remember().relabel([row], label))
        self.expected[row] = (self.expected[row][0], label, self.expected[row][2])

    @precondition(lambda self: self.expected)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        rows = data.draw(st.lists(st.integers(0, len(self.expected) - 1), max_size=3))
        self.become(self.remember().remove(rows))
        self.expected = [p for row, p in enumerate(self.expected) if row not in rows]

    @precondition(lambda self: self.expected)
    @rule(data=st.data(), by=st.tuples(finite(2.0**100), finite(2.0**100)))
    def shift(self, data: st.DataObject, by: tuple[float, float]) -> None:
        rows = data.draw(self.some_rows())
        self.become(self.remember().shift(rows, by))
        for row in rows:
            self.expected[row] = (moved(self.expected[row][0], by), *self.expected[row][1:])

    @precondition(lambda self: self.expected)
    @rule(data=st.data(), offset=st.tuples(finite(2.0**100), finite(2.0**100)))
    def duplicate(self, data: st.DataObject, offset: tuple[float, float]) -> None:
        rows = data.draw(self.some_rows())
        self.become(self.remember().duplicate(rows, offset))
        self.expected += [
            (moved(place, offset), *rest) for place, *rest in map(self.expected.__getitem__, rows)
        ]

    @rule(label=st.integers(0, 9))
    def without_class(self, label: int) -> None:
        points = self.remember()
        self.become(points.take(points.y != label))
        self.expected = [point for point in self.expected if point[1] != label]

    def some_rows(self) -> st.SearchStrategy[list[int]]:
        return st.lists(st.integers(0, len(self.expected) - 1), max_size=3, unique=True)

    @invariant()
    def all_are_there_in_order(self) -> None:
        x, y, held_out = self.points.x, self.points.y, self.points.held_out
        assert len(self.points) == len(x) == len(y) == len(held_out) == len(self.expected)
        assert x.dtype == np.float32
        assert y.dtype == np.int64
        assert [tuple(row) for row in x.tolist()] == [place for place, _, _ in self.expected]
        assert y.tolist() == [label for _, label, _ in self.expected]
        assert held_out.tolist() == [mark for _, _, mark in self.expected]


TestEdits = Edits.TestCase


@given(points())
def test_arrays_are_read_only(drawn: Points) -> None:
    for array in (drawn.x, drawn.y, drawn.held_out, drawn.add([[0, 0]], 1).x):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@given(points(), st.data())
def test_taking_and_removing_share_the_points_out(drawn: Points, data: st.DataObject) -> None:
    mask = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(drawn), max_size=len(drawn))), bool
    )
    kept, gone = drawn.remove(np.flatnonzero(mask)), drawn.take(mask)
    assert len(kept) + len(gone) == len(drawn)
    assert np.array_equal(
        np.concatenate([gone.x, kept.x]), drawn.x[np.argsort(~mask, kind="stable")]
    )


@given(points(regression=True), finite())
def test_targets_are_edited_like_labels(drawn: Points, target: float) -> None:
    more = drawn.add([[1, 2], [3, 4]], target)
    assert more.is_regression
    assert more.y[-2:].tolist() == [target, target]
    assert more.take(np.arange(len(drawn))).same_as(drawn)


def test_a_copy_of_a_test_point_is_a_test_point() -> None:
    drawn = Points.of([[0, 0], [1, 1]], [0, 1], [False, True])
    assert drawn.duplicate([1, 0], (0.5, 0)).held_out.tolist() == [False, True, True, False]


def test_adding_one_label_each() -> None:
    assert Points.empty().add([[0, 0], [1, 1]], [3, 4]).y.tolist() == [3, 4]


def test_the_caller_keeps_its_arrays() -> None:
    x, y = np.zeros((2, 2), np.float32), np.zeros(2, np.int64)
    drawn = Points.of(x, y)
    x[0] = 9
    assert drawn.x[0].tolist() == [0, 0]


def test_within_gives_the_nearest_first() -> None:
    drawn = Points.of([[3, 0], [1, 0], [0, 2], [0, 0]], [0, 0, 0, 0])
    assert drawn.within((0.0, 0.0), 2.0).tolist() == [3, 1, 2]
    assert drawn.within((9.0, 9.0), 1.0).tolist() == []


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_refused(value: float) -> None:
    with pytest.raises(DataError, match="not a finite number"):
        Points.of([[value, 0]], [0])
    with pytest.raises(DataError, match="not a finite number"):
        Points.empty().add([[0, value]], 0)
    with pytest.raises(DataError, match="not a finite number"):
        Points.of([[0, 0]], np.array([value], np.float32))


def test_every_point_needs_an_answer() -> None:
    with pytest.raises(DataError, match="There are 2 points but 1 answers"):
        Points.of([[0, 0], [1, 1]], [0])
    with pytest.raises(DataError, match="3 marks"):
        Points.of([[0, 0]], [0], [True, False, True])


def test_rows_that_are_not_there_are_a_bug() -> None:
    with pytest.raises(IndexError):
        Points.empty().remove([0])


@given(st.lists(st.integers(0, 2), max_size=60), st.floats(0, 0.9), st.integers(0, 10))
def test_new_points_join_the_division(labels: list[int], share: float, start: int) -> None:
    start = min(start, len(labels))
    x = np.zeros((len(labels), 2))
    before = Points.of(x, np.array(labels, np.int64), np.ones(len(labels), bool))
    after = before.divided_from(start, share)
    assert after.held_out[:start].all()
    fresh = before.divided_from(0, share)
    for label in set(labels):
        held_out = fresh.held_out[fresh.y == label]
        assert not held_out[0]
        assert abs(held_out.sum() - share * len(held_out)) < 1
    # Stroke by stroke the same points are held out as all at once.
    stroke = Points.empty()
    for label in labels:
        stroke = stroke.add([[0.0, 0.0]], label).divided_from(len(stroke), share)
    assert stroke.held_out.tolist() == fresh.held_out.tolist()
