"""Counts of an import are of its citations, counts of a review of the records that count; both open their lists."""

import pytest

from screening.actions import duplicates, import_undo
from screening.models.merge import Merge
from screening.models.record import Record
from screening.models.source import ImportedFile
from screening.queries.quality.figures import by_source, of_dry_run, of_import, of_review, rejected
from screening.queries.records.records import Eyes, Wanted, listed
from tests import builders
from tests.citations import bring_in, hand_in, ris, some_ris
from tests.screening.quality.test_checks import LONG

pytestmark = pytest.mark.django_db

BAD = "TY  - JOUR\nPY  - 2019\nER  - \n\n"
HONEY = ris("Honey against nocturnal cough of children", number=3, doi="10.1234/honey", abstract=LONG)
BARE = HONEY.replace(f"AB  - {LONG}\n", "").replace("PY  - 2019\n", "PY  - 2019\nLA  - ger\n")


@pytest.fixture
def review():
    return builders.review()


def length(review, **wanted):
    found = listed(review, Wanted(**wanted), Eyes(review.created_by_id, ["lead"]))
    return found.count()


def test_every_number_of_an_import_is_the_length_of_its_list(review):
    bring_in(review, HONEY, name="first.ris")
    file = bring_in(review, BARE + HONEY.replace("Honey", "HONEY") + some_ris(3) + ris("RETRACTED: Bees") + BAD)
    figures = of_import(file)
    assert (figures.total, figures.counts["known"], figures.counts["repeated"], figures.counts["retracted"]) == (
        6,
        1,
        1,
        1,
    )
    assert {key: length(review, file=file.pk, problem=key) for key in figures.counts} == dict(figures.counts)
    assert length(review, file=file.pk) == figures.total
    assert {name: length(review, file=file.pk, language=name) for name in figures.languages} == figures.languages
    assert {name: length(review, file=file.pk, type=f'"{name}"') for name in figures.types} == figures.types
    assert [(one.field, one.number) for one in rejected(review, file)] == [("title", 1)]


def test_every_number_of_a_review_is_the_length_of_its_list_after_merge_undo_and_top_up(review):
    bring_in(review, HONEY + some_ris(4), name="first.ris", source="MEDLINE")
    top_up = bring_in(review, BARE + ris("Bees", abstract=""), name="second.ris", source="Embase")
    figures = of_review(review)
    assert figures.total == 6  # the honey of both files is one
    assert {key: length(review, problem=key) for key in figures.counts} == dict(figures.counts)
    sources = {one.name: one for one in by_source(review)}
    assert [(name, one.total) for name, one in sources.items()] == [("Embase", 2), ("MEDLINE", 5)]
    for one in sources.values():
        assert length(review, source=one.id) == one.total
        assert {key: length(review, source=one.id, problem=key) for key in one.counts} == one.counts

    duplicates.unmerge(merge=Merge.objects.get(), by=review.created_by, reason="Two reports.")
    apart = of_review(review)
    assert (apart.total, apart.counts["no_abstract"]) == (7, figures.counts["no_abstract"] + 1)

    import_undo.undo(file=top_up, by=review.created_by)
    assert of_review(review).total == 5
    assert [one.name for one in by_source(review)] == ["MEDLINE"]
    top_up.refresh_from_db()
    assert (of_import(top_up).total, length(review, file=top_up.pk)) == (2, 2)
    assert of_import(top_up).counts["known"] == 0


def test_the_dry_run_counts_what_the_import_then_holds(review):
    text = (
        HONEY
        + BARE
        + ris("Erratum: Bees")
        + ris("", doi="10.1/x")
        + some_ris(2).replace("TY  - JOUR", "TY  - CONF")
        + BAD
    )
    file = hand_in(review, text, name="dry.ris")
    before = of_dry_run(file)
    assert file.quality["rejected"] == {"title": 1}
    after = of_import(bring_in(review, text, name="dry.ris"))
    assert {key: number for key, number in after.counts.items() if number and key not in ("known", "repeated")} == {
        key: number for key, number in before.counts.items() if number
    }
    assert (before.total, before.languages, before.types, before.foreign) == (
        after.total, after.languages, after.types, after.foreign,
    )  # fmt: skip


def test_a_type_that_was_cut_off_is_not_counted_and_not_listed_by_its_beginning(review):
    file = builders.imported_file(review)
    builders.record(review, type=("Clinical Trial, Phase III; Comparative Study; Journal Article; Multi")[:60])
    assert of_review(review).types == {"clinical trial, phase iii": 1, "comparative study": 1}
    assert ImportedFile.objects.get(pk=file.pk).quality == {}


def test_figures_take_as_many_queries_for_many_as_for_one(review, django_assert_num_queries):
    file = bring_in(review, some_ris(1))
    for more in (0, 30):
        bring_in(review, some_ris(more, start=9), name="more.ris") if more else None
        with django_assert_num_queries(4):
            of_review(review)
        with django_assert_num_queries(6):
            of_import(file)
        with django_assert_num_queries(1):
            by_source(review)
    assert Record.objects.count() == 31
