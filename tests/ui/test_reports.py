"""An error that should not have happened is told once, from any thread, and stops nothing."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, QThread, QTimer, Slot
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from playground.ui import language, reports
from playground.ui.app import make_application
from playground.ui.reports import Reporter
from tests.ui.going import goes

WAIT = 20_000


@pytest.fixture
def reporter(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reporter]:
    make_application()
    for module, hook in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, hook, getattr(module, hook))
    monkeypatch.setattr(reports, "_reporter", None)
    made = reports.install()
    yield made
    QApplication.processEvents()
    made._waiting.clear()
    if made.box is not None:
        with goes(qtbot, made.box):
            made.box.close()


def boxes() -> list[QMessageBox]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox)]


def log() -> str:
    place = reports.log_file()
    return place.read_text(encoding="utf-8") if place.exists() else ""


def button(box: QMessageBox, text: str) -> QPushButton:
    (found,) = [b for b in box.findChildren(QPushButton) if b.text() == text]
    return found


def shown(qtbot: QtBot, reporter: Reporter) -> QMessageBox:
    qtbot.waitUntil(lambda: reporter.box is not None and reporter.box.isVisible(), timeout=WAIT)
    assert reporter.box is not None
    return reporter.box


class Faulty(QObject):
    """Slots that raise."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.timer = QTimer(self, interval=1)
        self.timer.timeout.connect(self.raise_again)

    @Slot()
    def raise_again(self) -> None:
        self.count += 1
        raise ValueError(f"number {self.count}")

    @Slot()
    def raise_otherwise(self) -> None:
        raise KeyError("another place")


def test_a_slot_that_raises_again_and_again_is_reported_once(
    qtbot: QtBot, reporter: Reporter, capfd: pytest.CaptureFixture[str]
) -> None:
    faulty = Faulty()
    faulty.timer.start()
    qtbot.waitUntil(lambda: faulty.count > 45, timeout=WAIT)
    faulty.timer.stop()
    (box,) = boxes()
    assert "ValueError: number 1" in box.text()
    assert str(reports.log_file()) in box.informativeText()
    assert log().count("Traceback") == 1
    assert "raise_again" in log()
    assert capfd.readouterr().err.count("Traceback") == 1


def test_another_error_is_counted_in_the_box_and_shown_after_it(
    qtbot: QtBot, reporter: Reporter
) -> None:
    faulty = Faulty()
    QTimer.singleShot(0, faulty.raise_again)
    first = shown(qtbot, reporter)
    QTimer.singleShot(0, faulty.raise_otherwise)
    qtbot.waitUntil(lambda: "Further errors since then: 1" in first.informativeText(), timeout=WAIT)
    assert boxes() == [first]
    with goes(qtbot, first):
        qtbot.mouseClick(button(first, "Close"), Qt.MouseButton.LeftButton)
    second = shown(qtbot, reporter)
    assert "another place" in second.text()
    assert "Further errors" not in second.informativeText()
    assert log().count("Traceback") == 2


def test_the_box_stops_nothing(qtbot: QtBot, reporter: Reporter) -> None:
    window, faulty = QWidget(), Faulty()
    qtbot.addWidget(window)
    below = QPushButton("Below", window)
    window.show()
    QTimer.singleShot(0, faulty.raise_again)
    box = shown(qtbot, reporter)
    assert not box.isModal()
    assert QApplication.activeModalWidget() is None
    with qtbot.waitSignal(below.clicked, timeout=WAIT):
        qtbot.mouseClick(below, Qt.MouseButton.LeftButton)


def test_the_box_can_be_answered_over_a_dialog_that_has_the_floor(
    qtbot: QtBot, reporter: Reporter
) -> None:
    dialog = QDialog()
    dialog.open()
    faulty = Faulty()
    QTimer.singleShot(0, faulty.raise_again)
    box = shown(qtbot, reporter)
    assert box.parent() is dialog
    QTimer.singleShot(0, faulty.raise_otherwise)
    qtbot.waitUntil(lambda: "since then: 1" in box.informativeText(), timeout=WAIT)
    with goes(qtbot, box):
        dialog.deleteLater()  # and the box goes with it
    assert "another place" in shown(qtbot, reporter).text()


