"""DATA: what the network learns from. The gallery of data sets, and how many points, how noisy, how
divided.

Shows an experiment and asks for changes; it never makes one. Imports core, PySide6 and the widget
kit; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QSizePolicy, QWidget

from playground.core import numbers
from playground.core.data.data import Data, GeneratedData, ImagesData
from playground.core.data.data_settings import MAX_SEED, DataSettings
from playground.core.data.dataset import Dataset
from playground.core.data.generators import GENERATORS
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.data.tables.table import BUILTINS
from playground.core.experiment.edits import test_share
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.settings import presentation
from playground.core.messages import N_, Message
from playground.ui.data.columns import Columns, LookedAt
from playground.ui.data.data_caption import caption_of
from playground.ui.data.data_hints import DATA_HINTS, OWN_SETTINGS
from playground.ui.data.exact_slider import ExactSlider
from playground.ui.data.gallery import PAGES, Gallery
from playground.ui.data.table_summary import TableSummary
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.training.settings_form import SettingsForm, help_text
from playground.ui.widgets import Card, Label, LinkButton, Tabs, ToolButton, allow, wrapped
from playground.ui.widgets.base import line_height
from playground.ui.widgets.layouts import STRETCH, fill, hbox

_KINDS: Final = (
    N_("Classification: every point belongs to a class, and the network learns which."),
    N_("Regression: every point has a number, and the network learns to predict it."),
)
_OPEN: Final = Message("The data that are open are of this kind.")
_SHARE: Final = N_(
    "The part of the points that the network learns from; the others test what it has learned. Acts"
    " at once."
)
_ARRAYS: Final = N_("Choose which arrays of the file are the images, and which are their labels.")
_NEW_DRAW: Final = N_(
    "Draw the same data anew: other points, another division. Your own points stay, and are divided"
    " anew. Acts at once."
)


def _same(value: float) -> float:
    return value


def _complement(share: float) -> float:
    """The test share from the training share, and back, without the noise of binary fractions."""
    return float(f"{1 - share:.12g}")


class DataPanel(Card):
    """The first card of the left column.

    `changed` and `committed` ask for settings, with a path as in `Experiment.with_setting`.
    """

    _is_compact = False
    _placed: tuple[bool, bool] | None = None
    """For which of both the sliders stand where they are: compact, and beside one of classes."""

    changed = Signal(str, object)  # path, value; while a slider is dragged
    committed = Signal(str, object)  # path, value; when it is let go
    generatorChosen = Signal(str)  # key of GENERATORS
    builtinChosen = Signal(str)  # key of BUILTINS
    clearRequested = Signal()
    vectorsRequested = Signal()
    importRequested = Signal()  # a person wants to bring a file
    photographsRequested = Signal()  # or a folder of pictures
    refused = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Data", parent)
        self._form: SettingsForm | None = None
        self._data: Data | None = None
        self._dataset: Dataset | None = None
        self._opened: object = None
        self.tabs = self._make_tabs()
        self.add_to_header(self.tabs)
        self.gallery = Gallery()
        self.gallery.chosen.connect(self.generatorChosen)
        self.tabs.currentChanged.connect(self.gallery.setCurrentIndex)
        self.content.addWidget(self.gallery)
        self._caption = Label("", "caption", muted=True)
        self.tabs.currentChanged.connect(self._show_caption)
        self.summary = TableSummary()
        fill(self.content, self._make_caption_row(), self.summary)
        self._sliders = QGridLayout()
        self._sliders.setHorizontalSpacing(theme.PANEL_GAP)
        self.content.addLayout(self._sliders)
        self._make_sliders()
        self._columns, self._looked_at = Columns(), LookedAt()
        self.arrays = LinkButton("Other arrays…", _ARRAYS)
        self.arrays.clicked.connect(self._change_arrays)
        fill(self.content, self.arrays, self._columns, self._looked_at, STRETCH)
        self.set_compact(False)
        self._dress()

    # What is shown ------------------------------------------------------------------------------

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the settings of the data; emits nothing."""
        data = self._data = experiment.data
        generator = data.generator if isinstance(data, GeneratedData) else None
        # Only another data set turns the page: a person may be looking at the other one.
        opened = data.kind, generator, data.is_regression
        if opened != self._opened:
            self._opened = opened
            self.gallery.show_chosen(generator)
            self._show_kind(int(data.is_regression))
        self._show_sliders(data)
        self._show_form(data)
        self._show_caption()

    def put_back(self) -> None:
        """Show again what holds, in place of an entry that was refused."""
        assert self._data is not None, "who asks for a setting has shown one"
        self._show_sliders(self._data)
        self._show_form(self._data)

    def show_dataset(self, dataset: Dataset | None) -> None:
        """Say how many rows and inputs a table has; None where there is no table."""
        self._dataset = dataset
        self._show_caption()
        if dataset is None:
            self._columns.hide()
        else:
            self._columns.show_dataset(dataset)
        if dataset is None or dataset.image is None:
            self.show_image(QImage(), Message(""))

    def show_image(self, picture: QImage, words: Message) -> None:
        """Show the image that is under the pointer or chosen, and what is said of it; none where
        the data are no images any more.
        """
        has_images = self._dataset is not None and self._dataset.image is not None
        self._looked_at.show_image(picture if has_images else QImage(), words)

    def take_over(self, other: DataPanel) -> None:
        """Show the page, and know where data came from, as another panel does."""
        self.tabs.setCurrentIndex(other.tabs.currentIndex())
        self.summary.take_over(other.summary)
        self._show_caption()

    def controls(self) -> dict[str, QWidget]:
        return {
            "gallery": self.gallery,
            "samples": self.samples,
            "noise": self.noise,
            "training_share": self.training_share,
            "tables": self.tables,
        }

    def set_thumbnail(self, key: str, points: Points) -> None:
        """Draw the picture of a generator from some of its points."""
        self.gallery.set_thumbnail(key, points)

    def set_compact(self, is_compact: bool) -> None:
        """Take less height: smaller pictures, and two sliders side by side."""
        self.gallery.set_compact(is_compact)
        self._columns.set_compact(is_compact)
        self.summary.set_compact(is_compact)
        self.content.setSpacing(theme.GAP - 2 if is_compact else theme.GAP)
        self._sliders.setVerticalSpacing(theme.UNIT if is_compact else theme.GAP - 2)
        caption = Message("Train", context="points") if is_compact else N_("Training share")
        self.training_share.set_caption(caption)
        self._is_compact = is_compact
        self._place_sliders()
        self._dress()

    def _place_sliders(self) -> None:
        """Below each other, or in a compact panel two in a row."""
        put, compact = self._sliders.addWidget, self._is_compact
        has_classes = any(not slider.isHidden() for slider in self.classes.values())
        if self._placed == (compact, has_classes):
            return
        self._placed = compact, has_classes
        put(self.samples, 0, 0, 1, 1 if compact and has_classes else 2)
        put(self.noise, 1, 0, 1, 1 if compact else 2)
        put(self.training_share, *((1, 1, 1, 1) if compact else (2, 0, 1, 2)))
        for row, slider in enumerate(self.classes.values(), start=3):  # one of them is shown
            put(slider, *((0, 1, 1, 1) if compact else (row, 0, 1, 2)))

    def _dress(self) -> None:
        """In a low window the summary takes the room of what it says, too: a line, a slider."""
        is_short = self._is_compact and not self.summary.isHidden()
        caption, lines = self._caption, 1 if is_short else 2
        kept, needed = caption.fontMetrics().height(), caption.heightForWidth(caption.width())
        caption.setFixedHeight(max(lines * kept, min(needed, lines * line_height(caption))))
        if isinstance(self._data, PointsData):
            self.samples.setVisible(not is_short)

    def caption(self) -> str:
        """What the line under the gallery says of the data."""
        return self._caption.text()

    def _show_kind(self, page: int) -> None:
        """Turn to the page of the kind that is open."""
        self.tabs.setCurrentIndex(page)
        for index, help_ in enumerate(_KINDS):
            self.tabs.setTabToolTip(index, wrapped(Message(help_, _OPEN if index == page else "")))

    def _show_sliders(self, data: DataSettings) -> None:
        """What is set of the data. A person's own points have none of it but the share, and keep
        the room of the rest: it may be the hand of a moment ago that has made them one's own.
        """
        is_generated, is_own = isinstance(data, GeneratedData), isinstance(data, PointsData)
        for slider in (self.samples, self.noise):
            slider.setVisible(is_generated or is_own)
            slider.setEnabled(is_generated)
        # Alone, the share starts where the slider beside it would.
        self._sliders.setColumnStretch(0, int(is_generated or is_own))
        self._sliders.setColumnStretch(1, 1)
        self._sliders.setHorizontalSpacing(theme.PANEL_GAP if is_generated or is_own else 0)
        self.training_share.show_exact(_complement(test_share(data)))
        allow(self.training_share, _SHARE, data.why_not_divided)
        allow(self.new_draw, _NEW_DRAW, data.why_not_divided)
        self._show_classes(data)
        if isinstance(data, GeneratedData):
            self.samples.show_exact(data.samples)
            self.noise.show_exact(data.noise)
        elif isinstance(data, PointsData):
            self.samples.show_exact(len(data.x))

    def _show_classes(self, data: DataSettings) -> None:
        """How many classes there are, where the data set leaves a choice."""
        for key, slider in self.classes.items():
            if isinstance(data, GeneratedData) and data.generator == key:
                slider.set_value(data.class_count)
            if not isinstance(data, PointsData):
                slider.setVisible(isinstance(data, GeneratedData) and data.generator == key)
            elif data.class_count:
                slider.set_value(data.class_count)
            slider.setEnabled(isinstance(data, GeneratedData))
        self._place_sliders()

    def _show_form(self, data: DataSettings) -> None:
        """The settings that only this kind of data has."""
        names = OWN_SETTINGS.get(type(data), ())
        if self._form is not None and (self._form.only, self._form.isHidden()) != (names, False):
            self._form.hide()
            self._form.deleteLater()
            self._form = None
        if names and self._form is None:
            room = theme.SIDE_COLUMN - 2 * theme.PANEL_PADDING
            self._form = SettingsForm("data", only=names, columns=2, hints=DATA_HINTS, room=room)
            self._form.committed.connect(self.committed)
            self._form.refused.connect(self.refused)
            self.content.insertWidget(self.content.indexOf(self.arrays), self._form)
        if self._form is not None:
            self._form.show_settings(data)
        path = Path(data.path) if isinstance(data, ImagesData) else Path()
        self.arrays.setVisible(path.suffix.lower() == ".npz")

    @Slot()
    def _show_caption(self) -> None:
        """What is open; the more so where the page in front is not of its kind."""
        self.summary.show_data(self._data, self._dataset)
        sentence = caption_of(self._data, self._dataset, has_summary=not self.summary.isHidden())
        if self._data is not None and self.tabs.currentIndex() != int(self._data.is_regression):
            sentence = tr("Still open: {name}", name=sentence)
        self._caption.setText(sentence)
        self._caption.setToolTip(wrapped(sentence))
        self._dress()

    # What is asked for --------------------------------------------------------------------------

    @Slot()
    def _draw_again(self) -> None:
        if self._data is not None:
            self.committed.emit("data.seed", (self._data.seed + 1) % (MAX_SEED + 1))

    @Slot()
    def _change_arrays(self) -> None:
        if isinstance(self._data, ImagesData):
            self.summary.changeRequested.emit(Path(self._data.path), self._data)

    @Slot()
    def open_tables(self) -> None:
        """List the tables, and the empty canvas, under their button."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        empty = menu.addAction(tr("Empty canvas"))
        empty.setToolTip(wrapped("Remove all points and draw your own."))
        empty.triggered.connect(self.clearRequested)
        menu.addSeparator()
        for table in BUILTINS:
            action = menu.addAction(tr(table.label))
            action.setToolTip(wrapped(table.help))
            action.triggered.connect(partial(self.builtinChosen.emit, table.key))
        vectors = menu.addAction(tr("Vectors"))
        vectors.setToolTip(
            wrapped("Random vectors as inputs and targets: no picture, pure algebra.")
        )
        vectors.triggered.connect(self.vectorsRequested)
        menu.addSeparator()
        bring = menu.addAction(tr("Your own file…"))
        bring.setToolTip(wrapped("A table (CSV, TSV), a picture to sample, or images with labels."))
        bring.triggered.connect(self.importRequested)
        photographs = menu.addAction(tr("Your own photographs…"))
        photographs.setToolTip(wrapped("A folder with a subfolder of pictures for each class."))
        photographs.triggered.connect(self.photographsRequested)
        menu.popup(self.tables.mapToGlobal(QPoint(0, self.tables.height())))

    # How it is made -----------------------------------------------------------------------------

    def _make_tabs(self) -> Tabs:
        tabs = Tabs("Kind of data", "What the network shall answer with.", narrow=True)
        for name, help_ in zip(PAGES, _KINDS, strict=True):
            tabs.setTabToolTip(tabs.addTab(tr(name)), wrapped(help_))
        return tabs

    def _make_caption_row(self) -> QHBoxLayout:
        self.new_draw = ToolButton("shuffle", "New draw", _NEW_DRAW, framed=False, size=20)
        self.tables = ToolButton(
            "grid",
            "Tables",
            "More data: tables that come with scikit-learn, or an empty canvas.",
            framed=False,
            size=20,
        )
        self.new_draw.clicked.connect(self._draw_again)
        self.tables.clicked.connect(self.open_tables)
        # Two lines are kept free: a name that grows by what the noise does moves nothing.
        self._caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._caption.setWordWrap(True)
        return hbox((self._caption, 1), self.new_draw, self.tables, spacing=theme.UNIT)

    def _make_sliders(self) -> None:
        self.samples = self._slider(
            "samples", "Points", 10, 5_000, log=True, integer=True, text=numbers.whole
        )
        self.noise = self._slider("noise", "Noise", 0.0, 0.5, step=0.05, text=numbers.share)
        self.training_share = self._slider(
            "test_ratio",
            N_("Training share"),
            0.1,
            1.0,
            step=0.1,
            text=numbers.share,
            convert=_complement,
            help_=_SHARE,
        )
        self.classes = {
            choice.key: self._slider("classes", "Classes", *choice.value.classes, integer=True)
            for choice in GENERATORS
            if choice.value.classes[1] > 2
        }
        for slider in self.classes.values():
            slider.setParent(self)
            slider.hide()

    def _slider(
        self,
        name: str,
        caption: str,
        minimum: float,
        maximum: float,
        *,
        text: Callable[[float], str] = numbers.plain,
        convert: Callable[[float], float] = _same,
        help_: str = "",
        **track: Any,
    ) -> ExactSlider:
        """A slider that asks for the setting `name`; `convert` makes it of the track's value."""
        declared = presentation(GeneratedData.model_fields[name])
        slider = ExactSlider(
            caption,
            minimum,
            maximum,
            minimum,
            text=text,
            help_text=help_ or help_text(declared),
            **track,
        )
        read = int if track.get("integer") else convert
        slider.valueChanged.connect(lambda v: self.changed.emit(f"data.{name}", read(v)))
        slider.valueCommitted.connect(lambda v: self.committed.emit(f"data.{name}", read(v)))
        return slider
