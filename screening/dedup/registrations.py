"""Numbers of trial registers in a text."""

import re

# Written with or without spaces and dashes; each pattern is that of one register. "INV-" stands before invented ones.
_PATTERNS = (
    r"(?:INV-?)?NCT[\s-]?\d{8}(?!\d)",
    r"ISRCTN[\s-]?\d{8}",
    r"EUCTR\d{4}-\d{6}-\d{2}",
    r"EUDRACT\D{0,14}\d{4}-\d{6}-\d{2}",
    r"ACTRN[\s-]?\d{14}p?",
    r"DRKS[\s-]?\d{8}",
    r"CHICTR-?[A-Z]{0,5}-?\d{8,10}",
    r"CTRI/\d{4}/\d{2,3}/\d{6}",
    r"(?:JPRN-)?UMIN\d{9}",
    r"JPRN-[A-Z]+\d+|JRCT[A-Z]?\d{9,10}",
    r"IRCT\d{8,16}N\d{1,3}",
    r"(?:NTR|NL)[\s-]?OMON\d{5}|NTR\d{3,5}\b",
    r"PACTR\d{15,16}",
    r"KCT\d{7}",
    r"RBR-[0-9A-Z]{6,10}",
    r"TCTR\d{11}",
    r"INV-[A-Z]{2,8}\d{6,}",
)
_ANY = re.compile(r"\b(?:" + "|".join(f"(?:{pattern})" for pattern in _PATTERNS) + ")", re.IGNORECASE)
_EUDRACT = re.compile(r"\d{4}-\d{6}-\d{2}")


def spans(text: str) -> list[tuple[int, int, str]]:
    """(start, end, number as it is compared) of each in the text, in order. No number twice at one place."""
    return [(match.start(), match.end(), _plain(match.group())) for match in _ANY.finditer(text)]


def registrations(text: str) -> list[str]:
    """The numbers in a text, each once, in the order of their first place."""
    return list(dict.fromkeys(code for _, _, code in spans(text)))


def _plain(raw: str) -> str:
    """As it is compared: capitals, without spaces; the same trial in the EU register is the same number."""
    code = re.sub(r"\s", "", raw).upper()
    if eudract := _EUDRACT.search(code):
        return f"EUCTR{eudract.group()}"
    if code.startswith(("CHICTR", "CTRI", "INV-", "JPRN-", "RBR-")):
        return code.removeprefix("JPRN-") if code.startswith("JPRN-UMIN") else code
    return code.replace("-", "")
