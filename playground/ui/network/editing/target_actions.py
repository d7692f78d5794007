"""What a click or a key asks for: from a target to requests, menus and fields.

Imports PySide6 and the modules beside it; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QMenu

from playground.core import numbers
from playground.core.experiment.settings import presentation
from playground.core.messages import N_
from playground.core.network.layer_settings import LayerSettings
from playground.core.network.layers import MAX_UNITS, Dropout
from playground.ui.language import tr
from playground.ui.network import descriptions
from playground.ui.network.editing import layer_menus
from playground.ui.network.editing.editable_scene import EditableScene
from playground.ui.network.editing.editors import LayerEditor, NumberEditor
from playground.ui.network.layout.targets import Part, Target
from playground.ui.network.structure import values
from playground.ui.network.structure.diagram import Column
from playground.ui.training.settings_form import objection

MOST_WEIGHTS_LISTED: Final = 24


class TargetActions:
    """Turns what was touched into requests, which the scene emits."""

    def __init__(self, scene: EditableScene) -> None:
        self._scene = scene

    def _column(self, target: Target) -> Column:
        return self._scene.diagram.columns[target.column]

    def do(self, target: Target, at: QPointF) -> None:
        """What a click on a target does; `at` is the point of the window."""
        simple: dict[Part, Callable[[Target], None]] = {
            Part.FEWER: partial(self.change_units, by=-1),
            Part.MORE: partial(self.change_units, by=1),
            Part.REMOVE: self.remove,
            Part.ACTIVATION: self.open_activation_menu,
            Part.ADD: self.open_add_menu,
        }
        fields: dict[Part, Callable[[Target, QPointF], None]] = {
            Part.WEIGHT: self.edit_number,
            Part.BIAS: self.edit_number,
            Part.LAYER: self.edit_layer,
            Part.BLOCK: self.edit_layer,
        }
        if target.part is Part.NODE:
            self.toggle(target)
        elif target.part in simple:
            simple[target.part](target)
        elif target.part in fields:
            fields[target.part](target, at)

    def toggle(self, target: Target) -> None:
        """Switch a feature off, which takes it out of the picture; nothing for what is none."""
        diagram = self._scene.diagram
        if target.part is Part.NODE and target.column == 0 and diagram.can_toggle:
            self._scene.featureToggled.emit(diagram.inputs[target.unit].key, False)

    def change_units(self, target: Target, by: int) -> None:
        """One unit or channel more or less, as far as the layer allows."""
        column = self._column(target)
        count = column.count + by
        if column.is_linear and 1 <= count <= MAX_UNITS:
            self._scene.unitsRequested.emit(column.layer, count)
        elif column.settings is not None and column.count_setting is not None:
            name = column.count_setting
            if not objection(column.settings, name, count, name):
                self._scene.layerSettingRequested.emit(column.layer, name, count)

    def remove(self, target: Target) -> None:
        column = self._column(target)
        if column.settings is not None:
            self._scene.layerRemoveRequested.emit(column.layer)

    def move(self, target: Target, by: int) -> None:
        column = self._column(target)
        to = column.layer + by
        if column.settings is not None and 0 <= to < len(self._scene.diagram.hidden):
            self._scene.layerMoveRequested.emit(column.layer, to)

    # Menus.

    def open_activation_menu(self, target: Target) -> None:
        column = self._column(target)
        if column.activation:
            chosen = partial(self._scene.activationRequested.emit, column.layer)
            self._open(layer_menus.activation_menu(self._scene, column.activation, chosen), target)

    def open_add_menu(self, target: Target) -> None:
        """`target` is a gap, or a layer behind which the new one goes."""
        index = target.column
        if target.part is not Part.ADD:
            index = min(self._column(target).layer + 1, len(self._scene.diagram.hidden))
        add = partial(self._scene.layerAddRequested.emit, index)
        self._open(
            layer_menus.add_menu(self._scene, add, self._scene.diagram.place_at(index)), target
        )

    def open_layer_menu(self, column: int, at: QPoint) -> None:
        entry = self._scene.diagram.columns[column]
        if entry.settings is None:
            return
        target = Target(Part.LAYER, column)
        actions = layer_menus.LayerActions(
            activation=partial(self._scene.activationRequested.emit, entry.layer),
            bias=partial(self._scene.layerSettingRequested.emit, entry.layer, "bias"),
            settings=partial(self.edit_layer, target, QPointF(self._scene.mapFromGlobal(at))),
            move=partial(self.move, target),
            remove=partial(self.remove, target),
        )
        last = len(self._scene.diagram.hidden) - 1
        layer_menus.layer_menu(self._scene, entry, last, actions).popup(at)

    def open_weights_menu(self, target: Target) -> None:
        """The numbers of a unit, for the keyboard: its bias and its weights, the largest first."""
        diagram, weights = self._scene.diagram, self._scene.weights
        found = self._weights_of(target)
        if values.bias_of(diagram, weights, target.column) is not None:
            found.insert(0, Target(Part.BIAS, target.column, target.unit))
        if not found:
            return
        listed = [
            (str(i), f"{tr(descriptions.headline(diagram, each))}\t{self._shown(each)}")
            for i, each in enumerate(found)
        ]

        def edit(key: str) -> None:
            box = self._scene.window_box(target)
            self.edit_number(found[int(key)], box.center() if box else QPointF())

        title = descriptions.headline(diagram, target)
        self._open(layer_menus.choice_menu(self._scene, title, listed, edit), target)

    def _weights_of(self, target: Target) -> list[Target]:
        """The weights of a unit that can be named one by one."""
        diagram = self._scene.diagram
        matrix = values.weight_of(diagram, self._scene.weights, target.column)
        if matrix is None or diagram.columns[target.column - 1].area > 1:
            return []
        sources = np.argsort(-np.abs(matrix[target.unit]), kind="stable")[:MOST_WEIGHTS_LISTED]
        return [Target(Part.WEIGHT, target.column, target.unit, int(i)) for i in sources]

    def _shown(self, target: Target) -> str:
        value = descriptions.number_at(self._scene.diagram, target, self._scene.weights)
        return "" if value is None else numbers.rounded(value)

    def _open(self, menu: QMenu, target: Target) -> None:
        box = self._scene.window_box(target)
        corner = box.bottomLeft().toPoint() if box else self._scene.rect().center()
        menu.popup(self._scene.mapToGlobal(corner))

    # Fields.

    def edit_number(self, target: Target, at: QPointF) -> None:
        """Open the field of a weight or a bias."""
        column = self._column(target)
        value = descriptions.number_at(self._scene.diagram, target, self._scene.weights)
        if value is None or column.parameters is None:
            return
        is_bias = target.part is Part.BIAS
        name = column.parameters.bias if is_bias else column.parameters.weight
        index = (target.unit,) if is_bias else (target.unit, target.source)
        title = descriptions.headline(self._scene.diagram, target)
        editor = NumberEditor(self._scene, title, value)
        editor.given.connect(lambda given: self._scene.weightEdited.emit(name, index, given))
        editor.open_at(at.toPoint())

    def edit_layer(self, target: Target, at: QPointF) -> None:
        """Open what a layer has to set: its units, its probability or its activation."""
        column, scene = self._column(target), self._scene
        if column.is_linear:
            bounds = {"minimum": 1, "maximum": MAX_UNITS, "step": 1}
            editor = NumberEditor(scene, N_("Units"), column.units, **bounds, integer=True)
            editor.given.connect(lambda n: scene.unitsRequested.emit(column.layer, round(n)))
            editor.open_at(at.toPoint())
        elif isinstance(column.settings, Dropout):
            self._edit_probability(column, column.settings, at)
        elif column.has_card and column.settings is not None:
            self._edit_settings(column.layer, column.settings, at)
        else:
            self.open_activation_menu(target)

    def _edit_settings(self, layer: int, settings: LayerSettings, at: QPointF) -> None:
        editor = LayerEditor(self._scene, layer, settings)
        editor.given.connect(partial(self._scene.layerSettingRequested.emit, layer))
        editor.open_at(self._scene.mapToGlobal(at.toPoint()))

    def _edit_probability(self, column: Column, settings: Dropout, at: QPointF) -> None:
        shown = presentation(Dropout.model_fields["p"])
        editor = NumberEditor(
            self._scene, shown.label, settings.p, minimum=0.0, maximum=0.99, step=shown.step or 0.05
        )
        editor.given.connect(lambda p: self._scene.layerSettingRequested.emit(column.layer, "p", p))
        editor.open_at(at.toPoint())
