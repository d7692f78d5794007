"""What CONTRIBUTING.md says of adding things is true: its examples are applied to a copy, and run.

Each block says where its lines go. They go there exactly as they stand, and a fresh interpreter
that imports the copy finds the new things and works with them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MOST_LINES = 250
PLACE = re.compile(
    r"^# (?P<file>\S+), (?P<where>at the end|a new file|before|behind|instead of)"
    r"(?: `(?P<line>.*)`)?:$"
)
FILES_TOUCHED = {
    "A data set": 1,
    "A feature": 1,
    "An activation": 2,
    "An optimizer": 1,
    "A schedule": 1,
    "A layer": 1,
    "A tool": 2,
    "A tab beside the loss": 2,
    "A language": 2,
}
"""Of the activation one serves PyTorch and NumPy; the other is its kernel."""


def _examples() -> dict[str, list[list[str]]]:
    """The lines of the blocks under each "**An ...**" of the page."""
    section = PAGE.split("## How to add something")[1].split("\n## ")[0]
    found = {}
    for title, text in re.findall(r"^\*\*(.*?)\.\*\*(.*?)(?=^\*\*|\Z)", section, re.M | re.S):
        blocks = re.findall(r"^```(?:python|text)\n(.*?)^```$", text, re.M | re.S)
        if blocks:
            found[title] = [block.splitlines() for block in blocks]
    return found


EXAMPLES = _examples()


def _apply(root: Path, block: list[str]) -> list[Path]:
    """Put the lines of a block where it says; the files that were touched."""
    pieces: list[tuple[re.Match[str], list[str]]] = []
    for line in block:
        place = PLACE.match(line)
        if place:
            pieces.append((place, []))
        else:
            pieces[-1][1].append(line)
    return [_put(root, place, lines) for place, lines in pieces]


def _put(root: Path, place: re.Match[str], lines: list[str]) -> Path:
    path, where = root / place["file"], place["where"]
    if where == "a new file":
        path.parent.mkdir(exist_ok=True)
        assert not path.exists()
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        return path
    there = path.read_text(encoding="utf-8").splitlines()
    start, end = _span(there, where, place["line"])
    there[start:end] = lines
    path.write_text("\n".join([*there, ""]), encoding="utf-8")
    return path


def _span(there: list[str], where: str, beginning: str) -> tuple[int, int]:
    """Which lines give way; the line that is named is the only one that begins so."""
    if where == "at the end":
        return len(there), len(there)
    (at,) = (n for n, line in enumerate(there) if line.strip().startswith(beginning))
    return at + (where == "behind"), at + (where != "before")


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program to which all examples were applied."""
    root = tmp_path_factory.mktemp("grown")
    without = shutil.ignore_patterns("__pycache__", "screenshots")
    for folder in ("playground", "assets"):
        shutil.copytree(ROOT / folder, root / folder, ignore=without)
    for blocks in EXAMPLES.values():
        for block in blocks:
            _apply(root, block)
    return root


