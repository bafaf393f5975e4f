"""Parts of a long text: split at sentences, and those picked that speak most about what is asked (no model, no chance).

The measure is BM25 (Robertson and Zaragoza 2009), with the usual k1 = 1.2 and b = 0.75. Each question picks in turn, so
that a question with rare words does not take all the room.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

SIZE = 900  # characters, about 200 tokens
_LEAST = 200  # a shorter rest joins the passage before it
_K1, _B = 1.2, 0.75
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])[\"'”’)\]]*\s+(?=[^a-z\s])|\n\n+")
_WORD = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"(?<=[^\W\d_])[-‐]\n+(?=[^\W\d_])")
_ENDINGS = (
    "isations",
    "izations",
    "isation",
    "ization",
    "ations",
    "ation",
    "ising",
    "izing",
    "ised",
    "ized",
    "ise",
    "ize",
    "ies",
    "ing",
    "ed",
    "es",
    "s",
)
_STEM = 4  # least letters that stay
_COMMON = frozenset(
    """a about above after all also an and any are as at be been before being between both but by can did do does for
    from had has have how if in into is it its may more most no nor not of on or other our over per she so some such
    than that the their them then there these they this those to under was were what when where which while who whose
    will with within without you your""".split()  # noqa: SIM905 — a list of words reads better than 90 quoted strings
)


@dataclass(frozen=True, slots=True)
class Passage:
    """`text` is what stands at [start:end] of page `page`."""

    page: int
    start: int
    end: int
    text: str


def split(pages: Sequence[tuple[int, str]]) -> list[Passage]:
    """Passages of about SIZE characters in document order, none over a page's end; every word is in exactly one.

    `pages` are (number, text); hand in the visible text, so that no model is shown what a reader does not see.
    """
    return [passage for number, text in pages for passage in _of_page(number, text)]


def nearest(passages: Sequence[Passage], queries: Sequence[str], *, limit: int) -> list[Passage]:
    """Up to `limit` passages that speak most about `queries`, in document order; the same input gives the same ones."""
    index = _index_of(tuple(passages))
    rankings = [ranking for query in queries if (ranking := index.ranked(query))]
    picked: dict[int, None] = {}
    for place in range(max(map(len, rankings), default=0)):
        for ranking in rankings:
            if place < len(ranking) and len(picked) < limit:
                picked.setdefault(ranking[place])
    return [passages[at] for at in sorted(picked)]


def selected(passages: Sequence[Passage], queries: Sequence[str], *, limit: int) -> list[Passage]:
    """What to show of a text that is too long: the nearest passages; the first ones where none shares a word, as in
    another language."""
    return nearest(passages, queries, limit=limit) or list(passages[:limit])


def marked(pages: Sequence[tuple[int, str]]) -> str:
    """The whole text with the number of each page in a line before it, as a model is shown it."""
    return "\n\n".join(f"[Page {number}]\n{text.strip()}" for number, text in pages)


def marked_passages(passages: Iterable[Passage]) -> str:
    """Passages under the number of their page; "[…]" where something between them is left out."""
    pieces: list[str] = []
    last: Passage | None = None
    for passage in passages:
        if last is None or passage.page != last.page:
            pieces.append(f"[Page {passage.page}]")
        elif passage.start - last.end > len("\n\n"):
            pieces.append("[…]")
        pieces.append(passage.text.strip())
        last = passage
    return "\n".join(pieces)


def ranges(pages: Sequence[int]) -> list[str]:
    """Sorted page numbers as people say them: 1, 3, 4, 5 as "1", "3–5"."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][1] + 1:
            spans[-1][1] = page
        else:
            spans.append([page, page])
    return [str(first) if first == last else f"{first}–{last}" for first, last in spans]


def _of_page(number: int, text: str) -> list[Passage]:
    spans: list[list[int]] = []
    for start, end in _sentences(text):
        if spans and end - spans[-1][0] <= SIZE:
            spans[-1][1] = end
        else:
            spans.append([start, end])
    if len(spans) > 1 and spans[-1][1] - spans[-1][0] < _LEAST:
        _, end = spans.pop()
        spans[-1][1] = end
    return [Passage(number, start, end, text[start:end]) for start, end in spans]


def _sentences(text: str) -> Iterable[tuple[int, int]]:
    """Sentences without the white space around them; one that is too long by itself is cut between words."""
    at = 0
    for found in [*_SENTENCE_END.finditer(text), None]:
        start, end = _trimmed(text, at, found.start() if found else len(text))
        while end - start > SIZE:
            cut = max(text.rfind(" ", start + 1, start + SIZE), text.rfind("\n", start + 1, start + SIZE))
            cut = cut if cut > start else start + SIZE
            yield _trimmed(text, start, cut)
            start, end = _trimmed(text, cut, end)
        if end > start:
            yield start, end
        at = found.end() if found else len(text)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


@lru_cache(maxsize=4)  # many questions are asked of one document, one after the other
def _index_of(passages: tuple[Passage, ...]) -> "_Index":
    return _Index(passages)


class _Index:
    """BM25 over passages."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.counts = [Counter(_terms(passage.text)) for passage in passages]
        self.lengths = [sum(counts.values()) for counts in self.counts]
        self.mean = sum(self.lengths) / len(self.lengths) if self.lengths else 0.0
        self.found_in = Counter(term for counts in self.counts for term in counts)

    def ranked(self, query: str) -> list[int]:
        """Positions of the passages that share a word with the query, best first, ties in document order."""
        terms = sorted(set(_terms(query)) & self.found_in.keys())
        scores = [self._score(at, terms) for at in range(len(self.counts))]
        return sorted((at for at, score in enumerate(scores) if score > 0), key=lambda at: (-scores[at], at))

    def _score(self, at: int, terms: Sequence[str]) -> float:
        long = 1 - _B + _B * self.lengths[at] / self.mean if self.mean else 1.0
        counts = self.counts[at]
        return sum(
            self._weight(term) * counts[term] * (_K1 + 1) / (counts[term] + _K1 * long)
            for term in terms
            if counts[term]
        )

    def _weight(self, term: str) -> float:
        found = self.found_in[term]
        return math.log(1 + (len(self.counts) - found + 0.5) / (found + 0.5))


def _terms(text: str) -> list[str]:
    words = (word.casefold() for word in _WORD.findall(_JOINED.sub("", text)))
    return [_stem(word) for word in words if word not in _COMMON]


def _stem(word: str) -> str:
    """ "randomised", "randomization" and "randomise" come close enough to meet; nothing is shown of it."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            word = word.removesuffix(ending)
            break
    return word.removesuffix("e").replace("iz", "is") if len(word) > _STEM else word
