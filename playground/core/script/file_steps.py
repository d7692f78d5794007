"""How a script reads a file of a person: a table, or images.

The functions here are ordinary ones that a script holds as text. A table that they do not read as
the project does is put into the script as numbers. Knows the core; runs on any thread.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from playground.core.data.data import CsvData, ImagesData, PhotographsData
from playground.core.data.images.array_files import (
    Place,
    is_array_file,
    kind_of_labels,
    places_in,
)
from playground.core.data.images.image_files import idx_pair, is_packed
from playground.core.data.images.loading import white_of
from playground.core.data.images.photographs import (
    MOST_PHOTOGRAPHS,
    as_row,
    pictures_in,
    small,
    some_of_each,
)
from playground.core.data.images.pictures import decoded
from playground.core.data.pixels import pixels_in
from playground.core.data.points import Points
from playground.core.data.tables.inputs import Image, order_of_pixels
from playground.core.data.tables.table import Table
from playground.core.errors import DataError
from playground.core.messages import N_, Message
from playground.core.script.data_facts import MOST_POINTS, Facts
from playground.core.script.layout import listed, points_text
from playground.core.script.sources import as_function


def is_number(cell: str) -> bool:
    """True where a cell reads as a finite number."""
    try:
        return abs(float(cell)) <= float(np.finfo(np.float32).max)
    except ValueError:
        return False


def read_columns(path: str) -> dict[str, tuple[str, ...]]:
    """The columns of a plain table by their names: x1, x2, ..., y where the file has none."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        delimiter = max(",;\t|", key=file.readline().count)
        file.seek(0)
        rows = [row for row in csv.reader(file, delimiter=delimiter) if any(row)]
    names = [f"x{i + 1}" for i in range(len(rows[0]) - 1)] + ["y"]
    if not any(is_number(cell) for cell in rows[0]):  # the first line names the columns
        names = [name.strip() or f"column {i + 1}" for i, name in enumerate(rows.pop(0))]
    columns = zip(names, zip(*rows, strict=True), strict=True)
    return {name: tuple(cell.strip() for cell in cells) for name, cells in columns}


def sorted_labels(labels: Sequence[str]) -> list[str]:
    """The different labels: numbers by their size, then words."""
    return sorted(
        set(labels),
        key=lambda label: (not is_number(label), float(label) if is_number(label) else 0.0, label),
    )


def read_pixels(
    path: str, inputs: Sequence[str], answer: str
) -> tuple[npt.NDArray[np.uint8], tuple[str, ...]]:
    """Columns of a plain table as pixels (N, D), and its answers: a row at a time, for a table of
    pixels is large.
    """
    with open(path, encoding="utf-8-sig", newline="") as file:
        delimiter = max(",;\t|", key=file.readline().count)
        file.seek(0)
        names = next(csv.reader(file, delimiter=delimiter))
        if any(is_number(name) for name in names):  # the first line names no columns
            names = [f"x{i + 1}" for i in range(len(names) - 1)] + ["y"]
            file.seek(0)
        names = [name.strip() or f"column {i + 1}" for i, name in enumerate(names)]
        places, place = [names.index(name) for name in inputs], names.index(answer)
        rows = [
            (bytes(int(row[at]) for at in places), row[place].strip())
            for row in csv.reader(file, delimiter=delimiter)
            if any(row)
        ]
    pixels = np.frombuffer(b"".join(row for row, _ in rows), np.uint8)
    return pixels.reshape(len(rows), len(inputs)), tuple(cell for _, cell in rows)


