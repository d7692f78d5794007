"""Who trains what, what a person is told, and what happens while the kernels are not there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

import playground
from playground.core.data.dataset import prepare
from playground.core.data.tables.reading import Cancelled
from playground.core.errors import EngineError
from playground.core.experiment.experiment import Experiment
from playground.core.network.layers import LAYERS
from playground.engines import first_weights
from playground.engines.compiled import kernel_cache, kernel_folders
from playground.engines.compiled.compiled_engine import CompiledEngine
from playground.engines.compiled.machine_code import MachineCode, object_of
from playground.engines.contract.base import Plan
from playground.engines.contract.run_control import RunControl
from playground.engines.loop.headless import train_to_end
from playground.engines.loop.selection import ENGINES, select
from playground.engines.loop.training import train
from playground.engines.numpy.numpy_engine import NumpyEngine
from playground.engines.pytorch.torch_engine import TorchEngine


def linear(units: int = 4) -> dict[str, Any]:
    return {"kind": "linear", "units": units}


def plan_of(*layers: dict[str, Any], samples: int = 20, **training: Any) -> Plan:
    experiment = Experiment.parse(
        {
            "data": {"kind": "generated", "samples": samples},
            "model": {"layers": layers or [linear()]},
            "training": training,
        }
    )
    return Plan.of(experiment, prepare(experiment))


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache in which nothing is, and that no process fills."""
    monkeypatch.setattr(kernel_folders, "folders", lambda: (tmp_path / "kernels",))
    monkeypatch.setattr(kernel_cache, "_failure", "")
    monkeypatch.setattr(kernel_cache, "_compilation", None)
    monkeypatch.setattr(kernel_cache, "start_filling", lambda: None)
    return tmp_path / "kernels"


# Forced.


@pytest.mark.parametrize(
    ("engine", "layers", "training", "named"),
    [
        ("compiled", [], {"optimizer": {"kind": "lbfgs"}}, "the optimizer 'lbfgs'"),
        ("numpy", [linear(), {"kind": "dropout"}], {}, "hidden layer 2, 'dropout'"),
        ("numpy", [{"kind": "residual"}], {}, "hidden layer 1, 'residual'"),
        ("numpy", [], {"optimizer": {"kind": "lbfgs"}}, "the optimizer 'lbfgs'"),
        ("compiled", [], {"dtype": "float64"}, "float64"),
        ("compiled", [], {"device": "cuda:0"}, "the device 'cuda:0'"),
    ],
)
def test_an_engine_that_cannot_says_what_is_in_the_way(
    engine: str, layers: list[dict[str, Any]], training: dict[str, Any], named: str
) -> None:
    with pytest.raises(EngineError) as caught:
        select(plan_of(*layers, engine=engine, **training))
    assert named in str(caught.value)
    assert f"The {engine} engine" in str(caught.value)
    assert "choose the engine 'torch' or 'auto'" in str(caught.value)


@pytest.mark.parametrize("key", ENGINES)
def test_an_engine_that_is_asked_for_trains(key: str) -> None:
    selection = select(plan_of(engine=key))
    assert selection.engine is ENGINES[key]()
    assert selection.reason == "It was chosen by name."


# Auto.


def test_auto_takes_the_kernels_where_it_can() -> None:
    kernel_cache.fill()
    assert select(plan_of()).engine is CompiledEngine
    assert (
        select(plan_of(linear(64), linear(64), batch_size=50, samples=500)).engine is CompiledEngine
    )


@pytest.mark.parametrize("kind", [kind for kind, layer in LAYERS.items() if layer.takes != "image"])
def test_auto_takes_the_kernels_for_every_layer_of_points(kind: str) -> None:
    kernel_cache.fill()
    assert select(plan_of(linear(), {"kind": kind})).engine is CompiledEngine


def test_auto_takes_numpy_in_float64() -> None:
    selection = select(plan_of(dtype="float64"))
    assert selection.engine is NumpyEngine
    assert "float64" in selection.reason


