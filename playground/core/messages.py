"""Texts for people that can still be translated once they are made.

A `Message` is a finished English text and remembers what it was made from: a template with named
values, or a singular and a plural with their count, and whole sentences behind it. The templates
are what the catalogues of other languages hold (GNU gettext, `assets/languages`). Standard library
only; knows no language; runs on any thread.
"""

from __future__ import annotations

from gettext import NullTranslations
from typing import Any, NamedTuple

_ENGLISH = NullTranslations()


def N_(text: str) -> str:
    """`text` itself: marks what is translated elsewhere, so that catalogues hold it."""
    return text


class _Word(str):
    """A value that begins a label elsewhere, and stands small inside a sentence: {name:small}."""

    def __format__(self, form: str) -> str:
        if form != "small":
            return super().__format__(form)
        return " ".join(word if _is_name(word) else word.lower() for word in self.split(" "))


def _is_name(word: str) -> bool:
    """True for what is written with capitals wherever it stands: ResNet, L-BFGS."""
    return sum(letter.isupper() for letter in word) > 1


class _Source(NamedTuple):
    """What a message is made from."""

    one: str
    many: str
    context: str
    values: dict[str, Any]
    further: tuple[str, ...]

    def said(self, words: NullTranslations) -> str:
        text = self._template(words)
        if self.values:
            text = text.format(**{k: _value(v, words) for k, v in self.values.items()})
        for sentence in self.further:
            pattern = words.pgettext("two sentences", "{first} {second}")
            text = pattern.format(first=text, second=translated(sentence, words))
        return text

    def _template(self, words: NullTranslations) -> str:
        if isinstance(self.one, Message):
            return translated(self.one, words)
        if self.many:
            return words.ngettext(self.one, self.many, self.values["count"])
        if self.context:
            return words.pgettext(self.context, self.one)
        return words.gettext(self.one) if self.one else ""


class Message(str):
    """An English text of one or several sentences that knows its templates.

    Args:
        template: the text, with {names} in braces for `values`; without values braces are braces.
        further: whole sentences that follow; empty ones are left out.
        context: tells texts apart that are the same in English only.
        values: what stands for the names; a value that is a Message is translated, too.
    """

    _source: _Source

    def __new__(
        cls, template: str = "", /, *further: str, context: str = "", **values: Any
    ) -> Message:
        first, *behind = [*filter(None, (template, *further)), ""]
        if isinstance(first, Message) and not any(behind):
            return first
        return _made(_Source(first, "", context, values, tuple(filter(None, behind))))

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (self._source,)


def plural(one: str, many: str, count: int, /, **values: Any) -> Message:
    """A text that depends on `count`, which stands for {count} in it."""
    return _made(_Source(one, many, "", {"count": count, **values}, ()))


def translated(value: Any, words: NullTranslations) -> Any:
    """A message in the language of `words`, in English where that lacks it; else `value`."""
    return value._source.said(words) if isinstance(value, Message) else value


def _value(value: Any, words: NullTranslations) -> Any:
    return _Word(translated(value, words)) if isinstance(value, str) else value


def _made(source: _Source) -> Message:
    message = str.__new__(Message, source.said(_ENGLISH))
    message._source = source
    return message
