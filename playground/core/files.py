"""Project files: read, check, write.

A project file is JSON. Reading never changes what is open; writing goes to a temporary file that then takes the
place of the old one, so that a full disk or a crash leaves the old file whole.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playground.core.errors import FileError, PlaygroundError
from playground.core.experiment import FORMAT, CsvData, Experiment

__all__ = ["SUFFIX", "json_schema", "load", "parse_json", "save", "write_atomically"]

SUFFIX = ".playground.json"
MAX_BYTES = 200_000_000


def load(path: str | os.PathLike[str]) -> Experiment:
    """The experiment in a project file; the path of a table in it becomes absolute.

    Raises FileError where the file cannot be read, ExperimentError where its content does not fit; both name the
    file.
    """
    place = Path(path)
    raw = parse_json(_read(place), place.name)
    if isinstance(raw, dict) and raw.get("format", FORMAT) != FORMAT:
        raise FileError(
            f"{place.name} has the format {raw['format']!r}, but this version reads '{FORMAT}'; update Playground."
        )
    try:
        experiment = Experiment.parse(raw)
    except PlaygroundError as error:
        raise type(error)(f"{place.name}: {error}") from None
    return _with_table_path(experiment, lambda table: str((place.parent / table).resolve()))


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
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def parse_json(text: str, name: str) -> Any:
    """Plain data from JSON text. NaN and infinity, which JSON does not have, are refused. Raises FileError."""

    def refuse(constant: str) -> None:
        raise FileError(f"{name} holds {constant}, which is not a number; put a finite number there.")

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise FileError(f"{name} is not valid JSON: {error.msg} in line {error.lineno}.") from None
    except RecursionError:
        raise FileError(f"{name} is nested too deeply to be a project file.") from None


def write_atomically(path: Path, content: bytes) -> None:
    """Put `content` at `path`: either all of it, or the old file stays. Raises FileError."""
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            temporary = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _keep_permissions(path, temporary)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise FileError(
            f"{path} cannot be written: {error.strerror or error}. Nothing was changed; save it elsewhere."
        ) from None


def _keep_permissions(path: Path, temporary: Path) -> None:
    """Temporary files are private; a project file has the rights of the file it replaces, or the usual ones."""
    umask = os.umask(0)
    os.umask(umask)
    temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~umask)


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileError(f"{path.name} is larger than 200 MB, which no project file is.")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise FileError(f"{path.name} is not UTF-8 text; a project file is.") from None


def _with_table_path(experiment: Experiment, change: Callable[[str], str]) -> Experiment:
    data = experiment.data
    if not isinstance(data, CsvData):
        return experiment
    return experiment.model_copy(update={"data": data.model_copy(update={"path": change(data.path)})})


def _without_absent(value: Any) -> Any:
    """`value` without the keys that are None, except `epochs`; `kind` comes first, as a reader expects."""
    if isinstance(value, dict):
        return {
            key: _without_absent(value[key])
            for key in sorted(value, key=lambda key: key != "kind")
            if value[key] is not None or key == "epochs"
        }
    return value


def _rows_on_one_line(text: str) -> str:
    """Short lists of numbers on a line of their own, so that a file with points stays readable."""
    import re

    number = r"-?\d[\d.eE+-]*"
    return re.sub(
        rf"\[\s+({number}(?:,\s+{number})*)\s+\]",
        lambda match: "[" + re.sub(r"\s+", " ", match.group(1)) + "]",
        text,
    )
