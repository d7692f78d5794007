"""The table of points: what stands in its cells, what may be written there, and how it is used."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QWidget

from playground.core.data.axis import Axis
from playground.core.data.dataset import prepare
from playground.core.data.points import Points
from playground.core.errors import PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.ui.data.points import points_table
from playground.ui.data.points.cells import Columns, cells_of, runs
from playground.ui.data.points.model import PointsModel
from playground.ui.data.points.points_table import PointsTable
from playground.ui.look import theme
from tests.strategies import finite, points
from tests.ui.going import goes

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
Role = Qt.ItemDataRole

PLAIN = (Axis("x1"), Axis("x2"))
SCALED = (Axis("height", 170.0, 12.5), Axis("weight", 1e4, 1e-3))
CLASSES = ("cat", "Dog", "emu")
DRAWN = Points.of([[3, 0.1], [1, 0.2], [2, -5]], [0, 2, 1], [False, True, False])

# What the offscreen platform says about windows and popups; it is no fault of a table.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(autouse=True)
def _theme(qapp: QApplication) -> Iterator[None]:
    found = theme.install(qapp)
    found.set_mode(theme.Mode.LIGHT)
    yield
    found.set_mode(theme.Mode.SYSTEM)


def experiment(shown: Points, **data: Any) -> Experiment:
    answer = "target" if shown.is_regression else "label"
    raw = {"kind": "points", "x": shown.x.tolist(), answer: shown.y.tolist(), **data}
    return Experiment.parse({"data": raw})


@pytest.fixture
def table(qtbot) -> PointsTable:
    """Three points of three classes, on the screen."""
    result = PointsTable()
    qtbot.addWidget(result)
    result.show_experiment(experiment(DRAWN, class_names=CLASSES))
    result.show_points(DRAWN)
    with qtbot.waitExposed(result):
        result.show()
    result.activateWindow()
    qtbot.waitUntil(result.isActiveWindow)
    return result


def told(spy: QSignalSpy) -> list[tuple[Any, ...]]:
    return [tuple(spy.at(index)) for index in range(spy.count())]


def column(table: PointsTable, number: int) -> list[str]:
    model = table.model
    return [model.index(row, number).data() for row in range(model.rowCount())]


def marks(table: PointsTable) -> list[QLabel]:
    """The signs on show that say that something is wrong."""
    labels = table.findChildren(QLabel)
    return [label for label in labels if label.isVisible() and not label.pixmap().isNull()]


def select(table: PointsTable, row: int, at: int = 0) -> None:
    table.view.setCurrentIndex(table.model.index(row, at))


def clipboard() -> Any:
    return QApplication.clipboard()


# Columns ------------------------------------------------------------------------------------------


def test_numbers_are_written_as_everywhere(table: PointsTable) -> None:
    """A true minus and powers of ten to read; what is edited is as one types it."""
    table.show_points(Points.of([[-2.65, 1e-7], [3, -4e-9]], [0, 1]))
    model = table.model
    assert [model.index(0, 0).data(), model.index(0, 1).data()] == ["−2.65", "1×10⁻⁷"]
    assert model.index(1, 1).data() == "−4×10⁻⁹"
    assert model.index(0, 0).data(Role.EditRole) == "-2.65"


def test_few_columns_share_the_width_and_long_names_can_be_read(qtbot, table: PointsTable) -> None:
    header = table.view.horizontalHeader()
    assert header.length() == table.view.viewport().width()
    iris = Experiment.parse({"data": {"kind": "iris"}})
    table.show_experiment(iris)
    table.show_dataset(prepare(iris))
    table.show_points(prepare(iris).points)
    assert table.model.columnCount() == 6
    for number in range(6):
        assert header.sectionSize(number) >= header.sectionSizeHint(number)
        assert header.sectionSize(number) >= table.view.sizeHintForColumn(number)


# Cells --------------------------------------------------------------------------------------------


@given(points(regression=False), st.sampled_from([PLAIN, SCALED]))
def test_the_text_of_every_cell_reads_back_to_the_same_point(drawn: Points, axes: tuple) -> None:
    within = drawn.take(np.flatnonzero((np.abs(drawn.x) < 1e25).all(axis=1)))
    columns = Columns(axes, tuple("abcdefghij"))
    cells = [
        (row, column, columns.text(within, row, column))
        for row in range(len(within))
        for column in range(len(columns))
    ]
    blank = Points(np.zeros_like(within.x), np.zeros_like(within.y), ~within.held_out)
    read = columns.edited(blank, cells)
    assert read.same_as(within) or axes is SCALED
    # Far from 0 a unit has no room for the last digits of a tiny step.
    np.testing.assert_allclose(read.x, within.x, rtol=2e-7, atol=1e-8)
    assert read.same_as(Points(read.x, within.y, within.held_out))


@given(st.lists(finite(1024.0), min_size=1, max_size=9))
def test_targets_read_back_too(targets: list[float]) -> None:
    drawn = Points.of(np.zeros((len(targets), 2)), np.float32(targets))
    columns = Columns.of(drawn)
    assert columns.titles == ("x1", "x2", "target", "test point")
    cells = [(row, 2, columns.text(drawn, row, 2)) for row in range(len(drawn))]
    assert columns.edited(drawn.relabel(np.arange(len(drawn)), 7), cells).same_as(drawn)


def test_several_targets_have_a_column_each() -> None:
    y = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    drawn = Points(np.zeros((2, 1), np.float32), y, np.zeros(2, bool))
    columns = Columns.of(drawn)
    assert columns.titles == ("x1", "y1", "y2", "y3", "test point")
    assert columns.edited(drawn, [(1, 2, "0.5")]).y.tolist() == [[1, 2, 3], [4, 0.5, 6]]
    assert columns.order(drawn, 3, descending=True).tolist() == [1, 0]


def test_cells_are_in_the_original_unit() -> None:
    columns = Columns(SCALED, CLASSES)
    assert columns.titles == ("height", "weight", "class", "test point")
    assert columns.shown(DRAWN, 0, 0) == "207.5"
    changed = columns.edited(DRAWN, [(0, 0, "182,5")])
    assert changed.x[0].tolist() == [1.0, np.float32(0.1)]


@pytest.mark.parametrize(("text", "label"), [("Dog", 1), ("dog", 1), ("EMU", 2), (" cat ", 0)])
def test_a_class_is_written_by_its_name(text: str, label: int) -> None:
    assert Columns(PLAIN, CLASSES).edited(DRAWN, [(0, 2, text)]).y[0] == label


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ((0, 0, "many"), ["Point 1, x1", "'many' is not a number"]),
        ((1, 1, "1e31"), ["Point 2, x2", "above 1e30"]),
        ((2, 1, "nan"), ["Point 3, x2", "not a finite number"]),
        ((1, 2, "zebra"), ["Point 2, class", "'zebra'", "cat, Dog, emu"]),
        ((1, 2, "emus"), ["Did you mean 'emu'"]),
        ((0, 3, "perhaps"), ["Point 1, test point", "'perhaps'", "TRUE nor FALSE"]),
    ],
)
def test_what_does_not_fit_a_cell_is_refused(cell: tuple, words: list[str]) -> None:
    with pytest.raises(PlaygroundError) as error:
        Columns(PLAIN, CLASSES).edited(DRAWN, [(0, 0, "5"), cell])
    assert all(word in str(error.value) for word in words)


def test_rows_behind_the_last_are_new_points_for_training() -> None:
    columns = Columns(PLAIN, CLASSES)
    longer = columns.edited(DRAWN, [(4, 1, "2.5")])
    assert longer.take(np.arange(3)).same_as(DRAWN)
    assert longer.x[3:].tolist() == [[0, 0], [0, 2.5]]
    assert longer.y[3:].tolist() == [1, 1]
    assert not longer.held_out[3:].any()
    assert len(columns.edited(Points.empty(), [(0, 0, "1")])) == 1


def test_names_come_from_the_experiment_then_from_its_prepared_data() -> None:
    drawn = experiment(DRAWN, class_names=["a", "b", "c"], axes=[{"name": "u"}, {"name": "v"}])
    assert Columns.of(DRAWN, drawn).titles[:2] == ("u", "v")
    assert Columns.of(DRAWN, drawn).classes == ("a", "b", "c")
    assert Columns.of(DRAWN).classes == ("Blue", "Orange", "Red")
    wine = Experiment.parse({"data": {"kind": "wine"}})
    dataset = prepare(wine)
    columns = Columns.of(dataset.points, wine, dataset)
    assert columns.titles[:13] == dataset.input_names
    assert columns.classes == dataset.class_names
    assert Columns.of(DRAWN, wine, dataset).titles[:2] == ("x1", "x2")


def test_pasted_text_is_cut_into_cells() -> None:
    assert cells_of("1\t2\r\n3\t\r\n") == [["1", "2"], ["3", ""]]
    assert cells_of("a") == [["a"]]
    assert cells_of("\n") == cells_of("") == []


@given(st.lists(st.integers(0, 60), unique=True))
def test_runs_cover_the_rows_exactly(rows: list[int]) -> None:
    parts = runs(np.array(sorted(rows), np.int64))
    assert [row for first, last in parts for row in range(first, last + 1)] == sorted(rows)
    assert all(a[1] + 1 < b[0] for a, b in pairwise(parts))


# Model --------------------------------------------------------------------------------------------


def test_the_model_keeps_the_rules_of_qt(qtbot) -> None:
    model = PointsModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    columns = Columns(PLAIN, CLASSES)
    for shown in (DRAWN, Points.empty(), DRAWN.add([[0, 0]] * 5, 1), DRAWN, DRAWN.relabel([0], 1)):
        model.show(shown, columns, is_editable=True)
        model.sort(1, Qt.SortOrder.DescendingOrder)
        assert model.rowCount() == len(shown)
        assert model.rowCount(QModelIndex()) == len(shown)
    model.show(DRAWN, Columns.of(DRAWN), is_editable=False)
    assert tester.model() is model


def test_rows_are_sorted_and_edits_go_to_their_points(table: PointsTable) -> None:
    edited = QSignalSpy(table.edited)
    table.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert column(table, 0) == ["1", "2", "3"]
    assert [table.model.headerData(r, Qt.Orientation.Vertical) for r in range(3)] == list("231")
    table.model.setData(table.model.index(0, 0), "9")
    (changed, words) = told(edited)[0]
    assert changed.same_as(DRAWN.move([1], [[9, 0.2]]))
    assert words == "edit a point"
    assert column(table, 0) == ["9", "2", "3"]  # a row does not jump away under the hand
    table.view.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert column(table, 2) == ["emu", "Dog", "cat"]
    table.view.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    assert table.model.points_at(np.arange(3)).tolist() == [1, 0, 2]
    table.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert table.model.points_at(np.arange(3)).tolist() == [0, 1, 2]


def test_a_cell_that_is_left_as_it_was_asks_for_nothing(table: PointsTable) -> None:
    edited = QSignalSpy(table.edited)
    for number in range(3):
        index = table.model.index(1, number)
        assert table.model.setData(index, index.data(Role.EditRole))
    assert edited.count() == 0


def test_sorting_keeps_what_is_selected(table: PointsTable) -> None:
    select(table, 1)
    table.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert table.selected().tolist() == [1]


# The table in use ---------------------------------------------------------------------------------


def test_typing_changes_a_cell_and_a_bad_entry_says_why(qtbot, table: PointsTable) -> None:
    edited = QSignalSpy(table.edited)
    select(table, 0)
    qtbot.keyClick(table.view, Key.Key_7)
    editor = table.view.findChild(QLineEdit)
    qtbot.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: edited.count() == 1)
    assert told(edited)[0][0].x[0].tolist() == [7.0, np.float32(0.1)]
    table.model.setData(table.model.index(1, 0), "seven")
    assert table.status().startswith("Point 2, x1: 'seven' is not a number")
    assert len(marks(table)) == 1
    assert edited.count() == 1
    select(table, 2)
    assert marks(table) == []
    assert table.status() == "3 points, 1 selected"


def test_a_class_is_chosen_from_a_list(qtbot, table: PointsTable) -> None:
    edited = QSignalSpy(table.edited)
    index = table.model.index(0, 2)
    table.view.setCurrentIndex(index)
    table.view.edit(index)
    editor = table.view.findChild(QComboBox)
    assert [editor.itemText(i) for i in range(editor.count())] == list(CLASSES)
    assert editor.currentText() == "cat"
    qtbot.keyClick(editor, Key.Key_Down)
    qtbot.waitUntil(lambda: edited.count() == 1)
    assert told(edited)[0][0].same_as(DRAWN.relabel([0], 1))


def test_a_click_or_space_holds_a_point_out(qtbot, table: PointsTable) -> None:
    edited = QSignalSpy(table.edited)
    box = table.view.visualRect(table.model.index(0, 3))
    qtbot.mouseClick(table.view.viewport(), LEFT, pos=box.center())
    assert told(edited)[0][0].held_out.tolist() == [True, True, False]
    select(table, 1, 3)
    qtbot.keyClick(table.view, Key.Key_Space)
    assert told(edited)[1][0].held_out.tolist() == [True, False, False]
    spoken = [table.model.index(row, 3).data(Role.AccessibleTextRole) for row in (0, 1)]
    assert spoken == ["held out for testing", "used for training"]


def test_rows_are_added_duplicated_and_removed(qtbot, table: PointsTable) -> None:
    edited, selected = QSignalSpy(table.edited), QSignalSpy(table.selectionChanged)
    select(table, 1)
    qtbot.mouseClick(table.duplicate, LEFT)
    double, words = told(edited)[-1]
    assert words == "duplicate points"
    assert double.same_as(DRAWN.duplicate([1], (0.3, -0.3)))
    assert told(selected)[-1][0].tolist() == [3]
    qtbot.keyClick(table.view, Key.Key_Delete)
    left, words = told(edited)[-1]
    assert left.same_as(DRAWN)
    assert words == "remove points"
    assert table.selected().tolist() == []
    qtbot.mouseClick(table.add, LEFT)
    longer, words = told(edited)[-1]
    assert words == "add a point"
    assert longer.same_as(DRAWN.add([[0, 0]], 1))
    qtbot.waitUntil(lambda: table.view.findChild(QLineEdit) is not None)
    qtbot.keyClicks(table.view.findChild(QLineEdit), "4")
    qtbot.keyClick(table.view.findChild(QLineEdit), Key.Key_Return)
    qtbot.waitUntil(lambda: told(edited)[-1][1] == "edit a point")
    assert told(edited)[-1][0].x[3].tolist() == [4, 0]


def test_copied_cells_paste_back_as_they_were(qtbot, table: PointsTable) -> None:
    edited = QSignalSpy(table.edited)
    table.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    table.view.selectAll()
    qtbot.keyClick(table.view, Key.Key_C, CTRL)
    lines = clipboard().text().split("\n")
    assert lines == ["1\t0.2\temu\tTRUE", "2\t-5\tDog\tFALSE", "3\t0.1\tcat\tFALSE"]
    table.show_points(Points.of([[0, 0]] * 3, [0] * 3))
    table.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    select(table, 0)
    qtbot.keyClick(table.view, Key.Key_V, CTRL)
    assert told(edited)[-1][0].same_as(DRAWN.take(np.array([1, 2, 0])))
    assert told(edited)[-1][1] == "paste points"


def test_a_block_is_pasted_from_the_current_cell_on(table: PointsTable) -> None:
    edited = QSignalSpy(table.edited)
    clipboard().setText("5\tcat\n6\tDog\n")
    select(table, 2, 1)
    table.paste.click()
    longer = told(edited)[0][0]
    assert longer.x.tolist()[2:] == [[2, 5], [0, 6]]
    assert longer.y.tolist() == [0, 2, 0, 1]


def test_one_cell_fills_all_that_are_selected(table: PointsTable) -> None:
    edited = QSignalSpy(table.edited)
    clipboard().setText("emu")
    table.view.selectColumn(2)
    table.paste.click()
    assert told(edited)[0][0].y.tolist() == [2, 2, 2]


@pytest.mark.parametrize(
    "text",
    [
        "x1\tx2\tclass\n5\t7\tdog\n6\t8\tcat",
        "class\tx2\tx1\tplayground\ndog\t7\t5\t{}\ncat\t8\t6\t.",
        "width\theight\tkind\n5\t7\tdog\n6\t8\tcat",
    ],
)
def test_a_block_is_pasted_with_its_header(table: PointsTable, text: str) -> None:
    edited = QSignalSpy(table.edited)
    clipboard().setText(text)
    table.view.setCurrentIndex(table.model.index(0, 0))
    table.paste.click()
    assert table.model.points.x[:2].tolist() == [[5, 7], [6, 8]]
    names = [CLASSES[label] for label in table.model.points.y[:2]]
    assert names == ["Dog", "cat"]
    assert len(table.model.points) == len(DRAWN)
    assert edited.count() == 1


def test_pasted_rows_join_the_division_unless_they_say(table: PointsTable) -> None:
    table.show_experiment(experiment(DRAWN, class_names=CLASSES, test_ratio=0.5))
    clipboard().setText("x1\tx2\tclass\n" + "1\t1\tcat\n" * 8)
    table.view.setCurrentIndex(table.model.index(2, 0))
    table.paste.click()
    assert table.model.points.held_out[3:].sum() in (3, 4)
    clipboard().setText("x1\tx2\tclass\theld out\n" + "1\t1\tcat\t0\n" * 8)
    table.view.setCurrentIndex(table.model.index(9, 0))
    table.paste.click()
    assert not table.model.points.held_out[9:].any()


def test_what_cannot_be_pasted_changes_nothing(table: PointsTable) -> None:
    edited = QSignalSpy(table.edited)
    select(table, 0, 2)
    clipboard().setText("1\t2\t3")
    table.paste.click()
    assert "3 columns, but only 2 fit from 'class' on" in table.status()
    clipboard().setText("cat\nhen")
    table.paste.click()
    assert "Point 2, class: no class is called 'hen'" in table.status()
    clipboard().setText("")
    table.paste.click()
    assert edited.count() == 0
    assert table.model.points.same_as(DRAWN)


def test_too_many_cells_are_not_copied(table: PointsTable, monkeypatch) -> None:
    monkeypatch.setattr(points_table, "MOST_CELLS_TO_COPY", 3)
    clipboard().setText("before")
    table.view.selectAll()
    table.copy.click()
    assert table.status().startswith("12 cells are too many for the clipboard; select 3 at most")
    assert clipboard().text() == "before"


def test_the_selection_is_told_and_followed(table: PointsTable, monkeypatch) -> None:
    selected = QSignalSpy(table.selectionChanged)
    table.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    table.view.selectRow(0)
    assert told(selected)[-1][0].tolist() == [1]
    count = selected.count()
    table.show_selection(np.array([0, 2, 7]))
    assert table.selected().tolist() == [0, 2]
    assert table.status() == "3 points, 2 selected"
    table.show_selection(np.zeros(0, np.int64))
    assert table.selected().tolist() == []
    monkeypatch.setattr(points_table, "MOST_RUNS", 1)
    table.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    table.show_selection(np.array([0, 2]))
    assert table.selected().tolist() == []
    assert selected.count() == count


def test_cells_selected_by_hand_stay_when_the_selection_comes_back(table: PointsTable) -> None:
    table.selectionChanged.connect(table.show_selection)
    select(table, 1, 2)
    selected = table.view.selectionModel().selectedIndexes()
    assert [(index.row(), index.column()) for index in selected] == [(1, 2)]


def test_a_selection_made_while_it_was_closed_is_shown_when_it_opens(table: PointsTable) -> None:
    table.hide()
    table.show_points(DRAWN.add([[0, 0]], 0))
    table.show_selection(np.array([3]))
    table.show()
    assert table.selected().tolist() == [3]


def test_it_follows_the_points_and_keeps_its_place(table: PointsTable) -> None:
    table.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    select(table, 1)
    more = DRAWN.add([[0, 0]], 0)
    table.show_points(more)
    assert column(table, 0) == ["1", "2", "3", "0"]  # new points come last
    assert table.view.currentIndex().row() == 1
    table.show_points(DRAWN.remove([0]))
    assert column(table, 0) == ["1", "2"]
    table.show_experiment(experiment(Points.of([[0.0]], [0.5])))
    table.show_points(Points.of([[0.25]], [0.5]))
    assert table.model.columns.titles == ("x1", "target", "test point")
    assert column(table, 0) == ["0.25"]


def test_a_closed_table_does_no_work_and_catches_up(table: PointsTable) -> None:
    table.hide()
    table.show_points(DRAWN.add([[0, 0]], 0))
    assert table.model.rowCount() == 3
    table.show()
    assert table.model.rowCount() == 4


def test_points_of_a_file_are_shown_as_they_are(table: PointsTable) -> None:
    wine = Experiment.parse({"data": {"kind": "wine"}})
    dataset = prepare(wine)
    table.show_experiment(wine)
    table.show_dataset(dataset)
    table.show_points(dataset.points)
    assert table.model.rowCount() == 178
    table.view.selectAll()
    assert "shown as they are" in table.status()
    buttons = (table.add, table.duplicate, table.remove, table.paste, table.copy)
    assert [button.isEnabled() for button in buttons] == [False] * 4 + [True]
    flags = {int(table.model.flags(table.model.index(0, c)).value) for c in (0, 13, 14)}
    assert len(flags) == 1


def test_undo_is_asked_for_in_the_table_too(qtbot, table: PointsTable) -> None:
    undone, redone = QSignalSpy(table.undoRequested), QSignalSpy(table.redoRequested)
    qtbot.keyClick(table.view, Key.Key_Z, CTRL)
    qtbot.keyClick(table.view, Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert (undone.count(), redone.count()) == (1, 1)


def test_everything_has_a_name_and_tab_leaves_the_table(qtbot, table: PointsTable) -> None:
    stops = [w for w in table.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    named = {stop.accessibleName() for stop in stops if stop.isVisible()}
    assert named == {"Points", "Add", "Duplicate", "Remove", "Copy", "Paste"}
    assert not table.isModal()
    table.view.setFocus()
    qtbot.keyClick(table.view, Key.Key_Tab)
    assert not table.view.hasFocus()


def test_fifty_thousand_rows_make_no_cell_that_nobody_sees(qtbot, monkeypatch) -> None:
    """Counted, not timed: a slow machine must not fail it."""
    asked = {"shown": 0, "flags": 0}

    def counted(owner: type, name: str) -> None:
        own = getattr(owner, name)

        def count(*arguments: Any) -> Any:
            asked[name] += 1
            return own(*arguments)

        monkeypatch.setattr(owner, name, count)

    counted(Columns, "shown")
    counted(PointsModel, "flags")
    many = Points.of(np.random.default_rng(3).normal(size=(50_000, 2)), np.arange(50_000) % 3)
    table = PointsTable()
    qtbot.addWidget(table)
    table.show_points(many)
    with qtbot.waitExposed(table):
        table.show()
    table.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    table.view.selectAll()
    table.grab()
    QApplication.processEvents()
    assert 0 < asked["shown"] < 2_000
    assert 0 < asked["flags"] < 10_000
    assert table.status() == "50,000 points, 50,000 selected"
    assert np.all(np.diff(many.x[table.model.points_at(np.arange(50_000)), 0]) >= 0)


@pytest.mark.parametrize(
    ("after", "names"), [(DRAWN.take([0]), CLASSES), (Points.of([[1.0], [2.0]], [0, 1]), ())]
)
def test_a_cell_that_is_written_in_closes_with_its_row(
    table: PointsTable, qtbot, after: Points, names: tuple[str, ...]
) -> None:
    """Other points or other columns come while the hand is in the last cell; Qt has no complaint,
    which would fail the test.
    """
    spy = QSignalSpy(table.edited)
    select(table, 2)
    qtbot.keyClick(table.view, Key.Key_7)
    field = table.view.indexWidget(table.view.currentIndex())
    assert isinstance(field, QLineEdit)
    table.show_experiment(experiment(after, class_names=names))
    table.show_points(after)
    with goes(qtbot, field):
        QApplication.sendPostedEvents()
    assert table.model.rowCount() == len(after.x)
    assert told(spy) == []
