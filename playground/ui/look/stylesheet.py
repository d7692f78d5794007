"""The application stylesheet: one template over the theme's tokens.

Owns how standard Qt controls look; colours come from `theme`, which is its only caller. Imports
nothing; GUI thread only. Controls that this package paints itself live in `widgets`.

`$token` is a colour; `{30px}` is a length that grows with the text in presenter mode.
"""

import re
from collections.abc import Mapping
from string import Template
from typing import Final

_LENGTH: Final = re.compile(r"\{(\d+)px\}")

_TEMPLATE: Final = Template("""
QToolTip {
    color: $panel; background: $ink; border: none; padding: 6px 8px; font-size: {12px};
}
QMainWindow, QDialog { background: $background; }
QMainWindow::separator { background: transparent; width: 12px; height: 12px; }
QStatusBar { background: $background; color: $muted; }
QStatusBar::item { border: none; }

QMenuBar { background: $panel; border-bottom: 1px solid $line; padding: 2px 6px; }
QMenuBar::item { padding: 4px 8px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $soft; }
QMenu { background: $panel; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 6px; }
QMenu::item:selected { background: $soft; }
QMenu::item:disabled { color: $muted; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QToolBar { background: $panel; border: none; border-bottom: 1px solid $line; spacing: 8px; }

QPushButton {
    background: $panel; color: $ink; border: 1px solid $line; border-radius: 8px;
    padding: 0px 12px; min-height: {28px}; outline: none;
}
QPushButton:hover { background: $soft; }
QPushButton:pressed { background: $line; }
QPushButton:disabled { color: $muted; background: $soft; }
QPushButton:focus { border: 2px solid $focus; padding: 0px 11px; min-height: {26px}; }
QPushButton:default, QPushButton[role="primary"] {
    background: $ink; color: $panel; border: 1px solid $ink; font-weight: 600;
}
QPushButton[role="primary"] { min-height: {34px}; padding: 0px 16px; }
QPushButton:default:hover, QPushButton[role="primary"]:hover {
    background: $ink_hover; border-color: $ink_hover;
}
QPushButton:default:disabled, QPushButton[role="primary"]:disabled {
    background: $soft; color: $muted; border-color: $line;
}
QPushButton:default:focus { border: 2px solid $focus; }
/* Buttons with a role paint their own ring, and only for the keyboard (widgets.base). */
QPushButton[role="quiet"]:focus { border: 1px solid $line; padding: 0px 12px; min-height: {28px}; }
QPushButton[role="primary"]:focus { border: 1px solid $ink; padding: 0px 16px; min-height: {34px}; }
QPushButton[role="link"] {
    background: transparent; border: none; color: $muted; padding: 0px; text-align: left;
}
QPushButton[role="link"]:hover { color: $ink; }

QToolButton {
    background: transparent; color: $ink; border: 1px solid transparent; border-radius: 8px;
    padding: 0px;
}
QToolButton[framed="true"] { background: $panel; border-color: $line; }
QToolButton:hover { background: $soft; }
QToolButton:pressed { background: $line; }
QToolButton:checked { background: $ink; color: $panel; border-color: $ink; }
QToolButton:disabled { color: $muted; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    background: $panel; color: $ink; border: 1px solid $line; border-radius: 8px;
    selection-background-color: $ink; selection-color: $panel;
}
/* A line edit adds two pixels of its own on each side. */
QLineEdit, QAbstractSpinBox { padding: 0px 7px; }
QComboBox { padding: 0px 9px; combobox-popup: 0; }
QLineEdit, QAbstractSpinBox, QComboBox { min-height: {28px}; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $track; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
    border: 2px solid $focus; min-height: {26px};
}
QLineEdit:focus, QAbstractSpinBox:focus { padding: 0px 6px; }
QComboBox:focus { padding: 0px 8px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $focus; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
    color: $muted; background: $soft;
}
QLineEdit[refused="true"] { border-color: $warning; background: $warning_soft; }
QLineEdit[refused="true"]:focus { border-color: $focus; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {
    border: none; padding: 0px 8px; min-height: 0px; background: transparent;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 0px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView {
    background: $panel; color: $ink; border: 1px solid $line; padding: 4px; outline: none;
    selection-background-color: $soft; selection-color: $ink;
}
QComboBox QAbstractItemView::item { min-height: {28px}; padding: 0px 8px; border-radius: 6px; }
QComboBox QAbstractItemView::item:hover, QComboBox QAbstractItemView::item:selected {
    background: $soft; color: $ink;
}

QTabWidget::pane { border: none; }
QTabBar { background: transparent; border: none; outline: none; }
QTabBar::tab {
    color: $muted; background: transparent; border: none; border-bottom: 2px solid transparent;
    padding: 4px 1px 6px 1px; margin-right: 14px;
}
QTabBar[narrow="true"]::tab { margin-right: 8px; padding: 2px 1px 4px 1px; }
QTabBar::tab:last { margin-right: 0px; }
QTabBar::tab:hover { color: $ink; }
QTabBar::tab:selected { color: $ink; border-bottom-color: $ink; font-weight: 600; }
QTabBar::tab:selected:focus { border-bottom-color: $focus; color: $focus; }

QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $track; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0px; height: 0px; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QHeaderView { background: transparent; border: none; }
QHeaderView::section {
    background: $panel; color: $muted; border: none; border-bottom: 1px solid $line;
    padding: 4px 8px; font-size: {11px};
}
QTableView, QTreeView, QListView {
    background: $panel; color: $ink; border: 1px solid $line; outline: none;
    gridline-color: $line; alternate-background-color: $soft;
    selection-background-color: $soft; selection-color: $ink;
}
QTableView:focus, QTreeView:focus, QListView:focus { border: 2px solid $focus; }
QComboBox QListView:focus { border: 1px solid $line; }
QTableView::item { padding: 0px 8px; border: 2px solid transparent; }
QTreeView::item { min-height: {28px}; padding: 0px 8px; }
QTreeView::item:selected { background: $soft; color: $ink; }
QTreeView::item:selected:first { border-left: 2px solid $focus; }
QTableView::item:selected { background: $soft; color: $ink; }
QTableView::item:focus { border: 2px solid $focus; }
QTableCornerButton::section { background: $panel; border: none; }

QProgressBar {
    background: $track; border: none; border-radius: 3px; max-height: 6px; min-height: 6px;
    color: transparent;
}
QProgressBar::chunk { background: $ink; border-radius: 3px; }
QSplitter::handle { background: transparent; }
QGroupBox { border: none; margin-top: {20px}; color: $muted; }
QGroupBox::title { subcontrol-origin: margin; left: 0px; color: $muted; }
QCheckBox, QRadioButton { spacing: 8px; padding: 2px; border: 2px solid transparent; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $focus; border-radius: 6px; }
""")


def stylesheet(tokens: Mapping[str, str], scale: float = 1.0) -> str:
    """The whole stylesheet for the tokens ("#rrggbb" each) and a factor on text-bound lengths.

    Raises:
        KeyError: the template uses a token that is not given.
    """
    grown = _LENGTH.sub(lambda found: f"{round(int(found[1]) * scale)}px", _TEMPLATE.template)
    return Template(grown).substitute(tokens)
