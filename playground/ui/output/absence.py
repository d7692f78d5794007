"""What stands in place of the canvas where data lie on no plane, or cannot be read. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt

from playground.ui.language import tr
from playground.ui.widgets import Label


class Absence(Label):
    """A sentence, hidden until it is needed."""

    def __init__(self) -> None:
        super().__init__("", "body", muted=True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.hide()

    def say(self, inputs: int) -> None:
        """The data have that many inputs."""
        self.setText(
            tr(
                "This data has {count} inputs, which lie on no plane.\n"
                "The curves tell how well it is learned.",
                count=inputs,
            )
        )


class Unread(Absence):
    """Says that there are no data to show."""

    def __init__(self) -> None:
        super().__init__()
        self.setText("The data could not be read, so there is nothing to show.")
