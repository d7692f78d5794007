"""The import dialog: what it shows of a table, what can be changed, and what comes out of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.core.data.data import CsvData
from playground.core.data.points_data import PointsData
from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.importing import TableText
from playground.engines.contract.control import Control
from playground.ui.data.importing import ImportDialog, reader
from playground.ui.data.importing import dialog as dialog_module
from playground.ui.look import theme
from playground.ui.session import threads
from tests.ui.going import goes

WAIT = 20_000
TABLE = "height;weight;kind\n170,5;60;tall\n158;48,25;short\n181;;tall\n"

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Opener = Callable[[Path | str], ImportDialog]


@pytest.fixture(autouse=True)
def _look(qapp: QApplication) -> None:
    theme.install(qapp)


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Opener]:
    """Opens a dialog on a source, which has been read when it is returned."""
    dialogs: list[ImportDialog] = []

    def begin(source: Path | str) -> ImportDialog:
        dialog = ImportDialog(source)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        dialogs.append(dialog)
        dialog.show()
        settle(qtbot, dialog)
        return dialog

    yield begin
    for dialog in dialogs:
        dialog.reject()
        dialog.deleteLater()


def settle(qtbot: QtBot, dialog: ImportDialog) -> None:
    """Wait until the source has been read or refused."""
    qtbot.waitUntil(lambda: not dialog.progress.isVisible(), timeout=WAIT)


def next_post(qtbot: QtBot, dialog: ImportDialog, kind: type) -> AbstractContextManager[object]:
    """Wait until the reading posts this: the first rows, or the part that is read."""
    return qtbot.waitSignal(
        dialog._reader.posted,
        timeout=WAIT,
        check_params_cb=lambda found: isinstance(found, kind),
    )


def imported(qtbot: QtBot, dialog: ImportDialog) -> tuple[object, str]:
    with qtbot.waitSignal(dialog.imported, timeout=WAIT) as caught:
        dialog.import_button.click()
    return tuple(caught.args)  # type: ignore[return-value]


def choose(qtbot: QtBot, dialog: ImportDialog, field: QWidget, key: str) -> None:
    """As a person does: pick a key and tell of it."""
    field.set_key(key)  # type: ignore[attr-defined]
    field.activated.emit(field.currentIndex())  # type: ignore[attr-defined]
    settle(qtbot, dialog)


def check(dialog: ImportDialog, *names: str) -> None:
    """Check these inputs and no others, with the mark of each row."""
    model = dialog.choices.inputs
    for row in range(model.rowCount()):
        index = model.index(row)
        name = model.data(index, Qt.ItemDataRole.ToolTipRole).split(":")[0]
        if index.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            state = Qt.CheckState.Checked if name in names else Qt.CheckState.Unchecked
            model.setData(index, state.value, Qt.ItemDataRole.CheckStateRole)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    place = tmp_path / "people.csv"
    place.write_text(TABLE)
    return place


def test_what_was_found_out_is_shown(qtbot: QtBot, opened: Opener, table: Path) -> None:
    dialog = opened(table)
    form = dialog.form
    fields = (form.encoding, form.delimiter, form.decimal, form.header)
    assert [field.currentText() for field in fields] == [
        "Automatic: UTF-8",
        "Automatic: Semicolon",
        "Automatic: Comma, 1,5",
        "Automatic: Names of columns",
    ]
    shown = dialog.preview
    assert (shown.rowCount(), shown.columnCount()) == (3, 3)
    header = [shown.headerData(column, Qt.Orientation.Horizontal) for column in range(3)]
    assert header == ["height\ninput", "weight\ninput", "kind\nanswer"]
    assert shown.data(shown.index(0, 0)) == "170,5"
    assert shown.data(shown.index(2, 1)) == "–"
    assert shown.data(shown.index(2, 1), Qt.ItemDataRole.AccessibleTextRole) == "missing"
    assert dialog.message.text() == (
        "2 points, 2 inputs, 2 classes (short, tall). Rows left out for missing inputs: 1."
    )


@pytest.mark.parametrize(
    ("units", "words", "scaled"),
    [
        ("keep", "the inputs and the numbers to predict are", (True, True)),
        ("fit", "training the numbers to predict are", (True, True)),
    ],
)
def test_what_is_standardised_is_said_before_it_is(
    qtbot: QtBot, opened: Opener, tmp_path: Path, units: str, words: str, scaled: tuple[bool, bool]
) -> None:
    place = tmp_path / "rooms.csv"
    place.write_text(
        "area,height,price\n" + "".join(f"{n}.5,{n % 7},{n}00.25\n" for n in range(40))
    )
    dialog = opened(place)
    choose(qtbot, dialog, dialog.choices.units, units)
    assert f"{words} standardised." in dialog.message.text()
    data, _ = imported(qtbot, dialog)
    assert (data.are_inputs_scaled, data.are_targets_scaled) == scaled  # type: ignore[attr-defined]


def test_numbers_that_may_be_classes_are_asked_about(
    qtbot: QtBot, opened: Opener, tmp_path: Path
) -> None:
    place = tmp_path / "letters.csv"
    rows = "".join(f"{n}.5,{n % 7}.25,{n % 26}\n" for n in range(60))
    place.write_text(f"width,height,code\n{rows}")
    dialog = opened(place)
    advice = "If 0 to 25 stand for classes, choose Classes."
    assert advice in dialog.message.text()
    choose(qtbot, dialog, dialog.choices.kind, "classes")
    said = dialog.message.text()
    assert advice not in said
    assert "26 classes (0, 1, 10, 11, 12, 13, 14, 15, 16, 17, …)." in said
    choose(qtbot, dialog, dialog.choices.units, "fit")
    data, _ = imported(qtbot, dialog)
    assert data.class_count == 26
    assert np.bincount(data.points().y).tolist() == [3] * 8 + [2] * 18


def test_two_inputs_become_points_on_the_canvas(qtbot: QtBot, opened: Opener, table: Path) -> None:
    dialog = opened(table)
    choose(qtbot, dialog, dialog.choices.gaps, "mean")
    assert "Missing values filled with a mean: 1." in dialog.message.text()
    data, title = imported(qtbot, dialog)
    assert title == "people"
    assert isinstance(data, PointsData)
    assert len(data.x) == 3
    assert data.axes is not None
    assert [axis.name for axis in data.axes] == ["height", "weight"]
    assert not dialog.isVisible()


def test_the_preview_follows_what_the_person_says(
    qtbot: QtBot, opened: Opener, table: Path
) -> None:
    dialog = opened(table)
    choose(qtbot, dialog, dialog.form.header, "False")
    assert dialog.preview.rowCount() == 4
    assert dialog.preview.data(dialog.preview.index(0, 0)) == "height"
    assert dialog.form.header.currentText() == "Values"
    choose(qtbot, dialog, dialog.form.header, "")
    assert dialog.form.header.currentText() == "Automatic: Names of columns"
    choose(qtbot, dialog, dialog.form.decimal, ".")
    assert dialog.message.text().startswith("No column has numbers")
    assert not dialog.import_button.isEnabled()
    choose(qtbot, dialog, dialog.form.decimal, "")
    assert dialog.import_button.isEnabled()
    choose(qtbot, dialog, dialog.form.delimiter, ",")
    assert "give every row the same number" in dialog.message.text()
    assert not dialog.import_button.isEnabled()
    assert dialog.preview.columnCount() == 0
    choose(qtbot, dialog, dialog.form.delimiter, "")
    assert dialog.import_button.isEnabled()


def test_the_choice_is_kept_when_the_same_columns_are_read_again(
    qtbot: QtBot, opened: Opener, table: Path
) -> None:
    dialog = opened(table)
    check(dialog, "height")
    choose(qtbot, dialog, dialog.form.encoding, "cp932")
    assert dialog.choices.inputs.checked() == ("height",)


def test_another_encoding_mends_broken_letters(
    qtbot: QtBot, opened: Opener, tmp_path: Path
) -> None:
    place = tmp_path / "western.csv"
    place.write_bytes("a,b,kind\n1,2,ﾄﾞ\n3,4,ｱ\n".encode("cp932"))
    dialog = opened(place)
    choose(qtbot, dialog, dialog.form.encoding, "cp932")
    assert "(ｱ, ﾄﾞ)" in dialog.message.text()
    choose(qtbot, dialog, dialog.form.encoding, "utf-8")
    assert "is not text in UTF-8" in dialog.message.text()


def test_import_says_why_it_waits(qtbot: QtBot, opened: Opener, table: Path) -> None:
    dialog = opened(table)
    check(dialog)
    assert not dialog.import_button.isEnabled()
    assert "Choose at least one column" in dialog.message.text()
    assert "Choose at least one column" in dialog.import_button.toolTip()
    check(dialog, "height")
    assert dialog.import_button.isEnabled()
    assert "Choose" not in dialog.import_button.toolTip()


def test_another_answer_brings_its_own_kind(qtbot: QtBot, opened: Opener, table: Path) -> None:
    dialog = opened(table)
    choose(qtbot, dialog, dialog.choices.answer, "height")
    assert dialog.choices.kind.key() == "numbers"
    assert dialog.choices.inputs.checked() == ("weight",)
    choose(qtbot, dialog, dialog.choices.gaps, "mean")
    data, _ = imported(qtbot, dialog)
    assert isinstance(data, PointsData)
    assert data.target is not None
    assert data.target.tolist() == [170.5, 158, 181]


def test_more_inputs_keep_their_units_and_their_file(
    qtbot: QtBot, opened: Opener, tmp_path: Path
) -> None:
    place = tmp_path / "wide.csv"
    place.write_text("a,b,c,kind\n1,2,3,x\n4,5,6,y\n")
    dialog = opened(place)
    assert dialog.choices.units.key() == "keep"
    assert not dialog.choices.units.isEnabled()
    assert "two axes" in dialog.choices.units.toolTip()
    check(dialog, "a", "c")
    assert dialog.choices.units.isEnabled()
    assert dialog.choices.units.key() == "fit"
    check(dialog, "a", "b", "c")
    data, _ = imported(qtbot, dialog)
    assert isinstance(data, CsvData)
    assert data.inputs == ("a", "b", "c")


def test_what_is_pasted_needs_no_encoding(qtbot: QtBot, opened: Opener) -> None:
    dialog = opened("a\tb\tc\tkind\n1\t2\t3\tx\n4\t5\t6\ty\n")
    assert not dialog.form.encoding.isVisible()
    data, title = imported(qtbot, dialog)
    assert title == "Pasted table"
    assert isinstance(data, PointsData)
    assert data.x.tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize("name", ["renamed.xlsx.csv", "binary.csv", "empty.csv", "header_only.csv"])
def test_what_is_no_table_is_said_in_place(qtbot: QtBot, opened: Opener, name: str) -> None:
    dialog = opened(Path(__file__).parent.parent / "data" / name)
    assert dialog.message.text().startswith(name)
    assert not dialog.import_button.isEnabled()
    assert not dialog.choices.isEnabled()


def test_ten_thousand_columns_can_be_chosen_among(
    qtbot: QtBot, opened: Opener, tmp_path: Path
) -> None:
    place = tmp_path / "wide.csv"
    rows = [[f"c{i}" for i in range(10_000)], [str(i / 2) for i in range(10_000)], ["0.5"] * 10_000]
    place.write_text("\n".join(map(",".join, rows)))
    dialog = opened(place)
    assert "9,999 inputs" in dialog.message.text()
    dialog.choices.inputs.check_all(False)
    model = dialog.choices.inputs
    model.setData(model.index(7), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert dialog.message.text().startswith("2 points, 1 input, ")


class Longest(QObject):
    """The longest time that the event loop did not come round, in timer ticks of 5 ms."""

    def __init__(self) -> None:
        super().__init__()
        self.ticks = 0
        self._timer = QTimer(self, interval=5)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        self.ticks += 1


@pytest.fixture
def long_table(tmp_path: Path) -> Path:
    place = tmp_path / "long.csv"
    place.write_text("a,b,kind\n" + "1.5,2.25,red\n3.125,4.5,blue\n" * 300_000)
    return place


def test_a_long_table_is_shown_at_once_and_read_in_the_background(
    qtbot: QtBot, long_table: Path
) -> None:
    dialog = ImportDialog(long_table)
    qtbot.addWidget(dialog)
    dialog.show()
    beats = Longest()
    told: list[float] = []
    dialog._reader.posted.connect(lambda found: told.extend([found] * isinstance(found, float)))
    with next_post(qtbot, dialog, TableText):
        pass
    assert dialog.preview.rowCount() > 0
    assert dialog.progress.isVisible()
    assert not dialog.import_button.isEnabled()
    settle(qtbot, dialog)
    assert told, "of those that come at once the newest is shown"
    assert told == sorted(told)
    assert beats.ticks > 20, "the event loop goes round while the table is read"
    assert dialog.message.text().startswith("600,000 points")
    assert dialog.choices.units.key() == "keep"
    data, _ = imported(qtbot, dialog)
    assert isinstance(data, CsvData)


def test_the_reading_of_a_long_table_says_how_far_it_is(long_table: Path) -> None:
    posted: list[object] = []
    reader.read(long_table, WantedForm(), Control(), posted.append)
    start, *told = posted
    assert isinstance(start, TableText), "the first rows come before all else"
    assert len(told) > 20
    assert told == sorted(told)  # type: ignore[type-var]


def test_cancel_ends_the_reading(qtbot: QtBot, long_table: Path) -> None:
    dialog = ImportDialog(long_table)
    qtbot.addWidget(dialog)
    dialog.show()
    ended: list[object] = []
    dialog._reader.finished.connect(ended.append)
    with next_post(qtbot, dialog, float):
        pass
    dialog.cancel_button.click()
    assert not dialog.isVisible()
    assert not ended  # and no thread is left, which every test is asked for


@pytest.mark.parametrize("slow", ["first_rows", "read_table_text", "facts_of"])
def test_a_reading_that_does_not_look_up_is_left_to_itself(
    qtbot: QtBot,
    table: Path,
    slow: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Cancel waits for nobody; what comes late is dropped, and nobody complains."""
    is_at_work, may_go_on, heard = threading.Event(), threading.Event(), []
    work = getattr(reader, slow)

    def slowly(*arguments: object, **how: object) -> object:
        is_at_work.set()
        may_go_on.wait(WAIT / 1_000)
        return work(*arguments, **how)

    monkeypatch.setattr(reader, slow, slowly)
    dialog = ImportDialog(table)
    dialog.show()
    dialog._reader.finished.connect(heard.append)
    assert is_at_work.wait(WAIT / 1_000)
    (thread,) = threads.running()
    with goes(qtbot, dialog):
        qtbot.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
        assert not dialog.isVisible()
        assert thread.isRunning(), "the click came back before the reading did"
    with goes(qtbot, thread):
        may_go_on.set()
    assert heard == []
    assert "Traceback" not in capfd.readouterr().err


