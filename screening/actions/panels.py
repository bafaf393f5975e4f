"""A panel at work on a record (AI-07): an item for each member, and one that is held until all of them have ended.

The end of a member's item, in its own transaction, locks the panel's item and looks whether others are still at work.
So whoever ends last combines, and nobody combines twice. Members' suggestions are kept beside the panel's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from reviewapp import prepared
from reviewapp.ai.prompt import Prompt
from screening.actions import outcomes, repeats
from screening.actions.outcomes import Job, Opinion
from screening.enums import Engine, FailureKind, ItemStatus, SuggestionRole
from screening.models.assistant import Assistant
from screening.models.run import Run, RunItem
from screening.prompts import panel as rules
from screening.prompts.adjudicate import Said, adjudicating
from screening.prompts.panel import Combined, Voice
from screening.queries.assistants import panels as seats
from screening.queries.assistants.spoken import Judged, Seat, Spoken, failures, own_item, spoken
from screening.queries.assistants.spoken import seats as seats_of
from screening.running import ends
from screening.running.claims import Claim

SPLIT = "split"
NO_OPINION = (
    "The panel has no opinion of this record, because not all of its models have one. People judge this record; "
    "why stands with the calls, in the audit."
)
"""One sentence, whoever failed: that an adjudicating model was asked tells that the members do not all include."""
# The panel's item is in the hands of whoever ended last.
TAKEN = """
UPDATE screening_runitem SET status = 'claimed', attempts = attempts + 1, claimed_at = clock_timestamp()
 WHERE id = %(item)s::bigint
"""


@dataclass(frozen=True, slots=True)
class PanelJob(Job):
    """The job of a panel's run. `assistant` is who is asked: a member, or whoever adjudicates; `panel` whose it is."""

    panel: Assistant

    def failed(self, claim: Claim, why: str) -> None:
        """Record it in the name of whom it concerns; a member's failure is the panel's, once all have ended."""
        if claim.member_id is None:
            RunItem.objects.filter(pk=claim.item_id).update(error=NO_OPINION, failure=FailureKind.MEMBER, attempts=1)
            Job.failed(_as(self, self.panel), claim, why)
            return
        Job.failed(_as(self, seats.member(claim.member_id)), claim, why)
        if not claim.repeat:
            _member_ended(self, claim)


def job_of(run_id: int) -> Job:
    """What all items of a run share."""
    job = outcomes.job_of(run_id)
    if job.assistant.engine != Engine.PANEL:
        return job
    return PanelJob(**{one.name: getattr(job, one.name) for one in fields(job)}, panel=job.assistant)


def job_for(claim: Claim) -> Job:
    """The job with the assistant that is asked for this item."""
    job = job_of(claim.run_id)
    if not isinstance(job, PanelJob):
        return job
    asked = claim.member_id or seats.adjudicator(job.panel.pk)
    return _as(job, seats.member(asked)) if asked else job


def _as(job: Job, assistant: Assistant) -> Any:
    return replace(job, assistant=assistant)


def asked(prompt: Prompt, *, job: Job, claim: Claim, fence: str) -> Prompt:
    """The prompt for this item: as it is for whoever is asked first, with the members' words for who adjudicates."""
    if not isinstance(job, PanelJob) or claim.member_id is not None:
        return prompt
    return adjudicating(prompt, [_said(one) for one in spoken(claim.run_id, claim.record)], fence=fence)


def store(*, job: Job, claim: Claim, opinion: Opinion) -> int | None:
    """Store what was said for an item in its role, and all that follows; None if the claim is no longer ours."""
    if claim.repeat:
        return repeats.store(job=job, claim=claim, opinion=opinion)
    if not isinstance(job, PanelJob):
        return outcomes.store(job=job, claim=claim, opinion=opinion)
    if claim.member_id is None:
        return outcomes.store(job=_as(job, job.panel), claim=claim, opinion=_adjudicated(job, claim, opinion))
    return _store_members(job, claim, replace(opinion, role=SuggestionRole.MEMBER))


@transaction.atomic
def _store_members(job: PanelJob, claim: Claim, opinion: Opinion) -> int | None:
    stored = outcomes.store(job=job, claim=claim, opinion=opinion)
    if stored is not None:
        _member_ended(job, claim)
    return stored


@transaction.atomic
def drop(*, job: Job, claim: Claim, why: str) -> None:
    """End the item of what is not there to be worked on any more, and a panel's with it."""
    ends.drop(claim=claim, why=why)
    if isinstance(job, PanelJob) and claim.member_id is not None and not claim.repeat:
        _member_ended(job, claim)


def _member_ended(job: PanelJob, claim: Claim) -> None:
    """The panel's item follows the last of its members' items: whoever locks it then sees all of them ended."""
    own = own_item(claim.run_id, claim.record)
    found = seats_of(claim.run_id, claim.record) if own else []
    if own is None or not all(seat.ended for seat in found):
        return
    panel, ours = _as(job, job.panel), Claim(own[0], claim.run_id, claim.record, None, own[1] + 1)
    dropped = next((seat for seat in found if seat.status == ItemStatus.CANCELLED), None)
    if dropped:
        _end(ours, ItemStatus.CANCELLED, dropped.error)
    elif why := failures(found):
        _end(ours, ItemStatus.FAILED, NO_OPINION, FailureKind.MEMBER)
        Job.failed(panel, ours, f"The panel has no opinion, because not all of its models have one. {why}")
    else:
        _combine(job, panel, ours, found)


