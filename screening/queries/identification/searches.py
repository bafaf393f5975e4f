"""The searches of a review with what came of them, in a constant number of queries."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from screening.enums import SearchStatus
from screening.models.review import Review
from screening.models.search import SavedSearch, SearchRun


@dataclass(slots=True)
class SearchLine:
    """A search, its last run, and its last one that came to its end."""

    search: SavedSearch
    last: SearchRun | None = None
    finished: SearchRun | None = field(default=None)


def searches_of(review: Review) -> list[SearchLine]:
    """Those that are kept, by source."""
    rows = SavedSearch.objects.filter(review=review, removed=False).select_related("source").order_by("source__name")
    runs = SearchRun.objects.filter(review=review).order_by("search_id", "-id").distinct("search_id")
    last = {run.search_id: run for run in runs}
    finished = {run.search_id: run for run in runs.filter(status=SearchStatus.DONE)}
    return [SearchLine(search, last.get(search.pk), finished.get(search.pk)) for search in rows]


def runs_of(search: SavedSearch) -> QuerySet[SearchRun]:
    """Its runs, the newest first, with their files."""
    return search.runs.select_related("created_by").prefetch_related("files")
