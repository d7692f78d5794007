"""The dialog for a file of arrays: which of them are the images, and which are their labels.

Reading goes on in the background; what has been read is shown as the network will see it. GUI
thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from playground.core.data.data import ImagesData
from playground.core.data.images.image_files import read_images
from playground.core.data.images.loading import white_of
from playground.core.data.images.offered_arrays import Offered, offered_in
from playground.core.data.tables.table import Table
from playground.core.errors import FileError, listed, short
from playground.core.messages import N_, Message, plural
from playground.engines.contract.control import Control, Post
from playground.ui.data.importing.foot import Foot
from playground.ui.data.importing.samples import MOST, Samples
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.output.images import pixels
from playground.ui.session.worker import Worker
from playground.ui.widgets import Card, Choice, Item, Label, allow
from playground.ui.widgets.layouts import STRETCH, fill, hbox, vbox

_SIZE: Final = (880, 600)
_SIDE: Final = 264
_TEST_SHARE: Final = 0.3
_LONGEST_LIST: Final = 120
_ALL: Final = ""
"""The key of the divisions of a file, which are taken together."""
_HELP: Final = N_("Make these images the data of the network.")
_IMAGES: Final = N_("The array with the images, one after the other.")
_LABELS: Final = N_("The array with the class of each image.")
_OWN_LABELS: Final = N_("Every division has labels of its own; choose one array of images first.")


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What may be chosen in a file, the pair that was to be read, as in "X, y", and what has been
    read, or why nothing could be. No pair stands for the divisions of the file.
    """

    offered: Offered
    arrays: str | None
    table: Table | None
    refusal: Message | None = None


class ArraysDialog(QDialog):
    """Asks which arrays of a file are images with their labels."""

    imported = Signal(object, str)  # ImagesData, title

    def __init__(
        self, path: Path, parent: QWidget | None = None, *, begun: ImagesData | None = None
    ) -> None:
        """begun  what to begin with; None for what is found out"""
        super().__init__(parent)
        self._path = path
        self._data = begun or ImagesData(path=str(path.absolute()), test_ratio=_TEST_SHARE)
        self._offered: Offered | None = None
        self.setWindowTitle(tr("Import: {name}", name=path.name))
        self.images = Choice("Images", help_text=_IMAGES)
        self.labels = Choice("Labels", help_text=_LABELS)
        self.samples = Samples("Some of the images, as the network will see them.")
        self.foot = Foot(_HELP)
        self.message = self.foot.message
        self.import_button, self.cancel_button = self.foot.import_button, self.foot.cancel_button
        self._arrange()
        self._reader = Worker(self, "reading")
        self._wire()
        self._read()

    def _arrange(self) -> None:
        choices, examples = Card("Arrays"), Card("Examples")
        choices.setFixedWidth(theme.scaled(_SIDE))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.GAP)
        grid.setVerticalSpacing(theme.UNIT)
        for row, field in enumerate((self.images, self.labels)):
            grid.addWidget(Label(field.accessibleName(), muted=True), row, 0)
            grid.addWidget(field, row, 1)
        grid.setColumnStretch(1, 1)
        fill(choices.content, grid, STRETCH)
        fill(examples.content, (self.samples, 1))
        body = hbox(choices, (examples, 1), spacing=theme.PANEL_GAP)
        gap = theme.PANEL_GAP
        vbox((body, 1), self.foot, of=self, spacing=gap, margins=gap)
        self.resize(*(theme.scaled(side) for side in _SIZE))

    def _wire(self) -> None:
        self.images.chosen.connect(self._on_images_chosen)
        self.labels.chosen.connect(self._on_labels_chosen)
        self.import_button.clicked.connect(self._import)
        self.cancel_button.clicked.connect(self.reject)
        self._reader.finished.connect(self._on_read)
        self._reader.failed.connect(self._on_refused)

    # Reading.

    def _read(self) -> None:
        """Read what is chosen, in place of what was chosen before."""
        self.foot.say(N_("Reading…"), can_import=False, warns=False)
        self._reader.start(partial(_read, self._path, self._data.arrays), Control())

    @Slot(object)
    def _on_read(self, found: Found) -> None:
        self._data = self._data.model_copy(update={"arrays": found.arrays})
        if self._offered is None:
            self._offered = found.offered
            self._list_images(found.offered)
        if found.table is None:
            self.samples.show_pictures(())
            self.foot.say(found.refusal or Message(), can_import=False)
            return
        self.samples.show_pictures(_pictures(found.table))
        said = Message(_promise(found.table), *found.table.notes)
        self.foot.say(said, can_import=True, warns=False)

    @Slot(object)
    def _on_refused(self, sentence: Message) -> None:
        self.foot.say(sentence, can_import=False)

    # Choosing.

    def _list_images(self, offered: Offered) -> None:
        chosen = self._pair(offered)
        items = [Item(name, _shown(name, offered), "") for name in offered.possible]
        if offered.divisions:
            parts = ", ".join(offered.divisions)
            items.insert(0, Item(_ALL, Message("All divisions: {parts}", parts=parts), ""))
        is_divided = bool(offered.divisions) and self._data.arrays is None
        self.images.set_items(items, _ALL if is_divided else chosen[0])
        self._list_labels(offered, chosen[1])

    def _list_labels(self, offered: Offered, answers: str) -> None:
        """Those that fit the images; where the divisions are taken, each has its own."""
        names = offered.possible.get(self.images.key(), ())
        items = [Item(name, _shown(name, offered), "") for name in names]
        if not items and offered.divisions:
            items = [Item("", "Those of each division", "")]
        self.labels.set_items(items, answers if names else "")
        allow(self.labels, _LABELS, "" if names else _OWN_LABELS)

    def _pair(self, offered: Offered) -> tuple[str, str]:
        """The pair that is chosen, or else taken."""
        name = self._data.arrays or offered.likeliest or ""
        return offered.pairs.get(name, ("", ""))

    @Slot(str)
    def _on_images_chosen(self, name: str) -> None:
        assert self._offered is not None, "nothing could be chosen"
        self._list_labels(self._offered, next(iter(self._offered.possible.get(name, ())), ""))
        self._choose()

    @Slot()
    def _on_labels_chosen(self) -> None:
        self._choose()

    def _choose(self) -> None:
        """Take what is chosen."""
        assert self._offered is not None, "nothing could be chosen"
        chosen = self.images.key(), self.labels.key()
        names = (name for name, pair in self._offered.pairs.items() if pair == chosen)
        arrays = next(names, None)  # the divisions have none
        self._data = self._data.model_copy(update={"arrays": arrays})
        self._read()

    # Importing.

    @Slot()
    def _import(self) -> None:
        self.imported.emit(self._data, self._path.stem)
        self.accept()

    def done(self, result: int) -> None:
        """Close, and end what is under way."""
        self._reader.stop()
        super().done(result)


