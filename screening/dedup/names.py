"""Authors' family names out of any of the styles that databases write."""

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Indel

from screening.dedup.text import fold, words

_PARTICLES = frozenset(
    (
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "do",
        "dos",
        "du",
        "el",
        "al",
        "la",
        "le",
        "ten",
        "ter",
    )
)
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "2nd", "3rd", "md", "phd", "et", "others"))
_INITIALS = re.compile(r"^(?:[^\W\d_]\.?[-\s]?){1,4}$")
_NOBODY = frozenset(("", "unknown", "anonymous", "anon", "no authors listed", "et al", "others", "none", "nan"))


_RUN_TOGETHER = re.compile(r"(?<=\b[A-Z]\.)(?=[A-Z][a-z]|(?:van|von|de|del|den|der|di|la|le) )")
_COLLECTIVE = frozenset(
    (
        "group",
        "investigators",
        "collaborators",
        "collaboration",
        "collaborative",
        "committee",
        "consortium",
        "association",
        "society",
        "network",
        "trialists",
        "organization",
        "organisation",
        "institute",
        "council",
        "team",
    )
)
_SPECIAL = _COLLECTIVE | _SUFFIXES
# One word and initials, or one word, one given name in full, and initials.
_PLAIN = re.compile(
    r"([A-Za-z]{5,})(?:, (?:(?:[A-Z]\.?[ -]?){1,4}|([A-Z][a-z]+)(?: [A-Z]\.?){0,3})| [A-Z]{1,3})", re.ASCII
)


class Name(NamedTuple):
    """`family` without spaces and particles ("vanderberg" and "berg" are both "berg"); `initials` may be "";
    `parts` are the words of the whole name, for names whose order can't be told."""

    family: str
    initials: str
    parts: frozenset[str]


@lru_cache(maxsize=65536)
def name(raw: str) -> Name | None:
    """Read "Smith, J", "Smith JA", "J. Smith", "Jan van der Berg", "van der Berg, J."; None if it names nobody."""
    if " ".join(words(fold(raw))) in _NOBODY:
        return None
    return _made(*_parted(raw))


def family(raw: str) -> str:
    """The family name as it was written, particles and all: "van der Berg"; "" if nobody is named."""
    return "" if name(raw) is None else " ".join(_parted(raw)[0].split())


def _parted(raw: str) -> tuple[str, str]:
    """(family name, given names), as they were written."""
    last, comma, given = raw.strip(" .;,").partition(",")
    if comma:
        return last, given
    tokens = raw.replace(".", ". ").split()
    if len(tokens) > 1 and _are_initials(tokens[-1]) and not _are_initials(tokens[0]):
        cut = next(i for i in range(len(tokens) - 1, -1, -1) if i == 0 or not _are_initials(tokens[i - 1]))
        return " ".join(tokens[:cut]), " ".join(tokens[cut:])
    start = max(0, len(tokens) - 1)
    while start > 1 and fold(tokens[start - 1]).strip(".") in _PARTICLES:
        start -= 1
    return " ".join(tokens[start:]), " ".join(tokens[:start])


def _are_initials(token: str) -> bool:
    bare = token.replace(".", "").replace("-", "")
    return bool(_INITIALS.match(token)) and bare.isupper() and len(bare) <= 3


def _made(last: str, given: str) -> Name:
    family = [w for w in words(fold(last)) if w not in _SUFFIXES]
    while len(family) > 1 and family[0] in _PARTICLES:
        family = family[1:]
    first = [w for w in words(fold(given)) if w not in _SUFFIXES and w not in _PARTICLES]
    if "?" in given:  # a letter was lost on the way
        initials = ""
    elif given.replace(".", "").replace("-", "").replace(" ", "").isupper() and all(len(w) <= 4 for w in first):
        initials = "".join(first)
    else:
        initials = "".join(w[0] for w in first)
    return Name("".join(family), initials, frozenset(w for w in (*family, *first) if len(w) > 2))


def names(raw: tuple[str, ...]) -> tuple[Name, ...]:
    """All authors that are named, in order; "Adeli K.Lewis G. F." is two. Groups count where nobody else is named."""
    found = [n for one in raw for part in _parts(one) if (n := name(part)) is not None and n.family]
    return tuple([n for n in found if not _collective(n)] or found)


def families(raw: tuple[str, ...]) -> tuple[str, ...]:
    """The family names of `names`, in a tenth of the time where all are written as "Smith, John A." or "Smith JA"."""
    found = []
    for one in raw:
        plain = _PLAIN.fullmatch(one)
        if plain is None:
            return tuple(who.family for who in names(raw))
        family, given = plain[1].lower(), plain[2]
        if family in _SPECIAL or (given and given.lower() in _SPECIAL):
            return tuple(who.family for who in names(raw))
        found.append(family)
    return tuple(found)


def _parts(raw: str) -> list[str]:
    return _RUN_TOGETHER.split(raw) if "." in raw else [raw]


def _collective(who: Name) -> bool:
    return not _COLLECTIVE.isdisjoint(who.parts)


@lru_cache(maxsize=65536)
def same_person(a: Name, b: Name) -> bool:
    """Could the two be one person? Families alike (typing errors, double names), initials not in conflict."""
    if a.initials and b.initials and a.initials[0] != b.initials[0]:
        begins = a.family.startswith(b.family) or b.family.startswith(a.family)
        return (begins and bool(set(a.initials) & set(b.initials))) or _turned(a, b)
    if a.family == b.family:
        return True
    short, long = sorted((a.family, b.family), key=len)
    if len(short) >= 4 and (long.startswith(short) or long.endswith(short)):
        return True
    if len(short) >= 4 and Indel.normalized_similarity(short, long, score_cutoff=0.8) >= 0.8:
        return True
    return _turned(a, b)


def _turned(a: Name, b: Name) -> bool:
    """Given and family name swapped in one of the two, or a middle name taken for part of the family name."""
    if len(a.parts & b.parts) >= 2:
        return True
    return _is_given_of(a, b) or _is_given_of(b, a)


def _is_given_of(a: Name, b: Name) -> bool:
    """ "William, O'Brochta" is "O'Brochta, W." with its parts swapped."""
    if a.family == b.family or b.family not in a.parts:
        return False
    return a.family[0] in b.initials or a.family in b.parts


class Agreement(NamedTuple):
    """How two lists of authors agree: `share` of the shorter list found in the other (-1 when one is missing), whether
    the `first` author is the same, how many are `common`, and whether one list is the other in `another_order`."""

    share: float
    first: bool
    common: int
    another_order: bool


UNKNOWN = Agreement(-1.0, False, 0, False)


def compare(a: tuple[Name, ...], b: tuple[Name, ...]) -> Agreement:
    """Compare two author lists; order matters only for the first author."""
    if not a or not b or _collective(a[0]) != _collective(b[0]):
        return UNKNOWN  # one names nobody, or only the group
    if a == b:
        return Agreement(1.0, True, len(a), False)
    a, b = (a, b) if len(a) <= len(b) else (b, a)
    left = list(b[:60])
    common = 0
    for one in a[:60]:
        found = next((i for i, other in enumerate(left) if same_person(one, other)), -1)
        if found >= 0:
            common += 1
            del left[found]
    if common and len(a) == len(b) and [one.family for one in a] == [one.family for one in b]:
        common = len(a)  # the same people in the same order: one goes by another given name
    first = same_person(a[0], b[0])
    return Agreement(min(1.0, common / min(len(a), 60)), first, common, not first and common == len(a) == len(b))
