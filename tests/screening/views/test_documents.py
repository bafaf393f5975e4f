"""The pages of documents: drop files in, see how they were read, serve them, permit them; and reports not retrieved."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.actions import retrievals
from screening.enums import Role
from screening.models.document import Document
from screening.models.retrieval import Retrieval
from screening.models.stage import StageState
from tests import builders
from tests.documents import ORDERS, at_full_text, hand_in, pdf, read_in, scan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def lead(client):
    person = builders.user("lee")
    client.force_login(person)
    return person


@pytest.fixture
def review(lead):
    return builders.review(lead=lead)


def url(review, name="documents", *args):
    return reverse(f"screening:{name}", args=[review.pk, *args])


def pdfs(count):
    return [SimpleUploadedFile(f"{number}.pdf", pdf(), "application/pdf") for number in range(count)]


def page(client, review, query=""):
    return client.get(url(review) + query).content.decode()


def test_several_files_go_up_at_once_and_one_that_is_refused_stops_no_other(client, review):
    web_page = SimpleUploadedFile("login.pdf", b"<!DOCTYPE html><p>Please sign in", "application/pdf")
    answer = client.post(url(review), {"files": [*pdfs(2), web_page, SimpleUploadedFile("empty.pdf", b"")]})
    assert Document.objects.filter(review=review, status="waiting").count() == 2
    said = answer.content.decode()
    assert "“login.pdf” was not taken" in said
    assert "not a PDF" in said
    assert "“empty.pdf” was not taken" in said
    assert "2 files are being read" in said


def test_a_file_over_the_limit_is_dropped_while_it_comes_in(client, review, settings, tmp_path):
    settings.IMPORT_MAX_BYTES = settings.DOCUMENT_MAX_BYTES = 200_000
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000
    large = SimpleUploadedFile("large.pdf", b"%PDF-1.7" + b"0" * 900_000, "application/pdf")
    answer = client.post(url(review), {"files": [*pdfs(1), large, *pdfs(1)]}, headers={"Accept": "application/json"})
    said = answer.json()
    assert len(said["taken"]) == 2
    assert [refusal["text"][:27] for refusal in said["refused"]] == ["“large.pdf” is larger than "]
    assert not list(tmp_path.glob("*.upload*"))


def test_a_file_that_is_there_already_is_refused_with_a_link_to_it(client, review):
    content = pdf()
    earlier = hand_in(review, content)
    answer = client.post(url(review), {"files": [SimpleUploadedFile("again.pdf", content)]})
    assert f'href="{url(review, "document", earlier.pk)}"' in answer.content.decode()


def test_a_file_is_uploaded_for_a_record(client, review):
    record = at_full_text(review)
    client.post(url(review), {"files": pdfs(1), "record": record.pk})
    assert Document.objects.get().record == record
    stranger = at_full_text(builders.review())
    assert client.post(url(review), {"files": pdfs(1), "record": stranger.pk}).status_code == 404


def test_tabs_list_what_is_missing_unmatched_unreadable_scanned_and_flagged(client, review):
    with_one, without = at_full_text(review, title="With a file"), at_full_text(review, title="Without any file")
    read_in(review, name="main.pdf", record=with_one)
    read_in(review, name="stray.pdf")
    read_in(review, pdf(password="x"), name="locked.pdf")
    read_in(review, scan(), name="scan.pdf")
    read_in(review, pdf(["Plain."], hidden=ORDERS), name="orders.pdf")
    names = {"main.pdf", "stray.pdf", "locked.pdf", "scan.pdf", "orders.pdf", "With a file", "Without any file"}
    expected = {
        "": {"main.pdf", "With a file", "Without any file"},
        "?show=missing": {"Without any file"},
        "?show=tray": {"stray.pdf", "locked.pdf", "scan.pdf", "orders.pdf"},
        "?show=failed": {"locked.pdf"},
        "?show=scans": {"scan.pdf"},
        "?show=flagged": {"orders.pdf"},
        "?show=nonsense": {"main.pdf", "With a file", "Without any file"},
    }
    for query, shown in expected.items():
        assert {name for name in names if f">{name}<" in page(client, review, query)} == shown, query
    retrievals.mark(record=without, outcome="not_retrieved", by=review.created_by)
    assert "Not retrieved</span>" in page(client, review)


@pytest.mark.parametrize("query", ["", "?show=missing", "?show=tray"])
def test_the_list_asks_as_often_for_one_line_as_for_three(client, review, query):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url(review) + query).status_code == 200
        return len(asked)

    def one_more():
        at_full_text(review)
        hand_in(review, record=at_full_text(review))
        hand_in(review)

    one_more()
    page(client, review)
    first = queries()
    one_more(), one_more()
    assert queries() == first


def test_the_api_asks_as_often_for_one_document_as_for_three(client, review):
    address = reverse("screening-api:documents", args=[review.pk])
    counted = []
    for _ in range(2):
        hand_in(review), hand_in(review)
        with CaptureQueriesContext(connection) as asked:
            assert len(client.get(address).json()["results"]) == 2 * (len(counted) + 1)
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_the_list_says_in_a_few_words_how_a_document_was_read_and_all_of_it_on_demand(client, review):
    read_in(review, pdf(["One."], hidden=ORDERS), record=at_full_text(review))
    said = client.get(url(review, "documents")).content.decode()
    assert ">1 page · hidden text</span>" in said
    assert "can&#x27;t be seen by a reader" in said.split(">1 page · hidden text</span>")[0].rsplit("title=", 1)[1]


def test_the_page_of_a_document_shows_what_was_read_of_it_and_its_versions(client, review):
    record = at_full_text(review)
    first = read_in(review, pdf(["One."], hidden=ORDERS), name="<b>first</b>.pdf", record=record)
    second = read_in(review, name="second.pdf", record=record)
    said = client.get(url(review, "document", first.pk)).content.decode()
    assert "<b>first" not in said
    assert "It holds text that a reader of the page does not see." in said
    assert "can&#x27;t be seen by a reader" in said
    assert url(review, "document", second.pk) in said
    assert first.sha256 in said


def test_a_document_of_the_tray_is_given_to_a_record_taken_back_removed_and_restored(client, review):
    record, document = at_full_text(review, title="Honey against cough"), read_in(review)
    assert "Honey against cough" in client.get(url(review, "document-place", document.pk) + "?q=honey").content.decode()
    client.post(url(review, "document-place", document.pk), {"record": record.pk})
    document.refresh_from_db()
    assert (document.record, document.matched_by) == (record, "person")
    client.post(url(review, "document-change", document.pk, "tray"))
    document.refresh_from_db()
    assert document.record is None
    answer = client.post(url(review, "document-change", document.pk, "remove"), follow=True)
    assert url(review, "document-change", document.pk, "restore") in answer.content.decode()
    client.post(url(review, "document-change", document.pk, "restore"))
    document.refresh_from_db()
    assert not document.removed
    assert client.post(url(review, "document-change", document.pk, "burn")).status_code == 404


def test_a_lead_permits_one_document_or_all_and_a_reviewer_none(client, review):
    one, two = hand_in(review), hand_in(review)
    permitted = Document.objects.filter(may_be_sent_to_ai=True)
    client.post(url(review, "documents-permit"), {"document": one.pk, "may": "yes"})
    assert list(permitted) == [one]
    client.post(url(review, "documents-permit"), {"may": "yes"})
    assert set(permitted.all()) == {one, two}
    client.post(url(review, "documents-permit"), {"may": "no"})
    reviewer = builders.user()
    builders.join(review, reviewer, Role.REVIEWER)
    client.force_login(reviewer)
    assert client.post(url(review, "documents-permit"), {"may": "yes"}).status_code == 403
    assert not permitted.all()
    assert "Allow all" not in page(client, review)


@pytest.mark.parametrize("asked", ["x", "-1", "0x2", "1,2", "9" * 20, "9" * 5_000], ids=range(6))
def test_a_permission_for_a_document_that_is_not_there_permits_no_other(client, review, asked):
    hand_in(review)
    answer = client.post(url(review, "documents-permit"), {"document": asked, "may": "yes"})
    assert (answer.status_code, Document.objects.filter(may_be_sent_to_ai=True).count()) == (404, 0)


def test_a_removed_document_is_not_said_to_be_permitted_nor_given_to_a_record(client, review):
    document, record = hand_in(review), at_full_text(review)
    client.post(url(review, "document-change", document.pk, "remove"))
    for name, args, form in (
        ("documents-permit", (), {"document": document.pk, "may": "yes"}),
        ("document-place", (document.pk,), {"record": record.pk}),
    ):
        assert (
            "was removed. Bring it back first."
            in client.post(url(review, name, *args), form, follow=True).content.decode()
        )
    document.refresh_from_db()
    assert (document.may_be_sent_to_ai, document.record) == (False, None)


@pytest.mark.parametrize("asked", ["x", "9" * 5_000], ids=["word", "long"])
def test_files_for_a_record_that_is_not_there_are_not_taken(client, review, asked):
    assert client.post(url(review), {"files": pdfs(1), "record": asked}).status_code == 404
    assert not Document.objects.exists()


def test_the_file_is_served_as_it_came_with_headers_that_keep_it_tame(client, review):
    content = pdf()
    document = hand_in(review, content, name='Ärzte "2019"\r\nX: y.pdf')
    answer = client.get(url(review, "document-file", document.pk))
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Length"] == str(len(content))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cache-Control"].startswith("private")
    assert answer["Content-Disposition"].startswith('inline; filename="_rzte _2019___X_ y.pdf"; filename*=UTF-8')
    head = client.head(url(review, "document-file", document.pk))
    assert (head["Content-Length"], head.content) == (str(len(content)), b"")
    again = client.get(url(review, "document-file", document.pk), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("asked", "status", "slice_"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=10-", 206, slice(10, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=5-99999999", 206, slice(5, None)),
        ("bytes=99999999-", 416, slice(0, 0)),
        ("bytes=9-5", 416, slice(0, 0)),
        ("bytes=-0", 416, slice(0, 0)),
        ("bytes=-", 200, slice(None)),
        ("bytes=0-1,4-5", 200, slice(None)),
        ("lines=0-1", 200, slice(None)),
        pytest.param(f"bytes={'9' * 5_000}-", 200, slice(None), id="no number that a computer reads"),
    ],
)
def test_a_range_of_the_file_is_served(client, review, asked, status, slice_):
    content = pdf()
    document = hand_in(review, content)
    answer = client.get(url(review, "document-file", document.pk), headers={"Range": asked})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert (answer.status_code, body) == (status, content[slice_])
    if status != 416:
        assert answer["Content-Length"] == str(len(body))


def test_a_file_that_is_gone_from_the_storage_is_a_plain_404(client, review):
    document = hand_in(review)
    document.file.storage.delete(document.file.name)
    assert client.get(url(review, "document-file", document.pk)).status_code == 404


def test_the_words_of_a_page_are_served_and_a_page_that_is_not_there_is_not(client, review):
    document = read_in(review, pdf(["Some words."]))

    def words(number):
        return client.get(reverse("screening-api:document-page", args=[review.pk, document.pk, number]))

    assert words(1).json()["text"] == "Some words."
    assert set(words(1).json()) == {"number", "width", "height", "text", "words", "hidden"}
    assert words(2).status_code == 404


def test_a_report_is_recorded_as_not_retrieved_with_what_was_tried(client, review):
    record = at_full_text(review)
    address = url(review, "retrieval", record.pk)
    client.post(address, {"outcome": "not_retrieved", "note": "Library\nAuthors asked"})
    assert Retrieval.objects.get().note == "Library\nAuthors asked"
    assert StageState.objects.get(record=record, stage="full_text").status == "not_retrieved"
    assert "Seek it again" in client.get(address).content.decode()
    client.post(address, {"outcome": "sought_again"})
    said = client.get(address).content.decode()
    assert "Authors asked" in said
    assert "not retrieved" in said
    refused = client.post(address, {"outcome": "nonsense", "note": "kept while you mend it"})
    assert refused.status_code == 409
    assert "kept while you mend it" in refused.content.decode()


def test_full_texts_that_are_there_are_handed_out_first(client, review, lead):
    builders.join(review, lead, Role.REVIEWER)
    records = [at_full_text(review) for _ in range(4)]
    document = read_in(review, record=records[2])
    hand_in(review)
    cards = client.get(reverse("screening-api:queue", args=[review.pk]) + "?stage=full_text").json()["records"]
    assert cards[0]["id"] == records[2].pk
    assert cards[0]["document"]["id"] == document.pk
    assert [card["document"] for card in cards[1:]] == [None] * 3


def test_the_queue_of_full_texts_asks_as_often_for_one_document_as_for_three(client, review, lead):
    builders.join(review, lead, Role.REVIEWER)
    address = reverse("screening-api:queue", args=[review.pk]) + "?stage=full_text"
    counted = []
    client.get(address)  # what is asked once per process
    for documents in (1, 3):
        while Document.objects.count() < documents:
            hand_in(review, record=at_full_text(review))
        with CaptureQueriesContext(connection) as asked:
            assert len([card for card in client.get(address).json()["records"] if card["document"]]) == documents
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_the_page_of_a_record_at_full_text_leads_to_its_document(client, review):
    record, other = at_full_text(review), builders.record(review)
    for one, there in ((record, True), (other, False)):
        said = client.get(one.get_absolute_url()).content.decode()
        assert (url(review, "retrieval", one.pk) in said) == there


def test_the_card_of_a_full_text_tells_where_to_upload_it_to_those_who_may(client, review, lead):
    builders.join(review, lead, Role.REVIEWER)
    at_full_text(review)
    said = client.get(reverse("screening:screen", args=[review.pk, "full_text"])).content.decode()
    assert f'href="{url(review)}"' in said
    assert url(review, "retrieval", 0) in said
