"""Devices: what there is, and an error with a list for what there is not."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from playground.core.data.dataset import prepare
from playground.core.errors import DeviceError
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.base import Plan
from playground.engines.pytorch import devices
from playground.engines.pytorch.devices import available, resolve
from playground.engines.pytorch.torch_engine import TorchEngine


@pytest.fixture
def two_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = SimpleNamespace(
        is_available=lambda: True,
        device_count=lambda: 2,
        get_device_name=lambda index: f"Card {index}",
    )
    monkeypatch.setattr(torch, "cuda", cards)
    monkeypatch.setattr(devices, "may_have_card", lambda: True)


@pytest.fixture
def apple(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(devices, "may_have_card", lambda: True)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)


def test_what_its_files_say_is_what_torch_says(monkeypatch: pytest.MonkeyPatch) -> None:
    told = available()
    monkeypatch.setattr(devices, "may_have_card", lambda: True)
    assert available() == told


@pytest.mark.parametrize(
    ("library", "expected"),
    [("libtorch_cpu.so", False), ("libtorch_cuda.so", True), ("torch_xpu.dll", True)],
)
def test_a_library_tells_of_a_card(
    library: str, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torch" / "lib").mkdir(parents=True)
    (tmp_path / "torch" / "lib" / library).touch()
    found = SimpleNamespace(origin=str(tmp_path / "torch" / "__init__.py"))
    monkeypatch.setattr(devices, "find_spec", lambda name: found)
    monkeypatch.setattr(devices.sys, "platform", "linux")
    assert devices.may_have_card.__wrapped__() is expected


def test_the_processor_is_always_there() -> None:
    assert available()[0].name == "cpu"
    assert resolve("cpu") == resolve("auto") == "cpu"


def test_a_missing_device_is_an_error_that_lists_what_there_is() -> None:
    with pytest.raises(DeviceError, match=r"no device 'cuda:99' on this .* There is: cpu \(Proc"):
        resolve("cuda:99")


def test_the_engine_asks_for_its_device() -> None:
    experiment = Experiment.parse({"training": {"device": "cuda:99"}})
    with pytest.raises(DeviceError, match="cuda:99"):
        TorchEngine(Plan.of(experiment, prepare(experiment)))


@pytest.mark.usefixtures("two_cards")
def test_cards() -> None:
    assert [device.label for device in available()][:3] == ["Processor (CPU)", "Card 0", "Card 1"]
    assert resolve("cuda") == "cuda:0"
    assert resolve("cuda:1") == "cuda:1"
    assert resolve("auto") == "cpu"
    assert resolve("auto", is_large=True) == "cuda:0"


@pytest.mark.usefixtures("apple")
def test_a_device_without_double_precision() -> None:
    assert resolve("mps") == "mps"
    assert resolve("auto", is_large=True) == "mps"
    assert resolve("auto", is_large=True, dtype="float64") == "cpu"
    with pytest.raises(DeviceError, match="'mps' has no float64; choose float32"):
        resolve("mps", dtype="float64")


def test_every_device_that_torch_offers_trains() -> None:
    for device in available():
        experiment = Experiment.parse({"training": {"device": device.name}})
        dataset = prepare(experiment)
        engine = TorchEngine(Plan.of(experiment, dataset))
        engine.load(dataset)
        before = torch.get_rng_state()
        score = engine.evaluate("test")
        assert score is not None
        assert engine.device == device.name
        assert torch.equal(before, torch.get_rng_state())
