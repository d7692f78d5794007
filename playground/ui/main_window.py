"""The main window: its parts, what it says, and what the menus ask of it.

`arrangement` places the parts, `requests` and `facts` connect them with the session. GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QMainWindow, QMessageBox

from playground import __version__
from playground.ui import theme
from playground.ui.arrangement import Arrangement, Parts
from playground.ui.companions import Companions
from playground.ui.concealables import concealables
from playground.ui.documents import Documents
from playground.ui.facts import Facts
from playground.ui.hiding import Hiding
from playground.ui.language import SYSTEM, tr
from playground.ui.lesson_guide import LessonGuide
from playground.ui.menus import KEYS, Menus
from playground.ui.panels.data import DataPanel
from playground.ui.panels.draw import DrawPanel
from playground.ui.panels.features import FeaturesPanel
from playground.ui.panels.lesson import LessonPanel
from playground.ui.panels.training import TrainingPanel
from playground.ui.panels.transport import TransportBar
from playground.ui.requests import Requests
from playground.ui.session import Session
from playground.ui.views.curves.card import CurvesCard
from playground.ui.views.curves.fit import PredictedAgainstTarget
from playground.ui.views.images.view import ImagesView
from playground.ui.views.network_card import NetworkCard
from playground.ui.views.output import OutputCard
from playground.ui.wanted_views import WantedViews
from playground.ui.widgets import LinkButton, Notice, Switch

__all__ = ["FIRST", "MainWindow"]

SMALLEST = (1100, 700)
FIRST = (1440, 900)
INFO_MILLISECONDS = 6_000

INSTANT_HELP = (
    "Train from the same start with every change, and show the trained result at once:"
    " drag a point and the boundary follows."
)


class MainWindow(QMainWindow):
    """One window on one session."""

    languageChosen = Signal(str)  # code of the language that the next window shall speak

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        session.setParent(self)
        room = self.screen().availableSize()
        self.setMinimumSize(QSize(*SMALLEST).boundedTo(room))
        self.resize(QSize(*FIRST).boundedTo(room))
        self.setAcceptDrops(True)
        self._make_parts()
        self.notice = Notice(self.arrangement)
        self._notice_timer = QTimer(self, singleShot=True)
        self._notice_timer.timeout.connect(self.notice.hide)
        self.documents = Documents(session, self)
        self.hiding = Hiding(concealables(self), self)
        self.companions = Companions(self)
        self.wanted = WantedViews(self)
        self.guide = LessonGuide(self)
        self.menus = Menus(self)
        self._something_is_hidden = self._make_link()
        self.requests, self.facts = Requests(self), Facts(self)
        self.facts.catch_up()
        self.output.canvas.setFocus()

    def _make_parts(self) -> None:
        self.data, self.draw, self.features = DataPanel(), DrawPanel(), FeaturesPanel()
        self.training, self.transport = TrainingPanel(), TransportBar()
        self.network_card, self.output, self.curves = NetworkCard(), OutputCard(), CurvesCard()
        self.network = self.network_card.network
        self.images, self.fitted = ImagesView(), PredictedAgainstTarget()
        self.lesson = LessonPanel()
        self.instant = Switch("Instant", INSTANT_HELP)
        self.transport.add_switch(self.instant)
        self.arrangement = Arrangement(
            Parts(
                transport=self.transport,
                lesson=self.lesson,
                data=self.data,
                draw=self.draw,
                features=self.features,
                network=self.network_card,
                training=self.training,
                output=self.output,
                curves=self.curves,
            )
        )
        self.setCentralWidget(self.arrangement)

    def _make_link(self) -> LinkButton:
        """In the corner of the menu bar: something is hidden here."""
        link = LinkButton("Show hidden controls", "Some areas or controls are hidden here.", "eye")
        link.clicked.connect(self.companions.open_hiding)
        link.hide()
        self.menuBar().setCornerWidget(link)
        return link

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrangement.fit()
        self._place_notice()

    # What the window says.

    @Slot(str, str)
    def notify(self, sentence: str, level: str = "info") -> None:
        """Say something in the window, without a dialog; what asks for nothing goes by itself."""
        self.notice.show_message(sentence, level)  # type: ignore[arg-type]
        self._place_notice()
        if level == "info":
            self._notice_timer.start(INFO_MILLISECONDS)
        else:
            self._notice_timer.stop()

    @Slot(str)
    def warn(self, sentence: str) -> None:
        self.notify(sentence, "warning")

    @Slot(str)
    def inform(self, sentence: str) -> None:
        self.notify(sentence, "info")

    def _place_notice(self) -> None:
        """The notice floats over the foot of the network's card, so that it moves and hides
        nothing.
        """
        card = self.network_card
        self.notice.setFixedWidth(card.width() - 2 * theme.PANEL_PADDING)
        self.notice.adjustSize()
        corner = card.mapTo(self.arrangement, card.rect().bottomLeft())
        self.notice.move(
            corner.x() + theme.PANEL_PADDING,
            corner.y() - theme.PANEL_PADDING - self.notice.height(),
        )
        self.notice.raise_()

    # What is shown of it.

    def show_hidden(self, keys: Sequence[str]) -> None:
        """Hide exactly these areas and controls, and say that something is hidden."""
        if keys == self._hidden:
            return
        self._hidden = keys
        self.hiding.hide(keys)
        hidden = self.hiding.hidden(keys)
        self._something_is_hidden.setVisible(bool(hidden))
        if hidden:
            self._something_is_hidden.set_label(tr("Hidden: {count}", count=len(hidden)))
            self.menuBar().adjustSize()
        if self.companions.hiding is not None:
            self.companions.hiding.show_hidden(keys)
        self.arrangement.fit()

    _hidden: Sequence[str] = ()

    @Slot()
    def toggle_presenter(self) -> None:
        """For the projector: only what a class looks at, in large text; or back."""
        self.arrangement.present(not self.arrangement.is_presenting)
        QTimer.singleShot(0, self._place_notice)  # once everything else has found its place

    @Slot()
    def show_code(self) -> None:
        """Bring the script to the front."""
        self.curves.bring_forward(self.curves.code)

    @property
    def language(self) -> str:
        """What the person has chosen."""
        return str(QSettings().value("language", SYSTEM))

    def set_language(self, chosen: str) -> None:
        """Speak another language, in a new window on the same session."""
        QSettings().setValue("language", str(chosen))
        self.languageChosen.emit(chosen)

    def retire(self) -> None:
        """Give way to another window on the same session."""
        self.companions.close()
        self.documents.stop()
        self.hide()
        self.deleteLater()

    def set_appearance(self, mode: theme.Mode) -> None:
        theme.manager().set_mode(mode)
        QSettings().setValue("appearance", str(mode))

    @Slot()
    def toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    # Commands of the menus.

    def choose_tool(self, key: str) -> None:
        """Draw with another tool, as by its button."""
        self.draw.show_tool(key)
        self.output.canvas.use_tool(key)

    def choose_class(self, index: int) -> None:
        """Draw another class, as by its row, or give it to what is selected."""
        if index >= len(self.draw.rows):
            return
        self.draw.show_class(index)
        self.output.canvas.set_hand(label=index)
        if not self.session.experiment.data.is_regression:
            self.output.canvas.recolor_selected(index)

    @Slot()
    def press_space(self) -> None:
        """Space trains and pauses, except on a button that was reached by keyboard, which it
        presses.
        """
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton) and getattr(focused, "has_ring", bool)():
            focused.click()
        else:
            self.session.run.toggle()

    @Slot()
    def show_keys(self) -> None:
        QMessageBox.information(self, tr("Keys"), tr(KEYS))

    @Slot()
    def show_about(self) -> None:
        QMessageBox.about(
            self,
            tr("About Playground"),
            f"Playground {__version__}\n\n"
            + tr("Draw points, build a network, watch PyTorch train it."),
        )

    # Events.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, where nothing else wants it, puts the notice away."""
        if event.key() == Qt.Key.Key_Escape:
            self.notice.hide()
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        self.documents.bring([Path(url.toLocalFile()) for url in urls])

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.documents.may_leave():
            event.ignore()
            return
        self.companions.close()
        self.documents.stop()
        self.session.close()
        self.is_closed = True
        event.accept()

    is_closed = False
    """True once the person has closed the window, with nothing left that has to be kept."""
