"""The page Progress and a reviewer's numbers: who sees what, and that numbers are those of the lists."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from screening.actions import pilots, team
from screening.enums import Origin, Role
from screening.models.review import Review
from screening.models.stage import StageRule, StageState
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return builders.user("lead")


@pytest.fixture
def ana():
    return builders.user("ana", first_name="Ana", last_name="Silva")


@pytest.fixture
def ben():
    return builders.user("ben")


@pytest.fixture
def review(lead, ana, ben):
    return builders.review(lead=lead, reviewers=[ana, ben], adjudicators=[lead])


def page(client: Client, review: Review, name: str = "progress", *more: object) -> str:
    answer = client.get(reverse(f"screening:{name}", args=[review.pk, *more]))
    assert answer.status_code == 200
    return answer.content.decode()


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def team_at_work(review: Review, ana: object, ben: object) -> None:
    """One record of each kind at title and abstract."""
    both, second, _, quarrel, settled = (builders.record(review) for _ in range(5))
    for item, verdicts in ((both, "ee"), (second, "i"), (quarrel, "ie"), (settled, "ie")):
        for person, letter in zip((ana, ben), verdicts, strict=False):
            builders.decide(item, person, {"i": "include", "e": "exclude"}[letter], seconds=30)  # type: ignore[arg-type]
    builders.decide(settled, review.created_by, "include", origin=Origin.ADJUDICATION, seconds=60)


def test_every_number_is_as_long_as_its_list(client, lead, review, ana, ben):
    team_at_work(review, ana, ben)
    client.force_login(lead)
    html = page(client, review)
    linked = re.findall(r'<a href="([^"]*/records/\?[^"]*)"[^>]*>([\d,]+)</a>', html)
    assert len(linked) >= 9
    for url, n in linked:
        listed = client.get(unescape(url))
        assert listed.status_code == 200
        assert listed.context["page"].paginator.count == int(n.replace(",", "")), url


def test_a_record_waits_for_anybody_but_who_screened_it(client, lead, review, ana, ben):
    team_at_work(review, ana, ben)
    client.force_login(lead)
    assert "Ana Silva 1 anybody else 1" in words(page(client, review))


def test_with_shares_a_record_waits_for_its_person(client, lead, review, ana, ben):
    StageRule.objects.filter(review=review).update(assignment="shares")
    item = builders.record(review)
    StageState.objects.filter(record=item).update(assigned=[ana.pk, ben.pk])
    other = builders.record(review)
    StageState.objects.filter(record=other).update(assigned=[ana.pk, ben.pk])
    builders.decide(item, ana)
    client.force_login(lead)
    said = words(page(client, review))
    assert "Ana Silva 1 ben 1 1 0" in said  # hers that wait, for whom, her first opinions due, her second ones
    assert "ben 0 nobody 1 1" in said


def test_the_page_is_the_lead_s_the_auditor_s_and_the_observer_s(client, review, ana):
    client.force_login(ana)
    assert client.get(reverse("screening:progress", args=[review.pk])).status_code == 403
    for role in (Role.AUDITOR, Role.OBSERVER):
        person = builders.user()
        builders.join(review, person, role)
        client.force_login(person)
        assert "Each reviewer" not in page(client, review)


def test_an_observer_sees_totals_and_cannot_count_what_a_named_person_did(client, lead, review, ana, ben):
    team_at_work(review, ana, ben)
    team.suspend(review=review, user=ben, by=lead, reason="Away")
    StageState.objects.filter(review=review, status="unscreened").update(assigned=[ben.pk])
    seen = {}
    for role in (Role.LEAD, Role.AUDITOR, Role.OBSERVER):
        builders.join(review, person := builders.user(), role)
        client.force_login(person)
        asked = {name: {name: str(ana.pk)} for name in ("screened_by", "waits_for")}
        lists = [client.get(reverse("screening:records", args=[review.pk]), one) for one in asked.values()]
        offered = [dict(lists[0].context["form"].fields[name].choices) for name in asked]
        overview = words(client.get(review.get_absolute_url()).content.decode())
        seen[role] = (
            "Who waits for whom" in page(client, review),
            "for ben, who does not screen now" in words(page(client, review)),
            "for ben, who does not screen now" in overview,
            *(not one.context["form"].errors for one in lists),
            *(str(ana.pk) in one for one in offered),
        )
        assert "Second opinion 1" in words(page(client, review))
    assert set(seen[Role.LEAD]) == set(seen[Role.AUDITOR]) == {True}, seen
    assert set(seen[Role.OBSERVER]) == {False}, seen


def test_an_observer_reads_that_people_differ_and_how_it_ended_by_numbers_not_names(client, review, ana, ben):
    """SCR-11: what is on each record adds up. An auditor has to see who decided what, and does."""
    item = builders.record(review)
    builders.decide(item, ben, "exclude")
    builders.decide(item, ana)
    for role, named in ((Role.OBSERVER, False), (Role.AUDITOR, True)):
        builders.join(review, person := builders.user(), role)
        client.force_login(person)
        told = words(page(client, review))
        assert item.title in told
        assert ("Ana Silva and ben" in told or "ben and Ana Silva" in told) == named
        told = words(client.get(item.get_absolute_url()).content.decode())
        assert ("Ana Silva" in told) == ("ben Exclude" in told) == named, told
        assert ("Reviewer 1 Exclude" in told) == ("Reviewer 2 Include" in told) != named, told


def test_a_reviewer_s_numbers_are_that_reviewer_s_and_the_lead_s(client, lead, review, ana, ben):
    team_at_work(review, ana, ben)
    client.force_login(ana)
    assert "Your numbers" in page(client, review, "reviewer-numbers", ana.pk)
    for name, more in (("reviewer-numbers", []), ("reviewer-days", ["title_abstract"])):
        assert client.get(reverse(f"screening:{name}", args=[review.pk, ben.pk, *more])).status_code == 403
    assert client.get(reverse("screening:progress-people", args=[review.pk, "title_abstract"])).status_code == 403
    for role in (Role.AUDITOR, Role.OBSERVER, Role.ADJUDICATOR):
        person = builders.user()
        builders.join(review, person, role)
        client.force_login(person)
        assert client.get(reverse("screening:reviewer-numbers", args=[review.pk, ana.pk])).status_code == 403
    client.force_login(lead)
    assert "Ana Silva" in page(client, review, "reviewer-numbers", ana.pk)
    nowhere = reverse("screening:reviewer-numbers", args=[review.pk, builders.user().pk])
    assert client.get(nowhere).status_code == 404


def test_numbers_are_those_of_the_decisions(client, lead, review, ana, ben):
    team_at_work(review, ana, ben)
    client.force_login(lead)
    said = words(page(client, review))
    assert "Ana Silva 4 1 4 30 s 2 min 0 0 of 1" in said
    assert "ben 3 1 3 30 s 90 s 0 1 of 1" in said
    assert "lead 0 0 0 – – 1 0 of 0" in said


def test_a_lead_who_screens_is_not_told_who_was_overturned_while_records_wait(client, lead, review, ana, ben):
    builders.join(review, lead, Role.REVIEWER)
    team_at_work(review, ana, ben)
    client.force_login(lead)
    html = page(client, review)
    assert " of 1" not in words(html[html.index('id="people"') :])
    file = client.get(reverse("screening:progress-people", args=[review.pk, "title_abstract"]))
    assert all(row.endswith(b",,\r\n") for row in list(file.streaming_content)[2:])
    assert "hidden" in page(client, review, "reviewer-numbers", ben.pk)
    client.force_login(ben)
    assert "of 1" in words(page(client, review, "reviewer-numbers", ben.pk))  # one's own are one's own


def test_what_was_taken_back_and_changed_is_counted_once(client, lead, review, ana):
    item = builders.record(review)
    for verdict in ("include", "withdrawn", "exclude", "include"):
        builders.decide(item, ana, verdict)
    client.force_login(lead)
    assert "Ana Silva 1 1 1" in words(page(client, review))


def test_the_line_of_opinions_left_ends_at_what_is_left(client, lead, review, ana, ben):
    team_at_work(review, ana, ben)
    client.force_login(lead)
    rows = b"".join(
        client.get(reverse("screening:progress-days", args=[review.pk, "title_abstract"])).streaming_content
    )
    today = timezone.localdate().isoformat()
    assert rows.decode().splitlines()[-1] == f"{today},7,1,3.5,3"  # two first and second ones, and one second


def test_no_forecast_is_a_sentence_that_says_what_it_needs(client, lead, review):
    builders.record(review)
    client.force_login(lead)
    assert "at least 7 whole days since the first opinion; there are 0" in words(page(client, review))


def test_conflicts_stand_by_age(client, lead, review, ana, ben):
    team_at_work(review, ana, ben)
    old = StageState.objects.filter(review=review, status="conflict")
    old.update(changed_at=timezone.now() - timedelta(days=4))
    client.force_login(lead)
    said = words(page(client, review))
    assert "Under a day 0 1 to 3 days 0 3 to 7 days 1 Over 7 days 0" in said
    assert "1 adjudication: half came within 1 min" in said


def test_a_pilot_round_is_open_work_for_everybody_in_it(client, lead, review, ana, ben):
    items = [builders.record(review) for _ in range(3)]
    pilots.start(review=review, stage="title_abstract", size=2, reviewers=[ana.pk, ben.pk], by=lead)
    inside = StageState.objects.filter(record__in=items, pilot__isnull=False)[0].record
    builders.decide(inside, ana)
    builders.decide(inside, ben)
    client.force_login(lead)
    said = words(page(client, review))
    assert "Pilot round 2 open" in said
    for url, n in re.findall(r'<a href="([^"]*/records/\?[^"]*)"[^>]*>([\d,]+)</a>', page(client, review)):
        assert client.get(unescape(url)).context["page"].paginator.count == int(n), url
    assert "Settled 0 of 3" in said
    assert "pilot round open" in words(client.get(reverse("screening:reviews")).content.decode())


def test_somebody_suspended_is_said_to_be(client, lead, review, ana, ben):
    builders.decide(builders.record(review), ana)
    team.suspend(review=review, user=ana, by=lead)
    client.force_login(lead)
    assert "Ana Silva does not screen now" in words(page(client, review))
    client.force_login(ana)
    assert "Reviewer, suspended" in words(client.get(reverse("screening:reviews")).content.decode())


def test_queries_do_not_grow_with_records_or_people(client, lead, review, ana, ben):
    def counted(name: str, *more: object) -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, review, name, *more)
        return len(queries)

    client.force_login(lead)
    names = (("progress",), ("review",), ("reviewer-numbers", ana.pk))
    team_at_work(review, ana, ben)
    for name in names:
        page(client, review, *name)
    before = [counted(*name) for name in names]
    for person in (builders.user(), builders.user()):
        builders.join(review, person, Role.REVIEWER)
        team_at_work(review, person, ana)
    assert [counted(*name) for name in names] == before


def test_a_review_without_records_has_a_page(client, lead, review):
    client.force_login(lead)
    assert "No records at this stage yet." in words(page(client, review))
