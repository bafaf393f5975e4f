"""How a review extracts, as it is set or by default."""

from extraction.models.rule import ExtractionRule
from extraction.policies import mode_of
from screening.models.review import Review


def rule_of(review: Review) -> ExtractionRule:
    """The review's rule; one with the defaults, not stored, where nobody has set it."""
    return ExtractionRule.objects.filter(review=review).first() or ExtractionRule(review=review)


def modes_of(review: Review, rule: ExtractionRule) -> dict[str, str]:
    """Tier -> the proposal mode in force."""
    return {
        tier: mode_of(tier, descriptive=rule.descriptive_mode, outcome=rule.outcome_mode, ai_enabled=review.ai_enabled)
        for tier in ("descriptive", "outcome", "derived")
    }
