"""One word on many records: where the stage allows it, each stored by itself and once, and taken back likewise."""

from uuid import uuid4

import pytest
from django.urls import reverse

from audit.models.event import Event
from screening.actions import bulk
from screening.actions.bulk import BulkRefusedError
from screening.enums import Origin, Role, Stage, Verdict
from screening.models.bulk import MOST_AT_ONCE, BulkDecision
from screening.models.decision import Decision
from screening.models.stage import StageRule, StageState
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def review(ada):
    made = builders.review(reviewers=[ada], reason_required=True)
    StageRule.objects.filter(review=made).update(bulk_allowed=True)
    return made


def decide(review, ids, by, verdict="include", key=None, **more):
    return bulk.decide(
        review=review, stage="title_abstract", record_ids=ids, verdict=verdict, by=by, key=key or uuid4(), **more
    )


def test_each_record_gets_a_decision_of_its_own_and_a_repeat_stores_nothing(review, ada):
    ids, key = [builders.record(review).pk for _ in range(3)], uuid4()
    for _ in range(2):
        done = decide(review, ids, ada, key=key)
        assert (done.stored, done.refused) == (3, 0)
    words = Decision.objects.all()
    assert {(w.record_id, w.verdict, w.origin, w.author_id) for w in words} == {
        (pk, "include", Origin.BULK, ada.pk) for pk in ids
    }
    assert (words.count(), BulkDecision.objects.count()) == (3, 1)
    assert Event.objects.filter(type="record.decided", data__together=True).count() == 3
    assert Event.objects.get(type="bulk.decided").data == {"stage": "title_abstract", "records": 3, "left_out": 0}


def test_a_bulk_that_was_cut_off_goes_on_where_it_stopped(review, ada, monkeypatch):
    ids, key, stored = [builders.record(review).pk for _ in range(3)], uuid4(), bulk.decisions.record
    calls = []

    def cut_off(**asked):
        calls.append(asked)
        if len(calls) == 2:
            raise ConnectionError
        return stored(**asked)

    monkeypatch.setattr(bulk.decisions, "record", cut_off)
    with pytest.raises(ConnectionError):
        decide(review, ids, ada, key=key)
    assert Decision.objects.count() == 1
    decide(review, ids, ada, key=key)
    assert Decision.objects.count() == 3


def test_what_does_not_wait_for_the_author_is_left_out_with_its_reason(review, ada):
    from screening.queries.stages.bulk import sorted_out

    ben, eve = builders.user(), builders.user()
    open_, mine, settled, theirs, gone = (builders.record(review) for _ in range(5))
    builders.decide(mine, ada)
    for person in (ben, eve):
        builders.decide(settled, person)
    StageState.objects.filter(record=theirs).update(assigned=[ben.pk])
    StageState.objects.filter(record=gone).update(status="inactive")
    other = builders.record(builders.review())
    rule = StageRule.objects.get(review=review, stage="title_abstract")
    asked = [one.pk for one in (open_, mine, settled, theirs, gone, other)]
    selection = sorted_out(rule, asked, ada)
    assert selection.open == [open_]
    assert {record: why.split()[0] for record, why in selection.left_out} == {
        mine: "you",
        settled: "no",
        theirs: "it",
        gone: "not",
    }
    done = decide(review, asked, ada)
    assert (done.stored, sorted(done.bulk.left_out)) == (1, sorted(asked[1:5]))


@pytest.mark.parametrize(
    ("verdict", "more", "why"),
    [("exclude", {}, "needs a reason"), ("withdrawn", {}, "Choose include"), ("kill", {}, "Choose include")],
)
def test_a_word_that_can_not_stand_stores_nothing(review, ada, verdict, more, why):
    with pytest.raises(BulkRefusedError, match=why):
        decide(review, [builders.record(review).pk], ada, verdict, **more)
    assert not BulkDecision.objects.exists()


def test_a_stage_that_does_not_allow_it_too_many_records_and_criteria_that_are_asked_for_refuse(review, ada):
    one = builders.record(review).pk
    with pytest.raises(BulkRefusedError, match="At most 100"):
        decide(review, range(MOST_AT_ONCE + 1), ada)
    reason = review.exclusion_reasons.get(stage="title_abstract")
    StageRule.objects.filter(review=review).update(ask_criteria=True)
    with pytest.raises(BulkRefusedError, match="one by one"):
        decide(review, [one], ada, "exclude", reason_id=reason.pk)
    StageRule.objects.filter(review=review).update(bulk_allowed=False)
    with pytest.raises(BulkRefusedError, match="does not allow"):
        decide(review, [one], ada)
    assert not Decision.objects.exists()


