"""A table in units of its own through the real window: its range, and what is learned of it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from tests.desktop.display import Desktop, poll
from tests.desktop.hand import Hand
from tests.spoken import sayings

RANGE = "{across}: {left} to {right}, {up}: {low} to {high}"


def opened(desktop: Desktop, folder: Path, spoken: str, header: str, rows: np.ndarray) -> Hand:
    """The window, opened on a table."""
    settings = folder / "playground" / "Playground.conf"
    settings.parent.mkdir()
    settings.write_text(f"[General]\nlanguage={spoken}\n", encoding="utf-8")
    table, state = folder / "readings.csv", folder / "state.json"
    np.savetxt(table, rows, "%.6g", ",", header=header, comments="")
    program = desktop.bear(
        "tests.desktop.observed",
        str(state),
        str(table),
        environment={"XDG_CONFIG_HOME": str(folder)},
    )
    return Hand(program, state, spoken)


def choose_range(hand: Hand, spoken: str, **ends: str) -> None:
    (template,) = sayings(RANGE, spoken)
    hand.choose("View", "Canvas range", template.format(**ends))


def train(hand: Hand, epochs: int) -> None:
    hand.window.key("space")
    hand.until("training", lambda state: state["epoch"] > epochs)
    hand.window.key("space")
    hand.until("a pause", lambda state: state["activity"] == "paused")


def at(hand: Hand, x: float, y: float) -> tuple[int, int]:
    """Where a place in the units of the data is in the window."""
    (_, *across), (_, *up) = hand.state()["axes"]
    return hand.on_canvas((x - across[0]) / across[1], (y - up[0]) / up[1])


def said(hand: Hand, x: float, y: float) -> float:
    """What the network says of a place that is pointed at, once it is about that place."""
    hand.window.move(*at(hand, x, y))

    def names_the_place() -> list[float] | None:
        found = re.findall(r"-?\d[\d,]*\.?\d*", reading())
        numbers = [float(number.replace(",", "")) for number in found]
        is_here = len(numbers) > 1 and abs(numbers[0] - x) < 0.02 * abs(x)
        return numbers if is_here else None

    def reading() -> str:
        return str(hand.state()["reading"]).replace("\N{MINUS SIGN}", "-")

    return poll(f"the network's answer at {x}", names_the_place)[-1]


def test_the_curve_of_a_table_is_where_its_range_and_its_probes_say(
    desktop: Desktop, tmp_path: Path, spoken: str
) -> None:
    depth = np.linspace(100, 140, 81)
    level = 12 + 3 * np.tanh((depth - 120) / 4)
    hand = opened(desktop, tmp_path, spoken, "depth,level", np.stack([depth, level], axis=1))
    # Depths are 4 for each unit of a canvas that reaches 10 to each side of 120, levels 0.6.
    ends = {"left": "80", "right": "160", "low": "6.0", "high": "18.0"}
    choose_range(hand, spoken, across="depth", up="level", **ends)
    hand.until("the wider range", lambda state: state["region"] == [0, 0, 10])
    train(hand, 60)
    for x in (104.0, 116.0, 136.0):
        assert said(hand, x, 7.0) == pytest.approx(12 + 3 * np.tanh((x - 120) / 4), abs=0.6)
    for x in (90.0, 150.0):  # beside the points, which lie on the curve
        column, row = at(hand, x, said(hand, x, 7.0))
        hand.window.move(*hand.at("Output", (0.5, 0.02)))

        def is_there(column: int = column, row: int = row) -> bool:
            """Ink within two pixels of what was said."""
            picture = np.asarray(hand.window.screenshot(), int)
            return bool(picture[row - 2 : row + 3, column].max(axis=1).min() < 110)

        poll(f"the curve at {x}", is_there)
    hand.window.key("p")
    hand.window.click(*at(hand, 116.0, 7.0))
    probes = hand.until("a probe", lambda state: state["probes"])["probes"]
    assert probes == [[pytest.approx(116.0, abs=0.2)]]


def test_a_map_of_a_table_has_the_colours_of_its_bar(
    desktop: Desktop, tmp_path: Path, spoken: str
) -> None:
    width, height = np.meshgrid(np.linspace(1000, 1100, 9), np.linspace(2, 3, 9))
    score = 60 + 0.3 * (width - 1000)
    rows = np.stack([width.ravel(), height.ravel(), score.ravel()], axis=1)
    hand = opened(desktop, tmp_path, spoken, "width,height,score", rows)
    ends = {"left": "1,020", "right": "1,080", "low": "2.20", "high": "2.80"}
    choose_range(hand, spoken, across="width", up="height", **ends)
    hand.until("the nearer range", lambda state: state["region"] == [0, 0, 3])
    assert hand.state()["ends"] == ["60", "90"]
    train(hand, 60)
    for x, is_high in ((1026.0, False), (1074.0, True)):
        assert said(hand, x, 2.56) == pytest.approx(60 + 0.3 * (x - 1000), abs=2)
        hand.window.move(*hand.at("Output", (0.5, 0.02)))
        column, row = at(hand, x, 2.56)
        red, _, blue = np.asarray(hand.window.screenshot(), int)[row, column]
        assert (red > blue + 15) if is_high else (blue > red + 15)
