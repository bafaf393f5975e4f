"""What the words of a record are found by. PostgreSQL keeps it, so that no path that writes records forgets it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from screening.models.record import Record
from screening.models.review import Review


class RecordIndex(models.Model):
    """Exempt from history: computed from its record by a trigger (migration 0007), and never written from Python.

    `fields` holds the words of the title (weight A), the authors as they are (B), keywords (C) and journal (D);
    `abstract` those of the abstract, which leave the row where it grows long, so that ranking by `fields` needs not
    read them. `ids` are DOI and accession numbers in lower case. The others are copies to filter and order by.
    """

    record = models.OneToOneField(Record, on_delete=models.CASCADE, primary_key=True, related_name="index")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+", db_index=False)
    active = models.BooleanField()
    year = models.PositiveSmallIntegerField(null=True)
    ids = ArrayField(models.TextField(), default=list)
    fields = SearchVectorField()
    abstract = SearchVectorField()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["fields", "ids"], name="record_fields_words"),
            GinIndex(fields=["abstract"], name="record_abstract_words"),
            models.Index(fields=["review", "active", "record"], name="index_list"),
            models.Index(fields=["review", "active", "-year", "record"], name="index_by_year"),
        ]

    def __str__(self) -> str:
        return f"words of record {self.record_id}"
