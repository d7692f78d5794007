"""What classes are called in the window: those without a name of their own, by their colour.

Files and commands know the colours by their English names, so that a file means the same
everywhere. GUI thread.
"""

from __future__ import annotations

from playground.core.palette import CLASS_NAMES, SPOKEN_NAMES
from playground.ui.language import tr

_SPOKEN = dict(zip(CLASS_NAMES, SPOKEN_NAMES, strict=True))


def shown_class(name: str) -> str:
    """A class as the window calls it: a colour in its language, any other name as it is."""
    return tr(_SPOKEN[name]) if name in _SPOKEN else name


def stored_class(shown: str) -> str:
    """The name in files of a class that the window calls so."""
    return next((name for name in CLASS_NAMES if shown == shown_class(name)), shown)
