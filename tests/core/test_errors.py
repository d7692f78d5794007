"""Sentences for people: what a file says is quoted in short, and cannot be anything but text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.data.tables.importing import read_table_text
from playground.core.errors import FileError, PlaygroundError, nearest, printable, short, shown
from playground.core.experiment import files
from playground.core.experiment.experiment import Experiment
from playground.core.lessons.lesson_files import load_lesson
from playground.core.network.layers import LAYERS

LONG = "k" * 10_000
MOST = 400
ANY_TEXT = st.text(st.characters(), max_size=200)  # halves of surrogate pairs among them


def is_plain(sentence: str) -> bool:
    """True where it has no line break, control character or half of a character."""
    return all(sign.isprintable() or sign in "\xa0\u3000" for sign in sentence)


@given(ANY_TEXT)
def test_a_sentence_is_one_line_that_every_stream_takes(text: str) -> None:
    assert is_plain(str(PlaygroundError(f"It holds '{text}'.")))


def test_a_path_is_called_by_its_name_even_where_it_is_a_dot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for place in (Path(), Path(".."), tmp_path, Path("a") / "b.csv"):
        name = place.name if place.name not in ("", "..") else place.resolve().name
        assert str(FileError("{name} is empty.", name=place)) == f"{name} is empty."
    assert str(FileError("{name} is empty.", name=Path("/"))) == "/ is empty."


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("a\nb", r"a\nb"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\ud800", r"\ud800"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("日本\u3000語 é", "日本\u3000語 é"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(text: str, spelled: str) -> None:
    assert printable(text) == spelled


@given(ANY_TEXT, st.integers(10, 100))
def test_a_quotation_is_never_longer_than_it_may_be(text: str, most: int) -> None:
    quoted = short(text, most)
    assert len(quoted) <= most
    assert is_plain(quoted)
    if is_plain(text) and len(text) <= most:
        assert quoted == text


def test_a_long_name_keeps_its_beginning_and_its_end() -> None:
    name = short(f"measurements-{'x' * 300}.playground.json")
    assert name.startswith("measurements-")
    assert name.endswith(".playground.json")
    assert "..." in name


@given(st.recursive(st.integers() | ANY_TEXT, lambda part: st.lists(part) | st.tuples(part)))
def test_a_value_is_shown_in_short(value: Any) -> None:
    assert len(shown(value)) <= 60
    assert is_plain(shown(value))


def test_names_of_a_file_are_listed_as_far_as_there_is_room() -> None:
    listed = nearest("q", [f"{LONG}{i}" for i in range(100)])
    assert len(listed) < 220
    assert nearest("q", LAYERS).endswith(f"{list(LAYERS)[-1]}.")  # every kind has room


WORST = [
    ({"data": {"kind": LONG}}, "is not a choice"),
    ({LONG: 1}, "no such setting"),
    ({"model": {"layers": [{"kind": LONG}]}}, "There is: linear"),
    ({"model": {"layers": [{"kind": "linear", "activation": LONG}]}}, "no activation"),
    ({"data": {"kind": "iris", LONG: 1}}, "no such setting"),
    ({"title": LONG}, "title"),
    ({"training": {"device": LONG}}, "no device"),
    ({"training": {"seed": LONG}}, "whole number"),
    ({"probes": [[LONG] * 9] * 9}, "probes"),
    ({"training": {"seed": 10**4000}}, "seed"),
    ({"title": "\ud800" * 199}, "half of a character"),
    ({"training": {"loss": "\x1b[2J\ud800\n" * 999}}, "loss"),
]


@pytest.mark.parametrize(("raw", "words"), WORST)
def test_no_project_or_lesson_makes_a_long_sentence(
    tmp_path: Path, raw: dict[str, Any], words: str
) -> None:
    """The longest name that a file can have stands before what is wrong inside it."""
    with pytest.raises(PlaygroundError, match=words) as caught:
        Experiment.parse(raw)
    assert is_plain(str(caught.value))
    whole = {"format": "playground-lesson/1", "key": "a", "title": "a", "steps": [{"text": "a"}]}
    lesson = whole | {"experiments": {f"experiment {LONG}": raw}}
    for content, ending, read in (
        (raw, ".json", files.load),
        (lesson, ".lesson.json", load_lesson),
    ):
        place = tmp_path / ("n" * (255 - len(ending)) + ending)
        place.write_text(json.dumps(content))
        with pytest.raises(PlaygroundError) as caught:
            read(place)
        assert len(str(caught.value)) < MOST
        assert is_plain(str(caught.value))


@pytest.mark.parametrize(
    "text", [f"a,{LONG},{LONG}\n1,2,3\n", f'a,b\n1,"{"x" * 9000}\n', f"{LONG}\n", f"a,b\n{LONG}\n"]
)
def test_no_table_makes_a_long_sentence(tmp_path: Path, text: str) -> None:
    place = tmp_path / ("n" * 251 + ".csv")
    place.write_text(text)
    with pytest.raises(PlaygroundError) as caught:
        read_table_text(place)
    assert len(str(caught.value)) < MOST


@pytest.mark.parametrize("text", [r'{"title": "\ud800"}', r'{"\udc00": 1}', r'["\uD800\u0041"]'])
def test_half_of_a_character_is_one_sentence(tmp_path: Path, text: str) -> None:
    place = tmp_path / "half.json"
    place.write_text(text)
    with pytest.raises(PlaygroundError, match=r"half\.json holds half of a character, \\u[dD]"):
        files.load(place)


def test_a_character_in_two_escapes_is_whole() -> None:
    assert files.parse_json(r'{"title": "\ud83d\ude00 \\ud800"}', "it") == {"title": "😀 \\ud800"}
