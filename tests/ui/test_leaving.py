"""Work that would be lost is asked about: changes, training, edited weights; and only then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from click.testing import CliRunner
from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from playground.cli import commands
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import load, save
from playground.core.lessons.lesson_files import find
from playground.engines.weights_file import load_weights
from playground.ui import language
from playground.ui.session import documents as documents_module
from playground.ui.session import file_kinds
from playground.ui.session.document import read_file
from playground.ui.window.main_window import MainWindow
from tests.ui.answers import Answers, escapes, names, presses, ticks_and_presses
from tests.ui.whole_window import SMALL, WAIT, open_window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(autouse=True)
def _nobody_answers_behind_the_test() -> Iterator[None]:
    yield
    Answers.leave()


POINTS = Points.of([[-3, 1], [3, -1]], [0, 1])


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    QSettings().clear()
    with open_window(qtbot) as made:
        yield made
        made.session.unsaved.note_saved()
        made.session.run._trained = 0.0


def trained_for(window: MainWindow, seconds: float) -> None:
    """As after that many seconds with Train pressed."""
    window.session.run.pause()
    window.session.run._trained = seconds


def action(window: MainWindow, words: str) -> QAction:
    return next(one for one in window.findChildren(QAction) if one.text() == words)


def ways(window: MainWindow, project: Path) -> dict[str, Callable[[], object]]:
    """Everything that takes the place of what is open."""
    return {
        "New": action(window, "New").trigger,
        "Open": lambda: window.documents.bring([project]),
        "lesson": lambda: window.guide.start(find("L1")),
        "Quit": action(window, "Quit").trigger,
    }


def test_training_is_asked_about_wherever_it_would_be_lost(
    window: MainWindow, tmp_path: Path
) -> None:
    project = tmp_path / "other.playground.json"
    save(Experiment(title="Other"), project)
    trained_for(window, 12)
    run = window.session.run.run_id
    for name, way in ways(window, project).items():
        person = Answers(presses("Cancel"))
        way()
        assert person.left == 0, name
        assert "has trained for 12 s since it was saved" in person.said[0]
        assert window.session.run.run_id == run, name
        assert window.isVisible()


def test_what_is_not_worth_a_question(qtbot: QtBot, window: MainWindow) -> None:
    trained_for(window, 9)
    assert window.documents.may_leave()
    trained_for(window, 60)
    window.session.run.set_instant(True)
    qtbot.waitUntil(lambda: window.session.run.snapshot is not None, timeout=WAIT)
    trained_for(window, 60)
    assert window.documents.may_leave(), "Instant trains the same again"
    window.session.run.set_instant(False)
    qtbot.waitUntil(lambda: window.session.run.snapshot is not None, timeout=WAIT)
    trained_for(window, 60)
    assert window.documents.may_leave(), "nothing was trained: waiting for points is no training"


def test_a_weight_edited_by_hand_is_asked_about(qtbot: QtBot, window: MainWindow) -> None:
    trained_for(window, 1)
    assert window.documents.may_leave()
    window.session.set_weight("0.weight", (0, 0), 2.5)
    person = Answers(presses("Cancel"))
    assert not window.documents.may_leave()
    assert "Its network has weights that are not saved" in person.said[0]


def test_save_writes_the_project_and_the_network_beside_it(
    window: MainWindow, tmp_path: Path
) -> None:
    trained_for(window, 12)
    window.session.edit_points(POINTS, "paint")
    weights = window.session.run.snapshot.weights
    person = Answers(presses("Save"), names(str(tmp_path / "mine")))
    assert window.documents.may_leave()
    assert "Save also writes the trained network, beside the project." in person.said[0]
    assert load(tmp_path / "mine.playground.json").data.points().same_as(window.session.points)
    found = load_weights(tmp_path / "mine.safetensors", weights)
    assert all(np.array_equal(found[name], array) for name, array in weights.items())
    assert window.documents.may_leave(), "asked once"
    # The command line predicts with the two.
    rows = "".join(f"{x1},{x2}\n" for x1, x2 in window.session.points.x.tolist())
    (tmp_path / "new.csv").write_text(f"x1,x2\n{rows}", "utf-8")
    arguments = [
        tmp_path / "mine.playground.json",
        tmp_path / "new.csv",
        "--out",
        tmp_path / "a.csv",
    ]
    done = CliRunner().invoke(commands, ["predict", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    assert f"{len(window.session.points)} of" in done.stdout


def test_a_network_that_is_somebody_elses_is_not_replaced_by_the_way(
    window: MainWindow, tmp_path: Path
) -> None:
    trained_for(window, 12)
    beside = tmp_path / "mine.safetensors"
    beside.write_bytes(b"somebody's work")
    person = Answers(presses("Save"), names(str(tmp_path / "mine")), presses("Cancel"), escapes)
    assert not window.documents.may_leave(), "nobody has said that it may go"
    assert "“mine.safetensors” is there already" in person.said[2]
    assert beside.read_bytes() == b"somebody's work"


def test_a_tick_stops_asking_and_the_menu_asks_again(window: MainWindow) -> None:
    trained_for(window, 12)
    person = Answers(ticks_and_presses("Discard"))
    assert window.documents.may_leave()
    assert person.left == 0
    assert window.documents.may_leave(), "without a question"
    toggle = action(window, "Ask before training is lost")
    toggle.parent().aboutToShow.emit()
    assert not toggle.isChecked()
    toggle.trigger()
    person = Answers(ticks_and_presses("Cancel"), presses("Cancel"))
    assert not window.documents.may_leave()
    assert not window.documents.may_leave(), "who cancels has not decided"
    assert person.left == 0


def test_changes_are_asked_about_whatever_is_ticked(window: MainWindow) -> None:
    QSettings().setValue("ask_about_training", False)
    trained_for(window, 12)
    window.session.edit_points(POINTS, "paint")
    person = Answers(presses("Cancel"))
    assert not window.documents.may_leave()
    assert "seconds" not in person.said[0]
    assert "Unsaved changes" in person.said[0]


def test_loading_another_network_asks_about_this_one(window: MainWindow, tmp_path: Path) -> None:
    window.documents.networks.write(tmp_path / "saved.safetensors")
    trained_for(window, 12 + window.session.unsaved._saved_seconds)
    person = Answers(presses("Cancel"))
    window.documents.bring([tmp_path / "saved.safetensors"])
    assert "has trained for 12 s" in person.said[0]
    assert window.session.unsaved.is_worth_asking(), "and it is still there"


def test_the_question_is_japanese_in_a_japanese_window(window: MainWindow) -> None:
    trained_for(window, 12)
    window.session.edit_points(POINTS, "paint")
    language.use("ja")
    try:
        person = Answers(presses("キャンセル(C)"))
        assert not window.documents.may_leave()
        (said,) = person.said
        assert "保存していない変更" in said
        assert "12秒学習しました" in said
        for button in ("保存(&S)", "保存しない(&D)", "キャンセル(&C)"):
            assert button in said
    finally:
        language.use("en")


# What is on its way while a hand goes on.


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Event]]:
    """Files, all of which count as large, are read when their event is set, by the name of each."""
    events: dict[str, Event] = {}

    def read_when_told(path: Path, progress: object) -> object:
        events.setdefault(path.name, Event()).wait(WAIT / 1000)
        return read_file(path)

    monkeypatch.setattr(file_kinds, "MOST_BYTES_AT_ONCE", 0)
    monkeypatch.setattr(documents_module, "read_file", read_when_told)
    yield events
    for event in events.values():
        event.set()


def two_projects(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "slow.playground.json", tmp_path / "quick.playground.json"
    for path in paths:
        save(Experiment.parse(SMALL | {"title": path.name.partition(".")[0]}), path)
    return paths


def test_what_was_painted_while_a_file_was_read_is_asked_about(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, gate: dict[str, Event]
) -> None:
    slow, _ = two_projects(tmp_path)
    gate[slow.name] = Event()
    window.documents.bring([slow])
    window.session.edit_points(POINTS, "paint")
    person = Answers(presses("Cancel"))
    gate[slow.name].set()
    qtbot.waitUntil(lambda: person.left == 0, timeout=WAIT)
    qtbot.waitUntil(lambda: "what is open stays" in window.notices.notice.text(), timeout=WAIT)
    assert isinstance(window.session.experiment.data, PointsData)
    assert window.session.undo_stack.canUndo()


def test_a_file_that_nobody_worked_over_opens_without_a_second_question(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, gate: dict[str, Event]
) -> None:
    slow, _ = two_projects(tmp_path)
    gate[slow.name] = Event()
    window.session.edit_points(POINTS, "paint")
    person = Answers(presses("Discard"))
    window.documents.bring([slow])
    gate[slow.name].set()
    qtbot.waitUntil(lambda: window.session.name == "slow", timeout=WAIT)
    assert len(person.said) == 1


@pytest.mark.parametrize("newer", ["quick file", "New", "lesson", "table"])
def test_only_the_newest_wish_is_shown(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, gate: dict[str, Event], newer: str
) -> None:
    slow, quick = two_projects(tmp_path)
    gate[slow.name] = Event()
    gate[quick.name] = Event()
    gate[quick.name].set()
    window.documents.bring([slow])
    thread = window.documents._reader._thread
    assert thread is not None
    shown: list[object] = []
    if newer == "quick file":
        window.documents.bring([quick])
        qtbot.waitUntil(lambda: window.session.name == "quick", timeout=WAIT)
    elif newer == "New":
        action(window, "New").trigger()
    elif newer == "lesson":
        window.guide.start(find("L1"))
    else:
        table = tmp_path / "t.csv"
        table.write_text("a,b,kind\n1,2,x\n3,4,y\n")
        window.documents.importRequested.connect(shown.append)
        window.documents.bring([table])
    before = window.session.experiment
    experiments: list[object] = []
    window.session.changed.connect(lambda _, now: experiments.append(now.experiment))
    gate[slow.name].set()
    qtbot.waitUntil(lambda: not Shiboken.isValid(thread), timeout=WAIT)
    QApplication.processEvents()  # whatever the older one had to say is said
    assert window.session.experiment is before
    assert all(experiment is before for experiment in experiments)
    if shown:
        shown[0].reject()  # type: ignore[attr-defined]


def test_a_file_that_arrives_during_a_question_waits_for_the_answer(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, gate: dict[str, Event]
) -> None:
    slow, _ = two_projects(tmp_path)
    gate[slow.name] = Event()
    window.documents.bring([slow])
    window.session.edit_points(POINTS, "paint")
    names_then: list[str] = []

    def answer(dialog: object) -> None:
        if not names_then:
            gate[slow.name].set()
        names_then.append(window.session.name)
        if len(names_then) > 20:  # long enough for it to have arrived
            presses("Cancel")(dialog)  # type: ignore[arg-type]

    person = Answers(answer, presses("Discard"))
    action(window, "Quit").trigger()
    assert set(names_then) == {"Untitled"}
    qtbot.waitUntil(lambda: window.session.name == "slow", timeout=WAIT)
    assert person.left == 0
    assert QApplication.activeModalWidget() is None
