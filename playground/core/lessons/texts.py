"""Text of lessons in several languages.

Imports pydantic and the catalogues; runs on any thread.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator

from playground.core.catalogues import ENGLISH, catalogue
from playground.core.errors import InvalidValueError, short
from playground.core.experiment.settings import Settings
from playground.core.messages import Message, translated

LONGEST = 4_000
Words = Annotated[str, Field(max_length=LONGEST)]


class Text(Settings):
    """The same words in several languages, by their codes; a lesson may be written in one of them.

    In a file plain text may stand for `{"en": text}`. What a lesson that comes along does not say
    in a language may be in its catalogue.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Words]

    en: Words = ""

    @model_validator(mode="before")
    @classmethod
    def _plain_text_is_said_everywhere(cls, raw: Any) -> Any:
        return {"en": raw} if isinstance(raw, str) else raw

    @model_validator(mode="after")
    def _something_is_said(self) -> Text:
        for code in self.__pydantic_extra__:
            if not re.fullmatch("[a-z]{2,3}(_[A-Z]{2})?", code):
                raise InvalidValueError(
                    "'{name}' is no code of a language; write en, ja, or another of two letters.",
                    name=short(code, 40),
                )
        if not any(words.strip() for words in self._by_code.values()):
            raise InvalidValueError('a text needs words, as "en", as "ja" or as both.')
        return self

    @property
    def _by_code(self) -> dict[str, str]:
        return {ENGLISH: self.en, **self.__pydantic_extra__}

    def said(self, language: str) -> str:
        """The words in a language, or in another one where these are missing."""
        if words := self._by_code.get(language, ""):
            return words
        return catalogue(language).gettext(next(filter(None, self._by_code.values())))


class OwnText:
    """What the program itself says in a lesson; arguments as of `Message`."""

    def __init__(self, template: str, /, *, context: str = "", **values: Any) -> None:
        self.en = Message(template, context=context, **values)

    def said(self, language: str) -> str:
        """The words in a language, in English where its catalogue lacks them."""
        return translated(self.en, catalogue(language))
