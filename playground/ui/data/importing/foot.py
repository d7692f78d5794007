"""The foot of a dialog that imports: what there is to say, and the two buttons. GUI thread."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QWidget

from playground.ui.look import icons, theme
from playground.ui.widgets import Label, PrimaryButton, QuietButton, Restyled, describe
from playground.ui.widgets.layouts import hbox

PROGRESS_STEPS = 1_000


class Foot(Restyled, QWidget):
    """A sentence, with a sign where it warns; cancel, and import where that is possible."""

    def __init__(self, help_text: str) -> None:
        """help_text  what importing does"""
        super().__init__()
        self._help = help_text
        self._icon = QLabel()
        self.message = Label()
        self.message.setWordWrap(True)
        self.message.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.message.setMinimumHeight(2 * self.message.fontMetrics().lineSpacing())
        self.import_button = PrimaryButton("Import", help_text)
        self.import_button.setDefault(True)
        self.cancel_button = QuietButton("Cancel", "Leave everything as it was.")
        hbox(self._icon, (self.message, 1), self.cancel_button, self.import_button, of=self)
        self._dress()

    def say(self, sentence: str, *, can_import: bool, warns: bool = True) -> None:
        """Show a sentence; where it stops the import, the button repeats it."""
        self.message.setText(sentence)
        self._icon.setVisible(warns)
        self.import_button.setEnabled(can_import)
        describe(self.import_button, "Import", self._help if can_import else sentence)

    @property
    def warns(self) -> bool:
        """True where the sign stands beside the sentence."""
        return not self._icon.isHidden()

    def _dress(self) -> None:
        size, color = theme.scaled(18), theme.current().warning
        self._icon.setPixmap(icons.pixmap("warning", color, size, self.devicePixelRatioF()))


def progress_bar(help_text: str) -> QProgressBar:
    """A bar that keeps its place while it is hidden. It shows PROGRESS_STEPS where all is done."""
    bar = QProgressBar()
    bar.setRange(0, PROGRESS_STEPS)
    bar.setTextVisible(False)
    keeping_its_place = bar.sizePolicy()
    keeping_its_place.setRetainSizeWhenHidden(True)
    bar.setSizePolicy(keeping_its_place)
    describe(bar, "Reading", help_text)
    return bar
