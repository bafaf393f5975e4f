"""Whatever is sent to a page of extraction is stored, or refused with a sentence, and never an error of the server."""

import json
from uuid import uuid4

import pytest
from django.urls import reverse

from extraction.actions import assignments, forms
from extraction.models.form import Form
from extraction.models.value import Value
from screening.enums import Role
from tests import builders, extracting

pytestmark = pytest.mark.django_db
FIELDS = [
    {"key": "country", "label": "Country", "kind": "text"},
    {"key": "dose", "label": "Dose", "kind": "number", "unit": "mg"},
    {"key": "start", "label": "Start", "kind": "date"},
    {"key": "many", "label": "Many", "kind": "multi_choice", "options": ["A", "B"]},
]
SCHEMA = {"title": "D", "purpose": "data", "groups": [{"key": "g", "label": "G", "fields": FIELDS}]}
ODD = ("\x00", "a\x00b", "9" * 400, "\u202e5", "x" * 10_000, "NaN", "1e400", "2021-02-30")


@pytest.fixture
def case(client):
    """One who leads and extracts, at work on a study."""
    review = builders.review(ai_enabled=True)
    extracting.rule(review, 1)
    form = forms.create(review=review, name="Form", by=review.created_by, draft=SCHEMA)
    forms.publish(form=form, by=review.created_by)
    builders.join(review, review.created_by, Role.EXTRACTOR)
    study = extracting.study(review)
    assignments.begin(study=study, form=form, by=review.created_by)
    client.force_login(review.created_by)
    return review, study, form


def post(client, page, place, said):
    return client.post(reverse(f"extraction:{page}", args=place), said).status_code


@pytest.mark.parametrize("odd", ODD)
def test_of_the_extraction_screen(client, case, odd):
    review, study, form = case
    place = (review.pk, study.pk, form.pk)
    for field in ("country", "dose", "start", "many", odd):
        assert post(client, "sheet", place, {"do": "value", "field": field, "raw": odd}) == 302
    for part in ("unit", "state", "arm", "measure", "idempotency_key", "cell"):
        assert post(client, "sheet", place, {"do": "value", "field": "dose", "raw": "5", part: odd}) == 302
    for verb in ("accept", "reject", "arm_add", "measure_add", "arm_rename", "measure_retire", odd):
        said = {"do": verb, "name": odd, "time_point": odd, "id": odd, "proposal": odd, "reason": odd}
        assert post(client, "sheet", place, said) in (302, 404)
    assert post(client, "work", place, {"do": odd}) in (302, 404)
    assert post(client, "assign", place, {"do": "assign", "extractor": odd}) in (302, 404)
    assert client.get(reverse("extraction:sheet", args=place)).status_code == 200


@pytest.mark.parametrize("odd", ODD)
def test_of_the_consensus(client, case, odd):
    review, study, form = case
    place = (review.pk, study.pk, form.pk)
    post(client, "sheet", place, {"do": "value", "field": "dose", "raw": "5"})
    post(client, "work", place, {"do": "done"})
    for part in ("take", "proposal", "checked_proposal", "raw", "note", "unit", "state", "field", "idempotency_key"):
        assert post(client, "consensus", place, {"field": "dose", "raw": "6", part: odd}) == 302
    assert client.get(reverse("extraction:consensus", args=place)).status_code == 200


@pytest.mark.parametrize("odd", ODD)
def test_of_the_forms_and_the_rule(client, case, odd):
    review, _, form = case
    assert post(client, "form-rename", (review.pk, form.pk), {"name": odd}) == 302
    token = str(Form.objects.get(pk=form.pk).draft_token)
    for verb in ("group-save 0 g", "field-save 0.1 dose", "field-add 0 g", "group-add 0 g", odd):
        parts = ("label", "help", "unit", "units", "options", "minimum", "maximum", "formula", "group", "key", "kind")
        said = {**dict.fromkeys(parts, odd), "do": verb, "token": token}
        post(client, "form-edit", (review.pk, form.pk), said)
        token = str(Form.objects.get(pk=form.pk).draft_token)
    assert client.get(reverse("extraction:form", args=[review.pk, form.pk])).status_code == 200
    assert post(client, "form-publish", (review.pk, form.pk), {"reason": odd, "token": odd}) in (200, 302, 409)
    rule = dict.fromkeys(("extractors_per_study", "descriptive_mode", "outcome_mode"), odd)
    assert post(client, "rule", (review.pk,), rule) == 302


@pytest.mark.parametrize("title", ["\x00", "a\x00b", "\ud800", "x" * 10_000, "", 5, None, ["a"]])
def test_of_a_form_that_is_imported(client, case, title):
    review, *_ = case
    content = json.dumps({**SCHEMA, "title": title})
    assert post(client, "form-new", (review.pk,), {"import": "1", "json-text": content}) in (200, 302)


@pytest.mark.parametrize("odd", [*ODD, 10**30, -1, 1.5, True, [], [["a"]], [{}], {"a": 1}, None])
def test_of_the_api(client, case, odd):
    review, study, form = case
    address = reverse("extraction-api:values", args=[review.pk, study.pk, form.pk])
    sound = {"field": "dose", "raw": "5", "idempotency_key": str(uuid4())}
    for part in ("field", "raw", "unit", "state", "citing", "accept", "note", "quote", "document", "arm", "override"):
        for field in ("country", "dose", "start", "many") if part == "raw" else ("dose",):
            said = {**sound, "field": field, "idempotency_key": str(uuid4()), part: odd}
            reply = client.post(address, json.dumps(said), content_type="application/json")
            assert reply.status_code in (200, 201, 400, 409, 428), (part, field, reply.content)
    assert not Value.objects.filter(field_key="dose", state="reported").exclude(unit="mg").exists()


@pytest.mark.parametrize("odd", ODD)
def test_of_the_table(client, case, odd):
    review, _, form = case
    query = {"form": odd, "version": odd, "c": odd, "layout": odd, "filter": f"dose:contains:{odd}", "sort": odd}
    for asked in ({**query, "form": form.pk}, {"form": odd, "field": "dose", "how": "is", "text": odd}):
        assert client.get(reverse("extraction:table", args=[review.pk]), asked).status_code == 200
        address = reverse("extraction:table-file", args=[review.pk, form.pk, "table.csv"])
        assert client.get(address, asked).status_code == 200
        assert client.get(reverse("extraction-api:table", args=[review.pk]), asked).status_code in (200, 404)
