"""The bar under the menu: start, pause, step, and the numbers of the run.

Shows the state of a run and tells of the person's hand; it starts nothing itself. Imports PySide6,
the widget kit and the shapes of the exchange (neither torch nor the engines); GUI thread only.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Final, Literal, Protocol

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.messages import N_, Message
from playground.engines.contract.base import Score
from playground.engines.contract.run_control import RunInfo, Snapshot
from playground.ui.explain import texts
from playground.ui.language import tr, trn
from playground.ui.look import theme
from playground.ui.widgets import (
    Headline,
    PrimaryButton,
    QuestionMark,
    Restyled,
    Slider,
    Switch,
    ToolButton,
    describe,
    fill_with,
    painting,
    wrapped,
)
from playground.ui.widgets.layouts import STRETCH, fill, hbox

RunState = Literal["running", "paused", "idle"]

FASTEST: Final = 1000.0
"""Epochs a second at the right end of the speed track, which stands for no limit."""

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
    def test(self) -> Score | None: ...


def count_text(count: int) -> str:
    """1234 -> "001,234"; from a million on "1.23 M"."""
    return f"{count:07,}" if count < 1_000_000 else f"{count / 1e6:.2f} M"


def rate_text(rate: float) -> str:
    """Steps a second: whole from ten on; from a million on "1.23 M"."""
    if not math.isfinite(rate):
        return "–"
    if rate >= 999_999.5:
        return f"{rate / 1e6:.2f} M"
    return f"{rate:,.0f}" if rate >= 10 or rate == 0 else f"{rate:.1f}"


def loss_text(loss: float) -> str:
    """Three decimals, or the exponent where these would hide the number."""
    if not math.isfinite(loss):
        return "–"
    if 0 < loss < 0.001 or loss >= 1000:
        mantissa, exponent = f"{loss:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    return f"{loss:.3f}"


def clock_text(seconds: float) -> str:
    """75 -> "1:15", 3675 -> "1:01:15"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def speed_text(speed: float) -> str:
    return tr("max") if speed >= FASTEST else f"{speed:.3g} / s"


class EngineChip(QWidget):
    """Who trains: "Compiled · CPU · 146 parameters", the engine in strong; the tooltip says why."""

    _PADDING = 12

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = ""
        self._rest: tuple[str, ...] = ()
        self._is_short = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def text(self) -> str:
        """All that is shown, in reading order."""
        return " · ".join(filter(None, (self._engine, self._details())))

    def show_info(self, info: RunInfo) -> None:
        """Show who trains."""
        self._engine = tr(info.label)
        threads = Message("Threads of the processor: {count}.", count=info.threads)
        help_text = Message(info.reason, threads if info.device == "cpu" else "")
        device = info.device.upper()
        if info.threads > 1:
            device = tr("{device}, {count} threads", device=device, count=info.threads)
        parameters = trn("{count:,} parameter", "{count:,} parameters", info.parameters)
        self._rest = (device, parameters)
        describe(self, " · ".join((self._engine, *self._rest)), help_text)
        self.setVisible(True)
        self.updateGeometry()
        self.update()

    def set_short(self, is_short: bool) -> None:
        """Leave the parameters out, where there is little room."""
        if is_short != self._is_short:
            self._is_short = is_short
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        shown = self._rest[:1] if self._is_short else self._rest
        return QSize(self._width(shown), theme.scaled(26))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _details(self) -> str:
        return " · ".join(self._rest[:1] if self._is_short else self._rest)

    def _width(self, rest: tuple[str, ...]) -> int:
        strong = QFontMetrics(theme.font("strong")).horizontalAdvance(self._engine)
        plain = QFontMetrics(theme.font()).horizontalAdvance(" · ".join(("", *rest)))
        return strong + plain + 2 * self._PADDING + 2

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        with painting(self) as painter:
            fill_with(painter, now.soft)
            radius = self.height() / 2
            painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
            strong = theme.font("strong")
            area = self.rect().adjusted(self._PADDING, 0, 0, 0)
            painter.setFont(strong)
            painter.setPen(now.ink)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._engine)
            area.adjust(QFontMetrics(strong).horizontalAdvance(self._engine) + 1, 0, 0, 0)
            painter.setFont(theme.font())
            painter.setPen(now.muted)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, f" · {self._details()}")


