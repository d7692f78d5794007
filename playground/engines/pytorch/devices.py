"""The devices torch offers on this computer: list them, and resolve a name to one.

A device that is asked for by name and missing is an error, never a silent fallback. Torch is
imported by the first who asks for more than the processor, which is always there, and only where it
was built for more.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from playground.core.errors import DeviceError
from playground.core.messages import Message


@dataclass(frozen=True, slots=True)
class Device:
    """`name` is what files and torch call it, `label` what people read."""

    name: str
    label: str


@cache  # to look takes longer than some trainings of Instant
def may_have_card() -> bool:
    """False where torch was built for the processor alone, which the libraries beside it tell."""
    found = find_spec("torch")
    if found is None or found.origin is None:
        return False
    libraries = Path(found.origin).parent / "lib"
    if sys.platform == "darwin" or not libraries.is_dir():
        return True
    names = [path.name for path in libraries.iterdir()]
    return any(card in name for name in names for card in ("cuda", "hip", "xpu"))


def available() -> list[Device]:
    """All devices, the processor first; it alone where torch cannot be loaded."""
    devices = [Device("cpu", Message("Processor (CPU)"))]
    if not may_have_card():
        return devices
    try:
        import torch
    except (ImportError, OSError):
        return devices
    for kind, module in (("cuda", torch.cuda), ("xpu", torch.xpu)):
        if module.is_available():
            devices += [
                Device(f"{kind}:{i}", module.get_device_name(i))
                for i in range(module.device_count())
            ]
    if torch.backends.mps.is_available():
        devices.append(Device("mps", "Apple graphics (MPS)"))
    return devices


def resolve(name: str, *, is_large: bool = False, dtype: str = "float32") -> str:
    """The device to use for `name`.

    "auto" is the processor for a network that is not large, because a graphics card spends longer
    on each call than such a step takes; for a large one it is the first graphics card there is.
    "cuda" is "cuda:0".

    Raises DeviceError, listing what there is, for a device that is missing or cannot hold `dtype`.
    """
    if name == "cpu" or (name == "auto" and not is_large):
        return "cpu"
    devices = available()
    names = [device.name for device in devices]
    if name == "auto":
        usable = [other for other in names if _can_hold(other, dtype)]
        return usable[1] if len(usable) > 1 else "cpu"
    wanted = f"{name}:0" if name in ("cuda", "xpu") else name
    if wanted not in names:
        there = ", ".join(f"{device.name} ({device.label})" for device in devices)
        raise DeviceError(
            "There is no device '{name}' on this computer. There is: {names}.",
            name=name,
            names=there,
        )
    if not _can_hold(wanted, dtype):
        raise DeviceError(
            "The device '{wanted}' has no {dtype}; choose float32 or the device 'cpu'.",
            wanted=wanted,
            dtype=dtype,
        )
    return wanted


def _can_hold(name: str, dtype: str) -> bool:
    return not (name == "mps" and dtype == "float64")