def test_an_import_that_was_cancelled_brings_nothing(
    qtbot: QtBot, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_at_work, may_go_on, brought = threading.Event(), threading.Event(), []

    def slowly(*arguments: object) -> object:
        is_at_work.set()
        may_go_on.wait(WAIT / 1_000)
        return dialog_module.made_of(*arguments)

    dialog = ImportDialog(table)
    dialog.show()
    dialog.imported.connect(lambda *what: brought.append(what))
    settle(qtbot, dialog)
    with monkeypatch.context() as within:
        within.setattr(dialog_module, "made_of", slowly)
        qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
        assert is_at_work.wait(WAIT / 1_000)
    (thread,) = threads.running()
    with goes(qtbot, dialog):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    with goes(qtbot, thread):
        may_go_on.set()
    assert brought == []


def test_another_form_takes_the_place_of_the_reading_under_way(
    qtbot: QtBot, long_table: Path
) -> None:
    dialog = ImportDialog(long_table)
    qtbot.addWidget(dialog)
    dialog.show()
    read: list[object] = []
    dialog._reader.finished.connect(read.append)
    with next_post(qtbot, dialog, float):
        pass
    choose(qtbot, dialog, dialog.form.header, "False")
    assert len(read) == 1
    assert dialog.preview.data(dialog.preview.index(0, 0)) == "a"


def test_everything_can_be_reached_with_the_keyboard(
    qtbot: QtBot, opened: Opener, table: Path
) -> None:
    dialog = opened(table)
    choices, form = dialog.choices, dialog.form
    wanted = [
        choices.answer, choices.kind, choices.list, choices.gaps, choices.units, choices.test,
        choices.choose_test, dialog.table,
        form.encoding, form.delimiter, form.decimal, form.header,
        dialog.cancel_button, dialog.import_button,
    ]  # fmt: skip
    choices.answer.setFocus()
    reached = [QApplication.focusWidget()]
    for _ in range(20):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert [widget for widget in reached if widget in wanted][: len(wanted)] == wanted
    for widget in wanted:
        assert widget.accessibleName()
        assert widget.toolTip()


def test_space_checks_an_input(qtbot: QtBot, opened: Opener, table: Path) -> None:
    dialog = opened(table)
    listed = dialog.choices.list
    listed.setFocus()
    listed.setCurrentIndex(listed.model().index(1, 0))
    QTest.keyClick(listed, Qt.Key.Key_Space)
    assert dialog.choices.inputs.checked() == ("height",)


def test_it_follows_the_look(qtbot: QtBot, opened: Opener, table: Path) -> None:
    dialog = opened(table)
    shown = dialog.preview
    missing = shown.index(2, 1)
    for mode in (theme.Mode.DARK, theme.Mode.LIGHT):
        theme.manager().set_mode(mode)
        QApplication.sendPostedEvents(None, QEvent.Type.StyleChange)
        assert shown.data(missing, Qt.ItemDataRole.ForegroundRole) == theme.current().muted


def test_the_first_rows_end_with_the_table(opened: Opener) -> None:
    few, many = (opened("a,b,c\n" + "1,2,cat\n3,4,dog\n" * rows).table for rows in (1, 200))
    QApplication.processEvents()
    for table, count in ((few, 2), (many, 200)):
        rows = table.horizontalHeader().height() + table.verticalHeader().length()
        assert table.verticalHeader().count() == count
        assert (table.height() - rows <= 8) if count == 2 else (table.height() < rows)
    assert many.height() > few.height()
    assert many.verticalScrollBar().maximum() > 0


def test_pixels_are_offered_as_images(qtbot: QtBot, opened: Opener, tmp_path: Path) -> None:
    place = tmp_path / "digits.csv"
    rows = [[row % 3, *((row * pixel) % 17 for pixel in range(64))] for row in range(60)]
    names = ["label", *(f"pixel{pixel}" for pixel in range(64))]
    place.write_text("\n".join(",".join(map(str, row)) for row in [names, *rows]))
    dialog = opened(place)
    units = dialog.choices.units
    assert (dialog.choices.answer.key(), units.key()) == ("label", "image")
    assert units.currentText() == "Images of 8 x 8"
    assert "images with pixels from 0 to 1" in dialog.message.text()
    data, _ = imported(qtbot, dialog)
    assert isinstance(data, CsvData)
    assert (data.image, data.standardize) == ((1, 8, 8), False)

    dialog = opened(place)
    choose(qtbot, dialog, dialog.choices.units, "keep")
    assert "standardised" in dialog.message.text()
    data, _ = imported(qtbot, dialog)
    assert isinstance(data, CsvData)
    assert (data.image, data.standardize) == (None, True)


def test_what_may_be_pixels_is_an_image_if_a_person_says_so(
    qtbot: QtBot, opened: Opener, tmp_path: Path
) -> None:
    place = tmp_path / "answers.csv"
    rows = [[*(1 + (row * item) % 5 for item in range(64)), row % 2] for row in range(40)]
    names = [*(f"question {item}" for item in range(64)), "group"]
    place.write_text("\n".join(",".join(map(str, row)) for row in [names, *rows]))
    dialog = opened(place)
    assert dialog.choices.units.key() == "keep"
    choose(qtbot, dialog, dialog.choices.units, "image")
    check(dialog, *names[:63])
    assert dialog.choices.units.key() == "keep"
    check(dialog, *names[:64])
    data, _ = imported(qtbot, dialog)
    assert isinstance(data, CsvData)
    assert data.image == (1, 8, 8)
