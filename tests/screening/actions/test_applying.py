"""A changed rule is in force at once; where records are many a worker brings them in line, while people decide on."""

from contextlib import suppress
from random import Random

import pytest

from audit.models.event import Event
from screening.actions import applying, assistants, order, reviews, stages, sweeping, team
from screening.actions.decisions import DecisionRefusedError
from screening.actions.reconcile import drifts
from screening.enums import Assignment, QueueOrder, Stage
from screening.models.decision import Decision
from screening.models.notification import Notification
from screening.models.review import Review
from screening.models.stage import StageRule, StageState
from screening.queries.stages.applying import progress, waiting_for_a_worker
from tests import builders

pytestmark = pytest.mark.django_db
TA = Stage.TITLE_ABSTRACT


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "AT_ONCE", 2)


def rule_of(review: Review, stage: str = TA) -> StageRule:
    return StageRule.objects.select_related("review").get(review=review, stage=stage)


def change(review: Review, **new: object) -> StageRule:
    return reviews.change_rule(rule=rule_of(review), by=review.created_by, **new)


def places(review: Review) -> list[tuple[int, str]]:
    states = StageState.objects.filter(review=review, stage=TA).order_by("id")
    return list(states.values_list("needed", "status"))


def screened(people: int = 1, records: int = 5) -> tuple[Review, list, list]:
    """Records included by the first of these people; one reviewer is enough."""
    team_ = [builders.user() for _ in range(people)]
    review = builders.review(reviewers=team_, adjudicators=team_[:1], reviewers_per_record=1)
    made = [builders.record(review) for _ in range(records)]
    for record in made:
        builders.decide(record, team_[0])
    return review, team_, made


def test_a_worker_brings_records_in_line_and_goes_on_where_another_was_killed() -> None:
    review, _, _ = screened()
    rule = change(review, reviewers_per_record=2)
    assert (rule.applied_through, places(review)) == (0, [(1, "included")] * 5)
    assert applying._turn_page(rule.pk)  # and then it is killed
    assert places(review) == [(2, "partial")] * 2 + [(1, "included")] * 3
    now = progress(rule_of(review))
    assert now is not None
    assert (now.done, now.total) == (2, 5)
    assert waiting_for_a_worker() == [rule.pk]
    assert list(drifts(review)) == []  # what is not reached yet is not wrong
    applying.carry_on(rule_id=rule.pk)
    applying.carry_on(rule_id=rule.pk)  # the doorbell rang twice
    assert places(review) == [(2, "partial")] * 5
    assert not StageState.objects.filter(review=review, stage=Stage.FULL_TEXT).exclude(status="inactive").exists()
    assert (progress(rule_of(review)), waiting_for_a_worker(), list(drifts(review))) == (None, [], [])
    assert [event.data["records"] for event in Event.objects.filter(type="stage.applied")] == [5]


def test_two_workers_take_turns_and_no_page_is_done_twice() -> None:
    review, _, _ = screened()
    rule = change(review, reviewers_per_record=2)
    while applying._turn_page(rule.pk):
        applying._turn_page(rule.pk)
    written = StageState.history.filter(review=review, stage=TA, needed=2, status="included").count()
    assert (written, Event.objects.filter(type="stage.applied").count()) == (5, 1)


def test_a_decision_meanwhile_is_settled_by_the_rule_in_force_wherever_the_worker_is() -> None:
    review, (ann, ben), records = screened(people=2)
    change(review, reviewers_per_record=2)
    assert builders.decide(records[4], ben).state.status == "included"  # by two now, not by one as it is stored
    assert builders.decide(records[3], ann, "exclude").state.status == "partial"
    assert builders.decide(records[2], ann, "withdrawn").state.status == "unscreened"
    assert list(StageState.objects.filter(record__in=records[2:], stage=TA).values_list("needed", flat=True)) == [2] * 3
    applying.carry_on(rule_id=rule_of(review).pk)
    assert [status for _, status in places(review)] == ["partial", "partial", "unscreened", "partial", "included"]
    assert list(drifts(review)) == []


def test_what_may_be_said_of_a_record_is_judged_by_the_rule_in_force() -> None:
    """What the row of a place says may be of the rule before: here, that a second opinion is waited for."""
    review, (_, ben), records = screened(people=2)
    change(review, reviewers_per_record=2)
    applying.carry_on(rule_id=rule_of(review).pk)
    change(review, reviewers_per_record=1)
    assert places(review)[4] == (2, "partial")
    with pytest.raises(DecisionRefusedError, match="no opinion is waited for any more"):
        builders.decide(records[4], ben, origin="bulk")
    assert places(review)[4] == (2, "partial")  # a refusal stores nothing


def test_meanwhile_the_rule_changes_no_more_in_what_records_follow_but_in_the_rest() -> None:
    review, _, _ = screened()
    change(review, reviewers_per_record=2)
    for new in ({"reviewers_per_record": 1}, {"queue_order": QueueOrder.TITLE}):
        with pytest.raises(applying.RuleBusyError, match="still being applied"):
            change(review, **new)
    assert rule_of(review).reviewers_per_record == 2
    assert change(review, reason_required=True).reason_required
    assert progress(rule_of(review)) is not None
    applying.carry_on(rule_id=rule_of(review).pk)
    change(review, reviewers_per_record=1)
    applying.carry_on(rule_id=rule_of(review).pk)
    assert places(review) == [(1, "included")] * 5


