"""What a PDF calls characters, as characters that a database, a person and a quote can use."""

import re
import unicodedata

BROKEN_WORD = "\x02\ufffe"  # pdfium's mark where a hyphen broke a word at the end of a line
SOFT_HYPHEN = "\xad"

# Latin and Armenian ligatures and the long s t: the only presentation forms that stand for several plain letters.
_LIGATURES = {
    code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0xFB00, 0xFB07), *range(0xFB13, 0xFB18))
}
_NEVER = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SPECIAL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\ud800-\udfff\ue000-\uf8ff\ufb00-\ufb17\ufdd0-\ufdef\ufffd-\uffff]"
)
_ODD = re.compile("[\x00-\x01\x03-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffd]")


def cleaned(text: str) -> tuple[str, int]:
    """A word of a PDF without what can't be stored, and how many of its characters had no meaning.

    Ligatures become letters, pdfium's mark of a broken word becomes the hyphen that is seen. A soft hyphen stays only
    at the end, where it may be one that is seen (`seen_hyphen` decides when the line is known). NUL, other control
    characters, noncharacters and lone surrogates go, because PostgreSQL or UTF-8 refuse them. Zero-width and tag
    characters stay: `screening.prompts.hygiene` counts them as a sign of hidden text.
    """
    if not _SPECIAL.search(text) and text[-1:] not in BROKEN_WORD:
        return text, 0
    odd = len(_ODD.findall(text))
    if text[-1:] and text[-1] in BROKEN_WORD:
        text = text[:-1] + "-"
    last = SOFT_HYPHEN if text.endswith(SOFT_HYPHEN) else ""
    text = _NEVER.sub("", paired(text).replace(SOFT_HYPHEN, "")).translate(_LIGATURES)
    return text + last, odd


def seen_hyphen(word: str, *, ends_line: bool) -> str:
    """A soft hyphen at the end of a line is drawn; anywhere else it is not."""
    return word[:-1] + ("-" if ends_line else "") if word.endswith(SOFT_HYPHEN) else word


def paired(text: str) -> str:
    """Two halves of a UTF-16 pair as the one character that they are; lone halves stay."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
