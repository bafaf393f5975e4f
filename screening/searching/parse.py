"""What people type into the search of a list -> a tree of what is looked for.

    sglt2 kidney              both words, anywhere
    "heart failure"           side by side
    kidney OR renal           one of them (binds less than words side by side; parentheses group)
    -mice, NOT mice           without
    diabet*                   words that begin so
    title:kidney author:okafor journal:lancet keyword:adult abstract:"all-cause death"
    year:2010-2015 source:embase tag:"to discuss" doi:10.1000/xyz

Any text is a search or raises SearchError with a sentence for whoever typed it.
"""

import re
from dataclasses import dataclass, field

from screening.searching.fold import fold
from screening.searching.stop import says_nothing
from screening.searching.terms import LABELS, All, Identifier, Named, Node, Not, Some, Words, Years, leaves

LONGEST = 1_000  # characters of a search
LONGEST_WORD = 300  # of one word or phrase
MOST = 40  # things to look for
DEEPEST = 20  # parentheses in parentheses
ALIASES = {"ti": "title", "ab": "abstract", "au": "author", "authors": "author", "keywords": "keyword", "kw": "keyword"}
IDENTIFIERS = {"doi", "id", "pmid", "pmcid", "nct", "accession"}

_DOI = r"(?:https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/[^\s\"]+"
_KNOWN = re.compile(r"(?:pmid:?\s*)?\d{6,9}|pmc\d{3,9}|nct\d{8}|cn-\d{6,9}|2-s2\.0-\d+|wos:\w{10,20}", re.IGNORECASE)
_TOKEN = re.compile(
    rf"""(?P<minus>[-−–](?=[^\s)]))?
         (?: (?P<open>\() | (?P<close>\))
           | (?P<doi>(?:doi:\s*)?{_DOI})
           | (?P<empty>[A-Za-z]+:)(?=[\s()]|$)
           | (?:(?P<field>[A-Za-z]+):)? (?: "(?P<quoted>[^"]*)"? | (?P<bare>[^\s"()]+) )
           | (?P<stray>\S) )""",
    re.VERBOSE | re.IGNORECASE,
)
_YEARS = re.compile(r"(?P<first>\d{4})?\s*(?P<span>[-–]|\.\.)?\s*(?P<last>\d{4})?")
_QUOTES = str.maketrans("“”„‟«»＂", '"' * 7, "\0")


class SearchError(ValueError):
    """The text can't be searched for; the message says why and what to do."""


def parse(text: str) -> Node | None:
    """The tree of a search; None for one that asks for nothing. Raises SearchError."""
    if len(text) > LONGEST:
        raise SearchError(f"A search has at most {LONGEST:,} characters; this one has {len(text):,}. Shorten it.")
    reader = _Reader(list(_TOKEN.finditer(text.translate(_QUOTES))))
    tree = reader.whole()
    if tree is None and reader.common:
        words = " ".join(reader.common)[:60]
        raise SearchError(f"“{words}” is in nearly every record. Search for words that are rarer.")
    if leaves(tree) > MOST:
        raise SearchError(f"A search looks for at most {MOST} words and phrases; this one has {leaves(tree)}.")
    return tree


