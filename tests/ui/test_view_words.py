"""What the views put into words stands in the language of the window, wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.core.errors import PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.core.network.analysis import analyse
from playground.ui import language
from playground.ui.curves import layer_words
from playground.ui.curves.confusion import in_words
from playground.ui.curves.fit import PredictedAgainstTarget
from playground.ui.curves.weights import WAITING, WeightsPage
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.network.layer_table import LayersTable
from playground.ui.network.layout.arrange import arrange
from playground.ui.network.layout.shapes import Measures
from playground.ui.network.structure.diagram import Diagram
from playground.ui.output.images.grid import ImageGrid
from playground.ui.widgets import Choice
from playground.ui.widgets.number_field import parse

pytestmark = pytest.mark.usefixtures("_japanese")


@pytest.fixture
def _japanese(qapp: QApplication) -> Iterator[None]:
    theme.install(qapp)
    language.use("ja")
    yield
    language.use("en")


def test_the_table_of_layers_names_its_lines(qtbot: QtBot) -> None:
    table = LayersTable()
    qtbot.addWidget(table)
    table.show_analysis(analyse(Experiment(), 2, 2))
    model = table.model()
    named = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert named == ["入力", "線形", "線形", "出力", "合計"]


def test_a_picture_that_waits_says_so(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page, painted = WeightsPage(), []
    qtbot.addWidget(page)
    monkeypatch.setattr(QPainter, "drawText", lambda *given: painted.append(given[-1]))
    page.plot.grab()
    assert painted == [tr(WAITING)] != [WAITING]


def test_the_axes_of_the_dots_are_named(qtbot: QtBot) -> None:
    plot = PredictedAgainstTarget()
    qtbot.addWidget(plot)
    plot.resize(600, 600)
    plot.grab()
    axes = [plot._plot.getAxis(side).labelText for side in ("left", "bottom")]
    assert axes == ["予測した値", "本当の値"]


def test_room_is_kept_for_the_words_that_are_shown() -> None:
    measured: list[str] = []

    def measure(text: str) -> float:
        measured.append(text)
        return 10.0

    layers = [{"kind": "conv"}, {"kind": "linear", "activation": "linear"}]
    diagram = Diagram.of(
        Experiment.parse({"model": {"layers": layers}}), ("p",) * 64, 1, 0, image=(1, 8, 8)
    )
    layout = arrange(diagram, QSizeF(900, 600), Measures(measure, measure))
    assert {"層", "画像", "値", "線形"} <= set(measured)
    assert len(layout.places) == 4
    assert not {"layer", "image", "Value", "Linear"} & set(measured)


def test_a_number_that_is_refused_is_named_and_bounded() -> None:
    with pytest.raises(PlaygroundError) as caught:
        parse("many", "Units", 1, 64, integer=True)
    assert str(caught.value) == "Units: 'many' is not a number; enter a whole number from 1 to 64."
    assert tr(caught.value) == (
        "ユニット: 「many」は数ではありません。1 から 64 までの整数を入力してください。"
    )


def test_a_cell_and_a_layer_are_put_into_words() -> None:
    cell = in_words(np.array([[4, 1], [0, 5]]), (0, 1), ("A", "B"), "training")
    assert tr(cell) == "Aの訓練点5個中1個がBとされました。"
    dead = layer_words.of_activations("Output", np.zeros((3, 1)), "relu", 5)
    assert dead == (
        "Output: 1 of 1 units is dead (unit 1): it outputs 0 for the 3 training points looked at."
    )
    assert "死んでいます(ユニット1)" in tr(dead)


def test_names_that_a_person_gave_stay_as_they_are(qtbot: QtBot) -> None:
    assert "Test" in tr(in_words(np.array([[1]]), (0, 0), ("Test",), "test"))


def test_what_has_a_help_is_read_with_it(qtbot: QtBot) -> None:
    choice = Choice("Plane", [("a", "Slice", "What does it?"), ("b", "Components", "")])
    qtbot.addWidget(choice)
    role = Qt.ItemDataRole.AccessibleTextRole
    assert choice.itemData(0, role) == "断面。What does it?"
    heard = choice.itemData(1, role) or choice.itemText(1)  # as Qt reads an entry
    assert heard == "主成分"


def test_an_empty_gallery_is_read_as_sentences(qtbot: QtBot) -> None:
    language.use("en")
    grid = ImageGrid()
    qtbot.addWidget(grid)
    grid.show_predictions(None)
    assert grid.accessibleDescription().startswith("No images. Test images, ")