@pytest.mark.parametrize(
    ("layers", "training", "named"),
    [
        ([linear()], {"augmentation": {"jitter": 0.1}}, "augmentation"),
        ([], {"optimizer": {"kind": "lbfgs"}}, "the optimizer 'lbfgs'"),
    ],
)
def test_auto_takes_torch_for_what_only_torch_can(
    layers: list[dict[str, Any]], training: dict[str, Any], named: str
) -> None:
    selection = select(plan_of(*layers, **training))
    assert selection.engine is TorchEngine
    assert named in selection.reason


@pytest.mark.parametrize(("units", "times"), [(8, 500), (64, 10), (1000, 0)])
def test_what_torch_costs_is_said_in_round_numbers(units: int, times: int) -> None:
    """Close to the README's W2, 300, and W4, 13; a large network loses nothing."""
    batch = 10 if units == 8 else 50
    plan = plan_of(linear(units), linear(units), batch_size=batch, optimizer={"kind": "lbfgs"})
    reason = select(plan).reason
    assert ("times as fast" in reason) == bool(times)
    assert not times or f"about {times} times as fast" in reason


def test_nothing_is_said_of_kernels_that_there_are_not() -> None:
    experiment = Experiment.parse(
        {"data": {"kind": "digits"}, "model": {"layers": [{"kind": "conv"}]}}
    )
    reason = select(Plan.of(experiment, prepare(experiment))).reason
    assert reason == "Only PyTorch can train hidden layer 1, 'conv'."


def test_auto_takes_torch_for_a_very_large_network() -> None:
    layers = [linear(1024)] * 3
    assert select(plan_of(*layers, batch_size=250)).engine is TorchEngine


def test_auto_takes_torch_where_there_is_a_graphics_card(monkeypatch: pytest.MonkeyPatch) -> None:
    import playground.engines.loop.selection as module

    monkeypatch.setattr(module, "resolve", lambda *args, **settings: "cuda:0")
    layers = [linear(256)] * 3
    assert select(plan_of(*layers, batch_size=250)).engine is TorchEngine
    assert select(plan_of(*layers, batch_size=10)).engine is CompiledEngine


def test_a_run_tells_who_trains_and_why() -> None:
    kernel_cache.fill()
    result = train_to_end(plan_of().experiment, epochs=2)
    assert result.as_json()["engine"] == "compiled"
    assert result.as_json()["reason"].endswith("this size.")


# Without the kernels.


def test_until_the_kernels_are_there_another_engine_trains(empty_cache: Path) -> None:
    selection = select(plan_of())
    assert selection.engine is NumpyEngine
    assert "still being made" in selection.reason


def test_kernels_that_cannot_be_kept_are_explained(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_cache, "_failure", "the folder /x cannot be written (Read-only)")
    selection = select(plan_of())
    assert selection.engine is NumpyEngine
    assert selection.reason.endswith("the folder /x cannot be written (Read-only).")


