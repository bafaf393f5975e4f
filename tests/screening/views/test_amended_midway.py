"""A criterion is amended while people screen: nothing is lost, and each refusal says what to do (SCR-09, SCR-02)."""

import json
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from screening.actions import rescreening, runs
from screening.enums import Facet, Role, Stage, StageStatus, Verdict
from screening.models.decision import Decision
from screening.models.judgement import CriterionJudgement
from screening.models.record import Record
from screening.models.stage import StageState
from screening.queries.prisma.reasons import deciding_reasons
from tests import assisting, builders
from tests.stored_suggestions import suggestion_for

pytestmark = pytest.mark.django_db
TA = Stage.TITLE_ABSTRACT
NEWER = (("adults", Facet.POPULATION), ("controlled", Facet.STUDY_DESIGN))


@pytest.fixture
def world() -> SimpleNamespace:
    """Ann and Ben screen; Ann's page was opened under version 1, then the protocol was amended."""
    lead, ann, ben = builders.user("lead"), builders.user("ann"), builders.user("ben")
    review = builders.review(lead=lead, reviewers=[ann, ben], ai_enabled=True)
    older = review.protocol_versions.get()
    records = [builders.record(review) for _ in range(3)]
    newer = builders.protocol(review, by=lead, criteria=NEWER)
    return SimpleNamespace(review=review, lead=lead, ann=ann, ben=ben, records=records, older=older, newer=newer)


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(world: SimpleNamespace, person: Any, record: Record, verdict: str, **more: Any) -> Any:
    data = {"record": record.pk, "stage": TA, "verdict": verdict, "idempotency_key": str(uuid4()), **more}
    url = reverse("screening-api:decisions", args=[world.review.pk])
    return client_of(person).post(url, data, content_type="application/json")


def begin(world: SimpleNamespace, *records: Record) -> rescreening.Rescreening:
    ids = [record.pk for record in records]
    return rescreening.begin(review=world.review, stage=TA, record_ids=ids, by=world.lead, reason="Reworded")


def status(record: Record) -> str:
    return StageState.objects.get(record=record, stage=TA).status


def test_a_decision_is_stored_under_the_text_that_its_author_read(world: SimpleNamespace) -> None:
    design = world.older.criteria.get(key="randomised")
    answer = post(
        world, world.ann, world.records[0], "exclude", protocol=world.older.pk, judgements={str(design.pk): "not_met"}
    )
    assert answer.status_code == 201
    assert answer.json()["protocol"] == world.newer.pk  # so that the page can say: the protocol was amended, reload
    decision = Decision.objects.get()
    assert (decision.protocol, decision.criteria_failed) == (world.older, 1)
    assert CriterionJudgement.objects.get().criterion == design


def test_a_page_says_which_text_it_shows(world: SimpleNamespace) -> None:
    client = client_of(world.ann)
    html = client.get(reverse("screening:screen", args=[world.review.pk])).content.decode()
    assert f'name="protocol" value="{world.newer.pk}"' in html
    plain = {"record": world.records[0].pk, "verdict": "include", "protocol": world.older.pk}
    client.post(reverse("screening:screen", args=[world.review.pk, TA]), plain)
    assert Decision.objects.get().protocol == world.older


def test_a_judgement_of_a_criterion_that_is_gone_is_refused_with_what_to_do(world: SimpleNamespace) -> None:
    gone = world.older.criteria.get(key="randomised")
    answer = post(world, world.ann, world.records[0], "exclude", judgements={str(gone.pk): "not_met"})
    assert answer.status_code == 409
    assert "Reload the page" in answer.json()["detail"]
    assert not Decision.objects.exists()


def test_a_decision_kept_offline_since_before_the_amendment_counts_unless_the_record_is_screened_anew(
    world: SimpleNamespace,
) -> None:
    one, other, _ = world.records
    for record in (one, other):
        builders.decide(record, world.ben, protocol_id=world.older.pk)
    begin(world, other)
    key = str(uuid4())
    kept = post(world, world.ann, one, "include", protocol=world.older.pk)
    refused = post(world, world.ann, other, "include", protocol=world.older.pk, idempotency_key=key)
    assert (kept.status_code, status(one)) == (201, StageStatus.INCLUDED)
    assert refused.status_code == 409
    assert "screened anew" in refused.json()["detail"]
    assert "Reload the page" in refused.json()["detail"]
    assert status(other) == StageStatus.UNSCREENED
    # having read the new text, the same key decides: the refusal has stored nothing
    again = post(world, world.ann, other, "exclude", protocol=world.newer.pk, idempotency_key=key)
    assert (again.status_code, status(other)) == (201, StageStatus.PARTIAL)


