"""The kinds of hostile files, and how one of each is made.

A maker gets a random generator and an empty folder, and answers with a `Case`: the file, or the
text of a clipboard, or the settings of a command line. To add a kind, write its maker and register
it with `kind`.
"""

from __future__ import annotations

import base64
import io
import json
import os
import random
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from playground.core.errors import printable
from playground.core.experiment.sharing import PREFIX
from tests.hostile import specimens
from tests.hostile.mutations import (
    damaged,
    harmed_json,
    hostile_text,
    hostile_value,
    paths_in,
    written,
)

__all__ = ["KINDS", "Case", "Kind", "kind"]

Random = random.Random
DEFLATED = zipfile.ZIP_DEFLATED


@dataclass(frozen=True, slots=True)
class Case:
    """What is opened: a file, a text from the clipboard, or (path, value) of a command line."""

    path: Path | None = None
    text: str | None = None
    settings: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """share: how many of a hundred files are of this kind."""

    name: str
    share: int
    make: Callable[[Random, Path], Case]


KINDS: dict[str, Kind] = {}


def kind(
    name: str, share: int
) -> Callable[[Callable[[Random, Path], Case]], Callable[[Random, Path], Case]]:
    """Register a maker."""

    def register(make: Callable[[Random, Path], Case]) -> Callable[[Random, Path], Case]:
        KINDS[name] = Kind(name, share, make)
        return make

    return register


NAMES = [
    "file",
    "x" * 200,
    "日本語" * 25,
    "a\nb",
    "\x1b[31mred",
    "\u202eabc",
    "' \"",
    "%s{0}",
    "-x",
]


def _place(random: Random, folder: Path, *endings: str) -> Path:
    """A path for the file, one in ten with a strange name."""
    ending = random.choice(endings)
    if random.random() < 0.9:
        return folder / f"file{ending}"
    return folder / (random.choice(NAMES) + ending)


def _put(path: Path, content: bytes) -> Case:
    path.write_bytes(content)
    return Case(path)


def _json(random: Random, raw: Any) -> bytes:
    """The text of plain data, harmed as data, as bytes, or as both."""
    chance = random.random()
    content = written(random, raw if chance < 0.15 else harmed_json(random, raw))
    return damaged(random, content) if chance < 0.3 else content


@kind("project", 24)
def project(random: Random, folder: Path) -> Case:
    if random.random() < 0.9:
        (folder / "t.csv").write_bytes(random.choice(specimens.tables()))
    else:
        (folder / "t.csv").symlink_to(random.choice(["t.csv", ".", "nowhere", *DEVICES]))
    content = _json(random, random.choice(specimens.projects()))
    return _put(_place(random, folder, ".playground.json", ".json"), content)


@kind("lesson", 15)
def lesson(random: Random, folder: Path) -> Case:
    content = _json(random, random.choice(specimens.lessons()))
    return _put(_place(random, folder, ".lesson.json", ".lesson.json", ".json"), content)


@kind("odd json", 3)
def odd_json(random: Random, folder: Path) -> Case:
    """JSON that is no project, or hardly one."""
    makers: list[Callable[[], bytes]] = [
        lambda: written(random, hostile_value(random)),
        lambda: b"[" * random.choice([900, 5_000, 200_000]),
        lambda: b'{"a":' * random.choice([900, 5_000, 200_000]),
        lambda: b'{"data":{"x":' + b"[" * 3_000 + b"]" * 3_000 + b"}}",
        lambda: b'{"title": ' + b"9" * random.choice([300, 5_000, 100_000]) + b"}",
        lambda: b'{"title": "\\ud800", "' + b"k" * 10_000 + b'": 1}',
        lambda: written(random, {hostile_text(random): 1 for _ in range(2_000)}),
        lambda: written(random, {"data": {"kind": "points", "x": _ragged(random), "label": [0]}}),
        lambda: written(random, {"data": {"kind": "points", "x": [[]] * 9, "label": [0] * 9}}),
        lambda: written(random, {"data": {"kind": "points", "x": [[1] * 9000], "target": [1]}}),
        lambda: b'{"format": "playground-lesson/1", "' + b'", "'.join([b"x"] * 999) + b'"}',
        lambda: b"{} {}",
        lambda: b'{"a": 1,}',
        lambda: b'{"title": "\xff"}',
        lambda: b'{"title": 1e999, "probes": [[1e999, 0]]}',
    ]
    return _put(_place(random, folder, ".json", ".lesson.json", ""), random.choice(makers)())


