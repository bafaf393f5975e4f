"""A percentage stands only where this review's own blind labels have earned it (AI-09)."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models.event import Event
from screening.actions import calibrating, holding_out, runs
from screening.enums import Engine, Facet, ItemStatus, Oversight, Role, Stage
from screening.models.assistant import Assistant
from screening.models.calibration import Calibration
from screening.models.decision import Decision
from screening.models.protocol import ProtocolVersion
from screening.models.run import RunItem
from screening.models.stage import StageState
from screening.models.suggestion import Suggestion
from screening.queries.assistants import calibration, suggestions
from screening.tasks import calibrate
from tests import assisting, builders

pytestmark = pytest.mark.django_db
TA = Stage.TITLE_ABSTRACT


def screened(said: list[tuple[float, str]], *, oversight: str = Oversight.BLIND_FIRST) -> Assistant:
    """A review that one person has screened: (score of the offline engine, what the person said), record by record."""
    person = builders.user()
    review = assisting.review(lead=builders.user(), reviewers=[person], reviewers_per_record=1, oversight=oversight)
    assistant = assisting.local(review)
    records = [builders.record(review) for _ in said]
    run = assisting.start(assistant)
    run.items.update(status=ItemStatus.DONE)
    scores = dict(zip([one.pk for one in records], said, strict=True))
    Suggestion.objects.bulk_create(suggestion(item, scores[item.record_id][0]) for item in run.items.all())
    for record, (_, verdict) in zip(records[:2], said, strict=False):
        builders.decide(record, person, verdict)
    pairs = list(zip(records, said, strict=True))
    model, state = Decision.objects.first(), StageState.objects.filter(record=records[0]).get()
    Decision.objects.bulk_create(like(model, record, verdict) for record, (_, verdict) in pairs[2:])
    for verdict, status in (("include", "included"), ("maybe", "included"), ("exclude", "excluded")):
        ids = [record.pk for record, (_, words) in pairs if words == verdict]
        StageState.objects.filter(record__in=ids).update(status=status, voters=state.voters)
    return assistant


def like(model: Decision, record, verdict: str) -> Decision:
    """Many decisions as rows: by the verb, a hundred take seconds."""
    copied = {name: getattr(model, name) for name in ("review", "stage", "author", "oversight", "protocol")}
    return Decision(record=record, verdict=verdict, idempotency_key=uuid4(), **copied)


def suggestion(item, score: float, **fields) -> Suggestion:
    made = {"proposed_verdict": "include", "why": "w", "band": "clear", "band_method": "uncalibrated", "flags": []}
    return Suggestion(
        review=item.run.review, record=item.record, stage=item.run.stage, item=item, score=score,
        **{"assistant": item.run.assistant, "protocol": item.run.protocol, **made, **fields},
    )  # fmt: skip


def work_out(assistant: Assistant) -> Calibration:
    stored = calibrating.work_out(assistant=assistant, stage=TA, by=calibrating.WORKER)
    assert stored is not None
    return stored


def alternating(n: int) -> list[tuple[float, str]]:
    """Of n records each, those of score 0.8 are kept in 9 of 10, those of 0.2 in 1 of 10."""
    high = [(0.8, "exclude" if i % 10 == 0 else "include") for i in range(n)]
    return [*high, *((0.2, "maybe" if i % 10 == 0 else "exclude") for i in range(n))]


@pytest.fixture
def calibrated(db) -> Assistant:
    assistant = screened(alternating(50))
    work_out(assistant)
    return assistant


def one_of(assistant: Assistant, score: float) -> Suggestion:
    record = Suggestion.objects.filter(assistant=assistant, score=score).values_list("record_id", flat=True)[0]
    return suggestions.latest([record], TA)[record]


def test_with_fifty_of_each_and_a_small_error_the_share_is_shown_as_of_these_labels(calibrated):
    stored = Calibration.objects.get()
    assert (stored.n_include, stored.n_exclude, stored.usable) == (50, 50, True)
    assert stored.ece is not None
    assert stored.ece < 0.06
    found = calibration.percent(one_of(calibrated, 0.8))
    assert found is not None
    assert found.share == pytest.approx(0.9, abs=0.01)
    shown = suggestions.shown(one_of(calibrated, 0.2))
    assert shown["percent_in_words"].startswith("include 10 % (calibrated on 100 labels of this review, error 0.0")
    assert (shown["method"], shown["percent"]["include"], shown["band"]) == ("calibrated", 10, "clear")
    assert calibration.percent(Suggestion.objects.filter(assistant=calibrated, score=0.8)[0]) == found  # asked alone
    assert Event.objects.get(type="assistant.calibrated").data == {"assistant": str(calibrated), "stage": TA}


def test_a_percentage_is_for_its_assistant_its_text_and_unflagged_records_alone(calibrated):
    other = assisting.local(calibrated.review, "Another")
    seen = one_of(calibrated, 0.8)
    assert calibration.percent(seen) is not None
    for change in ({"flags": ["instruction"]}, {"assistant": other}, {"protocol": amended(calibrated)}):
        changed = suggestion_like(seen, **change)
        assert calibration.percent(changed) is None, change
    seen.unstable = True
    assert calibration.percent(seen) is None


def suggestion_like(seen: Suggestion, **fields) -> Suggestion:
    item = RunItem.objects.create(run=seen.item.run, record=seen.record, repeat=Suggestion.objects.count())
    made = suggestion(item, seen.score, **fields)
    made.save()
    return made


def amended(assistant: Assistant) -> ProtocolVersion:
    return builders.protocol(assistant.review, by=assistant.created_by, criteria=[("adults", Facet.POPULATION)])


def test_after_an_amendment_nothing_is_calibrated_until_it_is_worked_out_again(calibrated):
    amended(calibrated)
    assert calibration.latest(calibrated.review) == {}
    again = work_out(calibrated)  # what was said and suggested under the text before is no label for this one
    assert (again.n_include, again.n_exclude, again.usable) == (0, 0, False)


def test_of_labels_that_are_the_same_nothing_new_is_stored_and_of_others_the_newest_stands(calibrated):
    assert calibrating.work_out(assistant=calibrated, stage=TA, by=calibrating.WORKER) is None
    record = Suggestion.objects.filter(assistant=calibrated, score=0.2).last().record
    holding_out.hold_out(
        review=calibrated.review, record_ids=[record.pk], stage=TA, why="a test", by=calibrated.created_by
    )
    newer = work_out(calibrated)
    assert newer.n_include + newer.n_exclude == 99  # held out: no label, so 49 of a class, and no percentage any more
    assert not newer.usable
    assert calibration.percent(one_of(calibrated, 0.8)) is None


def test_an_error_above_a_tenth_shows_none(monkeypatch):
    assistant = screened(alternating(3))
    monkeypatch.setattr("audit.agreement.calibration.LEAST", 3)
    monkeypatch.setattr("audit.agreement.calibration.FOLDS", 2)
    stored = work_out(assistant)
    assert stored.ece is not None
    assert stored.ece > 0.10
    assert not stored.usable
    assert calibration.percent(one_of(assistant, 0.8)) is None


def test_what_was_said_with_the_suggestion_in_view_is_no_label():
    assistant = screened(alternating(3), oversight=Oversight.ASSIST)
    assert calibration.labelled(assistant, TA, assistant.review.protocol_versions.get()).rows == []


def test_a_panel_is_read_by_the_share_of_its_members_that_keep_it_and_a_single_model_not_at_all():
    members = {"members": [{"verdict": "include"}, {"verdict": "maybe"}]}
    assert calibration.score_of(Engine.PANEL, 0.4, members, ["split"]) == 0.75
    assert calibration.score_of(Engine.PANEL, 0.4, members, ["split", "instruction"]) is None
    assert calibration.score_of(Engine.PANEL, 0.4, {}, []) is None
    assert calibration.score_of(Engine.LOCAL, 0.4, {}, []) == 0.4
    assert calibration.score_of(Engine.LLM, 0.4, {}, []) is None


def test_the_page_shows_the_diagram_with_its_table_to_a_lead_who_does_not_screen(client, calibrated):
    client.force_login(calibrated.created_by)
    page = client.get(reverse("screening:assistants", args=[calibrated.review_id])).content.decode()
    assert "calibrated on 100 labels of this review" in page
    assert page.count("Predicted and kept</title>") == 2
    assert "Work it out now" in page
    builders.join(calibrated.review, calibrated.created_by, Role.REVIEWER)
    page = client.get(reverse("screening:assistants", args=[calibrated.review_id])).content.decode()
    assert "it would tell what was suggested" in page
    assert "Brier" not in page


def test_the_page_says_what_is_missing_and_a_lead_may_ask_for_it_to_be_worked_out(client, monkeypatch):
    assistant = screened(alternating(1))
    review = assistant.review
    client.force_login(assistant.created_by)
    rung = []
    monkeypatch.setattr(calibrating, "enqueue", lambda task, **kwargs: rung.append((task, kwargs)))
    asked = {"assistant": assistant.pk, "stage": "title_abstract"}
    page = client.post(reverse("screening:ai-calibrate", args=[review.pk]), asked, follow=True).content.decode()
    assert "It is being worked out" in page
    ((task, arguments),) = rung
    assert task == calibrate.name
    calibrate(**arguments)
    assert Event.objects.get(type="assistant.calibrated").actor_id == assistant.created_by_id
    page = client.get(reverse("screening:assistants", args=[review.pk])).content.decode()
    assert "There are 1 of 50 includes and 1 of 50 excludes so far." in page
    for wrong in ({"assistant": "9" * 30}, {"assistant": "x"}, {}):
        assert client.post(reverse("screening:ai-calibrate", args=[review.pk]), wrong).status_code == 404


def test_the_record_page_and_a_list_of_suggestions_show_it_without_a_query_more(client, calibrated):
    seen = one_of(calibrated, 0.8)
    client.force_login(calibrated.created_by)
    page = client.get(reverse("screening:record", args=[calibrated.review_id, seen.record_id])).content.decode()
    assert "include 90 % (calibrated on 100 labels of this review" in page
    ids, counts = list(Suggestion.objects.values_list("record_id", flat=True)), []
    for n in (1, 30):
        with CaptureQueriesContext(connection) as queries:
            shown = [suggestions.shown(one) for one in suggestions.latest(ids[:n], TA).values()]
        assert all(one["percent"] for one in shown)
        counts.append(len(queries))
    assert counts == [2, 2]


def test_at_the_end_of_a_run_of_work_it_is_rung_for(monkeypatch):
    review = assisting.review(lead=builders.user())
    builders.record(review)
    rung = []
    monkeypatch.setattr(calibrating, "enqueue", lambda task, **kwargs: rung.append(kwargs))
    run = assisting.start(assisting.local(review))
    run.items.update(status=ItemStatus.DONE)
    assert runs.finish_if_done(run_id=run.pk)
    assert rung == [{"assistant_id": run.assistant_id, "stage": "title_abstract", "user_id": 0}]


def test_with_ai_off_nothing_is_worked_out():
    assistant = screened(alternating(1))
    assistant.review.ai_enabled = False
    with pytest.raises(calibrating.CalibrationRefusedError, match="AI is off"):
        work_out(assistant)
