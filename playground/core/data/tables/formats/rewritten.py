"""The table of another format, written anew as CSV. Runs on any thread."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable


class Rewritten:
    """Rows on their way to CSV in UTF-8; as bytes at once, for text takes four times the room."""

    def __init__(self) -> None:
        self._content = io.BytesIO()
        self._text = io.TextIOWrapper(self._content, "utf-8", errors="replace", newline="")
        self._writer = csv.writer(self._text, lineterminator="\n")

    def add(self, cells: Iterable[object]) -> None:
        """One more row."""
        self._writer.writerow(cells)

    def add_all(self, rows: Iterable[Iterable[object]]) -> None:
        """Some more rows."""
        self._writer.writerows(rows)

    def add_blank(self) -> None:
        """A blank line, so that lines stay rows of the source."""
        self._text.write("\n")

    def content(self) -> bytes:
        """All that was written, without a copy."""
        self._text.flush()
        return self._content.getvalue()
