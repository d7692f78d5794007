"""The small cards in which the picture is changed: a weight, a bias, the settings of a layer.

Imports `core`, PySide6, the form for settings and the widget kit; GUI thread only.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QToolTip, QWidget

from playground.core.network.activations import ACTIVATIONS
from playground.core.network.layer_settings import LayerSettings
from playground.ui.language import tr
from playground.ui.look import theme
from playground.ui.training.fields import Entry
from playground.ui.training.settings_form import Hints, SettingsForm
from playground.ui.widgets import Label, NumberField
from playground.ui.widgets.layouts import hbox, vbox

LARGEST_WEIGHT: Final = 1000.0


class _Card(QFrame):
    """A panel with a line around it, in which a refused entry is explained until it changes."""

    def __init__(self, parent: QWidget, flags: Qt.WindowType = Qt.WindowType.Widget) -> None:
        super().__init__(parent, flags)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAutoFillBackground(True)
        now, name = theme.current(), type(self).__name__
        self.setStyleSheet(
            f"{name} {{ background: {now.panel.name()}; border: 1px solid {now.track.name()};"
            f" border-radius: {theme.CONTROL_RADIUS}px; }}"
        )
        self.refusal = Label("", "caption")
        self.refusal.setWordWrap(True)
        self.refusal.hide()

    def _move_near(self, at: QPoint, room: QRect) -> None:
        """Stand beside a point, inside of `room`."""
        self.adjustSize()
        x = max(room.left(), min(at.x() + 10, room.right() - self.width()))
        y = max(room.top(), min(at.y() + 10, room.bottom() - self.height()))
        self.move(x, y)
        self.show()

    @Slot(object)
    def _explain(self, sentence: str) -> None:
        QToolTip.hideText()
        self.refusal.setText(sentence)
        self.refusal.show()
        self.adjustSize()


class NumberEditor(_Card):
    """A name and a number in a small card over the picture.

    Enter gives the number, Escape and a click elsewhere give up; either way the card goes.
    """

    given = Signal(float)

    def __init__(
        self,
        parent: QWidget,
        name: str,
        value: float,
        *,
        minimum: float = -LARGEST_WEIGHT,
        maximum: float = LARGEST_WEIGHT,
        step: float = 0.1,
        integer: bool = False,
    ) -> None:
        super().__init__(parent)
        self._home = parent
        # Four digits are what a person reads; the stored value keeps its own.
        self.field = NumberField(
            name, minimum, maximum, float(f"{value:.4g}"), step=step, integer=integer
        )
        self.field.setFixedWidth(theme.scaled(84))
        self._start = self.field.text()
        row = hbox(Label(name, "caption", muted=True), self.field, spacing=None)
        vbox(
            row,
            self.refusal,
            of=self,
            spacing=None,
            margins=(theme.GAP, theme.UNIT, theme.UNIT, theme.UNIT),
        )
        self.field.installEventFilter(self)
        self.field.refused.connect(self._explain)
        self.field.textEdited.connect(self._go_on)
        # Enter is told first, then the field reads the entry and tells that editing has finished.
        self._is_entered = False
        self.field.returnPressed.connect(self._note_enter)
        self.field.editingFinished.connect(self._finish)

    def open_at(self, at: QPoint) -> None:
        """Show beside a point of the parent, inside of it, ready to type."""
        self._at = at
        self._move_near(at, self._home.rect().adjusted(4, 4, -4, -4))
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self.field.selectAll()

    @Slot(object)
    def _explain(self, sentence: str) -> None:
        super()._explain(sentence)
        self.open_at(self._at)

    @Slot()
    def _go_on(self) -> None:
        self.refusal.hide()
        self.adjustSize()

    @Slot()
    def _note_enter(self) -> None:
        self._is_entered = True

    @Slot()
    def _finish(self) -> None:
        is_entered, self._is_entered = self._is_entered, False
        if not is_entered or self.field.message():
            return  # a refused entry says what is wrong and waits
        if self.field.text() != self._start:
            self.given.emit(self.field.value())
        self.leave()

    def leave(self) -> None:
        """Go, and give the keyboard back."""
        had_focus = self.field.hasFocus()
        self.field.removeEventFilter(self)
        self.close()
        if had_focus:
            self._home.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.leave()
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self.leave()
            return True
        return super().eventFilter(watched, event)


class LayerEditor(_Card):
    """All settings of a layer in a small card; it stays while they are changed.

    Escape and a click elsewhere close it. What is refused is said in the card.
    """

    given = Signal(str, object)  # name of the setting, value

    def __init__(self, parent: QWidget, layer: int, settings: LayerSettings) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.layer, self._kind = layer, type(settings)
        self.setAccessibleName(tr(settings.label))
        entries = [Entry(each.key, each.label, each.help) for each in ACTIVATIONS]
        self.form = SettingsForm("", hints={"activation": Hints(entries=entries)}, columns=2)
        self.form.setFixedWidth(theme.scaled(260))
        vbox(
            Label(settings.label, "strong"),
            self.form,
            self.refusal,
            of=self,
            spacing=None,
            margins=theme.PANEL_PADDING,
        )
        self.form.committed.connect(self._give)
        self.form.refused.connect(self._explain)
        self.show_settings(settings)

    def is_for(self, settings: LayerSettings) -> bool:
        """True for settings that the card can show: those of its own kind of layer."""
        return type(settings) is self._kind

    def show_settings(self, settings: LayerSettings) -> None:
        """Show the values; the layer has changed."""
        self.form.show_settings(settings)
        self.refusal.hide()
        self.adjustSize()

    def open_at(self, at: QPoint) -> None:
        """Show beside a point of the screen, inside of it, ready to type."""
        self._move_near(at, self.screen().availableGeometry())
        next(iter(self.form.fields.values())).setFocus(Qt.FocusReason.TabFocusReason)

    @Slot(str, object)
    def _give(self, path: str, value: object) -> None:
        self.given.emit(path.rpartition(".")[2], value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
