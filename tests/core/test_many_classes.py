"""More classes than there are colours: a hundred that look different, in tables, files, edits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core import class_maps, palette
from playground.core.class_looks import COLORS, DEFAULT, MARKERS, PAIRS, ClassLooks
from playground.core.class_maps import bordered, borders, refined, winners
from playground.core.data.dataset import prepare
from playground.core.data.points import MAX_CLASSES, Points
from playground.core.data.tables.choosing import automatic_choice, data_of, outlook, wished_choice
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.importing import TableText, read_table_text
from playground.core.errors import DataError, ExperimentError
from playground.core.experiment import clipboard, edits, files
from playground.core.experiment.experiment import Experiment

LETTERS = [chr(ord("A") + number) for number in range(26)]
LINE = (0, 0, 0)


def drawn(names: Sequence[str]) -> Experiment:
    """A point of each class."""
    count = len(names)
    x = [[number % 10, number // 10] for number in range(count)]
    data = {"kind": "points", "x": x, "label": list(range(count)), "class_names": names}
    return Experiment.parse({"data": {**data, "test": []}})


def table_lines(answers: Sequence[object]) -> list[str]:
    """Each answer twice, behind two measures."""
    rows = [f"{n}.5,{n * n % 97}.25,{answer}\n" for n, answer in enumerate([*answers] * 2)]
    return ["width,height,letter\n", *rows]


def table_of(answers: Sequence[object]) -> TableText:
    return read_table_text("".join(table_lines(answers)))


def points_of(experiment: Experiment) -> Points:
    return prepare(experiment).points


# What they look like.


def pairs(looks: ClassLooks) -> set[tuple[object, ...]]:
    return {(*looks.rgb[label].tolist(), looks.symbol(label)) for label in range(MAX_CLASSES)}


labels = st.integers(0, MAX_CLASSES - 1)
choices = st.one_of(
    st.tuples(labels, st.sampled_from([*COLORS, "#ff0088"])),
    st.tuples(labels, st.sampled_from(MARKERS)),
)


@settings(max_examples=40)
@given(st.lists(choices, max_size=6))
def test_no_two_of_a_hundred_classes_look_alike(way: list[tuple[int, str]]) -> None:
    looks = DEFAULT
    for label, look in way:
        if look in MARKERS:
            looks = looks.with_marker(label, look)
            assert looks.marker(label) == look
        else:
            looks = looks.with_color(label, look)
            assert looks.color(label) == look
        assert len(pairs(looks)) == MAX_CLASSES == PAIRS


def test_neighbours_in_number_differ_in_colour_and_the_next_ten_in_marker() -> None:
    for start in range(0, MAX_CLASSES, 10):
        ten = range(start, start + 10)
        assert sorted(DEFAULT.color(label) for label in ten) == sorted(COLORS)
        assert sorted(DEFAULT.marker(label) for label in ten) == sorted(MARKERS)


@given(st.lists(st.sampled_from([*LETTERS, "10", "11", "Blue"]), unique=True, max_size=20))
def test_every_class_has_a_name_of_its_own(own: list[str]) -> None:
    names = DEFAULT.called(own, MAX_CLASSES)
    assert len(set(names)) == len(names) == MAX_CLASSES
    assert list(names[: len(own)]) == own


def test_the_looks_of_many_classes_come_back_from_a_file(tmp_path: Path) -> None:
    experiment = edits.set_class_marker(
        edits.set_class_color(drawn(LETTERS), 25, "#ff0088"), 13, "star"
    )
    path = tmp_path / "letters.playground.json"
    files.save(experiment, path)
    again = files.load(path)
    assert again == experiment
    looks = ClassLooks.of(again.data)
    assert (looks.color(25), looks.color(5), looks.marker(13)) == ("#ff0088", "#ff0088", "star")


# Maps.


def field(classes: int, seed: int, size: int = 40) -> np.ndarray:
    """Probabilities (size, size, classes) of classes that lie around places of their own."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:size, 0:size] / size
    centers = random.random((classes, 2))
    scores = -80 * ((x[..., None] - centers[:, 0]) ** 2 + (y[..., None] - centers[:, 1]) ** 2)
    chances = np.exp(scores - scores.max(axis=2, keepdims=True))
    return (chances / chances.sum(axis=2, keepdims=True)).astype(np.float32)


@settings(max_examples=20)
@given(st.integers(11, MAX_CLASSES), st.integers(0, 1000))
def test_the_winner_of_a_fine_map_is_that_of_all_classes_interpolated(
    classes: int, seed: int
) -> None:
    """Slivers that no coarse cell has may differ: they are narrower than a cell."""
    picture = field(classes, seed)
    whole = refined(picture, 160).argmax(axis=2)
    assert (winners(picture, 160) != whole).mean() < 0.002


@pytest.mark.parametrize("decided", [False, True])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_line_parts_two_classes_of_one_colour(decided: bool, scheme: str) -> None:
    assert DEFAULT.color(0) == DEFAULT.color(10)
    picture = np.zeros((20, 20, 11), np.float32)
    picture[:, :10, 0] = picture[:, 10:, 10] = 1
    colors = class_maps.Colors(DEFAULT.rgb, palette.NEUTRALS[scheme], LINE)
    shown = bordered(picture, colors, 40, decided=decided)
    fill, line = shown[0, 0].astype(int), shown[:, 19].astype(int)
    assert (line == line[0]).all()
    assert np.abs(line[0] - fill).sum() > 100
    others = np.delete(shown, 19, axis=1).astype(int)
    assert (others == fill).all()
    expected = palette.blend(picture[0, 0], colors.neutral, colors=DEFAULT.rgb)
    assert np.abs(fill - expected).max() <= 1


