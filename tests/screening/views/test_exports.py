"""What goes out comes in again as it was, is safe in a spreadsheet, and tells everybody what they may know."""

import csv
import hashlib
import io
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from screening.actions import notes
from screening.actions.protocol import CriterionDraft, amend
from screening.enums import Role, StageStatus, Verdict
from screening.export import data
from screening.export.data import Telling
from screening.importing import parse
from screening.models.citation import Citation
from screening.models.record import Record
from screening.models.source import Source
from screening.models.stage import StageState
from screening.queries.records.records import Eyes
from screening.visibility import CLOSED, UNSETTLED, sees_opinions
from tests import builders

pytestmark = pytest.mark.django_db
ODD = {
    "title": 'A “trial” of 50% & more: {braces}, $5_000 #1 ~ C:\\data ^2 <b> "q"',
    "authors": ["Müller, Änne", "The Kidney and Heart Group", "O'Neil, P."],
    "year": 2021,
    "journal": "Journal of Invented Medicine & Co",
    "volume": "12",
    "issue": "3",
    "pages": "100-109",
    "doi": "10.1000/abc(1)_2",
    "abstract": "Background: 50% of {patients}. ER  - not the end. Conclusions: TY  - neither.",
    "keywords": ["kidney", "heart failure"],
    "url": "https://example.org/a_b?c=1&d=2",
    "language": "eng",
}


@pytest.fixture
def lead():
    return builders.user("lead")


@pytest.fixture
def review(lead):
    return builders.review(lead=lead, title="Ours")


@pytest.fixture
def get(client, lead, review):
    def got(what, person=None, **query):
        client.force_login(person or lead)
        answer = client.get(reverse("screening:export", args=[review.pk, what]), query)
        assert answer.status_code == 200
        return b"".join(answer.streaming_content)

    return got


def excluded_at_full_text(review, record, *people):
    """Included on title and abstract, and excluded at full text for the review's reason."""
    reason = review.exclusion_reasons.get(stage="full_text")
    for person in people:
        builders.decide(record, person, Verdict.INCLUDE)
    for person in people:
        builders.decide(record, person, Verdict.EXCLUDE, stage="full_text", reason_id=reason.pk)


@pytest.mark.parametrize("form", ["ris", "bib"])
def test_our_own_reader_reads_what_was_written(review, get, form):
    plain = builders.record(review, title="Plain", authors=["A, B"], year=1999)
    odd = builders.record(review, **ODD)
    read = parse(get(f"records.{form}"))
    first, second = read.citations
    assert (first.title, first.year, first.authors) == (plain.title, 1999, ("A, B",))
    for name in ("title", "year", "journal", "volume", "issue", "doi", "url", "language"):
        assert str(getattr(second, name)) == str(getattr(odd, name)), name
    assert list(second.authors) == odd.authors
    assert list(second.keywords) == odd.keywords
    assert second.pages.replace("–", "-") == odd.pages
    assert second.abstract == " ".join(odd.abstract.split())


def test_the_workbook_opens_with_every_cell_as_it_was_and_no_formula(review, get):
    builders.record(review, title='=HYPERLINK("http://x")', abstract="bell\x07 and <tags> & more", year=2001)
    sheet = load_workbook(io.BytesIO(get("records.xlsx"))).active
    header, row = ([cell.value for cell in line] for line in sheet.iter_rows())
    said = dict(zip(header, row, strict=True))
    assert said["title"] == '\'=HYPERLINK("http://x")'
    assert (said["abstract"], said["year"]) == ("bell\ufffd and <tags> & more", 2001)
    assert sheet.freeze_panes == "A2"
    for what in ("decisions", "excluded", "amendments"):
        assert load_workbook(io.BytesIO(get(f"{what}.xlsx"))).active.max_row >= 1


