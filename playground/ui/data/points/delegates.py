"""How the cells of the table of points are drawn and edited where plain text is not enough.

Imports PySide6 and the widget kit; GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QRectF,
    Qt,
    Slot,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from playground.ui.class_names import shown_class
from playground.ui.data.check_marks import CheckMarks, Index
from playground.ui.data.class_menu import class_icon
from playground.ui.data.points.model import PointsModel
from playground.ui.look import theme
from playground.ui.widgets import describe


class NumberCell(QStyledItemDelegate):
    """Edits a number in a field that files cannot be dropped into."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = super().createEditor(parent, option, index)
        editor.setAcceptDrops(False)
        return editor


class TestMark(CheckMarks):
    """The mark of a test point."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.features &= ~QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        row = QRectF(option.rect)
        is_on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        painter.save()
        self.paint_mark(painter, row.left() + theme.PANEL_PADDING, row, is_on=is_on)
        painter.restore()


class ClassChoice(QStyledItemDelegate):
    """Edits a class in a list of all classes."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = index.model()
        assert isinstance(model, PointsModel)
        editor = QComboBox(parent)
        for label, name in enumerate(model.columns.classes):
            editor.addItem(class_icon(model.columns.looks, label), shown_class(name), name)
        describe(editor, "Class", "The class of this point.")
        editor.activated.connect(self._on_activated)
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        editor.setGeometry(option.rect)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        model.setData(index, editor.currentData(), Qt.ItemDataRole.EditRole)

    @Slot()
    def _on_activated(self) -> None:
        editor = self.sender()
        assert isinstance(editor, QComboBox)
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)
