"""Colours, fonts, icons: the laws of maps, contrast, and that every name leads somewhere."""

import re
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyqtgraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

import playground
from playground import assets
from playground.core import palette
from playground.core.errors import PlaygroundError
from playground.ui.look import icons, theme
from playground.ui.look.stylesheet import stylesheet

THEMES = [theme.LIGHT, theme.DARK]


@pytest.fixture
def manager(qapp: QApplication) -> Iterator[theme.ThemeManager]:
    found = theme.install(qapp)
    found.set_mode(theme.Mode.LIGHT)
    yield found
    found.set_mode(theme.Mode.SYSTEM)
    found.set_scale(1.0)


# Maps -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("classes", range(2, 11))
def test_certainty_shows_the_class_colour_at_map_strength(classes: int) -> None:
    middle = palette.neutral("light").astype(float)
    shown = palette.blend(np.eye(classes), middle)
    wanted = middle + 0.55 * (palette.CLASS_COLORS[:classes] - middle)
    np.testing.assert_allclose(shown, wanted, atol=0.51)


@pytest.mark.parametrize("classes", range(2, 11))
def test_equal_probabilities_show_neutral(classes: int) -> None:
    middle = palette.neutral("dark")
    shown = palette.blend(np.full((3, classes), 1 / classes), middle)
    assert (shown == middle).all()


def test_one_class_alone_is_certain() -> None:
    assert (palette.blend([[1.0]], palette.neutral("light")) != palette.neutral("light")).any()


@given(st.floats(0, 1), st.floats(0, 1))
def test_two_classes_change_each_channel_monotonically_in_p(a: float, b: float) -> None:
    low, high = sorted((a, b))
    # In each half the colour only leaves neutral; over the whole the weight of class 1 only grows.
    for start, end in ((low / 2, high / 2), (0.5 + low / 2, 0.5 + high / 2)):
        first, last = palette.blend([[1 - start, start], [1 - end, end]], palette.neutral("light"))
        target = palette.CLASS_COLORS[0] if end <= 0.5 else palette.CLASS_COLORS[1]
        distances = [np.abs(c.astype(int) - target.astype(int)) for c in (first, last)]
        nearer, farther = (1, 0) if end > 0.5 else (0, 1)
        assert (distances[nearer] <= distances[farther]).all()


@given(arrays.arrays(np.float32, (5, 10), elements=st.floats(0, 1, width=32)))
def test_a_blend_stays_between_neutral_and_the_class_colours(raw: np.ndarray) -> None:
    weights = raw + np.float32(1e-3)
    shown = palette.blend(weights / weights.sum(1, keepdims=True), palette.neutral("light"))
    hull = np.vstack([palette.CLASS_COLORS, palette.neutral("light")])
    assert (shown >= hull.min(0)).all()
    assert (shown <= hull.max(0)).all()


@pytest.mark.parametrize("classes", [2, 3])
def test_a_map_of_classes_is_blended(classes: int) -> None:
    chances = np.random.default_rng(0).dirichlet(np.ones(classes), (4, 5)).astype(np.float32)
    middle = palette.neutral("dark")
    shown, blended = palette.map_colors(chances, middle), palette.blend(chances, middle)
    assert shown.shape == (4, 5, 3)
    # Two classes go through a table of 256 colours.
    np.testing.assert_allclose(shown.astype(int), blended, atol=2)


def test_a_map_of_values_goes_from_class_to_class() -> None:
    middle = palette.neutral("light")
    values = np.array([[-2.0], [-1.0], [0.0], [np.nan], [1.0]], np.float32)
    low, high = middle + 0.55 * (palette.CLASS_COLORS[:2] - middle.astype(float))
    shown = palette.map_colors(values, middle).astype(int)
    np.testing.assert_allclose(shown, [low, low, middle, middle, high], atol=1)
    whole = palette.signed_colors([-1.0, 1.0], middle, strength=1.0)
    np.testing.assert_array_equal(whole, palette.CLASS_COLORS[:2])


def test_colors_are_packed_as_qt_keeps_them(qapp: QApplication) -> None:
    colors = np.array([[[1, 2, 3], [250, 128, 0]]], np.uint8)
    image = theme.image(colors[:, ::-1])
    assert palette.packed(colors).tolist() == [[0xFF010203, 0xFFFA8000]]
    assert [image.pixel(1, 0), image.pixel(0, 0)] == [0xFF010203, 0xFFFA8000]


def test_the_ramp_agrees_with_the_two_class_blend() -> None:
    middle = palette.neutral("light")
    table = palette.ramp(palette.CLASS_COLORS[0], palette.CLASS_COLORS[1], middle)
    p = np.linspace(0, 1, 256)
    blended = palette.blend(np.column_stack([1 - p, p]), middle)
    np.testing.assert_allclose(table[:, :3].astype(int), blended.astype(int), atol=1)
    assert (table[:, 3] == 255).all()


def test_signed_values_find_their_row() -> None:
    rows = palette.signed_index([-np.inf, -2, -1, 0, 1, 2, np.inf, np.nan])
    assert rows.tolist() == [0, 0, 0, 128, 255, 255, 255, 128]


def test_more_classes_than_colours_is_refused() -> None:
    with pytest.raises(ValueError, match="11 classes"):
        palette.blend(np.full((1, 11), 1 / 11), palette.neutral("light"))