def test_the_json_has_the_shape_that_is_written_down(review, get):
    record = builders.record(review, **ODD)
    excluded_at_full_text(review, record, builders.user(), builders.user())
    whole = json.loads(get("records.json"))
    written = (Path(settings.BASE_DIR) / "docs" / "exports.md").read_text()
    (one,) = whole["records"]
    for keys in (whole, whole["review"], whole["protocol_versions"][0], one, one["decisions"][0]):
        for key in keys:
            assert f"`{key}`" in written, key
    assert (one["title"], one["exclusion_reason"]) == (ODD["title"], "Wrong population")
    assert one["status"] == {"title_abstract": "included", "full_text": "excluded"}
    assert [said["stands"] for said in one["decisions"]] == [True] * 4
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one["decisions"][0]["decided_at_utc"])


def test_what_was_excluded_at_full_text_is_listed_with_its_reason_and_who_said_so(review, get):
    ada, ben = builders.user("ada"), builders.user("ben")
    record = builders.record(review, title="Out")
    excluded_at_full_text(review, record, ada, ben)
    builders.record(review)
    (row,) = csv.DictReader(io.StringIO(get("excluded.csv").decode("utf-8-sig")))
    assert (row["title"], row["reason"], row["reviewers"]) == ("Out", "Wrong population", "ada; ben")
    (other,) = json.loads(get("excluded.json"))["excluded"]
    assert other["record_id"] == record.pk


def test_amendments_are_listed_with_reason_author_time_and_hash(review, lead, get):
    builders.protocol(review, by=lead, criteria=[("adults", "P")])
    rows = list(csv.DictReader(io.StringIO(get("amendments.csv").decode("utf-8-sig"))))
    assert [row["version"] for row in rows] == ["1", "2"]
    assert all(len(row["sha256"]) == 64 and row["written_by"] == "lead" for row in rows)


def test_the_hash_of_each_version_can_be_computed_again_from_what_went_out(review, lead, get):
    draft = CriterionDraft(label="Ältere", text="=Is it “so”?", facet="P", polarity="exclude")
    amend(review=review, question="Does it – really?", criteria=[draft], by=lead, reason="Clearer")
    rows = list(csv.DictReader(io.StringIO(get("amendments.csv").decode("utf-8-sig"))))
    tables = [(row["question"], json.loads(row["criteria"]), row["sha256"]) for row in rows]
    objects = json.loads(get("amendments.json"))["amendments"]
    assert tables == [(one["question"], one["criteria"], one["sha256"]) for one in objects]
    assert [one["version"] for one in objects] == [1, 2]
    assert [one["label"] for one in tables[1][1]] == ["Ältere"]
    for question, criteria, written in tables:
        text = json.dumps([question, criteria], sort_keys=True, ensure_ascii=False)  # as docs/exports.md says
        assert hashlib.sha256(text.encode()).hexdigest() == written


def test_bibtex_names_sources_and_tags_and_leaves_the_keywords_as_they_were(review, lead, get):
    record = builders.record(review, keywords=["kidney"])
    source = Source.objects.create(review=review, name="Medline & more")
    file = builders.imported_file(review, source=source)
    Citation.objects.create(record=record, source=source, file=file, position=1, line=1, raw="x", raw_sha256="0" * 64)
    notes.tag(record=record, name="To discuss", by=lead, roles=[Role.LEAD])
    text = get("records.bib").decode()
    assert "Sources: Medline \\& more; Tag: To discuss" in text
    assert parse(text.encode()).citations[0].keywords == ("kidney",)


def test_the_page_offers_what_was_excluded_at_full_text_to_reference_managers(client, review, lead, get):
    ada, ben = builders.user(), builders.user()
    excluded_at_full_text(review, builders.record(review, title="Out"), ada, ben)
    builders.record(review, title="Elsewhere")
    client.force_login(lead)
    page = client.get(reverse("screening:exports", args=[review.pk])).content.decode()
    for form in ("ris", "bib"):
        assert f"{reverse('screening:export', args=[review.pk, f'records.{form}'])}?box=excluded_full_text" in page
        out = get(f"records.{form}", box="excluded_full_text").decode()
        assert "Excluded for: Wrong population" in out
        assert "Elsewhere" not in out