def test_details_are_copied_and_the_box_stays(qtbot: QtBot, reporter: Reporter) -> None:
    faulty = Faulty()
    QTimer.singleShot(0, faulty.raise_otherwise)
    box = shown(qtbot, reporter)
    QApplication.clipboard().setText("something else")
    qtbot.mouseClick(button(box, "Copy details"), Qt.MouseButton.LeftButton)
    text = QApplication.clipboard().text()
    assert "raise_otherwise" in text
    assert text.strip().endswith("KeyError: 'another place'")
    assert box.isVisible()
    with goes(qtbot, box):
        qtbot.keyClick(box, Qt.Key.Key_Escape)


def test_the_box_speaks_japanese(qtbot: QtBot, reporter: Reporter) -> None:
    language.use("ja")
    try:
        faulty = Faulty()
        QTimer.singleShot(0, faulty.raise_otherwise)
        box = shown(qtbot, reporter)
        words = box.text() + box.informativeText()
        words += "".join(b.text() for b in box.findChildren(QPushButton))
    finally:
        language.use("en")
    words = words.replace("KeyError: 'another place'", "").replace(str(reports.log_file()), "")
    assert not any(sign.isascii() and sign.isalpha() for sign in words), words


def raise_in_a_python_thread() -> None:
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()


def raise_where_an_object_goes() -> None:
    class Going:
        def __del__(self) -> None:
            raise ZeroDivisionError("division by zero")

    Going()
    gc.collect()


def raise_in_a_slot_on_a_thread() -> None:
    class Working(QObject):
        @Slot()
        def work(self) -> None:
            QThread.currentThread().quit()
            raise ZeroDivisionError("division by zero")

    thread, working = QThread(), Working()
    working.moveToThread(thread)
    thread.started.connect(working.work)
    thread.start()
    assert thread.wait(20_000)


@pytest.mark.parametrize(
    "fault", [raise_in_a_python_thread, raise_where_an_object_goes, raise_in_a_slot_on_a_thread]
)
def test_it_comes_from_anywhere(qtbot: QtBot, reporter: Reporter, fault: object) -> None:
    fault()  # type: ignore[operator]
    box = shown(qtbot, reporter)
    assert box.thread() is QApplication.instance().thread()  # type: ignore[union-attr]
    assert "ZeroDivisionError: division by zero" in box.text()
    assert log().count("Traceback") == 1


def test_the_log_is_bounded(
    reporter: Reporter, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Errors from more places than anybody has, each with a very long sentence."""
    monkeypatch.setattr(reports, "LOG_BYTES", 64 * 1024)
    monkeypatch.setattr(reports, "MOST_PLACES", 40)
    for number in range(50):
        try:
            exec(compile(f"{chr(10) * number}raise ValueError('x' * 40_000)", "<here>", "exec"))
        except ValueError as error:
            reports.report(error)
    assert capsys.readouterr().err.count("Traceback") == 40
    kept = list(reports.log_file().parent.iterdir())
    assert len(kept) == 2
    for place in kept:
        assert place.stat().st_size <= reports.LOG_BYTES + reports.REPORT_CHARACTERS


def test_a_log_that_cannot_be_written_is_no_second_error(
    qtbot: QtBot, reporter: Reporter, capsys: pytest.CaptureFixture[str]
) -> None:
    reports.log_file().parent.parent.mkdir(parents=True, exist_ok=True)
    reports.log_file().parent.write_text("a file where the folder should be", encoding="utf-8")
    faulty = Faulty()
    faulty.timer.start()
    box = shown(qtbot, reporter)
    qtbot.waitUntil(lambda: faulty.count > 20, timeout=WAIT)
    faulty.timer.stop()
    assert boxes() == [box]
    assert capsys.readouterr().err.count("The log could not be written") == 1


def test_an_error_in_a_report_does_not_go_round(
    qtbot: QtBot,
    reporter: Reporter,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tries = []

    def broken(*_: object) -> None:
        tries.append(1)
        raise RuntimeError("there is no box")

    with monkeypatch.context() as within:
        within.setattr(reports, "_box", broken)
        faulty = Faulty()
        faulty.timer.start()
        qtbot.waitUntil(lambda: faulty.count > 20, timeout=WAIT)
        faulty.timer.stop()
    assert len(tries) == 1
    assert "there is no box" in capsys.readouterr().err
    QTimer.singleShot(0, faulty.raise_otherwise)
    assert "another place" in shown(qtbot, reporter).text()
