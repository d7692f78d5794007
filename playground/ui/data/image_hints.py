"""What the choices of image data are called. GUI thread."""

from typing import Final

from playground.ui.training.fields import Entry
from playground.ui.training.settings_form import Hints

IMAGE_HINTS: Final = {
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
