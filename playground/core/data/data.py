"""Which data an experiment is about: the settings of every kind of data.

The arrays themselves are made by `dataset.prepare`. To add a kind of data, write its class, name
it in the union `Data`, and add a case to `dataset._load`; `OWN_SETTINGS` of `ui.data.data_hints`
says which of its settings the panel shows. Knows pydantic; runs on any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from playground.core.data.data_settings import ONLY_SHOWN, DataSettings
from playground.core.data.generators import GENERATORS, Generator
from playground.core.data.points_data import PointsData
from playground.core.data.tables.table import Table, fault_of_inputs
from playground.core.data.vectors import VectorData
from playground.core.errors import InvalidValueError, short
from playground.core.experiment.settings import Whole, setting
from playground.core.messages import N_, Message


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
            raise InvalidValueError(
                "'{generator}' makes 2 classes, not {classes}."
                if fewest == most
                else "'{generator}' makes {fewest} to {most} classes, not {classes}.",
                generator=self.generator,
                fewest=fewest,
                most=most,
                classes=self.classes,
            )
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


def _check_path(path: str) -> str:
    if "\0" in path:
        raise InvalidValueError("no path has the character NUL in it.")
    return path


class _Held:
    """Room for a table, which makes no difference between settings that hold one and others."""

    table: Table | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)


class _Holding(DataSettings):
    """Data in files, which may be read before they are prepared."""

    _held: _Held = PrivateAttr(default_factory=_Held)

    def hold(self, table: Table) -> None:
        """Keep what was read to make these settings, so that training need not read it again."""
        self._held.table = table


def tested_by_file(path: str | Path) -> Message:
    """Why nothing divides a table whose test rows are in a file of their own."""
    return Message(
        "The rows of {name} are the test points, so this decides nothing; import without the test"
        " file to divide the table.",
        name=short(Path(path).name),
    )


class CsvData(_Holding):
    """A table in a CSV file beside the project file.

    With a second file all rows of the first one are trained on, and those of the second test;
    test_ratio, seed and stratify then decide nothing.
    """

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

    sheet: str | None = setting(
        None,
        since=2,
        label="Sheet",
        help="The sheet of a workbook, or the file in an archive; left out, the first one with a"
        " table.",
    )
    test_path: Annotated[str, AfterValidator(_check_path), Field(min_length=1)] | None = setting(
        None,
        since=2,
        label="Test file",
        help="A second table with the same columns, whose rows are the test points; relative to"
        " the project file, or absolute. All rows of the first table are then trained on.",
    )
    image: tuple[Whole, Whole, Whole] | None = setting(
        None,
        since=2,
        label="Image",
        strict=False,
        help="The inputs are the pixels of an image: [1, height, width] in grey, [3, height, width]"
        " in colour, or [height, width, 3] where the colours of a pixel stand side by side. Null:"
        " they are columns like others.",
    )

    @model_validator(mode="after")
    def _image_has_all_inputs(self) -> CsvData:
        if self.image is None:
            return self
        if min(self.image) < 1 or not (self.image[0] in (1, 3) or self.image[2] == 3):
            raise InvalidValueError(
                "{image} is no image; give channels, height and width, with 1 channel for grey or 3"
                " for colour, such as [1, 28, 28].",
                image=str(list(self.image)),
            )
        if prod(self.image) != len(self.inputs):
            raise InvalidValueError(
                "{image} has {pixels:,} values, but there are {count:,} inputs; choose an image"
                " with as many, or set it to null.",
                image=str(list(self.image)),
                pixels=prod(self.image),
                count=len(self.inputs),
            )
        return self

    @model_validator(mode="after")
    def _one_column_is_the_answer(self) -> CsvData:
        if self.label is not None and self.target is not None:
            raise InvalidValueError(
                "a table has one answer, but '{label}' is its label and '{target}' its target; set"
                " one of the two to null.",
                label=short(self.label),
                target=short(self.target),
            )
        if self.label is None and self.target is None:
            raise InvalidValueError(
                'a table needs either a "label" column (classes) or a "target" column (numbers).'
            )
        if fault := fault_of_inputs(self.inputs, self.label or self.target):
            raise InvalidValueError(fault)
        if self.test_path == self.path:
            raise InvalidValueError(
                "'{path}' cannot test what is learned from itself; choose another test file, or set"
                " it to null.",
                path=short(self.path, 120),
            )
        return self

    @property
    def why_not_divided(self) -> Message:
        return Message() if self.test_path is None else tested_by_file(self.test_path)

    @property
    def answer_name(self) -> str:
        return self.target or self.label or ""

    @property
    def is_regression(self) -> bool:
        return self.target is not None

    @property
    def width(self) -> int:
        """Values that make up one point, as far as is known before the table is read: a column of
        text gives several.
        """
        table = self._held.table
        return len(self.inputs) if table is None else len(table.input_names)


class BuiltinData(DataSettings):
    """A table that comes with scikit-learn."""

    kind: Literal["iris", "wine", "breast_cancer"]


PixelRange = Annotated[
    Literal["raw", "unit"],
    Field(
        title=N_("Pixels"),
        description=N_(
            "Pixels as they are stored, or divided by their largest value so that they lie from 0"
            " to 1. Raw pixels make large steps and a gamble of the learning rate."
        ),
    ),
]


class DigitsData(DataSettings):
    """The handwritten digits that come with scikit-learn, as images."""

    kind: Literal["digits"] = "digits"
    size: Literal[8, 28] = setting(
        8,
        label="Size",
        help="Pixels along each side: 8 as they are, or enlarged to 28 for deeper networks.",
    )
    pixels: PixelRange = "unit"


class ShapesData(DataSettings):
    """Discs, squares and triangles in two colours, drawn by arithmetic as images of 32 x 32."""

    since: ClassVar[int] = 2
    kind: Literal["shapes"] = "shapes"
    samples: Whole = setting(
        1_200,
        label="Images",
        ge=6,
        le=20_000,
        step=60,
        log=True,
        help="How many images there are. Light, colour, size, place and turn differ in each.",
    )
    pixels: PixelRange = "unit"


def _check_arrays(pair: str) -> str:
    if len(pair.split(",")) != 2 or not all(name.strip() for name in pair.split(",")):
        raise InvalidValueError(
            "'{pair}' is no pair of arrays; name that of the images and that of the labels, as in"
            " X, y.",
            pair=short(pair),
        )
    return pair


class ImagesData(DataSettings):
    """Images with labels in a file: MNIST's IDX format, or NumPy's npz and npy."""

    kind: Literal["images"] = "images"
    path: Annotated[str, AfterValidator(_check_path)] = Field(
        min_length=1, description="Relative to the project file, or absolute."
    )
    pixels: PixelRange = "unit"
    arrays: Annotated[str, AfterValidator(_check_arrays)] | None = setting(
        None,
        since=2,
        label="Arrays",
        help="The names of the arrays with images and with their labels, as in X, y; left out, the"
        " likeliest ones.",
    )


class PhotographsData(_Holding):
    """A folder of photographs, with a subfolder for each class."""

    since: ClassVar[int] = 2
    kind: Literal["photographs"] = "photographs"
    path: Annotated[str, AfterValidator(_check_path)] = Field(
        min_length=1, description="Relative to the project file, or absolute."
    )
    size: Whole = setting(
        32,
        label="Size",
        ge=8,
        le=128,
        step=8,
        help="Pixels along each side. Twice as many show more, and take four times as long.",
    )
    fit: Literal["crop", "stretch", "pad"] = setting(
        "crop",
        label="Fit",
        help="How a picture becomes a square: its middle, all of it out of shape, or all of it on"
        " black.",
    )
    pixels: PixelRange = "unit"


Data = Annotated[
    GeneratedData
    | PointsData
    | CsvData
    | BuiltinData
    | DigitsData
    | ShapesData
    | ImagesData
    | PhotographsData
    | VectorData,
    Field(discriminator="kind"),
]


def asks_for_numbers(data: Any) -> bool:
    """True where data, as settings or as a file holds them, have numbers as targets."""
    if isinstance(data, DataSettings):
        return data.is_regression
    if not isinstance(data, Mapping):
        return False
    if data.get("kind") == "vectors":
        return True
    if "target" in data:
        return data["target"] is not None
    generator = _generator_of(data)
    return generator is not None and generator.regression


def _generator_of(raw: Mapping[str, Any]) -> Generator | None:
    """The generator that unchecked data names, if there is one of that name."""
    key = raw.get("generator")
    return GENERATORS[key].value if isinstance(key, str) and key in GENERATORS else None


def same_but_for_looks(old: Data, new: Data) -> bool:
    """True where two data differ in nothing but what their classes look like."""
    return old.model_copy(update=ONLY_SHOWN) == new.model_copy(update=ONLY_SHOWN)


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
    divided_alike = {"seed": 0, "test_ratio": 0.0, "stratify": True, **ONLY_SHOWN}
    return old.model_copy(update=divided_alike) == new.model_copy(update=divided_alike)
