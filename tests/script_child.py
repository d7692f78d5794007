"""Runs the scripts of a list in JSON on stdin, and prints what each of them prints.

`python -m tests.script_child`, in a process of the fork_server. The scripts find nothing of the
product: its folder is no place to import from here.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run(source: str) -> str:
    """What a script prints that is run as a program."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, "script", "exec"), {"__name__": "__main__"})
    return printed.getvalue()


def main() -> None:
    sources = json.load(sys.stdin)
    sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != ROOT]
    for source in sources:
        print(json.dumps(run(source)))
    brought = [name for name in sys.modules if name.partition(".")[0] == "playground"]
    assert not brought, f"a script runs without the product, but found {brought}"


if __name__ == "__main__":
    main()
