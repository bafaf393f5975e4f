"""The checks in SQL find what they find in Python."""

import random

import pytest
from django.utils import timezone

from screening.models.record import Record
from screening.quality.checks import OF_ONE, SHORT, problems
from screening.queries.quality.conditions import condition, hinted, says
from tests import builders
from tests.screening.quality.test_checks import LONG
from tests.screening.quality.test_marks import HOSTILE, SURGERY_AND_OTHER_USES, TITLES, TYPES

pytestmark = pytest.mark.django_db

ABSTRACTS = (
    "",
    LONG,
    "n/a",
    "None of them",
    "中文摘要",
    "x" * SHORT,
    "Abstract not available.",
    "©\u00a0Invented Press",
    "蜂" * 70,
)
PARTS = ("Retracted", "RETRACTION", "Erratum", "correction", "concern", "vol 3, p", "in", "to", ":", "(", ")", "[", "]",
         "“", "—", " ", " ", ".", "Ã©", "â€", "\ufffd", "é", "A", "ſ", "K")  # fmt: skip

CUT = "Randomized Controlled Trial; Research Support, Non-U.S. Gov't; Review"[:60]


def agree(records):
    """Each check finds in SQL exactly those that it finds in Python; and what is marked is hinted at."""
    review_id = records[0].review_id
    this_year = timezone.now().year
    ids = [record.pk for record in records]
    python = {record.pk: set(problems(record, this_year=this_year)) for record in records}
    for key in OF_ONE:
        found = set(Record.objects.filter(condition(key, review_id), pk__in=ids).values_list("pk", flat=True))
        assert found == {pk for pk, keys in python.items() if key in keys}, key
    marked = {pk for pk, keys in python.items() if keys & {"retracted", "concern", "corrected", "notice"}}
    assert marked <= set(Record.objects.filter(hinted(review_id), pk__in=ids).values_list("pk", flat=True))


def test_every_title_type_abstract_and_year_of_the_rules_is_found_alike():
    review = builders.review()
    year = timezone.now().year
    titles = [title for some in TITLES.values() for title in some] + SURGERY_AND_OTHER_USES
    types = [one for some in TYPES.values() for one in some]
    titles += [hostile * 200 + end for hostile in HOSTILE for end in ("", "x", ")", "2010]. ")]
    rows = [{"title": title} for title in titles] + [{"type": one} for one in types]
    rows += [{"abstract": abstract} for abstract in ABSTRACTS]
    rows += [{"year": one} for one in (None, 1799, 1800, year + 1, year + 2)]
    rows += [{"title": ""}, {"authors": []}, {"journal": ""}, {"doi": ""}, {"language": ""}]
    rows += [{field: "SchrÃ¶der â€“"} for field in ("title", "journal")] + [{"authors": ["A", "M\ufffdller"]}]
    whole = {"title": "Honey", "abstract": LONG, "year": 2019, "journal": "J", "doi": "10.1/x", "language": "eng"}
    made = [Record(review=review, **{**whole, "authors": ["Okafor"], "type": "Article", **row}) for row in rows]
    agree(Record.objects.bulk_create(made))


def test_any_title_and_type_is_found_alike():
    review, pick = builders.review(), random.Random(5)
    texts = {"".join(pick.choices(PARTS, k=pick.randrange(1, 9))) for _ in range(3_000)}
    agree(Record.objects.bulk_create([Record(review=review, title=text, type=text[:60]) for text in sorted(texts)]))


@pytest.mark.parametrize(
    ("column", "wanted", "found"),
    [
        ("language", "English", {"eng", "English", "EN", "eng; fre", "fre;eng"}),
        ("language", "eng", {"eng", "English", "EN", "eng; fre", "fre;eng"}),
        ("language", "French", {"eng; fre", "fre;eng"}),
        ("language", '"mul."', {"mul."}),
        ("language", "mu", {"mul.", "multi ple"}),
        ("language", '"', set()),
        ("type", "journal", {"Journal Article", "Retracted Publication; Journal Article", "Journal articles"}),
        ("type", '"journal article"', {"Journal Article", "Retracted Publication; Journal Article"}),
        ("type", f'"{CUT[29:].lower()}"', set()),
        ("type", '"randomized controlled trial"', {CUT}),
    ],
)
def test_languages_and_types_are_asked_for_by_any_spelling_or_whole_in_quotation_marks(column, wanted, found):
    review = builders.review()
    texts = {
        "language": ["eng", "English", "EN", "eng; fre", "fre;eng", "mul.", "multi ple", ""],
        "type": ["Journal Article", "Retracted Publication; Journal Article", "Journal articles", "", CUT],
    }[column]
    Record.objects.bulk_create([Record(review=review, title="A", **{column: text}) for text in texts])
    assert set(Record.objects.filter(says(column, wanted)).values_list(column, flat=True)) == found