def _ragged(random: Random) -> list[Any]:
    return [[hostile_value(random)] * random.randrange(4) for _ in range(random.randrange(5))]


@kind("link", 8)
def link(random: Random, folder: Path) -> Case:
    content = _json(random, random.choice(specimens.projects()))
    chance = random.random()
    if chance < 0.05:
        content = b" " * random.choice([1_999_999, 2_000_000, 2_000_001, 40_000_000])
    packed = zlib.compress(content, 9)
    if chance > 0.7:
        packed = damaged(random, packed)
    line = base64.urlsafe_b64encode(packed).decode()
    if chance > 0.85:
        line = damaged(random, line.encode()).decode("utf-8", random.choice(["replace", "ignore"]))
    if chance < 0.1:
        line += hostile_text(random)
    return Case(text=random.choice([PREFIX, PREFIX, PREFIX, " " + PREFIX, "play"]) + line)


@kind("link of TensorFlow Playground", 4)
def foreign_link(random: Random, folder: Path) -> Case:
    names = [
        "networkShape",
        "noise",
        "batchSize",
        "learningRate",
        "percTrainData",
        "seed",
        "x_hide",
    ]
    names += ["activation", "dataset", "problem", "regularization", "x", "tutorial", "noise\x00"]
    values = ["NaN", "-1", "1e999", "0x10", "9" * 400, ",", "4,,2", "8," * 300, "true", "%", "%ff"]
    pairs = [
        f"{random.choice(names)}={random.choice([*values, hostile_text(random)])}"
        for _ in range(random.randrange(30))
    ]
    link = "https://playground.tensorflow.org/#" + "&".join(pairs)
    if random.random() < 0.3:
        link = damaged(random, link.encode("utf-8", "replace")).decode("utf-8", "replace")
    return Case(text=link)


@kind("table", 16)
def table(random: Random, folder: Path) -> Case:
    content = random.choice(specimens.tables())
    return _put(_place(random, folder, ".csv", ".csv", ".tsv", ".txt"), damaged(random, content))


@kind("odd table", 6)
def odd_table(random: Random, folder: Path) -> Case:
    """Tables that programs would not write, and pasted ones."""
    makers: list[Callable[[], str]] = [
        lambda: ",".join(f"c{i}" for i in range(10_000)) + "\n" + ",".join("1" * 10_000) + "\n",
        lambda: "".join("1," * random.randrange(1, 9) + "2\n" for _ in range(20)),
        lambda: 'a,b\n1,"never closed\n' + "1,2\n" * 500,
        lambda: "a,b\n" + "".join(f"{_number(random)},{_number(random)}\n" for _ in range(20)),
        lambda: "a,b,y\n" + "".join(f"{_cell(random)},{i},k\n" for i in range(12)),
        lambda: f"{_cell(random)},{_cell(random)}\n" + "1,2\n3,4\n",
        lambda: f"a,{hostile_text(random)},y\n1,2,3\n",
        lambda: f"a,b\n1,{'x' * 140_000}\n",
        lambda: f"a,b\n1,{'9' * 5_000}\n2,{'9' * 100_000}\n",
        lambda: "held out,a,held out\n1,2,3\n",
        lambda: "held out,y\n0,1\n1,0\n",
        lambda: "a\tb\n" * 3 + "\t\t\n" * 500,
        lambda: "sep=;\n" + ";;;;\n" * 3 + "1;2;3;4;5\n",
        lambda: "x,y\n" + "1e308,1\n-1e308,2\n3e38,3\n-3e38,4\n",
        lambda: "\r".join(["a,b", "1,2", "3,4"]),
        lambda: "\x85".join(["a,b", "1,2"]) + "\n\u20281,2\n",
        lambda: '"' * random.choice([1, 2, 3, 9_999]),
        lambda: "a,b\n" + "\n" * 10_000 + "1,2\n",
        lambda: "é,b\n" * 2 + f"{hostile_text(random)},2\n" * 3,
        lambda: "a\uff0cb\n" + f"{hostile_text(random)}\uff0c2\n" * 9,
        lambda: json.dumps([{hostile_text(random): hostile_text(random)} for _ in range(9)]),
        lambda: '{"a": 1}\n{"a": ' + "[" * random.choice([3, 3_000, 200_000]) + "1\n",
        lambda: "[" + ",".join(f'{{"k{i}": {{"l": {i}}}}}' for i in range(9_000)) + "]",
        lambda: "/**/" * 1_000 + "insert",
    ]
    text = random.choice(makers)()
    if random.random() < 0.3:
        return Case(text=text)
    codec = random.choice(["utf-8", "utf-8", "utf-16", "utf-8-sig", "cp932"])
    return _put(_place(random, folder, ".csv", ".tsv"), text.encode(codec, "replace"))