def _calls_and_peak(probabilities: np.ndarray) -> tuple[int, int]:
    """How many calls colouring makes, and the most bytes that it holds at once."""
    calls = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    middle = palette.neutral("light")
    sys.setprofile(count)
    try:
        palette.blend(probabilities, middle)
    finally:
        sys.setprofile(None)
    tracemalloc.start()
    try:
        palette.blend(probabilities, middle)
        return calls, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_fine_ten_class_map_is_coloured_in_a_few_passes() -> None:
    """A frame has 33 ms: no call for each pixel, and no copy in double precision."""
    probabilities = np.random.default_rng(1).dirichlet(np.ones(10), 200 * 200).astype(np.float32)
    calls, peak = _calls_and_peak(probabilities)
    assert calls == _calls_and_peak(probabilities[:4])[0]
    assert peak < 2.5 * probabilities.nbytes, "two arrays of that size and the colors"


def test_ten_classes_have_ten_colours_names_and_markers() -> None:
    from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols

    assert len({tuple(row) for row in palette.CLASS_COLORS.tolist()}) == 10
    assert len(set(palette.CLASS_NAMES)) == len(set(palette.CLASS_MARKERS)) == 10
    assert set(palette.CLASS_MARKERS) <= set(Symbols)
    assert not palette.CLASS_COLORS.flags.writeable


# The theme ------------------------------------------------------------------------------------


def _luminance(color: QColor) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = np.array([color.redF(), color.greenF(), color.blueF()])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _contrast(a: QColor, b: QColor) -> float:
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", THEMES, ids=lambda tokens: tokens.scheme)
def test_text_can_be_read(tokens: theme.Theme) -> None:
    assert _contrast(tokens.ink, tokens.panel) >= 4.5
    assert _contrast(tokens.ink_hover, tokens.panel) >= 4.5
    assert _contrast(tokens.muted, tokens.panel) >= 4.5
    assert _contrast(tokens.muted, tokens.soft) >= 4.4
    assert _contrast(tokens.ink, tokens.soft) >= 4.5
    assert _contrast(tokens.ink, tokens.warning_soft) >= 4.5
    assert _contrast(tokens.warning, tokens.warning_soft) >= 4.5
    assert _contrast(tokens.focus, tokens.panel) >= 3.0  # a mark, not text: WCAG 1.4.11


def test_the_stylesheet_needs_no_token_that_is_missing() -> None:
    for tokens in THEMES:
        assert "$" not in stylesheet(tokens.tokens())


def test_no_module_but_the_theme_names_a_colour() -> None:
    package = Path(playground.__file__).parent
    allowed = {package / "ui" / "look" / "theme.py"}
    guilty = [
        file.name
        for file in (package / "ui").rglob("*.py")
        if file not in allowed
        and re.search(r"\"#[0-9a-fA-F]{3,8}\"|GlobalColor\.(?!transp)", file.read_text())
    ]
    assert guilty == []


def test_switching_the_scheme_changes_palette_and_tells_the_views(
    manager: theme.ThemeManager, qapp: QApplication, qtbot
) -> None:
    with qtbot.waitSignal(manager.changed):
        manager.set_mode(theme.Mode.DARK)
    assert theme.current() is theme.DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme.DARK.background
    with qtbot.assertNotEmitted(manager.changed):
        manager.set_mode(theme.Mode.DARK)


def test_presenter_mode_enlarges_every_font(manager: theme.ThemeManager) -> None:
    before = {role: theme.font(role).pixelSize() for role in ("headline", "body", "caption")}
    assert before == {"headline": 20, "body": 13, "caption": 11}
    manager.set_scale(1.6)
    assert {role: theme.font(role).pixelSize() for role in before} == {
        "headline": 32,
        "body": 21,
        "caption": 18,
    }
    assert theme.scaled(30) == 48


def test_a_plot_wears_the_theme(manager: theme.ThemeManager, qtbot) -> None:
    view = pyqtgraph.PlotWidget()
    qtbot.addWidget(view)
    theme.style_plot(view.getPlotItem())
    axis = view.getPlotItem().getAxis("left")
    assert axis.pen().color() == theme.LIGHT.line
    assert axis.textPen().color() == theme.LIGHT.muted


# Icons ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", icons.names())
def test_every_drawing_is_a_line_icon_that_shows(name: str, manager: theme.ThemeManager) -> None:
    root = ElementTree.parse(assets.path(f"icons/{name}.svg")).getroot()
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
    assert root.get("stroke-width") == "1.75"
    image = icons.pixmap(name, theme.LIGHT.ink, 24, 2.0).toImage()
    assert image.width() == 48
    alphas = [image.pixelColor(x, y).alpha() for x in range(48) for y in range(48)]
    assert 0.01 < sum(alphas) / (255 * len(alphas)) < 0.5


def test_the_application_icon_has_every_usual_size(manager: theme.ThemeManager) -> None:
    assert {size.width() for size in icons.application_icon().availableSizes()} >= {16, 32, 256}


def test_an_icon_follows_the_theme(manager: theme.ThemeManager) -> None:
    def darkest_ink() -> QColor:
        image = icons.icon("plus").pixmap(18, 18).toImage()
        return image.pixelColor(9, 9)

    light = darkest_ink()
    manager.set_mode(theme.Mode.DARK)
    assert darkest_ink().lightness() > light.lightness()


def test_an_unknown_icon_is_named_with_a_suggestion(manager: theme.ThemeManager) -> None:
    with pytest.raises(PlaygroundError, match=r"No icon is called 'brsh'\. Did you mean 'brush'\?"):
        icons.icon("brsh")


def test_every_icon_that_the_code_names_exists() -> None:
    source = Path(playground.__file__).parent / "ui"
    call = re.compile(r"(?:icons\.(?:icon|pixmap)|ToolButton|set_icon)\(\s*\"([a-z-]+)\"")
    named = {name for file in source.rglob("*.py") for name in call.findall(file.read_text())}
    assert named
    assert named <= set(icons.names())
