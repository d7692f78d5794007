"""`python -m tests.desktop.screenshots [FOLDER]`: the window in all its sizes and looks, for people
to judge.

Renews `assets/screenshots`. Each picture is of the real window on a display of its own, trained for
as many epochs as it says, so that two runs show the same.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.desktop.display import REPOSITORY, Desktop, Program, poll

SPIRAL: dict[str, Any] = {
    "title": "Spiral",
    "data": {"kind": "generated", "generator": "spiral"},
    "model": {
        "features": ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"],
        "layers": [{"kind": "linear", "units": 8}, {"kind": "linear", "units": 8}],
    },
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
HILLS: dict[str, Any] = {
    "title": "Hills",
    "data": {"kind": "generated", "generator": "hills", "samples": 1200},
    "model": {"layers": [{"kind": "linear", "units": 16}, {"kind": "linear", "units": 8}]},
    "training": {"optimizer": {"kind": "adam", "learning_rate": 0.01}, "epochs": 200},
}
SINE: dict[str, Any] = {
    "title": "Sine",
    "data": {"kind": "generated", "generator": "sine", "samples": 200, "noise": 0.1},
    "model": {"layers": [{"kind": "linear", "units": 16}, {"kind": "linear", "units": 8}]},
    "training": {"optimizer": {"kind": "adam", "learning_rate": 0.01}, "epochs": 200},
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: its name, what is open, and how the window looks."""

    name: str
    experiment: dict[str, Any] = field(default_factory=dict)
    look: str = "light"
    size: tuple[int, int] = (1440, 900)
    scale: float = 1.0


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
]


def main() -> None:
    """Take every picture, or those whose names contain the second argument."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "assets" / "screenshots"
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    folder.mkdir(parents=True, exist_ok=True)
    with Desktop(2048, 1280) as desktop, tempfile.TemporaryDirectory() as home:
        for scene in SCENES:
            if wanted in scene.name:
                take(desktop, scene, Path(home), folder / f"{scene.name}.png")
                print(folder / f"{scene.name}.png")


def take(desktop: Desktop, scene: Scene, home: Path, target: Path) -> None:
    """Open the scene in a fresh window, train it to its end, and keep what the screen shows."""
    project, state = home / "scene.playground.json", home / "state.json"
    project.write_text(json.dumps(scene.experiment), encoding="utf-8")
    state.unlink(missing_ok=True)
    settings = home / "config" / "playground" / "Playground.conf"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f"[General]\nappearance={scene.look}\n", encoding="utf-8")
    program = desktop.start(
        [sys.executable, "-m", "tests.desktop.observed", str(state), str(project)],
        environment={
            "XDG_CONFIG_HOME": str(home / "config"),
            "QT_SCALE_FACTOR": str(scene.scale),
        },
    )
    window = program.window("Playground")
    window.resize(*scene.size)
    wait_for(program, state, 0)
    epochs = scene.experiment.get("training", {}).get("epochs", 0)
    if epochs:
        window.key("space")
        wait_for(program, state, epochs)
        window.key("Escape")
    window.screenshot().save(target, optimize=True)
    program.stop()


def wait_for(program: Program, state: Path, epoch: int) -> None:
    """Until the window shows the end of that epoch, and its engine, which is there from the first
    picture.
    """

    def arrived() -> bool:
        if program.process.poll() is not None:
            raise RuntimeError(program.output)
        seen = json.loads(state.read_text(encoding="utf-8")) if state.exists() else {}
        return seen.get("epoch") is not None and seen["epoch"] >= epoch and bool(seen["loss"])

    poll(f"epoch {epoch}", arrived, 120)


if __name__ == "__main__":
    main()
