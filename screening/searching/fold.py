"""How words are compared: without capitals and accents, and with punctuation only between them.

The same as PostgreSQL's function `screening_fold` (migration 0007) does to the words of records.
"""

import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u036f]")
_PARTS = "./\\-_@<>&“”„‟«»‹›‘’‚‛–—―−‐‑‒…·•±×÷≥≤≠≈™©®°′″§¶"
_TABLE = str.maketrans("øłđı" + _PARTS, "oldi" + " " * len(_PARTS))


def fold(text: str) -> str:
    """Lower case, no accents, spaces for the punctuation that PostgreSQL's parser would read as part of a word."""
    if not text.isascii():
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.lower()))
    return text.lower().translate(_TABLE)
