"""What the window calls the lanes of a race, with the words that its forms have for settings.

Commands call them by the names that files have. GUI thread.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from playground.core.experiment.experiment import Experiment
from playground.core.messages import Message
from playground.core.network.activations import ACTIVATIONS
from playground.core.races import Called, race_settings
from playground.core.training.losses import LOSSES
from playground.core.training.optimizers import OPTIMIZERS
from playground.core.training.schedules import SCHEDULES
from playground.ui.language import tr


def caller(experiment: Experiment) -> Called:
    """What lanes of this experiment are called by a setting and its value."""
    settings = {setting.path: setting.name for setting in race_settings(experiment)}

    def called(path: str, value: Any) -> str:
        words = _words(path)
        if isinstance(value, str) and value != "full":
            return tr(words.get(value, value))
        said = tr("Full") if value == "full" else json.dumps(value)
        name = Message(settings.get(path, path))
        return tr(Message("{setting:small} {value}", setting=name, value=said))

    return called


def _words(path: str) -> Mapping[str, str]:
    """The labels of the values that a setting may have, by the values."""
    if path.endswith("optimizer.kind"):
        return {key: kind.label for key, kind in OPTIMIZERS.items()}
    if path.endswith("schedule.kind"):
        return {key: kind.label for key, kind in SCHEDULES.items()}
    return {one.key: one.label for one in (LOSSES if path.endswith("loss") else ACTIVATIONS)}
