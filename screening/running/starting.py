"""Whether a language model may be asked about a review's texts at all: asked before a run starts or goes on."""

from audit import budgets
from reviewapp.ai.errors import AIError
from screening.models.assistant import Assistant
from screening.models.review import Review
from screening.queries.assistants.endpoints import lines_to
from screening.running.lifecycle import RunRefusedError


def check_models(review: Review, assistant: Assistant) -> None:
    """Raise RunRefusedError where texts may not be sent, none of its models may be called, or money forbids one.

    A fallback is held to the budget like the first model: whichever answers is paid.
    """
    if not review.may_be_sent_to_ai:
        raise RunRefusedError(
            "Texts of this review may not be sent to a model's provider. A lead can allow it, or use "
            "the offline engine, which sends nothing."
        )
    try:
        lines = lines_to(assistant)
    except AIError as error:
        raise RunRefusedError(str(error)) from error
    for line in lines:
        if spent := budgets.stopped(review.pk, line.price):
            whose = "" if line.card.pk == assistant.card_id or len(lines) == 1 else f"Of the fallback “{line.card}”: "
            raise RunRefusedError(f"{whose}{spent}", spent.resumes_at)
