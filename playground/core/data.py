"""Which data an experiment is about: the settings of every kind of data.

The arrays themselves are made by `dataset.prepare`. Knows numpy and pydantic; runs on any thread.
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
    WithJsonSchema,
    model_validator,
)

from playground.core.generators import GENERATORS, Generator
from playground.core.points import MAX_CLASSES, FloatArray, IntArray, Points, frozen
from playground.core.settings import Settings, Whole, setting

__all__ = [
    "MAX_SEED",
    "BuiltinData",
    "CsvData",
    "Data",
    "DataSettings",
    "GeneratedData",
    "PointsData",
    "asks_for_numbers",
    "same_problem",
]

MAX_SEED = 2**32 - 1


class DataSettings(Settings):
    """What every kind of data has."""

    seed: Whole = setting(
        7,
        label="Data seed",
        live=True,
        ge=0,
        le=MAX_SEED,
        step=1,
        help="The number that decides which points are drawn and which are held out for testing.",
    )
    test_ratio: float = setting(
        0.5,
        label="Test share",
        live=True,
        ge=0.0,
        le=0.9,
        step=0.1,
        help="The part of the points that the network never trains on; it shows how well it"
        " generalises.",
    )
    standardize: bool | Literal["all"] = setting(
        False,
        label="Standardise",
        help="Give every input mean 0 and deviation 1, measured on the training points"
        ' (or on "all" points).',
    )
    stratify: bool = setting(
        True, label="Stratify", live=True, help="Hold out the same part of every class for testing."
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
        Field(json_schema_extra={"enum": GENERATORS.keys()}),
    ] = setting("circle", label="Data set", help="The shape of the data.")
    samples: Whole = setting(
        500,
        label="Points",
        live=True,
        ge=1,
        le=1_000_000,
        step=50,
        log=True,
        help="How many points there are. Few points are easy to learn by heart and hard to learn"
        " from.",
    )
    noise: float = setting(
        0.0,
        label="Noise",
        live=True,
        ge=0.0,
        le=0.5,
        step=0.05,
        help="How much the points stray. Noise makes a perfect score on the test points"
        " impossible.",
    )
    classes: Whole | None = setting(
        None,
        label="Classes",
        ge=2,
        le=8,
        step=1,
        help="How many classes there are, where the data set allows more than two.",
    )

    @model_validator(mode="before")
    @classmethod
    def _generator_has_its_own_default_size(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping) or "samples" in raw:
            return raw
        generator = _generator_of(raw)
        return raw if generator is None else {**raw, "samples": generator.default_samples}

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


def _numbers(value: Any, dimensions: int) -> npt.NDArray:
    """`value` as an array of finite numbers. Raises ValueError, which is reported with its path."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError("all rows need to be equally long lists of numbers") from None
    if array.size == 0 and array.ndim == 1:
        array = np.zeros((0, 2)[:dimensions])
    if array.ndim != dimensions or 0 in array.shape[1:]:
        shape = "[x1, x2] rows" if dimensions == 2 else "numbers"
        raise ValueError(f"this needs to be a list of {shape}")
    if array.dtype.kind not in "iuf":
        raise ValueError("every value needs to be a number")
    if not np.isfinite(array).all():
        raise ValueError("every value needs to be a finite number")
    return array


def _float32(value: Any, dimensions: int) -> FloatArray:
    array = _numbers(value, dimensions)
    if np.abs(array).max(initial=0) > np.finfo(np.float32).max:
        raise ValueError("a value is too large")
    return frozen(np.array(array, np.float32))


def _indices(value: Any) -> IntArray:
    array = _numbers(value, 1)
    if (array % 1 != 0).any() or (array < 0).any() or (array > 2**53).any():
        raise ValueError("every value needs to be a whole number from 0 up")
    return frozen(np.array(array, np.int64))


def _shortest(array: npt.NDArray) -> list:
    """Nested lists with the fewest digits that read back to the same float32."""
    if array.dtype.kind != "f":
        return array.tolist()
    return array.astype(str).astype(np.float64).tolist() if array.size else []


