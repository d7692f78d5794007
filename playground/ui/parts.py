"""The regions of the window, by name; what places, connects or hides them takes them from here.

Holds widgets and has no behaviour. GUI thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from playground.ui.panels.data import DataPanel
from playground.ui.panels.draw import DrawPanel
from playground.ui.panels.features import FeaturesPanel
from playground.ui.panels.lesson import LessonPanel
from playground.ui.panels.training import TrainingPanel
from playground.ui.panels.transport import TransportBar
from playground.ui.views.curves.card import CurvesCard
from playground.ui.views.curves.fit import PredictedAgainstTarget
from playground.ui.views.images.view import ImagesView
from playground.ui.views.network.card import NetworkCard
from playground.ui.views.output import OutputCard

__all__ = ["Parts"]


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Every region of one window, made anew.

    images and fitted take the place of the canvas for data that are no points on a plane.
    """

    transport: TransportBar = field(default_factory=TransportBar)
    lesson: LessonPanel = field(default_factory=LessonPanel)
    data: DataPanel = field(default_factory=DataPanel)
    draw: DrawPanel = field(default_factory=DrawPanel)
    features: FeaturesPanel = field(default_factory=FeaturesPanel)
    network: NetworkCard = field(default_factory=NetworkCard)
    training: TrainingPanel = field(default_factory=TrainingPanel)
    output: OutputCard = field(default_factory=OutputCard)
    curves: CurvesCard = field(default_factory=CurvesCard)
    images: ImagesView = field(default_factory=ImagesView)
    fitted: PredictedAgainstTarget = field(default_factory=PredictedAgainstTarget)
