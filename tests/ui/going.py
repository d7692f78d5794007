"""Waiting until an object of Qt is no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

__all__ = ["goes"]

WAIT = 60_000


@contextmanager
def goes(qtbot: QtBot, one: QObject) -> Iterator[None]:
    """What is done in the block makes it go. (Its signal `destroyed` cannot be relied on: the
    connection of a test goes with it.)
    """
    yield
    qtbot.waitUntil(lambda: not Shiboken.isValid(one), timeout=WAIT)
