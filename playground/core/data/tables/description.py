"""What was read and chosen of a table, in one place: for the command line, JSON and the window.

Imports numpy and the core only; runs on any thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.core.data.data_settings import DataSettings
from playground.core.data.points import MOST_DRAWN_CLASSES, Points
from playground.core.data.tables.column_facts import about_cells
from playground.core.data.tables.form import DELIMITERS, Form
from playground.core.data.tables.importing import Met, TableText
from playground.core.data.tables.inputs import Image, image_in_words, may_number_rows, numbers_rows
from playground.core.data.tables.labels import class_codes, labels
from playground.core.data.tables.reading import Progress, no_progress
from playground.core.data.tables.writing.encodings import ENCODINGS
from playground.core.errors import in_a_row, listed, short
from playground.core.messages import N_, Message, plural

FEWEST_ROWS = 20
"""Rows to train on below which what is learned is mostly chance."""

_SAMPLE_ROWS = 20_000
_SAMPLE_CELLS = 5_000_000
_ONE_SIDED = 0.95
_NEARLY_EQUAL = 0.9999
_MOST_NAMED = 3
_LONGEST_LIST = 120
_OF_NUMBERS = {
    (True, True): N_("inputs and numbers scaled"),
    (True, False): N_("inputs scaled, numbers to learn as they are"),
    (False, True): N_("numbers to learn scaled, inputs as they are"),
    (False, False): N_("numbers as they are"),
}


@dataclass(frozen=True, slots=True)
class Description:
    """What was read and chosen.

    answer, inputs  columns of the file
    left_out        the other columns, and why they are no inputs
    rows            rows that are used; rows_left_out the others
    classes         their names in order; empty where the answer is a number
    form            how the file is written
    warnings        sentences about what may be wrong
    image           (channels, height, width) where the inputs are pixels; None elsewhere
    is_made         True where a file is no text, so that nothing is to be said of its form
    test_rows       how many of the rows are kept for testing, None before they are divided, and
                    test_file whose they are; "" where the table itself is divided
    """

    answer: str
    inputs: tuple[str, ...]
    left_out: Mapping[str, str]
    rows: int
    rows_left_out: int
    classes: tuple[str, ...]
    form: Form
    warnings: tuple[Message, ...] = ()
    part: str = ""
    image: Image | None = None
    is_made: bool = False
    test_rows: int | None = None
    test_file: str = ""

    def as_json(self, scaling: str) -> dict[str, Any]:
        """The object "data" of `playground train --json`; scaling is that of the targets."""
        return {
            "answer": self.answer,
            "inputs": list(self.inputs),
            "image": None if self.image is None else list(self.image),
            "left_out": {name: str(why) for name, why in self.left_out.items()},
            "rows": self.rows,
            "rows_left_out": self.rows_left_out,
            "classes": list(self.classes),
            "warnings": [str(warning) for warning in self.warnings],
            "scaling": scaling,
            "header": self.form.has_header,
            "encoding": ENCODINGS[self.form.encoding],
            **self._test_as_json(),
        }

    def _test_as_json(self) -> dict[str, Any]:
        if self.test_rows is None:
            return {}
        return {"test_rows": self.test_rows, "test_file": self.test_file or None}

    def lines(self, data: DataSettings) -> tuple[Message, Message]:
        """Two lines for a person: what is learned from what; how it was read and is scaled."""
        return self._what(), self._how(self._scaling(data))

    def _what(self) -> Message:
        values: dict[str, Any] = {
            "answer": short(self.answer),
            "inputs": self._shown_inputs(),
            "classes": listed(self.classes, _LONGEST_LIST),
            "rows": self.rows,
            "all": self.rows + self.rows_left_out,
        }
        template = (
            N_("{answer} ({classes}) from {inputs}; {rows:,} of {all:,} rows")
            if self.classes
            else N_("{answer} as a number from {inputs}; {rows:,} of {all:,} rows")
        )
        said = Message(template, **values)
        if not self.test_file:
            return said
        template = N_("{said}, of which {count:,} of {file} test")
        return Message(template, said=said, count=self.test_rows, file=short(self.test_file))

    def _shown_inputs(self) -> str:
        if self.image is None:
            return listed(self.inputs, _LONGEST_LIST)
        return image_in_words(self.image)

    def _scaling(self, data: DataSettings) -> Message:
        if self.image is not None:
            return Message("pixels from 0 to 1")
        if self.classes:
            return Message("inputs scaled" if data.are_inputs_scaled else "inputs as they are")
        return Message(_OF_NUMBERS[data.are_inputs_scaled, data.are_targets_scaled])

    def _how(self, scaling: Message) -> Message:
        form = form_in_words(self.form, self.part, is_made=self.is_made)
        if not self.left_out:
            return Message("read as {form}; {scaling}", form=form, scaling=scaling)
        items = self.left_out.items()
        parts = [Message("{name} ({why})", name=short(name, 30), why=why) for name, why in items]
        return Message(
            "left out: {columns}; read as {form}; {scaling}",
            columns=in_a_row(parts, _LONGEST_LIST * 2),
            form=form,
            scaling=scaling,
        )

    def divided(self, test_rows: int, warnings: Sequence[Message]) -> Description:
        """The same where so many rows are kept for testing, with more to be warned of."""
        return replace(self, test_rows=test_rows, warnings=(*self.warnings, *warnings))

    def tested_with(
        self, file_name: str, rows: int, left_out: int, notes: Sequence[Message]
    ) -> Description:
        """The same with rows of another file to test with."""
        return replace(
            self,
            rows=self.rows + rows,
            rows_left_out=self.rows_left_out + left_out,
            test_rows=rows,
            test_file=file_name,
            warnings=(*self.warnings, *notes),
        )


def described(
    text: TableText,
    columns: tuple[Sequence[str], str, Image | None],
    points: Points,
    classes: tuple[str, ...],
    why: Mapping[str, str],
    notes: Sequence[Message],
    progress: Progress = no_progress,
) -> Description:
    """What was made of a table.

    columns  the inputs, the answer, and the image that the inputs are
    points   the rows that are used, in the order of the file
    why      why columns are no inputs, as far as somebody has looked; the others were not chosen
    notes    sentences on rows that were left out and gaps that were filled
    """
    inputs, answer, image = columns
    used = {answer, *inputs}
    left_out = {
        name: why.get(name) or Message("not chosen") for name in text.names if name not in used
    }
    warnings = (
        *notes,
        *about_cells_and_lines(text, [*inputs, answer]),
        *_one_answer(points, answer, classes),
        *_telling_inputs(text, inputs, answer, points, progress),
    )
    return Description(
        answer,
        tuple(inputs),
        left_out,
        len(points),
        len(text) - len(points),
        classes,
        text.form,
        warnings,
        text.met.part,
        image,
        text.met.is_made,
    )


def form_in_words(form: Form, part: str, *, is_made: bool) -> Message:
    """How a table is written, as far as a file that is no text has a form; see `Description`."""
    said = Message(N_("names in the file") if form.has_header else N_("no names in the file"))
    if not is_made:
        said = Message(
            "{encoding}, {delimiter:small}, {names}",
            encoding=Message(ENCODINGS[form.encoding]),
            delimiter=Message(DELIMITERS[form.delimiter]),
            names=said,
        )
    return Message("'{part}', {form}", part=short(part, 30), form=said) if part else said


def few_rows(count: int) -> Iterator[Message]:
    """A warning where there are few rows to train on."""
    if count < FEWEST_ROWS:
        yield plural(
            "There is only {count:,} row to train on.",
            "There are only {count:,} rows to train on.",
            count,
        )


def without_answer(name: str, count: int, rows: int) -> Message:
    """Rows that nothing can be learned from, of so many."""
    template = N_("Rows without '{name}', left out: {count:,} of {rows:,}.")
    return Message(template, name=short(name), count=count, rows=rows)


def with_gaps(count: int, rows: int) -> Message:
    """Rows that cannot be shown to a network, of so many."""
    template = N_("Rows with missing values, left out: {count:,} of {rows:,}.")
    return Message(template, count=count, rows=rows)


def filled_with_means(count: int) -> Message:
    """Missing values that are made up for."""
    template = N_("Missing values, filled with the mean of their column: {count:,}.")
    return Message(template, count=count)


def about_cells_and_lines(text: TableText, names: Sequence[str]) -> Iterator[Message]:
    """What was met among the cells of these columns, and between the rows."""
    yield from about_cells(text, names)
    yield from _lines(text.met)


def _lines(met: Met) -> Iterator[Message]:
    """Another encoding that fits, lines that are no rows of the table, rows that are too short."""
    if met.doubt is not None:
        yield met.doubt
    for left_out in met.left_out[:_MOST_NAMED]:
        yield Message(
            "Line {line:,} is {why}: '{text}'.",
            line=left_out.line,
            why=Message(left_out.why),
            text=left_out.text,
        )
    if met.left_out_count > _MOST_NAMED:
        count = met.left_out_count - _MOST_NAMED
        yield plural(
            "{count:,} more line is no row of the table.",
            "{count:,} more lines are no rows of the table.",
            count,
        )
    if met.short:
        line, cells = met.short[0]
        yield plural(
            "{count:,} row is too short, in line {line:,} with {cells} values; the others are"
            " missing.",
            "{count:,} rows are too short, the first in line {line:,} with {cells} values; the"
            " others are missing.",
            len(met.short),
            line=line,
            cells=cells,
        )


def _one_answer(points: Points, answer: str, classes: Sequence[str]) -> Iterator[Message]:
    """What says that there is little to learn."""
    name = short(answer)
    if not classes:
        if np.ptp(points.y) == 0:
            yield Message("'{name}' has the same number in every row.", name=name)
        elif codes := class_codes(points.y):
            yield Message(
                "'{name}' is learned as a number; if {low} to {high} stand for classes, choose"
                " Classes on import, or set data.label on the command line.",
                name=name,
                low=codes[0],
                high=codes[1],
            )
        return
    if len(classes) > MOST_DRAWN_CLASSES and 2 * len(classes) > len(points):
        yield Message(
            "'{name}' has {count} classes in {rows:,} rows; choose another answer if it only names"
            " them.",
            name=name,
            count=len(classes),
            rows=len(points),
        )
    counts = np.bincount(points.y, minlength=len(classes))
    largest = int(counts.argmax())
    if len(classes) == 1:
        label = short(classes[0])
        yield Message("'{name}' has one class only, '{label}'.", name=name, label=label)
    elif counts[largest] == len(points):
        template = N_("All rows that are left are of one class, '{label}'.")
        yield Message(template, label=short(classes[largest]))
    elif counts[largest] >= _ONE_SIDED * counts.sum():
        yield Message(
            "{share:.0%} of the rows are of one class, '{label}'.",
            share=np.floor(100 * counts[largest] / counts.sum()) / 100,  # 100 % would be all
            label=short(classes[largest]),
        )


def _telling_inputs(
    text: TableText, inputs: Sequence[str], answer: str, points: Points, progress: Progress
) -> Iterator[Message]:
    """Inputs that number the rows, or nearly equal the answer."""
    step = max(len(points) // _rows_to_look_at(len(inputs)), 1)
    y = points.y[::step].astype(np.float64)
    kinds = len(np.unique(y)) if points.y.dtype.kind == "i" else None
    count, equal = 0, short(answer)
    if len(inputs) == points.x.shape[1] and len(y) > 2:
        for place, (name, x) in enumerate(zip(inputs, points.x[::step].T, strict=True)):
            progress(place / len(inputs))
            if _tells(x.astype(np.float64), y, kinds):
                count += 1
                if count <= _MOST_NAMED:
                    template = N_("Input '{name}' nearly equals '{answer}'.")
                    yield Message(template, name=short(name), answer=equal)
    if count > _MOST_NAMED:
        yield plural(
            "{count:,} other input nearly equals '{answer}', too.",
            "{count:,} other inputs nearly equal '{answer}', too.",
            count - _MOST_NAMED,
            answer=equal,
        )
    for name in filter(text.has, inputs):  # the others are parts of dates
        if numbers_rows(text, name):
            yield Message("Input '{name}' numbers the rows.", name=short(name))
        elif len(inputs) > 1 and (said := may_number_rows(text, name)) is not None:
            yield said


def giving_away(
    text: TableText,
    names: Sequence[str],
    answer: str,
    *,
    regression: bool,
    progress: Progress = no_progress,
) -> frozenset[str]:
    """Which of these columns of numbers nearly equal the answer, as far as a sample of rows tells.

    Raises DataError where the answer cannot be learned so.
    """
    y = text.numbers(answer) if regression else labels(text, answer)[0].astype(np.float64)
    is_known = ~np.isnan(y) if regression else y >= 0
    most = _rows_to_look_at(len(names))
    rows = np.flatnonzero(is_known)[:: max(int(is_known.sum()) // most, 1)]
    kinds = None if regression else len(np.unique(y[is_known]))
    found = set()
    for index, name in enumerate(names):
        progress(index / len(names))
        x = text.judged(name).values[rows]
        both = ~np.isnan(x)
        if both.sum() > 2 and _tells(x[both], y[rows][both], kinds):
            found.add(name)
    return frozenset(found)


def _rows_to_look_at(columns: int) -> int:
    """How many rows tell which of so many columns nearly equal the answer."""
    return min(_SAMPLE_ROWS, max(_SAMPLE_CELLS // max(columns, 1), 100))


def _tells(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], kinds: int | None) -> bool:
    """True where one column gives the answers away; kinds counts the different labels, None for
    numbers.
    """
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return False
    if kinds is None:
        return bool(abs(np.corrcoef(x, y)[0, 1]) > _NEARLY_EQUAL)
    if len(np.unique(x[:: max(len(x) // (20 * kinds), 1)])) > kinds:
        return False  # which a few rows tell in a moment
    values, codes = np.unique(x, return_inverse=True)
    if len(values) != kinds or 2 * kinds > len(y):
        return False  # where hardly any label comes again, any column of other values tells it
    pairs = np.unique(np.stack([codes.reshape(-1), y]), axis=1, return_counts=True)[1]
    in_pairs = int(np.sort(pairs)[-kinds:].sum())
    return in_pairs > 0.99 * len(y) and len(pairs) < 3 * kinds
