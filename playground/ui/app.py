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

from PySide6.QtCore import QCoreApplication, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from playground import __version__
from playground.ui import icons, theme
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
    app.setWindowIcon(icons.application_icon())
    return app


def make_window() -> MainWindow:
    """The window with its session, not yet started."""
    return MainWindow(Session())


def run(target: str | None = None) -> int:
    """Open the window, on a file if one is named, until it is closed; returns the exit code."""
    app = make_application()
    sys.excepthook = _report
    window = make_window()
    window.show()
    # After the first paint: what starting costs must not hold back the picture.
    QTimer.singleShot(0, lambda: _begin(window, target))
    # Python only sees Ctrl+C between two of its own instructions; the timer gives it some.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    heartbeat = QTimer()
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start(200)
    code = app.exec()
    if not window.has_ended:
        # Qt aborts the process where a thread outlives its object; nothing is left to be lost.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def _begin(window: MainWindow, target: str | None) -> None:
    if target is None or not window.documents.open(Path(target)):
        window.session.start()


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
