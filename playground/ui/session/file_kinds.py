"""What files the window opens and writes: their endings, how dialogs list them, which take long.

Imports the core and the words of the window; GUI thread.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypedDict

from playground.core.data.images.pictures import is_picture
from playground.core.data.tables.numerals import DecimalMark
from playground.core.errors import FileError
from playground.core.experiment import files
from playground.core.lessons.lesson_files import SUFFIX as LESSON_SUFFIX
from playground.core.messages import N_
from playground.engines.weights_file import SUFFIX as WEIGHTS_SUFFIX
from playground.ui.language import tr

PROJECT_ENDINGS = (files.SUFFIX, ".json")
NETWORK_ENDINGS = (WEIGHTS_SUFFIX,)
PICTURES = "*.png *.jpg *.jpeg *.gif *.bmp *.webp"
IMAGES = "*.npz *.npy *ubyte *ubyte.gz"
TABLES_TO_READ = " ".join(f"*{suffix}" for suffix in files.TABLE_SUFFIXES)


MOST_BYTES_AT_ONCE = 1_000_000


def is_large(path: Path) -> bool:
    """True for what takes longer to read than the window may wait: a long file, or a folder."""
    with suppress(OSError):  # what is not there is said by whoever opens it
        return os.path.isdir(path) or path.stat().st_size > MOST_BYTES_AT_ONCE
    return False


def holds_picture(path: Path) -> bool:
    """True for a file that begins like a picture."""
    with suppress(FileError):  # what cannot be read is said by whoever opens it
        return is_picture(path)
    return False


class TableForm(TypedDict, total=False):
    """How a table is written, in the words of `points_csv`."""

    delimiter: str
    encoding: str
    decimal: DecimalMark


TABLES: Mapping[str, TableForm] = {
    N_("Table, comma, UTF-8 (*.csv)"): {},
    N_("Table, comma, UTF-8 with BOM for Excel (*.csv)"): {"encoding": "utf-8-sig"},
    N_("Table, semicolon, decimal comma, UTF-8 with BOM (*.csv)"): {
        "delimiter": ";",
        "encoding": "utf-8-sig",
        "decimal": ",",
    },
    N_("Table, tab, UTF-16 (*.tsv)"): {"delimiter": "\t", "encoding": "utf-16"},
    N_("Table, comma, Shift-JIS (*.csv)"): {"encoding": "cp932"},
}
"""What is offered to export in, and the form of a table that it means."""


def projects() -> str:
    return f"{tr('Projects')} (*{files.SUFFIX})"


def networks() -> str:
    return f"{tr('Trained networks')} (*{WEIGHTS_SUFFIX})"


def everything() -> str:
    """What can be opened, all of it first."""
    patterns = f"*.json {TABLES_TO_READ} {PICTURES} {IMAGES} *{WEIGHTS_SUFFIX}".split()
    kinds = (
        (N_("Everything that opens"), " ".join(dict.fromkeys(patterns))),
        (N_("Projects"), f"*{files.SUFFIX}"),
        (N_("Lessons"), f"*{LESSON_SUFFIX}"),
        (N_("Images with labels"), IMAGES),
        (N_("All files"), "*"),
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