def _number(random: Random) -> str:
    numbers = ["1e999", "-1e999", "nan", "inf", "1e38", "3.5e38", "1e-400", "1,5", "1.234.567"]
    return random.choice(
        [*numbers, "٣", "²", "0x1f", "1_000", "--1", "1e", "−5", "\uff11\uff12", "9" * 400]
    )


def _cell(random: Random) -> str:
    return '"' + hostile_text(random).replace('"', '""') + '"'


@kind("huge", 1)
def huge(random: Random, folder: Path) -> Case:
    """Files of tens of megabytes, made here."""
    makers: list[tuple[str, Callable[[], bytes]]] = [
        (".csv", lambda: b"1,2," * 12_500_000),
        (".csv", lambda: b"a,b\n" + b'"' + b"x" * 50_000_000),
        (".csv", lambda: b"a,b\n" + b"1,2\n" * 200_000),
        (".csv", lambda: b"\n" * 30_000_000),
        (".csv", lambda: b"," * 900_000 + b"\n" + b"," * 900_000 + b"\n"),
        (".json", lambda: b'{"title": "' + b"a" * 50_000_000 + b'"}'),
        (".json", lambda: b'{"' + b"k" * 20_000_000 + b'": 1}'),
        (".json", lambda: b'{"data": {"kind": "' + b"k" * 20_000_000 + b'"}}'),
        (".json", lambda: b'{"a": [' + b"[]," * 1_000_000 + b"[]]}"),
        (".lesson.json", lambda: b'{"format": "' + b"f" * 20_000_000 + b'"}'),
        (".csv", lambda: b"\xef\xbb\xbf" + "é,ß\n".encode() * 200_000),
        (".csv", lambda: b'a,b\n"' + b"x\n" * 10_000_000),
        (".safetensors", lambda: struct.pack("<Q", 50_000_000) + b" " * 50_000_000),
    ]
    ending, make = random.choice(makers)
    return _put(_place(random, folder, ending), make())


@kind("idx", 6)
def idx(random: Random, folder: Path) -> Case:
    images, labels = specimens.idx()
    chance = random.random()
    if chance < 0.5:
        images = damaged(random, images)
    elif chance < 0.6:
        dimensions = [random.choice([0, 1, 4, 256, 2**16, 2**31, 2**32 - 1]) for _ in range(3)]
        images = struct.pack(">4I", 0x803, *dimensions) + random.randbytes(300)
    elif chance < 0.7:
        images = bytes([0, 0, 8, random.choice([0, 2, 4, 5, 200, 255])]) + random.randbytes(2_000)
    if chance > 0.6:
        labels = damaged(random, labels)
    suffix = random.choice(["", "", ".gz"])
    paths = [folder / f"{name}{suffix}" for name in ("t-images-idx3-ubyte", "t-labels-idx1-ubyte")]
    for path, content in zip(paths, (images, labels), strict=True):
        packed = specimens.packed(content) if suffix else content
        path.write_bytes(damaged(random, packed) if suffix and random.random() < 0.3 else packed)
    if random.random() < 0.05:
        paths[0].write_bytes(specimens.packed(images[:16] + b"\0" * 60_000_000))
    return Case(random.choice(paths))


