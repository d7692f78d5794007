"""How a lesson file is written: what is empty left out, rows of numbers on one line.

Pure Python; runs on any thread.
"""

from __future__ import annotations

import json
from typing import Any

_INDENT = "  "
_SETTINGS = ("settings", "when", "equals")
"""Parts that hold settings of experiments: what is empty there means something."""


def written(plain: dict[str, Any]) -> str:
    """The text of a lesson file from its plain data.

    In the lesson's own parts whatever is empty is left out, and text in English only is plain. In
    an experiment only what is None is left out, except `epochs`: a network without hidden layers
    has an empty list of them.
    """
    own = {name: _filled(value) for name, value in plain.items() if name != "experiments"}
    own = {name: value for name, value in own.items() if not _is_empty(value)}
    experiments = {name: _present(value) for name, value in plain["experiments"].items()}
    before = ("format", "comment", "key", "title", "summary")
    head = {name: own.pop(name) for name in before if name in own}
    return _text({**head, "experiments": experiments, **own}) + "\n"


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        filled = {
            name: part if name in _SETTINGS else _filled(part)
            for name, part in _comment_first(value).items()
        }
        kept = {
            name: part
            for name, part in filled.items()
            if not (part is None if name == "equals" else _is_empty(part))
        }
        return kept["en"] if kept.keys() == {"en"} else kept
    if isinstance(value, list):
        return [_filled(part) for part in value]
    return value


def _comment_first(value: dict[str, Any]) -> dict[str, Any]:
    return {name: value[name] for name in sorted(value, key=lambda name: name != "comment")}


def _present(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ordered = sorted(value, key=lambda name: name != "kind")
    return {
        name: _present(value[name])
        for name in ordered
        if value[name] is not None or name == "epochs"
    }


def _text(value: Any, depth: int = 0) -> str:
    """JSON with two spaces a level; what has no objects or lists in it is on one line."""
    if not isinstance(value, dict | list) or not value or _is_flat_list(value):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    inner, outer = "\n" + _INDENT * (depth + 1), "\n" + _INDENT * depth
    if isinstance(value, list):
        rows = [_text(part, depth + 1) for part in value]
        return f"[{inner}{f',{inner}'.join(rows)}{outer}]"
    rows = [
        f"{json.dumps(name, ensure_ascii=False)}: {_text(part, depth + 1)}"
        for name, part in value.items()
    ]
    return f"{{{inner}{f',{inner}'.join(rows)}{outer}}}"


def _is_flat_list(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(part, dict | list) for part in value)
