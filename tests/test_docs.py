"""What the README and its siblings say is true: commands, links, names, lines of code, samples."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import shutil
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from pytestqt.qtbot import QtBot

import playground
from playground.cli import commands
from playground.core.data.data import Data
from playground.core.data.dataset import prepare
from playground.core.data.features import FEATURES
from playground.core.data.generators import GENERATORS
from playground.core.data.tables.table import BUILTINS
from playground.core.experiment.experiment import (
    Experiment,
    ModelSpec,
    Regularization,
    TrainingSpec,
)
from playground.core.experiment.settings import kinds
from playground.core.lessons import lesson_files as lesson_files
from playground.core.lessons.figures import MEASURES
from playground.core.lessons.goals import Goal
from playground.core.lessons.lesson import Lesson
from playground.core.lessons.solution import ACTIONS
from playground.core.lessons.step_facts import Act
from playground.core.network.activations import ACTIVATIONS
from playground.core.network.families import FAMILIES
from playground.core.network.layers import LAYERS
from playground.core.races import sweep_all, values_in
from playground.core.training.augmentation import Augmentation
from playground.core.training.losses import LOSSES
from playground.core.training.optimizers import OPTIMIZERS
from playground.core.training.schedules import SCHEDULES
from playground.core.training.stopping import Stop
from playground.ui.commands.command import commands_in
from tests.spoken import LANGUAGES
from tests.ui.whole_window import open_window

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "assets" / "samples"
SUFFIX = ".playground.json"
MADE_BY_SCREENSHOTS = "assets/screenshots/"
LESSONS_PAGE = "assets/lessons/README.md"
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", LESSONS_PAGE)
LONGEST_LINE = 120


def _page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


README, FOR_TEACHERS = _page("README.md"), _page(LESSONS_PAGE)
LESSONS = sorted((ROOT / "assets" / "lessons").glob(f"*{lesson_files.SUFFIX}"))


def _blocks(page: str, *languages: str) -> list[str]:
    """The fenced code blocks of these languages."""
    fences = re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [code for language, code in fences if language in languages]


def _published_commands() -> list[list[str]]:
    """The arguments of every `playground ...` in the README's blocks and among its words."""
    lines = [
        line
        for block in _blocks(README, "sh", "bat")
        for line in block.replace("\\\n", " ").splitlines()
    ]
    lines += re.findall(r"`(playground[^`]*)`", README.replace("\n", " "))
    words = [shlex.split(line.replace("\\", "/"), comments=True) for line in lines]
    return [rest for first, *rest in filter(None, words) if Path(first).name == "playground"]


COMMANDS = _published_commands()


def test_every_command_is_published() -> None:
    assert {arguments[0] for arguments in COMMANDS if arguments} == set(commands.commands)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_published_commands_are_understood(arguments: list[str]) -> None:
    if not arguments:  # the window itself
        return
    context = commands.commands[arguments[0]].make_context(arguments[0], arguments[1:])
    given = [context.params.get(name) for name in ("file", "target", "name")]
    for named in map(str, [*given, *context.params.get("sources", ())]):
        if "/" in named:
            assert (ROOT / named).is_file()


def test_published_settings_exist() -> None:
    settings = [
        pair for arguments in COMMANDS for option, pair in pairwise(arguments) if option == "--set"
    ]
    assert settings
    for path, _, text in (pair.partition("=") for pair in settings):
        sweep_all(Experiment(), [(path, values_in(text))])


# Links.


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    page = _page(name)
    targets = re.findall(r"\]\(([^)\s]+)\)", page)
    targets += re.findall(r'(?:src|srcset|href)="([^"]+)"', page)
    anchors = {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in _headings(page)}
    for target in targets:
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif target.startswith(MADE_BY_SCREENSHOTS):
            assert Path(target).stem in _scenes(), target
        elif "://" not in target:
            assert (ROOT / name).parent.joinpath(target).exists(), target


