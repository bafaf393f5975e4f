"""Decisions that arrive at once, with one another and with what changes the records under them."""

from collections import Counter
from functools import partial
from uuid import uuid4

import pytest
from django.db import transaction

from screening.actions import duplicates, import_undo, reviews, stages
from screening.actions.decisions import DecisionRefusedError
from screening.actions.reconcile import drifts
from screening.actions.reservations import claim_next
from screening.actions.stages import rule_for
from screening.enums import Origin, Oversight, StageStatus, Verdict
from screening.models.citation import Citation
from screening.models.decision import Decision
from screening.models.record import Record
from screening.models.stage import Reservation, StageRule, StageState
from tests import assisting, builders
from tests.parallel import Parallel, at_once, failures, until_somebody_waits
from tests.stored_suggestions import suggestion_for

pytestmark = pytest.mark.django_db(transaction=True)
TA = "title_abstract"


def status(record) -> str:
    return StageState.objects.get(record=record, stage=TA).status


def test_two_reviewers_at_once_are_counted_one_by_one():
    people = [builders.user() for _ in range(4)]
    review = builders.review(reviewers=people)
    for _ in range(5):
        record = builders.record(review)
        results = at_once(
            partial(builders.decide, record, people[0], "include"),
            partial(builders.decide, record, people[1], "exclude"),
        )
        assert not failures(results)
        assert status(record) == StageStatus.CONFLICT
    assert not list(drifts())


def test_one_key_many_times_at_once_is_stored_once():
    person = builders.user()
    review = builders.review(reviewers=[person])
    record, key = builders.record(review), uuid4()
    results = at_once(*[lambda: builders.decide(record, person, idempotency_key=key)] * 6)
    assert not failures(results)
    assert sorted(result.created for result in results) == [False] * 5 + [True]
    assert Decision.objects.count() == 1


def test_one_key_for_two_records_at_once_stores_one_and_refuses_the_other_kindly():
    person = builders.user()
    review = builders.review(reviewers=[person])
    for _ in range(10):
        one, two, key = builders.record(review), builders.record(review), uuid4()
        results = at_once(*[partial(builders.decide, record, person, idempotency_key=key) for record in (one, two)])
        (refused,) = failures(results)
        assert isinstance(refused, DecisionRefusedError)
        assert "key was used" in str(refused)


def test_two_tabs_of_one_person_make_one_chain_of_words():
    person = builders.user()
    review = builders.review(reviewers=[person])
    record = builders.record(review)
    verdicts = ("include", "exclude", "maybe", "include")
    results = at_once(*[partial(builders.decide, record, person, verdict) for verdict in verdicts])
    assert not failures(results)
    assert Decision.objects.filter(supersedes__isnull=True).count() == 1
    assert Decision.objects.filter(superseded_by__isnull=True).count() == 1
    assert not list(drifts())


def test_two_adjudicators_at_once_settle_once_and_the_later_is_told():
    one, two, judge, other = (builders.user() for _ in range(4))
    review = builders.review(reviewers=[one, two], adjudicators=[judge, other])
    record = builders.record(review)
    builders.decide(record, one, Verdict.INCLUDE)
    builders.decide(record, two, Verdict.EXCLUDE)
    results = at_once(
        lambda: builders.decide(record, judge, Verdict.INCLUDE, origin=Origin.ADJUDICATION),
        lambda: builders.decide(record, other, Verdict.EXCLUDE, origin=Origin.ADJUDICATION),
    )
    (refused,) = failures(results)
    assert isinstance(refused, DecisionRefusedError)
    assert "not in conflict any more" in str(refused)
    assert Decision.objects.filter(origin=Origin.ADJUDICATION).count() == 1


def test_a_decision_that_waited_for_a_merge_counts_for_the_record_that_is_kept():
    person = builders.user()
    review = builders.review(reviewers=[person], reviewers_per_record=1)
    kept, absorbed = builders.record(review), builders.record(review)
    parallel = Parallel()
    with transaction.atomic():
        duplicates.merge(kept=kept, absorbed=absorbed, by=review.created_by)
        parallel.start(lambda: builders.decide(absorbed, person, Verdict.EXCLUDE))
        until_somebody_waits()
    assert not failures(parallel.finish())
    assert status(kept) == StageStatus.EXCLUDED
    assert not list(drifts())


