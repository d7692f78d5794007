"""What crosses between threads: nothing is lost, and nobody sleeps through being told."""

import threading
from collections.abc import Callable

import numpy as np
import pytest

from playground.core.data.dataset import prepare
from playground.core.data.tables.reading import Cancelled
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.base import Score
from playground.engines.contract.control import Control, Mailbox
from playground.engines.contract.run_control import (
    NOTHING_NEW,
    CurvePoint,
    RunControl,
    RunInfo,
    Snapshot,
    State,
)
from playground.engines.contract.views import Frame, Views
from playground.engines.many.race_control import RaceControl

DATASET = prepare(Experiment())
SCORE = Score(0.5, 0.5)


def snapshot(epoch: int, *, run_id: int = 0, message: str = "", frame: bool = False) -> Snapshot:
    return Snapshot(
        run_id=run_id,
        info=RunInfo("torch", "PyTorch", "", "cpu", 1),
        state=State.RUNNING,
        epoch=epoch,
        step=epoch,
        seconds=0.0,
        steps_per_second=0.0,
        learning_rate=0.03,
        train=SCORE,
        test=None,
        penalty=0.0,
        curve=(CurvePoint(epoch, SCORE, None, 0.03),),
        weights={},
        frame=Frame(np.full((1, 1, 1), epoch, np.float32), (), 6.0) if frame else None,
        dataset=DATASET,
        message=message,
    )


class TestMailbox:
    def test_only_an_empty_box_has_to_be_told_of(self) -> None:
        box = Mailbox[Snapshot]()
        assert box.take() == ()
        assert box.put(snapshot(0))
        assert not box.put(snapshot(1))
        (taken,) = box.take()
        assert taken.epoch == 1
        assert box.take() == ()
        assert box.put(snapshot(2))

    def test_the_newest_of_each_kind_is_kept_in_the_order_of_coming(self) -> None:
        box = Mailbox[object]()
        assert [box.put(content) for content in (0.25, "first rows", 0.5)] == [True, False, False]
        assert box.take() == ("first rows", 0.5)

    def test_the_newest_wins_and_every_curve_point_is_kept(self) -> None:
        box = Mailbox[Snapshot]()
        box.put(snapshot(0, message="Look here.", frame=True))
        box.put(snapshot(1, frame=True))
        box.put(snapshot(2))
        (taken,) = box.take()
        assert [point.epoch for point in taken.curve] == [0, 1, 2]
        assert taken.message == "Look here."
        assert taken.frame is not None
        assert taken.frame.map is not None
        assert taken.frame.map.item() == 1

    def test_a_closed_box_takes_nothing_in(self) -> None:
        box = Mailbox[object]()
        box.close()
        with pytest.raises(Cancelled):
            box.put("late")
        assert box.take() == ()

    def test_another_run_takes_over_nothing(self) -> None:
        box = Mailbox[Snapshot]()
        box.put(snapshot(0, run_id=1, message="Old.", frame=True))
        box.put(snapshot(5, run_id=2))
        (taken,) = box.take()
        assert ([point.epoch for point in taken.curve], taken.message, taken.frame) == (
            [5],
            "",
            None,
        )

    def test_no_curve_point_is_lost_between_threads(self) -> None:
        box, signals, epochs = Mailbox[Snapshot](), threading.Semaphore(0), range(5_000)
        received: list[int] = []

        def receive() -> None:
            while not received or received[-1] != epochs[-1]:
                assert signals.acquire(timeout=20)
                (taken,) = box.take()  # one signal is one full box
                received.extend(point.epoch for point in taken.curve)

        receiver = threading.Thread(target=receive)
        receiver.start()
        for epoch in epochs:
            if box.put(snapshot(epoch)):
                signals.release()
        receiver.join(20)
        assert received == list(epochs)


