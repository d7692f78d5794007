"""Registries and the errors that suggest what was meant."""

import pytest

from playground.core.errors import PlaygroundError, UnknownChoiceError, nearest
from playground.core.registry import Registry


def registry() -> Registry[int]:
    made: Registry[int] = Registry("number")
    made.add("one", 1, label="One", help="The first.")
    made.register("two", label="Two", help="The second.")(2)
    return made


def test_choices_are_found_in_their_order() -> None:
    made = registry()
    assert made.keys() == [choice.key for choice in made] == ["one", "two"]
    assert made["two"].value == 2
    assert len(made) == 2
    assert "one" in made
    assert "three" not in made


def test_a_key_that_is_taken_is_a_bug() -> None:
    with pytest.raises(ValueError, match="'one' is registered twice"):
        registry().add("one", 3, label="", help="")


def test_an_unknown_key_suggests_the_nearest() -> None:
    with pytest.raises(
        UnknownChoiceError, match=r"No number is called 'twoo'\. Did you mean 'two'"
    ):
        registry()["twoo"]
    with pytest.raises(PlaygroundError, match="There is: one, two"):
        registry()["xyz"]
    with pytest.raises(ValueError, match="no number is called 'oen'"):
        registry().check("oen")
    assert registry().check("one") == "one"


def test_nearest() -> None:
    assert nearest("adamm", ["sgd", "adam"]) == "Did you mean 'adam'?"
    assert nearest("x", ["sgd", "adam"]) == "There is: sgd, adam."
