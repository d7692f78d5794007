"""Files as a person meets them: open, drop, paste, save, export, recent files, and the question
before work is lost.

The session reads and writes projects; this module asks for names, remembers them, finds out what
something is that was brought in, and says what went wrong. GUI thread; what takes seconds happens
in a Job.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypedDict

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

from playground.core import files, sharing
from playground.core.axis import Axis
from playground.core.dataset import Dataset
from playground.core.errors import FileError, PlaygroundError, printable
from playground.core.experiment import Data, Experiment, PointsData
from playground.core.lessons.files import SUFFIX as LESSON_SUFFIX
from playground.core.lessons.files import is_lesson_file, load_lesson
from playground.core.palette import CLASS_NAMES
from playground.core.points import Points
from playground.core.sampling import is_picture, points_of_image
from playground.core.tables.export import points_csv
from playground.core.tables.numerals import DecimalMark
from playground.core.tables.reading import Progress
from playground.engines.weights_file import SUFFIX as WEIGHTS_SUFFIX
from playground.engines.weights_file import load_weights, save_weights
from playground.ui.importing import ImportDialog, Job
from playground.ui.language import tr
from playground.ui.session import Session, read_file

__all__ = ["Documents"]


class TableForm(TypedDict, total=False):
    """How a table is written, in the words of `points_csv`."""

    delimiter: str
    encoding: str
    decimal: DecimalMark


PROJECTS = f"Projects (*{files.SUFFIX})"
PICTURES = "*.png *.jpg *.jpeg *.gif *.bmp *.webp"
LESSONS = f"Lessons (*{LESSON_SUFFIX})"
IMAGES = "Images with labels (*.npz *ubyte *ubyte.gz)"
NETWORKS = f"Trained networks (*{WEIGHTS_SUFFIX})"
TABLES_TO_READ = "*.csv *.tsv *.txt"
EVERYTHING = (
    f"Everything that opens (*.json {TABLES_TO_READ} {PICTURES} *.npz *ubyte *ubyte.gz"
    f" *{WEIGHTS_SUFFIX});;{PROJECTS};;{LESSONS};;{IMAGES};;All files (*)"
)
TABLES: Mapping[str, TableForm] = {
    "Table, comma, UTF-8 (*.csv)": {},
    "Table, comma, UTF-8 with BOM for Excel (*.csv)": {"encoding": "utf-8-sig"},
    "Table, semicolon, decimal comma, UTF-8 with BOM (*.csv)": {
        "delimiter": ";",
        "encoding": "utf-8-sig",
        "decimal": ",",
    },
    "Table, tab, UTF-16 (*.tsv)": {"delimiter": "\t", "encoding": "utf-16"},
    "Table, comma, Shift-JIS (*.csv)": {"encoding": "cp932"},
}
"""What is offered to export in, and the form of a table that it means."""

RECENT_FILES = 8
MOST_BYTES_AT_ONCE = 1_000_000


class Documents(QObject):
    """Opens and saves the document of a session, for a window that dialogs belong to."""

    opened = Signal()  # another document is shown
    failed = Signal(str)  # one sentence
    told = Signal(str)  # one sentence about what was done
    recentChanged = Signal()
    importRequested = Signal(object)  # ImportDialog that has opened
    networkSaved = Signal()
    networkLoaded = Signal()
    lessonRequested = Signal(object)  # Lesson that a person wants to see

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._settings = QSettings()
        self._jobs: list[Job] = []
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
        path, _ = QFileDialog.getOpenFileName(self._window, "Open", self._folder(), EVERYTHING)
        if path:
            self.bring([Path(path)])

    def bring(self, paths: Sequence[Path]) -> None:
        """Open what a person dropped or chose; a table opens a dialog that makes it data."""
        if len(paths) > 1:
            self.failed.emit(f"{len(paths)} files came at once; drop one at a time.")
        elif paths and paths[0].suffix.lower() in files.CSV_SUFFIXES:
            self._import(paths[0])
        elif paths:
            self.open(paths[0])

    def open(self, path: Path) -> bool:
        """Open a file, whatever it is, unless the person wants to keep what is open; say what is
        wrong with it.

        A table opens with the choice among its columns that is made by itself, a picture becomes
        points in the background. True where another document is shown when this returns.
        """
        if _is_picture(path):
            self._sample(path)
            return False
        try:
            if path.suffix == WEIGHTS_SUFFIX:
                self.read_network(path)
                return False
            if is_lesson_file(path):
                self.lessonRequested.emit(load_lesson(path))
                return True
            if not self.may_leave():
                return False
            if _is_large(path):
                self._begin(lambda progress: (path, read_file(path, progress)), self._on_read)
                self.told.emit(f"{path.name} is being read.")
                return False
            self._session.open(path)
        except PlaygroundError as error:
            self.failed.emit(str(error))
            return False
        self._remember(path)
        self.opened.emit()
        return True

    @Slot(object, object)
    def _on_read(self, job: Job, found: tuple[Path, tuple[Experiment, Dataset | None]]) -> None:
        path, content = found
        self._session.show_file(path, content)
        self._remember(path)
        self.opened.emit()

    @Slot()
    def paste(self) -> None:
        """Open the link or the table that the clipboard holds."""
        text = QApplication.clipboard().text()
        if sharing.is_link(text):
            self._open_link(text)
        elif "\n" in text.strip() or "\t" in text.strip():
            self._import(text)
        else:
            self.failed.emit(
                "The clipboard holds no table and no link; copy cells of a spreadsheet, or a link"
                f" that begins with {sharing.PREFIX}"
            )

    @Slot()
    def copy_link(self) -> None:
        """Put the experiment on the clipboard as a link."""
        try:
            link = sharing.to_link(self._session.experiment)
        except PlaygroundError as error:
            self.failed.emit(str(error))
            return
        QApplication.clipboard().setText(link)
        self.told.emit(f"A link with {len(link):,} characters is on the clipboard; paste it.")

    @Slot()
    def export_points(self) -> None:
        """Ask where to, and write the points as a table."""
        proposal = str(Path(self._folder()) / f"{self._session.name}.csv")
        chosen, form = QFileDialog.getSaveFileName(
            self._window, "Export points", proposal, ";;".join(TABLES)
        )
        if chosen:
            self.write_points(Path(chosen), form)

    def write_points(self, path: Path, form: str) -> None:
        """Write the points as a table in a form of TABLES, in the background."""
        wanted = TABLES.get(form, next(iter(TABLES.values())))
        try:
            points = self._session.points
        except PlaygroundError as error:
            self.failed.emit(str(error))
            return
        names, classes, axes = self._names(points)

        def work(progress: Progress) -> str:
            content = points_csv(points, names, classes, axes, **wanted, progress=progress)
            files.write_atomically(path, content)
            return f"{len(points):,} points are written to {path.name}."

        self._begin(work, self._on_written)

    @Slot()
    def save(self) -> bool:
        """Write the document where it came from, or ask where to; False where it is not written."""
        return self._write(self._session.path) if self._session.path else self.save_as()

    @Slot()
    def save_as(self) -> bool:
        proposal = str(Path(self._folder()) / f"{self._session.name}{files.SUFFIX}")
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save as", proposal, PROJECTS)
        if not chosen:
            return False
        return self._write(Path(chosen if chosen.endswith(".json") else chosen + files.SUFFIX))

    @Slot()
    def save_network(self) -> None:
        """Ask where to, and write the trained numbers of the network."""
        snapshot = self._session.run.snapshot
        if snapshot is None:
            self.failed.emit("There is no network yet; wait until the data are shown.")
            return
        proposal = str(Path(self._folder()) / f"{self._session.name}{WEIGHTS_SUFFIX}")
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, tr("Save the trained network"), proposal, NETWORKS
        )
        if not chosen:
            return
        path = Path(chosen if chosen.endswith(WEIGHTS_SUFFIX) else chosen + WEIGHTS_SUFFIX)
        try:
            save_weights(snapshot.weights, path)
        except PlaygroundError as error:
            self.failed.emit(str(error))
        else:
            self.networkSaved.emit()
            self.told.emit(f"The {snapshot.info.parameters:,} numbers are written to {path.name}.")

    @Slot()
    def load_network(self) -> None:
        """Ask for a file, and go on from the numbers in it."""
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, tr("Load a trained network"), self._folder(), NETWORKS
        )
        if chosen:
            self.read_network(Path(chosen))

    def read_network(self, path: Path) -> None:
        """Put the weights of a file in place of the present ones."""
        snapshot = self._session.run.snapshot
        if snapshot is None:
            self.failed.emit("There is no network yet; open the experiment of these weights first.")
            return
        try:
            self._session.set_weights(load_weights(path, snapshot.weights))
        except PlaygroundError as error:
            self.failed.emit(str(error))
        else:
            self.networkLoaded.emit()
            self.told.emit(f"The network goes on from {path.name}.")

    def may_leave(self) -> bool:
        """True where nothing would be lost, or the person does not mind."""
        if not self._session.is_modified:
            return True
        box = QMessageBox(self._window)
        box.setWindowTitle("Unsaved changes")
        box.setText(f"“{self._session.name}” has changes that are not saved.")
        save = box.addButton("&Save", QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton("&Discard", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("&Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.exec()
        if box.clickedButton() is save:
            return self.save()
        return box.clickedButton() is discard

    def recent(self) -> list[Path]:
        """Files that were opened or saved, the latest first."""
        value = self._settings.value("recent", [])
        names = [value] if isinstance(value, str) else value
        return [Path(str(name)) for name in names] if isinstance(names, list) else []

    @Slot()
    def stop(self) -> None:
        """End what goes on in the background, imports among it."""
        for dialog in self._window.findChildren(ImportDialog):
            dialog.reject()
        jobs, self._jobs = self._jobs, []
        for job in jobs:
            job.stop()

    # What was brought in.

    def _open_link(self, text: str) -> None:
        try:
            experiment = sharing.from_link(text)
        except PlaygroundError as error:
            self.failed.emit(str(error))
            return
        if self.may_leave():
            self._session.replace(experiment)
            self.opened.emit()

    def _import(self, source: Path | str) -> None:
        """Ask what to make of a table, in place of one that is being asked about."""
        for other in self._window.findChildren(ImportDialog):
            other.reject()
        dialog = ImportDialog(source, self._window)
        dialog.imported.connect(partial(self._on_imported, source))
        dialog.open()
        self.importRequested.emit(dialog)

    def _on_imported(self, source: Path | str, data: Data, title: str) -> None:
        """What was imported takes the place of the data, as a step that can be undone."""
        self._session.use_data(data, title)
        if isinstance(source, Path):
            self._remember(source)
        self.opened.emit()

    def _sample(self, path: Path) -> None:
        """Make points of a picture, which takes a second or two."""
        self._begin(partial(_sampled, path), self._on_sampled)
        self.told.emit(f"Points are taken from the colors of {path.name}.")

    @Slot(object, object)
    def _on_sampled(self, job: Job, sample: tuple[Data, str]) -> None:
        self._session.use_data(*sample)
        self.opened.emit()

    @Slot(object, object)
    def _on_written(self, job: Job, sentence: str) -> None:
        self.told.emit(sentence)

    def _begin(self, work: Callable[[Progress], object], done: Callable[..., None]) -> None:
        """Do `work` in the background; `done` gets its job and what it returned."""
        job = Job(work, self)
        job.succeeded.connect(done)
        job.failed.connect(self._on_job_failed)
        job.finished.connect(self._on_job_finished)
        self._jobs.append(job)
        job.start()

    @Slot(object, str)
    def _on_job_failed(self, job: Job, sentence: str) -> None:
        self.failed.emit(sentence)

    @Slot()
    def _on_job_finished(self) -> None:
        for job in [job for job in self._jobs if job.isFinished()]:
            self._jobs.remove(job)
            job.deleteLater()

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
        return names, classes or CLASS_NAMES, axes

    def _write(self, path: Path) -> bool:
        try:
            self._session.save(path)
        except PlaygroundError as error:
            self.failed.emit(str(error))
            return False
        self._remember(path)
        return True

    def _remember(self, path: Path) -> None:
        names = [str(place) for place in (path.resolve(), *self.recent())]
        self._settings.setValue("recent", list(dict.fromkeys(names))[:RECENT_FILES])
        self.recentChanged.emit()

    def _folder(self) -> str:
        return str(self._session.path.parent if self._session.path else Path.home())


def _is_large(path: Path) -> bool:
    """True for a file that takes longer to read than the window may wait."""
    with suppress(OSError):  # what is not there is said by whoever opens it
        return path.stat().st_size > MOST_BYTES_AT_ONCE
    return False


def _is_picture(path: Path) -> bool:
    with suppress(FileError):  # what cannot be read is said by whoever opens it
        return is_picture(path)
    return False


def _sampled(path: Path, progress: Progress) -> tuple[Data, str]:
    """The points of a picture, not divided yet, and their title; in the background."""
    data = PointsData.of(points_of_image(path, progress=progress))
    return data.model_copy(update={"test": None}), printable(path.stem)