@pytest.mark.parametrize("make", [Control, RunControl, RaceControl])
class TestEveryControl:
    @pytest.mark.parametrize("tell", [Control.stop, Control.resume])
    def test_a_pause_ends_when_told(
        self, make: Callable[[], Control], tell: Callable[[Control], None]
    ) -> None:
        control = make()
        control.pause()
        sleeper = threading.Thread(target=control.wait_while_paused, daemon=True)
        sleeper.start()
        tell(control)
        sleeper.join(10)
        assert not sleeper.is_alive()

    @pytest.mark.parametrize("tell", [Control.stop, Control.pause])
    def test_a_sleep_ends_when_told(
        self, make: Callable[[], Control], tell: Callable[[Control], None]
    ) -> None:
        control = make()
        sleeper = threading.Thread(target=control.sleep, args=(1_000.0,), daemon=True)
        sleeper.start()
        tell(control)
        sleeper.join(10)
        assert not sleeper.is_alive()

    def test_a_sleep_ends_with_another_speed(self, make: Callable[[], Control]) -> None:
        control = make()
        sleeper = threading.Thread(target=control.sleep, args=(1_000.0,), daemon=True)
        sleeper.start()
        for speed in range(1, 1_000):  # the first ones may come before it sleeps
            control.set_speed(speed)
            sleeper.join(0.01)
            if not sleeper.is_alive():
                break
        assert not sleeper.is_alive()

    def test_work_that_checks_is_cancelled_once_stopped(self, make: Callable[[], Control]) -> None:
        control = make()
        control.check(0.5)
        control.stop()
        with pytest.raises(Cancelled):
            control.check(0.6)


class TestRunControl:
    def test_a_paused_run_sleeps_until_it_is_told_something(self) -> None:
        control = RunControl(interactive=True, paused=True)
        control.change(views=Views(grid=5))
        control.wait_while_paused()
        control.take_change()
        woken = threading.Event()
        waiting = threading.Thread(target=lambda: (control.wait_while_paused(), woken.set()))
        waiting.start()
        assert not woken.wait(0.1)
        control.take_steps(1)
        waiting.join(20)
        assert woken.is_set()

    def test_changes_of_different_kinds_are_merged(self) -> None:
        control = RunControl()
        one, two = Experiment(title="one"), Experiment(title="two")
        control.change(experiment=one)
        control.change(views=Views(grid=5))
        control.change(experiment=two)
        change = control.take_change()
        assert change.experiment is two
        assert change.views == control.views == Views(grid=5)
        assert control.take_change() is NOTHING_NEW

    def test_pause_and_resume_cancel_what_was_asked_for(self) -> None:
        control = RunControl(paused=True)
        control.take_steps(3)
        control.take_epochs(2)
        assert control.wanted_steps() == (3, 2)
        control.pause()
        assert control.wanted_steps() == (0, 0)
        control.take_steps(3)
        control.resume()
        assert control.wanted_steps() == (0, 0)

    @pytest.mark.parametrize("speed", [0, -1.0])
    def test_no_speed_is_no_speed(self, speed: float) -> None:
        with pytest.raises(ValueError, match="more than 0 epochs a second"):
            RunControl(speed=speed)
        with pytest.raises(ValueError, match="more than 0 epochs a second"):
            RunControl().set_speed(speed)

    @pytest.mark.parametrize(
        "tell",
        [
            RunControl.resume,
            RunControl.stop,
            lambda control: control.take_steps(1),
            lambda control: control.take_epochs(1),
            lambda control: control.change(views=Views()),
        ],
        ids=["resume", "stop", "steps", "epochs", "change"],
    )
    def test_nobody_sleeps_through_being_told(self, tell: Callable[[RunControl], None]) -> None:
        for _ in range(300):
            control = RunControl(paused=True)
            sleeper = threading.Thread(target=control.wait_while_paused, daemon=True)
            sleeper.start()
            tell(control)
            sleeper.join(10)
            assert not sleeper.is_alive()

    def test_every_step_asked_for_is_seen(self) -> None:
        control, asked, taken = RunControl(paused=True), 3_000, 0

        def run() -> None:
            nonlocal taken
            while not control.stopped:
                control.wait_while_paused()
                while control.wanted_steps()[0]:
                    control.took_step()
                    taken += 1

        runner = threading.Thread(target=run)
        runner.start()
        for _ in range(asked):
            control.take_steps(1)
        for _ in range(10_000):
            if control.wanted_steps() == (0, 0):
                break
            runner.join(0.001)
        control.stop()
        runner.join(10)
        assert taken == asked
