"""What AI may spend in a review."""

from decimal import Decimal
from typing import Any

from django import forms

from audit.models.budget import Budget

LIMITS = {
    "daily_usd": "US dollars a day",
    "total_usd": "US dollars in all",
    "daily_calls": "Calls a day",
    "total_calls": "Calls in all",
}
MOST_CALLS = 2**31 - 1


class BudgetForm(forms.Form):
    """Four limits; an empty one is none."""

    daily_usd = forms.DecimalField(required=False, min_value=Decimal(0), max_digits=12, decimal_places=2)
    total_usd = forms.DecimalField(required=False, min_value=Decimal(0), max_digits=12, decimal_places=2)
    daily_calls = forms.IntegerField(required=False, min_value=0, max_value=MOST_CALLS)
    total_calls = forms.IntegerField(required=False, min_value=0, max_value=MOST_CALLS)

    def __init__(self, *args: Any, review_id: int, **kwargs: Any) -> None:
        stands = Budget.objects.filter(review_id=review_id).first()
        kwargs.setdefault("initial", {name: getattr(stands, name) for name in LIMITS} if stands else {})
        super().__init__(*args, **kwargs)
        for name, label in LIMITS.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs["class"] = "form-control form-control-sm"
