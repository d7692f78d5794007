"""Floors and rooms of the house: what each may import.

Of the floors a fresh interpreter is asked which modules came along; of the rooms the source is
read, so that what is imported in a function or for types only counts, too.
"""

import ast
import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import playground
import playground.core
import playground.engines
from tests.house import House

ROOMS: dict[str, str] = {
    "": "cli core core.experiment engines.contract engines.loop",
    "benchmarks": "core.data core.experiment core.network engines.compiled engines.contract"
    " engines.loop engines.pytorch ui ui.look ui.network ui.output.canvas ui.session ui.window",
    "cli": "benchmarks core core.data core.data.images core.data.tables core.data.tables.fitted"
    " core.data.tables.writing core.experiment core.lessons core.network core.training engines"
    " engines.compiled engines.contract engines.inside engines.loop engines.many engines.pytorch ui"
    " ui.lessons ui.window",
    "core": "core.experiment core.network core.training",
    "core.data": "core core.data.images core.data.tables core.experiment core.training",
    "core.data.images": "core core.data core.data.tables core.data.tables.formats",
    "core.data.tables": "core core.data core.data.tables.fitted core.data.tables.formats"
    " core.data.tables.writing core.experiment",
    "core.data.tables.fitted": "core core.data core.data.tables core.data.tables.formats"
    " core.data.tables.writing core.experiment",
    "core.data.tables.formats": "core core.data.tables core.data.tables.writing",
    "core.data.tables.writing": "core core.data.tables",
    "core.experiment": "core core.data core.data.images core.data.tables core.data.tables.formats"
    " core.experiment.others core.network core.training",
    "core.experiment.others": "core core.experiment",
    "core.lessons": "core core.data.tables core.experiment core.network",
    "core.network": "core core.experiment",
    "core.script": "core core.data core.data.images core.data.tables core.experiment core.network"
    " core.training",
    "core.training": "core core.data core.experiment",
    "engines": "core core.data core.data.tables core.experiment core.lessons core.network"
    " core.training engines.compiled engines.contract engines.inside engines.loop engines.pytorch",
    "engines.compiled": "core core.data core.data.tables core.experiment core.network"
    " core.training engines engines.contract engines.numpy",
    "engines.contract": "core core.data core.data.tables core.experiment core.network"
    " engines.inside",
    "engines.inside": "core core.data core.experiment engines.contract engines.loop"
    " engines.numpy engines.pytorch",
    "engines.loop": "core core.data core.data.tables core.data.tables.fitted core.experiment"
    " core.training engines engines.compiled engines.contract engines.inside engines.many"
    " engines.numpy engines.pytorch",
    "engines.many": "core core.data core.data.tables core.experiment engines.contract engines.loop",
    "engines.numpy": "core core.data core.data.tables core.experiment core.network core.script"
    " core.training engines engines.contract",
    "engines.pytorch": "core core.data core.experiment core.network core.training engines.contract",
    "ui": "core core.data core.data.images core.experiment core.lessons engines.loop ui.look"
    " ui.session ui.widgets ui.window",
    "ui.commands": "core core.data.tables core.lessons core.network ui ui.data.tools ui.lessons"
    " ui.look ui.session ui.training ui.widgets ui.window",
    "ui.compare": "core core.data core.experiment core.network core.training engines.contract"
    " engines.many ui ui.curves.axes ui.look ui.session ui.training ui.widgets",
    "ui.curves": "core core.data core.data.tables core.experiment core.lessons core.network"
    " core.script core.training engines.contract engines.inside engines.numpy ui"
    " ui.curves.axes ui.look ui.network.structure ui.output ui.session ui.widgets",
    "ui.curves.axes": "core ui ui.look",
    "ui.data": "core core.data core.data.tables core.experiment ui ui.data.importing ui.data.tools"
    " ui.look ui.training ui.widgets",
    "ui.data.importing": "core core.data core.data.images core.data.tables"
    " core.data.tables.writing core.experiment engines.contract ui ui.data ui.look"
    " ui.output.images ui.session ui.training ui.widgets",
    "ui.data.points": "core core.data core.data.tables core.experiment ui ui.data ui.look"
    " ui.widgets",
    "ui.data.tools": "core core.data",
    "ui.explain": "core core.network core.training engines.numpy ui ui.look ui.widgets",
    "ui.lessons": "core core.data core.experiment core.lessons engines.contract ui"
    " ui.lessons.driver ui.look ui.session ui.widgets ui.window",
    "ui.lessons.driver": "core core.lessons ui ui.commands ui.compare ui.session ui.widgets"
    " ui.window",
    "ui.look": "core ui",
    "ui.network": "core core.data core.experiment core.network engines.contract ui ui.look"
    " ui.network.editing ui.network.layout ui.network.painting ui.network.structure ui.widgets",
    "ui.network.editing": "core core.experiment core.network engines.contract ui ui.look"
    " ui.network ui.network.layout ui.network.structure ui.training ui.widgets",
    "ui.network.layout": "core core.experiment ui ui.look ui.network.structure",
    "ui.network.painting": "core core.data core.network engines.contract ui ui.look ui.network"
    " ui.network.layout ui.network.structure ui.output.images ui.widgets",
    "ui.network.structure": "core core.data core.experiment core.network engines.contract",
    "ui.output": "core core.data core.experiment engines.contract ui ui.data.tools ui.look"
    " ui.output.canvas ui.widgets",
    "ui.output.canvas": "core core.data core.experiment engines.contract ui ui.data.tools ui.look"
    " ui.network.painting ui.output ui.widgets",
    "ui.output.images": "core core.data ui ui.look ui.output ui.widgets",
    "ui.session": "core core.data core.data.images core.data.tables core.experiment core.lessons"
    " engines engines.contract engines.loop engines.pytorch ui ui.data.importing ui.lessons"
    " ui.look ui.widgets ui.window",
    "ui.training": "core core.data core.experiment core.training engines.contract ui ui.explain"
    " ui.look ui.widgets",
    "ui.widgets": "core ui ui.explain ui.look",
    "ui.window": "core core.data core.experiment core.training engines.contract ui ui.commands"
    " ui.compare ui.curves ui.data ui.data.points ui.lessons ui.look ui.network ui.output"
    " ui.output.canvas ui.output.images ui.session ui.training ui.widgets ui.window.areas",
    "ui.window.areas": "core ui.look ui.widgets",
}
"""Which rooms each room may import from; "" is what lies loose in the package, which all may use.
An arrow that nothing needs any more has to go, too.
"""

