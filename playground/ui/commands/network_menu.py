"""Network and Train: layers, and what a run is told. GUI thread."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QAbstractButton, QApplication

from playground.core.messages import Message
from playground.core.network.layers import LAYERS
from playground.ui.commands.command import Command
from playground.ui.commands.context import Context, Section, choices, switched

ADDING = {
    kind: Message("Add {what:small}", what=Message(layer.label)) for kind, layer in LAYERS.items()
}
ADDING["linear"] = Message("Add linear layer")
"""What the entry for a kind of layer is called."""
INSTANT_LENGTHS = (50, 100, 200, 500, 1_000, 2_000, 5_000)


def network_menu(context: Context) -> list[Section]:
    session = context.session
    return [
        [
            Command(
                ADDING[kind],
                partial(session.append_layer, kind),
                "Ctrl+L" if kind == "linear" else "",
                layer.help,
                is_enabled=partial(_has_place, context, kind),
                changes="model.layers",
            )
            for kind, layer in LAYERS.items()
        ],
        [
            Command(
                "Remove the last layer",
                partial(_remove_last_layer, context),
                "Ctrl+Shift+L",
                is_enabled=lambda: bool(session.experiment.model.layers),
                changes="model.layers",
            )
        ],
    ]


def _has_place(context: Context, kind: str) -> bool:
    return context.session.has_place_for_layer(kind)


def _remove_last_layer(context: Context) -> None:
    if context.session.experiment.model.layers:
        context.session.remove_layer(len(context.session.experiment.model.layers) - 1)


def train_menu(context: Context) -> list[Section]:
    run = context.session.run
    return [
        [
            Command("Train or pause", partial(_press_space, context), "Space"),
            Command("Step one epoch", run.step_epoch, "S", act="step_epoch"),
            Command("Step one batch", run.step_batch, "Shift+S", act="step_batch"),
        ],
        [
            switched("Instant", context.parts.transport.instant, "I", act="instant"),
            choices(
                "Epochs in Instant",
                {epochs: f"{epochs:,}" for epochs in INSTANT_LENGTHS},
                lambda: run.instant_epochs,
                run.set_instant_epochs,
            ),
        ],
        [
            Command("Reset to the same start", run.reset, "R"),
            Command(
                "New start",
                context.session.new_start,
                "Ctrl+Shift+R",
                "Draw other first weights.",
                changes="training.seed",
                act="new_start",
            ),
        ],
        [
            Command(
                "Compare…",
                context.windows.open_comparison,
                "Ctrl+Shift+C",
                "Race several settings from one start: optimizers, learning rates, or any other.",
            )
        ],
    ]


def _press_space(context: Context) -> None:
    """Space trains and pauses, except on a button that was reached by keyboard, which it
    presses.
    """
    focused = QApplication.focusWidget()
    if isinstance(focused, QAbstractButton) and getattr(focused, "has_ring", bool)():
        focused.click()
    else:
        context.session.run.toggle()
