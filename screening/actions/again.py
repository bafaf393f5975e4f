"""Running a suggestion again, because a person asks for it: the same question, asked anew, beside the first answer.

The same assistant is asked under the same version of the protocol, with the same examples. The text is that of today.
What is said has a role of its own and stands nowhere: no queue is ordered by it, and nothing is counted by it.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from reviewapp.queue import enqueue
from screening.actions import panels, runs
from screening.actions.runs import PREPARE, RunRefusedError
from screening.enums import RunKind, SuggestionRole
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.models.suggestion import Suggestion
from screening.running.lifecycle import OPEN

WHY_NOT = {
    SuggestionRole.MEMBER: "A member of a panel is run again together with its panel: run that one’s suggestion again.",
    SuggestionRole.REPEAT: "This one was asked again already: run the suggestion again that it stands beside.",
    SuggestionRole.AGAIN: "This one was run again already: run the suggestion again that it stands beside.",
    SuggestionRole.TRIAL: "This one tried a prompt: try that version again on its page.",
}
GONE = "The record was merged into another, or its import was undone: there is nothing to read any more."


def why_not(suggestion: Suggestion) -> str:
    """Why no suggestion of this kind, or of such a record, is run again; "" for one that may be."""
    if suggestion.role != SuggestionRole.STANDS:
        return WHY_NOT[SuggestionRole(suggestion.role)]
    return "" if suggestion.record.active else GONE


@transaction.atomic
def start(*, suggestion: Suggestion, by: User) -> Run:
    """Ask about a suggestion's record again, whatever is stored; the run, of one record, that a worker works on.

    Raises RunRefusedError with a sentence: where it can't be (`why_not`), while it is being done already, and for what
    keeps any run from being started (AI is off or stopped, text may not be sent, the model may not be called, the
    budget is spent).
    """
    if refused := why_not(suggestion):
        raise RunRefusedError(f"{refused} Nothing was started.")
    review = Review.objects.select_for_update().get(pk=suggestion.review_id)
    runs.allowed(review, suggestion.stage, suggestion.assistant)
    if Run.objects.filter(again_of=suggestion, status__in=OPEN).exists():
        raise RunRefusedError("It is being run again already. Nothing more was started.")
    run = Run.objects.create(
        review=review,
        stage=suggestion.stage,
        assistant=suggestion.assistant,
        protocol=suggestion.protocol,
        kind=RunKind.AGAIN,
        again_of=suggestion,
        estimate={"records": 1, "prompt_version": suggestion.assistant.prompt_version},
        created_by=by,
    )
    RunItem.objects.bulk_create(_items(run, suggestion))
    events.record(
        "suggestion.run_again",
        subject=suggestion,
        by=by,
        review_id=review.pk,
        record_id=suggestion.record_id,
        stage=suggestion.stage,
        assistant=str(suggestion.assistant),
        run=run.pk,
    )
    enqueue(PREPARE, run_id=run.pk)
    return run


def _items(run: Run, suggestion: Suggestion) -> list[RunItem]:
    """One item, or a panel's with its members'; each with the examples that were shown the first time."""
    asked = RunItem.objects.filter(run=suggestion.item.run_id, record=suggestion.record_id, repeat=0)
    examples: dict[int | None, Any] = dict(asked.values_list("member_id", "examples"))
    made = panels.items(run, [suggestion.record_id], set())
    for item in made:
        item.examples = examples.get(item.member_id)
    return made