@kind("npz", 6)
def npz(random: Random, folder: Path) -> Case:
    arrays = dict(random.choice(specimens.archives()))
    chance = random.random()
    path = _place(random, folder, ".npz")
    if chance < 0.3:
        name = random.choice(list(arrays))
        arrays[name] = random.choice(_arrays(random))
    file = io.BytesIO()
    if chance < 0.7:
        save = random.choice([np.savez, np.savez_compressed])
        save(file, **arrays)
        return _put(path, damaged(random, file.getvalue()) if chance > 0.3 else file.getvalue())
    with zipfile.ZipFile(file, "w") as archive:
        for name in arrays:
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy"), _member(random, arrays[name]), DEFLATED
            )
        if random.random() < 0.2:
            archive.writestr(zipfile.ZipInfo(printable(hostile_text(random)) or "n"), b"")
    return _put(path, file.getvalue())


def _arrays(random: Random) -> list[np.ndarray]:
    return [
        np.array([None, {}], object),
        np.array(["a", "b"]),
        np.zeros((0, 4, 4)),
        np.zeros((3, 0, 4)),
        np.array(5),
        np.zeros((6, 4, 4), complex),
        np.full((6, 4, 4), np.nan),
        np.full((6, 4, 4), random.choice([1e300, -1e39, 3e38, 1e-320])),
        np.arange(6).astype(float),
        np.full(6, 2**63, np.uint64),
        np.full(6, -1),
        np.full(6, 10),
        np.asfortranarray(np.zeros((6, 4, 4))),
        np.zeros((6, 4, 4), "datetime64[s]"),
        np.zeros((2, 2, 2, 2, 2)),
        np.zeros((6, 300, 2), np.uint8),
        np.zeros((3, 4, 4), [("a", "i4")]),
        np.zeros((6, 4, 4), bool),
        np.zeros((6, 4, 4), ">f8"),
        np.zeros((6, 4, 4), np.float16),
    ]


def _member(random: Random, array: np.ndarray) -> bytes:
    """An npy file whose header lies, or that unfolds to more than it seems."""
    file = io.BytesIO()
    np.save(file, array)
    content = file.getvalue()
    shapes = ["(1000000000000,)", "(99999999, 256, 256)", "(-1, 4, 4)", "(6, 4, 4.5)", "((1,),)"]
    makers: list[Callable[[], bytes]] = [
        lambda: damaged(random, content),
        lambda: _npy("<u1", random.choice(shapes)) + b"\0" * 500,
        lambda: _npy("<u1", "(900000, 28, 28)") + b"\0" * 60_000_000,
        lambda: _npy("|O", "(6,)") + b"cos\nsystem\n(S'true'\ntR.",
        lambda: _npy(random.choice(["<U9999", "<f16", "|V8", "x", "(3,)u1", ""]), "(6,)") + content,
        lambda: _npy("<u1", "(" + "1," * 4000 + ")"),
        lambda: b"\x93NUMPY" + bytes([random.randrange(256), 0]) + content[8:],
        lambda: b"\x93NUMPY\x02\0\xff\xff\xff\xff" + content,
        lambda: _npy("<u1", "(6,)", "'x': __import__('os').system('true'), "),
        lambda: _npy("<u1", "(" * 300 + ")" * 300),
        lambda: b"",
    ]
    return random.choice(makers)()


def _npy(descr: str, shape: str, more: str = "") -> bytes:
    head = f"{{'descr': '{descr}', 'fortran_order': False, {more}'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", min(len(head), 65_535)) + head


