"""The geometry of the network picture: laws that hold for every network in every window."""

from itertools import combinations, pairwise
from math import prod

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF

from playground.core.catalogues import languages
from playground.core.experiment.experiment import Experiment
from playground.core.network.analysis import analyse
from playground.core.network.layers import LAYERS
from playground.engines.contract.base import Plan
from playground.engines.pytorch.network import build
from playground.ui import language
from playground.ui.network.editing.layer_menus import is_for_images
from playground.ui.network.layout import shapes, targets
from playground.ui.network.layout.arrange import arrange
from playground.ui.network.layout.shapes import Detail, Layout, Measures
from playground.ui.network.layout.targets import Part, Target
from playground.ui.network.layout.viewport import Zoom
from playground.ui.network.painting.transition import matched_columns
from playground.ui.network.structure.diagram import Diagram
from playground.ui.network.structure.parameters import built

MEASURES = Measures(lambda text: 6.0 * len(text), lambda text: 7.2 * len(text))

layers = st.one_of(
    st.builds(
        lambda units, bias: {"kind": "linear", "units": units, "bias": bias},
        st.one_of(st.integers(1, 12), st.sampled_from([64, 1024])),
        st.booleans(),
    ),
    st.sampled_from(
        [{"kind": k} for k, c in LAYERS.items() if k != "linear" and not is_for_images(c)]
    ),
)
features = st.one_of(
    st.none(),
    st.permutations(["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"]).flatmap(
        lambda keys: st.integers(1, 7).map(lambda count: keys[:count])
    ),
)
windows = st.builds(QSizeF, st.integers(320, 1600), st.integers(220, 1000))


def experiment_with(layers: list[dict], features: list[str] | None = None) -> Experiment:
    return Experiment.parse(
        {"data": {"kind": "generated"}, "model": {"layers": layers, "features": features}}
    )


@st.composite
def diagrams(draw: st.DrawFn) -> Diagram:
    inputs = draw(st.sampled_from([1, 2, 64]))
    keys = draw(features) if inputs == 2 else None
    experiment = experiment_with(draw(st.lists(layers, max_size=14)), keys)
    names = tuple(f"x{i + 1}" for i in range(inputs))
    outputs = draw(st.sampled_from([1, 2, 3, 8, 10]))
    classes = max(outputs, 2) if draw(st.booleans()) else 0
    return Diagram.of(experiment, names, outputs, classes)


def disjoint(a: QRectF, b: QRectF) -> bool:
    # A rectangle shares its edge with what begins there.
    return not a.adjusted(0.01, 0.01, -0.01, -0.01).intersects(b)


def things(layout: Layout) -> list[QRectF]:
    """Everything that is on show all the time."""
    shown = [node for place in layout.places for node in place.nodes]
    names = ("units", "fewer", "more", "activation", "block")
    shown += [p.parts[name] for p in layout.places for name in names if name in p.parts]
    legend = [layout.legend] if not layout.legend.isEmpty() else []  # it goes in a low window
    return [*shown, *layout.additions, *legend]


image_layers = st.one_of(
    st.sampled_from([{"kind": kind} for kind in LAYERS if kind != "linear"]),
    st.builds(
        lambda channels, kernel, stride: {
            "kind": "conv",
            "channels": channels,
            "kernel": kernel,
            "stride": stride,
        },
        st.sampled_from([1, 3, 8, 12]),
        st.integers(1, 5),
        st.integers(1, 2),
    ),
    st.just({"kind": "linear", "units": 9}),
)
images = st.sampled_from([(1, 8, 8), (1, 28, 28), (3, 10, 16)])


def on_images(layers: list[dict]) -> Experiment:
    return Experiment.parse({"data": {"kind": "digits"}, "model": {"layers": layers}})


@st.composite
def image_diagrams(draw: st.DrawFn) -> Diagram:
    experiment = on_images(draw(st.lists(image_layers, max_size=8)))
    return Diagram.of(experiment, (), 10, 10, (), draw(images))


@given(st.one_of(diagrams(), image_diagrams()), windows)
def test_nothing_lies_over_anything_else(diagram: Diagram, window: QSizeF) -> None:
    layout = arrange(diagram, window, MEASURES)
    for a, b in combinations(things(layout), 2):
        assert disjoint(a, b), (a, b)


