"""The real window, which also writes down where its parts are and what it is doing.

`python -m tests.desktop.observed STATE [FILE]`. Ten times a second the state is written to STATE as
JSON: the test reads it to know where to point, and what came of it. Nothing is done to the window
here.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QTimer, Slot
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from playground.ui import app
from playground.ui.window.main_window import MainWindow


class Observer(QObject):
    """Writes what a person could see of a window."""

    def __init__(self, window: MainWindow, file: Path) -> None:
        super().__init__(window)
        self._window, self._file = window, file
        self._timer = QTimer(self, interval=100)
        self._timer.timeout.connect(self._write)
        self._timer.start()

    @Slot()
    def _write(self) -> None:
        temporary = self._file.with_suffix(".new")
        temporary.write_text(json.dumps(self._state()), encoding="utf-8")
        os.replace(temporary, self._file)

    def _state(self) -> dict[str, object]:
        session, window = self._window.session, self._window
        snapshot, comparison = session.run.snapshot, window.windows.comparison
        output = window.parts.output
        return {
            "places": self._places(),
            "activity": str(session.run.activity),
            "run": session.run.run_id,
            "state": str(snapshot.state) if snapshot else None,
            "epoch": snapshot.epoch if snapshot else None,
            "step": snapshot.step if snapshot else None,
            "loss": snapshot.train.loss if snapshot else None,
            "trained_on": len(snapshot.dataset.points) if snapshot else None,
            "data": session.experiment.plain()["data"],
            "layers": session.experiment.plain()["model"]["layers"],
            "training": session.experiment.plain()["training"],
            "undo": session.undo_stack.undoText(),
            "points": self._points(),
            "selected": len(output.canvas.selection()),
            "region": [
                *output.canvas.region.center,
                output.canvas.region.extent,
            ],
            "axes": [[axis.name, axis.offset, axis.scale] for axis in output.canvas.axes],
            "reading": output.reading.text(),
            "ends": output._key.ends() if output._key.has_bar and output._key.isVisible() else [],
            "probes": session.experiment.plain()["probes"],
            "hidden": session.experiment.plain()["view"]["hidden"],
            "lesson": window.parts.lesson.step if window.parts.lesson.lesson else None,
            "goals": [row.is_reached for row in window.parts.lesson.rows]
            if window.parts.lesson.lesson
            else [],
            "race": comparison.start_button.text() if comparison else "",
            "notice": window.notices.notice.text() if window.notices.notice.isVisible() else "",
            "title": window.windowTitle(),
        }

    def _points(self) -> dict[str, list[object]]:
        """The points of a plane; pixels of images would be too much to write."""
        if self._window.session.dataset is None:
            return {}
        points = self._window.session.points
        if points.x.shape[1] > 2:
            return {}
        return {"x": points.x.tolist(), "y": points.y.tolist()}

    def _places(self) -> dict[str, list[int]]:
        """Accessible name of every visible widget, and the words of every menu that is open -> x,
        y, width, height inside the window; parts that a picture in any language needs, by one more
        name.
        """
        places = self._entries()
        for widget in self._window.findChildren(QWidget):
            name = widget.accessibleName()
            if name and widget.isVisible() and name not in places:
                places[name] = self._place(widget)
        lesson, comparison = self._window.parts.lesson, self._window.windows.comparison
        named: dict[str, QWidget | None] = {
            "lesson: next": lesson.next,
            "lesson: start": lesson.start,
            "images: pad": self._window.parts.images.pad,
            "compare: race": comparison and comparison.start_button,
        }
        for name, widget in named.items():
            if widget is not None and widget.isVisible():
                places[name] = self._place(widget)
        return places

    def _place(self, widget: QWidget) -> list[int]:
        corner = self._window.mapFromGlobal(widget.mapToGlobal(QPoint(0, 0)))
        return [corner.x(), corner.y(), widget.width(), widget.height()]

    def _entries(self) -> dict[str, list[int]]:
        """The menu bar, and what hangs open from it."""
        entries = {}
        bar = self._window.menuBar()
        for menu in (bar, *self._window.findChildren(QMenu)):
            if not menu.isVisible():
                continue
            for action in menu.actions():
                box = menu.actionGeometry(action)
                corner = self._window.mapFromGlobal(menu.mapToGlobal(box.topLeft()))
                name = action.text().replace("&", "")
                entries[name] = [corner.x(), corner.y(), box.width(), box.height()]
        return entries


def main() -> int:
    """Run the application as `playground` does, watched."""
    file = Path(sys.argv[1])
    make_window = app.make_window

    def make_observed_window() -> MainWindow:
        window = make_window()
        Observer(window, file)
        return window

    app.make_window = make_observed_window
    code = app.run(sys.argv[2] if len(sys.argv) > 2 else None)
    assert QApplication.instance() is not None
    return code


if __name__ == "__main__":
    sys.exit(main())
