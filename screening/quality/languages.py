"""One name for a language, however a database writes it: eng, en, en-GB and English are one.

Codes of ISO 639-1 and 639-2 (both the bibliographic and the terminological), names in English and in the language.
"""

from __future__ import annotations

import re
from functools import lru_cache

SEPARATOR = " *(?:[;|/,&]| and ) *"
"""What parts several languages of one citation; read alike by Python and PostgreSQL. Texts are lower case."""

_WRITTEN = """
Afrikaans: af afr
Arabic: ar ara العربية
Basque: eu eus baq
Belarusian: be bel
Bosnian: bs bos
Bulgarian: bg bul български
Catalan: ca cat català
Chinese: zh chi zho zh-cn zh-tw zh-hans zh-hant zh_cn zh_tw mandarin chinese-simplified chinese-traditional 中文
Croatian: hr hrv scr hrvatski
Czech: cs cze ces čeština
Danish: da dan dansk
Dutch: nl dut nld flemish nederlands
English: en eng en-us en-gb en-au en-ca en_us en_gb
Estonian: et est
Finnish: fi fin suomi
French: fr fre fra fr-fr fr-ca fr_fr français francais
Galician: gl glg
Georgian: ka geo kat
German: de ger deu de-de de-at de-ch de_de deutsch
Greek: el gre ell ελληνικά
Hebrew: he heb iw עברית
Hindi: hi hin
Hungarian: hu hun magyar
Icelandic: is ice isl
Indonesian: id ind
Italian: it ita it-it it_it italiano
Japanese: ja jpn ja-jp 日本語
Kazakh: kk kaz
Korean: ko kor ko-kr 한국어
Latin: la lat
Latvian: lv lav
Lithuanian: lt lit
Macedonian: mk mac mkd
Malay: ms may msa
Norwegian: no nor nb nob nn nno norsk bokmål nynorsk
Persian: fa per fas farsi فارسی
Polish: pl pol polski
Portuguese: pt por pt-br pt-pt pt_br pt_pt português portugues
Romanian: ro rum ron moldavian
Russian: ru rus русский
Serbian: sr srp scc serbo-croatian
Slovak: sk slo slk
Slovenian: sl slv slovene
Spanish: es spa es-es es-mx es_es es-419 castilian español espanol
Swedish: sv swe svenska
Thai: th tha
Turkish: tr tur türkçe turkce
Ukrainian: uk ukr українська
Urdu: ur urd
Uzbek: uz uzb
Vietnamese: vi vie
Several languages: mul multi multilingual multiple
Undetermined: und unknown undetermined unspecified
"""


def _read() -> dict[str, frozenset[str]]:
    named = (line.split(": ", 1) for line in _WRITTEN.strip().splitlines())
    return {name: frozenset({name.lower(), *written.split()}) for name, written in named}


WRITTEN: dict[str, frozenset[str]] = _read()
"""Name of a language -> all that databases write for it, in lower case."""
_NAME = {written: name for name, all_ in WRITTEN.items() for written in all_}


def name(written: str) -> str:
    """“English” for eng, EN or english; "" for what is no language that we know."""
    return _NAME.get(written.strip().lower(), "")


@lru_cache(4_096)
def names(low: str) -> tuple[str, ...]:
    """The languages of one citation by their names, each once; what is not known stands as it is.

    `low` is in lower case already: by whoever compares, for PostgreSQL and Python do not agree on every letter. None
    for a citation that names no language.
    """
    pieces = re.split(SEPARATOR, low.strip(" "))
    return tuple(dict.fromkeys(_NAME.get(piece, piece) for piece in pieces if piece))
