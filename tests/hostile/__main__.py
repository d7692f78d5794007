"""Open thousands of hostile files with everything that reads files.

    python -m tests.hostile                      ten thousand files, two workers
    python -m tests.hostile --files 1000
    python -m tests.hostile --seed 0 --only 4711       one file again, in this process
    python -m tests.hostile --seed 0 --only 4711 --keep /tmp/it    ... and keep it

Only PlaygroundError may come out of a reader, with a sentence under 400 characters on one line,
within 20 s of the processor and 1 GiB. Exits with 1 where that does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.hostile import workers
from tests.hostile.makers import KINDS

MOST_SHOWN = 200


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--files", type=int, default=10_000, help="how many")
    parser.add_argument("--from", dest="first", type=int, default=0, help="index of the first one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="one file, by its index")
    parser.add_argument("--kind", choices=list(KINDS), help="files of one kind only")
    parser.add_argument("--keep", type=Path, help="an empty folder for the file of --only")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")
    return parser.parse_args()


def main() -> int:
    wanted = _arguments()
    workers.warm_up()
    if wanted.only is not None:
        if wanted.keep is not None:
            wanted.keep.mkdir(parents=True, exist_ok=True)
        outcome = workers.open_one(wanted.seed, wanted.only, wanted.kind, wanted.keep)
        print(outcome)
        return 1 if outcome.faults else 0
    outcomes: list[workers.Outcome] = []
    began = time.monotonic()

    def told(outcome: workers.Outcome) -> None:
        outcomes.append(outcome)
        if not wanted.json and len(outcomes) % 500 == 0:
            print(f"{len(outcomes):,} of {wanted.files:,}", file=sys.stderr, flush=True)

    indices = range(wanted.first, wanted.first + wanted.files)
    workers.run(wanted.seed, indices, wanted.workers, told, wanted.kind)
    return _tell(outcomes, wanted, time.monotonic() - began)


def _tell(outcomes: list[workers.Outcome], wanted: argparse.Namespace, seconds: float) -> int:
    faulty = [outcome for outcome in outcomes if outcome.faults]
    slowest = max(outcomes, key=lambda outcome: outcome.seconds)
    largest = max(outcomes, key=lambda outcome: outcome.peak)
    found = {
        "files": len(outcomes),
        "faulty": len(faulty),
        "cpu of kinds": _cpu(outcomes),
        "kinds": dict(Counter(outcome.kind for outcome in outcomes)),
        "accepted": sum(bool(outcome.accepted) for outcome in outcomes),
        "sentences": sum(outcome.sentences for outcome in outcomes),
        "longest": max(outcome.longest for outcome in outcomes),
        "slowest": [slowest.index, slowest.kind, round(slowest.seconds, 2)],
        "largest": [largest.index, largest.kind, round(largest.peak / 2**20)],
        "cpu": round(sum(outcome.cpu for outcome in outcomes), 1),
        "seconds": round(seconds, 1),
        "faults": {f"{o.kind} {o.index}": o.faults for o in faulty},
    }
    if wanted.json:
        print(json.dumps(found))
        return 1 if faulty else 0
    groups = defaultdict[str, list[str]](list)
    for outcome in faulty:
        for fault in outcome.faults:
            groups[fault].append(f"{outcome.kind} {outcome.index}")
    for fault, places in sorted(groups.items(), key=lambda item: -len(item[1]))[:MOST_SHOWN]:
        print(f"{len(places):5} {fault}   [--seed {wanted.seed} --only {places[0]}]")
    for name, value in found.items():
        if name != "faults":
            print(f"{name:10} {value}")
    return 1 if faulty else 0


def _cpu(outcomes: list[workers.Outcome]) -> dict[str, float]:
    """Seconds of the processor that the files of each kind took."""
    seconds = Counter[str]()
    for outcome in outcomes:
        seconds[outcome.kind] += outcome.cpu  # type: ignore[assignment]
    return {kind: round(took, 1) for kind, took in seconds.most_common()}


if __name__ == "__main__":
    sys.exit(main())
