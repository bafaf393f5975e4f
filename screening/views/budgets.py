"""What AI may spend in a review, and what it has spent (AI-10)."""

from decimal import Decimal
from math import ceil
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from audit import budgets
from audit.budgets import Account
from screening.access import Seat, seat_for
from screening.enums import Stage
from screening.forms.budgets import BudgetForm
from screening.queries.assistants.runs import bound


def shown(seat: Seat) -> dict[str, Any]:
    """What the section of the AI page shows: sums and limits, and the form for those who may change them."""
    account = budgets.account(seat.review.pk)
    blind = any(bound(seat.review, stage, seat.roles) for stage in Stage.values) if account else False
    return {
        "account": account,
        "sums": _sums(account, blind=blind) if account else [],
        "sums_in_tenths": blind,
        "budget_form": BudgetForm(review_id=seat.review.pk) if seat.can("run_ai") else None,
        "budget_spent": str(account.stops(budgets.LEAST) or "") if account else "",
    }


def _sums(account: Account, *, blind: bool) -> list[dict[str, Any]]:
    """Label, value and limit of each sum. Whoever is bound gets tenths of a limit, and without one nothing.

    What one call more or a long reply costs tells of a single record (AI-02); that a budget nears its end is told.
    """
    each = (
        ("USD today", account.usd_today, account.daily_usd),
        ("USD in all", account.usd, account.total_usd),
        ("Calls today", account.calls_today, account.daily_calls),
        ("Calls in all", account.calls, account.total_calls),
    )
    exactly = [f"{spent:.2f}" if isinstance(spent, Decimal) else str(spent) for _, spent, _ in each]
    values = [_tenths(spent, limit) for _, spent, limit in each] if blind else exactly
    return [{"label": each[n][0], "value": value, "of": each[n][2]} for n, value in enumerate(values)]


def _tenths(spent: Decimal | int, limit: Decimal | int | None) -> str:
    """How much of a limit is spent, up to the next tenth; a dash where there is no limit."""
    if limit is None:
        return "–"
    return f"≤ {min(10, max(1, ceil(10 * spent / limit)) if limit else 10) * 10} %"


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