def test_it_is_taken_back_one_by_one_and_all_together_but_not_what_was_decided_anew(review, ada):
    records = [builders.record(review) for _ in range(4)]
    reason = review.exclusion_reasons.get(stage="title_abstract")
    made = decide(review, [record.pk for record in records], ada, "exclude", reason_id=reason.pk).bulk
    builders.decide(records[0], ada, Verdict.INCLUDE)
    assert bulk.take_back(bulk=made, by=ada, record_ids=[records[1].pk]) == 1
    assert bulk.take_back(bulk=made, by=ada) == 2
    assert bulk.take_back(bulk=made, by=ada) == 0
    states = StageState.objects.filter(stage="title_abstract").order_by("record_id").values_list("voters", flat=True)
    assert list(states) == [[ada.pk], [], [], []]
    with pytest.raises(BulkRefusedError, match="Only whoever"):
        bulk.take_back(bulk=made, by=builders.user())


def test_the_page_says_how_many_and_a_double_click_stores_once(client, review, ada):
    records = [builders.record(review) for _ in range(2)]
    builders.decide(records[0], ada)
    client.force_login(ada)
    chosen = {"record": [record.pk for record in records], "do": "title_abstract", "back": "q=trial"}
    page = client.post(reverse("screening:selection", args=[review.pk]), chosen, follow=True)
    text = page.content.decode()
    assert "Decide on 1 record together" in text
    assert "you have decided on it already" in text
    form = {"record": chosen["record"], "verdict": "include", "key": str(page.context["form"]["key"].value())}
    address = reverse("screening:bulk", args=[review.pk, Stage.TITLE_ABSTRACT])
    answers = [client.post(address, form, follow=True) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Decision.objects.filter(origin=Origin.BULK).count() == 1
    assert "Take all 1 back" in answers[0].content.decode()
    undo = reverse("screening:bulk-undo", args=[review.pk, BulkDecision.objects.get().pk])
    assert "is taken back" in client.post(undo, follow=True).content.decode()


def test_another_person_s_bulk_is_not_there(client, review, ada):
    made = decide(review, [builders.record(review).pk], ada).bulk
    ben = builders.user()
    builders.join(review, ben, Role.REVIEWER)
    client.force_login(ben)
    assert client.get(reverse("screening:bulk-made", args=[review.pk, made.pk])).status_code == 404


def test_a_selection_is_tagged_and_untagged_at_once(client, review, ada):
    from screening.models.note import Tag, Tagging

    records = [builders.record(review) for _ in range(3)]
    client.force_login(ada)
    address, chosen = reverse("screening:selection", args=[review.pk]), [record.pk for record in records[:2]]
    for _ in range(2):
        client.post(address, {"record": chosen, "do": "tag", "name": " To  discuss "})
    assert (Tag.objects.get().name, Tagging.objects.count()) == ("To discuss", 2)
    assert Event.objects.filter(type="record.tagged").count() == Tagging.history.count() == 2
    client.post(address, {"record": chosen[:1], "do": "untag", "name": "TO DISCUSS"})
    assert [one.record_id for one in Tagging.objects.all()] == chosen[1:]
    said = client.post(address, {"record": chosen, "do": "tag", "name": "x" * 10_000}, follow=True).content.decode()
    assert "at most 60 characters" in said


def test_of_two_who_decide_on_the_same_records_at_once_nobody_goes_above_what_is_needed(review, ada, monkeypatch):
    StageRule.objects.filter(review=review).update(reviewers_per_record=1)
    ben = builders.user("ben")
    builders.join(review, ben, Role.REVIEWER)
    ids, stored = [builders.record(review).pk for _ in range(2)], bulk.decisions.record

    def later(**asked):  # Ben's bulk comes between Ada's look at the list and her first decision
        monkeypatch.setattr(bulk.decisions, "record", stored)
        decide(review, ids, ben)
        return stored(**asked)

    StageState.objects.filter(review=review).update(needed=1)
    monkeypatch.setattr(bulk.decisions, "record", later)
    done = decide(review, ids, ada)
    assert (done.stored, done.refused) == (0, 2)
    assert set(Decision.objects.values_list("author", flat=True)) == {ben.pk}


def test_a_bulk_that_is_sent_again_leaves_alone_what_its_author_said_since(review, ada, monkeypatch):
    first, last = (builders.record(review) for _ in range(2))
    key, stored, calls = uuid4(), bulk.decisions.record, []

    def cut_off(**asked):
        calls.append(asked)
        if len(calls) == 2:
            raise ConnectionError
        return stored(**asked)

    monkeypatch.setattr(bulk.decisions, "record", cut_off)
    with pytest.raises(ConnectionError):
        decide(review, [first.pk, last.pk], ada, key=key)
    monkeypatch.setattr(bulk.decisions, "record", stored)
    builders.decide(last, ada, "maybe")
    done = decide(review, [first.pk, last.pk], ada, key=key)
    assert (done.stored, done.refused) == (1, 1)
    assert Decision.objects.filter(record=last, superseded_by=None).get().verdict == "maybe"


def test_taking_back_an_older_bulk_leaves_a_newer_one_s_words(review, ada):
    record = builders.record(review)
    old = decide(review, [record.pk], ada).bulk
    builders.decide(record, ada, Verdict.WITHDRAWN)
    decide(review, [record.pk], ada)
    assert bulk.take_back(bulk=old, by=ada) == 0
    assert StageState.objects.get(record=record, stage=Stage.TITLE_ABSTRACT).voters == [ada.pk]
