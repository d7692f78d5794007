"""Lesson files: read, write, find, and start a new one.

The lessons that come along lie in `assets/lessons`. Runs on any thread.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from playground import assets
from playground.core.data.tables.reading import is_file, read_start, read_text
from playground.core.errors import FileError, PlaygroundError, UnknownChoiceError, nearest, short
from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment
from playground.core.experiment.files import parse_json, write_atomically
from playground.core.lessons.goals import EpochGoal
from playground.core.lessons.lesson import FORMAT, Lesson, Step
from playground.core.lessons.solution import KeyAction, UntilAction
from playground.core.lessons.texts import Text
from playground.core.lessons.writing import written
from playground.core.messages import Message

SUFFIX = ".lesson.json"
MAX_BYTES = 50_000_000


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
    write_atomically(place, written(portable.plain()).encode())


def _with_tables(lesson: Lesson, change: Callable[[str], str]) -> Lesson:
    """The lesson with the path of every table or file of images changed."""
    experiments = {}
    for name, experiment in lesson.experiments.items():
        path = getattr(experiment.data, "path", None)
        if isinstance(path, str):
            data = experiment.data.model_copy(update={"path": Path(change(path)).as_posix()})
            experiment = experiment.model_copy(update={"data": data})
        experiments[name] = experiment
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


def lesson_from(experiment: Experiment, title: str) -> Lesson:
    """A lesson on an experiment, with one step to write on from.

    Its comments say what each part is for; they are never shown in the window.
    """
    words = title.strip() or experiment.title or "Untitled"
    epochs = max(1, experiment.training.epochs or 100)
    step = Step(
        comment="One page. Copy it for more. Text may be {'en': ..., 'ja': ...} or plain text."
        " 'look_at', 'try_this' and 'experiment' may be left out.",
        title=Text(en="First step"),
        text=Text(en="What this step is about, in two or three sentences."),
        look_at=Text(en="What to look at in the window."),
        try_this=Text(
            en=Message("What to do: press Space, and wait for epoch {epochs:,}.", epochs=epochs)
        ),
        experiment="start",
        goals=(
            EpochGoal(
                at_least=epochs,
                comment="Goals tick themselves. 'playground lessons --schema' lists all kinds.",
            ),
        ),
        solution=(
            KeyAction(
                key="Space",
                comment="What a person does to reach the goals, one action after the other;"
                " 'playground lessons FILE --check' does it with keys and pointer.",
            ),
            UntilAction(until="epoch", at_least=epochs),
        ),
    )
    return Lesson(
        comment="A lesson for Playground. Open it with: playground open FILE",
        key=re.sub(r"[^A-Za-z0-9]+", "-", words).strip("-")[:40].strip("-") or "lesson",
        title=Text(en=words[:200]),
        summary=Text(en="One sentence on what is learned here."),
        experiments={"start": experiment},
        steps=(step,),
    )
