"""What was chosen of a table, to begin with when the same file is imported again.

The settings of the window keep it for the last files; nothing in them is believed before it is
checked. Imports the core and QSettings; GUI thread.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError
from PySide6.QtCore import QSettings

from playground.core.data.data import CsvData, Data
from playground.core.data.tables.choosing import TEST_RATIO, Choice
from playground.core.data.tables.description import Description
from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.inputs import column_of
from playground.core.data.tables.table import MissingValues

Scale = Literal["", "fit", "keep", "image"]

MOST_FILES: Final = 50
_MOST_CHARACTERS: Final = 2_000
"""Of the names that are kept of one table: more are not worth it."""
_KEY: Final = "imports"


@dataclass(frozen=True, slots=True)
class Remembered:
    """How a table was read, and what was chosen among its columns.

    scale    whether inputs were scaled to the canvas ("fit"), are an image ("image"), or stayed as
             they are ("keep"); "" for what is usual
    without  True where `inputs` names the columns that are no inputs, because they are fewer
    columns  a digest of the names of the columns; "" for any table that has those that are chosen
    """

    form: WantedForm = field(default_factory=WantedForm)
    inputs: tuple[str, ...] = ()
    answer: str = ""
    regression: bool = False
    missing: MissingValues = "drop"
    scale: Scale = ""
    test_ratio: float = TEST_RATIO
    test_path: str | None = None
    without: bool = False
    columns: str = ""

    @classmethod
    def of(cls, form: WantedForm, choice: Choice) -> Remembered:
        """What a person has just chosen."""
        inputs, answer, regression, missing, *_ = choice.columns
        share, test = choice.test_ratio, None
        if choice.test_path is not None:
            test = str(choice.test_path.absolute())
        scale: Scale = "image" if choice.columns.image else "fit" if choice.fit else "keep"
        return cls(form, inputs, answer, regression, missing, scale, share, test)

    @classmethod
    def of_data(cls, data: CsvData) -> Remembered:
        """What is chosen of a table that stays in its file."""
        return cls(
            WantedForm(part=data.sheet),
            data.inputs,
            data.label or data.target or "",
            data.is_regression,
            data.missing,
            "keep" if data.image is None else "image",
            data.test_ratio,
            data.test_path,
        )

    def among(self, names: Sequence[str]) -> Remembered | None:
        """What was chosen among these columns; None where they are others."""
        if self.columns and self.columns != _digest(names):
            return None
        known = set(names)
        if self.answer not in known or any(column_of(each, known) is None for each in self.inputs):
            return None
        if not self.without:
            return self
        others = {*self.inputs, self.answer}
        return replace(self, inputs=tuple(n for n in names if n not in others), without=False)

    def _shortened(self, names: Sequence[str]) -> Remembered:
        """The same for the settings: with the digest, and with those names that are fewer."""
        chosen = {*self.inputs, self.answer}
        rest = tuple(name for name in names if name not in chosen)
        digest = _digest(names)
        is_plain = {*self.inputs} <= {*names}
        if is_plain and sum(map(len, rest)) < sum(map(len, self.inputs)):
            return replace(self, inputs=rest, without=True, columns=digest)
        return replace(self, columns=digest)


@dataclass(frozen=True, slots=True, eq=False)
class Brought:
    """Data from a table, as a dialog has made them.

    source  the file, or the text that was pasted
    chosen  what was chosen of it
    """

    source: Path | str
    data: Data
    description: Description | None
    chosen: Remembered


_ADAPTER: Final = TypeAdapter(Remembered)


def _digest(names: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(names).encode(errors="replace")).hexdigest()[:16]


def remember(path: Path, names: Sequence[str], chosen: Remembered) -> None:
    """Keep what was chosen of a file with these columns, for the next time."""
    kept = chosen._shortened(names)
    others = [entry for entry in _entries() if entry.get("path") != _place(path)]
    if sum(map(len, kept.inputs)) <= _MOST_CHARACTERS:
        others.insert(0, {"path": _place(path), **asdict(kept)})
    QSettings().setValue(_KEY, json.dumps(others[:MOST_FILES]))


def recalled(path: Path) -> Remembered | None:
    """What was chosen of a file the last time; None where nobody knows."""
    for entry in _entries():
        if entry.pop("path", None) == _place(path):
            try:
                return _ADAPTER.validate_python(entry)
            except ValidationError:
                return None
    return None


def _place(path: Path) -> str:
    return str(path.absolute())


def _entries() -> list[dict[str, Any]]:
    try:
        entries = json.loads(str(QSettings().value(_KEY, "[]")))
    except (ValueError, RecursionError):
        return []
    entries = entries if isinstance(entries, list) else []
    return [entry for entry in entries if isinstance(entry, dict)]
