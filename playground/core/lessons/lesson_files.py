"""Lesson files: read, write, find, and start a new one.

The lessons that come along lie in `assets/lessons`. Runs on any thread.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from playground import assets
from playground.core.catalogues import ENGLISH, catalogue
from playground.core.data.tables.reading import is_file, read_start, read_text
from playground.core.errors import FileError, PlaygroundError, UnknownChoiceError, nearest, short
from playground.core.experiment import files
from playground.core.experiment.experiment import LONGEST_TITLE, Experiment
from playground.core.experiment.files import parse_json, with_paths, write_atomically
from playground.core.experiment.sharing import brief
from playground.core.lessons.goals import EpochGoal
from playground.core.lessons.lesson import FORMAT, Lesson, Step
from playground.core.lessons.solution import KeyAction, UntilAction
from playground.core.lessons.texts import Text
from playground.core.lessons.writing import written
from playground.core.messages import Message, translated

SUFFIX = ".lesson.json"
MAX_BYTES = 50_000_000

_READ_FIRST = (
    *("data", "generator", "model", "layers", "units", "training", "optimizer", "learning_rate"),
    *("epochs", "title"),
)
"""What a file says of an experiment though it may be at its default."""


def load_lesson(path: str | os.PathLike[str]) -> Lesson:
    """The lesson in a file; the path of a table in it becomes absolute.

    Raises FileError where the file cannot be read, ExperimentError where its content does not fit;
    both name the file.
    """
    place = Path(path)
    raw = parse_json(
        read_text(place, at_most=MAX_BYTES, what=Message("a lesson")), short(place.name)
    )
    found = raw.get("format") if isinstance(raw, Mapping) else FORMAT
    if found != FORMAT:
        raise FileError(
            "{name} has no \"format\", but this version reads the lesson format '{format}'."
            if found is None
            else "{name} has the format '{found}', but this version reads the lesson format"
            " '{format}'.",
            name=place,
            found=short(found, 40),
            format=FORMAT,
        )
    try:
        lesson = Lesson.parse(raw)
    except PlaygroundError as error:
        raise error.within(short(place.name)) from None
    return _with_tables(lesson, lambda table: os.path.realpath(place.parent / table))


def save_lesson(lesson: Lesson, path: str | os.PathLike[str]) -> None:
    """Write a lesson file, whole or not at all. Raises FileError where it cannot be written."""
    place = Path(path)
    portable = _with_tables(lesson, lambda table: os.path.relpath(table, place.parent))
    plain = portable.plain()
    for name, experiment in portable.experiments.items():
        title = plain["experiments"][name]["title"]
        plain["experiments"][name] = {**brief(experiment, *_READ_FIRST), "title": title}
    write_atomically(place, written(plain).encode())


def _with_tables(lesson: Lesson, change: Callable[[str], str]) -> Lesson:
    """The lesson with the path of every table or file of images changed."""
    experiments = {
        name: with_paths(experiment, lambda path: Path(change(path)).as_posix())
        for name, experiment in lesson.experiments.items()
    }
    return lesson.model_copy(update={"experiments": experiments})


def bundled() -> list[Lesson]:
    """The lessons that come with Playground, in the order of their keys."""
    return [load_lesson(path) for path in _bundled_files()]


def find(name: str) -> Lesson:
    """A lesson by its key ("L1", in either case) or by the path of its file.

    Raises UnknownChoiceError where there is neither.
    """
    files = {path.name.removesuffix(SUFFIX): path for path in _bundled_files()}
    for key, path in files.items():
        if key.lower() == name.lower():
            return load_lesson(path)
    if Path(name).suffix == ".json":
        return load_lesson(name)
    raise UnknownChoiceError(
        "No lesson is called '{name}'.", nearest(name, files), name=short(name)
    )


def is_lesson_name(name: str) -> bool:
    """True for the key of a bundled lesson, and for the name of a lesson file."""
    keys = (path.name.removesuffix(SUFFIX).lower() for path in _bundled_files())
    return name.lower() in keys or name.endswith(SUFFIX)


def is_lesson_file(path: Path) -> bool:
    """True for the file of a lesson, by its name or by what it says of itself."""
    if path.name.endswith(SUFFIX):
        return True
    if path.suffix != ".json" or path.name.endswith(files.SUFFIX) or not is_file(path):
        return False
    return b'"playground-lesson/' in read_start(path, 4096)


def _bundled_files() -> list[Path]:
    return sorted(assets.path("lessons").glob(f"*{SUFFIX}"))


def name_in(file_name: str) -> str:
    """The name of a lesson in that of its file: without the ending."""
    return file_name.removesuffix(".json").removesuffix(SUFFIX.removesuffix(".json"))


def lesson_from(experiment: Experiment, name: str, language: str = ENGLISH) -> Lesson:
    """A lesson on an experiment, with one step to write on from, in a language.

    Its comments say what each part is for; they are never shown in the window.

    name  what the lesson is called; its key is made of the letters that a key may have
    """
    said = partial(translated, words=catalogue(language))
    title = name.strip() or experiment.title or said(Message("Untitled"))
    epochs = max(1, experiment.training.epochs or 100)
    wait = Message("What to do: press Space, and wait for epoch {epochs:,}.", epochs=epochs)
    step = Step(
        comment=said(
            Message(
                'One page. Copy it for more. A text is plain, or an object with "en", "ja" and'
                ' others; "look_at", "try_this" and "experiment" may be left out.'
            )
        ),
        title=Text(en=said(Message("First step"))),
        text=Text(en=said(Message("What this step is about, in two or three sentences."))),
        look_at=Text(en=said(Message("What to look at in the window."))),
        try_this=Text(en=said(wait)),
        experiment="start",
        goals=(EpochGoal(at_least=epochs, comment=said(_ON_GOALS)),),
        solution=(
            KeyAction(key="Space", comment=said(_ON_SOLUTIONS)),
            UntilAction(until="epoch", at_least=epochs),
        ),
    )
    return Lesson(
        comment=said(Message("A lesson for Playground. Open it with: playground open FILE")),
        key=re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-")[:40].strip("-") or "lesson",
        title=Text(en=title[:LONGEST_TITLE]),
        summary=Text(en=said(Message("One sentence on what is learned here."))),
        experiments={"start": experiment},
        steps=(step,),
    )


_ON_GOALS = Message("Goals tick themselves. 'playground lessons --schema' lists all kinds.")
_ON_SOLUTIONS = Message(
    "What a person does to reach the goals, one action after the other; 'playground lessons FILE"
    " --check' does it with keys and pointer."
)
