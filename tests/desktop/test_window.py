"""The main job through the real window: every event comes from the X server, as from a hand."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.desktop.display import Desktop, poll
from tests.desktop.hand import Hand, State
from tests.spoken import matches

OBSERVED = "tests.desktop.observed"


@pytest.fixture
def chosen(tmp_path: Path, spoken: str) -> dict[str, str]:
    """What a program has to be told to find the language of the test among its settings."""
    settings = tmp_path / "playground" / "Playground.conf"
    settings.parent.mkdir()
    settings.write_text(f"[General]\nlanguage={spoken}\n", encoding="utf-8")
    return {"XDG_CONFIG_HOME": str(tmp_path)}


@pytest.fixture
def hand(desktop: Desktop, tmp_path: Path, chosen: dict[str, str], spoken: str) -> Hand:
    file = tmp_path / "state.json"
    return Hand(desktop.bear(OBSERVED, str(file), environment=chosen), file, spoken)


@pytest.fixture
def hand_of_a_fresh_program(
    desktop: Desktop, tmp_path: Path, chosen: dict[str, str], spoken: str
) -> Hand:
    """The window of an interpreter of its own, from the first import to its exit code."""
    file = tmp_path / "state.json"
    command = [sys.executable, "-m", OBSERVED, str(file)]
    return Hand(desktop.start(command, environment=chosen), file, spoken)


def test_a_person_paints_two_classes_trains_drags_a_point_and_takes_all_back(hand: Hand) -> None:
    points, colors = hand.state()["points"], marker_colors(hand, hand.state()["points"]["x"])
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
    after = hand.until("the first points", lambda state: state["points"] == points)
    assert after["data"]["kind"] == "generated"
    hand.window.key("r")
    hand.until("the start", lambda state: state["epoch"] == 0)
    hand.window.key("t")  # the points that painting has brought to light were hidden at first
    hand.window.move(*hand.at("Output", (0.5, 0.02)))
    assert_picture_shows(hand, points["x"], colors)


def marker_colors(hand: Hand, places: Sequence[Sequence[float]]) -> np.ndarray:
    """int (N, 3): what the screen shows in the middle of each of these places."""
    picture = np.asarray(hand.window.screenshot(), int)
    pixels = np.array([hand.on_canvas(x1, x2) for x1, x2 in places])
    return picture[pixels[:, 1], pixels[:, 0]]


def assert_picture_shows(hand: Hand, places: Sequence[Sequence[float]], colors: np.ndarray) -> None:
    """The markers are there again; what lies under a few of them may have another shade."""

    def shown() -> bool:
        away = np.abs(marker_colors(hand, places) - colors).max(axis=1)
        return bool((away < 40).mean() > 0.95)

    poll("the markers of the first points", shown)


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
    # Beside the others: test points, which painting has brought to light, lie on top.
    hand.window.drag(hand.on_canvas(*start), hand.on_canvas(0, 1), hand.on_canvas(-5, 1))
    hand.until("the point on the other side", lambda state: hand.places_of(1)[:, 0].min() < -3)
    after = hand.until("training to go on", lambda state: state["epoch"] > before["epoch"] + 5)
    assert after["run"] == before["run"], "dragging a point must not start the run again"
    assert after["trained_on"] == before["trained_on"]
    hand.window.move(*hand.on_canvas(0, 5))
    poll("an orange marker on the blue side", lambda: is_orange(hand, -5, 1))


def is_orange(hand: Hand, x1: float, x2: float) -> bool:
    red, _, blue = marker_colors(hand, [(x1, x2)])[0]
    return bool(red > blue + 40)


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


def test_a_learning_rate_of_a_million_is_explained_and_reset_works(hand: Hand, spoken: str) -> None:
    hand.window.key("space")
    hand.until("training", lambda state: state["epoch"] > 3)
    hand.click("Learning rate")
    hand.window.key("ctrl+a")
    hand.window.type("1e6")
    hand.window.key("Return")
    said = hand.until("an explanation", lambda state: state["notice"])
    assert matches("{name}: {value} is above {high}; {way_out}.", said["notice"], spoken)
    assert said["activity"] == "training", "nothing has changed, so the training goes on"
    assert said["training"]["optimizer"]["learning_rate"] == 0.03
    hand.until("more training", lambda state: state["epoch"] > said["epoch"])
    hand.window.key("Escape")
    hand.window.key("r")  # Escape has given the keys back to the window
    hand.until("the start", lambda state: state["epoch"] == 0)


def test_closing_while_training_ends_with_code_0(hand_of_a_fresh_program: Hand) -> None:
    hand = hand_of_a_fresh_program
    hand.window.key("space")
    hand.until("training", lambda state: state["epoch"] > 3)
    hand.window.key("ctrl+q")
    assert hand.program.wait() == 0


def test_unsaved_work_is_asked_about(hand: Hand) -> None:
    hand.window.click(*hand.on_canvas(0, 0))
    hand.until("a painted point", lambda state: state["data"]["kind"] == "points")
    hand.window.key("ctrl+q")
    question = hand.asked("Unsaved changes")
    question.key("Escape")
    assert hand.until("the window to stay", lambda state: state["data"]["kind"] == "points")
    hand.window.activate()
    hand.window.key("ctrl+q")
    hand.asked("Unsaved changes").key("alt+d")
    assert hand.program.wait() == 0


def put(hand: Hand, *places: tuple[float, float]) -> None:
    """One point at each place, with the tool that puts single points."""
    for place in places:
        count = len(hand.state()["points"]["x"])
        hand.window.click(*hand.on_canvas(*place))
        hand.until("one point more", lambda state, n=count: len(state["points"]["x"]) == n + 1)


def count(state: State) -> tuple[int, int]:
    """Points, and those of them that are selected."""
    return len(state["points"]["x"]), state["selected"]


def test_a_selection_is_moved_recolored_doubled_and_removed_while_training_runs(hand: Hand) -> None:
    hand.window.key("ctrl+BackSpace", "t", "u", "1")
    hand.until("an empty canvas", lambda state: state["data"].get("x") == [])
    put(hand, (-3, 2), (-2, 0), (-4, -2))
    hand.window.key("2")
    put(hand, (3, 2), (2, 0), (4, -2))
    hand.window.key("space")
    learning = hand.until("training", lambda state: state["epoch"] > 5)
    hand.window.key("x")
    hand.window.drag(hand.on_canvas(-5.5, 4), hand.on_canvas(-1, -4))
    hand.until("a selection", lambda state: state["selected"] == 3)
    start = hand.places_of(0)
    hand.window.key("Right", "Right", "shift+Up")
    moved = start + np.array([0.2, 0.5])
    hand.until("a move", lambda _: np.allclose(hand.places_of(0), moved, atol=1e-3))
    hand.window.key("ctrl+d")
    hand.until("copies", lambda state: count(state) == (9, 3))
    hand.window.key("2")
    hand.until("another class", lambda state: state["points"]["y"].count(1) == 6)
    hand.window.key("Delete")
    hand.until(
        "copies gone", lambda state: (len(state["points"]["x"]), state["selected"]) == (6, 0)
    )
    hand.window.key(*["ctrl+z"] * 4)
    hand.until("the points before", lambda _: np.array_equal(hand.places_of(0), start))
    after = hand.until("training to go on", lambda now: now["epoch"] > learning["epoch"] + 5)
    assert (after["run"], after["activity"]) == (learning["run"], "training")


def test_a_probe_is_dropped_and_the_wheel_zooms_around_the_pointer(hand: Hand) -> None:
    hand.window.key("p")
    hand.window.click(*hand.on_canvas(2, 1))
    probes = hand.until("a probe", lambda state: len(state["probes"]) == 1)["probes"]
    assert np.allclose(probes, [(2, 1)], atol=0.05)
    assert not hand.sees("Fit")
    hand.window.scroll(*hand.on_canvas(2, 1), 3)
    near = hand.until("a closer look", lambda state: state["region"][2] < 4)
    assert near["region"] == pytest.approx([2 - 2 / 1.2**3, 1 - 1 / 1.2**3, 6 / 1.2**3], abs=0.05)
    hand.window.key("u")
    hand.window.click(*hand.on_canvas(0.5, 0.5))
    points = hand.until("a point", lambda state: state["data"]["kind"] == "points")["points"]
    assert np.allclose(points["x"][-1], (0.5, 0.5), atol=0.03)
    hand.click("Fit")
    hand.until("the whole picture", lambda state: state["region"] == [0, 0, 6])


def test_a_lesson_is_opened_from_the_menu_worked_at_and_left(hand: Hand) -> None:
    hand.choose("File", "Lessons", "Your first classifier")
    hand.until("the lesson", lambda state: state["goals"] == [False] and state["epoch"] == 0)
    assert "features" in hand.state()["hidden"]
    for _ in range(10):
        hand.window.key("s")
    hand.until("a goal", lambda state: state["goals"] == [True])
    hand.click("Next")
    hand.until("the second step", lambda state: state["goals"] == [False, False])
    hand.window.key("space")
    hand.until("its goals", lambda state: state["goals"] == [True, True])
    paused = hand.until("its last epoch", lambda state: state["state"] == "reached")
    hand.click("Leave the lesson")
    left = hand.until("the lesson closed", lambda state: not hand.sees("Leave the lesson", state))
    assert left["hidden"] == []
    assert hand.sees("Features", left)
    for kept in ("run", "epoch", "loss", "data", "layers", "training"):
        assert left[kept] == paused[kept]
