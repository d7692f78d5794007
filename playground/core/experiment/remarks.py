"""What a setting comes to, where it is allowed but hardly what a person means.

Pure; any thread.
"""

from __future__ import annotations

from playground.core.experiment.experiment import Experiment
from playground.core.messages import Message
from playground.core.numbers import whole

BATCH = "training.batch_size"
RATE = "training.optimizer.learning_rate"


def remark(experiment: Experiment, path: str, points: int | None) -> str:
    """One sentence on the setting at `path` as it is now; "" where there is nothing to say.

    points  number of training points, None where it is not known
    """
    training = experiment.training
    if path == RATE and training.optimizer.learning_rate == 0:
        return Message("With a learning rate of 0 no step changes anything.")
    size = training.batch_size
    if path == BATCH and points is not None and isinstance(size, int) and size > points:
        return Message(
            "A batch of {size} is more than the {points} training points, so each step looks at all"
            " of them.",
            size=whole(size),
            points=whole(points),
        )
    return ""
