"""What a person sets: data, drawing, features, training, and the bar that starts it.

A panel shows an experiment (`show_experiment`, silent) and asks for changes with signals; it never
makes one, and it knows nothing of the session. GUI thread only.
"""

from playground.ui.panels.data import DataPanel
from playground.ui.panels.draw import DrawPanel
from playground.ui.panels.features import FeaturesPanel
from playground.ui.panels.training import TrainingPanel
from playground.ui.panels.transport import TransportBar

__all__ = ["DataPanel", "DrawPanel", "FeaturesPanel", "TrainingPanel", "TransportBar"]