def test_ai_may_be_switched_off_at_any_moment_and_the_worker_begins_anew() -> None:
    review, _, _ = screened()
    Review.objects.filter(pk=review.pk).update(ai_enabled=True)
    change(Review.objects.get(pk=review.pk), oversight="second_reviewer")
    assert applying._turn_page(rule_of(review).pk)
    assistants.switch(
        review=Review.objects.get(pk=review.pk), by=review.created_by, ai_enabled=False, may_be_sent_to_ai=False
    )
    assert rule_of(review).applied_through == 0
    for rule in waiting_for_a_worker():
        applying.carry_on(rule_id=rule)
    assert places(review) == [(1, "included")] * 5
    assert list(drifts(review)) == []


def test_shares_are_told_once_when_they_are_drawn_by_who_changed_the_rule() -> None:
    review, (_, ben), _ = screened(people=2)
    builders.record(review)
    change(review, assignment=Assignment.SHARES, reviewers_per_record=2)
    assert not Notification.objects.exists()
    applying.carry_on(rule_id=rule_of(review).pk)
    (told,) = Notification.objects.filter(user=ben)
    change(review, queue_order=QueueOrder.TITLE)
    applying.carry_on(rule_id=rule_of(review).pk)
    assert Notification.objects.filter(user=ben).count() == 1
    assert told.review_id == review.pk


def test_the_shares_of_somebody_who_goes_are_given_to_the_others_by_a_worker() -> None:
    review, (ann, ben), records = screened(people=2)
    change(review, assignment=Assignment.SHARES, reviewers_per_record=2, double_share=0)
    applying.carry_on(rule_id=rule_of(review).pk)
    (new, other) = builders.record(review), builders.record(review)
    team.suspend(review=review, user=ben, by=review.created_by)
    assert progress(rule_of(review)) is not None
    applying.carry_on(rule_id=rule_of(review).pk)
    given = StageState.objects.filter(record__in=[new, other, *records], stage=TA).values_list("assigned", flat=True)
    assert {person for assigned in given for person in assigned or []} <= {ann.pk}
    assert list(drifts(review)) == []


def test_the_order_follows_in_pages_as_it_does_at_once() -> None:
    review = builders.review()
    for title in "edcba":
        builders.record(review, title=title)
    rule = change(review, queue_order=QueueOrder.TITLE)
    applying.carry_on(rule_id=rule.pk)
    queue = StageState.objects.filter(review=review, stage=TA).order_by("rank")
    assert [title for (title,) in queue.values_list("record__title")] == list("abcde")
    assert order.order_by_suggestions(review=review, stage=TA, by=review.created_by) == 0


def test_the_sweeper_rings_for_what_was_not_carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    review, rung = screened()[0], []
    rule = change(review, reviewers_per_record=2)
    monkeypatch.setattr(sweeping, "pending", lambda queue: 0)
    monkeypatch.setattr(sweeping, "enqueue", lambda task, **arguments: rung.append((task, arguments)))
    assert sweeping.ring_again() == 1
    assert rung == [("screening.apply_rule", {"rule_id": rule.pk})]


NEW = (
    {"reviewers_per_record": 2, "senior_among": False},
    {"reviewers_per_record": 1, "waive_second": True},
    {"reviewers_per_record": 2, "double_share": 50, "assignment": Assignment.SHARES},
    {"reviewers_per_record": 2, "double_share": 100, "senior_among": True, "assignment": Assignment.OPEN},
)

STEPS = ["vote"] * 3 + ["rule"] * 2 + ["undo", "adjudicate", "turn", "senior", "share", "off", "on", "new"]


@pytest.mark.parametrize("number", range(3))
def test_random_histories_end_with_every_status_true_and_no_decision_lost(number: int) -> None:
    """Votes, undos, adjudications and changes of the team between any two pages of a worker, which is now and then
    followed by another one."""
    by, said, meanwhile = Random(number), [], 0
    review, people, records = screened(people=3, records=7)
    said += Decision.objects.order_by("id").values_list("pk", flat=True)
    for _ in range(60):
        match by.choice(
            [
                "vote",
                "vote",
                "vote",
                "undo",
                "adjudicate",
                "turn",
                "rule",
                "rule",
                "senior",
                "share",
                "off",
                "on",
                "new",
            ]
        ):
            case "rule":
                with suppress(applying.RuleBusyError):
                    change(review, **by.choice(NEW))
            case "turn":
                applying._turn_page(rule_of(review).pk)
            case "senior":
                team.set_senior(review=review, user=by.choice(people), senior=by.random() < 0.5, by=review.created_by)
            case "share":
                team.set_share(
                    review=review, user=by.choice(people), share=by.choice([0, 50, 100]), by=review.created_by
                )
            case "off":
                team.suspend(review=review, user=by.choice(people), by=review.created_by)
            case "on":
                team.resume(review=review, user=by.choice(people), by=review.created_by)
            case "new":
                records.append(builders.record(review))
            case what:
                record, origin = by.choice(records), "adjudication" if what == "adjudicate" else "screening"
                verdict = "withdrawn" if what == "undo" else by.choice(["include", "exclude"])
                try:
                    made = builders.decide(record, by.choice(people), verdict, origin=origin)
                except DecisionRefusedError:
                    continue
                said.append(made.decision.pk)
                meanwhile += rule_of(review).applied_through is not None
                (drawn,) = stages.computed_of(
                    stages.rulebook(rule_of(review)), [StageState.objects.get(record=record, stage=TA)]
                )
                assert stages.stored(drawn[0]) == stages.stored(drawn[1]), "settled by half a rule"
        assert list(drifts(review)) == []
    assert meanwhile > 3, "a history in which nobody decides meanwhile shows nothing"
    applying.carry_on(rule_id=rule_of(review).pk)
    assert list(drifts(review)) == []
    assert list(Decision.objects.order_by("id").values_list("pk", flat=True)) == said
