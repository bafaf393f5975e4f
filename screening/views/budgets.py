"""What AI may spend in a review, and what it has spent (AI-10)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from audit import budgets
from screening.access import Seat, seat_for
from screening.forms.budgets import BudgetForm


def shown(seat: Seat) -> dict[str, Any]:
    """What the section of the AI page shows: sums and limits, and the form for those who may change them."""
    account = budgets.account(seat.review.pk)
    return {
        "account": account,
        "budget_form": BudgetForm(review_id=seat.review.pk) if seat.can("run_ai") else None,
        "budget_spent": str(account.stops(budgets.LEAST) or "") if account else "",
    }


@login_required
@require_POST
def change(request: HttpRequest, review_id: int) -> HttpResponse:
    """Set the limits."""
    seat = seat_for(request.user, review_id, "run_ai")
    form = BudgetForm(request.POST, review_id=review_id)
    if form.is_valid():
        budgets.change(review_id=seat.review.pk, by=seat.user, **form.cleaned_data)
        messages.success(request, "Saved. The limits hold from the next call on; a run that stopped can be resumed.")
    else:
        wrong = form.errors.items()
        said = " ".join(f"{form.fields[name].label}: {' '.join(map(str, errors))}" for name, errors in wrong)
        messages.error(request, f"{said} Nothing was changed.")
    return redirect("screening:assistants", review_id)
