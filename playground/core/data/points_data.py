"""Points that are kept in the project file itself: checked arrays in memory, lists in JSON.

Knows numpy and pydantic; runs on any thread.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from playground.core.data.axis import Axis
from playground.core.data.data_settings import DataSettings
from playground.core.data.points import MAX_CLASSES, IntArray, Points, frozen
from playground.core.errors import InvalidValueError


def _numbers(value: Any, dimensions: int) -> npt.NDArray:
    """`value` as an array of finite numbers. Raises ValueError, which is reported with its path."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise InvalidValueError("all rows need to be equally long lists of numbers.") from None
    if array.size == 0 and array.ndim == 1:
        array = np.zeros((0, 2)[:dimensions])
    if array.ndim != dimensions or 0 in array.shape[1:]:
        raise InvalidValueError(
            "this needs to be a list of [x1, x2] rows."
            if dimensions == 2
            else "this needs to be a list of numbers."
        )
    if array.dtype.kind not in "iuf":
        raise InvalidValueError("every value needs to be a number.")
    if not np.isfinite(array).all():
        raise InvalidValueError("every value needs to be a finite number.")
    return array


def _floats(value: Any, dimensions: int, info: ValidationInfo) -> npt.NDArray:
    """Numbers as float32, or as float64 where they are scaled before they are learned."""
    array = _numbers(value, dimensions)
    if np.abs(array).max(initial=0) > np.finfo(np.float32).max:
        raise InvalidValueError("a value is too large.")
    dtype = _dtype(info.data.get("target_scaling", "none"))
    return frozen(np.array(array, dtype))


def _dtype(target_scaling: str) -> type[np.floating]:
    return np.float64 if target_scaling == "standard" else np.float32


def _indices(value: Any) -> IntArray:
    array = _numbers(value, 1)
    if (array % 1 != 0).any() or (array < 0).any() or (array > 2**53).any():
        raise InvalidValueError("every value needs to be a whole number from 0 up.")
    return frozen(np.array(array, np.int64))


def shortest(array: npt.NDArray) -> list:
    """Nested lists with the fewest digits that read back to the same bits."""
    if array.dtype.kind != "f":
        return array.tolist()
    return array.astype(str).astype(np.float64).tolist() if array.size else []


def _schema(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


# Read-only arrays in memory, nested lists in files.
Rows = Annotated[
    np.ndarray,
    BeforeValidator(lambda value, info: _floats(value, 2, info)),
    PlainSerializer(shortest),
    WithJsonSchema(_schema(_schema({"type": "number"}))),
]
Targets = Annotated[
    np.ndarray,
    BeforeValidator(lambda value, info: _floats(value, 1, info)),
    PlainSerializer(shortest),
    WithJsonSchema(_schema({"type": "number"})),
]
Indices = Annotated[
    np.ndarray,
    BeforeValidator(_indices),
    PlainSerializer(shortest),
    WithJsonSchema(_schema({"type": "integer", "minimum": 0})),
]

FIRST_FORMAT_CLASSES = 10
"""Classes that the first format of the project file has room for."""


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
    axes: tuple[Axis, ...] | None = Field(
        None,
        strict=False,
        description="The inputs' own names and units, where the points are stored in others:"
        " original = offset + scale * stored.",
    )

    @model_validator(mode="after")
    def _one_answer_for_every_point(self) -> PointsData:
        if (self.label is None) == (self.target is None):
            raise InvalidValueError('points need either "label" (classes) or "target" (numbers).')
        if len(self.answers) != len(self.x):
            raise InvalidValueError(
                "there are {points} points but {answers} answers.",
                points=len(self.x),
                answers=len(self.answers),
            )
        if self.label is not None and self.label.max(initial=0) >= MAX_CLASSES:
            raise InvalidValueError(
                "there can be {most} classes at most, 0 to {last}, but a label is {label};"
                " number them from 0, and leave out the points of the others.",
                most=MAX_CLASSES,
                last=MAX_CLASSES - 1,
                label=self.label.max(),
            )
        if self.axes is not None and len(self.axes) != self.x.shape[1]:
            raise InvalidValueError(
                "there are {inputs} inputs but {axes} axes.",
                inputs=self.x.shape[1],
                axes=len(self.axes),
            )
        if self.test is not None and len(self.test) and self.test.max() >= len(self.x):
            raise InvalidValueError(
                '"test" names row {row}, but the last one is {last}.',
                row=self.test.max(),
                last=len(self.x) - 1,
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
    def since(self) -> int:  # type: ignore[override]
        """The format of the project file that has so many classes."""
        return 2 if self.class_count > FIRST_FORMAT_CLASSES else 1

    @property
    def is_regression(self) -> bool:
        return self.target is not None

    @property
    def answers(self) -> npt.NDArray:
        """Labels int64 (N,), or targets float32 or float64 (N,)."""
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
    def test_share(self) -> float:
        """The part of the points that is held out: what is set, unless the rows that are named are
        clearly more or fewer.
        """
        if self.test is None:
            return self.test_ratio
        held_out, count = len(self.test), len(self.x)
        is_as_set = abs(held_out - self.test_ratio * count) < max(1, self.class_count)
        return self.test_ratio if is_as_set else held_out / count

    @property
    def are_inputs_scaled(self) -> bool:
        """True also where the points are stored in the units of the canvas."""
        return bool(self.standardize) or not all(axis.is_plain for axis in self.axes or ())

    @property
    def shape(self) -> tuple[int, int]:
        """(number of inputs, number of classes)."""
        return self.x.shape[1], self.class_count

    @classmethod
    def of(cls, points: Points, **settings: Any) -> PointsData:
        """Data that holds exactly these points, divided as they are.

        The settings are checked; the arrays are what Points has checked already, and are shared.
        Raises ValidationError.
        """
        name = "target" if points.is_regression else "label"
        empty = np.zeros((0, points.x.shape[1]), np.float32)
        settings_of: dict[str, Any] = {"x": empty, name: points.y[:0], **settings}
        if name == "label" and points.y.max(initial=0) >= MAX_CLASSES:
            settings_of |= {"x": points.x, name: points.y}  # refused, with the usual sentence
        rows = frozen(np.flatnonzero(points.held_out))
        made = cls(**settings_of)
        dtype = _dtype(made.target_scaling)
        arrays = {"x": points.x.astype(dtype, copy=False), name: points.y}
        if points.is_regression:
            arrays[name] = points.y.astype(dtype, copy=False)
        return made.model_copy(update={**{k: frozen(v) for k, v in arrays.items()}, "test": rows})

    def points(self) -> Points:
        """The points; held out are those that "test" names, none where it is left out."""
        held_out = np.zeros(len(self.x), bool)
        if self.test is not None:
            held_out[self.test] = True
        return Points(self.x, self.answers, held_out)
