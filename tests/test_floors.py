"""Floors and rooms of the house: what each may import.

Of the floors a fresh interpreter is asked which modules came along; of the rooms the source is
read, so that what is imported in a function or for types only counts, too.
"""

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
    "": "core engines cli",
    "cli": "core core.lessons core.network core.tables engines ui",
    "core": "core.network core.tables",
    "core.lessons": "core core.network core.tables",
    "core.network": "core",
    "core.script": "core core.network core.tables",
    "core.tables": "core",
    "engines": "core core.lessons core.network core.script core.tables",
    "ui": "core core.lessons core.network core.tables engines ui.compare ui.driver ui.importing"
    " ui.panels ui.points ui.views ui.views.canvas ui.views.curves ui.views.images"
    " ui.views.network ui.widgets",
    "ui.compare": "core engines ui ui.panels ui.views.curves ui.widgets",
    "ui.driver": "core core.lessons ui ui.compare ui.widgets",
    "ui.explain": "core engines ui ui.widgets",
    "ui.importing": "core core.tables ui ui.widgets",
    "ui.panels": "core core.lessons core.tables engines ui ui.explain ui.tools ui.widgets",
    "ui.points": "core ui ui.panels ui.tools ui.widgets",
    "ui.tools": "core",
    "ui.views": "core core.network engines ui ui.views.canvas ui.views.network ui.widgets",
    "ui.views.canvas": "core engines ui ui.tools ui.views ui.views.network ui.widgets",
    "ui.views.curves": "core core.network core.script core.tables engines ui ui.importing ui.views"
    " ui.views.network ui.widgets",
    "ui.views.images": "core ui ui.widgets",
    "ui.views.network": "core core.network engines ui ui.panels ui.views.images ui.widgets",
    "ui.widgets": "core ui ui.explain",
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
    arrows = House(Path(__file__).parent.parent).arrows()
    assert {room: others - {""} for room, others in arrows.items()} == _allowed()


def test_no_floor_looks_up() -> None:
    height = {"core": 0, "engines": 1, "ui": 2, "cli": 3}
    for room, others in _allowed().items():
        if room:
            own = height[room.partition(".")[0]]
            assert all(height[other.partition(".")[0]] <= own for other in others), room


def test_a_forbidden_module_is_noticed() -> None:
    assert "PySide6.QtCore" in _came_along("import PySide6.QtCore", WINDOW)


@pytest.mark.parametrize("name", ["playground", *CORE, *ENGINES])
def test_all_is_true(name: str) -> None:
    module = importlib.import_module(name)
    names = module.__all__
    assert len(set(names)) == len(names)
    assert [other for other in names if not hasattr(module, other)] == []


@pytest.mark.parametrize("name", [*CORE, *ENGINES])
def test_every_module_says_what_it_is(name: str) -> None:
    assert importlib.import_module(name).__doc__
