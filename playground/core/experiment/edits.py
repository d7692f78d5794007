"""Edits of an experiment: pure functions from one experiment to the next.

They say what a person's wish means for the whole experiment: another data set may need another
loss, another share of test points divides the points anew. Imports the core only; any thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.core.class_looks import ClassLooks, Marker
from playground.core.data import features
from playground.core.data.data import CsvData, Data, GeneratedData
from playground.core.data.data_settings import DIVIDING, MOST_HELD_OUT, DataSettings
from playground.core.data.features import FEATURES
from playground.core.data.generators import GENERATORS
from playground.core.data.points import MAX_CLASSES, MOST_DRAWN_CLASSES, Points
from playground.core.data.points_data import PointsData
from playground.core.data.vectors import VectorData
from playground.core.errors import ExperimentError
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.usual_settings import usually_trained
from playground.core.messages import N_, Message
from playground.core.network.layers import LAYERS, Linear
from playground.core.training.losses import check_fits, misfit, usual_loss

MAX_NAME = 40
SOME_INPUTS = 3
"""Tables and images have more inputs than features are made for."""
SOME_CLASSES = 3
FEWEST_CLASSES = 2
_PICTURES = ("digits", "shapes")
_DIVIDES_THE_POINTS = tuple(f"data.{name}" for name in DIVIDING)


def set_value(experiment: Experiment, path: str, value: Any) -> Experiment:
    """The setting at `path` changed; what decides the test points divides drawn points anew.

    Raises ExperimentError where there is no such setting or the value does not fit.
    """
    after = experiment.with_setting(path, value)
    if isinstance(experiment.data, PointsData) and path in _DIVIDES_THE_POINTS:
        after = _divided_anew(experiment, after, path)
    if after == experiment:
        return experiment
    if path == "model.output.activation":
        return _with_fitting_loss(after)
    return fitting(after, experiment) if path.startswith("data.") else after


def _divided_anew(before: Experiment, after: Experiment, path: str) -> Experiment:
    """Drawn points in which no row is held out by its number any more, but as large a part of them
    as before, or the part that is set.
    """
    share = test_share(before.data)
    if path == "data.test_ratio":
        is_same, share = after.data.test_ratio == share, after.data.test_ratio
    else:
        is_same, share = after == before, min(share, MOST_HELD_OUT)
    if is_same:
        return before
    data = after.data.model_copy(update={"test": None, "test_ratio": share})
    return after.model_copy(update={"data": data})


# Data.


def choose_generator(experiment: Experiment, key: str) -> Experiment:
    """Another generated data set, at its usual size; noise and division are kept."""
    choice = GENERATORS[key]
    fewest, most = choice.value.classes
    data = {
        "kind": "generated",
        "generator": key,
        "samples": choice.value.default_samples,
        "classes": min(3, most) if most > fewest else None,
        "noise": getattr(experiment.data, "noise", 0.0),
    }
    return _with_data(experiment, data)


def choose_table(experiment: Experiment, key: str) -> Experiment:
    """One of scikit-learn's tables, standardised, because its columns come in all units.

    Pixels have one unit: they are divided by their largest value instead.
    """
    return _with_data(experiment, {"kind": key, "standardize": key not in _PICTURES})


def can_draw(experiment: Experiment) -> bool:
    """True where the data are points on the canvas: two inputs, or one input and its target."""
    data = experiment.data
    if not isinstance(data, GeneratedData | PointsData):
        return False
    return data.shape[0] == 2 or (data.shape[0] == 1 and data.is_regression)


def with_points(
    experiment: Experiment, points: Points, class_names: Sequence[str] | None = None
) -> Experiment:
    """Exactly these points in place of the data; every other setting of the data is kept.

    So is the number of classes, even where a class has no points any more. Raises ExperimentError
    for points with several targets each, which no project file holds.
    """
    if points.y.ndim == 2:
        raise ExperimentError(
            "Vector data are made from a seed, so their rows stay as they are; choose drawn points"
            " or a table to change single rows."
        )
    old = experiment.data
    names = class_names
    if names is None:
        count = 0 if points.is_regression else getattr(old, "class_count", FEWEST_CLASSES)
        names = ClassLooks.of(old).called(getattr(old, "class_names", ()), count)
    data = PointsData.of(
        points,
        class_names=tuple(names),
        axes=getattr(old, "axes", None),
        **{name: getattr(old, name) for name in DataSettings.model_fields},
    )
    return experiment.model_copy(update={"data": data})


def test_share(data: DataSettings) -> float:
    """The part of the points that is held out for testing."""
    return data.test_share if isinstance(data, PointsData) else data.test_ratio


# Classes.


def names_of_classes(data: Data) -> list[str]:
    """What the classes of drawn or generated points are called, in files too."""
    if not isinstance(data, GeneratedData | PointsData) or data.is_regression:
        return []
    own = getattr(data, "class_names", ())
    return [*ClassLooks.of(data).called(own, data.class_count)]


def add_class(experiment: Experiment, points: Points) -> Experiment:
    """Room for one class more, called by its colour. Raises ExperimentError above ten, which only
    a table has.
    """
    names = _drawn_classes(experiment, N_("Only drawn points have classes to add to."))
    if len(names) >= MOST_DRAWN_CLASSES:
        raise ExperimentError(
            "By hand there can be ten classes at most, and there are {count}; paint with one of"
            " those, or import a table with more.",
            count=len(names),
        )
    more = ClassLooks.of(experiment.data).called(names, len(names) + 1)
    return fitting(with_points(experiment, points, more), experiment)


def remove_class(experiment: Experiment, points: Points, label: int) -> Experiment:
    """One class less, with its points; the others keep their names and their looks.

    Raises ExperimentError where there would be less than two.
    """
    names = _drawn_classes(experiment, N_("Only drawn points have classes to remove."))
    if len(names) <= FEWEST_CLASSES:
        raise ExperimentError(
            "There is nothing to tell apart with less than two classes; remove the points of"
            " '{name}' instead.",
            name=names[label],
        )
    looks = ClassLooks.of(experiment.data).without(label, len(names))
    kept = points.take(points.y != label)
    moved = Points(kept.x, kept.y - (kept.y > label), kept.held_out)
    del names[label]
    return fitting(_with_looks(with_points(experiment, moved, names), looks), experiment)


def set_class_color(experiment: Experiment, label: int, color: str) -> Experiment:
    """Another colour for one class; a class that has it takes the colour that becomes free.

    Classes that are called by their colours are so still.
    """
    before = ClassLooks.of(experiment.data)
    after = before.with_color(label, color)
    return _called_by_colors(_with_looks(experiment, after), before, after)


def set_class_marker(experiment: Experiment, label: int, marker: Marker) -> Experiment:
    """Another marker for one class; a class that has it takes the marker that becomes free."""
    return _with_looks(experiment, ClassLooks.of(experiment.data).with_marker(label, marker))


def rename_class(experiment: Experiment, points: Points, label: int, name: str) -> Experiment:
    """Another name for one class; generated points become drawn ones, which have names.

    Raises ExperimentError where the name is empty, or that of another class.
    """
    name = name.strip()
    names = _drawn_classes(experiment, N_("Only drawn points have classes to rename."))
    if not name or len(name) > MAX_NAME:
        raise ExperimentError("A class needs a name of 1 to {most} characters.", most=MAX_NAME)
    if name in names[:label] + names[label + 1 :]:
        raise ExperimentError(
            "Another class is called '{name}'; choose a different name.",
            name=Message(name, context="class"),
        )
    if name == names[label]:
        return experiment
    return with_points(experiment, points, [*names[:label], name, *names[label + 1 :]])


def _drawn_classes(experiment: Experiment, refusal: str) -> list[str]:
    """Raises ExperimentError with this sentence where the data have no classes of their own."""
    names = names_of_classes(experiment.data)
    if not names:
        raise ExperimentError(refusal)
    return names


def _called_by_colors(experiment: Experiment, before: ClassLooks, after: ClassLooks) -> Experiment:
    data = experiment.data
    if not isinstance(data, PointsData):
        return experiment
    changes = zip(data.class_names, before.names, after.names, strict=False)
    names = tuple(new if name == old else name for name, old, new in changes)
    if len(set(names)) < len(data.class_names):  # somebody has called a class like a colour
        return experiment
    return experiment.model_copy(update={"data": data.model_copy(update={"class_names": names})})


def _with_looks(experiment: Experiment, looks: ClassLooks) -> Experiment:
    data = experiment.data
    said = looks.settings(getattr(data, "class_count", MAX_CLASSES))
    return experiment.model_copy(update={"data": data.model_copy(update=said)})


# Points and tables.


def with_probes(experiment: Experiment, probes: Sequence[Sequence[float]]) -> Experiment:
    """Exactly these unlabelled points. Raises ExperimentError where there are too many."""
    raw = experiment.plain_except_data()
    return Experiment.parse({**raw, "probes": [list(map(float, probe)) for probe in probes]})


def use_data(experiment: Experiment, data: Data, title: str) -> Experiment:
    """Other data with a loss and features that fit them; probes belong to the data before."""
    changes = {"data": data, "title": title[:200], "probes": ()}
    after = fitting(experiment.model_copy(update=changes), experiment)
    return usually_trained(after, experiment.data)


def _with_data(experiment: Experiment, data: dict[str, Any]) -> Experiment:
    """Another kind of data, divided as the old one, with a loss and features that fit it."""
    raw = experiment.plain()
    kept = ("seed", "test_ratio", "standardize", "stratify")
    raw["data"] = {**{name: raw["data"][name] for name in kept}, **data}
    raw["probes"] = []
    return usually_trained(fitting(Experiment.parse(raw), experiment), experiment.data)


def fitting(experiment: Experiment, before: Experiment) -> Experiment:
    """`experiment` with a loss and features that fit its data, changed only where they do not.

    before  what it was made from: where its targets were numbers, classes get the loss for classes,
            though two of them could be numbers, too
    """
    inputs, classes = _shape(experiment.data)
    if not _are_counted(experiment.data) and before.data.kind == experiment.data.kind:
        classes = min(classes, FEWEST_CLASSES)  # who chose a loss for a table knows how many
    training, output = experiment.training, experiment.model.output
    is_new_problem = bool(classes) and before.data.is_regression
    if is_new_problem or misfit(training.loss, classes, output.activation):
        if classes > FEWEST_CLASSES:
            experiment = experiment.with_setting("model.output.activation", "linear")
        loss = usual_loss(classes, experiment.model.output.activation)
        experiment = experiment.with_setting("training.loss", loss)
    keys = experiment.model.features
    if keys is not None and not set(keys) <= set(features.available(inputs)):
        experiment = experiment.with_setting("model.features", None)
    return experiment


# Network.


def add_layer(experiment: Experiment, index: int, kind: str) -> Experiment:
    """A new layer in front of hidden layer `index`; a linear one is like the one beside it."""
    layers = list(experiment.model.layers)
    beside = [layer for layer in layers[:index][::-1] + layers[index:] if isinstance(layer, Linear)]
    new = beside[0] if kind == "linear" and beside else LAYERS[kind]()
    return _with_layers(experiment, [*layers[:index], new, *layers[index:]])


def remove_layer(experiment: Experiment, index: int) -> Experiment:
    layers = list(experiment.model.layers)
    del layers[index]
    return _with_layers(experiment, layers)


def move_layer(experiment: Experiment, start: int, end: int) -> Experiment:
    """Hidden layer `start` taken out and put in at place `end` of what is left."""
    layers = list(experiment.model.layers)
    layers.insert(end, layers.pop(start))
    return _with_layers(experiment, layers)


def set_layer(experiment: Experiment, index: int, name: str, value: Any) -> Experiment:
    """One setting of a hidden layer changed."""
    layers = [layer.model_dump() for layer in experiment.model.layers]
    layers[index][name] = value
    return _with_layers(experiment, layers)


def toggle_feature(experiment: Experiment, key: str, on: bool) -> Experiment:
    """An input feature switched on or off. Raises ExperimentError for the last one."""
    data = experiment.data
    inputs = _shape(data)[0]
    current = experiment.model.features or features.available(inputs)[:inputs]
    if on == (key in current):
        return experiment
    wanted = [choice.key for choice in FEATURES if choice.key in current or choice.key == key]
    if not on:
        wanted.remove(key)
    return experiment.with_setting("model.features", wanted)


def _with_fitting_loss(experiment: Experiment) -> Experiment:
    """`experiment` with a loss that fits its output activation. Raises ExperimentError where none
    does.
    """
    activation, loss = experiment.model.output.activation, experiment.training.loss
    classes = _shape(experiment.data)[1]
    if not _are_counted(experiment.data):
        classes = min(classes, FEWEST_CLASSES)
    if classes > FEWEST_CLASSES:
        check_fits(loss, classes, activation)
    if misfit(loss, classes, activation):
        return experiment.with_setting("training.loss", usual_loss(classes, activation))
    return experiment


def _are_counted(data: Data) -> bool:
    """True where it is known how many classes there are before a file is read."""
    return isinstance(data, GeneratedData | PointsData)


def _shape(data: Data) -> tuple[int, int]:
    """(inputs, classes), as far as they matter for features and loss before a file is read."""
    if isinstance(data, GeneratedData | PointsData):
        return data.shape
    if isinstance(data, CsvData):
        return len(data.inputs), 0 if data.is_regression else SOME_CLASSES
    return (data.inputs, 0) if isinstance(data, VectorData) else (SOME_INPUTS, SOME_CLASSES)


def _with_layers(experiment: Experiment, layers: Sequence[Any]) -> Experiment:
    """Raises ExperimentError where a setting of a layer does not fit."""
    raw = experiment.plain_except_data()
    raw["model"]["layers"] = list(layers)
    return Experiment.parse(raw)
