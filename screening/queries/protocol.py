"""The protocol in force."""

from django.db.models import QuerySet

from screening.models.protocol import Criterion, ProtocolVersion
from screening.models.review import Review


def current_protocol(review: Review) -> ProtocolVersion | None:
    """The newest version, or None before the first was written."""
    return ProtocolVersion.objects.filter(review=review).first()


def current_criteria(review: Review) -> QuerySet[Criterion]:
    """The criteria of the newest version, in their order; empty before the first was written."""
    newest = ProtocolVersion.objects.filter(review=review).values("id")[:1]
    return Criterion.objects.filter(protocol__in=newest).order_by("position")
