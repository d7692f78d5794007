"""What holds for every test: off-screen windows, settings of its own, no thread left behind.

Runs on the main thread, before any Qt object exists. Exceptions in slots fail the test through
pytest-qt.
"""

import gc
import importlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication
from shiboken6 import Shiboken

from playground.engines.compiled import kernel_cache
from tests import fork_server
from tests.spoken import LANGUAGES

_GRACE_SECONDS = 30.0
"""A thread that was told to end may be in the middle of importing torch."""

_MOST_GARBAGE = 50_000
"""Objects that may be made before somebody looks what of them is garbage."""

_MOST_ALONE = 150
"""Widgets that stand in no other one, about those of four windows."""

# Qt and platformdirs read these when they are first asked, so they are set before anything can ask.
# The cache folder stays the person's own: every session would compile what is kept there anew.
_HOME = Path(tempfile.mkdtemp(prefix="playground-tests-"))
os.environ["XDG_CONFIG_HOME"] = str(_HOME / "config")
os.environ["XDG_DATA_HOME"] = str(_HOME / "data")
os.environ["XDG_STATE_HOME"] = str(_HOME / "state")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A first call may compile a kernel, so no single example can have a deadline.
hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    print_blob=True,
    # Shared machines stall; how long the inputs took to draw says nothing about the code there.
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--spoken",
        default="en",
        choices=LANGUAGES,
        help="language of the window in tests/desktop",
    )


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _compiled_kernels() -> None:
    """From the first test to the last, `auto` finds the kernels and so chooses the same engine.

    What the packages bring stays until the end: it is set aside once, so that no collection looks
    at it, and no window is set aside with it.
    """
    kernel_cache.fill()
    importlib.import_module("torch._dynamo")  # which the first optimizer of torch would bring
    importlib.import_module("sklearn.datasets")
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_fork_server_left() -> Iterator[None]:
    yield
    fork_server.close_all()


@pytest.fixture(autouse=True)
def _own_settings() -> None:
    """Start without stored settings, recent files or anything else that an earlier test left."""
    for folder in ("config", "data", "state"):
        shutil.rmtree(_HOME / folder, ignore_errors=True)
        (_HOME / folder).mkdir()


@pytest.fixture(autouse=True)
def _few_widgets_left() -> Iterator[None]:
    """Collect windows that are gone: a later change of the look would dress their parts anew."""
    yield
    if QApplication.instance() is not None and len(QApplication.topLevelWidgets()) > _MOST_ALONE:
        gc.collect()
    elif not gc.isenabled() and gc.get_count()[0] > _MOST_GARBAGE:
        gc.collect()  # no event loop has run for a while, whose timer would have


@pytest.fixture(autouse=True)
def _no_thread_left(_own_settings: None) -> Iterator[None]:
    """Fail a test after which a thread runs that did not run before.

    Pools of torch and Numba do not count: neither Python nor Qt knows their threads.
    """
    python_before = set(threading.enumerate())
    qt_before = set(map(id, _running_qthreads()))
    yield
    python_left = [
        thread
        for thread in threading.enumerate()
        # A dummy stands for a thread that Python did not start: Qt's, which are counted below.
        if thread not in python_before and not isinstance(thread, threading._DummyThread)
    ]
    for thread in python_left:
        thread.join(_GRACE_SECONDS)
    qt_left = [thread for thread in _running_qthreads() if id(thread) not in qt_before]
    for worker in qt_left:
        worker.wait(int(_GRACE_SECONDS * 1000))
    left = [str(thread) for thread in python_left if thread.is_alive()]
    left += [str(worker) for worker in qt_left if worker.isRunning()]
    if left:
        pytest.fail(f"The test left threads running: {', '.join(left)}", pytrace=False)


def _running_qthreads() -> list[QThread]:
    """Every QThread that Python code has touched and that runs, without the main thread."""
    main = QThread.currentThread()
    return [
        wrapper
        for wrapper in Shiboken.getAllValidWrappers()
        if isinstance(wrapper, QThread) and wrapper is not main and wrapper.isRunning()
    ]
