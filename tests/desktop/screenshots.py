"""`python -m tests.desktop.screenshots [FOLDER] [NAMES]`: the window at work, for people to judge.

Renews `assets/screenshots`, or those pictures whose names contain one of NAMES. Each picture is of
the real window on a display of its own, trained for as many epochs as it says, so that two runs
show the same.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from tests.desktop.display import REPOSITORY, Desktop
from tests.desktop.hand import Hand
from tests.desktop.scenes import LONG_SECONDS, SCENES, Scene

COLORS = 256
UNSEEN, EVERYWHERE = 8, 0.9995
"""Steps of a colour, of 255, that nobody sees, and the part of the picture that may not have more:
a short ramp with bands in it is seen at once.
"""


def main() -> None:
    """Take every picture, or those that the arguments name."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "assets" / "screenshots"
    wanted = sys.argv[2:] or [""]
    folder.mkdir(parents=True, exist_ok=True)
    with Desktop(2048, 1280) as desktop, tempfile.TemporaryDirectory() as home:
        for scene in SCENES:
            if any(name in scene.name for name in wanted):
                target = folder / f"{scene.name}.png"
                target.write_bytes(_packed(take(desktop, scene, Path(home))))
                print(target, flush=True)


def take(desktop: Desktop, scene: Scene, home: Path) -> Image.Image:
    """Open the scene in a fresh window, train it to its end, and keep what the screen shows."""
    project, state = home / "scene.playground.json", home / "state.json"
    project.write_text(json.dumps(scene.experiment), encoding="utf-8")
    state.unlink(missing_ok=True)
    shutil.rmtree(home / "kept", ignore_errors=True)  # else the scene before would be offered
    settings = home / "config" / "playground" / "Playground.conf"
    settings.parent.mkdir(parents=True, exist_ok=True)
    chosen = f"appearance={scene.look}\nlanguage={scene.language}\n"
    settings.write_text(f"[General]\n{chosen}", encoding="utf-8")
    program = desktop.start(
        [
            sys.executable,
            "-m",
            "tests.desktop.observed",
            str(state),
            scene.lesson or str(project),
        ],
        environment={
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_STATE_HOME": str(home / "kept"),
            "QT_SCALE_FACTOR": str(scene.scale),
        },
    )
    hand = Hand(program, state)
    hand.window.resize(*scene.size)
    _train(hand, scene)
    shown = scene.act(hand)
    if shown is None:
        shown = hand.window
        shown.key("Escape")  # a notice would hide a part of the network
        hand.until("nothing in the way", lambda state: not state["notice"])
    picture = shown.screenshot()
    program.stop()
    return picture


def _train(hand: Hand, scene: Scene) -> None:
    epochs = scene.experiment.get("training", {}).get("epochs", 0)
    if epochs:
        hand.window.key("space")
        hand.until(f"epoch {epochs}", lambda state: state["epoch"] >= epochs, LONG_SECONDS)


def _packed(picture: Image.Image) -> bytes:
    """The picture as PNG: with few colours where nobody sees it and half the size is saved."""
    whole, few = _png(picture), picture.quantize(COLORS, dither=Image.Dither.NONE)
    away = np.abs(np.asarray(few.convert("RGB"), int) - np.asarray(picture, int)).max(axis=2)
    looks_the_same = np.quantile(away, EVERYWHERE) <= UNSEEN
    small = _png(few)
    return small if looks_the_same and 2 * len(small) <= len(whole) else whole


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()


if __name__ == "__main__":
    main()
