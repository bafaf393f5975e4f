"""Setting how a review extracts."""

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from extraction.models.rule import ExtractionRule
from screening.models.review import Review

FIELDS = ("extractors_per_study", "descriptive_mode", "outcome_mode")


@transaction.atomic
def set_rule(
    *, review: Review, by: User, extractors_per_study: int, descriptive_mode: str, outcome_mode: str
) -> ExtractionRule:
    """Change the rule. Whatever was entered stays: a new number of extractors changes only what is wanted (EXT-06)."""
    Review.objects.select_for_update().get(pk=review.pk)
    rule = ExtractionRule.objects.filter(review=review).first()
    wanted = dict(zip(FIELDS, (int(extractors_per_study), descriptive_mode, outcome_mode), strict=True))
    old = {field: getattr(rule, field) for field in FIELDS} if rule else {}
    if old == wanted:
        return rule or ExtractionRule(review=review)
    if rule is None:
        rule = ExtractionRule(review=review)
    for field, value in wanted.items():
        setattr(rule, field, value)
    rule.full_clean(validate_unique=False)
    rule.save()
    events.record("extraction_rule.set", subject=rule, by=by, review_id=review.pk, old=old, new=wanted)
    return rule
