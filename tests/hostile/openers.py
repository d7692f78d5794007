"""Everything that the program does with what a person brings: every reader, and what comes after.

A reader may raise PlaygroundError and nothing else; what it accepts must survive being prepared,
saved, read again, shared, trained for a moment and written as a script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from playground.core.data.data import CsvData, ImagesData
from playground.core.data.dataset import Dataset, prepare
from playground.core.data.images.array_files import places_in
from playground.core.data.images.image_files import (
    idx_pair,
    is_image_file,
    read_images,
)
from playground.core.data.images.pictures import is_picture
from playground.core.data.images.sampling import points_of_image
from playground.core.data.tables.choosing import automatic_choice, data_of, outlook, why_not_fit
from playground.core.data.tables.column_facts import facts_of
from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.formats.source import is_packed
from playground.core.data.tables.importing import TableText, first_rows, read_table_text
from playground.core.data.tables.reading import read_start
from playground.core.errors import PlaygroundError
from playground.core.experiment import files, sharing
from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson import Lesson
from playground.core.lessons.lesson_files import (
    find,
    is_lesson_file,
    lesson_from,
    load_lesson,
    save_lesson,
)
from playground.core.lessons.step_facts import Facts
from playground.core.network.analysis import analyse
from playground.core.races import sweep_all, values_in, with_setting
from playground.core.script.pytorch import pytorch_script
from playground.engines import recovery_file
from playground.engines.contract.base import Plan
from playground.engines.loop.headless import train_to_end
from playground.engines.memory import check_room
from playground.engines.numpy.numpy_script import numpy_script
from playground.engines.weights_file import fitting, load_weights, save_weights
from tests.hostile import specimens
from tests.hostile.makers import Case

__all__ = ["Report", "open_everywhere"]

FEW_POINTS = 3_000
FEW_PRODUCTS = 3_000_000
"""Above these nothing is trained here, only the start is made: it would only take time."""
MANY_PRODUCTS = 1_000_000_000
"""Above these it is only asked whether there is room for the network."""
MOST_CHARACTERS = 400
LARGE = 500_000
"""Bytes of a file from which not every form of a table is tried: each would read all of it."""


class Report:
    """What a case came to: sentences that were said, and what was wrong.

    beat  is called before everything that is done with it.
    """

    def __init__(self, beat: Callable[[], None] = lambda: None) -> None:
        self._beat = beat
        self.sentences: list[str] = []
        self.faults: list[str] = []
        self.accepted: list[str] = []

    @contextmanager
    def reading(self, what: str) -> Iterator[None]:
        """Inside, a PlaygroundError is an answer, and anything else a fault."""
        self._beat()
        try:
            yield
        except PlaygroundError as error:
            self.say(what, str(error))
        except Exception as error:
            import traceback

            place = traceback.extract_tb(error.__traceback__)
            own = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in place][-3:]
            words = ascii(str(error))[:160]
            self.faults.append(
                f"{what}: {type(error).__name__}: {words} at {' < '.join(own[::-1])}"
            )

    def say(self, what: str, sentence: str) -> None:
        """A sentence for a person; hold it to what is promised."""
        self.sentences.append(sentence)
        if len(sentence) >= MOST_CHARACTERS:
            self.faults.append(
                f"{what}: a sentence of {len(sentence)} characters: {sentence[:90]!a}"
            )
        if not sentence.strip():
            self.faults.append(f"{what}: a sentence without words")
        bad = [sign for sign in sentence if not (sign.isprintable() or sign in "\xa0\u3000")]
        if bad:
            self.faults.append(f"{what}: a sentence with {bad[0]!a}: {sentence[:90]!a}")

    def check(self, what: str, holds: bool) -> None:
        if not holds:
            self.faults.append(f"{what}: not the same again")

    def took(self, what: str) -> None:
        self.accepted.append(what)


def open_everywhere(case: Case, folder: Path, beat: Callable[[], None] = lambda: None) -> Report:
    """Open a case with every reader there is for it; `beat` is called before each."""
    report = Report(beat)
    if case.path is not None:
        _path(report, case.path, folder)
    if case.text is not None:
        _clipboard(report, case.text, folder)
    if case.settings:
        _settings(report, case.settings, folder)
    return report


# Files.


def _path(report: Report, path: Path, folder: Path) -> None:
    is_large = _size(path) > LARGE
    with report.reading("read_start"):
        is_packed(read_start(path, 64))
    with report.reading("is_lesson_file"):
        is_lesson_file(path)
    with report.reading("is_image_file"):
        is_image_file(path)
    used: list[Experiment] = []
    for what, read in islice(_EXPERIMENTS.items(), 1 if is_large else None):
        with report.reading(what):
            experiment = read(path)
            report.took(what)
            if experiment not in used:
                used.append(experiment)
                use(report, f"{what} >", experiment, folder)
    with report.reading("load_lesson"):
        _lesson(report, load_lesson(path), folder)
    if path.name.endswith(".json"):
        with report.reading("find"):
            find(str(path))
    for what, look in _LOOKS.items():
        with report.reading(what):
            if look(path) is not False:
                report.took(what)
    with report.reading("load_weights"):
        _weights(report, path, folder)
    _recovery(report, path, folder)
    _table(report, path, is_large)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0


_EXPERIMENTS: dict[str, Callable[[Path], Experiment]] = {
    "open_any": files.open_any,
    "load": files.load,
    "from_csv": files.from_csv,
}
_LOOKS: dict[str, Callable[[Path], Any]] = {
    "read_images": read_images,
    "places_in": places_in,
    "idx_pair": idx_pair,
    "points_of_image": lambda path: is_picture(path) and points_of_image(path, 60),
    "picture": lambda path: not is_picture(path) and points_of_image(path, 60),
    "first_rows": first_rows,
}


def _weights(report: Report, path: Path, folder: Path) -> None:
    found = load_weights(path, specimens.network())
    report.took("load_weights")
    again = folder / "again.safetensors"
    save_weights(found, again)
    back = load_weights(again, specimens.network())
    report.check("weights", all(np.array_equal(found[name], back[name]) for name in found))


def _recovery(report: Report, path: Path, folder: Path) -> None:
    """A recovery file is read from its folder, where it is set aside if it is damaged."""
    with report.reading("recovery outline"):
        recovery_file.read_outline(path)
    with report.reading("recovery"):
        kept = recovery_file.read(path)
        report.took("recovery")
        again = folder / "again.recovery"
        recovery_file.write(kept, again)
        back = recovery_file.read(again)
        report.check("recovery", back.outline == kept.outline == recovery_file.read_outline(again))
        report.check("recovery experiment", back.experiment == kept.experiment)
        report.check("recovery weights", back.weights.keys() == kept.weights.keys())
        use(report, "recovery >", kept.experiment, folder)
        if kept.lesson is not None:
            _lesson(report, kept.lesson.lesson, folder)
        fitting(kept.weights, specimens.network(), "it")


# Tables.

_FORMS = {
    "table": WantedForm(),
    "table in UTF-16": WantedForm(encoding="utf-16"),
    "table in Shift-JIS": WantedForm(encoding="cp932"),
    "table with semicolons": WantedForm(encoding="cp1252", delimiter=";"),
    "table with tabs": WantedForm(delimiter="\t", has_header=False),
    "table with commas": WantedForm(decimal=",", has_header=True),
}
_MOST_CELLS = 400_000
_MANY_COLUMNS = 1_000


def _table(report: Report, source: Path | str, is_large: bool = False) -> None:
    forms = dict(islice(_FORMS.items(), 1)) if is_large else _FORMS
    for what, form in forms.items():
        with report.reading(what):
            text = read_table_text(source, form)
            report.took("read_table_text")
            if len(text) * len(text.names) <= _MOST_CELLS:
                _choices(report, text)
            if len(text.names) > _MANY_COLUMNS:
                return
        with report.reading(f"start of {what}"):
            first_rows(source, form)


def _choices(report: Report, text: TableText) -> None:
    """Import with every choice of the dialog."""
    facts = facts_of(text)
    for column in facts:
        if column.refusal:
            report.say("facts_of", column.refusal)
    automatic = automatic_choice(facts)
    columns = automatic.columns
    some = columns.inputs[:2]
    first = columns._replace(inputs=some)
    for chosen in (
        automatic,
        replace(automatic, fit=True, columns=first),
        replace(automatic, columns=columns._replace(missing="mean")),
        replace(automatic, columns=first._replace(regression=not columns.regression)),
        replace(automatic, columns=columns._replace(inputs=text.names[:3], answer=text.names[-1])),
        replace(automatic, columns=columns._replace(held_out=text.names[0])),
    ):
        found = outlook(text, facts, chosen)
        if found.obstacle:
            report.say("outlook", found.obstacle)
        elif reason := why_not_fit(text, chosen):
            report.say("why_not_fit", reason)
        if chosen.columns.inputs and not found.obstacle:
            with report.reading("data_of"):
                data = data_of(text, chosen)
                if text.path is None or not isinstance(data, CsvData):
                    Experiment.parse({"data": data})


# Lessons.


def _lesson(report: Report, lesson: Lesson, folder: Path) -> None:
    report.took("load_lesson")
    report.check("lesson as plain data", Lesson.parse(lesson.plain()) == lesson)
    again = folder / "again.lesson.json"
    save_lesson(lesson, again)
    report.check("lesson in a file", _without_paths(load_lesson(again)) == _without_paths(lesson))
    start = lesson.experiment()
    facts = Facts.at_start(start)
    for index, step in enumerate(lesson.steps):
        lesson.name_at(index)
        for goal in step.goals:
            goal.words.said("ja")
            goal.reached(facts)
    for figure in lesson.published:
        figure.is_met(1.0)
        str(figure.wanted)
    use(report, "lesson >", start, folder)
    lesson_from(start, lesson.title.said("en"))


def _without_paths(lesson: Lesson) -> Any:
    return lesson.model_copy(update={"experiments": list(lesson.experiments)})


# The clipboard and the command line.


def _clipboard(report: Report, text: str, folder: Path) -> None:
    sharing.is_link(text)
    with report.reading("from_link"):
        experiment, notes = sharing.opened(text)
        for note in notes:
            report.say("from_link", note)
        report.took("from_link")
        use(report, "link >", experiment, folder)
    _table(report, text)


def _settings(report: Report, settings: tuple[tuple[str, Any], ...], folder: Path) -> None:
    experiment = Experiment.parse({"data": specimens.SMALL, "training": {"epochs": 1}})
    for path, value in settings:
        with report.reading("with_setting"):
            experiment = experiment.with_setting(path, value)
            report.took("with_setting")
        with report.reading("races"):
            with_setting(experiment, path, value)
            sweep_all(experiment, [(path, [value, 1])])
        with report.reading("values_in"):
            values_in(str(value))
    with report.reading("settings"):
        use(report, "settings >", experiment, folder)


# What comes after.


def use(report: Report, what: str, experiment: Experiment, folder: Path) -> None:
    """Everything that follows once an experiment is open."""
    report.check(f"{what} plain data", Experiment.parse(experiment.plain()) == experiment)
    with report.reading(f"{what} save and load"):
        again = folder / "again.playground.json"
        files.save(experiment, again)
        report.check(f"{what} save and load", files.load(again) == _at_home(experiment))
    with report.reading(f"{what} link"):
        report.check(f"{what} link", sharing.from_link(sharing.to_link(experiment)) == experiment)
    with report.reading(f"{what} analysis"):
        for _, fault in analyse(experiment, 2, 2).faults:
            report.say(f"{what} analysis", fault)
    with report.reading(f"{what} PyTorch script"):
        compile(pytorch_script(experiment), "script", "exec")
    with report.reading(f"{what} NumPy script"):
        compile(numpy_script(experiment), "script", "exec")
    with report.reading(f"{what} prepare"):
        _train(report, what, experiment, prepare(experiment))


def _at_home(experiment: Experiment) -> Experiment:
    """The experiment as it is read: the path of a table or of images is absolute then."""
    data = experiment.data
    if not isinstance(data, CsvData | ImagesData):
        return experiment
    whole = data.model_copy(update={"path": str(Path(data.path).resolve())})
    return experiment.model_copy(update={"data": whole})


def _train(report: Report, what: str, experiment: Experiment, dataset: Dataset) -> None:
    """One epoch where it is small; else only what would be refused is asked."""
    for note in dataset.notes:
        report.say(f"{what} note", note)
    analysis = Plan.of(experiment, dataset).analysis
    products = analysis.multiply_adds * len(dataset.points)
    is_small = len(dataset.points) <= FEW_POINTS and analysis.parameters <= FEW_PRODUCTS // 10
    with report.reading(f"{what} train"):
        if is_small and products <= FEW_PRODUCTS:
            result = train_to_end(experiment, epochs=1)
            result.as_json()
            if result.message:
                report.say(f"{what} diverged", result.message)
        elif products <= MANY_PRODUCTS:
            train_to_end(experiment, epochs=0)
        else:
            check_room(Plan.of(experiment, dataset), len(dataset.train))
