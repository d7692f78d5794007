"""Project files: reading whatever there is, and writing all or nothing."""

import errno
import gc
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.core.data.data import CsvData
from playground.core.data.points import Points
from playground.core.data.points_data import PointsData
from playground.core.errors import ExperimentError, FileError, PlaygroundError
from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import (
    from_csv,
    json_schema,
    load,
    open_any,
    save,
    write_atomically,
)
from playground.core.experiment.project_text import pieces
from tests.strategies import experiments, points

SHARED_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "project.playground.json"


def complaint(read: Callable[[], Experiment]) -> str:
    """The sentence that reading ends with; empty where it gives an experiment."""
    try:
        assert isinstance(read(), Experiment)
    except PlaygroundError as error:
        return str(error)
    return ""


@SHARED_FOLDER
@given(experiments())
def test_a_saved_experiment_is_loaded_again(tmp_path: Path, experiment: Experiment) -> None:
    place = tmp_path / "project.playground.json"
    save(experiment, place)
    loaded = load(place)
    if isinstance(experiment.data, CsvData):
        assert Path(loaded.data.path) == Path(experiment.data.path).resolve()
        loaded = loaded.with_setting("data.path", experiment.data.path)
    assert loaded == experiment


@SHARED_FOLDER
@given(points())
def test_points_are_kept_bit_for_bit(tmp_path: Path, drawn: Points) -> None:
    place = tmp_path / "points.playground.json"
    save(Experiment(data=PointsData.of(drawn)), place)
    kept = load(place).data.points()
    assert kept.x.tobytes() == drawn.x.tobytes()
    assert kept.y.tobytes() == drawn.y.tobytes()
    assert np.array_equal(kept.held_out, drawn.held_out)


