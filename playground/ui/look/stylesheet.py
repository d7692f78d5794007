"""The application stylesheet: `assets/window.qss` with the theme's tokens put in.

It says how standard Qt controls look; colours come from `theme`, which is the only caller. Controls
that this package paints itself live in `widgets`. GUI thread only.
"""

import re
from collections.abc import Mapping
from string import Template
from typing import Final

from playground import assets

_LENGTH: Final = re.compile(r"\{(\d+)px\}")


def stylesheet(tokens: Mapping[str, str], scale: float = 1.0) -> str:
    """The whole stylesheet for the tokens ("#rrggbb" each) and a factor on text-bound lengths.

    Raises:
        KeyError: the template uses a token that is not given.
    """
    template = assets.path("window.qss").read_text(encoding="utf-8")
    grown = _LENGTH.sub(lambda found: f"{round(int(found[1]) * scale)}px", template)
    return Template(grown).substitute(tokens)
