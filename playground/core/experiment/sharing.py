"""An experiment as one line of text that can be sent in a message, and back.

The line is "playground:" and the project as compact JSON, without what is left at its default,
compressed with zlib and written in the alphabet of RFC 4648, section 5 (URLs). Imports the core
only; any thread.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Collection
from typing import Any

from pydantic import BaseModel

from playground.core.data.tables.formats.signatures import START_BYTES
from playground.core.data.tables.formats.source import is_made_anew
from playground.core.errors import DataError, FileError, PlaygroundError
from playground.core.experiment.experiment import Experiment, format_of
from playground.core.experiment.files import parse_json
from playground.core.experiment.others import tensorflow_playground
from playground.core.experiment.others.foreign import check_own
from playground.core.messages import Message

PREFIX = "playground:"

MAX_LINK = 30_000
"""Characters: a message of ten pages. Longer lines are cut by many programs on their way."""

MAX_PLAIN = 2_000_000
"""Bytes that a link may unfold to: a thousandfold more would fit into one that means harm."""

_NAME, _TEXT = Message("The link"), Message("The pasted text")
_BLANKS = "\ufeff \t\r\n"


def to_link(experiment: Experiment) -> str:
    """The experiment as a link. Raises DataError where it cannot be one."""
    if getattr(experiment.data, "path", None) is not None:
        raise DataError(
            "A link cannot hold a file; send the project file together with the file it names."
        )
    text = json.dumps(brief(experiment), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    link = PREFIX + packed
    if len(link) > MAX_LINK:
        raise DataError(
            "A link to this experiment would have {count:,} characters, but {most:,} are the most"
            " that a message carries; use fewer points, or send the project file.",
            count=len(link),
            most=MAX_LINK,
        )
    return link


def brief(experiment: Experiment, *always: str) -> dict[str, Any]:
    """Plain data for `parse`, without what is left at its default.

    always  names of settings, or of parts, that are there in any case
    """
    plain = _without_defaults(experiment, {"kind", *always})
    plain = {"format": format_of(experiment), **plain}
    # Some defaults depend on other settings.
    return plain if Experiment.parse(plain) == experiment else experiment.plain()


def is_link(text: str) -> bool:
    """True where a text means to be a link, ours or one of TensorFlow Playground, whether or not it
    can be read.
    """
    return text.lstrip().startswith(PREFIX) or tensorflow_playground.is_link(text)


def is_object(text: str) -> bool:
    """True where a text begins as an object in JSON does, such as a project, and is no table."""
    start = text[:START_BYTES].lstrip(_BLANKS)
    return start.startswith("{") and not is_made_anew(start.encode(errors="replace"))


def opened(text: str) -> tensorflow_playground.Opened:
    """The experiment of a link of either kind, or in the text of a project, and what could not be
    kept of it.

    Raises FileError where it is none, ExperimentError where what it holds does not fit.
    """
    if tensorflow_playground.is_link(text):
        return tensorflow_playground.from_link(text)
    if is_object(text):
        return tensorflow_playground.Opened(_from_text(text), ())
    return tensorflow_playground.Opened(from_link(text), ())


def from_link(text: str) -> Experiment:
    """The experiment in a link, which may be broken into lines as a mail program does.

    Raises FileError where it is none, ExperimentError where what it holds does not fit.
    """
    line = "".join(text.split())
    if not line.startswith(PREFIX):
        raise FileError(
            "{name} does not begin with '{prefix}'; copy all of it.", name=_NAME, prefix=PREFIX
        )
    if len(line) > MAX_LINK:
        raise FileError(
            "{name} is longer than {most:,} characters, so none was made here.",
            name=_NAME,
            most=MAX_LINK,
        )
    return _parsed(parse_json(_unpacked(line.removeprefix(PREFIX)), _NAME), _NAME)


def _from_text(text: str) -> Experiment:
    """The experiment in the text of a project. Raises as `from_link` does."""
    if len(text) > MAX_PLAIN:
        raise FileError("{name} is too long; save it as a file and open that.", name=_TEXT)
    raw = parse_json(text.strip(_BLANKS), _TEXT)
    check_own(raw, _TEXT)
    return _parsed(raw, _TEXT)


def _parsed(raw: Any, name: str) -> Experiment:
    try:
        experiment = Experiment.parse(raw)
    except PlaygroundError as error:
        raise error.within(name) from None
    if getattr(experiment.data, "path", None) is not None:
        raise FileError(
            "{name} names a file on another computer; ask for the project file.", name=name
        )
    return experiment


def _unpacked(packed: str) -> str:
    """The JSON text in a link, never longer than MAX_PLAIN."""
    damaged = FileError(
        "{name} is damaged; copy all of it, from '{prefix}' to its end.", name=_NAME, prefix=PREFIX
    )
    try:
        padded = packed + "=" * (-len(packed) % 4)
        content = base64.b64decode(padded, altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(content, MAX_PLAIN)
        if unpacker.unconsumed_tail:
            raise FileError(
                "{name} unfolds to more than an experiment can be; do not use it.", name=_NAME
            )
        if not unpacker.eof or unpacker.unused_data:
            raise damaged
        return plain.decode()
    except (binascii.Error, zlib.error, UnicodeError, ValueError):
        raise damaged from None


def _without_defaults(settings: BaseModel, always: Collection[str]) -> dict[str, Any]:
    """Plain settings that differ from their defaults, and those that are called so."""
    plain = settings.model_dump(mode="json")
    kept = {}
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if name in always or field.is_required() or not _same(value, field.default):
            kept[name] = _compact(value, plain[name], always)
    return kept


def _same(value: Any, default: Any) -> bool:
    return type(value) is type(default) and bool(value == default)


def _compact(value: Any, plain: Any, always: Collection[str]) -> Any:
    if isinstance(value, BaseModel):
        return _without_defaults(value, always)
    if isinstance(value, tuple) and value and all(isinstance(part, BaseModel) for part in value):
        return [_without_defaults(part, always) for part in value]
    return plain
