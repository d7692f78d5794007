"""The look: colour tokens, fonts, spacing and the one application stylesheet.

Owns every colour of the window except the ten class colours (`core.palette`). Imports PySide6 and
`core`; GUI thread only.

Painting code asks `current()` for the tokens each time it paints, so a switch between light and
dark needs nothing but a repaint, which Qt does when the palette and the stylesheet change. Views
that keep coloured items (plots, lookup tables, icons) connect to `manager().changed`.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache, partial
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QPalette, QPen
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from playground.core import palette
from playground.core.catalogues import languages
from playground.core.palette import Rgb
from playground.ui.language import code
from playground.ui.look.stylesheet import stylesheet

UNIT: Final = 4
GAP: Final = 8
PANEL_GAP: Final = 12
PANEL_PADDING: Final = 12
PANEL_RADIUS: Final = 12
CONTROL_RADIUS: Final = 8
CONTROL_HEIGHT: Final = 30
SIDE_COLUMN: Final = 208

FontRole = Literal["headline", "body", "strong", "caption", "section", "mono"]

_PIXELS: Final[dict[FontRole, int]] = {
    "headline": 20,
    "body": 13,
    "strong": 13,
    "caption": 11,
    "section": 11,  # in capitals; a language without them says in its folder how large
    "mono": 12,
}
_HEAVY: Final[frozenset[FontRole]] = frozenset({"headline", "strong", "section"})
_GENERIC_FAMILIES: Final = frozenset({"sans serif", "sans-serif", "sans", "monospace", ""})
_PREFERRED_FAMILIES: Final[dict[bool, tuple[str, ...]]] = {
    False: ("Inter", "Noto Sans", "Liberation Sans", "DejaVu Sans"),
    True: ("JetBrains Mono", "Noto Sans Mono", "Liberation Mono", "DejaVu Sans Mono"),
}
"""Behind the Latin ones; named, because Han letters of a Chinese font look wrong in Japanese."""


class Mode(StrEnum):
    """What the person asked for; the scheme in use follows from it."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one scheme. Treat the QColors as constants: copy one before changing it."""

    scheme: Literal["light", "dark"]
    background: QColor  # behind the panels
    panel: QColor  # cards, and text on ink
    line: QColor  # borders and grid lines
    ink: QColor  # text, primary button, active tool, sliders, test curve
    ink_hover: QColor  # an ink surface under the pointer
    muted: QColor  # captions, training curve, inactive tabs
    muted_on_soft: QColor  # the same on a soft surface, where small text needs more contrast
    soft: QColor  # chips, selected rows, a quiet button under the pointer
    track: QColor  # the empty part of sliders and switches, handles of scroll bars
    focus: QColor  # keyboard focus ring and switches: never for data
    warning: QColor  # text and border of a warning: not red, which is a class colour
    warning_soft: QColor  # the surface behind a warning
    point_edge: QColor  # the edge that lifts a data point off its map
    probe: QColor  # unlabelled points

    @property
    def is_dark(self) -> bool:
        return self.scheme == "dark"

    @property
    def neutral(self) -> Rgb:
        """The undecided middle of a map, (3,) uint8 RGB, for `palette.blend` and `ramp`."""
        return palette.neutral(self.scheme)

    @property
    def neutral_color(self) -> QColor:
        """`neutral` for painters."""
        return color(self.neutral)

    def tokens(self) -> dict[str, str]:
        """Token name -> "#rrggbb", for the stylesheet and for generated pages."""
        colors = {field.name: getattr(self, field.name) for field in fields(self)}
        del colors["scheme"]
        return {name: value.name() for name, value in colors.items()}


LIGHT: Final = Theme(
    scheme="light",
    background=QColor("#f5f6f8"),
    panel=QColor("#ffffff"),
    line=QColor("#e4e7ec"),
    ink=QColor("#171b22"),
    ink_hover=QColor("#2f3642"),
    muted=QColor("#667085"),
    muted_on_soft=QColor("#5b6579"),
    soft=QColor("#f0f2f5"),
    track=QColor("#dfe3e9"),
    focus=QColor("#7a5af8"),
    warning=QColor("#8a4b08"),
    warning_soft=QColor("#fdf3e1"),
    point_edge=QColor("#ffffff"),
    probe=QColor("#ffe14d"),
)

