"""Project files: read, check, write.

A project file is JSON. Reading never changes what is open; writing goes to a temporary file that
then takes the place of the old one, so that a full disk or a crash leaves the old file whole.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from playground.core.errors import DataError, FileError, PlaygroundError, printable, short
from playground.core.experiment import FORMAT, CsvData, Experiment, ImagesData
from playground.core.image_files import is_image_file
from playground.core.tables.choosing import automatic_choice, data_of, facts_of
from playground.core.tables.importing import is_workbook, read_table_text
from playground.core.tables.reading import (
    MOST_OF_A_PATH,
    Progress,
    no_progress,
    read_start,
    read_text,
    whole_path,
)

__all__ = [
    "SUFFIX",
    "from_csv",
    "json_schema",
    "load",
    "open_any",
    "parse_json",
    "save",
    "write_atomically",
]

SUFFIX = ".playground.json"
MAX_BYTES = 200_000_000
CSV_SUFFIXES = (".csv", ".tsv", ".txt")


def load(path: str | os.PathLike[str]) -> Experiment:
    """The experiment in a project file; the path of a table in it becomes absolute.

    Raises FileError where the file cannot be read, ExperimentError where its content does not fit;
    both name the file.
    """
    place = Path(path)
    text = read_text(place, at_most=MAX_BYTES, what="a project file")
    name = short(place.name)
    raw = parse_json(text, name)
    _check_format(raw, name)
    try:
        experiment = Experiment.parse(raw)
    except PlaygroundError as error:
        raise type(error)(f"{short(place.name)}: {error}") from None
    return _with_table_path(experiment, lambda table: os.path.realpath(place.parent / table))


def _check_format(raw: Any, name: str) -> None:
    found = raw.get("format", FORMAT) if isinstance(raw, dict) else FORMAT
    if isinstance(found, str) and found != FORMAT:
        raise FileError(
            f"{name} has the format '{short(found, 40)}', but this version reads '{FORMAT}';"
            " update Playground."
        )


def open_any(path: str | os.PathLike[str], progress: Progress = no_progress) -> Experiment:
    """The experiment of a project file, or a new one on a table or on a file of images.

    Raises FileError, DataError or ExperimentError, as `load` and `from_csv` do, and FileError for
    a file of another kind.
    """
    place = Path(path)
    start = read_start(place, 64)
    if is_image_file(place):
        data = {"kind": "images", "path": whole_path(place), "test_ratio": 0.3}
        return Experiment.parse({"title": printable(place.stem)[:200], "data": data})
    if place.suffix.lower() in CSV_SUFFIXES or is_workbook(start):
        return from_csv(place, progress)
    if place.suffix.lower() != ".json" and not start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(
        b"{"
    ):
        raise FileError(
            f"{short(place.name)} is no project ({SUFFIX}), table (.csv, .tsv, .txt) or file"
            " of images"
            " (IDX, .npz), so it cannot be opened."
        )
    return load(place)


def from_csv(path: Path, progress: Progress = no_progress) -> Experiment:
    """A new experiment on a table: columns of numbers are inputs, the last one is the answer.

    Text, or up to ten different whole numbers, are classes; other numbers are targets. Inputs are
    standardised, because columns come in all units. Raises FileError where there is no table to
    read, DataError where a number in it is too large.
    """
    text = read_table_text(path, progress=progress)
    facts = facts_of(text, progress)
    choice = automatic_choice(facts)
    if not choice.columns.inputs:
        raise FileError(
            f"{short(path.name)} has no column of numbers before the last one to learn from."
        )
    for column in facts:
        if column.refusal and column.name in (*choice.columns.inputs, choice.columns.answer):
            raise DataError(column.refusal)  # said now, not when training starts
    return Experiment.parse({"title": printable(path.stem)[:200], "data": data_of(text, choice)})


def save(experiment: Experiment, path: str | os.PathLike[str]) -> None:
    """Write a project file, whole or not at all. Raises FileError where it cannot be written."""
    place = Path(path)

    def relative(table: str) -> str:
        try:
            return Path(os.path.relpath(table, place.parent)).as_posix()
        except ValueError:  # another drive on Windows
            return table

    plain = _with_table_path(experiment, relative).plain()
    text = json.dumps(_without_absent(plain), indent=2, ensure_ascii=False, allow_nan=False)
    write_atomically(place, (_rows_on_one_line(text) + "\n").encode())


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a project file."""
    schema = Experiment.model_json_schema()
    for part in schema["$defs"].values():
        if "const" in part["properties"].get("kind", {}):
            part["required"] = ["kind", *part.get("required", [])]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def parse_json(text: str, name: str) -> Any:
    """Plain data from JSON text, without NaN and infinity, which JSON does not have.

    Raises FileError; `name` is what it calls the file.
    """

    def refuse(constant: str) -> None:
        raise FileError(
            f"{name} holds {constant}, which is not a number; put a finite number there."
        )

    try:
        raw = json.loads(text, parse_constant=refuse)
        if _HALF.search(text):
            _check_characters(raw, name)
        return raw
    except json.JSONDecodeError as error:
        raise FileError(f"{name} is not valid JSON: {error.msg} in line {error.lineno}.") from None
    except ValueError:
        raise FileError(f"{name} holds a number with thousands of digits; shorten it.") from None
    except RecursionError:
        raise FileError(f"{name} is nested too deeply to be a project file.") from None


