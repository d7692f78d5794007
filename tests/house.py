"""How the house is built: `python -m tests.house [FOLDER]` measures the package in a checkout.

Reads source files and imports none of them, so that it measures any checkout. Prints the lines of
code, what is larger than the limits, the circles of imports, names that a floor has twice, and the
arrows between rooms. `tests/test_house.py` and `tests/test_floors.py` hold the package to it.

    module    a Python file, but for `__init__.py` and `__main__.py`, which belong to their folder
    room      a folder with modules; those that lie loose on a floor are a room, too
    floor     core, engines, ui; what lies beside them is measured, but has no floor
    arrow     one room imports from another, wherever the statement stands: at the top, in a
              function, or for types only
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

__all__ = ["House", "Module", "circles", "main"]

PACKAGE = "playground"
FLOORS = ("core", "engines", "ui")
MOST_MODULES, MOST_LINES, MOST_FUNCTION_LINES = 16, 400, 40
MAY_RECUR = {"view", "card"}
_FOLDER = {"__init__", "__main__"}
_NOT_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}


@dataclass(frozen=True)
class Module:
    """One file. `name` is dotted and begins with the package; for `__init__` it is the folder's."""

    name: str
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def is_folder(self) -> bool:
        return self.path.stem in _FOLDER

    @property
    def room(self) -> str:
        """The folder it lies in, dotted, without the package."""
        inside = self.name if self.path.stem == "__init__" else self.name.rpartition(".")[0]
        return inside.partition(".")[2]

    @property
    def floor(self) -> str:
        first = self.name.split(".")[1:2]
        return first[0] if first and first[0] in FLOORS else ""

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @property
    def code_lines(self) -> int:
        """Lines with anything but blanks, comments and docstrings."""
        lines: set[int] = set()
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type not in _NOT_CODE:
                lines.update(range(token.start[0], token.end[0] + 1))
        return len(lines - self._docstring_lines())

    def _docstring_lines(self) -> set[int]:
        """Lines of texts that stand by themselves: docstrings, those behind a name included."""
        return {
            line
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        }

    def functions(self) -> Iterator[tuple[str, int]]:
        """Every function with the number of its lines, from `def` to its end."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{self.name}.{node.name}", (node.end_lineno or 0) - node.lineno + 1


class House:
    """A package as it lies in a folder."""

    def __init__(self, root: Path, package: str = PACKAGE) -> None:
        self.package = package
        self.modules = {module.name: module for module in _found(root / package, package)}

    # Sizes.

    @property
    def code_lines(self) -> int:
        return sum(module.code_lines for module in self.modules.values())

    def loose_modules(self) -> Counter[str]:
        """How many modules lie in each folder itself."""
        return Counter(module.room for module in self.modules.values() if not module.is_folder)

    def long_files(self) -> dict[str, int]:
        sizes = {name: module.lines for name, module in self.modules.items()}
        return {name: lines for name, lines in sizes.items() if lines > MOST_LINES}

    def long_functions(self) -> dict[str, int]:
        return {
            name: lines
            for module in self.modules.values()
            for name, lines in module.functions()
            if lines > MOST_FUNCTION_LINES
        }

    def names_twice(self) -> dict[str, list[str]]:
        """Names that two modules of one floor have, as "floor: name", with these modules."""
        named = defaultdict(list)
        for module in self.modules.values():
            own = module.path.stem
            if module.floor and not module.is_folder and own not in MAY_RECUR:
                named[f"{module.floor}: {own}"].append(module.name)
        return {name: found for name, found in named.items() if len(found) > 1}

    # Imports.

    @cached_property
    def imports(self) -> dict[str, set[str]]:
        """For each module the others that it names in an import, wherever that stands.

        To import a name from a folder is to import the module of that name, where there is one,
        and otherwise the folder's `__init__`. That a module runs those above it is no arrow.
        """
        return {
            name: {other for other in self._named(module) if other != name}
            for name, module in self.modules.items()
        }

    def _named(self, module: Module) -> Iterator[str]:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names if alias.name in self.modules)
            elif isinstance(node, ast.ImportFrom):
                start = self._start(module, node)
                for alias in node.names:
                    inside = f"{start}.{alias.name}"
                    found = inside if inside in self.modules else start
                    if found in self.modules:
                        yield found

    @staticmethod
    def _start(module: Module, node: ast.ImportFrom) -> str:
        """The dotted name that is imported from; a relative one seen from its module."""
        if not node.level:
            return node.module or ""
        parts = module.name.split(".")
        folder = parts if module.path.stem == "__init__" else parts[:-1]
        kept = folder[: len(folder) - node.level + 1]
        return ".".join([*kept, *([node.module] if node.module else [])])

    def circles(self) -> list[list[str]]:
        return circles(self.imports)

    def arrows(self) -> dict[str, set[str]]:
        """For each room the others that it imports from."""
        found: dict[str, set[str]] = {module.room: set() for module in self.modules.values()}
        for name, others in self.imports.items():
            room = self.modules[name].room
            found[room] |= {self.modules[other].room for other in others} - {room}
        return found


def circles(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """The sets of modules that all lead to each other, largest first: strongly connected components
    of more than one (R. Tarjan, 1972).
    """
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(one: str) -> None:
        order[one] = lowest[one] = len(order)
        stack.append(one)
        for other in sorted(imports.get(one, ())):
            if other not in order:
                visit(other)
                lowest[one] = min(lowest[one], lowest[other])
            elif other in stack:
                lowest[one] = min(lowest[one], order[other])
        if lowest[one] == order[one]:
            start = stack.index(one)
            found.append(sorted(stack[start:]))
            del stack[start:]

    for one in sorted(imports):
        if one not in order:
            visit(one)
    return sorted((circle for circle in found if len(circle) > 1), key=len, reverse=True)


def _found(folder: Path, package: str) -> Iterator[Module]:
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        names = parts[:-1] if parts[-1] == "__init__" else parts
        yield Module(".".join((package, *names)), path)


def main(arguments: list[str]) -> None:
    house = House(Path(arguments[0] if arguments else "."))
    arrows = house.arrows()
    print(f"code lines {house.code_lines}, modules {len(house.modules)}")
    print(f"rooms {len(arrows)}, arrows between them {sum(map(len, arrows.values()))}")
    _print_table(f"loose modules of a folder (limit {MOST_MODULES})", house.loose_modules())
    _print_table(f"files of more than {MOST_LINES} lines", house.long_files())
    _print_table(f"functions of more than {MOST_FUNCTION_LINES} lines", house.long_functions())
    print("\ncircles of imports")
    for circle in house.circles():
        print(f"  {len(circle)}: {', '.join(circle)}")
    print("\ntwo modules of one name on a floor")
    for name, found in sorted(house.names_twice().items()):
        print(f"  {name}: {', '.join(found)}")
    print("\narrows")
    for room, others in sorted(arrows.items()):
        print(f"  {room or PACKAGE}: {', '.join(sorted(other or PACKAGE for other in others))}")


def _print_table(title: str, counts: Mapping[str, int]) -> None:
    print(f"\n{title}")
    for name, count in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"  {count:4}  {name or PACKAGE}")


if __name__ == "__main__":
    main(sys.argv[1:])
