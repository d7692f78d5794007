"""The canvas: gestures become requests, a selection follows its points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QPointingDevice, QTabletEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.core.data.points import Points
from playground.ui.data.tools import CanvasState, Modifier, Tool, ToolResult, ToolSettings
from playground.ui.look import theme
from playground.ui.output.canvas import canvas as canvas_module
from playground.ui.output.canvas.canvas import Canvas
from playground.ui.output.canvas.canvas_points import (
    CURVE_AXES,
    CURVE_SCALE,
    PLAIN_AXES,
    from_canvas,
    to_canvas,
)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SIDE = 480
LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
PRESS, MOVE, RELEASE, DOUBLE = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
)


class Board:
    """A canvas and the points that it edits, as the session would keep them."""

    def __init__(self, qtbot: QtBot, points: Points) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.install(app)
        self.canvas = Canvas()
        qtbot.addWidget(self.canvas)
        self.canvas.setFixedSize(SIDE, SIDE)
        self.points = points
        self.texts: list[str] = []
        self.gestures = 0
        self.canvas.draw_with(lambda: self.points)
        self.canvas.edited.connect(self._edit)
        self.canvas.gestureEnded.connect(self._count)
        self.canvas.show_points(points)
        self.canvas.show()

    def _edit(self, points: Points, text: str) -> None:
        self.points = points
        self.texts.append(text)
        self.canvas.show_points(points)

    def _count(self) -> None:
        self.gestures += 1

    def mouse(
        self,
        kind: QEvent.Type,
        place: tuple[float, float],
        button: Qt.MouseButton = LEFT,
        held: Qt.KeyboardModifier = NONE,
    ) -> None:
        position = QPointF(*self.canvas.region.to_pixels(place, SIDE, SIDE))
        where = self.canvas.viewport().mapToGlobal(position)
        pressed = Qt.MouseButton.NoButton if kind in (RELEASE, MOVE) else button
        event = QMouseEvent(kind, position, where, button, pressed, held)
        QApplication.sendEvent(self.canvas.viewport(), event)

    def drag(self, *places: tuple[float, float], **options: object) -> None:
        self.mouse(PRESS, places[0], **options)  # type: ignore[arg-type]
        for place in places[1:]:
            self.mouse(MOVE, place, **options)  # type: ignore[arg-type]
        self.mouse(RELEASE, places[-1], **options)  # type: ignore[arg-type]


@pytest.fixture
def square(qtbot: QtBot) -> Board:
    """Four points, of classes 0, 1, 0, 1."""
    return Board(qtbot, Points.of([[1, 1], [-1, 1], [-1, -1], [1, -1]], [0, 1, 0, 1]))


# Gestures.


def test_a_click_paints_where_it_is_aimed(square: Board) -> None:
    square.canvas.set_tool_settings(label=1, density=1)
    square.drag((3.0, -2.0))
    assert len(square.points) == 5
    np.testing.assert_allclose(square.points.x[4], (3, -2), atol=0.05)
    assert square.points.y[4] == 1
    assert (square.texts, square.gestures) == (["paint points"], 1)


def test_a_drag_moves_a_point_and_is_one_gesture(square: Board) -> None:
    square.canvas.use_tool("pick")
    square.drag((1.0, 1.0), (2.0, 2.0), (3.0, 0.5))
    np.testing.assert_allclose(square.points.x[0], (3, 0.5), atol=0.05)
    assert square.gestures == 1
    assert list(square.canvas.selection()) == [0]


def test_tools_take_only_the_points_that_are_seen(square: Board) -> None:
    held_out = np.array([True, False, False, False])
    square.points = Points(square.points.x, square.points.y, held_out)
    square.canvas.show_points(square.points)
    square.canvas.use_tool("select")
    square.drag((-5.0, -5.0), (5.0, 5.0))
    assert list(square.canvas.selection()) == [1, 2, 3]
    square.canvas.show_test_points(True)
    square.drag((-5.0, -5.0), (5.0, 5.0))
    assert list(square.canvas.selection()) == [0, 1, 2, 3]
    square.canvas.show_test_points(False)
    assert list(square.canvas.selection()) == [1, 2, 3]
    square.canvas.select_all()
    square.canvas.remove_selected()
    assert square.points.held_out.tolist() == [True]


def test_a_drag_beyond_the_edge_stays_inside(square: Board) -> None:
    square.canvas.use_tool("pick")
    square.drag((1.0, 1.0), (50.0, 2.0))
    assert square.points.x[0, 0] == pytest.approx(6.0, abs=0.05)


def test_points_are_picked_where_one_has_zoomed_to(square: Board) -> None:
    square.canvas.zoom_by(0.1, (1.0, 1.0))
    square.canvas.use_tool("pick")
    square.drag((1.0, 1.0), (1.2, 1.1))
    np.testing.assert_allclose(square.points.x[0], (1.2, 1.1), atol=0.01)


def test_time_passes_for_the_tool_only_while_the_button_is_held(
    qtbot: QtBot, square: Board
) -> None:
    class Clock(Tool):
        ticks = 0

        def tick(self, state: CanvasState) -> ToolResult:
            self.ticks += 1
            return ToolResult()

    clock = square.canvas.tool = Clock()
    square.mouse(PRESS, (0.0, 0.0))
    qtbot.waitUntil(lambda: clock.ticks > 2)
    square.mouse(RELEASE, (0.0, 0.0))
    assert not square.canvas._ticks.isActive()


def test_another_tool_in_the_middle_of_a_gesture_ends_it(square: Board) -> None:
    square.canvas.use_tool("pick")
    square.mouse(PRESS, (1.0, 1.0))
    square.canvas.use_tool("erase")
    square.mouse(MOVE, (-1.0, 1.0))
    assert len(square.points) == 4
    assert square.gestures == 1


def test_a_canvas_that_is_hidden_lets_go(square: Board) -> None:
    square.mouse(PRESS, (0.0, 0.0))
    square.canvas.hide()
    assert not square.canvas._is_pressed
    assert square.gestures == 1


def test_a_pen_draws_as_the_mouse_does(square: Board) -> None:
    square.canvas.use_tool("pick")
    device = QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Position,
        1,
        2,
    )
    for kind, place in (
        (QEvent.Type.TabletPress, (1.0, 1.0)),
        (QEvent.Type.TabletMove, (2.0, 3.0)),
        (QEvent.Type.TabletRelease, (2.0, 3.0)),
    ):
        at = QPointF(*square.canvas.region.to_pixels(place, SIDE, SIDE))
        pressed = LEFT if kind != QEvent.Type.TabletRelease else Qt.MouseButton.NoButton
        event = QTabletEvent(kind, device, at, at, 0.5, 0, 0, 0, 0, 0, NONE, LEFT, pressed)
        QApplication.sendEvent(square.canvas.viewport(), event)
        assert event.isAccepted()
    np.testing.assert_allclose(square.points.x[0], (2, 3), atol=0.05)


def test_touch_arrives_as_the_mouse(square: Board) -> None:
    touch = Qt.WidgetAttribute.WA_AcceptTouchEvents
    assert not square.canvas.viewport().testAttribute(touch)


def test_a_probe_is_dropped_even_where_one_cannot_draw(qtbot: QtBot, square: Board) -> None:
    square.canvas.allow_drawing(False)
    square.drag((2.0, 2.0))
    square.canvas.use_tool("probe")
    with qtbot.waitSignal(square.canvas.probeDropped) as dropped:
        square.drag((2.0, 3.0))
    np.testing.assert_allclose(dropped.args[0], (2, 3), atol=0.05)
    assert square.texts == []


def test_the_pointer_says_what_will_happen(square: Board) -> None:
    canvas = square.canvas
    shapes = {}
    for key in ("brush", "pick", "select", "probe"):
        canvas.use_tool(key)
        shapes[key] = canvas.cursor().shape()
    assert len(set(shapes.values())) >= 3
    canvas.allow_drawing(False)
    canvas.use_tool("brush")
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_the_ring_shows_the_class_that_will_be_painted(square: Board) -> None:
    canvas = square.canvas
    canvas.set_tool_settings(label=1, radius=1.0)
    before = canvas.grab().toImage()
    square.mouse(MOVE, (3.0, 3.0))
    at = [round(v) for v in canvas.region.to_pixels((3.0, 3.0), SIDE, SIDE)]
    orange = theme.class_color(1).getRgb()
    assert canvas.grab().toImage().pixelColor(*at).getRgb() == orange
    square.mouse(MOVE, (3.0, 3.0), held=SHIFT)
    blue = theme.class_color(0).getRgb()
    assert canvas.grab().toImage().pixelColor(*at).getRgb() == blue
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert canvas.grab().toImage() == before


def test_moving_the_pointer_repaints_only_around_it(square: Board) -> None:
    canvas = square.canvas
    canvas.set_tool_settings(radius=0.3)
    QApplication.processEvents()
    assert canvas._around((0.0, 0.0)).width() < SIDE / 4


# The selection.


def test_a_rubber_band_is_drawn_while_it_selects(square: Board) -> None:
    canvas = square.canvas
    canvas.use_tool("select")
    square.mouse(PRESS, (-2.0, -2.0))
    square.mouse(MOVE, (2.0, 0.0))
    assert canvas._polygon is not None
    assert list(canvas.selection()) == [2, 3]
    square.mouse(RELEASE, (2.0, 0.0))
    assert canvas._polygon is None
    np.testing.assert_array_equal(canvas._selection_rings.places, square.points.x[[2, 3]])


def test_a_selection_is_seen_without_colour(square: Board) -> None:
    canvas = square.canvas
    before = canvas.grab().toImage()
    canvas.select_all()
    after = canvas.grab().toImage()
    x, y = (round(v) for v in canvas.region.to_pixels((1.0, 1.0), SIDE, SIDE))
    column = [after.pixelColor(x, y + offset).lightness() for offset in range(5, 14)]
    assert before != after
    assert min(column) < 80  # the ring is dark around a light point


def test_a_selection_made_elsewhere_is_shown(qtbot: QtBot, square: Board) -> None:
    with qtbot.waitSignal(square.canvas.selectionChanged) as changed:
        square.canvas.select(np.array([3, 1, 1, 99, -1]))
    np.testing.assert_array_equal(changed.args[0], [1, 3])


def test_commands_work_on_the_selection(square: Board) -> None:
    canvas = square.canvas
    canvas._select(np.array([0, 2]))
    canvas.recolor_selected(1)
    assert list(square.points.y) == [1, 1, 1, 1]
    canvas.duplicate_selected()
    assert len(square.points) == 6
    assert list(canvas.selection()) == [4, 5]
    canvas.remove_selected()
    assert len(square.points) == 4
    assert not len(canvas.selection())
    assert square.texts == ["change the class", "duplicate points", "remove points"]
    assert square.gestures == 3


def test_nudges_in_a_row_are_one_gesture(qtbot: QtBot, square: Board) -> None:
    canvas = square.canvas
    canvas._select(np.array([1]))
    for _ in range(3):
        canvas.nudge(0.1, 0.2)
    np.testing.assert_allclose(square.points.x[1], (-0.7, 1.6), atol=1e-6)
    assert square.gestures == 0
    qtbot.waitUntil(lambda: square.gestures == 1)


def test_a_command_after_a_nudge_is_a_gesture_of_its_own(square: Board) -> None:
    canvas = square.canvas
    canvas._select(np.array([1]))
    canvas.nudge(0.1, 0.0)
    canvas.remove_selected()
    assert square.gestures == 2


def test_commands_without_a_selection_do_nothing(square: Board) -> None:
    before, canvas = square.points, square.canvas
    canvas.remove_selected()
    canvas.duplicate_selected()
    canvas.recolor_selected(1)
    canvas.nudge(1, 1)
    assert square.points is before
    assert square.gestures == 0


def test_a_selection_ends_when_other_points_come(qtbot: QtBot, square: Board) -> None:
    canvas = square.canvas
    canvas.select_all()
    with qtbot.waitSignal(canvas.selectionChanged):
        canvas.show_points(Points.of([[0, 0]], [0]))
    assert not len(canvas.selection())


def test_a_selection_survives_what_moves_its_points(square: Board) -> None:
    canvas = square.canvas
    canvas._select(np.array([3]))
    canvas.show_points(square.points.move([3], [[2, 2]]))
    assert list(canvas.selection()) == [3]


def test_a_refused_edit_leaves_no_selection_of_points_that_are_not_there(square: Board) -> None:
    canvas = square.canvas
    canvas.edited.disconnect(square._edit)
    canvas._select(np.array([0]))
    canvas.duplicate_selected()
    assert not len(canvas.selection())


def test_a_refused_edit_is_taken_back_on_the_canvas(square: Board) -> None:
    canvas = square.canvas
    canvas.edited.disconnect(square._edit)
    canvas.select(np.array([2]))
    square.drag((3.0, -2.0))
    np.testing.assert_array_equal(canvas._places, square.points.x)
    assert list(canvas.selection()) == [2]


def test_an_edit_is_drawn_once_and_its_echo_changes_nothing(
    square: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas, drawn = square.canvas, []
    canvas.select_all()
    monkeypatch.setattr(canvas._markers, "show", lambda *shown: drawn.append(shown))
    canvas.duplicate_selected()
    same = square.points
    canvas.show_points(Points(same.x, same.y, same.held_out))
    assert len(drawn) == 1
    assert list(canvas.selection()) == [4, 5, 6, 7]


# One input.


@pytest.fixture
def curve(qtbot: QtBot) -> Board:
    """Three points of one input: (x, target)."""
    y = np.array([0.1, 0.7, -0.3], np.float32)
    return Board(qtbot, Points.of([[-2.0], [0.0], [2.0]], y))


def test_a_point_of_a_curve_is_dragged_to_another_target(curve: Board) -> None:
    curve.canvas.use_tool("pick")
    curve.drag((0.0, 0.7 * CURVE_SCALE), (1.0, -0.5 * CURVE_SCALE))
    assert curve.points.x.shape == (3, 1)
    assert curve.points.x[1, 0] == pytest.approx(1.0, abs=0.05)
    assert curve.points.y[1] == pytest.approx(-0.5, abs=0.02)
    assert list(curve.points.y[[0, 2]]) == [np.float32(0.1), np.float32(-0.3)]


def test_the_brush_paints_a_curve(curve: Board) -> None:
    curve.canvas.set_tool_settings(density=1)
    curve.drag((-1.0, 1.5))
    assert curve.points.y[3] == pytest.approx(1.5 / CURVE_SCALE, abs=0.02)


def test_a_target_can_be_chosen_for_what_is_selected(curve: Board) -> None:
    curve.canvas._select(np.array([0]))
    curve.canvas.recolor_selected(0.5)
    assert curve.points.y[0] == 0.5
    assert curve.texts == ["change the target"]


FLOATS = st.floats(-1e3, 1e3, width=32)


@given(st.lists(st.tuples(FLOATS, FLOATS), max_size=20), st.data())
def test_a_sheet_keeps_what_was_not_touched(
    values: list[tuple[float, float]], data: st.DataObject
) -> None:
    pairs = np.array(values, np.float32).reshape(-1, 2)
    points = Points.of(pairs[:, :1], pairs[:, 1])
    state = to_canvas(points, CURVE_AXES)
    assert from_canvas(state, points, CURVE_AXES).same_as(points)
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, 19)))), np.int64)
    rows = rows[rows < len(points)]
    moved = from_canvas(state.shift(rows, (1.0, 3.0)), points, CURVE_AXES)
    others = np.setdiff1d(np.arange(len(points)), rows)
    assert moved.take(others).same_as(points.take(others))
    np.testing.assert_allclose(moved.y[rows], points.y[rows] + 1, atol=1e-3)


def test_two_inputs_are_a_sheet_already() -> None:
    points = Points.of([[1, 2]], [0])
    assert to_canvas(points, PLAIN_AXES) is points
    assert from_canvas(points, points, PLAIN_AXES) is points


# Looking elsewhere.


def test_the_middle_button_pans(qtbot: QtBot, square: Board) -> None:
    canvas = square.canvas
    with qtbot.waitSignal(canvas.regionChanged) as changed:
        square.drag((0.0, 0.0), (1.0, 2.0), button=MIDDLE)
    np.testing.assert_allclose(changed.args[0], (-1, -2), atol=0.05)
    assert square.texts == []


@pytest.mark.parametrize("pans", [True, False])
def test_alt_pans_where_the_window_manager_leaves_it_to_us(
    square: Board, monkeypatch: pytest.MonkeyPatch, pans: bool
) -> None:
    monkeypatch.setattr(canvas_module, "ALT_DRAGS", pans)
    square.drag((0.0, 0.0), (1.0, 2.0), held=ALT)
    center = (-1, -2) if pans else (0, 0)
    np.testing.assert_allclose(square.canvas.region.center, center, atol=0.05)
    assert bool(square.texts) != pans, "elsewhere it draws, as without Alt"


def test_a_double_click_on_nothing_brings_the_whole_picture_back(square: Board) -> None:
    canvas = square.canvas
    canvas.use_tool("pick")
    canvas.zoom_by(0.5, (1.0, 1.0))
    square.mouse(DOUBLE, (1.0, 1.0))
    square.mouse(RELEASE, (1.0, 1.0))
    assert not canvas.is_at_home()
    square.mouse(DOUBLE, (3.0, 2.0))
    assert canvas.is_at_home()


def test_the_brush_paints_with_the_second_click_of_a_pair(square: Board) -> None:
    square.canvas.set_tool_settings(density=1)
    square.mouse(DOUBLE, (3.0, 2.0))
    square.mouse(RELEASE, (3.0, 2.0))
    assert len(square.points) == 5


def test_every_tool_survives_a_gesture_on_every_kind_of_data(qtbot: QtBot) -> None:
    from playground.ui.data.tools import TOOLS

    many = np.random.default_rng(0).normal(size=(40, 7))
    for points in (
        Points.empty(),
        Points.empty(regression=True, inputs=1),
        Points.of(many[:, :1], many[:, 1]),
        Points.of(many[:, :2], many[:, 1]),
        Points.of(many, np.arange(40) % 3),
    ):
        board = Board(qtbot, points)
        for key in TOOLS:
            board.canvas.use_tool(key)
            board.drag((0.0, 0.0), (1.0, 1.0), (2.0, 0.0))
            board.canvas.select_all()
            board.canvas.nudge(0.1, 0.1)
            board.canvas.grab()


def test_the_hand_goes_from_tool_to_tool(square: Board) -> None:
    square.canvas.set_tool_settings(label=3, radius=0.9)
    square.canvas.use_tool("erase")
    assert square.canvas.tool.settings == ToolSettings(label=3, radius=0.9)
    assert square.canvas.tool.settings.answer(square.points, Modifier.NONE) == 3
