"""What harm may come to a file: to its bytes, and to the JSON in it.

Every function is pure: the same generator gives the same harm. Imports the standard library only.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["damaged", "harmed_json", "hostile_text", "hostile_value", "paths_in", "written"]

Random = random.Random

# Bytes.

INTERESTING = [0, 1, 0x7F, 0x80, 0xFF]
MARKS = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"PK\x03\x04", b"\0\0\x08\x03"]


def _flip(random: Random, content: bytearray) -> bytearray:
    for _ in range(random.choice([1, 1, 2, 8, 64])):
        if content:
            content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    return content


def _set(random: Random, content: bytearray) -> bytearray:
    for _ in range(random.choice([1, 4, 16])):
        if content:
            content[random.randrange(len(content))] = random.choice(INTERESTING)
    return content


def _set_near_the_start(random: Random, content: bytearray) -> bytearray:
    """Headers stand there."""
    for _ in range(random.choice([1, 2, 4])):
        if content:
            content[random.randrange(min(len(content), 64))] = random.randrange(256)
    return content


def _huge_number(random: Random, content: bytearray) -> bytearray:
    """Four or eight bytes that promise more than there is."""
    size = random.choice([4, 8])
    if len(content) > size:
        at = random.randrange(min(len(content) - size, 96))
        number = random.choice([2 ** (8 * size) - 1, 2 ** (8 * size - 1) - 1, 2**31, 2**20])
        content[at : at + size] = number.to_bytes(size, random.choice(["big", "little"]))
    return content


def _cut(random: Random, content: bytearray) -> bytearray:
    return content[: random.randrange(len(content) + 1)]


def _behead(random: Random, content: bytearray) -> bytearray:
    return content[random.randrange(len(content) + 1) :]


def _block(random: Random, content: bytearray) -> tuple[int, int]:
    start = random.randrange(len(content) + 1)
    return start, min(len(content), start + random.choice([1, 4, 16, 256, 4096]))


def _repeat(random: Random, content: bytearray) -> bytearray:
    start, end = _block(random, content)
    return content[:end] + content[start:end] * random.choice([1, 2, 50]) + content[end:]


def _remove(random: Random, content: bytearray) -> bytearray:
    start, end = _block(random, content)
    return content[:start] + content[end:]


def _move(random: Random, content: bytearray) -> bytearray:
    start, end = _block(random, content)
    rest = content[:start] + content[end:]
    at = random.randrange(len(rest) + 1)
    return rest[:at] + content[start:end] + rest[at:]


def _noise(random: Random, content: bytearray) -> bytearray:
    at = random.randrange(len(content) + 1)
    return content[:at] + random.randbytes(random.choice([1, 16, 300])) + content[at:]


def _mark(random: Random, content: bytearray) -> bytearray:
    return bytearray(random.choice(MARKS)) + content


def _append(random: Random, content: bytearray) -> bytearray:
    return content + random.choice([b"\0" * 1000, b"\n" * 1000, b"}", b"x"])


def _other_encoding(random: Random, content: bytearray) -> bytearray:
    text = bytes(content).decode("utf-8", "replace")
    codec = random.choice(["utf-16", "utf-16-le", "utf-32", "cp932", "cp1252", "utf-7"])
    return bytearray(text.encode(codec, "replace"))


def _bad_utf8(random: Random, content: bytearray) -> bytearray:
    at = random.randrange(len(content) + 1)
    bad = random.choice([b"\xed\xa0\x80", b"\xff", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\x80"])
    return content[:at] + bad + content[at:]


BYTE_HARMS: list[Callable[[Random, bytearray], bytearray]] = [
    *(_flip, _set, _set_near_the_start, _huge_number, _cut, _behead, _repeat, _remove, _move),
    *(_noise, _mark, _append, _other_encoding, _bad_utf8),
]


def damaged(random: Random, content: bytes, times: tuple[int, ...] = (1, 1, 2, 3)) -> bytes:
    """`content` after a few accidents."""
    changed = bytearray(content)
    for _ in range(random.choice(times)):
        changed = random.choice(BYTE_HARMS)(random, changed)
    return bytes(changed)


# Text and values.

TEXTS = [
    "",
    " ",
    "\0",
    "\ud800",
    "\udfff tail",
    "a\nb",
    "\r\n",
    "\u2028",
    "\x1b[31mred\x1b[0m\x07",
    "\u202egnp.exe",
    "\ufeff",
    "\ufffe",
    "é" * 3,
    "日本語",
    "👩‍👩‍👧",
    "Z̸̛̘̦a̷l̴g̵o",
    "(a+)+$",
    "(?P<x>[",
    "{0.__class__}",
    "{n}",
    "{",
    "%s%n%d",
    "%",
    "$(reboot)",
    "'; DROP TABLE",
    "\\",
    "\\N{DIGIT ONE}",
    '"',
    "'",
    '"""',
    "'''\n",
    "NaN",
    "Infinity",
    "null",
    "1e999",
    "0x10",
    "1_000",
    "data",
    "data.kind",
    "../../../../etc/passwd",
    "/dev/zero",
    "/dev/stdin",
    "/proc/self/mem",
    "CON",
    "file:///x",
    "model.layers.0.units",
    "model.layers.-1",
    "training.optimizer.kind",
    "view",
    "__class__",
    "model_fields",
    "٣",
    "²",
    "x²",
]
NUMBERS: list[Any] = [
    *(0, 1, -1, 2, 3, 7, 10, 64, 255, 1000, 100_000, 1_000_000),
    *(2**31 - 1, 2**31, 2**32, 2**53, 2**63 - 1, 2**63, 2**64, -(2**63), -(2**64), 10**30, 10**400),
    *(0.5, -0.0, 1e-320, 5e-324, 1e-45, 1e-7, 0.1, 0.9999999, 1.5, 3.4e38, 3.5e38, 1e300, -1e308),
    *(float("nan"), float("inf"), -float("inf")),
]


