# ruff: noqa: RUF001
"""Words of tables, and above all names, are read as they were written, in any common encoding."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from playground.cli import commands
from playground.core.data.tables.form import WantedForm
from playground.core.data.tables.importing import read_table_text
from playground.core.data.tables.writing.encodings import (
    ENCODINGS,
    detect_encoding,
    detected,
    is_mostly_utf_8,
)
from playground.core.errors import FileError

TABLES = {
    "euc_jp": [
        "気温,湿度,天気\n12,60,晴れ\n10,80,雨\n",
        "長さ,幅,品種\n5,3,セトサ\n4,3,バージカラー\n",
    ],
    "iso2022_jp_ext": ["気温,湿度,天気\n12,60,晴れ\n10,80,雨\n", "a,b,組\n1,2,一組\n3,4,二組\n"],
    "cp932": ["気温,湿度,天気\n12,60,晴れ\n10,80,雨\n", "売上,客数,店舗\n1,2,渋谷店\n3,4,新宿店\n"],
    "gb18030": ["温度,湿度,天气\n12,60,晴\n10,80,雨\n", "年龄,收入,购买\n20,300,是\n30,500,否\n"],
    "cp950": ["溫度,濕度,天氣\n12,60,晴\n10,80,雨\n", "年齡,收入,縣市\n20,300,臺北\n30,500,高雄\n"],
    "cp949": [
        "온도,습도,날씨\n12,60,맑음\n10,80,비\n",
        "나이,소득,구매\n20,300,예\n30,500,아니오\n",
    ],
    "cp1251": ["рост,вес,пол\n150,50,муж\n151,51,жен\n", "a,b,цвет\n1,2,красный\n3,4,синий\n"],
    "koi8_r": ["рост,вес,пол\n150,50,муж\n151,51,жен\n", "a,b,цвет\n1,2,красный\n3,4,синий\n"],
    "cp1253": ["ύψος,βάρος,χρώμα\n1,2,κόκκινο\n3,4,μπλε\n", "a,b,πόλη\n1,2,Αθήνα\n3,4,Πάτρα\n"],
    "cp1252": ["Länge,Höhe,Größe\n1,2,groß\n3,4,mäßig\n", "año,señal,b\n1,sí,2\n2,no,3\n"],
    "cp1250": ["délka,výška,město\n1,2,Plzeň\n3,4,Žďár\n", "a,b,miasto\n1,2,Łódź\n3,4,Świdnica\n"],
    "iso8859_2": [
        "délka,šířka,město\n1,2,Děčín\n3,4,Žďár\n",
        "a,b,miasto\n1,2,Łódź\n3,4,Świdnica\n",
    ],
    "cp1254": ["boy,ağırlık,şehir\n1,2,Iğdır\n3,4,Muğla\n", "a,b,renk\n1,2,kırmızı\n3,4,yeşil\n"],
    "mac_roman": [
        "Länge,Höhe,Größe\n1,2,groß\n3,4,mäßig\n",
        "año,b,ciudad\n1,2,Málaga\n2,1,Cádiz\n",
    ],
    "cp850": ["Länge,Höhe,Größe\n1,2,groß\n3,4,mäßig\n", "année,b,élève\n1,2,été\n2,1,là\n"],
    "cp866": ["рост,вес,пол\n150,50,муж\n151,51,жен\n", "ВОЗРАСТ,ПОЛ\n20,МУЖ\n21,ЖЕН\n"],
    "iso8859_5": ["рост,вес,пол\n150,50,муж\n151,51,жен\n", "ВОЗРАСТ,ПОЛ\n20,МУЖ\n21,ЖЕН\n"],
    "cp1255": ["גיל,גובה,תוצאה\n20,2,עבר\n21,8,נכשל\n", "משקל,b,מין\n1,2,זכר\n3,4,נקבה\n"],
    "cp1256": [
        "العمر,الطول,النتيجة\n1,2,ناجح\n3,4,راسب\n",
        "a,رنگ\n1,سفید\n2,سیاه\n".replace("ی", "ي"),
    ],
    "cp874": ["อายุ,ส่วนสูง,ผล\n1,2,ผ่าน\n3,4,ตก\n", "น้ำหนัก,เพศ\n1,ชาย\n2,หญิง\n"],
    "utf-32": ["boy,şehir\n1,Muğla\n2,Iğdır\n", "気温,天気\n1,晴れ\n2,雨\n"],
    "utf-16-le": ["boy,şehir\n1,Muğla\n2,Iğdır\n", "気温,天気\n1,晴れ\n2,雨\n"],
    "utf-16-be": ["Länge,Ort\n1,Köln\n2,Bonn\n", "a,b\n1,x\n2,y\n"],
}


@pytest.mark.parametrize(("encoding", "text"), [(e, t) for e, ts in TABLES.items() for t in ts])
def test_names_are_read_as_they_were_written(tmp_path: Path, encoding: str, text: str) -> None:
    place = tmp_path / "table.csv"
    place.write_bytes(text.encode(encoding))
    table = read_table_text(place)
    assert table.form.encoding == encoding
    names, *rows = (line.split(",") for line in text.splitlines())
    assert list(table.names) == names
    assert [list(column) for column in table.columns] == [list(c) for c in zip(*rows, strict=True)]


NAMES = {
    "cp1250": "Łódź Kraków Wałbrzych|Gdańsk Poznań Częstochowa|Lech Wałęsa Piłsudski"
    "|Plzeň Děčín Brno|Žilina Košice Ľubomír|Győr Székesfehérvár Erdős|Šibenik Đakovo Čakovec"
    "|Iaşi Bucureşti Timişoara|żółty biały różowy|červená modrá žlutá|Antonín Dvořák Janáček"
    "|Nyíregyháza Pécs Hódmezővásárhely",
    "iso8859_2": "Łódź Gdańsk Wałęsa|Świdnica Kraków Toruń|Žilina Dvořák Plzeň|Győr Pécs Erdős"
    "|Čakovec Šibenik Osijek|żółty zielony różowy",
    "cp1252": "Zürich München Köln|Straße Übung mäßig|São Paulo Brasília|Málaga Coruña León"
    "|Besançon Orléans Nîmes|Reykjavík Akureyri Ísafjörður|Malmö Århus Tromsø|François Zoë Chloé"
    "|città perché lunedì|Curaçao Citroën Ångström|25°C 30°C 18°C|5€ 7€ 9€|garçon fille élève",
    "cp1254": "İstanbul Kırşehir Muğla|Şanlıurfa Eskişehir Diyarbakır|Ağrı Çankırı Aydın"
    "|kırmızı yeşil sarı|Erdoğan Yılmaz Şahin",
    "cp1251": "Москва Казань Уфа|Санкт-Петербург Самара Пермь|красный синий белый|да нет может"
    "|Київ Львів Харків|София Пловдив Варна|Иванов Петров Пётр",
    "koi8_r": "Москва Казань Уфа|Новосибирск Самара Пермь|красный синий белый|Пушкин Гоголь Чехов",
    "cp1253": "Αθήνα Θεσσαλονίκη Πάτρα|ναι όχι ίσως|κόκκινο πράσινο μπλε|Γιώργος Μαρία Ελένη",
    "cp950": "臺北 高雄 新竹|紅 藍 綠|男 女 男性|陳怡君 林家豪 王淑芬|溫度 濕度 氣壓",
    "gb18030": "北京 上海 广州|红 蓝 绿|颜色 温度 湿度|张伟 王芳 李娜",
    "cp932": "東京 大阪 札幌|赤 青 黄|佐藤 鈴木 高橋|はい いいえ はい|ｱｵ ｱｶ ｷｲﾛ",
    "euc_jp": "東京 大阪 札幌|佐藤 鈴木 高橋|はい いいえ はい",
    "cp949": "서울 부산 대구|빨강 파랑 노랑|김민수 이영희 박철수",
    "mac_roman": "Zürich München Köln|São Paulo Brasília|Besançon Orléans Nîmes|niño niña señor",
}
"""Three words in a table, by the encoding that their country used."""
SHORT = [(codec, words) for codec, texts in NAMES.items() for words in texts.split("|")]


@pytest.mark.parametrize(("codec", "words"), SHORT)
def test_three_short_words_tell_the_encoding(codec: str, words: str) -> None:
    """What counts is the letters: some encodings have the same ones in the same places."""
    rows = "".join(f"{place},{word}\n" for place, word in enumerate(words.split()))
    content = f"number,name\n{rows}".encode(codec)
    found = detect_encoding(content)
    assert found in ENCODINGS
    assert content.decode(found) == f"number,name\n{rows}"


CAPITALS = [
    (codec, words)
    for codec in ("cp1251", "koi8_r", "cp866", "iso8859_5")
    for words in (["ВОЗРАСТ ВЕС ПОЛ", "ЖЕНЩИНА МУЖЧИНА", "ГОРОД ЦВЕТ КЛАСС", "МОСКВА КАЗАНЬ ПЕРМЬ"])
] + [("cp1253", "ΗΛΙΚΙΑ ΦΥΛΟ ΠΟΛΗ"), ("cp1253", "ΑΝΔΡΑΣ ΓΥΝΑΙΚΑ")]


@pytest.mark.parametrize("write", [str.upper, str.lower, str.title])
@pytest.mark.parametrize(("codec", "words"), CAPITALS)
def test_words_in_capitals_are_as_likely_as_others(
    codec: str, words: str, write: Callable[[str], str]
) -> None:
    """In KOI8-R small letters stand where Windows-1251 has capital ones, and back."""
    rows = "a,b\n" + "".join(f"1,{write(word)}\n" for word in words.split())
    found = detected(rows.encode(codec))
    assert found is not None
    assert rows.encode(codec).decode(found.encoding) == rows


@pytest.mark.parametrize("codec", ["cp1251", "koi8_r", "cp866", "iso8859_5"])
def test_two_short_words_in_capitals_are_read_or_the_doubt_names_them(codec: str) -> None:
    found = detected("a,b\n1,МУЖ\n2,ЖЕН\n".encode(codec))
    assert found is not None
    assert codec in (found.encoding, found.rival)


@given(st.sampled_from(SHORT), st.data())
def test_words_are_read_as_they_were_written_or_a_doubt_is_said(
    case: tuple[str, str], data: st.DataObject
) -> None:
    """Any one or two words of a language."""
    codec, text = case
    words = data.draw(st.lists(st.sampled_from(text.split()), min_size=1, max_size=2))
    rows = "a,name\n" + "".join(f"{place},{word}\n" for place, word in enumerate(words))
    found = detected(rows.encode(codec))
    assert found is not None
    assert found.rival or rows.encode(codec).decode(found.encoding) == rows


@given(st.lists(st.text("abcäéöüß", max_size=6).map("x{}".format), min_size=1, max_size=4))
def test_letters_of_the_west_are_read_or_a_doubt_is_said(labels: list[str]) -> None:
    """Letters at random may be words of a neighbour: what can be told, is told."""
    rows = "a,b,kind\n" + "".join(f"1,2,{label}\n" for label in labels)
    found = detected(rows.encode("cp1252"))
    assert found is not None
    assert found.rival or rows.encode("cp1252").decode(found.encoding) == rows


def test_a_doubt_names_the_other_encoding_and_its_letters(tmp_path: Path) -> None:
    place = tmp_path / "odd.csv"
    place.write_bytes("a,b,kind\n1,2,Plzeň\n3,4,Brno\n2,2,Brno\n".encode("cp1250"))
    text = read_table_text(place)
    assert text.form.encoding == "cp1252"
    assert str(text.met.doubt) == (
        "Windows-1252 was guessed, and 'Plzeò' would be 'Plzeň' in Windows-1250; choose that on"
        " import if it is right, or save the file as UTF-8."
    )
    told = CliRunner().invoke(commands, ["describe", str(place)])
    assert f"Warning: {text.met.doubt}" in told.stdout
    chosen = read_table_text(place, WantedForm(encoding="cp1250"))
    assert (chosen.column("kind")[0], chosen.met.doubt) == ("Plzeň", None)


@pytest.mark.parametrize(
    "text", ["größe,b\n1,weiß\n2,x\n", "気温,天気\n1,晴れ\n2,雨\n", "a,b\n1,x\n"]
)
def test_what_is_certain_is_not_doubted(tmp_path: Path, text: str) -> None:
    for codec in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        place = tmp_path / "t.csv"
        place.write_bytes(text.encode(codec))
        assert read_table_text(place).met.doubt is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("größe,b\n1,weiß\n".encode() + b"2,\xff\n", "is UTF-8, but what stands in line 3 is no"),
        (
            "größe,ä\n1,weiß\n2,gr".encode() + b"\xc3\xb6\xc3",
            "in line 3 is no character of it (C3)",
        ),
        ("a,b\n1,x\n2,weiß".encode()[:-1], "in line 3 is no character of it (C3)"),
        (b"a,b\n1,re\0d\n2,blue\n", "has a byte 0 in line 2"),
        (b"a,b\n1,red\0\0\n2,blue\0\0\n", "has a byte 0 in line 2"),
    ],
)
def test_a_wrong_byte_is_named_with_its_line(tmp_path: Path, content: bytes, sentence: str) -> None:
    place = tmp_path / "wrong.csv"
    place.write_bytes(content)
    with pytest.raises(FileError) as refused:
        read_table_text(place)
    assert sentence in str(refused.value)


@pytest.mark.parametrize("codec", ["cp1252", "cp932", "gb18030", "cp1251", "cp949"])
def test_other_encodings_are_no_broken_utf_8(codec: str) -> None:
    text = "".join(text for each, text in SHORT if each == codec)
    assert not is_mostly_utf_8(text.encode(codec))


JOINED = "a,b,kind\n" + "1,2,x\n3,4,y\n" * 4


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (("\ufeff" + JOINED).encode() * 2, 16),
        (("\ufeff\ufeff" + JOINED).encode(), 8),
        (JOINED.encode() + "\ufeff5,6,x\n".encode(), 9),
        (JOINED.replace("\n", "\r").encode() + "\ufeff5,6,x\r".encode(), 9),
        (JOINED.encode() + bytes(4096), 8),
    ],
)
def test_marks_inside_and_zeros_behind_a_table_are_no_part_of_it(
    tmp_path: Path, content: bytes, rows: int
) -> None:
    place = tmp_path / "t.csv"
    place.write_bytes(content)
    text = read_table_text(place)
    assert (text.names, len(text)) == (("a", "b", "kind"), rows)
    assert text.is_numeric("a")


def test_few_words_alone_are_taken_for_others() -> None:
    """A word of two letters may be several; nine of ten are right all the same."""
    words = [(codec, word) for codec, text in SHORT for word in text.split() if not word.isascii()]
    wrong = 0
    for codec, word in words:
        content = f"a,name\n1,{word}\n2,x\n".encode(codec)
        wrong += content.decode(detect_encoding(content) or "ascii", "replace") != (
            f"a,name\n1,{word}\n2,x\n"
        )
    assert len(words) > 170
    assert wrong <= len(words) / 8


def test_letters_of_no_language_are_no_text(tmp_path: Path) -> None:
    assert detect_encoding(b"a,b\n1,\x81\xff\n") is None
    assert detect_encoding("a,b\n1,é\n".encode("cp1252")) == "cp1252"
    place = tmp_path / "odd.csv"
    place.write_bytes(b"a,b\n1,\x81\xff\n")
    with pytest.raises(FileError, match=r"odd\.csv is not text in a known encoding, such as UTF-8"):
        read_table_text(place)


@pytest.mark.parametrize(
    "codec", [codec for codec in ENCODINGS if codec not in ("utf-8", "utf-8-sig")]
)
def test_a_person_may_choose_any_encoding(tmp_path: Path, codec: str) -> None:
    place = tmp_path / "table.csv"
    place.write_bytes("a,b\n1,x\n2,y\n".encode(codec))
    assert read_table_text(place, WantedForm(encoding=codec)).names == ("a", "b")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
def test_any_text_in_utf_8_stays_itself(text: str) -> None:
    found = detect_encoding(text.encode())
    assert found == "utf-8" or text.startswith("\ufeff") or "\x1b" in text


@given(st.binary(max_size=60))
def test_any_bytes_have_an_encoding_or_none(content: bytes) -> None:
    found = detect_encoding(content)
    if found is not None:
        content.decode(found)


@given(st.text("abc,;1\näöłжあ\u3042", min_size=8, max_size=40), st.sampled_from(["le", "be"]))
def test_sixteen_bits_without_a_mark_are_told_by_their_line_ends(text: str, order: str) -> None:
    lines = f"a,b\n{text}\n1,2\n".encode(f"utf-16-{order}")
    assert detect_encoding(lines) == f"utf-16-{order}"


@pytest.mark.parametrize("sign", ["€", "£", "°", "½", "±", "§", "©", "µ"])
@pytest.mark.parametrize("codec", ["cp1252", "iso8859_15", "mac_roman", "cp850"])
def test_a_sign_beside_numbers_is_no_letter_of_another_script(codec: str, sign: str) -> None:
    try:
        content = f"a,b\n1,5 {sign}\n2,6 {sign}\n".encode(codec)
    except UnicodeEncodeError:
        return
    assert detect_encoding(content) not in ("cp874", "cp1255", "cp1256", "cp866", "iso8859_5")
