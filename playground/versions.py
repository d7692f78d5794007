"""The versions of Playground and of what it runs on, for `playground --version` and the window.

Reads what the installed packages say of themselves and imports none of them, so it answers at once
and tells what is missing.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from playground import __version__

PACKAGES = {
    "torch": "torch",
    "numba": "numba",
    "NumPy": "numpy",
    "PySide6 and Qt": "PySide6-Essentials",
    "pyqtgraph": "pyqtgraph",
}
"""Names for people and on the package index."""


def versions() -> Iterator[str]:
    """One line for each; the first is that of Playground itself."""
    yield f"Playground {__version__}"
    yield f"Python {platform.python_version()} on {platform.platform()}"
    for name, package in PACKAGES.items():
        try:
            yield f"{name} {version(package)}"
        except PackageNotFoundError:
            yield f"{name}: not installed"
