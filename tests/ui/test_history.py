"""Undo and redo: nothing is lost, and memory is bounded."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from playground.core.data.dataset import divided
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.errors import PlaygroundError
from playground.core.experiment import edits
from playground.core.experiment.experiment import Experiment
from playground.ui.session.history import Edit, History

pytestmark = pytest.mark.usefixtures("qapp")

Change = Callable[[Experiment], Experiment]


class Document:
    """What the session is to the history: the experiment of the moment.

    No step refers to it, so that both are never garbage together; see `Session.close`.
    """

    def __init__(self, most_bytes: int = 1 << 28) -> None:
        shown = [Experiment()]
        self.become, self._shown = shown.append, shown
        self.history = History(None, most_bytes)

    @property
    def experiment(self) -> Experiment:
        return self._shown[-1]

    def do(self, change: Change, token: str | None = None) -> None:
        try:
            after = change(self.experiment)
        except PlaygroundError:
            return
        before = self.experiment
        if after != before:
            self.become(after)
            self.history.add(Edit(self.become, before, after, "change", token))

    def undo_all(self) -> None:
        while self.history.canUndo():
            self.history.undo()

    def redo_all(self) -> None:
        while self.history.canRedo():
            self.history.redo()


def on_points(change: Callable[[Points], Points]) -> Change:
    return lambda experiment: edits.with_points(experiment, change(divided(experiment)))


coordinate = st.floats(-6, 6, width=32)
changes = st.one_of(
    st.tuples(coordinate, coordinate, st.integers(0, 1)).map(
        lambda at: on_points(lambda points: points.add([at[:2]], at[2]))
    ),
    st.integers(0, 20).map(
        lambda count: on_points(lambda points: points.remove(range(min(count, len(points)))))
    ),
    st.tuples(coordinate, coordinate).map(
        lambda at: on_points(lambda points: points.move([0], [at]) if len(points) else points)
    ),
    st.integers(0, 1).map(lambda label: on_points(lambda points: points.take(points.y != label))),
    st.sampled_from(["xor", "spiral", "plane"]).map(
        lambda key: lambda experiment: edits.choose_generator(experiment, key)
    ),
    st.sampled_from(["linear", "dropout", "batch_norm"]).map(
        lambda kind: lambda experiment: edits.add_layer(experiment, 0, kind)
    ),
    st.integers(0, 3).map(
        lambda index: (
            lambda experiment: (
                edits.remove_layer(experiment, index)
                if index < len(experiment.model.layers)
                else experiment
            )
        )
    ),
    st.sampled_from([0.001, 0.01, 0.1]).map(
        lambda rate: (
            lambda experiment: edits.set_value(experiment, "training.optimizer.learning_rate", rate)
        )
    ),
)


@settings(deadline=None)
@given(st.lists(changes, max_size=12))
def test_all_undone_is_the_start_and_all_redone_the_end(sequence: list[Change]) -> None:
    document = Document()
    start = document.experiment
    seen = [start]
    for change in sequence:
        before = document.history.count()
        document.do(change)
        if document.history.count() > before:
            seen.append(document.experiment)
    document.undo_all()
    assert document.experiment == start
    for expected in seen[1:]:
        document.history.redo()
        assert document.experiment == expected
    assert not document.history.canRedo()


def test_steps_of_one_stroke_are_one_step() -> None:
    document = Document()
    for place in range(5):
        document.do(on_points(lambda points, at=place: points.add([(at, 0)], 0)), "stroke 1")
    document.do(on_points(lambda points: points.add([(0, 1)], 1)), "stroke 2")
    assert document.history.count() == 2
    document.history.undo()
    assert len(document.experiment.data.points()) == 505


def painted(document: Document, count: int) -> None:
    document.do(on_points(lambda points: points.add(np.zeros((count, 2)), 0)))


def test_memory_is_bounded_by_forgetting_the_oldest_steps() -> None:
    document = Document(most_bytes=1_000_000)
    for _ in range(30):
        painted(document, 500)
    end = document.experiment
    assert document.history.bytes() <= 1_000_000
    assert 1 <= document.history.count() < 30
    kept = document.history.count()
    document.undo_all()
    assert isinstance(document.experiment.data, PointsData)
    assert len(document.experiment.data.x) == 500 + (30 - kept) * 500
    document.redo_all()
    assert document.experiment is end


def test_a_saved_document_stays_saved_where_it_was() -> None:
    document = Document(most_bytes=1_000_000)
    for step in range(30):
        painted(document, 500)
        if step == 27:
            document.history.setClean()
            saved = document.experiment
    assert not document.history.isClean()
    document.history.undo()
    document.history.undo()
    assert document.history.isClean()
    assert document.experiment is saved


def test_a_saved_state_that_is_forgotten_is_not_found_again() -> None:
    document = Document(most_bytes=1_000_000)
    for step in range(30):
        painted(document, 500)
        if step == 0:
            document.history.setClean()
    while document.history.canUndo():
        assert not document.history.isClean()
        document.history.undo()
    assert not document.history.isClean()


def test_the_menu_follows(qapp: QApplication) -> None:
    document = Document(most_bytes=1)
    action = document.history.createUndoAction(document.history, "Undo")
    painted(document, 10)
    painted(document, 10)
    assert action.text() == "Undo change"
    assert action.isEnabled()
