"""Every error a person may see.

    PlaygroundError          one sentence: the thing, the value, the way out
    ├── UnknownChoiceError   a name that no registry knows; suggests the nearest one
    ├── ExperimentError      a setting that is missing, unknown or out of range; names its path
    ├── DataError            data that cannot be trained on
    ├── FileError            a file that cannot be read or written
    ├── DeviceError          a device that is not there
    └── EngineError          an engine that cannot train this experiment

Names and values of files that somebody brings go into it through `short` or `shown`. The window
shows the sentence in place; the command line prints it on stderr and exits with code 1.
Anything else that is raised is a bug and keeps its traceback.
"""

from __future__ import annotations

import difflib
import errno
import reprlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Self

from pydantic import ValidationError

from playground.core.messages import N_, Message
from playground.core.numbers import MINUS, MOST_WHOLE, entry

MOST_SHOWN = 60
"""Characters of a name or a value that a sentence quotes: enough to find it again."""
MOST_LISTED = 190
"""Characters of a list of names: room for all kinds of layers."""
_LONGEST_WORD = 100


@dataclass(frozen=True, slots=True)
class Wording:
    """What is called one way in files and commands, and another way in the window.

    typed  as in files and behind --set: "model.layers.3"
    shown  as the window says it: "Layer 4, convolution"
    """

    typed: str
    shown: str


class PlaygroundError(Exception):
    """The base of all errors that are meant for a person.

    `message` is what the window says and can be translated; `str()` is the same in English on one
    line that every terminal can show: what a file has put into it of line breaks, control
    characters and halves of characters is spelled out, and settings are called by their paths.

    Args:
        template, further, values: as of `Message`; for a path among the values stands its name,
            and an error says what it says.
    """

    def __init__(self, template: str = "", /, *further: str, **values: Any) -> None:
        self.message = Message(template, *further, **{k: _shown(v) for k, v in values.items()})
        typed = {k: _typed(v) for k, v in values.items()}
        super().__init__(printable(Message(template, *further, **typed)).replace(MINUS, "-"))

    def within(self, place: str | Wording) -> Self:
        """The same error, which tells of the file or the setting in which it was found."""
        return type(self)("{path}: {fault}", path=place, fault=self)


def _shown(value: Any) -> Any:
    """A value of an error as the window says it."""
    if isinstance(value, PlaygroundError):
        return value.message
    if isinstance(value, Wording):
        return value.shown
    if isinstance(value, PurePath):
        name = value.name if value.name not in ("", "..") else Path(value).resolve().name
        return short(name or value)
    return value


def _typed(value: Any) -> Any:
    """A value of an error as a terminal says it."""
    if isinstance(value, PlaygroundError):
        return str(value)
    return value.typed if isinstance(value, Wording) else _shown(value)


class InvalidValueError(ValueError):
    """What a pydantic validator raises, so that `explain` can put a path before it.

    Args:
        template, further, values: as of `Message`.
    """

    def __init__(self, template: str, /, *further: str, **values: Any) -> None:
        self.message = Message(template, *further, **values)
        super().__init__(self.message)


class UnknownChoiceError(PlaygroundError):
    """A key that a registry does not hold."""


class ExperimentError(PlaygroundError):
    """A setting that is missing, unknown, of the wrong type or out of range."""


class DataError(PlaygroundError):
    """Data that cannot be trained on."""


class FileError(PlaygroundError):
    """A file that cannot be read or written."""


class DeviceError(PlaygroundError):
    """A device that this computer does not have."""


class EngineError(PlaygroundError):
    """An engine that cannot train this experiment."""