@given(st.one_of(diagrams(), image_diagrams()), windows)
def test_everything_lies_inside_of_the_scene_and_the_scene_in_the_window(
    diagram: Diagram, window: QSizeF
) -> None:
    layout = arrange(diagram, window, MEASURES)
    scene = QRectF(QPointF(), layout.size)
    for place in layout.places:
        assert all(scene.contains(rect) for rect in place.parts.values())
    assert all(scene.contains(rect) for rect in things(layout))
    size = QSize(int(window.width()), int(window.height()))
    seen = Zoom().viewport(size, layout.size, 1.0).transform.mapRect(scene)
    assert QRectF(-0.01, -0.01, size.width() + 0.02, size.height() + 0.02).contains(seen)


@given(diagrams(), windows)
def test_columns_follow_each_other_and_show_at_most_eight_units(
    diagram: Diagram, window: QSizeF
) -> None:
    layout = arrange(diagram, window, MEASURES)
    for before, place in pairwise(layout.places):
        assert before.right < place.left
        assert before.band.right() <= place.band.left()
    for place in layout.places[:-1]:
        assert len(place.nodes) <= 8
        assert place.column.is_folded == (place.column.units > 8)
    assert all(node.width() >= 15 for place in layout.places for node in place.nodes)


@given(diagrams(), windows)
def test_every_visible_weight_has_a_curve_from_its_source_to_its_unit(
    diagram: Diagram, window: QSizeF
) -> None:
    layout = arrange(diagram, window, MEASURES)
    for bundle in layout.edges:
        before, here = layout.places[bundle.column - 1], layout.places[bundle.column]
        rows = diagram.sources_of(bundle.column)
        assert (bundle.ends[:, 0] < bundle.ends[:, 2]).all()
        for unit, source, (_, y0, _, y1) in zip(
            bundle.units, bundle.sources, bundle.ends, strict=True
        ):
            assert y0 == before.rows[rows[source] - before.first]
            assert y1 == here.rows[unit - here.first]
        seen = [row for row in rows if 0 <= row - before.first < len(before.rows)]
        assert len(bundle.units) == len(here.nodes) * len(seen)


@given(diagrams(), st.integers(0, 2000))
def test_scrolling_keeps_the_strip_full_and_the_curves_in_place(
    diagram: Diagram, first: int
) -> None:
    window = QSizeF(700, 500)
    still = arrange(diagram, window, MEASURES)
    scroll = {index: first for index, c in enumerate(diagram.columns) if c.is_folded}
    moved = arrange(diagram, window, MEASURES, scroll)
    for before, after in zip(still.places, moved.places, strict=True):
        assert before.nodes == after.nodes
        assert 0 <= after.first <= after.column.units - after.column.visible
        if "thumb" in after.parts:
            assert after.parts["strip"].contains(after.parts["thumb"])
    for a, b in zip(still.edges, moved.edges, strict=True):
        assert np.array_equal(a.ends, b.ends)


@pytest.mark.parametrize("window", [(560, 300), (670, 560), (1000, 700)])
def test_the_seven_feature_spiral_is_legible_where_the_window_is_small(window) -> None:
    keys = ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"]
    two = [{"kind": "linear", "units": 8}] * 2
    diagram = Diagram.of(experiment_with(two, keys), ("x1", "x2"), 2, 2)
    layout = arrange(diagram, QSizeF(*window), MEASURES)
    assert layout.size == QSizeF(*window)
    assert layout.detail is Detail.FULL
    assert 22 <= layout.places[1].nodes[0].width() <= 40


def test_twelve_wide_layers_fit_without_getting_smaller() -> None:
    diagram = Diagram.of(
        experiment_with([{"kind": "linear", "units": 64}] * 12), ("x1", "x2"), 2, 2
    )
    assert arrange(diagram, QSizeF(1000, 700), MEASURES).size == QSizeF(1000, 700)


def test_sizes_follow_the_text() -> None:
    diagram = Diagram.of(Experiment(), ("x1", "x2"), 2, 2)
    small = arrange(diagram, QSizeF(1000, 700), MEASURES)
    large = arrange(diagram, QSizeF(1000, 700), MEASURES, scale=1.5)
    assert large.places[1].nodes[0].width() > small.places[1].nodes[0].width()
    assert large.places[1].parts["units"].height() > small.places[1].parts["units"].height()


# Names of the weights ---------------------------------------------------------------------------


