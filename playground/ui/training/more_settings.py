"""The settings behind "More" of TRAINING: a panel that floats above its button and scrolls.

Shows an experiment and asks for changes; it never makes one. Imports core, PySide6, the widget kit
and the settings form; GUI thread only.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget

from playground.core.data.data_settings import DIVIDING, DataSettings
from playground.core.data.dataset import Dataset
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.settings import Settings, presentation
from playground.core.messages import N_
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.training.fields import Entry
from playground.ui.training.settings_form import Hints, SettingsForm, help_text
from playground.ui.widgets import Label, allow
from playground.ui.widgets.layouts import STRETCH, fill, hbox, scrolling, vbox
from playground.ui.widgets.popup import Popup

INITIALIZERS: Final = (
    Entry("default", "Default", "PyTorch's own: uniform, narrower for wider layers."),
    Entry("xavier", "Xavier", "Keeps signals equally strong through tanh and sigmoid layers."),
    Entry("kaiming", "Kaiming", "Keeps signals equally strong through ReLU layers."),
    Entry("normal", "Normal", "A bell curve, as wide for every layer."),
    Entry(
        "standard_normal", "Standard normal", "A bell curve of deviation 1: wild, except by hand."
    ),
    Entry("zeros", "Zeros", "All the same: every unit of a layer then learns the same."),
)
ENGINES: Final = (
    Entry("auto", "Auto", "The fastest that can train this network."),
    Entry("torch", "PyTorch", "Every layer on every device."),
    Entry("numpy", "NumPy", "Dense layers by hand, to be read."),
    Entry("compiled", "Compiled", "Dense layers on the processor, at full speed."),
)
PRECISIONS: Final = (
    Entry("float32", "float32", "About seven digits; what everyone trains with."),
    Entry("float64", "float64", "About sixteen digits; slower, to check a result."),
)
SCALINGS: Final = (
    Entry(False, "Off", "Inputs as they are."),
    Entry(True, "Training points", "Measured where the network learns, as in earnest."),
    Entry("all", "All points", "Measured on the test points, too: that lets them leak."),
)
TARGET_SCALINGS: Final = (
    Entry("none", "None", "Targets as they are."),
    Entry(
        "standard",
        "Standardised",
        "Mean 0 and deviation 1 while they are learned. What is said stays in their own units.",
    ),
)
OUTPUT_ACTIVATIONS: Final = (
    Entry("linear", "Linear", "Outputs as they are."),
    Entry("tanh", "Tanh", "Outputs from -1 to 1; a loss of numbers learns two classes as these."),
)
WATCHED: Final = (
    Entry("test", "Test points", "What counts is how well it does on points it never trains on."),
    Entry("train", "Training points", "What counts is how well it has learned its own points."),
)

_COLUMN: Final = 176

Sections = tuple[tuple[Label, tuple[tuple[SettingsForm, ...], ...]], ...]
"""Title and rows of forms."""


def _data_form() -> SettingsForm:
    scaling, targets = Hints(SCALINGS), Hints(TARGET_SCALINGS)
    names = ("seed", "standardize", "target_scaling", "stratify")
    return _form("data", *names, standardize=scaling, target_scaling=targets)


def _form(path: str, *names: str, columns: int = 3, **hints: Hints) -> SettingsForm:
    return SettingsForm(path, only=names, hints=hints, columns=columns, column_width=_COLUMN)


class MoreSettings(Popup):
    """All settings of training that are not among the eight of the panel, in sections.

    They are a tenth of what the window costs to make, so they are made when somebody asks for them.
    """

    committed = Signal(str, object)  # path, value

    def __init__(self, parent: QWidget) -> None:
        super().__init__("More training settings", parent)
        self._experiment: Experiment | None = None
        self._dataset: Dataset | None = None
        self._area: QScrollArea | None = None
        self._made: _Page | None = None

    @property
    def _page(self) -> _Page:
        """What is in here, made by now, and showing what is set."""
        if self._made is None:
            self._made = page = _Page()
            self._area = scrolling(page)
            vbox(self._area, of=self, margins=1)
            for form in page.forms():
                form.committed.connect(self.committed)
            if self._experiment is not None:
                page.show_experiment(None, self._experiment)
            if self._dataset is not None:
                page.show_dataset(self._dataset)
        return self._made

    def forms(self) -> list[SettingsForm]:
        """All parts, in the order in which they are shown."""
        return self._page.forms()

    def form(self, path: str, name: str) -> SettingsForm:
        """The form that shows the setting `name` of the part at `path`."""
        return self._page.form(path, name)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show every setting; emits nothing."""
        before, self._experiment = self._experiment, experiment
        if self._made is not None:
            self._made.show_experiment(before, experiment)
        if self.isVisible():
            self._fit()

    def put_back(self) -> None:
        """Show again what holds, in place of an entry that was refused."""
        if self._made is not None:
            self._made.put_back()

    def show_dataset(self, dataset: Dataset) -> None:
        """Offer what can be done to images only where there are some."""
        self._dataset = dataset
        if self._made is not None:
            self._made.show_dataset(dataset)

    def open_above(self, button: QWidget) -> None:
        """Open above `button`, right edges in line."""
        self._fit()
        corner = button.mapToGlobal(QPoint(button.width(), -theme.UNIT))
        self.open_at(corner - QPoint(self.width(), self.height()), button)
        self.forms()[2].setFocus(Qt.FocusReason.PopupFocusReason)

    def sizeHint(self) -> QSize:
        page, area = self._page.sizeHint(), self._area
        assert area is not None, "it is made with the page"
        room = self.screen().availableGeometry().size()
        width = page.width() + area.verticalScrollBar().sizeHint().width()
        return QSize(
            min(width, room.width() - 2 * self.MARGIN),
            min(page.height() + 2, room.height() - 2 * self.MARGIN),
        )

    def _fit(self) -> None:
        # Fields that were made while this panel was hidden have not told the layouts above them.
        for layout in self._page.findChildren(QLayout):
            layout.invalidate()
        self.resize(self.sizeHint())


