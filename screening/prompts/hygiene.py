"""Untrusted text before it goes to a model: invisible characters taken out and counted, instructions noticed (SEC-05).

Abstracts come from anywhere. Text can hide in characters that no one sees (zero-width, bidirectional controls, tag
characters, variation selectors; see Unicode UTS #39 and UTR #36), and can talk to the model instead of about a study.
`clean` removes the first kind, `injection_flags` names the second: a flagged record is shown to people and can't be
proposed for exclusion. A flag is a suspicion, not a verdict on the authors.
"""

import base64
import binascii
import re
import unicodedata
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from screening.prompts.suspicions import BY_LINE, SUSPICIONS

# What each invisible character is counted as.
_RANGES: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    (
        "zero_width",
        (
            (0x200B, 0x200D),
            (0x2060, 0x2065),
            (0xFEFF, 0xFEFF),
            (0x180E, 0x180E),
            (0xFFF9, 0xFFFB),
        ),
    ),
    ("soft_hyphen", ((0x00AD, 0x00AD),)),
    ("bidi", ((0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x206F), (0x061C, 0x061C))),
    ("tag", ((0xE0000, 0xE007F),)),
    ("variation", ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF), (0x180B, 0x180D))),
    ("control", ((0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F))),
    ("filler", ((0x115F, 0x115F), (0x3164, 0x3164), (0xFFA0, 0xFFA0))),
    ("surrogate", ((0xD800, 0xDFFF),)),  # can't be written as UTF-8
)
INVISIBLE: dict[str, str] = {
    chr(code): kind for kind, ranges in _RANGES for low, high in ranges for code in range(low, high + 1)
}
_INVISIBLE_RE = re.compile("[" + "".join(f"{chr(a)}-{chr(b)}" for _, ranges in _RANGES for a, b in ranges) + "]")
_TAG_TEXT = {code: code - 0xE0000 for code in range(0xE0020, 0xE007F)}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Text without invisible characters, and how many of each kind were taken out."""

    text: str
    removed: dict[str, int] = field(default_factory=dict)

    @property
    def hidden(self) -> int:
        """How many characters were removed altogether."""
        return sum(self.removed.values())


def clean(text: str) -> Cleaned:
    """`text` as a person would see it. White space and line ends stay; nothing visible changes."""
    removed = Counter(INVISIBLE[character] for character in _INVISIBLE_RE.findall(text))
    return Cleaned(_INVISIBLE_RE.sub("", text) if removed else text, dict(removed))


_GAP = re.compile(r"[^\S\n]+")
# Letters that look Latin, folded only for looking: a Cyrillic "іgnоrе" is caught, and the text stays as it is.
_LOOKALIKES = str.maketrans("аеорсухіѕјԁο", "aeopcyxisjdo")
_SPACED = re.compile(r"(?<!\w)(?:\w ){4,}\w(?!\w)")  # i g n o r e
_BROKEN = re.compile(r"(?<=\w)- ?\n ?(?=\w)")  # a word that goes on in the next line
_ENCODED = re.compile(r"[A-Za-z0-9+/]{32,20000}={0,2}")


def injection_flags(text: str) -> tuple[str, ...]:
    """Names of what in `text` looks meant for a model rather than for a reader, sorted; empty for ordinary text.

    instruction, role, asks_for_verdict, talks_to_ai, fake_delimiter, calls_tool: what the text says (`suspicions`), as
    it is seen, or in tag characters, Base64, look-alike letters, spaced letters and words broken over lines.
    hidden_text: tag characters, bidirectional overrides, a good many other invisible characters, or HTML that no page
    would show.
    """
    cleaned = clean(text)
    plain, *views = _views(cleaned.text + _tagged(text) + _decoded(cleaned.text))
    flags = {
        name
        for name, kinds in SUSPICIONS.items()
        if any(kind.in_(view) for view in ((plain,) if name in BY_LINE else views) for kind in kinds)
    }
    if _hides(text, cleaned):
        flags.add("hidden_text")
    return tuple(sorted(flags))


def _views(spoken: str) -> list[str]:
    """The text in lower case with its lines, then in one line, as it is and as a model may take it; each way once."""
    folded = unicodedata.normalize("NFKC", spoken).lower()
    close = _SPACED.sub(lambda run: run.group().replace(" ", ""), folded)
    plain = _GAP.sub(" ", folded)
    joined = plain.replace("\n", " ")
    mended = _GAP.sub(" ", _BROKEN.sub("", close)).replace("\n", " ")
    return [plain, *dict.fromkeys((joined, joined.translate(_LOOKALIKES), mended))]  # one and the same for most texts


def _tagged(text: str) -> str:
    if text.isascii():
        return ""
    said = "".join(chr(_TAG_TEXT[ord(character)]) for character in text if ord(character) in _TAG_TEXT)
    return f"\n{said}" if said else ""


def _decoded(text: str) -> str:
    """What stands in Base64 (RFC 4648) in the text, if it is text; identifiers and hashes hardly ever are."""
    found = ""
    for run in _ENCODED.findall(text):
        body = run.rstrip("=")
        with suppress(binascii.Error, UnicodeDecodeError):
            found += "\n" + base64.b64decode(body[: len(body) - (len(body) % 4 == 1)] + "===").decode()
    return found


def _hides(text: str, cleaned: Cleaned) -> bool:
    """Stray zero-width spaces and soft hyphens are everyday; overrides, tags and masses of the others are not."""
    if text.isascii():
        return False
    if cleaned.removed.get("tag") or any("\u202a" <= c <= "\u202e" for c in text):
        return True
    odd = sum(cleaned.removed.get(kind, 0) for kind in ("zero_width", "variation", "filler", "bidi"))
    return odd > max(8, len(cleaned.text) // 20)
