"""Where two extractors differ, a third settles it, with both values and the proposal in sight."""

from uuid import uuid4

import pytest
from django.urls import reverse

from extraction.actions import assignments, values
from extraction.models.value import Value
from extraction.queries.consensus import comparison
from extraction.queries.settled import settled
from screening.enums import Role
from tests import builders, extracting

pytestmark = pytest.mark.django_db
FIELDS = [
    {"key": "country", "label": "Country", "kind": "text"},
    {"key": "n", "label": "N", "kind": "number", "unit": "people"},
    {"key": "blind", "label": "Blinded", "kind": "yes_no"},
]
SCHEMA = {"title": "D", "purpose": "data", "groups": [{"key": "g", "label": "G", "fields": FIELDS}]}
SAID = ({"country": "Peru", "n": "50", "blind": "yes"}, {"country": "peru", "n": "52", "blind": "no"})


@pytest.fixture
def case(client):
    """Two extractors of one study, who have entered different numbers and are done; an adjudicator signed in."""
    review = builders.review(ai_enabled=True)
    version = extracting.form_version(review, SCHEMA)
    study = extracting.study(review)
    people = [extracting.extractor(review) for _ in range(2)]
    held = [assignments.begin(study=study, form=version.form, by=person) for person in people]
    for person, said in zip(people, SAID, strict=True):
        for field, raw in said.items():
            values.record(study=study, form=version.form, field_key=field, raw=raw, by=person, idempotency_key=uuid4())
    judge = builders.user()
    builders.join(review, judge, Role.ADJUDICATOR)
    client.force_login(judge)
    return study, version, held, judge


def address(study, version):
    return reverse("extraction:consensus", args=[study.review_id, study.pk, version.form_id])


def finish(held):
    for assignment in held:
        assignments.done(assignment=assignment, by=assignment.extractor)


def test_nothing_is_shown_or_settled_before_both_are_done(client, case):
    study, version, held, _ = case
    assignments.done(assignment=held[0], by=held[0].extractor)
    reply = client.get(address(study, version))
    assert (reply.status_code, reply.url) == (302, reverse("extraction:home", args=[study.review_id]))
    assert client.post(address(study, version), {"field": "n", "raw": "51"}).status_code == 403


def test_what_differs_stands_first_and_agreement_is_said(client, case):
    study, version, held, _ = case
    finish(held)
    found = comparison(study, version.form)
    assert [line.cell.spec.key for line in found.lines] == ["n", "blind", "country"]
    assert (found.agreement.alike.hits, found.agreement.alike.n, found.waiting) == (1, 3, 2)
    page = client.get(address(study, version)).content.decode()
    assert "50 people" in page
    assert "52 people" in page
    assert "33 % alike" in page


def test_the_left_value_is_taken_or_another_one_typed(client, case):
    study, version, held, judge = case
    finish(held)
    left = Value.objects.get(author=held[0].extractor, field_key="n")
    client.post(address(study, version), {"take": left.pk, "note": "table 1", "idempotency_key": uuid4()})
    client.post(address(study, version), {"field": "blind", "state": "unclear", "idempotency_key": uuid4()})
    now = settled(version.form, [study.pk])[study.pk]
    assert (now["n@0@0"].value, now["n@0@0"].state) == ("50", "verified")
    assert now["blind@0@0"].value_state == "unclear"
    taken = Value.objects.get(author=judge, field_key="n")
    assert (taken.capacity, taken.note) == ("consensus", "table 1")
    assert comparison(study, version.form).waiting == 0


def test_what_does_not_fit_is_refused_here_too(client, case):
    study, version, held, _ = case
    finish(held)
    reply = client.post(address(study, version), {"field": "n", "raw": "some"}, follow=True)
    assert "number" in reply.content.decode()
    assert (
        "does not stand any more" in client.post(address(study, version), {"take": "0x"}, follow=True).content.decode()
    )


def test_an_extractor_at_work_settles_nothing_even_as_the_lead(client, case):
    study, version, *_ = case
    lead = study.review.created_by
    builders.join(study.review, lead, Role.EXTRACTOR)
    client.force_login(lead)
    assert client.get(address(study, version)).status_code == 302


def test_the_screen_costs_the_same_however_many_cells(client, case, django_assert_max_num_queries):
    study, version, held, _ = case
    finish(held)
    with django_assert_max_num_queries(24):
        client.get(address(study, version))
