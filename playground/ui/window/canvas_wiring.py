"""Between the panel that says what is drawn and the canvas that draws it: both hold the same tool,
class and sizes.

GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

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
        panel.valueChosen.connect(self._on_value_chosen)
        panel.brushChanged.connect(self._on_brush_changed)
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
    def _on_brush_changed(self, radius: float, density: float) -> None:
        self._canvas.set_tool_settings(radius=radius, density=int(density))
