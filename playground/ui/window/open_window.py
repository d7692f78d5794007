"""A main window as seen by what drives it from outside: lesson check, demonstration, benchmarks."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPixmap

from playground.ui.lessons.lesson_guide import LessonGuide
from playground.ui.session.documents import Documents
from playground.ui.session.session import Session
from playground.ui.window.parts import Parts
from playground.ui.window.secondary_windows import SecondaryWindows


class OpenWindow(Protocol):
    """A window that is on show, with a session that trains."""

    session: Session
    parts: Parts
    documents: Documents
    windows: SecondaryWindows
    guide: LessonGuide

    def activateWindow(self) -> None: ...
    def isActiveWindow(self) -> bool: ...
    def close(self) -> bool: ...
    def deleteLater(self) -> None: ...
    def grab(self) -> QPixmap: ...
    def mapToGlobal(self, place: QPoint) -> QPoint: ...
