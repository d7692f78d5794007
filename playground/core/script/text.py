"""Python source as text: long lists and calls on lines of their own, and functions of this project
as functions of a script.

Knows the standard library, numpy and points; runs on any thread.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from playground.core.points import Points

__all__ = [
    "LINE",
    "as_function",
    "constants",
    "filled",
    "indented",
    "listed",
    "points_text",
    "with_helpers",
]

LINE = 100


def listed(before: str, items: Sequence[str], behind: str) -> str:
    """A list literal, on as many lines as it takes."""
    whole = f"{before}[{', '.join(items)}]{behind}"
    if len(whole) <= LINE:
        return whole
    lines = [""]
    for item in items:
        if lines[-1] and len(lines[-1]) + len(item) + 2 > LINE:
            lines.append("")
        lines[-1] += f" {item}," if lines[-1] else f"    {item},"
    return "\n".join([f"{before}[", *lines, f"]{behind}"])


def points_text(points: Points) -> str:
    """x and y of these points as arrays, with the fewest digits that read back the same."""
    rows = points.x.astype(str).astype(np.float64).tolist()
    cells, shape = [str(row) for row in rows], ", np.float32)"
    if points.x.shape[1] > 4:
        cells = [str(value) for row in rows for value in row]
        shape = f", np.float32).reshape(-1, {points.x.shape[1]})"
    answers = points.y.astype(str).astype(points.y.dtype.kind + "8").tolist()
    kind = ", np.float32)" if points.is_regression else ")"
    y = listed("y = np.array(", [str(answer) for answer in answers], kind)
    return listed("x = np.array(", cells, shape) + "\n" + y


def filled(call: str, arguments: Sequence[str]) -> str:
    """A call, on one line, or on three, or with a line for every argument."""
    inside = ", ".join(arguments)
    if len(f"{call}({inside})") <= LINE:
        return f"{call}({inside})"
    lines = [f"    {inside}"]
    if len(lines[0]) > LINE:
        lines = [f"    {argument}," for argument in arguments]
    return "\n".join([f"{call}(", *lines, ")"])


def indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def with_helpers(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """The function itself behind the functions of its module that it calls."""
    found: list[Callable[..., Any]] = []
    for _, value in _globals(function):
        if isinstance(value, FunctionType) and value.__module__ == function.__module__:
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


def as_function(function: Callable[..., Any]) -> str:
    """The source of a function, without decorators and types, as a function of the script."""
    source = textwrap.dedent(inspect.getsource(function))
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)
    body = "\n".join(source.splitlines()[node.body[0].lineno - 1 : node.end_lineno])
    for pattern, text in (
        (r"  # type: ignore.*", ""),
        (r"\brecipe\.random\(\)", "np.random.default_rng(data_seed)"),
        (r"\brecipe\.seed\b", "data_seed"),
        (r"\b(recipe|self)\.", ""),
        (r"\(recipe, ", "("),
        (r"\(recipe\)", "()"),
        (r"(?<![\w.])_(\w+)\(", r"\1("),
    ):
        body = re.sub(pattern, text, body)
    names = [a.arg for a in node.args.args if a.arg not in ("recipe", "self")]
    return f"def {node.name.lstrip('_')}({', '.join(names)}):\n{body}\n"
