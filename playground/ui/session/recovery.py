"""Autosave: what a window holds is on the disk seconds later, and comes back after a crash.

Watches a session and its lesson, and writes both to a recovery file in the background; offers what
other windows left behind. Belongs to the session, not to a window, because another language makes
another window. GUI thread; a worker writes.
"""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from playground.core.errors import FileError, PlaygroundError
from playground.core.messages import N_, Message
from playground.engines.contract.base import Weights
from playground.engines.contract.control import Control, Post
from playground.engines.contract.run_control import Snapshot
from playground.engines.recovery_file import Kept, LessonPlace, Outline
from playground.engines.recovery_folder import Place, RecoveryFolder
from playground.engines.weights_file import fitting
from playground.ui.language import tr
from playground.ui.lessons.lesson_guide import LessonGuide
from playground.ui.session.documents import Documents
from playground.ui.session.session import Session
from playground.ui.session.worker import Worker
from playground.ui.window.notices import Notices

MILLISECONDS = 2_500
"""From a change to its writing, which takes less than a second: together under five seconds."""
LAST_SECONDS = 10.0
"""How long the end of the window waits for a writing that is under way."""


RESTORED = N_(
    "“{name}” is restored, trained to epoch {epoch:,}; training goes on from its weights."
)


class Recovery(QObject):
    """Keeps what the window of one session holds, as long as there is something to lose."""

    def __init__(
        self,
        session: Session,
        guide: LessonGuide,
        documents: Documents,
        notices: Notices,
        folder: RecoveryFolder | None = None,
        milliseconds: int = MILLISECONDS,
    ) -> None:
        """Keep what is open, in the person's own folder where none is given."""
        super().__init__(session)
        self.folder = folder or RecoveryFolder()
        self._session = session
        self._place: Place | None = None
        self._written: Kept | None = None
        self._writer = Worker(self, "autosave", writes=True)
        self._has_complained = False
        self._damage = ""
        """What was said of files that cannot be restored."""
        self._coming: tuple[Weights, int, str] | None = None
        """Weights that were restored and are not in the network yet, their epoch, their file."""
        self._expected: tuple[int, int] | None = None
        """Run and revision from which on they are."""
        self._base: tuple[int, int] = (0, 0)
        """A run that went on from restored weights, and their epoch."""
        self._timer = QTimer(self, singleShot=True, interval=milliseconds)
        self._timer.timeout.connect(self.keep)
        self._writer.posted.connect(self._on_placed)
        self._writer.finished.connect(self._on_written)
        self._writer.failed.connect(self._on_failed)
        session.changed.connect(self._on_changed)
        session.fileChanged.connect(self._on_changed)
        session.saved.connect(self._on_saved)
        session.run.snapshotTaken.connect(self._on_snapshot)
        self.follow(guide, documents, notices)

    def follow(self, guide: LessonGuide, documents: Documents, notices: Notices) -> None:
        """Keep the lesson of the window that these belong to, and tell it what there is to say."""
        self._guide, self._documents, self._notices = guide, documents, notices
        guide.panel.stepChanged.connect(self._on_changed)
        guide.panel.goalReached.connect(self._on_changed)
        guide.panel.left.connect(self._on_changed)
        documents.networks.saved.connect(self._on_saved)

    # What is kept.

    @Slot()
    def _on_changed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _on_saved(self) -> None:
        """What is kept is now newer than the file, also where nothing else has changed."""
        self._wait()
        self._written = None
        self.keep()

    @Slot()
    def keep(self) -> None:
        """Write what there is, unless it is written already or a writing is under way."""
        kept = self._kept()
        if self._writer.is_busy:
            self._on_changed()
        elif kept is None:
            self.forget()
        elif self._written is None or not _is_same(kept, self._written):
            self._write(kept)

    def _kept(self) -> Kept | None:
        """What the window holds; None where nothing would be lost."""
        session, lesson = self._session, self._lesson()
        weights, epoch = self._weights()
        if not (session.is_modified or weights or lesson):
            return None
        return Kept(
            experiment=session.experiment,
            title=session.name,
            when=time.time(),
            path=session.path,
            epoch=epoch,
            weights=weights,
            lesson=lesson,
        )

    def _weights(self) -> tuple[Weights, int]:
        if self._coming is not None:
            return self._coming[0], self._coming[1]
        run = self._session.run
        if run.snapshot is None or not self._session.unsaved.is_there():
            return {}, 0
        base = self._base[1] if self._base[0] == run.run_id else 0
        return run.snapshot.weights, base + run.snapshot.epoch

    def _lesson(self) -> LessonPlace | None:
        panel = self._guide.panel
        if panel.lesson is None:
            return None
        before = self._guide.hidden_before
        return LessonPlace(panel.lesson, panel.step, panel.reached_goals, before)

    def _write(self, kept: Kept) -> None:
        self._written = kept
        self._writer.start(partial(_keep_at, self.folder, self._place, kept), Control())

    @Slot(object)
    def _on_placed(self, place: Place) -> None:
        self._place = place

    @Slot(object)
    def _on_written(self, is_whole: bool) -> None:
        if not is_whole:
            self._complain(
                Message("This network is too large to be kept for a restart; save it yourself.")
            )

    @Slot(object)
    def _on_failed(self, sentence: str) -> None:
        self._written = None
        self._complain(sentence)

    def _complain(self, sentence: str) -> None:
        """Say once that work is not kept; every few seconds would be no help."""
        if not self._has_complained:
            self._has_complained = True
            self._notices.warn(sentence)

    # The end.

    @Slot()
    def end(self) -> None:
        """The window closes as it should: nothing is left behind."""
        self._timer.stop()
        self.forget()
        self.deleteLater()

    def _wait(self) -> None:
        self._writer.wait(LAST_SECONDS)

    @Slot()
    def forget(self) -> None:
        """Remove what is kept of this window; the next change begins anew."""
        self._wait()
        place, self._place, self._written = self._place, None, None
        if place is not None:
            place.remove()

    def keep_now(self) -> None:
        """Have everything on the disk before this returns, because the computer is shut down."""
        self._wait()
        self.keep()
        self._wait()

    # What was left behind.

    def offer(self) -> None:
        """Ask what to make of what windows before this one left behind, if there is anything."""
        found, sentences = self.folder.left_behind()
        if len(sentences) > 1:
            self._damage = Message(
                "{count} recovery files were damaged and cannot be restored; they are set aside in"
                " {folder}.",
                count=len(sentences),
                folder=str(self.folder.path),
            )
        elif sentences:
            self._damage = sentences[0]
        if self._damage:
            self._notices.warn(self._damage)
        if found:
            from playground.ui.session.restore_dialog import RestoreDialog

            dialog = RestoreDialog(found, self.restore, self._guide.panel.window())
            dialog.open()

    def restore(self, place: Place, outline: Outline) -> bool:
        """Put what is kept there into the window, unless the person wants to keep what is open."""
        if not self._documents.may_leave():
            return False
        try:
            kept = place.read()
        except FileError:
            self._notices.warn(place.set_aside())
            return True
        self.forget()
        self._place = place
        self._show(kept)
        return True

    def _show(self, kept: Kept) -> None:
        session, notices = self._session, self._notices
        session.replace(kept.experiment, kept.path)
        session.undo_stack.resetClean()
        if kept.lesson is not None:
            place = kept.lesson
            self._guide.resume(place.lesson, place.step, place.reached, place.hidden_before)
        self._coming = (kept.weights, kept.epoch, kept.title) if kept.weights else None
        self._expected = None
        since = ""
        if kept.path is not None and _is_newer(kept.path, kept.when):
            self._documents.doubt(kept.path)
            text = N_("{name} was written after this was kept. Save asks first.")
            since = Message(text, name=kept.path.name)
        # The dialog has hidden the damage, and there is room for one notice only.
        show = notices.warn if since or self._damage else notices.inform
        show(Message(_welcome(kept), since, self._damage))

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if self._coming is not None:
            self._put_weights(snapshot)
        self._on_changed()

    def _put_weights(self, snapshot: Snapshot) -> None:
        """Give restored weights to the first network that fits, and wait until it has them."""
        assert self._coming is not None
        weights, epoch, title = self._coming
        if self._expected is not None and self._expected[0] == snapshot.run_id:
            if snapshot.revision >= self._expected[1]:
                self._coming = self._expected = None
            return
        try:
            fresh = fitting(weights, snapshot.weights, title)
        except PlaygroundError as error:
            self._coming = None
            self._notices.warn(error.message)
            return
        run = self._session.run
        self._session.set_weights(fresh)
        self._session.unsaved.note_edit()
        self._expected, self._base = (run.run_id, run.revision), (run.run_id, epoch)


def _keep_at(
    folder: RecoveryFolder, place: Place | None, kept: Kept, control: Control, post: Post
) -> bool:
    """The work: posts the place that it makes where there is none; True where all was kept."""
    if place is None:
        place = folder.new_place()
        post(place)
    return place.write(kept)


def _is_same(one: Kept, other: Kept) -> bool:
    """True where nothing has changed; arrays and experiments are never changed in place."""
    arrays = [list(map(id, kept.weights.values())) for kept in (one, other)]
    return (
        one.experiment is other.experiment
        and arrays[0] == arrays[1]
        and (one.path, one.epoch, one.lesson) == (other.path, other.epoch, other.lesson)
    )


def _is_newer(path: Path, when: float) -> bool:
    with suppress(OSError):
        return path.stat().st_mtime > when
    return False


def _welcome(kept: Kept) -> Message:
    name = tr(kept.title)
    if kept.weights and kept.epoch:
        return Message(RESTORED, name=name, epoch=kept.epoch)
    return Message("“{name}” is restored.", name=name)