def test_a_decision_that_had_arrived_is_answered_as_before_when_it_is_repeated_later(world: SimpleNamespace) -> None:
    record, key = world.records[0], str(uuid4())
    first = post(world, world.ann, record, "include", protocol=world.older.pk, idempotency_key=key)
    begin(world, record)
    repeated = post(world, world.ann, record, "include", protocol=world.older.pk, idempotency_key=key)
    assert repeated.status_code == 200
    assert repeated.json()["decision"]["id"] == first.json()["decision"]["id"]
    assert Decision.objects.count() == 1
    assert status(record) == StageStatus.UNSCREENED  # and it goes on not counting


def test_an_older_word_can_not_be_taken_back_and_a_new_one_can(world: SimpleNamespace) -> None:
    record = world.records[0]
    builders.decide(record, world.ann, protocol_id=world.older.pk)
    begin(world, record)
    answer = post(world, world.ann, record, "withdrawn")
    assert answer.status_code == 409
    assert "no decision of yours" in answer.json()["detail"]
    assert post(world, world.ann, record, "exclude").status_code == 201
    assert post(world, world.ann, record, "withdrawn").status_code == 201
    assert status(record) == StageStatus.UNSCREENED


def test_who_screens_anew_sees_their_earlier_word_after_the_new_one_and_as_an_earlier_one(
    world: SimpleNamespace,
) -> None:
    record = world.records[0]
    builders.decide(record, world.ann, "exclude", protocol_id=world.older.pk)
    begin(world, record)
    client = client_of(world.ann)
    card = reverse("screening-api:record", args=[world.review.pk, record.pk])
    page = reverse("screening:record", args=[world.review.pk, record.pk])
    assert client.get(card).json()["my_decision"] is None
    assert "under version 1" not in client.get(page).content.decode()
    answer = post(world, world.ann, record, "include").json()
    assert answer["earlier"] == {"verdict": "exclude", "reason": "", "version": 1}
    html = client.get(page).content.decode()
    assert "under version 1" in html
    assert "screened anew since version 2" in html
    assert post(world, world.ben, record, "include").json()["earlier"] is None


@pytest.mark.parametrize("roles", [(), (Role.LEAD,), (Role.AUDITOR,)])
def test_nobody_whose_vote_is_open_again_reads_what_was_said_before(
    world: SimpleNamespace, roles: tuple[Role, ...]
) -> None:
    record = world.records[0]
    for role in roles:
        builders.join(world.review, world.ann, role)
    builders.decide(record, world.ann, "exclude", protocol_id=world.older.pk)
    builders.decide(record, world.ben, "include", protocol_id=world.older.pk)
    client, ids = client_of(world.ann), [world.review.pk, record.pk]
    begin(world, record)

    def seen() -> str:
        names = ["record", "record-timeline"] if roles else ["record"]
        pages = [client.get(reverse(f"screening:{name}", args=ids)) for name in names]
        pages += [client.get(reverse("screening:timeline", args=[world.review.pk]))] if roles else []
        return " ".join(page.content.decode() for page in pages)

    before = seen()
    assert "<strong>ben</strong>" not in before
    assert "the record at title and abstract" not in before  # neither theirs nor one's own
    assert "Exclude" not in before
    builders.decide(record, world.ann, "include")
    waiting = seen()
    assert "under version 1" in waiting
    assert "<strong>ben</strong>" not in waiting
    builders.decide(record, world.ben, "include")
    settled = seen()
    assert settled.count("<strong>ben</strong>") >= 2  # the word that counts, and the one that does not
    assert "any more: screened anew since version 2" in settled


def test_a_conflict_is_about_the_new_words_only(world: SimpleNamespace) -> None:
    ada = builders.user("ada")
    builders.join(world.review, ada, Role.ADJUDICATOR)
    record = world.records[0]
    builders.decide(record, world.ann, "exclude", protocol_id=world.older.pk, note="The old word")
    builders.decide(record, world.ben, "include", protocol_id=world.older.pk)
    builders.decide(record, ada, "include", origin="adjudication", protocol_id=world.older.pk)
    begin(world, record)
    builders.decide(record, world.ann, "include", note="The new word")
    state = StageState.objects.get(record=record, stage=TA)
    opinions = reverse("screening:conflict-opinions", args=[world.review.pk, state.pk])
    assert client_of(ada).post(opinions).status_code == 404  # not yet a conflict again
    builders.decide(record, world.ben, "exclude")
    html = client_of(ada).post(opinions).content.decode()
    assert "The new word" in html
    assert "The old word" not in html
    builders.decide(record, ada, "exclude", origin="adjudication")
    assert status(record) == StageStatus.EXCLUDED


