"""What classes look like: no two alike, whatever a person chooses, and said in files only then."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core import class_looks, palette
from playground.core.class_looks import COLORS, MARKERS, ClassLooks
from playground.core.data.dataset import prepare
from playground.core.errors import ExperimentError
from playground.core.experiment import edits, files, sharing
from playground.core.experiment.experiment import Experiment, learned_part, live_change

labels = st.integers(0, 3)
choices = st.lists(
    st.one_of(
        st.tuples(st.just("color"), labels, st.sampled_from(COLORS)),
        st.tuples(st.just("marker"), labels, st.sampled_from(MARKERS)),
        st.tuples(st.just("remove"), labels, st.none()),
        st.tuples(st.just("add"), labels, st.none()),
    ),
    max_size=8,
)


def rings(**data: object) -> Experiment:
    kind = {"kind": "generated", "generator": "rings", "classes": 4, "samples": 40}
    return Experiment.parse({"data": {**kind, **data}})


def done(experiment: Experiment, what: str, label: int, look: object) -> Experiment:
    """One choice of a person; what cannot be is left alone."""
    count = len(edits.names_of_classes(experiment.data))
    label = min(label, count - 1)
    if what == "color":
        return edits.set_class_color(experiment, label, str(look))
    if what == "marker":
        return edits.set_class_marker(experiment, label, look)  # type: ignore[arg-type]
    points = prepare(experiment).points
    if what == "add":
        return edits.add_class(experiment, points) if count < 10 else experiment
    return edits.remove_class(experiment, points, label) if count > 2 else experiment


@settings(max_examples=20)
@given(choices)
def test_no_two_classes_look_alike(way: list[tuple[str, int, object]]) -> None:
    experiment = rings()
    for step in way:
        experiment = done(experiment, *step)
        looks = ClassLooks.of(experiment.data)
        assert sorted(looks.colors) == sorted(COLORS)
        assert sorted(looks.markers) == sorted(MARKERS)
        names = edits.names_of_classes(experiment.data)
        assert len(set(names)) == len(names)


@settings(max_examples=20)
@given(choices)
def test_looks_come_back_from_files_and_links(way: list[tuple[str, int, object]]) -> None:
    experiment = rings()
    for step in way:
        experiment = done(experiment, *step)
    again = Experiment.parse(experiment.plain())
    assert ClassLooks.of(again.data) == ClassLooks.of(experiment.data)
    assert sharing.from_link(sharing.to_link(experiment)) == experiment


def test_a_class_keeps_its_look_and_name_when_one_before_it_goes() -> None:
    before = rings()
    names, looks = edits.names_of_classes(before.data), ClassLooks.of(before.data)
    after = edits.remove_class(before, prepare(before).points, 1)
    kept = [0, 2, 3]
    assert edits.names_of_classes(after.data) == [names[label] for label in kept]
    now = ClassLooks.of(after.data)
    assert [(now.colors[i], now.markers[i]) for i in range(3)] == [
        (looks.colors[label], looks.markers[label]) for label in kept
    ]


def test_a_removed_class_takes_its_points_and_no_others() -> None:
    before = rings()
    points = prepare(before).points
    after = prepare(edits.remove_class(before, points, 1)).points
    left = points.take(points.y != 1)
    assert after.x.tolist() == left.x.tolist()
    assert after.held_out.tolist() == left.held_out.tolist()
    assert after.y.tolist() == [{0: 0, 2: 1, 3: 2}[label] for label in left.y.tolist()]


def test_the_next_class_takes_the_name_and_the_look_that_are_free() -> None:
    before = rings()
    without = edits.remove_class(before, prepare(before).points, 0)
    after = edits.add_class(without, prepare(without).points)
    assert edits.names_of_classes(after.data)[-1] == palette.CLASS_NAMES[0]
    assert ClassLooks.of(after.data).colors[3] == COLORS[0]


def test_the_last_two_classes_stay() -> None:
    two = Experiment.parse({"data": {"kind": "generated", "samples": 20}})
    with pytest.raises(ExperimentError, match="remove the points of 'Blue'"):
        edits.remove_class(two, prepare(two).points, 0)


def test_a_colour_that_another_class_has_is_exchanged() -> None:
    looks = ClassLooks.of(edits.set_class_color(rings(), 0, COLORS[2]).data)
    assert looks.colors[:3] == (COLORS[2], COLORS[1], COLORS[0])


def test_files_name_looks_only_where_somebody_has_chosen_them(tmp_path: Path) -> None:
    usual, back = tmp_path / "usual.playground.json", tmp_path / "back.playground.json"
    files.save(rings(), usual)
    assert "class_" not in usual.read_text()
    other = edits.set_class_color(edits.set_class_marker(rings(), 0, "star"), 0, COLORS[5])
    again = edits.set_class_color(edits.set_class_marker(other, 0, "circle"), 0, COLORS[0])
    files.save(again, back)
    assert back.read_bytes() == usual.read_bytes()


def test_another_look_changes_nothing_of_what_is_learned() -> None:
    before = rings()
    after = edits.set_class_color(before, 0, COLORS[7])
    assert after != before
    assert live_change(before, after)
    assert learned_part(before) == learned_part(after)
    dataset = prepare(before).looking_like(after.data)
    assert dataset.data == after.data
    assert dataset.looks.colors[0] == COLORS[7]
    assert dataset.train is not None
    other = rings(seed=8)
    assert dataset.looking_like(other.data) is dataset


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"class_colors": ["blue"]}, "'blue' is no colour; write it as #3f90da"),
        ({"class_colors": ["#12345g"]}, "is no colour"),
        ({"class_markers": ["cirlce"]}, "circle"),
        ({"class_colors": ["#3f90da"] * 11}, "data.class_colors"),
    ],
)
def test_a_look_that_is_none_is_refused(chosen: dict[str, object], said: str) -> None:
    with pytest.raises(ExperimentError, match=said):
        rings(**chosen)


def test_colours_of_a_file_are_what_is_painted() -> None:
    looks = ClassLooks.of(rings(class_colors=["#FF0000", "#00ff00"]).data)
    assert looks.rgb[:2].tolist() == [[255, 0, 0], [0, 255, 0]]
    assert not looks.rgb.flags.writeable
    assert class_looks.DEFAULT.rgb[:10].tolist() == palette.CLASS_COLORS.tolist()
    assert [class_looks.DEFAULT.symbol(i) for i in range(10)] == list(palette.CLASS_MARKERS)


def test_classes_that_nobody_has_named_are_called_by_their_colours() -> None:
    generated = edits.set_class_color(rings(), 0, COLORS[4])
    assert edits.names_of_classes(generated.data) == ["Purple", "Orange", "Red", "Gray"]
    assert prepare(generated).looks.called((), 4)[0] == "Purple"
    drawn = edits.rename_class(generated, prepare(generated).points, 1, "fish")
    other = edits.set_class_color(edits.set_class_color(drawn, 1, COLORS[0]), 0, COLORS[2])
    assert edits.names_of_classes(other.data) == ["Red", "fish", "Purple", "Gray"]


def test_a_name_that_somebody_has_given_is_never_taken() -> None:
    points = prepare(rings()).points
    drawn = edits.rename_class(rings(), points, 1, "Purple")
    names = edits.names_of_classes(edits.set_class_color(drawn, 0, COLORS[4]).data)
    assert names[1] == "Purple"
    assert len(set(names)) == 4
    for count in range(5, 11):
        drawn = edits.add_class(drawn, points)
        assert len(set(edits.names_of_classes(drawn.data))) == count


def test_markers_of_classes_are_said_in_one_place() -> None:
    """Lanes of a race, which are no classes, have the same ones."""
    package = Path(class_looks.__file__).parents[1]
    texts = {path: path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
    readers = [
        path.relative_to(package).as_posix()
        for path, text in texts.items()
        if "CLASS_MARKERS" in text
        for node in ast.walk(ast.parse(text))
        if getattr(node, "attr", getattr(node, "id", "")) == "CLASS_MARKERS"
    ]
    assert set(readers) == {"core/palette.py", "core/class_looks.py", "core/races.py"}
