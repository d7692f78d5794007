"""Messages: English sentences that know their templates and can be said in another language."""

from __future__ import annotations

import pickle
from gettext import NullTranslations
from typing import Any

import pytest

from playground.core.catalogues import catalogue
from playground.core.errors import DataError, ExperimentError
from playground.core.experiment.experiment import Experiment
from playground.core.messages import Message, plural, translated


class Backwards(NullTranslations):
    """A language in which every word is written backwards, and every place stays."""

    def gettext(self, message: str) -> str:
        words = message.split(" ")
        return " ".join(word if "{" in word else word[::-1] for word in words)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return "{second} {first}" if "{first}" in message else self.gettext(f"{context} {message}")


def said(message: str) -> str:
    return translated(message, Backwards())


def test_a_message_is_its_english_sentence() -> None:
    message = Message("{count:,} points in {name}", count=1234, name="a.csv")
    assert message == "1,234 points in a.csv"
    assert said(message) == "1,234 stniop ni a.csv"


def test_braces_stay_without_values() -> None:
    assert Message("{x}") == "{x}"
    assert said(Message("{x} is")) == "{x} si"


def test_a_value_that_is_a_message_is_translated_and_others_are_not() -> None:
    assert said(Message("no {kind} {name}", kind=Message("data set"), name="data set")) == (
        "on atad tes data set"
    )


def test_a_label_stands_small_where_a_template_says_so() -> None:
    message = Message("Add {what:small}", what=Message("Batch norm"))
    assert message == "Add batch norm"
    assert said(message) == "ddA hctab mron"
    assert Message("Add {what}", what=Message("Batch norm")) == "Add Batch norm"


def test_plurals_follow_the_count() -> None:
    assert [plural("{count} row", "{count} rows", n) for n in (0, 1, 2)] == [
        "0 rows",
        "1 row",
        "2 rows",
    ]
    assert [said(plural("{count} row", "{count} rows", n)) for n in (1, 2)] == ["1 wor", "2 swor"]


def test_whole_sentences_follow_in_the_order_of_the_language() -> None:
    message = Message("One.", "", Message("Two."))
    assert message == "One. Two."
    assert said(message) == ".owT .enO"
    assert Message("", "Two.") == "Two."


def test_a_context_tells_equal_texts_apart() -> None:
    assert said(Message("Race", context="lesson")) == "nossel ecaR"
    assert Message("Race", context="lesson") == "Race"


def test_a_message_survives_a_process() -> None:
    message = Message("{fault}", Message("Two."), fault=plural("{count} a", "{count} as", 2))
    again = pickle.loads(pickle.dumps(message))
    assert again == message
    assert said(again) == said(message)


def test_an_error_carries_its_message_and_shows_it_on_one_line() -> None:
    error = DataError("{name} is empty.", name="a\nb")
    assert str(error) == "a\\nb is empty."
    assert said(error.message) == "a\nb si .ytpme"


def test_an_error_is_told_with_its_place() -> None:
    error = DataError("It is empty.").within("a.csv")
    assert type(error) is DataError
    assert str(error) == "a.csv: It is empty."
    assert said(error.message) == "a.csv: tI si .ytpme"


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    (
        {"training": {"optimizer": {"kind": "sgd", "learning_rate": -1}}},
        "学習率: −1は0より小さい値です。",
        "Lernrate: −1 ist kleiner als 0.",
    ),
    (
        {"training": {"optimizer": {"kind": "adm"}}},
        "training.optimizer: 'adm'はここでは選べません。「adam」のことですか？",
        "training.optimizer: 'adm' steht hier nicht zur Wahl. Ist 'adam' gemeint?",
    ),
    (
        {"data": {"kind": "generated", "generator": "circel"}},
        "データセット: データセットに「circel」はありません。「circle」のことですか？",
        "Datensatz: unbekannt (Datensatz): 'circel'. Ist 'circle' gemeint?",
    ),
    (
        {"model": {"features": []}},
        "model.features: ネットワークには特徴量が1つ以上必要です。"
        "すべての入力を使うには省いてください。",
        "model.features: ein Netz braucht mindestens ein Merkmal; lass dies weg, um alle Eingaben"
        " zu benutzen.",
    ),
]


@pytest.mark.parametrize(("raw", "japanese", "german"), FAULTS)
def test_a_fault_of_a_setting_is_told_in_every_language(
    raw: dict[str, Any], japanese: str, german: str
) -> None:
    with pytest.raises(ExperimentError) as caught:
        Experiment.parse(raw)
    assert translated(caught.value.message, catalogue("ja")) == japanese
    assert translated(caught.value.message, catalogue("de")) in (german, caught.value.message)
