"""Explanations by topic, in the language in use.

Owns the file `explanations.json` of each language, with a text for each area of the window and
for each control, by its English name in small letters; what it lacks is explained in English.
Imports the standard library and the languages; GUI thread only.
"""

from __future__ import annotations

import json
from functools import cache

from playground.core.catalogues import ENGLISH, folder
from playground.ui.language import code

_NOTHING = '{"areas": {}, "controls": {}}'


def area(topic: str) -> str:
    """What an area is ("network"): two or three sentences; "" for one that nobody explained."""
    return _text("areas", topic.lower())


def control(topic: str) -> str:
    """What a control or plot is ("Learning rate"), in the same way."""
    return _text("controls", topic.lower())


def _text(kind: str, topic: str) -> str:
    return _file(code())[kind].get(topic) or _file(ENGLISH)[kind].get(topic, "")


@cache
def _file(language: str) -> dict[str, dict[str, str]]:
    place = folder(language) / "explanations.json"
    return json.loads(place.read_text(encoding="utf-8") if place.is_file() else _NOTHING)
