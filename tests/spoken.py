"""The languages that every text is owed in, and what the English of the window is called in them.

What languages lack that are not owed is shown in English.
"""

from __future__ import annotations

import re
from functools import cache

import polib

from playground.core.catalogues import ENGLISH, folder
from playground.core.lessons.lesson_files import bundled

LANGUAGES = ("en", "ja")


def sayings(english: str, code: str) -> frozenset[str]:
    """What a text of the window may be in a language, whatever it means there, without the mark of
    the letter that chooses it; the text itself where it is nobody's but a name.
    """
    return _sayings(code).get(english, frozenset({english}))


def matches(template: str, said: str, code: str) -> bool:
    """True where this was made from a template of the code, in a language, with any values."""
    patterns = (re.sub(r"\\{.*?\\}", ".*", re.escape(text)) for text in sayings(template, code))
    return any(re.fullmatch(pattern, said, re.DOTALL) for pattern in patterns)


@cache
def _sayings(code: str) -> dict[str, frozenset[str]]:
    if code == ENGLISH:
        return {}
    entries = polib.pofile(str(folder(code) / "messages.po")).translated_entries()
    pairs = [(entry.msgid, entry.msgstr) for entry in entries if entry.msgstr]
    pairs += [(one.title.said(ENGLISH), one.title.said(code)) for one in bundled()]
    found: dict[str, frozenset[str]] = {}
    for english, said in pairs:
        name = english.replace("&", "")
        found[name] = found.get(name, frozenset()) | {said.replace("&", "")}
    return found
