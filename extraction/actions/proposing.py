"""Proposals of a language model for a study, from claim to rows. No transaction is held while it is asked (law 2).

A study is asked about in portions, one call each. A portion whose reply can't be used does not cost the others, nor
does a refusal or a cancelled run in their midst: what was good is stored, and the item ends failed with a sentence, so
that it can be tried again. A reply that has come is never asked for again (`audit.calls.ask`).
"""

from collections.abc import Sequence

import structlog

from audit.calls import Answer
from extraction.actions.extraction_job import Drafted, ExtractionJob, job_of, matter_of, store
from extraction.prompts.asked import Asked, portions
from extraction.prompts.drafts import Sources, drafts
from extraction.prompts.question import ExtractionReply, build
from extraction.prompts.shown import Shown, some, whole
from extraction.queries.asking import Matter, texts
from extraction.queries.extraction_estimate import PASSAGES, TOKENS_OUT
from reviewapp.ai.errors import AIError, Refused, ReplyError, TooLong
from reviewapp.ai.prompt import Prompt
from screening.queries.papers import room_of
from screening.running import ends, replies, serving, turns
from screening.running.claims import Claim

log = structlog.get_logger(__name__)

Pages = dict[int, list[tuple[int, str]]]
Said = list[tuple[tuple[Asked, ...], ExtractionReply, Answer, Shown]]


def make(*, item_id: int) -> None:
    """Work on one item, if it is to be worked on now: it ends done or failed, or waits for another try."""
    serving.make(item_id=item_id, work=_work)


def answer_bell(*, item_id: int) -> None:
    """Work on an item, then on others of its run for a while; a doorbell that rings for nothing does no harm."""
    serving.answer_bell(item_id=item_id, work=_work)


def _work(claim: Claim) -> None:
    job = job_of(claim.run_id)
    ends.guarded(job=job, claim=claim, work=lambda: _propose(job, claim))


def _propose(job: ExtractionJob, claim: Claim) -> None:
    matter = matter_of(job, claim)
    if not matter.asked:
        raise Refused(f"There is nothing to ask about this study by {job.version}: it has no arms or outcomes yet.")
    if not matter.documents:
        raise Refused(f"This study has no document whose text may be sent to AI. {job.fallback}")
    pages = texts(matter.documents)
    said, faults = _asked(job, claim, matter, pages)
    if not said:
        raise faults[-1]
    failure = _failure(len(portions(matter.asked)), len(said), faults[-1]) if faults else ""
    if not store(job=job, claim=claim, drafted=_drafted(matter, pages, said), failure=failure):
        log.warning("claim_lost", item=claim.item_id, run=claim.run_id)


def _asked(job: ExtractionJob, claim: Claim, matter: Matter, pages: Pages) -> tuple[Said, list[AIError]]:
    """What was said to each portion, and why it was not said to the others. Raises what passes, and StoppedError."""
    said: Said = []
    faults: list[AIError] = []
    for portion in portions(matter.asked):
        try:
            said.append((portion, *_answered(job, claim, matter, pages, portion)))
        except (ReplyError, TooLong) as error:
            faults.append(error)
        except turns.CancelledError:
            if not said:
                raise
            return said, [*faults, AIError("The run was cancelled.")]
        except AIError as error:
            if not (error.permanent and said):
                raise
            return said, [*faults, error]
    return said, faults


def _answered(
    job: ExtractionJob, claim: Claim, matter: Matter, pages: Pages, portion: Sequence[Asked]
) -> tuple[ExtractionReply, Answer, Shown]:
    """The whole text where it fits the model; where it does not, the passages nearest to what is asked."""
    shown = whole(pages)
    if len(shown.text) <= room_of(job.assistant):
        try:
            return (*_ask(job, claim, matter, portion, shown), shown)
        except TooLong:
            log.info("text_too_long", item=claim.item_id, letters=len(shown.text))
    shown = some(pages, portion, limit=PASSAGES)
    return (*_ask(job, claim, matter, portion, shown), shown)


def _ask(
    job: ExtractionJob, claim: Claim, matter: Matter, portion: Sequence[Asked], shown: Shown
) -> tuple[ExtractionReply, Answer]:
    prompt = build(portion, shown.text, fence=replies.fence(claim.item_id), question=job.question)

    def ask(prompt: Prompt, attempt: int) -> Answer:
        return turns.ask_in_turn(
            prompt,
            claim=claim,
            assistant=job.assistant,
            review_id=job.review.pk,
            purpose="extraction",
            sends=[matter.study, *matter.documents],
            attempt=attempt,
            expected_out=TOKENS_OUT[0] + TOKENS_OUT[1] * len(portion),
        )

    return replies.asked_twice(prompt, ExtractionReply, ask)


def _drafted(matter: Matter, pages: Pages, said: Said) -> list[Drafted]:
    """A document that gives orders casts doubt on everything that was read with it."""
    alarmed = any(document.flags for document in matter.documents)
    alarmed = alarmed or any(reply.text_gives_instructions for _, reply, _, _ in said)
    sources = Sources(pages)
    return [
        Drafted(
            drafts=drafts(reply.cells, portion, sources, alarmed=alarmed),
            seen=shown.seen,
            answered_by=answer.answered_by,
            call_id=answer.call_id,
            asked=len(portion),
        )
        for portion, reply, answer, shown in said
    ]


def _failure(portions: int, good: int, last: AIError) -> str:
    why = "also when asked once more" if isinstance(last, ReplyError) else f"the last because: {last}"
    return (
        f"Of {portions} groups of questions {portions - good} got no reply that can be used, {why.rstrip('.')}; what "
        f"was said to the other {good} is proposed. People extract the rest by hand."
    )
