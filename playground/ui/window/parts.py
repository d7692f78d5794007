"""The regions of the window, by name; what places, connects or hides them takes them from here.

Holds widgets and has no behaviour. GUI thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from playground.ui.curves.card import CurvesCard
from playground.ui.curves.fit import PredictedAgainstTarget
from playground.ui.data.data_panel import DataPanel
from playground.ui.data.draw_panel import DrawPanel
from playground.ui.data.features_panel import FeaturesPanel
from playground.ui.lessons.lesson_panel import LessonPanel
from playground.ui.network.card import NetworkCard
from playground.ui.output.absence import Unread
from playground.ui.output.card import OutputCard
from playground.ui.output.images.view import ImagesView
from playground.ui.training.training_panel import TrainingPanel
from playground.ui.training.transport import TransportBar


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Every region of one window, made anew.

    images and fitted take the place of the canvas for data that are no points on a plane, unread
    for data that cannot be read.
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
    unread: Unread = field(default_factory=Unread)