def _headings(page: str) -> list[str]:
    return re.findall(r"^#+ (.+)$", page, re.MULTILINE)


def _scenes() -> set[str]:
    from tests.desktop.screenshots import SCENES

    keys = [path.name.removesuffix(lesson_files.SUFFIX) for path in LESSONS]
    lessons = {f"lesson-{key}-{language}" for key in keys for language in LANGUAGES}
    return lessons | {scene.name for scene in SCENES}


@pytest.mark.parametrize("name", PAGES)
def test_lines_are_short(name: str) -> None:
    """Measured tables are as wide as they are."""
    page = re.sub(r"<!-- bench:begin -->.*<!-- bench:end -->", "", _page(name), flags=re.DOTALL)
    assert [line for line in page.splitlines() if len(line) > LONGEST_LINE] == []


def test_the_benchmark_has_its_place() -> None:
    assert README.count("<!-- bench:begin -->") == README.count("<!-- bench:end -->") == 1
    assert README.index("<!-- bench:begin -->") < README.index("<!-- bench:end -->")


# Names.


def _image_layers(*, blocks: bool) -> list[str]:
    """Layers for images: those of famous networks, or the simple ones."""
    return [
        kind
        for kind, layer in LAYERS.items()
        if layer.takes == "image" and layer.__module__.endswith(".conv_blocks") == blocks
    ]


CHOICES = {
    "Data sets, classes": [c.key for c in GENERATORS if not c.value.regression],
    "Data sets, numbers": [c.key for c in GENERATORS if c.value.regression],
    "Tables": BUILTINS.keys(),
    "Features": FEATURES.keys(),
    "Layers": [kind for kind, layer in LAYERS.items() if layer.takes != "image"],
    "Layers for images": _image_layers(blocks=False),
    "Blocks": _image_layers(blocks=True),
    "Activations": ACTIVATIONS.keys(),
    "Losses": LOSSES.keys(),
    "Optimizers": list(OPTIMIZERS),
    "Schedules": list(SCHEDULES),
    "Augmentation": list(Augmentation.model_fields),
    "Initializers": list(get_args(ModelSpec.model_fields["initializer"].annotation)),
    "Regularization": list(get_args(Regularization.model_fields["kind"].annotation)),
    "Stop conditions": list(Stop.model_fields),
    "Engines": list(get_args(TrainingSpec.model_fields["engine"].annotation)),
}


@pytest.mark.parametrize("choice", CHOICES)
def test_the_table_of_choices_is_complete_and_true(choice: str) -> None:
    rows = dict(re.findall(r"^\| ([^|`]+) \| (.*`.*) \|$", README, re.MULTILINE))
    assert re.findall(r"`([^`]+)`", rows[choice]) == CHOICES[choice]


@pytest.mark.parametrize("key", ["blobs", "rings"])
def test_numbers_of_classes_are_true(key: str) -> None:
    few, most = GENERATORS[key].value.classes
    assert re.search(rf"`{key}` \({few} to {most}\)", README)


def test_the_kinds_of_data_are_complete() -> None:
    (data, _) = get_args(Data)
    kinds = [
        kind for part in get_args(data) for kind in get_args(part.model_fields["kind"].annotation)
    ]
    table = README[README.index("| `data.kind` |") :]
    rows = re.findall(r"^\| ((?:`\w+` ?)+) \|", table[: table.index("\n\n")], re.MULTILINE)
    assert sorted(name for row in rows for name in re.findall(r"`(\w+)`", row)) == sorted(kinds)


def test_every_lesson_is_in_the_list() -> None:
    listed = dict(re.findall(r"^\| (L\d) \| (.+) \|$", README, re.MULTILINE))
    lessons = {lesson.key: lesson.title.en for lesson in map(lesson_files.load_lesson, LESSONS)}
    assert listed.keys() == lessons.keys()
    for key, title in lessons.items():
        assert listed[key].startswith(title)


