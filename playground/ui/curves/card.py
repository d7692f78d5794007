"""LOSS, ACCURACY, RATE, CLASSES or FIT, WEIGHTS and CODE: what training does, one tab each.

GUI thread. Only the tab in front is drawn, and only what it needs is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QTabWidget, QWidget

from playground.core.data.dataset import Dataset
from playground.core.data.vectors import VectorData
from playground.core.experiment.experiment import Experiment
from playground.core.lessons.step_facts import Act
from playground.core.messages import Message
from playground.engines.contract.run_control import CurvePoint, Snapshot
from playground.ui.curves.by_hand import ByHandPage
from playground.ui.curves.classes import ClassesPage
from playground.ui.curves.code import CodeView
from playground.ui.curves.fit import FitPage
from playground.ui.curves.pages import CurvePage, Need, Page, RatePage
from playground.ui.curves.plots import accuracy_of, loss_of
from playground.ui.curves.weights import WeightsPage
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets import Card, QuestionMark, Switch, Tabs, describe, wrapped
from playground.ui.widgets.card import TITLE_ROW

LOWEST = 90
"""Pixels in which every tab can still be read."""


class _Pages(QTabWidget):
    """Pages that take whatever height there is. A sentence on one of them that breaks into lines
    would ask for the height that its plot would like, at the cost of the canvas.
    """

    def hasHeightForWidth(self) -> bool:
        return False


class CurvesCard(Card):
    """What is learned, over the run and in detail; curves keep the ghost of the run before."""

    pageOpened = Signal(object)  # QWidget: the tab that the person brought to the front
    ghostDismissed = Signal()
    cellChosen = Signal(object)  # IntArray: rows of dataset.points to point out; empty for none
    inspectionWanted = Signal(bool)  # gradients and activations are needed from now on, or no more
    predictionsWanted = Signal(bool)  # so are the predictions of all points
    byHandWanted = Signal(bool)  # so are the gradients worked out by hand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName(tr("Curves"))
        self.log = Switch("Log", "Show powers of ten at equal distances: tells small losses apart.")
        self.loss = CurvePage(loss_of, "Loss", self.log)
        self.accuracy = CurvePage(accuracy_of, "Accuracy")
        self.rate, self.classes = RatePage(), ClassesPage()
        self.fit, self.weights, self.code = FitPage(), WeightsPage(), CodeView()
        self.by_hand = ByHandPage()
        self.tabs = _Pages()
        self.tabs.setTabBar(Tabs("Curves", "Choose what is shown of the training."))
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setUsesScrollButtons(True)  # beside a lesson in a small window
        self.tabs.setMinimumHeight(LOWEST)
        describe(self.tabs, "Curves")
        self._mark = QuestionMark("curves", "Curves", self)
        self._curve: Sequence[CurvePoint] = ()
        self._snapshot: Snapshot | None = None
        self._wanted: frozenset[Need] = frozenset()
        self.content.addWidget(self.tabs)
        self._add_tabs()
        self._mark.raise_()
        self._page = self.tabs.currentWidget()
        self.tabs.currentChanged.connect(self._on_turned)
        self.tabs.tabBarClicked.connect(self._on_clicked)
        self.log.toggled.connect(self._on_log_toggled)
        self.loss.plot.scale_itself()
        self.loss.plot.scaled.connect(self._on_scaled)
        self.classes.cellChosen.connect(self.cellChosen)
        for page in (self.loss, self.accuracy):
            page.ghostDismissed.connect(self.dismiss_ghost)

    def _add_tabs(self) -> None:
        self.add_tab(self.loss, "Loss", "How wrong the network is, over the epochs.")
        self.add_tab(self.accuracy, "Accuracy", "The share of right answers, over the epochs.")
        self.add_tab(self.fit, "Fit", "Predicted values against true ones, and R².")
        name = Message("Rate", context="curves")
        self.add_tab(self.rate, name, "The learning rate, as used and as planned.")
        self.add_tab(self.classes, "Classes", "Which class is taken for which.")
        self.add_tab(
            self.weights, "Weights", "Weights, gradients and activations of a layer over time."
        )
        self.add_tab(self.by_hand, "By hand", "Each gradient worked out by hand, and by autograd.")
        self.add_tab(self.code, "Code", "The experiment as a PyTorch script that runs by itself.")

    def add_tab(self, widget: QWidget, name: str, help_text: str = "") -> None:
        """Append a tab with a short name. A `Page` is told of the run while it is in front."""
        # It gets along with whatever room the curves have.
        widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.tabs.setTabToolTip(self.tabs.addTab(widget, tr(name)), wrapped(help_text))

    @property
    def pages(self) -> list[Page]:
        """The tabs that show something of a run."""
        return [widget for widget in self.tab_widgets() if isinstance(widget, Page)]

    def _that_do(self, method: str) -> Iterator[Page]:
        """The tabs that have something to do then; what the others inherit does nothing."""
        for page in self.pages:
            if getattr(type(page), method) is not getattr(Page, method):
                yield page

    # What is shown.

    def start(self, *, keep_ghost: bool = True) -> None:
        """A new run: the curves so far become the ghost, where they can be compared with it."""
        self._snapshot = None
        for curve_page in (self.loss, self.accuracy):
            curve_page.show_ghost(self._curve if keep_ghost else ())
        if not keep_ghost:
            self.dismiss_ghost()
        for page in self._that_do("start"):
            page.start()
        self._curve = ()

    def show_experiment(self, experiment: Experiment) -> None:
        # What there is to see is known before the data are there.
        self._offer(experiment.data.is_regression, isinstance(experiment.data, VectorData))
        for page in self._that_do("show_experiment"):
            page.show_experiment(experiment)

    def controls(self) -> dict[str, QWidget]:
        return {"log": self.log}

    def tab_widgets(self) -> list[QWidget]:
        """All tabs, in their order."""
        widgets = (self.tabs.widget(index) for index in range(self.tabs.count()))
        return [widget for widget in widgets if widget is not None]

    def act_of(self, widget: QWidget) -> Act | None:
        """What a lesson that asks to open this tab calls it."""
        acts: dict[QWidget, Act] = {
            self.accuracy: "see_accuracy",
            self.rate: "see_rate",
            self.classes: "see_classes",
            self.weights: "see_weights",
            self.code: "see_code",
            self.by_hand: "see_gradients",
        }
        return acts.get(widget)

    def offers(self, widget: QWidget) -> bool:
        """False for a tab that means nothing for the present data."""
        return self.tabs.isTabVisible(self.tabs.indexOf(widget))

    def show_dataset(self, dataset: Dataset) -> None:
        self._offer(dataset.is_regression, isinstance(dataset.data, VectorData))
        for page in self._that_do("show_dataset"):
            page.show_dataset(dataset)

    def _offer(self, is_regression: bool, is_vectors: bool) -> None:
        """Offer what there is to see of classes, or of numbers."""
        self._is_rearranging = True  # where a tab goes, Qt puts its neighbour in front
        for widget, is_offered in (
            (self.accuracy, not is_regression),
            (self.classes, not is_regression),
            (self.fit, is_regression),
            (self.by_hand, is_vectors),
        ):
            self.tabs.setTabVisible(self.tabs.indexOf(widget), is_offered)
        self._is_rearranging = False

    def take_over(self, other: CurvesCard) -> None:
        """Show what another card shows: its tab, its choices, its ghost."""
        if not other.loss.plot.scales_itself:
            self.log.setChecked(other.log.isChecked())
        self.classes.take_over(other.classes)
        self.weights.take_over(other.weights)
        self.code.take_over(other.code)
        if other.has_ghost():
            for page, theirs in ((self.loss, other.loss), (self.accuracy, other.accuracy)):
                page.show_ghost(theirs.plot.ghost)
        self.tabs.setCurrentIndex(other.tabs.currentIndex())

    def bring_forward(self, widget: QWidget) -> None:
        """Put a tab in front, because the person asked for it."""
        if self.tabs.currentWidget() is widget:
            self._tell_opened()
        else:
            self.tabs.setCurrentWidget(widget)

    def has_ghost(self) -> bool:
        """True where the curve of the run before is shown."""
        return self.loss.has_ghost()

    def show_curve(self, curve: Sequence[CurvePoint], snapshot: Snapshot) -> None:
        """The curve so far, and the run as it is now."""
        self._curve, self._snapshot = curve, snapshot
        for page in self._that_do("note"):
            page.note(snapshot)
        self._draw()

    def show_nothing(self) -> None:
        """There is no run to show a number of; the curves of before stay until another begins."""
        for page in self._that_do("show_nothing"):
            page.show_nothing()

    def forget(self) -> None:
        """No curve is left, and no ghost comes of it."""
        self._curve, self._snapshot = (), None
        for page in self.pages:
            page.forget()
            page.show_nothing()
        for curve_page in (self.loss, self.accuracy):
            curve_page.show_ghost(())
        self.loss.plot.scale_itself()
        self.dismiss_ghost()

    def _draw(self) -> None:
        """Draw the page that is in front; the others cost nothing until they are."""
        if isinstance(self._page, Page) and self._snapshot is not None and self.isVisible():
            self._page.show_moment(self._curve, self._snapshot)

    # What is asked for.

    @Slot()
    def _on_turned(self) -> None:
        if isinstance(self._page, Page):
            self._page.leave()
        self._page = self.tabs.currentWidget()
        self._ask()
        self._draw()
        if not self._is_rearranging:
            self._tell_opened()

    @Slot(int)
    def _on_clicked(self, index: int) -> None:
        """What is in front already does not change, but somebody asked for it."""
        if index == self.tabs.currentIndex():
            self._tell_opened()

    def _tell_opened(self) -> None:
        if self.tabs.isVisible():
            self.pageOpened.emit(self._page)

    _is_rearranging = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The question mark stands level with the names of the tabs; Qt would put it lower."""
        super().resizeEvent(event)
        mark, padding = self._mark, theme.PANEL_PADDING
        down = (theme.scaled(TITLE_ROW) - mark.height()) // 2
        mark.move(self.width() - padding - mark.width(), padding + down)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()
        self._draw()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ask()

    def _ask(self) -> None:
        """Tell what the page in front needs, where that has changed."""
        before, self._wanted = self._wanted, frozenset()
        if isinstance(self._page, Page) and self.isVisible():
            self._wanted = self._page.wants
        signals = {
            "inspection": self.inspectionWanted,
            "predictions": self.predictionsWanted,
            "by_hand": self.byHandWanted,
        }
        for need in self._wanted ^ before:
            signals[need].emit(need in self._wanted)

    @Slot(bool)
    def _on_log_toggled(self, is_log: bool) -> None:
        if not self._is_scaling:
            self.loss.plot.set_log(is_log)

    @Slot(bool)
    def _on_scaled(self, is_log: bool) -> None:
        """The plot chose by itself; the switch says what is there."""
        self._is_scaling = True
        self.log.setChecked(is_log)
        self._is_scaling = False

    _is_scaling = False

    @Slot()
    def dismiss_ghost(self) -> None:
        """Take the run before away, and say so."""
        for page in (self.loss, self.accuracy):
            page.dismiss_ghost()
        self.ghostDismissed.emit()