def test_a_list_goes_out_as_it_stands_on_the_page(review, get):
    builders.record(review, abstract="kidney")
    best = builders.record(review, title="Kidney")
    builders.record(review, title="Other")
    rows = list(csv.DictReader(io.StringIO(get("records.csv", q="kidney").decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[0]["record_id"] == str(best.pk)


@pytest.mark.parametrize(
    "what", ["records.csv", "records.json", "records.ris", "records.bib", "decisions.csv", "decisions.json"]
)
def test_whoever_screens_is_told_what_the_page_of_a_record_tells_them(review, lead, get, what):
    """REP-07 as far as SCR-02 lets it: settled records on which they have voted, and none that may wait for them."""
    ada, ben, cem = builders.user("ada-words"), builders.user("ben-words"), builders.user("cem-words")
    builders.join(review, ada, Role.REVIEWER)
    builders.join(review, ada, Role.LEAD)
    settled, unvoted, waiting = (builders.record(review) for _ in range(3))
    for person in (ada, ben):
        builders.decide(settled, person, Verdict.EXCLUDE)
    for person in (cem, lead):
        builders.decide(unvoted, person, Verdict.EXCLUDE)
    builders.decide(waiting, cem, Verdict.EXCLUDE)
    hers, all_ = get(what, ada).decode(), get(what, lead).decode()
    assert "ada-words" in hers
    assert "ben-words" in hers
    assert "cem-words" not in hers
    assert "cem-words" in all_
    builders.decide(waiting, lead, Verdict.EXCLUDE)
    assert "cem-words" in get(what, ada).decode()  # the stage is finished: nothing waits for a vote of hers
    builders.record(review)
    assert "cem-words" not in get(what, ada).decode()


def test_a_lead_who_screens_has_the_list_of_exclusions_with_who_when_and_why_once_full_text_is_finished(client):
    """Whoever starts a review is lead, reviewer and adjudicator: their list for the report must not come out empty."""
    founder, ada, ben = builders.user("founder"), builders.user("ada"), builders.user("ben")
    review = builders.review(lead=founder, reviewers=[founder, ada, ben], adjudicators=[founder])
    excluded_at_full_text(review, builders.record(review), ada, ben)

    def listed():
        client.force_login(founder)
        answer = client.get(reverse("screening:export", args=[review.pk, "excluded.csv"]))
        (row,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
        return row

    row = listed()
    assert (row["reason"], row["reviewers"]) == ("Wrong population", "ada; ben")
    assert row["excluded_at_utc"]
    builders.record(review)  # may yet be included, and be read in full by the founder
    assert (listed()["reason"], listed()["reviewers"]) == ("Wrong population", "")


TOGETHER = [
    {Role.LEAD}, {Role.AUDITOR}, {Role.OBSERVER}, {Role.LEAD, Role.REVIEWER}, {Role.AUDITOR, Role.REVIEWER},
    {Role.OBSERVER, Role.REVIEWER}, {Role.LEAD, Role.ADJUDICATOR}, {Role.LEAD, Role.REVIEWER, Role.ADJUDICATOR},
]  # fmt: skip


@pytest.mark.parametrize("done", [False, True], ids=["under way", "finished"])
def test_what_goes_out_of_others_words_is_what_the_rule_of_visibility_says(done):
    me, ana, ben = builders.user("me"), builders.user("ana"), builders.user("ben")
    review = builders.review(reviewers=[me, ana, ben])
    lines = ["ii.", "ie.", "i..", "ee.", "i.i", "e.e", "i.e", "iii"]  # ana, ben, me: a record each
    for line in lines:
        record = builders.record(review)
        for person, letter in zip((ana, ben, me), line, strict=True):
            if letter != ".":
                builders.decide(record, person, {"i": Verdict.INCLUDE, "e": Verdict.EXCLUDE}[letter])
    if done:
        unsettled = StageState.objects.filter(review=review, status__in=UNSETTLED)
        unsettled.update(status=StageStatus.INACTIVE)
        StageState.objects.filter(review=review, stage="full_text").update(status=StageStatus.INACTIVE)
    for roles in TOGETHER:
        told = {one.pk for one in Telling(review, Eyes(me.pk, roles)).decisions() if one.author_id != me.pk}
        for state in StageState.objects.filter(review=review, stage="title_abstract").exclude(status="inactive"):
            settled = state.status in CLOSED
            conflict = state.status == StageStatus.CONFLICT
            asked = {"voted": me.pk in state.voters, "settled": settled, "finished": done, "conflict": conflict}
            seen = sees_opinions(roles=roles, **asked)
            for decision in state.record.decisions.exclude(author=me):
                assert (decision.pk in told) == seen, (roles, state.status, state.voters)


def test_a_filter_that_can_not_be_understood_exports_nothing(client, review, lead):
    client.force_login(lead)
    address = reverse("screening:export", args=[review.pk, "records.csv"])
    assert client.get(address, {"q": "year:20"}).status_code == 404
    assert client.get(reverse("screening:exports", args=[review.pk]), {"q": "year:20"}).status_code == 200


def test_words_on_a_record_that_was_merged_are_told_with_the_one_that_is_kept(review, get):
    ada = builders.user("ada")
    kept, gone = builders.record(review), builders.record(review)
    builders.decide(gone, ada)
    Record.objects.filter(pk=gone.pk).update(merged_into=kept, active=False)
    (one,) = json.loads(get("records.json"))["records"]
    assert [said["reviewer"] for said in one["decisions"]] == ["ada"]


def test_the_memory_of_a_long_export_is_bounded_by_batches(review, get, monkeypatch):
    monkeypatch.setattr(data, "BATCH", 2)
    for _ in range(5):
        builders.record(review)
    with CaptureQueriesContext(connection) as queries:
        rows = list(csv.DictReader(io.StringIO(get("records.csv").decode("utf-8-sig"))))
    assert len(rows) == 5
    assert (
        sum(
            "LIMIT" not in str(q["sql"]) and 'FROM "screening_record" WHERE "screening_record"."id" IN' in str(q["sql"])
            for q in queries
        )
        == 3
    )


SCREENING_FILES = ["decisions.csv", "decisions.json", "records.csv", "records.json", "records.ris", "excluded.csv"]


def test_an_observer_is_told_what_was_decided_but_not_who_did_how_much(review, get):
    """SCR-11: a file can be counted. People have numbers on each record anew: first comes whoever spoke first of it."""
    ada, ben = builders.user("ada-words"), builders.user("ben-words")
    first, second = builders.record(review), builders.record(review)
    excluded_at_full_text(review, first, ada, ben)
    builders.decide(second, ben, seconds=17.5)
    builders.join(review, observer := builders.user(), Role.OBSERVER)
    for what in SCREENING_FILES:
        text = get(what, observer).decode()
        assert not re.search(r"ada-words|ben-words|17\.5", text), what
        assert "Reviewer 1" in text, what
    rows = list(csv.DictReader(io.StringIO(get("decisions.csv", observer).decode("utf-8-sig"))))
    assert [row["author"] for row in rows] == ["Reviewer 1", "Reviewer 2"] * 2 + ["Reviewer 1"]
    (row,) = csv.DictReader(io.StringIO(get("excluded.csv", observer).decode("utf-8-sig")))
    assert row["reviewers"] == "Reviewer 1; Reviewer 2"


def test_an_auditor_is_told_who_decided_what_when_but_not_how_fast(review, lead, get):
    ada = builders.user("ada-words")
    builders.decide(builders.record(review), ada, seconds=17.5)
    builders.join(review, auditor := builders.user(), Role.AUDITOR)
    for what in ("decisions.csv", "decisions.json", "records.json"):
        text = get(what, auditor).decode()
        assert "ada-words" in text
        assert "17.5" not in text
        assert "17.5" in get(what, lead).decode()


def test_people_are_numbered_in_as_many_queries_however_many_records_there_are(review):
    builders.join(review, observer := builders.user(), Role.OBSERVER)
    eyes, people, asked = Eyes(observer.pk, {Role.OBSERVER}), [builders.user(), builders.user()], []
    for wanted in (1, 3):
        while review.records.count() < wanted:
            excluded_at_full_text(review, builders.record(review), *people)
        telling = Telling(review, eyes)
        with CaptureQueriesContext(connection) as queries:
            assert len(list(telling.each_decision())) == 4 * wanted
            assert len(list(telling.records(list(review.records.values_list("pk", flat=True))))) == wanted
        asked.append(len(queries))
    assert asked[0] == asked[1]
