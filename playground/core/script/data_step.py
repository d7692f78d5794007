"""The data step of a script: where x and y come from, what is held out, and how x is prepared.

Pure text: knows the core. Runs on any thread.
"""

from __future__ import annotations

from playground.core.data.data import (
    CsvData,
    DigitsData,
    GeneratedData,
    ImagesData,
    PhotographsData,
    ShapesData,
)
from playground.core.data.features import FEATURES
from playground.core.data.generators import GENERATORS, Recipe
from playground.core.data.images.loading import BYTE_WHITE, DIGITS_SIDE, DIGITS_WHITE, enlarged
from playground.core.data.images.shapes import shapes
from playground.core.data.points_data import PointsData
from playground.core.data.vectors import AFFINE_OFFSET, VectorData
from playground.core.experiment.experiment import Experiment
from playground.core.script.data_facts import Facts, has_test_file, held_out_rows, train_rows
from playground.core.script.file_steps import image_file, photographs, table
from playground.core.script.layout import LINE, filled, listed, points_text
from playground.core.script.sources import (
    as_function,
    constants,
    expression,
    settings_of,
    with_helpers,
)
from playground.core.training.losses import LOSSES, learns_signs

FROM_PEOPLE = (PointsData, CsvData, ImagesData, PhotographsData)
"""Data that may have very few points of a class."""


def has_test(experiment: Experiment, facts: Facts) -> bool:
    """True where points are held out for testing."""
    return held_out_rows(experiment, facts) > 0


def data_step(experiment: Experiment, facts: Facts) -> str:
    """Source that makes x, y and is_test; x is what the network is shown, y what it learns."""
    parts = [
        _source(experiment, facts),
        _split(experiment, facts),
        _inputs(experiment, facts),
        _targets(experiment, facts),
    ]
    return "\n\n".join(part for part in parts if part)


def scales_targets(experiment: Experiment, facts: Facts) -> bool:
    """True where the network learns other numbers than the targets."""
    return facts.classes == 0 and experiment.data.target_scaling == "standard"


def loss_unit(experiment: Experiment, facts: Facts) -> str:
    """An expression that a loss is multiplied by to be one in the units of the data; "" where it is
    one already.
    """
    if not scales_targets(experiment, facts):
        return ""
    degree = LOSSES[experiment.training.loss].value.degree
    return "target_unit" if degree == 1 else f"target_unit**{degree}"


def _source(experiment: Experiment, facts: Facts) -> str:
    data = experiment.data
    if isinstance(data, GeneratedData):
        return _generated(data)
    if isinstance(data, PointsData):
        return _drawn(data)
    if isinstance(data, CsvData):
        return table(data, facts)
    if isinstance(data, ShapesData):
        return _shapes(data)
    if isinstance(data, ImagesData):
        return image_file(data, facts)
    if isinstance(data, PhotographsData):
        return photographs(data, facts) + _in_units(data, BYTE_WHITE)
    if isinstance(data, VectorData):
        return _vectors(data)
    load = f"load_{data.kind}"
    made = f"from sklearn.datasets import {load}\n\nx, y = {load}(return_X_y=True)\n"
    made += "x = x.astype(np.float32)"
    return made + _digits(data) if isinstance(data, DigitsData) else made


def _digits(data: DigitsData) -> str:
    text = ""
    if data.size != DIGITS_SIDE:
        text += f"\n\n\n{as_function(enlarged)}\n\nx = enlarged(x, {data.size})"
    return text + _in_units(data, DIGITS_WHITE)


def _in_units(data: DigitsData | ShapesData | PhotographsData, white: float) -> str:
    if data.pixels == "raw":
        return ""
    return f"\nx = x / np.float32({white})  # pixels from 0 to 1"


def _shapes(data: ShapesData) -> str:
    sources = "\n\n".join([*constants(shapes), *map(as_function, with_helpers(shapes))])
    settings = f"samples = {data.samples}\ndata_seed = {data.seed}"
    made = "x, y = shapes()\nx = x.astype(np.float32)"
    return f"{settings}\n\n{sources}\n\n{made}{_in_units(data, BYTE_WHITE)}"


def _vectors(data: VectorData) -> str:
    lines = [
        f"random = np.random.default_rng({data.seed})",
        f"x = random.standard_normal(({data.rows}, {data.inputs}), np.float32)",
    ]
    if data.relation == "affine":
        offset = f"np.float32({AFFINE_OFFSET})"
        lines.append(f"y = np.float32(random.standard_normal()) * x + {offset}")
    else:
        lines.append(f"y = random.standard_normal(({data.rows}, {data.outputs}), np.float32)")
    return "\n".join(lines)


