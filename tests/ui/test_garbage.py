"""Garbage is collected by the GUI thread alone."""

from __future__ import annotations

import gc
import threading
import weakref

from pytestqt.qtbot import QtBot

from playground.ui.app import make_application


class Node:
    """Holds itself, so that only the collector can free it."""

    def __init__(self, freed_on: list[str]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: freed_on.append(threading.current_thread().name))


MANY = 10_000
"""More than any threshold."""


def make_much(freed_on: list[str]) -> None:
    for _ in range(MANY):
        Node(freed_on)


def test_a_thread_that_makes_garbage_collects_none(qtbot: QtBot) -> None:
    make_application()
    assert not gc.isenabled()
    freed_on: list[str] = []
    busy = threading.Thread(target=make_much, args=(freed_on,), name="busy")
    busy.start()
    busy.join()
    assert freed_on == []
    qtbot.waitUntil(lambda: len(freed_on) == MANY, timeout=20_000)
    assert set(freed_on) == {threading.main_thread().name}
