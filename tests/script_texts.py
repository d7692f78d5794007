"""What scripts say, as catalogues hold it: the comments and docstrings of all that a script may be
made of.

Functions of the project that scripts hold are asked for their texts; what the modules that write
scripts put between them stands there as text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

from playground.core.data.generators import GENERATORS, Recipe
from playground.core.data.images.loading import enlarged
from playground.core.experiment.settings import kinds
from playground.core.network.activations import ACTIVATIONS
from playground.core.script import file_steps
from playground.core.script.sources import as_class, as_function, with_helpers
from playground.core.script.words import passages
from playground.core.training.augmentation import jittered, placed, shaded
from playground.core.training.schedules import Schedule
from playground.engines.numpy.numpy_losses import NUMPY_LOSSES
from playground.engines.numpy.numpy_optimizers import UPDATES, ParameterMemory

ROOT = Path(__file__).parents[1] / "playground"
WRITERS = ("core/script/*.py", "engines/numpy/numpy_script.py")
NOT_SAID = "type: ignore"
"""What a writer takes out."""

LITERAL = re.compile(r'"""(.+?)"""|(?:^|\s)# (?:\d+\. )?([A-Za-z].*)|print\("(\w.*)"\)', re.M)


def script_texts() -> dict[str, list[str]]:
    """Every text that scripts say, in English, and the files in which it stands."""
    found: dict[str, list[str]] = {}
    for path, source in _sources():
        for passage in passages(source):
            found.setdefault(passage.text, []).append(path)
    for pattern in WRITERS:
        for path in sorted(ROOT.glob(pattern)):
            for text in _between(ast.parse(path.read_text(encoding="utf-8"))):
                found.setdefault(text, []).append(_named(path))
    return {text: list(dict.fromkeys(places)) for text, places in found.items()}


def _sources() -> Iterator[tuple[str, str]]:
    """(file, source) of every function and class of the project that a script may hold."""
    yield _named(UPDATES["sgd"].__code__.co_filename), as_class(ParameterMemory)
    for function in dict.fromkeys(f for one in _functions() for f in with_helpers(one)):
        if function.__name__ != "<lambda>":
            yield _named(function.__code__.co_filename), as_function(function)


def _functions() -> Iterator[FunctionType]:
    slopes = [one for loss in NUMPY_LOSSES.values() for one in (loss.value, loss.slope)]
    bends = [one for a in ACTIVATIONS for one in (a.value.f, a.value.derivative)]
    named: list[Callable[..., Any]] = [
        *(choice.value.sample for choice in GENERATORS),
        *(Recipe.share, enlarged, placed, shaded, jittered),
        *(file_steps.is_number, file_steps.read_columns, file_steps.sorted_labels),
        *(kind.factor for kind in kinds(Schedule).values() if "factor" in vars(kind)),
        *(*UPDATES.values(), *slopes, *bends),
    ]
    yield from (one for one in named if isinstance(one, FunctionType))


def _between(tree: ast.AST) -> Iterator[str]:
    """What stands in the texts of a module, besides what it says of itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            node.body = [line for line in node.body if not _is_docstring(line)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for groups in LITERAL.findall(node.value):
                yield from (text for text in groups if text and text != NOT_SAID)


def _is_docstring(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)


def _named(path: str | Path) -> str:
    return Path(path).relative_to(ROOT.parent).as_posix()
