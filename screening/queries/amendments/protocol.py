"""The protocol in force."""

from django.db.models import QuerySet

from reviewapp import prepared
from screening.models.protocol import Criterion, ProtocolVersion
from screening.models.review import Review


def current_protocol(review: Review) -> ProtocolVersion | None:
    """The newest version, or None before the first was written."""
    return ProtocolVersion.objects.filter(review=review).first()


IN_FORCE = """
SELECT id FROM screening_protocolversion WHERE review_id = %(review)s::bigint ORDER BY number DESC LIMIT 1
"""


def id_in_force(review_id: int) -> int | None:
    """The id of the newest version; what a page that is open already compares with the one that it shows."""
    return next((pk for (pk,) in prepared.rows(IN_FORCE, {"review": review_id})), None)


def current_criteria(review: Review) -> QuerySet[Criterion]:
    """The criteria of the newest version, in their order; empty before the first was written."""
    newest = ProtocolVersion.objects.filter(review=review).values("id")[:1]
    return Criterion.objects.filter(protocol__in=newest).order_by("position")
