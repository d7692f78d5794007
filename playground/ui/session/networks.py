"""The trained numbers of the network as files: saved, loaded, put beside a project.

GUI thread.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from playground.core.messages import N_, Message
from playground.engines.loop.predictor import metadata_of
from playground.engines.weights_file import SUFFIX, load_weights, save_weights
from playground.ui.language import tr
from playground.ui.session.file_kinds import NETWORK_ENDINGS, networks
from playground.ui.session.leaving import Leaving
from playground.ui.session.saving import (
    ask_where,
    may_replace,
    remember_folder,
    says_why_not,
    usual_folder,
)
from playground.ui.session.session import Session


class Networks(QObject):
    """Saves and loads the network of a session, for a window that dialogs belong to."""

    saved = Signal()
    loaded = Signal()
    failed = Signal(object)  # one sentence
    told = Signal(object)  # one sentence about what was done

    def __init__(self, session: Session, window: QWidget, leaving: Leaving) -> None:
        super().__init__(window)
        self._session, self._window, self._leaving = session, window, leaving
        self._path: Path | None = None
        """Where the network of this document was saved to, or came from."""
        session.replaced.connect(self._on_replaced)

    @Slot()
    def ask_and_save(self) -> bool:
        """Ask where to, and write the trained numbers; False where they are not written."""
        if self._session.run.snapshot is None:
            self.failed.emit(Message("There is no network yet; wait until the data are shown."))
            return False
        proposal = f"{self._session.name}{SUFFIX}"
        path = ask_where(
            self._window, "Save the trained network", proposal, networks(), NETWORK_ENDINGS
        )
        return path is not None and self.write(path)

    def write_beside(self, project: Path) -> bool:
        """Write the network under the name of its project; a file of that name that is not known
        to be this network's is asked about.
        """
        name = project.name.removesuffix(".json").removesuffix(".playground")
        path = project.with_name(name + SUFFIX)
        if path != self._path and not may_replace(self._window, path):
            return self.ask_and_save()
        return self.write(path)

    @says_why_not
    def write(self, path: Path) -> bool:
        """Write the numbers of now, or say why that is not possible."""
        snapshot = self._session.run.snapshot
        assert snapshot is not None, "whoever asks has a network"
        dataset = self._session.dataset
        known = {} if dataset is None else metadata_of(self._session.experiment, dataset)
        save_weights(snapshot.weights, path, known)
        self._path = path
        self._session.unsaved.note_saved()
        self.saved.emit()
        text = N_("The {count:,} numbers are written to {name}.")
        self.told.emit(Message(text, count=snapshot.info.parameters, name=path.name))
        return True

    @Slot()
    def ask_and_load(self) -> None:
        """Ask for a file, and go on from the numbers in it."""
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, tr("Load a trained network"), str(usual_folder()), networks()
        )
        if chosen:
            remember_folder(Path(chosen))
            self.read(Path(chosen))

    @says_why_not
    def read(self, path: Path) -> None:
        """Put the weights of a file in place of the present ones."""
        snapshot = self._session.run.snapshot
        if snapshot is None:
            text = N_("There is no network yet; open the experiment of these weights first.")
            self.failed.emit(Message(text))
            return
        weights = load_weights(path, snapshot.weights)
        if self._leaving.may_lose(is_changed=False):
            self._session.set_weights(weights)
            self._session.unsaved.note_saved()
            self._path = path
            self.loaded.emit()
            self.told.emit(Message("The network goes on from {name}.", name=path.name))

    @Slot()
    def _on_replaced(self) -> None:
        self._path = None
