"""A catalogue: whole texts, sentences, templates, and what it leaves as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.ui.catalogue import Catalogue

TEXTS = {
    "Spiral": "らせん",
    "Two arms. Hard to learn.": "2本の腕の難問です。",
    "Acts at once.": "すぐに反映されます。",
    "{count} points": "{count}点",
    "{name}: {count} points": "{name}: {count}点",
    "Layer {number}": "第{number}層",
    "Bias of {unit}": "{unit}のバイアス",
    "{first} and {first}": "{first}と{first}",
}
WORDS = st.text("abcdefghijklmnopqrstuvwxyz ", min_size=2)


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue(TEXTS, gap="", stop="。")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Spiral", "らせん"),
        ("Two arms. Hard to learn. Acts at once.", "2本の腕の難問です。すぐに反映されます。"),
        ("Spiral. Two arms. Hard to learn.", "らせん。2本の腕の難問です。"),
        ("Spiral: 5", "らせん: 5"),
        ("Spiral\nActs at once.", "らせん\nすぐに反映されます。"),
        ("1,234 points", "1,234点"),
        ("Bias of Layer 2", "第2層のバイアス"),
        ("Bias of petal", "petalのバイアス"),
        ("Bias of spiral", "らせんのバイアス"),
        ("Spiral: 7 points", "らせん: 7点"),
        ("me and me", "meとme"),
    ],
)
def test_texts_are_put_together(catalogue: Catalogue, text: str, said: str) -> None:
    assert catalogue.say(text) == said


def test_a_language_with_spaces_puts_them_between_sentences() -> None:
    catalogue = Catalogue({"Spiral": "Spirale", "Acts at once.": "Wirkt sofort."})
    assert catalogue.say("Spiral. Acts at once.") == "Spirale. Wirkt sofort."
    assert catalogue.say("Spiral: 5") == "Spirale: 5"


@pytest.mark.parametrize(
    "text",
    [
        "Two arms.",
        "Acts at once. Or not.",
        "many points",
        "me and you",
        "training.loss",
        "3.5 %",
        "",
    ],
)
def test_what_is_not_known_stays(catalogue: Catalogue, text: str) -> None:
    assert catalogue.say(text) == text


def test_the_template_with_most_words_of_its_own_is_taken() -> None:
    catalogue = Catalogue({"{name} layer": "{name}層", "Add {name} layer": "{name}層を追加"})
    assert catalogue.say("Add linear layer") == "linear層を追加"


def test_a_value_ends_with_its_sentence(catalogue: Catalogue) -> None:
    text = "Bias of it. Nobody knows this"
    assert catalogue.say(text) == text


@given(st.dictionaries(WORDS, WORDS), WORDS)
def test_a_text_is_said_as_it_stands_in_the_catalogue(texts: dict[str, str], text: str) -> None:
    assert Catalogue(texts).say(text) == texts.get(text, text)


@given(st.text())
def test_an_empty_catalogue_changes_nothing(text: str) -> None:
    assert Catalogue({}).say(text) == text
