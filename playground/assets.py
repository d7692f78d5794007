"""Finds the files of `assets/`: icons, lessons, samples.

Owns one fact: where that folder is. A wheel carries it inside the package as `playground/_assets`;
in a checkout, and so in an editable install, it lies beside the package. Standard library only, so
that every floor may import it; safe on any thread.
"""

from pathlib import Path, PurePosixPath

_PACKAGE = Path(__file__).resolve().parent


def _find_root() -> Path:
    shipped = _PACKAGE / "_assets"
    return shipped if shipped.is_dir() else _PACKAGE.parent / "assets"


ROOT = _find_root()


def path(name: str) -> Path:
    """Return the absolute path of one asset, a file or a folder.

    `name` is relative to `assets/` and written with forward slashes on every system, for example
    `"icons/brush.svg"`. Raises FileNotFoundError if nothing lies there: an asset that is missing is
    a fault of the installation, not of the person.
    """
    found = ROOT.joinpath(*PurePosixPath(name).parts)
    if not found.exists():
        raise FileNotFoundError(f"Playground has no asset '{name}' in {ROOT}.")
    return found
