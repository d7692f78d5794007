"""The script of an experiment in the window: when it is written, copied and saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.core.script.pytorch import pytorch_script
from playground.engines.numpy.numpy_script import numpy_script
from playground.ui.app import make_application
from playground.ui.curves.code import CodeView, spans
from playground.ui.session.threads import have_ended

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CodeView]:
    make_application([])
    result = CodeView()
    qtbot.addWidget(result)
    yield result
    result.hide()
    assert have_ended()


def _choose(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


def test_a_script_is_written_when_it_can_be_seen(view: CodeView) -> None:
    view.show_experiment(Experiment())
    assert view.script == ""
    view.show()
    assert view.script == pytorch_script(Experiment())


def test_the_script_follows_the_experiment(view: CodeView) -> None:
    view.show()
    view.show_experiment(Experiment())
    view.show_experiment(Experiment().with_setting("training.optimizer.learning_rate", 0.125))
    assert "learning_rate = 0.125" in view.script


def test_what_cannot_be_a_script_says_why(view: CodeView) -> None:
    view.show()
    view.show_experiment(Experiment().with_setting("model.output.activation", "tanh"))
    assert view.script == ""
    assert view._reason.text().startswith("Loss: ")
    assert not view.copy_button.isEnabled()
    view.show_experiment(Experiment())
    assert view.copy_button.isEnabled()


def _choose_library(view: CodeView, key: str) -> None:
    view.library.set_key(key)
    view.library.chosen.emit(key)


def test_the_numpy_script_is_one_choice_away(view: CodeView) -> None:
    view.show()
    view.show_experiment(Experiment())
    _choose_library(view, "numpy")
    assert view.script == numpy_script(Experiment())
    view.copy_button.click()
    assert QGuiApplication.clipboard().text() == view.script
    _choose_library(view, "torch")
    assert view.script == pytorch_script(Experiment())


def test_what_numpy_cannot_train_says_so_and_pytorch_still_can(view: CodeView) -> None:
    experiment = Experiment.parse({"model": {"layers": [{"kind": "dropout"}]}})
    view.show()
    _choose_library(view, "numpy")
    view.show_experiment(experiment)
    assert view.script == ""
    assert "dropout" in view._reason.text()
    _choose_library(view, "torch")
    assert "nn.Dropout" in view.script
    assert view._reason.text() == ""


def test_copy(view: CodeView) -> None:
    view.show()
    view.show_experiment(Experiment())
    view.copy_button.click()
    assert QGuiApplication.clipboard().text() == view.script


def test_save(view: CodeView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    view.show()
    view.show_experiment(Experiment())
    _choose(monkeypatch, tmp_path / "mine")
    view.save_button.click()
    assert (tmp_path / "mine.py").read_text("utf-8") == view.script


def test_no_name_saves_nothing(
    view: CodeView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    view.show()
    view.show_experiment(Experiment())
    _choose(monkeypatch, "")
    view.save_button.click()
    assert list(tmp_path.iterdir()) == []


def test_a_script_that_cannot_be_saved_is_told(
    view: CodeView, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.show()
    view.show_experiment(Experiment())
    _choose(monkeypatch, tmp_path / ("n" * 300))
    with qtbot.waitSignal(view.failed) as failed:
        view.save_button.click()
    assert "cannot be written" in failed.args[0]


def test_spans_find_keywords_comments_and_lines_of_strings() -> None:
    found = spans('import a  # why\n"""one\ntwo"""\n')
    assert found[0] == [(0, 6, "keyword"), (10, 5, "comment")]
    assert found[1] == [(0, 6, "string")]
    assert found[2] == [(0, 6, "string")]


def test_what_is_not_python_has_no_colour() -> None:
    assert spans('"""never closed') == {}


def _large_table(path: Path) -> Experiment:
    rows = "".join(f"{i % 7},{i % 5},{'remark ' * 150},{'ab'[i % 2]}\n" for i in range(2500))
    path.write_text(f"u,v,remark,kind\n{rows}", "utf-8")
    data = {"kind": "csv", "path": str(path), "inputs": ["u", "v"], "label": "kind"}
    return Experiment.parse({"data": data})


def test_the_script_of_a_large_table_is_written_in_the_background(
    view: CodeView, qtbot: QtBot, tmp_path: Path
) -> None:
    experiment = _large_table(tmp_path / "large.csv")
    view.show()
    view.show_experiment(experiment)
    assert view.script == ""
    assert "The file is read" in view._reason.text()
    assert not view.save_button.isEnabled()
    qtbot.waitUntil(lambda: view.script != "", timeout=20_000)
    assert view.script == pytorch_script(experiment)
    assert view.save_button.isEnabled()


def test_only_the_script_of_the_newest_experiment_is_shown(
    view: CodeView, qtbot: QtBot, tmp_path: Path
) -> None:
    experiment = _large_table(tmp_path / "large.csv")
    view.show()
    view.show_experiment(experiment)
    view.show_experiment(Experiment())
    assert view.script == pytorch_script(Experiment())
    view.show_experiment(experiment)
    view.hide()  # ends the reading, which begins again where it can be seen
    assert view.script == ""
    view.show()
    qtbot.waitUntil(lambda: view.script != "", timeout=20_000)
    assert view.script == pytorch_script(experiment)
