r"""LaTeX in BibTeX values to Unicode: accents, letters, symbols, braces. Not a TeX engine, and it loses no words.

The packaged decoders take an unescaped "%" for the start of a comment and drop the rest of an abstract after "50%".
"""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
_NAMES = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega
"""
_GREEK = {
    name: unicodedata.lookup(f"GREEK SMALL LETTER {name.replace('lambda', 'lamda').upper()}") for name in _NAMES.split()
}
_MACROS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "i", "j": "j", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng":
    "ŋ", "NG": "Ŋ", "textendash": "–", "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘",
    "textquotedblleft": "“", "textquotedblright": "”", "textregistered": "®", "texttrademark": "™",
    "textcopyright": "©", "copyright": "©", "textdegree": "°", "degree": "°", "textmu": "µ", "pm": "±",
    "times": "×", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "textless": "<", "textgreater": ">",
    "textbackslash": "\\", "textasciitilde": "~", "textunderscore": "_", "ldots": "…", "dots": "…", "infty":
    "∞", "approx": "≈", "sim": "∼", "neq": "≠", "cdot": "·", "rightarrow": "→", "leftarrow": "←",
    "textsterling": "£", "pounds": "£", "texteuro": "€", "euro": "€", "S": "§", "P": "¶", "textbar": "|",
    "quad": " ", "TeX": "TeX", "LaTeX": "LaTeX", "textasteriskcentered": "*", "textbullet": "•", "textdollar":
    "$", "textpercent": "%", "textasciicircum": "^",
    **_GREEK,
    **{name.capitalize(): letter.upper() for name, letter in _GREEK.items()},
}  # fmt: skip
_ACCENTED = re.compile(
    r"""\\(?:([`'^~=."])\s*|([uvHrdckb])(?:\s+|(?=[\\{])))"""
    r"""(?:\{\s*(\\[ij](?![A-Za-z])|[^\W\d_])?\s*\}|(\\[ij](?![A-Za-z])|[^\W\d_]))"""
)
_MACRO = re.compile(r"\\([A-Za-z]+)(?:\{\}|[ \t]*)")
_ESCAPED = re.compile(r"\\([&%$#_{}\-, /@\"'!;:])")
_PLACE = {"{": "\ue000", "}": "\ue001", "$": "\ue002"}  # private characters hold escaped braces while the others go
_BACK = {ord(mark): char for char, mark in _PLACE.items()}
_MATH = re.compile(r"\$([^$\n]{0,300})\$")


def decode(value: str) -> str:
    """The text that a reader would see; what is not understood keeps its words and loses its backslash and braces."""
    if "\\" in value:
        value = _ACCENTED.sub(_accented, value)
        value = _MACRO.sub(_macro, value)
        value = _ESCAPED.sub(_escaped, value)
    if "$" in value:
        value = _MATH.sub(r"\1", value)
    if "{" in value or "}" in value:
        value = value.replace("{", "").replace("}", "")
    value = value.replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”")
    return unicodedata.normalize("NFC", re.sub(r"(?<!/)~(?=\w)", " ", value).translate(_BACK))


def _accented(found: re.Match[str]) -> str:
    accent, letter = found[1] or found[2], found[3] or found[4] or ""
    return letter.lstrip("\\") + _ACCENTS[accent] if letter else ""


def _macro(found: re.Match[str]) -> str:
    known = _MACROS.get(found[1])
    if known is not None:
        return known
    # \emph{word}: the argument stays, the command goes; a command without one may be a word (C:\data) and stays
    return "" if found.string.startswith("{", found.end()) else found[0]


def _escaped(found: re.Match[str]) -> str:
    char = found[1]
    return {"-": "", ",": " ", " ": " ", "/": ""}.get(char, _PLACE.get(char, char))