def _schema(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


# Read-only arrays in memory, nested lists in files.
Rows = Annotated[
    np.ndarray,
    BeforeValidator(lambda value: _float32(value, 2)),
    PlainSerializer(_shortest),
    WithJsonSchema(_schema(_schema({"type": "number"}))),
]
Targets = Annotated[
    np.ndarray,
    BeforeValidator(lambda value: _float32(value, 1)),
    PlainSerializer(_shortest),
    WithJsonSchema(_schema({"type": "number"})),
]
Indices = Annotated[
    np.ndarray,
    BeforeValidator(_indices),
    PlainSerializer(_shortest),
    WithJsonSchema(_schema({"type": "integer", "minimum": 0})),
]


class PointsData(DataSettings):
    """Points that a person drew or imported, kept in the project file itself."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    kind: Literal["points"] = "points"
    x: Rows
    label: Indices | None = None
    target: Targets | None = None
    test: Indices | None = Field(
        None,
        description="Rows that are held out for testing; left out, test_ratio and seed decide.",
    )
    class_names: tuple[str, ...] = Field((), max_length=MAX_CLASSES, strict=False)

    @model_validator(mode="after")
    def _one_answer_for_every_point(self) -> PointsData:
        if (self.label is None) == (self.target is None):
            raise ValueError('points need either "label" (classes) or "target" (numbers)')
        if len(self.answers) != len(self.x):
            raise ValueError(f"there are {len(self.x)} points but {len(self.answers)} answers")
        if self.label is not None and self.label.max(initial=0) >= MAX_CLASSES:
            raise ValueError(f"there can be ten classes at most, but a label is {self.label.max()}")
        if self.test is not None and len(self.test) and self.test.max() >= len(self.x):
            raise ValueError(
                f'"test" names row {self.test.max()}, but the last one is {len(self.x) - 1}'
            )
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
    def answers(self) -> npt.NDArray:
        """Labels int64 (N,), or targets float32 (N,)."""
        if self.label is not None:
            return self.label
        assert self.target is not None, "checked when the data was made"
        return self.target

    @property
    def class_count(self) -> int:
        """Number of classes, 0 for regression.

        At least two, so that a single painted class can be trained.
        """
        if self.label is None:
            return 0
        return max(2, len(self.class_names), int(self.label.max(initial=0)) + 1)

    @property
    def shape(self) -> tuple[int, int]:
        """(number of inputs, number of classes)."""
        return self.x.shape[1], self.class_count

    @classmethod
    def of(cls, points: Points, **settings: Any) -> PointsData:
        """Data that holds exactly these points, divided as they are."""
        name = "target" if points.is_regression else "label"
        answers: dict[str, Any] = {name: points.y}
        return cls(x=points.x, **answers, test=np.flatnonzero(points.held_out), **settings)

    def points(self) -> Points:
        """The points; held out are those that "test" names, none where it is left out."""
        held_out = np.zeros(len(self.x), bool)
        if self.test is not None:
            held_out[self.test] = True
        return Points(self.x, self.answers, held_out)


def _check_path(path: str) -> str:
    if "\0" in path:
        raise ValueError("no path has the character NUL in it")
    return path


class CsvData(DataSettings):
    """A table in a CSV file beside the project file."""

    kind: Literal["csv"] = "csv"
    path: Annotated[str, AfterValidator(_check_path)] = Field(
        min_length=1, description="Relative to the project file, or absolute."
    )
    inputs: tuple[str, ...] = Field(
        min_length=1, strict=False, description="Columns the network sees."
    )
    label: str | None = Field(None, description="Column with the class; text or whole numbers.")
    target: str | None = Field(None, description="Column with the number to predict.")
    missing: Literal["drop", "mean"] = setting(
        "drop",
        label="Missing values",
        help="Leave out rows with missing inputs, or fill them with the mean of their column.",
    )

    @model_validator(mode="after")
    def _one_column_is_the_answer(self) -> CsvData:
        if (self.label is None) == (self.target is None):
            raise ValueError(
                'a table needs either a "label" column (classes) or a "target" column (numbers)'
            )
        return self

    @property
    def is_regression(self) -> bool:
        return self.target is not None


class BuiltinData(DataSettings):
    """A table that comes with scikit-learn."""

    kind: Literal["digits", "iris", "wine", "breast_cancer"]


Data = Annotated[GeneratedData | PointsData | CsvData | BuiltinData, Field(discriminator="kind")]


def asks_for_numbers(data: Any) -> bool:
    """True where data, as settings or as a file holds them, have numbers as targets."""
    if isinstance(data, DataSettings):
        return data.is_regression
    if not isinstance(data, Mapping):
        return False
    if "target" in data:
        return data["target"] is not None
    generator = _generator_of(data)
    return generator is not None and generator.regression


def _generator_of(raw: Mapping[str, Any]) -> Generator | None:
    """The generator that unchecked data names, if there is one of that name."""
    key = raw.get("generator")
    return GENERATORS[key].value if isinstance(key, str) and key in GENERATORS else None


def same_problem(old: Data, new: Data) -> bool:
    """True where a network for one of the data fits the other, and both are the same task."""
    if (
        isinstance(old, GeneratedData)
        and isinstance(new, GeneratedData)
        and old.generator != new.generator
    ):
        return False
    if isinstance(old, GeneratedData | PointsData) and isinstance(new, GeneratedData | PointsData):
        return old.shape == new.shape
    divided_alike = {"seed": 0, "test_ratio": 0.0, "stratify": True}
    return old.model_copy(update=divided_alike) == new.model_copy(update=divided_alike)
