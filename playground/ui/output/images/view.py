"""IMAGES in place of the canvas: test images with predictions, a pad to draw on, augmentation.

Shows and forwards; decides nothing. Imports PySide6 and the parts; GUI thread only.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.data.dataset import Dataset
from playground.core.data.points import FloatArray
from playground.core.messages import N_, Message, plural
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.output.images import ink, pixels
from playground.ui.output.images.grid import ImageGrid
from playground.ui.output.images.pad import Pad, ProbabilityBars
from playground.ui.output.images.shown_images import Gallery
from playground.ui.output.names import KINDS
from playground.ui.widgets import Label, LinkButton, Switch, describe
from playground.ui.widgets.layouts import STRETCH, hbox, vbox

MOST_AUGMENTED: Final = 8


class ImagesView(QWidget):
    """What the canvas is for points, for images.

    The images are the test points, or the training points where there are none.
    """

    imageChosen = Signal(int)  # row of dataset.points whose feature maps are to be shown
    drawn = Signal(object)  # float32 (F,): raw pixels of the drawing; None when the pad is empty
    strokeDrawn = Signal()  # the person drew a stroke on the pad
    augmentationSeen = Signal()  # the person opened the augmented images

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dataset: Dataset | None = None
        self._rows = np.empty(0, np.int64)
        self._epoch: int | None = None
        self.summary = Label("", "caption", muted=True)
        self.grid, self.pad, self.bars = ImageGrid(), Pad(), ProbabilityBars()
        self.strip = AugmentationStrip()
        self.augmented = Switch(
            "Augmented", "Show some training images as they are, and as training sees them."
        )
        self.wipe = LinkButton("Clear", "Wipe the pad.", "clear")
        keeps_place = self.wipe.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)
        self.wipe.setSizePolicy(keeps_place)
        self.wipe.hide()  # nothing is drawn yet
        self._arrange()
        self.grid.chosen.connect(self.imageChosen)
        self.pad.drawn.connect(self.drawn)
        self.pad.drawn.connect(self._on_drawn)
        self.pad.strokeEnded.connect(self.strokeDrawn)
        self.wipe.clicked.connect(self.pad.clear)
        self.augmented.toggled.connect(self.strip.setVisible)
        self.augmented.toggled.connect(self._on_augmented_toggled)

    def _arrange(self) -> None:
        title = Label("Your drawing", "caption", muted=True)
        beside = vbox(hbox(title, STRETCH, self.wipe), self.bars, STRETCH, spacing=theme.UNIT)
        foot = hbox((self.pad, Qt.AlignmentFlag.AlignTop), (beside, 1), spacing=theme.PANEL_GAP)
        head = hbox((self.summary, 1), self.augmented, spacing=None)
        vbox(head, (self.grid, 1), self.strip, foot, of=self)
        self.strip.hide()
        self.augmented.hide()

    def take_over(self, other: ImagesView) -> None:
        """Show what another view shows: the image that is chosen, the drawing, what is opened."""
        if not other.pad.is_empty:
            self.pad.take_over(other.pad)
        self.grid.take_over(other.grid)
        self.augmented.setChecked(other.augmented.isChecked())

    @Slot()
    def _on_drawn(self) -> None:
        self.wipe.setVisible(not self.pad.is_empty)

    @Slot(bool)
    def _on_augmented_toggled(self, on: bool) -> None:
        if on and self.strip.isVisible():
            self.augmentationSeen.emit()

    def show_dataset(self, dataset: Dataset, class_names: tuple[str, ...] = ()) -> None:
        """Show the images of a data set; `dataset.image` has to say that they are images."""
        assert dataset.image is not None, "without images there is nothing to show"
        is_new = self._dataset is None or dataset.points is not self._dataset.points
        self._dataset = dataset
        if not is_new:
            return
        points, image = dataset.points, dataset.image
        names = class_names or dataset.class_names
        names = names or tuple(str(i) for i in range(dataset.classes))
        held_out = np.flatnonzero(points.held_out)
        self._rows = held_out if len(held_out) else np.arange(len(points))
        low, high = float(points.x.min()), float(points.x.max())
        labels = points.y[self._rows].astype(np.int64)
        self.grid.show_gallery(Gallery(self._rows, points.x, image, labels, names, low, high))
        self.bars.show_names(names)
        self.pad.show_style(ink.style_of(points.x, image))
        self.show_augmented(None, None)
        self.grid.show_predictions(None)
        self._sum_up()

    def show_predictions(self, predictions: FloatArray | None, epoch: int | None = None) -> None:
        """Probabilities float32 (N, classes) of every row of the data; None where not known.

        epoch  when the network said so, which may be a little before what other parts show
        """
        if predictions is None and not self.grid.has_predictions:
            return
        self._epoch = epoch
        is_fitting = (
            predictions is not None
            and self._dataset is not None
            and predictions.shape == (len(self._dataset.points), self._dataset.classes)
        )
        self.grid.show_predictions(predictions[self._rows] if is_fitting else None)  # type: ignore[index]
        self._sum_up()

    def show_probabilities(self, probabilities: FloatArray | None) -> None:
        """Probabilities (classes,) of what is drawn on the pad; None where nothing is."""
        self.bars.show_values(None if self.pad.is_empty else probabilities)

    def show_augmented(self, before: FloatArray | None, after: FloatArray | None) -> None:
        """Offer images (n, F) as they are, and as training sees them; None where they are alike."""
        dataset = self._dataset
        self.augmented.setVisible(before is not None)
        if before is None:
            self.augmented.setChecked(False)
        if before is None or after is None or dataset is None or dataset.image is None:
            return
        shape = (-1, *dataset.image)
        points = dataset.points
        low, high = float(points.x.min()), float(points.x.max())
        first, second = (each[:MOST_AUGMENTED].reshape(shape) for each in (before, after))
        self.strip.show_images(first, second, low, high)

    def _sum_up(self) -> None:
        """How many images are on show, and how many of them are taken for something else where that
        is known.
        """
        count = len(self._rows)
        is_test = self._dataset is not None and bool(self._dataset.points.held_out.any())
        kind = KINDS["test" if is_test else "training"]
        if not self.grid.has_predictions:
            said = plural("{count:,} {kind} image", "{count:,} {kind} images", count, kind=kind)
            self.summary.setText(said)
            return
        wrong = int(self.grid.wrong.sum())
        template = N_("{wrong:,} of {count:,} {kind} images wrong")
        if wrong:
            template = N_("{wrong:,} of {count:,} {kind} images wrong, shown first")
        text = Message(template, wrong=wrong, count=count, kind=kind)
        if self._epoch is not None:
            text = Message("{line} · epoch {epoch:,}", line=text, epoch=self._epoch)
        self.summary.setText(text)


class AugmentationStrip(QWidget):
    """Some images in two rows: as they are in the data, and as training sees them."""

    SIDE: Final = 36

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, FloatArray], ...] = ()
        self._bounds = (0.0, 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        describe(
            self,
            "Augmentation",
            "Training images before and after augmentation, as the first batch would see them.",
        )

    def show_images(self, before: FloatArray, after: FloatArray, low: float, high: float) -> None:
        """Images (n, channels, height, width) whose values run from `low` to `high`."""
        self._rows, self._bounds = ((N_("before"), before), (N_("after"), after)), (low, high)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(280), 2 * theme.scaled(self.SIDE) + theme.UNIT)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, side = theme.current(), theme.scaled(self.SIDE)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setFont(theme.font("caption"))
            start = theme.scaled(44)
            for row, (name, images) in enumerate(self._rows):
                y = row * (side + theme.UNIT)
                painter.setPen(now.muted)
                painter.drawText(QRectF(0, y, start, side), Qt.AlignmentFlag.AlignVCenter, tr(name))
                for column, image in enumerate(images):
                    x = start + column * (side + theme.UNIT)
                    if x + side <= self.width():
                        picture = pixels.picture(image, *self._bounds)
                        painter.drawImage(QRectF(x, y, side, side), picture)
