"""Points are edited while training runs at full speed: none is lost, none doubled, none late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from playground.core.data.points import Points
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.run_control import Snapshot
from playground.ui.session.runner import Activity
from playground.ui.session.session import Session

WAIT = 20_000
START: dict[str, Any] = {
    "data": {
        "kind": "points",
        "x": [[-2, 1], [-3, -1], [-1, -2], [2, 1], [3, -1], [1, -2]],
        "label": [0, 0, 0, 1, 1, 1],
        "test": [0, 0, 1, 0, 0, 1],
    },
    "training": {"engine": "numpy"},
}

Edit = Callable[[Points], Points]

coordinates = st.floats(-5, 5, width=32).map(lambda value: round(value, 3))
places = st.tuples(coordinates, coordinates)
rows, labels = st.integers(0, 1_000), st.integers(0, 1)


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session()
    try:
        made.replace(Experiment.parse(START))
        qtbot.waitUntil(lambda: made.run.snapshot is not None, timeout=WAIT)
        yield made
    finally:
        made.close()


def _added(places: list[tuple[float, float]], label: int) -> Edit:
    return lambda points: points.add(places, [label] * len(places))


def _moved(row: int, place: tuple[float, float]) -> Edit:
    return lambda points: points.move([row % len(points)], [place])


def _removed(row: int) -> Edit:
    def edit(points: Points) -> Points:
        fewer = points.remove([row % len(points)])
        return points if fewer.held_out.all() else fewer  # a run needs something to train on

    return edit


def _relabeled(row: int, label: int) -> Edit:
    return lambda points: points.relabel([row % len(points)], label)


edits = st.lists(
    st.one_of(
        st.builds(_added, st.lists(places, min_size=1, max_size=9), labels),
        st.builds(_moved, rows, places),
        st.builds(_removed, rows),
        st.builds(_relabeled, rows, labels),
    ),
    min_size=1,
    max_size=12,
)


def trained_on(qtbot: QtBot, session: Session, points: Points) -> Snapshot:
    """Wait for a picture of a training on exactly these points."""
    run = session.run
    qtbot.waitUntil(
        lambda: run.snapshot is not None and run.snapshot.dataset.points.same_as(points),
        timeout=WAIT,
    )
    assert run.snapshot is not None
    return run.snapshot


def learn_at_full_speed(qtbot: QtBot, session: Session) -> int:
    """Train, and give the number of the run."""
    run = session.run
    run.resume()
    before = run.snapshot.epoch if run.snapshot is not None else 0
    qtbot.waitUntil(lambda: run.snapshot is not None and run.snapshot.epoch > before, timeout=WAIT)
    return run.run_id


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(strokes=edits)
def test_no_sequence_of_edits_during_training_loses_or_doubles_a_point(
    qtbot: QtBot, session: Session, strokes: list[Edit]
) -> None:
    session.replace(Experiment.parse(START))
    run_id = learn_at_full_speed(qtbot, session)
    start = session.points
    for edit in strokes:
        expected = edit(session.points)
        session.edit_points(expected, "edit")
        session.end_merge()
        assert session.points.same_as(expected)
    snapshot = trained_on(qtbot, session, expected)
    assert len(snapshot.dataset.train) + len(snapshot.dataset.test) == len(expected)
    while session.undo_stack.canUndo():
        session.undo_stack.undo()
    trained_on(qtbot, session, start)
    assert session.points.same_as(start)
    while session.undo_stack.canRedo():
        session.undo_stack.redo()
    trained_on(qtbot, session, expected)
    assert (session.run.run_id, session.run.activity) == (run_id, Activity.TRAINING)


def test_undo_goes_on_training_from_where_it_is(qtbot: QtBot, session: Session) -> None:
    run_id = learn_at_full_speed(qtbot, session)
    before = session.points
    session.edit_points(_added([(0.0, 4.0), (0.5, 4.0)], 1)(before), "paint")
    with_more = trained_on(qtbot, session, session.points)
    session.undo_stack.undo()
    after = trained_on(qtbot, session, before)
    assert after.epoch >= with_more.epoch > 0
    assert after.run_id == run_id
    qtbot.waitUntil(lambda: session.run.snapshot.epoch > after.epoch, timeout=WAIT)
    assert session.run.activity == Activity.TRAINING


def test_a_change_is_in_the_next_picture_but_one(qtbot: QtBot, session: Session) -> None:
    learn_at_full_speed(qtbot, session)
    pictures: list[Snapshot] = []
    session.run.snapshotTaken.connect(pictures.append)
    for across in (1.0, 2.0, 3.0):
        moved = _moved(0, (across, 0.0))(session.points)
        pictures.clear()
        session.edit_points(moved, "move")
        seen = trained_on(qtbot, session, moved)
        assert seen.frame is not None, "a change is drawn at once"
        before = [one for one in pictures if not one.dataset.points.same_as(moved)]
        # One may wait to be fetched and one be under way when the change is made.
        assert len(before) <= 2


def test_a_long_stroke_is_one_step_back_and_every_point_of_it_counts(
    qtbot: QtBot, session: Session
) -> None:
    learn_at_full_speed(qtbot, session)
    start = session.points
    for step in range(60):
        session.edit_points(_added([(step / 20, 2.0)], step % 2)(session.points), "brush stroke")
    session.end_merge()
    assert len(session.points) == len(start) + 60
    trained_on(qtbot, session, session.points)
    session.undo_stack.undo()
    trained_on(qtbot, session, start)
