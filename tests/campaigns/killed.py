"""Kill -9 at random moments of a scripted session: at most five seconds of work are missing, and
nothing is damaged.

`python -m tests.campaigns.killed --times 50 --seed 0`. Each session first restores, by the button
of the dialog, what the one before it left, and then goes on; what it restored is held against the
journal of the one before. Every third dies by its own hand, between the content, fsync and rename
of a file that it writes. Needs a system that can fork.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import click

from playground.core.errors import PlaygroundError
from playground.core.experiment.files import load
from tests.campaigns.killed_session import PLACES, digest

MOST_SECONDS = 5.0
START_SECONDS = 60.0
FIELDS = ("experiment", "weights", "lesson")


@dataclass
class Journal:
    """What one session told before it died."""

    died: float = 0.0
    code: int = 0
    restored: dict[str, Any] | None = None
    is_ready: bool = False
    states: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    saved: dict[str, list[str]] = field(default_factory=dict)
    """What a project file may hold: the last that was saved, and what was being saved since."""

    def add(self, line: dict[str, Any]) -> None:
        if "ready" in line:
            self.is_ready, self.restored = True, line["restored"]
        if "state" in line:
            self.states.append((line["t"], line["state"]))
        if "saving" in line:
            path, content = line["saving"]
            self.saved.setdefault(path, []).append(content)
        if "saved" in line:
            path, content = line["saved"]
            self.saved[path] = [content, ""]

    @property
    def is_killed(self) -> bool:
        return self.code == -signal.SIGKILL

    def late(self) -> list[dict[str, Any]]:
        """The states that held at some time in the last seconds."""
        since = self.died - MOST_SECONDS
        before = [state for t, state in self.states if t < since][-1:]
        return before + [state for t, state in self.states if t >= since]


class Campaign:
    """Kills one session after another, and notes what was wrong."""

    def __init__(self, folder: Path, seed: int, longest: float) -> None:
        self.folder, self.longest = folder, longest
        self.faults: list[str] = []
        self.missing: list[float] = []
        self._random = random.Random(seed)
        self._disk: dict[str, str] = {}
        """What every project file held when it was last looked at."""
        environment = {
            **os.environ,
            **{f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("STATE", "CONFIG")},
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)) or ".",
        }
        self._errors = (folder / "stderr").open("w+b")
        self._fork_server = subprocess.Popen(
            [sys.executable, "-m", "tests.campaigns.killed_fork_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
        )

    def close(self) -> None:
        assert self._fork_server.stdin is not None
        assert self._fork_server.stdout is not None
        self._fork_server.stdin.close()
        self._fork_server.wait()
        self._fork_server.stdout.close()
        self._errors.seek(0)
        told = self._errors.read().decode()
        if "Traceback" in told:
            self.faults.append(f"Something was printed:\n{told[-3000:]}")
        self._errors.close()

    def run(self, times: int) -> None:
        """Kill `times` sessions, each checked by the one after it."""
        before: Journal | None = None
        for number in range(times + 1):
            is_last = number == times
            wounded = number % 3 == 2 and not is_last
            journal = self._session(number, wounded, is_last)
            if wounded and journal.is_killed and not journal.is_ready:
                continue  # it died while it restored; the next one has to find the same
            if before is not None:
                self._check(number - 1, before, journal)
            before = journal
            print(f"{number} of {times}, faults: {len(self.faults)}", file=sys.stderr)

    def _session(self, number: int, wounded: bool, is_last: bool) -> Journal:
        order = {
            "seed": self._random.randrange(2**32),
            "project": str(self.folder / f"work-{number}.playground.json"),
            "wound": self._random.choice(PLACES) if wounded else "",
            "number": self._random.randint(1, 3),
        }
        lifetime = 0.0 if is_last else self._random.uniform(0.2, self.longest)
        assert self._fork_server.stdin is not None
        self._fork_server.stdin.write((json.dumps(order) + "\n").encode())
        self._fork_server.stdin.flush()
        assert self._fork_server.stdout is not None
        journal = self._watch(self._fork_server.stdout, lifetime, waits=wounded)
        for path, contents in journal.saved.items():
            self._check_project(number, path, contents)
        return journal

    def _watch(self, lines: IO[bytes], lifetime: float, *, waits: bool) -> Journal:
        """Read the journal of a session, and kill it when its time has come.

        waits  it is to die by its own hand, and gets three times as long for it
        """
        journal, end = Journal(), threading.Timer(0, lambda: None)
        for line in lines:
            told = json.loads(line)
            journal.add(told)
            if "forked" in told:
                process = told["forked"]
                end = _later(START_SECONDS, journal, process)
            if "ready" in told:
                end.cancel()
                seconds = MOST_SECONDS + 3 * lifetime if waits else lifetime
                end = _later(seconds, journal, process)
            if "dead" in told:
                end.cancel()
                journal.code = told["dead"]
                journal.died = journal.died or time.time()
                return journal
        raise AssertionError("the fork server has ended")

    def _check(self, number: int, before: Journal, after: Journal) -> None:
        """What the session after has restored is what the one before had, seconds ago at most."""
        if not before.is_killed:
            self.faults.append(f"{number}: the session ended by itself, with {before.code}")
            return
        if not after.is_ready:
            self.faults.append(f"{number + 1}: the session did not start")
            return
        if list((self.folder / "state").rglob("*.damaged")):
            self.faults.append(f"{number}: a recovery file was damaged")
        late = before.late()
        if not before.is_ready or not late:
            return  # it was killed before it had anything of its own
        restored = after.restored
        if restored is None:
            if all(state["worth"] for state in late):
                self.faults.append(
                    f"{number}: nothing was offered, and there was something to lose"
                )
            return
        for name in FIELDS:
            moments = [t for t, state in before.states if state[name] == restored[name]]
            if not moments:
                self.faults.append(f"{number}: {name} {restored[name]} was never there")
                continue
            last = max(moments)
            later = [t for t, state in before.states if t > last]
            self.missing.append(before.died - min(later) if later else 0.0)
            if self.missing[-1] > MOST_SECONDS:
                self.faults.append(f"{number}: {self.missing[-1]:.1f} s of {name} are missing")

    def _check_project(self, number: int, path: str, contents: list[str]) -> None:
        """A project file is the one of before or one that was being saved, and whole."""
        was = self._disk.get(path)
        if not Path(path).exists():
            found = None
        else:
            try:
                found = digest(load(path))
            except PlaygroundError as error:
                self.faults.append(f"{number}: the project is damaged: {error}")
                return
        # Behind what was saved to its end stands "", so that the one of before does not count.
        allowed = contents if "" in contents else [*contents, was]
        if found not in allowed:
            self.faults.append(f"{number}: the project is not what was saved")
        elif found is not None:
            self._disk[path] = found


def _later(seconds: float, journal: Journal, process: int) -> threading.Timer:
    """Kill a process in so many seconds."""

    def kill() -> None:
        journal.died = time.time()
        os.kill(process, signal.SIGKILL)

    timer = threading.Timer(seconds, kill)
    timer.start()
    return timer


def killed(times: int, seed: int, longest: float = 8.0) -> Campaign:
    """Kill that many sessions; what was wrong is in `faults`, what was missing in `missing`."""
    with tempfile.TemporaryDirectory(prefix="playground-killed-") as name:
        campaign = Campaign(Path(name), seed, longest)
        try:
            campaign.run(times)
        finally:
            campaign.close()
        return campaign


@click.command()
@click.option("--times", default=50, show_default=True, help="How many sessions are killed.")
@click.option("--seed", default=0, show_default=True)
@click.option("--longest", default=8.0, show_default=True, help="Seconds that one lives at most.")
def main(times: int, seed: int, longest: float) -> None:
    """Kill sessions and look at what comes back."""
    campaign = killed(times, seed, longest)
    worst = max(campaign.missing, default=0.0)
    click.echo(f"{times} sessions killed; at most {worst:.1f} s were missing.")
    for fault in campaign.faults:
        click.echo(fault)
    sys.exit(bool(campaign.faults))


if __name__ == "__main__":
    main()
