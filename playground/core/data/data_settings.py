"""What every kind of data has: how it is divided and scaled, and what its classes look like.

Knows pydantic and the palette; runs on any thread.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from playground.core.class_looks import Marker, check_color
from playground.core.data.points import MOST_DRAWN_CLASSES
from playground.core.experiment.settings import Settings, Whole, setting
from playground.core.messages import Message

MAX_SEED = 2**32 - 1
MOST_HELD_OUT = 0.9
"""The largest part of the points that can be set to test with."""
DIVIDING: Final = ("test_ratio", "seed", "stratify")
"""Settings of data that decide which points are held out for testing."""
ONLY_SHOWN: Final[dict[str, Any]] = {"class_colors": None, "class_markers": None}
"""Settings of data that never change what is learned, as they are where nobody has set them."""

Color = Annotated[
    str, AfterValidator(check_color), Field(json_schema_extra={"pattern": "^#[0-9a-fA-F]{6}$"})
]


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
        le=MOST_HELD_OUT,
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
    target_scaling: Literal["none", "standard"] = setting(
        "none",
        label="Target scaling",
        since=2,
        help="Standard: targets get mean 0 and deviation 1 over the training points while the"
        " network learns them, and numbers are read with all their digits. Losses and predictions"
        " are said in the units of the data. None: as they are.",
    )
    stratify: bool = setting(
        True, label="Stratify", live=True, help="Hold out the same part of every class for testing."
    )
    class_colors: tuple[Color, ...] | None = Field(
        None,
        max_length=MOST_DRAWN_CLASSES,
        strict=False,
        description="The colours of the classes, as #rrggbb; left out, those of the palette. Every"
        " ten classes have the same ones.",
    )
    class_markers: tuple[Marker, ...] | None = Field(
        None,
        max_length=MOST_DRAWN_CLASSES,
        strict=False,
        description="The markers of the first ten classes; left out, each has its own. Every"
        " further ten have them, too, but no class has colour and marker of another.",
    )

    @property
    def why_not_divided(self) -> Message:
        """Why test_ratio, seed and stratify decide nothing here; "" where they do."""
        return Message()

    @property
    def answer_name(self) -> str:
        """What the file calls the answers; "" where they have no name."""
        return ""

    @property
    def are_inputs_scaled(self) -> bool:
        """True where a network is shown the inputs in other units than those of their file."""
        return bool(self.standardize)

    @property
    def are_targets_scaled(self) -> bool:
        """True where targets that are numbers get mean 0 and deviation 1 to be learned."""
        return self.target_scaling == "standard"

    @property
    def is_regression(self) -> bool:
        """True where targets are numbers, False where they are classes."""
        return False