def _read(path: Path, arrays: str | None, control: Control, post: Post) -> Found:
    """The work of a worker: what may be chosen, and the images that are chosen now."""
    offered = offered_in(path)
    if arrays is None and not offered.divisions:
        arrays = offered.likeliest
    try:
        return Found(offered, arrays, read_images(path, arrays))
    except FileError as error:
        return Found(offered, arrays, None, error.message)


def _pictures(table: Table) -> list[tuple[str, QImage]]:
    """The first images of every class, as many as there is room for."""
    labels = np.asarray(table.points.y)
    order = np.argsort(labels, kind="stable")
    first = np.searchsorted(labels[order], labels[order])
    turns = np.arange(len(labels)) - first  # how many of its class come before each
    rows = np.sort(order[np.argsort(turns, kind="stable")[:MOST]])
    rows = rows[np.argsort(labels[rows], kind="stable")]
    white, image = white_of(table.points.x), table.image
    assert image is not None, "they are images"
    values = table.points.x[rows].reshape(-1, *image)
    names = [table.class_names[label] for label in labels[rows]]
    return [
        (name, pixels.picture(each, 0.0, white)) for name, each in zip(names, values, strict=True)
    ]


def _shown(name: str, offered: Offered) -> str:
    """An array with its shape: `x_train · 60,000 × 28 × 28`."""
    shape = " × ".join(f"{size:,}" for size in offered.shapes.get(name, ()))
    return f"{short(name, 24)} · {shape}" if shape else short(name, 24)


def _promise(table: Table) -> Message:
    """What an import would bring."""
    count, (_, height, width) = len(table.points), table.image or (0, 0, 0)
    images = plural("{count:,} image", "{count:,} images", count)
    names = listed(table.class_names, _LONGEST_LIST)
    classes = plural(
        "{count} class ({names})", "{count} classes ({names})", len(table.class_names), names=names
    )
    return Message(
        "{images} of {width} × {height}, {classes}.",
        images=images,
        width=width,
        height=height,
        classes=classes,
    )
