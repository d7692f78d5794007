"""Large and wide tables: looks at progress come soon after one another, and shortcuts change
nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.data.tables import cells, column_facts
from playground.core.data.tables.cells import judged
from playground.core.data.tables.choosing import automatic_choice, made_of
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.importing import first_rows, read_table_text
from playground.core.data.tables.labels import labels_of_cells
from playground.core.data.tables.reading import Cancelled
from tests.benchmarks import large_files

MOST_SECONDS = 0.1
"""Of the processor's time of the thread, between two looks: several times what it takes."""

NUMBERS = st.one_of(st.integers(-5, 300), st.floats(-3, 3).map(lambda x: round(x, 2))).map(str)
ODD = st.sampled_from(
    ["", "NA", "nan", "-", "1,5", "5 kg", "3%", "(2)", "1e3", "word", " 7", "\uff11\uff12"]
)


def write_arrays(place: Path) -> None:
    source = np.random.default_rng(0)
    np.savez(place, X=source.normal(size=(20_000, 8)), y=np.arange(20_000) % 3)


KINDS: dict[str, Callable[[Path], None]] = {
    "wide.csv": lambda place: large_files.write_wide(place, 25, 3_000),
    "rows.arff": lambda place: large_files.write_arff(place, 70_000),
    "pairs.svm": lambda place: large_files.write_pairs(place, 6_000),
    "arrays.npz": write_arrays,
}


@pytest.mark.parametrize("name", KINDS)
def test_whoever_gives_up_is_heard_soon(name: str, tmp_path: Path) -> None:
    place = tmp_path / name
    KINDS[name](place)
    waits, last = [0.0], time.thread_time()

    def progress(part: float) -> None:
        nonlocal last
        now = time.thread_time()
        waits.append(now - last)
        last = now

    first_rows(place, progress=progress)
    text = read_table_text(place, progress=progress)
    facts = facts_of(text, progress)
    made_of(text, automatic_choice(facts), progress)
    progress(1.0)
    assert max(waits) < MOST_SECONDS


@pytest.mark.parametrize("name", KINDS)
def test_each_look_may_end_the_work(name: str, tmp_path: Path) -> None:
    small: dict[str, Callable[[Path], None]] = {
        "wide.csv": lambda place: large_files.write_wide(place, 20, 300),
        "rows.arff": lambda place: large_files.write_arff(place, 20_000),
        "pairs.svm": lambda place: large_files.write_pairs(place, 600),
        "arrays.npz": lambda place: np.savez(place, X=np.eye(90), y=np.arange(90) % 2),
    }
    place = tmp_path / name
    small[name](place)
    looks = _looks(place, None)
    assert looks > 10
    for last in range(1, looks, max(looks // 10, 1)):
        with pytest.raises(Cancelled):
            _looks(place, last)


def _looks(place: Path, last: int | None) -> int:
    """How often is asked whether to go on, which the last time is answered by no."""
    count = 0

    def progress(part: float) -> None:
        nonlocal count
        count += 1
        if count == last:
            raise Cancelled

    text = read_table_text(place, progress=progress)
    made_of(text, automatic_choice(facts_of(text, progress)), progress)
    return count


@given(column=st.lists(st.one_of(NUMBERS, NUMBERS, NUMBERS, ODD), min_size=1, max_size=40))
def test_plain_numbers_are_judged_as_by_a_look_at_each(column: list[str]) -> None:
    quick = judged(tuple(map(str.strip, column)), ".")
    with mock.patch.object(cells, "plain_numbers", return_value=None):
        slow = judged(tuple(map(str.strip, column)), ".")
    assert (quick.kind, quick.odd, quick.unit, quick.rough) == (
        *(slow.kind, slow.odd, slow.unit, slow.rough),
    )
    assert np.array_equal(quick.values, slow.values, equal_nan=True)


@given(column=st.lists(st.one_of(NUMBERS, NUMBERS, ODD), min_size=2, max_size=40))
def test_labels_of_many_numbers_are_not_missed(column: list[str]) -> None:
    lines = ["a,b", *(f'"{cell}",1' for cell in column)]
    with mock.patch.object(column_facts, "MAX_CLASSES", 5):
        text = read_table_text("\n".join(lines) + "\n")
        (facts, _) = facts_of(text)
        known = labels_of_cells(text, text.names[0]) or {}
        labels = tuple(dict.fromkeys(label for label in known.values() if label is not None))
    assert facts.labels == (labels if len(labels) <= 5 else ())
