"""What classes are called in the window, where no person has named them.

Files and commands know them by their English names, so that a file means the same everywhere. GUI
thread.
"""

from __future__ import annotations

from playground.core import palette
from playground.core.data.images import shapes
from playground.ui.language import tr

_SPOKEN = {str(name): name for name in (*palette.SPOKEN_NAMES, *shapes.SPOKEN_NAMES)}


def shown_class(name: str) -> str:
    """A class as the window calls it: a name of ours in its language, any other as it is."""
    return tr(_SPOKEN[name]) if name in _SPOKEN else name


def stored_class(shown: str) -> str:
    """The name in files of a class that the window calls so."""
    return next((name for name in palette.CLASS_NAMES if shown == shown_class(name)), shown)
