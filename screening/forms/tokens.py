"""What a new API token may do, where, and for how long."""

from typing import Any

from django import forms
from django.contrib.auth.models import User

from screening.access import reviews_for
from screening.models.api_token import LONGEST_NAME
from screening.models.review import Review

DAYS = {7: "7 days", 30: "30 days", 90: "90 days", 180: "180 days", 365: "A year"}
DEFAULT_DAYS = 90
ALL = "all"


class TokenForm(forms.Form):
    """`cleaned_data` is what `actions.tokens.make` takes, once `review` is looked up by `chosen`."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        help_text="What will use it, and where: it is how you and the audit trail tell it from others.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reach = forms.ChoiceField(label="Reaches")
    may = forms.ChoiceField(
        choices=[("read", "Read"), ("write", "Read and write")],
        initial="read",
        help_text="Writing is notes, tags and runs of AI. No token ever decides: votes, and values of extraction, are "
        "given by people who are signed in.",
        widget=forms.RadioSelect,
    )
    days = forms.TypedChoiceField(label="Ends after", coerce=int, choices=list(DAYS.items()), initial=DEFAULT_DAYS)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reviews = {review.pk: review for review in reviews_for(user).order_by("title", "pk")}
        reach: Any = self.fields["reach"]
        ours = [(str(pk), review.title) for pk, review in self.reviews.items()]
        reach.choices = [("", "Choose…"), *ours, (ALL, "All reviews that I am in, now and later")]

    def chosen(self) -> Review | None:
        """The one review that a valid form names; None for all."""
        reach = self.cleaned_data["reach"]
        return None if reach == ALL else self.reviews[int(reach)]
