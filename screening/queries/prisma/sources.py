"""Where the records came from: PRISMA 2020 items 6 and 7 (sources, dates, strategies), with what each brought."""

from django.db.models import Count, Q, QuerySet

from screening.models.review import Review
from screening.models.source import Source


def sources_of(review: Review) -> QuerySet[Source]:
    """The review's sources, each with `brought`: its records as the flow counts them, merged ones among them."""
    counted = Q(citations__record__active=True) | Q(citations__record__merged_into__isnull=False)
    return (
        Source.objects.filter(review=review)
        .annotate(brought=Count("citations", filter=counted))
        .order_by("kind", "name")
    )
