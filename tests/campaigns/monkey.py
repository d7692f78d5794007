"""A monkey in front of the real window: random events, and not a word on stderr.

    python -m tests.campaigns.monkey --events 10000 --seeds 10   ten monkeys, 1,000 events each
    python -m tests.campaigns.monkey --events 1000 --seed 7      the seventh of them again
    python -m tests.campaigns.monkey --spoken ja                 in a Japanese window
    xvfb-run python -m tests.campaigns.monkey --display ...      on a display

Each seed has a process of its own, at home in a temporary folder: nothing is written anywhere else.
A monkey fails where anything is said on stderr, an error is reported, an event takes longer than a
minute, or the window and its threads have not ended two seconds after it was closed. Then its seed
and its last events are printed. What the threads do meanwhile differs from run to run, so a seed
repeats the events, not every moment.
"""

from __future__ import annotations

import argparse
import faulthandler
import itertools
import random
import shutil
import sys
from pathlib import Path
from time import monotonic, process_time
from typing import Any

from tests.campaigns import sandbox
from tests.spoken import LANGUAGES

STUCK_SECONDS = 60.0
CLOSING_SECONDS = 2.0
PAUSE_MILLISECONDS = (0, 0, 0, 1, 5, 30)
LAST_EVENTS = 25
LOG = "events.txt"


class Monkey:
    """Does one event after the other, each in a turn of the event loop of its own, so that it goes
    on in the loop of a dialog that waits for an answer.
    """

    def __init__(self, seed: int, events: int, place: Path, spoken: str) -> None:
        from PySide6.QtCore import QSettings, QTimer, qInstallMessageHandler
        from PySide6.QtWidgets import QFileDialog

        from playground.ui import app, language, reports
        from tests.campaigns.acts import Acts

        self._later = QTimer.singleShot
        self.application = app.make_application()
        self.application.setQuitOnLastWindowClosed(False)
        QSettings().setValue("language", spoken)
        language.use(spoken)
        self.reporter = reports.install()
        self.chance = random.Random(seed)
        self.left, self.place = events, place
        self.acts = Acts(self.chance, _files(place / "files"))
        self._names = itertools.count()
        for name in ("getOpenFileName", "getSaveFileName"):
            setattr(QFileDialog, name, staticmethod(getattr(self, f"_{name}")))
        self._app = app
        self._log = (place / LOG).open("w", encoding="utf-8")
        qInstallMessageHandler(self._complain)
        self.home: Any = None
        self._open()

    def _complain(self, kind: object, context: object, words: str) -> None:
        """What Qt says goes to stderr, where it counts, and between the events, where it helps."""
        print(words, file=sys.stderr, flush=True)
        if sandbox.HARMLESS not in words:
            print(f"   Qt: {words}", file=self._log, flush=True)

    def run(self) -> None:
        self._later(0, self._next)
        self.application.exec()

    def _open(self) -> None:
        """A new start, as after the last window was closed."""

        if self.home is not None:
            self.home.end()
        self.home = self._app.make_place()
        self.home.window.show()
        self.home.window.session.start()

    def _next(self) -> None:
        if self.left == 0:
            self.application.exit()  # to quit would ask the windows first
            return
        self.left -= 1
        self._later(self.chance.choice(PAUSE_MILLISECONDS), self._next)
        faulthandler.dump_traceback_later(STUCK_SECONDS, exit=True)
        if not any(window.isVisible() for window in self.acts.main_windows()):
            self._open()
        said = self.acts.one()
        print(f"{self.left}: {said}", file=self._log, flush=True)

    # What a person would answer who is asked for a file.

    def _getOpenFileName(self, *_: object) -> tuple[str, str]:
        if self.chance.random() < 0.3:
            return "", ""
        return str(self.chance.choice(self.acts.files)), ""

    def _getSaveFileName(
        self,
        parent: object = None,
        title: str = "",
        proposal: str = "",
        kinds: str = "",
        *_: object,
    ) -> tuple[str, str]:
        chosen = self.chance.choice(kinds.split(";;"))
        if self.chance.random() < 0.3:
            return "", chosen
        name = self.chance.choice(("a", "b.json", "c.csv", "d.safetensors", "no/such/folder/e"))
        return str(self.place / "files" / name), chosen

    # The end.

    def close(self) -> float:
        """Answer what is open, close the window without saving; the seconds until all has ended."""
        from PySide6.QtWidgets import QApplication

        from playground.ui.session import threads

        faulthandler.dump_traceback_later(STUCK_SECONDS, exit=True)
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
            self.application.processEvents()
        while (modal := QApplication.activeModalWidget()) is not None:
            modal.close()
            self.application.processEvents()
        began = monotonic()
        self._later(0, self._discard)
        self.home.window.close()
        self.home.end()
        while threads.running() and monotonic() - began < STUCK_SECONDS / 2:
            self.application.processEvents()
        return monotonic() - began

    def _discard(self) -> None:
        """The answer to the question about unsaved work."""
        from PySide6.QtWidgets import QApplication, QMessageBox

        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            role = QMessageBox.ButtonRole.DestructiveRole
            next(b for b in box.buttons() if box.buttonRole(b) == role).click()


