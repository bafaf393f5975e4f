"""Each stage says who settles its conflicts (SCR-01); where nobody is named, every adjudicator of the review."""

from uuid import uuid4

import pytest
from django.urls import reverse

from audit import presenters
from audit.models.event import Event
from screening.actions import notifying, reviews, stages, team
from screening.actions.decisions import DecisionRefusedError
from screening.enums import Origin, Role, Stage
from screening.models.notification import Notification
from screening.models.stage import StageRule, StageState
from screening.queries.progress.warnings import obstacles
from screening.queries.team.rule_doubts import doubts
from tests import builders

pytestmark = pytest.mark.django_db
TA = Stage.TITLE_ABSTRACT


@pytest.fixture
def people():
    return [builders.user(name) for name in ("ada", "ben", "cleo", "dan")]


@pytest.fixture
def review(people):
    """Ada and Ben screen and differ; Cleo and Dan adjudicate."""
    made = builders.review(reviewers=people[:2], adjudicators=people[2:])
    record = builders.record(made)
    for person, verdict in zip(people[:2], ("include", "exclude"), strict=True):
        builders.decide(record, person, verdict)
    return made


def name(review, *people, stage=TA):
    rule = stages.rule_for(review, stage)
    return reviews.change_rule(rule=rule, by=review.created_by, adjudicators=[one.pk for one in people])


def conflict():
    return StageState.objects.get(status="conflict")


def page(client, review, person, url="conflict"):
    client.force_login(person)
    return client.get(reverse(f"screening:{url}", args=[review.pk, *([conflict().pk] if url == "conflict" else [])]))


def settle(state, by, verdict="include"):
    return builders.decide(state.record, by, verdict, origin=Origin.ADJUDICATION)


def test_the_others_find_no_conflict_no_count_and_no_way_in(client, review, people):
    _, _, cleo, dan = people
    name(review, cleo)
    assert len(page(client, review, cleo, "conflicts").context["rows"]) == 1
    listed = page(client, review, dan, "conflicts")
    assert listed.context["rows"] == []
    assert [one["count"] for one in listed.context["review_nav"] if one["label"] == "Conflicts"] == [None]
    opened = page(client, review, dan)
    assert "others settle its conflicts" in opened.content.decode()
    assert 'name="verdict"' not in opened.content.decode()
    assert client.post(reverse("screening:conflict-opinions", args=[review.pk, conflict().pk])).status_code == 403
    with pytest.raises(DecisionRefusedError, match="others settle its conflicts"):
        settle(conflict(), dan)
    settle(conflict(), cleo)
    assert not StageState.objects.filter(status="conflict").exists()


def test_those_of_another_stage_are_not_meant(client, review, people):
    name(review, people[2], stage=Stage.FULL_TEXT)
    assert len(page(client, review, people[3], "conflicts").context["rows"]) == 1


def test_only_who_may_settle_it_is_told(review, people):
    name(review, people[2])
    notifying.conflicts()
    assert list(Notification.objects.filter(kind="conflict").values_list("user", flat=True)) == [people[2].pk]


def test_a_named_person_without_the_role_is_missed_aloud(review, people):
    named = name(review, people[2])
    assert not [one for one in obstacles(review.pk) if one.code == "no-adjudicator"]
    team.set_roles(review=review, user=people[2], roles={Role.OBSERVER}, by=review.created_by)
    (told,) = [one for one in obstacles(review.pk) if one.code == "no-adjudicator"]
    assert "none of those named for it is an adjudicator now" in told.sentence
    assert told.url == reverse("screening:settings", args=[review.pk])
    assert any("None of those who settle conflicts" in one.sentence for one in doubts(named))


def form(client, review, *people):
    client.force_login(review.created_by)
    fields = {
        "reviewers_per_record": 2, "double_share": 100, "reasons": "Wrong population", "own_conflicts": "on",
        "assignment": "open", "queue_order": "relevance", "oversight": "blind_first",
        "adjudicators": [str(one.pk) for one in people],
    }  # fmt: skip
    data = {"form": "title_abstract"} | {f"title_abstract-{field}": value for field, value in fields.items()}
    return client.post(reverse("screening:settings", args=[review.pk]), data)


def test_a_lead_names_them_in_the_settings_and_takes_it_back(client, review, people):
    assert form(client, review, people[3], people[2]).status_code == 302
    rule = StageRule.objects.get(review=review, stage=TA)
    assert rule.adjudicators == [people[2].pk, people[3].pk]
    shown = client.get(reverse("screening:settings", args=[review.pk])).content.decode()
    assert "Settled by cleo or dan, also where their own vote is part of it" in shown
    event = Event.objects.filter(type="stage.changed").latest("id")
    assert "who settles conflicts: cleo and dan" in presenters.sentence(event.type, event.data)
    assert form(client, review).status_code == 302
    assert StageRule.objects.get(review=review, stage=TA).adjudicators == []


def test_somebody_who_does_not_adjudicate_can_not_be_named(client, review, people):
    assert form(client, review, people[0]).status_code == 200
    assert StageRule.objects.get(review=review, stage=TA).adjudicators == []


def test_what_asks_first_carries_the_names(client, review, people):
    name(review, people[2], people[3])
    client.force_login(review.created_by)
    shown = client.get(reverse("screening:settings", args=[review.pk])).context["rules"]
    (made,) = [one["form"] for one in shown if one["form"].prefix == "title_abstract"]
    made.changes = {}
    assert [value for field, value in made.as_merged if field.endswith("adjudicators")] == [
        str(people[2].pk),
        str(people[3].pk),
    ]


def test_an_adjudication_of_somebody_who_left_can_be_made_anew(client, review, people):
    _, _, cleo, dan = people
    state = conflict()
    settle(state, cleo, "exclude")
    with pytest.raises(DecisionRefusedError, match="not in conflict any more"):
        settle(state, dan)
    client.force_login(dan)
    address = reverse("screening:conflict", args=[review.pk, state.pk])
    page = state.record.get_absolute_url()
    assert address not in client.get(page).content.decode()
    team.set_roles(review=review, user=cleo, roles=set(), by=review.created_by)
    assert address in client.get(page).content.decode()
    assert "settled by somebody who adjudicates here no more" in client.get(address).content.decode()
    assert client.post(address, {"verdict": "include", "idempotency_key": str(uuid4())}).status_code == 302
    state.refresh_from_db()
    assert state.status == "included"
