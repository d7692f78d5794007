"""The menu bar: every command of the window with its name, its keys and what it explains in the
tooltip.

GUI thread. Commands call methods of the window and the session; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from playground.core.layers import LAYERS
from playground.core.palette import CLASS_NAMES
from playground.core.tables import BUILTINS
from playground.ui import theme
from playground.ui.widgets import Switch

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

__all__ = ["Menus"]


INSTANT_LENGTHS = (50, 100, 200, 500, 1_000, 2_000, 5_000)
_TOOLS = (("brush", "Brush", "B"), ("pick", "Pick and move", "V"), ("erase", "Erase", "E"))


class Menus:
    """Builds the menu bar of a window, and keeps the parts that change."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        for build in (
            self._file,
            self._edit,
            self._data,
            self._network,
            self._train,
            self._view,
            self._help,
        ):
            build()

    def _menu(self, title: str) -> QMenu:
        menu = self._window.menuBar().addMenu(title)
        menu.setToolTipsVisible(True)
        return menu

    def _add(
        self,
        menu: QMenu,
        text: str,
        slot: Callable[..., object],
        keys: str | QKeySequence.StandardKey = "",
        help: str = "",
    ) -> QAction:
        action = menu.addAction(text)
        action.triggered.connect(slot)
        action.setToolTip(help or text)
        if keys:
            action.setShortcut(QKeySequence(keys))
        return action

    def _file(self) -> None:
        documents, menu = self._window.documents, self._menu("&File")
        self._add(menu, "New", documents.new, "Ctrl+N")
        self._add(menu, "Open…", documents.ask_and_open, "Ctrl+O", "Open a project or a CSV table.")
        self._recent = menu.addMenu("Open recent")
        self._recent.setToolTipsVisible(True)
        documents.recentChanged.connect(self._show_recent)
        self._show_recent()
        menu.addSeparator()
        self._add(menu, "Save", documents.save, "Ctrl+S")
        self._add(menu, "Save as…", documents.save_as, "Ctrl+Shift+S")
        menu.addSeparator()
        # Spelled out: without a desktop theme the standard keys are empty.
        self._add(menu, "Quit", self._window.close, "Ctrl+Q")

    def _show_recent(self) -> None:
        documents = self._window.documents
        self._recent.clear()
        for path in documents.recent():
            self._add(self._recent, path.name, _calling(documents.open, path), help=str(path))
        self._recent.setEnabled(not self._recent.isEmpty())

    def _edit(self) -> None:
        menu, stack = self._menu("&Edit"), self._window.session.undo_stack
        undo = stack.createUndoAction(self._window, "Undo")
        undo.setShortcut(QKeySequence("Ctrl+Z"))
        redo = stack.createRedoAction(self._window, "Redo")
        redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        menu.addActions([undo, redo])

    def _data(self) -> None:
        session, menu = self._window.session, self._menu("&Data")
        # Keys of menus act at once; those of buttons wait until the button has been seen going
        # down.
        tools = menu.addMenu("Tool")
        for key, text, letter in _TOOLS:
            self._add(tools, text, _calling(self._window.choose_tool, key), letter)
        classes = menu.addMenu("Class")
        for index, name in enumerate(CLASS_NAMES):
            keys = str((index + 1) % 10)
            self._add(classes, name, _calling(self._window.choose_class, index), keys)
        self._add(menu, "Add a class", session.add_class)
        self._add(menu, "Clear all points", session.clear_points, "Ctrl+Backspace")
        tables = menu.addMenu("Tables")
        tables.setToolTipsVisible(True)
        for choice in BUILTINS:
            self._add(
                tables, choice.label, _calling(session.choose_table, choice.key), help=choice.help
            )

    def _network(self) -> None:
        session, menu = self._window.session, self._menu("&Network")
        for kind, layer in LAYERS.items():
            name = f"Add {layer.label.lower()}" + (" layer" if kind == "linear" else "")
            keys = "Ctrl+L" if kind == "linear" else ""
            self._add(menu, name, _calling(self._append_layer, kind), keys, layer.help)
        menu.addSeparator()
        self._add(menu, "Remove the last layer", self._remove_last_layer, "Ctrl+Shift+L")
        menu.addSeparator()
        self._add(menu, "New start", session.new_start, "Ctrl+Shift+R", "Draw other first weights.")

    def _append_layer(self, kind: str) -> None:
        session = self._window.session
        session.add_layer(len(session.experiment.model.layers), kind)

    def _remove_last_layer(self) -> None:
        session = self._window.session
        if session.experiment.model.layers:
            session.remove_layer(len(session.experiment.model.layers) - 1)

    def _train(self) -> None:
        session, menu = self._window.session, self._menu("&Train")
        self._add(menu, "Train or pause", self._window.press_space, "Space")
        self._add(menu, "Step one epoch", session.run.step_epoch, "S")
        self._add(menu, "Step one batch", session.run.step_batch, "Shift+S")
        menu.addSeparator()
        self._toggle(menu, "Instant", self._window.instant, "I")
        self._instant_epochs(menu)
        self._add(menu, "Reset to the same start", session.run.reset, "R")

    def _instant_epochs(self, menu: QMenu) -> None:
        lengths, run = menu.addMenu("Epochs in Instant"), self._window.session.run
        group = QActionGroup(lengths)
        for epochs in INSTANT_LENGTHS:
            action = self._add(lengths, f"{epochs:,}", _calling(run.set_instant_epochs, epochs))
            action.setCheckable(True)
            action.setChecked(epochs == run.instant_epochs)
            group.addAction(action)

    def _view(self) -> None:
        window, menu = self._window, self._menu("&View")
        looks = menu.addMenu("Appearance")
        group = QActionGroup(looks)
        for mode, text in zip(theme.Mode, ("As the system", "Light", "Dark"), strict=True):
            action = self._add(looks, text, _calling(window.set_appearance, mode))
            action.setCheckable(True)
            action.setChecked(theme.manager().mode == mode)
            group.addAction(action)
        menu.addSeparator()
        self._toggle(menu, "Test points", window.output.test_points, "T")
        self._toggle(menu, "Discretise", window.output.discretize, "D")
        self._toggle(menu, "Logarithmic loss", window.curves.log, "G")
        menu.addSeparator()
        self._add(menu, "Full screen", window.toggle_full_screen, "F11")

    def _toggle(self, menu: QMenu, text: str, switch: Switch, keys: str) -> None:
        """A menu entry and a switch that are one."""
        action = menu.addAction(text)
        action.setShortcut(QKeySequence(keys))
        action.setToolTip(switch.toolTip())
        action.setCheckable(True)
        # Not `triggered`, which PySide would connect in its form without the new state.
        action.toggled.connect(switch.setChecked)
        switch.toggled.connect(action.setChecked)

    def _help(self) -> None:
        menu = self._menu("&Help")
        self._add(menu, "Keys", self._window.show_keys, "F1")
        self._add(menu, "About Playground", self._window.show_about)


def _calling(function: Callable[..., object], *arguments: object) -> Callable[[], object]:
    """`function` with these arguments, whatever the signal brings."""
    return lambda *_: function(*arguments)