def _run(root: Path, program: str) -> dict:
    """What a fresh interpreter that imports the copy prints last, from JSON."""
    environment = {
        **os.environ,
        "NUMBA_DISABLE_JIT": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(root),
        "QT_QPA_PLATFORM": "offscreen",
        **{name: str(root / "home") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")},
    }
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_page_is_short() -> None:
    assert len(PAGE.splitlines()) <= MOST_LINES


def test_every_block_says_where_its_lines_go() -> None:
    assert list(EXAMPLES) == list(FILES_TOUCHED)
    for blocks in EXAMPLES.values():
        assert all(PLACE.match(block[0]) for block in blocks)


@pytest.mark.parametrize("thing", FILES_TOUCHED)
def test_few_files_are_touched(thing: str) -> None:
    places = [PLACE.match(line) for block in EXAMPLES[thing] for line in block]
    files = {place["file"] for place in places if place}
    assert len(files) == FILES_TOUCHED[thing]
    if thing == "An activation":
        first = [place for line in EXAMPLES[thing][0] if (place := PLACE.match(line))]
        assert len(first) == 1
    if thing == "A language":
        assert not [file for file in files if file.endswith(".py")]


def test_only_blank_lines_are_missing(grown: Path) -> None:
    """`ruff format` makes the rest of the style, as the page says."""
    shutil.copy(ROOT / "pyproject.toml", grown)
    for arguments in (["format"], ["check", "--no-cache"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments, "playground"],
            cwd=grown,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout


TRAINED = """
import json
import numpy as np
import playground
from playground.core.data.dataset import prepare
from playground.core.data.features import FEATURES
from playground.core.experiment.experiment import Experiment
from playground.core.network.activations import ACTIVATIONS
from playground.core.script.pytorch import pytorch_script
from playground.core.training.schedules import SCHEDULES
from playground.engines.compiled import kernel_rules
from playground.engines.compiled.compiled_engine import CompiledEngine
from playground.engines.contract.base import Plan
from playground.engines.loop.headless import train_to_end

def made(layer=None, **training):
    return Experiment.model_validate({
        "data": {"kind": "generated", "generator": "stripes", "samples": 60},
        "model": {"features": ["x1", "abs x1"],
                  "layers": [layer or {"kind": "linear", "units": 3, "activation": "softsign"}]},
        "training": {"engine": "torch", "device": "cpu", "epochs": 2, **training}})

ends = {
    "torch": made(),
    "numpy": made(engine="numpy"),
    "optimizer": made(optimizer={"kind": "asgd"}),
    "layer": made({"kind": "bottleneck"}),
    "schedule": made(schedule={"kind": "inverse_root", "period": 3}),
}
curves = {name: [p.train.loss for p in train_to_end(one).curve] for name, one in ends.items()}
dataset = prepare(made())
script = pytorch_script(ends["schedule"])
exec(compile(script, "script", "exec"), {"__name__": "__main__"})
z = np.linspace(-3, 3, 7, dtype=np.float32)
unknown = [name for name in kernel_rules._softsign.__code__.co_names
           if not hasattr(kernel_rules, name)]
kernel_rules.absolute = np.abs  # what the compiler would make of it
f, slope = kernel_rules._softsign(z)
softsign = ACTIVATIONS["softsign"].value
print()
print(json.dumps({
    "package": playground.__file__,
    "labels": sorted(set(dataset.points.y.tolist())),
    "points": len(dataset.points),
    "feature": FEATURES["abs x1"].value.of(np.float32([[-2, 1]])).tolist(),
    "script": script,
    "curves": curves,
    "factors": SCHEDULES["inverse_root"](period=3).factors(range(0, 10, 3)),
    "kernel": np.abs(f - softsign.f(z)).max() + np.abs(slope - softsign.derivative(z)).max(),
    "compiled": CompiledEngine.obstacle(Plan.of(ends["torch"], dataset)),
    "unknown": unknown,
    "in_branch": "_softsigns" in kernel_rules.activate.__code__.co_names,
}, default=float))
"""


def test_what_was_added_trains(grown: Path) -> None:
    found = _run(grown, TRAINED)
    assert Path(found["package"]).is_relative_to(grown)
    assert (found["labels"], found["points"], found["feature"]) == ([0, 1], 60, [2.0])
    assert "np.abs(x[:, 0])" in found["script"]
    assert "def stripes(" in found["script"]
    assert "period" in found["script"]
    curves = found["curves"]
    assert all(len(curve) > 1 and curve[0] != curve[-1] for curve in curves.values())
    assert curves["numpy"] == pytest.approx(curves["torch"], rel=1e-4)
    assert found["factors"] == pytest.approx([(1 + n) ** -0.5 for n in range(4)])
    assert found["compiled"] is None
    assert found["unknown"] == []
    assert found["in_branch"]
    assert found["kernel"] < 1e-6


SHOWN = """
import json
from PySide6.QtGui import QAction
from playground.core.data.dataset import prepare
from playground.core.experiment.experiment import Experiment
from playground.engines.loop.training import train
from playground.ui import language
from playground.ui.app import make_application, make_window
from playground.ui.commands.key_list import keys_by_group
from playground.ui.curves.card import CurvesCard
from playground.ui.curves.penalty import PenaltyPage
from playground.ui.data.tool_grid import ToolGrid
from playground.ui.data.tools import CanvasState, TOOLS

app = make_application()
language.use("en")
places = {}
for is_compact in (False, True):
    grid = ToolGrid()
    grid.set_compact(is_compact)
    widgets = [*grid.buttons.values(), grid.clear]
    spots = [grid._grid.getItemPosition(grid._grid.indexOf(w))[:2] for w in widgets]
    places[str(is_compact)] = spots

trained = Experiment.model_validate({
    "data": {"kind": "generated", "generator": "stripes", "samples": 40},
    "training": {"engine": "numpy", "epochs": 2, "regularization": {"kind": "l2", "rate": 0.1}}})
dataset = prepare(trained)
*_, last = train(trained, dataset)
card = CurvesCard()
card.show_experiment(trained)
card.show_dataset(dataset)
page = next(one for one in card.pages if isinstance(one, PenaltyPage))
card.resize(500, 300)
card.show()
card.bring_forward(page)
card.show_curve(last.curve, last)
words, title = page.words.text(), card.tabs.tabText(card.tabs.indexOf(page))

window = make_window()
actions = [(a.text(), a.shortcut().toString()) for a in window.findChildren(QAction)]
keys = keys_by_group(window.menus)
state = CanvasState(dataset.points)
both = TOOLS["mirror"]().press(state, (1.0, 2.0)).points.x[-2:].tolist()
from playground.core.catalogues import languages
named = {code: one.name for code, one in languages().items()}
language.use("xx")
in_other, left = language.tr("Data"), language.tr("Network")
print()
print(json.dumps({
    "places": places, "words": words, "title": title, "penalty": last.penalty, "both": both,
    "actions": actions, "keys": keys, "languages": named, "other": in_other, "left": left,
    "all_keys": [tool.key for tool in TOOLS.values()]}))
window.close()
"""


def test_what_was_added_is_shown(grown: Path) -> None:
    found = _run(grown, SHOWN)
    for places in found["places"].values():
        assert len({tuple(place) for place in places}) == len(places)
    assert len(set(found["all_keys"])) == len(found["all_keys"])
    assert found["both"] == [[1.0, 2.0], [-1.0, -2.0]]
    assert ["Mirror", "W"] in found["actions"]
    assert ["W", "Mirror"] in [pair for group in found["keys"].values() for pair in group]
    assert found["title"] == "Penalty"
    assert found["words"] == f"The penalty is {found['penalty']:.3g}."
    assert found["penalty"] > 0
    assert found["languages"]["xx"] == "Example"
    assert "Example" in [text for text, _ in found["actions"]]
    assert (found["other"], found["left"]) == ("Ďata", "Network")
