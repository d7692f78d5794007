"""A race as a picture: the training losses of all lanes over the epochs, with a legend.

Draws with Pillow and the colours of the palette, on any thread and without torch. Lanes differ by
dashes and markers as well as by colour.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from playground.core import palette
from playground.core.races import LaneStyle, lane_style
from playground.engines.many.picture import MARKERS
from playground.engines.many.race import Lane

SIZE = (1200, 640)
FINE = 2
"""Drawn this many times larger and then reduced, which smooths all edges."""

LEFT, TOP, RIGHT, BOTTOM = 90, 40, 820, 580
"""The frame of the plot, in pixels of the result; the legend is at its right."""

LEGEND, LEGEND_LINE = 850, 32
SAMPLE = 48
TEXT = 15
WIDTH = 2.5
MARKER_RADIUS = 6
MARKS = 5
"""Markers on each curve; those of another lane stand a little further."""

MOST_POINTS = 1500
SMALLEST = 1e-16
MOST_NAME = 30

PAPER = (255, 255, 255)
LIGHT = tuple(int(value) for value in palette.neutral("light"))
LINE = tuple(int(value) for value in palette.CLASS_COLORS[8])

Places = npt.NDArray[np.float64]


Letters = Callable[[str, int], Image.Image]
"""A text and its size in pixels -> the text as a mask, for what the font here has no signs for."""


@dataclass(frozen=True, slots=True)
class Words:
    """What stands at the axes, and who writes it; None for Pillow's own font."""

    loss: str = "training loss"
    epoch: str = "epoch"
    letters: Letters | None = None


def draw_race(
    lanes: Sequence[Lane], *, threshold: float | None = None, words: Words = Words()
) -> Image.Image:
    """An RGB picture of SIZE pixels, losses on a logarithmic scale, the threshold dotted."""
    width, height = SIZE
    image = Image.new("RGB", (width * FINE, height * FINE), PAPER)
    pencil = ImageDraw.Draw(image)
    curves = [_thinned(lane) for lane in lanes]
    view = _View(curves, threshold)
    _draw_axes(pencil, view, words)
    if threshold is not None:
        ends = view.pixels(np.array([(view.first, threshold), (view.last, threshold)]))
        _draw_line(pencil, ends, LaneStyle(8, "o", (1, 3)), 1.0)
    for number, curve in enumerate(curves):
        _draw_line(pencil, view.pixels(curve), lane_style(number), WIDTH)
    for number, curve in enumerate(curves):
        for place in _marks(view.pixels(curve), number, len(curves)):
            _draw_marker(pencil, place, lane_style(number))
    _draw_legend(pencil, lanes, words.letters)
    return image.reduce(FINE)


def _thinned(lane: Lane) -> Places:
    """(epoch, training loss) of the curve, (n, 2), without what is not finite."""
    losses = lane.losses[:, 0]
    epochs = np.linspace(0, len(losses) - 1, min(len(losses), MOST_POINTS)).astype(np.int64)
    rows = np.stack([epochs, np.maximum(losses[epochs], SMALLEST)], axis=1)
    return rows[np.isfinite(rows[:, 1])]


class _View:
    """Where epochs and losses are in the picture."""

    def __init__(self, curves: Sequence[Places], threshold: float | None) -> None:
        points = np.concatenate(curves)
        losses = points[:, 1] if threshold is None else np.append(points[:, 1], threshold)
        self.first, self.last = 0.0, max(1.0, float(points[:, 0].max()))
        self.low, self.high = math.log10(losses.min()), math.log10(losses.max())
        margin = max(0.05, 0.04 * (self.high - self.low))
        self.low, self.high = self.low - margin, self.high + margin

    def pixels(self, rows: Places) -> Places:
        """Pixels (n, 2), right and down, of (epoch, loss)."""
        across = LEFT + rows[:, 0] / self.last * (RIGHT - LEFT)
        share = (np.log10(rows[:, 1]) - self.low) / (self.high - self.low)
        return np.stack([across, BOTTOM - share * (BOTTOM - TOP)], axis=1)

    def losses(self) -> list[float]:
        """Powers of ten to mark; 1, 2, 5 where there are too few of them."""
        decades = range(math.floor(self.low), math.ceil(self.high) + 1)
        every = max(1, math.ceil(len(decades) / 9))
        marks = [10.0**decade for decade in decades if decade % every == 0]
        if len(decades) <= 3:
            marks = [factor * 10.0**decade for decade in decades for factor in (1, 2, 5)]
        return [mark for mark in marks if self.low <= math.log10(mark) <= self.high]

    def epochs(self) -> list[int]:
        """Round numbers to mark, about six."""
        rough = self.last / 6
        decade = 10.0 ** math.floor(math.log10(rough))
        step = max(1, int(next(decade * f for f in (1, 2, 5, 10) if decade * f >= rough)))
        return list(range(0, int(self.last) + 1, step))


