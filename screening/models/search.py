"""Searches of public databases that a review keeps, and each time that one was run (IMP-07)."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models
from django.urls import reverse

from audit.history import tracked
from screening.enums import Schedule, SearchProvider, SearchStatus
from screening.models.review import Review
from screening.models.source import Source


class SavedSearch(models.Model):
    """A strategy for one provider, and how often it is run again. A source has one; its records go to that source."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="searches")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="searches")
    provider = models.CharField(max_length=12, choices=SearchProvider)
    strategy = models.TextField()
    published_from = models.DateField(null=True, blank=True)
    published_to = models.DateField(null=True, blank=True)
    schedule = models.CharField(max_length=8, choices=Schedule, default=Schedule.NEVER)
    next_at = models.DateTimeField(null=True, blank=True, help_text="When the clock runs it next.")
    removed = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    history = tracked()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(removed=False), name="one_search_of_a_source"
            ),
            models.CheckConstraint(
                condition=models.Q(schedule="never", next_at=None) | ~models.Q(schedule="never"),
                name="unscheduled_search_is_not_due",
            ),
        ]

    def __str__(self) -> str:
        return self.source.name

    def get_absolute_url(self) -> str:
        return reverse("screening:search", args=[self.review_id, self.pk])

    @property
    def limits(self) -> str:
        """The limits in words; "" without any."""
        return limits_in_words(self.published_from, self.published_to)


class SearchRun(models.Model):
    """One time that a search was run: counted first, then fetched page by page into files, which a person imports.

    Strategy and limits are those of that moment. `since`: only what entered the database from that day on (a top-up).
    """

    search = models.ForeignKey(SavedSearch, on_delete=models.PROTECT, related_name="runs")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=9, choices=SearchStatus)
    scheduled = models.BooleanField(default=False, help_text="Begun by the clock, not by a person.")
    strategy = models.TextField()
    published_from = models.DateField(null=True, blank=True)
    published_to = models.DateField(null=True, blank=True)
    since = models.DateField(null=True, blank=True)
    searched_at = models.DateTimeField(null=True, blank=True, help_text="When the provider said how many there are.")
    hits = models.PositiveIntegerField(null=True, blank=True)
    translated = models.TextField(blank=True)
    notes = models.JSONField(default=list, blank=True)
    fetched = models.PositiveIntegerField(default=0, help_text="Progress: records in the pages that have come.")
    pages = models.PositiveIntegerField(default=0)
    position = models.JSONField(default=dict, blank=True, help_text="Where to go on; the provider's own.")
    brought = models.PositiveSmallIntegerField(default=0, help_text="Files that were handed in to be imported.")
    faults = models.PositiveSmallIntegerField(default=0, help_text="Passing faults in a row.")
    waits_for = models.TextField(blank=True, help_text="Why the next request waits.")
    not_before = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    history = tracked(excluded=["fetched", "pages", "position", "faults", "waits_for", "not_before", "heartbeat_at"])

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["search"],
                condition=models.Q(status__in=["counting", "fetching"]),
                name="one_run_of_a_search_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.search}"

    @property
    def limits(self) -> str:
        """The limits in words; "" without any."""
        return limits_in_words(self.published_from, self.published_to)


class SearchPage(models.Model):
    """A reply of a fetch that is not finished, packed. Queue machinery: when all are there they become the file that is
    imported, byte by byte, and go."""

    run = models.ForeignKey(SearchRun, on_delete=models.CASCADE, related_name="kept_pages")
    number = models.PositiveIntegerField()
    entries = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "number"], name="search_page_once")]

    def __str__(self) -> str:
        return f"page {self.number} of run {self.run_id}"


def limits_in_words(first: date | None, last: date | None) -> str:
    """ "published 1 January 2010 to 31 December 2020", or with one end, or nothing."""
    low, high = (f"{day:%-d %B %Y}" if day else "" for day in (first, last))
    if low and high:
        return f"published {low} to {high}"
    return f"published from {low} on" if low else f"published until {high}" if high else ""
