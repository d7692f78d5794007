"""Which words may be the same in every language, and what a widget says.

The one list of names for all tests that look for English in a window that speaks another language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import unescape

import polib
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QTreeView,
    QTreeWidget,
    QWidget,
)

from playground.core.network.activations import ACTIVATIONS
from playground.core.training.losses import LOSSES
from playground.ui import language
from playground.ui.language import tr
from tests.messages import path_of
from tests.spoken import LANGUAGES
from tests.ui.whole_window import within

PEOPLE_AND_THINGS = """
    Playground PyTorch TensorFlow NumPy Python CPU GPU CUDA scikit learn autograd Excel UTF BOM
    Shift JIS EUC JP KR GBK ISO WebP
    Windows safetensors PNG CSV TSV JSON Ctrl Alt Enter Escape Delete Plus Backspace Space Del Esc
    Ins Return Left Right Tab OK
    SGD Adam AdamW NAdam RAdam Adamax RMSprop Adagrad Adadelta Rprop BFGS Nesterov
    ReLU ELU GELU SiLU Mish tanh sin exp max ln sign softmax Leaky Huber Xavier Kaiming float
    conv CNN LeNet AlexNet VGG GoogLeNet ResNet Wide MobileNet SENet Inception English Deutsch
    dW db setosa versicolor virginica sepal petal length width cm
    Fisher Smith Topin Transformer swish Independent Affine Same Valid TRUE FALSE
"""
CODE = """
    DataLoader StepLR BatchNorm Linear bias False torch train eval backward loss auto wx MSE NAS
    NASNet MNASNet EfficientNet
"""
"""What lessons quote of programs and articles."""

OTHERS = {"Bar", "Export", "Export...", "Scroll Left", "Scroll Right"}
"""What Qt and the plot library say where nobody sees it."""
PATH = re.compile(r"[a-z_]+(\.[a-z_*\d]+)+|\*[.\w]*|\.[a-z]+\b")
"""Paths of settings, and endings of files."""
WORD = re.compile(r"[A-Za-z]{2,}")
NAMES = frozenset(
    WORD.findall(" ".join([PEOPLE_AND_THINGS, CODE, *LOSSES.keys(), *ACTIVATIONS.keys()]))
)
"""What is called the same in every language."""
TAG = re.compile(r"<[^>]*>")
ROWS_READ = 20


def english_in(text: str) -> list[str]:
    """The words that are left and are nobody's name."""
    plain = PATH.sub("", unescape(TAG.sub(" ", text)))
    return [] if text in OTHERS else [word for word in WORD.findall(plain) if word not in NAMES]


def is_left(text: str) -> bool:
    """True where a text is English though it is owed, or though the catalogue knows better."""
    code = language.code()
    if code in LANGUAGES:
        return bool(english_in(text))
    return tr(text) != text and text not in missing_in(code)


@cache
def missing_in(code: str) -> frozenset[str]:
    """The English of what is not translated in one of its meanings."""
    catalogue = polib.pofile(str(path_of(code)))
    return frozenset(entry.msgid for entry in catalogue.untranslated_entries())


def all_said(root: QWidget) -> set[str]:
    """All that a widget and those in it say."""
    return {text for widget in within([root]) for text in said(widget)}


def said(widget: QWidget) -> Iterator[str]:
    """All that a widget says, seen, hovered or read aloud."""
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    yield widget.toolTip()
    yield widget.whatsThis()
    if widget.isWindow():
        yield widget.windowTitle().replace("[*]", "")
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QGroupBox | QMenu):
        yield widget.title()
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        yield widget.placeholderText()
    if isinstance(widget, QTabBar):
        for index in range(widget.count()):
            yield widget.tabText(index)
            yield widget.tabToolTip(index)
    if isinstance(widget, QComboBox) and not _shows_a_folder(widget):
        for index in range(widget.count()):
            yield widget.itemText(index)
            yield str(widget.itemData(index, Qt.ItemDataRole.ToolTipRole) or "")
    if isinstance(widget, QAbstractItemView) and not _shows_a_folder(widget):
        yield from _cells(widget)
    if isinstance(widget, QTreeView):
        yield from _headings(widget)


def _shows_a_folder(widget: QWidget) -> bool:
    """What is in a folder has the names that people gave it."""
    around = [widget]
    while (parent := around[-1].parentWidget()) is not None:
        around.append(parent)
    is_asking = any(isinstance(one, QFileDialog) for one in around)
    return is_asking and all(one.objectName() != "fileTypeCombo" for one in around)


def _cells(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    if model is None:
        return
    count = model.rowCount()
    rows = count if isinstance(view, QTreeWidget) else min(count, ROWS_READ)
    nowhere = QModelIndex()
    columns = 1 if isinstance(view, QListView) else model.columnCount(nowhere)
    for column in range(columns):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(rows):
            yield str(model.index(row, column).data() or "")


def _headings(view: QTreeView) -> Iterator[str]:
    for column in range(view.model().columnCount() if view.model() else 0):
        yield str(view.model().headerData(column, Qt.Orientation.Horizontal) or "")


def said_of_menu(menu: QMenu) -> Iterator[str]:
    """All that a menu and its submenus say once they are opened."""
    yield menu.title()
    menu.aboutToShow.emit()
    for action in menu.actions():
        yield from said_of(action)
        if isinstance(inner := action.menu(), QMenu):
            yield from said_of_menu(inner)


def said_of(action: QAction) -> tuple[str, str, str]:
    return action.text(), action.toolTip(), action.statusTip()
