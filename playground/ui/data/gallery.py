"""The gallery of DATA: every generator as a small picture that can be chosen.

The pictures come from outside (`set_thumbnail`), since making the points imports scikit-learn.
Imports core, numpy, PySide6 and the widget kit; GUI thread only.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QStackedWidget, QWidget

from playground.core.data.generators import GENERATORS
from playground.core.data.points import Points
from playground.core.errors import ended
from playground.core.messages import N_, Message
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.widgets import Restyled, ThumbnailButton, exclusive

PAGES: Final = (N_("Classes"), N_("Numbers"))
"""Names of the pages: what the network answers with."""

# columns and edge of a picture; both fill the width of the column
_NORMAL: Final = (3, 56)
_COMPACT: Final = (4, 40)
_PICTURE_SIDE: Final = 20  # cells along each side of a regression picture


def value_picture(points: Points) -> npt.NDArray[np.float32]:
    """Targets of points (N, 2) as a picture (side, side) from -1 to 1, row 0 at the bottom.

    Every cell takes the target of the point that is nearest to its middle.
    """
    low, high = points.x.min(0), points.x.max(0)
    along = (np.arange(_PICTURE_SIDE) + 0.5) / _PICTURE_SIDE
    x, y = low[0] + along * (high[0] - low[0]), low[1] + along * (high[1] - low[1])
    across = (x[:, None] - points.x[:, 0]) ** 2
    nearest = [(across + (height - points.x[:, 1]) ** 2).argmin(1) for height in y]
    values = points.y[np.stack(nearest)]
    picture: npt.NDArray[np.float32] = values / max(float(np.abs(points.y).max()), 1e-9)
    return picture


class Gallery(Restyled, QStackedWidget):
    """All generators as pictures, one page for classes and one for numbers."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Data set"))
        self.buttons: dict[str, ThumbnailButton] = {}
        self._chosen: str | None = None
        self._grids = [self._page(is_regression) for is_regression in (False, True)]
        self.set_compact(False)
        self._group = exclusive(self.buttons.values(), self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _page(self, is_regression: bool) -> QGridLayout:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.GAP)
        grid.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        for choice in GENERATORS:
            if choice.value.regression == is_regression:
                button = ThumbnailButton(choice.label, Message(ended(choice.label), choice.help))
                button.clicked.connect(partial(self._on_clicked, choice.key))
                self.buttons[choice.key] = button
        self.addWidget(page)
        return grid

    def set_compact(self, is_compact: bool) -> None:
        """Show smaller pictures, more in a row."""
        self._is_compact = is_compact
        columns, pixels = _COMPACT if is_compact else _NORMAL
        edge = theme.scaled(pixels)
        for page, grid in enumerate(self._grids):
            keys = [key for key in self.buttons if self.page_of(key) == page]
            for index, key in enumerate(keys):
                self.buttons[key].setFixedSize(edge, edge)
                grid.addWidget(self.buttons[key], *divmod(index, columns))

    def _dress(self) -> None:
        self.set_compact(self._is_compact)

    def page_of(self, key: str) -> int:
        """The page with this generator's picture."""
        return int(GENERATORS[key].value.regression)

    def set_thumbnail(self, key: str, points: Points) -> None:
        """Draw the picture of a generator from some of its points."""
        button = self.buttons[key]
        if not points.is_regression:
            button.show_points(points.x, points.y)
        elif points.x.shape[1] == 2:
            button.show_map(value_picture(points))
        else:
            # A curve nearly as high as wide, whatever its units.
            reach = np.ptp(points.x) / max(float(np.ptp(points.y)), 1e-9)
            flat = np.column_stack([points.x[:, 0], 0.8 * reach * points.y])
            button.show_points(flat, np.zeros(len(flat), np.int64))

    def show_chosen(self, key: str | None) -> None:
        """Put the ring around one picture, or around none; emits nothing."""
        self._chosen = key
        self._group.setExclusive(False)
        for name, button in self.buttons.items():
            button.setChecked(name == key)
        self._group.setExclusive(True)

    def _on_clicked(self, key: str) -> None:
        if key != self._chosen:
            self.chosen.emit(key)
