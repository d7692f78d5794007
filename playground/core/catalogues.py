"""The languages: one folder each in `assets/languages`, named by its code.

    language.json       the name of the language in its own words, its fonts, its line spacing
    messages.po         the texts of the program (GNU gettext); English needs none
    lessons.po          the texts of the lessons that come along, where the lesson files lack them
    explanations.json   what areas and controls are

A folder that is put there is a language more; no code names any but English. Imports the standard
library and the assets, polib only where there is a catalogue to read; any thread.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from playground import assets

ENGLISH = "en"
_PARTS = ("messages.po", "lessons.po")


@dataclass(frozen=True, slots=True)
class Language:
    """What a language is called, in its own words, and how it is set.

    fonts         families with its signs, for systems whose own font lacks them; the best first
    line_height   of long texts, in percent of what the font asks for
    section_size  pixels of the titles of areas, where capitals do not make them large; 0: as usual
    """

    name: str
    fonts: tuple[str, ...] = ()
    line_height: int = 125
    section_size: int = 0


def folder(code: str) -> Path:
    """Where the files of a language are."""
    return assets.path(f"languages/{code}")


@cache
def languages() -> dict[str, Language]:
    """Every language by its code, English first."""
    codes = sorted(place.parent.name for place in assets.path("languages").glob("*/language.json"))
    codes.sort(key=lambda code: code != ENGLISH)
    return {code: _language(folder(code) / "language.json") for code in codes}


def _language(path: Path) -> Language:
    raw = json.loads(path.read_text(encoding="utf-8"))
    return Language(**{**raw, "fonts": tuple(raw.get("fonts", ()))})


@cache
def catalogue(code: str) -> NullTranslations:
    """The texts in a language; what it lacks stays English."""
    found = NullTranslations()
    for path in (folder(code) / part for part in _PARTS):
        if path.is_file():
            found.add_fallback(_read(path))
    return found


def _read(path: Path) -> GNUTranslations:
    import polib

    return GNUTranslations(BytesIO(polib.pofile(str(path)).to_binary()))
