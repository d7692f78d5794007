"""Between the panel that says what is drawn and the canvas that draws it: both hold the same tool,
class and sizes.

GUI thread.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from playground.core.data.points_data import PointsData
from playground.core.errors import PlaygroundError
from playground.core.experiment.clipboard import text_of
from playground.ui.data.draw_panel import DrawPanel
from playground.ui.output.canvas.canvas import Canvas
from playground.ui.session.session import Session


class Drawing(QObject):
    """Keeps a canvas in step with its panel, and hands what is drawn to the session."""

    def __init__(self, panel: DrawPanel, canvas: Canvas, session: Session) -> None:
        super().__init__(panel)
        self._panel, self._canvas, self._session = panel, canvas, session
        panel.toolChosen.connect(canvas.use_tool)
        panel.classChosen.connect(self.use_chosen_class)
        panel.classAddRequested.connect(self.add_class)
        panel.valueChosen.connect(self._on_value_chosen)
        panel.valuesChanged.connect(self._on_values_changed)
        panel.brushChanged.connect(self._on_brush_changed)
        canvas.scaleChanged.connect(panel.show_scale)
        canvas.draw_with(lambda: session.points)
        canvas.edited.connect(session.edit_points)
        canvas.gestureEnded.connect(session.end_merge)

    def choose_tool(self, key: str) -> None:
        """Draw with another tool, as by its button."""
        self._panel.show_tool(key)
        self._canvas.use_tool(key)

    def choose_class(self, index: int) -> None:
        """Draw another class, as by its row, or give it to what is selected."""
        if index >= len(self._panel.rows):
            return
        self._panel.show_class(index)
        self.use_chosen_class()
        if not self._session.experiment.data.is_regression:
            self._canvas.recolor_selected(index)

    @Slot()
    def add_class(self) -> None:
        """One more class, which is what is drawn from now on."""
        before = len(self._panel.rows)
        self._session.add_class()
        if len(self._panel.rows) > before:  # it was not refused
            self._panel.show_class(len(self._panel.rows) - 1)
            self.use_chosen_class()

    @Slot()
    def remove_class(self) -> None:
        """Remove the class that is drawn now, with its points."""
        self._session.remove_class(self._panel.chosen_class())

    # What is selected, on its way through the clipboard.

    @Slot()
    def copy(self) -> bool:
        """Put the selected points on the clipboard, as a table; False where that is refused."""
        session, rows = self._session, self._canvas.selection()
        if not len(rows):
            return False
        try:
            text = text_of(session.experiment, session.points.take(rows))
        except PlaygroundError as error:
            session.noticed.emit(error.message, "warning")
            return False
        QGuiApplication.clipboard().setText(text)
        return True

    @Slot()
    def cut(self) -> None:
        """Take the selected points away, and put them on the clipboard."""
        if self._canvas.can_draw and self.copy():
            self._canvas.cut_selected()

    @Slot(object)
    def paste(self, pasted: PointsData) -> None:
        """Put points that were copied on the canvas, and select them."""
        before = len(self._session.points)
        if self._session.paste_points(pasted):
            self._canvas.select(np.arange(before, len(self._session.points)))
            self._canvas.tell_of_test_points(before)

    def allow(self, can_draw: bool) -> None:
        """Offer the tools where the data are points on the canvas."""
        self._canvas.allow_drawing(can_draw)
        self._panel.setVisible(can_draw)

    @Slot()
    def use_chosen_class(self) -> None:
        self._canvas.set_tool_settings(label=self._panel.chosen_class())

    def take_over(self, panel: DrawPanel) -> None:
        """Draw as another window does: its tool, class, value and sizes."""
        mine = self._panel
        mine.take_over(panel)
        self._canvas.use_tool(mine.tool())
        self.use_chosen_class()
        self._on_value_chosen(mine.value.value())
        self._on_brush_changed(mine.radius.value(), mine.density.value())

    @Slot(float)
    def _on_value_chosen(self, value: float) -> None:
        self._canvas.set_tool_settings(value=value)

    @Slot(float, float)
    def _on_values_changed(self, low: float, high: float) -> None:
        self._canvas.set_tool_settings(middle=low / 2 + high / 2)

    @Slot(float, float)
    def _on_brush_changed(self, radius: float, density: float) -> None:
        self._canvas.set_tool_settings(radius=radius, density=int(density))
