"""Asking a model when it is one's turn: the card's pace, what the provider said, and whether the run still goes."""

from collections.abc import Sequence
from functools import lru_cache, partial
from time import monotonic, sleep

from django.db import models

from audit import pace
from audit.budgets import BudgetSpentError
from audit.calls import Answer, ask, prepare
from audit.stops import StoppedAIError
from reviewapp.ai.errors import AIError, RateLimited
from reviewapp.ai.prompt import Prompt
from screening.enums import RunStatus
from screening.models.assistant import Assistant
from screening.models.run import Run, RunItem
from screening.queries.assistants.endpoints import Line, line_at
from screening.queries.assistants.work import LETTERS_PER_TOKEN
from screening.running import lines
from screening.running.claims import Claim, keep

LONGEST_TURN = 600.0  # seconds that a claimed item may wait for the model's pace before it is put back
LINE_KEPT = 15.0  # seconds: a key that was changed, or a card that was withdrawn, is noticed after so long


class StoppedError(Exception):
    """The run was paused, what it needs was forbidden, or the model's pace was too slow, before the model was asked."""


class CancelledError(StoppedError):
    """The run was cancelled before the model was asked."""


def ask_in_turn(
    prompt: Prompt,
    *,
    claim: Claim,
    assistant: Assistant,
    review_id: int,
    purpose: str,
    sends: Sequence[models.Model],
    attempt: int,
    expected_out: int,
    anew: bool = False,
    instead_of: int = 0,
) -> Answer:
    """Ask once for an item of a run that is in hand, recorded (law 2), in the model's pace.

    `sends`: the rows whose text is in the prompt. `expected_out`: tokens of the reply, for the pace. `anew`: it is
    asked even if an identical question was answered, as repeats are (the item still finds its own reply); `instead_of`:
    so is the call whose reply is of no use any more (the item still finds the reply that came instead). Raises
    StoppedError where it is not to be asked now, and the door's AIError (Refused where a row may not be sent).
    """
    _check_turn(claim)
    line = kept_line(assistant.pk, claim.line, int(monotonic() / LINE_KEPT))
    key = pace.key_of(line.card)
    prepare(line.endpoint)
    letters = sum(len(message.content) for message in prompt.messages)
    tokens = letters // LETTERS_PER_TOKEN + expected_out
    try:
        answer = ask(
            prompt,
            endpoint=line.endpoint,
            purpose=purpose,
            subject=RunItem(pk=claim.item_id),
            sends=sends,
            review_id=review_id,
            allowed_hosts=line.allowed_hosts,
            attempt=attempt,
            price=line.price,
            anew=_own(claim, instead_of) if anew or claim.repeat or instead_of else "",
            turn=partial(_turn, line, assistant, claim, tokens),
        )
    except (BudgetSpentError, StoppedAIError):
        raise  # nothing was asked: the provider is not to blame
    except RateLimited as error:
        pace.hold(key, error.retry_after)
        raise
    except AIError as error:
        if not error.permanent:  # the item waits; the others go on unless the server fails most of the time
            pace.failed(key)
        raise
    if not answer.found:
        pace.answered(key)
        lines.answered(assistant, claim)
    return answer


def _own(claim: Claim, instead_of: int) -> str:
    """What makes a question the item's own."""
    return f"item {claim.item_id} instead of call {instead_of}" if instead_of else f"item {claim.item_id}"


@lru_cache(maxsize=64)
def kept_line(assistant_id: int, number: int, moment: int) -> Line:
    """The line to an assistant's model, or a fallback's, read anew every LINE_KEPT seconds (`moment` counts those)."""
    return line_at(Assistant.objects.get(pk=assistant_id), number)


def _check_turn(claim: Claim) -> None:
    """An item may take many calls: whether it may go on is asked before each. Raises StoppedError where not."""
    if not keep(claim):
        cancelled = Run.objects.filter(pk=claim.run_id, status=RunStatus.CANCELLED).exists()
        raise CancelledError if cancelled else StoppedError


def _may_wait(line: Line) -> bool:
    limits = line.card.requests_per_minute or line.card.tokens_per_minute
    return bool(limits or pace.held(pace.key_of(line.card)))


def _turn(line: Line, assistant: Assistant, claim: Claim, tokens: int) -> None:
    """What comes before a call that is to be made: a reply that is there is used though its model be away."""
    lines.check(assistant, claim)
    if _may_wait(line):
        _wait_for_turn(line, claim, tokens)


def _wait_for_turn(line: Line, claim: Claim, tokens: int) -> None:
    """Sleep until the card's pace and the provider allow a call. Raises StoppedError when it is not to be made.

    Whose turn comes while the card is held has lost it: after the hold all of them would go at once.
    """
    began = monotonic()
    while True:
        turn = pace.take(line.card, tokens=tokens)
        if turn.seconds:
            _sleep(turn.seconds, claim, until=began + LONGEST_TURN)
        if turn.ours and not (turn.seconds and pace.held(pace.key_of(line.card))):
            return


def _sleep(seconds: float, claim: Claim, *, until: float) -> None:
    """Sleep so long, no longer than `until`, looking now and then whether the item may go on. Raises StoppedError."""
    end = monotonic() + seconds
    while (left := end - monotonic()) > 0:
        if monotonic() > until:
            raise StoppedError
        sleep(min(left, 2.0))
        _check_turn(claim)
