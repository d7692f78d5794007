"""Project files: read, check, write.

A project file is JSON. Reading never changes what is open; writing goes to a temporary file that
then takes the place of the old one, so that a full disk or a crash leaves the old file whole.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

from playground.core.data.data import CsvData, ImagesData, PhotographsData
from playground.core.data.images.image_files import is_image_file
from playground.core.data.images.photographs import list_photographs
from playground.core.data.tables.choosing import data_of, wished_choice
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.formats.signatures import START_BYTES
from playground.core.data.tables.formats.source import (
    OTHER_SUFFIXES,
    TEXT_SUFFIXES,
    check_no_other_kind,
    is_made_anew,
)
from playground.core.data.tables.importing import first_rows, read_table_text
from playground.core.data.tables.reading import (
    MOST_OF_A_PATH,
    Progress,
    no_progress,
    read_start,
    read_text,
    whole_path,
)
from playground.core.errors import (
    DataError,
    FileError,
    PlaygroundError,
    printable,
    reason_of,
    short,
)
from playground.core.experiment.experiment import FIRST_FORMAT, FORMAT, Experiment
from playground.core.experiment.others.foreign import check_own
from playground.core.experiment.project_text import pieces
from playground.core.experiment.usual_settings import usually_trained
from playground.core.messages import N_, Message

SUFFIX = ".playground.json"
MAX_BYTES = 200_000_000
CSV_SUFFIXES = (".csv", ".tsv", ".txt")
TABLE_SUFFIXES = (*TEXT_SUFFIXES, *OTHER_SUFFIXES)
_PREFIX, _ENDING = ".playground-", ".tmp"
_LEFT_SECONDS = 3_600
"""No file takes that long to write."""


def load(path: str | os.PathLike[str]) -> Experiment:
    """The experiment in a project file; the path of a table in it becomes absolute.

    Raises FileError where the file cannot be read, ExperimentError where its content does not fit;
    both name the file.
    """
    place = Path(path)
    _check_kind(place)
    text = read_text(place, at_most=MAX_BYTES, what=Message("a project file"))
    name = short(place.name)
    raw = parse_json(text, name)
    check_own(raw, name)
    _check_format(raw, name)
    try:
        experiment = Experiment.parse(raw)
    except PlaygroundError as error:
        raise error.within(short(place.name)) from None
    return with_paths(experiment, lambda table: os.path.realpath(place.parent / table))


def check_known(place: Path) -> bytes:
    """The start of a file; raises FileError where it is of another program."""
    start = read_start(place, START_BYTES)
    check_no_other_kind(short(place.name), start)
    return start


def _check_kind(place: Path) -> None:
    """Raise FileError where a file is a table, or of another program."""
    start = check_known(place)
    if _is_table(place, start):
        raise FileError(
            "{name} is no project, but called or written as a table; 'playground train {name}'"
            " learns from it, and 'playground open {name}' shows it.",
            name=place,
        )


def _check_format(raw: Any, name: str) -> None:
    found = raw.get("format", FORMAT) if isinstance(raw, dict) else FORMAT
    if isinstance(found, str) and found not in (FIRST_FORMAT, FORMAT):
        raise FileError(
            "{name} has the format '{found}', but this version reads '{format}'; update"
            " Playground.",
            name=name,
            found=short(found, 40),
            format=FORMAT,
        )


class Wish(NamedTuple):
    """What somebody says of a table: the answer, the inputs, the sheet of a workbook, a second file
    with the rows to test with; None for what is found out, and for no second file.
    """

    answer: str | None = None
    inputs: tuple[str, ...] | None = None
    sheet: str | None = None
    test: Path | None = None


def open_any(
    path: str | os.PathLike[str], progress: Progress = no_progress, wish: Wish | None = None
) -> Experiment:
    """The experiment of a project file, or a new one on a table, a file or a folder of images.

    Raises FileError, DataError or ExperimentError, as `load` and `from_csv` do, and FileError for
    a file of another kind.
    """
    place = Path(path)
    if os.path.isdir(place):  # without a complaint about names that no system has
        list_photographs(place)  # says now what is missing, not when training starts
        data = {"kind": "photographs", "path": whole_path(place), "test_ratio": 0.3}
        title = printable(place.name)[:200]
        return usually_trained(Experiment.parse({"title": title, "data": data}))
    start = read_start(place, START_BYTES)
    if is_image_file(place):
        data = {"kind": "images", "path": whole_path(place), "test_ratio": 0.3}
        return Experiment.parse({"title": printable(place.stem)[:200], "data": data})
    if _is_table(place, start):
        return from_csv(place, progress, wish)
    check_no_other_kind(short(place.name), start)
    if not _is_json(place, start):
        if _reads_as_table(place):
            return from_csv(place, progress, wish)
        raise FileError(
            "{name} is no project ({suffix}), lesson, table (.csv, .tsv, .txt, .data, .xlsx, .ods,"
            " .arff, .npy), picture (.png, .jpg), file of images (IDX, .npz) or folder of"
            " photographs, so it cannot be opened.",
            name=place,
            suffix=SUFFIX,
        )
    return load(place)


def is_json(path: Path) -> bool:
    """True where a file is no table, and is called or begins as JSON does."""
    start = read_start(path, START_BYTES)
    return not _is_table(path, start) and _is_json(path, start)


def _is_table(path: Path, start: bytes) -> bool:
    return path.suffix.lower() in TABLE_SUFFIXES or is_made_anew(start)


def _reads_as_table(path: Path) -> bool:
    """True where the start of a file of another name has columns of numbers."""
    with suppress(FileError):
        text = first_rows(path)
        return any(text.judged(name).kind == "numbers" for name in text.names)
    return False


def _is_json(path: Path, start: bytes) -> bool:
    return path.suffix.lower() == ".json" or start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def is_table_file(path: Path) -> bool:
    """True where a file is called or begins as tables do, and holds no images."""
    with suppress(FileError):  # what cannot be read is said by whoever opens it
        start = read_start(path, START_BYTES)
        return _is_table(path, start) and not is_image_file(path)
    return path.suffix.lower() in TABLE_SUFFIXES


def from_csv(path: Path, progress: Progress = no_progress, wish: Wish | None = None) -> Experiment:
    """A new experiment on a table: columns of numbers are inputs, the last one is the answer.

    Text, or up to ten different whole numbers, are classes; other numbers are targets. Inputs are
    standardised, because columns come in all units. Raises FileError where there is no table to
    read, DataError where a number in it is too large or a column that is wished for is missing.
    """
    wish = wish or Wish()
    text = read_table_text(path, WantedForm(part=wish.sheet), progress=progress)
    facts = facts_of(text, progress)
    choice = wished_choice(text, facts, wish.answer, wish.inputs).tested_with(wish.test)
    if not choice.columns.inputs:
        raise FileError(
            "{name} has no column beside '{answer}' that could be an input; there need to be"
            " numbers, or words that come again.",
            name=path,
            answer=short(choice.columns.answer),
        )
    for column in facts:
        if column.refusal and column.name in (*choice.columns.inputs, choice.columns.answer):
            raise DataError(column.refusal)  # said now, not when training starts
    raw = {"title": printable(path.stem)[:200], "data": data_of(text, choice)}
    return usually_trained(Experiment.parse(raw))


def save(experiment: Experiment, path: str | os.PathLike[str]) -> None:
    """Write a project file, whole or not at all. Raises FileError where it cannot be written.

    Takes some seconds for a million points, and lets other threads work meanwhile.
    """
    place = Path(path)

    def relative(table: str) -> str:
        try:
            return Path(os.path.relpath(table, place.parent)).as_posix()
        except ValueError:  # another drive on Windows
            return table

    write_atomically(place, pieces(with_paths(experiment, relative)))


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a project file."""
    schema = Experiment.model_json_schema()
    for part in schema["$defs"].values():
        if "const" in part["properties"].get("kind", {}):
            part["required"] = ["kind", *part.get("required", [])]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