def test_a_decision_that_waited_for_an_unmerge_counts_for_its_own_record_only():
    person = builders.user()
    review = builders.review(reviewers=[person], reviewers_per_record=1)
    kept, absorbed = builders.record(review), builders.record(review)
    merge = duplicates.merge(kept=kept, absorbed=absorbed, by=review.created_by)
    parallel = Parallel()
    with transaction.atomic():
        duplicates.unmerge(merge=merge, by=review.created_by)
        parallel.start(lambda: builders.decide(absorbed, person, Verdict.EXCLUDE))
        until_somebody_waits()
    assert not failures(parallel.finish())
    assert (status(kept), status(absorbed)) == (StageStatus.UNSCREENED, StageStatus.EXCLUDED)
    assert not list(drifts())


def test_a_decision_on_an_absorbed_record_never_locks_against_a_recount():
    """The kept record's place has the lower id, so a recount locks it first; the decision must not go the other way."""
    person = builders.user()
    review = builders.review(reviewers=[person], reviewers_per_record=1)
    kept, absorbed = builders.record(review), builders.record(review)
    duplicates.merge(kept=kept, absorbed=absorbed, by=review.created_by)
    absorbed.refresh_from_db()
    parallel = Parallel()
    with transaction.atomic():
        StageState.objects.select_for_update().get(record=kept, stage=TA)  # the first half of a recount
        parallel.start(lambda: builders.decide(absorbed, person, Verdict.EXCLUDE))
        until_somebody_waits()
        stages.refresh(review=review, record_ids=[kept.pk, absorbed.pk], stage=TA)
    assert not failures(parallel.finish())
    assert status(kept) == StageStatus.EXCLUDED


def test_decisions_and_merges_all_at_once_leave_nothing_behind():
    people = [builders.user() for _ in range(3)]
    review = builders.review(reviewers=people)
    records = [builders.record(review) for _ in range(6)]
    lead = review.created_by

    def vote(person, shift: int) -> None:
        for turn in range(12):
            record = records[(turn * (shift + 1)) % len(records)]
            builders.decide(record, person, ("include", "exclude", "maybe")[(turn + shift) % 3])

    def join_and_part() -> None:
        for turn in range(6):
            merge = duplicates.merge(kept=records[turn % 3], absorbed=records[5 - turn % 3], by=lead)
            duplicates.unmerge(merge=merge, by=lead)

    results = at_once(*[lambda p=p, n=n: vote(p, n) for n, p in enumerate(people)], join_and_part)
    assert not failures(results)
    assert Decision.objects.count() == 36
    assert not list(drifts())


def test_a_place_of_a_single_reviewer_is_never_given_to_two():
    people = [builders.user() for _ in range(6)]
    review = builders.review(reviewers=people, reviewers_per_record=1)
    for _ in range(40):
        builders.record(review)

    def take(person) -> list[int]:
        held: list[int] = []
        while got := claim_next(rule=rule_for(review, TA), reviewer_id=person.pk, limit=3, have=held):
            held += got
        return held

    given = [pk for held in at_once(*[lambda p=p: take(p) for p in people]) for pk in held]
    assert sorted(given) == sorted(set(given))
    assert len(given) == 40


def test_a_place_is_given_to_as_many_as_it_needs_and_to_all_of_them_however_many_ask_at_once():
    people = [builders.user() for _ in range(6)]
    review = builders.review(reviewers=people)
    for _ in range(15):
        builders.record(review)
    rule = rule_for(review, TA)

    def take(person, size: int) -> list[int]:
        held: list[int] = []
        while got := claim_next(rule=rule, reviewer_id=person.pk, limit=size, have=held):
            held += got
        return held

    results = at_once(*[lambda p=p, n=n: take(p, 1 + n % 4) for n, p in enumerate(people)])
    assert not failures(results)
    assert all(len(held) == len(set(held)) for held in results)
    assert set(Counter(pk for held in results for pk in held).values()) == {2}
    assert Reservation.objects.count() == 30


def test_a_place_that_is_locked_is_passed_over_and_the_next_one_is_given():
    one, two = builders.user(), builders.user()
    review = builders.review(reviewers=[one, two])
    for _ in range(2):
        builders.record(review)
    first, second = StageState.objects.filter(review=review).order_by("rank")
    parallel = Parallel()
    with transaction.atomic():
        StageState.objects.select_for_update(no_key=True).get(pk=first.pk)
        parallel.start(lambda: claim_next(rule=rule_for(review, TA), reviewer_id=two.pk, limit=2, have=[]))
        assert parallel.finish() == [[second.record_id]]


