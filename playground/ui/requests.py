"""What a person asks for, on its way to the session.

Panels and views emit requests; this module hands each to whoever carries it out. It decides
nothing. GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from playground.core.experiment import VectorData

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

__all__ = ["Requests"]


class Requests(QObject):
    """Connects the parts of a window to its session."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._wire_panels()
        self._wire_drawing()
        self._wire_transport()
        self._wire_network()
        self._wire_output()

    def _wire_panels(self) -> None:
        window, session = self._window, self._session
        for panel in (window.data, window.features, window.training):
            panel.changed.connect(self._on_changed)
            panel.committed.connect(self._on_committed)
            panel.refused.connect(self._on_refused)
        window.data.generatorChosen.connect(session.choose_generator)
        window.data.builtinChosen.connect(session.choose_table)
        window.data.vectorsRequested.connect(self._on_vectors_requested)
        window.data.importRequested.connect(window.documents.ask_and_open)
        window.data.clearRequested.connect(session.clear_points)

    def _wire_drawing(self) -> None:
        window, session = self._window, self._session
        draw, canvas = window.draw, window.output.canvas
        draw.clearRequested.connect(session.clear_points)
        draw.classAddRequested.connect(session.add_class)
        draw.classRenamed.connect(session.rename_class)
        draw.classClearRequested.connect(session.clear_class)
        draw.tableRequested.connect(window.companions.open_points_table)
        draw.toolChosen.connect(canvas.use_tool)
        draw.classChosen.connect(self._on_class_chosen)
        draw.valueChosen.connect(self._on_value_chosen)
        draw.brushChanged.connect(self._on_brush_changed)
        canvas.draw_with(lambda: session.points)
        canvas.edited.connect(session.edit_points)
        canvas.gestureEnded.connect(session.end_merge)

    def _wire_transport(self) -> None:
        bar, session, instant = self._window.transport, self._session, self._window.instant
        bar.trainToggled.connect(session.run.toggle)
        bar.resetRequested.connect(session.run.reset)
        bar.newStartRequested.connect(session.new_start)
        bar.stepEpochRequested.connect(session.run.step_epoch)
        bar.stepBatchRequested.connect(session.run.step_batch)
        bar.speedChanged.connect(session.run.set_speed)
        instant.toggled.connect(session.run.set_instant)
        session.run.instantChanged.connect(instant.setChecked)

    def _wire_network(self) -> None:
        view, session = self._window.network, self._session
        view.unitsRequested.connect(self._on_units_requested)
        view.layerAddRequested.connect(session.add_layer)
        view.layerRemoveRequested.connect(session.remove_layer)
        view.layerMoveRequested.connect(session.move_layer)
        view.activationRequested.connect(self._on_activation_requested)
        view.layerSettingRequested.connect(session.set_layer)
        view.featureToggled.connect(session.toggle_feature)
        view.weightEdited.connect(session.set_weight)
        view.neuronHovered.connect(self._on_neuron_hovered)
        view.inputHovered.connect(self._window.output.show_feature)

    def _wire_output(self) -> None:
        output, session = self._window.output, self._session
        output.probesChanged.connect(session.set_probes)
        output.projectionChosen.connect(self._on_projection_chosen)
        output.axesChosen.connect(self._on_axes_chosen)

    @Slot(int, int)
    def _on_neuron_hovered(self, layer: int, unit: int) -> None:
        equation = self._window.network.equation(layer, unit) if layer >= 0 else ""
        self._window.output.show_unit(layer, unit, equation)

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
        self._window.notice.hide()  # what was refused before is settled by a value that holds
        is_accepted = self._session.set_value(path, value, merge=True)
        self._session.end_merge()
        if not is_accepted:  # the form goes back to what holds
            self._session.experimentChanged.emit(self._session.experiment)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        """A value that cannot be used changes nothing; the run goes on as it was."""
        self._window.notify(sentence, "warning")

    @Slot()
    def _on_vectors_requested(self) -> None:
        self._session.use_data(VectorData(), "Vectors")

    @Slot(int, int)
    def _on_units_requested(self, layer: int, units: int) -> None:
        self._session.set_layer(layer, "units", units)

    @Slot(int, str)
    def _on_activation_requested(self, layer: int, key: str) -> None:
        self._session.set_layer(layer, "activation", key)

    @Slot(int)
    def _on_class_chosen(self, label: int) -> None:
        self._window.output.canvas.set_tool_settings(label=label)

    @Slot(float)
    def _on_value_chosen(self, value: float) -> None:
        self._window.output.canvas.set_tool_settings(value=value)

    @Slot(float, float)
    def _on_brush_changed(self, radius: float, density: float) -> None:
        self._window.output.canvas.set_tool_settings(radius=radius, density=int(density))
