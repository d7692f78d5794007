"""A demonstration without a screen: the same window, rendered off-screen, draws and trains for some
seconds.

The caller has chosen Qt's "offscreen" platform before Qt was imported.
"""

from __future__ import annotations

import json
from pathlib import Path

from playground.core.errors import FileError
from playground.core.experiment import files
from playground.ui.app import make_application, make_window
from playground.ui.session.waiting import run_for, wait_until
from playground.ui.window.arrangement import FIRST_SIZE
from playground.ui.window.open_window import OpenWindow


def demo(out: Path, seconds: float) -> list[str]:
    """Train the default experiment that long in a hidden window; returns what to tell the person.

    Writes `playground.png` (the window), `circle.playground.json` (the experiment) and
    `result.json` (epochs, losses and accuracies) into the folder `out`. Raises FileError where it
    cannot be written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{out} cannot be made: {error.strerror or error}.") from None
    make_application()
    window = make_window()
    window.resize(*FIRST_SIZE)  # the screen that is not there is smaller than any real one
    window.show()
    window.session.start()
    wait_until(lambda: window.session.run.snapshot is not None)
    window.session.run.resume()
    run_for(seconds)
    window.session.run.pause()
    run_for(0.3)
    lines = _write(window, out)
    window.session.undo_stack.setClean()
    window.close()
    return lines


def _write(window: OpenWindow, out: Path) -> list[str]:
    snapshot = window.session.run.snapshot
    assert snapshot is not None, "the first picture has arrived"
    screenshot = out / "playground.png"
    if not window.grab().save(str(screenshot)):
        raise FileError(f"{screenshot} cannot be written; choose another folder with --out.")
    project = out / f"circle{files.SUFFIX}"
    files.save(window.session.experiment, project)
    test = snapshot.test
    result = {
        "epochs": snapshot.epoch,
        "steps": snapshot.step,
        "engine": snapshot.info.engine,
        "device": snapshot.info.device,
        "threads": snapshot.info.threads,
        "train_loss": snapshot.train.loss,
        "test_loss": test.loss if test else None,
        "test_accuracy": test.accuracy if test else None,
    }
    files.write_atomically(out / "result.json", (json.dumps(result, indent=2) + "\n").encode())
    accuracy = f"{test.accuracy:.1%}" if test and test.accuracy is not None else "not measured"
    return [
        f"Trained to epoch {snapshot.epoch:,}, step {snapshot.step:,}; test accuracy {accuracy}.",
        f"Screenshot: {screenshot}",
        f"Experiment: {project}",
        f"Result: {out / 'result.json'}",
    ]
