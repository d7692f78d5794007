"""What to race, for how long and how fast: the form above the curves.

Shows an experiment and makes line-ups of it; starts nothing. GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from playground.core.errors import ExperimentError
from playground.core.experiment.experiment import Experiment
from playground.core.messages import N_, Message
from playground.core.races import RACES, Lineup, race_settings, sweep_all, values_in
from playground.ui.compare.lane_names import caller
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.training.fields import ChoiceField, Entry, Field, ValueField
from playground.ui.training.value_edit import Bounds
from playground.ui.widgets import TextField, describe
from playground.ui.widgets.layouts import hbox

ANY_SETTING: Final = "any"
GIVEN: Final = "given"
MOST_OWN_LANES: Final = 8
EPOCHS: Final = 100
NUMBER: Final = 84
"""Pixels of the field for the epochs."""
WATCHABLE_SECONDS: Final = 10.0

PACES: Final = (
    Entry("watch", "Ten seconds", "Slowly enough to watch: the race takes about ten seconds."),
    Entry("slow", "Two a second", "Two epochs a second, to see every step."),
    Entry("fast", "Fastest", "The result as soon as possible."),
)


class RaceForm(QWidget):
    """The choice of lanes; `lanes()` and the other answers are for whoever starts the race."""

    paceChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.experiment = Experiment()
        self._settings: dict[str, str] = {}
        self._given: dict[str, Experiment] = {}
        self.race = ChoiceField("Race", _races(), "What differs between the lanes.")
        self.setting = ChoiceField("Setting", [], "The setting that differs between the lanes.")
        self.values = Field(N_("Values"), TextField())
        self.epochs = ValueField(
            "Epochs",
            Bounds(1, 100_000, 10, log=True, integer=True),
            "How many passes over the training points every lane takes.",
            usual=(20, 40, 100, 200, 500, 1000),
        )
        self.pace = ChoiceField("Pace", PACES, "How fast the race is run. Acts at once.")
        self._arrange()
        self.race.committed.connect(self._on_race_chosen)
        self.setting.committed.connect(self._on_setting_chosen)
        self.pace.committed.connect(self.paceChanged)

    def show_experiment(self, experiment: Experiment) -> None:
        """Race with this experiment from now on."""
        self.experiment = experiment
        settings = race_settings(experiment)
        self._settings = {setting.path: setting.usual for setting in settings}
        self.setting.set_entries([Entry(s.path, s.label, s.path) for s in settings])
        self.epochs.show_value(min(100_000, max(1, experiment.training.epochs or EPOCHS)))
        self._on_race_chosen()

    def give(self, lanes: Mapping[str, Experiment]) -> None:
        """Offer and choose these lanes, for as long as the longest of them says."""
        self._given = dict(lanes)
        given = Entry(GIVEN, "The lanes of the lesson", "The experiments that the lesson races.")
        self.race.set_entries([given, *_races()])
        self.race.show_value(GIVEN)
        lengths = [lane.training.epochs for lane in lanes.values() if lane.training.epochs]
        self.epochs.show_value(max(lengths, default=EPOCHS))
        self._on_race_chosen()

    def take_over(self, other: RaceForm) -> None:
        """Choose what is chosen in another form on the same experiment."""
        if other._given:
            self.give(other._given)
        for mine, theirs in ((self.race, other.race), (self.setting, other.setting)):
            mine.show_value(theirs.shown_value())
        self._on_race_chosen()
        self.line.setText(other.line.text())
        self.line.setCursorPosition(0)
        self.epochs.show_value(other.length())
        self.pace.show_value(other.pace.shown_value())

    def lanes(self) -> dict[str, Experiment]:
        """The lanes as they are chosen. Raises ExperimentError with what to change."""
        if self.race.shown_value() == GIVEN:
            return self._given
        lineup = self._lineup()
        if lineup is not None and len(lineup.sweeps) != 1:
            found = lineup.experiments(self.experiment, caller(self.experiment))
            return {tr(name): experiment for name, experiment in found.items()}
        values = values_in(self.line.text())
        if len(values) < 2:
            raise ExperimentError(
                "{path}: '{text}' is no race; name at least two values with commas between them.",
                path=Message(self.values.caption),
                text=self.line.text(),
            )
        sweep = self._path(lineup), values
        lanes = sweep_all(self.experiment, [sweep], caller(self.experiment))
        if len(lanes) > MOST_OWN_LANES:
            raise ExperimentError(
                "{path}: these are {count} lanes, but {most} are the most that can be watched; name"
                " fewer values.",
                path=Message(self.values.caption),
                count=len(lanes),
                most=MOST_OWN_LANES,
            )
        return lanes

    def length(self) -> int:
        """Epochs of the race."""
        return int(self.epochs.shown_value())

    def speed(self) -> float | None:
        """Epochs a second; None for as fast as possible."""
        pace = self.pace.shown_value()
        if pace == "watch":
            return self.length() / WATCHABLE_SECONDS
        return 2.0 if pace == "slow" else None

    @property
    def line(self) -> TextField:
        """Where the values are typed."""
        control = self.values.control
        assert isinstance(control, TextField)
        return control

    def _arrange(self) -> None:
        fields = (self.race, (self.setting, 1), (self.values, 1), self.epochs, self.pace)
        hbox(*fields, of=self, spacing=theme.PANEL_GAP)
        theme.follow(self, self._fit)
        describe(
            self.line,
            "Values",
            "The values of the setting, with commas between them: a lane of each.",
        )

    @Slot()
    def _fit(self) -> None:
        """All are as wide as what they show, so that the values have what is left."""
        self.race.setFixedWidth(self.race.shown_width())
        self.pace.setFixedWidth(self.pace.most_width())
        self.epochs.setFixedWidth(theme.scaled(NUMBER))

    def _lineup(self) -> Lineup | None:
        """The ready-made line-up; None where the person chooses a setting."""
        key = self.race.shown_value()
        return None if key == ANY_SETTING else RACES[key].value

    def _path(self, lineup: Lineup | None) -> str:
        return str(self.setting.shown_value()) if lineup is None else lineup.sweeps[0][0]

    @Slot()
    def _on_race_chosen(self) -> None:
        self._fit()
        if self.race.shown_value() == GIVEN:
            self.setting.hide()
            self.values.setEnabled(False)
            self.line.setText(", ".join(self._given))
            return
        lineup = self._lineup()
        self.setting.setVisible(lineup is None)
        can_type = lineup is None or len(lineup.sweeps) == 1
        self.values.setEnabled(can_type)
        if lineup is None:
            self._on_setting_chosen()
        else:
            self.line.setText(_told(lineup))
            self.line.setCursorPosition(0)

    @Slot()
    def _on_setting_chosen(self) -> None:
        self.line.setText(self._settings.get(str(self.setting.shown_value()), ""))
        self.line.setCursorPosition(0)


def _races() -> list[Entry]:
    """The ready-made races, and that of any setting."""
    ready_made = [Entry(choice.key, choice.label, choice.help) for choice in RACES]
    return [*ready_made, Entry(ANY_SETTING, "Any setting…", "Choose a setting, type its values.")]


def _told(lineup: Lineup) -> str:
    """The values of a line-up, or the names of its lanes, in a line."""
    if lineup.lanes is not None:
        return ", ".join(map(tr, lineup.lanes))
    return " × ".join(", ".join(map(str, values)) for _, values in lineup.sweeps)
