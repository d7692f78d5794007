"""The main job through the real window: every event comes from the X server, as from a hand."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.desktop.display import Desktop, Program, Window, poll

State = dict[str, Any]


class Hand:
    """A person in front of the window: points at parts by name, reads what the window says."""

    def __init__(self, program: Program, file: Path) -> None:
        self.program, self._file = program, file
        self.window: Window = program.window("Playground")
        self.until("the first picture", lambda state: state["epoch"] == 0 and state["loss"])

    def state(self) -> State:
        return json.loads(self._file.read_text(encoding="utf-8"))

    def until(self, what: str, holds: Callable[[State], object]) -> State:
        """Wait until the window's state is so."""

        def observe() -> State | None:
            if not self._file.exists():
                return None
            state = self.state()
            return state if holds(state) else None

        return poll(what, observe)

    def at(self, name: str, part: tuple[float, float] = (0.5, 0.5)) -> tuple[int, int]:
        """A place inside a part of the window; (0, 0) is its upper left corner."""
        x, y, width, height = self.state()["places"][name]
        return round(x + width * part[0]), round(y + height * part[1])

    def click(self, name: str, **how: Any) -> None:
        self.window.click(*self.at(name), **how)

    def on_canvas(self, x1: float, x2: float) -> tuple[int, int]:
        """Where a point of the plane lies in the window."""
        return self.at("Canvas", ((x1 + 6) / 12, (6 - x2) / 12))

    def places_of(self, label: int) -> np.ndarray:
        """Coordinates of the points of one class."""
        data = self.state()["data"]
        return np.array(data["x"]).reshape(-1, 2)[np.array(data["label"], int) == label]


@pytest.fixture
def hand(desktop: Desktop, tmp_path: Path) -> Iterator[Hand]:
    file = tmp_path / "state.json"
    program = desktop.start([sys.executable, "-m", "tests.desktop.observed", str(file)])
    return Hand(program, file)


def test_a_person_paints_two_classes_trains_drags_a_point_and_takes_all_back(hand: Hand) -> None:
    hand.window.key("ctrl+BackSpace")
    hand.until("an empty canvas", lambda state: state["data"].get("x") == [])
    paint_two_classes(hand)
    hand.window.move(*hand.on_canvas(0, 5))
    hand.window.key("space")
    learned = hand.until("training", lambda state: state["epoch"] > 30 and state["loss"] < 0.2)
    assert learned["activity"] == "training"
    assert_picture_is_divided(hand)
    drag_a_point_across(hand, learned)
    hand.window.key("space")
    hand.until("a pause", lambda state: state["activity"] == "paused")
    while hand.state()["undo"]:
        before = hand.state()["undo"], hand.state()["data"]
        hand.window.key("ctrl+z")
        hand.until("a step back", lambda state: (state["undo"], state["data"]) != before)  # noqa: B023
    assert hand.state()["data"]["kind"] == "generated"


def paint_two_classes(hand: Hand) -> None:
    hand.window.drag(hand.on_canvas(-4, 3), hand.on_canvas(-3, 0), hand.on_canvas(-4, -3))
    hand.until("blue points", lambda state: len(state["data"]["x"]) > 10)
    blue = len(hand.state()["data"]["x"])
    hand.window.key("2")
    hand.window.drag(hand.on_canvas(4, 3), hand.on_canvas(3, 0), hand.on_canvas(4, -3))
    hand.until("orange points", lambda state: len(state["data"]["x"]) > blue + 10)
    assert (hand.places_of(0)[:, 0] < 0).all()
    assert (hand.places_of(1)[:, 0] > 0).all()


def assert_picture_is_divided(hand: Hand) -> None:
    """Left of the canvas is more blue than red, right of it the other way round."""

    def divided() -> bool:
        picture = np.asarray(hand.window.screenshot(), int)
        left_x, left_y = hand.on_canvas(-5, 4.5)
        right_x, right_y = hand.on_canvas(5, 4.5)
        left, right = picture[left_y, left_x], picture[right_y, right_x]
        return bool(left[2] > left[0] + 40 and right[0] > right[2] + 40)

    poll("a blue and an orange side", divided)


def drag_a_point_across(hand: Hand, before: State) -> None:
    """Pick the first orange point and carry it to the blue side while training goes on."""
    hand.window.key("v")
    start = tuple(hand.places_of(1)[0])
    hand.window.drag(hand.on_canvas(*start), hand.on_canvas(0, 1), hand.on_canvas(-3.5, 1))
    hand.until("the point on the other side", lambda state: hand.places_of(1)[:, 0].min() < -3)
    after = hand.until("training to go on", lambda state: state["epoch"] > before["epoch"] + 5)
    assert after["run"] == before["run"], "dragging a point must not start the run again"
    assert after["trained_on"] == before["trained_on"]


def test_shift_click_adds_the_other_class_and_ctrl_click_removes(hand: Hand) -> None:
    hand.window.key("ctrl+BackSpace")
    hand.until("an empty canvas", lambda state: state["data"].get("x") == [])
    hand.window.click(*hand.on_canvas(2, 2), holding="shift")
    hand.until("points of the other class", lambda state: set(state["data"]["label"]) == {1})
    count = len(hand.state()["data"]["x"])
    hand.window.click(*hand.on_canvas(2, 2), holding="ctrl")
    hand.until("one point less", lambda state: len(state["data"]["x"]) == count - 1)


def test_the_network_is_built_by_keyboard(hand: Hand) -> None:
    hand.window.key("ctrl+l")
    hand.until("a third layer", lambda state: len(state["layers"]) == 3)
    hand.window.key("ctrl+shift+l")
    hand.until("two layers again", lambda state: len(state["layers"]) == 2)
    hand.window.key("ctrl+z")
    hand.until("three layers by undo", lambda state: len(state["layers"]) == 3)


def test_a_learning_rate_of_a_million_is_explained_and_reset_works(hand: Hand) -> None:
    hand.window.key("space")
    hand.until("training", lambda state: state["epoch"] > 3)
    hand.click("Learning rate")
    hand.window.key("ctrl+a")
    hand.window.type("1e6")
    hand.window.key("Return")
    said = hand.until("an explanation", lambda state: state["notice"])
    assert "above 10" in said["notice"]
    assert "paused" in said["notice"]
    assert said["activity"] == "paused"
    assert said["training"]["optimizer"]["learning_rate"] == 0.03
    hand.window.key("Escape")
    hand.click("Canvas", button=3)
    hand.window.key("r")
    hand.until("the start", lambda state: state["epoch"] == 0)


def test_closing_while_training_ends_with_code_0_within_two_seconds(hand: Hand) -> None:
    hand.window.key("space")
    hand.until("training", lambda state: state["epoch"] > 3)
    since = time.monotonic()
    hand.window.key("ctrl+q")
    assert hand.program.wait() == 0
    assert time.monotonic() - since < 2.0


def test_unsaved_work_is_asked_about(hand: Hand) -> None:
    hand.window.click(*hand.on_canvas(0, 0))
    hand.until("a painted point", lambda state: state["data"]["kind"] == "points")
    hand.window.key("ctrl+q")
    question = hand.program.window("Unsaved changes")
    question.key("Escape")
    assert hand.until("the window to stay", lambda state: state["data"]["kind"] == "points")
    hand.window.activate()
    hand.window.key("ctrl+q")
    hand.program.window("Unsaved changes").key("alt+d")
    assert hand.program.wait() == 0
