"""Where the records came from: PRISMA 2020 items 6 and 7 (sources, dates, strategies), with what each brought."""

from django.db.models import Count, Q, QuerySet

from screening.models.review import Review
from screening.models.source import Source


def sources_of(review: Review) -> QuerySet[Source]:
    """The sources that were searched or brought something, with `brought`: records as the flow counts them."""
    counted = Q(citations__record__active=True) | Q(citations__record__merged_into__isnull=False)
    sources = Source.objects.filter(review=review).annotate(brought=Count("citations", filter=counted))
    return sources.filter(Q(brought__gt=0) | Q(date_searched__isnull=False)).order_by("kind", "name")