class TransportBar(Restyled, QWidget):
    """Reset, new start, Train, steps; the numbers; the speed; who trains."""

    trainToggled = Signal()
    resetRequested = Signal()
    newStartRequested = Signal()
    stepEpochRequested = Signal()
    stepBatchRequested = Signal()
    speedChanged = Signal(object)  # epochs a second, None for as fast as possible

    _HEIGHT = 54
    _SIDE = 16

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Transport"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._info: RunInfo | None = None
        self._texts: dict[Headline, str] = {}
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
        self._assemble()
        self.show_state("idle")

    # What is shown ------------------------------------------------------------------------------

    def show_state(self, state: RunState) -> None:
        """Show whether a run is going on; emits nothing."""
        is_running = state == "running"
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

    def show_numbers(self, numbers: Numbers, elapsed: float | None = None) -> None:
        """Show epoch, speed, test score and time, as a Snapshot has them.

        elapsed  seconds by the clock on the wall, in place of those of arithmetic alone.
        """
        test = numbers.test
        accuracy = None if test is None else test.accuracy
        self._show(self.epoch, count_text(numbers.epoch))
        self._show(self.rate, rate_text(numbers.steps_per_second))
        self._show(self.loss, "–" if test is None else loss_text(test.loss))
        self._show(self.accuracy, "–" if accuracy is None else f"{100 * accuracy:.1f} %")
        self._show(self.elapsed, clock_text(numbers.seconds if elapsed is None else elapsed))

    def clear_scores(self) -> None:
        """Show that nothing is known of the present data."""
        for headline in (self.rate, self.loss, self.accuracy):
            self._show(headline, "–")

    def clear_numbers(self) -> None:
        """Show that there is no run yet."""
        self.clear_scores()
        self._show(self.epoch, count_text(0))
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

    # What is told -------------------------------------------------------------------------------

    @Slot(float)
    def _on_speed(self, value: float) -> None:
        self.speedChanged.emit(None if value >= FASTEST else value)

    # How it is made -----------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.reset = ToolButton("reset", "Reset", "Back to the same start: the same first weights.")
        self.new_start = ToolButton(
            "new-start", "New start", "Back to another start: other first weights, the same data."
        )
        self.train = PrimaryButton("Train", "", "play")
        self.step_epoch = ToolButton(
            "step-epoch", "Step an epoch", "Train one epoch: every training point once."
        )
        self.step_batch = ToolButton(
            "step-batch", "Step a batch", "Train one batch: a single step of the optimizer."
        )
        self.reset.clicked.connect(self.resetRequested)
        self.new_start.clicked.connect(self.newStartRequested)
        self.train.clicked.connect(self.trainToggled)
        self.step_epoch.clicked.connect(self.stepEpochRequested)
        self.step_batch.clicked.connect(self.stepBatchRequested)

    def _make_headlines(self) -> None:
        self.epoch = Headline("epoch", "000,000", "How often all training points were looked at.")
        self.rate = Headline("steps / s", "000,000", "Steps of the optimizer in a second.")
        self.loss = Headline(
            "test loss", "0.0e-00", "How wrong the network is on points it never trains on."
        )
        self.accuracy = Headline(
            "test accuracy", "100.0 %", "The part of the test points in the right class."
        )
        self.elapsed = Headline("elapsed", "0:00:00", "Time spent training, without pauses.")
        self.clear_numbers()

    def _assemble(self) -> None:
        buttons = (self.reset, self.new_start, self.train, self.step_epoch, self.step_batch)
        self._row = hbox(*buttons, theme.GAP, of=self)
        self._row.setContentsMargins(self._SIDE, theme.GAP, self._SIDE, theme.GAP)
        for headline in (self.epoch, self.rate, self.loss, self.accuracy, self.elapsed):
            fill(self._row, headline, theme.UNIT)
        mark = QuestionMark("transport", N_("Transport bar"))
        fill(self._row, self.speed, self.instant, STRETCH, self.chip, mark)
        self.setWhatsThis(wrapped(texts.area("transport")))
        self._fix_sizes()

    def _fix_sizes(self) -> None:
        """Give the bar its height and the primary button one width for both of its texts."""
        metrics = QFontMetrics(theme.font("strong"))
        widest = max(metrics.horizontalAdvance(text) for text in map(tr, ("Train", "Pause")))
        self.train.setFixedWidth(widest + theme.scaled(16) + theme.GAP + 2 * 18)
        self.speed.setFixedWidth(theme.scaled(120))
        self.setFixedHeight(theme.scaled(self._HEIGHT))

    def _make_room(self) -> None:
        """Drop what matters least until the rest fits: time, parameters, steps a second, engine."""
        self.chip.set_short(False)
        self.chip.setVisible(bool(self.chip.text()))
        for headline in (self.elapsed, self.rate):
            headline.show()
        drops = (
            self.elapsed.hide,
            partial(self.chip.set_short, True),
            self.rate.hide,
            self.chip.hide,
        )
        for drop in drops:
            self._row.invalidate()
            if self._row.minimumSize().width() <= self.width():
                return
            drop()

    def minimumSizeHint(self) -> QSize:
        # Narrower than the whole row: what does not fit is dropped, not the width forced.
        return QSize(0, theme.scaled(self._HEIGHT))

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
