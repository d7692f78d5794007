"""From one window to the next: what a person has set that stands in no document.

Another language needs another window on the same session. Each part takes over from its like what
it alone knows; this module says which parts there are. GUI thread.
"""

from __future__ import annotations

from playground.ui.output.card import OutputCard
from playground.ui.window.parts import Parts


def hand_over(before: Parts, after: Parts) -> None:
    """Set tabs, switches, what is looked at and what is selected as they are in the window that
    gives way.
    """
    after.data.take_over(before.data)
    _hand_over_the_picture(before.output, after.output)
    after.images.take_over(before.images)
    after.network.take_over(before.network)
    after.curves.take_over(before.curves)


def _hand_over_the_picture(before: OutputCard, after: OutputCard) -> None:
    """The switches that are on, the place that is looked at, what is selected."""
    for theirs, mine in zip(before.switches(), after.switches(), strict=True):
        mine.setChecked(theirs.isChecked())
    after.ghost.say(before.ghost.score)
    after.canvas.take_over(before.canvas)
    after.canvas.select(before.canvas.selection())
    if before.probe_table.isVisible():
        after.open_probe_table()
