"""What the screenshots show: experiments, lessons and windows, each with what a hand does there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.desktop.display import REPOSITORY, Window, poll
from tests.desktop.hand import Hand

__all__ = ["SCENES", "Scene"]

LONG_SECONDS = 300.0
"""A small convolutional network learns the digits in less, also where the machine is shared."""


def _linear(*units: int) -> list[dict[str, Any]]:
    return [{"kind": "linear", "units": count} for count in units]


def _generated(title: str, generator: str, model: dict[str, Any], epochs: int, **data: Any) -> Any:
    return {
        "title": title,
        "data": {"kind": "generated", "generator": generator, **data},
        "model": model,
        "training": {"optimizer": {"kind": "adam", "learning_rate": 0.01}, "epochs": epochs},
    }


ALL_FEATURES = ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"]
SPIRAL: dict[str, Any] = {
    "title": "Spiral",
    "data": {"kind": "generated", "generator": "spiral"},
    "model": {"features": ALL_FEATURES, "layers": _linear(8, 8)},
    "training": {"optimizer": {"kind": "adam", "learning_rate": 0.003}, "epochs": 300},
}
RINGS: dict[str, Any] = {
    "title": "Four rings",
    "data": {"kind": "generated", "generator": "rings", "classes": 4, "noise": 0.1},
    "model": {
        "layers": [
            {"kind": "linear", "units": 8, "activation": "relu"},
            {"kind": "residual"},
            {"kind": "dropout", "p": 0.05},
            {"kind": "linear", "units": 6, "activation": "gelu"},
        ]
    },
    "training": {"epochs": 60},
}
HILLS = _generated("Hills", "hills", {"layers": _linear(16, 8)}, 200, samples=1200)
SINE = _generated("Sine", "sine", {"layers": _linear(16, 8)}, 200, samples=200, noise=0.1)
DIGITS: dict[str, Any] = {
    "title": "Digits",
    "data": {"kind": "digits"},
    "model": {
        "layers": [
            {"kind": "conv", "channels": 8},
            {"kind": "pool"},
            {"kind": "conv", "channels": 16},
            {"kind": "linear", "units": 32},
        ]
    },
    "training": {"optimizer": {"kind": "adam", "learning_rate": 0.003}, "epochs": 12},
}
IRIS: dict[str, Any] = {
    "title": "Iris",
    "data": {"kind": "iris"},
    "model": {"layers": _linear(8, 4)},
    "training": {"optimizer": {"kind": "adam", "learning_rate": 0.01}, "epochs": 100},
}

Act = Callable[[Hand], Window | None]
"""Does something in the window; answers with the window to look at, None for the main one."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: its name, what is open, how the window looks, and what is done there.

    lesson  the key of the lesson that is open, in place of an experiment
    """

    name: str
    experiment: dict[str, Any] = field(default_factory=dict)
    look: str = "light"
    size: tuple[int, int] = (1440, 900)
    scale: float = 1.0
    language: str = "en"
    lesson: str = ""
    act: Act = lambda hand: None


def _learn(step: int, *, begin: bool = True, draw: bool = False, pause: bool = False) -> Act:
    """Go to a step of the lesson, open its experiment, and train until its goals are reached; and
    where what is left takes minutes, no longer.
    """

    def act(hand: Hand) -> None:
        for _ in range(step):
            before = hand.state()["lesson"]
            hand.click("lesson: next")
            hand.until("the next step", lambda state, at=before: state["lesson"] != at)
            hand.rest()
        if begin:
            run = hand.state()["run"]
            hand.click("lesson: start")
            hand.until("its experiment", lambda state: state["run"] > run)
            hand.until("its picture", lambda state: state["loss"], LONG_SECONDS)
        hand.window.key("space")
        hand.until("training", lambda state: state["epoch"] > 0, LONG_SECONDS)
        if draw:
            hand.until("the images", lambda state: state["goals"][0], LONG_SECONDS)
            part = [(0.35, 0.25), (0.65, 0.25), (0.5, 0.8)]
            hand.window.drag(*(hand.at("images: pad", place) for place in part))
        hand.until("its goals", lambda state: all(state["goals"]), LONG_SECONDS)
        if pause:
            hand.window.key("space")
        ended = ("paused", "reached")
        hand.until("its end", lambda state: state["state"] in ended, LONG_SECONDS)
        _wait_for_rest(hand.window)

    return act


def _present(hand: Hand) -> None:
    hand.window.key("F5")
    hand.until("the large view", lambda state: "Features" not in state["places"])


def _show_units(hand: Hand) -> None:
    hand.click("Show")
    hand.until("its panel", lambda state: "Units" in state["places"])
    hand.click("Units")
    hand.window.key("Escape")
    hand.until("the panel closed", lambda state: "Units" not in state["places"])


def _compare(hand: Hand) -> Window:
    hand.window.key("ctrl+shift+c")
    window = hand.program.window("Compare")
    window.resize(1280, 800)
    hand.until("its lanes", lambda state: "compare: race" in state["places"])
    hand.rest()
    hand.click("compare: race")
    hand.until("a race", lambda state: state["race"] == "Pause")
    hand.until("its end", lambda state: state["race"] != "Pause", LONG_SECONDS)
    _wait_for_rest(window)
    return window


def _import(hand: Hand) -> Window:
    hand.window.key("ctrl+o")
    chooser = hand.program.window("Open")
    chooser.type(str(REPOSITORY / "tests" / "data" / "shift_jis_excel.csv"))
    chooser.key("Return")
    window = hand.program.window("Import")
    _wait_for_rest(window)
    return window


def _wait_for_rest(window: Window) -> None:
    """Until two looks one after the other see the same."""
    seen = [b""]

    def rests() -> bool:
        now = window.screenshot().tobytes()
        before, seen[0] = seen[0], now
        return now == before

    for _ in range(10):
        poll("the window to rest", rests, LONG_SECONDS)


def _of_lesson(key: str, act: Act) -> list[Scene]:
    return [
        Scene(f"lesson-{key}-{language}", language=language, lesson=key, act=act)
        for language in ("en", "ja")
    ]


SCENES = [
    Scene("idle-light-1440x900", {}),
    Scene("spiral-light-1440x900", SPIRAL),
    Scene("spiral-dark-1440x900", SPIRAL, "dark"),
    Scene("spiral-light-1280x720", SPIRAL, size=(1280, 720)),
    Scene("spiral-dark-1280x720", SPIRAL, "dark", (1280, 720)),
    Scene("spiral-light-1920x1080", SPIRAL, size=(1920, 1080)),
    Scene("spiral-dark-1920x1080", SPIRAL, "dark", (1920, 1080)),
    Scene("rings-dark-1440x900", RINGS, "dark"),
    Scene("hills-light-1440x900", HILLS),
    Scene("sine-light-1440x900", SINE),
    Scene("circle-light-150-percent", {"training": {"epochs": 100}}, size=(1920, 1080), scale=1.5),
    Scene("sine-units-light-1440x900", SINE, act=_show_units),
    Scene("iris-light-1440x900", IRIS),
    Scene("digits-cnn-light-1440x900", DIGITS),
    Scene("presenter-light-1280x720", SPIRAL, size=(1280, 720), act=_present),
    Scene("presenter-light-1920x1080", SPIRAL, size=(1920, 1080), act=_present),
    Scene("compare-light", RINGS, act=_compare),
    Scene("import-light", {}, act=_import),
    *_of_lesson("L1", _learn(2, begin=False)),
    *_of_lesson("L2", _learn(0, begin=False)),
    *_of_lesson("L3", _learn(2, begin=False)),
    *_of_lesson("L4", _learn(7, pause=True)),
    *_of_lesson("L5", _learn(9, draw=True, pause=True)),
]
