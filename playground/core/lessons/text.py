"""Text that a lesson says in more than one language.

Imports pydantic; runs on any thread.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import Field, model_validator

from playground.core.settings import Settings

__all__ = ["LANGUAGES", "Language", "Text"]

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

LONGEST = 4_000


class Text(Settings):
    """The same words in English and Japanese; a lesson written in one language has one of them.

    In a file plain text may stand for `{"en": text}`.
    """

    en: str = Field("", max_length=LONGEST)
    ja: str = Field("", max_length=LONGEST)

    @model_validator(mode="before")
    @classmethod
    def _plain_text_is_said_everywhere(cls, raw: Any) -> Any:
        return {"en": raw} if isinstance(raw, str) else raw

    @model_validator(mode="after")
    def _something_is_said(self) -> Text:
        if not (self.en.strip() or self.ja.strip()):
            raise ValueError('a text needs words, as "en", as "ja" or as both')
        return self

    def said(self, language: str) -> str:
        """The words in a language, or in the other one where these are missing."""
        return (self.ja or self.en) if language == "ja" else (self.en or self.ja)
