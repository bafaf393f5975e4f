"""Titles and other running text in one comparable form."""

import re
import unicodedata
from html import unescape
from typing import NamedTuple

from screening.dedup.vocabulary import (
    ABOUT,
    GENERIC,
    GREEK,
    LETTERS,
    NOTICE_PREFIX,
    NOTICES,
    POINTER,
    REMARK,
    RETRACTED,
    STOPWORDS,
)

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,80}>")
_WORD = re.compile(r"[^\W_]+")
_PARTED = {code: " " for code in range(128) if not chr(code).isalnum()}
_DIGITS = re.compile(r"\d+")
_GREEK_LETTER = re.compile(r"[\u0370-\u03ff]")
_FOLD = str.maketrans(LETTERS | {"’": "'", "‘": "'", "`": "'", "´": "'"})
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_ROMAN = {r: str(n) for n, r in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"), 1)}
_SPELT = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "first": "1", "second": "2", "third": "3"}
_NUMERALS = frozenset((*_ROMAN, *_SPELT))
_MOST_PLAIN = 300_000  # words that are remembered, 30 MB of them
_LONGEST = 2000  # characters of a title that are looked at; a longer one is a field gone wrong
_NO_TITLE = frozenset(("unknown", "untitled", "na", "none", "null"))
COUNTED = frozenset(
    (
        "part",
        "phase",
        "type",
        "stage",
        "grade",
        "class",
        "chapter",
        "volume",
        "study",
        "report",
        "factor",
        "group",
        "level",
    )
)


class Title(NamedTuple):
    """A title in comparable form.

    `text` is lower-case words without marks, one space between two; `kind` is "" or what sort of notice about another
    publication it is ("correction", "reply", ...). The rest follows from `text` and is computed when it is asked for:
    of most titles of a large pile nobody asks.
    """

    text: str
    kind: str

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.text.split())

    @property
    def numbers(self) -> str:
        """Its digits in order."""
        return "".join(_DIGITS.findall(self.text))

    @property
    def weight(self) -> int:
        """How many of its words tell titles apart."""
        return sum(len(word) > 1 for word in set(self.text.split()) - STOPWORDS - GENERIC)


def fold(text: str) -> str:
    """Lower case, no accents, no markup or HTML entities, Greek symbols spelt out; punctuation is kept."""
    if "&" in text:
        text = unescape(unescape(text))
    if "<" in text:
        text = _TAG.sub("", text)
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text).casefold().translate(_FOLD)
    text = "".join(c for c in text if not unicodedata.combining(c))
    greek = len(_GREEK_LETTER.findall(text))
    if not greek or greek > len(text) / 4:  # a title in Greek stays Greek
        return text
    return _GREEK_LETTER.sub(lambda m: f" {GREEK.get(m[0], m[0])} ", text)


def words(text: str) -> list[str]:
    """The words of folded text; an apostrophe inside a word doesn't part it ("author's" is "authors")."""
    if text.isascii() and "'" not in text:
        return text.translate(_PARTED).split()
    return _WORD.findall(_APOSTROPHE.sub("", text) if "'" in text else text)


def title(raw: str) -> Title:
    """Read a title: drop what databases add to it, tell notices about other papers, keep words and numbers."""
    if raw.isascii() and len(raw) <= _LONGEST and not any(map(raw.__contains__, _MARKS)):
        tokens = raw.lower().translate(_PARTED).split()
        if _are_plain(tokens):
            return Title(" ".join(tokens), "")
    text = fold(raw[:_LONGEST])
    if "[" in text or "(" in text or "..." in text:
        text = _without_remarks(text)
    if text.lstrip(" \"'[(").startswith(("retract", "withdr")):
        text = RETRACTED.sub("", text)
    kind = _kind(text.rstrip(" ."))
    if kind == "correction":
        text = ABOUT.sub("", NOTICE_PREFIX.sub("", text))
    tokens = _numerals(words(text))
    if len(tokens) == 1 and tokens[0] in _NO_TITLE:
        tokens = []
    return Title(" ".join(tokens), kind)


# Words that have been looked at and are no numeral, no "untitled", and nothing that a notice is told by: nearly all.
_plain: set[str] = set()
_MARKS = ("[", "(", "...", "&", "<", "'")


def _are_plain(tokens: list[str]) -> bool:
    """Whether reading a title that has these words and none of _MARKS would change none of them."""
    if _plain.issuperset(tokens):
        return True
    unseen = [word for word in tokens if word not in _plain]
    plain = [word for word in unseen if not _tells(word)]
    if len(_plain) > _MOST_PLAIN:
        _plain.clear()
    _plain.update(plain)
    return len(plain) == len(unseen)


def _tells(word: str) -> bool:
    return bool(_HINT.search(word)) or word in _NUMERALS or word in _NO_TITLE or word.startswith(("retract", "withdr"))


def _without_remarks(text: str) -> str:
    """Drop bracketed remarks, but never the whole title: "[Review]." alone stays."""
    bare = REMARK.sub(" ", POINTER.sub(" ", text))
    return bare if _WORD.search(bare) else text


_HINT = re.compile(
    r"errat|corrig|correction|addend|\(vol|\((?:19|20)\d\d\)|retraction|withdrawal|concern|reply|response|rejoinder|comment|discussion|"
    r"letter|editorial|protocol"
)


def _kind(text: str) -> str:
    if not _HINT.search(text):
        return ""
    return next((kind for kind, pattern in NOTICES if pattern.search(text)), "")


def _numerals(tokens: list[str]) -> list[str]:
    """ "part II", "part two" and "part 2" are one thing; a lone roman numeral from ii on is a number too."""
    if _NUMERALS.isdisjoint(tokens):
        return tokens
    out = list(tokens)
    for at, word in enumerate(tokens):
        after = at > 0 and tokens[at - 1] in COUNTED
        if word in _ROMAN and (after or len(word) > 1):
            out[at] = _ROMAN[word]
        elif after and word in _SPELT:
            out[at] = _SPELT[word]
    return out
