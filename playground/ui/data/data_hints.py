"""What is set of tables, images and vectors, and what the choices are called. GUI thread."""

from typing import Final

from playground.core.data.data import (
    CsvData,
    DigitsData,
    ImagesData,
    PhotographsData,
    ShapesData,
)
from playground.core.data.data_settings import DataSettings
from playground.core.data.vectors import VectorData
from playground.ui.training.fields import Entry
from playground.ui.training.more_settings import SCALINGS
from playground.ui.training.settings_form import Hints

OWN_SETTINGS: Final[dict[type[DataSettings], tuple[str, ...]]] = {
    DigitsData: ("size", "pixels"),
    ShapesData: ("samples", "pixels"),
    ImagesData: ("pixels",),
    PhotographsData: ("size", "fit", "pixels"),
    CsvData: ("missing", "standardize"),
    VectorData: ("rows", "inputs", "outputs", "relation"),
}
"""What a kind of data has to be set beside its division."""

DATA_HINTS: Final = {
    "missing": Hints(
        (
            Entry("drop", "Left out", "Rows with a missing input are not used."),
            Entry("mean", "Mean", "The mean of the column among the training rows stands for it."),
        )
    ),
    "standardize": Hints(SCALINGS),
    "relation": Hints(
        (
            Entry("independent", "Independent", "Nothing about the targets can be learned."),
            Entry(
                "affine",
                "Affine",
                "Each target is its input times one and the same number, plus 2.",
            ),
        )
    ),
    "pixels": Hints(
        (
            Entry("raw", "As stored", "Large numbers: large steps, and a gamble."),
            Entry("unit", "From 0 to 1", "Divided by the largest value that a pixel can have."),
        )
    ),
    "fit": Hints(
        (
            Entry("crop", "Middle", "The largest square in the middle of the picture."),
            Entry("stretch", "Stretched", "All of the picture, pressed into a square."),
            Entry("pad", "With edges", "All of the picture, with black beside it."),
        )
    ),
}
"""By the name of the setting."""
