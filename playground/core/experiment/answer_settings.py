"""What else changes where a setting names another answer of a table. Pure; any thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.core.data.data import CsvData, Data
from playground.core.training.losses import misfit, usual_loss

_OTHER = {"data.label": "data.target", "data.target": "data.label"}
"""The two kinds of answers of a table; setting one takes the place of the other."""
_CLASSES = 2
"""As few as there can be, before the table is read."""


def with_what_follows(
    settings: Sequence[tuple[str, Any]], data: Data, loss: str, activation: str
) -> list[tuple[str, Any]]:
    """The settings, behind what follows where one of them names the answer of a table: there is no
    answer of the other kind, the answer is no input, and the loss is one for such answers.

    data, loss and activation of the outputs are those of before. What the settings say themselves
    is left to them.
    """
    said = dict(settings)
    answers = {path: said[path] for path in _OTHER if said.get(path) is not None}
    follows: list[tuple[str, Any]] = [
        (_OTHER[path], None) for path in answers if _OTHER[path] not in said
    ]
    if len(answers) == 1 and isinstance(data, CsvData):
        ((path, answer),) = answers.items()
        inputs = [name for name in data.inputs if name != answer]
        if "data.inputs" not in said and 0 < len(inputs) < len(data.inputs):
            follows.append(("data.inputs", inputs))
        if not {"training", "training.loss"} & set(said):
            is_number = path == "data.target"
            if data.is_regression != is_number:
                follows += _loss(loss, activation, is_number=is_number)
    return [*follows, *settings]


def _loss(loss: str, activation: str, *, is_number: bool) -> list[tuple[str, Any]]:
    """The usual loss where answers become numbers or classes and that of before does not fit."""
    if is_number and not misfit(loss, 0, activation):
        return []
    return [("training.loss", usual_loss(0 if is_number else _CLASSES, activation))]