def joined(
    columns: dict[str, tuple[str, ...]], more: dict[str, tuple[str, ...]], names: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """These columns of two tables, the rows of the second one behind those of the first."""
    return {name: columns[name] + more[name] for name in names}


def _answer(data: CsvData) -> str:
    return data.label or data.target or ""


def _as_a_script_reads(
    data: CsvData, points: Points
) -> tuple[npt.NDArray, npt.NDArray, tuple[str, ...]]:
    """x, y and the names of classes as the lines of `_plain_table` make them."""
    if data.image is not None:
        return _as_a_script_reads_pixels(data, points)
    columns = read_columns(data.path)
    if data.test_path is not None:
        columns = joined(columns, read_columns(data.test_path), (*data.inputs, _answer(data)))
    x = np.array([columns[name] for name in data.inputs], float).T.astype(points.x.dtype)
    if data.is_regression:
        return x, np.array(columns[_answer(data)], float).astype(points.y.dtype), ()
    labels = columns[_answer(data)]
    names = sorted_labels(labels)
    return x, np.array([names.index(label) for label in labels]), tuple(names)


def _as_a_script_reads_pixels(
    data: CsvData, points: Points
) -> tuple[npt.NDArray, npt.NDArray, tuple[str, ...]]:
    """The same of pixels, as the lines of `_table_of_pixels` do it."""
    read = [read_pixels(path, data.inputs, _answer(data)) for path in _paths(data)]
    x = np.concatenate([pixels for pixels, _ in read])[:, order_of_pixels(_image(data))]
    cells = [cell for _, answers in read for cell in answers]
    if data.is_regression:
        return x, np.array(cells, float).astype(points.y.dtype), ()
    names = sorted_labels(cells)
    return x, np.array([names.index(label) for label in cells]), tuple(names)


def _image(data: CsvData) -> Image:
    assert data.image is not None, "it is asked of images alone"
    return data.image


def _paths(data: CsvData) -> list[str]:
    return [data.path] if data.test_path is None else [data.path, data.test_path]


def table(data: CsvData, facts: Facts) -> str:
    """Source that makes x and y of a table that was read before."""
    assert facts.table is not None, "tables are always read"
    if _is_plain(data, facts.table):
        made = _plain_table if data.image is None else _table_of_pixels
        return made(data, facts.table.points)
    points = facts.table.points
    if len(points) > MOST_POINTS:
        if points.x.shape[1] != len(data.inputs):
            raise DataError(
                "{name} has words or dates among its inputs, and its {count:,} rows are too many to"
                " be written into a script, which holds {most:,} at most; choose numbers as inputs,"
                " or a table of fewer rows.",
                name=Path(data.path).name,
                count=len(points),
                most=MOST_POINTS,
            )
        raise DataError(
            "{name} is no plain table, for {why}, and its {count:,} rows are too many to be written"
            " into a script, which holds {most:,} at most; save it as plain text in UTF-8, with"
            " commas, decimal points and no gaps.",
            name=Path(data.path).name,
            why=Message(_why_not_plain(Path(data.path), facts.table)),
            count=len(points),
            most=MOST_POINTS,
        )
    head = f"# The rows of this table, as numbers:\n# {Path(data.path).name!r}\n"
    return head + points_text(points)


def _is_plain(data: CsvData, table: Table) -> bool:
    """True where the script's own few lines read the same from the file.

    Asked again of a table that is still in use, the answer is remembered.
    """
    if table not in _answers:
        _answers[table] = _reads_the_same(data, table)
    return _answers[table]


_DELIMITERS = ",;\t|"
"""What the lines of a script can tell columns apart by."""
_answers: WeakKeyDictionary[Table, bool] = WeakKeyDictionary()


def _why_not_plain(path: Path, table: Table) -> str:
    """What of a table the script's own few lines cannot read, as far as its form tells."""
    said = table.description
    if said is None or said.is_made:
        return N_("it is no text")
    reasons = {
        N_("it is packed"): bool(said.part) or is_packed(path),
        N_("it is not in UTF-8"): not said.form.encoding.startswith("utf-8"),
        N_("it has decimal commas"): said.form.decimal == ",",
        N_("its columns stand apart by other signs"): said.form.delimiter not in _DELIMITERS,
        N_("it has rows with gaps"): said.rows_left_out > 0,
    }
    other = N_("some of its numbers, dates or lines are written in a way of their own")
    return next((reason for reason, is_so in reasons.items() if is_so), other)


def _reads_the_same(data: CsvData, table: Table) -> bool:
    try:
        x, y, names = _as_a_script_reads(data, table.points)
    except (csv.Error, IndexError, KeyError, OSError, ValueError):
        return False
    points = table.points
    kept = pixels_in(points.x)
    return (
        np.array_equal(x, points.x if kept is None else kept.bytes)
        and np.array_equal(y, points.y)
        and names == table.class_names
    )


def _plain_table(data: CsvData, points: Points) -> str:
    functions: list[Callable[..., Any]] = [is_number, read_columns]
    functions += [] if data.is_regression else [sorted_labels]
    answer, both = _answer(data), list[str]()
    if data.test_path is not None:
        functions.append(joined)
        read = f"read_columns({data.test_path!r})"
        both = [f"columns = joined(columns, {read}, [*inputs, {answer!r}])"]
    if data.is_regression:
        answers = [f"y = np.array(columns[{answer!r}], float){_rounded(points.y)}"]
    else:
        answers = [
            f"labels = columns[{answer!r}]",
            "class_names = sorted_labels(labels)",
            "y = np.array([class_names.index(label) for label in labels])",
        ]
    return "\n".join(
        [
            "\n\n".join(as_function(function) for function in functions),
            "",
            listed("inputs = ", [repr(name) for name in data.inputs], ""),
            f"columns = read_columns({data.path!r})",
            *both,
            f"x = np.array([columns[name] for name in inputs], float).T{_rounded(points.x)}",
            *answers,
        ]
    )


def _table_of_pixels(data: CsvData, points: Points) -> str:
    functions: list[Callable[..., Any]] = [is_number, read_pixels]
    functions += [] if data.is_regression else [sorted_labels]
    kept, height, width, channels = pixels_in(points.x), *_image(data)
    assert kept is not None, "what a script reads so are bytes"
    lines = [f"x, answers = read_pixels({data.path!r}, inputs, {_answer(data)!r})"]
    if data.test_path is not None:
        lines += [
            f"more_x, more = read_pixels({data.test_path!r}, inputs, {_answer(data)!r})",
            "x, answers = np.concatenate([x, more_x]), answers + more",
        ]
    if height not in (1, 3):
        lines += [
            f"x = x.reshape(-1, {height}, {width}, {channels})",
            "x = np.moveaxis(x, -1, 1).reshape(len(x), -1)  # channel by channel",
        ]
    lines.append(f"x = x / np.float32({kept.white})  # pixels from 0 to 1")
    if data.is_regression:
        lines.append(f"y = np.array(answers, float){_rounded(points.y)}")
    else:
        lines += [
            "class_names = sorted_labels(answers)",
            "y = np.array([class_names.index(label) for label in answers])",
        ]
    named = listed("inputs = ", [repr(name) for name in data.inputs], "")
    sources = "\n\n".join(as_function(function) for function in functions)
    return "\n".join([sources, "", named, *lines])


def _rounded(values: npt.NDArray) -> str:
    """What is done to numbers as they are read; nothing where all their digits are kept."""
    return "" if values.dtype == np.float64 else ".astype(np.float32)"


def image_file(data: ImagesData, facts: Facts) -> str:
    """Source that makes x and y of images in a file that was read before."""
    assert facts.table is not None, "images are always read"
    path, count = Path(data.path), len(facts.table.points)
    lines = _arrays(data, facts) if is_array_file(path) else _idx(path, facts)
    lines += [
        f"x = x[:{count}].reshape({count}, -1).astype(np.float32)",
        f"y = y[:{count}].reshape(-1).astype(np.int64)",
    ]
    if data.pixels == "unit":
        white = white_of(facts.table.points.x)
        lines.append(f"x = x / np.float32({white})  # pixels from 0 to 1")
    return "\n".join(lines)


def _idx(path: Path, facts: Facts) -> list[str]:
    lines = []
    for name, file, start in zip("xy", idx_pair(path), (16, 8), strict=True):
        opened = "gzip.open" if is_packed(file) else "open"
        lines += [
            f'with {opened}({str(file)!r}, "rb") as file:',
            f"    {name} = np.frombuffer(file.read(), np.uint8, offset={start})",
        ]
    return [*lines, f"x = x.reshape(-1, {facts.inputs})"]


def _arrays(data: ImagesData, facts: Facts) -> list[str]:
    assert facts.table is not None, "images are always read"
    places = places_in(Path(data.path), data.arrays)
    lines = []
    for name, parts in zip("xy", zip(*places.pairs, strict=True), strict=True):
        taken = [_array(part) for part in parts]
        both = taken[0] if len(taken) == 1 else f"np.concatenate([{', '.join(taken)}])"
        lines.append(f"{name} = {both}")
    kind, is_one_hot = kind_of_labels(places)
    if is_one_hot:
        lines.append("y = y.argmax(axis=1)  # a column for each class")
    elif kind in "SU":
        lines += [
            listed("class_names = ", [repr(name) for name in facts.table.class_names], ""),
            "y = np.unique(y, return_inverse=True)[1]  # in the order of their names",
        ]
    if facts.image is not None and facts.image[0] == 3:
        lines += [
            "if x.ndim == 4 and x.shape[-1] == 3 and x.shape[1] != 3:",
            "    x = np.moveaxis(x, -1, 1)  # channel by channel",
        ]
    return lines


def _array(place: Place) -> str:
    """An expression that reads an array."""
    loaded = f"np.load({str(place.file)!r})"
    return f"{loaded}[{place.name!r}]" if place.name else loaded


def photographs(data: PhotographsData, facts: Facts) -> str:
    """Source that makes x and y of a folder of photographs that was read before."""
    assert facts.table is not None, "photographs are always read"
    functions = [as_function(each) for each in (pictures_in, some_of_each, decoded, small, as_row)]
    reading = [
        f"folder = {data.path!r}",
        listed("class_names = ", [repr(name) for name in facts.table.class_names], ""),
        "found = [pictures_in(os.path.join(folder, name)) for name in class_names]",
        "rows, labels = [], []",
        f"for label, file in some_of_each(found, {MOST_PHOTOGRAPHS}):",
        "    try:",
        "        with Image.open(file) as picture:",
        f"            picture = small(decoded(picture, {data.size}), {data.size}, {data.fit!r})",
        "        rows.append(as_row(picture))",
        "        labels.append(label)",
        "    except OSError:",
        '        print("left out:", file)',
        "x, y = np.stack(rows).astype(np.float32), np.array(labels)",
    ]
    return "\n\n".join(functions) + "\n\n" + "\n".join(reading)