_JSON_FAULTS = {
    "Expecting value": N_("a value is missing"),
    "Expecting ',' delimiter": N_("a comma is missing"),
    "Expecting ':' delimiter": N_("a colon is missing"),
    "Expecting property name enclosed in double quotes": N_("a name in double quotes is missing"),
    "Unterminated string starting at": N_("a text without a closing quote begins"),
    "Invalid control character at": N_("a text holds a line break or another control character"),
    "Invalid \\escape": N_("a backslash stands before a character that needs none"),
    "Invalid \\uXXXX escape": N_("a backslash and u need four digits behind them"),
    "Extra data": N_("there is more behind the end"),
}
"""What Python says of JSON that it cannot read, as the beginnings of its sentences."""


def _fault_in_json(said: str) -> Message:
    found = (fault for begin, fault in _JSON_FAULTS.items() if said.startswith(begin))
    return Message(next(found, N_("something is wrong")))


def parse_json(text: str, name: str) -> Any:
    """Plain data from JSON text, without NaN and infinity, which JSON does not have.

    Raises FileError; `name` is what it calls the file.
    """

    def refuse(constant: str) -> None:
        raise FileError(
            "{name} holds {constant}, which is not a number; put a finite number there.",
            name=name,
            constant=constant,
        )

    try:
        raw = json.loads(text, parse_constant=refuse)
        if _HALF.search(text):
            _check_characters(raw, name)
        return raw
    except json.JSONDecodeError as error:
        raise FileError(
            "{name} is not valid JSON: {fault} in line {line}.",
            name=name,
            fault=_fault_in_json(error.msg),
            line=error.lineno,
        ) from None
    except ValueError:
        raise FileError(
            "{name} holds a number with thousands of digits; shorten it.", name=name
        ) from None
    except RecursionError:
        raise FileError("{name} is nested too deeply to be a project file.", name=name) from None


