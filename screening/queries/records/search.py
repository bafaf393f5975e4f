"""Records by their words: a parsed search as a condition on the index of words, and how well each match fits."""

from collections.abc import Collection, Iterable
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Lower

from screening.models.record import Record
from screening.models.record_index import RecordIndex
from screening.models.source import Source
from screening.searching.marks import words_in
from screening.searching.stop import STOP
from screening.searching.terms import All, Identifier, Named, Node, Not, Some, Words, Years

ENGLISH, AS_IT_IS = "english", "simple"
WEIGHTS = {"title": "A", "author": "B", "keyword": "C", "journal": "D"}
RANKS = [0.2, 0.4, 0.4, 1.0]  # journal, keywords, authors, title; the abstract counts 0.1, as ts_rank has it
RANKED_WHOLE = 2_000
"""So many matches are ranked by all their words; more than these by title, authors, keywords and journal alone."""

Query = SearchQuery | CombinedSearchQuery


def condition(node: Node, *, review_id: int, taggings: "QuerySet[Any]") -> Q:
    """What a search asks of RecordIndex. `taggings` are those that whoever asks may see."""
    if isinstance(node, All | Some):
        parts = (condition(part, review_id=review_id, taggings=taggings) for part in node.parts)
        return reduce(and_ if isinstance(node, All) else or_, parts)
    if isinstance(node, Not):
        # by ids: PostgreSQL would read the words of every row to see that they are not there
        inner = condition(node.part, review_id=review_id, taggings=taggings)
        there = RecordIndex.objects.filter(inner, review_id=review_id)
        return ~Q(record_id__in=there.order_by().values("record_id"))
    if isinstance(node, Words):
        return _has(node)
    if isinstance(node, Years):
        return _between(node)
    if isinstance(node, Identifier):
        return _is(node, review_id)
    return _named(node, review_id, taggings)


def _has(words: Words) -> Q:
    in_fields = Q(fields=in_the_fields(words)) if words.field != "abstract" else None
    in_abstract = Q(abstract=_query(words, ENGLISH)) if words.field in ("", "abstract") else None
    return reduce(or_, [one for one in (in_fields, in_abstract) if one is not None])


def in_the_fields(words: Words) -> Query:
    """As PostgreSQL asks the words of title, authors, keywords and journal; a name is looked for as it is written."""
    if words.field == "author":
        return _query(words, AS_IT_IS, "B")
    if words.field:
        return _query(words, ENGLISH, WEIGHTS[words.field])
    return _query(words, ENGLISH) | _query(words, AS_IT_IS, "B")


def _query(words: Words, dictionary: str, weight: str = "") -> SearchQuery:
    """One quoted operand of to_tsquery: nothing that was typed is read as an operator."""
    quoted = words.text.replace("\\", " ").replace("'", "''")
    suffix = f":{weight}{'*' if words.prefix else ''}" if weight or words.prefix else ""
    return SearchQuery(f"'{quoted}'{suffix}", config=dictionary, search_type="raw")


def _between(years: Years) -> Q:
    asked = Q(year__isnull=False)
    if years.first is not None:
        asked &= Q(year__gte=years.first)
    return asked & Q(year__lte=years.last) if years.last is not None else asked


def _is(identifier: Identifier, review_id: int) -> Q:
    """The record itself, and the one that it was merged into: what a database calls it finds what it is now."""
    known = RecordIndex.objects.filter(review_id=review_id, ids__contains=[identifier.value]).values("record_id")
    kept = Record.objects.filter(pk__in=known, merged_into__isnull=False).order_by().values("merged_into_id")
    return Q(record_id__in=known.order_by().union(kept))  # one list of ids: an OR would go through all records


def _named(named: Named, review_id: int, taggings: "QuerySet[Any]") -> Q:
    if named.kind == "tag":
        same = taggings.annotate(low=Lower("tag__name")).filter(low=Lower(Value(named.name)))
        return with_root_in(same.values("root"))
    return of_sources(Source.objects.filter(review_id=review_id, name__icontains=named.name).values("pk"))


def of_sources(sources: Any) -> Q:
    """Records that these sources brought, themselves or by one that was merged into them."""
    brought = Record.objects.filter(citation__source__in=sources).order_by()
    return with_root_in(brought.values(root=Coalesce("merged_into_id", "id"))) | Q(record_id__in=brought.values("pk"))


def with_root_in(roots: Any) -> Q:
    """The records with these ids, and what was merged into them."""
    merged = Record.objects.filter(merged_into__in=roots).order_by().values("pk")
    return Q(record_id__in=roots) | Q(record_id__in=merged)


def rank(words: list[Words], *, whole: bool) -> Combinable:
    """How well a row of RecordIndex fits: title above authors and keywords above the abstract."""
    of_fields = [in_the_fields(one) for one in words if one.field != "abstract"]
    of_abstract = [_query(one, ENGLISH) for one in words if one.field in ("", "abstract")]
    score: Any = Value(0.0, output_field=FloatField())
    if of_fields:
        score += SearchRank(F("fields"), reduce(or_, of_fields), weights=Value(RANKS))
    if of_abstract and (whole or not of_fields):
        score += SearchRank(F("abstract"), reduce(or_, of_abstract))
    return score  # type: ignore[no-any-return]


SHOWN = """
SELECT word FROM unnest(%(words)s::text[]) AS word
 WHERE to_tsvector('english', word) @@ ANY (SELECT to_tsquery('english', q) FROM unnest(%(asked)s::text[]) q)
    OR to_tsvector('simple', word) @@ ANY (SELECT to_tsquery('simple', q) FROM unnest(%(names)s::text[]) q)
"""


def hits(words: list[Words], texts: Iterable[str]) -> set[str]:
    """Which folded words of these texts a search for `words` finds: PostgreSQL is asked, as its dictionary decides."""
    asked = [word for one in words for word in _one_by_one(one) if one.field != "author"]
    names = [word for one in words for word in _one_by_one(one) if one.field in ("", "author")]
    first = {query[1:2] for query in (*asked, *names)}
    there: set[str] = {word for text in texts for word in words_in(text) if word[:1] in first}
    if not there:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(SHOWN, {"words": sorted(there), "asked": asked, "names": names})
        return {word for (word,) in cursor.fetchall()}


def _one_by_one(words: Words) -> Collection[str]:
    """Each word of a phrase, quoted; the last, where it is a beginning, as one."""
    end = ":*" if words.prefix else ""
    parts = sorted(words_in(words.text) - (STOP if words.field != "author" else frozenset()))
    return [f"'{part}'{end}" for part in parts]
