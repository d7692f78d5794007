"""What of an experiment is shown, and how: settings that never change what is learned.

They are part of the project file, so that a teacher's window opens as it was left.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from playground.core.experiment.settings import Settings, Whole, setting


class ViewSpec(Settings):
    """How the window shows an experiment."""

    hidden: tuple[str, ...] = Field(
        (),
        max_length=100,
        strict=False,
        description="Areas and controls that are hidden, by their keys.",
    )
    extent: float = setting(
        6.0,
        label="Canvas range",
        ge=1.0,
        le=1_000.0,
        step=1,
        log=True,
        help="How far the canvas reaches to each side of its middle. Drawn data lie on it as they"
        " are; a table is scaled so that it reaches from -5 to 5.",
    )
    grid: Whole = setting(
        100,
        label="Map detail",
        ge=50,
        le=400,
        step=50,
        help="Cells along each side of the boundary's picture. More are finer and slower.",
    )
    projection: Literal["slice", "pca"] = setting(
        "slice",
        label="Plane",
        help="Data with more than two inputs: show a slice along two of them, or the two"
        " directions in which the points differ most.",
    )
    axes: Annotated[
        tuple[
            Annotated[Whole, Field(ge=0, le=100_000)],
            Annotated[Whole, Field(ge=0, le=100_000)],
        ],
        Field(strict=False),
    ] = setting((0, 1), label="Axes", help="The two inputs that a slice shows, counted from 0.")
