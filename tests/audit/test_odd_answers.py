"""Whatever a provider answers, the call has its outcome: nothing in a reply can keep it off the record (law 2)."""

from decimal import Decimal

import pytest

from audit import calls
from audit.models.model_call import ModelOutcome
from reviewapp.ai.completion import Completion
from reviewapp.ai.endpoint import Endpoint
from reviewapp.ai.prompt import Message, Prompt
from screening.models.record import Record
from screening.models.run import RunItem
from screening.running import ends
from screening.running.claims import claim
from tests import assisting, builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch):
    """Ask, and be answered so; the answer, and the outcome that is kept."""

    def ask(**said):
        fields = {"text": "Yes.", "model": "m", "tokens_in": 1, "tokens_out": 1, "cost": None, "finish_reason": "stop"}
        monkeypatch.setattr(calls, "complete", lambda *_: Completion(**{**fields, **said, "seconds": 0.1}))
        record: Record = builders.record(assisting.review())
        answer = calls.ask(
            Prompt((Message("user", "What does it say?"),), None, 0.0, 100),
            endpoint=Endpoint("openai/screener", "http://localhost:1", "key"),
            purpose="test",
            subject=record,
            sends=[record],
            review_id=record.review_id,
            allowed_hosts=["localhost"],
            price=(Decimal(1_000), Decimal(1_000)),
        )
        return answer, ModelOutcome.objects.get()

    return ask


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "\x00" * 5_000])
def test_characters_that_can_not_be_stored_are_taken_out_of_the_reply_and_of_what_is_made_of_it(asked, text):
    answer, outcome = asked(text=text, model=text, finish_reason=text)
    assert outcome.state == ModelOutcome.ANSWERED
    assert (answer.text, answer.answered_by) == (outcome.reply, outcome.answered_by)
    assert "\x00" not in answer.text
    answer.text.encode()


@pytest.mark.parametrize("tokens", [-1, 10**15])
def test_a_count_that_no_call_can_have_is_kept_as_far_as_the_record_goes(asked, tokens):
    _, outcome = asked(tokens_in=tokens, tokens_out=tokens)
    assert (outcome.tokens_in, outcome.cost) in ((0, 0), (2**31 - 1, None))


def test_a_fault_between_a_call_and_its_outcome_leaves_no_call_open(monkeypatch):
    review = assisting.review()
    record = builders.record(review)
    run = assisting.start(assisting.local(review))
    [ours] = claim([RunItem.objects.get(run=run).pk])

    def stumble() -> None:
        calls.ModelCall.objects.create(
            purpose="test", subject_type="screening.runitem", subject_id=ours.item_id, model="m", prompt_sha256="0"
        )
        raise ZeroDivisionError

    ends.guarded(job=_Job(run, review), claim=ours, work=stumble)
    assert ModelOutcome.objects.get().state == ModelOutcome.UNKNOWN
    assert record.active


class _Job:
    """What `guarded` asks of a job."""

    def __init__(self, run, review) -> None:
        self.run_id, self.review, self.noun, self.fallback = run.pk, review, "record", "People judge it."
        self.worker, self.assistant = ends.actors.worker("assistant of a test"), run.assistant