_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""One of the two escapes that JSON spells a character beyond U+FFFF with."""


def _check_characters(raw: Any, name: str) -> None:
    """Raise FileError where a text has half of such a character, which no file could hold."""
    try:
        json.dumps(raw, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = short(error.object[error.start])
        raise FileError(
            f"{name} holds half of a character, {half}; write the other half behind it, or remove"
            " it."
        ) from None


def write_atomically(path: Path, content: bytes) -> None:
    """Put `content` at `path`: either all of it, or the old file stays. Raises FileError.

    A link stays a link; the file it leads to is replaced.
    """
    place = Path(os.path.realpath(path))
    try:
        with _temporary_file(place.parent) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            file.close()  # Windows moves no open file
            temporary = Path(file.name)
            _keep_permissions(place, temporary)
            temporary.replace(place)
    except OSError as error:
        raise FileError(
            f"{short(path, MOST_OF_A_PATH)} cannot be written: {error.strerror or error}."
            " Nothing was changed; save it"
            " elsewhere."
        ) from None


@contextmanager
def _temporary_file(folder: Path) -> Iterator[IO[bytes]]:
    """A new file in `folder` that is gone behind the block, unless it has become another one."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".playground-", delete=False) as file:
        try:
            yield file
        finally:
            file.close()
            Path(file.name).unlink(missing_ok=True)


def _keep_permissions(path: Path, temporary: Path) -> None:
    """Give a private temporary file the rights of the file it replaces, or the usual ones."""
    umask = os.umask(0)
    os.umask(umask)
    temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~umask)


def _with_table_path(experiment: Experiment, change: Callable[[str], str]) -> Experiment:
    data = experiment.data
    if not isinstance(data, CsvData | ImagesData):
        return experiment
    return experiment.model_copy(
        update={"data": data.model_copy(update={"path": change(data.path)})}
    )


def _without_absent(value: Any) -> Any:
    """`value` without keys that are None, except `epochs`; `kind` first, as a reader expects."""
    if isinstance(value, dict):
        return {
            key: _without_absent(value[key])
            for key in sorted(value, key=lambda key: key != "kind")
            if value[key] is not None or key == "epochs"
        }
    return value


def _rows_on_one_line(text: str) -> str:
    """Lists of numbers on a line of their own, so that a file with points stays readable."""
    number = r"-?\d[\d.eE+-]*"
    # Text never holds a line break, so nothing inside quotes can match.
    return re.sub(
        rf"\[\n\s*({number}(?:,\n\s*{number})*)\n\s*\]",
        lambda match: "[" + re.sub(r"\s+", " ", match.group(1)) + "]",
        text,
    )
