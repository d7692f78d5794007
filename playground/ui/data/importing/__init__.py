"""Bringing one's own data: the dialogs that turn tables, arrays and photographs into data.

Imports PySide6, the core and the widget kit; GUI thread, except for the work of a worker.
"""

from __future__ import annotations

import os
from pathlib import Path

from playground.core.data.images.offered_arrays import has_choice
from playground.core.experiment.files import is_table_file
from playground.ui.data.importing.arrays_dialog import ArraysDialog
from playground.ui.data.importing.dialog import ImportDialog
from playground.ui.data.importing.photographs_dialog import PhotographsDialog

__all__ = ["ArraysDialog", "Asking", "ImportDialog", "PhotographsDialog", "dialog_for"]

Asking = ImportDialog | PhotographsDialog | ArraysDialog


def dialog_for(path: Path) -> type[Asking] | None:
    """The dialog that asks what to make of a file or folder; None where nothing is to be asked."""
    if os.path.isdir(path):  # without a complaint about names that no system has
        return PhotographsDialog
    if is_table_file(path):
        return ImportDialog
    return ArraysDialog if has_choice(path) else None
