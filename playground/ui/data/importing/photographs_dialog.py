"""The dialog for a folder of photographs: some of them as a network will see them, and how large
they become.

Looking and reading go on in the background: the first pictures are there at once, however many
there are. GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QWidget

from playground.core import numbers
from playground.core.data.data import PhotographsData
from playground.core.data.images.photographs import (
    Folder,
    list_photographs,
    read_one,
    read_photographs,
    said_of_broken,
    some_to_look_at,
)
from playground.core.data.images.pictures import check_picture
from playground.core.data.tables.reading import Progress
from playground.core.errors import FileError
from playground.core.messages import N_, Message, plural
from playground.engines.contract.control import Control, Post
from playground.ui.data.data_hints import DATA_HINTS
from playground.ui.data.importing.foot import PROGRESS_STEPS, Foot, progress_bar
from playground.ui.data.importing.samples import MOST, Samples
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.output.images import pixels
from playground.ui.session.worker import Worker, with_progress
from playground.ui.training.settings_form import SettingsForm
from playground.ui.widgets import Card
from playground.ui.widgets.layouts import STRETCH, fill, hbox, vbox

_SIZE: Final = (880, 600)
_SIDE: Final = 264
_TEST_SHARE: Final = 0.3
_HELP: Final = N_("Make these photographs the data of the network.")


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """A folder, the class and the pixels (3 * size * size,) of those that have been read, and the
    files that turned out to be no pictures.
    """

    folder: Folder
    seen: tuple[tuple[int, npt.NDArray[np.uint8]], ...] = ()
    broken: tuple[Path, ...] = ()


class PhotographsDialog(QDialog):
    """Asks how the photographs of a folder become images of one size."""

    imported = Signal(object, str)  # PhotographsData, title

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = PhotographsData(path=str(path), test_ratio=_TEST_SHARE)
        self._looks: Looks | None = None
        self.setWindowTitle(tr("Import: {name}", name=path.name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.form = SettingsForm("data", only=("size", "fit"), columns=1, hints=DATA_HINTS)
        self.samples = Samples("Some of the photographs, as the network will see them.")
        self.progress = progress_bar(N_("How many of the photographs have been read."))
        self.foot = Foot(_HELP)
        self.message = self.foot.message
        self.import_button, self.cancel_button = self.foot.import_button, self.foot.cancel_button
        self._arrange()
        self._wire()
        self.form.show_settings(self._data)
        self._look()

    def _arrange(self) -> None:
        choices, examples = Card("As images"), Card("Examples")
        choices.setFixedWidth(theme.scaled(_SIDE))
        fill(choices.content, self.form, STRETCH)
        fill(examples.content, (self.samples, 1))
        body = hbox(choices, (examples, 1), spacing=theme.PANEL_GAP)
        gap = theme.PANEL_GAP
        vbox((body, 1), self.progress, self.foot, of=self, spacing=gap, margins=gap)
        self.resize(*(theme.scaled(side) for side in _SIZE))

    def _wire(self) -> None:
        self.form.committed.connect(self._on_committed)
        self.form.refused.connect(self._on_setting_refused)
        self.import_button.clicked.connect(self._import)
        self.cancel_button.clicked.connect(self.reject)
        self._looker, self._reader = Worker(self, "looking"), Worker(self, "reading")
        self._looker.posted.connect(self._on_looked)
        self._looker.finished.connect(self._on_looked)
        self._looker.failed.connect(self._on_refused)
        self._reader.posted.connect(self._on_progress)
        self._reader.finished.connect(self._on_read)
        self._reader.failed.connect(self._on_refused)

    # Looking.

    def _look(self) -> None:
        """Show some of the photographs as they become with these settings."""
        self._looker.start(partial(_look, self._data), Control())
        self.progress.hide()
        self.import_button.setEnabled(self._looks is not None)

    @Slot(str, object)
    def _on_committed(self, path: str, value: object) -> None:
        name = path.rpartition(".")[2]
        self._data = self._data.model_copy(update={name: value})
        self.form.show_settings(self._data)
        if not self._reader.is_busy:
            self._look()

    @Slot(object)
    def _on_looked(self, looks: Looks) -> None:
        """Some more are read; of those posted at once only the last are heard of."""
        before, self._looks = self._looks, looks
        if before is None or (before.folder, before.broken) != (looks.folder, looks.broken):
            self._promise(looks)
        shown = self.samples.pictures if before and before.folder is looks.folder else []
        self.samples.show_pictures([*shown, *_pictures(looks, len(shown))])

    def _promise(self, looks: Looks) -> None:
        """Say what an import would bring, with a sign where that is hardly what was meant."""
        folder, broken = looks.folder, looks.broken
        has_few = len(folder.names) < 2
        few = N_("With a single class there is nothing to tell apart; add a subfolder.")
        said = Message(
            _in_short(folder, len(folder.files) - len(broken)),
            Message(few) if has_few else "",
            said_of_broken(Path(self._data.path), broken) if broken else "",
        )
        self.foot.say(said, can_import=True, warns=has_few or bool(broken))

    @Slot(object)
    def _on_refused(self, sentence: Message) -> None:
        self.progress.hide()
        self.form.setEnabled(True)
        self.foot.say(sentence, can_import=False)

    @Slot(object)
    def _on_setting_refused(self, sentence: Message) -> None:
        self.foot.say(sentence, can_import=self.import_button.isEnabled())

    # Importing.

    @Slot()
    def _import(self) -> None:
        """Read all of them, which may take a while, and hand them over."""
        if self._reader.is_busy:
            return
        self._looker.stop()
        self.form.setEnabled(False)
        self.progress.setValue(0)
        self.progress.show()
        self.foot.say(N_("Reading…"), can_import=False, warns=False)
        self._reader.start(with_progress(partial(_read, self._data)), Control())

    @Slot(object)
    def _on_progress(self, done: float) -> None:
        self.progress.setValue(round(done * PROGRESS_STEPS))
        self.message.setText(Message("Reading… {share}", share=numbers.percent(done, 0)))

    @Slot(object)
    def _on_read(self, data: PhotographsData) -> None:
        if self.isVisible():
            self.imported.emit(data, Path(data.path).name)
            self.accept()

    def done(self, result: int) -> None:
        """Close, and end what is under way."""
        self._looker.stop()
        self._reader.stop()
        super().done(result)


def _pictures(looks: Looks, first: int) -> Iterator[tuple[str, QImage]]:
    """(class, picture) of those that have been read, from one on."""
    for label, values in looks.seen[first:]:
        side = round((len(values) / 3) ** 0.5)
        picture = pixels.picture(values.reshape(3, side, side), 0.0, 255.0)
        yield looks.folder.names[label], picture


def _look(data: PhotographsData, control: Control, post: Post) -> Looks:
    """The work of a worker: posts what is in the folder, ever more of it, and what is no picture,
    as far as the beginnings of the files tell.
    """
    looks = Looks(list_photographs(Path(data.path)))
    post(looks)
    folder = looks.folder
    some = some_to_look_at(folder, MOST)
    for row in some:
        control.check()
        try:
            values = read_one(folder.files[row], data.size, data.fit)
            looks = replace(looks, seen=(*looks.seen, (int(folder.labels[row]), values)))
        except FileError:
            looks = replace(looks, broken=(*looks.broken, folder.files[row]))
        post(looks)
    for row in sorted({*range(len(folder.files))} - {*some}):
        control.check()
        try:
            check_picture(folder.files[row])
        except FileError:
            looks = replace(looks, broken=(*looks.broken, folder.files[row]))
            post(looks)
    return looks


def _read(data: PhotographsData, progress: Progress) -> PhotographsData:
    data.hold(read_photographs(Path(data.path), data.size, data.fit, progress))
    return data


def _in_short(folder: Folder, count: int) -> Message:
    """What an import would bring, where that many of the files can be read."""
    pictures = plural("{count:,} photograph", "{count:,} photographs", count)
    names = ", ".join(folder.names)
    classes = plural(
        "{count} class ({names})", "{count} classes ({names})", len(folder.names), names=names
    )
    return Message("{pictures}, {classes}.", pictures=pictures, classes=classes)
