"""Sheets of workbooks, of Excel and of OpenDocument, as text. Runs on any thread.

python-calamine reads them: twenty times as fast as openpyxl, and all kinds. It is imported when it
is used.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.formats.rewritten import Rewritten
from playground.core.data.tables.reading import Progress
from playground.core.errors import FileError, nearest, short

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
FORM = WantedForm(encoding="utf-8", delimiter=",", decimal=".")
"""How a sheet is written as text."""
_INSIDE = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_WAIT_SECONDS = 0.05
_CELLS = 20_000
"""Cells that are written before anybody asks whether to go on."""
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as CSV, a line for each row from the first one on, and the names of all sheets."""

    content: bytes
    name: str
    names: tuple[str, ...]


def is_workbook(names: Iterable[str]) -> bool:
    """True for an archive with these files in it."""
    return any(name in _INSIDE for name in names)


def sheet_of(name: str, content: bytes, wanted: str | None, progress: Progress) -> Sheet:
    """A sheet of a workbook: the wanted one, else the first with two columns and two rows.

    Raises FileError.
    """
    import python_calamine

    try:
        workbook = _while_waiting(
            lambda: python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)), progress
        )
        names = tuple(workbook.sheet_names)
        if wanted is not None and wanted not in names:
            raise FileError(
                "{name} has no sheet '{sheet}'.",
                nearest(wanted, names),
                name=name,
                sheet=short(wanted),
            )
        for sheet_name in names if wanted is None else (wanted,):
            sheet = _while_waiting(lambda: workbook.get_sheet_by_name(sheet_name), progress)  # noqa: B023
            if sheet.height > 1 and sheet.width > 1:
                return Sheet(_as_csv(sheet.iter_rows(), progress), sheet_name, names)
    except python_calamine.PasswordError:
        raise FileError(
            "{name} is locked with a password; save it without one.", name=name
        ) from None
    except (python_calamine.CalamineError, OSError):
        raise damaged(name) from None
    raise FileError("{name} has no sheet with two columns and two rows.", name=name)


def damaged(name: str) -> FileError:
    """That a file has the beginning of a workbook or an archive, but not all of it."""
    return FileError(
        "{name} is a workbook or an archive that is damaged or cut off; fetch or save it again, or"
        " save the table in it as CSV.",
        name=name,
    )


def _while_waiting(work: Callable[[], Found], progress: Progress) -> Found:
    """What `work` gives, which takes a while and cannot be ended; whoever waits can give up."""
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        future = pool.submit(work)
        while True:
            try:
                return future.result(timeout=_WAIT_SECONDS)
            except NotYet:
                progress(0.0)
    finally:
        pool.shutdown(wait=False)


def _as_csv(rows: Iterable[Sequence[Any]], progress: Progress) -> bytes:
    table = Rewritten()
    left = 0
    for row in rows:
        left -= len(row) + 1
        if left < 0:
            progress(0.0)
            left = _CELLS
        cells = [_text(cell) for cell in row]
        if any(cells):
            table.add(cells)
        else:
            table.add_blank()
    return table.content()


def _text(cell: Any) -> str:
    """A cell as people see it: whole numbers without a point, dates as ISO 8601 writes them."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime):
        has_time = cell.time() != time()
        return cell.isoformat(" ", "seconds") if has_time else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell.total_seconds() / 86_400)
    return " ".join(str(cell).split("\n")) if isinstance(cell, str) else str(cell)
