"""Handing in full texts, giving them to records, taking them off, permitting them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from audit.models.event import Event
from screening.actions import documents, retrievals
from screening.actions.documents import DocumentRefusedError
from screening.enums import Stage
from screening.models.document import Document, DocumentPage
from screening.models.retrieval import Retrieval
from screening.models.stage import StageState
from screening.queries.documents.documents import current_documents, document_shown, pages_of
from tests import builders
from tests.documents import at_full_text, hand_in, pdf, read, read_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def review():
    return builders.review()


def test_a_file_is_kept_by_what_it_contains_not_by_its_name(review, files):
    document = hand_in(review, name="../../etc/pass wd.pdf")
    assert document.name == "pass wd.pdf"
    assert document.file.name == f"documents/{document.sha256[:2]}/{document.sha256}.pdf"
    assert [path.name for path in files.rglob("*.pdf")] == [f"{document.sha256}.pdf"]


def test_equal_content_is_kept_once_for_all_reviews(review, files):
    content = pdf()
    one, two = hand_in(review, content), hand_in(builders.review(), content)
    assert one.file.name == two.file.name
    assert len(list(files.rglob("*.pdf"))) == 1


def test_the_same_file_is_refused_and_says_where_it_is(review):
    content = pdf()
    earlier = hand_in(review, content, name="first.pdf")
    with pytest.raises(DocumentRefusedError, match=r"in this review already, as “first\.pdf”") as refused:
        hand_in(review, content, name="second.pdf")
    assert refused.value.earlier == earlier
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "holds nothing"), (b"<!DOCTYPE html><p>Sign in</p>", "not a PDF"), (b"PK\x03\x04 zip", "not a PDF")],
)
def test_what_is_no_pdf_is_refused_and_nothing_is_kept(review, files, content, said):
    with pytest.raises(DocumentRefusedError, match=said):
        hand_in(review, content)
    assert not Document.objects.exists()
    assert not list(files.rglob("*.pdf"))


def test_a_file_over_the_limit_is_refused(review, settings):
    settings.DOCUMENT_MAX_BYTES = 500
    with pytest.raises(DocumentRefusedError, match=r"is larger than 0 MB\. Nothing of it was kept"):
        hand_in(review)


def test_no_document_may_be_sent_to_ai_before_a_person_says_so(review):
    one, two = hand_in(review), hand_in(review)
    assert not one.may_be_sent_to_ai
    lead = review.created_by
    assert documents.permit(review=review, by=lead, may=True, documents=[one]) == 1
    assert list(Document.objects.filter(may_be_sent_to_ai=True)) == [one]
    assert documents.permit(review=review, by=lead, may=True) == 1
    assert documents.permit(review=review, by=lead, may=True) == 0
    assert two.history.first().may_be_sent_to_ai
    assert documents.permit(review=review, by=lead, may=False) == 2


def test_permitting_all_of_a_review_touches_no_other_and_asks_as_often_for_many(review, django_assert_num_queries):
    other = hand_in(builders.review())
    hand_in(review), hand_in(review)
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as two:
        documents.permit(review=review, by=review.created_by, may=True)
    for _ in range(4):
        hand_in(review)
    with django_assert_num_queries(len(two)):
        documents.permit(review=review, by=review.created_by, may=True)
    other.refresh_from_db()
    assert not other.may_be_sent_to_ai


def test_a_second_file_of_a_record_is_its_next_version_and_the_first_is_kept(review):
    record = at_full_text(review)
    first, second = read_in(review, record=record), read_in(review, record=record)
    assert (second.version, second.replaces) == (2, first)
    assert current_documents([record.pk]) == {record.pk: second}


def test_a_newer_version_that_can_not_be_read_does_not_take_the_place_of_one_that_can(review):
    record = at_full_text(review)
    first = read_in(review, record=record)
    broken = read_in(review, pdf(password="secret"), record=record)
    assert broken.status == "failed"
    assert current_documents([record.pk]) == {record.pk: first}
    documents.remove(document=first, by=review.created_by)
    assert current_documents([record.pk]) == {record.pk: broken}


def test_a_removed_document_is_hidden_kept_and_can_be_brought_back(review, files):
    record, content = at_full_text(review), pdf()
    document = read_in(review, content, record=record)
    documents.remove(document=document, by=review.created_by)
    assert current_documents([record.pk]) == {}
    assert DocumentPage.objects.filter(document=document).exists()
    assert default_storage.exists(document.file.name)
    documents.restore(document=document, by=review.created_by)
    assert current_documents([record.pk]) == {record.pk: document}


def test_what_was_removed_can_be_handed_in_again_but_not_be_there_twice(review):
    content = pdf()
    document = hand_in(review, content)
    documents.remove(document=document, by=review.created_by)
    hand_in(review, content)
    with pytest.raises(DocumentRefusedError, match="already"):
        documents.restore(document=document, by=review.created_by)


def test_a_version_keeps_its_number_when_it_was_removed_and_comes_back(review):
    record = at_full_text(review)
    first, second = read_in(review, record=record), read_in(review, record=record)
    documents.remove(document=second, by=review.created_by)
    third = read_in(review, record=record)
    assert (third.version, third.replaces) == (3, second)
    assert documents.restore(document=second, by=review.created_by).version == 2
    assert current_documents([record.pk]) == {record.pk: third}
    assert Document.objects.get(replaces=first) == second


def test_a_removed_document_is_given_to_no_record(review):
    document = hand_in(review)
    documents.remove(document=document, by=review.created_by)
    with pytest.raises(DocumentRefusedError, match="was removed"):
        documents.attach(document=document, record=at_full_text(review), by=review.created_by)


def test_a_name_that_no_encoding_knows_is_kept_as_well_as_can_be(review):
    assert hand_in(review, name="M\udcfcller.pdf").name == "M?ller.pdf"


def test_a_document_goes_back_to_the_tray_and_on_to_the_right_record(review):
    wrong, right = at_full_text(review), at_full_text(review)
    first = read_in(review, record=wrong)
    second, third = read_in(review, record=wrong), read_in(review, record=wrong)
    documents.detach(document=second, by=review.created_by)
    third.refresh_from_db()
    assert third.replaces == first
    documents.attach(document=second, record=right, by=review.created_by)
    found = current_documents([wrong.pk, right.pk])
    assert found == {wrong.pk: third, right.pk: second}
    assert found[right.pk].version == 1


def test_a_document_is_not_given_to_a_record_of_another_review_nor_to_two(review):
    document, record = hand_in(review), at_full_text(review)
    with pytest.raises(DocumentRefusedError, match="another review"):
        documents.attach(document=document, record=at_full_text(builders.review()), by=review.created_by)
    documents.attach(document=document, record=record, by=review.created_by)
    with pytest.raises(DocumentRefusedError, match="with a record already"):
        documents.attach(document=document, record=at_full_text(review), by=review.created_by)


def test_the_documents_of_merged_records_count_for_the_one_that_is_kept(review):
    from screening.actions import duplicates

    kept, absorbed = at_full_text(review), at_full_text(review)
    document = read_in(review, record=absorbed)
    duplicates.merge(kept=kept, absorbed=absorbed, by=review.created_by)
    assert current_documents([kept.pk]) == {kept.pk: document}
    newer = read_in(review, record=absorbed)
    assert (newer.record, newer.version) == (kept, 2)


def test_current_documents_and_pages_ask_once_for_however_many(review, django_assert_num_queries):
    records = [at_full_text(review) for _ in range(3)]
    made = [read_in(review, pdf(["One."], ["Two."]), record=record) for record in records]
    for count in (1, 3):
        with django_assert_num_queries(1):
            found = current_documents([record.pk for record in records[:count]])
        assert len(found) == count
        with django_assert_num_queries(1):
            pages = pages_of([document.pk for document in made[:count]])
        assert [page.visible for page in pages[made[0].pk]] == ["One.", "Two."]
    with django_assert_num_queries(0):
        assert document_shown(found[records[0].pk])["pages"] == 2


def test_two_who_hand_in_the_same_file_at_once_make_one_document(transactional_db, files):
    review, content = builders.review(), pdf()

    def hand(name):
        try:
            return documents.upload(review=review, file=ContentFile(content, name=name), by=review.created_by)
        except DocumentRefusedError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(hand, ["a.pdf", "b.pdf", "c.pdf", "d.pdf"]))
    assert Document.objects.count() == 1
    assert sum(isinstance(one, DocumentRefusedError) for one in got) == 3
    assert len(list(files.rglob("*.pdf"))) == 1


def test_the_same_file_in_two_reviews_at_once_is_kept_once(transactional_db, files):
    reviews, content = [builders.review() for _ in range(4)], pdf(*[["words " * 12] * 40] * 200)

    def hand(review):
        try:
            return documents.upload(review=review, file=ContentFile(content, name="a.pdf"), by=review.created_by)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        names = {document.file.name for document in pool.map(hand, reviews)}
    assert len(names) == len(list(files.rglob("*.pdf"))) == 1


def until_it_waits():
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    deadline = monotonic() + 10
    with connection.cursor() as cursor:
        while monotonic() < deadline:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else the first answer is kept for the transaction
            cursor.execute(waiting)
            if cursor.fetchone() != (0,):
                return
            sleep(0.02)
    raise AssertionError("nobody waits for a lock")


def test_a_document_that_comes_while_its_record_is_merged_goes_to_the_one_that_is_kept(transactional_db, files):
    from screening.actions import duplicates

    review = builders.review()
    kept, absorbed = at_full_text(review), at_full_text(review)
    read_in(review, record=kept)
    document = hand_in(review)

    def give():
        try:
            return documents.attach(document=document, record=absorbed, by=review.created_by)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            duplicates.merge(kept=kept, absorbed=absorbed, by=review.created_by)
            giving = pool.submit(give)
            until_it_waits()
        given = giving.result(timeout=20)
    assert (given.record, given.version) == (kept, 2)


def test_a_report_that_is_not_retrieved_says_so_until_it_is_sought_again_or_its_file_comes(review):
    record, lead = at_full_text(review), review.created_by

    def status():
        return StageState.objects.get(record=record, stage=Stage.FULL_TEXT).status

    retrievals.mark(record=record, outcome="not_retrieved", note="Library, authors asked twice", by=lead)
    assert status() == "not_retrieved"
    retrievals.mark(record=record, outcome="sought_again", by=lead)
    assert status() == "unscreened"
    retrievals.mark(record=record, outcome="not_retrieved", by=lead)
    document = hand_in(review, record=record)
    assert status() == "unscreened"
    documents.remove(document=document, by=lead)
    assert status() == "not_retrieved"
    assert Retrieval.objects.filter(record=record).count() == 3
    assert Event.objects.filter(type="retrieval.recorded", record_id=record.pk).count() == 3


def test_a_report_that_is_there_or_that_nobody_asked_for_is_not_marked(review):
    record = at_full_text(review)
    hand_in(review, record=record)
    with pytest.raises(retrievals.RetrievalRefusedError, match="has a document"):
        retrievals.mark(record=record, outcome="not_retrieved", by=review.created_by)
    with pytest.raises(retrievals.RetrievalRefusedError, match="once its record is included"):
        retrievals.mark(record=builders.record(review), outcome="not_retrieved", by=review.created_by)
    with pytest.raises(retrievals.RetrievalRefusedError, match="Choose"):
        retrievals.mark(record=record, outcome="lost", by=review.created_by)
    assert not Retrieval.objects.exists()


def test_a_document_that_came_while_its_reader_ran_is_read_for_its_record(review):
    record = at_full_text(review)
    document = hand_in(review)
    documents.attach(document=document, record=record, by=review.created_by)
    assert read(document).record == record
