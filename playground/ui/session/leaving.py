"""The question before work is lost: save it, discard it, or go back to it.

Asks, and remembers whether to ask; whoever owns the files does the saving. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.session.session import Session
from playground.ui.session.unsaved import SECONDS_WORTH_ASKING

_KEY = "ask_about_training"


class Answer(Enum):
    """What a person wants to become of unsaved work."""

    SAVE = auto()
    DISCARD = auto()
    CANCEL = auto()


def asks_about_training() -> bool:
    """False where a person has had enough of being asked about training."""
    return QSettings().value(_KEY, True, bool) is not False


def set_asks_about_training(on: bool) -> None:
    QSettings().setValue(_KEY, on)


def ask_about(window: QWidget, name: str, *, is_changed: bool, lost_training: str) -> Answer:
    """Ask what to do with the document `name`.

    lost_training  a sentence in the person's language about training that would be lost, or ""
    """
    sentences = [tr("“{name}” has changes that are not saved.", name=name)] * is_changed
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)  # a name may hold what looks like markup
    box.setWindowTitle(tr("Unsaved changes" if is_changed else "Unsaved training"))
    box.setText("\n".join([*sentences, *filter(None, [lost_training])]))
    save = box.addButton(tr("&Save"), QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton(tr("&Discard"), QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(tr("&Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save)
    box.setEscapeButton(cancel)
    no_more = QCheckBox(tr("Do not ask about &training again"))
    outlined = no_more.palette()
    # The style draws the edge of the box in a darker shade of this, black on black in dark.
    outlined.setColor(QPalette.ColorRole.Window, theme.current().muted)
    no_more.setPalette(outlined)
    if lost_training:
        box.setCheckBox(no_more)
    box.exec()
    answers = {save: Answer.SAVE, discard: Answer.DISCARD}
    answer = answers.get(box.clickedButton(), Answer.CANCEL)  # type: ignore[call-overload]
    if answer is not Answer.CANCEL and no_more.isChecked():
        set_asks_about_training(False)
    return answer


class Leaving:
    """Stands before everything that takes the place of a document or of its network.

    save_all  writes the document if its first argument says so, and the network if its second does;
              False where something is not written
    """

    def __init__(
        self, session: Session, window: QWidget, save_all: Callable[[bool, bool], bool]
    ) -> None:
        self._session, self._window, self._save_all = session, window, save_all
        self.is_asking = False

    def may_lose(self, *, is_changed: bool) -> bool:
        """True where nothing would be lost, or the person does not mind.

        is_changed  the document itself has changes that would be lost
        """
        training = self.lost_training()
        if not (is_changed or training):
            return True
        if self.is_asking:
            return False  # one question at a time
        self.is_asking = True
        try:
            answer = ask_about(
                self._window, self._session.name, is_changed=is_changed, lost_training=training
            )
            is_saved = answer is Answer.SAVE and self._save_all(is_changed, bool(training))
            return is_saved or answer is Answer.DISCARD
        finally:
            self.is_asking = False

    def lost_training(self) -> str:
        """What training would be lost, and what Save does about it, in the person's language; ""
        where that is not worth a question.
        """
        unsaved = self._session.unsaved
        if not (asks_about_training() and unsaved.is_worth_asking()):
            return ""
        if unsaved.seconds > SECONDS_WORTH_ASKING:
            seconds = round(unsaved.seconds)
            lost = tr("Its network has trained for {count} s since it was saved.", count=seconds)
        else:
            lost = tr("Its network has weights that are not saved.")
        return f"{lost}\n{tr('Save also writes the trained network, beside the project.')}"
