"""The queue of possible duplicates: clusters, what each page says, the ways on, two people at once; and why."""

from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.enums import CandidateStatus, Stage
from screening.models.merge import DuplicateCandidate, Merge
from screening.models.record import Record
from screening.queries.marks.annotations import marks_of
from tests import builders
from tests.citations import bring_in, ris, some_ris

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def ben():
    return builders.user("ben")


@pytest.fixture
def review(client, ada, ben):
    made = builders.review(reviewers=[ada, ben])
    client.force_login(ada)
    return made


def url(name, review, *args):
    return reverse(f"screening:{name}", args=[review.pk, *args])


def pair(one, two, score=0.8, **more):
    first, second = sorted((one, two), key=lambda record: record.pk)
    said = {"score": score, "reason": "Titles alike.", "engine_version": "1", **more}
    return DuplicateCandidate.objects.create(review=one.review, first=first, second=second, **said)


def chain(review, count=3):
    """Records that came with an import, each asked about beside the next: one cluster."""
    bring_in(review, some_ris(count, start=Record.objects.count() * 10))
    row = list(Record.objects.order_by("pk"))[-count:]
    return row, [pair(one, two, 0.9 - at / 100) for at, (one, two) in enumerate(pairwise(row))]


def text(answer):
    return " ".join(answer.content.decode().split())


def shown(client, address):
    return client.get(address, follow=True)


def test_what_hangs_together_is_one_question_with_all_its_records(client, review):
    row, _ = chain(review)
    page = shown(client, url("duplicates", review))
    assert "3 records hang together" in text(page)
    assert {member.record for member, _ in page.context["members"]} == set(row)
    assert "<strong>1 of 1</strong> question" in text(page)
    assert "0 of 2 pairs judged" in text(page)


def test_each_record_is_marked_against_the_one_that_would_be_kept(client, review):
    row, asked = chain(review)
    Record.objects.filter(pk=row[0].pk).update(title="Honey for cough")
    Record.objects.filter(pk=row[1].pk).update(title="Honey for coughs")
    page = shown(client, url("duplicate", review, asked[0].pk) + f"?keeper={row[0].pk}")
    assert "Honey for cough<mark>s</mark>" in text(page)
    page = shown(client, url("duplicate", review, asked[0].pk) + f"?keeper={row[1].pk}&with={row[2].pk}")
    assert (page.context["left"], page.context["right"], page.context["asked"]) == (row[1], row[2], asked[1])
    assert "Honey for cough</a>" in text(page)


def test_the_two_ends_of_a_chain_can_be_judged_though_nobody_asked(client, review):
    row, asked = chain(review)
    address = url("duplicate", review, asked[0].pk)
    page = shown(client, f"{address}?keeper={row[0].pk}&with={row[2].pk}")
    assert "doesn’t ask about these two" in text(page)
    said = {"answer": "duplicate", "keeper": row[0].pk, "other": row[2].pk, "seen": "open"}
    client.post(address, said)
    assert Record.objects.get(pk=row[2].pk).merged_into == row[0]


def test_an_article_is_shown_beside_its_notices_even_where_the_notice_was_read_first(client, review, ada):
    row, _ = chain(review)
    DuplicateCandidate.objects.all().delete()
    for article, score in ((row[0], 0.8), (row[1], 0.7)):
        pair(article, row[2], score, proposed="correction", sort="correction", of_first=True)
    builders.decide(row[2], ada)
    page = shown(client, url("duplicates", review))
    assert page.context["left"] != row[2]


def test_an_answer_leads_to_what_is_left_of_the_cluster_beside_the_same_record(client, review):
    row, asked = chain(review)
    said = {"answer": "duplicate", "keeper": row[1].pk, "other": row[0].pk, "seen": "open"}
    went = client.post(url("duplicate", review, asked[0].pk), said)
    assert went.url == url("duplicate", review, asked[1].pk) + f"?keeper={row[1].pk}"
    assert Record.objects.get(pk=row[0].pk).merged_into == row[1]


def test_all_are_made_one_only_when_asked_twice_and_come_apart_with_one_key(client, review):
    row, asked = chain(review)
    address = url("duplicate", review, asked[0].pk)
    members = ",".join(str(record.pk) for record in row)
    said = {"answer": "all", "keeper": row[0].pk, "members": members}
    assert client.post(address, said).url == f"{address}?all=1&keeper={row[0].pk}"
    assert Merge.objects.count() == 0
    page = shown(client, f"{address}?all=1&keeper={row[0].pk}")
    assert "Make one record of all 3?" in text(page)
    page = client.post(address, said | {"confirmed": "1"}, follow=True)
    assert "3 records are one now" in text(page)
    assert Record.objects.filter(active=True).get() == row[0]
    assert 'data-key="z"' in text(page)
    client.post(url("duplicates-undo", review))
    assert Record.objects.filter(active=True).count() == 3