_REASONS = {
    errno.ENOENT: N_("there is no such file or folder; check its name and its place"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a part of its path is no folder"),
    errno.EACCES: N_("its rights do not allow it"),
    errno.EPERM: N_("its rights do not allow it"),
    errno.ENAMETOOLONG: N_("its name is too long"),
    errno.ELOOP: N_("its links lead round in a circle"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EROFS: N_("the disk is write-protected"),
    errno.EIO: N_("the disk reports a fault"),
}
"""What systems say in English, or in a language that is not the window's, by their numbers."""


def reason_of(error: Exception) -> str:
    """Why the system refuses something, in words that are translated, where its number is known."""
    known = _REASONS.get(getattr(error, "errno", None) or 0)
    return Message(known) if known else getattr(error, "strerror", None) or short(error, 100)


def printable(text: str) -> str:
    """`text` on one line; what cannot be seen is spelled as in Python: \\n, \\x1b, \\ud800."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() or sign in _SPACES else _spelled(sign) for sign in text
    )


_SPACES = "\xa0\u3000"


def _spelled(sign: str) -> str:
    return sign.encode("unicode_escape").decode()


def short(text: object, most: int = MOST_SHOWN) -> str:
    """A name or a value as a sentence quotes it: printable, and without its middle where it is
    longer than `most` characters. The end stays: of a file it tells the kind.
    """
    whole = str(text)
    clean = printable(whole if len(whole) <= most else whole[:most] + whole[-most:])
    if len(clean) <= most and len(whole) <= most:
        return clean
    end = most // 3
    return f"{clean[: most - end - 3]}...{clean[-end:]}"


def nearest(word: str, known: Iterable[str], most: int = MOST_LISTED) -> Message:
    """`"Did you mean 'adam'?"` where a known word is close, else the list of what there is."""
    known = list(known)
    candidates = [name for name in known if len(name) <= _LONGEST_WORD]
    close = difflib.get_close_matches(word, candidates, n=1) if len(word) <= _LONGEST_WORD else []
    if close:
        return Message("Did you mean '{name}'?", name=short(close[0]))
    return Message("There is: {names}.", names=listed(known, most))


def listed(names: Sequence[str], most: int = MOST_LISTED) -> str:
    """As many of the names as a sentence has room for, behind commas."""
    text = ""
    for name in names:
        longer = f"{text}, {short(name)}" if text else short(name)
        if len(longer) > most:
            return f"{text}, .."  # the period of the sentence is the third
        text = longer
    return text


def in_a_row(parts: Sequence[Message], most: int) -> Message:
    """As many of the parts as there is room for; unlike what `listed` gives, it is translated."""
    text = parts[0]
    for part in parts[1:]:
        longer = Message("{columns}, {column}", columns=text, column=part)
        if len(longer) > most:
            return Message("{columns}, ..", columns=text)
        text = longer
    return text


def explain(
    error: ValidationError, raw: Any, name: Callable[[Sequence[int | str]], str] | None = None
) -> ExperimentError:
    """Turn pydantic's report on `raw` into one sentence about its first fault.

    The path is written as a person writes it in a file or after `--set`:
    `training.optimizer.learning_rate`.

    name  gives what the window calls a path; "" where it calls it nothing
    """
    fault = _most_telling(error.errors(include_url=False))
    parts = _path_in(raw, fault["loc"], fault["type"])
    path = short(".".join(short(part, 30) for part in parts), 100) or Message("the experiment")
    named = name(parts) if name is not None else ""
    return _error(fault).within(Wording(path, named or path))


def _error(fault: Mapping[str, Any]) -> ExperimentError:
    if fault["type"] not in _BOUNDS:
        return ExperimentError(_sentence(fault))
    template, key = _BOUNDS[fault["type"]]
    value, bound = fault["input"], fault["ctx"][key]
    return ExperimentError(
        template,
        value=Wording(shown(value), _number(value)),
        bound=Wording(_plain(bound), _number(bound)),
    )


def first_fault(error: ValidationError) -> Message:
    """What `explain` says, without the path."""
    return _sentence(_most_telling(error.errors(include_url=False)))


def _most_telling(faults: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The first fault, except that a word where a number or a word may stand is a wrong word."""
    first = faults[0]
    if isinstance(first["input"], str):
        for fault in faults:
            if fault["type"] == "literal_error" and fault["input"] is first["input"]:
                return fault
    return first


def _path_in(raw: Any, location: Sequence[int | str], kind: str) -> list[int | str]:
    """`location` without the tags of unions, which pydantic adds: `raw` does not have them."""
    path: list[int | str] = []
    for position, part in enumerate(location):
        is_last_and_absent = kind == "missing" and position == len(location) - 1
        if _has(raw, part):
            raw = raw[part]
        elif not is_last_and_absent:
            continue
        path.append(part)
    return path


def _has(raw: Any, part: int | str) -> bool:
    if isinstance(raw, Mapping):
        return part in raw
    return isinstance(raw, Sequence) and isinstance(part, int) and part < len(raw)


_BOUNDS = {
    "less_than_equal": (N_("{value} is above {bound}."), "le"),
    "less_than": (N_("{value} is not below {bound}."), "lt"),
    "greater_than_equal": (N_("{value} is below {bound}."), "ge"),
    "greater_than": (N_("{value} is not above {bound}."), "gt"),
}

_AN_OBJECT = N_("{value} needs to be an object with settings.")
_TYPES = {
    "bool_type": N_("{value} needs to be true or false."),
    "dict_type": _AN_OBJECT,
    "finite_number": N_("{value} needs to be a finite number."),
    "float_type": N_("{value} needs to be a number."),
    "int_type": N_("{value} needs to be a whole number."),
    "model_attributes_type": _AN_OBJECT,
    "model_type": _AN_OBJECT,
    "string_type": N_("{value} needs to be text."),
    "tuple_type": N_("{value} needs to be a list."),
    "missing": N_("this setting is missing."),
    "extra_forbidden": N_("there is no such setting; check its spelling or remove it."),
    "union_tag_not_found": N_('this needs a "kind".'),
    "string_unicode": N_("{value} holds half of a character; write it anew."),
}


def _sentence(fault: Mapping[str, Any]) -> Message:
    kind, value, context = fault["type"], fault["input"], fault.get("ctx", {})
    if kind == "union_tag_invalid":
        return _no_such_choice(str(context["tag"]), context["expected_tags"])
    if kind == "literal_error":
        return _no_such_choice(str(value), context["expected"].replace(" or ", ", "))
    if kind == "value_error":
        return Message(ended(_said(context["error"])))
    if kind in _BOUNDS:
        template, key = _BOUNDS[kind]
        return Message(template, value=_number(value), bound=_number(context[key]))
    if kind in _TYPES:
        return Message(_TYPES[kind], value=shown(value))
    if kind == "too_short":
        return Message("this needs at least {count} entries.", count=context["min_length"])
    if kind == "too_long":
        return Message("this can have {count} entries at most.", count=context["max_length"])
    if "template" in context:  # an error of a validator that pydantic itself raises
        said: str = Message(context.pop("template"), **context)
    else:
        said = ended(_lower_first(fault["msg"]))
    return Message("{value}: {fault}", value=shown(value), fault=said)


def _said(error: ValueError) -> str:
    return error.message if isinstance(error, InvalidValueError) else str(error)


def _no_such_choice(word: str, expected: str) -> Message:
    known = [choice.strip(" '") for choice in expected.split(",")]
    near = nearest(word, known)
    return Message("{value} is not a choice here.", near, value=shown(word, 40))


def shown(value: Any, most: int = MOST_SHOWN) -> str:
    """`value` as Python writes it, cut short; deep and long ones are never written out whole."""
    writer = reprlib.Repr()
    writer.maxlevel = 3
    writer.maxstring = writer.maxlong = writer.maxother = most
    text = printable(writer.repr(value))
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _number(value: Any) -> str:
    """A number that is out of bounds, or the bound; anything else as Python writes it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return shown(value)
    if isinstance(value, int) and abs(value) >= MOST_WHOLE:
        return shown(value)
    return entry(value, integer=True)


def _plain(bound: float) -> str:
    return str(int(bound)) if float(bound).is_integer() else str(bound)


def ended(sentence: str) -> str:
    """`sentence` with a period, where it has none."""
    return sentence if sentence.endswith((".", "?")) else Message("{words}.", words=sentence)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
