"""The names of columns in the rows above a table: one row of them, or several together.

Pure functions on the cells of rows; any thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

Names = tuple[str, ...]
Cells = Sequence[str]


def named(rows: Sequence[Cells], width: int) -> tuple[Names, tuple[int, ...]] | None:
    """The names of the columns in the rows above the values, and the rows that they come from, by
    their numbers.

    It is the fullest row that is no wider than the table, if there is one; where it has a name
    twice, the rows below and above it tell the columns apart, or the names of groups above it that
    each stand over several columns.
    """
    wide = [number for number, row in enumerate(rows) if len(row) >= width - 1]
    possible = [number for number in wide if not any(map(str.strip, rows[number][width:]))] or wide
    if not possible:
        return None
    at, fullest = max(
        enumerate(possible), key=lambda pair: sum(bool(cell.strip()) for cell in rows[pair[1]])
    )
    for used in (possible[at : at + 1], possible[at : at + 2], possible[max(at - 1, 0) : at + 2]):
        names = _joined([rows[number] for number in used])
        if _are_different(names):
            return names, tuple(used)
    if at:
        names = _grouped(rows[possible[at - 1]], rows[fullest])
        if _are_different(names):
            return names, (possible[at - 1], fullest)
    return _joined([rows[fullest]]), (fullest,)


def _are_different(names: Names) -> bool:
    return len(set(names)) == len(names)


def _joined(rows: Sequence[Cells]) -> Names:
    columns = zip_longest(*rows, fillvalue="")
    return tuple(" ".join(filter(None, map(str.strip, column))) for column in columns)


def _grouped(groups: Cells, names: Cells) -> Names:
    """The names, with the group before each that comes again: it stands over its first column."""
    often = Counter(name.strip() for name in names)
    found, group = [], ""
    for over, name in zip_longest(groups, map(str.strip, names), fillvalue=""):
        group = over.strip() or group
        alone = name or over.strip()
        found.append(f"{group} {name}" if name and often[name] > 1 else alone)
    return tuple(found)


def fitted(names: Names | None, values: Sequence[Cells], width: int) -> tuple[Names | None, bool]:
    """As many names as columns, and whether the first of them has none because it names the rows.

    Cells behind the last name that are blank in every row are no column.
    """
    if names is None:
        return None, False
    while len(names) > width and not names[-1]:
        names = names[:-1]
    if len(names) >= width:
        return names, False
    is_blank = all(not "".join(row[len(names) :]).strip() for row in values)
    if is_blank or len(names) < width - 1:
        return names, False
    return ("", *names), True
