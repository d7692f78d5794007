"""A page with every panel at its real size, to be looked at.

`python -m tests.ui.panel_specimen FILE.png [dark] [presenter] [more] [regression] [ten]`
"""

import sys

from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from playground.core.data.dataset import prepare
from playground.core.data.generators import GENERATORS, Recipe
from playground.core.data.points import Points
from playground.core.experiment.experiment import Experiment
from playground.engines.contract.base import Score
from playground.engines.contract.run_control import RunInfo
from playground.ui.data.data_panel import DataPanel
from playground.ui.data.draw_panel import DrawPanel
from playground.ui.data.features_panel import FeaturesPanel
from playground.ui.look import theme
from playground.ui.training.training_panel import TrainingPanel
from playground.ui.training.transport import TransportBar


class SomeNumbers:
    """What the transport bar reads of a snapshot."""

    epoch = 1234
    seconds = 83.0
    steps_per_second = 112_480.0
    test = Score(0.0142, 0.992)


def transport(width: int) -> TransportBar:
    bar = TransportBar()
    bar.setFixedWidth(width)
    bar.show_state("running")
    bar.show_numbers(SomeNumbers())
    bar.show_info(RunInfo("compiled", "Compiled", "The fastest for small networks.", "cpu", 146))
    return bar


def training(width: int, experiment: Experiment) -> TrainingPanel:
    panel = TrainingPanel()
    panel.setFixedWidth(width)
    panel.show_experiment(experiment)
    return panel


def left_column(experiment: Experiment, *, is_compact: bool = False) -> QWidget:
    """DATA, DRAW and FEATURES at the width of their column."""
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(theme.PANEL_GAP)
    data, draw, features = DataPanel(), DrawPanel(), FeaturesPanel()
    for choice in GENERATORS:
        x, y = choice.value.sample(Recipe(300, 0.0, 3, 7))
        data.set_thumbnail(choice.key, Points.of(x, y))
    for panel in (data, draw, features):
        panel.setFixedWidth(theme.scaled(theme.SIDE_COLUMN))
        panel.set_compact(is_compact)
        layout.addWidget(panel)
        panel.show_experiment(experiment)
    dataset = prepare(experiment)
    data.show_dataset(dataset)
    draw.show_dataset(dataset)
    layout.addStretch(1)
    return column


def specimen(experiment: Experiment) -> QWidget:
    page = QWidget()
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 12)
    outer.addWidget(transport(1440))
    outer.addWidget(transport(1280))
    columns = QHBoxLayout()
    columns.setContentsMargins(12, 0, 12, 0)
    columns.setSpacing(theme.PANEL_GAP)
    columns.addWidget(left_column(experiment))
    columns.addWidget(left_column(experiment, is_compact=True))
    middle = QVBoxLayout()
    middle.addWidget(training(670, experiment))
    middle.addWidget(training(560, experiment))
    middle.addStretch(1)
    columns.addLayout(middle)
    columns.addStretch(1)
    outer.addLayout(columns, 1)
    return page


def chosen_experiment(words: list[str]) -> Experiment:
    generator = {"regression": "hills", "ten": "blobs"}
    name = next((generator[word] for word in words if word in generator), "spiral")
    raw: dict = {"data": {"generator": name, "kind": "generated"}}
    if name == "blobs":
        raw["data"]["classes"] = 8
    return Experiment.parse(raw)


if __name__ == "__main__":
    app = QApplication([])
    manager = theme.install(app)
    manager.set_mode(theme.Mode.DARK if "dark" in sys.argv else theme.Mode.LIGHT)
    manager.set_scale(1.5 if "presenter" in sys.argv else 1.0)
    window = specimen(chosen_experiment(sys.argv))
    window.resize(1464, 1000)
    window.show()
    app.processEvents()
    if "more" in sys.argv:
        panel = window.findChild(TrainingPanel)
        panel.open_more()
        app.processEvents()
        panel.more.grab().save(sys.argv[1])
    else:
        window.grab().save(sys.argv[1])