@kind("picture", 7)
def picture(random: Random, folder: Path) -> Case:
    chance = random.random()
    path = _place(random, folder, ".png", ".jpg", ".gif", ".csv", "")
    if chance < 0.85:
        return _put(path, damaged(random, random.choice(specimens.pictures())))
    makers: list[Callable[[], bytes]] = [
        lambda: _png(random.choice([0, 1, 65_535, 2**31 - 1]), random.choice([0, 1, 65_535])),
        lambda: _png(6_000, 6_000, zlib.compress(b"\0" * 6_000 * 6_001)),
        lambda: _png(2**31, 2**31),
        lambda: specimens.pictures()[7][:-1] * 50,
        lambda: b"GIF89a" + struct.pack("<2H", 65_535, 65_535) + random.randbytes(60),
        lambda: b"BM" + struct.pack("<IHHIIiiHHII", 0, 0, 0, 54, 40, 9, -(2**31), 1, 24, 0, 0),
        lambda: b"II*\0" + struct.pack("<I", random.choice([0, 8, 2**32 - 1])) + b"\xff" * 600,
        lambda: _png(8, 8, b"", zlib.compress(b"a" * 40_000_000)),
        lambda: b"RIFF\xff\xff\xff\xffWEBPVP8X" + random.randbytes(40),
    ]
    return _put(path, random.choice(makers)())


def _png(width: int, height: int, pixels: bytes = b"", comment: bytes = b"") -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + name
            + content
            + struct.pack(">I", zlib.crc32(name + content))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    words = chunk(b"zTXt", b"k\0\0" + comment) if comment else b""
    return b"\x89PNG\r\n\x1a\n" + head + words + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@kind("weights", 6)
def weights(random: Random, folder: Path) -> Case:
    content = specimens.weights()
    path = _place(random, folder, ".safetensors")
    chance = random.random()
    if chance < 0.4:
        return _put(path, damaged(random, content))
    size = struct.unpack("<Q", content[:8])[0]
    head = json.loads(content[8 : 8 + size])
    body = content[8 + size :]
    if chance < 0.8:
        head = harmed_json(random, head)
    else:
        name = random.choice(list(head))
        offsets = [0, 4, -1, 2**62, 2**63, 2**64, len(body)]
        head[name]["data_offsets"] = [random.choice(offsets), random.choice(offsets)]
        head[name]["shape"] = random.choice([[3, 2], [2**40, 2], [-3, 2], [0], [], [2**63, 2**63]])
        head[name]["dtype"] = random.choice(["F32", "F64", "BF16", "F8_E4M3", "I64", "BOOL", "x"])
    text = written(random, head)
    promised = random.choice([len(text)] * 9 + [0, 2**63, 2**64 - 1, 100_000_001])
    return _put(path, struct.pack("<Q", promised) + text + body)


@kind("recovery", 6)
def recovery(random: Random, folder: Path) -> Case:
    """What is kept for a restart: arrays, and JSON in the metadata."""
    content = random.choice(specimens.kept(str(folder / "specimen.safetensors")))
    path = _place(random, folder, ".safetensors")
    if random.random() < 0.3:
        return _put(path, damaged(random, content))
    size = struct.unpack("<Q", content[:8])[0]
    head = json.loads(content[8 : 8 + size])
    if random.random() < 0.2:
        head = harmed_json(random, head)
    else:
        said = json.loads(head["__metadata__"]["playground"])
        head["__metadata__"]["playground"] = written(random, harmed_json(random, said)).decode()
    text = written(random, head)
    return _put(path, struct.pack("<Q", len(text)) + text + content[8 + size :])


@kind("place", 6)
def place(random: Random, folder: Path) -> Case:
    """Paths that lead to no file, or to one that is called strangely."""
    ending = random.choice([".json", ".csv", ".npz", ".safetensors", ".png", ".lesson.json", ""])
    path = folder / f"place{ending}"
    makers: list[Callable[[], Path]] = [
        lambda: path,
        lambda: _done(path, path.mkdir),
        lambda: _done(path, lambda: os.mkfifo(path)),
        lambda: _done(path, lambda: path.symlink_to(path)),
        lambda: _done(path, lambda: path.symlink_to(random.choice(DEVICES))),
        lambda: _done(path, lambda: _closed(path)),
        lambda: _done(path, lambda: _socket(path)),
        lambda: _done(path, lambda: path.write_bytes(b"")),
        lambda: path / "below",
        lambda: folder / ("n" * random.choice([250, 300, 5_000]) + ending),
        lambda: Path(*["d" * 200] * random.choice([10, 40]), ending or "x"),
        lambda: folder / ("a\0b" + ending),
        lambda: folder / ("\ud800" + ending),
        lambda: Path(random.choice(DEVICES)),
        lambda: _named(folder, os.fsdecode(b"\xff\xfe") + ending),
        lambda: _named(folder, "a\nb\x1b[2J\u202e" + ending),
        lambda: _named(folder, ("ab" * 122)[: 250 - len(ending)] + ending),
        lambda: _named(folder, "._" + ending),
    ]
    return Case(random.choice(makers)())


