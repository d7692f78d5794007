"""Bringing one's own data: the dialog that turns a table into points, and work in the background.

Imports PySide6, the core and the widget kit; GUI thread, except for the work of a Job.
"""

from playground.ui.importing.background import Job
from playground.ui.importing.dialog import ImportDialog

__all__ = ["ImportDialog", "Job"]
