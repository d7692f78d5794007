"""`playground lessons`: what there is to learn, and whether its figures and goals hold on this
computer.

Main thread only. Imports the engines, and so torch, only when there is something to train, and the
window only when there are goals to reach.
"""

from __future__ import annotations

import json
import math
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from playground.cli.running import aligned, trained_by
from playground.core.catalogues import languages
from playground.core.errors import PlaygroundError, printable
from playground.core.lessons import lesson_files as lesson_files
from playground.core.lessons.lesson import Lesson, json_schema
from playground.core.lessons.outcomes import Outcome, Walk
from playground.core.network.analysis import analyse

if TYPE_CHECKING:
    from playground.engines.lessons import Measured
    from playground.engines.loop.headless import Result

Row = tuple[str, ...]

EPILOG = """\b
Examples:
  playground lessons
  playground lessons L1
  playground lessons --check
  playground lessons my.lesson.json --check
  playground open L1
"""


@click.command(epilog=EPILOG, short_help="List the lessons, train one, check its figures.")
@click.argument("name", required=False)
@click.option(
    "--check",
    "checks",
    is_flag=True,
    help="Compare the published figures with what is measured here, and go through every step in a"
    " window that nobody sees, to reach its goals.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@click.option(
    "--language",
    type=click.Choice(list(languages())),
    default="en",
    show_default=True,
    help="Language of titles and texts.",
)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a lesson file.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def lessons(
    name: str | None, checks: bool, as_json: bool, language: str, schema: bool, quiet: bool
) -> None:
    """List the lessons, or train the experiments of the one called NAME.

    NAME is a key from the list or a lesson file. With --check, and without a NAME, every lesson
    is checked: its figures are measured, and its solutions are done with keys and pointer. Where a
    figure or a goal is missed the exit code is 1.
    """
    if schema:
        click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
        return
    chosen = lesson_files.bundled() if name is None else [lesson_files.find(name)]
    if checks:
        _check(chosen, language, as_json=as_json, quiet=quiet)
    elif name is None:
        _list(chosen, language, as_json=as_json)
    else:
        _train(chosen[0], language, as_json=as_json, quiet=quiet)


def _list(chosen: list[Lesson], language: str, *, as_json: bool) -> None:
    if as_json:
        plain = [
            {
                "key": lesson.key,
                "title": lesson.title.said(language),
                "summary": _summary(lesson, language),
                "steps": len(lesson.steps),
                "experiments": list(lesson.experiments),
            }
            for lesson in chosen
        ]
        _echo_json(plain)
        return
    for lesson in chosen:
        click.echo(f"{lesson.key}  {printable(lesson.title.said(language))}")
        if lesson.summary is not None:
            click.echo(f"    {printable(_summary(lesson, language))}")


def _summary(lesson: Lesson, language: str) -> str:
    return "" if lesson.summary is None else lesson.summary.said(language)


# Training.


def _train(lesson: Lesson, language: str, *, as_json: bool, quiet: bool) -> None:
    from playground.engines.lessons import Runs, train_lesson

    results = train_lesson(lesson, Runs(_telling(quiet)))
    if as_json:
        plain = {
            name: {
                "parameters": result.info.parameters,
                "multiply_adds": _multiply_adds(result),
                **result.as_json(),
            }
            for name, result in results.items()
        }
        _echo_json({"key": lesson.key, "experiments": plain})
        return
    click.echo(f"{lesson.key}  {printable(lesson.title.said(language))}")
    head = (
        "experiment",
        "parameters",
        "multiply-adds",
        "epochs",
        "loss: start",
        "half-way",
        "end",
        "test",
        "accuracy",
        "trained by",
    )
    _echo_table([head, *(_curve_row(name, result) for name, result in results.items())])