def test_a_folder_that_cannot_be_written_is_named(
    empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty_cache.parent.joinpath("kernels").write_text("a file is in the way")
    assert kernel_cache.main() == 1
    line = capsys.readouterr().err
    assert line.startswith(f"the folder {empty_cache} cannot be written (")
    assert line.count("\n") == 1


def keep_kernels(place: Path, code: bytes) -> None:
    place.mkdir(exist_ok=True)
    place.joinpath(kernel_cache.FILE).write_bytes(kernel_cache._head(code) + code)


def test_a_cache_counts_only_when_it_is_whole(empty_cache: Path) -> None:
    assert not kernel_cache.is_ready()
    empty_cache.mkdir()
    assert not kernel_cache.is_ready()
    keep_kernels(empty_cache, b"machine code")
    assert kernel_cache.is_ready()
    whole = empty_cache.joinpath(kernel_cache.FILE).read_bytes()
    for damaged in (b"", whole[:20], whole[:-1], whole + b"x", whole[:-1] + b"x"):
        empty_cache.joinpath(kernel_cache.FILE).write_bytes(damaged)
        assert not kernel_cache.is_ready()


NOTHING = "define i32 @f(ptr %a, ptr %b, ptr %c) {\nret i32 0\n}"
"""A function that does nothing, in LLVM's language."""


@pytest.mark.parametrize("is_overtaken", [False, True])
def test_a_cache_appears_whole_even_where_two_fill_it(
    is_overtaken: bool, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compiled() -> bytes:
        assert not kernel_cache.is_ready()
        if is_overtaken:
            keep_kernels(empty_cache, b"theirs")
        return object_of({"other": ("f", NOTHING)})

    monkeypatch.setattr(kernel_cache, "KERNELS", {"other": ()})
    monkeypatch.setattr(first_weights, "drops_as_torch", lambda: True)
    monkeypatch.setattr(kernel_cache, "_compiled", compiled)
    assert kernel_cache.main() == 0
    assert kernel_cache.is_ready()
    assert [path.name for path in empty_cache.iterdir()] == [kernel_cache.FILE]


def test_what_cannot_be_loaded_is_removed_and_explained(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_kernels(empty_cache, object_of({"other": ("f", NOTHING)}))
    monkeypatch.setattr(kernel_cache, "_loaded", None)
    selection = select(plan_of())
    assert selection.engine is NumpyEngine
    assert "cannot be loaded; remove the folder" in selection.reason
    assert not kernel_cache.is_ready()


def test_a_process_that_fails_is_not_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    def start(words: IO[bytes]) -> subprocess.Popen[bytes]:
        started.append(1)
        script = "import sys; print('noise\\nthe disk is full', file=sys.stderr); sys.exit(1)"
        return subprocess.Popen([sys.executable, "-c", script], stderr=words)

    monkeypatch.setattr(kernel_folders, "folders", lambda: (tmp_path / "kernels",))
    monkeypatch.setattr(kernel_cache, "_failure", "")
    monkeypatch.setattr(kernel_cache, "_compilation", None)
    monkeypatch.setattr(kernel_cache, "_start", start)
    with pytest.raises(EngineError, match="not available: the disk is full"):
        kernel_cache.fill()
    with pytest.raises(EngineError, match="not available: the disk is full"):
        kernel_cache.fill()
    assert len(started) == 1


WARNS_A_LOT = """
import sys
for _ in range(20_000):
    print("NumbaWarning: something is not as it should be", file=sys.stderr)
sys.exit("the disk is full")
"""
STAYS = "import sys; sys.stdin.read()"


@pytest.fixture
def compiling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Lets a script stand for the process that compiles."""
    processes: list[subprocess.Popen] = []

    def compile_with(script: str) -> None:
        def popen(command: list[str], **arguments: Any) -> subprocess.Popen:
            arguments["stdin"] = subprocess.PIPE
            processes.append(real([sys.executable, "-c", script], **arguments))
            return processes[-1]

        real = subprocess.Popen
        monkeypatch.setattr(kernel_cache.subprocess, "Popen", popen)

    monkeypatch.setattr(kernel_folders, "folders", lambda: (tmp_path / "kernels",))
    monkeypatch.setattr(kernel_cache, "_failure", "")
    monkeypatch.setattr(kernel_cache, "_compilation", None)
    yield compile_with
    for process in processes:
        process.kill()
        process.communicate()
    if kernel_cache._compilation is not None:
        kernel_cache._compilation.words.close()


def test_a_process_that_warns_a_lot_is_not_held_up(compiling: Callable[[str], None]) -> None:
    compiling(WARNS_A_LOT)
    with pytest.raises(EngineError, match="not available: the disk is full"):
        kernel_cache.fill()


def test_nothing_is_left_open_of_a_process_that_has_filled_the_cache(
    compiling: Callable[[str], None], tmp_path: Path
) -> None:
    place = tmp_path / "kernels"
    compiling(
        f"from pathlib import Path; place = Path({str(place)!r}); place.mkdir();"
        f"(place / {kernel_cache.FILE!r}).write_bytes({kernel_cache._head(b'')!r})"
    )
    kernel_cache.start_filling()
    assert kernel_cache._compilation is not None
    words = kernel_cache._compilation.words
    kernel_cache.fill()
    assert kernel_cache.is_ready()
    assert words.closed


def test_waiting_for_the_kernels_ends_when_the_run_is_stopped(
    compiling: Callable[[str], None],
) -> None:
    """Stopped after a few looks, at a process that would never end by itself."""
    compiling(STAYS)
    looks = iter((False, False, True))
    with pytest.raises(Cancelled):
        kernel_cache.fill(lambda: next(looks))
    assert kernel_cache._compilation is not None
    assert kernel_cache._compilation.process.poll() is None, (
        "it goes on for whoever needs the kernels next"
    )


def test_a_run_that_is_stopped_while_it_waits_for_the_kernels_ends_without_a_word(
    compiling: Callable[[str], None],
) -> None:
    compiling(STAYS)
    experiment = Experiment.parse({"training": {"engine": "compiled"}})
    control = RunControl(interactive=True)
    control.stop()
    assert list(train(experiment, prepare(experiment), control)) == []


def test_a_process_that_never_ends_is_ended(
    compiling: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    compiling(STAYS)
    monkeypatch.setattr(kernel_cache, "LONGEST_SECONDS", 0.0)
    with pytest.raises(EngineError, match="not available: compiling ended with code"):
        kernel_cache.fill()


def test_a_second_thread_waits_until_all_of_the_kernels_are_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A training and a race may want them at the same time."""
    is_loading, may_go_on, found = threading.Event(), threading.Event(), []

    def slowly() -> MachineCode:
        is_loading.set()
        may_go_on.wait(20)
        return object.__new__(MachineCode)

    monkeypatch.setattr(kernel_cache, "_load", slowly)
    monkeypatch.setattr(kernel_cache, "_loaded", None)
    threads = [threading.Thread(target=lambda: found.append(kernel_cache.load())) for _ in "12"]
    threads[0].start()
    assert is_loading.wait(20)
    threads[1].start()
    threads[1].join(0.1)
    assert not found
    may_go_on.set()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert found[0] is found[1]


LOADS_ONLY = """
import sys
from playground.engines.compiled import kernel_cache, kernel_folders
kernel_cache._start = None
kernel_cache.load()
print(*sorted({"numba", "torch", "llvmlite"} & {*sys.modules}), kernel_cache._found()[0])
"""


def test_a_cache_that_was_filled_elsewhere_serves_anywhere(tmp_path: Path) -> None:
    """Of another copy of the program, with other times, under another home, read-only, and named by
    the environment or beside the program. Nothing is compiled, and numba not imported.
    """
    kernel_cache.fill()
    root = Path(playground.__file__).parents[1]
    program = tmp_path / "elsewhere" / "program"
    for place in root.glob("playground/**/*.py"):
        copy = program / place.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(place, copy)
        os.utime(copy, (1e9, 1e9))
    (filled,) = [place for place in kernel_folders.folders() if place.exists()]
    for shipped, variable in (
        (program / "kernels", ""),
        (tmp_path / "named", kernel_folders.VARIABLE),
    ):
        copy = Path(shutil.copytree(filled, shipped / filled.name))
        copy.chmod(0o500)
        environment = {**os.environ, "PYTHONPATH": str(program), "HOME": str(tmp_path / "home")}
        environment |= {"XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
        if variable:
            environment[variable] = str(shipped)
        done = subprocess.run(
            [sys.executable, "-c", LOADS_ONLY],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == ["llvmlite", str(copy / kernel_cache.FILE)]
        shutil.rmtree(shipped)


def test_the_folder_that_the_environment_names_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(kernel_folders.VARIABLE, raising=False)
    own = kernel_folders.folders()
    assert kernel_folders.folder() == own[-1]
    monkeypatch.setenv(kernel_folders.VARIABLE, str(tmp_path))
    assert kernel_folders.folder() == tmp_path / own[0].name
    assert kernel_folders.folders() == (tmp_path / own[0].name, *own)


def test_choosing_without_kernels_does_not_import_numba(tmp_path: Path) -> None:
    script = """
import sys
from playground.core.data.dataset import prepare
from playground.core.experiment.experiment import Experiment
from playground.core.data.tables.reading import Cancelled
from playground.engines.compiled import kernel_cache, kernel_folders
from playground.engines.contract.base import Plan
from playground.engines.loop.selection import select

def refuse(words):
    raise OSError(11, "Resource temporarily unavailable")

kernel_cache._start = refuse
experiment = Experiment()
selection = select(Plan.of(experiment, prepare(experiment)))
print(selection.engine.key, "numba" in sys.modules, selection.reason)
"""
    result = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.startswith(
        "numpy False NumPy is the fastest that can be used now: no process"
    )