def _draw_axes(pencil: ImageDraw.ImageDraw, view: _View, words: Words) -> None:
    for loss in view.losses():
        (_, y), _ = ends = view.pixels(np.array([(0.0, loss), (view.last, loss)]))
        pencil.line(_flat(ends), LIGHT, FINE)
        _write(pencil, (LEFT - 10, y), f"{loss:.3g}", "rm")
    for epoch in view.epochs():
        x = LEFT + epoch / view.last * (RIGHT - LEFT)
        _write(pencil, (x, BOTTOM + 10), f"{epoch:,}", "ma")
    _write(pencil, (LEFT, TOP - 12), words.loss, "ls", words.letters)
    _write(pencil, (RIGHT, BOTTOM + 34), words.epoch, "ra", words.letters)


def _draw_legend(
    pencil: ImageDraw.ImageDraw, lanes: Sequence[Lane], letters: Letters | None
) -> None:
    for number, lane in enumerate(lanes):
        y = TOP + number * LEGEND_LINE
        style = lane_style(number)
        _draw_line(pencil, np.array([(LEGEND, y), (LEGEND + SAMPLE, y)], float), style, WIDTH)
        _draw_marker(pencil, np.array([LEGEND + SAMPLE / 2, y]), style)
        name = lane.name if len(lane.name) <= MOST_NAME else f"{lane.name[: MOST_NAME - 1]}…"
        _write(pencil, (LEGEND + SAMPLE + 12, y), name, "lm", letters)


def _draw_line(pencil: ImageDraw.ImageDraw, places: Places, style: LaneStyle, width: float) -> None:
    color = _color(style)
    for part in _dashed(places, [length * width for length in style.dashes]):
        pencil.line(_flat(part), color, round(width * FINE), joint="curve")


def _dashed(places: Places, pattern: Sequence[float]) -> list[Places]:
    """The parts of a line that are drawn, where lines and gaps of these lengths follow each other.

    The dash goes on around corners, so that a steep curve has as many as a flat one.
    """
    if not pattern or len(places) < 2:
        return [places]
    lengths = np.hypot(*np.diff(places, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    parts, begin, number = [], 0.0, 0
    while begin < along[-1]:
        end = begin + pattern[number % len(pattern)]
        if number % 2 == 0:
            inside = (along > begin) & (along < end)
            stops = np.concatenate([[begin], along[inside], [min(end, along[-1])]])
            columns = [np.interp(stops, along, places[:, axis]) for axis in (0, 1)]
            parts.append(np.stack(columns, axis=1))
        begin, number = end, number + 1
    return parts


def _marks(places: Places, number: int, lanes: int) -> Places:
    """Where the markers of a lane are: evenly across, each lane a part of a gap further."""
    shares = (np.arange(MARKS) + (number + 0.5) / lanes) / MARKS
    wanted = places[0, 0] + shares * (places[-1, 0] - places[0, 0])
    return places[np.unique(np.searchsorted(places[:, 0], wanted).clip(0, len(places) - 1))]


def _draw_marker(pencil: ImageDraw.ImageDraw, place: Places, style: LaneStyle) -> None:
    shape = (MARKERS[style.marker] * MARKER_RADIUS + place) * FINE
    pencil.polygon([(float(x), float(y)) for x, y in shape], _color(style), PAPER, width=FINE)


def _write(
    pencil: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    anchor: str,
    letters: Letters | None = None,
) -> None:
    """`anchor` says what of the text is at the place, as Pillow writes it."""
    x, y = place[0] * FINE, place[1] * FINE
    if letters is None:
        pencil.text((x, y), text, LINE, ImageFont.load_default(TEXT * FINE), anchor)
        return
    mask = letters(text, TEXT * FINE)
    left = x - {"l": 0.0, "m": 0.5, "r": 1.0}[anchor[0]] * mask.width
    top = y - {"a": 0.0, "m": 0.5, "s": 1.0}[anchor[1]] * mask.height
    pencil.bitmap((round(left), round(top)), mask, LINE)


def _flat(places: Places) -> list[tuple[float, float]]:
    return [(float(x) * FINE, float(y) * FINE) for x, y in places]


def _color(style: LaneStyle) -> tuple[int, ...]:
    return tuple(int(value) for value in palette.CLASS_COLORS[style.color])
