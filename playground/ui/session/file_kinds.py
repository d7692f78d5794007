"""What files the window opens and writes: their endings, and how dialogs list them.

Imports the core and the words of the window; GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from playground.core.data.tables.numerals import DecimalMark
from playground.core.experiment import files
from playground.core.lessons.lesson_files import SUFFIX as LESSON_SUFFIX
from playground.engines.weights_file import SUFFIX as WEIGHTS_SUFFIX
from playground.ui.language import tr

PROJECT_ENDINGS = (files.SUFFIX, ".json")
NETWORK_ENDINGS = (WEIGHTS_SUFFIX,)
PICTURES = "*.png *.jpg *.jpeg *.gif *.bmp *.webp"
IMAGES = "*.npz *ubyte *ubyte.gz"
TABLES_TO_READ = "*.csv *.tsv *.txt"


class TableForm(TypedDict, total=False):
    """How a table is written, in the words of `points_csv`."""

    delimiter: str
    encoding: str
    decimal: DecimalMark


TABLES: Mapping[str, TableForm] = {
    "Table, comma, UTF-8 (*.csv)": {},
    "Table, comma, UTF-8 with BOM for Excel (*.csv)": {"encoding": "utf-8-sig"},
    "Table, semicolon, decimal comma, UTF-8 with BOM (*.csv)": {
        "delimiter": ";",
        "encoding": "utf-8-sig",
        "decimal": ",",
    },
    "Table, tab, UTF-16 (*.tsv)": {"delimiter": "\t", "encoding": "utf-16"},
    "Table, comma, Shift-JIS (*.csv)": {"encoding": "cp932"},
}
"""What is offered to export in, and the form of a table that it means."""


def projects() -> str:
    return f"{tr('Projects')} (*{files.SUFFIX})"


def networks() -> str:
    return f"{tr('Trained networks')} (*{WEIGHTS_SUFFIX})"


def everything() -> str:
    """What can be opened, all of it first."""
    kinds = (
        (
            "Everything that opens",
            f"*.json {TABLES_TO_READ} {PICTURES} {IMAGES} *{WEIGHTS_SUFFIX}",
        ),
        ("Projects", f"*{files.SUFFIX}"),
        ("Lessons", f"*{LESSON_SUFFIX}"),
        ("Images with labels", IMAGES),
        ("All files", "*"),
    )
    return ";;".join(f"{tr(name)} ({pattern})" for name, pattern in kinds)


def tables() -> dict[str, tuple[str, list[str]]]:
    """What a dialog lists to export in -> the key in TABLES, and the endings of its files."""
    found = {}
    for form in TABLES:
        ending = form.rpartition("*")[2].removesuffix(")")
        others = [other for other in files.CSV_SUFFIXES if other != ending]
        found[tr(form)] = form, [ending, *others]
    return found
