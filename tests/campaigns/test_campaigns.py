"""A little of each campaign, and that a campaign notices what it is there to notice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.campaigns import endurance, monkey, sandbox

SEED = 6
"""Its first events change the language, race, train in Instant and import a table."""

EVENTS = 500
CYCLES = 3
CLOSING_SECONDS = 20.0
"""Shared machines stall; the command asks for two."""

pytestmark = pytest.mark.timeout(400)


def test_a_monkey_does_no_harm() -> None:
    assert monkey.one(SEED, EVENTS, closing=CLOSING_SECONDS) == ""


def test_cycles_leave_nothing_behind() -> None:
    with sandbox.folder() as place:
        asked = [f"--cycles={CYCLES}", f"--inside={place}"]
        outcome = sandbox.run("tests.campaigns.endurance", asked, place, 300)
    assert (outcome.code, outcome.complaints) == (0, ()), outcome.output
    assert f"{CYCLES} cycles" in outcome.output


@pytest.mark.parametrize(
    "harm",
    [
        "open(outside, 'w')",
        "outside.mkdir()",
        "inside.touch(); inside.rename(outside)",
        "import os; os.open(outside, os.O_CREAT)",
    ],
)
def test_what_is_written_elsewhere_is_noticed(tmp_path: Path, harm: str) -> None:
    allowed, outside = tmp_path / "allowed", tmp_path / "outside"
    allowed.mkdir()
    program = (
        "from pathlib import Path\nfrom tests.campaigns import sandbox\n"
        f"allowed, outside = Path({str(allowed)!r}), Path({str(outside)!r})\n"
        "inside = allowed / 'file'\nsandbox.guard(allowed)\ninside.write_text('')\n"
        f"print('so far', file=__import__('sys').stderr)\n{harm}"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=sandbox.ROOT
    ).stderr
    before, _, after = said.partition("so far\n")
    assert before == ""
    assert "outside the temporary folder" in after


def test_what_a_process_complains_of_is_told() -> None:
    with sandbox.folder() as place:
        (place / "home").mkdir()
        (place / "home" / "harm.py").write_text("import sys; print('so far'); sys.exit('broke')")
        outcome = sandbox.run("harm", [], place, 60)
    assert outcome == sandbox.Outcome(1, "so far\n", ("broke",))


def test_a_process_that_does_not_end_is_ended() -> None:
    with sandbox.folder() as place:
        (place / "home").mkdir()
        (place / "home" / "stays.py").write_text("import threading; threading.Event().wait()")
        outcome = sandbox.run("stays", [], place, 0.5)
    assert outcome.code != 0


def test_the_slope_is_that_of_the_late_samples() -> None:
    minutes = np.arange(0, 30, 0.5)
    grown = np.where(minutes < 10, 500 + 20 * minutes, 700 + 0.25 * (minutes - 10))
    samples = list(zip(minutes.tolist(), grown.tolist(), strict=True))
    assert endurance.slope_of(samples, since=10) == pytest.approx(0.25)
