"""The part of a script that changes training points at random: the project's own functions.

Pure text: knows the core. Runs on any thread.
"""

from __future__ import annotations

from playground.core.experiment.experiment import Experiment
from playground.core.script.data_facts import Facts
from playground.core.script.data_step import preparation
from playground.core.script.layout import indented
from playground.core.script.sources import as_function, settings_of, with_helpers
from playground.core.training.augmentation import jittered, placed, shaded


def is_augmented(experiment: Experiment, facts: Facts) -> bool:
    return experiment.training.augmentation.acts(on_images=facts.image is not None)


def augmentation_step(experiment: Experiment, facts: Facts) -> str:
    """What gives a batch of changed points, as `augmented(rows)`; "" where nothing is changed."""
    if not is_augmented(experiment, facts):
        return ""
    settings = experiment.training.augmentation
    steps = [
        function
        for function, acts in (
            (placed, facts.image is not None and settings.moves_images),
            (shaded, facts.image is not None and settings.shades_images),
            (jittered, settings.jitter > 0),
        )
        if acts
    ]
    functions = dict.fromkeys(f for step in steps for f in with_helpers(step))
    text = "\n\n".join(as_function(function, ("image", "random")) for function in functions)
    read = {name for step in steps for name in settings_of(step)}
    head = ["# Training points are changed a little each time they are seen."]
    head += [f"image = {facts.image}"] if placed in steps else []
    head += [f"{name} = {value}" for name, value in settings if name in read]
    head += [f"random = np.random.default_rng(({experiment.training.seed}, 1))", "", ""]
    changes = [f"x = {step.__name__}(x)" for step in steps]
    body = [
        "def augmented(rows):",
        '    """Rows of the training points, changed at random, as the network is shown them."""',
        "    x = raw_x[rows]",
        *indented(changes),
        *([] if facts.is_exact else ["    x = x.astype(np.float32)"]),
        *indented(preparation(experiment, facts)),
        "    return x",
    ]
    return "\n".join(head) + text + "\n\n" + "\n".join(body) + "\n"