def _curve_row(name: str, result: Result) -> Row:
    """A run in one line: its size, its training loss at three places, its test figures."""
    losses = [point.train.loss for point in result.curve]
    accuracy = result.train_accuracy if result.test_accuracy is None else result.test_accuracy
    return (
        name,
        f"{result.info.parameters:,}",
        f"{_multiply_adds(result):,}",
        f"{result.epochs:,}",
        *(f"{loss:.4g}" for loss in (losses[0], losses[len(losses) // 2], losses[-1])),
        "" if result.test_loss is None else f"{result.test_loss:.4g}",
        "" if accuracy is None else f"{accuracy:.1%}",
        trained_by(result.info),
    )


def _multiply_adds(result: Result) -> int:
    """Products with weights for one point, forward."""
    data = result.dataset
    return analyse(result.experiment, data.width, data.outputs, data.image).multiply_adds


# Checking.


@dataclass(frozen=True, slots=True)
class _Report:
    """What the check of a lesson found."""

    lesson: Lesson
    measured: tuple[Measured, ...]
    walk: Walk

    @property
    def passes(self) -> bool:
        """True where every figure is met and every goal is reached."""
        return self.walk.arrives and all(one.is_met for one in self.measured)


def _check(chosen: list[Lesson], language: str, *, as_json: bool, quiet: bool) -> None:
    from playground.engines.lessons import measure_all

    reports = []
    for lesson in chosen:
        measured = measure_all(lesson, _telling(quiet))
        report = _Report(lesson, measured, _walk(lesson, language, quiet=quiet))
        reports.append(report)
        _echo_troubles(report)
        if not as_json:
            _echo_report(report, language)
    if as_json:
        _echo_json([_plain_report(report, language) for report in reports])
    missed = [report.lesson.key for report in reports if not report.passes]
    if missed:
        raise PlaygroundError(
            "Figures or goals were missed in {names}; see above.", names=", ".join(missed)
        )


def _walk(lesson: Lesson, language: str, *, quiet: bool) -> Walk:
    """Go through a lesson in a window that nobody sees.

    Raises PlaygroundError where there can be no window.
    """
    if not any(step.goals for step in lesson.steps):
        return Walk()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # Qt reads it once, when it is first imported
    try:
        if sys.platform == "win32":  # there its libraries do not load after Qt's
            import torch  # noqa: F401
        from playground.ui.lessons.lesson_check import walk
    except (ImportError, OSError) as error:
        raise PlaygroundError(
            "The goals of {key} cannot be tried, because PySide6 does not start here ({error});"
            " install it with 'pip install PySide6-Essentials'.",
            key=lesson.key,
            error=str(error)[:100],
        ) from None
    return walk(lesson, language, _telling(quiet, "Trying"))


def _echo_troubles(report: _Report) -> None:
    for step, sentence in report.walk.troubles:
        click.echo(f"{report.lesson.key}, step {step + 1}: {printable(sentence)}", err=True)


def _echo_report(report: _Report, language: str) -> None:
    click.echo(f"{report.lesson.key}  {report.lesson.title.said(language)}")
    head = ("", "figure", "published", "wanted", "measured", "trained by")
    if report.measured:
        _echo_table([head, *(_figure_row(one, language) for one in report.measured)])
    outcomes = report.walk.outcomes
    reached = sum(outcome.is_reached for outcome in outcomes)
    click.echo(f"  Goals reached: {reached} of {len(outcomes)}")
    for outcome in outcomes:
        if not outcome.is_reached:
            word = "TOO EARLY" if outcome.is_early else "MISSED"
            click.echo(f"  {word}  {printable(_goal(outcome, language))}")
    click.echo()


def _figure_row(one: Measured, language: str) -> Row:
    figure = one.figure
    epoch = "" if figure.epoch is None else f", epoch {figure.epoch:,}"
    return (
        "ok" if one.is_met else "MISSED",
        f"{figure.what.said(language)}{epoch}",
        "" if figure.published is None else f"{figure.published:g}",
        figure.wanted,
        f"{one.value:.6g}",
        trained_by(one.info),
    )


def _goal(outcome: Outcome, language: str) -> str:
    return f"step {outcome.step + 1}: {outcome.goal.words.said(language)}"


def _plain_report(report: _Report, language: str) -> dict[str, Any]:
    figures = [
        {
            "what": one.figure.what.said(language),
            "experiment": one.figure.experiment,
            "measure": one.figure.measure,
            "epoch": one.figure.epoch,
            "published": one.figure.published,
            "wanted": one.figure.wanted,
            "measured": one.value if math.isfinite(one.value) else None,
            "met": one.is_met,
            "engine": one.info.engine,
            "device": one.info.device,
            "threads": one.info.threads,
            "source": one.figure.source,
        }
        for one in report.measured
    ]
    goals = [
        {
            "step": outcome.step + 1,
            "goal": outcome.goal.words.said(language),
            "reached": outcome.is_reached,
        }
        for outcome in report.walk.outcomes
    ]
    return {
        "key": report.lesson.key,
        "passes": report.passes,
        "figures": figures,
        "goals": goals,
    }


# Writing.


def _telling(quiet: bool, doing: str = "Training") -> Any:
    """A function that says on stderr what is being trained, or tried."""

    def tell(title: str) -> None:
        if not quiet:
            click.echo(f"{doing}: {printable(title) or 'untitled'} ...", err=True)

    return tell


def _echo_json(plain: Any) -> None:
    click.echo(json.dumps(plain, ensure_ascii=False, allow_nan=False))


def _echo_table(rows: list[Row]) -> None:
    for line in aligned([tuple(map(printable, row)) for row in rows]):
        click.echo(f"  {line}")
