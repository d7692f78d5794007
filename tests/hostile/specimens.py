"""Sound files to begin with: those that the program and other programs write.

Made once in a process; small, so that ten thousand of them can be opened.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from playground import assets
from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson import Lesson
from playground.engines import recovery_file
from playground.engines.recovery_file import Kept, LessonPlace

__all__ = [
    "archives",
    "idx",
    "kept",
    "lessons",
    "network",
    "pictures",
    "projects",
    "tables",
    "weights",
]

SMALL = {"kind": "generated", "samples": 40}


@cache
def projects() -> list[dict[str, Any]]:
    """Projects of every kind, every setting spelled out in some of them."""
    points = {"kind": "points", "x": [[0, 1], [1, 0.5], [2, -1], [3, 3]], "label": [0, 1, 1, 0]}
    axes = [{"name": "a", "offset": 1.5, "scale": 2.0}, {"name": "b"}]
    conv = [
        {"kind": "conv", "channels": 2},
        {"kind": "pool"},
        {"kind": "linear", "units": 4, "activation": "relu"},
    ]
    short = [
        {"title": "Circle", "data": SMALL, "training": {"epochs": 1}},
        {"data": {**points, "axes": axes, "class_names": ["no", "yes"], "test": [1]}},
        {"data": {"kind": "points", "x": [[0.1], [0.2], [1.0]], "target": [1.5, 2, 3e5]}},
        {"data": {"kind": "csv", "path": "t.csv", "inputs": ["a", "b"], "label": "c"}},
        {"data": {"kind": "csv", "path": "t.csv", "inputs": ["a"], "target": "b"}},
        {"data": {"kind": "iris"}, "training": {"optimizer": {"kind": "sgd"}}},
        {"data": {"kind": "digits", "test_ratio": 0.9}, "model": {"layers": conv}},
        {"data": {"kind": "vectors", "rows": 8, "inputs": 5, "outputs": 2}},
        {"data": SMALL, "probes": [[1, 2], [0, 0]], "view": {"hidden": ["code"], "grid": 50}},
        {"data": SMALL, "model": {"features": ["x1", "x2", "x1^2"], "layers": []}},
        {"data": {**SMALL, "generator": "spiral"}, "training": {"schedule": {"kind": "step"}}},
        {"data": SMALL, "training": {"stop": {}, "batch_size": "full", "dtype": "float64"}},
    ]
    whole = [Experiment.parse(raw).plain() for raw in short[:3] + short[6:]]
    return [{"format": "playground/1", **raw} for raw in short] + whole


@cache
def lessons() -> list[dict[str, Any]]:
    """The lessons that come along, cut to two steps, and a small one with everything in it."""
    bundled = []
    for path in sorted(assets.path("lessons").glob("*.lesson.json")):
        raw = json.loads(path.read_text(encoding="utf-8"))
        raw["steps"] = raw["steps"][:2]
        bundled.append(raw)
    return [_own_lesson(), _own_lesson(), _own_lesson(), *bundled]


def _own_lesson() -> dict[str, Any]:
    goals = [
        {"kind": "epoch", "at_least": 3},
        {"kind": "loss", "below": 0.1, "when": {"training.seed": 3}},
        {"kind": "accuracy", "at_least": 0.9, "on": "train"},
        {"kind": "setting", "path": "model.layers.0.units", "equals": 7},
        {"kind": "setting", "path": "training.optimizer.learning_rate", "at_least": 3.0},
        {"kind": "changed", "path": "data"},
        {"kind": "layers", "at_least": 5, "layer": "linear"},
        {"kind": "probe"},
        {"kind": "compared", "across": "training.seed"},
        {"kind": "diverged"},
        {"kind": "act", "act": "paint", "times": 5},
    ]
    figure = {
        "what": "The loss",
        "experiment": "start",
        "measure": "first_below",
        "threshold": 0.5,
        "at_most": 100.0,
        "source": "here",
    }
    return {
        "format": "playground-lesson/1",
        "key": "own",
        "title": {"en": "Own", "ja": "自分の"},
        "summary": "What it is about",
        "experiments": {
            "start": {"data": SMALL, "training": {"epochs": 2}},
            "other": {"from": "start", "settings": {"training.seed": 5}, "title": "Other"},
            "family": {"family": "cnn", "settings": {"training.epochs": 1}},
        },
        "steps": [
            {"text": "One", "experiment": "start", "goals": goals, "compare": ["start", "other"]},
            {"text": {"en": "Two"}, "title": "Two", "look_at": "There", "try_this": "That"},
        ],
        "published": [figure],
        "hidden": ["code"],
        "locked": ["data", "model.layers.0.units"],
    }


@cache
def tables() -> list[bytes]:
    """Tables as text; the files that the tests keep are among them."""
    rows = "".join(f"{i / 3:.3f},{-i},{'yes' if i % 3 else 'no'}\n" for i in range(30))
    numbers = "".join(f"{i};{i * i / 7:.4f};{i * 1e6:g}\n".replace(".", ",") for i in range(30))
    wide = ",".join(f"c{i}" for i in range(40)) + "\n" + (",".join("1" * 40) + "\n") * 5
    held_out = "x1,x2,held out,y\n0,1,0,a\n1,1,1,b\n2,0,0,a\n"
    own = [f"a,b,c\n{rows}", f"a;b;c\n{numbers}", wide, held_out, '"a","b\nc"\n1,"x, y"\n2,z\n']
    texts = [text.encode() for text in own]
    texts += [text.encode() for text in _of_other_programs(rows)]
    texts += ["名前,値\nあ,1\nい,2\n".encode(codec) for codec in ("cp932", "utf-16", "utf-8-sig")]
    return texts + [path.read_bytes() for path in sorted(KEPT.glob("*.?sv"))]


def _of_other_programs(rows: str) -> list[str]:
    """Files of Weka with all values and with some, of KEEL, LIBSVM and Orange."""
    columns = "@attribute 'a b' real\n@attribute b integer [-9, 0]\n@attribute c {yes, 'no'}\n"
    sparse = "{0 1.5, 2 'no'}\n{}\n{1 -3}, {2}\n" * 5
    return [
        f"% made by hand\n@relation r\n{columns}@data\n{rows}",
        f"@relation r\n{columns}@attribute d date yyyy-MM-dd\n@data\n{sparse}",
        f"@relation r\n{columns}@inputs b\n@outputs c\n@data\n{rows}",
        "+1 1:0.5 3:1 # one\n-1 2:-1e-3\n" * 9,
        "mS#name\tC#a\tcD#kind\nann\t1\tx\nbob\t2\ty\n",
        "a\tb\tc\nc\tc\td\n\t\tclass\n" + rows.replace(",", "\t"),
    ]


KEPT = assets.path("lessons").parents[1] / "tests" / "data"


@cache
def idx() -> tuple[bytes, bytes]:
    """Six images of 4 x 4 pixels, and their labels."""
    pixels = np.random.default_rng(0).integers(0, 256, (6, 4, 4)).astype(np.uint8)
    labels = (np.arange(6) % 3).astype(np.uint8)
    images = struct.pack(">4I", 0x803, 6, 4, 4) + pixels.tobytes()
    return images, struct.pack(">2I", 0x801, 6) + labels.tobytes()


@cache
def archives() -> list[dict[str, np.ndarray]]:
    """Arrays as npz files have them."""
    pixels = np.random.default_rng(0).integers(0, 256, (6, 4, 4)).astype(np.uint8)
    labels = (np.arange(6) % 3).astype(np.int64)
    colored = np.random.default_rng(1).random((5, 4, 4, 3))
    return [
        {"x": pixels, "y": labels},
        {"x_train": pixels, "y_train": labels, "x_test": pixels[:2], "y_test": labels[:2]},
        {"images": colored, "labels": labels[:5, None]},
        {"data": pixels.reshape(6, 16).astype(np.float32), "labels": labels.astype(np.uint8)},
        {"X": pixels, "Y": np.eye(3)[labels]},
        {"arr_0": labels.astype(str), "arr_1": pixels},
        {"train_images": pixels, "train_labels": labels[:, None], "test_images": pixels[:2]},
        {
            "X_train": colored[:, 0, 0],
            "y_train": labels[:5],
            "feature_names": np.array(["a", "b", "c"]),
        },
    ]


@cache
def pictures() -> list[bytes]:
    """A drawing in every format."""
    from PIL import Image, ImageDraw

    drawing = Image.new("RGB", (48, 32), "white")
    pen = ImageDraw.Draw(drawing)
    pen.ellipse((4, 4, 20, 20), "blue")
    pen.rectangle((28, 10, 44, 28), "red")
    made = []
    for kind, settings in [
        ("PNG", {}),
        ("JPEG", {}),
        ("GIF", {}),
        ("BMP", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("WEBP", {}),
        ("GIF", {"save_all": True, "append_images": [drawing] * 5}),
    ]:
        file = io.BytesIO()
        drawing.save(file, kind, **settings)
        made.append(file.getvalue())
    for mode in ("P", "L", "1", "LA", "I;16"):
        file = io.BytesIO()
        drawing.convert("L" if mode == "I;16" else mode).convert(mode).save(file, "PNG")
        made.append(file.getvalue())
    return made


@cache
def network() -> dict[str, np.ndarray]:
    """The weights of a network of 2, 3 and 2 units."""
    random = np.random.default_rng(2)
    shapes = {"0.weight": (3, 2), "0.bias": (3,), "2.weight": (2, 3), "2.bias": (2,)}
    return {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


_kept: list[bytes] = []


def kept(place: str) -> list[bytes]:
    """Recovery files: of a project with weights, of drawn points, and of a lesson.

    place  where one may be written for a moment
    """
    if _kept:
        return _kept
    for experiment, lesson in [
        (Experiment.parse(projects()[0]), None),
        (Experiment.parse(projects()[1]), None),
        (Experiment.parse(projects()[0]), Lesson.parse(_own_lesson())),
    ]:
        where = None if lesson is None else LessonPlace(lesson, 1, ((0, 1), (0, 2)), ("code",))
        kept = Kept(experiment, "Kept", 1e9, Path("/a/b"), 5, network(), where)
        recovery_file.write(kept, Path(place))
        _kept.append(Path(place).read_bytes())
    Path(place).unlink()
    return _kept


@cache
def weights() -> bytes:
    from safetensors.numpy import save

    return save(network())


def packed(content: bytes) -> bytes:
    """`content` as gzip writes it, the same at any time."""
    return gzip.compress(content, mtime=0)
