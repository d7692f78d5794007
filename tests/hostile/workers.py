"""Worker processes that open hostile files, a hundred each, and the parent that watches over them.

A worker has a gibibyte beyond what it began with. One that is busy with one thing for twenty
seconds is ended, and twenty seconds of the processor are the most for all that is done with a file:
other programs may keep a worker waiting. What a worker was about when it died is known, because it
tells before it begins.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from tests.hostile.makers import KINDS, Kind

__all__ = ["GIB", "SECONDS", "Outcome", "kind_of", "open_one", "run", "warm_up"]

SECONDS = 20.0
"""Of the processor, that a file may take. A computer that has other work takes longer over it."""
LONGEST_SECONDS = 120.0
"""By the clock, after which a worker that says nothing hangs."""
GIB = 1 << 30
FILES_A_WORKER = 100


@dataclass(slots=True)
class Outcome:
    """What became of one file."""

    index: int
    kind: str
    faults: list[str] = field(default_factory=list)
    accepted: int = 0
    sentences: int = 0
    longest: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    peak: int = 0


def kind_of(seed: int, index: int, only: str | None = None) -> Kind:
    """The kind of a file: the same for the same seed and index, whatever came before."""
    if only is not None:
        return KINDS[only]
    shares = [kind.share for kind in KINDS.values()]
    return random.Random(f"kind {seed} {index}").choices(list(KINDS.values()), shares)[0]


def open_one(
    seed: int,
    index: int,
    only: str | None = None,
    keep: Path | None = None,
    beat: Callable[[], None] = lambda: None,
) -> Outcome:
    """Make a file and open it with everything; `keep` is where it stays."""
    from tests.hostile.openers import open_everywhere

    kind = kind_of(seed, index, only)
    outcome = Outcome(index, kind.name)
    folder = Path(tempfile.mkdtemp(prefix="playground-hostile-")) if keep is None else keep
    try:
        case = kind.make(random.Random(f"{kind.name} {seed} {index}"), folder)
        _forget_peak()
        began, cpu = time.monotonic(), time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a warning would stand on the terminal
            report = open_everywhere(case, folder, beat)
        outcome.seconds, outcome.cpu = time.monotonic() - began, time.process_time() - cpu
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    outcome.faults = report.faults
    outcome.peak = _peak()
    if outcome.peak >= GIB:
        outcome.faults.append(f"memory: {outcome.peak / GIB:.2f} GiB")
    if outcome.cpu >= SECONDS:
        outcome.faults.append(f"time: {outcome.cpu:.0f} s of the processor")
    outcome.accepted, outcome.sentences = len(report.accepted), len(report.sentences)
    outcome.longest = max(map(len, report.sentences), default=0)
    return outcome


def warm_up() -> None:
    """Import what every worker needs, and compile the kernels, before workers are forked."""
    import sklearn.cluster
    import sklearn.datasets
    import sklearn.model_selection
    import sklearn.preprocessing  # noqa: F401
    import torch._dynamo  # which the first optimizer of torch would bring, in each worker
    from PIL import features  # noqa: F401

    from playground.engines.compiled import kernel_cache
    from tests.hostile import openers, specimens  # noqa: F401

    torch.set_num_threads(1)
    kernel_cache.fill()
    kernel_cache.load()
    for make in (specimens.projects, specimens.lessons, specimens.tables, specimens.pictures):
        make()
    with tempfile.TemporaryDirectory() as folder:
        specimens.kept(f"{folder}/kept.safetensors")


# Memory.


def _forget_peak() -> None:
    """Linux can forget the highest memory use of a process; elsewhere it is that of all files."""
    if sys.platform == "linux":
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")


def _peak() -> int:
    """The most memory, in bytes, that was in use since it was forgotten."""
    if sys.platform == "linux":
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _bound_memory() -> None:
    """Let no allocation go a gibibyte beyond what the libraries have mapped already."""
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + GIB
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


# Processes.


def _work(pipe: Connection, seed: int, indices: Sequence[int], only: str | None) -> None:
    _bound_memory()
    os.environ["TMPDIR"] = tempfile.gettempdir()
    for index in indices:
        pipe.send(index)
        pipe.send(open_one(seed, index, only, beat=lambda: pipe.send(None)))
    pipe.close()


@dataclass(slots=True)
class _Worker:
    process: Any
    pipe: Connection
    indices: list[int]
    current: int | None = None
    deadline: float = 0.0


def run(
    seed: int,
    indices: Sequence[int],
    workers: int,
    told: Callable[[Outcome], None],
    only: str | None = None,
) -> None:
    """Open all files in worker processes, and tell of each outcome."""
    parts = [
        list(indices[at : at + FILES_A_WORKER]) for at in range(0, len(indices), FILES_A_WORKER)
    ]
    waiting, alive = list(reversed(parts)), list[_Worker]()
    while waiting or alive:
        while waiting and len(alive) < workers:
            alive.append(_begun(seed, waiting.pop(), only))
        for outcome, worker, rest in _heard(alive, seed, only):
            if outcome is not None:
                told(outcome)
            if rest is not None:
                alive.remove(worker)
                if rest:
                    waiting.append(rest)


def _begun(seed: int, indices: list[int], only: str | None) -> _Worker:
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(there, seed, indices, only), daemon=True)
    process.start()
    there.close()
    # Until it has begun, a worker may take its time to import.
    return _Worker(process, here, indices, deadline=time.monotonic() + LONGEST_SECONDS)


def _heard(
    alive: list[_Worker], seed: int, only: str | None
) -> Iterator[tuple[Outcome | None, _Worker, list[int] | None]]:
    """(what became of a file, by whom, the files that are left where the worker has ended)."""
    wait([worker.pipe for worker in alive], timeout=0.5)
    for worker in list(alive):
        ended = False
        try:
            while not ended and worker.pipe.poll():
                message = worker.pipe.recv()
                worker.deadline = time.monotonic() + LONGEST_SECONDS
                if isinstance(message, int):
                    worker.current = message
                elif message is not None:
                    worker.current = None
                    yield message, worker, None
        except (EOFError, OSError):
            ended = True
        if not ended and time.monotonic() > worker.deadline:
            worker.process.kill()
            yield (
                _lost(worker, seed, only, f"time: more than {LONGEST_SECONDS:.0f} s"),
                worker,
                None,
            )
            ended = True
        elif ended:
            worker.process.join()
            if worker.current is not None:
                words = f"the process ended with code {worker.process.exitcode}"
                yield _lost(worker, seed, only, words), worker, None
        if ended:
            worker.process.join()
            worker.pipe.close()
            yield None, worker, _left(worker)


def _lost(worker: _Worker, seed: int, only: str | None, words: str) -> Outcome:
    index = worker.indices[0] if worker.current is None else worker.current
    worker.current = index
    return Outcome(index, kind_of(seed, index, only).name, [words])


def _left(worker: _Worker) -> list[int]:
    """Files that the worker did not come to."""
    if worker.current is None:
        return []
    return worker.indices[worker.indices.index(worker.current) + 1 :]
