"""Tags on a selection of records: as many statements for a hundred records as for one, but for their events."""

from collections.abc import Collection, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower

from audit.history import write_bulk
from screening.actions.notes import AnnotationRefusedError, named, tell
from screening.models.bulk import MOST_AT_ONCE
from screening.models.note import LONGEST_TAG, MOST_TAGS, Tag, Tagging
from screening.models.record import Record
from screening.models.review import Review
from screening.names import tidy
from screening.queries.marks.annotations import tags_of, visible_taggings


@transaction.atomic
def tag(*, review: Review, record_ids: Collection[int], name: str, by: User, roles: Collection[str]) -> int:
    """Put a tag on each of the records that hasn't got it from this person; returns on how many it is new.

    Raises AnnotationRefusedError; then nothing was changed.
    """
    roots, wanted = _roots(review, record_ids), named(review, _checked(name))
    there = tags_of([root.pk for root in roots], review_id=review.pk, user_id=by.pk, roles=roles)
    full = [root for root in roots if len({one["id"] for one in there.get(root.pk, [])} | {wanted.pk}) > MOST_TAGS]
    if full:
        raise AnnotationRefusedError(f"“{full[0]}” has {MOST_TAGS} tags already. Nothing was changed.")
    own = set(Tagging.objects.filter(record__in=roots, tag=wanted, added_by=by).values_list("record_id", flat=True))
    new = Tagging.objects.bulk_create(
        [Tagging(review=review, record=root, tag=wanted, added_by=by) for root in roots if root.pk not in own]
    )
    write_bulk(new, change="+")
    for tagging in new:
        tell("record.tagged", tagging, by)
    return len(new)


@transaction.atomic
def untag(*, review: Review, record_ids: Collection[int], name: str, by: User, roles: Collection[str]) -> int:
    """Take a tag off the records, as far as this person may see it there; returns off how many."""
    found = (
        Tag.objects.filter(review=review).annotate(low=Lower("name")).filter(low=Lower(Value(_checked(name)))).first()
    )
    if found is None:
        raise AnnotationRefusedError(f"There is no tag named “{name[:LONGEST_TAG]}” in this review.")
    roots = [root.pk for root in _roots(review, record_ids)]
    seen = visible_taggings(review_id=review.pk, user_id=by.pk, roles=roles).filter(tag=found, root__in=roots)
    taggings: Sequence[Tagging] = list(seen.select_related("tag"))
    for tagging in taggings:
        tell("record.untagged", tagging, by)
        tagging.delete()
    return len({tagging.root for tagging in taggings})  # type: ignore[attr-defined]  # annotated


def _roots(review: Review, record_ids: Collection[int]) -> list[Record]:
    """The records that these are now, locked in the order of their ids."""
    if len(set(record_ids)) > MOST_AT_ONCE:
        raise AnnotationRefusedError(f"At most {MOST_AT_ONCE} records are tagged at once. Select fewer.")
    rows = Record.objects.filter(review=review, pk__in=record_ids).values_list("pk", "merged_into_id")
    roots = Record.objects.select_for_update(no_key=True).filter(pk__in={merged or pk for pk, merged in rows})
    found = list(roots.order_by("pk"))
    if not found:
        raise AnnotationRefusedError("No record is selected. Tick the records first.")
    return found


def _checked(name: str) -> str:
    name = tidy(name)
    if not name or len(name) > LONGEST_TAG:
        raise AnnotationRefusedError(f"A tag needs a name, of at most {LONGEST_TAG} characters.")
    return name
