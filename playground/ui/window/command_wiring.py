"""What a person asks for, on its way to the session.

Panels and views emit requests; this module connects each with whoever carries it out. It decides
nothing. GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from playground.core.data.dataset import Dataset
from playground.core.data.vectors import VectorData
from playground.core.experiment.remarks import remark
from playground.core.messages import N_, Message
from playground.ui.data.data_panel import DataPanel
from playground.ui.data.features_panel import FeaturesPanel
from playground.ui.output.canvas.density import MARKERS_AT_MOST
from playground.ui.session.documents import Documents
from playground.ui.session.session import Session
from playground.ui.training.training_panel import TrainingPanel
from playground.ui.window.notices import Notices
from playground.ui.window.parts import Parts
from playground.ui.window.secondary_windows import SecondaryWindows

HOLLOW = N_("Some of the new points are held out for testing: the hollow ones.")
SHARE = Message("The training share, under Data, says how many.")


class CommandWiring(QObject):
    """Connects the parts of a window with its session."""

    def __init__(
        self,
        parts: Parts,
        session: Session,
        documents: Documents,
        windows: SecondaryWindows,
        notices: Notices,
    ) -> None:
        super().__init__(parts.output)  # ends with its window, not with the session
        self._parts, self._session, self._notices = parts, session, notices
        self._wire_panels(documents)
        self._wire_drawing(windows)
        self._wire_transport()
        self._wire_network()
        self._wire_output()

    def _wire_panels(self, documents: Documents) -> None:
        data, session = self._parts.data, self._session
        for panel in (data, self._parts.features, self._parts.training):
            panel.changed.connect(self._on_changed)
            panel.committed.connect(self._on_committed)
            panel.refused.connect(self._notices.refuse)
        data.generatorChosen.connect(session.choose_generator)
        data.builtinChosen.connect(session.choose_table)
        data.vectorsRequested.connect(self._on_vectors_requested)
        data.importRequested.connect(documents.ask_and_open)
        data.photographsRequested.connect(documents.ask_for_photographs)
        data.clearRequested.connect(session.clear_points)
        data.summary.changeRequested.connect(documents.change)
        documents.importRequested.connect(data.summary.hear_of)

    def _wire_drawing(self, windows: SecondaryWindows) -> None:
        draw, session = self._parts.draw, self._session
        draw.clearRequested.connect(session.clear_points)
        draw.classRenamed.connect(session.rename_class)
        draw.classColorRequested.connect(session.set_class_color)
        draw.classMarkerRequested.connect(session.set_class_marker)
        draw.classClearRequested.connect(session.clear_class)
        draw.classRemoveRequested.connect(session.remove_class)
        draw.tableRequested.connect(windows.open_points_table)

    def _wire_transport(self) -> None:
        bar, session, run = self._parts.transport, self._session, self._session.run
        bar.trainToggled.connect(run.toggle)
        bar.resetRequested.connect(run.reset)
        bar.newStartRequested.connect(session.new_start)
        bar.stepEpochRequested.connect(run.step_epoch)
        bar.stepBatchRequested.connect(run.step_batch)
        bar.speedChanged.connect(run.set_speed)
        bar.instant.toggled.connect(run.set_instant)
        bar.engineRequested.connect(self._parts.training.open_engine)
        run.instantChanged.connect(bar.instant.setChecked)

    def _wire_network(self) -> None:
        view, session = self._parts.network.network, self._session
        view.unitsRequested.connect(self._on_units_requested)
        view.layerAddRequested.connect(session.add_layer)
        view.layerRemoveRequested.connect(session.remove_layer)
        view.layerMoveRequested.connect(session.move_layer)
        view.activationRequested.connect(self._on_activation_requested)
        view.layerSettingRequested.connect(session.set_layer)
        view.featureToggled.connect(session.toggle_feature)
        view.weightEdited.connect(session.set_weight)
        view.neuronHovered.connect(self._on_neuron_hovered)
        view.inputHovered.connect(self._parts.output.show_feature)

    def _wire_output(self) -> None:
        output, session = self._parts.output, self._session
        output.probesChanged.connect(session.set_probes)
        output.projectionChosen.connect(self._on_projection_chosen)
        output.axesChosen.connect(self._on_axes_chosen)
        output.canvas.testPointsAdded.connect(self._on_test_points_added)
        session.dataBrought.connect(self._on_data_brought)

    @Slot()
    def _on_test_points_added(self) -> None:
        """What a hand has just put there has to be seen."""
        self._parts.output.test_points.setChecked(True)
        self._notices.inform(Message(HOLLOW, SHARE))

    @Slot(object)
    def _on_data_brought(self, dataset: Dataset) -> None:
        """Some points of what was imported test the network: show those, too."""
        held_out = int(dataset.points.held_out.sum())
        if held_out and dataset.image is None and dataset.points.y.ndim == 1:
            self._parts.output.test_points.setChecked(True)
            count = len(dataset.points)
            said = Message(
                "{held_out:,} of {count:,} points are held out for testing: the hollow ones."
                if count <= MARKERS_AT_MOST
                else "{held_out:,} of {count:,} points are held out for testing.",
                held_out=held_out,
                count=count,
            )
            self._notices.inform(Message(*dataset.notes, said, SHARE))

    @Slot(int, int)
    def _on_neuron_hovered(self, layer: int, unit: int) -> None:
        equation = self._parts.network.network.equation(layer, unit) if layer >= 0 else ""
        self._parts.output.show_unit(layer, unit, equation)

    @Slot(str)
    def _on_projection_chosen(self, projection: str) -> None:
        self._session.set_view("projection", projection)

    @Slot(int, int)
    def _on_axes_chosen(self, across: int, up: int) -> None:
        self._session.set_view("axes", (across, up))

    @Slot(str, object)
    def _on_changed(self, path: str, value: object) -> None:
        self._session.set_value(path, value, merge=True)

    @Slot(str, object)
    def _on_committed(self, path: str, value: object) -> None:
        """A value that holds settles what was refused before; one that does not is taken back."""
        self._notices.hide()
        if not self._session.set_value(path, value, merge=True):
            form = self.sender()
            assert isinstance(form, DataPanel | FeaturesPanel | TrainingPanel)
            form.put_back()
        else:
            self._remark_on(path)
        self._session.end_merge()

    def _remark_on(self, path: str) -> None:
        """Say what a setting comes to, where that is hardly what was meant."""
        dataset = self._session.dataset
        points = None if dataset is None else len(dataset.train)
        if sentence := remark(self._session.experiment, path, points):
            self._notices.inform(sentence)

    @Slot()
    def _on_vectors_requested(self) -> None:
        self._session.use_data(VectorData(), "Vectors")

    @Slot(int, int)
    def _on_units_requested(self, layer: int, units: int) -> None:
        self._session.set_layer(layer, "units", units)

    @Slot(int, str)
    def _on_activation_requested(self, layer: int, key: str) -> None:
        self._session.set_layer(layer, "activation", key)
