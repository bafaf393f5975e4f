"""Cards for the models that the environment offers: noted, so that an administrator can approve them (AUD-07)."""

from django.contrib.auth.models import User

from audit import cards
from audit.models.model_card import ModelCard
from screening.queries.assistants.endpoints import not_carded


def draft_of_environment(*, by: User) -> list[ModelCard]:
    """A card that nobody has approved yet for each model of the environment's keys and address that has none.

    Nothing can be called by them until an administrator approves. The keys stay in the environment.
    """
    drafts = (cards.draft(name=name, model=model, api_base=api_base, by=by) for name, model, api_base in not_carded())
    return [draft for draft in drafts if draft is not None]
