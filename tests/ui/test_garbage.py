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


def make_much(freed_on: list[str]) -> None:
    """More than any threshold, so that a collection would be due again and again."""
    for _ in range(5):
        Node(freed_on)
        made = [[index] for index in range(20_000)]
        del made


def test_a_thread_that_makes_garbage_collects_none(qtbot: QtBot) -> None:
    make_application()
    assert not gc.isenabled()
    freed_on: list[str] = []
    busy = threading.Thread(target=make_much, args=(freed_on,), name="busy")
    busy.start()
    busy.join()
    assert freed_on == []
    qtbot.waitUntil(lambda: len(freed_on) == 5, timeout=20_000)
    assert set(freed_on) == {threading.main_thread().name}