def _files(folder: Path) -> list[Path]:
    """Files of every kind, good and bad, small and large."""
    from PIL import Image

    from playground.core.experiment import files
    from playground.core.experiment.experiment import Experiment

    folder.mkdir()
    data = sandbox.ROOT / "tests" / "data"
    tables = ("comma.csv", "missing_labels.csv", "html_page.csv", "decimal_comma_tab.tsv")
    for name in tables:
        shutil.copy(data / name, folder / name)
    for lesson in ("L1", "L3"):
        shutil.copy(sandbox.ROOT / "assets" / "lessons" / f"{lesson}.lesson.json", folder)
    raw = {"data": {"kind": "generated", "generator": "spiral", "samples": 300}}
    files.save(Experiment.parse(raw), folder / "spiral.playground.json")
    (folder / "broken.playground.json").write_text('{"format": "playground/1"', encoding="utf-8")
    chance = random.Random(0)
    rows = "".join(f"{chance.random()},{chance.random()},{i % 3}\n" for i in range(40_000))
    (folder / "large.csv").write_text("a,b,label\n" + rows, encoding="utf-8")
    points = [[round(chance.uniform(-5, 5), 6) for _ in range(2)] for _ in range(40_000)]
    labels = [i % 2 for i in range(40_000)]
    large = {"data": {"kind": "points", "x": points, "label": labels}}
    files.save(Experiment.parse(large), folder / "large.playground.json")
    Image.new("RGB", (64, 48), (200, 80, 20)).save(folder / "picture.png")
    (folder / "empty.json").write_bytes(b"")
    (folder / "noise.safetensors").write_bytes(bytes(range(256)))
    return sorted(folder.iterdir())


def inside(wanted: argparse.Namespace) -> int:
    """One monkey, in a process of its own."""
    from playground.ui import reports
    from playground.ui.session import threads

    sandbox.guard(wanted.inside)
    faulthandler.enable()
    monkey = Monkey(wanted.seed, wanted.events, wanted.inside, wanted.spoken)
    monkey.run()
    reported = reports.log_file().exists()
    seconds = monkey.close()
    print(f"closed in {seconds:.2f} s, {process_time():.0f} s of processor time", flush=True)
    if reported:
        print("an error was reported")
    if seconds > wanted.closing:
        print(f"it took more than {wanted.closing:.0f} s to close")
    is_good = not reported and seconds <= wanted.closing
    return threads.leave(0 if is_good else 1)


def one(
    seed: int,
    events: int,
    *,
    closing: float = CLOSING_SECONDS,
    display: bool = False,
    spoken: str = "en",
) -> str:
    """What is wrong after that many events of a seed, with the last events; empty where nothing."""
    with sandbox.folder() as place:
        asked = [
            f"--events={events}",
            f"--seed={seed}",
            f"--inside={place}",
            f"--closing={closing}",
            f"--spoken={spoken}",
        ]
        limit = 2 * STUCK_SECONDS + events
        outcome = sandbox.run("tests.campaigns.monkey", asked, place, limit, display=display)
        log = place / LOG
        done = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    print(f"seed {seed}: {len(done)} events, {' '.join(outcome.output.split())}", flush=True)
    if not (outcome.code or outcome.complaints):
        return ""
    heard = [number for number, line in enumerate(done) if line.startswith("   Qt:")]
    if heard:
        done = done[: heard[0] + 2]  # an event is written down behind what came of it
    told = [
        f"seed {seed} ended with code {outcome.code} after {len(done)} events",
        *outcome.complaints,
    ]
    return "\n".join([*told, "The last events:", *done[-LAST_EVENTS:]])


def _wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000, help="of all seeds together")
    parser.add_argument("--seeds", type=int, default=10, help="how many")
    parser.add_argument("--seed", type=int, help="only this one")
    parser.add_argument("--display", action="store_true", help="not off-screen")
    parser.add_argument(
        "--closing", type=float, default=CLOSING_SECONDS, help="seconds to close in"
    )
    parser.add_argument("--spoken", choices=LANGUAGES, default="en", help="language of the window")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> int:
    wanted = _wanted()
    if wanted.inside is not None:
        return inside(wanted)
    seeds = range(1, wanted.seeds + 1) if wanted.seed is None else [wanted.seed]
    failures = []
    for seed in seeds:
        events = wanted.events // len(seeds)
        failures.append(
            one(
                seed,
                events,
                closing=wanted.closing,
                display=wanted.display,
                spoken=wanted.spoken,
            )
        )
        if failures[-1]:
            print(failures[-1], flush=True)
    return 1 if any(failures) else 0


if __name__ == "__main__":
    sys.exit(main())