def _generated(data: GeneratedData) -> str:
    sampler = GENERATORS[data.generator].value.sample
    read = settings_of(sampler)
    functions = ([Recipe.share] if "share" in read else []) + with_helpers(sampler)
    read += settings_of(Recipe.share) if "share" in read else []
    settings = {
        "samples": data.samples,
        "noise": data.noise,
        "classes": data.class_count,
        "data_seed": data.seed,
    }
    used = [f"{name} = {value}" for name, value in settings.items() if name in [*read, "data_seed"]]
    sources = "\n\n".join([*constants(sampler), *map(as_function, functions)])
    kinds = "x.astype(np.float32), y.astype(np.float32)" if data.is_regression else ""
    cast = f"x, y = {kinds}" if kinds else "x = x.astype(np.float32)"
    name = sampler.__name__
    return "\n".join([*used, "", sources, "", f"x, y = {name}()", cast])


def _drawn(data: PointsData) -> str:
    units = [
        f"# {axis.name} = {axis.offset:g} + {axis.scale:g} * x{number}"
        for number, axis in enumerate(data.axes or (), start=1)
    ]
    notes = [" ".join(line.split())[:LINE] for line in units]
    head = ["# In the units of the table:", *notes] if notes else []
    return "\n".join([*head, points_text(data.points())])


def _split(experiment: Experiment, facts: Facts) -> str:
    data = experiment.data
    if has_test_file(experiment):
        return f"is_test = np.arange(len(x)) >= {train_rows(experiment, facts)}"
    lines = ["is_test = np.zeros(len(x), bool)"]
    if not has_test(experiment, facts):
        is_asked = data.standardize is True or scales_targets(experiment, facts)
        return lines[0] if is_asked else ""
    if isinstance(data, PointsData) and data.test is not None:
        return "\n".join([*lines, listed("is_test[", [str(row) for row in data.test], "] = True")])
    lines.insert(0, f"held_out = {held_out_rows(experiment, facts)}")
    seed = "data_seed" if isinstance(data, GeneratedData) else data.seed
    arguments = ["np.arange(len(x))", "test_size=held_out", f"random_state={seed}"]
    if data.stratify and not data.is_regression:
        if _surely_stratifies(experiment, facts):
            arguments.append("stratify=y")
        else:
            arguments.append("stratify=y if can_stratify else None")
            lines += [
                "counts = np.unique(y, return_counts=True)[1]",
                "fits = len(counts) <= min(held_out, len(y) - held_out)",
                "can_stratify = fits and counts.min() >= 2",
            ]
    return "\n".join(
        [
            *lines,
            filled("_, test_rows = train_test_split", arguments),
            "is_test[test_rows] = True",
        ]
    )


def _surely_stratifies(experiment: Experiment, facts: Facts) -> bool:
    """Generated and built-in data have plenty of every class, unless there are few of all."""
    if facts.rows < 100 or isinstance(experiment.data, FROM_PEOPLE):
        return False
    held_out = held_out_rows(experiment, facts)
    return min(held_out, facts.rows - held_out) >= (facts.classes or 2)


def _inputs(experiment: Experiment, facts: Facts) -> str:
    """Features and scaling, which turn x into what the network is shown."""
    lines = []
    if experiment.training.augmentation.acts(on_images=facts.image is not None):
        lines.append(f"raw_x = {'x[~is_test]' if has_test(experiment, facts) else 'x'}")
    lines += _features(experiment)
    if experiment.data.standardize:
        rows = "x" if experiment.data.standardize == "all" else "x[~is_test]"
        lines.append(f"scaler = StandardScaler().fit({rows}.astype(np.float64))")
    return "\n".join([*lines, *_scaling(experiment, facts)])


def _targets(experiment: Experiment, facts: Facts) -> str:
    """Scaling, which turns y into what the network learns, or numbers for two classes."""
    if learns_signs(experiment.training.loss, facts.classes):
        return "# The first class is -1, the second one +1.\ny = (2 * y - 1).astype(np.float32)"
    if not scales_targets(experiment, facts):
        return ""
    mean, unit = "target_scaler.mean_[0]", "target_scaler.scale_[0]"
    if facts.targets > 1:
        mean, unit = "target_scaler.mean_", "np.sqrt(target_scaler.var_.mean()) or 1.0"
    return "\n".join(
        [
            "# Learned with mean 0 and deviation 1; losses are in the units of the data.",
            "numbers = y.astype(np.float64).reshape(len(y), -1)",
            "target_scaler = StandardScaler().fit(numbers[~is_test])",
            f"target_mean, target_unit = {mean}, {unit}",
            "y = ((y.astype(np.float64) - target_mean) / target_unit).astype(np.float32)",
        ]
    )


def preparation(experiment: Experiment, facts: Facts) -> list[str]:
    """The lines that turn raw x into what the network is shown, once the scaler is there."""
    return [*_features(experiment), *_scaling(experiment, facts)]


def _features(experiment: Experiment) -> list[str]:
    keys = experiment.model.features
    if keys is None:
        return []
    return listed(
        "x = np.stack(", [expression(FEATURES[key].value.of) for key in keys], ", axis=1)"
    ).splitlines()


def _scaling(experiment: Experiment, facts: Facts) -> list[str]:
    if not experiment.data.standardize:
        return ["x = x.astype(np.float32)"] if facts.is_exact else []
    return ["x = ((x - scaler.mean_) / scaler.scale_).astype(np.float32)"]
