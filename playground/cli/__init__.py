"""The command line: `playground` opens the window, its commands do the same work without one.

Results go to stdout; progress and errors go to stderr. Exit codes: 0 done, 1 a PlaygroundError (one
sentence), 2 wrong usage, 130 interrupted. Main thread only. May import every floor, but torch, Qt,
numba and scikit-learn only inside the command that needs them, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from playground.cli.bench import bench
from playground.cli.compare import compare
from playground.cli.describe import describe
from playground.cli.lessons import lessons
from playground.cli.predict import predict
from playground.cli.running import described
from playground.cli.train import train
from playground.core.errors import FileError, PlaygroundError, short
from playground.versions import versions

if TYPE_CHECKING:
    from playground.core.data.dataset import Dataset
    from playground.core.experiment.experiment import Experiment

__all__ = ["commands", "main", "window"]

INTERRUPTED = 130
"""128 + SIGINT, as shells report a program that Ctrl+C ended."""

EXAMPLES = """\b
Examples:
  playground
  playground open spiral.playground.json
  playground train spiral.playground.json --epochs 500 --out results
  playground train points.csv --epochs 200 --json
  playground predict results new.csv --out answers.csv
  playground demo --seconds 5
"""


class _Commands(click.Group):
    """A group that tells errors meant for a person, and Ctrl+C, by their exit codes."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except PlaygroundError as error:
            raise click.ClickException(str(error)) from None
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            ctx.exit(INTERRUPTED)


def _tell_versions(ctx: click.Context, _option: click.Parameter, is_asked: bool) -> None:
    if is_asked and not ctx.resilient_parsing:
        click.echo("\n".join(versions()))
        ctx.exit()


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_versions,
    help="Show the versions of Playground and of what it runs on, and exit.",
)
@click.pass_context
def commands(ctx: click.Context) -> None:
    """Draw data, build a small neural network, press Train, and watch it learn.

    Without a command the window opens.
    """
    if ctx.invoked_subcommand is None:
        ctx.exit(_open_window(None))


@commands.command("open", short_help="Open the window on a file.")
@click.argument("target", metavar="FILE")
@click.pass_context
def open_(ctx: click.Context, target: str) -> None:
    """Open the window on FILE: a project, a table, images, the name of a lesson such as L1, or
    a link that was copied here or in TensorFlow Playground.
    """
    from playground.core.data.tables.reading import unreadable, web_address
    from playground.core.experiment.sharing import is_link
    from playground.core.lessons.lesson_files import is_lesson_name

    if not (os.path.exists(target) or is_lesson_name(target) or is_link(target)):
        if web_address(Path(target)) is not None:
            raise unreadable(Path(target), FileNotFoundError())
        raise FileError(
            "{target} does not exist; check the name and the folder.", target=short(target, 120)
        )
    ctx.exit(_open_window(target))


@commands.command(short_help="Train and draw off-screen.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for what it writes.  [default: a new temporary one]",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0, min_open=True),
    default=5.0,
    show_default=True,
    help="How long it trains.",
)
def demo(out: Path | None, seconds: float) -> None:
    """Train and draw the default experiment off-screen, and say where the picture is.

    This is the same window as `playground` opens, for computers without a display.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # Qt reads it once, when it is first imported
    _load_torch_before_qt()
    from playground.ui.demo import demo as run_demo

    for line in run_demo(out or Path(tempfile.mkdtemp(prefix="playground-demo-")), seconds):
        click.echo(line)


@commands.command(short_help="List what can be trained on here.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of a table.")
def devices(as_json: bool) -> None:
    """List what can be trained on here, by the names that --device takes."""
    from playground.engines.pytorch.devices import available

    found = available()
    if as_json:
        click.echo(json.dumps([{"name": device.name, "label": device.label} for device in found]))
        return
    width = max(len(device.name) for device in found)
    for device in found:
        click.echo(f"{device.name:<{width}}  {device.label}")


@commands.command()
def schema() -> None:
    """Print the JSON Schema of the project file."""
    from playground.core.experiment.files import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


commands.add_command(train)
commands.add_command(predict)
commands.add_command(bench)
commands.add_command(compare)
commands.add_command(describe)
commands.add_command(lessons)


def main() -> None:
    """The entry of `playground`; ends the process with an exit code."""
    _write_utf8()
    commands(prog_name="playground")


def window() -> None:
    """The entry of the desktop icon, which may hand over a file."""
    try:
        sys.exit(_open_window(sys.argv[1] if len(sys.argv) > 1 else None))
    except PlaygroundError as error:
        sys.exit(f"Error: {error}")


def _open_window(target: str | None) -> int:
    _check_display()
    _load_torch_before_qt()
    from playground.ui.app import run

    return run(target, _tell)


def _tell(dataset: Dataset, experiment: Experiment) -> None:
    """Say on stderr what was read of a file, as `train` says it."""
    for line in described(dataset, experiment):
        click.echo(line, err=True)


def _check_display() -> None:
    """Without a display Qt would abort the process with a core dump."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in names):
        raise PlaygroundError(
            "There is no display to open a window on; 'playground demo' draws off-screen and"
            " 'playground train' needs no window."
        )


def _load_torch_before_qt() -> None:
    """On Windows torch's c10.dll does not load (error 1114) after Qt's C++ runtime."""
    if sys.platform == "win32":
        import torch  # noqa: F401


def _write_utf8() -> None:
    """Pipes on Windows default to an old code page that lacks the signs formulas use."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