_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""One of the two escapes that JSON spells a character beyond U+FFFF with."""


def _check_characters(raw: Any, name: str) -> None:
    """Raise FileError where a text has half of such a character, which no file could hold."""
    try:
        json.dumps(raw, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = short(error.object[error.start])
        raise FileError(
            "{name} holds half of a character, {half}; write the other half behind it, or remove"
            " it.",
            name=name,
            half=half,
        ) from None


def write_atomically(path: Path, content: bytes | Iterable[bytes | memoryview]) -> None:
    """Put `content`, whole or in pieces, at `path`: either all of it, or the old file stays.

    A link stays a link; the file it leads to is replaced. Raises FileError.
    """
    parts = [content] if isinstance(content, bytes) else content
    try:
        place = _real(path)
        _forget_leftovers(place.parent)
        with _temporary_file(place) as (file, temporary):
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
            file.close()  # Windows moves no open file
            if place.exists():
                temporary.chmod(place.stat().st_mode & 0o777)
            temporary.replace(place)
    except OSError as error:
        raise FileError(
            "{path} cannot be written: {reason}. Nothing was changed; save it elsewhere.",
            path=short(path, MOST_OF_A_PATH),
            reason=reason_of(error),
        ) from None
    _settle(place.parent)


def _real(path: Path) -> Path:
    """Where a link leads to; a name that no system has raises OSError as others do."""
    try:
        return Path(os.path.realpath(path))
    except ValueError as error:
        raise OSError(str(error)) from None


@contextmanager
def _temporary_file(place: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A new file beside `place` that is gone behind the block, unless it has become another one.

    It has the rights that the system gives to a new file, or is private where it stands in for
    one that is there: that one's rights are given to it once it is whole.
    """
    name = place.parent / f"{_PREFIX}{secrets.token_hex(8)}{_ENDING}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    number = os.open(name, flags, 0o600 if place.exists() else 0o666)
    with open(number, "wb") as file:
        try:
            yield file, name
        finally:
            file.close()
            name.unlink(missing_ok=True)


def _forget_leftovers(folder: Path) -> None:
    """Remove what a program that was ended in the middle of writing has left behind here."""
    with suppress(OSError):
        for left in folder.glob(f"{_PREFIX}*{_ENDING}"):
            if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
                left.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Have the name on the disk as well as the content; not every system can do that."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def with_paths(experiment: Experiment, change: Callable[[str], str]) -> Experiment:
    """The same experiment with the paths of its data changed, where they are in files."""
    data = experiment.data
    if not isinstance(data, CsvData | ImagesData | PhotographsData):
        return experiment
    paths = {"path": data.path, "test_path": getattr(data, "test_path", None)}
    changed = {name: change(path) for name, path in paths.items() if path is not None}
    return experiment.model_copy(update={"data": data.model_copy(update=changed)})
