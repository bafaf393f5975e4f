"""The filter of the list of records."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict

from screening.access import Seat
from screening.enums import Role, Stage, StageStatus
from screening.models.decision import Decision
from screening.models.decision_import import DecisionImport
from screening.models.note import Tag
from screening.models.source import ImportedFile, Source
from screening.quality.checks import CHECKS
from screening.queries.records.records import NARROWING, Eyes, Wanted, restriction
from screening.queries.records.standing import AGES, ASKED_OF_A_STAGE, MINE, WAITS
from screening.queries.stages.imported import ASKED
from screening.searching.parse import LONGEST, SearchError, parse
from screening.searching.terms import Node
from screening.visibility import sees_who_did_what

STATUSES = [(value, label) for value, label in StageStatus.choices if value != StageStatus.INACTIVE]
ORDERS = [
    ("", "Best match"),
    ("newest", "Newest first"),
    ("oldest", "Oldest first"),
    ("title", "Title"),
    ("imported", "As imported"),
]
PROBLEMS = [(check.key, check.label) for check in CHECKS]
YES_NO = [("", "With or without"), ("yes", "With"), ("no", "Without")]
FIRST = ("q", "stage", "status", "order")
"""What stands in the open; the rest is folded until it is asked for."""
KEPT_OUT = {"page", "focus", "more"}
"""Parameters of the page that are no part of what is asked for."""


class RecordFilter(forms.Form):
    """Each field is a parameter of the list's address; a field that is empty asks for nothing."""

    q = forms.CharField(
        required=False,
        max_length=LONGEST,
        label="Search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "kidney “heart failure” -mice title:diabet*"}),
    )
    stage = forms.ChoiceField(required=False, choices=[("", "Any stage"), *Stage.choices])
    status = forms.ChoiceField(required=False, choices=[("", "Any status"), *STATUSES])
    order = forms.ChoiceField(required=False, label="Order", choices=ORDERS)
    source = forms.ModelChoiceField(Source.objects.none(), required=False, empty_label="Any source")
    file = forms.ModelChoiceField(ImportedFile.objects.none(), required=False, label="Import", empty_label="Any import")
    tag = forms.ModelChoiceField(Tag.objects.none(), required=False, empty_label="Any tag")
    year_from = forms.IntegerField(required=False, min_value=1000, max_value=3000, label="From year")
    year_to = forms.IntegerField(required=False, min_value=1000, max_value=3000, label="To year")
    language = forms.CharField(required=False, max_length=60, label="Language")
    type = forms.CharField(required=False, max_length=60, label="Publication type")
    abstract = forms.ChoiceField(required=False, choices=YES_NO, label="Abstract")
    problem = forms.ChoiceField(required=False, choices=[("", "With or without"), *PROBLEMS], label="Data")
    document = forms.ChoiceField(required=False, choices=YES_NO, label="Full text")
    mine = forms.ChoiceField(required=False, label="My decision", choices=[("", "Any"), *MINE.items()])
    waits_for = forms.ChoiceField(required=False, label="Waits for")
    screened_by = forms.ChoiceField(required=False, label="Screened by")
    changed_from = forms.DateField(
        required=False, label="Changed since", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    since = forms.ChoiceField(required=False, label="In conflict for", choices=[("", "Any time"), *AGES.items()])
    waived = forms.BooleanField(required=False, label="Second reviewer waived")
    in_hand = forms.BooleanField(required=False, label="In somebody's hands now")
    pilot = forms.ChoiceField(
        required=False, label="Pilot round", choices=[("", "In or out"), ("open", "In an open one")]
    )
    elsewhere = forms.ChoiceField(required=False, label="Decided elsewhere", choices=[("", "Or not"), *ASKED.items()])
    box = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, seat: Seat, focus: bool = False, whole: bool = False) -> None:
        """`whole`: all of its fields will be shown, with their choices."""
        super().__init__(_renamed(data) if data else data)
        review = seat.review
        self.fields["source"].queryset = Source.objects.filter(review=review)  # type: ignore[attr-defined]
        files = ImportedFile.objects.filter(review=review, stored__gt=0).only("pk", "name").order_by("pk")
        self.fields["file"].queryset = files  # type: ignore[attr-defined]
        self.fields["tag"].queryset = Tag.objects.filter(review=review)  # type: ignore[attr-defined]
        named = any(self.data.get(name) for name in ("screened_by", "waits_for"))
        people = _people(seat, self.data) if whole or named else []
        self.fields["screened_by"].choices = [("", "Anybody"), *people]  # type: ignore[attr-defined]
        self.fields["waits_for"].choices = [("", "Anybody"), *WAITS.items(), *people]  # type: ignore[attr-defined]
        self.fields["elsewhere"].choices = [  # type: ignore[attr-defined]
            ("", "Or not"), *ASKED.items(), *_import_asked_for(seat, self.data),
        ]  # fmt: skip
        if focus:
            self.fields["q"].widget.attrs["autofocus"] = True
        self.node: Node | None = None

    def clean_q(self) -> str:
        text = str(self.cleaned_data["q"])
        try:
            self.node = parse(text)
        except SearchError as error:
            raise ValidationError(str(error)) from error
        return text

    def wanted(self) -> Wanted:
        """What was asked for; what is asked of a stage without naming one is asked of title and abstract."""
        data = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", False)}
        data.pop("q", None)
        if not data.get("stage") and any(name in data for name in ASKED_OF_A_STAGE):
            data["stage"] = Stage.TITLE_ABSTRACT
        for name in ("source", "file", "tag"):
            if chosen := data.pop(name, None):
                data[name] = chosen.pk
        if person := data.pop("screened_by", None):
            data["screened_by"] = int(person)
        return Wanted(**data, words=self.node)

    def asked(self) -> list[dict[str, str]]:
        """[{name, label, value}] of the fields that ask for something, in words: the chips of the page."""
        return [
            {"name": name, "label": str(self.fields[name].label or name.title()), "value": self._in_words(name)}
            for name, value in self.cleaned_data.items()
            if value not in (None, "", False) and name not in ("box", "order")
        ]

    def _in_words(self, name: str) -> str:
        value, field = self.cleaned_data[name], self.fields[name]
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        return "" if value is True else str(value)

    @property
    def folded(self) -> list[forms.BoundField]:
        """The fields that are not in the open."""
        return [field for field in self if field.name not in FIRST and not field.is_hidden]

    @property
    def open(self) -> list[forms.BoundField]:
        return [self[name] for name in FIRST]


