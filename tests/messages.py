"""Keeps the catalogues of `assets/languages` in step with the texts in the source.

`python -m tests.messages` writes what is new in the source into every catalogue, keeps what is
translated, and marks what is gone as obsolete. A text is found by where it stands: as an argument
of one of CALLS, or as an argument or an attribute with one of the names in KEYWORDS. What stands
elsewhere is marked with `N_`. What scripts say is asked of `script_texts`. Catalogues of lessons
hold what the lesson files do not say in their language.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polib

from playground import assets
from playground.core.catalogues import ENGLISH, folder, languages
from playground.core.script.words import CONTEXT
from tests.script_texts import script_texts

ROOT = Path(__file__).parents[1] / "playground"
LESSONS = assets.path("lessons")
LEFT_OUT = ("cli",)
"""The command line speaks English."""

FIRST, SECOND, BEHIND = (0,), (0, 1), (1, 2)
ERRORS = (
    *("PlaygroundError", "UnknownChoiceError", "ExperimentError", "DataError", "FileError"),
    *("DeviceError", "EngineError", "InvalidValueError"),
)
CALLS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("__init__", "tr", "N_", "Message", "OwnText", "Registry", *ERRORS), FIRST),
    **dict.fromkeys(("plural", "trn"), SECOND),
    **dict.fromkeys(("Command", "of_selection"), (0, 3)),
    **dict.fromkeys(("Menu", "choices", "switched"), FIRST),
    **dict.fromkeys(("PrimaryButton", "QuietButton", "LinkButton", "Chip", "Switch"), SECOND),
    **dict.fromkeys(("ShowButton", "Tabs"), SECOND),
    "_with_key": (1,),
    **dict.fromkeys(("ToolButton", "describe", "Entry", "Item", "add_tab"), BEHIND),
    **dict.fromkeys(("Label", "Card", "Choice", "Slider", "NumberField"), FIRST),
    **dict.fromkeys(("Headline", "ChoiceField", "ValueField"), (0, 2)),
    **dict.fromkeys(("ask_where", "ask_where_and_how"), (1, 3)),
    **dict.fromkeys(
        ("edit_points", "use_experiment", "done_while_waiting", "write", "change"), (1,)
    ),
    **dict.fromkeys(("_try", "wrapped"), FIRST),
}
"""Positions of texts among the arguments, by the name of what is called."""
PLURALS = ("plural", "trn")
KEYWORDS = ("label", "help", "hint", "gestures", "value_gestures", "help_text", "help_", "word")
WIDTH = 100


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
    if root == ROOT:
        found |= {Text(one, context=CONTEXT): places for one, places in script_texts().items()}
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
    if name == "pgettext":
        context, one = ("".join(constants_of(place)) for place in call.args)
        if one:
            yield Text(one, context=context)
    if name in PLURALS:
        one, many = ("".join(constants_of(place)) for place in places)
        if one:
            yield Text(one, many)
        return
    for place in (*places, *(keyword(word, call) for word in KEYWORDS)):
        yield from (Text(constant, context=context) for constant in constants_of(place) if constant)


def _attributes_of(node: ast.ClassDef) -> Iterator[Text]:
    for line in node.body:
        if isinstance(line, ast.AnnAssign | ast.Assign):
            targets = [line.target] if isinstance(line, ast.AnnAssign) else line.targets
            if any(isinstance(name, ast.Name) and name.id in KEYWORDS for name in targets):
                yield from map(Text, filter(None, constants_of(line.value)))


def keyword(name: str, call: ast.Call) -> ast.expr | None:
    """The argument of that name."""
    return next((word.value for word in call.keywords if word.arg == name), None)


def constants_of(node: ast.expr | None) -> Iterator[str]:
    """The texts that an argument may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from [node.value] * any(map(str.isalpha, node.value))
    if isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from constants_of(value)
    if isinstance(node, ast.IfExp):
        yield from constants_of(node.body)
        yield from constants_of(node.orelse)


# Texts of lessons.


def lesson_texts(code: str, root: Path = LESSONS) -> dict[Text, list[str]]:
    """Every text of the lessons in `root` that they do not say in a language, as `extracted`."""
    found: dict[Text, list[str]] = {}
    for path in sorted(root.glob("*.lesson.json")):
        name = f"assets/lessons/{path.name}"
        for said in _spoken(json.loads(path.read_text(encoding="utf-8"))):
            places = found.setdefault(Text(said[ENGLISH]), []) if code not in said else [name]
            if name not in places:
                places.append(name)
    return found


def _spoken(raw: Any) -> Iterator[dict[str, str]]:
    """What a lesson file says, by language, in its order."""
    if isinstance(raw, dict) and isinstance(raw.get(ENGLISH), str):
        yield raw
    elif isinstance(raw, dict | list):
        for part in raw.values() if isinstance(raw, dict) else raw:
            yield from _spoken(part)


# The catalogues.


def path_of(code: str) -> Path:
    """The catalogue of a language."""
    return folder(code) / "messages.po"


def entries(code: str) -> dict[Text, polib.POEntry]:
    """What is in use in the catalogue of a language, by its English."""
    return {
        key_of(entry): entry for entry in polib.pofile(str(path_of(code))) if not entry.obsolete
    }


def key_of(entry: polib.POEntry) -> Text:
    return Text(entry.msgid, entry.msgid_plural, entry.msgctxt or "")


def update(path: Path, found: Mapping[Text, list[str]], *, in_order: bool = False) -> None:
    """Bring a catalogue in step with the source; what is translated stays.

    The texts stand in the order of the alphabet, or in that in which they were found.
    """
    ranks = {text: rank for rank, text in enumerate(found)} if in_order else {}
    catalogue = polib.pofile(str(path), wrapwidth=WIDTH)
    known = {key_of(entry): entry for entry in catalogue}
    for text, places in found.items():
        entry = known.pop(text, None) or _new(catalogue, text)
        entry.obsolete, entry.comment = False, ""
        entry.occurrences = [(place, "") for place in places]
    for entry in known.values():
        entry.obsolete, entry.occurrences = True, []
    catalogue.sort(key=lambda e: (e.obsolete, ranks.get(key_of(e), 0), key_of(e)))
    catalogue.save()


def _new(catalogue: polib.POFile, text: Text) -> polib.POEntry:
    entry = polib.POEntry(msgid=text.one, msgid_plural=text.many, msgctxt=text.context or None)
    forms = int(catalogue.metadata["Plural-Forms"].partition("nplurals=")[2][0])
    if text.many:
        entry.msgstr_plural = dict.fromkeys(range(forms), "")
    catalogue.append(entry)
    return entry


def translated_codes() -> list[str]:
    """The languages that have a catalogue."""
    return [code for code in languages() if path_of(code).is_file()]


if __name__ == "__main__":
    for known in translated_codes():
        update(path_of(known), extracted())
        if (of_lessons := folder(known) / "lessons.po").is_file():
            update(of_lessons, lesson_texts(known), in_order=True)
