"""Units that stand with numbers: which are the same, though they are written in two ways.

Standard library only; runs on any thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_FEWEST = 3
"""Letters of a word that may have an ending: day and days are one, g and go are not."""
_ENDING = re.compile(r"[a-zäöü]{1,3}|[\u0430-\u044f]{1,3}")


def together(found: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """The rows of each unit, those of all ways to write it together, under the most usual one.

    day and days are one, and so are kg, KG and Kg.; mm and Mm are not.
    """
    groups: list[list[str]] = []
    for unit in sorted(found, key=len):
        group = next((group for group in groups if are_same(group[0], unit)), None)
        if group is None:
            groups.append([unit])
        else:
            group.append(unit)
    named = {max(group, key=lambda unit: len(found[unit])): group for group in groups}
    return {
        name: sorted(row for unit in group for row in found[unit]) for name, group in named.items()
    }


def are_same(first: str, second: str) -> bool:
    """True where two texts are one unit."""
    short, long = sorted((first.rstrip("."), second.rstrip(".")), key=len)
    if short == long or (short.lower() == long.lower() and short[:1] not in "mM"):
        return True
    ending = long[len(short) :]
    is_start = len(short) >= max(_FEWEST, len(ending) + 2) and long.startswith(short)
    return is_start and _ENDING.fullmatch(ending) is not None
