"""Python source as text: long lists and calls on lines of their own.

Knows numpy and points; runs on any thread.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from playground.core.data.points import Points

LINE = 100


def listed(before: str, items: Sequence[str], behind: str) -> str:
    """A list literal, on as many lines as it takes."""
    whole = f"{before}[{', '.join(items)}]{behind}"
    if len(whole) <= LINE:
        return whole
    lines = [""]
    for item in items:
        if lines[-1] and len(lines[-1]) + len(item) + 2 > LINE:
            lines.append("")
        lines[-1] += f" {item}," if lines[-1] else f"    {item},"
    return "\n".join([f"{before}[", *lines, f"]{behind}"])


def points_text(points: Points) -> str:
    """x and y of these points as arrays, with the fewest digits that read back the same."""
    rows = points.x.astype(str).astype(np.float64).tolist()
    cells, shape = [str(row) for row in rows], f"{_kind(points.x)})"
    if points.x.shape[1] > 4:
        cells = [str(value) for row in rows for value in row]
        shape += f".reshape(-1, {points.x.shape[1]})"
    answers = points.y.astype(str).astype(points.y.dtype.kind + "8").tolist()
    y = listed("y = np.array(", [str(answer) for answer in answers], f"{_kind(points.y)})")
    return listed("x = np.array(", cells, shape) + "\n" + y


def _kind(values: npt.NDArray) -> str:
    """What has to be said of numbers so that an array of them is of this kind."""
    return ", np.float32" if values.dtype == np.float32 else ""


def filled(call: str, arguments: Sequence[str]) -> str:
    """A call, on one line, or on three, or with a line for every argument."""
    inside = ", ".join(arguments)
    if len(f"{call}({inside})") <= LINE:
        return f"{call}({inside})"
    lines = [f"    {inside}"]
    if len(lines[0]) > LINE:
        lines = [f"    {argument}," for argument in arguments]
    return "\n".join([f"{call}(", *lines, ")"])


def indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]
