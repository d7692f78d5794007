"""The import dialog beside its form: reasons, parts of dates, sheets, test rows, and its memory."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.core.data.data import CsvData
from playground.core.data.dataset import prepare
from playground.core.data.points_data import PointsData
from playground.core.experiment.experiment import Experiment
from playground.ui.data.importing import ImportDialog
from playground.ui.data.importing.choice_card import ChoiceCard
from playground.ui.data.importing.remembered import (
    MOST_FILES,
    Remembered,
    recalled,
    remember,
)
from playground.ui.data.table_summary import _Sentence
from playground.ui.look import theme
from playground.ui.window.main_window import MainWindow
from tests.core.test_formats_of_tables import xlsx
from tests.ui.whole_window import WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

COLUMNS = "id,day,area,sqft,floors,heat,town,note,left"


def _houses(folder: Path, rows: int = 40) -> Path:
    """Rows of houses: every column has something that speaks for or against it."""
    random = np.random.default_rng(0)
    lines = [f"{COLUMNS},price"]
    for row in range(1, rows + 1):
        price = int(random.integers(100, 900))
        heat = "warm" if row >= rows // 2 and row % 2 else random.integers(1, 9)
        floors = "?!" if row == 7 else random.integers(1, 9)
        cells = [row, f"2024-03-{row % 28 + 1:02d}", random.integers(30, 200), price * 2 + 1]
        cells += [floors, heat, ["Kiel", "Bonn"][row % 2], f"note {row}", "same"]
        lines.append(",".join(map(str, (*cells, price))))
    place = folder / "houses.csv"
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return place


@pytest.fixture
def houses(tmp_path: Path) -> Path:
    return _houses(tmp_path)


@pytest.fixture(autouse=True)
def _look(qapp: QApplication) -> Iterator[None]:
    theme.install(qapp)
    yield
    QSettings().remove("imports")


def _opened(qtbot: QtBot, source: Path | str, **more: object) -> ImportDialog:
    dialog = ImportDialog(source, **more)  # type: ignore[arg-type]
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    _settle(qtbot, dialog)
    return dialog


def _settle(qtbot: QtBot, dialog: ImportDialog) -> None:
    def rests() -> bool:
        return not (dialog.progress.isVisible() or dialog._comparer.is_busy)

    qtbot.waitUntil(rests, timeout=WAIT)


def _rows(dialog: ImportDialog) -> dict[str, str]:
    """What the list says of each column."""
    model = dialog.choices.inputs
    said = (str(model.data(model.index(row))) for row in range(model.rowCount()))
    return {line.partition(" · ")[0]: line.partition(" · ")[2] for line in said}


def _toggle(dialog: ImportDialog, name: str) -> None:
    """Check or uncheck an input with the keyboard."""
    listed = dialog.choices.list
    place = list(_rows(dialog)).index(name)
    listed.setFocus()
    listed.setCurrentIndex(listed.model().index(place, 0))
    QTest.keyClick(listed, Qt.Key.Key_Space)


def _choose(qtbot: QtBot, dialog: ImportDialog, field: object, key: str) -> None:
    field.set_key(key)  # type: ignore[attr-defined]
    field.activated.emit(field.currentIndex())  # type: ignore[attr-defined]
    _settle(qtbot, dialog)


def _import(qtbot: QtBot, dialog: ImportDialog) -> object:
    with qtbot.waitSignal(dialog.imported, timeout=WAIT) as caught:
        QTest.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    return caught.args[0]


def test_while_a_table_is_read_there_is_no_test_file_to_remove(qtbot: QtBot) -> None:
    card = ChoiceCard()
    qtbot.addWidget(card)
    assert card.choose_test.isVisibleTo(card)
    assert not card.remove_test.isVisibleTo(card)


def test_each_column_says_what_speaks_against_it(qtbot: QtBot, houses: Path) -> None:
    said = _rows(_opened(qtbot, houses))
    assert said == {
        "id": "numbers, the row number",
        "day": "dates",
        "day (day of year)": "",
        "day (weekday)": "",
        "area": "numbers",
        "sqft": "numbers, almost equals the answer",
        "floors": "numbers, 1 missing ('?!' in line 8)",
        "heat": "text in line 22: 'warm'",
        "town": "2 different words",
        "note": "40 different words, too many for an input",
        "left": "1 word, the same in every row",
        "price": "the answer, numbers",
    }


def test_what_almost_equals_another_answer_is_found_anew(qtbot: QtBot, houses: Path) -> None:
    dialog = _opened(qtbot, houses)
    _choose(qtbot, dialog, dialog.choices.answer, "area")
    assert _rows(dialog)["sqft"] == "numbers"
    _choose(qtbot, dialog, dialog.choices.answer, "sqft")
    assert _rows(dialog)["price"] == "numbers, almost equals the answer"


def test_parts_of_dates_words_and_the_test_share_are_chosen(qtbot: QtBot, houses: Path) -> None:
    dialog = _opened(qtbot, houses)
    for name in ("day", "day (weekday)", "sqft", "floors"):
        _toggle(dialog, name)
    _choose(qtbot, dialog, dialog.choices.test, "0.5")
    data = _import(qtbot, dialog)
    assert isinstance(data, CsvData)
    assert "day (weekday)" in data.inputs
    assert "town" in data.inputs
    assert not {"day", "sqft", "floors"} & {*data.inputs}
    assert data.test_ratio == 0.5
    dataset = prepare(Experiment.parse({"data": data}))
    weekday = dataset.points.x[:, dataset.input_names.index("day (weekday)")]
    expected = [np.datetime64(f"2024-03-{row % 28 + 1:02d}") for row in range(1, 41)]
    monday = np.datetime64("2024-03-04")
    assert weekday.tolist() == [int((day - monday).astype(int)) % 7 for day in expected]
    assert len(dataset.test) == 20


def test_a_file_of_an_archive_is_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    place = tmp_path / "two.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("first.csv", "a,b,c,kind\n1,2,3,x\n3,4,5,y\n")
        archive.writestr("second.csv", "p;q;r;s\n1,5;2;3;4,5\n3;4;5;6,5\n")
    dialog = _opened(qtbot, place)
    assert dialog.form.part.isVisible()
    assert dialog.form.part.key() == "first.csv"
    _choose(qtbot, dialog, dialog.form.part, "second.csv")
    data = _import(qtbot, dialog)
    assert isinstance(data, CsvData)
    assert (data.sheet, data.inputs, data.target) == ("second.csv", ("p", "q", "r"), "s")
    again = _opened(qtbot, place)
    assert again.form.part.key() == "second.csv"


def test_a_table_alone_has_no_sheets(qtbot: QtBot, houses: Path) -> None:
    assert not _opened(qtbot, houses).form.part.isVisible()


def test_what_a_kind_of_file_leaves_no_choice_of_is_grey(
    qtbot: QtBot, houses: Path, tmp_path: Path
) -> None:
    weka, book = tmp_path / "rooms.arff", tmp_path / "rooms.xlsx"
    head = "@relation r\n@attribute area numeric\n@attribute rooms numeric\n@data\n"
    weka.write_text(head + "".join(f"{row},{row % 5}\n" for row in range(30)))
    book.write_bytes(xlsx({"rooms": [["area", "rooms"], *([row, row % 5] for row in range(30))]}))
    for path, free in ((houses, 4), (weka, 0), (book, 1)):
        dialog = _opened(qtbot, path)
        form = dialog.form
        fields = [form.header, form.encoding, form.delimiter, form.decimal]
        assert [field.isEnabled() for field in fields] == [place < free for place in range(4)]
        for field in fields[free:]:
            assert field.currentText() == "Automatic"
            assert "nothing to choose" in field.toolTip()


def test_a_second_file_has_the_test_rows(
    qtbot: QtBot, houses: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    held_out = _houses(tmp_path / "other", rows=12)
    monkeypatch.setattr(
        "playground.ui.data.importing.choice_card.QFileDialog.getOpenFileName",
        lambda *_: (str(held_out), ""),
    )
    dialog = _opened(qtbot, houses)
    assert not dialog.choices.remove_test.isVisible()
    QTest.mouseClick(dialog.choices.choose_test, Qt.MouseButton.LeftButton)
    assert dialog.choices.test_file.text() == "houses.csv"
    assert not dialog.choices.test.isEnabled()
    assert "houses.csv are the test points" in dialog.choices.test.toolTip()
    data = _import(qtbot, dialog)
    assert isinstance(data, CsvData)
    assert data.test_path == str(held_out.resolve())
    dataset = prepare(Experiment.parse({"data": data}))
    assert (len(dataset.train), len(dataset.test)) == (39, 11)  # a gap in line 8 of each
    again = _opened(qtbot, houses)
    assert again.choices.test_file.text() == "houses.csv"
    QTest.mouseClick(again.choices.remove_test, Qt.MouseButton.LeftButton)
    assert again.choices.test_file.text() == "None"
    assert again.choices.test.isEnabled()
    assert "generalises" in again.choices.test.toolTip()
    without = _import(qtbot, again)
    assert isinstance(without, CsvData)
    assert without.test_path is None


def test_a_test_file_without_the_columns_is_refused_in_the_dialog(
    qtbot: QtBot, houses: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.csv"
    other.write_text("area,price\n1,2\n3,4\n")
    dialog = _opened(qtbot, houses)
    dialog.choices.test_with(other)
    with qtbot.waitSignal(dialog._importer.failed, timeout=WAIT):
        QTest.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    assert "other.csv has no column" in dialog.message.text()
    assert dialog.foot.warns
    assert dialog.isVisible()
    dialog.choices.test_with(None)
    assert dialog.import_button.isEnabled()


def test_what_was_chosen_of_a_file_is_offered_again(qtbot: QtBot, houses: Path) -> None:
    dialog = _opened(qtbot, houses)
    _choose(qtbot, dialog, dialog.choices.answer, "town")
    _toggle(dialog, "day")
    _choose(qtbot, dialog, dialog.choices.gaps, "mean")
    _choose(qtbot, dialog, dialog.form.decimal, ".")
    _choose(qtbot, dialog, dialog.choices.test, "0.1")
    chosen = dialog.choices.choice()
    _import(qtbot, dialog)
    again = _opened(qtbot, houses)
    assert again.choices.choice() == chosen
    assert again.form.decimal.currentText() == "Point, 1.5"
    assert again.choices.kind.key() == "classes"


def test_other_columns_in_the_same_file_begin_anew(qtbot: QtBot, tmp_path: Path) -> None:
    place = tmp_path / "a.csv"
    place.write_text("a;b;c\n1;2;3,5\n4;5;6,5\n")
    dialog = _opened(qtbot, place)
    _choose(qtbot, dialog, dialog.form.decimal, ",")
    _choose(qtbot, dialog, dialog.choices.answer, "a")
    _import(qtbot, dialog)
    place.write_text("a,b,d\n1,2,3.5\n4,5,6.5\n")
    again = _opened(qtbot, place)
    assert again.form.decimal.currentText() == "Automatic: Point, 1.5"
    assert again.choices.answer.key() == "d"


def test_a_remembered_form_that_reads_no_table_any_more_is_forgotten(
    qtbot: QtBot, tmp_path: Path
) -> None:
    place = tmp_path / "a.csv"
    place.write_text("a;b\n1;2\n4;5\n")
    dialog = _opened(qtbot, place)
    _choose(qtbot, dialog, dialog.form.delimiter, ";")
    _import(qtbot, dialog)
    place.write_text("a,b\n1,2\n4,5\n")
    assert _opened(qtbot, place).import_button.isEnabled()


def test_few_files_are_remembered_and_what_is_there_is_not_believed(tmp_path: Path) -> None:
    names = [f"column {number}" for number in range(5_000)]
    chosen = Remembered(inputs=tuple(names[1:-1]), answer=names[-1])
    places = [tmp_path / f"{number}.csv" for number in range(MOST_FILES + 1)]
    for place in places:
        remember(place, names, chosen)
    assert recalled(places[0]) is None
    kept = recalled(places[1])
    assert kept is not None
    assert kept.among(names) is not None
    assert kept.among(names).inputs == chosen.inputs  # type: ignore[union-attr]
    assert kept.among(names[::-1]) is None
    assert len(str(QSettings().value("imports"))) < 50_000
    for broken in ("", "[", "[3]", '{"path": 1}', f'[{{"path": "{places[0]}", "inputs": 3}}]'):
        QSettings().setValue("imports", broken)
        assert recalled(places[0]) is None


# In the window.


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(qtbot) as made:
        yield made


def _imports(window: MainWindow, qtbot: QtBot) -> ImportDialog:
    """The dialog that is open, once it has read its table."""
    (dialog,) = [each for each in window.findChildren(ImportDialog) if each.isVisible()]
    _settle(qtbot, dialog)
    return dialog


def _trained_on(window: MainWindow) -> object:
    dataset = window.session.dataset
    return None if dataset is None else dataset.data


def test_the_window_says_what_was_chosen_and_offers_to_change_it(
    window: MainWindow, qtbot: QtBot, houses: Path
) -> None:
    summary = window.parts.data.summary
    assert not summary.isVisible()
    window.documents.open(houses)
    qtbot.waitUntil(summary.isVisible, timeout=WAIT)
    dataset = window.session.dataset
    assert dataset is not None
    assert dataset.description is not None
    first, second = dataset.description.lines(dataset.data)
    assert (summary.first.text(), summary.second.text()) == (first, second)
    assert summary._sign.isVisible()
    beside = summary.warning if summary.warning.isVisible() else summary.second
    middles = [each.geometry().center().y() for each in (summary.change, beside)]
    assert abs(middles[0] - middles[1]) <= 2
    assert summary.change.height() >= summary.change.fontMetrics().height()
    for sentence in (first, second, *dataset.description.warnings):
        assert sentence in summary.accessibleDescription()
    assert window.parts.network.network.diagram.output_name(0) == "price"
    QTest.mouseClick(summary.change, Qt.MouseButton.LeftButton)
    dialog = _imports(window, qtbot)
    assert dialog.choices.choice().columns.inputs == dataset.data.inputs  # type: ignore[union-attr]
    _toggle(dialog, "sqft")
    _import(qtbot, dialog)
    qtbot.waitUntil(lambda: "sqft" not in summary.first.text(), timeout=WAIT)
    assert "not chosen" in summary.accessibleDescription()
    # Another number of the same table is another output of the network.
    data = window.session.experiment.data
    assert isinstance(data, CsvData)
    rest = data.model_copy(update={"inputs": tuple(set(data.inputs) - {"area"})})
    for target in ("price", "area"):
        wanted = rest.model_copy(update={"target": target})
        window.session.use_data(wanted, "houses")
        qtbot.waitUntil(lambda data=wanted: _trained_on(window) == data, timeout=WAIT)
        assert window.parts.network.network.diagram.output_name(0) == target


def test_points_from_a_table_say_so_until_a_hand_changes_them(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    place = tmp_path / "people.csv"
    place.write_text("height,weight,kind\n" + "1,2,a\n3,4,b\n5,,a\n" * 3)
    summary = window.parts.data.summary
    window.documents.bring([place])
    _import(qtbot, _imports(window, qtbot))
    qtbot.waitUntil(summary.isVisible, timeout=WAIT)
    assert isinstance(window.session.experiment.data, PointsData)
    assert summary.first.text() == "kind (a, b) from height, weight; 6 of 9 rows"
    window.session.set_value("data.test_ratio", 0.5)
    assert summary.isVisible()
    QTest.mouseClick(summary.change, Qt.MouseButton.LeftButton)
    dialog = _imports(window, qtbot)
    assert dialog.choices.units.key() == "fit"
    dialog.reject()
    window.session.clear_points()
    assert not summary.isVisible()
    window.session.undo_stack.undo()
    assert summary.isVisible()


def test_a_table_says_what_it_is_trained_with_and_undo_takes_that_back(
    window: MainWindow, qtbot: QtBot, houses: Path, tmp_path: Path
) -> None:
    session = window.session
    before = session.experiment
    rate = window.parts.training._fields["training.optimizer.learning_rate"]
    window.documents.bring([houses])
    dialog = _imports(window, qtbot)
    said = dialog.choices.training
    assert said.text() == "Adam 0.01, batches of 16, Xavier"
    assert said.isVisible()
    assert "where you have chosen nothing else" in said.toolTip()
    _import(qtbot, dialog)
    assert (session.experiment.training.batch_size, rate.shown_value()) == (16, 0.01)
    assert session.experiment.model.initializer == "xavier"
    session.undo_stack.undo()
    assert session.experiment == before
    session.undo_stack.redo()
    session.set_value("training.optimizer.learning_rate", 0.5)
    window.documents.change(houses, recalled(houses))
    _import(qtbot, _imports(window, qtbot))
    assert rate.shown_value() == 0.5
    pixels = tmp_path / "digits.csv"
    names = ",".join(f"pixel{place}" for place in range(64))
    rows = [",".join(map(str, [n * 7 % 256] * 64)) + f",{'ab'[n % 2]}" for n in range(40)]
    pixels.write_text("\n".join([f"{names},word", *rows]))
    window.documents.bring([pixels])
    dialog = _imports(window, qtbot)
    assert dialog.choices.units.key() == "image"
    assert not dialog.choices.training.isVisible()
    dialog.reject()


@given(st.text(st.sampled_from("aW ,;行"), max_size=80), st.integers(60, 400))
def test_a_sentence_loses_nothing_between_its_lines(
    qapp: QApplication, text: str, width: int
) -> None:
    sentence = _Sentence()
    sentence.setText(text)
    lines = sentence._lines(width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert len(lines) <= 2
    if sentence.fontMetrics().horizontalAdvance(text) < width - 1:
        assert lines == [text.strip()]
