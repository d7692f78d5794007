"""Bringing one's own data: the dialog that turns a table into points.

Imports PySide6, the core and the widget kit; GUI thread, except for the work of a worker.
"""

from playground.ui.data.importing.dialog import ImportDialog

__all__ = ["ImportDialog"]
