"""What else is told: one's place in a team, pilot rounds, re-screening, a finished stage, alerts; to whom, and when."""

import pytest
from django.utils import timezone

from audit import events
from audit.actors import worker
from screening.actions import notices, notifying, pilots, rescreening, reviews, stopping
from screening.actions import team as teams
from screening.enums import Assignment, Facet, ItemStatus, PauseReason, Role, RunStatus, Stage
from screening.models.notification import Notification
from screening.models.review import Review
from screening.models.run import Run
from screening.models.stage import StageRule
from tests import assisting, builders
from tests.notified import conflict, member, person, team, told, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return team()


def test_somebody_who_is_added_is_told_by_whom_and_as_what(people):
    review, lead, *_ = people
    new = person("new")
    teams.set_roles(review=review, user=new, roles={"reviewer", "adjudicator"}, by=lead)
    assert told(new) == ["lead added you to this review as adjudicator and reviewer."]
    assert told(lead) == []


def test_changes_of_one_s_place_gather_in_one_notification_the_latest_first(people):
    review, lead, one, *_ = people
    teams.set_roles(review=review, user=one, roles={"reviewer", "extractor"}, by=lead)
    teams.set_share(review=review, user=one, share=50, by=lead)
    teams.set_senior(review=review, user=one, senior=True, by=lead)
    row = Notification.objects.get(user=one)
    assert row.count == 3
    from screening.queries.telling.notices import notice

    assert [notice(row).title, *notice(row).more] == [
        "lead made you a senior reviewer.",
        "lead set your share of the records to 50 % of a full share.",
        "lead changed what you are in this review: extractor and reviewer.",
    ]
    for share in range(60, 70):
        teams.set_share(review=review, user=one, share=share, by=lead)
    row.refresh_from_db()
    assert (row.count, len(row.data["facts"])) == (13, notices.FACTS_KEPT)
    assert told(one)[0] == "lead set your share of the records to 69 % of a full share."


def test_who_takes_a_place_is_told_whose_and_who_left_hears_nothing(people):
    review, lead, one, *_ = people
    new = person("new")
    teams.replace(review=review, leaving=one, coming=new, by=lead)
    assert told(new) == ["You take the place of one as a reviewer, says lead."]
    assert told(one) == []


def test_suspended_and_resumed_are_told(people):
    review, lead, one, *_ = people
    teams.suspend(review=review, user=one, by=lead)
    assert told(one) == ["lead suspended your screening: you are given no records until it is resumed."]
    teams.resume(review=review, user=one, by=lead)
    assert told(one)[0] == "lead resumed your screening: you are given records again."


def test_what_one_does_to_oneself_is_no_news(people):
    review, lead, *_ = people
    teams.set_roles(review=review, user=lead, roles={"lead", "reviewer"}, by=lead)
    assert told(lead) == []


def test_shares_that_are_given_out_are_told_with_how_many_records(people):
    review, lead, one, two, _ = people
    for _ in range(4):
        builders.record(review)
    rule = StageRule.objects.get(review=review, stage=Stage.TITLE_ABSTRACT)
    reviews.change_rule(rule=rule, by=lead, assignment=Assignment.SHARES)
    for each in (one, two):
        assert told(each) == ["lead shared out the records at title and abstract: 4 wait for you."]


def test_nothing_is_told_of_a_change_that_was_refused(people):
    review, lead, *_ = people
    with pytest.raises(teams.TeamRefusedError):
        teams.set_roles(review=review, user=lead, roles={"observer"}, by=person("other"))
    assert not Notification.objects.exists()


def test_a_pilot_round_is_told_to_those_who_screen_it_and_its_end_to_the_leads_too(people):
    review, lead, one, two, judge = people
    third = member(review, "third", Role.REVIEWER)
    other = member(review, "other", Role.LEAD)
    for _ in range(2):
        builders.record(review)
    pilot = pilots.start(review=review, stage="title_abstract", size=2, reviewers=[one.pk, two.pk], by=lead)
    for each in (one, two):
        assert told(each) == ["Pilot round 1 at title and abstract waits for you: 2 records."]
    assert [told(each) for each in (lead, third, judge, other)] == [[], [], [], []]
    pilots.close(pilot=pilot, by=lead)
    for each in (one, two, other):
        assert told(each) == ["Pilot round 1 at title and abstract is closed."]
    assert [told(each) for each in (lead, third, judge)] == [[], [], []]


def test_records_that_come_back_are_told_to_reviewers_who_are_not_suspended(people):
    review, lead, one, two, judge = people
    record = builders.record(review)
    builders.decide(record, one)
    builders.decide(record, two)
    teams.suspend(review=review, user=two, by=lead)
    Notification.objects.all().delete()
    builders.protocol(review, by=lead, criteria=[("children", Facet.POPULATION)])
    rescreening.begin(review=review, stage="title_abstract", record_ids=[record.pk], by=lead, reason="Children too")
    assert told(one) == ["1 record is to be screened again at title and abstract, under protocol version 2."]
    assert [told(each) for each in (lead, two, judge)] == [[], [], []]


