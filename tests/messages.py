"""Keeps the catalogues of `assets/languages` in step with the texts in the source.

`python -m tests.messages` writes what is new in the source into every catalogue, keeps what is
translated, and marks what is gone as obsolete. A text is found by where it stands: as an argument
of one of CALLS, or as one of KEYWORDS: an argument of that name, an attribute of a class. What stands elsewhere is marked with `N_`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1] / "playground"
LEFT_OUT = ("cli",)
"""The command line speaks English."""

FIRST, SECOND = (0,), (0, 1)
ERRORS = (
    *("PlaygroundError", "UnknownChoiceError", "ExperimentError", "DataError", "FileError"),
    *("DeviceError", "EngineError", "InvalidValueError"),
)
CALLS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("tr", "N_", "Message", "Registry", *ERRORS), FIRST),
    **dict.fromkeys(("plural", "trn"), SECOND),
}
"""Positions of texts among the arguments, by the name of what is called."""
PLURALS = ("plural", "trn")
KEYWORDS = ("label", "help")


class Text(NamedTuple):
    """A text in the source; `many` is its plural."""

    one: str
    many: str = ""
    context: str = ""


def extracted(root: Path = ROOT) -> dict[Text, list[str]]:
    """Every text that people read in English, and the files in which it stands."""
    found: dict[Text, list[str]] = {}
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root.parent).as_posix()
        if path.relative_to(root).parts[0] in LEFT_OUT:
            continue
        for text in texts_in(ast.parse(path.read_text(encoding="utf-8"))):
            if name not in found.setdefault(text, []):
                found[text].append(name)
    return found


def texts_in(tree: ast.AST) -> Iterator[Text]:
    """The texts of a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _texts_of(node)
        if isinstance(node, ast.ClassDef):
            yield from _attributes_of(node)


def _texts_of(call: ast.Call) -> Iterator[Text]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    places = [call.args[place] for place in CALLS.get(name, ()) if place < len(call.args)]
    context = "".join(constants_of(keyword("context", call)))
    if name in PLURALS:
        one, many = ("".join(constants_of(place)) for place in places)
        yield Text(one, many)
        return
    for place in (*places, *(keyword(word, call) for word in KEYWORDS)):
        yield from (Text(constant, context=context) for constant in constants_of(place) if constant)


def _attributes_of(node: ast.ClassDef) -> Iterator[Text]:
    for line in node.body:
        if isinstance(line, ast.AnnAssign | ast.Assign):
            targets = [line.target] if isinstance(line, ast.AnnAssign) else line.targets
            if any(isinstance(name, ast.Name) and name.id in KEYWORDS for name in targets):
                yield from map(Text, constants_of(line.value))


def keyword(name: str, call: ast.Call) -> ast.expr | None:
    """The argument of that name."""
    return next((word.value for word in call.keywords if word.arg == name), None)


def constants_of(node: ast.expr | None) -> Iterator[str]:
    """The texts that an argument may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from constants_of(node.body)
        yield from constants_of(node.orelse)
