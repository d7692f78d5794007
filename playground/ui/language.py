"""The language of the window: English as written in the code, and catalogues for others.

`tr` looks a text up; what a catalogue lacks stays English. The widget kit calls it for every
caption, tooltip and accessible name, so panels and views write plain English. A text with numbers
in it is a template: `tr("{count} points", count=12)`. Imports PySide6 and the catalogues; GUI
thread only.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from playground.core.catalogues import ENGLISH, catalogue, languages
from playground.core.errors import PlaygroundError
from playground.core.messages import Message, plural, translated

SYSTEM = "system"
"""What a person chooses to have the language of the system."""

_code = ENGLISH
_of_qt = QTranslator()
"""What Qt says itself: names of keys, the menus of text fields, the dialogs of files."""


class _LeftOut(QTranslator):
    """What Qt's own catalogues lack, from those of the window."""

    WORDS = (Message("&Look in:", context="Qt"), Message("Files of &type:", context="Qt"))

    def isEmpty(self) -> bool:
        """Else Qt would not ask at all."""
        return False

    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        found = next((word for word in self.WORDS if word == text), None)
        # An empty text would be shown as it is; of nothing, Qt says its own.
        return None if found is None else tr(found)  # type: ignore[return-value]


_left_out = _LeftOut()


def code() -> str:
    """The language in use: "en", or the name of another folder of `assets/languages`."""
    return _code


def use(language: str) -> None:
    """Speak this language from now on; what is on the screen already stays as it is."""
    global _code
    _code = language if language in languages() else _of_system()
    if QCoreApplication.instance() is not None:
        for translator in (_of_qt, _left_out):
            QCoreApplication.removeTranslator(translator)
        _of_qt.load(f"qtbase_{_code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        for translator in (_left_out, _of_qt):  # the last one is asked first
            QCoreApplication.installTranslator(translator)


def tr(text: str | PlaygroundError, /, **values: Any) -> str:
    """`text` in the language in use, with `values` put in for the names in braces.

    Where a value shall stand small inside the sentence, {name:small}, `text` is a `Message` that
    has its values.
    """
    message = text.message if isinstance(text, PlaygroundError) else text
    if _code == ENGLISH:
        return message.format(**values) if values else str(message)
    if values:
        message = Message(message, **values)
    if isinstance(message, Message):
        return translated(message, catalogue(_code))
    return catalogue(_code).gettext(message) if message else ""


def trn(one: str, many: str, count: int, /, **values: Any) -> str:
    """A text that depends on `count`, which stands for {count} in it."""
    return translated(plural(one, many, count, **values), catalogue(_code))


def _of_system() -> str:
    name = QLocale.system().name()
    return next((code for code in (name, name.partition("_")[0]) if code in languages()), ENGLISH)