def test_suggestions_under_an_older_text_say_so_and_can_be_asked_for_again(world: SimpleNamespace) -> None:
    run = assisting.start(assisting.local(world.review))
    items = list(run.items.order_by("id"))
    for item in items[:2]:
        suggestion_for(item)
    run.items.update(status="done")
    run.status = "done"
    run.save()
    record = items[0].record
    builders.decide(record, world.ann)
    card = reverse("screening-api:record", args=[world.review.pk, record.pk])
    assert client_of(world.ann).get(card).json()["suggestion"]["older"] is False
    builders.protocol(world.review, by=world.lead, criteria=())
    builders.protocol(world.review, by=world.lead, criteria=NEWER)
    shown = client_of(world.ann).get(card).json()["suggestion"]
    assert (shown["older"], shown["protocol_version"]) == (True, 2)
    page = client_of(world.lead).get(reverse("screening:record", args=[world.review.pk, record.pk]))
    assert "Made under version 2 of the protocol" in page.content.decode()
    lead = client_of(world.lead)
    impact = lead.get(reverse("screening:protocol-impact", args=[world.review.pk, 4])).content.decode()
    assert "only=older" in impact
    url = reverse("screening:run-start", args=[world.review.pk])
    assert "Start with" in lead.get(url, {"stage": TA, "only": "older"}).content.decode()
    started = lead.post(url, {"stage": TA, "only": "older", "assistant": run.assistant_id})
    assert started.status_code == 302
    again = world.review.runs.order_by("-id").first()
    runs.prepare(run_id=again.pk)
    assert set(again.items.values_list("record_id", flat=True)) == {item.record_id for item in items[:2]}


def test_every_verdict_can_be_given_anew(world: SimpleNamespace) -> None:
    builders.decide(world.records[0], world.ann, protocol_id=world.older.pk)
    begin(world, world.records[0])
    for verdict in (Verdict.INCLUDE, Verdict.MAYBE, Verdict.EXCLUDE, Verdict.WITHDRAWN):
        assert post(world, world.ann, world.records[0], verdict, protocol=world.newer.pk).status_code == 201


def test_reasons_and_exports_tell_the_words_that_count(world: SimpleNamespace) -> None:
    record, review = world.records[0], world.review
    review.stage_rules.update(reviewers_per_record=1)
    first = review.exclusion_reasons.get(stage=Stage.FULL_TEXT)
    second = review.exclusion_reasons.create(stage=Stage.FULL_TEXT, position=2, text="No comparator")
    builders.decide(record, world.ann)
    builders.decide(record, world.ben)
    full_text = {"stage": Stage.FULL_TEXT, "protocol_id": world.older.pk}
    builders.decide(record, world.ann, "exclude", reason_id=first.pk, **full_text)
    builders.decide(record, world.ben, "exclude", reason_id=first.pk, **full_text)
    assert deciding_reasons(review) == {record.pk: first.pk}
    rescreening.begin(
        review=review, stage=Stage.FULL_TEXT, record_ids=[record.pk], by=world.lead, reason="Comparators matter"
    )
    lead = client_of(world.lead)
    for person in (world.ann, world.ben):
        builders.decide(record, person, "exclude", stage=Stage.FULL_TEXT, reason_id=second.pk)
    assert deciding_reasons(review) == {record.pk: second.pk}
    exported = lead.get(reverse("screening:export", args=[review.pk, "records.json"])).getvalue()
    said = [word for word in json.loads(exported)["records"][0]["decisions"] if word["stage"] == "full_text"]
    told = [(word["protocol_version"], word["stands"], word["screened_anew_since"]) for word in said]
    assert told == [(1, False, 2), (1, False, 2), (2, True, None), (2, True, None)]
    builders.join(review, world.ann, Role.LEAD)
    third = world.records[1]
    builders.decide(third, world.ann, "maybe", protocol_id=world.older.pk)
    begin(world, third)
    listed = (
        client_of(world.ann).get(reverse("screening:export", args=[review.pk, "decisions.csv"])).getvalue().decode()
    )
    assert "maybe" not in listed
    builders.decide(third, world.ann, "exclude")
    listed = (
        client_of(world.ann).get(reverse("screening:export", args=[review.pk, "decisions.csv"])).getvalue().decode()
    )
    assert "maybe" in listed
