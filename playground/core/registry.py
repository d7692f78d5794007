"""Choices a person can make by name: data sets, features, activations, built-in tables.

A choice is registered once, beside the function that makes it work; menus, files and the command
line list the registry, so nothing else has to change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from playground.core.errors import InvalidValueError, UnknownChoiceError, nearest, short
from playground.core.messages import Message

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """One entry: the `key` that files hold, the `label` and `help` that people read, and what it
    stands for.
    """

    key: str
    label: str
    help: str
    value: T


class Registry(Generic[T]):
    """An ordered collection of choices of one kind, such as "data set" or "activation"."""

    def __init__(self, kind: str) -> None:
        self.kind = Message(kind)
        self._choices: dict[str, Choice[T]] = {}

    def add(self, key: str, value: T, *, label: str, help: str) -> T:
        """Register `value` under `key` and return it. A key that is taken raises ValueError: that
        is a bug. Catalogues of other languages hold label and help.
        """
        if key in self._choices:
            raise ValueError(f"the {self.kind} '{key}' is registered twice")
        self._choices[key] = Choice(key, Message(label), Message(help), value)
        return value

    def register(self, key: str, *, label: str, help: str) -> Callable[[T], T]:
        """The decorator form of `add`."""
        return lambda value: self.add(key, value, label=label, help=help)

    def __getitem__(self, key: str) -> Choice[T]:
        try:
            return self._choices[key]
        except KeyError:
            raise UnknownChoiceError(
                "No {kind} is called '{name}'.",
                nearest(str(key), self._choices),
                kind=self.kind,
                name=short(key),
            ) from None

    def __contains__(self, key: object) -> bool:
        return key in self._choices

    def __iter__(self) -> Iterator[Choice[T]]:
        return iter(self._choices.values())

    def __len__(self) -> int:
        return len(self._choices)

    def keys(self) -> list[str]:
        return list(self._choices)

    def check(self, key: str) -> str:
        """`key` itself, for pydantic validators; an unknown one raises ValueError with a
        suggestion.
        """
        if key not in self._choices:
            raise InvalidValueError(
                "no {kind} is called '{name}'.",
                nearest(str(key), self._choices),
                kind=self.kind,
                name=short(key),
            )
        return key
