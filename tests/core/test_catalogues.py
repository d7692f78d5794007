"""The languages: what the folders hold, and that the catalogues are in step with the source."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from string import Formatter

import polib
import pytest

from playground import assets
from playground.core import catalogues
from playground.core.catalogues import catalogue, languages
from playground.core.messages import Message, translated
from tests import messages
from tests.messages import Text
from tests.spoken import LANGUAGES

CODES = messages.translated_codes()
OWED = [code for code in LANGUAGES if code in CODES]
WITH_LESSONS = [code for code in CODES if (catalogues.folder(code) / "lessons.po").is_file()]


def entries(code: str) -> list[tuple[Text, polib.POEntry]]:
    return list(messages.entries(code).items())


def lessons_of(code: str) -> Path:
    return catalogues.folder(code) / "lessons.po"


def names(text: str) -> list[str]:
    """The places of a template with what they ask for, in order of the alphabet.

    Whether a word stands small inside a sentence is for each language to say.
    """
    parts = Formatter().parse(text)
    return sorted(
        f"{name}:{spec}".removesuffix("small") for _, name, spec, _ in parts if name is not None
    )


# The folders.


def test_english_is_first_and_needs_no_catalogue() -> None:
    assert next(iter(languages())) == "en"
    assert "en" not in CODES
    assert {"ja", "de"} <= set(CODES)


def test_a_folder_is_a_language_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in ("en", "xx"):
        (tmp_path / "languages" / code).mkdir(parents=True)
        path = tmp_path / "languages" / code / "language.json"
        path.write_text(json.dumps({"name": code.upper()}), encoding="utf-8")
    (tmp_path / "languages" / "xx" / "messages.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Train"\nmsgstr "Üben"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "languages", languages.__wrapped__)
    monkeypatch.setattr(catalogues, "catalogue", catalogue.__wrapped__)
    assert {code: one.name for code, one in catalogues.languages().items()} == {
        "en": "EN",
        "xx": "XX",
    }
    assert catalogues.catalogue("xx").gettext("Train") == "Üben"
    assert catalogues.catalogue("xx").gettext("Pause") == "Pause"
    assert catalogues.catalogue("en").gettext("Train") == "Train"


def test_no_code_names_a_language_other_than_english() -> None:
    root = messages.ROOT
    found = []
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in {"ja", "de", "日本語", "Deutsch"}:
                found.append(f"{path.relative_to(root)}:{node.lineno}")
    assert found == []


# In step with the source.


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_has_every_text_of_the_source(code: str) -> None:
    missing = set(messages.extracted()) - set(messages.entries(code))
    assert not missing, f"run python -m tests.messages: {sorted(missing)[:5]}"


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_has_no_text_that_is_gone(code: str) -> None:
    found = messages.extracted()
    gone = [text for text, _ in entries(code) if text not in found]
    assert gone == [], "run python -m tests.messages"


@pytest.mark.parametrize("code", OWED)
def test_nothing_is_left_out_where_it_is_owed(code: str) -> None:
    assert [text for text, entry in entries(code) if not entry.translated()] == []


@pytest.mark.parametrize("code", WITH_LESSONS)
def test_a_catalogue_of_lessons_has_what_the_lessons_do_not_say(code: str) -> None:
    known = [entry.msgid for entry in polib.pofile(str(lessons_of(code))) if not entry.obsolete]
    owed = [text.one for text in messages.lesson_texts(code)]
    assert known == owed, "run python -m tests.messages"


def test_a_catalogue_of_lessons_follows_the_lessons(tmp_path: Path) -> None:
    lesson = {"title": {"en": "Zeros", "ja": "ゼロ"}, "steps": [{"text": {"en": "Look."}}]}
    (tmp_path / "A.lesson.json").write_text(json.dumps(lesson), encoding="utf-8")
    path = tmp_path / "lessons.po"
    path.write_text(
        'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "Look."\nmsgstr "Schau."\n\nmsgid "Gone."\nmsgstr "Weg."\n',
        encoding="utf-8",
    )
    messages.update(path, messages.lesson_texts("de", tmp_path), in_order=True)
    assert [(e.msgid, e.msgstr, bool(e.obsolete)) for e in polib.pofile(str(path))] == [
        ("Zeros", "", False),
        ("Look.", "Schau.", False),
        ("Gone.", "Weg.", True),
    ]
    assert [text.one for text in messages.lesson_texts("ja", tmp_path)] == ["Look."]


# What a translation keeps.


@pytest.mark.parametrize("code", CODES)
def test_a_translation_keeps_the_values(code: str) -> None:
    for text, entry in entries(code):
        said = list(entry.msgstr_plural.values()) or [entry.msgstr]
        known = {tuple(names(one)) for one in (text.one, text.many) if one}
        for each in filter(None, said):
            assert tuple(names(each)) in known, (text, each)


@pytest.mark.parametrize("code", CODES)
def test_a_translation_ends_as_its_text_does(code: str) -> None:
    for text, entry in entries(code):
        for said in filter(None, [entry.msgstr, *entry.msgstr_plural.values()]):
            assert said.strip(), text
            assert text.one.endswith("…") == said.endswith("…"), text


@pytest.mark.parametrize("code", CODES)
def test_plural_forms_are_all_there_or_none(code: str) -> None:
    header = polib.pofile(str(messages.path_of(code))).metadata["Plural-Forms"]
    forms = int(re.findall(r"nplurals=(\d)", header)[0])
    for text, entry in entries(code):
        if text.many:
            assert len(entry.msgstr_plural) == forms, text
            assert len({bool(form) for form in entry.msgstr_plural.values()}) == 1, text


# Messages.


def test_sentences_are_joined_as_the_language_joins_them() -> None:
    message = Message("Did you mean '{name}'?", Message("The link"), name="adam")
    assert message == "Did you mean 'adam'? The link"
    assert translated(message, catalogue("ja")) == "「adam」のことですか？リンク"
    assert translated(message, catalogue("de")) in ("Ist 'adam' gemeint? Der Link", message)
