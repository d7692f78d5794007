"""A window that writes down every pointer and key event it gets, to test the desktop's hands on.

`python recorder.py FILE`. Qt only, main thread only.
"""

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

TITLE = "Event recorder"
SIZE = (300, 200)
FILL = (20, 120, 220)


class Recorder(QWidget):
    """Appends one line for each event: its kind, then where or which key."""

    def __init__(self, record: Path) -> None:
        super().__init__()
        self._record = record
        self.setWindowTitle(TITLE)
        self.resize(*SIZE)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(*FILL))
        self.setPalette(palette)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        shift = Qt.KeyboardModifier.ShiftModifier in event.modifiers()
        self._write_position("shift-press" if shift else "press", event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._write_position("move", event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._write_position("release", event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._write_position("double", event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._write(f"wheel {'up' if event.angleDelta().y() > 0 else 'down'}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text():
            self._write(f"key {event.text()}")

    def _write_position(self, kind: str, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        self._write(f"{kind} {place.x()} {place.y()}")

    def _write(self, line: str) -> None:
        with self._record.open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")


def main() -> None:
    """Show the window until it is closed."""
    app = QApplication(sys.argv)
    window = Recorder(Path(sys.argv[1]))
    window.show()
    sys.exit(app.exec())


if __name__ == "__main__":
    main()
