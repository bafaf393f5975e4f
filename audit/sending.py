"""What may leave for a model's provider. Whoever owns a kind of row says the rule; the door asks it before each call.

A kind without a rule may not be sent: the door refuses what nobody has thought about.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from django.db import models

from reviewapp.ai.errors import Refused

Rule = Callable[[int], str]
"""From a row's id to a sentence that says why its text may not go; empty if it may. Reads the database each time."""

_rules: dict[str, Rule] = {}
_alone: set[str] = set()


def register(label: str, rule: Rule, *, alone: bool = False) -> None:
    """Say by which rule rows of a kind may be sent; `label` is the model's, such as “screening.document”.

    `alone`: a call carries one of them at most, so that none can speak to a model about another (SEC-07).
    """
    _rules[label] = rule
    if alone:
        _alone.add(label)


def check(sends: Sequence[models.Model]) -> None:
    """Raise Refused unless every row may be sent now.

    Raises ValueError if none is named, one has no rule, or several stand together of a kind that goes alone.
    """
    if not sends:
        raise ValueError("Say whose text is in the prompt: `sends` names the rows.")
    kinds = Counter(row._meta.label_lower for row in sends)
    for kind in _alone:
        if kinds[kind] > 1:
            raise ValueError(f"{kinds[kind]} rows of {kind} in one call: each goes alone.")
    for row in sends:
        rule = _rules.get(row._meta.label_lower)
        if rule is None:
            raise ValueError(f"No rule says whether a {row._meta.verbose_name} may be sent to a model.")
        if why_not := rule(row.pk):
            raise Refused(why_not)


def named(sends: Sequence[models.Model]) -> list[dict[str, str | int]]:
    """The rows as they are kept with the call: [{type, id}]."""
    return [{"type": row._meta.label_lower, "id": row.pk} for row in sends]
