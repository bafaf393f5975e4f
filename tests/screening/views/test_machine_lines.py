"""What of machines' work stands in the timeline and on the pages of runs for somebody who may vote (AI-02)."""

import pytest
from django.urls import reverse

from screening.enums import Oversight, Role
from screening.models.run import RunItem
from screening.models.stage import StageRule
from screening.queries.assistants import exceptions
from screening.queries.assistants.exceptions import Eyes
from tests import assisting, builders
from tests.screening import machine_worlds
from tests.screening.machine_worlds import NOWHERE, called, fail, say

pytestmark = pytest.mark.django_db
LINES = ("asked openai/x", "made an AI suggestion", "could make no AI suggestion")


@pytest.fixture
def scene(client):
    """A lead who screens, and a panel that failed on the one record since its adjudicating model refused."""
    lead = builders.user("lena")
    review = assisting.review(lead=lead, reviewers=[lead], reviewers_per_record=1)
    record = builders.record(review)
    members = [assisting.llm(review, NOWHERE, f"member-{n}") for n in (1, 2)]
    run = assisting.start(assisting.panel(review, *members, adjudicator=assisting.llm(review, NOWHERE, "adjudicator")))
    for item in run.items.filter(member__isnull=False):
        say(item, "exclude", calls=True)
    fail(run.items.get(member=None), "member-3 does not accept the key (HTTP 401)")
    client.force_login(lead)
    return review, record, run, lead


def timeline(client, review, record):
    address = reverse("screening:record-timeline", args=[review.pk, record.pk])
    return client.get(address).content.decode() + "".join(
        map(bytes.decode, client.get(f"{address}timeline.csv").streaming_content)
    )


def test_the_timeline_has_no_line_of_machines_before_the_vote_and_all_of_them_after_it(client, scene):
    review, record, _, lead = scene
    before = timeline(client, review, record)
    assert "~call" not in before
    assert not any(line in before for line in LINES)
    builders.decide(record, lead)
    after = timeline(client, review, record)
    assert after.count("~call") >= 3
    assert all(line in after for line in LINES)


@pytest.mark.parametrize(
    ("mode", "shown"), [(Oversight.ASSIST, True), (Oversight.PRIORITISE, False), (Oversight.OFF, False)]
)
def test_other_modes_show_lines_always_or_never(client, scene, mode, shown):
    review, record, _, lead = scene
    StageRule.objects.filter(review=review).update(oversight=mode)
    if not shown:
        builders.decide(record, lead)
    assert ("~call" in timeline(client, review, record)) is shown


def test_a_record_that_was_merged_stands_where_its_root_stands(client, scene):
    review, record, _, lead = scene
    root = builders.record(review)
    record.merged_into, record.active = root, False
    record.save()
    assert "~call" not in timeline(client, review, root)
    builders.decide(root, lead)
    assert "~call" in timeline(client, review, root)


def test_whoever_does_not_screen_sees_all_lines(client, scene):
    review, record, _, _ = scene
    auditor = builders.user()
    builders.join(review, auditor, Role.AUDITOR)
    client.force_login(auditor)
    assert timeline(client, review, record).count("~call") >= 3


def test_that_a_panel_failed_shows_after_the_vote(client, scene):
    review, record, run, lead = scene
    page, eyes = reverse("screening:run", args=[review.pk, run.pk]), Eyes(lead.pk, frozenset({"lead", "reviewer"}))
    before = client.get(page).context["progress"]
    assert (before.done, before.failed) == (1, 0)
    assert exceptions.how_many(review, eyes) == 0
    assert exceptions.how_many(review, Eyes(lead.pk, frozenset({"lead"}))) == 1
    builders.decide(record, lead, "maybe")
    after = client.get(page).context["progress"]
    assert (after.done, after.failed) == (0, 1)


@pytest.mark.parametrize(("voted", "others", "shown"), [(False, 0, False), (True, 0, True), (False, 19, True)])
def test_what_a_run_of_few_records_took_shows_once_they_are_voted_on(client, voted, others, shown):
    lead = builders.user()
    review = assisting.review(lead=lead, reviewers=[lead])
    records = [builders.record(review) for _ in range(1 + others)]
    run = assisting.start(assisting.llm(review, NOWHERE, "screener"))
    called(RunItem.objects.filter(run=run).first(), "A reply", 77)
    if voted:
        builders.decide(records[0], lead)
    client.force_login(lead)
    spent = client.get(reverse("screening-api:run", args=[review.pk, run.pk])).json()["spent"]
    assert (spent is not None) is shown


def test_whoever_screens_is_told_a_budget_in_tenths(client, scene):
    review, _, _, lead = scene
    machine_worlds.budgets.change(
        review_id=review.pk, by=lead, daily_usd=None, total_usd=None, daily_calls=None, total_calls=20
    )
    page = client.get(reverse("screening:assistants", args=[review.pk]))
    assert [one["value"] for one in page.context["sums"]] == ["–", "–", "–", "≤ 20 %"]
    StageRule.objects.filter(review=review).update(oversight=Oversight.ASSIST)
    page = client.get(reverse("screening:assistants", args=[review.pk]))
    assert [one["value"] for one in page.context["sums"]][2:] == ["3", "3"]
