"""Files that a person names: nothing that is there is replaced without a question."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from playground.core.data.points import Points
from playground.core.errors import FileError
from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment
from playground.ui import language
from playground.ui.session import documents
from playground.ui.session.leaving import ask_about
from playground.ui.session.saving import may_replace, with_ending
from playground.ui.window.main_window import MainWindow
from tests.ui.answers import Answers, escapes, names, presses
from tests.ui.whole_window import WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(autouse=True)
def _nobody_answers_behind_the_test() -> Iterator[None]:
    yield
    Answers.leave()


OLD = b"somebody's work"


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with open_window(qtbot) as made:
        yield made


def menu_entry(window: MainWindow, words: str) -> QAction:
    return next(action for action in window.findChildren(QAction) if action.text() == words)


def writers(qtbot: QtBot, window: MainWindow) -> dict[str, Callable[[], object]]:
    """Everything that asks for a name and writes a file, by the ending that the file gets."""
    window.parts.curves.tabs.setCurrentWidget(window.parts.curves.code)
    race = window.windows.open_comparison()
    race.start()
    qtbot.waitUntil(lambda: race.moment is not None, timeout=WAIT)
    return {
        ".playground.json": menu_entry(window, "Save as…").trigger,
        ".safetensors": menu_entry(window, "Save the trained network…").trigger,
        ".csv": menu_entry(window, "Export points…").trigger,
        ".lesson.json": menu_entry(window, "Save as lesson…").trigger,
        ".py": window.parts.curves.code.save_button.click,
        ".png": race.picture_button.click,
        ".of-a-race.csv": race.table_button.click,
    }


def test_no_file_is_replaced_without_a_question_about_its_name(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    for key, write in writers(qtbot, window).items():
        ending = "." + key.partition(".of-a-race.")[2] if "race" in key else key
        place = tmp_path / f"other{ending}"
        place.write_bytes(OLD)
        # Twice no: by the button of the question, and then by Escape.
        person = Answers(
            names(str(tmp_path / "other")), presses("Cancel"), names(str(place)), escapes, escapes
        )
        write()
        assert person.left == 0, (key, person.said)
        questions = person.said[1:4:2]
        assert all(f"“{place.name}” is there already" in said for said in questions), person.said
        assert place.read_bytes() == OLD
        person = Answers(names(str(tmp_path / "other")), presses("Replace"))
        write()
        qtbot.waitUntil(lambda place=place: place.read_bytes() != OLD, timeout=WAIT)
        assert len(person.said) == 2, "asked once"
        assert {file.name for file in tmp_path.iterdir()} == {place.name}
        place.unlink()


def test_a_new_name_gets_its_ending_and_no_question(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    person = Answers(names(str(tmp_path / "v1.2")))
    menu_entry(window, "Export points…").trigger()
    qtbot.waitUntil((tmp_path / "v1.2.csv").exists, timeout=WAIT)
    assert len(person.said) == 1


def test_points_are_never_exported_over_what_is_trained_on(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    source = tmp_path / "rooms.csv"
    source.write_text("area,price\n" + "".join(f"{n}.5,{100 * n}\n" for n in range(1, 41)))
    before = source.read_bytes()
    proposed: list[str] = []

    def accepts_the_proposal(dialog: QFileDialog) -> None:
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        proposed.append(field.text())
        names(str(source))(dialog)

    window.documents.open(source)
    qtbot.waitUntil(
        lambda: (
            window.session.dataset is not None
            and window.session.dataset.data.answer_name == "price"
        ),
        timeout=WAIT,
    )
    person = Answers(accepts_the_proposal, presses("OK"), names(str(tmp_path / "copy")))
    menu_entry(window, "Export points…").trigger()
    qtbot.waitUntil((tmp_path / "copy.csv").exists, timeout=WAIT)
    assert proposed[0] == "rooms-points.csv"
    assert "“rooms.csv” is what is trained on. Choose another name." in person.said[1]
    assert (person.left, source.read_bytes()) == (0, before)
    assert (tmp_path / "copy.csv").read_text().startswith("area,price,held out,playground\n")


def test_many_points_are_written_while_the_window_waits(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, real, threads = tmp_path / "many.playground.json", files.save, list[object]()

    def save(experiment: Experiment, path: Path) -> None:
        threads.append(threading.current_thread())
        if len(threads) == 2:
            raise FileError("The disk is full.")
        real(experiment, path)

    monkeypatch.setattr(documents, "MOST_POINTS_AT_ONCE", 0)
    monkeypatch.setattr(files, "save", save)
    window.session.edit_points(Points.of([[-3, 1], [3, -1]], [0, 1]), "paint")
    person = Answers(names(str(place)))
    menu_entry(window, "Save as…").trigger()
    assert len(person.said) == 1 or person.said[1] == "Saving…"
    assert not window.session.is_modified
    assert len(files.load(place).data.x) == 2
    window.session.edit_points(Points.of([[0, 0]], [0]), "paint")
    menu_entry(window, "Save").trigger()
    assert window.notices.notice.text() == "The disk is full."
    assert window.session.is_modified, "nothing was written"
    assert threading.main_thread() not in threads
    assert QApplication.activeModalWidget() is None


@pytest.fixture
def parent(qtbot: QtBot, qapp: QApplication) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_name_that_looks_like_markup_is_shown_as_it_is(parent: QWidget, tmp_path: Path) -> None:
    place = tmp_path / "a <b>new<i> one.csv"
    place.write_bytes(OLD)
    formats = []

    def look(box: QMessageBox) -> None:
        formats.append(box.textFormat())
        escapes(box)

    person = Answers(look, look, look)
    may_replace(parent, place)
    may_replace(parent, place / "no folder.csv")
    ask_about(parent, place.stem, is_changed=True, lost_training="")
    assert person.left == 0
    assert set(formats) == {Qt.TextFormat.PlainText}


def test_a_folder_and_a_missing_folder_are_said(parent: QWidget, tmp_path: Path) -> None:
    (tmp_path / "taken.csv").mkdir()
    person = Answers(presses("OK"), escapes)
    assert not may_replace(parent, tmp_path / "taken.csv")
    assert not may_replace(parent, tmp_path / "gone" / "x.csv")
    assert "“taken.csv” is a folder" in person.said[0]
    assert "There is no folder" in person.said[1]


def test_the_question_names_the_file_as_the_disk_does(
    parent: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk that takes both spellings for one file."""
    (tmp_path / "Other.csv").write_bytes(OLD)
    monkeypatch.setattr("os.path.exists", lambda _: True)
    person = Answers(escapes)
    assert not may_replace(parent, tmp_path / "other.csv")
    assert "“Other.csv” is there already" in person.said[0]


def test_the_question_is_japanese_in_a_japanese_window(parent: QWidget, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(OLD)
    language.use("ja")
    try:
        person = Answers(escapes)
        assert not may_replace(parent, tmp_path / "a.csv")
        assert "「a.csv」は既にあります。" in person.said[0]
        assert "置き換える" in person.said[0]
    finally:
        language.use("en")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("other", "other.playground.json"),
        ("other.playground.json", "other.playground.json"),
        ("other.json", "other.json"),
        ("other.playground", "other.playground.json"),
        ("OTHER.PLAYGROUND.JSON", "OTHER.PLAYGROUND.JSON"),
        ("v1.2", "v1.2.playground.json"),
        ("other.", "other.playground.json"),
    ],
)
def test_endings(typed: str, written: str) -> None:
    assert with_ending(Path(typed), (".playground.json", ".json")) == Path(written)
