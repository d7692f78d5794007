"""A run as those who look at it see it, and the loop that it goes through: what it was told, when
it draws, how it waits.

Between them and the `Progress` of one network; `train` iterates it. Belongs to the thread that
trains.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from playground.core.data.dataset import Dataset, prepare, what_makes_data
from playground.core.errors import PlaygroundError
from playground.core.experiment.experiment import Experiment, learned_part
from playground.engines.contract.base import Weights
from playground.engines.contract.checkpoint import Checkpoint
from playground.engines.contract.run_control import (
    ENDED,
    NOTHING_NEW,
    Change,
    RunControl,
    Snapshot,
    State,
)
from playground.engines.contract.views import Frame, Inspection, Views
from playground.engines.inside.frames import FramePainter
from playground.engines.inside.inspection import MOST_PREDICTIONS, Inspector
from playground.engines.loop.measuring import explained
from playground.engines.loop.progress import Progress

POLL_SECONDS = 0.01
"""How long the loop works at most before it polls its control again."""

PATIENCE_SECONDS = 0.1
"""In Instant, a result that is there within this time is shown at once; a longer training is shown
while it goes on.
"""

INSTANT_CURVE_POINTS = 100


class Run:
    """One training and its audience; in Instant, one training of many.

    Raises PlaygroundError where it cannot begin, Cancelled where it was stopped before it could.
    """

    def __init__(
        self,
        experiment: Experiment,
        dataset: Dataset,
        control: RunControl,
        run_id: int = 0,
        evaluate_every: int | None = None,
        instant_epochs: int | None = None,
        generation: int = 1,
        start: Checkpoint | None = None,
    ) -> None:
        self.run_id, self.control, self.instant_epochs = run_id, control, instant_epochs
        self.experiment = experiment
        self._made_of = None if instant_epochs is None else what_makes_data(experiment)
        self.generation = 0 if instant_epochs is None else generation
        if instant_epochs is not None:
            experiment = experiment.with_setting("training.epochs", instant_epochs)
            evaluate_every = max(1, instant_epochs // INSTANT_CURVE_POINTS)
        self.progress = Progress(
            experiment,
            dataset,
            evaluate_every,
            lambda: control.interactive and control.stopped,
            start,
        )
        self.revision, self.resumes = control.first_revision, control.resumes
        self.shown: tuple[int, State] | None = None
        self._drawn_for: Views | None = None
        self._known_r2: tuple[Weights, Dataset, float] | None = None
        self.pictures = FramePainter()
        self.inspector = Inspector(self.progress.plan, dataset)

    # What the loop asks.

    @property
    def is_instant(self) -> bool:
        return self.instant_epochs is not None

    def is_quiet(self) -> bool:
        """True at the start of a training of Instant, whose result may come before anyone could
        look.
        """
        progress = self.progress
        is_early = self.is_instant and progress.clock.age() < PATIENCE_SECONDS
        return is_early and progress.state == State.RUNNING

    def waits(self) -> bool:
        """True where the run has nothing to do until it is told something."""
        if self.progress.state == State.BLOCKED:
            return True
        if self.is_instant:
            return self.progress.state != State.RUNNING
        return self.control.paused and self.control.wanted_steps() == (0, 0)

    def wait(self) -> None:
        """Sleep until there is something to do."""
        if self.is_instant or self.progress.state == State.BLOCKED:
            self.control.wait_for_change()
        else:
            self.control.wait_while_paused()
            if not self.control.stopped:
                self.progress.clock.rest(self.progress.step)

    def shown_state(self) -> State:
        """The state as a person sees it: a running run that waits is paused."""
        state = self.progress.state
        return State.PAUSED if state == State.RUNNING and self.waits() else state

    def is_shown(self) -> bool:
        """True where the last snapshot tells where the run stands."""
        return self.shown == (self.progress.step, self.shown_state())

    def has_news(self) -> bool:
        """True where a snapshot is due: a picture in the window, a curve point without one."""
        if self.progress.state != State.RUNNING:
            return True
        if self.control.views is None:
            return bool(self.progress.curve) and not self.is_instant
        return not (self.is_shown() or self.is_quiet()) and self.progress.clock.frame_is_due()

    def is_over(self) -> bool:
        return self.progress.state in ENDED and not (self.control.interactive or self.is_instant)

    def _is_last(self) -> bool:
        """True where nothing comes behind the next snapshot of a run without a window."""
        alone = not (self.control.interactive or self.is_instant)
        return alone and (self.control.stopped or self.is_over())

    # Instant.

    def is_outdated_by(self, change: Change) -> bool:
        """True where, in Instant, a change asks for another training."""
        after = change.experiment
        return (
            self.is_instant
            and after is not None
            and learned_part(after) != learned_part(self.experiment)
        )

    def successor(self, change: Change) -> Run:
        """The training of Instant that takes the place of this one. Raises PlaygroundError."""
        experiment = change.experiment or self.experiment
        # Not those of the experiment before: it may be one that this run was blocked by.
        is_same = what_makes_data(experiment) == self._made_of
        run = Run(
            experiment,
            self.progress.dataset if is_same else prepare(experiment),
            self.control,
            self.run_id,
            instant_epochs=self.instant_epochs,
            generation=self.generation + 1,
        )
        run.revision = self.revision if change.revision is None else change.revision
        self.control.set_blocked(False)
        return run

    def block(self, change: Change, message: str) -> None:
        """Wait with what there is, because a change cannot be trained."""
        self.experiment = change.experiment or self.experiment
        self._note_revision(change)
        self.progress.block(message)
        self.shown = None

    # What the loop does.

    def apply(self, change: Change) -> bool:
        """Act on live changes; True where the answer is due at once."""
        if change is NOTHING_NEW:
            return False
        self._note_revision(change)
        if change.experiment is not None:
            self._use(change.experiment)
        if change.weights is not None:
            self.progress.set_weights(change.weights)
        if change.edited:
            self.progress.edit_weights(change.edited)
        self._pause_at_end()
        if self.waits():
            return True
        if not self._is_mere_pointing(change):
            self.progress.clock.hurry()
        return False

    def _is_mere_pointing(self, change: Change) -> bool:
        """True where the pointer has moved and nothing else is new: the next picture answers it,
        however seldom pictures come.
        """
        if change.views is None or change != Change(views=change.views):
            return False
        return change.views.shows_the_same_as(self._drawn_for)

    def _use(self, experiment: Experiment) -> None:
        self.experiment = experiment
        if self.is_instant:  # another one that learns differently would have outdated this run
            self.progress.use_looks(experiment)
            return
        dataset, before = self.progress.dataset, self.progress.state
        self.progress.use(experiment)
        if self.progress.dataset is not dataset:
            self.inspector.load(self.progress.dataset)
        if State.BLOCKED in (before, self.progress.state):
            self.control.set_blocked(self.progress.state == State.BLOCKED)

    def _note_revision(self, change: Change) -> None:
        if change.revision is not None:
            self.revision, self.progress.steps_since = change.revision, 0

    def advance(self) -> None:
        """Train until it is time to poll the control, and evaluate where the plan says so."""
        control = self.control
        # Read once: what is asked for meanwhile must not be counted as done.
        self.resumes, paused, speed = control.resumes, control.paused, control.speed
        if self.is_instant:
            self._go_at(None)
        elif not paused:
            self._go_at(speed)
        elif (wanted := control.wanted_steps()) != (0, 0):
            self._take_wanted(*wanted)
        self._pause_at_end()

    def _go_at(self, speed: float | None) -> None:
        """Go on at a speed in epochs a second, None for as fast as possible."""
        progress, clock = self.progress, self.progress.clock
        progress.go_on()
        budget = clock.steps_within(POLL_SECONDS)
        rate = math.inf
        if speed is not None:
            rate = speed * progress.batches.steps_per_epoch
            budget = min(budget, clock.steps_due(rate))
        if budget == 0:
            self.control.sleep(clock.until_next_step(rate))
        else:
            progress.take(progress.steps_within(budget))

    def _take_wanted(self, steps: int, epochs: int) -> None:
        """Take of the batches and epochs that were asked for while the run is paused."""
        progress = self.progress
        progress.go_on()
        if steps:
            self.control.took_step()
            progress.take(1)
        elif epochs:
            budget = progress.steps_within(progress.clock.steps_within(POLL_SECONDS))
            if progress.take(min(budget, progress.batches.steps_left)):
                self.control.took_epoch()

    def _pause_at_end(self) -> None:
        """A run that came to its end or broke waits, unless somebody has told it to go on since."""
        if self.progress.state in ENDED and self.control.interactive and not self.is_instant:
            self.control.pause_after(self.resumes)

    def snapshot(self) -> Snapshot:
        """The run as it is now. The points of the curve are handed over and start anew."""
        with self.progress.clock.drawing():
            self.progress.look()
            self._pause_at_end()
            return self._snapshot()

    def _snapshot(self) -> Snapshot:
        progress, now, state = self.progress, self.progress.now, self.shown_state()
        self.shown = progress.step, state
        views = self._drawn_for = self.control.views
        curve, progress.curve = tuple(progress.curve), []
        message, progress.message = progress.message, ""
        if self.is_instant and state == State.REACHED:
            message = ""  # reaching the last epoch is what Instant is for
        return Snapshot(
            run_id=self.run_id,
            info=progress.info,
            state=state,
            epoch=progress.epoch,
            step=progress.step,
            seconds=progress.clock.seconds,
            steps_per_second=progress.clock.rate(progress.step),
            learning_rate=progress.rate(progress.epoch),
            train=now.train,
            test=now.test,
            penalty=progress.engine.penalty(),
            curve=curve,
            weights=now.weights,
            frame=self._draw(views),
            dataset=progress.dataset,
            message=message,
            generation=self.generation,
            inspection=self._inspect(state),
            batch=self.inspector.rows_of(progress.batches.last),
            revision=self.revision,
            steps_since=progress.steps_since,
            resumes=self.resumes,
            r2=self._r2(now.weights),
            checkpoint=progress.checkpoint() if self._is_last() else None,
        )

    def _draw(self, views: Views | None) -> Frame | None:
        """The pictures that are wanted, of the network as it was measured last."""
        progress = self.progress
        return self.pictures.draw(
            progress.engine,
            progress.dataset,
            views,
            self.experiment.view,
            progress.batches.last,
            probes=self.experiment.probes,
            weights=progress.now.weights,
        )

    def _r2(self, weights: Weights) -> float | None:
        """The R² of the test points, or of the training points where there are none."""
        if self.control.views is None or self.progress.plan.classes:
            return None
        dataset = self.progress.dataset
        if len(dataset.test or dataset.train) > MOST_PREDICTIONS:
            return None
        known = self._known_r2
        if known is None or known[0] is not weights or known[1] is not dataset:
            known = self._known_r2 = weights, dataset, explained(self.progress.engine, dataset)
        return known[2]

    def _inspect(self, state: State) -> Inspection | None:
        """A look into the network, where one is wanted: a few times a second, and at a pause."""
        if self.control.views is None:
            return None
        progress = self.progress
        return self.inspector.look(
            progress.engine,
            progress.now.weights,
            self.control.views,
            (progress.epoch, progress.step),
            at_once=state != State.RUNNING,
        )


def snapshots(run: Run) -> Iterator[Snapshot]:
    """The loop of a training; between two stretches of steps it polls its `control`."""
    control = run.control
    if not run.is_quiet():
        yield run.snapshot()
    while not (control.stopped or run.is_over()):
        # A result that is about to come is shown before anything else.
        change = NOTHING_NEW if run.is_quiet() else control.take_change()
        if run.is_outdated_by(change):
            run = _anew(run, change)
        elif run.apply(change):
            yield run.snapshot()
        elif not run.waits():
            run.advance()
            if run.has_news():
                yield run.snapshot()
        elif run.is_shown():
            run.wait()
        else:
            # Told to pause since the last snapshot: whoever looks has to know where it stopped.
            yield run.snapshot()
    if not (control.interactive or run.is_over()):
        yield run.snapshot()


def _anew(run: Run, change: Change) -> Run:
    """The next training of Instant; where there can be none, the one before, which waits."""
    try:
        return run.successor(change)
    except PlaygroundError as error:
        run.block(change, error.message)
        return run
