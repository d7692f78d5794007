"""The experiment: everything that decides what is trained, on what, and how.

    Experiment
    ├── data       GeneratedData | PointsData | CsvData | BuiltinData
    ├── model      features, hidden layers, output, initializer
    └── training   loss, optimizer, schedule, regularization, batches, seed, device, engine

It is the project file, field for field, and it is immutable: a change makes a new one (`with_setting`). The same
experiment always gives the same curve.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from playground.core.errors import ExperimentError, PlaygroundError, explain
from playground.core.features import FEATURES
from playground.core.generators import GENERATORS
from playground.core.layers import Layer, Linear
from playground.core.losses import LOSSES
from playground.core.optimizers import Adam, Optimizer
from playground.core.points import Points
from playground.core.schedules import Constant, Schedule
from playground.core.settings import Settings, setting

__all__ = [
    "FORMAT",
    "BuiltinData",
    "CsvData",
    "Data",
    "Experiment",
    "GeneratedData",
    "ModelSpec",
    "Output",
    "PointsData",
    "Regularization",
    "TrainingSpec",
    "live_change",
]

FORMAT = "playground/1"
MAX_SEED = 2**32 - 1


class DataSettings(Settings):
    """What every kind of data has."""

    seed: int = setting(
        7, label="Data seed", ge=0, le=MAX_SEED, step=1,
        help="The number that decides which points are drawn and which are held out for testing.",
    )
    test_ratio: float = setting(
        0.5, label="Test share", ge=0.0, le=0.9, step=0.1,
        help="The part of the points that the network never trains on; it shows how well it generalises.",
    )
    standardize: bool | Literal["all"] = setting(
        False, label="Standardise",
        help="Give every input mean 0 and deviation 1, measured on the training points"
        ' (or on "all" points).',
    )
    stratify: bool = setting(
        True, label="Stratify", help="Hold out the same part of every class for testing."
    )

    @property
    def is_regression(self) -> bool:
        """True where targets are numbers, False where they are classes."""
        return False


class GeneratedData(DataSettings):
    """Points made by a registered generator."""

    kind: Literal["generated"] = "generated"
    generator: Annotated[
        str,
        AfterValidator(GENERATORS.check),
        Field(json_schema_extra={"enum": GENERATORS.keys()}),  # type: ignore[dict-item]
    ] = setting("circle", label="Data set", help="The shape of the data.")
    samples: int = setting(
        500, label="Points", ge=1, le=1_000_000, step=50, log=True,
        help="How many points there are. Few points are easy to learn by heart and hard to learn from.",
    )
    noise: float = setting(
        0.0, label="Noise", ge=0.0, le=0.5, step=0.05,
        help="How much the points stray. Noise makes a perfect score on the test points impossible.",
    )
    classes: int | None = setting(
        None, label="Classes", ge=2, le=8, step=1, help="How many classes there are, where the data set allows more than two."
    )

    @model_validator(mode="after")
    def _generator_makes_that_many_classes(self) -> GeneratedData:
        fewest, most = GENERATORS[self.generator].value.classes
        if self.classes is not None and not fewest <= self.classes <= most:
            span = "2 classes" if fewest == most else f"{fewest} to {most} classes"
            raise ValueError(f"'{self.generator}' makes {span}, not {self.classes}")
        return self

    @property
    def is_regression(self) -> bool:
        return GENERATORS[self.generator].value.regression

    @property
    def class_count(self) -> int:
        """Number of classes, 0 for regression."""
        chosen = self.classes or GENERATORS[self.generator].value.classes[0]
        return 0 if self.is_regression else chosen

    @property
    def shape(self) -> tuple[int, int]:
        """(number of inputs, number of classes)."""
        return GENERATORS[self.generator].value.inputs, self.class_count


def _array(dtype: type[np.generic], columns: bool) -> Any:
    """A read-only numpy array that files hold as nested lists."""

    def read(value: Any) -> npt.NDArray:
        try:
            array = np.array(value, np.float64)
        except (TypeError, ValueError):
            raise ValueError("this needs to be a list of numbers, all rows equally long") from None
        if columns and array.size == 0:
            array = array.reshape(0, array.shape[1] if array.ndim == 2 else 2)
        if array.ndim != 1 + columns:
            raise ValueError("this needs to be a list of [x1, x2] rows" if columns else "this needs to be a flat list")
        if not np.isfinite(array).all():
            raise ValueError("every value needs to be a finite number")
        if dtype is np.int64 and array.size and ((array % 1 != 0).any() or (array < 0).any()):
            raise ValueError("labels are whole numbers from 0 up")
        with np.errstate(over="ignore"):
            result = array.astype(dtype)
        if not np.isfinite(result).all():
            raise ValueError("a value is too large")
        result.setflags(write=False)
        return result

    item = {"type": "integer", "minimum": 0} if dtype is np.int64 else {"type": "number"}
    schema = {"type": "array", "items": item}
    return Annotated[
        np.ndarray,
        BeforeValidator(read),
        PlainSerializer(_shortest, when_used="always"),
        WithJsonSchema({"type": "array", "items": schema} if columns else schema),
    ]


def _shortest(array: npt.NDArray) -> list:
    """Nested lists with the fewest digits that read back to the same float32."""
    if array.dtype.kind != "f":
        return array.tolist()
    return array.astype(str).astype(np.float64).tolist() if array.size else []


class PointsData(DataSettings):
    """Points that a person drew or imported, kept in the project file itself."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    kind: Literal["points"] = "points"
    x: _array(np.float32, columns=True)  # type: ignore[valid-type]
    label: _array(np.int64, columns=False) | None = None  # type: ignore[valid-type]
    target: _array(np.float32, columns=False) | None = None  # type: ignore[valid-type]
    test: _array(np.int64, columns=False) | None = Field(  # type: ignore[valid-type]
        None, description="Rows that are held out for testing; left out, test_ratio and seed decide."
    )
    class_names: tuple[str, ...] = Field((), max_length=10)

    @model_validator(mode="after")
    def _one_answer_for_every_point(self) -> PointsData:
        if (self.label is None) == (self.target is None):
            raise ValueError("points need either \"label\" (classes) or \"target\" (numbers)")
        answers = self.target if self.label is None else self.label
        if len(answers) != len(self.x):
            raise ValueError(f"there are {len(self.x)} points but {len(answers)} answers")
        if self.label is not None and len(self.label) and self.label.max() >= 10:
            raise ValueError(f"there can be ten classes at most, but a label is {self.label.max()}")
        if self.test is not None and len(self.test) and self.test.max() >= len(self.x):
            raise ValueError(f"\"test\" names row {self.test.max()}, but the last one is {len(self.x) - 1}")
        return self

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PointsData):
            return NotImplemented
        return all(
            np.array_equal(value, getattr(other, name)) for name, value in self.__dict__.items()
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def is_regression(self) -> bool:
        return self.target is not None

    @property
    def class_count(self) -> int:
        """Number of classes, 0 for regression; at least two, so that a single painted class can be trained."""
        if self.label is None:
            return 0
        return max(2, len(self.class_names), int(self.label.max(initial=0)) + 1)

    @property
    def shape(self) -> tuple[int, int]:
        """(number of inputs, number of classes)."""
        return self.x.shape[1], self.class_count

    @classmethod
    def of(cls, points: Points, **settings: Any) -> PointsData:
        """Data that holds exactly these points, with their division into training and test points."""
        answers = {"target" if points.is_regression else "label": points.y}
        return cls(x=points.x, **answers, test=np.flatnonzero(points.held_out), **settings)

    def points(self) -> Points:
        """The points; held out are those that "test" names, none where it is left out."""
        held_out = np.zeros(len(self.x), bool)
        if self.test is not None:
            held_out[self.test] = True
        return Points(self.x, self.label if self.target is None else self.target, held_out)


class CsvData(DataSettings):
    """A table in a CSV file beside the project file."""

    kind: Literal["csv"] = "csv"
    path: str = Field(min_length=1, description="Relative to the project file, or absolute.")
    inputs: tuple[str, ...] = Field(min_length=1, description="Columns the network sees.")
    label: str | None = Field(None, description="Column with the class; text or whole numbers.")
    target: str | None = Field(None, description="Column with the number to predict.")

    @model_validator(mode="after")
    def _one_column_is_the_answer(self) -> CsvData:
        if (self.label is None) == (self.target is None):
            raise ValueError("a table needs either a \"label\" column (classes) or a \"target\" column (numbers)")
        return self

    @property
    def is_regression(self) -> bool:
        return self.target is not None


class BuiltinData(DataSettings):
    """A table that comes with scikit-learn."""

    kind: Literal["digits", "iris", "wine", "breast_cancer"]


Data = Annotated[
    GeneratedData | PointsData | CsvData | BuiltinData, Field(discriminator="kind")
]

FeatureName = Annotated[
    str,
    AfterValidator(FEATURES.check),
    Field(json_schema_extra={"enum": FEATURES.keys()}),  # type: ignore[dict-item]
]


class Output(Settings):
    """The last layer; its units are added from the data, one a class or one for a number."""

    bias: bool = setting(True, label="Output bias", help="A number added to every output.")


class ModelSpec(Settings):
    """The network between the data and the prediction."""

    features: tuple[FeatureName, ...] | None = Field(
        None, description="What the network is shown of a point; left out, all inputs as they are."
    )
    layers: tuple[Layer, ...] = Field(
        (Linear(units=4), Linear(units=2)), max_length=64, description="Hidden layers, first to last."
    )
    output: Output = Output()
    initializer: Literal["default", "xavier", "kaiming", "normal", "zeros"] = setting(
        "default", label="Initializer",
        help="How the first weights are drawn. With all zeros every unit learns the same: try it once.",
    )

    @field_validator("features")
    @classmethod
    def _features_are_few_and_different(cls, keys: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if keys is not None and not keys:
            raise ValueError("a network needs at least one feature; leave this out for all inputs")
        if keys is not None and len(set(keys)) < len(keys):
            raise ValueError("a feature is named twice")
        return keys


class Regularization(Settings):
    """A penalty on the weights (not the biases) of linear layers, apart from the data loss."""

    kind: Literal["none", "l1", "l2"] = setting(
        "none", label="Regularization", live=True,
        help="A price on large weights. L1 (rate x sum |w|) pulls weights to zero,"
        " L2 (rate / 2 x sum w²) keeps all of them small. Acts at once.",
    )
    rate: float = setting(
        0.0, label="Rate", ge=0.0, le=10.0, log=True, live=True, help="How high that price is. Acts at once."
    )


class TrainingSpec(Settings):
    """How the network learns."""

    loss: Annotated[
        str,
        AfterValidator(LOSSES.check),
        Field(json_schema_extra={"enum": LOSSES.keys()}),  # type: ignore[dict-item]
    ] = setting("cross_entropy", label="Loss", help="The number that training makes small.")
    optimizer: Optimizer = Adam()
    schedule: Schedule = Constant()
    regularization: Regularization = Regularization()
    batch_size: Annotated[int, Field(ge=1, le=1_000_000)] | Literal["full"] = setting(
        10, label="Batch size", step=1, live=True,
        help="How many points are looked at before each step. Small batches are noisy and quick. Acts at once.",
    )
    epochs: Annotated[int, Field(ge=0, le=100_000_000)] | None = setting(
        None, label="Epochs", help="Stop after so many passes over the training points; left out, train until stopped."
    )
    seed: int = setting(
        42, label="Training seed", ge=0, le=MAX_SEED, step=1,
        help="The number that decides the first weights and the order of the batches.",
    )
    dtype: Literal["float32", "float64"] = setting(
        "float32", label="Precision", help="Digits of the numbers: float32 is usual, float64 is twice as exact."
    )
    device: Annotated[str, Field(pattern=r"^(auto|cpu|mps|(cuda|xpu)(:\d+)?)$")] = setting(
        "auto", label="Device", help="What does the arithmetic: the processor, or a graphics card."
    )
    engine: Literal["auto", "torch", "numpy", "compiled"] = setting(
        "auto", label="Engine",
        help="Who does the arithmetic: PyTorch, NumPy by hand, or compiled kernels. Auto takes the fastest that can.",
    )


class Experiment(Settings):
    """One whole experiment: the content of a project file."""

    format: Literal["playground/1"] = FORMAT
    title: str = Field("", max_length=200)
    data: Data = GeneratedData()
    model: ModelSpec = ModelSpec()
    training: TrainingSpec = TrainingSpec()

    @model_validator(mode="before")
    @classmethod
    def _regression_has_its_own_default_loss(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping) or not _asks_for_numbers(raw.get("data")):
            return raw
        training = raw.get("training", {})
        if isinstance(training, Mapping) and "loss" not in training:
            return {**raw, "training": {**training, "loss": "mse"}}
        return raw

    @classmethod
    def parse(cls, raw: Any) -> Experiment:
        """An experiment from plain data, as JSON gives it. Raises ExperimentError with the path of the fault."""
        if not isinstance(raw, Mapping):
            raise ExperimentError("A project is an object with \"data\", \"model\" and \"training\"; this is something else.")
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            raise explain(error, raw) from None
        except PlaygroundError as error:
            raise ExperimentError(str(error)) from None

    def plain(self) -> dict[str, Any]:
        """The experiment as plain data, every setting spelled out; `parse` reads it back to an equal one."""
        return self.model_dump(mode="json", exclude_none=False)

    def with_setting(self, path: str, value: Any) -> Experiment:
        """A copy in which the setting at a path such as `training.optimizer.learning_rate` is `value`.

        Choosing another `kind` keeps those of the old settings that the new kind has, too. Raises ExperimentError
        where there is no such setting or the value does not fit.
        """
        raw = self.model_dump(exclude_defaults=False)
        *parents, last = path.split(".")
        place = raw
        for part in parents:
            place = _descend(place, part, path)
        if isinstance(place, list | tuple):
            raise ExperimentError(f"{path}: replace the whole list instead.")
        if last == "kind" and place.get("kind") != value:
            _forget_settings_of_the_old_kind(place, value)
        place[last] = value
        return Experiment.parse(raw)


def _descend(place: Any, part: str, path: str) -> Any:
    if isinstance(place, dict) and isinstance(place.get(part), dict | list | tuple):
        return place[part]
    if isinstance(place, list | tuple) and part.isdigit() and int(part) < len(place):
        return place[int(part)]
    raise ExperimentError(f"{path}: there is no such setting; check its spelling.")


def _forget_settings_of_the_old_kind(place: dict[str, Any], kind: Any) -> None:
    """Keep in `place` only what another kind understands; learning rates belong to the person, the rest to the kind."""
    kept = {"learning_rate", "seed", "test_ratio", "standardize", "stratify", "rate"}
    for name in [name for name in place if name not in kept]:
        del place[name]
    place["kind"] = kind


def _asks_for_numbers(data: Any) -> bool:
    if isinstance(data, DataSettings):
        return data.is_regression
    if not isinstance(data, Mapping):
        return False
    if "target" in data:
        return data["target"] is not None
    generator = data.get("generator")
    return isinstance(generator, str) and generator in GENERATORS and GENERATORS[generator].value.regression


def live_change(old: Experiment, new: Experiment) -> bool:
    """True where a running training can go on with `new` in place of `old`.

    Learning rate, regularization, batch size, the number of epochs and the points themselves act on a running
    training, as long as inputs and classes stay as many; everything else decides how a run starts.
    """
    return _same_problem(old.data, new.data) and _what_starts_a_run(old) == _what_starts_a_run(new)


def _same_problem(old: Data, new: Data) -> bool:
    """True where a network for one of the data fits the other, and the person did not choose another task."""
    if isinstance(old, GeneratedData) and isinstance(new, GeneratedData) and old.generator != new.generator:
        return False
    if isinstance(old, GeneratedData | PointsData) and isinstance(new, GeneratedData | PointsData):
        return old.shape == new.shape
    divided_alike = {"seed": 0, "test_ratio": 0.0, "stratify": True}
    return old.model_copy(update=divided_alike) == new.model_copy(update=divided_alike)


def _what_starts_a_run(experiment: Experiment) -> Experiment:
    """`experiment` with everything that can change while it runs set to one value."""
    training = experiment.training
    optimizer = training.optimizer.model_copy(update={"learning_rate": 0.0})
    neutral = training.model_copy(
        update={"optimizer": optimizer, "regularization": Regularization(), "batch_size": 1, "epochs": None}
    )
    data = GeneratedData(standardize=experiment.data.standardize)
    return experiment.model_copy(update={"training": neutral, "data": data, "title": ""})
