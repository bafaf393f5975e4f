"""One suggestion by a language model, from claim to row. No transaction is held while the model is asked (law 2).

Whatever stops a worker, nothing is lost and no reply is paid for twice: the prompt of an item is the same each time it
is built, so a call whose reply had come is found again (`audit.calls.ask`), and only one that was cut off is made anew.
"""

import hmac
from dataclasses import replace
from functools import lru_cache
from time import monotonic, sleep

import structlog
from django.conf import settings

from audit import actors, pace
from audit.calls import Answer, ask
from reviewapp.ai.errors import AIError, RateLimited, ReplyError
from reviewapp.ai.prompt import Message, Prompt
from reviewapp.ai.structured import parse_reply
from reviewapp.queue import enqueue
from screening.actions import outcomes, runs
from screening.actions.claims import Claim, claim, claim_next, release
from screening.actions.outcomes import Job
from screening.actions.reading import read
from screening.enums import RunStatus
from screening.models.assistant import Assistant
from screening.models.record import Record
from screening.models.run import Run, RunItem
from screening.prompts.screening import ScreeningReply, build, reply_model
from screening.queries.endpoints import Line, line_to
from screening.queries.work import LETTERS_PER_TOKEN, TOKENS_OUT, criteria_of

log = structlog.get_logger(__name__)

TRIES, TRIES_WHEN_LIMITED = 6, 12
LONGEST_BACK_OFF = 300.0  # seconds
LONGEST_TURN = 600.0  # seconds that a claimed item may wait for the model's pace before it is put back
TURN = 10.0  # seconds
LINE_KEPT = 15.0  # seconds: a key that was changed, or a card that was withdrawn, is noticed after so long

# Sentences by what was wrong with both replies. What the model said is kept with the call, for those who may see it.
NOT_USABLE = {
    "empty": "The model answered with nothing",
    "not_json": "The model did not answer in the form that was asked for",
    "cut_off": "The model's reply was cut off before its end",
    "extra_text": "The model said more than it was asked for",
    "unknown_criterion": "The model judged a criterion that the protocol does not have",
    "missing_criterion": "The model left out a criterion",
    "repeated_criterion": "The model judged a criterion twice",
    "wrong_type": "The model did not answer in the form that was asked for",
}


class StoppedError(Exception):
    """The run was paused or cancelled, or the model's pace was too slow, before the model was asked."""


def make(*, item_id: int) -> None:
    """Work on one item, if it is to be worked on now: it ends done or failed, or waits for another try.

    A doorbell that rings twice, late or for nothing does no harm.
    """
    for ours in claim([item_id]):
        _serve(ours)
        runs.finish_if_done(run_id=ours.run_id)


def answer_bell(*, item_id: int) -> None:
    """Work on an item, then on others of its run for TURN seconds, and ring again if there are more.

    A message costs as much as the work on an item, so one message stands for many items; turns let other runs in.
    """
    until = monotonic() + TURN
    for ours in claim([item_id]):
        _serve(ours)
    run_id = RunItem.objects.values_list("run_id", flat=True).get(pk=item_id)
    while following := claim_next(run_id):
        _serve(following)
        if monotonic() > until:
            enqueue(runs.SCREEN_ITEM, item_id=item_id)
            return
    runs.finish_if_done(run_id=run_id)


def _serve(ours: Claim) -> None:
    try:
        job = job_of(ours.run_id)
        with actors.acting(job.worker):
            _work(job, ours)
    finally:
        release([ours.item_id])


@lru_cache(maxsize=64)
def job_of(run_id: int) -> Job:
    """What all items of a run share; immutable rows, read once per process."""
    run = Run.objects.select_related("review", "assistant", "protocol").get(pk=run_id)
    return Job(
        run_id=run_id,
        review=run.review,
        stage=run.stage,
        assistant=run.assistant,
        protocol_id=run.protocol_id,
        question=run.protocol.question,
        criteria=criteria_of(run.protocol_id),
    )


def _work(job: Job, ours: Claim) -> None:
    title, abstract, active = Record.objects.values_list("title", "abstract", "active").get(pk=ours.record_id)
    if not active:
        outcomes.drop(claim=ours, why="The record was merged into another, or its import was undone.")
        return
    try:
        reply, answer = _answer(job, ours, title, abstract)
    except StoppedError:
        outcomes.put_back(claim=ours, counted=False)
    except ReplyError as error:
        said = NOT_USABLE.get(error.kind, NOT_USABLE["wrong_type"])
        outcomes.fail(job=job, claim=ours, why=f"{said}, and so when it was asked once more. People judge this record.")
    except AIError as error:
        _after(error, job, ours)
    except Exception as error:  # a fault of ours must not leave the item claimed for ever, nor try it for ever
        log.exception("item_broke", item=ours.item_id, run=ours.run_id)
        fault = AIError(f"The program stumbled over this record ({type(error).__name__}).", permanent=False)
        _after(fault, job, ours)
    else:
        opinion = read(job, reply, answer, title=title, abstract=abstract)
        if outcomes.store(job=job, claim=ours, opinion=opinion) is None:
            log.warning("claim_lost", item=ours.item_id, run=ours.run_id)


