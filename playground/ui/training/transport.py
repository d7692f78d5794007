"""The bar under the menu: start, pause, step, and the numbers of the run.

Shows the state of a run and tells of the person's hand; it starts nothing itself. Imports PySide6,
the widget kit and the shapes of the exchange (neither torch nor the engines); GUI thread only.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Final, Literal, Protocol

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core import numbers
from playground.core.messages import N_, Message
from playground.engines.contract.base import Score
from playground.engines.contract.run_control import RunInfo, Snapshot
from playground.ui.explain import texts
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.training.engine_chip import EngineChip
from playground.ui.widgets import (
    Headline,
    PrimaryButton,
    QuestionMark,
    Restyled,
    Slider,
    Switch,
    ToolButton,
    describe,
    wrapped,
)
from playground.ui.widgets.layouts import STRETCH, fill, hbox

RunState = Literal["running", "paused", "idle"]

FASTEST: Final = 1000.0
"""Epochs a second at the right end of the speed track, which stands for no limit."""

TEST_LOSS: Final = (
    N_("test loss"),
    N_("How wrong the network is on points it never trains on."),
)
TRAINING_LOSS: Final = (
    N_("training loss"),
    N_("How wrong the network is on the points it trains on; no points are held out."),
)
TEST_ACCURACY: Final = (
    N_("test accuracy"),
    N_("The part of the test points in the right class."),
)
TRAINING_ACCURACY: Final = (
    N_("training accuracy"),
    N_("The part of the training points in the right class; no points are held out."),
)
TEST_R2: Final = (
    N_("test R²"),
    N_("How much of the spread of the test points the network explains: 1 is all of it."),
)
TRAINING_R2: Final = (
    N_("training R²"),
    N_("How much of the spread of the training points it explains; no points are held out."),
)

INSTANT_HELP: Final = N_(
    "Train from the same start with every change, and show the trained result at once:"
    " drag a point and the boundary follows."
)


class Numbers(Protocol):
    """What the bar reads of a Snapshot."""

    @property
    def epoch(self) -> int: ...
    @property
    def seconds(self) -> float: ...
    @property
    def steps_per_second(self) -> float: ...
    @property
    def train(self) -> Score: ...
    @property
    def test(self) -> Score | None: ...
    @property
    def r2(self) -> float | None: ...


def rate_text(rate: float) -> str:
    """Steps a second: whole from ten on; from a million on "1.23 M"."""
    if not math.isfinite(rate):
        return numbers.NONE
    return numbers.brief(rate) if rate >= 9.95 or rate == 0 else numbers.fixed(rate, 1)


def loss_text(loss: float) -> str:
    """Three decimals, or the exponent where these would hide the number."""
    if 0 < loss < 0.001 or loss >= 1000:
        return numbers.scientific(loss)
    return numbers.fixed(loss, 3)


def r2_text(r2: float) -> str:
    """Three decimals; far below nothing is explained by any."""
    return numbers.fixed(r2, 3 if r2 > -100 else 0) if r2 > -1e5 else numbers.scientific(r2)


def clock_text(seconds: float) -> str:
    """3.4 -> "3.4 s", 75 -> "1:15", 3675 -> "1:01:15"."""
    if seconds < 10:
        return tr("{seconds} s", seconds=numbers.fixed(math.floor(10 * seconds) / 10, 1))
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def speed_text(speed: float) -> str:
    return tr("max") if speed >= FASTEST else f"{numbers.rounded(speed)} / s"


def _with_key(icon: str, name: str, help_text: str, key: str) -> ToolButton:
    """A button whose tooltip says its key, too."""
    return ToolButton(icon, name, Message(help_text, Message("Key: {key}.", key=key)))


class TransportBar(Restyled, QWidget):
    """Reset, new start, Train, steps; the numbers; the speed; who trains."""

    trainToggled = Signal()
    resetRequested = Signal()
    newStartRequested = Signal()
    stepEpochRequested = Signal()
    stepBatchRequested = Signal()
    speedChanged = Signal(object)  # epochs a second, None for as fast as possible
    engineRequested = Signal()

    _HEIGHT = 54
    _PRESENTER_HEIGHT = 76
    _SIDE = 16
    _is_presenting = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Transport"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._info: RunInfo | None = None
        self._is_running = False
        self._texts: dict[Headline, str] = {}
        self._captions: dict[Headline, tuple[str, str]] = {}
        self._make_buttons()
        self._make_headlines()
        self.speed = Slider(
            "Speed",
            1,
            FASTEST,
            FASTEST,
            log=True,
            text=speed_text,
            help_text="Epochs a second. Slow down to watch; at the right end there is no limit.",
        )
        self.speed.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.speed.valueChanged.connect(self._on_speed)
        self.instant = Switch("Instant", INSTANT_HELP)
        self.chip = EngineChip()
        self.chip.clicked.connect(self.engineRequested)
        self._assemble()
        self.show_state("idle")

    # What is shown ------------------------------------------------------------------------------

    def show_state(self, state: RunState) -> None:
        """Show whether a run is going on; emits nothing."""
        is_running = self._is_running = state == "running"
        if not is_running and self._info is not None:
            self._show(self.rate, rate_text(0))
        name = N_("Pause") if is_running else N_("Train")
        self.train.set_label(name)
        self.train.set_icon("pause" if is_running else "play")
        act = N_("Hold the training where it is.") if is_running else N_("Let the network learn.")
        describe(self.train, name, Message(act, Message("Key: Space.")))

    def show_snapshot(self, snapshot: Snapshot, elapsed: float) -> None:
        """Show the numbers of a run, and who trains."""
        self.show_numbers(snapshot, elapsed)
        if not snapshot.has_scores:
            self.clear_scores()
        self.show_info(snapshot.info)

    def show_numbers(self, now: Numbers, elapsed: float | None = None) -> None:
        """Show epoch, speed, test score and time, as a Snapshot has them.

        elapsed  seconds by the clock on the wall, in place of those of arithmetic alone.
        """
        self._show(self.epoch, numbers.brief(now.epoch))
        # Single steps have no speed, and what rests has none.
        self._show(self.rate, rate_text(now.steps_per_second if self._is_running else 0))
        self._show_scores(now)
        self._show(self.elapsed, clock_text(now.seconds if elapsed is None else elapsed))

    def _show_scores(self, now: Numbers) -> None:
        """The scores of the test points, or of the training points where there are none."""
        is_test = now.test is not None
        score = now.test or now.train
        self._caption(self.loss, TEST_LOSS if is_test else TRAINING_LOSS)
        self._show(self.loss, loss_text(score.loss))
        if score.accuracy is not None:
            self._caption(self.accuracy, TEST_ACCURACY if is_test else TRAINING_ACCURACY)
            self._show(self.accuracy, numbers.percent(score.accuracy))
        else:
            self._caption(self.accuracy, TEST_R2 if is_test else TRAINING_R2)
            self._show(self.accuracy, numbers.NONE if now.r2 is None else r2_text(now.r2))

    def _caption(self, headline: Headline, said: tuple[str, str]) -> None:
        """Captions stay what they are, but for other data."""
        if self._captions.get(headline) is not said:
            self._captions[headline] = said
            headline.set_caption(*said)

    def clear_scores(self) -> None:
        """Show that nothing is known of the present data."""
        for headline in (self.rate, self.loss, self.accuracy):
            self._show(headline, numbers.NONE)

    def clear_numbers(self) -> None:
        """Show that there is no run yet."""
        self.clear_scores()
        self._show(self.epoch, numbers.brief(0))
        self._show(self.elapsed, clock_text(0))

    def _show(self, headline: Headline, text: str) -> None:
        """Most numbers stay what they are from one picture to the next."""
        if self._texts.get(headline) != text:
            self._texts[headline] = text
            headline.set_value(text)

    def show_info(self, info: RunInfo) -> None:
        """Show who trains, and why."""
        if info != self._info:
            self._info = info
            self.chip.show_info(info)
            self._make_room()

    def show_speed(self, speed: float | None) -> None:
        """Show the speed, None for as fast as possible; emits nothing."""
        self.speed.set_value(FASTEST if speed is None else speed)

    def controls(self) -> dict[str, QWidget]:
        """What can be hidden or locked by itself, by the names that project files use."""
        return {
            "reset": self.reset,
            "new_start": self.new_start,
            "train": self.train,
            "step_epoch": self.step_epoch,
            "step_batch": self.step_batch,
            "speed": self.speed,
            "instant": self.instant,
        }

    def present(self, on: bool) -> None:
        """For the projector: fewer controls, and words in place of icons that look alike."""
        self._is_presenting = on
        for button, word in ((self.reset, N_("Reset")), (self.step_epoch, N_("1 epoch"))):
            button.set_word(word if on else "")
        self._fix_sizes()
        self._make_room()

    # What is told -------------------------------------------------------------------------------

    @Slot(float)
    def _on_speed(self, value: float) -> None:
        self.speedChanged.emit(None if value >= FASTEST else value)

    # How it is made -----------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.reset = _with_key(
            "reset", "Reset", N_("Back to the same start: the same first weights."), "R"
        )
        self.new_start = _with_key(
            "new-start",
            "New start",
            N_("Back to another start: other first weights, the same data."),
            "Ctrl+Shift+R",
        )
        self.train = PrimaryButton("Train", "", "play")
        self.train.keep_width_for("Train", "Pause", least=140)
        self.step_epoch = _with_key(
            "step-epoch", "Step an epoch", N_("Train one epoch: every training point once."), "S"
        )
        self.step_batch = _with_key(
            "step-batch",
            "Step a batch",
            N_("Train one batch: a single step of the optimizer."),
            "Shift+S",
        )
        self.reset.clicked.connect(self.resetRequested)
        self.new_start.clicked.connect(self.newStartRequested)
        self.train.clicked.connect(self.trainToggled)
        self.step_epoch.clicked.connect(self.stepEpochRequested)
        self.step_batch.clicked.connect(self.stepBatchRequested)

    def _make_headlines(self) -> None:
        self.epoch = Headline("epoch", "000,000", "How often all training points were looked at.")
        self.rate = Headline("steps / s", "000,000", "Steps of the optimizer in a second.")
        self.loss = Headline(TEST_LOSS[0], "0.0×10⁻⁰", TEST_LOSS[1], others=[TRAINING_LOSS[0]])
        others = [name for name, _ in (TRAINING_ACCURACY, TEST_R2, TRAINING_R2)]
        self.accuracy = Headline(TEST_ACCURACY[0], "100.0 %", TEST_ACCURACY[1], others=others)
        self.elapsed = Headline("elapsed", "0:00:00", "Time spent training, without pauses.")
        self.clear_numbers()

    def _assemble(self) -> None:
        buttons = (self.reset, self.new_start, self.train, self.step_epoch, self.step_batch)
        self._row = hbox(*buttons, theme.GAP, of=self)
        self._row.setContentsMargins(self._SIDE, theme.GAP, self._SIDE, theme.GAP)
        for headline in (self.epoch, self.rate, self.loss, self.accuracy, self.elapsed):
            fill(self._row, headline, theme.UNIT)
        self._mark = QuestionMark("transport", N_("Transport bar"), self)
        self.instant.toggled.connect(self._make_room)
        fill(self._row, self.speed, theme.UNIT, self.instant, STRETCH, self._mark, self.chip)
        self.setWhatsThis(wrapped(texts.area("transport")))
        self._fix_sizes()

    def _fix_sizes(self) -> None:
        self.speed.setFixedWidth(theme.scaled(120))
        self.setFixedHeight(self._height())

    def _height(self) -> int:
        return self._PRESENTER_HEIGHT if self._is_presenting else theme.scaled(self._HEIGHT)

    @Slot()
    def _make_room(self) -> None:
        """Drop what matters least until the rest fits."""
        self.chip.set_short(False)
        is_whole = not self._is_presenting
        self.chip.setVisible(is_whole and bool(self.chip.text()))
        for part in (self.elapsed, self.rate, self.new_start, self.step_batch, self._mark):
            part.setVisible(is_whole)
        self.speed.show()
        self.step_epoch.show()
        self.instant.setVisible(is_whole or self.instant.isChecked())
        for drop in self._drops():
            self._row.invalidate()
            if self._row.minimumSize().width() <= self.width():
                return
            drop()

    def _drops(self) -> tuple[Callable[[], None], ...]:
        """What goes first, last what stays longest."""
        if self._is_presenting:
            return self.instant.hide, self.speed.hide, self.step_epoch.hide
        shorten = partial(self.chip.set_short, True)
        return self.elapsed.hide, shorten, self.rate.hide, self.chip.hide

    def minimumSizeHint(self) -> QSize:
        # Narrower than the whole row: what does not fit is dropped, not the width forced.
        return QSize(0, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _dress(self) -> None:
        self._fix_sizes()
        self._make_room()

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), now.panel)
            painter.setPen(QPen(now.line, 1.0))
            bottom = self.height() - 1
            painter.drawLine(0, bottom, self.width(), bottom)
