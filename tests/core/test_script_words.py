"""What scripts say is translated whole, and nothing else of a script is touched."""

from __future__ import annotations

import ast

from hypothesis import given, settings

from playground.core.catalogues import languages
from playground.core.errors import PlaygroundError
from playground.core.experiment.experiment import Experiment
from playground.core.script.pytorch import pytorch_script
from playground.core.script.words import CONTEXT, passages, spoken
from playground.engines.numpy.numpy_script import numpy_script
from tests.messages import entries
from tests.strategies import experiments

KNOWN = {key.one for key in entries("ja") if key.context == CONTEXT}
FORMULAS = {"rate * sum |w|.", "rate / 2 * sum w^2."}

SOURCE = '''\
# 1. Libraries.
# Libraries
import math

# The learning rate falls where the training loss has stopped falling.
rate = 0.1  # the price on large weights


def placed(x):
    """Images x (N, C * H * W) flipped, turned and moved; what comes in from outside is 0."""
    print("The loss is no longer a finite number: lower the learning rate.")
    return {"Libraries.": x}


def enlarged(x, size):
    """Square images x (N, side * side) at size * size pixels, in between the old ones (bilinear).

    A pixel is a square, as for `torch.nn.functional.interpolate` without aligned corners.
    """
    return x
'''


def _written(experiment: Experiment) -> list[str]:
    found = []
    for write in (pytorch_script, numpy_script):
        try:
            found.append(write(experiment))
        except PlaygroundError:
            continue  # not every experiment can be a script
    return found


@settings(max_examples=60)
@given(experiments())
def test_whatever_a_script_says_is_in_the_catalogues(experiment: Experiment) -> None:
    has_axes = getattr(experiment.data, "axes", None) is not None
    plain = experiment.with_setting("data.axes", None) if has_axes else experiment
    for script in _written(plain.model_copy(update={"title": ""})):
        said = {one.text for one in passages(script) if not one.text.startswith(" epoch")}
        assert said - KNOWN - FORMULAS == set()


@settings(max_examples=30)
@given(experiments())
def test_a_script_does_the_same_in_every_language(experiment: Experiment) -> None:
    for script in _written(experiment):
        for code in languages():
            assert _statements(spoken(script, code)) == _statements(script)


def _statements(source: str) -> str:
    """The program without its docstrings and without what it prints."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = node.body[1:]
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
            node.args = []
    return ast.dump(tree)


def test_english_is_what_is_written() -> None:
    assert spoken(SOURCE, "en") == SOURCE


def test_a_script_speaks_japanese() -> None:
    said = spoken(SOURCE, "ja")
    assert said.startswith("# 1. ライブラリ。\n# Libraries\nimport math\n")
    assert "rate = 0.1  # 大きな重みへのペナルティ\n" in said
    assert 'print("損失が有限の数でなくなりました。学習率を下げてください。")' in said
    assert '{"Libraries.": x}' in said, "what a program works with stays"
    assert _statements(said) == _statements(SOURCE)


def test_long_japanese_is_broken_into_lines() -> None:
    function = ast.parse(spoken(SOURCE, "ja")).body[-1]
    first, *others = ast.get_docstring(function, clean=False).split("\n")  # type: ignore[union-attr]
    assert first.startswith("正方形の画像 x (N, side * side)")
    assert others, "it is longer than a line"
    assert [line for line in others if line[:4].strip()] == [], "each is indented"
    assert not any(line.strip()[:1] in "、。）" for line in others if line.strip())
