"""One suggestion by a language model, from claim to row. No transaction is held while the model is asked (law 2).

Whatever stops a worker, nothing is lost and no reply is paid for twice: the prompt of an item is the same each time it
is built, so a call whose reply had come is found again (`audit.calls.ask`), and only one that was cut off is made anew.
"""

from collections.abc import Sequence
from dataclasses import replace

import structlog
from django.db.models import Model

from audit.calls import Answer
from reviewapp import prepared
from reviewapp.ai.errors import TooLong
from reviewapp.ai.prompt import Prompt
from screening.actions import panels
from screening.actions.outcomes import Job, Opinion
from screening.actions.pinning import pinned
from screening.actions.reading import Read, read
from screening.enums import Stage, SuggestionRole
from screening.models.record import Record
from screening.prompts.screening import build, reply_model
from screening.queries.assistants.examples import told, wanted_of
from screening.queries.assistants.prompts import wording_of
from screening.queries.assistants.work import TOKENS_OUT
from screening.queries.documents.papers import SMALL_ROOM, papers_of, room_of
from screening.running import ends, lines, replies, serving
from screening.running.claims import Claim
from screening.running.turns import ask_in_turn

log = structlog.get_logger(__name__)

RECORD = f"""
SELECT {prepared.columns(Record, "r")} FROM screening_record r WHERE r.id = %(record)s::bigint
"""  # noqa: S608  (names of columns)


def make(*, item_id: int) -> None:
    """Work on one item, if it is to be worked on now: it ends done or failed, or waits for another try."""
    serving.make(item_id=item_id, work=_serve)


def answer_bell(*, item_id: int) -> None:
    """Work on an item, then on others of its run for a while, and ring again if there are more."""
    serving.answer_bell(item_id=item_id, work=_serve)


def _serve(ours: Claim) -> None:
    job = panels.job_for(ours)
    ends.guarded(job=job, claim=ours, work=lambda: _work(job, ours))


def _work(job: Job, ours: Claim) -> None:
    (row,) = prepared.rows(RECORD, {"record": ours.record})
    record = prepared.made(Record, row)
    if not record.active:
        panels.drop(job=job, claim=ours, why="The record was merged into another, or its import was undone.")
        return
    text = _text(job, record)
    if text is None:
        panels.drop(job=job, claim=ours, why="The record has no full text that can be read any more.")
        return
    try:
        opinion = _opinion(job, ours, record, text)
    except TooLong:
        if text.excerpt is None or len(text.excerpt.text) <= SMALL_ROOM:
            raise
        opinion = _opinion(job, ours, record, text.shortened(job.questions, room=SMALL_ROOM))
    opinion = replace(opinion, role=SuggestionRole.TRIAL) if job.tried else opinion
    if panels.store(job=job, claim=ours, opinion=opinion) is None:
        log.warning("claim_lost", item=ours.item_id, run=ours.run_id)


def _opinion(job: Job, ours: Claim, record: Record, text: Read) -> Opinion:
    """What the model says of the record. Raises the door's AIError; TooLong where the text is more than it can read."""
    criteria = [criterion for _, criterion in job.criteria]
    document_id = text.paper.document.pk if text.paper else 0
    who = (job.assistant.prompt_version, ours.member_id or 0)  # whoever reads members' replies has a fence of their own
    fence = replies.fence(job.stage, job.review.pk, record.pk, document_id, *who)
    wanted = wanted_of(job.assistant)
    examples = pinned(claim=ours, stage=job.stage, k=wanted)
    prompt = build(
        job.question,
        criteria,
        text.title,
        text.abstract,
        [one.example for one in examples],
        stage=job.stage,
        fence=fence,
        document=text.excerpt.text if text.excerpt else "",
        wording=job.tried.wording if job.tried else wording_of(job.assistant.prompt_id),
    )
    prompt = panels.asked(prompt, job=job, claim=ours, fence=fence)
    form = reply_model(tuple(criterion.key for criterion in criteria))
    sends: list[Model] = [record, *(one.record for one in examples)]
    sends += [text.paper.document] if text.paper else []
    reply, answer = replies.asked_twice(prompt, form, lambda *asked: _ask(job, ours, sends, *asked), run_id=ours.run_id)
    opinion = read(job, reply, answer, text)
    more = (told(examples) if wanted else {}) | lines.told(job.assistant, ours)
    return replace(opinion, explanation=opinion.explanation | more, fallback=ours.line > 0) if more else opinion


def _text(job: Job, record: Record) -> Read | None:
    """What is to be read of a record at this stage; None where there is no full text."""
    if job.stage != Stage.FULL_TEXT:
        return Read(record.title, record.abstract)
    paper = papers_of([record.pk]).get(record.pk)
    if paper is None:
        return None
    return Read(record.title, "", paper, paper.excerpt(job.questions, room=room_of(job.assistant)))


def _ask(job: Job, ours: Claim, sends: Sequence[Model], prompt: Prompt, attempt: int, instead_of: int) -> Answer:
    return ask_in_turn(
        prompt,
        claim=ours,
        assistant=job.assistant,
        review_id=job.review.pk,
        purpose="screening",
        sends=sends,
        attempt=attempt,
        expected_out=TOKENS_OUT[0] + TOKENS_OUT[1] * len(job.criteria),
        anew=job.again_of is not None,
        instead_of=instead_of,
    )