DEVICES = ["/dev/null", "/dev/zero", "/dev/urandom", "/dev/full", "/dev/tty", "/proc/self/mem", "/"]


def _done(path: Path, make: Callable[[], object]) -> Path:
    make()
    return path


def _closed(path: Path) -> None:
    path.write_bytes(b"{}")
    path.chmod(0)


def _socket(path: Path) -> None:
    """Relative, since the path of a socket is short."""
    with socket.socket(socket.AF_UNIX) as end:
        before = os.getcwd()
        os.chdir(path.parent)
        try:
            end.bind(path.name)
        finally:
            os.chdir(before)


def _named(folder: Path, name: str) -> Path:
    """A sound file with this name."""
    content: bytes = {
        ".csv": specimens.tables()[0],
        ".png": specimens.pictures()[0],
        ".safetensors": specimens.weights(),
        ".lesson.json": json.dumps(specimens.lessons()[0]).encode(),
    }.get("".join(Path(name).suffixes[-2:]), b"{}")
    if name.endswith(".npz"):
        file = io.BytesIO()
        np.savez(file, **specimens.archives()[0])
        content = file.getvalue()
    path = folder / name
    path.write_bytes(content)
    return path


@kind("settings", 5)
def settings(random: Random, folder: Path) -> Case:
    """What stands behind `--set`, and experiments that are valid but absurd."""
    if random.random() < 0.4:
        return Case(settings=random.choice(ABSURD))
    paths = [".".join(map(str, p)) for p in paths_in(specimens.projects()[-1]) if p]
    chosen = []
    for _ in range(random.choice([1, 1, 2, 3])):
        path = random.choice([random.choice(paths)] * 4 + [hostile_text(random)])
        chosen.append((path, hostile_value(random)))
    return Case(settings=tuple(chosen))


_WIDE = [{"kind": "linear", "units": 1024}] * 64
_DEEP_IMAGES = [{"kind": "conv", "channels": 256, "kernel": 3}] * 12
ABSURD: list[tuple[tuple[str, Any], ...]] = [
    (("data.samples", 1_000_000), ("model.layers", _WIDE), ("training.batch_size", "full")),
    (("data.samples", 1_000_000), ("model.layers", _WIDE[:4]), ("training.batch_size", 1_000_000)),
    (("model.layers", _WIDE), ("training.dtype", "float64")),
    (("data", {"kind": "vectors", "rows": 100_000, "inputs": 10_000, "outputs": 1_000}),),
    (("data", {"kind": "vectors", "rows": 100_000, "inputs": 1, "outputs": 1_000}),),
    (("data", {"kind": "vectors", "rows": 10, "inputs": 10_000}), ("model.layers", _WIDE[:2])),
    (("data", {"kind": "digits", "size": 28}), ("model.layers", _DEEP_IMAGES)),
    (
        ("data", {"kind": "digits", "size": 28}),
        ("model.layers", _DEEP_IMAGES[:2]),
        ("training.batch_size", "full"),
    ),
    (("data.samples", 1), ("training.batch_size", 1_000_000)),
    (("data.samples", 1_000_000), ("training.batch_size", 1_000_000), ("data.noise", 0.5)),
    (("training.optimizer.learning_rate", 1e-30),),
    (("data.samples", 1_000_000), ("training.optimizer", {"kind": "lbfgs"})),
    (("view.extent", 1_000.0), ("view.grid", 400)),
    (("training.epochs", 100_000_000), ("training.batch_size", 1)),
    (("probes", [[1e308, -1e308]] * 100),),
    (("probes", [[1.0] * 3]),),
]