def _combine(job: PanelJob, panel: Job, ours: Claim, found: Sequence[Seat]) -> None:
    """Store the panel's opinion, or let the adjudicating model be asked before."""
    said = [seat.said for seat in found if seat.said]
    combined = rules.combine([_voice(one) for one in said], failed=len(found) - len(said))
    if combined.verdict in rules.ASKED_WHERE and seats.adjudicator(job.panel.pk) is not None:
        RunItem.objects.filter(pk=ours.item_id).update(status=ItemStatus.WAITING)
        return
    prepared.run(TAKEN, {"item": ours.item_id})
    outcomes.store(job=panel, claim=ours, opinion=_opinion(job, combined, said, combined.verdict))


def _end(ours: Claim, status: ItemStatus, error: str, failure: str = "") -> None:
    ended = {"status": status, "error": error, "failure": failure, "attempts": 1, "finished_at": timezone.now()}
    RunItem.objects.filter(pk=ours.item_id).update(**ended)


def _voice(said: Spoken) -> Voice:
    judged = {key: one.judgement for key, one in said.judged.items()}
    return Voice(said.pk, str(said.assistant), said.proposed_verdict, tuple(said.flags), judged)


def _said(said: Spoken) -> Said:
    words = {
        key: (one.judgement, one.rationale, [quote["text"] for quote in one.quotes]) for key, one in said.judged.items()
    }
    return Said(said.proposed_verdict, words)


def _adjudicated(job: PanelJob, claim: Claim, opinion: Opinion) -> Opinion:
    """The panel's opinion after an adjudicating model has spoken: raised by it or as it was, never lowered."""
    said = spoken(claim.run_id, claim.record)
    combined = rules.combine([_voice(one) for one in said])
    verdict = rules.clamp(combined, opinion.proposed_verdict)
    made = _opinion(job, combined, said, verdict)
    words = {
        "assistant": str(job.assistant),
        "model": opinion.answered_by,
        "verdict": opinion.proposed_verdict,
        "why": opinion.why,
        "rationale": opinion.rationale,
        "raised": verdict != combined.verdict,
        "fallback": opinion.explanation.get("fallback"),
    }
    return replace(
        made,
        why=f"{made.why} {job.assistant} was asked and proposes {opinion.proposed_verdict}: {opinion.why}",
        flags=list(dict.fromkeys([*made.flags, *opinion.flags])),
        explanation={**made.explanation, "adjudicator": words},
        call_id=opinion.call_id,
        replayed=opinion.replayed,
        fallback=made.fallback or opinion.fallback,
    )


def _opinion(job: PanelJob, combined: Combined, said: Sequence[Spoken], verdict: str) -> Opinion:
    members = [_member(one) for one in said]
    flags = dict.fromkeys(flag for one in said for flag in one.flags)
    seen = {name: value for name, value in said[0].explanation.items() if name != "fallback"}  # that is a member's own
    return Opinion(
        proposed_verdict=verdict,
        why=combined.why,
        band=rules.band(combined, verdict),
        band_method="agreement",
        score=rules.order_score(verdict, [0.5 if one.score is None else one.score for one in said]),
        judged=_rows(job, said),
        rationale="\n".join(f"{one.assistant}: {one.rationale}" for one in said if one.rationale),
        flags=[*flags, *([SPLIT] if combined.split else [])],
        explanation={**seen, "members": members, "agreement": round(combined.agreement, 3)},
        answered_by=" + ".join(dict.fromkeys(one.answered_by or one.assistant.model for one in said)),
        fallback=any(one.fallback for one in said),
    )


def _member(said: Spoken) -> dict[str, Any]:
    """What people are shown of a member once they may see the panel's opinion."""
    return {
        "suggestion": said.pk,
        "assistant": str(said.assistant),
        "model": said.answered_by or said.assistant.model,
        "verdict": said.proposed_verdict,
        "why": said.why,
        "rationale": said.rationale,
        "fallback": said.explanation.get("fallback"),
        "judged": {key: one.judgement for key, one in said.judged.items()},
    }


def _rows(job: PanelJob, said: Sequence[Spoken]) -> list[tuple[int, str, str, list[dict[str, Any]]]]:
    """Per criterion what all judge alike, else unclear; with everybody's words and quotes, each once."""
    words = [(str(one.assistant), one.judged) for one in said]
    return [(pk, *_row(criterion.key, words)) for pk, criterion in job.criteria]


def _row(key: str, words: Sequence[tuple[str, Mapping[str, Judged]]]) -> tuple[str, str, list[dict[str, Any]]]:
    given = [(name, judged[key]) for name, judged in words if key in judged]
    kinds = {judgement.judgement for _, judgement in given}
    rationale = "\n".join(f"{name}: {judgement.rationale}" for name, judgement in given if judgement.rationale)
    quotes = {(q["text"], q["field"], q["start"]): q for _, judgement in given for q in judgement.quotes}
    return kinds.pop() if len(kinds) == 1 else "unclear", rationale, list(quotes.values())


def items(run: Run, record_ids: Sequence[int], drawn: set[int]) -> list[RunItem]:
    """The items of a run over these records: one each, or a panel's with its members'; repeats of those `drawn`."""
    panel = run.assistant.engine == Engine.PANEL
    asked_for = seats.voting(run.assistant_id) if panel else [None]
    made = [RunItem(run=run, record_id=pk, member_id=member) for pk in record_ids for member in asked_for]
    if panel:
        made += [RunItem(run=run, record_id=pk, status=ItemStatus.HELD) for pk in record_ids]
    again = {"repeat": 1, "status": ItemStatus.HELD}
    return made + [
        RunItem(run=run, record_id=pk, member_id=member, **again)
        for pk in record_ids
        if pk in drawn
        for member in asked_for
    ]
