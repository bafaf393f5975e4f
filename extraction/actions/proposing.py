"""Proposals of a language model for a study, from claim to rows. No transaction is held while it is asked (law 2).

A study is asked about in portions, one call each, and each of its reports alone (SEC-07). A portion whose reply can't
be used does not cost the others, nor does a refusal or a cancelled run in their midst: what was good is stored, and the
item ends failed with a sentence, so that it can be tried again. A reply that has come is never asked for again
(`audit.calls.ask`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import structlog

from audit.calls import Answer
from extraction.actions.extraction_job import Drafted, ExtractionJob, job_of, matter_of, store
from extraction.prompts.asked import Asked, portions
from extraction.prompts.drafts import Draft, Sources, alarm, drafts
from extraction.prompts.question import ExtractionReply, build
from extraction.prompts.reports import chosen, shows, still_open
from extraction.prompts.shown import Pages, Shown, some, whole
from extraction.queries.asking import Matter, texts
from extraction.queries.extraction_estimate import TOKENS_OUT, passages_in
from reviewapp.ai.errors import AIError, Refused, ReplyError, TooLong
from reviewapp.ai.prompt import Prompt
from screening.enums import FailureKind
from screening.models.document import Document
from screening.queries.documents.papers import room_of
from screening.running import ends, lines, replies, serving, turns
from screening.running.claims import Claim
from screening.running.failures import kind_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """One call that was good: about which cells, of which document, and what is made of its reply."""

    document: Document
    portion: tuple[Asked, ...]
    shown: Shown
    reply: ExtractionReply
    answer: Answer
    drafts: list[Draft]


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
    told, faults = _asked(job, claim, matter)
    if not told:
        raise faults[-1]
    failure = _failure(len(portions(matter.asked)), len(told), faults) if faults else ""
    drafted = _drafted(told, final=not faults or len(matter.documents) == 1)
    kind = kind_of(faults[-1]) if faults else FailureKind.FAULT
    if not store(job=job, claim=claim, drafted=drafted, unanswered=_unanswered(told), failure=failure, kind=kind):
        log.warning("claim_lost", item=claim.item_id, run=claim.run_id)


def _asked(job: ExtractionJob, claim: Claim, matter: Matter) -> tuple[list[Told], list[AIError]]:
    """What was said to each portion, and why it was not said to the others. Raises what passes, and StoppedError."""
    told: list[Told] = []
    faults: list[AIError] = []
    for document, portion in _calls(matter, told):
        try:
            told.append(_answered(job, claim, matter, document, portion))
        except (ReplyError, TooLong) as error:
            faults.append(error)
        except turns.CancelledError:
            if not told:
                raise
            return told, [*faults, AIError("The run was cancelled.")]
        except AIError as error:
            if not (error.permanent and told) or lines.moves_on(error, assistant=job.assistant, claim=claim):
                raise
            return told, [*faults, error]
    return told, faults


def _calls(matter: Matter, told: Sequence[Told]) -> Iterator[tuple[Document, tuple[Asked, ...]]]:
    """Each document alone, the main report's first; a later one is asked about what those before it did not show."""
    for document in matter.documents:
        wanted = still_open(matter.asked, [draft for one in told for draft in one.drafts])
        for portion in portions(wanted):
            yield document, portion


def _answered(job: ExtractionJob, claim: Claim, matter: Matter, document: Document, portion: tuple[Asked, ...]) -> Told:
    """The whole text where it fits the model; where it does not, the passages nearest to what is asked."""
    pages = texts([document])[document.pk]
    shown = whole(document.pk, pages)
    if len(shown.text) <= room_of(job.assistant):
        try:
            return _told(matter, document, pages, portion, shown, _ask(job, claim, matter, document, portion, shown))
        except TooLong:
            log.info("text_too_long", item=claim.item_id, letters=len(shown.text))
    shown = some(document.pk, pages, portion, limit=passages_in(room_of(job.assistant)))
    return _told(matter, document, pages, portion, shown, _ask(job, claim, matter, document, portion, shown))


def _told(
    matter: Matter,
    document: Document,
    pages: Pages,
    portion: tuple[Asked, ...],
    shown: Shown,
    said: tuple[ExtractionReply, Answer],
) -> Told:
    reply, answer = said
    sources, alarmed = Sources({document.pk: pages}), bool(document.flags)
    made = drafts(reply.cells, portion, sources, alarmed=alarmed, everything=matter.asked)
    return Told(document, portion, shown, reply, answer, made)


def _ask(
    job: ExtractionJob, claim: Claim, matter: Matter, document: Document, portion: Sequence[Asked], shown: Shown
) -> tuple[ExtractionReply, Answer]:
    fence = replies.fence("extraction", job.review.pk, claim.study, document.pk, job.version.pk)
    prompt = build(portion, shown.text, fence=fence, question=job.question)

    def ask(prompt: Prompt, attempt: int, instead_of: int) -> Answer:
        return turns.ask_in_turn(
            prompt,
            claim=claim,
            assistant=job.assistant,
            review_id=job.review.pk,
            purpose="extraction",
            sends=[matter.study, document],
            attempt=attempt,
            expected_out=TOKENS_OUT[0] + TOKENS_OUT[1] * len(portion),
            instead_of=instead_of,
        )

    return replies.asked_twice(prompt, ExtractionReply, ask, run_id=claim.run_id)


def _drafted(told: Sequence[Told], *, final: bool) -> list[Drafted]:
    """One draft a cell. `final`: every document was asked; before that, only what was shown can't be bettered.

    A document that gives orders casts doubt on everything that was read in it, in whichever call it was noticed.
    """
    alarming = {one.document.pk for one in told if one.reply.text_gives_instructions}
    best = chosen(draft for one in told for draft in one.drafts)
    made = []
    for one in told:
        own = [draft for draft in one.drafts if not draft.cell or best[draft.cell] is draft]
        kept = own if final else [draft for draft in own if not draft.cell or shows(draft)]
        made.append(
            Drafted(
                drafts=alarm(kept) if one.document.pk in alarming else kept,
                seen=one.shown.seen,
                answered_by=one.answer.answered_by,
                call_id=one.answer.call_id,
            )
        )
    return made


def _unanswered(told: Sequence[Told]) -> int:
    """How many cells were asked about in these calls, and answered in none."""
    asked = {cell.cell for one in told for cell in one.portion}
    return len(asked - {draft.cell for one in told for draft in one.drafts})


def _failure(portions: int, good: int, faults: Sequence[AIError]) -> str:
    total, last = max(portions, good + len(faults)), faults[-1]
    why = "also when asked once more" if isinstance(last, ReplyError) else f"the last because: {last}"
    return (
        f"Of {total} groups of questions {total - good} got no reply that can be used, {why.rstrip('.')}; "
        f"what was said to the other {good} is proposed. People extract the rest by hand."
    )
