"""Import torch, LLVM and scikit-learn while the window stays alive.

Python holds its lock while it loads an extension module, and the window stands still for as long:
a third of a second for torch. A call through ctypes does without the lock, so the libraries are
opened that way first, and the import that follows finds them in memory.

The garbage collector holds the lock, too, and looks at every object there is: with these packages
a sixth of a second, several times a second while training. What they bring stays until the end, so
it is set aside.

Runs on the thread that will import torch, which may be long after the window was opened: most
networks are trained without it. Where a library is not found, or on Windows, whose loader knows no
such call, nothing happens: the import does the work.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

LIBRARIES = {"torch": ("lib", "libtorch_python"), "llvmlite": ("binding", "libllvmlite")}


def load_torch() -> None:
    """Import torch, unless it is there. Raises ImportError or OSError where that is impossible."""
    if not _torch_is_there():
        with without_collecting():
            preload("torch")
            import torch  # noqa: F401


def preload(package: str) -> None:
    """Open the library of a package; takes some tenths of a second, without the interpreter's
    lock.
    """
    if sys.platform == "win32":
        return
    ending = ".dylib" if sys.platform == "darwin" else ".so"
    opening = ctypes.CDLL(None).dlopen
    opening.restype = ctypes.c_void_p
    folder, name = LIBRARIES[package]
    spec = find_spec(package)
    if spec is not None and spec.origin is not None:
        library = Path(spec.origin).parent / folder / f"{name}{ending}"
        opening(os.fsencode(library), ctypes.c_int(os.RTLD_NOW | os.RTLD_GLOBAL))


@contextmanager
def without_collecting() -> Iterator[None]:
    """No garbage is collected inside the block. If torch was imported in it, what is alive at its
    end is set aside: no collection but that of `collect_everything` will look at it.
    """
    collects = gc.isenabled()
    was_there = _torch_is_there()
    gc.disable()
    try:
        yield
    finally:
        if _torch_is_there() and not was_there:
            gc.freeze()
        if collects:
            gc.enable()


def _torch_is_there() -> bool:
    return "torch" in sys.modules


def collect_everything() -> None:
    """Collect all garbage, also among what was set aside, such as a window that was there when the
    packages were imported; it takes some tenths of a second, so only after much was thrown away.
    """
    set_aside = gc.get_freeze_count() > 0
    gc.unfreeze()
    gc.collect()
    if set_aside:
        gc.freeze()
