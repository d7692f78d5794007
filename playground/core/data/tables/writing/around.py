"""What stands around the rows of a table: lines that are drawn, totals, and counts of the rows.

Pure functions on cells; any thread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_DRAWN = re.compile(r"[-=+:|_\u2500-\u257f]+")
_LINE = re.compile(r"[-=_\u2500\u2501\u2550]{3}")
_COUNT = re.compile(
    r"\(.*[^\W\d_].*\)|\d[\d,.]* (rows?|records?|lines?|entries|observations?)\b.*", re.IGNORECASE
)
_TOTALS = frozenset((
    *("total", "totals", "grand total", "subtotal", "sum", "average", "mean", "overall"),
    *("median", "all", "summe", "gesamt", "insgesamt", "gesamtsumme", "gesamtergebnis"),
    *("mittelwert", "durchschnitt", "total général", "total general", "totale generale", "médiane"),
    *("totaux", "somme", "moyenne", "ensemble", "suma", "promedio", "media", "totale", "somma"),
    *("合計", "総計", "計", "小計", "平均", "合计", "总计", "总和", "平均值",),
    *("합계", "총계", "평균"),
    *("итого", "всего", "сумма", "среднее"),
))  # fmt: skip


def is_drawn(cells: Sequence[str]) -> bool:
    """True for a row of signs that draw a line, as below the names in Markdown or around what a
    database prints.
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    return any(map(_LINE.search, filled)) and all(map(_DRAWN.fullmatch, filled))


def is_count(cell: str) -> bool:
    """True for a note in brackets, and for how many rows there are: (30 rows affected)."""
    return _COUNT.fullmatch(cell) is not None


def is_total(cell: str) -> bool:
    """True for a word that stands at a total or a mean of the rows above it."""
    return cell.strip(" :.").casefold() in _TOTALS
