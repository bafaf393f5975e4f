"""The only way to a language model. Nothing is asked without a ModelCall, and no rollback can erase it (law 2)."""

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_UP, Decimal
from functools import cache
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from audit import budgets, sending, stops
from audit.models.model_call import ModelCall, ModelOutcome
from reviewapp import copying, prepared
from reviewapp.ai.completion import Completion, complete, load
from reviewapp.ai.endpoint import Endpoint, check_host
from reviewapp.ai.errors import AIError
from reviewapp.ai.prompt import Prompt

_HALF = re.compile(r"[\ud800-\udfff]")
MOST_TOKENS, MOST_COST = 2**31 - 1, 999_999  # what the columns hold; a provider that says more is not believed
BYTES_PER_TOKEN = 2  # or more, in the tokenisers of today, of English, Chinese and tables: what is reserved is enough
SOON = 1.0  # seconds within which nobody looks again whether an identical call was answered
SMALLEST = Decimal("0.000001")  # of a dollar: the smallest sum that is kept


# What this very subject was answered comes first: after a crash an item finds its own reply.
ANSWERED = """
SELECT o.reply, o.answered_by, o.finish_reason, c.id,
       c.subject_type = %(type)s::text AND c.subject_id = %(id)s::bigint AS own
  FROM audit_modelcall c JOIN audit_modeloutcome o ON o.call_id = c.id AND o.state = 'answered'
 WHERE c.cache_key = %(key)s::text AND c.cache_key <> '' ORDER BY own DESC, c.id LIMIT 1
"""
# One statement where the review has no budget and AI is not stopped; where it has or is, no row comes back.
BEGUN = f"""
INSERT INTO audit_modelcall (at, purpose, review_id, subject_type, subject_id, model, api_host, parameters, messages,
                             sends, prompt_sha256, attempt, cache_key, reserved)
SELECT %(at)s::timestamptz, %(purpose)s::text, %(review_id)s::bigint, %(subject_type)s::text, %(subject_id)s::bigint,
       %(model)s::text, %(api_host)s::text, %(parameters)s::jsonb, %(messages)s::jsonb, %(sends)s::jsonb,
       %(prompt_sha256)s::text, %(attempt)s::int, %(cache_key)s::text, %(reserved)s::numeric
 WHERE {budgets.NONE.format(review="%(review_id)s::bigint")}
   AND NOT {stops.STOPPED.format(review="%(review_id)s::bigint")}
RETURNING id
"""
# The outcome is on record and its budget settled, or neither.
ENDED = f"""
WITH ended AS (
    INSERT INTO audit_modeloutcome (call_id, at, state, reply, answered_by, finish_reason, tokens_in, tokens_out, cost,
                                    seconds, error)
    VALUES (%(call_id)s::bigint, %(at)s::timestamptz, %(state)s::text, %(reply)s::text, %(answered_by)s::text,
            %(finish_reason)s::text, %(tokens_in)s::int, %(tokens_out)s::int, %(cost)s::numeric, %(seconds)s::float,
            %(error)s::text))
{budgets.SETTLE}
"""  # noqa: S608
_JSON = ("parameters", "messages", "sends")


class InTransactionError(RuntimeError):
    """A model was about to be asked inside a transaction, whose rollback would erase the record of it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and the call that it stands on.

    `replayed`: it is the reply to an identical call that was made about something else, such as an item of an earlier
    run; none was made for this. `found`: it is that, or one to this very question that had come before.
    """

    text: str
    answered_by: str
    finish_reason: str
    call_id: int
    replayed: bool
    found: bool = False


