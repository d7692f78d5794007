"""What the tabs of the curves card have in common, and the tabs over the epochs: loss, accuracy,
rate.

GUI thread. A page draws when it is told to, which is when it is in front.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from playground.core import numbers
from playground.core.data.dataset import Dataset
from playground.core.experiment.experiment import Experiment
from playground.core.messages import N_
from playground.engines.contract.run_control import CurvePoint, Snapshot
from playground.ui.curves.axes.marks import number
from playground.ui.curves.key import Gap, Key, PlotWithKey, Row, caption
from playground.ui.curves.plots import CurvePlot, Measure, Reading, is_share
from playground.ui.curves.rate import RatePlot
from playground.ui.look import theme
from playground.ui.widgets import Switch
from playground.ui.widgets.layouts import vbox

EPOCH, TEST, TRAINING = N_("epoch"), N_("test"), N_("training")
RUN_BEFORE = N_("run before")
NOTHING = "–"

Need = Literal["inspection", "predictions", "by_hand"]
"""Gradients and activations; what the network says of every point; gradients worked out by hand."""


class Page(QWidget):
    """A tab of the curves card."""

    wants: ClassVar[frozenset[Need]] = frozenset()
    """What it needs while it is in front."""

    def show_experiment(self, experiment: Experiment) -> None:
        """Another experiment is on show."""

    def show_dataset(self, dataset: Dataset) -> None:
        """Other data are trained on."""

    def start(self) -> None:
        """A new run begins.

        Instant begins one with every change, so what is replaced by the first look into it may
        stay until then, instead of flickering.
        """

    def forget(self) -> None:
        """Another document is open: nothing of the one before is left."""

    def show_nothing(self) -> None:
        """There is no run, or none that has to do with the present data: show no number of it."""

    def note(self, snapshot: Snapshot) -> None:
        """Remember what is needed later; called for every snapshot, so it must cost nothing."""

    def show_moment(self, curve: Sequence[CurvePoint], snapshot: Snapshot) -> None:
        """Draw the run as it is now; called while the page is in front."""

    def leave(self) -> None:
        """Another page comes to the front."""


class CurvePage(Page):
    """One measure over the epochs, with its values and the ghost of the run before."""

    ghostDismissed = Signal()

    def __init__(self, measure: Measure, name: str, switch: Switch | None = None) -> None:
        super().__init__()
        self.plot = CurvePlot(measure, name)
        self._say = numbers.percent if is_share(measure) else number
        self.key = Key(name, _scores(None, self._say))
        self._is_read = self._has_ghost = False
        self._corner = self.plot.empty_corner
        self._now: Reading | None = None
        column = [self.key, Gap()] if switch is None else [self.key, Gap(), switch]
        self._body = PlotWithKey(self.plot, *column)
        vbox((self._body, 1), of=self, margins=(0, theme.UNIT, 0, 0))
        self.key.cleared.connect(self.ghostDismissed)
        self.plot.read.connect(self._on_read)

    def show_ghost(self, before: Sequence[CurvePoint]) -> None:
        """A new run: the curve before becomes the ghost, or else the ghost from before it stays."""
        self.plot.start(before)
        self._has_ghost = self._has_ghost or len(before) > 1
        if self._has_ghost:
            self._show_key()

    def has_ghost(self) -> bool:
        """True where the curve of the run before is shown."""
        return self._has_ghost

    def dismiss_ghost(self) -> None:
        self.plot.dismiss_ghost()
        self._has_ghost = False
        self._show_key()

    def show_moment(self, curve: Sequence[CurvePoint], snapshot: Snapshot) -> None:
        self.plot.show_curve(curve, snapshot)
        self._show_now(self.plot.record.now(snapshot) if snapshot.has_scores else None)
        if self.plot.empty_corner != self._corner:
            self._corner = self.plot.empty_corner
            self._body.place()

    def show_nothing(self) -> None:
        self._show_now(None)

    def _show_now(self, now: Reading | None) -> None:
        """The values of the snapshot, which are those of the bar on top at the same time."""
        is_new, self._now = now != self._now, now
        if is_new and not self._is_read:
            self._show_key()

    @Slot(object)
    def _on_read(self, reading: Reading | None) -> None:
        """The values under the pointer take the place of those of now."""
        self._is_read = reading is not None
        self._show_key(reading)

    def _show_key(self, reading: Reading | None = None) -> None:
        rows = _scores(reading or self._now, self._say)
        if self._has_ghost:
            end = self._say(self.plot.ghost_end())
            rows.append(Row("dashed", RUN_BEFORE, end, can_clear=True))
        self.key.show_rows(rows)


class RatePage(Page):
    """The learning rate over the epochs, and what the schedule plans."""

    WAITS = N_("This schedule waits to see how the loss moves.")

    def __init__(self) -> None:
        super().__init__()
        self.plot = RatePlot()
        self._key = Key("Learning rate")
        self._note = caption(self.WAITS)
        self._note.hide()
        self._reading: Reading | None = None
        body = PlotWithKey(self.plot, self._key, self._note)
        vbox((body, 1), of=self, margins=(0, theme.UNIT, 0, 0))
        self.plot.read.connect(self._on_read)
        self._show_reading()

    def show_experiment(self, experiment: Experiment) -> None:
        self.plot.show_experiment(experiment)
        self._note.setVisible(not self.plot.plans)
        self._show_reading()

    def start(self) -> None:
        self.plot.start()
        self._show_reading()

    def show_moment(self, curve: Sequence[CurvePoint], snapshot: Snapshot) -> None:
        self.plot.show_curve(curve, snapshot)
        self._show_reading()

    @Slot(object)
    def _on_read(self, reading: Reading | None) -> None:
        self._reading = reading
        self._show_reading()

    def _show_reading(self) -> None:
        """The rate at the pointer, or now; before training, the plan for the first epoch."""
        epoch, rate, _ = self._reading or self.plot.latest() or (0.0, np.nan, np.nan)
        when = f"{epoch:,.0f}"
        rows = [Row("none", N_("epoch"), when), Row("strong", N_("used"), number(rate))]
        if self.plot.plans:
            rows.append(Row("dashed", N_("planned"), number(self.plot.planned_at(epoch))))
        self._key.show_rows(rows)


def _scores(reading: Reading | None, say: Callable[[float], str]) -> list[Row]:
    when = train = test = NOTHING
    if reading is not None:
        when, train, test = f"{reading[0]:,.0f}", say(reading[1]), say(reading[2])
    return [Row("none", EPOCH, when), Row("strong", TEST, test), Row("quiet", TRAINING, train)]