@given(
    st.lists(layers, max_size=6).filter(lambda ls: all(x.get("units", 0) <= 64 for x in ls)),
    st.sampled_from(["linear", "relu", "sine", "tanh"]),
    st.booleans(),
)
def test_weights_have_the_names_and_shapes_that_torch_gives_them(
    layers: list[dict], activation: str, has_output_bias: bool
) -> None:
    layers = [
        {**layer, "activation": activation} if layer["kind"] in ("linear", "residual") else layer
        for layer in layers
    ]
    experiment = experiment_with(layers).with_setting("model.output.bias", has_output_bias)
    state = build(Plan(experiment, 2, 3, 3)).state_dict()
    diagram = Diagram.of(experiment, ("x1", "x2"), 3, 3)
    named = set()
    for index, column in enumerate(diagram.columns[1:], 1):
        names = column.parameters
        assert names is not None
        if names.weight is not None:
            shape = (column.units, len(diagram.sources_of(index)))
            assert tuple(state[names.weight].shape) == shape
        if names.bias is not None:
            assert tuple(state[names.bias].shape) == (column.units,)
        named |= {name for name in state if name.startswith(names.prefixes)}
        if column.has_weights:
            assert names.weight is not None
            bias = names.weight.replace("weight", "bias")
            assert names.bias == (bias if bias in state else None)
    assert named == set(state)


@settings(max_examples=30)
@given(st.lists(image_layers, max_size=4), images)
def test_layers_for_images_have_the_names_and_shapes_that_torch_gives_them(layers, image) -> None:
    experiment = on_images(layers)
    assume(not analyse(experiment, prod(image), 10, image).faults)
    state = build(Plan(experiment, prod(image), 10, 10, image)).state_dict()
    diagram = Diagram.of(experiment, (), 10, 10, (), image)
    named = set()
    for before, column in pairwise(diagram.columns):
        names = column.parameters
        assert names is not None
        if names.weight is not None:
            inputs = before.units * before.area
            assert tuple(state[names.weight].shape) == (column.units, inputs)
        if names.kernels is not None:
            assert tuple(state[names.kernels].shape[:2]) == (column.units, before.units)
        if names.bias is not None:
            assert tuple(state[names.bias].shape) == (column.units,)
        named |= {name for name in state if name.startswith(names.prefixes or ("none",))}
    assert named == set(state)


@given(image_diagrams())
def test_what_a_layer_makes_of_each_channel_stands_beside_it(diagram: Diagram) -> None:
    layout = arrange(diagram, QSizeF(900, 600), MEASURES)
    for before, here in pairwise(layout.places):
        if before.column.group == here.column.group:
            assert before.rows == here.rows
    for column in diagram.hidden:
        is_mixing = getattr(column.settings, "kind", "") in ("conv", "inception")
        assert not (is_mixing and column.kind == "layer" and column.group != column.layer + 1)


def test_a_large_window_gets_a_larger_picture_but_no_larger_text() -> None:
    diagram = Diagram.of(Experiment(), ("x1", "x2"), 2, 2)
    usual = arrange(diagram, QSizeF(1000, 700), MEASURES)
    large = arrange(diagram, QSizeF(2000, 1200), MEASURES)
    assert large.places[1].nodes[0].width() > 1.5 * usual.places[1].nodes[0].width()
    header = large.places[1].parts["units"]
    assert header.size() == usual.places[1].parts["units"].size()
    reach = large.places[-1].right - large.places[0].left
    assert reach > 0.6 * 2000


def test_a_residual_block_and_a_silent_activation_shift_the_names() -> None:
    experiment = experiment_with(
        [
            {"kind": "linear", "units": 4, "activation": "linear"},
            {"kind": "residual"},
            {"kind": "dropout"},
            {"kind": "linear", "units": 3, "activation": "tanh"},
        ]
    )
    steps, last = built(experiment.model.layers, 2)
    found = [step.parameters for step in steps]
    assert [names.prefixes[0] for names in found] == ["0.", "1.", "2.", "3."]
    assert found[3].weight == "3.weight"
    assert found[1].weight is None
    assert last.parameters.weight == "5.weight"


def test_weights_follow_the_order_of_the_features_not_that_of_the_picture() -> None:
    diagram = Diagram.of(experiment_with([], ["sin x1", "x1"]), ("x1", "x2"), 2, 2)
    shown = [entry.key for entry in diagram.inputs]
    assert [shown[row] for row in diagram.sources_of(1)] == ["sin x1", "x1"]


def test_the_picture_shows_the_features_that_are_used() -> None:
    diagram = Diagram.of(experiment_with([], ["sin x1", "x1"]), ("x1", "x2"), 2, 2)
    assert [entry.key for entry in diagram.inputs] == ["x1", "sin x1"]
    assert diagram.can_toggle


def test_features_that_are_hidden_cannot_be_left_out() -> None:
    hidden = experiment_with([], ["x1", "x2"]).with_setting("view.hidden", ["features"])
    diagram = Diagram.of(hidden, ("x1", "x2"), 2, 2)
    assert not diagram.can_toggle
    assert diagram.has_features


# Walking and finding ----------------------------------------------------------------------------


