"""From one window to the next: what a person has set that stands in no document.

Another language needs another window on the same session. Each part takes over from its like what
it alone knows; this module says which parts there are. GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow
    from playground.ui.views.output import OutputCard

__all__ = ["hand_over"]


def hand_over(before: MainWindow, after: MainWindow) -> None:
    """Set a new window as the one is set that it takes the place of.

    Tools, tabs, switches, what is looked at and selected, the lesson with all that was done in it,
    and the windows beside it.
    """
    after.restoreGeometry(before.saveGeometry())
    after.data.tabs.setCurrentIndex(before.data.tabs.currentIndex())
    _hand_over_the_hand(before, after)
    _hand_over_the_picture(before.output, after.output)
    after.images.take_over(before.images)
    after.network_card.take_over(before.network_card)
    after.curves.take_over(before.curves)
    after.guide.take_over(before.guide)
    if before.arrangement.is_presenting:
        after.arrangement.present(True)


def _hand_over_the_picture(before: OutputCard, after: OutputCard) -> None:
    """The switches that are on, the place that is looked at, what is selected."""
    for theirs, mine in zip(before.switches(), after.switches(), strict=True):
        mine.setChecked(theirs.isChecked())
    after.canvas.take_over(before.canvas)
    after.canvas.select(before.canvas.selection())
    if before.probe_table.isVisible():
        after.open_probe_table()


def _hand_over_the_hand(before: MainWindow, after: MainWindow) -> None:
    """Tool, class, value and sizes: the panel shows them, the canvas draws with them."""
    draw, canvas = after.draw, after.output.canvas
    draw.take_over(before.draw)
    canvas.use_tool(draw.tool())
    canvas.set_tool_settings(
        label=draw.chosen_class(),
        value=draw.value.value(),
        radius=draw.radius.value(),
        density=int(draw.density.value()),
    )