@dataclass(slots=True)
class _Reader:
    """Reads tokens from the left. `common` are words that are passed over because every text has them."""

    tokens: list[re.Match[str]]
    place: int = 0
    common: list[str] = field(default_factory=list)

    def whole(self) -> Node | None:
        """Everything; a parenthesis that nothing opened is passed over."""
        parts: list[Node | None] = []
        while self.place < len(self.tokens):
            parts.append(self.either(0))
            self.place += 1
        return _join(All, parts)

    def either(self, depth: int) -> Node | None:
        """Alternatives, up to the parenthesis that closes them (which is left to the caller) or the end."""
        if depth > DEEPEST:
            raise SearchError(f"Parentheses stand in more than {DEEPEST} others. Write the search more simply.")
        sides: list[Node | None] = []
        while True:
            sides.append(self.together(depth))
            if self._word() != "OR":
                return _join(Some, sides)
            self.place += 1

    def together(self, depth: int) -> Node | None:
        parts: list[Node | None] = []
        while (token := self._now()) is not None and not token["close"] and self._word() != "OR":
            parts.append(self._unit(token, depth))
        return _join(All, parts)

    def _unit(self, token: re.Match[str], depth: int) -> Node | None:
        self.place += 1
        if token["bare"] == "AND" and not token["field"]:
            return None
        if token["bare"] == "NOT" and not token["field"]:
            return self._negated(depth)
        node = self._group(depth) if token["open"] else self._leaf(token)
        return Not(node) if token["minus"] and node is not None else node

    def _negated(self, depth: int) -> Node | None:
        token = self._now()
        if token is None or token["close"] or self._word() == "OR":
            return None
        node = self._unit(token, depth + 1) if depth <= DEEPEST else None
        return node.part if isinstance(node, Not) else Not(node) if node is not None else None

    def _group(self, depth: int) -> Node | None:
        node = self.either(depth + 1)
        self.place += 1  # the parenthesis that closes it; one that was forgotten stands at the end
        return node

    def _leaf(self, token: re.Match[str]) -> Node | None:
        if token["empty"] or token["stray"]:
            return self._nothing_after(token["empty"]) if token["empty"] else None
        if token["doi"]:
            return Identifier(_bare_doi(token["doi"]))
        named = (token["field"] or "").lower()
        name, value = ALIASES.get(named, named), token["quoted"] if token["bare"] is None else token["bare"]
        if name == "year":
            return _years(value)
        if name in ("source", "tag"):
            return Named(name, " ".join(value.split())) if value.strip() else self._nothing_after(name + ":")
        if name in IDENTIFIERS or (not name and _KNOWN.fullmatch(value)):
            return Identifier(_bare_doi(value)) if value.strip() else self._nothing_after(name + ":")
        if name and name not in LABELS:  # “trial:2” is no field, only words with a colon
            name, value = "", f"{token['field']} {value}"
        return self._words(name, value, prefix=token["quoted"] is None and value.endswith("*"))

    def _words(self, name: str, value: str, *, prefix: bool) -> Node | None:
        text = " ".join(fold(value).replace("*", " ").split())
        if len(text) > LONGEST_WORD:
            raise SearchError(f"A word or phrase has at most {LONGEST_WORD} characters. Shorten “{text[:40]}…”.")
        if says_nothing(text) and name != "author" and not (prefix and text):
            self.common += [text] if any(char.isalnum() for char in text) else []
            return None
        return Words(text, name, prefix) if text else None

    def _nothing_after(self, name: str) -> Node | None:
        name = name.lower()
        if ALIASES.get(name[:-1], name[:-1]) in {*LABELS, *IDENTIFIERS, "year", "source", "tag"}:
            raise SearchError(f"After {name} comes a word, or a phrase in quotation marks, without a space between.")
        return self._words("", name, prefix=False)

    def _now(self) -> re.Match[str] | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def _word(self) -> str:
        """The operator that stands here, if one does."""
        token = self._now()
        return token["bare"] or "" if token is not None and not token["field"] and not token["minus"] else ""


def _join(kind: type[All] | type[Some], parts: "list[Node | None]") -> Node | None:
    there = tuple(part for part in parts if part is not None)
    return kind(there) if len(there) > 1 else there[0] if there else None


def _bare_doi(text: str) -> str:
    """Without what may stand before the identifier itself, nor the punctuation of a sentence after it."""
    return re.sub(r"^(?:doi:\s*|pmid:?\s*|https?://(?:dx\.)?doi\.org/)+", "", text.strip().lower()).rstrip(".,;")


def _years(value: str) -> Years:
    found = _YEARS.fullmatch(value.strip())
    if (
        found is None
        or not (found["first"] or found["last"])
        or (found["first"] and found["last"] and not found["span"])
    ):
        raise SearchError("After year: comes a year or a span, such as year:2015, year:2010-2015 or year:2010-.")
    first, last = (int(found[name]) if found[name] else None for name in ("first", "last"))
    return Years(first, last if found["span"] else first if last is None else last)
