"""Files as a person meets them: open, drop, paste, save, export, recent files, and the question
before work is lost.

The session reads and writes projects; this module asks for names, remembers them, finds out what
something is that was brought in, and says what went wrong. GUI thread; what takes seconds happens
in a worker.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget

from playground.core.class_looks import ClassLooks
from playground.core.data.axis import Axis
from playground.core.data.data import Data, ImagesData
from playground.core.data.dataset import Dataset
from playground.core.data.images.sampling import data_of_image
from playground.core.data.points import Points
from playground.core.data.tables.export import points_csv
from playground.core.data.tables.reading import Progress
from playground.core.errors import printable
from playground.core.experiment import files, sharing
from playground.core.experiment.clipboard import fit, is_table, points_in
from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson_files import is_lesson_file, load_lesson
from playground.core.messages import N_, Message
from playground.engines.contract.control import Control
from playground.engines.weights_file import SUFFIX as WEIGHTS_SUFFIX
from playground.ui.data.importing import ArraysDialog, Asking, ImportDialog, dialog_for
from playground.ui.data.importing.remembered import Remembered
from playground.ui.language import tr
from playground.ui.session.document import read_file
from playground.ui.session.file_kinds import (
    PROJECT_ENDINGS,
    TABLES,
    everything,
    holds_picture,
    is_large,
    projects,
)
from playground.ui.session.leaving import Leaving
from playground.ui.session.networks import Networks
from playground.ui.session.saving import (
    ask_where,
    ask_where_to_export,
    done_while_waiting,
    may_replace,
    remember_folder,
    says_why_not,
    usual_folder,
)
from playground.ui.session.session import Session
from playground.ui.session.worker import Worker, with_progress

RECENT_FILES = 8
MOST_POINTS_AT_ONCE = 20_000
"""More take longer to write than the window may wait."""
_SHORTLY_MILLISECONDS = 50

NOTHING_TO_PASTE = N_(
    "The clipboard holds no table and no link; copy cells of a spreadsheet, a link of TensorFlow"
    " Playground, or one that begins with {prefix}"
)


class Documents(QObject):
    """Opens and saves the document of a session, for a window that dialogs belong to."""

    opened = Signal()  # another document is shown
    failed = Signal(object)  # one sentence
    told = Signal(object)  # one sentence about what was done
    noted = Signal(object)  # sentences on what was opened, to be read in peace
    recentChanged = Signal()
    importRequested = Signal(object)  # ImportDialog that has opened
    pointsPasted = Signal(object)  # PointsData that were copied in a window, to stand among others
    lessonRequested = Signal(object)  # Lesson that a person wants to see

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._settings = QSettings()
        self._reader, self._writer = Worker(self, "opening"), Worker(self, "writing", writes=True)
        self._reader.finished.connect(self._on_read)
        self._reader.failed.connect(self.failed)
        self._writer.finished.connect(self._on_written)
        self._writer.failed.connect(self.failed)
        self._show_found: Callable[..., None]
        self._wish: Callable[[], None] | None = None
        """Shows what was read in the background; only the newest wish counts."""
        self._left: tuple[Experiment, bool] | None = None
        """What the person was willing to leave for it: the document, and whether training too."""
        self._doubtful: Path | None = None
        self.leaving = Leaving(session, window, self._save_all)
        self.networks = Networks(session, window, self.leaving)
        self.networks.failed.connect(self.failed)
        self.networks.told.connect(self.told)
        session.replaced.connect(self._on_replaced)
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)

    @Slot()
    def new(self) -> None:
        if self.may_leave():
            self._session.replace(Experiment())
            self.opened.emit()

    @Slot()
    def ask_and_open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._window, tr("Open"), str(usual_folder()), everything()
        )
        if path:
            remember_folder(Path(path))
            self.bring([Path(path)])

    @Slot()
    def ask_for_photographs(self) -> None:
        """Ask for a folder of photographs."""
        path = QFileDialog.getExistingDirectory(
            self._window, tr("Open photographs"), str(usual_folder())
        )
        if path:
            remember_folder(Path(path))
            self.bring([Path(path)])

    def bring(self, paths: Sequence[Path]) -> None:
        """Open what a person dropped or chose; a table opens a dialog that makes it data."""
        if len(paths) > 1:
            sentence = Message("{count} files came at once; drop one at a time.", count=len(paths))
            self.failed.emit(sentence)
        elif paths and (dialog := dialog_for(paths[0])) is not None:
            self._import(paths[0], dialog)
        elif paths:
            self.open(paths[0])

    @Slot(object, object)
    def change(self, source: Path | str, chosen: Remembered | ImagesData) -> None:
        """Ask anew what to make of a file, beginning with what was chosen of it."""
        dialog: Callable[..., Asking] = ImportDialog
        if isinstance(chosen, ImagesData):
            dialog = ArraysDialog
        self._import(source, partial(dialog, begun=chosen))

    @says_why_not
    def open(self, path: Path) -> bool:
        """Open a file, whatever it is, unless the person wants to keep what is open; say what is
        wrong with it.

        A table opens with the choice among its columns that is made by itself, a picture becomes
        points in the background. True where another document is shown when this returns.
        """
        self._drop_older_wish()
        if holds_picture(path):
            self._sample(path)
            return False
        if path.suffix == WEIGHTS_SUFFIX:
            self.networks.read(path)
            return False
        if is_lesson_file(path):
            self.lessonRequested.emit(load_lesson(path))
            return True
        if not self.may_leave():
            return False
        if is_large(path):
            self._read(partial(read_file, path), partial(self._show_file, path))
            self._left = self._session.experiment, bool(self.leaving.lost_training())
            self.told.emit(Message("{name} is being read.", name=path.name))
            return False
        self._session.open(path)
        self._remember(path)
        self.opened.emit()
        return True

    def _show_file(self, path: Path, content: tuple[Experiment, Dataset | None]) -> None:
        wish = self._wish
        if self._has_changed_since_wish() and not self.may_leave():
            self._wish = None
            self.told.emit(Message("{name} was read, but what is open stays.", name=path.name))
        elif wish is self._wish:
            self._session.show_file(path, content)
            self._remember(path)
            self.opened.emit()

    @Slot()
    def paste(self) -> None:
        """Open the link, project or table of the clipboard, or put its points on the canvas."""
        text = QApplication.clipboard().text()
        if sharing.is_link(text) or sharing.is_object(text):
            self.open_link(text)
        elif (copied := points_in(text)) is not None and fit(self._session.experiment, copied):
            self.pointsPasted.emit(copied)
        elif is_table(text):
            self._import(text)
        else:
            self.failed.emit(Message(NOTHING_TO_PASTE, prefix=sharing.PREFIX))

    @Slot()
    @says_why_not
    def copy_link(self) -> None:
        """Put the experiment on the clipboard as a link."""
        link = sharing.to_link(self._session.experiment)
        QApplication.clipboard().setText(link)
        text = N_("A link with {count:,} characters is on the clipboard; paste it.")
        self.told.emit(Message(text, count=len(link)))

    @Slot()
    def export_points(self) -> None:
        """Ask where to, and write the points as a table."""
        session = self._session
        if chosen := ask_where_to_export(self._window, session.name, session.experiment.data):
            self.write_points(*chosen)

    @says_why_not
    def write_points(self, path: Path, form: str) -> None:
        """Write the points as a table in a form of TABLES, in the background."""
        wanted = TABLES.get(form, next(iter(TABLES.values())))
        points = self._session.points
        names, classes, axes = self._names(points)
        data = self._session.experiment.data

        def work(progress: Progress) -> Message:
            content = points_csv(
                points, names, classes, axes, settings=data, **wanted, progress=progress
            )
            files.write_atomically(path, content)
            text = N_("{count:,} points are written to {name}.")
            return Message(text, count=len(points), name=path.name)

        self._writer.start(with_progress(work), Control())

    @Slot()
    def save(self) -> bool:
        """Write the document where it came from, or ask where to; False where it is not written."""
        path = self._session.path
        if path is None or (path == self._doubtful and not may_replace(self._window, path)):
            return self.save_as()
        return self._write(path)

    @Slot()
    def save_as(self) -> bool:
        proposal = self._session.path or f"{self._session.name}{files.SUFFIX}"
        path = ask_where(self._window, "Save as", proposal, projects(), PROJECT_ENDINGS)
        return path is not None and self._write(path)

    def may_leave(self) -> bool:
        """True where nothing would be lost, or the person does not mind."""
        return self.leaving.may_lose(is_changed=self._session.is_modified)

    def _save_all(self, is_changed: bool, is_trained: bool) -> bool:
        """Write the document, and the network beside it; False where something is not written."""
        if (is_changed or self._session.path is None) and not self.save():
            return False
        project = self._session.path
        return not is_trained or (project is not None and self.networks.write_beside(project))

    def doubt(self, path: Path) -> None:
        """Ask before the next save replaces `path`, which somebody else may have written."""
        self._doubtful = path

    def recent(self) -> list[Path]:
        """Files that were opened or saved, the latest first."""
        value = self._settings.value("recent", [])
        names = [value] if isinstance(value, str) else value
        return [Path(str(name)) for name in names] if isinstance(names, list) else []

    @Slot()
    def stop(self) -> None:
        """End what goes on in the background, imports among it."""
        self._drop_older_wish()

    # What was brought in.

    def _drop_older_wish(self) -> None:
        """What is on its way is not wanted any more."""
        for dialog in self._window.findChildren(QDialog):
            if isinstance(dialog, Asking):
                dialog.reject()
        self._wish = None
        self._reader.stop()

    @Slot()
    def _on_replaced(self) -> None:
        """Another document is shown, by whatever hand."""
        self._drop_older_wish()
        self._doubtful = None

    def _has_changed_since_wish(self) -> bool:
        """True where there is something to lose that nobody has been asked about."""
        experiment, is_trained = self._left or (None, False)
        is_same = experiment is self._session.experiment
        return not is_same or (not is_trained and bool(self.leaving.lost_training()))

    def _read(self, work: Callable[[Progress], object], show: Callable[..., None]) -> None:
        """Do `work` in the background, and `show` what it returns."""
        self._show_found = show
        self._reader.start(with_progress(work), Control())

    @Slot(object)
    def _on_read(self, found: object) -> None:
        self._wish = partial(self._show_found, found)
        self._show_wish()

    @Slot()
    def _show_wish(self) -> None:
        """Not while a question is open, about what must not change meanwhile."""
        if self._wish is not None and self.leaving.is_asking:
            QTimer.singleShot(_SHORTLY_MILLISECONDS, self._show_wish)
        elif self._wish is not None:
            self._wish()

    @says_why_not
    def open_link(self, text: str) -> bool:
        """Open a link as `open` opens a file, and say what could not be kept of it."""
        self._drop_older_wish()
        experiment, notes = sharing.opened(text)
        if is_left := self.may_leave():
            self._session.replace(experiment)
            self.opened.emit()
        if is_left and notes:
            self.noted.emit(Message(*notes))
        return is_left

    def _import(self, source: Path | str, dialog: Callable[..., Asking] = ImportDialog) -> None:
        """Ask what to make of a file or folder, in place of what is being asked about."""
        self._drop_older_wish()
        asking = dialog(source, self._window)
        asking.imported.connect(partial(self._on_imported, source))
        asking.open()
        self.importRequested.emit(asking)

    def _on_imported(self, source: Path | str, data: Data, title: str) -> None:
        """What was imported takes the place of the data, as a step that can be undone."""
        self._session.use_data(data, title)
        if isinstance(source, Path):
            self._remember(source)
        self.opened.emit()

    def _sample(self, path: Path) -> None:
        """Make points of a picture, which takes a second or two."""
        title = printable(path.stem)
        self._read(partial(data_of_image, path), partial(self._show_sample, title))
        self.told.emit(Message("Points are taken from the colours of {name}.", name=path.name))

    def _show_sample(self, title: str, data: Data) -> None:
        self._wish = None
        self._session.use_data(data, title)
        self.opened.emit()

    @Slot(object)
    def _on_written(self, sentence: Message) -> None:
        self.told.emit(sentence)

    def _names(self, points: Points) -> tuple[list[str], tuple[str, ...], tuple[Axis, ...] | None]:
        """What inputs and classes are called, and the units of the inputs where they are stored in
        others.
        """
        data, dataset = self._session.experiment.data, self._session.dataset
        known = dataset if dataset is not None and dataset.data == data else None
        axes = getattr(data, "axes", None)
        width = points.x.shape[1]
        if axes:
            names = [axis.name for axis in axes]
        elif known is not None and len(known.input_names) == width:
            names = list(known.input_names)
        else:
            names = [f"x{i + 1}" for i in range(width)]
        classes = getattr(data, "class_names", ()) or (known.class_names if known else ())
        count = getattr(data, "class_count", len(classes) or 2)
        return names, ClassLooks.of(data).called(classes, count), axes

    @says_why_not
    def _write(self, path: Path) -> bool:
        experiment = self._session.experiment
        if len(getattr(experiment.data, "x", ())) > MOST_POINTS_AT_ONCE:
            done_while_waiting(self._window, "Saving…", partial(files.save, experiment, path))
        else:
            files.save(experiment, path)
        self._session.note_saved(path)
        self._doubtful = None
        self._remember(path)
        return True

    def _remember(self, path: Path) -> None:
        remember_folder(path)
        names = [str(place) for place in (path.resolve(), *self.recent())]
        self._settings.setValue("recent", list(dict.fromkeys(names))[:RECENT_FILES])
        self.recentChanged.emit()
