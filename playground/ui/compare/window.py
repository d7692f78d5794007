"""The window of a race: arrangement, wiring, and the state of the race that is shown.

It races with a copy of the experiment it was given and changes nothing of the document; who wants a
lane in the main window asks for it (`adopted`). GUI thread; the race has a thread of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from typing import Final, cast

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.errors import PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import write_atomically
from playground.core.messages import N_, Message
from playground.engines.contract.base import SplitName
from playground.engines.contract.control import Post
from playground.engines.contract.views import Views
from playground.engines.many.race import RaceSnapshot, as_csv, standings
from playground.engines.many.race_control import RaceControl
from playground.ui.compare.curves import RaceCurves
from playground.ui.compare.form import RaceForm
from playground.ui.compare.table import StandingsTable
from playground.ui.compare.tiles import TileWall, has_picture
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.session.saving import ask_where
from playground.ui.session.worker import Worker
from playground.ui.widgets import (
    Card,
    Choice,
    Item,
    Label,
    LinkButton,
    Notice,
    NumberField,
    PrimaryButton,
    Switch,
    ToolButton,
)
from playground.ui.widgets.layouts import hbox, vbox

FIRST: Final = (1240, 700)
SMALLEST: Final = (900, 600)
GRID, COARSE_GRID, MANY_LANES = 64, 40, 8
"""Cells along each side of a picture, and of one among many."""

THRESHOLD: Final = 0.1
WATCHES: Final = (
    Item(
        "train",
        Message("Training", context="points"),
        "The loss on the points that the lanes learn from.",
    ),
    Item("test", "Test", "The loss on the points that are held out."),
)
HINT: Final = N_(
    "All lanes start from the same weights and see the same points.\n"
    "Choose what differs between them, and press Race."
)
RACE: Final = Message("Race", context="button")
FAULT = N_("The race stopped on an unexpected error: {error}. Please report it.")


class Phase(StrEnum):
    """What the race is doing."""

    IDLE = "idle"
    RACING = "racing"
    PAUSED = "paused"
    OVER = "over"


class CompareWindow(QWidget):
    """One window, one race at a time."""

    started = Signal()  # a race begins, in place of the one under way
    finished = Signal()  # all lanes of a race, which are `lanes`, ran to their end
    adopted = Signal(object)  # Experiment of a lane that the person wants in the main window
    closed = Signal()

    def __init__(self, experiment: Experiment, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(tr("Compare"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(*SMALLEST)
        self.resize(QSize(*FIRST).boundedTo(self.screen().availableSize()))
        self.phase = Phase.IDLE
        self.moment: RaceSnapshot | None = None
        self.lanes: Mapping[str, Experiment] = {}
        self._control: RaceControl | None = None
        self._worker = Worker(self, "race", in_turn=True, fault=FAULT)
        self._make_parts()
        self._arrange()
        self._wire()
        self.form.show_experiment(experiment)
        self.curves.start(self.form.length())
        self._on_threshold_changed(self.threshold.value())
        self._show_phase()
        application = QCoreApplication.instance()
        assert application is not None, "there is no window without an application"
        application.aboutToQuit.connect(self.shut_down)

    # Arrangement.

    def _make_parts(self) -> None:
        self.form = RaceForm()
        self.curves, self.table, self.wall = RaceCurves(), StandingsTable(), TileWall()
        self.notice = Notice()
        self.start_button = PrimaryButton(RACE, "Start all lanes from the same weights.", "play")
        self.start_button.keep_width_for(RACE, "Pause", "Go on")
        self.restart_button = ToolButton(
            "reset", "Restart", "Start again, with the lanes as they are chosen now."
        )
        self.watch = Choice("Loss of", WATCHES, key="train", help_text="Whose loss is shown.")
        self.log = Switch("Log", "Show powers of ten at equal distances: tells small losses apart.")
        self.log.setChecked(True)
        self.threshold = NumberField(
            "Threshold",
            1e-15,
            1e30,  # targets may have units of their own
            THRESHOLD,
            log=True,
            help_text="The table says at which step the loss of each lane first got below this.",
        )
        self.picture_button = LinkButton("PNG…", "Save the curves as a picture.", "download")
        self.table_button = LinkButton("CSV…", "Save all curves as a table.", "download")
        self.adopt_button = LinkButton(
            "Use this lane", "Put the settings of the chosen lane into the main window.", "check"
        )
        self._progress = Label("", "caption", muted=True)

    def _arrange(self) -> None:
        top = Card()
        foot = Qt.AlignmentFlag.AlignBottom
        buttons = [(button, foot) for button in (self.restart_button, self.start_button)]
        top.content.addLayout(hbox((self.form, 1), *buttons, spacing=theme.PANEL_GAP))
        left = vbox((self._curves_card(), 1), self._table_card(), spacing=theme.PANEL_GAP)
        body = hbox((left, 5), (self._wall_card(), 4), spacing=theme.PANEL_GAP)
        vbox(top, self.notice, (body, 1), of=self, spacing=theme.PANEL_GAP, margins=theme.PANEL_GAP)

    def _curves_card(self) -> Card:
        card = Card("Loss")
        self.watch.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        parts = (self._progress, self.picture_button, self.table_button, self.watch, self.log)
        for part in parts:
            card.add_to_header(part)
        card.content.addWidget(self.curves, 1)
        return card

    def _table_card(self) -> Card:
        card = Card("Lanes")
        card.add_to_header(self.adopt_button)
        card.add_to_header(Label("First below", "caption", muted=True))
        self.threshold.setFixedWidth(theme.scaled(80))
        card.add_to_header(self.threshold)
        card.content.addWidget(self.table, 1)
        return card

    def _wall_card(self) -> Card:
        self.wall_card = Card("Boundaries")
        self._hint = Label(HINT, "body", muted=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self.wall_card.content.addWidget(self._hint, 1)
        self.wall_card.content.addWidget(self.wall, 1)
        self.wall.hide()
        return self.wall_card

    def _wire(self) -> None:
        self.start_button.clicked.connect(self.toggle)
        self.restart_button.clicked.connect(self.start)
        self.form.paceChanged.connect(self._on_pace_changed)
        self.form.line.returnPressed.connect(self.start)
        self.watch.chosen.connect(self._show_moment)
        self.log.toggled.connect(self.curves.set_log)
        self.threshold.valueCommitted.connect(self._on_threshold_changed)
        self.threshold.refused.connect(self.notice.warn)
        self.table.laneChosen.connect(self._on_lane_chosen)
        for part in (self.table, self.wall):
            part.pointed.connect(self._on_lane_pointed)
        self.picture_button.clicked.connect(self._save_picture)
        self.table_button.clicked.connect(self._save_table)
        self.adopt_button.clicked.connect(self._adopt)
        self._worker.posted.connect(self._on_moved)
        self._worker.finished.connect(self._on_finished)
        self._worker.failed.connect(self._on_failed)

    # The race.

    def race(self, lanes: Mapping[str, Experiment]) -> None:
        """Begin a race with lanes that somebody else has chosen, such as those of a lesson."""
        self.form.give(lanes)
        self.start()

    @property
    def has_raced(self) -> bool:
        """True from the first start on."""
        return self._control is not None

    @Slot()
    def toggle(self) -> None:
        """Start, pause or go on, whichever comes next."""
        if self._control is None or self.phase in (Phase.IDLE, Phase.OVER):
            self.start()
        elif self.phase == Phase.RACING:
            self._control.pause()
            self._set_phase(Phase.PAUSED)
        else:
            self._control.resume()
            self._set_phase(Phase.RACING)

    @Slot()
    def start(self) -> None:
        """Begin a race with the lanes as they are chosen now, in place of the one under way."""
        try:
            lanes = self.form.lanes()
        except PlaygroundError as error:
            self.notice.show_message(tr(error), "warning")
            return
        self.notice.hide()
        self.lanes, self.moment = lanes, None
        self.table.start(list(lanes))
        self.curves.start(self.form.length())
        grid = GRID if len(lanes) <= MANY_LANES else COARSE_GRID
        self._control = RaceControl(
            views=Views(grid=grid, extent=self.form.experiment.view.extent),
            speed=self.form.speed(),
        )
        self._worker.start(partial(_race, lanes, self.form.length()), self._control)
        self._set_phase(Phase.RACING)
        self.started.emit()

    @Slot()
    def shut_down(self) -> None:
        """Tell the race to end, which it does by itself, and its thread with it."""
        if self._worker.is_busy:
            self._set_phase(Phase.OVER)
            self._worker.stop()

    @Slot(object)
    def _on_moved(self, moment: RaceSnapshot) -> None:
        self.moment = moment
        self._show_moment()

    @Slot()
    def _on_finished(self) -> None:
        self._set_phase(Phase.OVER)
        if self.moment is not None and self.moment.is_over:
            self.finished.emit()

    @Slot(object)
    def _on_failed(self, sentence: str) -> None:
        self.notice.show_message(sentence, "warning")
        self._set_phase(Phase.OVER)

    @Slot()
    def _on_pace_changed(self) -> None:
        if self._control is not None:
            self._control.set_speed(self.form.speed())

    # What is shown.

    def _set_phase(self, phase: Phase) -> None:
        self.phase = phase
        self._show_phase()

    def _show_phase(self) -> None:
        is_on = self.phase in (Phase.RACING, Phase.PAUSED)
        label, icon = {
            Phase.RACING: (N_("Pause"), "pause"),
            Phase.PAUSED: (N_("Go on"), "play"),
        }.get(self.phase, (RACE, "play"))
        self.start_button.set_label(label)
        self.start_button.set_icon(icon)
        self.restart_button.setEnabled(is_on)
        for button in (self.picture_button, self.table_button):
            button.setEnabled(self.moment is not None)
        self.adopt_button.setEnabled(self.table.chosen() >= 0)
        self._show_progress()

    def _show_progress(self) -> None:
        if self.moment is None:
            self._progress.setText("")
            return
        text = N_("epoch {epoch:,} of {epochs:,}")
        self._progress.setText(tr(text, epoch=self.moment.epoch, epochs=self.moment.epochs))

    @Slot()
    def _show_moment(self) -> None:
        if self.moment is None:
            return
        lanes = self.moment.lanes
        has_test = any(lane.snapshot.test is not None for lane in lanes)
        has_accuracy = any(lane.snapshot.train.accuracy is not None for lane in lanes)
        self.table.show_columns(test=has_test, accuracy=has_accuracy)
        self.watch.setVisible(has_test)
        self.curves.show_lanes(lanes, self._watched())
        self._show_standings()
        has_pictures = any(map(has_picture, lanes))
        self.wall_card.setVisible(has_pictures)
        self.wall.setVisible(has_pictures)
        self._hint.hide()
        if has_pictures:
            self.wall_card.set_title(N_("Boundaries") if has_accuracy else N_("Fits"))
            self.wall.show_lanes(lanes)
        self._emphasise()
        self._show_phase()

    def _show_standings(self) -> None:
        if self.moment is not None:
            rows = standings(self.moment.lanes, self.threshold.value(), self._watched())
            self.table.show_standings(rows)

    def _watched(self) -> SplitName:
        return cast(SplitName, self.watch.key())

    @Slot(float)
    def _on_threshold_changed(self, value: float) -> None:
        self.notice.hide()
        self.curves.set_threshold(value)
        self.table.show_threshold(value)
        self._show_standings()

    @Slot(int)
    def _on_lane_chosen(self, number: int) -> None:
        self.curves.choose(number)
        self.wall.choose(number)
        self._emphasise()
        self.adopt_button.setEnabled(number >= 0)

    @Slot(int)
    def _on_lane_pointed(self, number: int) -> None:
        self.curves.point_at(number)
        self._emphasise()

    def _emphasise(self) -> None:
        """The sign of a lane looks as its line does, wherever it stands."""
        for part in (self.table, self.wall):
            part.emphasise(self.curves.is_strong)

    # What leaves the window.

    @Slot()
    def _adopt(self) -> None:
        number = self.table.chosen()
        if number >= 0:
            self.adopted.emit(list(self.lanes.values())[number])

    @Slot()
    def _save_picture(self) -> None:
        if self.moment is not None:
            from playground.ui.compare.race_png import race_png

            content = race_png(self.moment.lanes, self.threshold.value())
            self._save(N_("Save picture"), ".png", N_("Pictures (*.png)"), content)

    @Slot()
    def _save_table(self) -> None:
        if self.moment is not None:
            content = as_csv(self.moment.lanes)
            self._save(N_("Save table"), ".csv", N_("Tables (*.csv)"), content)

    def _save(self, title: str, ending: str, kinds: str, content: bytes) -> None:
        name = f"{tr('Compare').lower()}{ending}"
        path = ask_where(self, title, name, tr(kinds), [ending])
        if path is None:
            return
        try:
            write_atomically(path, content)
        except PlaygroundError as error:
            self.notice.show_message(tr(error), "warning")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.shut_down()
        super().closeEvent(event)
        self.closed.emit()


def _race(lanes: Mapping[str, Experiment], epochs: int, control: RaceControl, post: Post) -> None:
    """On the thread of the race, which imports torch."""
    from playground.engines.many.race import race

    for moment in race(lanes, epochs=epochs, control=control):
        post(moment)
