"""What the window says in one sentence, without a dialog, over the foot of one of its cards.

GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from playground.ui.look import theme
from playground.ui.widgets import Notice

INFO_MILLISECONDS = 6_000


class Notices(QObject):
    """Shows one sentence at a time; what asks for nothing goes by itself.

    It floats over the foot of `card`, where there is room, so that it moves and hides nothing;
    `for_the_projector` is the card that can spare its foot there. `owner` is the widget that both
    are children of.
    """

    def __init__(self, owner: QWidget, card: QWidget, for_the_projector: QWidget) -> None:
        super().__init__(owner)
        self.notice = Notice(owner)
        self._owner, self._cards = owner, (card, for_the_projector)
        self._is_presenting = False
        self._is_refusal = False
        self._timer = QTimer(self, singleShot=True, interval=INFO_MILLISECONDS)
        self._timer.timeout.connect(self.hide)
        for each in self._cards:
            each.installEventFilter(self)

    @property
    def _card(self) -> QWidget:
        """The card that is lain over now."""
        usual, for_the_projector = self._cards
        return for_the_projector if self._is_presenting and for_the_projector.isVisible() else usual

    def present(self, on: bool) -> None:
        """For the projector, where the network fills its card; or back."""
        self._is_presenting = on
        QTimer.singleShot(0, self.place)  # once everything else has found its place

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The sentence goes with its card, wherever that goes."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.notice.isVisible():
            self.place()
        return False

    @Slot(object, str)
    def notify(self, sentence: str, level: str = "info") -> None:
        """Say a sentence; level is "info", "warning", or "refusal" for an edit that cannot be."""
        self._is_refusal = level == "refusal"
        self.notice.show_message(sentence, "info" if level == "info" else "warning")
        self.place()
        if level == "info":
            self._timer.start()
        else:
            self._timer.stop()

    @Slot(object)
    def warn(self, sentence: str) -> None:
        self.notify(sentence, "warning")

    @Slot(object)
    def refuse(self, sentence: str) -> None:
        """Say why something that was asked for cannot be."""
        self.notify(sentence, "refusal")

    @Slot()
    def settle_refusal(self) -> None:
        """Something else was done since: what was refused before is no longer in question."""
        if self._is_refusal:
            self.notice.hide()

    @Slot(object)
    def inform(self, sentence: str) -> None:
        self.notify(sentence, "info")

    @Slot()
    def hide(self) -> None:
        self.notice.hide()

    @Slot()
    def place(self) -> None:
        """Find the place anew, after the card has got another size."""
        card, margin = self._card, theme.PANEL_PADDING
        self.notice.setFixedWidth(card.width() - 2 * margin)
        self.notice.adjustSize()
        corner = card.mapTo(self._owner, card.rect().bottomLeft())
        self.notice.move(corner.x() + margin, corner.y() - margin - self.notice.height())
        self.notice.raise_()
