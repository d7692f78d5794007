"""The experiment: everything that decides what is trained, on what, and how.

    Experiment
    ├── data       GeneratedData | PointsData | CsvData | BuiltinData | DigitsData | ShapesData
    │              | ImagesData | PhotographsData | VectorData
    ├── model      features, hidden layers, output, initializer
    ├── training   loss, optimizer, schedule, regularization, batches, seed, device, engine
    ├── probes     unlabelled points to ask the network about
    └── view       what is shown of it: never changes what is learned

It is the project file, field for field, and it is immutable: a change makes a new one
(`with_setting`). The same experiment always gives the same curve.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from playground.core.data.data import Data, GeneratedData, asks_for_numbers, same_problem
from playground.core.data.data_settings import MAX_SEED
from playground.core.data.data_settings import ONLY_SHOWN as SHOWN_OF_DATA
from playground.core.data.features import FEATURES
from playground.core.errors import (
    ExperimentError,
    InvalidValueError,
    PlaygroundError,
    explain,
    short,
)
from playground.core.experiment.answer_settings import with_what_follows
from playground.core.experiment.place_names import place_name
from playground.core.experiment.setting_paths import put
from playground.core.experiment.settings import (
    AS_INT,
    Settings,
    Whole,
    is_unknown_to_first,
    setting,
)
from playground.core.experiment.view import ViewSpec
from playground.core.network.layers import Layer, Linear
from playground.core.training.augmentation import Augmentation
from playground.core.training.losses import LOSSES
from playground.core.training.optimizers import Adam, Optimizer
from playground.core.training.schedules import Constant, Schedule
from playground.core.training.stopping import Stop

Format = Literal["playground/1", "playground/2"]
FIRST_FORMAT: Final[Format] = "playground/1"
FORMAT: Final[Format] = "playground/2"
"""A file that has nothing new is written in the first format, which older versions read, too."""
MAX_PROBE_INPUTS = 100_000
LONGEST_TITLE = 200

FeatureName = Annotated[
    str,
    AfterValidator(FEATURES.check),
    Field(json_schema_extra={"enum": FEATURES.keys()}),
]


DEVICE = r"^(auto|cpu|mps|(cuda|xpu)(:\d+)?)$"


def _check_device(name: str) -> str:
    if not re.match(DEVICE, name):
        raise InvalidValueError(
            "'{name}' is no device; write auto, cpu, cuda, cuda:0, mps or xpu.", name=short(name)
        )
    return name


DeviceName = Annotated[
    str, AfterValidator(_check_device), Field(json_schema_extra={"pattern": DEVICE})
]


class Output(Settings):
    """The last layer; its units are added from the data, one a class or one for a number."""

    bias: bool = setting(True, label="Output bias", help="A number added to every output.")
    activation: Literal["linear", "tanh"] = setting(
        "linear",
        label="Output activation",
        since=2,
        help="Tanh keeps outputs between -1 and 1, for numbers of that size and for two classes,"
        " which a loss of numbers learns as -1 and +1. Linear: as they are.",
    )


class ModelSpec(Settings):
    """The network between the data and the prediction."""

    features: tuple[FeatureName, ...] | None = Field(
        None,
        strict=False,
        description="What the network is shown of a point; left out, all inputs as they are.",
    )
    layers: tuple[Layer, ...] = Field(
        (Linear(units=4), Linear(units=2)),
        max_length=64,
        strict=False,
        description="Hidden layers, first to last.",
    )
    output: Output = Output()
    initializer: Literal["default", "xavier", "kaiming", "normal", "standard_normal", "zeros"] = (
        setting(
            "default",
            label="Initializer",
            help="How the first weights are drawn. With all zeros every unit learns the same:"
            " try it once.",
        )
    )

    @field_validator("features")
    @classmethod
    def _features_are_few_and_different(
        cls, keys: tuple[str, ...] | None
    ) -> tuple[str, ...] | None:
        if keys is not None and not keys:
            raise InvalidValueError(
                "a network needs at least one feature; leave this out for all inputs."
            )
        if keys is not None and len(set(keys)) < len(keys):
            raise InvalidValueError("a feature is named twice.")
        return keys


class Regularization(Settings):
    """A penalty on the weights (not the biases) of linear layers, apart from the data loss."""

    kind: Literal["none", "l1", "l2"] = setting(
        "none",
        label="Regularization",
        live=True,
        help="A price on large weights. L1 (rate x sum |w|) pulls weights to zero,"
        " L2 (rate / 2 x sum w²) keeps all of them small. Acts at once.",
    )
    rate: float = setting(
        0.0,
        label="Rate",
        ge=0.0,
        le=10.0,
        log=True,
        live=True,
        help="How high that price is. Acts at once.",
    )


class TrainingSpec(Settings):
    """How the network learns."""

    loss: Annotated[
        str,
        AfterValidator(LOSSES.check),
        Field(json_schema_extra={"enum": LOSSES.keys()}),
    ] = setting("cross_entropy", label="Loss", help="The number that training makes small.")
    optimizer: Optimizer = Adam()
    schedule: Schedule = Constant()
    regularization: Regularization = Regularization()
    batch_size: Annotated[int, Field(ge=1, le=1_000_000), AS_INT] | Literal["full"] = setting(
        10,
        label="Batch size",
        step=1,
        live=True,
        help="How many points are looked at before each step. Small batches are noisy and quick."
        " Acts at once.",
    )
    epochs: Annotated[int, Field(ge=0, le=100_000_000), AS_INT] | None = setting(
        None,
        label="Epochs",
        live=True,
        help="Stop after so many passes over the training points; left out, train until stopped.",
    )
    stop: Stop = Stop()
    augmentation: Augmentation = Augmentation()
    seed: Whole = setting(
        42,
        label="Training seed",
        ge=0,
        le=MAX_SEED,
        step=1,
        help="The number that decides the first weights and the order of the batches.",
    )
    dtype: Literal["float32", "float64"] = setting(
        "float32",
        label="Precision",
        help="Digits of the numbers: float32 is usual, float64 is twice as exact.",
    )
    device: DeviceName = setting(
        "auto", label="Device", help="What does the arithmetic: the processor, or a graphics card."
    )
    engine: Literal["auto", "torch", "numpy", "compiled"] = setting(
        "auto",
        label="Engine",
        help="Who does the arithmetic: PyTorch, NumPy by hand, or compiled kernels. Auto takes"
        " the fastest that can.",
    )


Probe = Annotated[tuple[float, ...], Field(min_length=1, max_length=MAX_PROBE_INPUTS, strict=False)]


class Experiment(Settings):
    """One whole experiment: the content of a project file."""

    format: Annotated[Format, AfterValidator(lambda _: FIRST_FORMAT)] = FIRST_FORMAT
    title: str = Field("", max_length=LONGEST_TITLE)
    data: Data = GeneratedData()
    model: ModelSpec = ModelSpec()
    training: TrainingSpec = TrainingSpec()
    probes: tuple[Probe, ...] = Field(
        (),
        max_length=100,
        strict=False,
        description="Points without a label, in the units of the data, whose prediction is shown.",
    )
    view: ViewSpec = ViewSpec()

    @model_validator(mode="before")
    @classmethod
    def _regression_has_its_own_default_loss(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping) or not asks_for_numbers(raw.get("data")):
            return raw
        training = raw.get("training", {})
        if isinstance(training, Mapping) and "loss" not in training:
            return {**raw, "training": {**training, "loss": "mse"}}
        return raw

    @classmethod
    def parse(cls, raw: Any) -> Experiment:
        """An experiment from plain data, as JSON gives it.

        Raises ExperimentError with the path of the first fault.
        """
        if not isinstance(raw, Mapping):
            raise ExperimentError(
                'A project is an object with "data", "model" and "training", but this is not.'
            )
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            named = partial(place_name, cls, raw=raw)
            raise explain(error, raw, named) from None
        except PlaygroundError as error:
            raise ExperimentError(error.message) from None

    @property
    def learns_classes_as_numbers(self) -> bool:
        """True where a loss of numbers is asked for, but the data have classes."""
        return LOSSES[self.training.loss].value.regression and not self.data.is_regression

    def plain(self) -> dict[str, Any]:
        """The experiment as plain data for `parse`, every setting of its format spelled out."""
        plain = self.model_dump(mode="json")
        _drop_unset(self, plain)
        return {**plain, "format": format_of(self)}

    def plain_except_data(self) -> dict[str, Any]:
        """Plain data for `parse`, but with the data as they are: many points are slow to copy."""
        return {**self.model_dump(exclude={"data"}), "data": self.data}

    def with_setting(self, path: str, value: Any) -> Experiment:
        """A copy with `value` at a path such as `training.optimizer.learning_rate`.

        Another `kind` takes over what every kind has (the learning rate, the seed); its other
        settings start from their defaults. Another answer of a table takes the place of the one
        before, leaves the inputs, and has a loss that fits it.

        Raises ExperimentError where there is no such setting or the value does not fit.
        """
        return self._changed(self._with_what_follows([(path, value)]))

    def with_settings(self, settings: Iterable[tuple[str, Any]]) -> Experiment:
        """A copy with several settings changed, as by `with_setting` one after the other.

        Only what they come to has to fit: a column that becomes the answer may stop being an input
        in a setting of its own, before or after it.
        """
        experiment, waiting = self, []
        for path_and_value in self._with_what_follows(list(settings)):
            waiting.append(path_and_value)
            try:
                experiment, waiting = experiment._changed(waiting), []
            except ExperimentError:
                continue  # one of those to come may mend it
        return experiment._changed(waiting) if waiting else experiment

    def _with_what_follows(self, settings: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
        loss, activation = self.training.loss, self.model.output.activation
        return with_what_follows(settings, self.data, loss, activation)

    def _changed(self, settings: Sequence[tuple[str, Any]]) -> Experiment:
        has_data = any(path.split(".")[:-1][:1] == ["data"] for path, _ in settings)
        raw = self.model_dump() if has_data else self.plain_except_data()
        for path, value in settings:
            put(raw, path, value)
        return Experiment.parse(raw)


def format_of(settings: BaseModel) -> Format:
    """The oldest format of the project file that has all that is set."""
    if getattr(settings, "since", 1) > 1:
        return FORMAT
    if isinstance(settings, Experiment) and settings.learns_classes_as_numbers:
        return FORMAT  # the first version refuses that
    if isinstance(settings, Stop) and settings.is_new:
        return FORMAT
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        is_new = is_unknown_to_first(field) and value != field.default
        if is_new or any(format_of(part) == FORMAT for part in _parts(value)):
            return FORMAT
    return FIRST_FORMAT


def _drop_unset(settings: BaseModel, plain: dict[str, Any]) -> None:
    """Take out of plain settings what the first format does not have, where it is not set."""
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if is_unknown_to_first(field) and value == field.default:
            del plain[name]
        elif parts := _parts(value):
            for part, plain_part in zip(parts, _parts(plain[name], dict), strict=True):
                _drop_unset(part, plain_part)


def _parts(value: Any, kind: type = BaseModel) -> list[Any]:
    """The settings that a value is, or holds in a list."""
    values = value if isinstance(value, tuple | list) else [value]
    return [part for part in values if isinstance(part, kind)]


def live_change(old: Experiment, new: Experiment) -> bool:
    """True where a running training can go on with `new` in place of `old`.

    Learning rate, regularization, batch size, what ends the run and the points themselves act on a
    running training, as long as inputs and classes stay as many; so does everything that is only
    shown. The rest decides how a run starts.
    """
    return same_problem(old.data, new.data) and _what_starts_a_run(old) == _what_starts_a_run(new)


_ONLY_SHOWN: Final[dict[str, Any]] = {"title": "", "probes": (), "view": ViewSpec()}


def learned_part(experiment: Experiment) -> Experiment:
    """`experiment` without what is only shown: two that agree in this learn the same."""
    data = experiment.data.model_copy(update=SHOWN_OF_DATA)
    return experiment.model_copy(update={**_ONLY_SHOWN, "data": data})


def _what_starts_a_run(experiment: Experiment) -> Experiment:
    """`experiment` with everything that can change while it runs set to one value."""
    training = experiment.training
    optimizer = training.optimizer.model_copy(update={"learning_rate": 0.0})
    neutral = training.model_copy(
        update={
            "optimizer": optimizer,
            "regularization": Regularization(),
            "batch_size": 1,
            "epochs": None,
            "stop": Stop(),
        }
    )
    scaling = {name: getattr(experiment.data, name) for name in ("standardize", "target_scaling")}
    data = GeneratedData(**scaling)
    return experiment.model_copy(update={"training": neutral, "data": data, **_ONLY_SHOWN})
