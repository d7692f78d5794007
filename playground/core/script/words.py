"""What a script says beside its statements: comments, docstrings and what it prints.

A script is written in English, and what it says is put into another language afterwards, so that
its statements are the same in all of them. Catalogues hold these texts with the context "script".
Any thread.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple
from unicodedata import east_asian_width

from playground.core.catalogues import catalogue
from playground.core.script.layout import LINE

CONTEXT = "script"
_COMMENT = re.compile(r"(# (?:\d+\. )?)(.+)")
_NEVER_FIRST = "、。）」ー"
_QUOTES = '"""'

Place = tuple[int, int]
"""Line, counted from 1, and column."""


class Passage(NamedTuple):
    """One text of a script.

    text            as catalogues hold it, on one line
    before, behind  what stands around it: `# `, with the number of a step, or quotation marks
    """

    text: str
    before: str
    behind: str
    start: Place
    end: Place

    def written(self, text: str) -> str:
        """Another text in its place."""
        if self.before != _QUOTES:
            return f"{self.before}{text}{self.behind}"
        indent = self.start[1]
        if _width(text) <= LINE - indent - 2 * len(_QUOTES):
            return f"{_QUOTES}{text}{_QUOTES}"
        lines = _wrapped(text, LINE - indent - len(_QUOTES))
        return f"{_QUOTES}{lines[0]}" + "".join(
            f"\n{' ' * indent}{line}" for line in [*lines[1:], _QUOTES]
        )


def passages(source: str) -> Iterator[Passage]:
    """The texts of a script, from its first to its last."""
    before = ("", "")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        found = _COMMENT.fullmatch(token.string) if token.type == tokenize.COMMENT else None
        if found is not None:
            yield Passage(found[2], found[1], "", token.start, token.end)
        elif token.type == tokenize.STRING and token.string.startswith(_QUOTES):
            text = " ".join(ast.literal_eval(token.string).split())
            yield Passage(text, _QUOTES, _QUOTES, token.start, token.end)
        elif token.string.startswith('"') and before == ("print", "("):
            yield Passage(ast.literal_eval(token.string), '"', '"', token.start, token.end)
        before = before[1], token.string


def spoken(source: str, language: str) -> str:
    """The script in a language; what its catalogue lacks stays English."""
    words = catalogue(language)
    lines = [0, *accumulate(map(len, source.splitlines(keepends=True)))]
    for passage in reversed(list(passages(source))):
        said = words.pgettext(CONTEXT, passage.text)
        if said != passage.text:
            first, last = (lines[row - 1] + column for row, column in passage[3:])
            source = source[:first] + passage.written(said) + source[last:]
    return source


def _width(text: str) -> int:
    """Columns that a text takes: letters of some scripts take two."""
    return sum(1 + (east_asian_width(sign) in "WF") for sign in text)


def _wrapped(text: str, room: int) -> list[str]:
    """Lines of that many columns; between wide letters a line may end."""
    lines = [""]
    for part in re.findall(rf"[\x21-\x7e]+|\s|.[{_NEVER_FIRST}]*", text):
        if _width(lines[-1] + part) > room and lines[-1]:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        if lines[-1] or part.strip():
            lines[-1] += part
    return lines
