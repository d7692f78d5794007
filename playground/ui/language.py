"""The language of the window: English as written in the code, and catalogues for others.

`tr` looks a text up; what a catalogue lacks stays English. The widget kit calls it for every
caption, tooltip and accessible name, so panels and views write plain English. A text with numbers
in it is a template: `tr("{count} points", count=12)`. Imports PySide6; GUI thread only.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache

from PySide6.QtCore import QLocale

from playground import assets
from playground.ui.catalogue import Catalogue

__all__ = ["Language", "code", "tr", "use"]


class Language(StrEnum):
    """What a person chooses in the menu."""

    SYSTEM = "system"
    ENGLISH = "en"
    JAPANESE = "ja"


_code = Language.ENGLISH.value


def code() -> str:
    """The language in use: "en" or "ja"."""
    return _code


def use(language: Language) -> None:
    """Speak this language from now on; what is on the screen already stays as it is."""
    global _code
    _code = _of_system() if language == Language.SYSTEM else language.value


def tr(text: str, /, **values: object) -> str:
    """`text` in the language in use, with `values` put in for the names in braces."""
    catalogue = _catalogue(_code)
    found = text if catalogue is None else catalogue.say(text)
    return found.format(**values) if values else found


def _of_system() -> str:
    is_japanese = QLocale.system().language() == QLocale.Language.Japanese
    return Language.JAPANESE.value if is_japanese else Language.ENGLISH.value


@cache
def _catalogue(language: str) -> Catalogue | None:
    """What the code says in English, in another language; None for English itself."""
    if language == Language.ENGLISH.value:
        return None
    place = assets.path(f"translations/{language}.json")
    return Catalogue(json.loads(place.read_text(encoding="utf-8")))