def test_a_finished_stage_is_told_to_leads_once_and_again_only_after_it_was_open_again(people):
    review, lead, one, two, _ = people
    assert notifying.finished() == 0  # nothing to finish
    first = builders.record(review)
    builders.decide(first, one, "exclude")
    assert notifying.finished() == 0
    builders.decide(first, two, "exclude")
    assert [notifying.finished() for _ in range(2)] == [1, 0]
    assert told(lead) == ["The stage title and abstract is finished: nothing there waits for anybody."]
    assert [told(each) for each in (one, two)] == [[], []]
    second = builders.record(review)
    notifying.finished()
    assert told(lead) == []  # it is no longer true
    for each in (one, two):
        builders.decide(second, each, "exclude")
    assert notifying.finished() == 1


def test_full_text_is_not_finished_while_title_and_abstract_is_not(people):
    review, lead, one, two, _ = people
    record = builders.record(review)
    for stage in ("title_abstract", "full_text"):
        for each in (one, two):
            builders.decide(record, each, "include", stage=stage)
    waits = builders.record(review)
    notifying.finished()
    assert told(lead) == []
    for each in (one, two):
        builders.decide(waits, each, "exclude")
    notifying.finished()
    assert len(told(lead)) == 2


def failed_run(review: Review) -> Run:
    for _ in range(2):
        builders.record(review)
    run = assisting.start(assisting.local(review))
    run.items.update(status=ItemStatus.FAILED)
    Run.objects.filter(pk=run.pk).update(status=RunStatus.FINISHED, finished_at=timezone.now())
    return run


def test_a_run_that_failed_is_told_to_leads_and_again_when_it_failed_again(people):
    review, lead, one, *_ = people
    Review.objects.filter(pk=review.pk).update(ai_enabled=True)
    review.refresh_from_db()
    run = failed_run(review)
    assert [notifying.warn() for _ in range(2)] == [1, 0]
    assert f"Run {run.pk} ended with 2 records that failed" in " ".join(all_sentences(lead))
    assert told(one) == []
    notices.read(notifications=Notification.objects.all(), by=lead)
    later = timezone.now() + timezone.timedelta(seconds=5)
    Run.objects.filter(pk=run.pk).update(finished_at=later)
    assert notifying.warn() == 1


def test_a_run_that_the_program_paused_is_told_and_one_that_a_person_paused_is_not(people):
    review, lead, *_ = people
    Review.objects.filter(pk=review.pk).update(ai_enabled=True)
    review.refresh_from_db()
    builders.record(review)
    run = assisting.start(assisting.local(review))
    Run.objects.filter(pk=run.pk).update(status=RunStatus.PAUSED)
    data = {"run": run.pk, "purpose": "screening", "why": ""}
    events.record("run.paused", subject=run, by=lead, review_id=review.pk, **data)
    notifying.warn()
    assert f"Run {run.pk}" not in " ".join(all_sentences(lead))
    events.record("run.paused", subject=run, by=worker("sweeper"), review_id=review.pk, **data)
    notifying.warn()
    assert f"Run {run.pk} stands still and waits for you" in " ".join(all_sentences(lead))


def test_a_run_that_the_stop_switch_paused_is_told_and_one_that_waits_for_midnight_is_not(people):
    review, lead, *_ = people
    Review.objects.filter(pk=review.pk).update(ai_enabled=True)
    review.refresh_from_db()
    builders.record(review)
    run = assisting.start(assisting.local(review))
    stopping.stop(review=None, by=assisting.administrator(), why="The model says strange things")
    waits = Run.objects.filter(pk=run.pk)
    waits.update(stopped_for=PauseReason.BUDGET, waits_until=timezone.now() + timezone.timedelta(hours=1))
    notifying.warn()
    assert f"Run {run.pk}" not in " ".join(all_sentences(lead))
    waits.update(stopped_for=PauseReason.STOP, waits_until=None)
    notifying.warn()
    assert f"Run {run.pk} stands still and waits for you" in " ".join(all_sentences(lead))


def test_what_keeps_a_review_from_going_on_is_told_to_its_leads_until_it_goes_on(people):
    review, lead, one, two, judge = people
    conflict(review, one, two)
    notifying.warn()
    assert all_sentences(lead) == []
    review.memberships.filter(user=judge).delete()
    assert [notifying.warn() for _ in range(2)] == [1, 0]
    (sentence,) = all_sentences(lead)
    assert "nobody may settle them" in sentence
    assert all_sentences(one) == all_sentences(two) == []
    conflict(review, one, two)
    assert notifying.warn() == 0
    assert "2 records are in conflict" in all_sentences(lead)[0]  # true, and no news
    builders.join(review, judge, Role.ADJUDICATOR)
    notifying.warn()
    assert all_sentences(lead) == []


def all_sentences(user):
    from screening.queries.telling.notices import notice

    return [
        sentence
        for row in Notification.objects.filter(user=user, kind="alert", read_at=None)
        for sentence in (notice(row).title, *notice(row).more)
    ]


def test_who_wants_to_hear_nothing_of_a_kind_gets_no_row(people):
    review, lead, one, *_ = people
    wish(one, "off", kind="assigned", in_app=False)
    teams.set_share(review=review, user=one, share=50, by=lead)
    assert not Notification.objects.exists()
