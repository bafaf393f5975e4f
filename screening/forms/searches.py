"""Writing down a search of a public database."""

from typing import Any

from django import forms

from screening.enums import Schedule, SearchProvider
from screening.models.search import SavedSearch
from screening.providers.asking import LONGEST_STRATEGY


class SearchForm(forms.Form):
    """A new search, or an old one to be corrected: then database and source stand."""

    provider = forms.ChoiceField(label="Database", choices=SearchProvider.choices)
    source_name = forms.CharField(
        label="Source",
        max_length=120,
        required=False,
        help_text="Where PRISMA counts what is found. Empty: the database's name.",
    )
    strategy = forms.CharField(
        label="Search strategy",
        max_length=2 * LONGEST_STRATEGY,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text="One expression in the database's own syntax, as you would type it there.",
    )
    published_from = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    published_to = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    schedule = forms.ChoiceField(
        label="Look for what is new",
        choices=Schedule.choices,
        help_text="For living reviews. What is found waits at Import until a person has looked at it.",
    )

    def __init__(self, data: Any = None, *, search: SavedSearch | None = None) -> None:
        super().__init__(data, initial=_initial(search) if search else {"schedule": Schedule.NEVER})
        if search:
            del self.fields["provider"], self.fields["source_name"]

    def given(self) -> dict[str, Any]:
        """What `actions.saved_searches` wants to know."""
        data = dict(self.cleaned_data)
        if "provider" in data:
            data["source_name"] = data["source_name"] or SearchProvider(data["provider"]).label
        return data


def _initial(search: SavedSearch) -> dict[str, Any]:
    return {name: getattr(search, name) for name in ("strategy", "published_from", "published_to", "schedule")}