FOLDED = tuple(name for name in RecordFilter.base_fields if name not in (*FIRST, "box"))


def _renamed(data: Any) -> Any:
    """`text` was the name of `q`; addresses that somebody kept still lead to the same list."""
    if "text" not in data or "q" in data:
        return data
    copy = data.copy()
    copy["q"] = copy["text"]
    return copy


def _people(seat: Seat, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Whose screening may be asked after: leads and auditors ask after anybody, others after themselves."""
    if not sees_who_did_what(seat.roles):
        return [(str(seat.user.pk), "me")]
    team = Q(memberships__review=seat.review, memberships__role=Role.REVIEWER)
    asked = [value for name in ("screened_by", "waits_for") if (value := str(data.get(name, ""))).isdecimal()]
    gone = Decision.objects.filter(review=seat.review, author__in=[int(one) for one in asked if len(one) < 10])
    users = User.objects.filter(team | Q(pk__in=gone.values("author"))).distinct().order_by("username")
    return [(str(user.pk), user.get_full_name() or user.get_username()) for user in users]


def _import_asked_for(seat: Seat, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The one import of decisions that an address names, which is led to from its page; its file's name may tell what
    was decided."""
    asked = str(data.get("elsewhere", ""))
    if not sees_who_did_what(seat.roles) or not asked.isdecimal() or len(asked) > 9:
        return []
    found = DecisionImport.objects.filter(review=seat.review, pk=int(asked)).select_related("file").first()
    return [(asked, f"Counts from {found.file.name}")] if found else []


def narrowing(data: QueryDict, seat: Seat) -> tuple["QuerySet[Any, int] | None", str]:
    """(ids of the records that an address narrows the workbench to, the part of its query that does so) (SCR-10).

    (None, "") where it asks for nothing, or for what can't be understood: a bad address keeps nobody from screening.
    """
    kept = data.copy()
    for name in list(kept):
        if name not in (*NARROWING, "q", "text") or not any(kept.getlist(name)):
            del kept[name]
    if not kept:
        return None, ""
    form = RecordFilter(kept, seat=seat)
    if not form.is_valid():
        return None, ""
    ids = restriction(seat.review, form.wanted(), Eyes(seat.user.pk, seat.roles))
    return ids, kept.urlencode() if ids is not None else ""


def query_of(data: QueryDict) -> str:
    """The part of an address that says what was asked for, without the page; what is empty is left out."""
    kept = data.copy()
    for name in list(kept):
        if name in KEPT_OUT or not any(kept.getlist(name)):
            del kept[name]
    return kept.urlencode()
