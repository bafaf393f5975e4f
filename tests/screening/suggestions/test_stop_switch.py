"""The stop switch: from the moment on nothing is claimed and no call is made, here or everywhere (MON-07)."""

from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from audit import stops
from audit.calls import ask
from audit.models.event import Event
from audit.models.model_call import ModelCall
from reviewapp.ai.endpoint import Endpoint
from reviewapp.ai.prompt import Message, Prompt
from screening.actions import runs, stopping, sweeping
from screening.enums import ItemStatus, PauseReason, RunStatus
from screening.models.run import Run, RunItem
from screening.models.suggestion import Suggestion
from screening.running import claims, lifecycle
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
WHY = "The model says strange things"


def going(model_server, behaviour="screener"):  # noqa: F811
    review = assisting.review()
    for _ in range(3):
        builders.record(review)
    return assisting.start(assisting.llm(review, model_server, behaviour))


def administrator():
    return builders.user(is_superuser=True, is_staff=True)


def test_a_stopped_review_s_run_pauses_and_what_is_queued_finds_nothing(model_server):  # noqa: F811
    run, other = going(model_server), going(model_server)
    stopping.stop(review=run.review, by=run.created_by, why=WHY)
    assisting.work(run)
    assert (run.status, run.stopped_for, model_server.stats.calls) == (RunStatus.PAUSED, PauseReason.STOP, 0)
    assisting.work(other)
    assert (other.status, model_server.stats.calls) == (RunStatus.FINISHED, 3)


def test_the_instance_s_switch_stops_every_review_and_every_engine(model_server):  # noqa: F811
    run = going(model_server)
    local = assisting.start(assisting.local(run.review))
    stopping.stop(review=None, by=administrator(), why=WHY)
    Run.objects.update(status=RunStatus.RUNNING)  # as if they had begun to go while the switch was turned
    ids = list(RunItem.objects.values_list("id", flat=True))
    assert claims.claim(ids) == []
    assert claims.claim_next(local.pk) is None
    sweeping.sweep()
    assert set(Run.objects.values_list("status", "stopped_for")) == {(RunStatus.PAUSED, PauseReason.STOP)}
    assert model_server.stats.calls == 0


def test_an_item_in_hand_is_put_back_and_its_try_does_not_count(model_server):  # noqa: F811
    run = going(model_server)
    item_id = RunItem.objects.filter(run=run).first().pk
    [ours] = claims.claim([item_id])
    assert claims.keep(ours)
    stopping.stop(review=run.review, by=run.created_by, why=WHY)
    assert not claims.keep(ours)


def test_the_door_itself_makes_no_call(model_server):  # noqa: F811
    record = builders.record(assisting.review())
    stops.stop(review_id=record.review_id, by=record.review.created_by, why=WHY)
    with pytest.raises(stops.StoppedAIError, match=WHY):
        ask(
            Prompt((Message("user", "What does it say?"),), None, 0.0, 100),
            endpoint=Endpoint("openai/screener", model_server.address, "key"),
            purpose="test",
            subject=record,
            sends=[record],
            review_id=record.review_id,
            allowed_hosts=["127.0.0.1"],
        )
    assert (ModelCall.objects.count(), model_server.stats.calls) == (0, 0)


def test_while_it_is_stopped_nothing_starts_or_goes_on_and_after_it_is_lifted_people_resume(model_server):  # noqa: F811
    run = going(model_server)
    stopping.stop(review=run.review, by=run.created_by, why=WHY)
    with pytest.raises(runs.RunRefusedError, match=f"stopped in this review.*{WHY}.*A lead can"):
        runs.resume(run=run, by=run.created_by)
    with pytest.raises(runs.RunRefusedError, match="stopped in this review"):
        assisting.start(assisting.local(run.review))
    stopping.lift(review=run.review, by=run.created_by, why="It was a mistake")
    sweeping.sweep()
    run.refresh_from_db()
    assert run.status == RunStatus.PAUSED
    runs.resume(run=run, by=run.created_by)
    assisting.work(run)
    assert (run.status, Suggestion.objects.count()) == (RunStatus.FINISHED, 3)
    assert not RunItem.objects.exclude(status=ItemStatus.DONE).exists()


