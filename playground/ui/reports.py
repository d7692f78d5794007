"""Errors that should not have happened: written to a log, and told once, without stopping anything.

`report` may be called on any thread. Each error is known by where it was raised; however often it
comes back, it is written and told once. One box is shown at a time, and it waits for nobody. Until
`install` was called, errors only go to stderr. Imports PySide6 and the languages of the window.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

import platformdirs
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QMessageBox
from shiboken6 import Shiboken

from playground.ui.language import tr

LOG_BYTES = 256 * 1024
"""Size at which the log is set aside; the one that was set aside before goes."""

REPORT_CHARACTERS = 16_000
SENTENCE_CHARACTERS = 300
MOST_PLACES = 500
"""Places that are told apart; whoever has met so many has been told enough."""

MOST_WAITING = 20


@dataclass(frozen=True, slots=True)
class _Report:
    """An error as a sentence for the box, and with its traceback for the log."""

    sentence: str
    text: str


def log_file() -> Path:
    """Where errors are written."""
    return platformdirs.user_log_path("playground", appauthor=False) / "errors.log"


class Reporter(QObject):
    """Takes errors from any thread; lives on the GUI thread and shows them there."""

    _arrived = Signal(object)  # _Report, from any thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.box: QMessageBox | None = None
        self._lock = threading.Lock()
        self._here = threading.local()
        self._places: set[tuple[object, ...]] = set()
        self._waiting: deque[_Report] = deque(maxlen=MOST_WAITING)
        self._untold = 0
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def take(self, error: BaseException) -> None:
        """Write an error down and tell it, unless it is known. Never raises, on any thread."""
        if getattr(self._here, "is_busy", False):  # an error in a report is not reported in turn
            _say_plainly(_text(error))
            return
        self._here.is_busy = True
        try:
            self._take(error)
        except Exception as worse:
            _say_plainly(worse)
        finally:
            self._here.is_busy = False

    def _take(self, error: BaseException) -> None:
        with self._lock:
            place = _place(error)
            if place in self._places or len(self._places) >= MOST_PLACES:
                return
            self._places.add(place)
        text = _text(error)
        _say_plainly(text)
        _write(text)
        sentence = f"{type(error).__name__}: {error}"[:SENTENCE_CHARACTERS]
        self._arrived.emit(_Report(sentence, text))

    @Slot(object)
    def _on_arrived(self, found: _Report) -> None:
        """Show it, or let it wait until the box before it is closed."""
        if self._is_shown():
            self._untold += len(self._waiting) == MOST_WAITING
            self._waiting.append(found)
            self._count()
        else:
            self._show(found)

    def _is_shown(self) -> bool:
        return self.box is not None and Shiboken.isValid(self.box)

    def _show(self, found: _Report) -> None:
        """A box that stops nothing; a child of what has the floor, so that it can be answered."""
        self._here.is_busy = True  # what goes wrong in here is not reported in its turn
        try:
            parent = QApplication.activeModalWidget() or QApplication.activeWindow()
            self.box = _box(found, parent)
            self.box.destroyed.connect(self._on_box_gone)
            self._count()
            self.box.show()
        except Exception as worse:
            _say_plainly(worse)
        finally:
            self._here.is_busy = False

    def _count(self) -> None:
        assert self.box is not None, "there is a box to count in"
        others = len(self._waiting) + self._untold
        words = [tr("The details are written to {place}.", place=str(log_file()))]
        if others:
            words.append(tr("Further errors since then: {count}", count=others))
        self.box.setInformativeText("\n\n".join(words))

    @Slot()
    def _on_box_gone(self) -> None:
        """The box was closed, or went with its parent: show the next one that waits."""
        self.box, self._untold = None, 0
        QTimer.singleShot(0, self._show_next)  # not a child of what may just be going

    @Slot()
    def _show_next(self) -> None:
        if self._waiting and not self._is_shown():
            self._show(self._waiting.popleft())


_reporter: Reporter | None = None


def install() -> Reporter:
    """Report whatever no code catches, in slots and on threads too, from now on. GUI thread."""
    global _reporter
    if _reporter is None:
        _reporter = Reporter()
    sys.excepthook = _on_uncaught
    threading.excepthook = _on_uncaught_in_thread
    sys.unraisablehook = _on_unraisable
    return _reporter


def report(error: BaseException) -> None:
    """Say that something went wrong that should not have; on any thread. Never raises."""
    if _reporter is not None and Shiboken.isValid(_reporter):
        _reporter.take(error)
    else:
        _say_plainly(_text(error))


def _on_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        report(error.with_traceback(trace))


def _on_uncaught_in_thread(found: Any) -> None:
    if found.exc_value is not None and found.exc_type is not SystemExit:
        report(found.exc_value)


def _on_unraisable(found: Any) -> None:
    if found.exc_value is not None:
        report(found.exc_value)


def _place(error: BaseException) -> tuple[object, ...]:
    """Where an error was raised, which is what it is known by."""
    steps = list(traceback.walk_tb(error.__traceback__))
    if not steps:
        return type(error), str(error)[:SENTENCE_CHARACTERS]
    frame, line = steps[-1]
    return type(error), frame.f_code.co_filename, line


def _text(error: BaseException) -> str:
    """An error with its traceback; the middle of a very long one is left out."""
    text = "".join(traceback.format_exception(error))
    half = REPORT_CHARACTERS // 2
    return text if len(text) <= REPORT_CHARACTERS else f"{text[:half]}\n[...]\n{text[-half:]}"


def _say_plainly(found: object) -> None:
    with suppress(Exception):  # a window that was started without a console has no stderr
        print(found, file=sys.stderr)


def _write(text: str) -> None:
    """Add a report to the log. What cannot be written is said on stderr, and shown all the same."""
    try:
        place = log_file()
        place.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(place, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s on %(threadName)s\n%(message)s"))
        try:
            record = logging.LogRecord("playground", logging.ERROR, "", 0, text, None, None)
            handler.handle(record)
        finally:
            handler.close()
    except Exception as error:
        _say_plainly(f"The log could not be written: {error}")


def _box(found: _Report, parent: Any) -> QMessageBox:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
    box.setWindowModality(Qt.WindowModality.NonModal)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Playground")
    said = tr("Something went wrong that should not have: {error}", error=found.sentence)
    box.setText("\n\n".join([said, tr("Your work is still there; save it.")]))
    box.setTextFormat(Qt.TextFormat.PlainText)
    copying = box.addButton(tr("Copy details"), QMessageBox.ButtonRole.ActionRole)
    copying.setAutoDefault(False)
    copying.clicked.disconnect()  # a box closes with any of its buttons, and this one is not an end
    copying.clicked.connect(_Copying(found.text, box).copy)
    closing = box.addButton(tr("Close"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(closing)
    box.setEscapeButton(closing)
    return box


class _Copying(QObject):
    """Puts a text on the clipboard."""

    def __init__(self, text: str, parent: QObject) -> None:
        super().__init__(parent)
        self._text = text

    @Slot()
    def copy(self) -> None:
        QApplication.clipboard().setText(self._text)