@given(diagrams(), st.lists(st.sampled_from([(-1, 0), (1, 0), (0, -1), (0, 1)]), max_size=40))
def test_arrow_keys_never_leave_the_picture(diagram: Diagram, keys: list[tuple[int, int]]) -> None:
    layout = arrange(diagram, QSizeF(700, 500), MEASURES)
    focus = targets.step(layout, None, 0, 0)
    for dx, dy in keys:
        focus = targets.step(layout, focus, dx, dy)
        assert 0 <= focus.column < len(diagram.columns)
        if focus.part is Part.NODE:
            assert 0 <= focus.unit < diagram.columns[focus.column].units


@given(diagrams())
def test_the_right_key_reaches_every_column_and_every_gap(diagram: Diagram) -> None:
    layout = arrange(diagram, QSizeF(700, 500), MEASURES)
    focus, seen = targets.stop(layout, 0, 0), []
    for _ in range(2 * len(diagram.columns)):
        seen.append((focus.part is Part.ADD, focus.column))
        focus = targets.step(layout, focus, 1, 0)
    wanted = [(False, i) for i in range(len(diagram.columns))]
    wanted += [(True, i) for i in range(len(diagram.columns) - 1)]
    assert set(seen) == set(wanted)


@given(st.one_of(diagrams(), image_diagrams()), windows)
def test_what_is_drawn_is_found_where_it_is_drawn(diagram: Diagram, window: QSizeF) -> None:
    layout = arrange(diagram, window, MEASURES)
    for index, place in enumerate(layout.places):
        for row, node in enumerate(place.nodes):
            target = Target(Part.NODE, index, place.first + row)
            assert targets.find(layout, node.center()) == target
            assert targets.box(layout, target) == node
        for name in ("fewer", "more", "activation", "remove", "handle"):
            if name in place.parts:
                found = targets.find(layout, place.parts[name].center())
                assert found == Target(Part(name), index)
    for gap, box in enumerate(layout.additions):
        assert targets.find(layout, box.center()) == Target(Part.ADD, gap)


@given(diagrams())
def test_a_point_on_a_curve_finds_a_curve_that_passes_there(diagram: Diagram) -> None:
    layout = arrange(diagram, QSizeF(900, 600), MEASURES)
    for bundle in layout.edges:
        t = np.full(len(bundle.ends), 0.5)
        for x, y in zip(
            (bundle.ends[:, 0] + bundle.ends[:, 2]) / 2, shapes.heights(bundle.ends, t), strict=True
        ):
            found = targets.find(layout, QPointF(x, y))
            assert found is not None
            assert (found.part, found.column) == (Part.WEIGHT, bundle.column)


# Zoom and transitions ---------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.floats(0.2, 5), st.floats(-500, 500), st.floats(-500, 500)), max_size=8)
)
def test_the_window_is_always_covered_by_a_scene_that_is_larger(steps) -> None:
    zoom, window, scene = Zoom(), QSize(600, 400), QSizeF(600, 400)
    for factor, dx, dy in steps:
        zoom.zoom_by(factor)
        zoom.pan_by(QPointF(dx, dy))
        seen = zoom.viewport(window, scene, 1.0).transform.mapRect(QRectF(QPointF(), scene))
        assert seen.adjusted(-0.01, -0.01, 0.01, 0.01).contains(QRectF(0, 0, 600, 400))
    zoom.fit()
    assert zoom.viewport(window, scene, 1.0).transform.isIdentity()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([4, 2], [4, 3, 2], {0: 0, 1: 1, 3: 2, 4: 3}),  # one was added
        ([4, 3, 2], [4, 2], {0: 0, 1: 1, 2: 3, 3: 4}),  # one was removed
        ([4, 2], [5, 2], {0: 0, 1: 1, 2: 2, 3: 3}),  # one has more units
        ([], [4], {0: 0, 2: 1}),
    ],
)
def test_columns_that_stay_are_known_again(old, new, expected) -> None:
    def columns(units: list[int]):
        made = experiment_with([{"kind": "linear", "units": n} for n in units])
        return Diagram.of(made, ("x1", "x2"), 2, 2).columns

    assert matched_columns(columns(old), columns(new)) == expected


@pytest.mark.parametrize("code", languages())
def test_the_buttons_that_add_a_layer_have_room_for_their_word(code: str) -> None:
    diagram = Diagram.of(Experiment(), ("x1", "x2"), 2, 2)
    language.use(code)
    try:
        word = MEASURES.caption(language.tr("layer"))
        layout = arrange(diagram, QSizeF(1000, 700), MEASURES)
    finally:
        language.use("en")
    behind_the_plus = [button.width() - 17 for button in layout.additions]
    assert all(room >= word for room in behind_the_plus)
