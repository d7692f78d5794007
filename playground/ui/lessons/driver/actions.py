"""Carries out the actions of a solution in a window. GUI thread."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QWidget

from playground.core.lessons import solution
from playground.core.lessons.solution import ActionSettings
from playground.ui.compare.window import Phase
from playground.ui.lessons.driver import finding, hand
from playground.ui.lessons.driver.dialogs import Answers
from playground.ui.lessons.driver.finding import Obstacle
from playground.ui.session.runner import Activity
from playground.ui.session.waiting import run_for, wait_until
from playground.ui.widgets import Slider, Switch
from playground.ui.window.open_window import OpenWindow

PATIENCE: Final = 120.0
"""Seconds without any news after which nobody waits any longer."""

QUIET: Final = 0.06
"""Seconds without news after which a window that does not train has answered."""

QUICKEST: Final = "Fastest"
"""The pace of a race, in the list of the window that shows it."""

SWITCHED: Final = {"on": True, "off": False}
ENDS: Final = {"min": "Home", "max": "End"}
STRIDE: Final = 12.0
"""Pixels between two events of a stroke."""


class Performer:
    """Does in one window what a lesson says.

    folder  where files are written that a lesson has somebody save
    """

    def __init__(self, window: OpenWindow, folder: Path, answers: Answers) -> None:
        self._window, self._folder, self._answers = window, folder, answers
        self._news = 0.0
        window.session.run.snapshotTaken.connect(self._on_news)
        self._ways: dict[type[ActionSettings], Callable[[Any], None]] = {
            solution.KeyAction: self._key,
            solution.MenuAction: self._menu,
            solution.ControlAction: self._control,
            solution.PressAction: self._press,
            solution.TabAction: self._tab,
            solution.LayerAction: self._layer,
            solution.ClickAction: self._click,
            solution.DragAction: self._drag,
            solution.DrawAction: self._draw,
            solution.UntilAction: self._until,
        }

    def do(self, action: ActionSettings) -> None:
        """Carry one action out, and wait until the window has answered. Raises Obstacle."""
        self._ways[type(action)](action)
        self.settle()

    def settle(self) -> None:
        """Wait until the window shows where it stands: a picture, and while paused no news."""
        run = self._window.session.run
        self._wait(
            lambda: run.snapshot is not None or run.activity == Activity.FAILED, "its picture"
        )
        run_for(0.02)
        while not run.is_training and time.perf_counter() - self._news < QUIET:
            run_for(0.02)

    def tidy(self) -> None:
        """Put away what the step has opened beside the window."""
        hand.close_popups()
        comparison = self._window.windows.comparison
        if comparison is not None and comparison.isVisible():
            comparison.activateWindow()
            comparison.setFocus()
            hand.press_key("Escape")
        self._come_to_the_front()

    def _on_news(self) -> None:
        self._news = time.perf_counter()

    def _come_to_the_front(self) -> None:
        """A click into the window, which nothing else would be needed for."""
        if not self._window.isActiveWindow():
            self._window.activateWindow()
            wait_until(self._window.isActiveWindow, 5.0)

    def _wait(self, holds: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Wait as long as the window moves: a slow computer is no reason to give up."""
        while True:
            before = self._last_news()
            try:
                wait_until(holds, seconds)
                return
            except TimeoutError:
                if self._last_news() == before:
                    raise Obstacle(f"{what} did not come within {seconds:.0f} seconds.") from None

    def _last_news(self) -> tuple[float, int]:
        """When the last picture came, and which moment a race has come to."""
        comparison = self._window.windows.comparison
        moment = None if comparison is None else comparison.moment
        return self._news, 0 if moment is None else moment.epoch

    # Keys, menus, buttons.

    def _key(self, action: solution.KeyAction) -> None:
        if QApplication.activeWindow() is None:  # a dialog has gone, and nothing manages windows
            self._come_to_the_front()
        for _ in range(action.times):
            hand.press_key(action.key)
            self.settle()

    def _press(self, action: solution.PressAction) -> None:
        for _ in range(action.times):
            hand.click(finding.button(action.press))
            self.settle()

    def _tab(self, action: solution.TabAction) -> None:
        hand.close_popups()
        bar, index = finding.tab(action.tab)
        hand.click(bar, bar.tabRect(index).center())

    def _menu(self, action: solution.MenuAction) -> None:
        hand.close_popups()
        self._come_to_the_front()
        for _ in range(action.times):
            self._answers.give(self._folder / action.file if action.file else None)
            self._choose(action.path)
            if action.file:
                self._wait(lambda: self._answers.is_given, "the question for a file", 10.0)
            self.settle()

    def _choose(self, path: tuple[str, ...]) -> None:
        """Click through the menu bar, each menu when it is open."""
        bar: QWidget = finding.menu_bar()
        for number, label in enumerate(path):
            entry = finding.action_in(bar.actions(), label)
            assert hasattr(bar, "actionGeometry"), "menus and their bar know where entries are"
            hand.click(bar, bar.actionGeometry(entry).center())
            if number < len(path) - 1:
                bar = self._opened(entry.menu(), label)

    def _opened(self, menu: QObject | None, label: str) -> QWidget:
        if not isinstance(menu, QMenu):
            raise Obstacle(f"'{label}' is no menu.")
        self._wait(menu.isVisible, f"the menu '{label}'", 5.0)
        return menu

    # Controls.

    def _control(self, action: solution.ControlAction) -> None:
        found = finding.control(action.control)
        if isinstance(found, QComboBox):
            self._pick(found, action.value)
        elif isinstance(found, Switch):
            self._switch(found, action)
        elif isinstance(found, Slider):
            self._slide(found, action)
        elif isinstance(found, QLineEdit):
            hand.click(found)
            self._type(action.value)

    @staticmethod
    def _type(value: str) -> None:
        hand.press_key("Ctrl+A")
        hand.type_text(value)
        hand.press_key("Return")

    def _pick(self, choices: QComboBox, label: str) -> None:
        index = finding.index_in(choices, label)
        hand.click(choices)
        view = choices.view()
        popup = view.window()
        self._wait(view.isVisible, f"the list '{choices.accessibleName()}'", 5.0)
        at = view.model().index(index, choices.modelColumn(), view.rootIndex())
        view.scrollTo(at)
        hand.click(view.viewport(), view.visualRect(at).center())
        del popup  # without it PySide dropped the window of the list in the middle of the click

    @staticmethod
    def _switch(switch: Switch, action: solution.ControlAction) -> None:
        if action.value not in SWITCHED:
            raise Obstacle(f'the switch \'{action.control}\' is put "on" or "off".')
        if switch.isChecked() != SWITCHED[action.value]:
            hand.click(switch)

    @staticmethod
    def _slide(track: Slider, action: solution.ControlAction) -> None:
        """With the arrow keys, as near as they come; "min" and "max" are its ends."""
        hand.click(track)
        if action.value in ENDS:
            hand.press_key(ENDS[action.value])
            return
        try:
            wanted = float(action.value)
        except ValueError:
            raise Obstacle(f"'{action.value}' is no number for '{action.control}'.") from None
        for _ in range(1_000):
            before = track.value()
            if before == wanted:
                break
            hand.press_key("Left" if before > wanted else "Right")
            if (track.value() - wanted) * (before - wanted) <= 0 or track.value() == before:
                break

    # The network, the canvas, the pad.

    def _layer(self, action: solution.LayerAction) -> None:
        network = self._window.parts.network.network
        hand.close_popups()
        if action.units is not None:
            hand.click(network, self._over_layer(action.layer, "units"))
            self._type(str(action.units))
            self.settle()
        if action.activation:
            hand.click(
                self._window.parts.network.network, self._over_layer(action.layer, "activation")
            )
            self._wait(lambda: QApplication.activePopupWidget() is not None, "the menu", 5.0)
            menu = QApplication.activePopupWidget()
            assert isinstance(menu, QMenu), "a click on an activation opens its menu"
            entry = finding.action_in(menu.actions(), action.activation)
            hand.click(menu, menu.actionGeometry(entry).center())

    def _over_layer(self, layer: int, part: str) -> QPoint:
        """Where a word stands above a hidden layer, counted from 1, in the picture."""
        view = self._window.parts.network.network
        wait_until(lambda: not view.is_settling, 5.0)
        places = view.arrangement().places
        if layer > len(places) - 2:
            raise Obstacle(f"there is no hidden layer {layer}.")
        if part not in places[layer].parts:
            raise Obstacle(f"nothing above layer {layer} says its {part}.")
        box = view.viewport().transform.mapRect(places[layer].parts[part])
        return box.center().toPoint()

    def _on_canvas(self, places: tuple[solution.Place, ...]) -> list[QPoint]:
        canvas = self._window.parts.output.canvas
        pixels = canvas.region.to_pixels(places, canvas.width(), canvas.height())
        return [QPoint(round(x), round(y)) for x, y in pixels]

    def _click(self, action: solution.ClickAction) -> None:
        for at in self._on_canvas(action.click):
            hand.click(self._window.parts.output.canvas, at)
            self.settle()

    def _drag(self, action: solution.DragAction) -> None:
        hand.drag(self._window.parts.output.canvas, _stroke(self._on_canvas(action.drag)))

    def _draw(self, action: solution.DrawAction) -> None:
        pad = self._window.parts.images.pad
        width, height = pad.width() - 1, pad.height() - 1
        corners = [QPoint(round(x * width), round(y * height)) for x, y in action.draw]
        hand.drag(pad, _stroke(corners))

    # Waiting.

    def _until(self, action: solution.UntilAction) -> None:
        window, run = self._window, self._window.session.run
        companions = window.windows
        if action.until == "race":
            self._hurry()
        conditions: dict[str, tuple[Callable[[], bool], str]] = {
            "paused": (
                lambda: finding.is_called(window.parts.transport.train.text(), "Train"),
                "a pause",
            ),
            "epoch": (
                lambda: run.snapshot is not None and run.snapshot.epoch >= (action.at_least or 0),
                f"epoch {action.at_least}",
            ),
            "race": (
                lambda: (
                    companions.comparison is not None and companions.comparison.phase == Phase.OVER
                ),
                "the end of the race",
            ),
            "goals": (window.parts.lesson.is_done, "the last goal"),
        }
        self._wait(*conditions[action.until])

    def _hurry(self) -> None:
        """Nobody watches this race, so that it need not take its ten seconds."""
        comparison = self._window.windows.comparison
        if comparison is None:
            raise Obstacle("there is no race to wait for.")
        pace = comparison.form.pace.control
        assert isinstance(pace, QComboBox), "a pace is chosen from a list"
        self._pick(pace, QUICKEST)


def _stroke(corners: list[QPoint]) -> list[QPoint]:
    """Points along a line through the corners, as close as a hand's."""
    path = [corners[0]]
    for start, end in pairwise(corners):
        count = max(1, math.ceil(math.hypot(end.x() - start.x(), end.y() - start.y()) / STRIDE))
        shares = np.linspace(0, 1, count + 1)[1:]
        path += [start + (end - start) * float(share) for share in shares]
    return path