WINDOW = ["PySide6", "shiboken6", "pyqtgraph", "playground.ui"]
HEAVY = ["torch", "numba", "sklearn", "scipy"]


def _came_along(statement: str, forbidden: list[str]) -> list[str]:
    """Which of the `forbidden` modules, or parts of them, a fresh interpreter has then loaded."""
    program = f"import sys\n{statement}\nprint('\\n'.join(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        # What is imported does not depend on the kernels being compiled, which takes long.
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return [
        name
        for name in loaded
        if any(name == other or name.startswith(f"{other}.") for other in forbidden)
    ]


def _modules(package: object) -> list[str]:
    """Every module of a floor; packages hold nothing of their own."""
    path, prefix = package.__path__, f"{package.__name__}."  # type: ignore[attr-defined]
    found = pkgutil.walk_packages(path, prefix)
    return [module.name for module in found if not module.ispkg]


CORE, ENGINES = _modules(playground.core), _modules(playground.engines)
HOUSE = House(Path(playground.__file__).parents[1])
FACES = [module.name for module in HOUSE.modules.values() if "\n__all__ = " in module.text]
"""What a folder shows of its modules; elsewhere an underscore says what is private."""


def _import_all(names: list[str]) -> str:
    return "\n".join(f"import {name}" for name in names)


def test_core_stands_on_nothing() -> None:
    assert _came_along(_import_all(CORE), [*WINDOW, *HEAVY, "playground.engines"]) == []


def test_core_works_without_torch_and_a_window() -> None:
    prepare = (
        "from playground.core.data.dataset import prepare\n"
        "from playground.core.experiment.experiment import Experiment\n"
        "prepare(Experiment())"
    )
    assert _came_along(prepare, [*WINDOW, "torch", "numba", "playground.engines"]) == []


def test_engines_know_no_window() -> None:
    assert _came_along(_import_all(ENGINES), WINDOW) == []


@pytest.mark.parametrize("name", ["playground", "playground.core.experiment.experiment"])
def test_start_is_quick(name: str) -> None:
    assert _came_along(f"import {name}", [*WINDOW, *HEAVY, "playground.engines"]) == []


def _allowed() -> dict[str, set[str]]:
    return {room: set(others.split()) for room, others in ROOMS.items()}


def test_each_room_imports_what_the_table_says() -> None:
    arrows = HOUSE.arrows()
    assert {room: others - {""} for room, others in arrows.items()} == _allowed()


def test_no_floor_looks_up() -> None:
    height = {"core": 0, "engines": 1, "ui": 2, "benchmarks": 3, "cli": 4}
    for room, others in _allowed().items():
        if room:
            own = height[room.partition(".")[0]]
            assert all(height[other.partition(".")[0]] <= own for other in others), room


def test_a_forbidden_module_is_noticed() -> None:
    assert "PySide6.QtCore" in _came_along("import PySide6.QtCore", WINDOW)


@pytest.mark.parametrize("name", FACES)
def test_all_is_true(name: str) -> None:
    module = importlib.import_module(name)
    names = module.__all__
    assert len(set(names)) == len(names)
    assert [other for other in names if not hasattr(module, other)] == []


def _private_imports(tree: ast.AST) -> list[str]:
    """What a module takes from another of the package although its name says that it is private."""
    return [
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("playground")
        for alias in node.names
        if alias.name.startswith("_") and not alias.name.endswith("__")
    ]


def test_a_private_name_stays_in_its_module() -> None:
    taken = {module.name: _private_imports(module.tree) for module in HOUSE.modules.values()}
    assert {name: names for name, names in taken.items() if names} == {}


def test_a_private_import_is_noticed() -> None:
    tree = ast.parse("def late():\n    from playground.core.errors import _hidden, shown")
    assert _private_imports(tree) == ["playground.core.errors._hidden"]


@pytest.mark.parametrize("name", [*CORE, *ENGINES])
def test_every_module_says_what_it_is(name: str) -> None:
    assert importlib.import_module(name).__doc__
