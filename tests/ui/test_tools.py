"""The tools of the canvas: laws that hold for any gesture, and what each tool does."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.data.points import Points
from playground.ui.data.tools import (
    TICKS_PER_SECOND,
    TOOLS,
    CanvasState,
    Modifier,
    Tool,
    ToolResult,
    ToolSettings,
)
from playground.ui.data.tools import selection_edits as book
from playground.ui.data.tools.geometry import surrounds

SHIFT, CTRL = Modifier.SHIFT, Modifier.CTRL
GRID = Points.of([[i % 5 - 2, i // 5 - 2] for i in range(25)], [i % 3 for i in range(25)])
"""A point on each whole place of [-2, 2]^2, row by row from below."""

KEYS = ("brush", "put", "pick", "select", "lasso", "jitter", "magnet", "erase", "probe")
COORDINATE = st.floats(-6, 6, width=32)
PLACE = st.tuples(COORDINATE, COORDINATE)
MODIFIERS = st.sampled_from([Modifier.NONE, SHIFT, CTRL, SHIFT | CTRL])


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def make(key: str, **settings: float) -> Tool:
    tool = TOOLS[key](random=np.random.default_rng(5))
    tool.change_settings(**settings)
    return tool


def after(state: CanvasState, result: ToolResult) -> CanvasState:
    """The state that the canvas has after a result."""
    points = state.points if result.points is None else result.points
    selected = state.selected if result.selected is None else result.selected
    return CanvasState(points, selected)


def gesture(
    tool: Tool, state: CanvasState, *places: tuple[float, float], held: Modifier = Modifier.NONE
) -> CanvasState:
    """Press at the first place, drag over the others, let go."""
    state = after(state, tool.press(state, places[0], held))
    for place in places[1:]:
        state = after(state, tool.drag(state, place))
    return after(state, tool.release(state))


@st.composite
def states(draw: st.DrawFn) -> CanvasState:
    """Points whose label is their number, so that each can be found again."""
    places = draw(st.lists(PLACE, max_size=12))
    labels = np.arange(len(places))
    x = np.array(places, np.float32).reshape(-1, 2)
    chosen = draw(st.lists(st.sampled_from(range(len(places))), unique=True)) if places else []
    return CanvasState(Points.of(x, labels), np.array(sorted(chosen), np.int64))


# Laws ---------------------------------------------------------------------------------------------


@given(
    st.sampled_from(list(TOOLS)),
    states(),
    st.lists(PLACE, min_size=1, max_size=5),
    MODIFIERS,
    st.integers(0, 12),
)
def test_no_gesture_loses_or_doubles_a_point(
    key: str, state: CanvasState, places: list, held: Modifier, ticks: int
) -> None:
    """Points are known by their labels; only eraser and Ctrl may take some away, in order."""
    tool = make(key, label=77, radius=1.0)
    before = state
    state = after(state, tool.press(state, places[0], held))
    for place in places[1:]:
        state = after(state, tool.drag(state, place))
        for _ in range(ticks):
            state = after(state, tool.tick(state))
    state = after(state, tool.release(state))
    old = [label for label in state.points.y.tolist() if label < 76]
    assert old == sorted(set(old))
    if key != "erase" and not (CTRL in held and key in ("brush", "put", "pick")):
        assert old == before.points.y.tolist()
    if len(state.points) > len(old):
        assert key in ("brush", "put")
        assert set(state.points.y[len(old) :].tolist()) == ({76} if SHIFT in held else {77})
    _check_selection(state)
    _check_untouched(key, before, state)


@given(
    st.sampled_from(list(TOOLS)),
    states(),
    st.lists(PLACE, min_size=1, max_size=5),
    MODIFIERS,
    st.data(),
)
def test_no_gesture_takes_a_point_that_is_not_on_show(
    key: str, state: CanvasState, places: list, held: Modifier, data: st.DataObject
) -> None:
    """The held-out points are hidden: they stay where they are, whatever is done over them."""

    def follow(before: CanvasState, result: ToolResult) -> CanvasState:
        state = after(before, result)
        return replace(state, seen=~state.points.held_out)

    count = len(state.points)
    hidden = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), bool)
    points = Points(state.points.x, state.points.y, hidden)
    tool, before = make(key, label=77, radius=8.0, reach=8.0), points.take(np.flatnonzero(hidden))
    now = follow(CanvasState(points), ToolResult())
    now = follow(now, tool.press(now, places[0], held))
    for place in places[1:]:
        now = follow(now, tool.drag(now, place))
    now = follow(now, tool.release(now))
    assert now.points.take(np.flatnonzero(now.points.held_out)).same_as(before)
    assert not now.points.held_out[now.selected].any()
    assert not now.points.held_out[book.everything(now).selected].any()


def _check_selection(state: CanvasState) -> None:
    assert (np.diff(state.selected) > 0).all()
    assert state.selected.dtype == np.int64
    assert ((state.selected >= 0) & (state.selected < len(state.points))).all()


def _check_untouched(key: str, before: CanvasState, state: CanvasState) -> None:
    """Points stay bit for bit where they are, and selected as they were, unless the tool is made
    for moving or selecting."""
    moves = {"pick", "select", "lasso", "jitter", "magnet"}
    place_of = dict(zip(before.points.y.tolist(), before.points.x.tolist(), strict=True))
    if key not in moves:
        for label, place in zip(state.points.y.tolist(), state.points.x.tolist(), strict=True):
            assert place_of.get(label, place) == place
    if key not in ("pick", "select", "lasso"):
        left = set(state.points.y.tolist())
        selected = [label for label in before.points.y[before.selected].tolist() if label in left]
        assert state.points.y[state.selected].tolist() == selected


EDITS = {
    "move": lambda state: book.moved(state, 0.5, -0.5),
    "recolor": lambda state: book.recolored(state, 300),
    "duplicate": book.duplicated,
    "remove": book.removed,
    "all": book.everything,
}
GESTURE = st.tuples(st.sampled_from(KEYS), st.lists(PLACE, min_size=1, max_size=3), MODIFIERS)


@given(states(), st.lists(GESTURE | st.sampled_from(list(EDITS)), max_size=8))
def test_no_sequence_of_gestures_and_edits_loses_or_doubles_a_point(
    state: CanvasState, steps: list
) -> None:
    """Told by the number of points, which each step may change in its own way only."""
    for step in steps:
        before = state
        if isinstance(step, str):
            state = after(state, EDITS[step](state))
            more = {"duplicate": 1, "remove": -1}.get(step, 0) * len(before.selected)
            assert len(state.points) == len(before.points) + more
        else:
            key, places, held = step
            state = gesture(make(key), state, *places, held=held)
            more = len(state.points) - len(before.points)
            assert _may_change_by(key, held, more)
        _check_selection(state)


def _may_change_by(key: str, held: Modifier, more: int) -> bool:
    if key in ("brush", "put", "pick") and CTRL in held:
        return more in (0, -1)
    if key == "erase":
        return more <= 0
    return more == 1 if key == "put" else more >= 3 if key == "brush" else more == 0


@given(states(), st.data())
def test_removing_keeps_the_other_selected_points_selected(state: CanvasState, data: st.DataObject):
    count = len(state.points)
    gone = data.draw(st.lists(st.sampled_from(range(count)))) if count else []
    result = after(state, book.removed(state, np.array(gone, np.int64)))
    kept = [label for label in state.selected.tolist() if label not in gone]
    assert result.points.y[result.selected].tolist() == kept
    assert len(result.points) == count - len(set(gone))


@given(states(), COORDINATE, COORDINATE)
def test_edits_of_the_selection_leave_the_rest_alone(
    state: CanvasState, dx: float, dy: float
) -> None:
    rest = np.setdiff1d(np.arange(len(state.points)), state.selected)
    chosen = state.points.x[state.selected]
    for result in (book.moved(state, dx, dy), book.recolored(state, 9)):
        points = after(state, result).points
        assert points.take(rest).same_as(state.points.take(rest))
        assert len(points) == len(state.points)
    moved = after(state, book.moved(state, dx, dy)).points.x[state.selected]
    np.testing.assert_allclose(moved, chosen + np.float32([dx, dy]), atol=1e-5)
    double = after(state, book.duplicated(state, (dx, dy)))
    assert double.points.take(np.arange(len(state.points))).same_as(state.points)
    assert double.points.y[double.selected].tolist() == state.selected.tolist()
    np.testing.assert_array_equal(double.points.x[double.selected], moved)


@given(states())
def test_duplicating_and_deleting_the_duplicates_restores_the_start(state: CanvasState) -> None:
    double = after(state, book.duplicated(state))
    if len(state.selected):
        assert after(double, book.removed(double)).points.same_as(state.points)
    assert len(after(double, book.everything(double)).selected) == len(double.points)
    assert len(after(double, book.nothing()).selected) == 0


@given(st.lists(PLACE, min_size=2, max_size=6), st.integers(1, 9))
def test_density_does_not_depend_on_the_speed_of_the_pointer(places: list, cuts: int) -> None:
    """The same way, seen in fewer or more pieces, leaves as many points and as much pull."""
    fine = [places[0]]
    for start, end in pairwise(places):
        steps = np.linspace(start, end, cuts + 1)[1:]
        fine += [(float(x), float(y)) for x, y in steps]
    counts = [len(gesture(make("brush"), CanvasState(GRID), *way).points) for way in (places, fine)]
    assert abs(counts[0] - counts[1]) <= 1  # a way can end on the edge of a step
    way = sum(float(np.hypot(*np.subtract(b, a))) for a, b in pairwise(places))
    settings = ToolSettings()
    expected = 25 + settings.density * (1 + way / settings.radius)
    assert expected - 2 < counts[0] < expected + 1


@given(PLACE, PLACE, st.integers(2, 9))
def test_a_fast_eraser_misses_nothing(start: tuple, end: tuple, cuts: int) -> None:
    way = [(float(x), float(y)) for x, y in np.linspace(start, end, cuts)]
    slow = gesture(make("erase", radius=0.71), CanvasState(GRID), *way)
    fast = gesture(make("erase", radius=0.71), CanvasState(GRID), way[0], way[-1])
    near = np.array([_distance(p, way[0], way[-1]) for p in GRID.x.tolist()])
    if (abs(near - 0.71) > 1e-4).all():
        assert fast.points.same_as(slow.points)
        assert len(fast.points) == int((near > 0.71).sum())


def _distance(point: list[float], start: tuple, end: tuple) -> float:
    """From a point to a piece of a line, by trying many places of it."""
    way = np.linspace(start, end, 4001)
    return float(np.hypot(way[:, 0] - point[0], way[:, 1] - point[1]).min())


# Brush, put, erase --------------------------------------------------------------------------------


def test_a_press_of_the_brush_leaves_a_dab_with_a_point_under_the_pointer() -> None:
    tool = make("brush", radius=0.5, density=20, label=1)
    state = gesture(tool, CanvasState(Points.empty()), (1.0, -1.0))
    assert len(state.points) == 20
    assert state.points.x[0].tolist() == [1.0, -1.0]
    assert np.hypot(*(state.points.x - [1.0, -1.0]).T).max() <= 0.5 + 1e-6
    assert set(state.points.y.tolist()) == {1}


def test_a_resting_brush_sprays_on_and_a_click_does_not() -> None:
    tool = make("brush", density=4)
    state = after(CanvasState(GRID), tool.press(CanvasState(GRID), (0.0, 0.0)))
    counts = []
    for _ in range(TICKS_PER_SECOND + 8):
        state = after(state, tool.tick(state))
        counts.append(len(state.points) - 29)
    assert counts[7] == 0  # about a quarter of a second: a click
    assert counts[-1] == 12  # three dabs in a second
    assert np.diff(counts).max() <= 1
    tool.release(state)
    assert tool.tick(state).points is None


def test_a_moving_brush_does_not_spray() -> None:
    tool = make("brush")
    state = after(CanvasState(GRID), tool.press(CanvasState(GRID), (0.0, 0.0)))
    for number in range(30):
        state = after(state, tool.drag(state, (number * 1e-3, 0.0)))
        state = after(state, tool.tick(state))
    assert len(state.points) == 28


@pytest.mark.parametrize("key", ["brush", "put"])
def test_shift_makes_the_other_class_and_the_opposite_value(key: str) -> None:
    for label, other in ((0, 1), (1, 0), (4, 3)):
        state = gesture(
            make(key, label=label, density=1), CanvasState(GRID), (3.0, 3.0), held=SHIFT
        )
        assert state.points.y[-1] == other
    numbers = CanvasState(Points.of([[0, 0]], [0.5]))
    state = gesture(make(key, value=0.25, density=1), numbers, (3.0, 3.0), held=SHIFT)
    assert state.points.y.tolist() == [0.5, -0.25]


@pytest.mark.parametrize("key", ["brush", "put", "pick"])
def test_ctrl_removes_the_nearest_point_only(key: str) -> None:
    tool = make(key)
    state = gesture(tool, CanvasState(GRID, rows(0, 12, 24)), (0.1, 0.1), (2.0, 2.0), held=CTRL)
    assert len(state.points) == 24
    assert [0.0, 0.0] not in state.points.x.tolist()
    assert state.selected.tolist() == [0, 23]
    assert tool.name == "remove a point"
    assert gesture(tool, CanvasState(GRID), (0.5, 0.5), held=CTRL).points is GRID


def test_put_makes_one_point_that_follows_until_it_is_let_go() -> None:
    tool = make("put", label=2, density=9)
    state = gesture(tool, CanvasState(GRID, rows(3)), (4.0, 4.0), (5.0, 4.0), (5.0, 5.0))
    assert len(state.points) == 26
    assert state.points.x[-1].tolist() == [5.0, 5.0]
    assert state.points.y[-1] == 2
    assert state.points.take(np.arange(25)).same_as(GRID)
    assert state.selected.tolist() == [3]
    assert tool.drag(state, (0.0, 0.0)).points is None


def test_put_lets_go_of_a_point_that_something_else_took_away() -> None:
    tool = make("put")
    tool.press(CanvasState(GRID), (4.0, 4.0))
    assert tool.drag(CanvasState(GRID), (5.0, 5.0)).points is None


# Pick, select, lasso ------------------------------------------------------------------------------


def test_pick_moves_the_nearest_point_to_the_pointer_and_selects_it() -> None:
    tool = make("pick")
    state = gesture(tool, CanvasState(GRID, rows(0, 1)), (0.1, 0.1), (3.5, 3.0))
    assert state.points.x[12].tolist() == [3.5, 3.0]
    assert state.points.remove([12]).same_as(GRID.remove([12]))
    assert state.selected.tolist() == [12]
    assert tool.name == "move points"


def test_pick_takes_the_whole_selection_along() -> None:
    state = gesture(make("pick"), CanvasState(GRID, rows(12, 13)), (1.0, 0.0), (1.5, 1.0))
    assert state.points.x[[12, 13]].tolist() == [[0.5, 1.0], [1.5, 1.0]]
    assert state.selected.tolist() == [12, 13]


def test_pick_with_shift_adds_and_takes_away() -> None:
    state = CanvasState(GRID, rows(12))
    more = gesture(make("pick"), state, (1.0, 0.0), held=SHIFT)
    assert more.selected.tolist() == [12, 13]
    assert gesture(make("pick"), more, (0.0, 0.0), (4.0, 4.0), held=SHIFT).selected.tolist() == [13]
    assert gesture(make("pick"), more, (0.5, 0.5)).selected.tolist() == []
    assert gesture(make("pick"), more, (0.5, 0.5), held=SHIFT).selected.tolist() == [12, 13]


def test_points_that_change_under_the_hand_are_let_go() -> None:
    tool = make("pick")
    tool.press(CanvasState(GRID), (0.0, 0.0))
    assert tool.drag(CanvasState(GRID.remove([3])), (5.0, 5.0)).points is None


def square(low: float, high: float) -> list[tuple[float, float]]:
    return [(low, low), (high, low), (high, high), (low, high)]


AROUND = {"select": [(-1.5, -1.5), (0.5, 0.5)], "lasso": square(-1.5, 0.5)}
INSIDE = [6, 7, 11, 12]


@pytest.mark.parametrize("key", AROUND)
def test_selecting_replaces_adds_and_takes_away(key: str) -> None:
    state = CanvasState(GRID, rows(7, 24))
    for held, expected in (
        (Modifier.NONE, INSIDE),
        (SHIFT, [*INSIDE, 24]),
        (CTRL, [24]),
    ):
        result = gesture(make(key), state, *AROUND[key], held=held)
        assert result.selected.tolist() == expected
        assert result.points is GRID


@pytest.mark.parametrize("key", AROUND)
def test_a_shape_that_shrinks_gives_back_what_it_had(key: str) -> None:
    tool = make(key)
    state = CanvasState(GRID, rows(24))
    first, *others = AROUND[key]
    state = after(state, tool.press(state, first, SHIFT))
    for place in [*others, first, (-1.4, -1.4)]:
        result = tool.drag(state, place)
        state = after(state, result)
    if key == "select":
        assert state.selected.tolist() == [24]
    assert result.outline is not None
    assert result.outline.shape == ((4, 2) if key == "select" else (6, 2))
    assert result.outline.dtype == np.float32


@pytest.mark.parametrize("key", AROUND)
def test_a_click_takes_the_nearest_point_or_none(key: str) -> None:
    assert gesture(
        make(key), CanvasState(GRID, rows(1)), (0.1, 0.1), (0.12, 0.1)
    ).selected.tolist() == [12]
    assert gesture(make(key), CanvasState(GRID, rows(1)), (0.5, 0.5)).selected.tolist() == []
    assert gesture(
        make(key), CanvasState(GRID, rows(1)), (0.1, 0.1), held=SHIFT
    ).selected.tolist() == [
        1,
        12,
    ]


@pytest.mark.parametrize("key", AROUND)
@pytest.mark.parametrize("at", [(-0.5, -0.5), (0.1, 0.0)])
def test_a_press_inside_the_selection_drags_it(key: str, at: tuple[float, float]) -> None:
    tool = make(key)
    state = gesture(
        tool, CanvasState(GRID, rows(*INSIDE)), at, (at[0] + 1, at[1]), (at[0] + 3, at[1])
    )
    np.testing.assert_array_equal(state.points.x[INSIDE], GRID.x[INSIDE] + np.float32([3, 0]))
    assert state.selected.tolist() == INSIDE
    assert state.points.remove(INSIDE).same_as(GRID.remove(INSIDE))
    assert tool.name == "move points"


@pytest.mark.parametrize("key", AROUND)
def test_a_press_outside_the_selection_begins_a_new_one(key: str) -> None:
    state = CanvasState(GRID, rows(*INSIDE))
    result = gesture(make(key), state, (0.5, 0.5), (0.6, 2.5), (2.5, 2.5), (2.5, 0.5))
    assert result.points is GRID
    if key == "lasso":
        assert result.selected.tolist() == [18, 19, 23, 24]


@given(st.lists(PLACE, min_size=1, max_size=6), PLACE, st.lists(st.floats(0, 1), min_size=6))
def test_a_mixture_of_points_is_among_them_and_nothing_beyond_is(
    places: list, far: tuple, weights: list
) -> None:
    x = np.array(places, np.float32)
    share = np.array(weights[: len(x)]) + 0.1
    inside = (share / share.sum()) @ x.astype(np.float64)
    spread = np.linalg.svd(x - x.mean(axis=0))[1]
    if len(x) >= 3 and spread.min() > 0.1:
        assert surrounds(x, (float(inside[0]), float(inside[1])))
    beyond = x[:, 0].max() + 0.01 + abs(far[0])
    assert not surrounds(x, (float(beyond), far[1]))


@given(st.lists(PLACE, min_size=3, max_size=8), states())
def test_the_lasso_encloses_what_the_even_odd_rule_says(line: list, state: CanvasState) -> None:
    tool = make("lasso", reach=0.0)
    state = CanvasState(state.points)
    results = [tool.press(state, line[0])] + [tool.drag(state, place) for place in line[1:]]
    told = [result.selected for result in results if result.selected is not None]
    if len(told) > 1:
        expected = [row for row, place in enumerate(state.points.x) if _is_inside(line, place)]
        assert told[-1].tolist() == expected


def _is_inside(line: list, place: np.ndarray) -> bool:
    """The even-odd rule for one point, edge by edge."""
    inside = False
    x, y = float(place[0]), float(place[1])
    for (x1, y1), (x2, y2) in pairwise([*line, line[0]]):
        if (y < y1) != (y < y2) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside


# Jitter, magnet, probe ----------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["jitter", "magnet"])
def test_only_points_under_the_tool_move(key: str) -> None:
    tool = make(key, radius=1.2)
    state = CanvasState(GRID, rows(12))
    state = after(state, tool.press(state, (0.2, 0.1)))
    near = GRID.within((0.2, 0.1), 1.2)
    assert len(near) == 4
    assert (state.points.x[near] != GRID.x[near]).any(axis=1).all()
    assert state.points.remove(near).same_as(GRID.remove(near))
    assert np.array_equal(state.points.y, GRID.y)


@pytest.mark.parametrize("key", ["jitter", "magnet"])
def test_it_goes_on_while_the_pointer_rests(key: str) -> None:
    tool = make(key, radius=1.2)
    state = after(CanvasState(GRID), tool.press(CanvasState(GRID), (0.2, 0.1)))
    changes = [tool.tick(state).points is not None for _ in range(5)]
    assert changes == [False, False, True, True, True]
    tool.release(state)
    assert tool.tick(state).points is None


def test_the_magnet_pulls_and_with_shift_pushes() -> None:
    def distance(held: Modifier) -> float:
        tool = make("magnet", radius=1.2)
        state = after(CanvasState(GRID), tool.press(CanvasState(GRID), (0.2, 0.1), held))
        for _ in range(30):
            state = after(state, tool.tick(state))
        near = GRID.within((0.2, 0.1), 1.2)
        return float(np.hypot(*(state.points.x[near] - [0.2, 0.1]).T).mean())

    assert distance(Modifier.NONE) < 0.1
    assert distance(SHIFT) > 1.2


@given(PLACE, PLACE, st.integers(2, 9))
def test_the_pull_does_not_depend_on_the_speed_of_the_pointer(
    start: tuple, end: tuple, cuts: int
) -> None:
    way = [(float(x), float(y)) for x, y in np.linspace(start, end, cuts + 1)]
    length = float(np.hypot(*np.subtract(end, start)))
    steps = length / 0.25
    if abs(steps - round(steps)) > 1e-3:  # else a way can end on the edge of a step
        slow = gesture(make("magnet", radius=1.0), CanvasState(GRID), *way)
        fast = gesture(make("magnet", radius=1.0), CanvasState(GRID), way[0], way[-1])
        # A point on the very edge of the disc may be in it for one and not for the other.
        apart = np.abs(slow.points.x - fast.points.x).max(axis=1)
        assert (apart > 1e-3).sum() <= 1


def test_jitter_shakes_without_a_direction() -> None:
    many = Points.of(np.zeros((4000, 2)), np.zeros(4000, int))
    tool = make("jitter", radius=0.5)
    moved = gesture(tool, CanvasState(many), (0.0, 0.0)).points.x
    assert np.abs(moved.mean(axis=0)).max() < 0.005
    np.testing.assert_allclose(moved.std(axis=0), 0.04, rtol=0.1)


def test_a_probe_changes_no_point() -> None:
    tool = make("probe")
    result = tool.press(CanvasState(GRID), (1.0, 2.0))
    assert result.probe == (1.0, 2.0)
    assert result.points is None
    assert result.selected is None
    assert tool.drag(CanvasState(GRID), (2.0, 2.0)).probe is None


# The registry -------------------------------------------------------------------------------------


def test_every_tool_says_what_it_is() -> None:
    assert tuple(TOOLS) == KEYS
    for key, make_tool in TOOLS.items():
        tool = make_tool(ToolSettings(label=3))
        assert tool.settings.label == 3
        assert tool.name, key
        assert tool.shows_radius == ("radius" in tool.uses), key
        assert tool.cursor in ("cross", "move", "point", "none")


def test_a_tool_goes_on_with_another_hand() -> None:
    tool = make("brush")
    tool.change_settings(radius=1.5, label=2)
    assert (tool.settings.radius, tool.settings.label, tool.settings.density) == (1.5, 2, 3)
