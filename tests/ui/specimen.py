"""A page with every widget, to be looked at: `python -m tests.ui.specimen FILE.png [dark]`."""

import sys

import numpy as np
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from playground.ui.look import theme
from playground.ui.widgets import (
    Card,
    Chip,
    Choice,
    Headline,
    Label,
    LinkButton,
    Notice,
    NumberField,
    PrimaryButton,
    QuietButton,
    Slider,
    Switch,
    ThumbnailButton,
    ToolButton,
    exclusive,
)


def specimen() -> QWidget:
    """A widget with all controls, arranged like the window."""
    page = QWidget()
    page.setObjectName("specimen")
    page.setAutoFillBackground(True)
    outer = QVBoxLayout(page)
    outer.setSpacing(theme.PANEL_GAP)
    outer.addLayout(_transport())
    notice = Notice()
    outer.addWidget(notice)
    notice.show_message(
        "The loss is no longer a number: the learning rate 1e6 is too large for this network.",
        "warning",
    )
    info = Notice()
    outer.addWidget(info)
    info.show_message("Some controls are hidden in this project.")
    columns = QHBoxLayout()
    columns.setSpacing(theme.PANEL_GAP)
    columns.addLayout(_left())
    columns.addLayout(_right(), 1)
    outer.addLayout(columns, 1)
    return page


def _transport() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.GAP * 2)
    row.addWidget(ToolButton("reset", "Reset", "Back to the same start."))
    row.addWidget(PrimaryButton("Pause", "Hold the training.", "pause"))
    row.addWidget(QuietButton("Step", "Train one epoch.", "step-epoch"))
    for value, caption in (("1,234", "epoch"), ("112,480", "steps / s"), ("0.014", "test loss")):
        headline = Headline(caption, "000,000")
        headline.set_value(value)
        row.addWidget(headline)
    speed = Slider(
        "Speed", 1, 1000, 1000, log=True, text=lambda v: "max" if v >= 1000 else f"{v:g}"
    )
    speed.setMaximumWidth(130)
    row.addWidget(speed)
    instant = Switch("Instant", "Train to the end after every change.")
    ghost = Switch("Ghost", "Keep the last run.")
    ghost.setChecked(True)
    row.addWidget(instant)
    row.addWidget(ghost)
    row.addStretch(1)
    return row


def _left() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(theme.PANEL_GAP)
    for card in (_data(), _draw(), _features()):
        card.setFixedWidth(theme.SIDE_COLUMN)
        column.addWidget(card)
    column.addStretch(1)
    return column


def _data() -> Card:
    card = Card("Data")
    card.add_to_header(ToolButton("question", "What is this?", framed=False, size=20))
    gallery = QGridLayout()
    gallery.setSpacing(theme.GAP)
    rng = np.random.default_rng(3)
    buttons = []
    for index in range(6):
        button = ThumbnailButton(f"Data set {index + 1}")
        count = 2 + index % 3
        labels = np.arange(200) % count
        angle = labels * 2 * np.pi / count + index
        centers = 3 * np.column_stack([np.cos(angle), np.sin(angle)])
        button.show_points(centers + rng.normal(size=(200, 2)), labels)
        gallery.addWidget(button, index // 3, index % 3)
        buttons.append(button)
    x, y = np.meshgrid(np.linspace(-1, 1, 32), np.linspace(-1, 1, 32))
    buttons[5].show_map(np.sin(3 * x) * np.cos(3 * y))
    buttons[3].setChecked(True)
    exclusive(buttons, card)
    card.content.addLayout(gallery)
    card.content.addWidget(Slider("Points", 10, 1000, 500, step=10, integer=True))
    card.content.addWidget(Slider("Noise", 0, 50, 5, step=5, text=lambda v: f"{v:g} %"))
    return card


def _draw() -> Card:
    card = Card("Draw")
    row = QHBoxLayout()
    row.setSpacing(theme.GAP - 1)
    tools = [
        ToolButton(name, name.title(), checkable=True)
        for name in ("brush", "move", "select", "lasso", "erase")
    ]
    tools[0].setChecked(True)
    exclusive(tools, card)
    for tool in tools:
        row.addWidget(tool)
    card.content.addLayout(row)
    card.content.addWidget(LinkButton("Add class", "One more class of points.", "plus"))
    card.content.addWidget(Slider("Brush", 0.1, 2, 0.6, step=0.1))
    return card


def _features() -> Card:
    card = Card("Features")
    grid = QGridLayout()
    grid.setSpacing(theme.GAP)
    for index, name in enumerate(("x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin x₁")):
        chip = Chip(name, f"Feed {name} to the network.")
        chip.setChecked(index < 2)
        grid.addWidget(chip, index // 2, index % 2)
    card.content.addLayout(grid)
    return card


def _right() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(theme.PANEL_GAP)
    column.addWidget(_training())
    tabs = QTabWidget()
    tabs.setAccessibleName("Plots")
    tabs.tabBar().setAccessibleName("Plots")
    for name in ("Loss", "Accuracy", "Confusion"):
        tabs.addTab(QLabel(), name)
    plots = Card()
    plots.content.addWidget(tabs)
    column.addWidget(plots, 1)
    return column


def _training() -> Card:
    card = Card("Training")
    form = QGridLayout()
    form.setHorizontalSpacing(theme.PANEL_GAP)
    form.setVerticalSpacing(theme.UNIT)
    rate = NumberField("Learning rate", 1e-6, 10, 0.03, log=True)
    batch = NumberField("Batch size", 1, 10_000, 10, integer=True)
    refused = NumberField("Epochs", 1, 1000, 10, integer=True)
    refused.setText("1e9")
    refused.editingFinished.emit()
    optimizer = Choice("Optimizer", [("adam", "Adam", "Adapts."), ("sgd", "SGD", "Plain.")])
    off = Choice("Schedule", [("constant", "Constant", "Never changes.")])
    off.setEnabled(False)
    fields = (optimizer, rate, off, batch, refused)
    for index, field in enumerate(fields):
        row, place = divmod(index, 3)
        form.addWidget(Label(field.accessibleName(), "caption", muted=True), 2 * row, place)
        form.addWidget(field, 2 * row + 1, place)
    card.content.addLayout(form)
    return card


if __name__ == "__main__":
    app = QApplication([])
    manager = theme.install(app)
    manager.set_mode(theme.Mode.DARK if "dark" in sys.argv else theme.Mode.LIGHT)
    manager.set_scale(1.5 if "presenter" in sys.argv else 1.0)
    window = specimen()
    window.resize(1000, 760)
    window.show()
    app.processEvents()
    window.grab().save(sys.argv[1])
