"""What people said of single criteria along with their decisions, to be told wherever the decisions are (SCR-08)."""

from django.db.models import Prefetch, QuerySet

from screening.enums import Judged
from screening.models.decision import Decision
from screening.models.judgement import CriterionJudgement


def with_judgements(decisions: "QuerySet[Decision]") -> "QuerySet[Decision]":
    """Decisions whose `judgements` are read along, with their criteria in the protocol's order.

    One query more for all of them, or for each batch of an iterator.
    """
    judged = CriterionJudgement.objects.select_related("criterion").order_by("criterion__position", "id")
    return decisions.prefetch_related(Prefetch("judgements", judged))


def judged_in_words(decision: Decision) -> str:
    """label: not met; label: met. Empty where the decision says nothing of single criteria."""
    return "; ".join(f"{one.criterion.label}: {Judged(one.judged).label.lower()}" for one in decision.judgements.all())
