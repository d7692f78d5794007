"""A catalogue of translations: whole texts, texts put together of them, and templates.

The core and the engines say finished English sentences, with names and numbers in them, and the
window puts sentences together. So a text that is not in the catalogue as it stands is taken apart:
into lines, into sentences, and by templates such as "{count} points". Imports the standard library
only; knows no language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

SENTENCE_ENDS = re.compile(r"(?<=[.?!:]) ")
WORD = re.compile(r"[A-Za-z]{2}")
PATH = re.compile(r"\w+(\.[\w*]+)+")
"""The path of a setting, the same in every language."""
PLACE = re.compile(r"\{(\w+)\}")
VALUE = r"(?:(?![.?!:] ).)+?"
"""What may stand for a name in braces: anything inside one sentence."""
NUMBER = r"[\d.,:+−–×e%/∞ -]+"
NUMBERS = frozenset(
    {
        *("count", "number", "shown", "whole", "wrong", "dead", "missing", "rows", "digits"),
        *("epoch", "epochs", "low", "high", "mean", "size", "largest", "share", "height", "width"),
        *("used", "planned", "train", "test", "inputs", "outputs", "flipped", "points", "stride"),
    }
)
"""Names for which nothing but a number may stand, so that a template does not catch prose."""
MOST_REMEMBERED = 4096


class _Template:
    """A text with names in braces, and its translation with the same names."""

    def __init__(self, text: str, translation: str) -> None:
        literals = PLACE.split(text)[::2]
        self._longest = max(literals, key=len)
        self.weight = sum(map(len, literals))
        names, pattern = set[str](), ""
        for literal, name in zip(literals, [*PLACE.findall(text), ""], strict=True):
            pattern += re.escape(literal)
            if name:
                value = NUMBER if name in NUMBERS else VALUE
                pattern += f"(?P={name})" if name in names else f"(?P<{name}>{value})"
                names.add(name)
        self._pattern = re.compile(pattern)
        self.translation = translation

    def values(self, text: str) -> dict[str, str] | None:
        """What stands for each name in `text`; None where the template does not fit."""
        found = self._pattern.fullmatch(text) if self._longest in text else None
        return None if found is None else found.groupdict()


class Catalogue:
    """Says texts in another language, as far as it knows them.

    Args:
        texts: English text -> translation; {names} in braces stand for values.
        gap: what stands between two sentences.
        stop: what a sentence ends with.
    """

    def __init__(self, texts: Mapping[str, str], gap: str = " ", stop: str = ".") -> None:
        self._texts, self._gap = texts, gap
        self._label_ends = {".": stop, ":": ":" if gap else ": "}
        made = (_Template(*item) for item in texts.items() if PLACE.search(item[0]))
        # The one with most words of its own first: it says most exactly what is meant.
        self._templates = sorted(made, key=lambda template: -template.weight)
        self.say = lru_cache(MOST_REMEMBERED)(self._say)

    def _say(self, text: str) -> str:
        """The translation; the text itself where a part of it is not known."""
        if text in self._texts or _needs_no_translation(text):
            return self._texts.get(text, text)
        lines = [self._line(line) for line in text.split("\n")]
        return text if None in lines else "\n".join(map(str, lines))

    def _line(self, line: str) -> str | None:
        """The longest runs of sentences that are known, one behind the other."""
        parts, said = SENTENCE_ENDS.split(line), []
        while any(parts):
            runs = ((end, " ".join(parts[:end])) for end in range(len(parts), 0, -1))
            end, found = self._first_known(runs)
            if found is None:
                return None
            said.append(found)
            parts = parts[end:]
        return self._gap.join(said)

    def _first_known(self, runs: Iterable[tuple[int, str]]) -> tuple[int, str | None]:
        for end, run in runs:
            found = self._texts.get(run) or self._templated(run)
            if found is None and end == 1:
                found = self._label(run) or (run if _needs_no_translation(run) else None)
            if found is not None:
                return end, found
        return 0, None

    def _label(self, part: str) -> str | None:
        """A name that a sentence is about: "Spiral." or "Points:"."""
        if part[-1:] not in self._label_ends:
            return None
        known = self._texts.get(part[:-1]) or self._templated(part[:-1])
        return known and known + self._label_ends[part[-1]]

    def _templated(self, text: str) -> str | None:
        for template in self._templates:
            values = template.values(text)
            if values is not None:
                said = {name: self._value(value) for name, value in values.items()}
                return template.translation.format(**said)
        return None

    def _value(self, value: str) -> str:
        """What stands in a template; a label may begin small there."""
        return self._texts.get(value[:1].upper() + value[1:]) or self._say(value)


def _needs_no_translation(text: str) -> bool:
    """True for numbers, signs, formulas of single letters, and paths of settings."""
    return WORD.search(text) is None or PATH.fullmatch(text) is not None
