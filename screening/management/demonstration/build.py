"""Build the demonstration: the same bytes for the same seed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from random import Random

from rapidfuzz import fuzz, process

from screening.management.demonstration import specials
from screening.management.demonstration.compose import article
from screening.management.demonstration.copies import copies
from screening.management.demonstration.exports import nbib, ris, scopus_csv
from screening.management.demonstration.model import Article, Demonstration, Row, SourceFile, Truth
from screening.management.demonstration.plan import PLAN, Kind
from screening.management.demonstration.protocol import PROTOCOL

ALIKE = 86.0  # token-sort ratio from which two titles would look like one work; drawn again
WITHOUT_ABSTRACT = 26
VERY_LONG = 5
WITHOUT_DOI = 14
FOREIGN = ("ger", "spa", "fre", "por", "ger", "spa", "fre", "ger", "spa", "por", "fre", "ger")
SHARES = (150, 120, 104)  # works at home in each file, before the copies


def build(seed: int = 2020) -> Demonstration:
    """Three files, the protocol they were searched for, and what is the case with every record. Deterministic."""
    rng = Random(seed)
    articles, pairs = _written(rng)
    extra = copies([a for a in articles if a.kind != "erratum"], rng)
    shelves = _shelved(articles, extra, rng)
    rows = [row for shelf in shelves for row in shelf]
    return Demonstration(
        files=_files(shelves),
        protocol=PROTOCOL,
        truth=_truths(rows),
        citations=len(rows),
        copies=_copies(rows),
        traps=tuple((key_of(a.doi, a.title), key_of(b.doi, b.title)) for a, b in pairs),
    )


def articles_of(seed: int = 2020) -> dict[str, Article]:
    """The works behind the files of `build(seed)`, by their `work` key: what a publisher would have printed."""
    return {article.work: article for article in _written(Random(seed))[0]}


def key_of(doi: str, title: str) -> str:
    """The key of a record in `Demonstration.truth`: its DOI if it has one, else its title, letters and digits only."""
    if doi.strip():
        return "doi:" + doi.strip().lower()
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "title:" + re.sub(r"[^a-z0-9]+", "", plain)


def truth_of(demonstration: Demonstration, doi: str, title: str) -> Truth:
    """What is the case with a record. Raises KeyError for a record that the demonstration does not have."""
    by_doi = demonstration.truth.get(key_of(doi, title))
    return by_doi or demonstration.truth[key_of("", title)]


def _written(rng: Random) -> tuple[list[Article], list[tuple[Article, Article]]]:
    """Every work, and the pairs of them that only look alike."""
    articles = specials.hostile(_with_gaps(_works(rng), rng))
    pairs = specials.traps(articles, len(articles) + 1)
    return articles + [made for _, made in pairs], pairs


def _works(rng: Random) -> list[Article]:
    """One article per place in the plan, no two titles alike."""
    made: list[Article] = []
    folded: list[str] = []
    for kind in PLAN:
        for _ in range(kind.count):
            work = next(a for a in _drawn(kind, len(made) + 1, rng) if _apart(a.title.lower(), folded))
            made.append(work)
            folded.append(work.title.lower())
    return made


def _drawn(kind: Kind, number: int, rng: Random) -> Iterator[Article]:
    for _ in range(200):
        yield article(kind, number, rng)
    raise ValueError(f"The grammar has too few titles for {kind.count} works of the kind “{kind.name}”.")


def _apart(title: str, others: Sequence[str]) -> bool:
    return process.extractOne(title, others, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE) is None


def _with_gaps(articles: list[Article], rng: Random) -> list[Article]:
    """Some without abstract, some without DOI, some very long, some in other languages: never the same record twice."""
    order = rng.sample(range(len(articles)), len(articles))
    eligible = {i for i, a in enumerate(articles) if a.truth.verdict == "include"}
    spared = [i for i in order if i not in eligible]  # the traps and the counts of includes lean on these
    bare = [i for i in order if i in eligible][-5:] + spared[: WITHOUT_ABSTRACT - 5]
    rest = spared[WITHOUT_ABSTRACT - 5 :]
    changed = list(articles)
    for i in bare:
        changed[i] = specials.without_abstract(changed[i])
    for i, language in zip(rest[:12], FOREIGN, strict=True):
        changed[i] = specials.foreign(changed[i], language, translated=i % 2 == 0, rng=rng)
    for i in rest[12 : 12 + VERY_LONG]:
        changed[i] = specials.very_long(
            changed[i], [a for a in articles if a.truth.criteria == articles[i].truth.criteria and a.abstract][:6]
        )
    for i in rest[20 : 20 + WITHOUT_DOI]:
        changed[i] = replace(changed[i], doi="")
    return changed


def _shelved(articles: list[Article], extra: list[Row], rng: Random) -> list[list[Row]]:
    """Each work at home in one file; its copies in the other two, in the order in which a database lists them."""
    shelves: list[list[Row]] = [[], [], []]
    homes: dict[str, set[int]] = {}
    places = [place for place, share in enumerate(SHARES) for _ in range(share)]
    rng.shuffle(places)
    for a, place in zip(articles, places, strict=True):
        # Congress abstracts are not in PubMed; invisible characters do not survive cp1252.
        at = 0 if a.kind == "conference abstract" else 1 if "\u200b" in a.abstract else place
        shelves[at].append(Row(a))
        homes[a.work] = {at}
    for number, row in enumerate(extra):
        free = [place for place in range(3) if place not in homes[row.article.work]]
        place = free[number % len(free)] if number % 13 else min(homes[row.article.work])  # a few within one file
        shelves[place].append(row)
        homes[row.article.work].add(place)
    for shelf in shelves:
        rng.shuffle(shelf)
    return shelves


def _files(shelves: list[list[Row]]) -> tuple[SourceFile, ...]:
    return (
        SourceFile(
            "invented-embase.ris", ris(shelves[0]), "Invented Embase-like", "database", "Invented Elsevier-like platform", date(2024, 1, 15),
            "('chronic obstructive lung disease'/exp OR copd:ti,ab) AND ('telerehabilitation'/exp OR telehealth:ti,ab OR (home NEAR/3 exercise):ti,ab)",
        ),
        SourceFile(
            "invented-pubmed.nbib", nbib(shelves[1]), "Invented PubMed-like", "database", "Invented NLM-like platform", date(2024, 1, 16),
            '("Pulmonary Disease, Chronic Obstructive"[Mesh] OR COPD[tiab]) AND (telerehabilitation[tiab] OR "Telemedicine"[Mesh] OR home-based[tiab])',
        ),
        SourceFile(
            "invented-scopus.csv", scopus_csv(shelves[2]), "Invented Scopus-like", "database", "Invented abstract database", date(2024, 1, 16),
            "TITLE-ABS-KEY ( ( copd OR emphysema ) AND ( telerehab* OR tele-coach* OR ( home W/3 exercis* ) ) )",
        ),
    )  # fmt: skip


def _truths(rows: Sequence[Row]) -> dict[str, Truth]:
    """By DOI and by title. A title that two works share (a congress abstract and its article) is the first's."""
    truths: dict[str, Truth] = {}
    for row in sorted(rows, key=lambda row: row.article.number):
        for key in {key_of(row.article.doi, row.article.title), key_of("", row.article.title)}:
            truths.setdefault(key, row.article.truth)
    return truths


def _copies(rows: Sequence[Row]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.change:
            found.setdefault(row.article.work, []).append(row.change)
    return {work: tuple(sorted(changes)) for work, changes in sorted(found.items())}
