"""No text for people is put together from pieces: each is a whole template with named values.

A sentence that is glued together, or made by an f-string, cannot be looked up in a catalogue, and
no other language has its words in the same order.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.messages import ROOT

OTHER_TEXTS = (
    *("cli", "core/script", "engines/numpy/numpy_script.py", "benchmarks"),
    *("ui/look/stylesheet.py", "ui/demo.py", "ui/lessons/driver"),
    *("ui/lessons/lesson_check.py", "ui/session/waiting.py", "versions.py"),
)
"""What speaks English only (the command line and what it runs), or writes programs and styles."""

PROGRAMMERS = (
    *("AssertionError", "FileNotFoundError", "KeyError", "RuntimeError", "TypeError", "ValueError"),
)
"""Errors that no person is to see."""

KEPT = {
    "ui/commands/key_list.py": "f'<",
    "core/data/tables/importing.py": "f'column {i + 1}'",  # a name, which files hold
    "core/data/tables/numerals.py": "f'cell {index} is not a number'",  # seen by programs only
    "engines/compiled/kernel_cache.py": "f'the folder {kernel_folders",  # from process to process
    "ui/session/file_kinds.py": "f'*.json {TABLES_TO_READ}",  # endings of files
    "ui/lessons/lesson_parts.py": "f'<p style",
    "ui/reports.py": "f'The log could not be written",  # for a terminal
    "ui/network/editing/editors.py": "f'{name} {{ background",
    "ui/data/table_summary.py": "f'min-height",  # a style
}
"""What is no text for people, by file."""

PROSE = re.compile(r"[A-Za-z]{2,}[,.:;!?]? | [A-Za-z]{2,}")
AND = re.compile(r"\b(and|or)\b")


def pieces_in(tree: ast.AST) -> Iterator[ast.expr]:
    """Expressions that make a text for people out of pieces."""
    if isinstance(tree, ast.Raise | ast.Call) and _is_for_programmers(tree):
        return
    if isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Constant):
        return  # a docstring
    if isinstance(tree, ast.expr) and _is_piece(tree):
        yield tree
        return
    for child in ast.iter_child_nodes(tree):
        yield from pieces_in(child)


def _is_for_programmers(node: ast.Raise | ast.Call) -> bool:
    call = node.exc if isinstance(node, ast.Raise) else node
    return isinstance(call, ast.Call) and _name(call) in PROGRAMMERS


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is_piece(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return bool(PROSE.search("".join(map(_constant, node.values))))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return any(map(_is_text, (node.left, node.right)))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return "s" in (_constant(node.left), _constant(node.right))
    if isinstance(node, ast.IfExp):
        return "s" in (_constant(node.body), _constant(node.orelse))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        text = node.func.value
        is_joined = node.func.attr == "join" and bool(AND.search(_constant(text)))
        return is_joined or (node.func.attr == "format" and _is_text(text))
    return False


def _constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "\0"


def _is_text(node: ast.expr) -> bool:
    """True for prose, and for what was or can be translated."""
    if isinstance(node, ast.Call):
        return _name(node) in ("tr", "trn", "Message", "plural")
    return bool(PROSE.search(_constant(node)))


def found() -> dict[str, list[str]]:
    """The pieces of each file, as they are written."""
    pieces: dict[str, list[str]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(OTHER_TEXTS):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            texts = [ast.unparse(piece) for piece in pieces_in(tree)]
            texts = [text for text in texts if not text.startswith(KEPT.get(name, "nothing"))]
            pieces |= {name: texts} if texts else {}
    return pieces


def test_no_text_is_put_together_from_pieces() -> None:
    pieces = found()
    assert not pieces, "\n".join(f"{name}: {text}" for name in pieces for text in pieces[name])


@pytest.mark.parametrize(
    "source",
    [
        'f"{count} points"',
        'tr("Points") + ": " + name',
        '"No such " + kind',
        '"{} points of".format(count)',
        '"point%s left" % s',
        '"s" * (count != 1)',
        '"" if count == 1 else "s"',
        '" and ".join(names)',
    ],
)
def test_pieces_are_found(source: str) -> None:
    assert len(list(pieces_in(ast.parse(f"x = {source}")))) == 1


@pytest.mark.parametrize(
    "source",
    ['tr("{count} points", count=1)', 'f"{path}.json"', '", ".join(names)', 'f"{x:,}"', '"a" + b'],
)
def test_whole_texts_and_other_strings_are_none(source: str) -> None:
    assert list(pieces_in(ast.parse(f"x = {source}"))) == []


def test_what_stands_small_is_the_value_of_a_message() -> None:
    """`tr` in English formats a text by itself, which knows no such form."""
    wrong = [
        f"{path.name}: {ast.unparse(call)}"
        for path in sorted(ROOT.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and _name(call) in ("tr", "trn")
        if any(":small}" in _constant(text) for text in call.args)
    ]
    assert wrong == []


def test_no_file_is_named_twice_or_is_not_there() -> None:
    assert [name for name in (*KEPT, *OTHER_TEXTS) if not Path(ROOT, name).exists()] == []
    assert max(Counter((*KEPT, *OTHER_TEXTS)).values()) == 1
