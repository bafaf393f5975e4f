"""Who decides otherwise than the suggestion that they had seen says why, and that is kept (AI-11)."""

import json
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.urls import reverse

from audit.models.event import Event
from screening.actions.decisions import DecisionRefusedError
from screening.enums import OverrideReason, Oversight, Role
from screening.models.decision import Decision
from screening.models.stage import StageRule
from screening.policies import other_side
from screening.queries.assistants.overrides import overrides
from tests import assisting, builders
from tests.stored_suggestions import suggestion_for

pytestmark = pytest.mark.django_db
TA = "title_abstract"


@pytest.fixture
def scene():
    """A review in assist with a reviewer and a lead, one record, and an assistant that would exclude it."""
    lead, person = builders.user("lena"), builders.user("rolf")
    review = assisting.review(lead=lead, reviewers=[person], oversight=Oversight.ASSIST, reviewers_per_record=1)
    record = builders.record(review)
    suggestion = suggestion_for(assisting.start(assisting.local(review)).items.get(), verdict="exclude")
    return review, record, suggestion, lead, person


def send(client, scene, **fields):
    review, record, suggestion, _, person = scene
    client.force_login(person)
    body = {"record": record.pk, "stage": TA, "verdict": "include", "idempotency_key": str(uuid4())}
    body |= {"citing": suggestion.pk, **fields}
    return client.post(reverse("screening-api:decisions", args=[review.pk]), body, content_type="application/json")


def test_a_decision_that_differs_without_a_reason_is_refused_kindly_and_nothing_is_stored(client, scene):
    answer = send(client, scene)
    assert answer.status_code == 409
    assert "That is for you to decide" in answer.json()["detail"]
    assert "reload" in answer.json()["detail"]
    assert not Decision.objects.exists()


@pytest.mark.parametrize("code", OverrideReason.values)
def test_each_of_the_seven_reasons_is_kept(client, scene, code):
    answer = send(client, scene, override=code)
    assert answer.status_code == 201
    assert answer.json()["decision"]["override"] == code
    assert Decision.objects.get().override == code


def test_what_is_no_reason_is_refused(client, scene):
    assert send(client, scene, override="because").status_code == 400


def test_maybe_is_on_another_side_than_exclude(client, scene):
    assert send(client, scene, verdict="maybe").status_code == 409


@pytest.mark.parametrize(("suggested", "said"), [("maybe", "include"), ("include", "maybe")])
def test_on_the_same_side_no_reason_is_asked_and_one_may_be_given(client, scene, suggested, said):
    other = builders.record(scene[0])
    another = assisting.start(assisting.local(scene[0], "Another"))
    seen = suggestion_for(another.items.get(record=other), verdict=suggested)
    asked = {"record": other.pk, "citing": seen.pk, "verdict": said}
    assert send(client, scene, **asked).status_code == 201
    assert send(client, scene, **asked, override="own_judgement").status_code in (200, 201)
    found = overrides(scene[0], TA, user_id=scene[4].pk, roles={Role.LEAD})
    assert (found.accepted, found.differing, found.directions) == (1, 0, [])


def test_at_full_text_a_maybe_is_a_side_of_its_own():
    sides = [("include", "maybe"), ("maybe", "exclude"), ("include", "exclude")]
    assert all(other_side(said, suggested, stage="full_text") for said, suggested in sides)
    assert [other_side(said, suggested, stage=TA) for said, suggested in sides] == [False, True, True]
    assert not other_side("withdrawn", "include", stage=TA)


def test_who_agrees_or_saw_nothing_gives_no_reason(client, scene):
    assert send(client, scene, citing=None, override="other").status_code == 409
    assert send(client, scene, verdict="exclude", override="other").status_code == 409
    assert send(client, scene, citing=None).status_code == 201
    reason = scene[0].exclusion_reasons.get(stage=TA)
    assert send(client, scene, verdict="exclude", reason=reason.pk).status_code == 201


def test_taking_back_needs_no_reason(client, scene):
    send(client, scene, override="other")
    assert send(client, scene, verdict="withdrawn").status_code == 201


def test_what_was_stored_before_reasons_were_asked_for_is_answered_as_it_was(client, scene):
    key = str(uuid4())
    send(client, scene, override="incorrect", idempotency_key=key)
    assert send(client, scene, idempotency_key=key).status_code == 200


def test_a_decision_with_a_reason_takes_as_many_statements_as_one_without(
    client, scene, django_assert_num_queries, django_assert_max_num_queries
):
    _, record, suggestion, _, person = scene
    other = builders.record(scene[0])
    another = assisting.start(assisting.local(scene[0], "Another"))
    beside = suggestion_for(another.items.get(record=other), verdict="include")
    with django_assert_max_num_queries(100) as agreeing:
        builders.decide(other, person, "include", citing_id=beside.pk)
    with django_assert_num_queries(len(agreeing)):
        builders.decide(record, person, "include", citing_id=suggestion.pk, override="other")


