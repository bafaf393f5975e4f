"""The team can change at any moment; what a change does is said, can be undone, and two leads don't cross (SCR-06)."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models.event import Event
from screening.actions import pilots, reviews, stages, team
from screening.actions.reconcile import drifts
from screening.actions.reservations import claim_next
from screening.enums import Assignment, Role
from screening.models.pilot import PilotRound
from screening.models.review import Membership
from screening.models.reviewer import Reviewer
from screening.models.stage import Reservation, StageState
from tests import builders

pytestmark = pytest.mark.django_db

STAGE = "title_abstract"


@pytest.fixture
def people():
    return [builders.user(name) for name in ("ada", "ben", "cleo")]


@pytest.fixture
def review(people):
    return builders.review(lead=builders.user("lead"), reviewers=people)


@pytest.fixture
def lead(client, review):
    client.force_login(review.created_by)
    return review.created_by


def page(client, review):
    return client.get(reverse("screening:team", args=[review.pk]))


def do(client, review, user, verb, **data):
    return client.post(reverse("screening:member-change", args=[review.pk, user.pk, verb]), data)


def undo(client, answer):
    (said,) = get_messages(answer.wsgi_request)
    return client.post(said.extra_tags.removeprefix("undo:"))


def told(answer):
    return " ".join(str(said) for said in get_messages(answer.wsgi_request))


def confirm(client, answer):
    asked = answer.context["question"]
    return client.post(asked.action, {"confirmed": "yes", **dict(asked.fields)})


def roles(review, user):
    return set(Membership.objects.filter(review=review, user=user).values_list("role", flat=True))


def by_share(review):
    reviews.change_rule(rule=stages.rule_for(review, STAGE), by=review.created_by, assignment=Assignment.SHARES)


def seniors_asked(review, **fields):
    rule = stages.rule_for(review, STAGE)
    reviews.change_rule(rule=rule, by=review.created_by, senior_among=True, **fields)


def hold(review, user):
    return claim_next(rule=stages.rule_for(review, STAGE), reviewer_id=user.pk, limit=2, have=[])


def statuses(review):
    return sorted(StageState.objects.filter(review=review, stage=STAGE).values_list("status", flat=True))


# -- who sees what -----------------------------------------------------------------------------------------------------
def test_others_see_names_and_roles_and_nothing_of_how_anybody_screens(client, review, people):
    team.suspend(review=review, user=people[0], by=review.created_by, reason="On leave")
    client.force_login(people[1])
    shown = page(client, review).content.decode()
    assert "ada" in shown
    assert "Reviewer" in shown
    for secret in ("On leave", "Suspended", "In hand", "Last decision", "Change"):
        assert secret not in shown
    assert client.get(reverse("screening:member", args=[review.pk, people[0].pk])).status_code == 403


def test_a_lead_sees_what_each_person_has_and_nobody_how_they_decided(client, review, people, lead):
    record = builders.record(review)
    builders.decide(record, people[0], "exclude")
    builders.record(review), hold(review, people[1])
    team.suspend(review=review, user=people[2], by=lead, reason="On leave until May")
    shown = page(client, review)
    rows = {person.user.username: person for person in shown.context["people"]}
    assert (rows["ada"].last is not None, rows["ben"].in_hand, rows["cleo"].why) == (True, 2, "On leave until May")
    assert "On leave until May" in shown.content.decode()
    assert "xclude" not in shown.content.decode()


def test_the_page_takes_as_many_queries_for_three_people_as_for_nine(client, review, people, lead):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            page(client, review)
        return len(captured)

    by_share(review)
    builders.record(review)
    page(client, review)
    few = queries()
    for _ in range(6):
        builders.join(review, person := builders.user(), Role.REVIEWER)
        team.set_share(review=review, user=person, share=50, by=lead)
        builders.decide(builders.record(review), person)
    assert queries() == few


# -- adding ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("named", ["dora", "  dora ", "DORA@example.org"])
def test_somebody_is_added_by_name_or_address(client, review, lead, named):
    dora = builders.user("dora", email="dora@example.org")
    client.post(reverse("screening:team", args=[review.pk]), {"person": named, "roles": ["reviewer"]})
    assert roles(review, dora) == {"reviewer"}


def test_an_address_of_two_accounts_is_asked_about(client, review, lead):
    for name in ("dora", "dorothea"):
        builders.user(name, email="dora@example.org")
    sent = client.post(reverse("screening:team", args=[review.pk]), {"person": "dora@example.org", "roles": "reviewer"})
    assert "Two accounts here have that address" in sent.content.decode()


@pytest.mark.parametrize("data", [{"person": "nobody"}, {"person": "x" * 300}, {"person": "ada", "roles": "boss"}, {}])
def test_nobody_is_added_by_nonsense(client, review, lead, data):
    before = Membership.objects.count()
    sent = client.post(reverse("screening:team", args=[review.pk]), {"roles": "reviewer"} | data)
    assert sent.status_code == 200
    assert Membership.objects.count() == before


# -- roles -------------------------------------------------------------------------------------------------------------
def test_a_reviewer_who_is_removed_leaves_what_they_held_to_the_others_and_comes_back_by_undo(
    client, review, people, lead
):
    record = builders.record(review)
    builders.decide(record, people[0])
    builders.record(review), hold(review, people[0])
    gone = do(client, review, people[0], "roles", shown="reviewer")
    assert roles(review, people[0]) == set()
    assert not Reservation.objects.filter(reviewer=people[0]).exists()
    assert StageState.objects.get(record=record, stage=STAGE).voters == [people[0].pk]
    undo(client, gone)
    assert roles(review, people[0]) == {"reviewer"}


def test_the_last_lead_stays(client, review, lead):
    assert "A review needs a lead" in told(do(client, review, lead, "roles", roles=["reviewer"], shown="lead"))
    assert roles(review, lead) == {"lead"}


def test_a_lead_who_leaves_is_led_out_of_the_review(client, review, people, lead):
    team.set_roles(review=review, user=people[0], roles={Role.LEAD}, by=lead)
    left = do(client, review, lead, "roles", shown="lead")
    assert left.url == reverse("screening:reviews")
    assert page(client, review).status_code == 404


def test_roles_that_another_lead_changed_are_not_overwritten(client, review, people, lead):
    team.set_roles(review=review, user=people[0], roles={Role.REVIEWER, Role.ADJUDICATOR}, by=lead)
    sent = do(client, review, people[0], "roles", roles=["reviewer", "extractor"], shown="reviewer")
    assert "adjudicator, reviewer" in told(sent)
    assert "Nothing of yours was stored" in told(sent)
    assert roles(review, people[0]) == {"reviewer", "adjudicator"}


def test_a_role_that_there_is_not_is_refused(client, review, people, lead):
    assert do(client, review, people[0], "roles", roles=["boss"], shown="reviewer").status_code == 200
    assert roles(review, people[0]) == {"reviewer"}


# -- suspending --------------------------------------------------------------------------------------------------------
def test_suspending_gives_back_what_was_held_keeps_the_votes_and_is_undone(client, review, people, lead):
    builders.record(review), builders.record(review)
    hold(review, people[0])
    paused = do(client, review, people[0], "suspend", reason="On leave")
    assert not Reservation.objects.filter(reviewer=people[0]).exists()
    assert Event.objects.get(type="reviewer.suspended").reason == "On leave"
    assert hold(review, people[1])
    undo(client, paused)
    assert not Reviewer.objects.get(review=review, user=people[0]).suspended


def test_suspending_twice_is_suspending_once(client, review, people, lead):
    for _ in range(2):
        do(client, review, people[0], "suspend", reason="On leave")
    assert Event.objects.filter(type="reviewer.suspended").count() == 1


def test_a_reason_of_a_thousand_letters_is_refused_on_the_persons_page(client, review, people, lead):
    sent = do(client, review, people[0], "suspend", reason="x" * 1_000)
    assert "at most 300 characters" in sent.content.decode()
    assert not Reviewer.objects.filter(suspended=True).exists()


# -- shares ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("share", ["-1", "1001", "half", "", "1.5", "9" * 30])
def test_a_share_that_is_none_is_refused_with_its_bounds(client, review, people, lead, share):
    sent = do(client, review, people[0], "share", share=share)
    assert sent.status_code == 200
    assert "errorlist" in sent.content.decode()
    assert not Reviewer.objects.filter(review=review).exclude(share=100).exists()


def test_a_share_says_who_will_get_how_many_and_that_is_what_they_get(client, review, people, lead):
    by_share(review)
    for _ in range(30):
        builders.record(review)
    asked = do(client, review, people[0], "share", share=0, shown=100)
    ((stage,),) = ([one["it"] for one in asked.context["previews"]],)
    said = {hand.user_id: hand.after for hand in stage.hands}
    assert (said[people[0].pk], sum(said.values())) == (0, 60)
    assert not StageState.objects.exclude(assigned__len=2).exists()
    done = confirm(client, asked)
    given = {person.pk: StageState.objects.filter(assigned__contains=[person.pk]).count() for person in people}
    assert given == said | {people[0].pk: 0}
    undo(client, done)
    assert Reviewer.objects.get(user=people[0]).share == 100


def test_a_share_of_nothing_is_one(client, review, people, lead):
    do(client, review, people[0], "share", share=0, shown=100)
    assert Reviewer.objects.get(user=people[0]).share == 0


def test_a_share_that_another_lead_set_is_not_overwritten(client, review, people, lead):
    team.set_share(review=review, user=people[0], share=30, by=lead)
    sent = do(client, review, people[0], "share", share=70, shown=100)
    assert "to 30 % in the meantime" in told(sent)
    assert Reviewer.objects.get(user=people[0]).share == 30


# -- seniority ---------------------------------------------------------------------------------------------------------
def test_what_seniority_does_to_records_is_said_first(client, review, people, lead):
    record = builders.record(review)
    for person in people[:2]:
        builders.decide(record, person)
    seniors_asked(review)
    asked = do(client, review, people[0], "senior")
    (one,) = [shown["it"] for shown in asked.context["previews"]]
    assert next((c.old, c.new, c.records) for c in one.changes) == ("partial", "included", 1)
    assert statuses(review) == ["partial"]
    done = confirm(client, asked)
    assert statuses(review) == ["included"]
    undo(client, done)
    assert statuses(review) == ["partial"]
    assert list(drifts(review)) == []


def test_the_last_senior_reviewer_who_is_none_any_more_is_a_warning(client, review, people, lead):
    seniors_asked(review, reviewers_per_record=1)
    team.set_senior(review=review, user=people[0], senior=True, by=lead)
    builders.decide(builders.record(review), people[0])
    asked = do(client, review, people[0], "not-senior")
    assert "Nobody else who screens is a senior reviewer" in asked.content.decode()


def test_seniority_without_a_rule_that_asks_for_it_is_set_at_once(client, review, people, lead):
    do(client, review, people[0], "senior")
    assert Reviewer.objects.get(user=people[0]).senior


# -- replacing ---------------------------------------------------------------------------------------------------------
def test_who_is_replaced_hands_over_standing_share_and_pilot_round_and_keeps_the_votes(client, review, people, lead):
    dora = builders.user("dora")
    team.set_senior(review=review, user=people[0], senior=True, by=lead)
    team.set_share(review=review, user=people[0], share=50, by=lead)
    record = builders.record(review)
    builders.decide(record, people[0])
    builders.record(review)
    pilots.start(review=review, stage=STAGE, size=1, reviewers=[people[0].pk, people[1].pk], by=lead)
    hold(review, people[0])
    done = do(client, review, people[0], "replace", person="dora", reason="Left the institute")
    row = Reviewer.objects.get(review=review, user=dora)
    assert (row.senior, row.share, roles(review, dora), roles(review, people[0])) == (True, 50, {"reviewer"}, set())
    assert PilotRound.objects.get().reviewers == [people[1].pk, dora.pk]
    assert not Reservation.objects.filter(reviewer=people[0]).exists()
    assert StageState.objects.get(record=record, stage=STAGE).voters == [people[0].pk]
    undo(client, done)
    assert (roles(review, dora), roles(review, people[0])) == (set(), {"reviewer"})
    assert sorted(PilotRound.objects.get().reviewers) == sorted([people[0].pk, people[1].pk])


def test_nobody_is_replaced_by_somebody_who_screens_already_or_by_themselves(client, review, people, lead):
    assert "ben is a reviewer here already" in told(do(client, review, people[0], "replace", person="ben"))
    assert "ada is no reviewer" in told(do(client, review, people[0], "replace", person="ada"))
    assert "lead is no reviewer" in told(do(client, review, lead, "replace", person="ada"))
    assert "Nobody here has that name" in do(client, review, people[0], "replace", person="zed").content.decode()


def test_a_former_reviewer_who_takes_a_seniors_place_settles_what_they_voted_on(client, review, people, lead):
    team.set_senior(review=review, user=people[0], senior=True, by=lead)
    record = builders.record(review)
    for person in people[1:]:
        builders.decide(record, person)
    seniors_asked(review)
    assert statuses(review) == ["partial"]
    team.suspend(review=review, user=people[2], by=lead)
    team.set_roles(review=review, user=people[2], roles=set(), by=lead)
    do(client, review, people[0], "replace", person="cleo")
    assert statuses(review) == ["included"]
    assert list(drifts(review)) == []
    assert not Reviewer.objects.get(user=people[2]).suspended


# -- who may -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("verb", ["suspend", "resume", "senior", "share", "replace", "roles", "promote"])
def test_only_a_lead_changes_anybody_and_strangers_are_not_found(client, review, people, verb):
    client.force_login(people[0])
    assert do(client, review, people[1], verb).status_code == 403
    client.force_login(review.created_by)
    stranger = builders.user("stranger")
    assert do(client, review, stranger, verb).status_code == 404
    assert not Reviewer.objects.exists()


def conflicting(review, people, n=2):
    for _ in range(n):
        record = builders.record(review)
        builders.decide(record, people[0], "include")
        builders.decide(record, people[1], "exclude")


def test_the_last_adjudicator_is_taken_off_only_after_it_is_said_what_will_wait(client, review, lead, people):
    judge = builders.user("jo")
    builders.join(review, judge, Role.ADJUDICATOR)
    conflicting(review, people)
    member = client.get(reverse("screening:member", args=[review.pk, judge.pk])).content.decode()
    assert "2 records are in conflict and would wait" in member
    asked = do(client, review, judge, "roles", roles=["observer"], shown="adjudicator")
    assert "2 records are in conflict and would wait, and so would every further one" in asked.context["question"].note
    assert asked.context["question"].rows == [("jo", "Adjudicator", "Observer")]
    assert Membership.objects.get(review=review, user=judge).role == Role.ADJUDICATOR
    done = confirm(client, asked)
    assert Membership.objects.get(review=review, user=judge).role == Role.OBSERVER
    undo(client, done)
    assert Membership.objects.get(review=review, user=judge).role == Role.ADJUDICATOR


def test_it_is_said_as_well_where_conflicts_could_only_arise_and_not_where_another_settles_them(
    client, review, lead, people
):
    judge, other = builders.user("jo"), builders.user("kim")
    builders.join(review, judge, Role.ADJUDICATOR)
    assert do(client, review, judge, "roles", shown="adjudicator").status_code == 302  # no records yet
    builders.join(review, judge, Role.ADJUDICATOR)
    builders.record(review)
    asked = do(client, review, judge, "roles", shown="adjudicator")
    assert "1 record is still to be screened, and a conflict would wait" in asked.context["question"].note
    builders.join(review, other, Role.ADJUDICATOR)
    assert do(client, review, judge, "roles", shown="adjudicator").status_code == 302


def test_an_adjudicator_who_is_the_last_without_a_vote_in_a_conflict_counts_where_own_conflicts_are_others(
    client, review, lead, people
):
    judge = builders.user("jo")
    for person in (judge, people[0]):
        builders.join(review, person, Role.ADJUDICATOR)
    conflicting(review, people, n=1)
    assert do(client, review, judge, "roles", roles=["observer"], shown="adjudicator").status_code == 302
    do(client, review, judge, "roles", roles=["adjudicator"], shown="observer")
    reviews.change_rule(rule=stages.rule_for(review, STAGE), by=lead, own_conflicts=False)
    asked = do(client, review, judge, "roles", roles=["observer"], shown="adjudicator")
    assert "whoever else settles conflicts has a vote in them" in asked.context["question"].note


def test_who_is_suspended_during_a_pilot_round_and_goes_on_is_in_it_again(client, review, people, lead):
    """Else nothing is given to them until it is closed, and no lead can add anybody to an open round."""
    records = [builders.record(review) for _ in range(3)]
    chosen = [one.pk for one in people[:3]]
    pilot = pilots.start(review=review, stage="title_abstract", size=2, reviewers=chosen, by=lead)
    client.force_login(lead)
    for act in ("suspend", "resume"):
        page = client.get(reverse("screening:member", args=[review.pk, people[0].pk])).content.decode()
        assert ("until they come back" if act == "suspend" else "take part again in an open pilot round") in page
        client.post(reverse("screening:member-change", args=[review.pk, people[0].pk, act]))
        pilot.refresh_from_db()
        assert (people[0].pk in pilot.reviewers) == (act == "resume")
    rule = stages.rule_for(review, "title_abstract")
    given = claim_next(rule=rule, reviewer_id=people[0].pk, limit=3, have=[])
    assert len(given) == 2
    assert set(given) < {one.pk for one in records}
    team.suspend(review=review, user=people[1], by=lead)
    pilots.close(pilot=pilot, by=lead)
    team.resume(review=review, user=people[1], by=lead)
    pilot.refresh_from_db()
    assert people[1].pk not in pilot.reviewers, "a round that is closed is what it was"


def test_who_was_not_in_a_round_is_not_put_into_it_by_coming_back(review, people, lead):
    builders.record(review)
    pilot = pilots.start(
        review=review, stage="title_abstract", size=1, reviewers=[one.pk for one in people[:2]], by=lead
    )
    team.suspend(review=review, user=people[2], by=lead)
    team.resume(review=review, user=people[2], by=lead)
    pilot.refresh_from_db()
    assert pilot.reviewers == [one.pk for one in people[:2]]