def test_a_border_is_where_another_class_wins() -> None:
    winner = np.array([[0, 0, 1], [0, 2, 1], [2, 2, 1]])
    assert borders(winner).tolist() == [[0, 1, 0], [1, 1, 0], [0, 1, 0]]


# Tables.


@pytest.mark.parametrize("count", [11, 26, 62, 100])
def test_words_are_as_many_classes(count: int) -> None:
    words = [f"word {number:03d}" for number in range(count)]
    text = table_of(words)
    data = data_of(text, automatic_choice(facts_of(text)))
    dataset = prepare(Experiment.parse({"data": data.model_dump()}))
    assert dataset.classes == dataset.outputs == count
    assert list(dataset.class_names) == words
    assert np.bincount(dataset.points.y).tolist() == [2] * count


def test_a_hundred_and_one_words_are_refused_and_another_column_is_taken() -> None:
    text = table_of([f"word {number}" for number in range(101)])
    facts = facts_of(text)
    choice = automatic_choice(facts)
    said = outlook(text, facts, choice).obstacle
    assert "has more than 100 different labels; choose another answer." in said
    with pytest.raises(DataError, match=r"101 different labels, but there can be 100 .* another"):
        data_of(text, choice)
    other = wished_choice(text, facts, "height", ["width"])
    assert not outlook(text, facts, other).obstacle


def test_whole_numbers_are_a_measure_until_somebody_says_that_they_are_classes(
    tmp_path: Path,
) -> None:
    experiment = in_file(tmp_path, range(26))
    assert prepare(experiment).is_regression
    assert warnings(experiment) == [
        "'letter' is learned as a number; if 0 to 25 stand for classes, choose Classes on import,"
        " or set data.label on the command line."
    ]
    advised = edits.set_value(experiment, "data.label", "letter")
    assert prepare(advised).class_names == tuple(map(str, range(26)))
    assert not warnings(advised)


@pytest.mark.parametrize(
    "answers", [range(5, 30), range(0, 60, 2), [n + 0.5 for n in range(20)], range(101)]
)
def test_numbers_that_count_nothing_are_not_asked_about(
    tmp_path: Path, answers: Sequence[object]
) -> None:
    assert not warnings(in_file(tmp_path, answers))


def in_file(folder: Path, answers: Sequence[object]) -> Experiment:
    path = folder / "letters.csv"
    path.write_text("".join(table_lines(answers)))
    return files.open_any(path)


def warnings(experiment: Experiment) -> list[str]:
    description = prepare(experiment).description
    assert description is not None
    return [str(said) for said in description.warnings]


# What a hand does with them.


def test_a_hand_paints_with_the_classes_of_a_table() -> None:
    experiment = drawn(LETTERS)
    painted = edits.with_points(experiment, points_of(experiment).add([[3.0, 3.0]], 25))
    assert edits.names_of_classes(painted.data) == LETTERS
    assert np.bincount(points_of(painted).y)[25] == 2
    renamed = edits.rename_class(painted, points_of(painted), 25, "Zett")
    assert edits.names_of_classes(renamed.data)[25] == "Zett"


@pytest.mark.parametrize("count", [10, 11, 26])
def test_no_class_is_added_to_ten_or_more_by_hand(count: int) -> None:
    experiment = drawn(LETTERS[:count])
    with pytest.raises(ExperimentError, match=f"ten classes at most, and there are {count}"):
        edits.add_class(experiment, points_of(experiment))


def test_classes_of_a_table_are_removed_until_one_can_be_added() -> None:
    experiment = drawn(LETTERS[:12])
    for _ in range(3):
        experiment = edits.remove_class(experiment, points_of(experiment), 1)
    assert edits.names_of_classes(experiment.data) == ["A", *LETTERS[4:12]]
    more = edits.add_class(experiment, points_of(experiment))
    assert len(edits.names_of_classes(more.data)) == 10


def test_points_of_known_classes_are_pasted_among_many_and_others_are_not() -> None:
    letters = drawn(LETTERS)
    pasted = clipboard.points_in(clipboard.text_of(letters, points_of(letters)))
    assert pasted is not None
    twice = clipboard.with_pasted(letters, points_of(letters), pasted)
    assert edits.names_of_classes(twice.data) == LETTERS
    assert np.bincount(points_of(twice).y).tolist() == [2] * 26
    other = drawn(["A", "other"])
    with pytest.raises(ExperimentError, match="would be 27, and by hand ten are the most"):
        clipboard.with_pasted(letters, points_of(letters), other.data)  # type: ignore[arg-type]


@pytest.mark.parametrize(("count", "form"), [(10, "playground/1"), (11, "playground/2")])
def test_more_than_ten_drawn_classes_are_news_to_the_first_format(count: int, form: str) -> None:
    assert drawn(LETTERS[:count]).plain()["format"] == form
