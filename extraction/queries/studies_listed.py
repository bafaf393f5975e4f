"""The studies of the evidence table, with what its first column says of them."""

from dataclasses import dataclass

from screening.models.review import Review
from screening.queries.identification.studies import counted_reports, included_studies


@dataclass(frozen=True, slots=True)
class Listed:
    """A study; `position` is its place in the alphabet of the review, `year` that of the report it is cited by."""

    pk: int
    label: str
    position: int
    year: int | None = None
    record_id: int | None = None


def studies_of(review: Review) -> list[Listed]:
    """The studies of a review that have an included report, by label. Two queries, without the records' texts."""
    reports = counted_reports(review).select_related(None).order_by("main", "-id")
    cited = {study: (year, record) for study, year, record in reports.values_list("study", "record__year", "record")}
    rows = included_studies(review).prefetch_related(None).values_list("pk", "label")
    return [Listed(pk, label, place, *cited.get(pk, (None, None))) for place, (pk, label) in enumerate(rows)]