DARK: Final = Theme(
    scheme="dark",
    background=QColor("#14171c"),
    panel=QColor("#1b1f26"),
    line=QColor("#2b313b"),
    ink=QColor("#eef1f5"),
    ink_hover=QColor("#d3d9e2"),
    muted=QColor("#98a2b3"),
    muted_on_soft=QColor("#98a2b3"),
    soft=QColor("#232831"),
    track=QColor("#363d49"),
    focus=QColor("#9b8afb"),
    warning=QColor("#f2c265"),
    warning_soft=QColor("#352c1b"),
    point_edge=QColor("#ffffff"),
    probe=QColor("#ffe14d"),
)

_QT_SCHEMES: Final = {
    Mode.SYSTEM: Qt.ColorScheme.Unknown,
    Mode.LIGHT: Qt.ColorScheme.Light,
    Mode.DARK: Qt.ColorScheme.Dark,
}


class ThemeManager(QObject):
    """Keeps the application in the scheme that the person or the system asks for.

    One lives in each application, made by `install`.
    """

    changed = Signal()  # scheme or text scale; `current()` and `font()` already give the new ones

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._mode = Mode.SYSTEM
        self._scale, self._least = 1.0, 0
        self._system_was_dark = _looks_dark(app.palette())
        self._theme = LIGHT
        app.setStyle("Fusion")  # the only built-in style that honours palette and stylesheet whole
        app.styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)
        self._apply()

    @property
    def theme(self) -> Theme:
        return self._theme

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def look(self) -> tuple[Theme, float, int]:
        """See the function of that name."""
        return self._theme, self._scale, self._least

    @property
    def scale(self) -> float:
        """Factor on every font size; 1.0 except in presenter mode."""
        return self._scale

    def set_mode(self, mode: Mode) -> None:
        """Follow the system, or stay light or dark."""
        self._mode = Mode(mode)
        # Tells the platform too, so that title bars and native dialogs match where it listens.
        self._app.styleHints().setColorScheme(_QT_SCHEMES[self._mode])
        self._refresh()

    @property
    def least(self) -> int:
        """Pixels that no font is smaller than; 0 except in presenter mode."""
        return self._least

    def set_scale(self, factor: float, least: int = 0) -> None:
        """Multiply every font size and control height, for a projector; no font is then smaller
        than `least` pixels.
        """
        if (factor, least) != (self._scale, self._least):
            self._scale, self._least = factor, least
            self._apply()
            self.changed.emit()

    @Slot()
    def _on_color_scheme_changed(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        if self._wanted() is not self._theme:
            self._apply()
            self.changed.emit()

    def _wanted(self) -> Theme:
        if self._mode is not Mode.SYSTEM:
            return DARK if self._mode is Mode.DARK else LIGHT
        scheme = self._app.styleHints().colorScheme()
        if scheme == Qt.ColorScheme.Unknown:
            return DARK if self._system_was_dark else LIGHT
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT

    def _apply(self) -> None:
        self._theme = self._wanted()
        self._app.setPalette(_palette_of(self._theme))
        self._app.setFont(font("body"))
        self._app.setStyleSheet(stylesheet(self._theme.tokens(), self._scale))


_manager: ThemeManager | None = None


def install(app: QApplication) -> ThemeManager:
    """Dress the application; a second call returns the manager that is there."""
    global _manager
    if _manager is None or not isValid(_manager):
        _manager = ThemeManager(app)
    return _manager


def manager() -> ThemeManager:
    """The application's theme manager.

    Raises:
        RuntimeError: `install` was not called.
    """
    if _manager is None:
        raise RuntimeError("Call theme.install(app) before making widgets.")
    return _manager


def follow(widget: QObject, dress: Callable[[], object]) -> None:
    """Call `dress`, a method of `widget`, with every change of the look for as long as it lives.

    A connection to a method of a Python class may outlive the widget that Qt has deleted.
    """
    connection = manager().changed.connect(dress)
    widget.destroyed.connect(partial(QObject.disconnect, connection))


def current() -> Theme:
    """The tokens in use now; light before `install`."""
    return LIGHT if _manager is None else _manager.theme


def look() -> tuple[Theme, float, int]:
    """What everything looks like now: as long as it is the same, nothing has to be dressed anew."""
    return (LIGHT, 1.0, 0) if _manager is None else _manager.look


def scaled(pixels: float) -> int:
    """Logical pixels at the current text scale, for what must grow with its text."""
    factor = 1.0 if _manager is None else _manager.scale
    return round(pixels * factor)


def font(role: FontRole = "body") -> QFont:
    """The font of a role at the current text scale, with figures of equal width."""
    result = QFont(_families(role == "mono"))
    least = 0 if _manager is None else _manager.least
    pixels = languages()[code()].section_size if role == "section" else 0
    result.setPixelSize(max(scaled(pixels or _PIXELS[role]), least))
    result.setFeature(QFont.Tag("tnum"), 1)
    if role in _HEAVY:
        result.setWeight(QFont.Weight.DemiBold)
    if role == "section":
        result.setCapitalization(QFont.Capitalization.AllUppercase)
        result.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, scaled(10) / 10)
    if role == "mono":
        result.setStyleHint(QFont.StyleHint.Monospace)
    return result


