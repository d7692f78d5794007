"""How the house is built: sizes, names and circles, measured by `tests/house.py`."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import MOST_MODULES, House, circles

ROOT = Path(__file__).parent.parent


LAWS: dict[str, Callable[[House], set[str]]] = {
    "crowded folder": lambda house: {
        room for room, count in house.loose_modules().items() if count > MOST_MODULES
    },
    "long file": lambda house: set(house.long_files()),
    "long function": lambda house: set(house.long_functions()),
    "circle": lambda house: {name for circle in house.circles() for name in circle},
    "name twice": lambda house: set(house.names_twice()),
}


@pytest.fixture(scope="module")
def house() -> House:
    return House(ROOT)


@pytest.mark.parametrize("law", LAWS)
def test_the_package_keeps_the_law(house: House, law: str) -> None:
    assert len(house.modules) > 100
    assert LAWS[law](house) == set()


# The measures themselves.


def built(folder: Path, files: dict[str, str]) -> House:
    """A package `house` with these files, each by its path without the ending."""
    for name, text in files.items():
        place = folder / "house" / f"{name}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(textwrap.dedent(text))
    return House(folder, "house")


def test_blanks_comments_and_docstrings_are_no_code(tmp_path: Path) -> None:
    text = '''
        """What it owns.

        More of it.
        """

        # A comment.
        VALUE = """a text
        over two lines"""  # 2
        """What the value means."""


        def f() -> int:  # 3
            "A docstring."
            return (  # 4
                1  # 5

                # between
            )  # 6
    '''
    assert built(tmp_path, {"core/one": text}).code_lines == 6


def test_every_kind_of_import_makes_a_circle(tmp_path: Path) -> None:
    types_only = """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from house.core import c
    """
    files = {
        "core/a": "from house.core.b import x",
        "core/b": types_only,
        "core/c": "def f():\n    import house.core.d",
        "core/d": "from .a import y",
        "core/e": "from house.core.a import y",
    }
    circle = [f"house.core.{name}" for name in "abcd"]
    assert built(tmp_path, files).circles() == [circle]


def test_a_folder_stands_for_what_its_init_holds(tmp_path: Path) -> None:
    files = {
        "ui/__init__": "",
        "ui/kit/__init__": "from house.ui.kit.button import Button",
        "ui/kit/button": "from house.core import one",
        "ui/user": "from house.ui.kit import Button",
        "core/one": "",
    }
    house = built(tmp_path, files)
    assert house.imports["house.ui.user"] == {"house.ui.kit"}
    assert house.arrows() == {"ui": {"ui.kit"}, "ui.kit": {"core"}, "core": set()}


def test_sizes_and_names_are_measured(tmp_path: Path) -> None:
    files = {
        "core/a/text": "x = 1\n" * 401,
        "core/b/text": "def f():\n" + "    x = 1\n" * 40,
        "core/a/view": "",
        "core/b/view": "",
        "engines/text": "def f():\n" + "    x = 1\n" * 39,
    }
    house = built(tmp_path, files | {f"ui/m{index}": "" for index in range(17)})
    assert house.long_files() == {"house.core.a.text": 401}
    assert house.long_functions() == {"house.core.b.text.f": 41}
    assert house.names_twice() == {"core: text": ["house.core.a.text", "house.core.b.text"]}
    assert LAWS["crowded folder"](house) == {"ui"}


def test_circles_are_found_in_any_graph() -> None:
    arrows = {"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": {"e"}, "e": {"d"}, "f": {"a", "f"}}
    assert circles(arrows) == [["a", "b", "c"], ["d", "e"]]