def test_the_record_the_exports_and_the_audit_tell_of_it(client, scene):
    review, record, *_, lead, person = scene
    send(client, scene, override="wrong_context")
    for somebody in (lead, person):
        client.force_login(somebody)
        page = client.get(reverse("screening:record", args=[review.pk, record.pk])).content.decode()
        assert "differs from it: wrong context" in page
    client.force_login(lead)
    rows = exported(client, review, "decisions.csv")
    assert ",wrong_context," in rows
    told = json.loads(exported(client, review, "records.json"))["records"][0]["decisions"][0]
    assert told["override"] == "wrong_context"
    timeline = client.get(reverse("screening:timeline", args=[review.pk])).content.decode()
    assert "otherwise than the AI suggestion (wrong context)" in timeline
    assert Event.objects.get(type="record.decided").data["override"] == "wrong_context"


def exported(client, review, name):
    return b"".join(client.get(reverse("screening:export", args=[review.pk, name])).streaming_content).decode()


def test_who_may_not_see_the_suggestion_is_not_told_that_somebody_differed_from_it(client, scene):
    """The stage is finished, so a lead who screens may read what was said where they did not vote; not what AI said."""
    review, record, *_, lead, _ = scene
    send(client, scene, override="wrong_context")
    builders.join(review, lead, Role.REVIEWER)
    StageRule.objects.update(oversight=Oversight.BLIND_FIRST)
    client.force_login(lead)
    page = client.get(reverse("screening:record", args=[review.pk, record.pk])).content.decode()
    timeline = client.get(reverse("screening:timeline", args=[review.pk])).content.decode()
    assert "rolf" in page
    assert "included the record" in timeline
    for told in (page, timeline, exported(client, review, "decisions.csv"), exported(client, review, "records.json")):
        assert "wrong_context" not in told
        assert "wrong context" not in told


def test_the_ai_page_counts_them_by_direction(client, scene):
    review, record, suggestion, lead, person = scene
    builders.decide(record, person, "include", citing_id=suggestion.pk, override="incorrect")
    other = builders.user()
    builders.decide(record, other, "maybe", citing_id=suggestion.pk, override="other")
    third = builders.user()
    builders.decide(record, third, "include", citing_id=suggestion.pk, override="incorrect")
    found = overrides(review, TA, user_id=lead.pk, roles={Role.LEAD})
    assert (found.seen, found.accepted, found.differing) == (3, 0, 3)
    assert [(one.suggested, one.said, one.n, one.reasons) for one in found.directions] == [
        ("exclude", "include", 2, [("incorrect", 2)]),
        ("exclude", "maybe", 1, [("other reason", 1)]),
    ]
    client.force_login(lead)
    page = client.get(reverse("screening:assistants", args=[review.pk])).content.decode()
    assert "Of 3 decisions made with the suggestion in view, 0 are on its side and 3 are on another" in page
    assert "incorrect 2" in page


def test_a_lead_who_screens_blind_counts_only_their_own(scene):
    review, record, suggestion, lead, person = scene
    builders.decide(record, person, "include", citing_id=suggestion.pk, override="incorrect")
    StageRule.objects.update(oversight=Oversight.BLIND_FIRST)
    assert overrides(review, TA, user_id=lead.pk, roles={Role.LEAD, Role.REVIEWER}).seen == 0
    assert overrides(review, TA, user_id=person.pk, roles={Role.LEAD, Role.REVIEWER}).seen == 1


def test_only_the_last_word_counts(scene):
    review, record, suggestion, lead, person = scene
    builders.decide(record, person, "include", citing_id=suggestion.pk, override="incorrect")
    builders.decide(
        record, person, "exclude", citing_id=suggestion.pk, reason_id=review.exclusion_reasons.get(stage=TA).pk
    )
    found = overrides(review, TA, user_id=lead.pk, roles={Role.LEAD})
    assert (found.seen, found.accepted, found.directions) == (1, 1, [])


def test_the_database_refuses_a_reason_to_differ_from_nothing(scene):
    _, record, _, _, person = scene
    with pytest.raises(DecisionRefusedError):
        builders.decide(record, person, "include", override="other")
    made = builders.decide(record, person, "include").decision
    fields = {name: getattr(made, name) for name in ("review", "record", "stage", "verdict", "author", "oversight")}
    with pytest.raises(IntegrityError):
        Decision.objects.create(**fields, idempotency_key=uuid4(), override="other")
