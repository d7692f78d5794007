"""The network as a table, and the card that holds picture and table."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.core.data.dataset import prepare
from playground.core.experiment.experiment import Experiment
from playground.core.network.analysis import analyse
from playground.engines.contract.run_control import RunControl
from playground.engines.contract.views import Views
from playground.engines.loop.training import train
from playground.ui.look import theme
from playground.ui.network import NetworkView
from playground.ui.network.card import NetworkCard, size_text, whole_size_text
from playground.ui.network.layer_table import LayersTable

Key = Qt.Key


@pytest.fixture(autouse=True)
def manager(qapp: QApplication, monkeypatch) -> Iterator[theme.ThemeManager]:
    monkeypatch.setattr(NetworkView, "TRANSITION_MS", 0)
    found = theme.install(qapp)
    found.set_mode(theme.Mode.LIGHT)
    yield found
    found.set_mode(theme.Mode.SYSTEM)


def on_digits(*layers: dict) -> Experiment:
    return Experiment.parse({"data": {"kind": "digits"}, "model": {"layers": list(layers)}})


CONV = {"kind": "conv", "channels": 8, "kernel": 3}
LINEAR = {"kind": "linear", "units": 6}
NAMES = tuple("0123456789")


@pytest.fixture
def table(qtbot) -> LayersTable:
    table = LayersTable()
    qtbot.addWidget(table)
    table.resize(500, 400)
    table.show_analysis(analyse(on_digits(CONV, {"kind": "pool"}, LINEAR), 64, 10, (1, 8, 8)))
    table.show()
    return table


def cells(table: LayersTable, row: int) -> list[str]:
    model = table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_a_row_says_shape_and_cost(table: LayersTable) -> None:
    # 8 x 3 x 3 weights and 8 biases, each weight used at 64 places; 8 x 4 x 4 values to 6 units.
    assert cells(table, 0) == ["Input", "1 × 8 × 8", "", ""]
    assert cells(table, 1) == ["Convolution", "8 × 8 × 8", "80", "4,608"]
    assert cells(table, 2) == ["Pooling", "8 × 4 × 4", "", ""]
    assert cells(table, 3) == ["Linear", "6", "774", "768"]
    assert cells(table, 4) == ["Output", "10", "70", "60"]
    assert cells(table, 5) == ["Total", "", "924", "5,436"]


def test_a_fault_stands_under_its_layer_over_the_whole_width(table: LayersTable) -> None:
    table.show_analysis(analyse(on_digits(LINEAR, CONV), 64, 10, (1, 8, 8)))
    assert cells(table, 2)[:2] == ["Convolution", "?"]
    assert cells(table, 3)[0].startswith("Convolution needs an image")
    assert table.columnSpan(3, 0) == 4
    index = table.model().index(3, 0)
    assert index.data(Qt.ItemDataRole.DecorationRole) is not None  # not by colour alone
    assert index.data(Qt.ItemDataRole.ForegroundRole) == theme.current().warning
    table.show_analysis(analyse(on_digits(LINEAR), 64, 10, (1, 8, 8)))
    assert table.columnSpan(3, 0) == 1


def test_the_table_can_be_walked_and_heard(table: LayersTable) -> None:
    table.setFocus()
    table.setCurrentIndex(table.model().index(1, 0))
    QTest.keyClick(table, Key.Key_Down)
    assert table.currentIndex().row() == 2
    assert table.accessibleName() == "Layers"
    interface = QAccessible.queryAccessibleInterface(table)
    assert interface.childCount() > 0
    for column in range(4):
        tip = table.model().headerData(
            column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
        )
        assert tip


def test_the_place_in_the_table_survives_a_change(table: LayersTable) -> None:
    table.setCurrentIndex(table.model().index(2, 0))
    table.show_analysis(analyse(on_digits(CONV, LINEAR), 64, 10, (1, 8, 8)))
    assert table.currentIndex().row() == 2


# The card ---------------------------------------------------------------------------------------


@pytest.fixture
def card(qtbot) -> NetworkCard:
    card = NetworkCard()
    qtbot.addWidget(card)
    card.resize(700, 500)
    experiment = on_digits(CONV, LINEAR)
    card.show_experiment(experiment, prepare(experiment), NAMES)
    card.show()
    return card


def test_the_header_turns_the_picture_into_a_table(card: NetworkCard) -> None:
    assert card.network.isVisible()
    card.tabs.setFocus()
    QTest.keyClick(card.tabs, Key.Key_Right)
    assert card.table.isVisible()
    assert not card.network.isVisible()
    card.grab()
    QTest.keyClick(card.tabs, Key.Key_Left)
    assert card.network.isVisible()


def test_the_header_says_how_large_the_network_is(card: NetworkCard) -> None:
    assert card.size_text.text() == "1×8×8 → 8×8×8 → 6 → 10 · 3,228 parameters"
    deep = analyse(on_digits(*[LINEAR] * 9), 64, 10)
    assert size_text(deep).startswith("64 → 6 ×9 → 10 · ")
    assert whole_size_text(deep).startswith("64" + " → 6" * 9 + " → 10 · ")
    mixed = analyse(on_digits(*[LINEAR] * 5, {**LINEAR, "units": 3}, *[LINEAR] * 2), 64, 10)
    assert size_text(mixed).startswith("64 → 6 ×5 → 3 → 6 ×2 → 10 · ")


def test_the_whole_shape_is_in_the_tooltip(card: NetworkCard) -> None:
    experiment = on_digits(*[LINEAR] * 9)
    card.show_experiment(experiment, prepare(experiment), NAMES)
    assert " → ".join(["6"] * 9) in card.size_text.toolTip()


def test_a_long_header_does_not_widen_the_card(card: NetworkCard) -> None:
    experiment = on_digits(*[{**CONV, "channels": 128}] * 6)
    card.show_experiment(experiment, prepare(on_digits(LINEAR)), NAMES)
    assert card.minimumSizeHint().width() < 360
    card.resize(360, 400)
    card.grab()


def test_a_fault_is_shown_while_the_network_is_built(card: NetworkCard) -> None:
    sound = card.network.grab().toImage()
    experiment = on_digits(CONV, LINEAR, CONV)
    card.show_experiment(experiment, prepare(on_digits(LINEAR)), NAMES)
    assert card.network.grab().toImage() != sound
    assert "Convolution needs an image" in card.network.accessibleDescription()
    card.show_experiment(on_digits(CONV, LINEAR), prepare(on_digits(LINEAR)), NAMES)
    assert "needs an image" not in card.network.accessibleDescription()


def test_fit_is_offered_while_the_picture_is_zoomed(card: NetworkCard) -> None:
    assert not card._fit.isVisible()
    card.network.zoom_at(card.network.rect().center().toPointF(), 2.0)
    assert card._fit.isVisible()
    card._fit.click()
    assert not card.network.is_zoomed
    assert not card._fit.isVisible()


def test_the_image_that_was_chosen_goes_through_the_network(card: NetworkCard) -> None:
    first = card.network.grab().toImage()
    card.choose_image(4)
    assert card.network.grab().toImage() != first
    card.choose_image(10_000)  # of other data, which are still on their way
    card.network.grab()


def test_feature_maps_and_gradients_stay_until_newer_ones_come(card: NetworkCard) -> None:
    experiment = on_digits(CONV, LINEAR)
    views = Views(grid=0, inspect=True, image_row=3)
    run = train(experiment, prepare(experiment), RunControl(interactive=True, views=views))
    snapshot = next(each for each in run if each.inspection is not None)
    card.choose_image(3)
    card.show_snapshot(snapshot)
    shown = card.network.grab().toImage()
    card.show_snapshot(replace(snapshot, inspection=None))
    assert card.network.grab().toImage() == shown
    card.choose_image(3)  # its maps are on their way
    assert card.network.grab().toImage() != shown
