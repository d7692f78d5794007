"""The main window: arrangement and wiring, nothing else.

Panels and views emit requests; the session answers with facts; this module connects the two. GUI
thread.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from playground import __version__
from playground.core.dataset import Dataset
from playground.core.experiment import Experiment
from playground.core.points import Points
from playground.engines.exchange import Snapshot, Views
from playground.ui import theme
from playground.ui.documents import Documents
from playground.ui.menus import Menus
from playground.ui.panels.data import DataPanel
from playground.ui.panels.draw import DrawPanel
from playground.ui.panels.features import FeaturesPanel
from playground.ui.panels.training import TrainingPanel
from playground.ui.panels.transport import TransportBar
from playground.ui.runner import Activity
from playground.ui.session import Session
from playground.ui.views.curves import CurvesCard
from playground.ui.views.network import NetworkView
from playground.ui.views.output import OutputCard, class_names
from playground.ui.widgets import Card, Label, Notice, Switch

__all__ = ["FIRST", "MainWindow"]

SMALLEST = (1100, 700)
FIRST = (1440, 900)
RIGHT_SHARE = 0.34
RIGHT_SMALLEST = 404
"""The canvas is never under 380 px wide; the card adds its padding."""
UNDER_THE_CANVAS = 250
"""Height that the curves and the card around the canvas need at least."""
AROUND_THE_CANVAS = 3 * theme.PANEL_GAP + 84
"""Height of the gaps and of what the card holds beside the canvas, without the key."""
ROOMY_WINDOW = 900
LOW_WINDOW = 800
"""Heights under which the left column, and then the card around the canvas, make themselves small.
"""
INFO_MILLISECONDS = 6_000

VIEWS = Views(grid=100, neuron_grid=24)

INSTANT_HELP = (
    "Train from the same start with every change, and show the trained result at once:"
    " drag a point and the boundary follows."
)

KEYS = """Space — train or pause
I — Instant: train anew with every change
S — step one epoch,  Shift+S — one batch
R — reset to the same start,  Ctrl+Shift+R — new start
B, V, E — brush, pick, erase
1 to 9, 0 — choose the class to paint
Shift+click — paint the other class,  Ctrl+click — remove the nearest point
T — test points,  D — discretise,  G — logarithmic loss
Ctrl+L — add a layer,  Ctrl+Shift+L — remove the last one
In the network: arrows move, + and − change units, Delete removes a layer
Ctrl+Z — undo,  Ctrl+Shift+Z — redo"""


class MainWindow(QMainWindow):
    """One window on one session."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        session.setParent(self)
        room = self.screen().availableSize()
        self.setMinimumSize(QSize(*SMALLEST).boundedTo(room))
        self.resize(QSize(*FIRST).boundedTo(room))
        self.setAcceptDrops(True)
        self.data, self.draw, self.features = DataPanel(), DrawPanel(), FeaturesPanel()
        self.training, self.transport = TrainingPanel(), TransportBar()
        self.network, self.output, self.curves = NetworkView(), OutputCard(), CurvesCard()
        self.instant = Switch("Instant", INSTANT_HELP)
        self.transport.add_switch(self.instant)
        self.network_card = Card("Network")
        self._shape = Label("", "caption", muted=True)
        self._arrange()
        self.notice = Notice(self._central)
        self._notice_timer = QTimer(self, singleShot=True)
        self._notice_timer.timeout.connect(self.notice.hide)
        self.documents = Documents(session, self)
        self.menus = Menus(self)
        self._wire_requests()
        self._wire_facts()
        session.run.set_views(VIEWS)
        self._show_experiment(session.experiment)
        self._show_file()
        self.output.canvas.setFocus()

    # Arrangement.

    def _arrange(self) -> None:
        self.network_card.add_to_header(self._shape)
        self.network_card.content.addWidget(self.network, 1)
        self._left = self._column(self.data, self.draw, self.features, stretch=None)
        middle = self._column(self.network_card, self.training, stretch=0)
        self._right = self._column(self.output, self.curves, stretch=1)
        body = QHBoxLayout()
        body.setContentsMargins(*[theme.PANEL_GAP] * 4)
        body.setSpacing(0)
        body.addWidget(self._scrolled(self._left))
        body.addWidget(middle, 1)
        body.addSpacing(theme.PANEL_GAP)
        body.addWidget(self._right)
        self._central = QWidget()
        whole = QVBoxLayout(self._central)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.transport)
        whole.addLayout(body, 1)
        self.setCentralWidget(self._central)

    def _column(self, *widgets: QWidget, stretch: int | None) -> QWidget:
        """Widgets above each other; number `stretch` takes the height that is left."""
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.PANEL_GAP)
        for index, widget in enumerate(widgets):
            layout.addWidget(widget, int(index == stretch))
        if stretch is None:
            layout.addStretch(1)
        return column

    def _scrolled(self, column: QWidget) -> QScrollArea:
        """The column, which scrolls in a low window; its bar stands in the gap beside it."""
        area = QScrollArea()
        column.setFixedWidth(theme.SIDE_COLUMN)
        area.setWidget(column)
        area.setWidgetResizable(True)
        area.setFixedWidth(theme.SIDE_COLUMN + theme.PANEL_GAP)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The canvas takes about a third of the width, as far as the height allows."""
        super().resizeEvent(event)
        height = self._central.height() - self.transport.height()
        wanted = min(self.width() * RIGHT_SHARE, height - UNDER_THE_CANVAS)
        width = max(RIGHT_SMALLEST, int(wanted))
        self._right.setFixedWidth(width)
        # On a screen lower than the smallest window the canvas gives way before anything overlaps.
        room = height - AROUND_THE_CANVAS - self.curves.minimumSizeHint().height()
        self.output.set_canvas_side(min(width - 2 * theme.PANEL_PADDING, room))
        self.output.set_low(self.height() < LOW_WINDOW)
        for panel in (self.data, self.draw, self.features):
            panel.set_compact(self.height() < ROOMY_WINDOW)
        self._place_notice()

    def _place_notice(self) -> None:
        """The notice floats over the foot of the network's card, so that it moves and hides
        nothing.
        """
        card = self.network_card
        width = card.width() - 2 * theme.PANEL_PADDING
        self.notice.setFixedWidth(width)
        self.notice.adjustSize()
        corner = card.mapTo(self._central, card.rect().bottomLeft())
        self.notice.move(
            corner.x() + theme.PANEL_PADDING,
            corner.y() - theme.PANEL_PADDING - self.notice.height(),
        )
        self.notice.raise_()

    # Requests: from panels and views to the session.

    def _wire_requests(self) -> None:
        session = self.session
        for panel in (self.data, self.features, self.training):
            panel.changed.connect(self._on_changed)
            panel.committed.connect(self._on_committed)
        for panel in (self.training, self.features):
            panel.refused.connect(self._on_refused)
        self.data.generatorChosen.connect(session.choose_generator)
        self.data.builtinChosen.connect(session.choose_table)
        self.draw.clearRequested.connect(session.clear_points)
        self.draw.classAddRequested.connect(session.add_class)
        self.draw.toolChosen.connect(self.output.canvas.use_tool)
        self.draw.classChosen.connect(self._on_class_chosen)
        self.draw.valueChosen.connect(self._on_value_chosen)
        self.draw.brushChanged.connect(self._on_brush_changed)
        self._wire_transport()
        self._wire_network()
        canvas = self.output.canvas
        canvas.draw_with(lambda: session.points)
        canvas.edited.connect(session.edit_points)
        canvas.strokeEnded.connect(session.end_stroke)

    def _wire_transport(self) -> None:
        bar, session = self.transport, self.session
        bar.trainToggled.connect(session.run.toggle)
        bar.resetRequested.connect(session.run.reset)
        bar.newStartRequested.connect(session.new_start)
        bar.stepEpochRequested.connect(session.run.step_epoch)
        bar.stepBatchRequested.connect(session.run.step_batch)
        bar.speedChanged.connect(session.run.set_speed)

        self.instant.toggled.connect(session.run.set_instant)
        session.run.instantChanged.connect(self.instant.setChecked)

    def _wire_network(self) -> None:
        view, session = self.network, self.session
        view.unitsRequested.connect(self._on_units_requested)
        view.layerAddRequested.connect(session.add_layer)
        view.layerRemoveRequested.connect(session.remove_layer)
        view.layerMoveRequested.connect(session.move_layer)
        view.activationRequested.connect(self._on_activation_requested)
        view.layerSettingRequested.connect(session.set_layer)
        view.featureToggled.connect(session.toggle_feature)
        view.weightEdited.connect(session.set_weight)
        view.neuronHovered.connect(self.output.show_unit)

    @Slot(str, object)
    def _on_changed(self, path: str, value: object) -> None:
        self.session.set_value(path, value, merge=True)

    @Slot(str, object)
    def _on_committed(self, path: str, value: object) -> None:
        self.notice.hide()  # what was refused before is settled by a value that holds
        self.session.set_value(path, value, merge=True)
        self.session.end_stroke()
        # Where the value was refused, the form goes back to what holds.
        self._show_experiment(self.session.experiment)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        """A value that cannot be used: training on with another one would mislead, so it waits."""
        if self.session.run.is_training:
            self.session.run.pause()
            sentence = f"{sentence} Training is paused with the last good weights."
        self.notify(sentence, "warning")

    @Slot(int, int)
    def _on_units_requested(self, layer: int, units: int) -> None:
        self.session.set_layer(layer, "units", units)

    @Slot(int, str)
    def _on_activation_requested(self, layer: int, key: str) -> None:
        self.session.set_layer(layer, "activation", key)

    @Slot(int)
    def _on_class_chosen(self, label: int) -> None:
        self.output.canvas.set_hand(label=label)

    @Slot(float)
    def _on_value_chosen(self, value: float) -> None:
        self.output.canvas.set_hand(value=value)

    @Slot(float, float)
    def _on_brush_changed(self, radius: float, density: float) -> None:
        self.output.canvas.set_hand(radius=radius, density=int(density))

    def choose_tool(self, key: str) -> None:
        """Draw with another tool, as by its button."""
        self.draw.show_tool(key)
        self.output.canvas.use_tool(key)

    def choose_class(self, index: int) -> None:
        """Draw another class, as by its row; a number without a class does nothing."""
        if index < len(self.draw.rows):
            self.draw.show_class(index)
            self.output.canvas.set_hand(label=index)

    # Facts: from the session to panels and views.

    def _wire_facts(self) -> None:
        session = self.session
        session.experimentChanged.connect(self._show_experiment)
        session.datasetChanged.connect(self._show_dataset)
        session.pointsChanged.connect(self._show_points)
        session.run.snapshotTaken.connect(self._show_snapshot)
        session.run.started.connect(self._on_run_started)
        session.run.activityChanged.connect(self._show_activity)
        self.curves.ghostDismissed.connect(self.output.canvas.dismiss_ghost)
        session.noticed.connect(self.notify)
        session.run.settled.connect(self.notice.hide)
        session.fileChanged.connect(self._show_file)
        session.replaced.connect(self._forget_the_run_before)
        self.documents.opened.connect(self.notice.hide)
        self.documents.failed.connect(self.warn)
        self.curves.code.failed.connect(self.warn)
        session.run.worker.pictured.connect(self.data.set_thumbnail)
        session.run.worker.devicesFound.connect(self.training.set_devices)

    @Slot(object)
    def _show_experiment(self, experiment: Experiment) -> None:
        for panel in (self.data, self.draw, self.features, self.training):
            panel.show_experiment(experiment)
        self.curves.code.show_experiment(experiment)
        self.output.canvas.allow_drawing(self.session.can_draw)
        self.output.canvas.set_hand(label=self.draw.chosen_class())
        self.draw.setVisible(self.session.can_draw)
        if self.session.dataset is not None:
            self._show_network(experiment, self.session.dataset)

    @Slot(object)
    def _show_dataset(self, dataset: Dataset) -> None:
        for part in (self.data, self.draw, self.training, self.output, self.curves):
            part.show_dataset(dataset)
        self.output.canvas.set_hand(label=self.draw.chosen_class())
        self._show_network(self.session.experiment, dataset)

    def _show_network(self, experiment: Experiment, dataset: Dataset) -> None:
        self.network.show_experiment(
            experiment,
            dataset.input_names,
            dataset.outputs,
            dataset.classes,
            class_names(dataset),
        )
        units = [str(layer.units) for layer in experiment.model.layers if layer.kind == "linear"]
        self._shape.setText(" → ".join([str(dataset.width), *units, str(dataset.outputs)]))

    @Slot(object)
    def _show_points(self, points: Points) -> None:
        self.output.canvas.show_points(points)

    @Slot(object)
    def _show_snapshot(self, snapshot: Snapshot) -> None:
        self.output.show_snapshot(snapshot)
        self.curves.show_curve(self.session.run.curve, snapshot)
        self.network.show_snapshot(snapshot.weights, snapshot.frame)
        self.transport.show_numbers(snapshot, self.session.run.elapsed())
        self.transport.show_info(snapshot.info)

    @Slot()
    def _on_run_started(self) -> None:
        before = self.session.run.snapshot
        self.curves.start()
        self.output.start(keep_ghost=before is not None and before.epoch > 0)

    @Slot()
    def _forget_the_run_before(self) -> None:
        """A ghost compares two runs of one document; another document starts without."""
        self.curves.forget()
        self.output.canvas.show_frame(None)
        self.output.canvas.dismiss_ghost()

    @Slot(str)
    def _show_activity(self, activity: str) -> None:
        self.transport.show_state("running" if activity == Activity.TRAINING else "paused")

    @Slot(str, str)
    def notify(self, sentence: str, level: str = "info") -> None:
        """Say something in the window, without a dialog; what asks for nothing goes by itself."""
        self.notice.show_message(sentence, level)  # type: ignore[arg-type]
        self._place_notice()
        if level == "info":
            self._notice_timer.start(INFO_MILLISECONDS)
        else:
            self._notice_timer.stop()

    @Slot(str)
    def warn(self, sentence: str) -> None:
        self.notify(sentence, "warning")

    # Commands of the menus.

    @Slot()
    def press_space(self) -> None:
        """Space trains and pauses, except on a button that was reached by keyboard, which it
        presses.
        """
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton) and getattr(focused, "has_ring", bool)():
            focused.click()
        else:
            self.session.run.toggle()

    @Slot()
    def toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def set_appearance(self, mode: theme.Mode) -> None:
        theme.manager().set_mode(mode)
        QSettings().setValue("appearance", str(mode))

    @Slot()
    def show_keys(self) -> None:
        QMessageBox.information(self, "Keys", KEYS)

    @Slot()
    def show_about(self) -> None:
        QMessageBox.about(
            self,
            "About Playground",
            f"Playground {__version__}\n\nDraw points, build a network, watch PyTorch train it.",
        )

    # The document.

    @Slot()
    def _show_file(self) -> None:
        self.setWindowTitle(f"{self.session.name}[*] — Playground")
        self.setWindowModified(self.session.is_modified)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, where nothing else wants it, puts the notice away."""
        if event.key() == Qt.Key.Key_Escape:
            self.notice.hide()
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        local = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if local:
            self.documents.open(Path(local[0]))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.documents.may_leave():
            event.ignore()
            return
        self.hide()  # the thread may be in the middle of an import, and nobody should watch that
        self.has_ended = self.session.close()
        event.accept()

    has_ended = True
    """False where the training thread was still busy when the window closed."""
