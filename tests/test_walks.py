"""What counts as a hop, a return and an echo, on a package of three files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from pytestqt.qtbot import QtBot

from tests.walks import GUI, Hop, Recorder, Walk, without_rounds

FILES = {
    "a": """
import b

def start():
    own()
    b.middle(own)
    b.leaf()

def own(): pass
""",
    "b": """
import c

def middle(call):
    c.end()
    call()

def leaf(): pass
""",
    "c": "def end(): pass\n",
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    for name, text in FILES.items():
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    yield {name: __import__(name) for name in FILES}
    for name in FILES:
        del sys.modules[name]


def test_calls_between_files_are_hops(package: dict[str, ModuleType], tmp_path: Path) -> None:
    with Recorder(tmp_path).put_up() as recorder, recorder.recording():
        recorder.is_act = True
        package["a"].start()
    walk = recorder.walks()[GUI]
    assert walk.hops == (
        Hop("a.py", "b.py", "middle"),
        Hop("b.py", "c.py", "end"),
        Hop("b.py", "a.py", "own", echoes=True),
        Hop("a.py", "b.py", "leaf"),
    )
    assert [hop.function for hop in walk.returns] == ["own", "leaf"]
    assert [hop.function for hop in walk.echoes] == ["own"]


class Teller(QObject):
    told = Signal()


@pytest.mark.parametrize("queued", [False, True])
def test_a_signal_is_a_hop(
    qtbot: QtBot, package: dict[str, ModuleType], tmp_path: Path, queued: bool
) -> None:
    """Delivered at once it leads out of the file that emits; queued, out of the event loop."""
    teller = Teller()
    kind = Qt.ConnectionType
    connection = kind.QueuedConnection if queued else kind.DirectConnection
    teller.told.connect(package["c"].end, connection)
    with Recorder(tmp_path).put_up() as recorder, recorder.recording():
        recorder.is_act = True
        package["b"].middle(teller.told.emit)
        recorder.is_act = False
        QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall.value)
    heard = Hop(None if queued else "b.py", "c.py", "end")
    assert recorder.walks()[GUI].hops == (Hop("b.py", "c.py", "end"), heard)


def test_rounds_that_are_alike_count_once() -> None:
    one, two, three = (Hop("a.py", "b.py", name) for name in ("one", "two", "three"))
    walked = (one, two, one, two, one, two, three, three, one)
    assert without_rounds(walked) == (one, two, three, one)
    assert Walk(walked).pairs == {("a.py", "b.py"): 9}