def test_who_waits_for_the_last_place_sees_that_it_was_given_away_meanwhile():
    """The reservation is committed after the waiting statement began: only a second look can see it."""
    one, two = builders.user(), builders.user()
    review = builders.review(reviewers=[one, two], reviewers_per_record=1)
    record = builders.record(review)
    parallel = Parallel()
    with transaction.atomic():
        assert claim_next(rule=rule_for(review, TA), reviewer_id=one.pk, limit=1, have=[]) == [record.pk]
        parallel.start(lambda: claim_next(rule=rule_for(review, TA), reviewer_id=two.pk, limit=1, have=[]))
        until_somebody_waits()
    assert parallel.finish() == [[]]
    assert Reservation.objects.get().reviewer_id == one.pk


def test_who_waits_for_the_last_place_is_given_it_when_it_stays_free():
    one, two = builders.user(), builders.user()
    review = builders.review(reviewers=[one, two])
    record = builders.record(review)
    parallel = Parallel()
    with transaction.atomic():
        builders.decide(record, one)
        parallel.start(lambda: claim_next(rule=rule_for(review, TA), reviewer_id=two.pk, limit=1, have=[]))
        until_somebody_waits()
    assert parallel.finish() == [[record.pk]]


def test_only_the_records_of_a_list_are_given_where_one_is_named():
    one = builders.user()
    review = builders.review(reviewers=[one])
    records = [builders.record(review, title=f"{n} % of them") for n in range(4)]
    wanted = Record.objects.filter(review=review, title__in=["1 % of them", "3 % of them"]).values("pk")
    given = claim_next(rule=rule_for(review, TA), reviewer_id=one.pk, limit=5, have=[], within=wanted)
    assert sorted(given) == [records[1].pk, records[3].pk]


def test_a_late_vote_after_the_reservation_ran_out_is_kept_and_disagreeing_is_a_conflict_for_people():
    first, second = builders.user(), builders.user()
    review = builders.review(reviewers=[first, second], reviewers_per_record=1)
    record = builders.record(review)
    claim_next(rule=rule_for(review, TA), reviewer_id=first.pk, limit=1, have=[])
    assert claim_next(rule=rule_for(review, TA), reviewer_id=second.pk, limit=1, have=[]) == []
    Reservation.objects.update(expires_at="2020-01-01T00:00Z")
    assert claim_next(rule=rule_for(review, TA), reviewer_id=second.pk, limit=1, have=[]) == [record.pk]
    builders.decide(record, second, Verdict.EXCLUDE)
    builders.decide(record, first, Verdict.INCLUDE)
    assert status(record) == StageStatus.CONFLICT
    assert StageRule.objects.filter(review=review, reviewers_per_record=1).exists()


def test_a_decision_that_meets_a_change_of_the_rule_is_counted_by_the_new_one():
    """Nothing of the record's place changes with the rule but what its first vote will come to."""
    one, two = builders.user(), builders.user()
    review = assisting.review(reviewers=[one, two], reviewers_per_record=2)
    record = builders.record(review)
    suggestion_for(assisting.start(assisting.local(review)).items.get(), verdict="exclude")
    parallel = Parallel()
    with transaction.atomic():
        reviews.change_rule(
            rule=StageRule.objects.get(review=review, stage=TA),
            by=review.created_by,
            reviewers_per_record=2,
            reason_required=False,
            oversight=Oversight.SECOND_REVIEWER,
        )
        parallel.start(partial(builders.decide, record, one, Verdict.EXCLUDE)).join(0.5)
    assert not failures(parallel.finish())
    assert status(record) == StageStatus.EXCLUDED
    assert not list(drifts())


def test_undoing_an_import_locks_places_in_the_order_of_a_recount():
    person = builders.user()
    review = builders.review(reviewers=[person], reviewers_per_record=1)
    file = builders.imported_file(review, status="done")
    records = []
    for position in range(2):
        records.append(builders.record(review))
        place = {"source": file.source, "position": position, "line": 1}
        Citation.objects.create(record=records[-1], file=file, raw="x", raw_sha256="0" * 64, **place)
        builders.decide(records[-1], person, Verdict.INCLUDE)  # opens full text before the second record comes
        builders.decide(records[-1], person, Verdict.WITHDRAWN)
    parallel = Parallel()
    with transaction.atomic():  # a recount of both: title and abstract first, then full text
        StageState.objects.select_for_update().get(record=records[1], stage=TA)
        parallel.start(lambda: import_undo.undo(file=file, by=review.created_by))
        until_somebody_waits()
        StageState.objects.select_for_update().get(record=records[0], stage="full_text")
    assert not failures(parallel.finish())
