"""Every report that becomes included has a study: its own, until people link it with others (EXT-09)."""

from collections.abc import Collection, Sequence
from string import ascii_lowercase

from audit.history import write_bulk
from reviewapp.queue import enqueue
from screening.dedup.reports import label
from screening.models.record import Record
from screening.models.review import Review
from screening.models.study import Study, StudyReport

FIND_HINTS = "screening.find_study_hints"


def found(*, review: Review, record_ids: Collection[int]) -> None:
    """Give these included records a study each, if they have none; in the caller's transaction.

    A record that others with a study were merged into joins theirs. The number of queries doesn't grow with that of
    the records. A worker is rung to look which other reports tell of the same study.
    """
    have = StudyReport.objects.filter(record__in=record_ids)
    records = list(Record.objects.filter(pk__in=record_ids).exclude(pk__in=have.values("record")).order_by("id"))
    if not records:
        return
    absorbed = StudyReport.objects.filter(record__merged_into__in=records).order_by("-id")
    known = dict(absorbed.values_list("record__merged_into_id", "study_id"))
    alone = [record for record in records if record.pk not in known]
    made = dict(zip((record.pk for record in alone), new_studies(review, alone), strict=True))
    reports = [
        StudyReport(
            review=review,
            record=record,
            study_id=known.get(record.pk) or made[record.pk].pk,
            main=record.pk in made,
        )
        for record in records
    ]
    write_bulk(StudyReport.objects.bulk_create(reports, batch_size=1_000), change="+")
    enqueue(FIND_HINTS, review_id=review.pk, record_id=records[0].pk if len(records) == 1 else 0)


def new_studies(review: Review, records: Sequence[Record]) -> list[Study]:
    """One study for each record, in their order; their reports are the caller's to store."""
    studies = [Study(review=review, label=text) for text in _labels(review, records)]
    made = Study.objects.bulk_create(studies, batch_size=1_000)
    write_bulk(made, change="+")
    return made


def _labels(review: Review, records: Sequence[Record]) -> list[str]:
    """“Okafor 2021”, then “Okafor 2021b”. A name that people have seen never changes by itself, so the first stays."""
    wanted = [label(record.authors, record.year, record.title) or f"Record {record.pk}" for record in records]
    tried = {base + letter for base in wanted for letter in ("", *ascii_lowercase[1:])}
    taken = set(Study.objects.filter(review=review, label__in=tried).values_list("label", flat=True))
    labels = []
    for record, base in zip(records, wanted, strict=True):
        free = (base + letter for letter in ("", *ascii_lowercase[1:]) if base + letter not in taken)
        labels.append(next(free, f"{base} ({record.pk})"))
        taken.add(labels[-1])
    return labels
