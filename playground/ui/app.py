"""The application: QApplication, error reports, theme, and the window.

The window is painted before scikit-learn or torch are imported: the training thread imports what it
needs of them while the person already looks at it. (On Windows the command line imports torch
first, because its libraries do not load after Qt's.)
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QSettings, QTimer, Slot
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication

from playground import __version__
from playground.core.data.dataset import Dataset
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.sharing import is_link
from playground.core.lessons import lesson_files as lesson_files
from playground.engines.loop.preload import collect_everything
from playground.ui import language, reports
from playground.ui.garbage import Collector
from playground.ui.look import icons, theme
from playground.ui.session import threads
from playground.ui.session.document import Document
from playground.ui.session.recovery import Recovery
from playground.ui.session.session import Session
from playground.ui.widgets.roles import install_roles
from playground.ui.window.main_window import MainWindow


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
    language.use(str(QSettings().value("language", language.SYSTEM)))
    app.setWindowIcon(icons.application_icon())
    install_roles()
    if app.findChild(Collector) is None:
        Collector(app)
    return app


def make_window() -> MainWindow:
    """The window with its session, not yet started."""
    return MainWindow(Session())


Tell = Callable[[Dataset, Experiment], None]
"""Says what was read of a file, and of what experiment it is part."""


def keep(window: MainWindow, *where: Any) -> Recovery:
    """Keep what a window holds from now on; `where` as in Recovery: a folder, and how soon."""
    return Recovery(window.session, window.guide, window.documents, window.notices, *where)


def make_place() -> _Place:
    """A window that is kept, and where its like in another language takes its place."""
    window = make_window()
    return _Place(window, keep(window))


def run(target: str | None = None, tell: Tell | None = None) -> int:
    """Open the window, on a file if one is named, until it is closed; returns the exit code.

    tell  is given what was read of that file, once
    """
    app = make_application()
    reports.install()
    place = make_place()
    if target is not None and tell is not None:
        Teller(place.window.session, Path(target), tell)
    app.commitDataRequest.connect(place.on_session_ends)
    place.window.show()
    # After the first paint: what starting costs must not hold back the picture.
    QTimer.singleShot(0, lambda: place.begin(target))
    # Python only sees Ctrl+C between two of its own instructions; the timer gives it some.
    signal.signal(signal.SIGINT, lambda *_: place.window.close())
    heartbeat = QTimer()
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start(200)
    code = app.exec()
    place.end()
    return threads.leave(code)


class Teller(QObject):
    """Tells what was read of a file, once it is there; of nothing else that is opened."""

    def __init__(self, session: Session, file: Path, tell: Tell) -> None:
        super().__init__(session)
        self._session, self._tell = session, tell
        self._file = os.path.realpath(file)
        session.changed.connect(self._on_changed)

    @Slot(object, object)
    def _on_changed(self, before: Document, after: Document) -> None:
        if after.dataset is None or after.dataset.description is None:
            return
        paths = (getattr(after.dataset.data, "path", None), self._session.path)
        if self._file in (os.path.realpath(path) for path in paths if path is not None):
            self._session.changed.disconnect(self._on_changed)
            self._tell(after.dataset, after.experiment)


class _Place(QObject):
    """Where the window is; another language puts a new one there, on the same session."""

    def __init__(self, window: MainWindow, recovery: Recovery) -> None:
        super().__init__()
        self._recovery = recovery
        self._put(window)

    def begin(self, target: str | None) -> None:
        """Show what was asked for, and offer what was left behind."""
        _begin(self.window, target)
        self._recovery.offer()

    def end(self) -> None:
        """Leave nothing behind, where the person has closed the window."""
        if self.window.is_closed:
            self._recovery.end()

    @Slot(object)
    def on_session_ends(self, manager: QSessionManager) -> None:
        """The computer is about to be shut down: work is kept first, and then asked about."""
        self._recovery.keep_now()
        if not manager.allowsInteraction():
            return
        if self.window.documents.may_leave():
            self._recovery.forget()
            manager.release()
        else:
            manager.cancel()

    def _put(self, window: MainWindow) -> None:
        self.window = window
        window.languageChosen.connect(self._on_language_chosen)

    @Slot(str)
    def _on_language_chosen(self, chosen: str) -> None:
        language.use(chosen)
        before = self.window
        after = MainWindow(before.session)
        after.take_over(before)
        after.show()
        before.destroyed.connect(self._on_window_gone)
        after.windows.take_over(before.windows)
        self._recovery.follow(after.guide, after.documents, after.notices)
        before.retire()
        self._put(after)

    @Slot()
    def _on_window_gone(self) -> None:
        QTimer.singleShot(0, collect_everything)  # once nothing is under way that knows it


def _begin(window: MainWindow, target: str | None) -> None:
    if target is None or not _open(window, target):
        window.session.start()


def _open(window: MainWindow, target: str) -> bool:
    """Show a file, a link or a lesson; False where nothing is, and the window has said why."""
    if not os.path.exists(target) and lesson_files.is_lesson_name(target):
        window.guide.start(lesson_files.find(target))
        return True
    if is_link(target):
        return window.documents.open_link(target)
    return window.documents.open(Path(target))