@SHARED_FOLDER
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_an_experiment_or_one_sentence(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "any.playground.json"
    place.write_bytes(content)
    message = complaint(lambda: load(place))
    assert not message or "any.playground.json" in message
    assert "\n" not in message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["data", "model", "training", "kind", "x", "label", "layers", "optimizer", "seed"]
            )
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_plain_data_are_an_experiment_or_one_sentence(raw: Any) -> None:
    complaint(lambda: Experiment.parse(raw))


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "not valid JSON"),
    "cut off": (b'{"data": ', "not valid JSON: a value is missing in line 1"),
    "nested": (b"[" * 10_000_000, "nested too deeply"),
    "Latin-1": ('{"title": "größer"}'.encode("latin-1"), "not UTF-8 text"),
    "UTF-16": ('{"title": "a"}'.encode("utf-16"), "not text"),
    "NaN": (b'{"training": {"seed": NaN}}', "holds NaN"),
    "infinity": (b'{"training": {"seed": -Infinity}}', "holds -Infinity"),
    "too many digits": (b'{"training": {"seed": ' + b"1" * 5000 + b"}}", "thousands of digits"),
    "overflow": (b'{"data": {"kind": "generated", "noise": 1e999}}', "data.noise: inf"),
    "newer": (b'{"format": "playground/3"}', "has the format 'playground/3'"),
    "no format": (b'{"format": [5]}', "format"),
    "unknown key": (b'{"trainning": {}}', "trainning: there is no such setting"),
    "a list": (b"[]", "A project is an object"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_sentence_that_names_it(place: Path, name: str) -> None:
    content, words = BAD[name]
    place.write_bytes(content)
    with pytest.raises(PlaygroundError) as caught:
        load(place)
    assert words in str(caught.value)
    assert place.name in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_file_of_windows_is_read(place: Path) -> None:
    place.write_bytes(b"\xef\xbb\xbf" + b'{\r\n"title": "From Windows"\r\n}')
    assert load(place).title == "From Windows"


def test_what_is_no_file_is_one_sentence(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(link)
    for place, words in [
        (tmp_path, "it is a folder"),
        (tmp_path / "missing", "no such file"),
        (tmp_path / "missing" / "file", "no such file"),
        (link, "in a circle"),
        (tmp_path / ("n" * 300), "name is too long"),
        (tmp_path / "a\0b", "null byte"),
    ]:
        with pytest.raises(FileError, match=f"cannot be read: .*{words}"):
            load(place)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="only Linux has /proc")
def test_a_file_that_may_not_be_read_is_one_sentence() -> None:
    # Root may read every file, but nobody the start of a process's memory.
    with pytest.raises(FileError, match="/proc/self/mem cannot be read: the disk reports a fault"):
        load("/proc/self/mem")


def test_an_endless_or_large_file_is_refused(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 1_000_000)
    with pytest.raises(FileError, match="/dev/zero cannot be read: it is a device or a pipe"):
        load("/dev/zero")
    place.write_bytes(b'{"title": "' + b"a" * 1_000_000 + b'"}')
    with pytest.raises(FileError, match="larger than 1 MB"):
        load(place)


def fails(*_: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("call", ["os.fsync", "pathlib.Path.replace", "pathlib.Path.chmod"])
def test_a_full_disk_keeps_the_old_file(
    monkeypatch: pytest.MonkeyPatch, place: Path, call: str
) -> None:
    place.write_text("old")
    monkeypatch.setattr(call, fails)
    with pytest.raises(FileError, match=r"cannot be written: the disk is full\. Nothing"):
        save(Experiment(), place)
    monkeypatch.undo()
    assert place.read_text() == "old"
    assert list(place.parent.iterdir()) == [place]


def test_an_interrupted_save_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    place.write_text("old")
    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save(Experiment(), place)
    assert place.read_text() == "old"
    assert list(place.parent.iterdir()) == [place]


def test_places_that_cannot_be_written_are_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for place in (
        folder,
        tmp_path / "missing" / "file",
        Path("/proc/file"),
        folder / ("n" * 300),
        folder / "a\0b",
    ):
        with pytest.raises(FileError, match="cannot be written"):
            save(Experiment(), place)
    assert list(tmp_path.iterdir()) == [folder]
    assert list(folder.iterdir()) == []


def test_the_longest_file_name_can_be_written(tmp_path: Path) -> None:
    place = tmp_path / ("n" * 255)
    write_atomically(place, b"content")
    assert place.read_bytes() == b"content"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_text("old")
    link.symlink_to(target)
    save(Experiment(title="New"), link)
    assert link.is_symlink()
    assert load(target).title == "New"


def test_a_file_keeps_its_permissions(place: Path) -> None:
    save(Experiment(), place)
    umask = os.umask(0)
    os.umask(umask)
    assert place.stat().st_mode & 0o777 == 0o666 & ~umask
    place.chmod(0o640)
    save(Experiment(title="New"), place)
    assert place.stat().st_mode & 0o777 == 0o640


def test_tables_are_named_from_the_project_file(tmp_path: Path) -> None:
    table = CsvData(path=str(tmp_path / "tables" / "t.csv"), inputs=("a",), label="b")
    (tmp_path / "tables").mkdir()
    place = tmp_path / "projects" / "p.playground.json"
    place.parent.mkdir()
    save(Experiment(data=table), place)
    assert json.loads(place.read_text())["data"]["path"] == "../tables/t.csv"
    assert load(place).data == table
    os.rename(tmp_path / "projects", tmp_path / "tables" / "projects")
    moved = load(tmp_path / "tables" / "projects" / "p.playground.json")
    assert Path(moved.data.path) == tmp_path / "tables" / "tables" / "t.csv"


def test_a_file_with_points_can_be_read_by_a_person(place: Path) -> None:
    drawn = Points.of(np.float32([[0.1, -2.5], [1e-7, 3]]), [0, 1])
    save(Experiment(data=PointsData.of(drawn), title="Brackets [ 1, 2 ]"), place)
    text = place.read_text()
    assert "[0.1, -2.5]" in text
    assert '"label": [0, 1]' in text
    assert text.endswith("}\n")
    assert load(place).title == "Brackets [ 1, 2 ]"


def test_nobody_waits_for_a_project_with_many_points(place: Path) -> None:
    """A piece holds the interpreter's lock while it is made, and so does the garbage collector."""
    draw = np.random.default_rng(0)
    drawn = Points.of(draw.normal(size=(200_000, 2)), draw.integers(0, 2, 200_000))
    experiment = Experiment(data=PointsData.of(drawn))
    collected: list[int] = []

    def note(phase: str, facts: dict[str, int]) -> None:
        collected.append(facts["generation"])

    gc.callbacks.append(note)
    try:
        made = list(map(len, pieces(experiment)))
    finally:
        gc.callbacks.remove(note)
    assert max(made) < 100_000, "bytes; 2,000 numbers"
    assert sum(made) > 6_000_000
    assert 2 not in collected, "a walk through everything there is"


def test_pieces_are_the_file(place: Path) -> None:
    drawn = Points.of(np.float32([[0.1, -2.5]] * 1500), [0] * 1500)
    save(Experiment(data=PointsData.of(drawn)), place)
    rows = ",\n      ".join(["[0.1, -2.5]"] * 1500)
    assert f'"x": [\n      {rows}\n    ],' in place.read_text()
    assert '"label": [' + ", ".join(["0"] * 1500) + "]" in place.read_text()


def test_the_rights_of_new_files_are_the_system_s_own(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mask belongs to the process: to read it is to change it, for all threads."""
    monkeypatch.setattr("os.umask", fails)
    save(Experiment(), place)
    save(Experiment(title="New"), place)
    assert load(place).title == "New"


def test_what_a_killed_program_left_is_cleared_away_later(place: Path) -> None:
    old, new = (place.parent / f".playground-{word}.tmp" for word in ("old", "new"))
    for left in (old, new):
        left.write_text("half a project")
    os.utime(old, (0, 0))
    save(Experiment(), place)
    assert set(place.parent.iterdir()) == {place, new}, "the new one may still be written to"


def test_the_name_is_settled_after_the_content(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled: list[tuple[bool, bool]] = []
    monkeypatch.setattr(
        "os.fsync",
        lambda number: settled.append((stat.S_ISDIR(os.fstat(number).st_mode), place.exists())),
    )
    save(Experiment(), place)
    assert settled == [(False, False), (True, True)], "(is a folder, is in place)"


# The schema.

SCHEMA = json_schema()


def _resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    return root["$defs"][reference.rsplit("/", 1)[1]] if reference else schema


TYPES: dict[str, Callable[[Any], bool]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: (
        not isinstance(value, bool)
        and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
    ),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}
BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    "const": lambda value, bound: value == bound,
    "enum": lambda value, bound: value in bound,
    "exclusiveMaximum": lambda value, bound: value < bound,
    "exclusiveMinimum": lambda value, bound: value > bound,
    "maxItems": lambda value, bound: len(value) <= bound,
    "maxLength": lambda value, bound: len(value) <= bound,
    "maximum": lambda value, bound: value <= bound,
    "minItems": lambda value, bound: len(value) >= bound,
    "minLength": lambda value, bound: len(value) >= bound,
    "minimum": lambda value, bound: value >= bound,
}


def fits(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    """What a JSON Schema validator says, for the words that the project's schema uses."""
    schema = _resolved(schema, root)
    if "type" in schema and not TYPES[schema["type"]](value):
        return False
    if not all(check(value, schema[word]) for word, check in BOUNDS.items() if word in schema):
        return False
    if "anyOf" in schema and not any(fits(value, part, root) for part in schema["anyOf"]):
        return False
    if "oneOf" in schema and sum(fits(value, part, root) for part in schema["oneOf"]) != 1:
        return False
    if isinstance(value, list):
        first = schema.get("prefixItems", [])
        rest = [schema["items"]] * (len(value) - len(first)) if "items" in schema else []
        return all(fits(v, s, root) for v, s in zip(value, [*first, *rest], strict=False))
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return (
            set(schema.get("required", [])) <= set(value)
            and (set(value) <= set(known) or schema.get("additionalProperties", True) is not False)
            and all(fits(value[key], known[key], root) for key in value if key in known)
        )
    return True


@given(experiments())
def test_the_schema_takes_what_is_saved(experiment: Experiment) -> None:
    assert fits(experiment.plain(), SCHEMA, SCHEMA)


@pytest.mark.parametrize(
    "raw",
    [
        {"titel": "x"},
        {"format": "playground/3"},
        {"data": {"generator": "circle"}},
        {"data": {"kind": "generated", "generator": "spirall"}},
        {"data": {"kind": "generated", "noise": 0.6}},
        {"data": {"kind": "generated", "samples": "500"}},
        {"data": {"kind": "points", "x": [["1", 2]], "label": [0]}},
        {"data": {"kind": "points", "x": [[1, 2]], "label": [-1]}},
        {"data": {"kind": "points"}},
        {"data": {"kind": "csv", "path": "a", "inputs": [], "label": "b"}},
        {"model": {"layers": [{"kind": "linear", "units": 0}]}},
        {"model": {"layers": [{"units": 4}]}},
        {"model": {"layers": [{"kind": "linear", "activation": "tan"}]}},
        {"model": {"output": {"bias": 1}}},
        {"training": {"optimizer": {"kind": "adam", "learning_rate": 40}}},
        {"training": {"optimizer": {"kind": "adam", "betas": [0.9]}}},
        {"training": {"optimizer": {"learning_rate": 0.1}}},
        {"training": {"batch_size": "ful"}},
        {"training": {"epochs": -1}},
        {"training": {"loss": "mze"}},
    ],
    ids=str,
)
def test_schema_and_parser_refuse_the_same(raw: dict[str, Any]) -> None:
    assert not fits(raw, SCHEMA, SCHEMA)
    with pytest.raises(ExperimentError):
        Experiment.parse(raw)


def test_the_schema_is_whole() -> None:
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    text = json.dumps(schema)
    for name in {part.split('"')[0] for part in text.split("#/$defs/")[1:]}:
        assert name in schema["$defs"]
    for part in schema["$defs"].values():
        assert part["additionalProperties"] is False
    assert fits({}, schema, schema)


# Tables opened without a project.


def test_a_table_becomes_an_experiment(tmp_path: Path) -> None:
    table = tmp_path / "Flowers.CSV"
    table.write_text("name,width,height,kind\nann,1,2,red\nbob,3,4,blue\n")
    experiment = open_any(table)
    assert experiment.title == "Flowers"
    assert experiment.data.inputs == ("width", "height")
    assert experiment.data.label == "kind"
    table.write_text("a,b\n1,0.5\n2,0.25\n")
    assert from_csv(table).data.target == "b"
    assert from_csv(table).training.loss == "mse"


def test_open_any_reads_projects(place: Path) -> None:
    save(Experiment(title="Here"), place)
    assert open_any(place).title == "Here"


@pytest.mark.parametrize("name", ["table.md", "values", "run.log", "old.bak"])
def test_a_table_of_any_name_is_opened(tmp_path: Path, name: str) -> None:
    rows = [("a", "kind"), *((f"{n}.5", "xy"[n % 2]) for n in range(9))]
    lines = [", ".join(row) for row in rows]
    if name.endswith(".md"):
        lines = [f"| {a} | {b} |" for a, b in (rows[0], ("---", "---"), *rows[1:])]
    (tmp_path / name).write_text("\n".join(lines))
    data = open_any(tmp_path / name).data
    assert isinstance(data, CsvData)
    assert (data.inputs, data.label) == (("a",), "kind")


def test_texts_are_no_tables() -> None:
    root = Path(__file__).parents[2]
    for path in [*root.glob("*.md"), root / "Makefile", root / "pyproject.toml", Path(__file__)]:
        with pytest.raises(FileError, match="so it cannot be opened"):
            open_any(path)


def test_a_table_without_numbers_is_one_sentence(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("a,b\nx,1\n")
    with pytest.raises(FileError, match=r"no column beside .b. that could be an input"):
        from_csv(table)