def ask(
    prompt: Prompt,
    *,
    endpoint: Endpoint,
    purpose: str,
    subject: models.Model,
    sends: Sequence[models.Model],
    review_id: int | None,
    allowed_hosts: list[str],
    attempt: int = 1,
    price: tuple[Decimal, Decimal] | None = None,
    anew: str = "",
    turn: Callable[[], None] | None = None,
) -> Answer:
    """Ask once and record it: one ModelCall before, one ModelOutcome after, success or failure.

    An identical call of the review (or of none) whose reply had come is never made again: its reply is returned (`_key`
    says what makes calls identical). What is named `anew` is a question of its own: only it itself is found again.
    `sends` are the rows whose text is in the prompt; each must be allowed by its rule (`audit.sending`), also for a
    reply that is used again. `price` is USD per million tokens in and out, where the provider's own is not known.
    `turn` waits until the model may be asked; nobody waits for a reply that is there.
    Raises the door's AIError (recorded), without a call Refused where something may not be sent,
    budgets.BudgetSpentError where the review's budget does not cover it and stops.StoppedAIError where AI is stopped,
    or InTransactionError.
    """
    if connection.in_atomic_block and not _in_test_transaction():
        raise InTransactionError("ask() commits its own record: call it outside of any transaction.")
    sha256 = prompt.sha256()
    key = _key(sha256, endpoint, purpose, sends, review_id, attempt, anew)
    if earlier := _answered_before(key, subject, sends):
        return earlier
    looked = monotonic()
    if turn is not None:
        turn()
    with _in_flight():  # what waits for a place has not been asked: it leaves no call that looks cut off
        sending.check(sends)  # here, since the wait may have been long, and this is the moment of sending
        if monotonic() - looked > SOON and (earlier := _answered_before(key, subject, sends)):
            return earlier
        host = check_host(endpoint, allowed_hosts)
        call = _begun(
            purpose=purpose,
            review_id=review_id,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            model=endpoint.model,
            api_host=host,
            parameters=_parameters(prompt),
            messages=prompt.as_messages(),
            sends=sending.named(sends),
            prompt_sha256=sha256,
            attempt=attempt,
            cache_key=key,
            reserved=_reserved(prompt, price),
        )
        completion = _asked(call, prompt, endpoint)
    outcome = _answered(call, completion, price)
    return Answer(outcome.reply, outcome.answered_by, outcome.finish_reason, call.pk, replayed=False)


def prepare(endpoint: Endpoint) -> None:
    """Load what a call to `endpoint` needs, before its turn is drawn: once in a process, some seconds."""
    load(endpoint)


def _parameters(prompt: Prompt) -> dict[str, str | int | float]:
    named = {"prompt_version": prompt.version} if prompt.version else {}
    return {"temperature": prompt.temperature, "max_tokens": prompt.max_tokens, **named}


def _begun(**fields: Any) -> ModelCall:
    """The call is on record and its budget reserved, or neither. Raises StoppedAIError or BudgetSpentError."""
    call = ModelCall(**fields, at=timezone.now())
    values = {field.attname: getattr(call, field.attname) for field in ModelCall._meta.concrete_fields}
    written = prepared.rows(BEGUN, values | {name: copying.document(values[name]) for name in _JSON})
    if written:
        call.pk = written[0][0]
        return call
    stops.check(call.review_id)
    with transaction.atomic():
        call = ModelCall.objects.create(**fields)
        budgets.hold_for(call)
    return call


def _ended(call: ModelCall, **fields: Any) -> ModelOutcome:
    outcome = ModelOutcome(call=call, at=timezone.now(), **fields)
    values = {field.attname: getattr(outcome, field.attname) for field in ModelOutcome._meta.concrete_fields}
    prepared.run(ENDED, values | budgets.settled(call, outcome))
    return outcome


def _reserved(prompt: Prompt, price: tuple[Decimal, Decimal] | None) -> Decimal | None:
    """The most that a call may cost, in USD: the longest reply that is asked for; None without a price."""
    if price is None:
        return None
    letters = sum(len(message.content.encode()) for message in prompt.messages) + len(json.dumps(prompt.schema or ""))
    most = (letters / Decimal(BYTES_PER_TOKEN) * price[0] + prompt.max_tokens * price[1]) / 1_000_000
    return min(most, Decimal(MOST_COST)).quantize(SMALLEST, ROUND_UP)


def _asked(call: ModelCall, prompt: Prompt, endpoint: Endpoint) -> Completion:
    try:
        return complete(prompt, endpoint)
    except AIError as error:
        _ended(call, state=ModelOutcome.UNKNOWN if error.unanswered else ModelOutcome.FAILED, error=str(error))
        raise


