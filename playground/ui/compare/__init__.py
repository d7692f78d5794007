"""The window in which several experiments race from one start.

    window      arrangement and wiring
    form        what to race, for how long, how fast
    curves      the losses of all lanes over the epochs
    table       the legend, with what each lane has learned and how soon
    tiles       a small live boundary of every lane
    worker      the thread of a race

Imports the core, the types of the engines, PySide6 and pyqtgraph; torch is only touched on the
thread of the race.
"""

from playground.ui.compare.window import CompareWindow

__all__ = ["CompareWindow"]