def _after(error: AIError, job: Job, ours: Claim) -> None:
    """A permanent error ends the item; a passing one lets it wait, longer each time (AI-10)."""
    limited = isinstance(error, RateLimited)
    if error.permanent:
        outcomes.fail(job=job, claim=ours, why=str(error))
    elif ours.attempts >= (TRIES_WHEN_LIMITED if limited else TRIES):
        outcomes.fail(job=job, claim=ours, why=f"{error} It was tried {ours.attempts} times. People judge this record.")
    else:
        back_off = min(LONGEST_BACK_OFF, 2.0 ** min(ours.attempts, 10))
        outcomes.put_back(claim=ours, seconds=max(error.retry_after or 0.0, 0.0 if limited else back_off) or back_off)


def _answer(job: Job, ours: Claim, title: str, abstract: str) -> tuple[ScreeningReply, Answer]:
    """The model's reply in the form that was asked for; one that is not is asked for once more (AI-06)."""
    texts = [text for _, text in job.criteria]
    prompt = build(job.question, texts, title, abstract, stage=job.stage, fence=_fence(ours.item_id))
    form = reply_model(tuple(text.key for text in texts))
    answer = _ask(prompt, job, ours, attempt=1)
    try:
        return parse_reply(answer.text, form, finish_reason=answer.finish_reason), answer
    except ReplyError as error:
        answer = _ask(_once_more(prompt, answer, error), job, ours, attempt=2)
    return parse_reply(answer.text, form, finish_reason=answer.finish_reason), answer


def _fence(item_id: int) -> str:
    """The delimiter's secret part: nobody outside can know it, and it is the same when the item is tried again."""
    return hmac.new(settings.SECRET_KEY.encode(), f"fence of item {item_id}".encode(), "sha256").hexdigest()[:16]


def _once_more(prompt: Prompt, answer: Answer, error: ReplyError) -> Prompt:
    """The second question says what was wrong; a reply that was cut off is given more room instead."""
    if error.kind == "cut_off":
        return replace(prompt, max_tokens=prompt.max_tokens * 2)
    return prompt.and_then(
        Message("assistant", answer.text[:4_000] or "(nothing)"),
        Message("user", f"This can't be used. {error} Reply once more with the complete JSON object only."),
    )


def _ask(prompt: Prompt, job: Job, ours: Claim, *, attempt: int) -> Answer:
    line = _line(job, int(monotonic() / LINE_KEPT))
    key = f"{line.endpoint.model}@{line.endpoint.address}"
    _wait_for_turn(line, key, job, prompt)
    try:
        answer = ask(
            prompt,
            endpoint=line.endpoint,
            purpose="screening",
            subject=RunItem(pk=ours.item_id),
            review_id=job.review.pk,
            allowed_hosts=line.allowed_hosts,
            attempt=attempt,
            price=line.price,
        )
    except AIError as error:
        if not error.permanent:
            pace.hold(key, error.retry_after)
        raise
    pace.answered(key)
    return answer


def _line(job: Job, moment: int) -> Line:
    return _kept_line(job.assistant.pk, moment)


@lru_cache(maxsize=64)
def _kept_line(assistant_id: int, moment: int) -> Line:
    return line_to(Assistant.objects.get(pk=assistant_id))


def _wait_for_turn(line: Line, key: str, job: Job, prompt: Prompt) -> None:
    """Sleep until the card's pace and the provider allow a call. Raises StoppedError when it is not to be made."""
    letters = sum(len(message.content) for message in prompt.messages)
    tokens = letters // LETTERS_PER_TOKEN + TOKENS_OUT[0] + TOKENS_OUT[1] * len(job.criteria)
    began = monotonic()
    turn = began + (pace.take(line.card, tokens=tokens) if line.card else 0.0)
    while (left := max(turn - monotonic(), pace.held(key))) > 0:
        if monotonic() - began > LONGEST_TURN:
            raise StoppedError
        sleep(min(left, 2.0))
        if not Run.objects.filter(pk=job.run_id, status=RunStatus.RUNNING).exists():
            raise StoppedError
