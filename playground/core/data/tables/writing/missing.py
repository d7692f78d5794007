"""Words that stand for a missing value in tables, in some languages.

Standard library only; runs on any thread.
"""

from __future__ import annotations

from playground.core.data.tables.numerals import in_ascii, is_missing

_BRACKETS = {"(", "["}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ERRORS = _words("""
    #n/a #na #div/0! #value! #ref! #name? #num! #null! #spill! #calc!
    #nv #wert! #bezug! #zahl! #überlauf! #valeur! #nom? #nombre! #nul!
    #¡valor! #¡ref! #¿nombre? #¡num! #¡nulo! #¡div/0! #valor! #nombre? #nulo!
""") | {"#" * count for count in range(3, 33)}  # fmt: skip
"""Errors of spreadsheets in English, German, French and Spanish, in lower case, and what they show
where a number is wider than its column."""

_NUMBERS_MISSING = _ERRORS | _words("""
    none <na> <nan> <none> <null> n.a. n.a n/a.
    n.d. n.d nd n.v. n.v k.a. k.a o.a. o.a s/o s.o. s.o s/d s.d. s.d н/д н.д. nil -- ---
    ---- ... \u2026 .. . : / // /// * ** × \u2013 \u2014 \uff0d \u2015 \uff1f \uff0a ー
    <lod <loq <dl bdl missing unknown unspecified undefined undetermined
    欠測 欠損 欠 なし 無し 無 不明 未詳 該当なし 該当無し 無回答 未回答 未測定 未定 未記入 空欄
    データなし 无 無 缺失 未知 暂无 没有 不适用 없음 결측 무응답 모름 нет неизвестно
""") | {
    "not available", "not applicable", "no data", "no value", "no answer", "no response",
    "not measured", "not known", "not recorded", "k. a.", "keine angabe", "keine angaben",
    "keine daten", "nicht verfügbar", "nicht bekannt", "unbekannt", "ohne angabe", "o. a.", "n. v.",
    "sin dato", "sin datos", "no disponible", "no aplica", "desconocido", "sans objet",
    "non disponible", "non renseigné", "donnée manquante", "inconnu", "s. o.", "dato mancante",
    "non disponibile", "n. d.", "não disponível", "sem dados", "sem informação", "нет данных",
    "не определено", "brak danych", "geen gegevens", "データ無し", "データなし", "解答なし",
}  # fmt: skip
"""What else stands for a missing number than `numerals.MISSING`, in lower case; other words do,
too, where almost all other cells are numbers."""

_LABELS_MISSING = _ERRORS | _words("""
    <na> <nan> <none> <null> n.a. n.a n/a.
    k.a. н/д -- --- /// 欠測 欠損 無回答 データなし 결측 무응답
""") | {
    "k. a.", "keine angabe", "keine angaben", "keine daten", "no data", "not available",
    "no response", "sin dato", "sin datos", "no disponible", "non disponible", "non renseigné",
    "non disponibile", "não disponível", "sem dados", "нет данных", "brak danych", "データ無し",
}  # fmt: skip
"""What stands for a missing label, in lower case: fewer words, for most of the others may be
labels. That somebody's job is unknown tells something, and its row is worth keeping."""


def is_gap(cell: str) -> bool:
    """True for a word that stands for a missing number."""
    return is_missing(cell) or (word := _folded(cell)) in _NUMBERS_MISSING or is_missing(word)


def _folded(cell: str) -> str:
    """A word in small letters and signs of ASCII, without brackets around it."""
    word = in_ascii(cell, ".").lower()
    return word[1:-1].strip() if word[:1] in _BRACKETS and word[-1:] in ")]" else word


def means_missing(cell: str) -> bool:
    """True for a word that stands for a missing label, where nothing tells that it is a label."""
    word = _folded(cell)
    return cell == "None" or is_missing(word) or word in _LABELS_MISSING
