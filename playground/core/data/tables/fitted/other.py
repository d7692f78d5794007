"""Another table than the one that is trained on, found in its file by the columns that it needs.

Encoding, delimiter and decimal mark are found out anew: somebody else may have written it. Imports
numpy and the core only; runs on any thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from playground.core.data.tables.fitted.columns import FittedColumns
from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.importing import TableText, first_rows, read_table_text
from playground.core.data.tables.numerals import number
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.errors import FileError


def read_other(
    path: Path,
    fitted: FittedColumns,
    sheet: str | None = None,
    progress: Progress = no_progress,
) -> TableText:
    """The table in a file. Of a workbook it is the sheet of that name, or the first with a table.

    Whether the first line has names is told by the names that are needed; without names columns
    are told by their order, and the answer may be missing. Raises FileError where there is no
    table.
    """
    part = _part_in(path, sheet)
    text = _read(path, WantedForm(part=part), fitted, progress)
    has_names = not fitted.unnamed
    if text.form.has_header != has_names and not _has_all(text, fitted.needed):
        wanted = WantedForm(part=part, has_header=has_names)
        again = read_table_text(path, wanted, progress=progress)
        text = again if not has_names or _has_all(again, fitted.needed) else text
    return _with_mark_of(fitted, _called_alike(text, fitted))


def _read(path: Path, wanted: WantedForm, fitted: FittedColumns, progress: Progress) -> TableText:
    """The table in a file; one column is enough where no more are needed."""
    try:
        return read_table_text(path, wanted, progress=progress)
    except FileError:
        if len(fitted.needed) > 1:
            raise
        alone = replace(wanted, fewest=1)
        text = read_table_text(path, alone, progress=progress)
        if not (text.form.has_header or fitted.unnamed):
            text = read_table_text(path, replace(alone, has_header=True), progress=progress)
        return text


def _part_in(path: Path, sheet: str | None) -> str | None:
    """The sheet, where the file has one of that name."""
    if sheet is None:
        return None
    try:
        found = first_rows(path)  # a workbook says all of its sheets
    except FileError:
        return sheet
    return sheet if sheet in found.met.parts else None


def _has_all(text: TableText, names: Sequence[str]) -> bool:
    return set(names) <= set(text.names)


def _called_alike(text: TableText, fitted: FittedColumns) -> TableText:
    """The columns of a table without names, called as in the one that is trained on."""
    if text.form.has_header or not fitted.unnamed:
        return text
    names = fitted.unnamed
    if len(text.names) == len(names) - 1:
        names = tuple(name for name in names if name != fitted.answer)
    return replace(text, names=names) if len(text.names) == len(names) else text


def _with_mark_of(fitted: FittedColumns, text: TableText) -> TableText:
    """A table whose numbers may have either mark has that of the one that is trained on, where
    both are divided alike.
    """
    form, mark = text.form, fitted.decimal
    if form.decimal == mark or form.delimiter != fitted.delimiter:
        return text
    numeric = [each.column for each in fitted.inputs if each.kind == "numbers"]
    cells = (cell for name in numeric if name in text.names for cell in text.column(name))
    if all(number(cell, mark) is not None for cell in cells if number(cell, form.decimal)):
        return replace(text, form=replace(form, decimal=mark))
    return text
