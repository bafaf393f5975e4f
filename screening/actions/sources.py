"""Where records come from: naming a source and saying how it was searched."""

from datetime import date

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from audit.actors import Actor
from screening.enums import SourceKind
from screening.models.review import Review
from screening.models.source import Source

DETAILS = ("kind", "platform", "date_searched", "strategy")


@transaction.atomic
def describe(
    *,
    review: Review,
    name: str,
    by: User,
    kind: str = SourceKind.DATABASE,
    platform: str = "",
    date_searched: date | None = None,
    strategy: str = "",
) -> Source:
    """The source of this name in the review; made where there is none. What is left empty here keeps what it was."""
    given = {"kind": kind, "platform": platform, "date_searched": date_searched, "strategy": strategy}
    source, made = Source.objects.get_or_create(review=review, name=name.strip(), defaults=given)
    if made:
        events.record("source.added", subject=source, by=by, review_id=review.pk, name=source.name, kind=kind)
        return source
    change(source=source, by=by, **{field: value for field, value in given.items() if value})
    return source


@transaction.atomic
def change(*, source: Source, by: User | Actor, **details: str | date | None) -> None:
    """Correct name, kind, platform, date searched or strategy; what is the same leaves no trace."""
    old = {field: getattr(source, field) for field in details if getattr(source, field) != details[field]}
    if not old:
        return
    for field in old:
        setattr(source, field, details[field])
    source.save()
    events.record(
        "source.changed",
        subject=source,
        by=by,
        review_id=source.review_id,
        name=source.name,
        old={field: str(value or "") for field, value in old.items()},
        new={field: str(details[field] or "") for field in old},
    )
