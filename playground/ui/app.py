"""The application: QApplication, exception hook, theme, and the window.

The window is painted before torch, numba or scikit-learn are imported: the training thread imports
them while the person already looks at it. (On Windows the command line imports torch first, because
its libraries do not load after Qt's.)
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QObject, QSettings, QTimer, Slot
from PySide6.QtWidgets import QApplication, QMessageBox

from playground import __version__
from playground.core.lessons import files as lesson_files
from playground.ui import icons, language, theme
from playground.ui.hand_over import hand_over
from playground.ui.main_window import MainWindow
from playground.ui.session import Session

__all__ = ["make_application", "make_window", "run"]


def make_application(arguments: list[str] | None = None) -> QApplication:
    """The QApplication with the project's name and look."""
    QCoreApplication.setOrganizationName("playground")
    QCoreApplication.setApplicationName("Playground")
    QCoreApplication.setApplicationVersion(__version__)
    app = QApplication.instance() or QApplication(arguments or sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setDesktopFileName("playground")
    # Before any widget is made: what has never been shown is not told of a change of style.
    appearance = QSettings().value("appearance", theme.Mode.SYSTEM)
    theme.install(app).set_mode(theme.Mode(str(appearance)))
    chosen = QSettings().value("language", language.Language.SYSTEM)
    language.use(language.Language(str(chosen)))
    app.setWindowIcon(icons.application_icon())
    return app


def make_window() -> MainWindow:
    """The window with its session, not yet started."""
    return MainWindow(Session())


def run(target: str | None = None) -> int:
    """Open the window, on a file if one is named, until it is closed; returns the exit code."""
    app = make_application()
    sys.excepthook = _report
    place = _Place(make_window())
    place.window.show()
    # After the first paint: what starting costs must not hold back the picture.
    QTimer.singleShot(0, lambda: _begin(place.window, target))
    # Python only sees Ctrl+C between two of its own instructions; the timer gives it some.
    signal.signal(signal.SIGINT, lambda *_: place.window.close())
    heartbeat = QTimer()
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start(200)
    code = app.exec()
    if not place.window.has_ended:
        # Qt aborts the process where a thread outlives its object; nothing is left to be lost.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


class _Place(QObject):
    """Where the window is; another language puts a new one there, on the same session."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._put(window)

    def _put(self, window: MainWindow) -> None:
        self.window = window
        window.languageChosen.connect(self._on_language_chosen)

    @Slot(object)
    def _on_language_chosen(self, chosen: language.Language) -> None:
        language.use(chosen)
        before = self.window
        after = MainWindow(before.session)
        hand_over(before, after)
        after.show()
        after.companions.take_over(before.companions)
        before.retire()
        self._put(after)


def _begin(window: MainWindow, target: str | None) -> None:
    if target is None or not _open(window, target):
        window.session.start()


def _open(window: MainWindow, target: str) -> bool:
    """Show a file or a lesson; False where nothing is shown, and the window has said why."""
    if not Path(target).exists() and lesson_files.is_lesson_name(target):
        window.guide.start(lesson_files.find(target))
        return True
    return window.documents.open(Path(target))


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A bug: say so, keep the window open, and put the traceback where a report can quote it."""
    text = "".join(traceback.format_exception(kind, error, trace))
    print(text, file=sys.stderr)
    if QApplication.instance() is None or issubclass(kind, KeyboardInterrupt):
        return
    box = QMessageBox(
        QMessageBox.Icon.Warning,
        "Playground",
        f"Something went wrong that should not have: {error}\n\nYour work is still there; save it.",
    )
    box.setDetailedText(text)
    box.exec()
