"""verify_audit finds what somebody who owns the database, or the disk, changed in extraction."""

import hashlib
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from audit import integrity
from audit.models.event import Event
from extraction.models.value import Value
from extraction.queries.fingerprints import value_sha256
from screening.models.document import Document, DocumentPage
from tests import builders, extracting
from tests.audit import story

SCHEMA = {
    "title": "Form",
    "purpose": "data",
    "groups": [
        {"key": "g", "label": "G", "repeats": "study", "fields": [{"key": "n", "label": "N", "kind": "number"}]}
    ],
}


def found() -> dict[str, str]:
    return {result.name: result.findings.first for result in integrity.verify() if result.findings.bad}


@pytest.fixture
def value(db) -> Value:
    from extraction.actions import assignments, forms, values

    review = builders.review()
    form = forms.create(review=review, name="Form", by=review.created_by, draft=SCHEMA)
    forms.publish(form=form, by=review.created_by)
    study, person = extracting.study(review), extracting.extractor(review)
    assignments.begin(study=study, form=form, by=person)
    stored = values.record(study=study, form=form, field_key="n", raw="12", by=person, idempotency_key=uuid4())
    return stored.value


def document(review, content: bytes = b"%PDF-1.7 invented") -> Document:
    made = Document(
        review=review,
        name="a.pdf",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        created_by=review.created_by,
    )
    made.file.save("a.pdf", ContentFile(content))
    return made


def test_what_nobody_touched_verifies(value):
    document(value.study.review)
    assert found() == {}


@pytest.mark.parametrize(
    ("table", "forgery", "check", "says"),
    [
        (
            "extraction_value",
            "UPDATE extraction_value SET author_id = (SELECT min(id) FROM auth_user)",
            "values have their event",
            "not what its event says",
        ),
        ("extraction_value", "DELETE FROM extraction_value", "values have their event", "gone"),
        ("audit_event", "DELETE FROM audit_event WHERE type = 'value.recorded'", "values have their event", "0 events"),
        (
            "extraction_formversion",
            "UPDATE extraction_formversion SET schema = jsonb_set(schema, '{title}', '\"Other\"')",
            "form hashes",
            "Form v1",
        ),
    ],
)
def test_a_forged_row_is_found_and_named(value, table, forgery, check, says):
    story.forge(table, forgery)
    assert says in found()[check]


@pytest.mark.parametrize(
    ("change", "check", "says"),
    [
        ("value = '\"99\"'", "values are as they were entered", "not what was entered"),
        ("unit = 'kg'", "values are as they were entered", "not what was entered"),
        ("quote = 'It was 99.'", "values are as they were entered", "not what was entered"),
        ("state = 'unclear', value = NULL", "values are as they were entered", "not what was entered"),
        ("capacity = 'consensus'", "values have their event", "not what its event says"),
        ("mode = 'assist'", "values have their event", "not what its event says"),
        ("supersedes_id = NULL", "values supersede and stand in their place", "several last words"),
        ("field_key = 'm'", "values supersede and stand in their place", "not its study's"),
        ("cell = 'n@7@0'", "values supersede and stand in their place", "another cell"),
    ],
)
def test_whatever_is_changed_of_a_value_is_found(value, change, check, says):
    from extraction.actions import values

    again = {"study": value.study, "form": value.form_version.form, "field_key": "n", "raw": "13", "by": value.author}
    last = values.record(**again, idempotency_key=uuid4()).value
    assert found() == {}
    story.forge("extraction_value", f"UPDATE extraction_value SET {change} WHERE id = {last.pk}")
    assert says in found()[check]


def test_a_value_from_before_events_held_a_hash_is_not_called_wrong(value):
    story.forge("audit_event", "UPDATE audit_event SET data = data - 'sha256'")
    assert found() == {}


def test_the_hash_in_the_ledger_tells_no_number(value):
    event = Event.objects.get(type="value.recorded")
    guesses = [Value(**{**vars_of(value), "value": str(n), "idempotency_key": uuid4()}) for n in range(20)]
    assert event.data["sha256"] == value_sha256(value)
    assert event.data["sha256"] not in {value_sha256(guess) for guess in guesses}


def vars_of(value: Value) -> dict[str, object]:
    return {field.attname: getattr(value, field.attname) for field in Value._meta.concrete_fields}


def test_a_file_that_was_changed_on_disk_is_found(db):
    made = document(builders.review())
    with default_storage.open(made.file.name, "wb") as file:
        file.write(b"%PDF-1.7 forged")
    assert found()["documents' files"] == f"The file of document {made.pk} is not what its hash says."


def test_a_file_that_is_gone_is_found(db):
    made = document(builders.review())
    default_storage.delete(made.file.name)
    assert f"The file of document {made.pk} can't be read" in found()["documents' files"]


def test_a_page_that_is_missing_is_found(db):
    made = document(builders.review())
    DocumentPage.objects.create(document=made, number=1, width=1, height=1)
    made.status, made.page_count = "ready", 2
    made.save()
    assert found()["documents' pages"] == f"Document {made.pk} has 1 of its 2 pages."
