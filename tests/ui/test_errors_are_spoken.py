"""Whatever goes wrong is said in the language of the window, with the values that it is about."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.engines.recovery_folder import RecoveryFolder
from playground.engines.weights_file import save_weights
from playground.ui import language, reports
from playground.ui.app import keep
from playground.ui.data.importing import ImportDialog
from playground.ui.session import trainer
from playground.ui.window.main_window import MainWindow
from tests.ui.whole_window import SMALL, WAIT, open_window
from tests.ui.words import english_in

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
SYSTEM = (
    os.strerror(errno.ENOENT),
    os.strerror(errno.EEXIST),
    "Expecting property name enclosed in double quotes",
)
"""What the system and the reader of JSON say, in their own language."""


class Place(NamedTuple):
    """Where something goes wrong."""

    qtbot: QtBot
    window: MainWindow
    folder: Path
    patch: pytest.MonkeyPatch

    def file(self, name: str, content: str | bytes = "") -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def notice(self) -> str:
        """What the window says, as soon as it says something."""
        shown = self.window.notices.notice
        self.qtbot.waitUntil(shown.isVisible, timeout=WAIT)
        return shown.text()

    def opened(self, path: Path) -> str:
        self.window.documents.open(path)
        return self.notice()

    def pasted(self, text: str) -> str:
        QApplication.clipboard().setText(text)
        self.window.documents.paste()
        return self.notice()

    def set(self, path: str, value: object) -> str:
        assert not self.window.session.set_value(path, value)
        return self.notice()


Case = Callable[[Place], str]
Cases = dict[str, tuple[Case, tuple[str, ...]]]
CASES: Cases = {}
ENDINGS: Cases = {}
"""What ends the thread that trains, so that each needs a window of its own."""


def case(*values: str, kind: Cases = CASES) -> Callable[[Case], Case]:
    """A way to go wrong, which returns what is on the screen then; `values` stand in it."""

    def register(act: Case) -> Case:
        kind[act.__name__] = act, values
        return act

    return register


# Files.


@case("odd.playground.json", "'many'")
def project_with_a_wrong_setting(place: Place) -> str:
    return place.opened(place.file("odd.playground.json", '{"training": {"epochs": "many"}}'))


@case("odd.playground.json")
def project_that_is_no_json(place: Place) -> str:
    return place.opened(place.file("odd.playground.json", "{"))


@case("none.playground.json")
def project_that_is_not_there(place: Place) -> str:
    return place.opened(place.folder / "none.playground.json")


@case("odd.csv")
def table_without_numbers(place: Place) -> str:
    return place.opened(place.file("odd.csv", "名前;色\n青;赤\n"))


@case("odd.csv")
def table_in_the_dialog(place: Place) -> str:
    place.window.documents.bring([place.file("odd.csv", "1,2\n1\n1,2,3\n")])
    (dialog,) = place.window.findChildren(ImportDialog)
    place.qtbot.waitUntil(dialog.progress.isHidden, timeout=WAIT)
    said = dialog.message.text()
    assert said in dialog.import_button.toolTip()
    dialog.reject()
    return said


@case("odd.safetensors", ".safetensors")
def weights_that_are_none(place: Place) -> str:
    return place.opened(place.file("odd.safetensors", b"nothing"))


@case("odd.safetensors", "0.weight", "4 × 2")
def weights_of_another_network(place: Place) -> str:
    path = place.folder / "odd.safetensors"
    save_weights({"1.weight": np.zeros((2, 2), np.float32)}, path)
    return place.opened(path)


@case("odd.lesson.json", "format", "playground-lesson/1")
def lesson_that_is_wrong(place: Place) -> str:
    return place.opened(place.file("odd.lesson.json", '{"title": "x"}'))


@case("3")
def several_files(place: Place) -> str:
    place.window.documents.bring([Path("a.csv"), Path("b.csv"), Path("c.csv")])
    return place.notice()


@case("playground:")
def clipboard_with_words(place: Place) -> str:
    return place.pasted("hello")


@case("playground:")
def link_that_is_damaged(place: Place) -> str:
    return place.pasted("playground:nonsense")


@case("out.csv")
def export_that_fails(place: Place) -> str:
    place.window.documents.write_points(place.folder / "無" / "out.csv", "")
    return place.notice()


@case("out.safetensors")
def network_that_cannot_be_written(place: Place) -> str:
    assert not place.window.documents.networks.write(place.folder / "無" / "out.safetensors")
    return place.notice()


@case("out.playground.json")
def project_that_cannot_be_written(place: Place) -> str:
    assert not place.window.documents._write(place.folder / "無" / "out.playground.json")
    return place.notice()


@case("out.py")
def script_that_cannot_be_written(place: Place) -> str:
    path = place.folder / "無" / "out.py"
    place.patch.setattr("playground.ui.curves.code.ask_where", lambda *_: path)
    place.window.parts.curves.code._save()
    return place.notice()


@case("out.lesson.json")
def lesson_that_cannot_be_written(place: Place) -> str:
    path = place.folder / "無" / "out.lesson.json"
    place.patch.setattr("playground.ui.lessons.lesson_guide.ask_where", lambda *_: path)
    place.window.guide.save_as()
    return place.notice()


# Edits.


@case("7.5", "0.5")
def edit_out_of_bounds(place: Place) -> str:
    return place.set("data.noise", 7.5)


@case("best", "cross_entropy, bce_with_logits, mse, sse, l1, huber")
def edit_to_what_is_no_choice(place: Place) -> str:
    return place.set("training.loss", "best")


@case("data")
def edit_of_what_a_lesson_keeps(place: Place) -> str:
    place.window.session.locked = ("data",)
    try:
        return place.set("data.noise", 0.4)
    finally:
        place.window.session.locked = ()


@case("1")
def view_that_cannot_be(place: Place) -> str:
    place.window.session.set_view("grid", 1)
    return place.notice()


@case("abc", "10")
def number_that_is_none(place: Place) -> str:
    edit = place.window.parts.training.field("training.optimizer.learning_rate").edit
    edit.setText("abc")
    edit._read_entry()
    assert edit.message() == place.notice()
    said = edit.message()
    edit._show_again()
    return said


@case("99", "10")
def number_that_is_too_large(place: Place) -> str:
    edit = place.window.parts.training.field("training.optimizer.learning_rate").edit
    edit.setText("99")
    edit._read_entry()
    said = edit.message()
    edit._show_again()
    return said


@case()
def last_feature(place: Place) -> str:
    panel = place.window.parts.features
    for key in panel.chosen():
        panel.chips[key].click()
    return place.notice()


@case("abc", "x1")
def cell_that_is_no_number(place: Place) -> str:
    place.window.windows.open_points_table()
    table = place.window.windows.points_table
    table.model.setData(table.model.index(0, 0), "abc")
    said = table.status()
    table.close()
    return said


@case("-5.0")
def setting_that_cannot_be(place: Place) -> str:
    """In a panel that covers what the window says, it is said under the control."""
    said: list[str] = []
    place.patch.setattr(QToolTip, "showText", lambda at, text, *_: said.append(text))
    form = place.window.parts.training.more.forms()[0]
    form._commit(next(iter(form.fields)), -5.0)
    return said[0]


@case("5", "4")
def cells_that_are_too_many(place: Place) -> str:
    place.window.windows.open_points_table()
    table = place.window.windows.points_table
    QApplication.clipboard().setText("1\t2\t3\t4\t5")
    table._on_paste()
    said = table.status()
    table.close()
    return said


@case()
def weight_in_instant(place: Place) -> str:
    place.window.session.run.set_instant(True)
    place.window.session.set_weight("0.weight", (0, 0), 1.0)
    said = place.notice()
    place.window.session.run.set_instant(False)
    return said


@case("12", "2")
def rows_that_are_left_out(place: Place) -> str:
    rows = "1;2;赤\n3;4;青\n" * 5 + ";2;赤\n" + "3;4;\n"
    return place.opened(place.file("odd.csv", "甲;乙;丙\n" + rows))


# Training and races.


@case("0.01", "101")
def lane_that_is_no_race(place: Place) -> str:
    race = place.window.windows.open_comparison()
    race.form.race.show_value("any")
    race.form._on_race_chosen()
    race.form.line.setText("0.01")
    race.start()
    said = race.notice.text()
    race.form.line.setText(",".join(str(number) for number in range(1, 102)))
    race.start()
    place.window.windows.close()
    return said + race.notice.text()


@case("−1")
def lane_that_cannot_be_trained(place: Place) -> str:
    race = place.window.windows.open_comparison()
    race.form.race.show_value("any")
    race.form._on_race_chosen()
    race.form.setting.show_value("training.optimizer.learning_rate")
    race.form.line.setText("0.1, -1")
    race.start()
    said = race.notice.text()
    place.window.windows.close()
    return said


@case("boom", kind=ENDINGS)
def training_that_breaks(place: Place) -> str:
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    place.patch.setattr(reports, "report", lambda _: None)
    place.patch.setattr(trainer, "prepare", broken)
    place.window.session.replace(Experiment())
    return place.notice()


@case("numpy", "batch_norm", "torch", "auto", kind=ENDINGS)
def training_that_the_engine_cannot_do(place: Place) -> str:
    place.window.session.add_layer(0, "batch_norm")
    return place.notice()


# After a crash.


@case("2", "state")
def recovery_files_that_are_damaged(place: Place) -> str:
    folder = RecoveryFolder(place.folder / "state")
    folder.path.mkdir()
    for name in ("20260101-000000-0", "20260101-000000-1"):
        place.file(f"state/{name}.safetensors", b"nothing")
    recovery = keep(place.window, folder)
    recovery.offer()
    said = place.notice()
    recovery.end()
    return said


@case("state")
def recovery_that_cannot_be_written(place: Place) -> str:
    recovery = keep(place.window, RecoveryFolder(place.file("state")), 0)
    place.window.session.set_value("data.noise", 0.3)
    said = place.notice()
    recovery.end()
    return said


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    language.use("en")


@pytest.fixture(scope="module")
def _one_window(request: pytest.FixtureRequest) -> Iterator[MainWindow]:
    with open_window(QtBot(request), "ja") as made:
        yield made


@pytest.fixture
def window(qtbot: QtBot, _one_window: MainWindow) -> MainWindow:
    """A window whose network is paused at its start, and that has nothing to say."""
    language.use("ja")
    session = _one_window.session
    session.replace(Experiment.parse(SMALL))
    qtbot.waitUntil(
        lambda: getattr(session.run.snapshot, "run_id", None) == session.run.run_id, timeout=WAIT
    )
    _one_window.notices.hide()
    return _one_window


def check(name: str, cases: Cases, place: Place) -> None:
    act, values = cases[name]
    said = act(place)
    assert [value for value in values if value not in said] == [], said
    for value in (str(place.folder), *values, *SYSTEM):
        said = said.replace(value, "")
    assert english_in(said) == [], said
    assert JAPANESE.search(said), said


@pytest.mark.parametrize("name", CASES)
def test_what_goes_wrong_is_said_in_the_language_of_the_window(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    check(name, CASES, Place(qtbot, window, tmp_path, monkeypatch))


@pytest.mark.parametrize("name", ENDINGS)
def test_what_ends_a_training_is_said_in_the_language_of_the_window(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with open_window(qtbot, "ja") as window:
        window.notices.hide()
        check(name, ENDINGS, Place(qtbot, window, tmp_path, monkeypatch))
