"""What a decision says of an assistant: which suggestion its author had seen, and why they say otherwise (AI-11)."""

from screening.actions.judging import DecisionRefusedError
from screening.enums import OverrideReason, Verdict
from screening.models.suggestion import Suggestion
from screening.policies import other_side


def cited(citing_id: int | None, record_id: int, stage: str, *, may_have_seen: bool) -> Suggestion | None:
    """Cited is what the author saw: in the blind modes nobody has seen anything while no word of their own counts.

    So it is before a first word, after one was taken back, and while the record is to be screened anew: a refusal of
    what was suggested since would tell what that is. What an earlier word of theirs cites they had seen.

    Raises DecisionRefusedError for what can't have been seen. One query where a suggestion is cited, else none.
    """
    if citing_id is None:
        return None
    if not may_have_seen:
        raise DecisionRefusedError("A suggestion that is not shown before the vote can't be cited. Nothing was stored.")
    suggestion = Suggestion.objects.standing().filter(pk=citing_id, record_id=record_id, stage=stage).first()
    if suggestion is None:
        raise DecisionRefusedError("The suggestion that was cited is not one for this record.")
    return suggestion


def check_override(seen: Suggestion | None, verdict: str, override: str, *, shown: bool) -> None:
    """Raise DecisionRefusedError unless a reason is given where the verdict is on another side than what was seen.

    The sides are those by which a record is settled (`policies.other_side`). Who says another verdict on the same side
    may give a reason and need not. Who takes a decision back says nothing of the record. Where the mode in force shows
    no suggestions (not `shown`), what was seen under another mode may be cited late; nothing is asked then, as that
    would tell what was suggested.
    """
    if override and override not in OverrideReason.values:
        raise DecisionRefusedError(f"{override!r} is no reason to differ: {', '.join(OverrideReason.values)}.")
    if seen is not None and not shown:
        return
    differs = seen is not None and verdict not in (Verdict.WITHDRAWN, seen.proposed_verdict)
    asked = seen is not None and other_side(verdict, seen.proposed_verdict, stage=seen.stage)
    if override and not differs:
        raise DecisionRefusedError("Only a decision that differs from the suggestion seen says why it differs.")
    if seen is not None and asked and not override:
        raise DecisionRefusedError(
            f"You had seen that the AI suggests {seen.proposed_verdict}, and you say {verdict}. That is for you to "
            "decide; a word why is kept with it. Decide once more and choose one of the seven reasons. (A page that "
            "does not ask for it is out of date: reload it.)"
        )
