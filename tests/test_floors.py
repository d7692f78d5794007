"""The floors of the house: what each may import, asked of a fresh interpreter."""

import importlib
import os
import pkgutil
import subprocess
import sys

import pytest

import playground
import playground.core
import playground.engines

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
        "from playground.core.dataset import prepare\n"
        "from playground.core.experiment import Experiment\n"
        "prepare(Experiment())"
    )
    assert _came_along(prepare, [*WINDOW, "torch", "numba", "playground.engines"]) == []


def test_engines_know_no_window() -> None:
    assert _came_along(_import_all(ENGINES), WINDOW) == []


@pytest.mark.parametrize("name", ["playground", "playground.core.experiment"])
def test_start_is_quick(name: str) -> None:
    assert _came_along(f"import {name}", [*WINDOW, *HEAVY, "playground.engines"]) == []


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
