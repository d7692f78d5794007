"""QuestionMark: the small button that says what an area is.

Imports PySide6 and the language; the popover comes with the first click. GUI thread only.
"""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWhatsThis, QWidget

from playground.ui.language import tr
from playground.ui.widgets.buttons import ToolButton

_COMING_AND_GOING = (QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.WindowDeactivate)


class QuestionMark(ToolButton):
    """Opens the explanation of an area.

    Eight of them at once would be noise: one shows itself while the pointer or the keyboard is in
    its area, and all do while the window asks what anything is. Its room is always kept.

    Args:
        topic: the area, as the explanations call it: "network".
        name: the area, as the window calls it, in English: "Network".
        area: what the pointer has to be over.
    """

    def __init__(self, topic: str, name: str, area: QWidget) -> None:
        self.topic, self._name, self._area = topic, name, area
        title = tr("What is this? {name}", name=tr(name))
        super().__init__(
            icon="question",
            name=title,
            help_text="What this area is, and what to look at, in a few sentences.",
            framed=False,
            size=18,
            parent=area,
        )
        self.setObjectName("question")
        self.clicked.connect(self.open)
        area.installEventFilter(self)
        application = QApplication.instance()
        assert isinstance(application, QApplication), "widgets need one"
        connection = application.focusChanged.connect(self._on_focus_changed)
        # The connection of a Python class may outlive the widget that Qt has deleted.
        self.destroyed.connect(partial(QObject.disconnect, connection))

    def shows(self) -> bool:
        """True while it is painted."""
        area, focus = self._area, QApplication.focusWidget()
        is_near = area.underMouse() or (focus is not None and area.isAncestorOf(focus))
        return is_near or QWhatsThis.inWhatsThisMode()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _COMING_AND_GOING:
            self.update()
        return False

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.shows():
            super().paintEvent(event)

    @Slot()
    def open(self) -> None:
        """Show the popover under the mark."""
        from playground.ui.explain.popover import Popover  # it is made of this package's widgets

        Popover(self.topic, self._name, self.window()).open_beside(self)


class Asking(QObject):
    """Lets a person click on anything in a window to have it explained.

    All question marks show themselves as long as that lasts.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        QWhatsThis.enterWhatsThisMode()
        window.update()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LeaveWhatsThisMode and isinstance(watched, QWidget):
            watched.removeEventFilter(self)
            watched.update()
            self.deleteLater()
        return False
