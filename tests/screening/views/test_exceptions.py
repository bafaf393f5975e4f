"""The inbox of exceptions: each kind with its next step, gone once it is settled or seen, blind where people vote."""

import itertools
from types import SimpleNamespace

import pytest
from django.urls import reverse

from audit.models.event import Event
from screening.actions import stages
from screening.enums import ExceptionKind, ItemStatus, Oversight, Role, Stage, StageStatus, SuggestionRole
from screening.models.exception import ExceptionSeen
from screening.models.run import RunItem
from screening.models.stage import StageRule, StageState
from screening.queries.assistants import exceptions
from screening.queries.assistants.exceptions import Eyes
from screening.queries.telling.alerts import alerts
from screening.views import exceptions as view
from screening.visibility import sees_suggestion
from tests import assisting, builders
from tests.stored_suggestions import suggestion_for

pytestmark = pytest.mark.django_db
TELLING = {kind.value for kind in ExceptionKind if kind.tells}
LEAD = frozenset({"lead"})


@pytest.fixture
def scene():
    """A review in blind first, one run of the offline engine, one record for each kind of exception."""
    lead, person = builders.user("lena"), builders.user("rolf")
    review = assisting.review(lead=lead, reviewers=[person], reviewers_per_record=1)
    names = ["failed", "refused", "injection", "split", "unstable", "unsure", "plain"]
    records = {name: builders.record(review, title=f"About {name}") for name in names}
    records["no_abstract"] = builders.record(review, title="About no abstract", abstract="")
    run = assisting.start(assisting.local(review))
    of = {name: run.items.get(record=record) for name, record in records.items()}
    run.items.update(status=ItemStatus.DONE)
    fail(of["failed"], "The reply was no JSON.", "invalid_reply")
    fail(of["refused"], "The words of a sentence tell nothing.", "refused")
    suggestion_for(of["injection"], verdict="maybe", flags=["instruction"], band="unsure")
    suggestion_for(of["split"], verdict="maybe", flags=["split"], band="unsure")
    model = assisting.llm(review, SimpleNamespace(address="http://127.0.0.1:9/v1"))
    suggestion_for(of["unsure"], verdict="maybe", flags=[], band="unsure", assistant=model)
    suggestion_for(of["plain"], verdict="exclude", flags=[])
    first = suggestion_for(of["unstable"], verdict="exclude", flags=[])
    repeated(first, "include")
    return review, records, lead, person


def fail(item, why, kind):
    RunItem.objects.filter(pk=item.pk).update(status=ItemStatus.FAILED, error=why, failure=kind)


def repeated(first, verdict):
    again = RunItem.objects.create(run=first.item.run, record=first.record, repeat=1, status=ItemStatus.DONE)
    return suggestion_for(again, verdict=verdict, flags=[], role=SuggestionRole.REPEAT, beside=first)


def shown(review, eyes, **page):
    inbox = exceptions.inbox(review, eyes, **{"per_page": 1_000, **page})
    assert inbox.counted == exceptions.counts(review, eyes)
    return inbox.rows


def found(review, person, roles=LEAD):
    eyes = Eyes(person.pk, frozenset(roles))
    listed, counted = shown(review, eyes), exceptions.counts(review, eyes)
    assert len(listed) == sum(counted.values()) == exceptions.how_many(review, eyes)
    return {(one.kind, one.title.removeprefix("About ").replace(" ", "_")) for one in listed}


ALL = {(name, name) for name in ("failed", "refused", "injection", "split", "unstable", "unsure", "no_abstract")}


def test_every_kind_is_found_once_and_what_is_plain_is_not(scene):
    review, _, lead, _ = scene
    assert found(review, lead) == ALL


def test_the_page_says_of_each_what_to_do_next(client, scene):
    review, _, lead, _ = scene
    client.force_login(lead)
    page = client.get(reverse("screening:exceptions", args=[review.pk])).content.decode()
    for words in (
        "The reply was no JSON.", "Try the failed ones again", "choose another model", "never proposed for exclusion",
        "members of the panel disagree", "Asked again", "could not tell", "Look for the abstract",
    ):  # fmt: skip
        assert words in page, words
    narrowed = client.get(reverse("screening:exceptions", args=[review.pk]), {"kind": "split"}).content.decode()
    assert "About split" in narrowed
    assert "About unsure" not in narrowed
    assert '<span class="count">7</span>' in page


