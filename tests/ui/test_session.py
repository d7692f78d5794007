"""The session: documents, undo, and the life of a run on the training thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.run_control import Snapshot, State
from playground.ui.session.runner import Activity
from playground.ui.session.session import Session

WAIT = 30_000


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session()
    try:
        made.start()
        qtbot.waitUntil(lambda: made.run.snapshot is not None, timeout=WAIT)
        yield made
    finally:
        made.close()


def until(qtbot: QtBot, session: Session, holds: Callable[[Snapshot], bool]) -> Snapshot:
    """Wait for a snapshot of the current run for which something holds."""
    run = session.run
    qtbot.waitUntil(lambda: run.snapshot is not None and holds(run.snapshot), timeout=WAIT)
    assert run.snapshot is not None
    return run.snapshot


def settled(qtbot: QtBot, session: Session) -> Snapshot:
    return until(qtbot, session, lambda now: now.state == State.PAUSED)


def test_it_starts_paused_with_a_picture_of_the_first_weights(session: Session) -> None:
    assert session.run.activity == Activity.PAUSED
    snapshot = session.run.snapshot
    assert snapshot is not None
    assert snapshot.frame is not None
    assert (snapshot.epoch, snapshot.step) == (0, 0)
    assert snapshot.frame.map is not None
    assert snapshot.frame.map.shape == (100, 100, 2)


def test_training_lowers_the_loss_and_pausing_stops_it(qtbot: QtBot, session: Session) -> None:
    start = session.run.snapshot
    session.run.resume()
    until(qtbot, session, lambda now: now.epoch >= 5)
    session.run.pause()
    paused = settled(qtbot, session)
    assert start is not None
    assert paused.train.loss < start.train.loss
    session.run.step_batch()
    assert until(qtbot, session, lambda now: now.step > paused.step).step == paused.step + 1


def test_one_epoch_is_one_epoch(qtbot: QtBot, session: Session) -> None:
    session.run.step_epoch()
    assert until(qtbot, session, lambda now: now.epoch > 0).epoch == 1
    assert settled(qtbot, session).step == 25


def test_reset_goes_back_to_the_very_same_start(qtbot: QtBot, session: Session) -> None:
    first = session.run.snapshot
    session.run.step_epoch()
    until(qtbot, session, lambda now: now.epoch == 1)
    after_one = session.run.snapshot
    session.run.reset()
    again = until(qtbot, session, lambda now: now.epoch == 0)
    assert first is not None
    assert again.train == first.train
    session.run.step_epoch()
    repeated = until(qtbot, session, lambda now: now.epoch == 1)
    assert after_one is not None
    assert repeated.train == after_one.train


def test_a_new_start_has_other_weights(qtbot: QtBot, session: Session) -> None:
    first = session.run.snapshot
    session.new_start()
    again = until(qtbot, session, lambda now: True)
    assert first is not None
    assert again.train.loss != first.train.loss


def test_the_learning_rate_acts_without_a_restart(qtbot: QtBot, session: Session) -> None:
    session.run.step_epoch()
    run = until(qtbot, session, lambda now: now.epoch == 1).run_id
    session.set_value("training.optimizer.learning_rate", 0.001)
    now = until(qtbot, session, lambda now: now.learning_rate == 0.001)
    assert (now.run_id, now.epoch) == (run, 1)


def test_another_optimizer_starts_the_run_again(qtbot: QtBot, session: Session) -> None:
    session.run.step_epoch()
    run = until(qtbot, session, lambda now: now.epoch == 1).run_id
    session.set_value("training.optimizer.kind", "sgd")
    assert until(qtbot, session, lambda now: True).run_id > run


def test_painting_while_training_changes_what_is_learned(qtbot: QtBot, session: Session) -> None:
    session.run.resume()
    run = until(qtbot, session, lambda now: now.epoch >= 2).run_id
    rows = len(session.points)
    session.edit_points(session.points.add([(0, 0), (1, 1)], 0), "paint")
    now = until(qtbot, session, lambda now: len(now.dataset.points) == rows + 2)
    assert now.run_id == run
    assert session.run.is_training
    assert len(now.dataset.train) + len(now.dataset.test) == rows + 2


def test_a_third_class_starts_again_with_a_third_output(qtbot: QtBot, session: Session) -> None:
    session.edit_points(session.points.add([(0, 0)], 2), "paint")
    now = until(qtbot, session, lambda now: now.dataset.classes == 3)
    assert now.frame is not None
    assert now.frame.map is not None
    assert now.frame.map.shape[2] == 3


def test_clearing_while_training_waits_for_points_and_goes_on(
    qtbot: QtBot, session: Session
) -> None:
    notices: list[str] = []
    session.noticed.connect(lambda text, level: notices.append(text))
    session.run.resume()
    until(qtbot, session, lambda now: now.epoch >= 1)
    session.clear_points()
    blocked = until(qtbot, session, lambda now: now.state == State.BLOCKED)
    assert any("no points" in notice for notice in notices)
    session.edit_points(Points.of([[0.0, 1.0], [1.0, 0.0]], [0, 1]), "paint")
    until(qtbot, session, lambda now: now.step > blocked.step)


def test_undo_and_redo_restore_the_experiment_exactly(qtbot: QtBot, session: Session) -> None:
    before = session.experiment
    session.add_layer(1, "dropout")
    session.set_value("data.noise", 0.2)
    session.edit_points(session.points.add([(0, 0)], 1), "paint")
    after = session.experiment
    while session.undo_stack.canUndo():
        session.undo_stack.undo()
    assert session.experiment == before
    while session.undo_stack.canRedo():
        session.undo_stack.redo()
    assert session.experiment == after


def test_one_stroke_is_one_step_back(session: Session) -> None:
    before = session.experiment
    for x in np.linspace(-1, 1, 5):
        session.edit_points(session.points.add([(x, 0)], 1), "paint")
    session.end_merge()
    session.edit_points(session.points.add([(3, 3)], 1), "paint")
    session.end_merge()
    assert session.undo_stack.count() == 2
    session.undo_stack.undo()
    session.undo_stack.undo()
    assert session.experiment == before


def test_a_value_that_does_not_fit_is_refused_with_a_sentence(
    qtbot: QtBot, session: Session
) -> None:
    before = session.experiment
    with qtbot.waitSignal(session.noticed) as notice:
        session.set_value("training.optimizer.learning_rate", 1e6)
    assert "above 10" in notice.args[0]
    assert session.experiment is before


def test_divergence_pauses_at_the_last_good_weights_and_reset_works(
    qtbot: QtBot, session: Session
) -> None:
    diverging = {
        "data": {"kind": "generated", "generator": "plane", "samples": 200},
        "model": {"layers": [{"kind": "linear", "units": 8, "activation": "relu"}]},
        "training": {"optimizer": {"kind": "sgd", "learning_rate": 10}},
    }
    session.replace(Experiment.parse(diverging))
    until(qtbot, session, lambda now: now.state == State.PAUSED)
    with qtbot.waitSignal(session.noticed, timeout=WAIT) as notice:
        session.run.resume()
    assert "last good weights" in notice.args[0]
    now = until(qtbot, session, lambda now: now.state == State.DIVERGED)
    assert session.run.activity == Activity.PAUSED
    assert np.isfinite(now.train.loss)
    assert all(np.isfinite(array).all() for array in now.weights.values())
    session.run.reset()
    assert settled(qtbot, session).epoch == 0


def test_a_run_that_cannot_start_says_why_and_the_next_one_can(
    qtbot: QtBot, session: Session
) -> None:
    with qtbot.waitSignal(session.noticed, timeout=WAIT) as notice:
        session.set_value("training.device", "cuda:7")
    assert "no device 'cuda:7'" in notice.args[0]
    assert session.run.activity == Activity.FAILED
    session.set_value("training.device", "cpu")
    until(qtbot, session, lambda now: now.info.device == "cpu")


def test_a_document_survives_saving_and_opening(
    qtbot: QtBot, session: Session, tmp_path: object
) -> None:
    path = tmp_path / "mine.playground.json"  # type: ignore[operator]
    session.edit_points(session.points.add([(0.1, 0.2)], 1), "paint")
    saved = session.experiment
    session.save(path)
    assert not session.is_modified
    assert session.name == "mine"
    session.replace(Experiment())
    session.open(path)
    assert session.experiment == saved
    assert isinstance(session.experiment.data, PointsData)


def test_two_hundred_runs_leave_no_thread_and_little_memory(qtbot: QtBot, session: Session) -> None:
    import threading

    import psutil

    process = psutil.Process()

    def cycle(times: int) -> None:
        for i in range(times):
            session.run.resume()
            session.choose_generator("xor" if i % 2 else "circle")
            run = session.run.run_id
            until(qtbot, session, lambda now: now.run_id == run and now.step > 0)  # noqa: B023
            session.run.reset()

    cycle(20)  # caches of Qt and torch fill
    threads, memory = threading.active_count(), process.memory_info().rss
    cycle(200)
    assert threading.active_count() <= threads
    assert process.memory_info().rss - memory < 20 * 2**20


def test_instant_shows_the_trained_result_of_every_change(qtbot: QtBot, session: Session) -> None:
    session.run.set_instant_epochs(20)
    session.run.set_instant(True)
    first = until(qtbot, session, lambda now: now.epoch == 20)
    assert first.state == State.REACHED
    assert session.run.activity == Activity.PAUSED
    assert next(point.epoch for point in session.run.curve) == 0
    assert session.run.curve[-1].epoch == 20
    session.edit_points(session.points.add([(0, 0)], 0), "paint")
    again = until(qtbot, session, lambda now: now.generation > first.generation and now.epoch == 20)
    assert again.run_id == first.run_id
    assert len(again.dataset.points) == len(first.dataset.points) + 1
    assert session.run.curve[0].epoch == 0


def test_instant_gives_what_training_gives(qtbot: QtBot, session: Session) -> None:
    session.run.set_instant_epochs(5)
    session.run.set_instant(True)
    instant = until(qtbot, session, lambda now: now.epoch == 5)
    session.set_value("training.epochs", 5)
    session.run.resume()
    trained = until(qtbot, session, lambda now: now.generation == 0 and now.epoch == 5)
    assert not session.run.is_instant
    assert trained.train == instant.train
    assert trained.test == instant.test


def test_instant_outlives_data_that_cannot_be_trained(qtbot: QtBot, session: Session) -> None:
    session.run.set_instant_epochs(5)
    session.run.set_instant(True)
    until(qtbot, session, lambda now: now.epoch == 5)
    points = session.points
    session.clear_points()
    blocked = until(qtbot, session, lambda now: now.state == State.BLOCKED)
    session.edit_points(points, "put them back")
    until(qtbot, session, lambda now: now.generation > blocked.generation and now.epoch == 5)


def test_undoing_a_stroke_at_once_shows_the_points_as_they_were(
    qtbot: QtBot, session: Session
) -> None:
    shown: list[int] = []
    session.changed.connect(lambda _, now: shown.append(len(now.points)))
    before = len(session.points)
    session.edit_points(session.points.add([(0, 0)], 1), "paint")
    session.undo_stack.undo()
    assert shown == [before + 1, before]


def test_what_is_mended_is_no_longer_complained_about(qtbot: QtBot, session: Session) -> None:
    with qtbot.waitSignal(session.noticed, timeout=WAIT):
        session.set_value("training.device", "cuda:7")
    with qtbot.waitSignal(session.run.settled, timeout=WAIT):
        session.set_value("training.device", "cpu")


def test_each_click_on_the_network_is_a_step_back(session: Session) -> None:
    for units in (5, 6, 7):
        session.set_layer(0, "units", units)
    assert session.undo_stack.count() == 3


def test_edited_weights_add_up_and_leave_the_others(qtbot: QtBot, session: Session) -> None:
    before = session.run.snapshot
    assert before is not None
    session.set_weight("0.weight", (0, 1), 2.5)
    session.set_weight("0.bias", (3,), -1.0)
    now = until(qtbot, session, lambda now: now.weights["0.bias"][3] == -1.0)
    assert now.weights["0.weight"][0, 1] == 2.5
    assert now.weights["0.weight"][1, 1] == before.weights["0.weight"][1, 1]
    assert now.step == before.step


def test_two_changes_in_instant_each_begin_a_curve_and_one_stroke_only_one(
    qtbot: QtBot, session: Session
) -> None:
    session.run.set_instant_epochs(5)
    session.run.set_instant(True)
    until(qtbot, session, lambda now: now.epoch == 5)
    begun: list[int] = []
    session.run.started.connect(lambda: begun.append(1))
    for units in (5, 6):
        generation = session.run.snapshot.generation
        session.set_layer(0, "units", units)
        until(qtbot, session, lambda now: now.generation > generation and now.epoch == 5)  # noqa: B023
    assert len(begun) == 2
    for x in (0.0, 1.0, 2.0):
        generation = session.run.snapshot.generation
        session.edit_points(session.points.add([(x, 0)], 1), "paint")
        until(qtbot, session, lambda now: now.generation > generation and now.epoch == 5)  # noqa: B023
    assert len(begun) <= 3


def wait_unseen(holds: Callable[[], bool]) -> None:
    """Wait while the window is busy: no event is handled meanwhile."""
    deadline, pause = time.monotonic() + WAIT / 1000, threading.Event()
    while not holds():
        assert time.monotonic() < deadline
        pause.wait(0.01)


def test_an_end_that_nobody_had_seen_does_not_look_like_a_pause(
    qtbot: QtBot, session: Session
) -> None:
    """Two presses of a key wait in a busy window while the run comes to its last epoch."""
    session.set_value("training.epochs", 3)
    settled(qtbot, session)
    session.run.resume()
    (task,) = session.run._worker._tasks
    wait_unseen(
        lambda: any(
            isinstance(content, Snapshot) and content.state == State.REACHED
            for content in tuple(task.mailbox._contents.values())
        )
    )
    session.run.set_speed(1.0)
    session.run.toggle()
    session.run.toggle()
    noticed: list[str] = []
    session.noticed.connect(lambda sentence, level: noticed.append(sentence))
    taken: list[Snapshot] = []
    session.run.snapshotTaken.connect(taken.append)
    qtbot.waitUntil(lambda: len(taken) > 0, timeout=WAIT)
    assert taken[0].state == State.REACHED
    assert session.run.activity == Activity.TRAINING
    assert noticed == []
    session.run.set_speed(None)
    until(qtbot, session, lambda now: now.epoch == 6 and now.state == State.REACHED)
    assert session.run.activity == Activity.PAUSED
    assert noticed == ["The run has reached epoch 6."]


def test_a_weight_of_a_network_that_is_being_replaced_is_left_alone(
    qtbot: QtBot, session: Session
) -> None:
    """The picture of the old network is still there when the hand puts a weight to a value."""
    session.set_layer(0, "units", 1)
    session.set_weight("0.weight", (3, 1), 9.0)
    now = until(qtbot, session, lambda now: now.weights["0.weight"].shape == (1, 2))
    session.run.step_batch()
    later = until(qtbot, session, lambda now: now.step == 1)
    assert later.run_id == now.run_id
    assert not (later.weights["0.weight"] > 8).any()
    assert session.run.activity == Activity.PAUSED


def test_a_closed_session_holds_no_step_of_its_history(session: Session) -> None:
    for rate in (0.1, 0.2):
        session.set_value("training.optimizer.learning_rate", rate)
    assert session.undo_stack.count() == 2
    session.close()
    assert session.undo_stack.count() == 0