def color(rgb: ArrayLike, alpha: float = 1.0) -> QColor:
    """A QColor from (3,) RGB, 0 to 255, such as a row of `palette.CLASS_COLORS`."""
    red, green, blue = (int(channel) for channel in np.asarray(rgb))
    return QColor(red, green, blue, round(255 * alpha))


def class_color(index: int, alpha: float = 1.0) -> QColor:
    """The colour of class `index`, 0 to 9."""
    return color(palette.CLASS_COLORS[index], alpha)


def image(colors: Rgb) -> QImage:
    """A picture from colours (height, width, 3), row 0 at the top."""
    pixels = np.ascontiguousarray(colors)
    height, width = pixels.shape[:2]
    shared = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return shared.copy()  # the array may end before the picture


def faded(original: QColor, alpha: float) -> QColor:
    """A copy of a token with another opacity, 0 to 1."""
    copy = QColor(original)
    copy.setAlphaF(alpha)
    return copy


def line_pen(original: QColor, width: float = 1.0) -> QPen:
    """A cosmetic pen: as wide on the screen at any zoom of a plot."""
    pen = QPen(original, width)
    pen.setCosmetic(True)
    return pen


def style_plot(plot: Any, *, grid_x: bool = False, grid_y: bool = True) -> None:
    """Dress a `pyqtgraph.PlotItem`, or what is called as one: quiet axes, small labels, hairlines.

    Call it again from a slot on `manager().changed`. The view around the plot takes its background
    with `view.setBackground(theme.current().panel)`.
    """
    theme = current()
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.setPen(line_pen(theme.line))
        axis.setTextPen(theme.muted)
        axis.setTickPen(line_pen(theme.line))
        axis.setTickFont(font("caption"))
        axis.label.setFont(font("caption"))
        axis.setStyle(tickLength=0, tickTextOffset=GAP, maxTickLevel=0)
    # The grid is as strong as the axis line: the token is already the quiet grid colour.
    plot.showGrid(x=grid_x, y=grid_y, alpha=1.0)


@cache
def _families(mono: bool) -> list[str]:
    kind = QFontDatabase.SystemFont
    wanted = kind.FixedFont if mono else kind.GeneralFont
    system = QFontDatabase.systemFont(wanted).family()
    installed = set(QFontDatabase.families())
    wanted_fonts = [font for language in languages().values() for font in language.fonts]
    others = [family for family in wanted_fonts if family in installed]
    if system.lower() not in _GENERIC_FAMILIES:
        return [system, *others]
    # Without a desktop the platform names a generic family, often a very wide one.
    preferred = [family for family in _PREFERRED_FAMILIES[mono] if family in installed]
    return [*preferred, *others, system] if preferred else [system, *others]


def _looks_dark(system: QPalette) -> bool:
    role = QPalette.ColorRole
    return system.color(role.WindowText).lightness() > system.color(role.Window).lightness()


def _palette_of(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    result = QPalette()
    colors = {
        role.Window: theme.background,
        role.WindowText: theme.ink,
        role.Base: theme.panel,
        role.AlternateBase: theme.soft,
        role.Text: theme.ink,
        role.PlaceholderText: theme.muted,
        role.Button: theme.panel,
        role.ButtonText: theme.ink,
        role.BrightText: theme.panel,
        role.ToolTipBase: theme.ink,
        role.ToolTipText: theme.panel,
        role.Highlight: theme.ink,
        role.HighlightedText: theme.panel,
        role.Accent: theme.ink,
        role.Link: theme.ink,
        role.LinkVisited: theme.muted,
        role.Light: theme.soft,
        role.Midlight: theme.line,
        role.Mid: theme.line,
        role.Dark: theme.muted,
        role.Shadow: theme.line,
    }
    for key, value in colors.items():
        result.setColor(key, value)
    for key in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, key, faded(theme.muted, 0.6))
    return result
