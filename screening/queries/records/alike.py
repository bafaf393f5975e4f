"""Which other record a person may mean: by words of its title, a DOI, an accession number, or its own number."""

from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchRank
from django.db.models import F
from rapidfuzz import fuzz

from screening.models.record import Record
from screening.models.record_index import RecordIndex
from screening.queries.records.search import in_the_fields
from screening.searching.fold import fold
from screening.searching.stop import says_nothing
from screening.searching.terms import Words

ASKED = 6  # words of a title, the longest
LOOKED_AT = 60  # of those that share most of them, whose whole titles are compared


def alike(record: Record, words: str, *, limit: int) -> list[Record]:
    """Other records that stand for themselves, the likest title first; what has the identifier goes before (DED-06).

    At most four queries.
    """
    others = RecordIndex.objects.filter(review=record.review_id, active=True).exclude(record=record.pk)
    exact = list(others.filter(ids__contains=[words.lower()]).values_list("record_id", flat=True)[:limit])
    if words.isdecimal() and len(words) < 18:
        exact += list(others.filter(record=int(words)).values_list("record_id", flat=True))
    asked = sorted({word for word in fold(words).split() if not says_nothing(word)}, key=lambda one: (-len(one), one))
    near: list[int] = []
    if asked:
        query = reduce(or_, (in_the_fields(Words(word, "title")) for word in asked[:ASKED]))
        ranked = others.filter(fields=query).order_by(SearchRank(F("fields"), query).desc(), "record_id")
        near = list(ranked.values_list("record_id", flat=True)[:LOOKED_AT])
    found = Record.objects.select_related("citation__source").in_bulk({*exact, *near})
    likeness = {pk: fuzz.token_set_ratio(words, one.title) for pk, one in found.items()}
    return sorted(found.values(), key=lambda one: (one.pk not in exact, -likeness[one.pk], one.pk))[:limit]
