"""The curves card: its tabs, what it asks for, and what it draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QTabBar, QToolButton
from pytestqt.qtbot import QtBot

from playground.core.data.dataset import prepare
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.run_control import CurvePoint, Snapshot
from playground.ui.app import make_application
from playground.ui.curves.axes.plot import Plot
from playground.ui.curves.axes.plot_axis import OVERHANG
from playground.ui.curves.card import CurvesCard
from playground.ui.curves.pages import CurvePage, Page
from playground.ui.curves.plots import WAITING
from playground.ui.look import theme
from tests.ui.moments import curve, look, predicting, snapshot
from tests.ui.reading import names_drawn

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SPIRAL = Experiment.parse({"data": {"kind": "generated", "generator": "spiral", "samples": 60}})
HILLS = Experiment.parse({"data": {"kind": "generated", "generator": "hills", "samples": 60}})

NARROW = (404, 142)
"""The card in a window of 1280 x 720."""


@pytest.fixture
def card(qtbot: QtBot) -> CurvesCard:
    make_application([])
    result = CurvesCard()
    qtbot.addWidget(result)
    show(result, SPIRAL)
    result.resize(*NARROW)
    result.show()
    return result


def show(card: CurvesCard, experiment: Experiment) -> None:
    card.show_experiment(experiment)
    card.show_dataset(prepare(experiment))


def offered(card: CurvesCard) -> list[str]:
    tabs = card.tabs
    return [tabs.tabText(i) for i in range(tabs.count()) if tabs.isTabVisible(i)]


def turn_to(card: CurvesCard, name: str) -> None:
    names = [card.tabs.tabText(i) for i in range(card.tabs.count())]
    card.tabs.setCurrentIndex(names.index(name))


def test_classes_and_numbers_have_their_own_tabs(card: CurvesCard) -> None:
    assert offered(card) == ["Loss", "Accuracy", "Rate", "Classes", "Weights", "Code"]
    show(card, HILLS)
    assert offered(card) == ["Loss", "Fit", "Rate", "Weights", "Code"]


@pytest.mark.parametrize("experiment", [SPIRAL, HILLS])
def test_the_tabs_fit_without_scroll_buttons(card: CurvesCard, experiment: Experiment) -> None:
    show(card, experiment)
    bar = card.tabs.findChild(QTabBar)
    assert bar is not None
    QApplication.processEvents()
    assert not [button for button in bar.findChildren(QToolButton) if button.isVisible()]
    assert bar.tabRect(bar.count() - 1).right() <= bar.width()


def test_each_tab_asks_for_what_it_needs_and_no_longer(card: CurvesCard) -> None:
    inspection = QSignalSpy(card.inspectionWanted)
    predictions = QSignalSpy(card.predictionsWanted)
    for name in ("Accuracy", "Weights", "Classes", "Rate"):
        turn_to(card, name)
    assert [inspection.at(i)[0] for i in range(inspection.count())] == [True, False]
    assert [predictions.at(i)[0] for i in range(predictions.count())] == [True, False]


def test_a_hidden_card_asks_for_nothing(card: CurvesCard) -> None:
    turn_to(card, "Weights")
    spy = QSignalSpy(card.inspectionWanted)
    card.hide()
    card.show()
    assert [spy.at(i)[0] for i in range(spy.count())] == [False, True]


def test_another_tab_ends_what_a_cell_points_out(card: CurvesCard) -> None:
    dataset = prepare(SPIRAL)
    turn_to(card, "Classes")
    told = look(predictions=predicting(dataset.points.y, 2))
    card.show_curve(curve(2), snapshot(dataset, 1, inspection=told))
    spy = QSignalSpy(card.cellChosen)
    card.classes.table.choose((0, 0))
    turn_to(card, "Loss")
    assert [len(spy.at(i)[0]) > 0 for i in range(spy.count())] == [True, False]


class Counting(Page):
    """A page that counts how often it is drawn."""

    drawn = 0

    def show_moment(self, curve: Sequence[CurvePoint], snapshot: Snapshot) -> None:
        self.drawn += 1


def test_only_the_page_in_front_is_drawn(card: CurvesCard) -> None:
    page, dataset = Counting(), prepare(SPIRAL)
    card.add_tab(page, "Own", "A tab of another part of the window.")
    card.show_curve(curve(3), snapshot(dataset, 3))
    assert page.drawn == 0
    turn_to(card, "Own")
    assert page.drawn == 1
    card.show_curve(curve(4), snapshot(dataset, 4))
    assert page.drawn == 2
    card.hide()
    card.show_curve(curve(5), snapshot(dataset, 5))
    assert page.drawn == 2


def key_of(page: CurvePage) -> dict[str, str]:
    return {row.name: row.value for row in page.key.rows}


def test_the_key_says_the_newest_values_and_those_under_the_pointer(card: CurvesCard) -> None:
    card.show_curve(curve(11), snapshot(prepare(SPIRAL), 10))
    assert key_of(card.loss) == {"epoch": "10", "test": "0.0909", "training": "0.0909"}
    viewport = card.loss.plot._plot.viewport()
    point(viewport, QPoint(0, 5))
    assert key_of(card.loss)["epoch"] == "0"
    # What comes in while somebody reads does not take the place of what is read.
    card.show_curve(curve(12), snapshot(prepare(SPIRAL), 11))
    assert key_of(card.loss)["epoch"] == "0"
    QApplication.sendEvent(viewport, QEvent(QEvent.Type.Leave))
    assert key_of(card.loss)["epoch"] == "11"


def point(widget: object, place: QPoint) -> None:
    button, none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    where = QPointF(place)
    kind = QEvent.Type.MouseMove
    QApplication.sendEvent(widget, QMouseEvent(kind, where, where, button, button, none))


def test_the_run_before_stays_as_a_ghost_until_it_is_dismissed(card: CurvesCard) -> None:
    card.show_curve(curve(11), snapshot(prepare(SPIRAL), 10))
    assert not card.loss.has_ghost()
    card.show_nothing()
    card.start()
    for page in (card.loss, card.accuracy):
        assert len(page.plot._ghost.getData()[0]) == 11
        assert not page.key.cross.isHidden()
    assert key_of(card.loss)["test"] == "–"
    assert key_of(card.loss)["run before"] == "0.0909"
    card.start()  # a start that was never trained leaves the ghost
    assert len(card.loss.plot._ghost.getData()[0]) == 11
    spy = QSignalSpy(card.ghostDismissed)
    card.loss.key.cross.click()
    assert spy.count() == 1
    for page in (card.loss, card.accuracy):
        x, _ = page.plot._ghost.getData()
        assert x is None or not len(x)
        assert page.key.cross.isHidden()
        assert "run before" not in key_of(page)


def test_the_plan_is_there_before_training_and_reaches_beyond_a_long_run(card: CurvesCard) -> None:
    turn_to(card, "Rate")
    plot = card.rate.plot
    assert plot._planned.getData()[0][-1] == 100
    assert "planned" in [row.name for row in card.rate._key.rows]
    card.show_curve(curve(151), snapshot(prepare(SPIRAL), 150))
    assert plot._planned.getData()[0][-1] == 300
    assert np.allclose(plot._used.getData()[1], 0.03)
    card.show_experiment(SPIRAL.with_setting("training.schedule", {"kind": "plateau"}))
    assert not card.rate._note.isHidden()
    assert "planned" not in [row.name for row in card.rate._key.rows]


def test_accuracy_is_said_in_percent_as_everywhere(card: CurvesCard) -> None:
    card.show_curve(curve(11), snapshot(prepare(SPIRAL), 10))
    turn_to(card, "Accuracy")
    said = key_of(card.accuracy)
    last = card.accuracy.plot.record.latest()
    assert last is not None
    assert [said["training"], said["test"]] == [f"{100 * share:.1f} %" for share in last[1:]]
    assert key_of(card.loss)["test"].replace(".", "").isdecimal()


def test_the_sentence_of_an_empty_plot_stands_beside_the_key(
    card: CurvesCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, draw = {}, QPainter.drawText

    def noted(painter: QPainter, *args: object) -> object:
        said[args[-1]] = args[0]
        return draw(painter, *args)

    monkeypatch.setattr(QPainter, "drawText", noted)
    card.grab()
    side = card.loss._body._side
    assert side.is_floating
    assert said[WAITING].right() <= side.x()
    card.resize(900, NARROW[1])
    card.grab()
    assert not side.is_floating
    assert said[WAITING].right() > card.loss.plot.width() - 2 * OVERHANG


@pytest.mark.parametrize(("scale", "least", "height"), [(1.0, 0, 200), (20 / 13, 20, 190)])
def test_two_marks_say_the_scale_and_the_last_epoch_has_its_name(
    card: CurvesCard, scale: float, least: int, height: int
) -> None:
    theme.manager().set_scale(scale, least)
    try:
        card.resize(700, height)
        card.show_curve(curve(1_001), snapshot(prepare(SPIRAL), 1_000))
        QApplication.processEvents()
        plot = next(plot for plot in card.findChildren(Plot) if plot.isVisible())
        names = [name for _, name in names_drawn(plot)]
        assert "1,000" in names
        assert names.count("0") == 2, "the epochs begin there, and the losses end there"
        assert {"1", "1.0"} & set(names)
    finally:
        theme.manager().set_scale(1.0)


def test_the_log_switch_acts_on_the_loss_alone(card: CurvesCard) -> None:
    card.log.click()
    assert card.loss.plot._is_log
    assert not card.accuracy.plot._is_log


def test_tabs_are_turned_by_keyboard(card: CurvesCard) -> None:
    QTest.keyClick(card.tabs.tabBar(), Qt.Key.Key_Right)
    assert card.tabs.currentWidget() is card.accuracy