def hostile_text(random: Random) -> str:
    """A text that nobody would type."""
    chance = random.random()
    if chance < 0.12:
        return random.choice("ax\n\t'日\ud800 ") * random.choice([41, 201, 4_001, 10_000])
    if chance < 0.25:
        return "".join(chr(random.choice(RANGES)(random)) for _ in range(random.randrange(1, 40)))
    return random.choice(TEXTS)


RANGES: list[Callable[[Random], int]] = [
    lambda random: random.randrange(0, 32),
    lambda random: random.randrange(32, 127),
    lambda random: random.randrange(127, 0x300),
    lambda random: random.randrange(0x2000, 0x2070),
    lambda random: random.randrange(0xD800, 0xE000),
    lambda random: random.randrange(0xFE00, 0x10000),
    lambda random: random.randrange(0x10000, 0x110000),
]


def _deep(random: Random) -> Any:
    value: Any = random.choice([1, [], {}])
    for _ in range(random.choice([5, 50, 300])):
        value = [value] if random.random() < 0.5 else {"a": value}
    return value


def hostile_value(random: Random) -> Any:
    """Any value that JSON, as Python reads it, can hold."""
    chance = random.random()
    if chance < 0.35:
        return random.choice(NUMBERS)
    if chance < 0.6:
        return hostile_text(random)
    if chance < 0.75:
        return random.choice([None, True, False, [], {}, [[]], [None], {"kind": None}, {"": ""}])
    if chance < 0.8:
        return _deep(random)
    if chance < 0.9:
        return [random.choice(NUMBERS) for _ in range(random.choice([1, 2, 3, 11, 200]))]
    return {hostile_text(random): random.choice(NUMBERS) for _ in range(random.choice([1, 3, 40]))}


# JSON.


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in plain data, containers included."""
    yield path
    if isinstance(value, dict):
        for key, part in value.items():
            yield from paths_in(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value[:40]):
            yield from paths_in(part, (*path, index))


def _parent(raw: Any, path: tuple[Any, ...]) -> Any:
    for part in path[:-1]:
        raw = raw[part]
    return raw


def _replace(random: Random, parent: Any, key: Any) -> None:
    parent[key] = hostile_value(random)


def _tweak(random: Random, parent: Any, key: Any) -> None:
    """The same type with another value: it gets further than another type."""
    old = parent[key]
    if isinstance(old, bool) or old is None:
        parent[key] = not old
    elif isinstance(old, int | float):
        parent[key] = random.choice([old * 2, old + 1, -old, old / 3, 0, 1, random.choice(NUMBERS)])
    elif isinstance(old, str):
        parent[key] = random.choice([hostile_text(random), old + hostile_text(random), old.upper()])
    elif isinstance(old, list):
        parent[key] = random.choice([old * 2, old[1:], old[::-1], old * 30])
    else:
        parent[key] = {**old, hostile_text(random): hostile_value(random)}


def _delete(random: Random, parent: Any, key: Any) -> None:
    del parent[key]


def _rename(random: Random, parent: Any, key: Any) -> None:
    if isinstance(parent, dict):
        parent[hostile_text(random)] = parent.pop(key)


def _wrap(random: Random, parent: Any, key: Any) -> None:
    parent[key] = random.choice([[parent[key]], {"kind": parent[key]}, {"en": parent[key]}])


JSON_HARMS: list[Callable[[Random, Any, Any], None]] = [
    *(_replace, _replace, _tweak, _tweak, _tweak, _delete, _rename, _wrap),
]


def harmed_json(random: Random, raw: Any) -> Any:
    """Plain data with a few places changed."""
    raw = copy.deepcopy(raw)
    for _ in range(random.choice([1, 1, 1, 2, 4])):
        places = [path for path in paths_in(raw) if path]
        if not places:
            return hostile_value(random)
        path = random.choice(places)
        random.choice(JSON_HARMS)(random, _parent(raw, path), path[-1])
    return raw


def written(random: Random, raw: Any) -> bytes:
    """Plain data as a file; halves of surrogate pairs are escaped, since UTF-8 has no bytes for
    them.
    """
    plain = random.random() < 0.5
    try:
        return json.dumps(raw, ensure_ascii=not plain).encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(raw).encode()
