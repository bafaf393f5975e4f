"""The filter of the audit timeline."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import Q

from audit import presenters
from audit.timeline import registry
from audit.timeline.entry import CALL, EVENT, HISTORY, Wanted
from screening.models.review import Membership, Review

UNTRACKED_KINDS = (
    "audit.modelcall", "screening.assistant", "screening.decision", "screening.protocolversion", "screening.suggestion",
)  # fmt: skip


class TimelineFilter(forms.Form):
    """Times are UTC, as everywhere in the record."""

    who = forms.ChoiceField(
        required=False,
        label="By",
        choices=[("", "Everybody"), ("people", "People"), ("machines", "AI and workers")],
    )
    person = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Anybody")
    source = forms.ChoiceField(
        required=False,
        label="Lines",
        choices=[("", "Everything"), (EVENT, "What was done"), (HISTORY, "Field by field"), (CALL, "Model calls")],
    )
    kind = forms.ChoiceField(required=False, label="Object")
    type = forms.ChoiceField(required=False, label="Event")
    since = forms.DateTimeField(
        required=False, label="From (UTC)", widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    )
    until = forms.DateTimeField(
        required=False, label="Until (UTC)", widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    )

    def __init__(self, data: Any, *, review: Review) -> None:
        super().__init__(data)
        team = Membership.history.filter(review_id=review.pk).values("user_id")  # those who left, too
        people = User.objects.filter(Q(pk__in=team) | Q(pk=review.created_by_id)).order_by("username")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", "Any object"), *_kinds()]  # type: ignore[attr-defined]
        types = [(name, name.replace(".", ": ").replace("_", " ")) for name in sorted(presenters.known())]
        self.fields["type"].choices = [("", "Any event"), *types]  # type: ignore[attr-defined]

    def clean_since(self) -> datetime | None:
        return _utc(self.cleaned_data["since"])

    def clean_until(self) -> datetime | None:
        return _utc(self.cleaned_data["until"])

    def wanted(self) -> Wanted:
        """What was asked for."""
        data = self.cleaned_data
        return Wanted(
            source=data["source"],
            who=data["who"],
            person=data["person"].pk if data["person"] else None,
            kind=data["kind"],
            type=data["type"],
            since=data["since"],
            until=data["until"],
        )


def _utc(moment: datetime | None) -> datetime | None:
    """What was typed is UTC, whatever the server's zone."""
    return moment.replace(tzinfo=UTC) if moment else None


def _kinds() -> list[tuple[str, str]]:
    labels = {*UNTRACKED_KINDS, *(tracked.label for tracked in registry.tracked())}
    labels |= {relation.label for relation in registry.related()}
    named = [(label, str(apps.get_model(label)._meta.verbose_name).capitalize()) for label in labels]
    return sorted(named, key=lambda kind: kind[1])