def test_answers_are_taken_back_one_after_the_other_also_after_a_break(client, review, ada):
    _, asked = chain(review)
    for one in asked:
        client.post(url("duplicate", review, one.pk), {"answer": "not_duplicate"})
    client.get(url("duplicates", review))
    for left in (1, 2):
        client.post(url("duplicates-undo", review))
        assert DuplicateCandidate.objects.filter(status="open").count() == left
    assert "no answer of yours" in text(client.post(url("duplicates-undo", review), follow=True))


def test_a_stale_answer_is_refused_kindly_and_what_stands_is_shown(client, review, ben):
    row, asked = chain(review, 2)
    other = Client()
    other.force_login(ben)
    said = {"keeper": row[0].pk, "other": row[1].pk, "seen": "open"}
    other.post(url("duplicate", review, asked[0].pk), {"answer": "not_duplicate", **said})
    page = client.post(url("duplicate", review, asked[0].pk), {"answer": "duplicate", **said}, follow=True)
    assert "ben has judged this pair meanwhile: not a duplicate" in text(page)
    assert "You can answer anew" in text(page)
    assert Merge.objects.count() == 0


def test_two_people_are_shown_different_questions(client, review, ben):
    chain(review, 2)
    chain(review, 2)
    other = Client()
    other.force_login(ben)
    mine = client.get(url("duplicates", review)).context["candidate"]
    theirs = other.get(url("duplicates", review)).context["candidate"]
    assert mine != theirs
    assert client.get(url("duplicates", review)).context["candidate"] == mine
    page = other.get(url("duplicate", review, mine.pk))
    assert "ada looks at these records too" in text(page)


def test_who_would_join_what_was_told_apart_is_led_to_that_answer(client, review, ben):
    row, asked = chain(review)
    apart = pair(row[0], row[2], 0.2)
    for one, word in ((apart, "not_duplicate"), (asked[0], "duplicate")):
        client.post(url("duplicate", review, one.pk), {"answer": word})
    page = client.post(url("duplicate", review, asked[1].pk), {"answer": "duplicate"}, follow=True)
    assert page.redirect_chain[-1][0] == url("duplicate", review, apart.pk)
    assert "ada has judged records" in text(page)
    client.post(url("duplicate", review, apart.pk), {"answer": "duplicate"})
    assert Record.objects.filter(active=True).count() == 1


def test_the_queue_is_narrowed_and_stays_so(client, review):
    row, _ = chain(review, 4)
    DuplicateCandidate.objects.all().delete()
    plain = pair(row[0], row[1], 0.9)
    notice = pair(row[2], row[3], 0.5, proposed="correction", sort="retraction")
    page = client.get(url("duplicates", review), {"kind": "correction"})
    assert (page.context["candidate"], page.context["clusters"]) == (notice, 1)
    went = client.post(url("duplicate", review, notice.pk) + "?kind=correction", {"answer": "correction"})
    assert went.url == url("duplicates", review)
    assert client.get(url("duplicates", review), {"kind": "'; --", "source": "x"}).context["candidate"] == plain


def test_a_notice_is_stored_with_what_it_is_and_a_badge_tells_the_reviewer(client, review, ada):
    (article, notice), (asked,) = chain(review, 2)
    said = {"answer": "correction", "sort": "retraction", "special": notice.pk, "keeper": article.pk}
    client.post(url("duplicate", review, asked.pk), said | {"other": notice.pk, "seen": "open"})
    asked.refresh_from_db()
    assert (asked.status, asked.sort, asked.of_first) == (CandidateStatus.CORRECTION, "retraction", True)
    marks = marks_of([article.pk, notice.pk], user_id=ada.pk, roles=["reviewer"])
    assert [row["badge"] for row in marks[article.pk].notices] == ["Retracted"]
    assert [row["badge"] for row in marks[notice.pk].notices] == ["Is a retraction"]
    assert "Retracted" in text(client.get(f"/reviews/{review.pk}/screen/"))
    page = text(client.get(url("record", review, article.pk)))
    assert "Retraction of this record" in page
    assert url("duplicate", review, asked.pk) in page


def test_what_was_chosen_for_the_other_answer_is_not_sent_along(client, review):
    _, (asked,) = chain(review, 2)
    client.post(url("duplicate", review, asked.pk), {"answer": "same_study", "sort": "retraction"})
    asked.refresh_from_db()
    assert (asked.status, asked.sort) == (CandidateStatus.SAME_STUDY, "")