def test_lifting_the_instance_s_switch_leaves_a_review_s_own(model_server):  # noqa: F811
    run, admin = going(model_server), administrator()
    stopping.stop(review=None, by=admin, why="Everything")
    stopping.stop(review=run.review, by=run.created_by, why=WHY)
    assert "everywhere on this server" in stops.stopped(run.review_id)
    stopping.lift(review=None, by=admin, why="Better")
    assert (stops.is_stopped(run.review_id), stops.is_stopped(None)) == (True, False)
    assert WHY in stops.stopped(run.review_id)
    assert list(Event.objects.filter(type__startswith="ai.").values_list("type", "review_id")) == [
        ("ai.stop_lifted", None),
        ("ai.stopped", run.review_id),
        ("ai.stopped", None),
    ]


def test_only_administrators_stop_everything_and_nobody_without_a_reason_or_twice():
    review = assisting.review()
    with pytest.raises(PermissionDenied):
        stopping.stop(review=None, by=review.created_by, why=WHY)
    with pytest.raises(stops.StopRefusedError, match="Say why"):
        stopping.stop(review=review, by=review.created_by, why=" ")
    with pytest.raises(stops.StopRefusedError, match="not stopped"):
        stopping.lift(review=review, by=review.created_by, why=WHY)
    stopping.stop(review=review, by=review.created_by, why=WHY)
    with pytest.raises(stops.StopRefusedError, match="already"):
        stopping.stop(review=review, by=review.created_by, why=WHY)


def test_a_lead_turns_it_on_the_page_of_the_review_and_an_administrator_on_that_of_the_server(client):
    review, admin = assisting.review(), administrator()
    client.force_login(review.created_by)
    home, switch = f"/reviews/{review.pk}/ai/", f"/reviews/{review.pk}/ai/stop/"
    assert "Stop AI at once" in client.get(home).content.decode()
    client.post(switch, {"verb": "stop", "why": ""})
    assert not stops.is_stopped(review.pk)
    client.post(switch, {"verb": "stop", "why": "<b>odd</b>"})
    page = client.get(home).content.decode()
    assert "AI is stopped in this review" in page
    assert "&lt;b&gt;odd&lt;/b&gt;" in page
    client.post(switch, {"verb": "lift", "why": "mended"})
    assert not stops.is_stopped(review.pk)
    assert client.get("/models/stop/").status_code == 403
    assert client.post("/models/stop/", {"verb": "stop", "why": WHY}).status_code == 403
    client.force_login(admin)
    client.post("/models/stop/", {"verb": "stop", "why": WHY})
    assert "AI is stopped everywhere" in client.get("/models/stop/").content.decode()
    assert stops.is_stopped(review.pk)


def test_the_command_stops_and_lifts():
    review, out = assisting.review(), StringIO()
    with pytest.raises(CommandError, match="no such administrator"):
        call_command("stop_ai", WHY)
    administrator()
    call_command("stop_ai", WHY, "--review", str(review.pk), stdout=out)
    assert WHY in out.getvalue()
    with pytest.raises(CommandError, match="already"):
        call_command("stop_ai", WHY, "--review", str(review.pk))
    call_command("stop_ai", "fine again", "--review", str(review.pk), "--lift", stdout=out)
    assert "may go on" in out.getvalue()
    for number in ("999999", "0"):  # 0 is no word for everywhere
        with pytest.raises(CommandError, match=f"no review {number}"):
            call_command("stop_ai", WHY, "--review", number)
    assert not stops.is_stopped(None)


def test_a_run_that_ends_while_the_switch_is_turned_does_not_keep_it_from_turning(model_server, monkeypatch):  # noqa: F811
    run, other = going(model_server), going(model_server)
    halt = lifecycle.halt

    def ended_meanwhile(**said):
        Run.objects.filter(pk=run.pk).update(status=RunStatus.FINISHED)
        return halt(**said)

    monkeypatch.setattr(lifecycle, "halt", ended_meanwhile)
    stopping.stop(review=None, by=administrator(), why=WHY)
    other.refresh_from_db()
    assert (stops.is_stopped(None), other.status) == (True, RunStatus.PAUSED)
