"""File: documents, networks, lessons. GUI thread."""

from __future__ import annotations

from functools import partial

from playground.core.lessons.lesson_files import bundled
from playground.core.messages import N_
from playground.ui.commands.command import Command, Menu
from playground.ui.commands.context import Context, Section, has_data
from playground.ui.language import code
from playground.ui.session.leaving import asks_about_training, set_asks_about_training

WEIGHTS_HELP = N_(
    "All weights and biases in a safetensors file, which PyTorch and others read, too."
)


def file_menu(context: Context) -> list[Section]:
    return [_open(context), _save(context), _teach(context), _leave(context)]


def _open(context: Context) -> Section:
    documents = context.documents
    help = N_("A project, a table, a picture to sample points from, or images with labels.")
    recent = Menu(
        "Open recent",
        partial(_recent, context),
        is_fixed=False,
        is_enabled=lambda: bool(documents.recent()),
    )
    return [
        Command("New", documents.new, "Ctrl+N"),
        Command("Open…", documents.ask_and_open, "Ctrl+O", help, act="open"),
        Command(
            "Open photographs…",
            documents.ask_for_photographs,
            help="A folder with a subfolder of pictures for each class.",
            act="open",
        ),
        recent,
    ]


def _save(context: Context) -> Section:
    documents, networks = context.documents, context.documents.networks
    return [
        Command("Save", documents.save, "Ctrl+S", act="save"),
        Command("Save as…", documents.save_as, "Ctrl+Shift+S", act="save"),
        Command("Export points…", documents.export_points, is_enabled=partial(has_data, context)),
        Command(
            "Save the trained network…",
            networks.ask_and_save,
            help=WEIGHTS_HELP,
            is_enabled=partial(_has_network, context),
        ),
        Command(
            "Load a trained network…",
            networks.ask_and_load,
            help=WEIGHTS_HELP,
            is_enabled=partial(_has_network, context),
        ),
    ]


def _teach(context: Context) -> Section:
    help = N_("A lesson that begins with this experiment, as a file to write the steps in.")
    return [
        Menu("Lessons", partial(lessons, context), is_fixed=False),
        Command("Save as lesson…", context.guide.save_as, help=help),
    ]


def _leave(context: Context) -> Section:
    return [
        # The question that a tick in its box switches off is switched on again here.
        Command(
            "Ask before training is lost",
            lambda: set_asks_about_training(not asks_about_training()),
            help="Ask before a network that has trained for more than ten seconds is lost.",
            is_checked=asks_about_training,
        ),
        # Spelled out: without a desktop theme the standard keys are empty.
        Command("Quit", context.shell.close, "Ctrl+Q"),
    ]


def _recent(context: Context) -> list[Section]:
    bring = context.documents.bring
    return [
        [
            Command(path.name, partial(bring, [path]), detail=str(path))
            for path in context.documents.recent()
        ]
    ]


def lessons(context: Context) -> list[Section]:
    """Read when somebody looks: a window without a lesson need not wait for them."""
    language = code()
    return [
        [
            Command(
                lesson.title.said(language),
                partial(context.guide.start, lesson),
                help=lesson.summary.said(language) if lesson.summary else "",
            )
            for lesson in bundled()
        ],
        [
            Command(
                "Open a lesson…",
                context.documents.ask_and_open,
                help="A lesson that a teacher wrote.",
            )
        ],
    ]


def _has_network(context: Context) -> bool:
    return context.session.run.snapshot is not None
