"""How likely letters beyond ASCII are in the languages of Europe, from which encodings are told.

The same byte is ř in Central Europe and ø in the West: a text is asked which language would have
its letters in these places. Pure functions; any thread.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_VOWELS = frozenset("aeiouyæœøıаеёиоуыэюяіїєαεηιουωאהויاويةىأإآ")  # noqa: RUF001
_ALTERNATES, _REPEATS = 0.4, -0.7
"""What it counts that a vowel stands beside a consonant, or beside another vowel."""
_MISCASED, _IN_WORD, _FOREIGN = -4.5, -7.5, -14.0
_TOGETHER, _ABSENT, _OTHER_LETTER, _MIXED = -1.5, -1.2, -8.0, -5.0
_CAPITALS = -1.5
_SIGN, _UNIT = math.log(1 / 60), math.log(1 / 12)
_UNITS = frozenset("µ²³€£¥%‰")
_SIGNS = frozenset("°µ²³€£¥§«»“”„\u2018\u2019–—…·•‰\u00b4¨¢ª·º½¼¾±×÷©®™¿¡№\xa0")
_BEFORE_DIGITS = frozenset("£€¥¢±")
_QUOTES = frozenset("«»“”„\u2018\u2019¿¡\xa0")
_BEHIND_WORDS = frozenset("¼½¾®©™²³ºª¨")


@dataclass(frozen=True, slots=True)
class Language:
    """Letters beyond ASCII, the most frequent ones first, and what words of a language are like.

    half    how many letters on a letter is half as frequent
    share   of such letters in texts, against languages that are written with them alone
    absent  letters of ASCII that hardly a word has
    last    letters that stand at the end of words only
    before  letters that stand before vowels only
    apart   True where two letters beyond ASCII seldom stand beside each other
    once    letters of which a word has one at most
    """

    letters: str
    half: float = 2.0
    share: float = 0.5
    absent: str = ""
    last: str = ""
    before: str = ""
    apart: bool = True
    once: str = ""

    def shares(self) -> dict[str, float]:
        """Logarithm of how likely each letter is, capital ones among them."""
        weights = [0.5 ** (place / self.half) for place in range(len(self.letters))]
        found: dict[str, float] = {}
        for letter, weight in zip(self.letters, weights, strict=True):
            likely = math.log(self.share * weight / sum(weights))
            found[letter] = likely
            if len(letter.upper()) == 1 and letter.upper() not in self.letters:
                found[letter.upper()] = likely - 1.5
        return found


WESTERN = (
    Language("éèàçêîôûëïâùœü", 1.5, absent="wk", last="ù", before="ç"),  # French
    Language("üäöß", 2.0),  # German
    Language("áíóéúñü", 2.0, absent="wk", before="ñ"),  # Spanish
    Language("ãçáéíóêõúâàô", 2.5, absent="wky", before="çõ"),  # Portuguese
    Language("àèòùìé", 2.0, 0.3, absent="wkyjx", last="àòùì"),  # Italian
    Language("åäöéøæ", 2.5, absent="wzqx"),  # Scandinavian
    Language("éëïüöèê", 1.5, 0.4),  # Dutch
    Language("íáðöóæúþéý", 3.0, 0.08, absent="wzqc"),  # Icelandic
    Language("éáíóúèàäöüëïçêôîûâãåøæßœùñõòì", 6.0, 0.4),  # names from everywhere
)
CENTRAL = (
    Language("łóąęśżćńź", 2.5, absent="vqx"),  # Polish
    Language("áíěéžčřšýůúťňďó", 3.5, absent="wqx"),  # Czech
    Language("áíčžšéýúľťôňďäóĺŕ", 3.5, absent="wqx"),  # Slovak
    Language("áéöóőüűíú", 3.0, absent="wqx"),  # Hungarian
    Language("čšžćđ", 2.0, absent="wqxy"),  # Croatian, Slovenian
    Language("ăţşâîșț", 2.0, absent="wkyq"),  # Romanian
    Language("áéíóöčšžłúěřőýćńůüşţęąśżňăäôëźűďťľđâîç", 14.0, 0.2, absent="qx"),  # names
)
TURKISH = (Language("ıüşöğçiİâ", 2.5, absent="wqx"),)  # noqa: RUF001
CYRILLIC = (
    Language("оаеинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", 9.0, 1.0, apart=False),  # Russian
    Language("оаинвіертсклудпямьзгбчйхжшюїцщєфґ", 9.0, 0.6, apart=False),  # Ukrainian
    Language("аоеинтрсвлдкпмузгябъщчжцшхйфюь", 9.0, 0.6, apart=False),  # Bulgarian
    Language("аоиентрсјвкудмплзгбшчцхћжђњљфџќѓѕ", 9.0, 0.4, apart=False),  # Serbian, Macedonian
)
GREEK = (
    Language(
        "αοιετσνηυρπκμλςόίωάγδέήθύχώφβξζψϊϋΐ", 10.0, 1.0, last="ς", apart=False, once="άέήίόύώΐ"
    ),
)

HEBREW = (Language("יוהלאתרמבשנחעדםקפטכסגזצןךףץ", 9.0, 1.0, last="םןךףץ", apart=False),)
ARABIC = (
    Language("اليمنرتوبةعدسفهكقحجشطصأخزضىذثغءئإظؤآ", 9.0, 1.0, last="ةى", apart=False),  # Arabic
    Language("ارندهویيتمبسشکكلزفگخقپعجچحصطغضذژثظآئء", 9.0, 0.6, apart=False),  # Persian
)
THAI = (
    Language(
        "านรอกเงมยลวดทสต่้ะปบคหัีแิจพขใไชถโผุูซณศธึฐฟภ์ืญำ็ษ฿ฤฉฮฝฆฎฏฑฒฬ๊๋ๆฯฌฦฅฃ",
        14.0,
        1.0,
        last="ะำ",
        apart=False,
    ),
)


def likeliness(language: Language) -> Callable[[str, str, str], float]:
    """What tells how likely a run of letters and signs is, with the parts of words around it."""
    shares = language.shares()

    def of_run(run: str, before: str, after: str) -> float:
        word = f"{before or ' '}{run}{after or ' '}"
        absent = sum(letter in language.absent for letter in (before + after).lower())
        total = _ABSENT * absent
        if not language.apart and (_is_ascii_letter(before[-1:]) or _is_ascii_letter(after[:1])):
            total += _MIXED * len(run)
        if not language.apart and run.isupper():  # a word in capitals is one choice, not many
            total += _CAPITALS
            run, word = run.lower(), word.lower()
        total += _MIXED * max(sum(letter in language.once for letter in run) - 1, 0)
        for place, sign in enumerate(run, len(before or " ")):
            left, right = word[place - 1], word[place + 1]
            if sign in shares:
                total += shares[sign] + _in_word(language, left, sign, right)
            elif sign in _SIGNS:
                total += _of_sign(left, sign, right)
            else:
                is_letter = language.apart and sign.lower() != sign.upper()
                total += _OTHER_LETTER if is_letter else _FOREIGN
        return total

    return of_run


def _in_word(language: Language, left: str, sign: str, right: str) -> float:
    """What it counts where a letter stands."""
    total = _beside(left, sign)
    if right.isascii():
        total += _beside(sign, right)
    elif language.apart and right.isalpha():
        total += _TOGETHER
    if left.isupper() and sign.isupper() and right.islower():
        total += _MISCASED
    small = sign.lower()
    is_misplaced = (small in language.last and right.isalpha()) or (
        small in language.before and not (right.isalpha() and _is_vowel(right))
    )
    return total + _MISCASED * is_misplaced


def _beside(left: str, right: str) -> float:
    """What it counts that two letters stand beside each other; nothing beside another sign."""
    if not (left.isalpha() and right.isalpha()):
        return 0.0
    miscased = _MISCASED if left.islower() and right.isupper() else 0.0
    return miscased + (_REPEATS if _is_vowel(left) == _is_vowel(right) else _ALTERNATES)


def _of_sign(left: str, sign: str, right: str) -> float:
    """How likely a sign is in its place: units beside numbers, quotes around words."""
    is_quote = sign in _QUOTES or right in _QUOTES
    if not is_quote and not right.isascii():
        return _SIGN + _IN_WORD / 2
    if left.isalpha() and right.isalpha() and sign not in "\u2019\u2018·":
        return _SIGN + _IN_WORD
    if sign in _BEHIND_WORDS and right.isalpha() and not left.isdigit():
        return _SIGN + _IN_WORD
    if sign in _BEFORE_DIGITS and (left.isalpha() or right.isalpha()):
        return _SIGN + _IN_WORD
    is_unit = sign == "°" or (sign in _UNITS and (left.isdigit() or right.isdigit()))
    return _UNIT if is_unit else _SIGN


def _is_ascii_letter(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


def _is_vowel(letter: str) -> bool:
    return unicodedata.normalize("NFD", letter.lower())[0] in _VOWELS
