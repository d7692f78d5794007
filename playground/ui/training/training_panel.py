"""TRAINING: how the network learns. The eight settings used most, and the others behind "More".

Shows an experiment and asks for changes; it never makes one. Imports core, PySide6, the widget kit
and the settings form; neither torch nor the engines, so the window names the devices.
GUI thread only.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from operator import attrgetter
from typing import Any, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from playground.core.data.dataset import Dataset, class_count
from playground.core.experiment.experiment import Experiment, Regularization, TrainingSpec
from playground.core.experiment.settings import presentation
from playground.core.messages import N_, Message
from playground.core.training.losses import LOSSES, misfit
from playground.core.training.optimizers import OPTIMIZERS, Adam
from playground.core.training.schedules import SCHEDULES
from playground.ui.look import theme
from playground.ui.training.fields import ChoiceField, Entry, Field
from playground.ui.training.folding import Sheet, SummaryLine, said
from playground.ui.training.more_settings import MoreSettings
from playground.ui.training.settings_form import STARTS_AGAIN, Hints, field_for, help_text
from playground.ui.widgets import Card, LinkButton, describe

# The steps of TensorFlow Playground's menus.
LEARNING_RATES: Final = (1e-5, 1e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PENALTY_RATES: Final = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
BATCH_SIZES: Final = (1, 5, 10, 20, 30, 50, 100)

PENALTIES: Final = (
    Entry("none", "None", "Large weights cost nothing."),
    Entry("l1", "L1", "Pulls weights to zero, so that few connections are left."),
    Entry("l2", "L2", "Keeps all weights small, so that the picture stays smooth."),
)
_ALL_THE_ROOM: Final = 1000
_NO_PENALTY: Final = N_("Choose L1 or L2 first: without a penalty there is no rate.")
DEVICES: Final = (
    ("auto", N_("Auto")),
    ("cpu", N_("CPU")),
)


def _kinds(classes: dict[str, Any]) -> list[Entry]:
    """The entries of a choice among settings classes that bring a label and a help text."""
    return [Entry(key, kind.label, kind.help) for key, kind in classes.items()]


class TrainingPanel(Card):
    """The form under the network.

    `committed` asks for a change, with a path as in `Experiment.with_setting`; `refused` gives the
    sentence that is shown at an entry that cannot be. `changed` is part of what every panel has;
    nothing slides here.
    """

    changed = Signal(str, object)  # path, value
    committed = Signal(str, object)  # path, value
    refused = Signal(object)

    _LEAST = 596
    """Pixels of the form in which the names of losses and devices are whole."""
    _SHARES = (5, 4, 4, 5)
    """Of the width, for each column: these names are longer than the rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Training", parent)
        self._experiment: Experiment | None = None
        self._problem: tuple[int, str] | None = None
        """Classes of the data, and activation of the outputs."""
        self._devices: tuple[tuple[str, str], ...] = DEVICES
        self._more = MoreSettings(self)
        self._more.committed.connect(self.committed)
        self.more_button = LinkButton(
            "More", "All other settings: optimizer, schedule, start, precision.", "settings"
        )
        self.more_button.clicked.connect(self.open_more)
        self._fields = self._make_fields()
        self._form = QWidget()
        self.content.addWidget(self._form)
        self._form.setLayout(self._grid())
        self.line, self.sheet = SummaryLine(), Sheet(self)
        self.line.clicked.connect(self.open_sheet)
        self.add_to_header(self.line, _ALL_THE_ROOM)
        self.add_to_header(self.more_button)
        self.line.hide()
        self.content.addStretch(1)

    def field(self, path: str) -> Field:
        """The field of one of the eight settings."""
        return self._fields[path]

    @property
    def fields(self) -> dict[str, Field]:
        """All eight, by the paths of their settings."""
        return self._fields

    @property
    def more(self) -> MoreSettings:
        return self._more

    def controls(self) -> dict[str, QWidget]:
        return {path.removeprefix("training."): field for path, field in self._fields.items()}

    def show_experiment(self, experiment: Experiment, dataset: Dataset | None = None) -> None:
        """Show the settings that have changed, and the losses that fit the data; emits nothing."""
        self._experiment = experiment
        problem = class_count(experiment, dataset), experiment.model.output.activation
        if problem != self._problem:
            self._problem = problem
            self._list_losses()
        self.line.say(said(experiment.training))
        for path, field in self._fields.items():
            value = attrgetter(path)(experiment)
            if value != field.known:
                field.refresh(value)
        self._allow_rate(experiment.training.regularization.kind != "none")
        self._more.show_experiment(experiment)
        if dataset is not None:
            self._more.show_dataset(dataset)

    def put_back(self) -> None:
        """Show again what holds, in place of an entry that was refused."""
        assert self._experiment is not None, "who asks for a setting has shown one"
        for path, field in self._fields.items():
            field.refresh(attrgetter(path)(self._experiment))
        self._more.put_back()

    def set_devices(self, devices: Iterable[tuple[str, str]]) -> None:
        """List these (key, label) after Auto, in place of the processor alone."""
        self._devices = (DEVICES[0], *(device for device in devices if device[0] != "auto"))
        field = self._fields["training.device"]
        if isinstance(field, ChoiceField):
            field.set_entries(self._device_entries())
        if self._experiment is not None:
            field.show_value(self._experiment.training.device)

    # In a low window.

    def set_folded(self, is_folded: bool) -> None:
        """Say the settings in one line, which opens the form as a sheet; or show the form."""
        if is_folded == self.is_folded:
            return
        self.is_folded = is_folded
        self.line.setVisible(is_folded)
        if is_folded:
            self.sheet.hold(self._form, self.more_button)
        else:
            self.sheet.close()
            self.content.insertWidget(0, self._form)
            self.add_to_header(self.more_button)
            self._form.show()
            self.more_button.show()

    def form_width(self) -> int:
        """Pixels that the card is wide at least, with the form in it."""
        least = max(self._form.minimumSizeHint().width(), theme.scaled(self._LEAST))
        return least + 2 * theme.PANEL_PADDING

    is_folded = False
    """True while the form is away, in its sheet."""

    @Slot()
    def open_sheet(self) -> None:
        """Show the form over what stands above this card, where it is folded."""
        if self.is_folded and not self.sheet.isVisible():
            self.sheet.open_over(self)
            self._form.setFocus(Qt.FocusReason.PopupFocusReason)

    def reveal(self, field: Field) -> None:
        """Bring the keyboard to one of the eight, wherever they are."""
        self.open_sheet()
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def open_more(self) -> None:
        """Open the other settings above their button."""
        is_shown = self.more_button.isVisible()
        self._more.open_above(self.more_button if is_shown else self.line)

    @Slot()
    def open_engine(self) -> None:
        """Bring the keyboard to the choice of an engine, unless the whole panel is hidden."""
        if self.isVisible():
            self.open_more()
            field = self._more.form("training", "engine").fields["engine"]
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _make_fields(self) -> dict[str, Field]:
        choose = "training.optimizer.kind", "training.schedule.kind"
        how = Message("How a step follows from the gradient.", STARTS_AGAIN)
        moves = Message("How the learning rate moves with the epochs.", STARTS_AGAIN)
        training, penalty = TrainingSpec.model_fields, Regularization.model_fields
        rate = field_for(Adam.model_fields["learning_rate"], Hints(usual=LEARNING_RATES))
        fields = {
            choose[0]: ChoiceField("Optimizer", _kinds(OPTIMIZERS), how),
            "training.optimizer.learning_rate": rate,
            choose[1]: ChoiceField("Schedule", _kinds(SCHEDULES), moves),
            "training.batch_size": field_for(
                training["batch_size"], Hints(usual=BATCH_SIZES, word="Full")
            ),
            "training.loss": field_for(training["loss"], Hints(self._loss_entries())),
            "training.regularization.kind": field_for(penalty["kind"], Hints(PENALTIES)),
            "training.regularization.rate": field_for(penalty["rate"], Hints(usual=PENALTY_RATES)),
            "training.device": field_for(training["device"], Hints(self._device_entries())),
        }
        for path, field in fields.items():
            field.committed.connect(partial(self.committed.emit, path))
            field.refused.connect(self.refused)
        return fields

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.PANEL_GAP)
        grid.setVerticalSpacing(theme.GAP)
        for index, field in enumerate(self._fields.values()):
            grid.addWidget(field, *divmod(index, len(self._SHARES)))
        for column, share in enumerate(self._SHARES):
            grid.setColumnStretch(column, share)
        return grid

    def _allow_rate(self, is_allowed: bool) -> None:
        rate = self._fields["training.regularization.rate"]
        if rate.isEnabled() == is_allowed and rate.control.toolTip():
            return
        rate.setEnabled(is_allowed)
        declared = help_text(presentation(Regularization.model_fields["rate"]))
        describe(rate.control, rate.caption, declared if is_allowed else _NO_PENALTY)

    def _list_losses(self) -> None:
        field = self._fields["training.loss"]
        if isinstance(field, ChoiceField):
            field.set_entries(self._loss_entries())

    def _loss_entries(self) -> list[Entry]:
        return [
            Entry(choice.key, choice.label, choice.help, self._obstacle(choice.key))
            for choice in LOSSES
        ]

    def _obstacle(self, loss: str) -> str:
        return (self._problem is not None and misfit(loss, *self._problem)) or ""

    def _device_entries(self) -> list[Entry]:
        helps = {
            "auto": N_("The processor for small networks, a graphics card for large ones."),
            "cpu": N_("The processor: for small networks the fastest."),
        }
        fallback = N_("A graphics card: worth it for large networks and batches.")
        return [Entry(key, label, helps.get(key, fallback)) for key, label in self._devices]
