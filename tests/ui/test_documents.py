"""What is brought to the window, and what leaves it: dropped, pasted, linked, exported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.core.data.axis import Axis
from playground.core.data.data import CsvData, Data
from playground.core.data.dataset import prepare
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.data.tables.importing import read_table_text
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import open_any, save
from playground.core.experiment.sharing import PREFIX, to_link
from playground.ui.data.importing import ImportDialog
from playground.ui.look import theme
from playground.ui.session.documents import Documents
from playground.ui.session.file_kinds import TABLES
from playground.ui.session.unsaved import UnsavedTraining

WAIT = 20_000

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class SessionOfNotes(QObject):
    """Does what documents ask of a session, without a training thread."""

    replaced = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.run = SimpleNamespace(run_id=0, snapshot=None, is_instant=False, elapsed=lambda: 0.0)
        self.unsaved = UnsavedTraining(self.run)  # type: ignore[arg-type]
        self.experiment = Experiment()
        self.dataset = prepare(self.experiment)
        self.is_modified = False
        self.path: Path | None = None
        self.name = "Untitled"

    @property
    def points(self) -> Points:
        return self.dataset.points

    def replace(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.dataset = prepare(experiment)

    def open(self, path: Path) -> None:
        self.replace(open_any(path))

    def use_data(self, data: Data, title: str) -> None:
        self.replace(Experiment.parse({"data": data, "title": title}))


@pytest.fixture
def session() -> SessionOfNotes:
    return SessionOfNotes()


@pytest.fixture
def documents(qtbot: QtBot, qapp: QApplication, session: SessionOfNotes) -> Iterator[Documents]:
    theme.install(qapp)
    window = QWidget()
    qtbot.addWidget(window)
    made = Documents(session, window)  # type: ignore[arg-type]
    yield made
    made.stop()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    place = tmp_path / "people.csv"
    place.write_text("height,weight,kind\n170,60,tall\n158,48,short\n181,77,tall\n")
    return place


def sentence(qtbot: QtBot, documents: Documents, act) -> str:
    with qtbot.waitSignal(documents.failed, timeout=WAIT) as caught:
        act()
    (said,) = caught.args
    assert said.endswith(".") or said.endswith(PREFIX)
    assert "\n" not in said
    return said


def test_a_dropped_table_opens_the_dialog(
    qtbot: QtBot, documents: Documents, session: SessionOfNotes, table: Path
) -> None:
    with qtbot.waitSignal(documents.importRequested, timeout=WAIT) as caught:
        documents.bring([table])
    (dialog,) = caught.args
    assert isinstance(dialog, ImportDialog)
    qtbot.waitUntil(dialog.import_button.isEnabled, timeout=WAIT)
    with qtbot.waitSignal(documents.opened, timeout=WAIT):
        dialog.import_button.click()
    assert isinstance(session.experiment.data, PointsData)
    assert session.experiment.title == "people"
    assert documents.recent() == [table.resolve()]


def test_dropped_rows_in_json_open_the_dialog(
    qtbot: QtBot, documents: Documents, session: SessionOfNotes, tmp_path: Path
) -> None:
    place = tmp_path / "rows.json"
    place.write_text(json.dumps([{"a": n, "kind": "xy"[n % 2]} for n in range(6)]))
    with qtbot.waitSignal(documents.importRequested, timeout=WAIT) as caught:
        documents.bring([place])
    dialog = caught.args[0]
    qtbot.waitUntil(dialog.import_button.isEnabled, timeout=WAIT)
    with qtbot.waitSignal(documents.opened, timeout=WAIT):
        dialog.import_button.click()
    assert session.experiment.data.class_names == ("x", "y")


def test_a_cancelled_import_leaves_everything_as_it_was(
    qtbot: QtBot, documents: Documents, session: SessionOfNotes, table: Path
) -> None:
    before = session.experiment
    with qtbot.waitSignal(documents.importRequested, timeout=WAIT) as caught:
        documents.bring([table])
    caught.args[0].reject()
    assert session.experiment is before
    assert documents.recent() == []


def test_another_table_and_the_end_of_the_window_end_an_import(
    qtbot: QtBot, documents: Documents, table: Path
) -> None:
    shown: list[ImportDialog] = []
    documents.importRequested.connect(shown.append)
    documents.bring([table])
    with qtbot.waitSignal(shown[0].rejected, timeout=WAIT):
        documents.bring([table])
    with qtbot.waitSignal(shown[1].rejected, timeout=WAIT):
        documents.stop()


def test_a_table_on_the_command_line_opens_at_once(
    documents: Documents, session: SessionOfNotes, table: Path
) -> None:
    assert documents.open(table)
    assert isinstance(session.experiment.data, CsvData)


def test_a_project_opens(documents: Documents, session: SessionOfNotes, tmp_path: Path) -> None:
    place = tmp_path / "here.playground.json"
    save(Experiment(title="Here"), place)
    documents.bring([place])
    assert session.experiment.title == "Here"


def test_several_files_are_one_sentence(qtbot: QtBot, documents: Documents, table: Path) -> None:
    said = sentence(qtbot, documents, lambda: documents.bring([table, table]))
    assert said == "2 files came at once; drop one at a time."


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("paper.pdf", b"%PDF-1.7\n\xff\xfe", "is a PDF, not a table"),
        ("clip.mp4", b"\0\0\0 ftypisom", "is sound or film"),
        ("part.bin", b"\0\1\2\3\xff", "so it cannot be opened"),
        ("broken.png", b"\x89PNG\r\n\x1a\nrubbish", "cannot be read as a picture"),
        ("text.playground.json", b"hello", "not valid JSON"),
    ],
)
def test_what_is_nothing_of_ours_is_one_sentence(
    qtbot: QtBot, documents: Documents, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    place = tmp_path / name
    place.write_bytes(content)
    said = sentence(qtbot, documents, lambda: documents.bring([place]))
    assert said.startswith(name)
    assert words in said


def test_a_workbook_that_is_none_is_explained_in_its_dialog(
    qtbot: QtBot, documents: Documents, tmp_path: Path
) -> None:
    place = tmp_path / "table.xlsx"
    place.write_bytes(b"PK\x03\x04....")
    with qtbot.waitSignal(documents.importRequested) as asked:
        documents.bring([place])
    (dialog,) = asked.args
    qtbot.waitUntil(lambda: "is a workbook or an archive" in dialog.message.text(), timeout=WAIT)
    assert not dialog.import_button.isEnabled()
    dialog.reject()


def test_a_missing_file_is_one_sentence(qtbot: QtBot, documents: Documents, tmp_path: Path) -> None:
    said = sentence(qtbot, documents, lambda: documents.bring([tmp_path / "gone.png"]))
    assert "cannot be read" in said


def test_a_picture_becomes_points(
    qtbot: QtBot, documents: Documents, session: SessionOfNotes, tmp_path: Path
) -> None:
    place = tmp_path / "faces.png"
    picture = Image.new("RGB", (200, 200), "white")
    pen = ImageDraw.Draw(picture)
    pen.ellipse([20, 20, 90, 90], fill="navy")
    pen.ellipse([110, 110, 180, 180], fill="firebrick")
    picture.save(place)
    with qtbot.waitSignal(documents.opened, timeout=WAIT):
        documents.bring([place])
    data = session.experiment.data
    assert isinstance(data, PointsData)
    assert (len(data.x), session.experiment.title, data.test) == (500, "faces", None)
    assert np.unique(data.answers).tolist() == [0, 1]


def test_cells_of_a_spreadsheet_are_pasted_into_the_dialog(
    qtbot: QtBot, documents: Documents, session: SessionOfNotes
) -> None:
    QApplication.clipboard().setText("a\tb\tkind\n1\t2\tx\n3\t4\ty\n")
    with qtbot.waitSignal(documents.importRequested, timeout=WAIT) as caught:
        documents.paste()
    dialog = caught.args[0]
    qtbot.waitUntil(dialog.import_button.isEnabled, timeout=WAIT)
    with qtbot.waitSignal(documents.opened, timeout=WAIT):
        dialog.import_button.click()
    assert session.experiment.title == "Pasted table"
    assert session.experiment.data.class_names == ("x", "y")
    assert documents.recent() == []


ROWS = "".join(f"{n},{-n},{'xy'[n % 2]}\n" for n in range(6))
DECLARED = (
    "@relation r\n@attribute a numeric\n@attribute b numeric\n@attribute kind {x, y}\n@data\n"
)
PASTED = {
    "ARFF": DECLARED + ROWS,
    "sparse ARFF": DECLARED + "".join(f"{{0 {n}, 1 -{n}, 2 {'xy'[n % 2]}}}\n" for n in range(6)),
    "KEEL": f"@relation r\n@attribute a integer [0,5]\n@attribute b integer [-5,0]\n"
    f"@attribute kind {{x, y}}\n@inputs a, b\n@outputs kind\n@data\n{ROWS}",
    "LIBSVM": "".join(f"{n % 2} 1:{n} 2:{-n}\n" for n in range(6)),
    "Orange": "a\tb\tkind\nc\tc\td\n\t\tclass\n" + ROWS.replace(",", "\t"),
    "JSON": json.dumps([{"a": n, "b": -n, "kind": "xy"[n % 2]} for n in range(6)]),
    "JSON lines": "".join(
        json.dumps({"a": n, "b": -n, "kind": "xy"[n % 2]}) + "\n" for n in range(6)
    ),
}
"""One table in the forms of several programs."""


@pytest.mark.parametrize("name", PASTED)
def test_a_text_of_any_program_is_pasted(
    qtbot: QtBot, documents: Documents, session: SessionOfNotes, name: str
) -> None:
    QApplication.clipboard().setText(PASTED[name])
    with qtbot.waitSignal(documents.importRequested, timeout=WAIT) as caught:
        documents.paste()
    dialog = caught.args[0]
    qtbot.waitUntil(dialog.import_button.isEnabled, timeout=WAIT)
    with qtbot.waitSignal(documents.opened, timeout=WAIT):
        dialog.import_button.click()
    points = session.dataset.points
    order = np.argsort(points.x[:, 0])
    x = points.x[order] / np.abs(points.x).max()
    np.testing.assert_allclose(x[:, 0], np.linspace(-1, 1, 6), atol=1e-6)
    np.testing.assert_allclose(x[:, 1], -x[:, 0], atol=1e-6)
    assert points.y[order].tolist() == [0, 1, 0, 1, 0, 1]


def test_the_text_of_a_project_is_pasted_and_that_of_another_program_is_named(
    qtbot: QtBot, documents: Documents, session: SessionOfNotes, tmp_path: Path
) -> None:
    save(Experiment(title="Copied"), tmp_path / "p.playground.json")
    QApplication.clipboard().setText((tmp_path / "p.playground.json").read_text("utf-8"))
    with qtbot.waitSignal(documents.opened, timeout=WAIT):
        documents.paste()
    assert session.experiment.title == "Copied"
    for text, words in {
        '{"nbformat": 4, "cells": []}': "The pasted text is a Jupyter notebook",
        '{\n"title": "x",\n"data": \n': "The pasted text is not valid JSON",
        '{"data": {"kind": "csv", "path": "t.csv", "label": "y", "inputs": ["a"]}}': "names a file",
    }.items():
        QApplication.clipboard().setText(text)
        assert words in sentence(qtbot, documents, documents.paste)


def test_a_link_goes_through_the_clipboard(
    qtbot: QtBot, documents: Documents, session: SessionOfNotes
) -> None:
    session.replace(Experiment(title="Shared"))
    with qtbot.waitSignal(documents.told, timeout=WAIT):
        documents.copy_link()
    assert QApplication.clipboard().text().startswith(PREFIX)
    session.replace(Experiment())
    documents.paste()
    assert session.experiment.title == "Shared"


def test_a_link_of_tensorflow_playground_opens_and_says_what_is_not_kept(
    qtbot: QtBot, documents: Documents, session: SessionOfNotes
) -> None:
    link = "https://playground.tensorflow.org/#dataset=spiral&networkShape=6&showTestData=true"
    QApplication.clipboard().setText(link)
    with qtbot.waitSignal(documents.noted, timeout=WAIT) as caught:
        documents.paste()
    assert session.experiment.data.generator == "spiral"
    assert [layer.units for layer in session.experiment.model.layers] == [6]
    assert "twice that of TensorFlow Playground" in caught.args[0]
    assert "not kept: showTestData" in caught.args[0]


def test_a_damaged_link_and_plain_words_are_one_sentence(
    qtbot: QtBot, documents: Documents
) -> None:
    QApplication.clipboard().setText(to_link(Experiment())[:-5])
    assert "damaged" in sentence(qtbot, documents, documents.paste)
    QApplication.clipboard().setText("hello")
    assert "holds no table and no link" in sentence(qtbot, documents, documents.paste)


def test_what_no_link_can_hold_is_one_sentence(
    qtbot: QtBot, documents: Documents, table: Path
) -> None:
    documents.open(table)
    assert "together with the file" in sentence(qtbot, documents, documents.copy_link)


@pytest.mark.parametrize("form", TABLES)
def test_points_are_exported_in_every_form(
    qtbot: QtBot, documents: Documents, session: SessionOfNotes, tmp_path: Path, form: str
) -> None:
    place = tmp_path / "points.csv"
    with qtbot.waitSignal(documents.told, timeout=WAIT) as caught:
        documents.write_points(place, form)
    assert caught.args == ["500 points are written to points.csv."]
    text = read_table_text(place)
    assert text.names == ("x1", "x2", "class", "held out", "playground")
    points = session.points
    assert text.numbers("x1").astype(np.float32).tobytes() == points.x[:, 0].tobytes()
    assert set(text.column("class")) == {"Blue", "Orange"}


def test_an_export_has_names_and_units_of_the_data(
    qtbot: QtBot, documents: Documents, session: SessionOfNotes, tmp_path: Path
) -> None:
    axes = (Axis("height", 170.0, 2.0), Axis("weight", 60.0, 4.0))
    points = Points.of([[-5, 0], [5, 2.5]], [0, 1])
    data = PointsData.of(points, axes=axes, class_names=("short", "tall"))
    session.replace(Experiment(data=data))
    place = tmp_path / "points.csv"
    with qtbot.waitSignal(documents.told, timeout=WAIT):
        documents.write_points(place, "")
    rows = [line.split(",")[:3] for line in place.read_text().splitlines()]
    assert rows == [
        ["height", "weight", "class"],
        ["160.0", "60.0", "short"],
        ["180.0", "70.0", "tall"],
    ]


def test_an_export_that_cannot_be_written_is_one_sentence(
    qtbot: QtBot, documents: Documents, tmp_path: Path
) -> None:
    gone = tmp_path / "gone" / "points.csv"
    said = sentence(qtbot, documents, lambda: documents.write_points(gone, ""))
    assert "cannot be written" in said
