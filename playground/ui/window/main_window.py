"""The main window: makes its parts and what connects them, and answers to Qt.

`arrangement` places the parts, `command_table` says what a person can ask for, `command_wiring` and
`view_updater` connect the parts with the session. GUI thread.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow, QMessageBox

from playground.core.experiment.sharing import is_link
from playground.ui.commands.command_palette import CommandPalette
from playground.ui.commands.command_table import menus_of
from playground.ui.commands.context import Context
from playground.ui.commands.key_list import KeyList
from playground.ui.commands.setting_finder import settings_in
from playground.ui.language import SYSTEM, tr
from playground.ui.lessons.lesson_facts import LessonFacts
from playground.ui.lessons.lesson_guide import LessonGuide
from playground.ui.session.documents import Documents
from playground.ui.session.session import Session
from playground.ui.widgets import LinkButton
from playground.ui.widgets.question import Asking
from playground.ui.window import first_size
from playground.ui.window.arrangement import FIRST_SIZE, Arrangement
from playground.ui.window.canvas_wiring import Drawing
from playground.ui.window.command_wiring import CommandWiring
from playground.ui.window.hand_over import hand_over
from playground.ui.window.hideable import hideable_controls
from playground.ui.window.hiding import Hiding
from playground.ui.window.menus import FoldingMenuBar, Menus
from playground.ui.window.notices import Notices
from playground.ui.window.parts import Parts
from playground.ui.window.secondary_windows import SecondaryWindows
from playground.ui.window.view_requests import ViewRequests
from playground.ui.window.view_updater import ViewUpdater
from playground.versions import versions


class MainWindow(QMainWindow):
    """One window on one session."""

    languageChosen = Signal(str)  # code of the language that the next window shall speak

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        session.setParent(self)
        first_size.begin(self, QSize(*FIRST_SIZE))
        self._first_size: QSize | None = self.size()
        self.setAcceptDrops(True)
        self.parts = parts = Parts()
        self.arrangement = Arrangement(parts, self)
        self.arrangement.resize(self.size())  # for what has to fit before it is shown
        self.setCentralWidget(self.arrangement)
        self.notices = notices = Notices(self.arrangement, parts.network, parts.curves)
        self.documents = documents = Documents(session, self)
        self.hiding = Hiding(hideable_controls(parts), self)
        self.windows = SecondaryWindows(
            self, session, parts.output.canvas, self.hiding, parts.lesson
        )
        facts = LessonFacts(parts, session, documents.networks, self.windows)
        self.guide = LessonGuide(parts.lesson, session, facts, documents, self.windows, notices)
        self.drawing = Drawing(parts.draw, parts.output.canvas, session)
        self.menus = menus_of(
            Context(parts, session, documents, self.windows, self.guide, self.drawing, self)
        )
        self._menu_bar = FoldingMenuBar()
        self.setMenuBar(self._menu_bar)
        Menus(self._menu_bar, self.menus, lambda: session.locked)
        self._something_is_hidden = self._make_link()
        CommandWiring(parts, session, documents, self.windows, notices)
        requests = ViewRequests(parts, session.run)
        self._updater = ViewUpdater(parts, session, self.drawing, requests, notices)
        self._connect()
        self._updater.catch_up()
        self.show_file(session.name, session.is_modified)
        parts.output.canvas.setFocus()

    def _connect(self) -> None:
        documents, notices = self.documents, self.notices
        documents.pointsPasted.connect(self.drawing.paste)
        documents.opened.connect(notices.hide)
        documents.told.connect(notices.inform)
        documents.failed.connect(notices.warn)
        documents.noted.connect(notices.warn)
        self.session.fileChanged.connect(self.show_file)
        self.guide.shown.connect(self._on_lesson_shown)
        self.parts.lesson.placeRequested.connect(self.show_setting)
        self._updater.hiddenChanged.connect(self.show_hidden)

    def _make_link(self) -> LinkButton:
        """In the corner of the menu bar: something is hidden here."""
        link = LinkButton("Show hidden controls", "Some areas or controls are hidden here.", "eye")
        link.clicked.connect(self.windows.open_hiding)
        link.hide()
        self.menuBar().setCornerWidget(link)
        return link

    # What is shown of it.

    @Slot(str, bool)
    def show_file(self, name: str, is_modified: bool) -> None:
        """Name the document in the title bar."""
        self.setWindowTitle(tr("{name}[*] — Playground", name=name))
        self.setWindowModified(is_modified)

    @Slot(object)
    def show_hidden(self, keys: tuple[str, ...]) -> None:
        """Hide exactly these areas and controls, and say that something is hidden."""
        self.hiding.hide(keys)
        hidden = self.hiding.hidden(keys)
        # What a lesson hides is no choice of whoever works through it.
        self._something_is_hidden.setVisible(bool(hidden) and self.parts.lesson.isHidden())
        if hidden:
            self._something_is_hidden.set_label(tr("Hidden: {count}", count=len(hidden)))
            self.menuBar().adjustSize()
        if self.windows.hiding is not None:
            self.windows.hiding.show_hidden(keys)
        self.arrangement.fit()

    @Slot(bool)
    def _on_lesson_shown(self, shown: bool) -> None:
        self.arrangement.show_lesson(shown)
        self.hiding.lock(self.session.locked)
        self.show_hidden(self.session.experiment.view.hidden)

    # The shell of the commands.

    @Slot()
    def toggle_presenter(self) -> None:
        """For the projector: only what a class looks at, in large text; or back."""
        self._present(not self.arrangement.is_presenting)

    def _present(self, on: bool) -> None:
        self._menu_bar.fold(on)
        self.arrangement.present(on)
        self.notices.present(on)

    @Slot()
    def toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def language(self) -> str:
        """What the person has chosen."""
        return str(QSettings().value("language", SYSTEM))

    def set_language(self, chosen: str) -> None:
        """Speak another language, in a new window on the same session."""
        QSettings().setValue("language", str(chosen))
        self.languageChosen.emit(chosen)

    @Slot()
    def show_palette(self) -> None:
        """Find a command or a setting by its name."""
        settings = settings_in(self.parts, self.session.experiment.view.hidden)
        locked = self.session.locked
        CommandPalette(self.menus, settings, locked, self).open_over(self)

    @Slot(str)
    def show_setting(self, path: str) -> None:
        """Bring the keyboard to the control of a setting, wherever it is folded away; where it
        belongs to another choice, such as another optimizer, to that choice.
        """
        found = settings_in(self.parts, self.session.experiment.view.hidden)
        ways = {setting.path: setting.go for setting in found if not setting.value}
        choice = f"{path.rpartition('.')[0]}.kind"
        ways.get(path, ways.get(choice, lambda: None))()

    @Slot()
    def ask_what_anything_is(self) -> None:
        Asking(self)

    @Slot()
    def show_keys(self) -> None:
        KeyList(self.menus, self).show()

    @Slot()
    def show_about(self) -> None:
        QMessageBox.about(
            self,
            tr("About Playground"),
            tr(
                "Draw points, build a network, watch PyTorch train it.\n\n{versions}",
                versions="\n".join(versions()),
            ),
        )

    # From one window to the next.

    def take_over(self, other: MainWindow) -> None:
        """Look as another window on the same session does; its secondary windows follow later."""
        self.restoreGeometry(other.saveGeometry())
        hand_over(other.parts, self.parts)
        self.drawing.take_over(other.parts.draw)
        self.guide.take_over(other.guide)
        if other.arrangement.is_presenting:
            self._present(True)

    def retire(self) -> None:
        """Give way to another window on the same session."""
        self.windows.close()
        self.documents.stop()
        self.hide()
        self.deleteLater()

    # Events.

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._first_size is not None:
            QTimer.singleShot(first_size.FRAME_MILLISECONDS, self, self._settle_size)

    @Slot()
    def _settle_size(self) -> None:
        """Make room for the frame, unless somebody has sized the window by now."""
        wanted, self._first_size = self._first_size, None
        if wanted == self.size():
            first_size.settle(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.notices.place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, where nothing else wants it, puts the notice away."""
        if event.key() == Qt.Key.Key_Escape:
            self.notices.hide()
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or is_link(event.mimeData().text()):
            _take_a_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        _take_a_copy(event)
        if is_link(event.mimeData().text()):
            self.documents.open_link(event.mimeData().text())
            return
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        self.documents.bring([Path(url.toLocalFile()) for url in urls])

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.documents.may_leave():
            event.ignore()
            return
        self.windows.close()
        self.documents.stop()
        self.session.close()
        self.is_closed = True
        event.accept()

    is_closed = False
    """True once the person has closed the window, with nothing left that has to be kept."""


def _take_a_copy(event: QDropEvent) -> None:
    """Accept what is carried, unless it can only be moved: who moves it removes it at its place."""
    for action in (Qt.DropAction.CopyAction, Qt.DropAction.LinkAction):
        if action in event.possibleActions():
            event.setDropAction(action)
            event.accept()
            return
    event.ignore()
