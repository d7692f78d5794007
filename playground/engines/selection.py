"""Which engine trains an experiment, and why.

To add an engine, write its class and name it in `ENGINES`; `auto` decides by what was measured.
"""

from __future__ import annotations

from dataclasses import dataclass

from playground.core.errors import EngineError
from playground.engines.base import Engine, Plan
from playground.engines.torch_engine import TorchEngine

__all__ = ["ENGINES", "Selection", "select"]

ENGINES: dict[str, type[Engine]] = {"torch": TorchEngine}


@dataclass(frozen=True, slots=True)
class Selection:
    """An engine class and, as a sentence, why it was chosen."""

    engine: type[Engine]
    reason: str


def select(plan: Plan) -> Selection:
    """The engine for a plan. Raises EngineError where the one that is asked for cannot train it."""
    wanted = plan.experiment.training.engine
    if wanted == "auto":
        return Selection(TorchEngine, "PyTorch trains every layer on every device.")
    engine = ENGINES[wanted]
    obstacle = engine.obstacle(plan)
    if obstacle:
        raise EngineError(
            f"The {wanted} engine cannot train {obstacle}; choose the engine 'torch' or 'auto'."
        )
    return Selection(engine, "It was chosen by name.")
