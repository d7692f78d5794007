"""Functions of this project as functions of a script, by their syntax trees.

A script has no objects with settings: what a function reads of one becomes a variable. Only the
places that differ are written anew; the rest stays as it stands, comments and layout included.
Knows the standard library and numpy; runs on any thread.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import accumulate
from types import CodeType, FunctionType
from typing import Any, TypeGuard

import numpy as np

from playground.core.script.layout import listed

OWNERS = ("recipe", "self", "settings")
"""Arguments whose fields are variables of a script."""

IN_A_SCRIPT = {
    "recipe.random()": "np.random.default_rng(data_seed)",
    "recipe.seed": "data_seed",
    # Decay apart from the gradient is Adam's only without its own decay.
    "o.model_copy(update={'weight_decay': 0.0})": (
        "SimpleNamespace(**{**vars(o), 'weight_decay': 0.0})"
    ),
}
"""What a script has no method for, in its own words."""


def as_function(function: Callable[..., Any], shared: Collection[str] = ()) -> str:
    """The source of a function, without decorators and types, as a function of the script.

    shared  arguments that are the same in all calls, and so variables of the script, too
    """
    source, node = _parsed(function)
    edits = _Edits(source, {*OWNERS, *shared}, OWNERS, _helpers(function))
    names = [a.arg for a in node.args.args if a.arg not in edits.given]
    body = edits.text(node.body, whole_lines=True)
    return f"def {node.name.lstrip('_')}({', '.join(names)}):\n{body}\n"


def as_class(kind: type) -> str:
    """The source of a class without types."""
    source = inspect.getsource(kind)
    return _Edits(source).text(ast.parse(source).body, whole_lines=True) + "\n"


def expression(function: Callable[..., Any]) -> str:
    """What a lambda gives, as an expression of its arguments."""
    assert isinstance(function, FunctionType)
    module = inspect.getmodule(function)
    assert module is not None, "the project's functions are in modules"
    source = inspect.getsource(module)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Lambda) and node.lineno == function.__code__.co_firstlineno:
            code = compile(ast.Expression(node), "lambda", "eval").co_consts[0]
            if _mentioned(code) == _mentioned(function.__code__):
                return _Edits(source, helpers=_helpers(function)).text([node.body])
    raise AssertionError("a lambda is in the source of its module")


def with_helpers(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """The function itself behind the functions of its module that it calls."""
    found: list[Callable[..., Any]] = []
    for value in _helpers(function).values():
        found += [other for other in with_helpers(value) if other not in found]
    return [*found, function]


def constants(function: Callable[..., Any]) -> Iterator[str]:
    """The numbers and arrays of its module that a function, or one that it calls, uses."""
    found = {
        name: value
        for other in with_helpers(function)
        for name, value in _globals(other)
        if isinstance(value, float | np.ndarray)
    }
    for name, value in found.items():
        if isinstance(value, float):
            yield f"{name} = {value}"
        else:
            yield listed(f"{name} = np.array(", [str(row) for row in value.tolist()], ")")


def settings_of(function: Callable[..., Any]) -> list[str]:
    """The settings that a function, or one that it calls, reads, each once and in its order."""
    trees = [_parsed(other)[1] for other in with_helpers(function)]
    read = [node for tree in trees for node in ast.walk(tree) if _is_setting(node, OWNERS)]
    read.sort(key=lambda node: (node.lineno, node.col_offset))
    return list(dict.fromkeys(node.attr for node in read))


def _is_setting(node: ast.AST, owners: Collection[str]) -> TypeGuard[ast.Attribute]:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in owners
    )


def _parsed(function: Callable[..., Any]) -> tuple[str, ast.FunctionDef]:
    source = textwrap.dedent(inspect.getsource(function))
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)
    return source, node


def _helpers(function: Callable[..., Any]) -> dict[str, FunctionType]:
    """The functions of its module that a function names."""
    return {
        name: value
        for name, value in _globals(function)
        if isinstance(value, FunctionType) and value.__module__ == function.__module__
    }


def _globals(function: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    """Names and values of its module that a function uses."""
    assert isinstance(function, FunctionType)
    for name in _names(function.__code__):
        if name in function.__globals__:
            yield name, function.__globals__[name]


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _mentioned(code: CodeType) -> tuple[Any, ...]:
    return code.co_consts, code.co_names, code.co_varnames


class _Edits(ast.NodeVisitor):
    """What is written differently in a script, as places of a source and their new text."""

    def __init__(
        self,
        source: str,
        given: Collection[str] = (),
        owners: Collection[str] = (),
        helpers: Collection[str] = (),
    ) -> None:
        """given    arguments that a script's function does not have
        owners   those of them whose fields are variables
        helpers  functions of the module
        """
        self.given = given
        self._owners, self._helpers = owners, helpers
        self._source = source.encode()  # as the places of a tree count
        lines = self._source.splitlines(keepends=True)
        self._lines = [0, *accumulate(map(len, lines))]
        self._edits: list[tuple[int, int, str]] = []

    def text(self, nodes: Sequence[ast.stmt | ast.expr], *, whole_lines: bool = False) -> str:
        """The source of nodes that follow each other."""
        for node in nodes:
            self.visit(node)
        place = self._lines[nodes[0].lineno - 1] if whole_lines else self._start(nodes[0])
        end, parts = self._end(nodes[-1]), list[bytes]()
        for first, last, text in sorted(self._edits):
            parts += [self._source[place : max(first, place)], text.encode()]
            place = max(last, place)
        lines = b"".join([*parts, self._source[place:end]]).decode().splitlines()
        return "\n".join(line.partition("  # type: ignore")[0] for line in lines)

    def visit(self, node: ast.AST) -> None:
        text = self._in_a_script(node)
        if text is None:
            super().visit(node)
        elif isinstance(node, ast.expr):
            self._edits.append((self._start(node), self._end(node), text))

    def _in_a_script(self, node: ast.AST) -> str | None:
        """What stands for this part of an expression; None where it stays, or only parts change."""
        if isinstance(node, ast.Call | ast.Attribute) and ast.unparse(node) in IN_A_SCRIPT:
            return IN_A_SCRIPT[ast.unparse(node)]
        if isinstance(node, ast.Name) and node.id in self._helpers:
            return node.id.lstrip("_")
        return node.attr if _is_setting(node, self._owners) else None

    def visit_Call(self, node: ast.Call) -> None:
        """A function of the project is not handed what its script has as variables."""
        if isinstance(node.func, ast.Name) and node.func.id in self._helpers:
            places = [self._start(node.args[0]), *map(self._end, node.args)]
            for number, argument in enumerate(node.args):
                if isinstance(argument, ast.Name) and argument.id in self.given:
                    is_first = number == 0 and len(node.args) > 1
                    end = self._start(node.args[1]) if is_first else places[number + 1]
                    self._edits.append((places[number], end, ""))
        self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> None:
        if node.annotation is not None:
            name = self._start(node) + len(node.arg.encode())
            self._edits.append((name, self._end(node.annotation), ""))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.returns is not None:
            arrow = self._source.rindex(b" ->", 0, self._start(node.returns))
            self._edits.append((arrow, self._end(node.returns), ""))
        self.generic_visit(node)

    def _start(self, node: ast.stmt | ast.expr | ast.arg) -> int:
        return self._lines[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.stmt | ast.expr | ast.arg) -> int:
        return self._lines[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
