"""QuestionMark: the small button that says what an area is.

Imports PySide6 and the language; the popover comes with the first click. GUI thread only.
"""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from playground.ui.language import tr
from playground.ui.widgets.buttons import ToolButton


class QuestionMark(ToolButton):
    """Opens the explanation of an area.

    Args:
        topic: the area, as the explanations call it: "network".
        name: the area, as the window calls it, in English: "Network".
    """

    def __init__(self, topic: str, name: str, parent: QWidget | None = None) -> None:
        self.topic, self._area = topic, name
        title = tr("What is this? {name}", name=tr(name))
        super().__init__(
            icon="question",
            name=title,
            help_text="What this area is, and what to look at, in a few sentences.",
            framed=False,
            size=18,
            parent=parent,
        )
        self.setObjectName("question")
        self.clicked.connect(self.open)

    @Slot()
    def open(self) -> None:
        """Show the popover under the mark."""
        from playground.ui.explain.popover import Popover  # it is made of this package's widgets

        Popover(self.topic, self._area, self.window()).open_beside(self)
