"""Hidden controls: each can be, stays so in the project file, and comes back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson_files import bundled
from playground.ui.widgets import LinkButton
from playground.ui.window.hiding import HideableControl
from playground.ui.window.main_window import MainWindow
from tests.ui.shared_window import SharedWindow, shared_window
from tests.ui.whole_window import SMALL, WAIT

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

DATA = (
    {"kind": "generated", "generator": "circle"},
    {"kind": "generated", "generator": "sine"},
    {"kind": "digits"},
    {"kind": "iris"},
    {"kind": "vectors"},
)


@pytest.fixture(scope="module")
def _shared() -> Iterator[SharedWindow]:
    with shared_window() as shared:
        yield shared


@pytest.fixture
def window(qtbot: QtBot, _shared: SharedWindow) -> Iterator[MainWindow]:
    with _shared.lent(qtbot, SMALL) as window:
        window.notices.hide()  # what is said goes by itself, which may be in the middle of this
        yield window


def shown(window: MainWindow) -> set[int]:
    """Every widget that is not hidden itself; the link that speaks of hiding does not count."""
    link = link_of(window)
    return {
        id(widget)
        for widget in window.centralWidget().findChildren(QWidget)
        if not widget.isHidden() and widget is not link
    }


def link_of(window: MainWindow) -> LinkButton:
    link = window.menuBar().cornerWidget()
    assert isinstance(link, LinkButton)
    return link


def hide(window: MainWindow, *keys: str) -> None:
    window.session.set_view("hidden", keys)
    QApplication.processEvents()


def open_data(qtbot: QtBot, window: MainWindow, data: dict) -> None:
    """Another document, with its picture."""
    session = window.session
    raw = {"data": data, "training": {"engine": "torch"}}
    session.replace(Experiment.parse(raw))
    qtbot.waitUntil(
        lambda: session.dataset is not None and session.run.snapshot is not None, timeout=WAIT
    )
    QApplication.processEvents()


def test_every_key_is_known_by_name_and_names_its_area(window: MainWindow) -> None:
    parts = window.hiding.parts
    assert len({id(part.widget) for part in parts.values()}) == len(parts)
    for key, part in parts.items():
        assert part.key == key
        assert part.label, key
        assert part.area in parts, key


@pytest.mark.parametrize("data", DATA, ids=lambda data: data["kind"])
def test_each_part_can_be_hidden_and_comes_back_as_it_was(
    qtbot: QtBot, window: MainWindow, data: dict
) -> None:
    open_data(qtbot, window, data)
    before = shown(window)
    for key, part in window.hiding.parts.items():
        hide(window, key)
        assert part.widget.isHidden(), key
        assert link_of(window).isVisible(), key
        hide(window)
        assert shown(window) == before, key
        assert not link_of(window).isVisible(), key


def test_all_at_once_is_an_empty_window_that_comes_back(qtbot: QtBot, window: MainWindow) -> None:
    before = shown(window)
    hide(window, *window.hiding.parts)
    assert not any(part.widget.isVisible() for part in window.hiding.parts.values())
    assert str(len(window.hiding.parts)) in link_of(window).text()
    hide(window)
    assert shown(window) == before


@pytest.mark.parametrize(("first", "then"), [(0, 2), (2, 0), (1, 0), (0, 1), (3, 4)])
def test_other_data_do_not_bring_back_what_is_hidden(
    qtbot: QtBot, window: MainWindow, first: int, then: int
) -> None:
    """What the window would show for the new data is shown as soon as nothing is hidden."""
    open_data(qtbot, window, DATA[then])
    wanted = shown_parts(window)
    open_data(qtbot, window, DATA[first])
    hide(window, *window.hiding.parts)
    experiment = Experiment.parse({"data": DATA[then], "training": {"engine": "torch"}})
    window.session.use_data(experiment.data, "other")
    qtbot.waitUntil(
        lambda: (
            window.session.dataset is not None and window.session.dataset.data == experiment.data
        ),
        timeout=WAIT,
    )
    QApplication.processEvents()
    assert not any(part.widget.isVisible() for part in window.hiding.parts.values())
    hide(window)
    assert shown_parts(window) == wanted


def shown_parts(window: MainWindow) -> set[str]:
    """The keys of what is not hidden itself."""
    return {key for key, part in window.hiding.parts.items() if not part.widget.isHidden()}


def test_what_is_hidden_stays_so_whoever_shows_it(window: MainWindow) -> None:
    hide(window, "features")
    features: QWidget = window.hiding.parts["features"].widget
    features.hide()
    features.show()
    features.setVisible(True)
    assert features.isHidden()
    features.hide()
    hide(window)
    assert features.isHidden(), "the window itself hid it meanwhile"
    features.show()
    assert features.isVisible()


def test_a_project_opens_with_the_same_parts_hidden(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    keys = ("features", "transport.speed", "training.batch_size", "draw.brush")
    hide(window, *keys)
    file = tmp_path / "class.playground.json"
    window.session.save(file)
    window.session.replace(Experiment())
    QApplication.processEvents()
    parts = [window.hiding.parts[key] for key in keys]
    assert not any(part.widget.isHidden() for part in parts)
    window.documents.open(file)
    qtbot.waitUntil(lambda: window.session.experiment.view.hidden == keys, timeout=WAIT)
    assert all(part.widget.isHidden() for part in parts)
    assert "4" in link_of(window).text()
    assert not window.session.is_modified


def test_a_key_of_another_version_is_left_alone(window: MainWindow) -> None:
    before = shown(window)
    hide(window, "holograms", "training.telepathy")
    assert shown(window) == before
    assert not link_of(window).isVisible()
    assert window.session.experiment.view.hidden == ("holograms", "training.telepathy")


def test_the_dialog_hides_and_shows_and_follows(qtbot: QtBot, window: MainWindow) -> None:
    link_of(window).click()
    window.windows.open_hiding()
    dialog = window.windows.hiding
    assert dialog is not None
    item = next(found for found in _items(dialog.tree) if found.text(0) == "Features")
    item.setCheckState(0, Qt.CheckState.Unchecked)
    assert window.session.experiment.view.hidden == ("features",)
    assert window.parts.features.isHidden()
    hide(window, "curves")
    assert dialog.keys() == ("curves",)
    assert not window.parts.features.isHidden()
    dialog._show_all()
    assert window.session.experiment.view.hidden == ()
    assert not window.parts.curves.isHidden()


def _items(tree: object) -> Iterator:
    for index in range(tree.topLevelItemCount()):
        yield tree.topLevelItem(index)


def test_presenter_mode_brings_nothing_hidden_back(window: MainWindow) -> None:
    hide(window, "training", "curves", "transport.speed")
    for _ in range(2):
        window.toggle_presenter()
        window.resize(1300, 800)
        QApplication.processEvents()
        for key in ("training", "curves", "transport.speed"):
            assert window.hiding.parts[key].widget.isHidden(), key


# Locks of lessons.


def test_what_a_lesson_locks_is_seen_but_not_changed(window: MainWindow) -> None:
    locked = ("data", "training.optimizer.kind")
    window.hiding.lock(locked)
    parts = window.hiding.parts
    optimizer = next(p for key, p in parts.items() if key.endswith("optimizer.kind"))
    for part in (parts["data"], optimizer):
        assert part.widget.isVisible()
        assert not part.widget.isEnabled()
    assert parts["training.batch_size"].widget.isEnabled()
    window.hiding.lock(())
    assert all(part.widget.isEnabled() for part in (parts["data"], optimizer))


def test_every_lock_of_a_bundled_lesson_names_something_in_the_window(window: MainWindow) -> None:
    for lesson in bundled():
        assert set(lesson.hidden) <= set(window.hiding.parts), lesson.key
        for path in lesson.locked:
            assert _locked_by(window, path), f"{lesson.key}: {path}"


def _locked_by(window: MainWindow, path: str) -> list[HideableControl]:
    window.hiding.lock((path,))
    found = [part for part in window.hiding.parts.values() if not part.widget.isEnabled()]
    window.hiding.lock(())
    return found
