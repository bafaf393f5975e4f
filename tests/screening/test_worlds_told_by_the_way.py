"""AI-02 beside the pages: numbers that can be tried, alerts, and what a panel works on, as machines say them."""

import pytest
from django.db import transaction
from django.urls import reverse

from audit.events import record as tell
from audit.models.event import Event
from audit.models.model_call import ModelCall
from screening.enums import ItemStatus, Oversight, Role, Stage
from screening.models.run import RunItem
from screening.queries.assistants import runs
from screening.queries.audited.veil import EVENT, shown
from screening.queries.telling.alerts import alerts
from tests import builders
from tests.screening.machine_worlds import Scene, World, scene

pytestmark = pytest.mark.django_db
BOUND = (Role.REVIEWER, Role.LEAD, Role.ADJUDICATOR, Role.AUDITOR)


def told(client, seen: Scene, world: World) -> tuple[set[int], list[str]]:
    """The answers to forty numbers that a call of a model may have, and the alerts; the world is undone."""
    with transaction.atomic():
        world.made(seen)
        first = ModelCall.objects.filter(review_id=seen.review.pk).earliest("pk").pk
        asked = [reverse("screening:model-call", args=[seen.review.pk, number]) for number in range(first, first + 40)]
        statuses = {client.get(address).status_code for address in asked}
        sentences = [one.sentence.replace(str(seen.panel.pk), "N") for one in alerts().get(seen.review.pk, [])]
        transaction.set_rollback(True)
    return statuses, sentences


def test_neither_numbers_of_calls_nor_alerts_tell_what_a_panel_said(client):
    seen = scene(BOUND, Oversight.BLIND_FIRST)
    client.force_login(seen.me)
    one, other = (told(client, seen, World(verdict)) for verdict in ("exclude", "include"))
    assert one == other
    assert one[0] == {404}
    assert any("Run N ended with 1 record that failed" in sentence for sentence in one[1])  # of a member, in both


def test_what_a_panel_works_on_waits_for_whoever_has_no_vote_on_it():
    seen = scene(BOUND, Oversight.BLIND_FIRST)
    item = seen.panel.items.filter(member=None).first()
    before = runs.progress(seen.panel, voted_by=seen.me.pk)
    RunItem.objects.filter(pk=item.pk).update(status=ItemStatus.CLAIMED)
    assert runs.progress(seen.panel, voted_by=seen.me.pk) == before
    assert runs.progress(seen.panel).claimed == 1


@pytest.mark.parametrize("named", [{"stage": Stage.TITLE_ABSTRACT}, {}])
def test_a_line_of_a_suggestion_shows_after_the_vote_also_where_it_names_no_stage(named):
    seen = scene((Role.REVIEWER, Role.AUDITOR), Oversight.BLIND_FIRST)
    record = seen.records["open"]
    line = tell(
        "record.suggested", subject=seen.local, by=seen.one, review_id=seen.review.pk, record_id=record.pk,
        run=seen.local.pk, **named,
    )  # fmt: skip
    lines = Event.objects.filter(pk=line.pk)
    assert not lines.filter(shown(seen.review, seen.me.pk, (Role.REVIEWER,))[EVENT]).exists()
    builders.decide(record, seen.me, "include")
    assert lines.filter(shown(seen.review, seen.me.pk, (Role.REVIEWER,))[EVENT]).exists()