def test_pages_part_the_inbox_and_behind_the_last_is_the_last(client, scene, monkeypatch):
    review, _, lead, _ = scene
    eyes = Eyes(lead.pk, LEAD)
    parts = [shown(review, eyes, page=page, per_page=3) for page in (1, 2, 3)]
    assert [len(part) for part in parts] == [3, 3, 1]
    assert [*itertools.chain(*parts)] == shown(review, eyes)
    assert shown(review, eyes, page=2**31, per_page=3) == parts[2]
    assert [one.kind for one in shown(review, eyes, kind="split")] == ["split"]
    assert [(one.run_id is None, bool(one.why)) for one in shown(review, eyes, kind="failed")] == [(False, True)]
    monkeypatch.setattr(view, "PER_PAGE", 3)
    client.force_login(lead)
    address = reverse("screening:exceptions", args=[review.pk])
    for asked, first in (("2", 4), ("0", 7), ("-1", 1), ("99", 7), ("x", 1), ("", 1), ("9" * 30, 1)):
        page = client.get(address, {"page": asked})
        assert page.context["page"].start_index() == first, asked
        assert [row["one"] for row in page.context["rows"]] == parts[(first - 1) // 3], asked


def test_what_people_settled_is_gone(scene):
    review, records, lead, person = scene
    builders.decide(records["split"], person)
    builders.decide(records["failed"], person)
    assert found(review, lead) == ALL - {("split", "split"), ("failed", "failed")}


def test_what_a_later_run_did_better_is_gone(scene):
    review, records, lead, _ = scene
    run = assisting.start(assisting.local(review, "Another"))
    for name in ("failed", "unsure", "unstable"):
        suggestion_for(run.items.get(record=records[name]), verdict="include", flags=[])
    run.items.update(status=ItemStatus.DONE)
    left = found(review, lead)
    assert not left & {("failed", "failed"), ("unsure", "unsure"), ("unstable", "unstable")}


def test_what_somebody_looked_at_is_gone_and_stays_on_record(client, scene):
    review, records, lead, _ = scene
    client.force_login(lead)
    rows = {one.kind: one for one in shown(review, Eyes(lead.pk, LEAD))}
    for kind in ("split", "failed", "no_abstract"):
        body = {
            "kind": kind,
            "stage": rows[kind].stage,
            "record": rows[kind].record_id,
            "item": rows[kind].item_id or "",
        }
        for _ in range(2):  # a second click changes nothing
            client.post(reverse("screening:exception-seen", args=[review.pk]), body)
    assert not {kind for kind, _ in found(review, lead)} & {"split", "failed", "no_abstract"}
    assert ExceptionSeen.objects.count() == Event.objects.filter(type="exception.seen").count() == 3
    told = Event.objects.get(type="exception.seen", subject_id=ExceptionSeen.objects.get(kind="split").pk)
    assert (told.record_id, told.data["kind"]) == (None, "")
    again = assisting.start(assisting.local(review, "Another"))
    fail(again.items.get(record=records["failed"]), "Again.", "fault")
    assert ("failed", "failed") in found(review, lead)


def test_a_form_that_names_what_does_not_wait_changes_nothing(client, scene):
    review, records, lead, _ = scene
    client.force_login(lead)
    address = reverse("screening:exception-seen", args=[review.pk])
    for body in ({}, {"kind": "split", "stage": "title_abstract", "record": records["plain"].pk}):
        assert client.post(address, body).status_code == 302
    assert not ExceptionSeen.objects.exists()


@pytest.mark.parametrize(("roles", "mode", "voted"), list(itertools.product(
    (("lead",), ("auditor",), ("lead", "reviewer")), Oversight.values, (False, True),
)))  # fmt: skip
def test_what_tells_of_a_suggestion_is_listed_for_those_who_may_see_it(scene, roles, mode, voted):
    review, _, lead, _ = scene
    StageRule.objects.filter(review=review).update(oversight=mode)
    if voted:
        StageState.objects.filter(review=review).update(voters=[lead.pk])
    sees = sees_suggestion(oversight=mode, roles=roles, voted=voted)
    assert found(review, lead, roles) == (ALL if sees else {one for one in ALL if one[0] not in TELLING})


def test_a_lead_who_screens_marks_nothing_that_they_may_not_see(client, scene):
    review, records, lead, _ = scene
    builders.join(review, lead, Role.REVIEWER)
    client.force_login(lead)
    body = {"kind": "split", "stage": "title_abstract", "record": records["split"].pk}
    body["item"] = RunItem.objects.get(record=records["split"]).pk
    client.post(reverse("screening:exception-seen", args=[review.pk]), body)
    assert not ExceptionSeen.objects.exists()


def test_with_ai_off_nothing_waits(scene, django_assert_num_queries):
    review, _, lead, _ = scene
    review.ai_enabled = False
    with django_assert_num_queries(0):
        assert exceptions.how_many(review, Eyes(lead.pk, LEAD)) == 0


def test_the_page_takes_as_many_queries_for_one_as_for_seven(client, scene, django_assert_max_num_queries):
    review, records, lead, person = scene
    client.force_login(lead)
    address = reverse("screening:exceptions", args=[review.pk])
    client.get(address)
    with django_assert_max_num_queries(100) as many:
        client.get(address)
    for name in set(records) - {"split"}:
        builders.decide(records[name], person)
    with django_assert_max_num_queries(100) as one:
        assert b"About split" in client.get(address).content
    assert len(one) == len(many)


def test_alerts_tell_leads_of_what_needs_their_hand_and_of_no_suggestion(scene):
    review, _, _, _ = scene
    told = {one.name for one in alerts()[review.pk]}
    assert {"exceptions-refused", "exceptions-no_abstract"} <= told
    assert not {f"exceptions-{kind}" for kind in TELLING} & told


@pytest.mark.parametrize(
    ("mode", "listed"),
    [(Oversight.PRIORITISE, False), (Oversight.ASSIST, False), (Oversight.SECOND_REVIEWER, True)],
)
def test_where_the_offline_engine_is_unsure_is_listed_only_where_its_opinion_would_count(scene, mode, listed):
    review, records, _, _ = scene
    of = RunItem.objects.get(record=records["plain"], repeat=0)
    later = RunItem.objects.create(run=of.run, record=of.record, repeat=3, status=ItemStatus.DONE)
    suggestion_for(later, verdict="maybe", flags=[], band="unsure")
    StageRule.objects.filter(review=review).update(oversight=mode)
    watcher = builders.user("wanda")  # bound by nothing: they do not screen
    assert (("unsure", "plain") in found(review, watcher)) is listed
    assert ("unsure", "unsure") in found(review, watcher), "a language model's is listed whatever the mode"


@pytest.mark.parametrize("name", ["injection", "split", "unsure", "unstable"])
def test_what_wants_a_look_itself_is_no_second_opinion(scene, name):
    review, records, _, person = scene
    if name == "unstable":
        item = RunItem.objects.get(record=records[name], repeat=0)
        again = RunItem.objects.create(run=item.run, record=item.record, repeat=2, status=ItemStatus.DONE)
        suggestion_for(again, flags=["unstable"], role=SuggestionRole.REPEAT, beside=item.suggestion)
    StageRule.objects.filter(review=review).update(oversight=Oversight.SECOND_REVIEWER)
    stages.apply_rule(rule=stages.rule_for(review, Stage.TITLE_ABSTRACT))
    builders.decide(records[name], person)
    builders.decide(records["plain"], person)
    status = dict(StageState.objects.filter(review=review).values_list("record__title", "status"))
    assert status[f"About {name}"] == StageStatus.PARTIAL
    assert status["About plain"] == StageStatus.CONFLICT  # the assistant would exclude it
