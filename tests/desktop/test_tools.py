"""The desktop's hands and eyes, proved on a small program before the real window relies on them."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desktop import recorder
from tests.desktop.display import Desktop, DesktopError, Window, poll


@pytest.fixture
def record(tmp_path: Path) -> Path:
    file = tmp_path / "events.txt"
    file.touch()
    return file


@pytest.fixture
def window(desktop: Desktop, record: Path) -> Window:
    program = desktop.start([sys.executable, recorder.__file__, str(record)])
    return program.window(recorder.TITLE)


@pytest.fixture
def recorded(record: Path) -> Callable[[str], list[str]]:
    """Wait until the program has written a line; return all lines so far."""

    def wait(last: str) -> list[str]:
        def lines() -> list[str] | None:
            found = record.read_text(encoding="utf-8").splitlines()
            return found if last in found else None

        return poll(f"the event '{last}'", lines)

    return wait


def test_click_arrives_where_it_is_aimed(window: Window, recorded: Callable) -> None:
    window.click(40, 30)
    lines = recorded("release 40 30")
    assert [line for line in lines if "move" not in line] == ["press 40 30", "release 40 30"]


def test_click_with_a_modifier_and_twice(window: Window, recorded: Callable) -> None:
    window.click(50, 60, holding="shift")
    recorded("shift-press 50 60")
    window.click(90, 80, times=2)
    recorded("double 90 80")


def test_drag_passes_every_point(window: Window, recorded: Callable) -> None:
    window.drag((20, 20), (120, 20), (120, 100))
    lines = recorded("release 120 100")
    assert lines.index("press 20 20") < lines.index("move 120 20") < lines.index("move 120 100")
    assert "move 70 20" in lines


def test_wheel_turns_both_ways(window: Window, recorded: Callable) -> None:
    window.scroll(50, 50, 1)
    recorded("wheel up")
    window.scroll(50, 50, -2)
    assert recorded("wheel down")[0] == "wheel up"


def test_keys_and_text_arrive(window: Window, recorded: Callable) -> None:
    window.key("space")
    recorded("key  ")
    window.type("0.03a")
    assert recorded("key a")[-5:] == ["key 0", "key .", "key 0", "key 3", "key a"]


def test_screenshot_shows_the_inside_of_the_window(window: Window) -> None:
    assert window.geometry[2:] == recorder.SIZE
    poll("the first paint", lambda: window.screenshot().getpixel((150, 100)) == recorder.FILL)
    assert window.screenshot().getcolors() == [(300 * 200, recorder.FILL)]


def test_resize_is_seen(window: Window) -> None:
    window.resize(420, 310)
    assert window.screenshot().size == (420, 310)


def test_closing_the_window_ends_the_program(window: Window) -> None:
    window.key("alt+F4")
    assert window.program.wait(10) == 0


def test_programs_do_not_outlive_the_desktop() -> None:
    with Desktop(400, 300) as desktop:
        program = desktop.start(["sleep", "1000"])
    assert program.process.returncode is not None


def test_program_that_ends_early_is_reported_with_its_words(desktop: Desktop) -> None:
    program = desktop.start([sys.executable, "-c", "raise SystemExit('no such thing')"])
    with pytest.raises(DesktopError, match=r"ended with code 1(?s:.*)no such thing"):
        program.window(recorder.TITLE)


def test_missing_tool_names_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DesktopError, match=r"'Xvfb'.*apt-get install xvfb"):
        Desktop()
