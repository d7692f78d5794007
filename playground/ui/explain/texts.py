"""Explanations by topic, in the language in use.

Owns the way to `assets/explanations`: a file a language, with a text for each area of the window
and for each control, by its English name in small letters. Imports the standard library and the
language; GUI thread only.
"""

from __future__ import annotations

import json
from functools import cache

from playground import assets
from playground.ui.language import code

__all__ = ["area", "control"]


def area(topic: str) -> str:
    """What an area is ("network"): two or three sentences; "" for one that nobody explained."""
    return _texts("areas").get(topic.lower(), "")


def control(topic: str) -> str:
    """What a control or plot is ("Learning rate"), in the same way."""
    return _texts("controls").get(topic.lower(), "")


def _texts(kind: str) -> dict[str, str]:
    return _file(code())[kind]


@cache
def _file(language: str) -> dict[str, dict[str, str]]:
    place = assets.path(f"explanations/{language}.json")
    return json.loads(place.read_text(encoding="utf-8"))
