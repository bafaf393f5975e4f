"""The import pages, through the client, as a lead and as others see them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from screening.actions import import_run
from screening.enums import ImportStatus, Role
from screening.models.record import Record
from screening.models.source import ImportedFile, Source
from tests import builders
from tests.citations import bring_in, hand_in, ris, some_ris

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(client):
    made = builders.review(lead=builders.user("lead"))
    client.force_login(made.created_by)
    return made


def url(name, review, *args):
    return reverse(f"screening:{name}", args=[review.pk, *args])


def drop(client, review, *contents, name="export.ris", **fields):
    files = [
        SimpleUploadedFile(f"{number}-{name}", content if isinstance(content, bytes) else content.encode())
        for number, content in enumerate(contents, 1)
    ]
    data = {"source": "MEDLINE", "kind": "database", "files": files} | fields
    return client.post(url("imports", review), data, follow=True)


def test_from_dropped_files_to_records(client, review, django_capture_on_commit_callbacks):
    page = drop(client, review, some_ris(2), some_ris(3, start=20), platform="Ovid", date_searched="2026-01-31")
    assert page.redirect_chain[-1][0] == url("imports", review)
    assert ImportedFile.objects.filter(status=ImportStatus.CHECKED).count() == 2
    assert "Import 3 citations" in page.content.decode()
    source = Source.objects.get()
    assert (source.name, source.platform, str(source.date_searched)) == ("MEDLINE", "Ovid", "2026-01-31")
    for file in ImportedFile.objects.all():
        client.post(url("import-commit", review, file.pk))
        import_run.run_import(file_id=file.pk)
    assert Record.objects.filter(active=True).count() == 5
    assert "1-export.ris" in client.get(url("imports", review)).content.decode()


def test_the_dry_run_shows_counts_rejects_with_line_and_reason_and_a_sample(client, review):
    page = drop(client, review, some_ris(2) + "TY  - JOUR\nER  - \n").content.decode()
    for shown in ("Found", "Without abstract", "no title, and no author", ">23<", "Yoga", "Import 2 citations"):
        assert shown in page, shown


def test_the_same_file_again_is_refused_with_a_link_to_the_earlier_import(client, review):
    earlier = bring_in(review, some_ris(2))
    page = drop(client, review, some_ris(2), some_ris(1, start=50)).content.decode()
    assert "was imported before" in page
    assert url("import", review, earlier.pk) in page
    assert "Import 1 citation<" in page


LINE = "x" * (50 * 2**20)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("Dear all!\n\nAttached please find nothing at all.\n", "No citations were found in this file"),
        ("", "This file is empty"),
        (b"%PDF-1.7 \x00\x01", "This is a PDF"),
        ("<!DOCTYPE html><html><body>TY  - JOUR</body></html>", "This is a web page"),
        ("Name,Price\nApple,3\nPear,4\n", "no column that is known to hold titles"),
        (LINE, "No citations were found in this file"),
        ("TY  - JOUR\nTI  - " + LINE, "longer than"),
    ],
    ids=["letter", "empty", "pdf", "html", "table-without-title", "one-long-line", "one-endless-title"],
)
def test_what_is_not_a_citation_file_gets_a_sentence_and_nothing_is_lost(client, review, content, says):
    page = drop(client, review, content, some_ris(1)).content.decode()
    file = ImportedFile.objects.get(name__startswith="1-")
    if file.status == ImportStatus.CHECKING:  # large: a worker reads it
        from screening.actions import import_check

        import_check.check(file_id=file.pk)
        page = client.get(url("imports", review)).content.decode()
    assert says in page
    file.refresh_from_db()
    assert file.status == ImportStatus.REFUSED
    assert "Import 1 citation<" in page  # its neighbour is not held up
    client.post(url("import-commit", review, file.pk))
    assert Record.objects.count() == 0


def test_a_truncated_ris_keeps_its_last_entry_and_says_so(client, review):
    page = drop(client, review, some_ris(2).rsplit("ER  -", 1)[0]).content.decode()
    assert "Import 2 citations" in page
    assert "cut off" in page or "ER" in page


def test_windows_text_is_read_as_such(client, review):
    drop(client, review, ris("Größe und Maß: naïve Patienten").encode("cp1252"))
    file = ImportedFile.objects.get()
    assert (file.encoding, file.sample[0]["title"]) == ("cp1252", "Größe und Maß: naïve Patienten")


def test_html_in_a_title_is_text_on_every_page(client, review):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    pages = drop(client, review, ris(evil) + f"TY  - JOUR\nPY  - {evil}\nER  - \n", source=evil).content.decode()
    file = ImportedFile.objects.get()
    client.post(url("import-commit", review, file.pk))
    import_run.run_import(file_id=file.pk)
    pages += client.get(url("imports", review)).content.decode()
    pages += client.get(url("import", review, file.pk)).content.decode()
    assert "&lt;script&gt;alert(1)" in pages
    assert "<script>alert" not in pages
    assert "<img src=x" not in pages


def test_a_table_is_mapped_in_place(client, review):
    drop(client, review, "Heading,When\nOn honey,2019\nOn yoga,2020\n", name="t.csv")
    file = ImportedFile.objects.get()
    answer = client.post(
        url("import-mapping", review, file.pk), {"title": "Heading", "year": "When"}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert "Import 2 citations" in page
    assert "<html" not in page
    wrong = client.post(url("import-mapping", review, file.pk), {"title": "Nowhere"}, headers={"HX-Request": "true"})
    assert "not in this table" in wrong.content.decode()


def test_a_card_asks_again_only_while_there_is_work(client, review):
    file = hand_in(review, some_ris(1))
    card = url("import-card", review, file.pk)
    assert 'hx-trigger="every' not in client.get(card).content.decode()
    ImportedFile.objects.update(status=ImportStatus.RUNNING)
    assert 'hx-trigger="every' in client.get(card).content.decode()


def test_undo_is_refused_with_links_to_the_records_and_done_otherwise(client, review):
    file = bring_in(review, some_ris(2))
    record, person = Record.objects.first(), builders.user()
    builders.join(review, person, Role.REVIEWER)
    builders.decide(record, person)
    refused = client.post(url("import-undo", review, file.pk))
    assert refused.status_code == 409
    assert record.get_absolute_url() in refused.content.decode()
    builders.decide(record, person, "withdrawn")
    assert "was undone" in client.post(url("import-undo", review, file.pk), follow=True).content.decode()
    assert Record.objects.filter(active=True).count() == 0


def test_a_dry_run_can_be_discarded(client, review):
    file = hand_in(review, some_ris(1))
    assert "was discarded" in client.post(url("import-discard", review, file.pk), follow=True).content.decode()
    assert ImportedFile.objects.count() == 0


def test_what_is_known_of_a_source_can_be_corrected(client, review):
    source = hand_in(review, some_ris(1)).source
    client.post(url("source", review, source.pk), {"name": "CENTRAL", "kind": "register"})
    source.refresh_from_db()
    assert (source.name, source.kind) == ("CENTRAL", "register")


@pytest.mark.parametrize("name", ["imports", "import", "import-card", "source"])
def test_a_stranger_learns_nothing(client, review, name):
    file = hand_in(review, some_ris(1))
    client.force_login(builders.user())
    args = [] if name == "imports" else [file.source_id if name == "source" else file.pk]
    assert client.get(url(name, review, *args)).status_code == 404


@pytest.mark.parametrize("name", ["import-commit", "import-mapping", "import-discard", "import-undo"])
def test_a_reviewer_sees_imports_and_may_not_change_them(client, review, name):
    file, person = hand_in(review, some_ris(1)), builders.user()
    builders.join(review, person, Role.REVIEWER)
    client.force_login(person)
    page = client.get(url("imports", review))
    assert (page.status_code, b"Read the files" in page.content) == (200, False)
    assert drop(client, review, some_ris(1, start=5)).status_code == 403
    assert client.post(url(name, review, file.pk)).status_code == 403


def test_a_file_of_another_review_is_not_here(client, review):
    other = hand_in(builders.review(), some_ris(1))
    assert client.get(url("import", review, other.pk)).status_code == 404


def queries(client, path, counted):
    with counted() as context:
        assert client.get(path).status_code == 200
    return len(context)


@pytest.fixture
def counted():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)


def test_the_list_takes_as_many_queries_for_three_files_as_for_one(client, review, counted):
    counts = []
    for start in (0, 10, 20):
        bring_in(review, some_ris(1, start=start))
        hand_in(review, some_ris(1, start=start + 5))
        hand_in(review, f"Title,Year\nOn number {start},2019\n", name="t.csv")
        counts.append(queries(client, url("imports", review), counted))
    assert counts[0] == counts[1] == counts[2]


def test_the_api_lists_imports_for_the_team(client, review):
    hand_in(review, some_ris(2))
    body = client.get(f"/api/reviews/{review.pk}/imports/").json()
    assert [(row["status"], row["parsed"], row["source"]) for row in body["results"]] == [
        ("checked", 2, "Invented Database")
    ]
    client.force_login(builders.user())
    assert client.get(f"/api/reviews/{review.pk}/imports/").status_code == 404
