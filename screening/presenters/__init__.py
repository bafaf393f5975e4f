"""How screening's events read: what follows the actor's name, plain text, escaped where it is shown."""

from screening.presenters import (  # noqa: F401  (registration is the import's purpose)
    again,
    budgets,
    cards,
    elsewhere,
    events,
    examples,
    exceptions,
    lists,
    prompts,
    searches,
    stops,
    teams,
    tokens,
)
