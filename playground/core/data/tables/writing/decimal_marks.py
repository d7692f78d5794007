"""Which decimal mark the numbers of a table have. Standard library only; runs on any thread."""

from __future__ import annotations

import re
from collections.abc import Iterable

from playground.core.data.tables.numerals import DecimalMark, number
from playground.core.data.tables.writing.signs import signed

_MARKED = re.compile(r"\d[.,]\d")
_LONGEST = 30
"""Characters of a number with a sign or a unit; a longer text is not looked at for one."""


def decimal_mark(cells: Iterable[str], delimiter: str) -> DecimalMark:
    """The mark with which more of the cells are numbers, whatever stands with them.

    1,234 alone may be either: it is a decimal comma where the delimiter is another character.
    """
    surplus, has_comma, has_dot = 0, False, False
    for cell in cells:
        if cell.isascii() and "," not in cell and "." not in cell:  # with either mark the same
            continue
        with_comma, with_dot = _with_each(cell)
        surplus += (with_comma is not None) - (with_dot is not None)
        if with_comma != with_dot:
            has_comma |= "," in cell
            has_dot |= "." in cell
    is_comma = surplus > 0 or (surplus == 0 and has_comma and not has_dot and delimiter != ",")
    return "," if is_comma else "."


def _with_each(cell: str) -> tuple[float | None, float | None]:
    """The number in a cell with a decimal comma, and with a decimal point."""
    with_comma, with_dot = number(cell, ","), number(cell, ".")
    if with_comma is None and with_dot is None and len(cell) <= _LONGEST and _MARKED.search(cell):
        comma, dot = signed(cell, ","), signed(cell, ".")
        return comma and comma.value, dot and dot.value
    return with_comma, with_dot
