"""What a screen reader calls the widgets that paint themselves.

Imports PySide6; GUI thread only.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

ROLES: Final = {
    "ConfusionTable": QAccessible.Role.Table,
    "HeatPlot": QAccessible.Role.Chart,
    "ImageGrid": QAccessible.Role.List,
    "NetworkView": QAccessible.Role.Graphic,
}
"""By the name of the class; Qt knows those of its own widgets and what is made of them."""


def install_roles() -> None:
    """From now on say these roles; asked for twice, it is the same."""
    QAccessible.installFactory(_interface)


def _interface(name: str, widget: QObject) -> QAccessibleInterface | None:
    if name not in ROLES or not isinstance(widget, QWidget):
        return None
    return QAccessibleWidget(widget, ROLES[name], "")
