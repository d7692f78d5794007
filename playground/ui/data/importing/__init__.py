"""Bringing one's own data: the dialogs that turn tables and photographs into data.

Imports PySide6, the core and the widget kit; GUI thread, except for the work of a worker.
"""

from playground.ui.data.importing.dialog import ImportDialog
from playground.ui.data.importing.photographs_dialog import PhotographsDialog

__all__ = ["ImportDialog", "PhotographsDialog"]
