"""No number in an address, a form or a request reaches a row of another review."""

import json
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from extraction.actions import assignments, values
from extraction.models.proposal import Rejection
from extraction.models.value import Value
from screening.enums import Role
from tests import builders, extracting

pytestmark = pytest.mark.django_db
FIELDS = [{"key": "n", "label": "N", "kind": "number"}]
GROUPS = [
    {"key": "g", "label": "G", "fields": FIELDS},
    {"key": "a", "label": "A", "repeats": "arm", "fields": [{"key": "m", "label": "M", "kind": "number"}]},
]
SCHEMA = {"title": "D", "purpose": "data", "groups": GROUPS}
SECRET = "4711"


def review_with_everything(name):
    """Its study, form version, arm, proposal and a value; extracted by one person, who is done."""
    review = builders.review(title=name, ai_enabled=True)
    extracting.rule(review, 1)
    version = extracting.form_version(review, SCHEMA)
    study, person = extracting.included_study(review, label=f"Study of {name}"), extracting.extractor(review)
    arm = extracting.arm(study)
    held = assignments.begin(study=study, form=version.form, by=person)
    values.record(
        study=study, form=version.form, field_key="n", raw=SECRET, by=person, idempotency_key=uuid4(), note=SECRET
    )
    assignments.done(assignment=held, by=person)
    return review, study, version, arm, extracting.proposal(study, version, "n", SECRET)


@pytest.fixture
def own(client):
    made = review_with_everything("Mine")
    review, study, version, *_ = made
    person = review.created_by
    for role in (Role.EXTRACTOR, Role.ADJUDICATOR):
        builders.join(review, person, role)
    study.assignments.all().delete()
    extracting.assign(study, version, person)
    client.force_login(person)
    return made


@pytest.fixture
def theirs(db):
    return review_with_everything("Theirs")


@pytest.mark.parametrize("page", ["sheet", "consensus", "cell", "work", "assign", "values", "rejections"])
def test_a_study_or_a_form_of_another_review_is_not_found(client, own, theirs, page):
    space = "extraction-api" if page in ("values", "rejections") else "extraction"
    cell = ["n@0@0"] if page == "cell" else []
    mine, other = (own[1].pk, own[2].form_id), (theirs[1].pk, theirs[2].form_id)
    for study, form in ((other[0], other[1]), (mine[0], other[1]), (other[0], mine[1])):
        address = reverse(f"{space}:{page}", args=[own[0].pk, study, form, *cell])
        sent = json.dumps({"field": "n", "raw": "5", "idempotency_key": str(uuid4()), "proposal": 1, "reason": "other"})
        replies = [client.post(address, sent, content_type="application/json")]
        replies += [] if page in ("work", "assign", "values", "rejections") else [client.get(address)]
        for reply in replies:
            assert reply.status_code in (404, 405)
            assert SECRET not in reply.content.decode()
        assert client.get(reverse(f"{space}:{page}", args=[theirs[0].pk, *other, *cell])).status_code in (404, 405)


@pytest.mark.parametrize("page", ["form", "form-json", "form-publish", "form-versions", "bias-file", "table-file"])
def test_a_form_of_another_review_is_not_found(client, own, theirs, page):
    rest = {"form-json": [1], "bias-file": ["summary.csv"], "table-file": ["table.csv"]}.get(page, [])
    assert client.get(reverse(f"extraction:{page}", args=[own[0].pk, theirs[2].form_id, *rest])).status_code == 404
    assert client.get(reverse(f"extraction:{page}", args=[theirs[0].pk, theirs[2].form_id, *rest])).status_code == 404


def test_the_table_shows_no_form_of_another_review(client, own, theirs):
    asked = {"form": theirs[2].form_id}
    assert "Study of Theirs" not in client.get(reverse("extraction:table", args=[own[0].pk]), asked).content.decode()
    assert client.get(reverse("extraction-api:table", args=[own[0].pk]), asked).status_code == 404


def test_arms_proposals_and_values_of_others_are_refused(client, own, theirs):
    review, study, version, *_ = own
    _, _, _, arm, proposal = theirs
    before = Value.objects.count()
    place = [review.pk, study.pk, version.form_id]
    address = reverse("extraction-api:values", args=place)
    for said in (
        {"field": "m", "arm": arm.pk},
        {"field": "n", "citing": proposal.pk},
        {"field": "n", "accept": proposal.pk},
    ):
        sent = json.dumps({"raw": "5", "idempotency_key": str(uuid4()), **said})
        reply = client.post(address, sent, content_type="application/json")
        assert reply.status_code == 409
        assert SECRET not in reply.content.decode()
    sheet = reverse("extraction:sheet", args=place)
    for verb, name in (("arm_rename", "id"), ("arm_retire", "id"), ("accept", "proposal"), ("reject", "proposal")):
        asked = {"do": verb, name: arm.pk if name == "id" else proposal.pk, "name": "Mine now", "reason": "other"}
        assert client.post(sheet, asked).status_code == 404
    study.assignments.update(status="done", done_at=timezone.now())
    consensus = reverse("extraction:consensus", args=place)
    for name, pk in (("take", theirs[1].values.get().pk), ("proposal", proposal.pk), ("checked_proposal", proposal.pk)):
        assert SECRET not in client.post(consensus, {name: pk}, follow=True).content.decode()
    arm.refresh_from_db()
    assert (Value.objects.count(), Rejection.objects.count(), arm.name, arm.retired) == (before, 0, "Placebo", False)


def test_a_place_in_another_review_is_not_given_or_taken(client, own, theirs):
    stranger = theirs[1].assignments.get().extractor
    address = reverse("extraction:assign", args=[own[0].pk, own[1].pk, own[2].form_id])
    for verb in ("assign", "release", "reopen"):
        assert client.post(address, {"do": verb, "extractor": stranger.pk}).status_code == 404
    assert theirs[1].assignments.get().status == "done"