def test_the_keys_are_those_of_the_window(qtbot: QtBot) -> None:
    """Every shortcut of the table of commands is published, by the name that a person calls it."""
    names = {"Del": "Delete", "Esc": "Escape", "Ctrl+=": "Ctrl+plus", "Ctrl+-": "Ctrl+minus"}
    names |= dict.fromkeys(("Left", "Right", "Up", "Down"), "arrows")
    names |= dict.fromkeys((f"Shift+{key}" for key in ("Left", "Right", "Up", "Down")), "Shift")
    names |= dict.fromkeys("2345678", "1 to 9")
    published = README[README.index("| Keys |") : README.index("## Lessons")]
    with open_window(qtbot) as window:
        found = [commands_in(menu) for menu in window.menus]
        keys = {keys for menu in found for _, command in menu for keys in command.shortcuts}
    assert len(keys) > 50
    for key in {names.get(key, key) for key in keys}:
        assert re.search(rf"(?<![\w+]){re.escape(key)}(?![\w+])", published), key


# Lessons.


def test_the_published_lesson_can_be_done() -> None:
    from playground.engines.lessons import measure_all
    from playground.ui.lessons.lesson_check import walk

    (text,) = _blocks(FOR_TEACHERS, "json")
    lesson = Lesson.parse(json.loads(text))
    assert all(figure.is_met for figure in measure_all(lesson))
    found = walk(lesson)
    assert found.arrives, found.troubles
    assert len(found.outcomes) > len(lesson.steps)


def test_every_action_of_a_solution_is_listed() -> None:
    table = FOR_TEACHERS[FOR_TEACHERS.index("| Action |") :].split("\n\n")[0]
    rows = [json.loads(row) for row in re.findall(r"^\| `(\{.*?\})` \|", table, re.MULTILINE)]
    assert [next(iter(row)) for row in rows] == list(ACTIONS)
    for row in rows:
        ACTIONS[next(iter(row))].model_validate(row)


@pytest.mark.parametrize(("start", "names"), [("| Kind |", kinds(Goal)), ("| Measure |", MEASURES)])
def test_what_a_lesson_can_ask_for_is_listed(start: str, names: dict[str, object]) -> None:
    table = FOR_TEACHERS[FOR_TEACHERS.index(start) :].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(names)


@pytest.mark.parametrize(
    ("start", "names"), [("Acts are", get_args(Act)), ("There are `", FAMILIES.keys())]
)
def test_what_a_lesson_can_name_is_listed(start: str, names: tuple[str, ...]) -> None:
    sentence = FOR_TEACHERS[FOR_TEACHERS.index(start) :].split(".\n")[0]
    assert re.findall(r"`(\w+)`", sentence) == list(names)


# Code.


@pytest.fixture
def in_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that may be written to, with the samples where the README has them."""
    shutil.copytree(SAMPLES, tmp_path / "assets" / "samples")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("in_a_copy")
def test_the_published_lines_run() -> None:
    (code,) = _blocks(README, "python")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "README.md", "exec"), {})
    accuracy, *_ = out.getvalue().splitlines()
    said = re.search(r"test_accuracy\)\s+# ([\d.]+)", code)
    assert said is not None
    assert float(accuracy) == pytest.approx(float(said[1]), abs=0.02)
    assert Path(f"spiral-0.01{SUFFIX}").is_file()


def test_the_published_project_trains() -> None:
    (text,) = _blocks(README, "json")
    result = playground.train(Experiment.parse(json.loads(text)), epochs=2)
    assert result.epochs == 2


# Samples.


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.name)
def test_samples_load_and_train(path: Path) -> None:
    assert path.name.endswith(SUFFIX)
    assert f"assets/samples/{path.name}" in README
    experiment = playground.load(path)
    assert experiment.title
    dataset = prepare(experiment)
    assert len(dataset.train) > 0
    assert len(dataset.test) > 0
    result = playground.train(experiment, epochs=2)
    assert result.epochs == 2
    assert result.curve[-1].train.loss < 10