def test_any_two_records_are_explained(client, review):
    bring_in(review, ris("Honey for cough of children at night", number=1) + ris("Bees", number=40, author="Li, X"))
    one, two = Record.objects.order_by("pk")
    page = text(client.get(url("duplicates-why", review), {"a": one.pk, "b": two.pk}))
    assert "Nobody was asked about these two" in page
    assert "the authors are other people" in page
    assert "dedup 1" in page
    page = text(client.get(url("duplicates-why", review), {"a": one.pk, "b": one.pk}))
    assert "Name two different records" in page
    assert client.get(url("duplicates-why", review), {"a": "x", "b": "9" * 40}).status_code == 200


def test_an_automatic_merge_is_explained_as_well(client, review):
    bring_in(review, ris("Honey for cough of children", number=4) * 2)
    merge = Merge.objects.get()
    assert f"a={merge.kept_id}&amp;b={merge.absorbed_id}" in text(client.get(url("merges", review)))
    page = text(client.get(url("duplicates-why", review), {"a": merge.kept_id, "b": merge.absorbed_id}))
    assert merge.reason in page
    assert "certain tier" in page


def test_a_merge_is_undone_from_the_page_of_the_record_and_leads_back_there(client, review):
    bring_in(review, ris("Honey for cough of children", number=4) * 2)
    merge = Merge.objects.get()
    here = url("record", review, merge.kept_id)
    assert url("unmerge", review, merge.pk) in text(client.get(here))
    assert client.post(url("unmerge", review, merge.pk), {"next": here}).url == here
    assert Record.objects.filter(active=True).count() == 2
    for elsewhere in ("https://evil.example/", "//evil.example", f"{here}/../../../admin/"):
        assert "evil" not in client.post(url("unmerge", review, merge.pk), {"next": elsewhere}).url


def test_a_duplicate_marked_while_screening_is_taken_back_and_waits_for_nobody(client, review):
    bring_in(review, some_ris(2))
    one, two = Record.objects.order_by("pk")
    bench = reverse("screening:screen", args=[review.pk, Stage.TITLE_ABSTRACT])
    went = client.post(url("mark-duplicate", review, one.pk), {"of": two.pk, "next": bench})
    assert (went.url, Record.objects.get(pk=one.pk).merged_into) == (bench, two)
    made = DuplicateCandidate.objects.get(engine_version="by hand")
    assert client.post(url("duplicate-reopen", review, made.pk)).url == bench
    assert not Record.objects.filter(active=False).exists()
    assert not DuplicateCandidate.objects.filter(pk=made.pk).exists()


def test_the_other_record_is_found_by_most_of_its_words_its_doi_or_its_number(client, review):
    bring_in(review, some_ris(3) + ris("Honey for the cough of small children", number=9, doi="10.1234/honey"))
    one, *_, honey = Record.objects.order_by("pk")
    for asked in ("honey against coughs of a child, with pollen", "10.1234/HONEY", str(honey.pk)):
        page = client.get(url("mark-duplicate", review, one.pk), {"q": asked})
        assert page.context["found"][0] == honey, asked
    assert client.get(url("mark-duplicate", review, one.pk), {"q": "xyzzy"}).context["found"] == []
    assert client.get(url("mark-duplicate", review, one.pk), {"q": "' & !* \\0 ("}).status_code == 200


def test_marking_leads_back_to_the_same_narrowed_workbench_and_nowhere_else(client, review):
    bring_in(review, some_ris(2))
    one, _ = Record.objects.order_by("pk")
    bench = reverse("screening:screen", args=[review.pk, Stage.TITLE_ABSTRACT]) + "?tag=x"
    for asked, back in ((bench, bench), ("//evil.example/", ""), ("https://evil.example/?" + bench, "")):
        assert client.get(url("mark-duplicate", review, one.pk), {"next": asked}).context["back"] == back


@pytest.mark.parametrize("count", [2, 4])
def test_a_question_takes_as_many_queries_however_many_records_it_has(client, review, count):
    chain(review, count)
    chain(review, 2)
    shown(client, url("duplicates", review))  # the first look stores a hold
    asked = DuplicateCandidate.objects.order_by("-score").first()
    with CaptureQueriesContext(connection) as queries:
        client.get(url("duplicate", review, asked.pk))
    assert len(queries) <= 26, "\n".join(query["sql"][:150] for query in queries)


def test_pages_of_this_kind_are_for_those_who_judge(client, review):
    client.force_login(builders.user())
    assert client.get(url("duplicates-why", review)).status_code == 404
    assert client.post(url("duplicates-undo", review)).status_code == 404