class _Page(QWidget):
    """The forms, under the titles of their sections."""

    def __init__(self) -> None:
        super().__init__()
        self._kinds = "", ""
        self._sections = self._make_sections()
        self._assemble()

    def forms(self) -> list[SettingsForm]:
        return [form for _, rows in self._sections for row in rows for form in row]

    def form(self, path: str, name: str) -> SettingsForm:
        return next(form for form in self.forms() if form.path == path and name in form.fields)

    def show_experiment(self, before: Experiment | None, experiment: Experiment) -> None:
        """Show every setting that is another one than before."""
        for form in self.forms():
            part: Settings = attrgetter(form.path)(experiment)
            if before is None or attrgetter(form.path)(before) != part:
                form.show_settings(part)
        kinds = experiment.training.optimizer.label, experiment.training.schedule.label
        if kinds != self._kinds:
            self._kinds = kinds
            self._sections[0][0].setText(tr("Optimizer · {name}", name=tr(kinds[0])))
            self._sections[1][0].setText(tr("Schedule · {name}", name=tr(kinds[1])))

        self._allow_division(experiment.data)

    def _allow_division(self, data: DataSettings) -> None:
        for name in DIVIDING:
            if (field := self.form("data", "seed").fields.get(name)) is not None:
                declared = help_text(presentation(DataSettings.model_fields[name]))
                field.setEnabled(not data.why_not_divided)
                allow(field.control, declared, data.why_not_divided)

    def put_back(self) -> None:
        for form in self.forms():
            form.put_back()

    def show_dataset(self, dataset: Dataset) -> None:
        for name, field in self.form("training.augmentation", "jitter").fields.items():
            field.setVisible(name == "jitter" or dataset.image is not None)

    def _make_sections(self) -> Sections:
        optimizer = SettingsForm(
            "training.optimizer", without=("learning_rate",), column_width=_COLUMN
        )
        schedule = SettingsForm("training.schedule", column_width=_COLUMN)
        never = Hints(word="Never")
        stop_after = Hints(word="Never", caption=N_("Stop after"))
        start = _form("training", "seed", "epochs", columns=2, epochs=stop_after)
        weights = _form("model", "initializer", columns=1, initializer=Hints(INITIALIZERS))
        stop = _form(
            "training.stop",
            "loss_below",
            "accuracy_above",
            "patience",
            "watch",
            loss_below=never,
            accuracy_above=never,
            patience=never,
            watch=Hints(WATCHED),
        )
        augmentation = SettingsForm("training.augmentation", column_width=_COLUMN)
        data = _data_form()
        engine = _form(
            "training",
            "engine",
            "dtype",
            columns=2,
            engine=Hints(ENGINES),
            dtype=Hints(PRECISIONS),
        )
        bends = Hints(OUTPUT_ACTIVATIONS)
        output = _form("model.output", "bias", "activation", columns=2, activation=bends)
        return (
            (Label("Optimizer", "section", muted=True), ((optimizer,),)),
            (Label("Schedule", "section", muted=True), ((schedule,),)),
            (Label("Start and stop", "section", muted=True), ((start, weights), (stop,))),
            (Label("Augmentation", "section", muted=True), ((augmentation,),)),
            (Label("Data", "section", muted=True), ((data,),)),
            (Label("Engine and output", "section", muted=True), ((engine, output),)),
        )

    def _assemble(self) -> None:
        column = vbox(of=self, margins=theme.PANEL_PADDING + theme.UNIT)
        for index, (title, rows) in enumerate(self._sections):
            fill(column, *[theme.GAP] * (index > 0), title)
            fill(column, *[hbox(*forms, STRETCH, spacing=theme.PANEL_GAP) for forms in rows])
        column.addStretch(1)