def _key(
    prompt_sha256: str,
    endpoint: Endpoint,
    purpose: str,
    sends: Sequence[models.Model],
    review_id: int | None,
    attempt: int,
    anew: str,
) -> str:
    """Hex digest of all that decides a reply, and of whose text is sent to whom.

    Of the endpoint that is the model, the address and what the provider needs besides: no key, no card and no price.
    """
    rows = sorted((row._meta.label_lower, row.pk) for row in sends)
    where = [endpoint.model, endpoint.address, *sorted(endpoint.options)]
    asked = json.dumps([review_id, purpose, where, prompt_sha256, rows, attempt, anew], separators=(",", ":"))
    return hashlib.sha256(asked.encode()).hexdigest()


def _answered_before(key: str, subject: models.Model, sends: Sequence[models.Model]) -> Answer | None:
    """The reply to the first identical call that was answered; the own call of this subject before another's.

    Raises Refused where it must not be used any more.
    """
    found = prepared.rows(ANSWERED, {"key": key, "type": subject._meta.label_lower, "id": subject.pk})
    if not found:
        return None
    sending.check(sends)
    reply, answered_by, finish_reason, call_id, own = found[0]
    return Answer(reply, answered_by, finish_reason, call_id, replayed=not own, found=True)


def _answered(call: ModelCall, completion: Completion, price: tuple[Decimal, Decimal] | None) -> ModelOutcome:
    """Whatever came is put on record: a reply that PostgreSQL could not hold would leave a call without its outcome."""
    return _ended(
        call,
        state=ModelOutcome.ANSWERED,
        reply=_storable(completion.text),
        answered_by=_storable(completion.model)[:200],
        finish_reason=_storable(completion.finish_reason)[:30],
        tokens_in=_count(completion.tokens_in),
        tokens_out=_count(completion.tokens_out),
        cost=_cost(completion, price),
        seconds=completion.seconds,
    )


def _storable(text: str) -> str:
    """Without NUL, and with U+FFFD for halves of characters."""
    return _HALF.sub("\ufffd", text.replace("\x00", ""))


def _count(tokens: int | None) -> int:
    return min(max(tokens or 0, 0), MOST_TOKENS)


def _cost(completion: Completion, price: tuple[Decimal, Decimal] | None) -> Decimal | None:
    """In US dollars; None where it is not known, or is no sum of money that one call can cost."""
    if price is not None and any(price) and None in (completion.tokens_in, completion.tokens_out):
        return None  # what was reserved stays reserved
    if price is not None:
        cost = (_count(completion.tokens_in) * price[0] + _count(completion.tokens_out) * price[1]) / 1_000_000
    else:
        cost = Decimal("NaN") if completion.cost is None else Decimal(str(completion.cost))
    return cost.quantize(SMALLEST) if cost.is_finite() and 0 <= cost < MOST_COST else None


def mark_cut_off(*, subject: models.Model, older_than: timedelta = timedelta(0)) -> int:
    """Give the calls of a subject that were in flight when their worker died the outcome `unknown`; their number."""
    cut_off = ModelCall.objects.filter(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        outcome__isnull=True,
        at__lte=timezone.now() - older_than,
    )
    outcomes = [
        ModelOutcome(
            call=call,
            state=ModelOutcome.UNKNOWN,
            error="The worker stopped while this call was in flight; whether it was answered is not known.",
        )
        for call in cut_off
    ]
    with transaction.atomic():
        ModelOutcome.objects.bulk_create(outcomes, ignore_conflicts=True)
    return len(outcomes)


@cache
def _places() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(settings.LLM_CALLS_IN_FLIGHT)


@contextmanager
def _in_flight() -> Iterator[None]:
    """Bounds the calls in flight of this process. More threads than places keep the places filled."""
    with _places():
        yield


def _in_test_transaction() -> bool:
    """Django's TestCase wraps a test in atomics that it marks; those are not the product's transactions."""
    return all(getattr(atomic, "_from_testcase", False) for atomic in connection.atomic_blocks)
