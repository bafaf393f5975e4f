"""Opinions are opened by an adjudicator, of a conflict, and of nothing else (SCR-02)."""

import re

import pytest
from django.urls import reverse

from audit.models.event import Event
from screening.actions import pilots
from screening.enums import Origin, Role, Verdict
from screening.models.stage import StageState
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(client):
    """One who reviews and adjudicates is signed in; another has voted first."""
    judge, other = builders.user(), builders.user("otto")
    review = builders.review(reviewers=[judge, other], adjudicators=[judge])
    record = builders.record(review)
    builders.decide(record, other, Verdict.EXCLUDE)
    client.force_login(judge)
    state = StageState.objects.get(record=record)
    return reverse("screening:conflict-opinions", args=[review.pk, state.pk]), record, judge


def test_an_adjudicator_who_screens_cannot_look_at_the_first_vote_before_their_own(client, scene):
    address, _, _ = scene
    answer = client.post(address)
    assert answer.status_code == 404
    assert "otto" not in answer.content.decode()
    assert not Event.objects.filter(type="conflict.opened").exists()


def test_in_a_conflict_they_open_and_the_ledger_says_who_did(client, scene):
    address, record, judge = scene
    builders.decide(record, judge, Verdict.INCLUDE)
    assert "otto" in client.post(address).content.decode()
    assert Event.objects.get(type="conflict.opened").actor_id == judge.pk


def test_one_who_is_adjudicator_only_opens_no_record_that_is_not_in_conflict_either(client, scene):
    address, record, _ = scene
    arbiter = builders.user()
    builders.join(record.review, arbiter, Role.ADJUDICATOR)
    client.force_login(arbiter)
    assert client.post(address).status_code == 404


def test_an_adjudicator_who_took_no_part_reads_a_record_of_a_pilot_round_before_its_opinions(client):
    """Those who took part see all: that is what the discussion is for. So does a lead who settles nothing."""
    people, judge = [builders.user("ada"), builders.user("ben")], builders.user("judge")
    review = builders.review(reviewers=people, adjudicators=[judge])
    builders.join(review, judge, Role.LEAD)
    item, shared = builders.record(review), {"stage": "title_abstract", "by": review.created_by}
    pilot = pilots.start(review=review, size=1, reviewers=[one.pk for one in people], **shared)
    for person, verdict in zip(people, (Verdict.INCLUDE, Verdict.EXCLUDE), strict=True):
        builders.decide(item, person, verdict, note=f"{person} wrote this")
    pilots.close(pilot=pilot, by=review.created_by)
    state = StageState.objects.get(record=item, stage="title_abstract")
    for person, sees in ((judge, False), (people[0], True), (review.created_by, True)):
        client.force_login(person)
        page = client.get(reverse("screening:pilot", args=[review.pk, pilot.pk])).content.decode()
        assert ("ben wrote this" in page) == sees, person
        assert (reverse("screening:conflict", args=[review.pk, state.pk]) in page) != sees


@pytest.mark.parametrize("also", [(), (Role.LEAD,), (Role.AUDITOR, Role.OBSERVER)], ids=["alone", "lead", "auditor"])
def test_no_other_page_tells_an_adjudicator_what_was_said_in_an_open_conflict(client, also):
    """The page of the record, the timeline, files and lists: how people disagree shows where opening it is recorded."""
    people, judge = [builders.user("ada", last_name="Lovelace"), builders.user("ben")], builders.user("judge")
    review = builders.review(reviewers=people, adjudicators=[judge])
    for role in also:
        builders.join(review, judge, role)
    item = builders.record(review)
    for person, verdict in zip(people, (Verdict.INCLUDE, Verdict.EXCLUDE), strict=True):
        builders.decide(item, person, verdict)
    state = StageState.objects.get(record=item, stage="title_abstract")
    addresses = [item.get_absolute_url()]
    if also:
        here = [review.pk]
        addresses += [reverse("screening:record-timeline", args=[*here, item.pk])]
        addresses += [reverse("screening:timeline", args=here), reverse("screening:timeline-csv", args=here)]
        addresses += [reverse("screening:export", args=[*here, f"{what}.csv"]) for what in ("decisions", "records")]
        builders.protocol(review, by=review.created_by, criteria=[("controlled", "S")])
        addresses += [reverse("screening:protocol-affected", args=[*here, 2, "title_abstract"]) + "?what=decisions"]
    client.force_login(judge)
    for address in addresses:
        assert not re.search(how(address), read(client, address)), address
    assert reverse("screening:conflict", args=[review.pk, state.pk]) in client.get(addresses[0]).content.decode()
    assert not Event.objects.filter(type="conflict.opened").exists()
    builders.decide(item, judge, Verdict.INCLUDE, origin=Origin.ADJUDICATION)
    for address in addresses:
        assert re.search(how(address), read(client, address)), address  # settled: nothing is left to be read first


def how(address):
    """What would tell it. The timeline says who changed the record's standing, which is who, not how."""
    return (
        r"(ada|Lovelace|ben)\b[^.]*\b(included|excluded) the record"
        if "audit" in address
        else r"Lovelace|\bada\b|\bben\b"
    )


def read(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
    return re.sub(r"<[^>]+>", " ", re.sub(r"<(select|datalist)[^>]*>.*?</\1>", "", text, flags=re.DOTALL))
