"""What a review may spend on language models: reserved before each call, settled with its outcome, a hard stop (AI-10).

At every commit the Spending of a day (UTC) is the sum over the calls that began on it: the cost of one that was
answered, nothing for one that failed, and what was reserved for one that is in flight or whose outcome is unknown,
since nobody knows whether it was billed. A review without a Budget has no such sums, and nothing of it is locked.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from audit import actors, events
from audit.models.budget import Budget
from audit.models.model_call import ModelCall, ModelOutcome
from reviewapp import prepared
from reviewapp.ai.errors import AIError

# The row of limits is locked from here to the commit, so that two calls can't both take the last of it.
LIMITS = """
SELECT daily_usd, total_usd, daily_calls, total_calls
  FROM audit_budget WHERE review_id = %(review)s::bigint FOR NO KEY UPDATE
"""
# Whether a review has none, for statements that have its id.
NONE = "NOT EXISTS (SELECT FROM audit_budget WHERE review_id = {review})"
SUMS = """
SELECT COALESCE(sum(usd) FILTER (WHERE day = %(day)s::date), 0), COALESCE(sum(usd), 0),
       COALESCE(sum(calls) FILTER (WHERE day = %(day)s::date), 0), COALESCE(sum(calls), 0)
  FROM audit_spending WHERE review_id = %(review)s::bigint
"""
ADD = """
INSERT INTO audit_spending (review_id, day, calls, tokens, usd)
VALUES (%(review)s::bigint, %(day)s::date, 1, 0, %(usd)s::numeric)
    ON CONFLICT (review_id, day)
    DO UPDATE SET calls = audit_spending.calls + 1, usd = audit_spending.usd + EXCLUDED.usd
"""
# Replaces what was reserved by what it was.
SETTLE = """
UPDATE audit_spending SET usd = usd + %(usd)s::numeric, tokens = tokens + %(spent_tokens)s::bigint
 WHERE review_id = %(review)s::bigint AND day = %(day)s::date
"""
# What the calls say themselves: the law of this module, as PostgreSQL adds it up.
CALLED = """
SELECT c.review_id, (c.at AT TIME ZONE 'UTC')::date AS day, count(*) AS calls,
       COALESCE(sum(o.tokens_in::bigint + o.tokens_out) FILTER (WHERE o.state = 'answered'), 0) AS tokens,
       COALESCE(sum(CASE o.state WHEN 'answered' THEN COALESCE(o.cost, c.reserved) WHEN 'failed' THEN 0
                                 ELSE c.reserved END), 0) AS usd
  FROM audit_modelcall c LEFT JOIN audit_modeloutcome o ON o.call_id = c.id
 WHERE c.review_id IN (SELECT review_id FROM audit_budget) GROUP BY 1, 2
"""
COUNTED = f"""
INSERT INTO audit_spending (review_id, day, calls, tokens, usd) SELECT * FROM ({CALLED}) s WHERE review_id = %s
"""  # noqa: S608  (a constant of this file)
# Waits for whoever is writing a call or an outcome just now, and lets nobody begin: from here on each is counted once.
ALONE = "LOCK TABLE audit_modelcall, audit_modeloutcome IN SHARE ROW EXCLUSIVE MODE"
LEAST = Decimal("0.000001")  # USD: the smallest sum that is kept
NO_PRICE = (
    "This model has no price, and the review has a limit in US dollars. An administrator can give its card a price; "
    "a lead can limit calls instead."
)


class BudgetSpentError(AIError):
    """No call was made: what is left does not cover it. `resumes_at`: when the day turns, if that is enough."""

    def __init__(self, message: str, resumes_at: datetime | None = None) -> None:
        super().__init__(message, permanent=False)
        self.resumes_at = resumes_at


@dataclass(frozen=True, slots=True)
class Account:
    """The limits of a review (None: no such limit) and what is spent, today (UTC) and altogether."""

    daily_usd: Decimal | None
    total_usd: Decimal | None
    daily_calls: int | None
    total_calls: int | None
    usd_today: Decimal
    usd: Decimal
    calls_today: int
    calls: int

    @property
    def limited(self) -> bool:
        """Whether there is any limit."""
        return any(limit is not None for limit in (self.daily_usd, self.total_usd, self.daily_calls, self.total_calls))

    @property
    def in_money(self) -> bool:
        """Whether a limit is one of money, so that every call must have a price."""
        return self.daily_usd is not None or self.total_usd is not None

    @property
    def usd_left(self) -> Decimal | None:
        """What may still be spent today; None without such a limit."""
        pairs = ((self.daily_usd, self.usd_today), (self.total_usd, self.usd))
        found = [max(Decimal(0), limit - spent) for limit, spent in pairs if limit is not None]
        return min(found) if found else None

    def stops(self, usd: Decimal | None) -> BudgetSpentError | None:
        """Why one more call that may cost `usd` is not to be made, if so. None: its price is not known."""
        if usd is None and self.in_money:
            return BudgetSpentError(NO_PRICE)
        more = usd or Decimal(0)
        if over(self.total_calls, self.calls, 1) or over(self.total_usd, self.usd, more):
            return BudgetSpentError("The budget of this review is spent. A lead can raise it and resume the run.")
        if over(self.daily_usd, 0, more):
            return BudgetSpentError("One call may cost more than the budget of a day. A lead can raise it.")
        if over(self.daily_calls, self.calls_today, 1) or over(self.daily_usd, self.usd_today, more):
            said = "The budget of today is spent. The run goes on by itself when the day turns (00:00 UTC)."
            return BudgetSpentError(said, tomorrow() if self.daily_calls != 0 else None)
        return None


def over(limit: Any, spent: Any, more: Any) -> bool:
    """Whether `more` does not fit under a limit; None is none."""
    return limit is not None and spent + more > limit


def hold_for(call: ModelCall) -> None:
    """Count a call that is about to be made, in the transaction that inserts it. Raises BudgetSpentError.

    Call it last: the review's counter is locked until the commit.
    """
    review_id, day = call.review_id, day_of(call)
    limits = prepared.rows(LIMITS, {"review": review_id}) if review_id is not None else []
    if review_id is None or not limits:
        return
    if error := _account(review_id, limits[0], day).stops(call.reserved):
        raise error
    prepared.run(ADD, {"review": review_id, "day": day, "usd": call.reserved or Decimal(0)})


def settled(call: ModelCall, outcome: ModelOutcome) -> dict[str, Any]:
    """The values of SETTLE, which belongs into the statement that inserts the outcome."""
    review_id = None if outcome.state == ModelOutcome.UNKNOWN else call.review_id  # what was reserved stays reserved
    reserved, cost, tokens = call.reserved or Decimal(0), Decimal(0), 0
    if outcome.state == ModelOutcome.ANSWERED:
        cost = reserved if outcome.cost is None else outcome.cost
        tokens = outcome.tokens_in + outcome.tokens_out
    return {"review": review_id, "day": day_of(call), "usd": cost - reserved, "spent_tokens": tokens}


def account(review_id: int) -> Account | None:
    """Limits and sums of a review as they stand; None where it has no budget. Two queries."""
    found = Budget.objects.filter(review_id=review_id).values_list(
        "daily_usd", "total_usd", "daily_calls", "total_calls"
    )
    limits = found.first()
    return _account(review_id, limits, timezone.now().astimezone(UTC).date()) if limits else None


def stopped(review_id: int, price: tuple[Decimal, Decimal] | None) -> BudgetSpentError | None:
    """Why a run of a model of this price can't be started or resumed, if so."""
    stands = account(review_id)
    least = None if price is None else LEAST if any(price) else Decimal(0)
    return stands.stops(least) if stands else None


@transaction.atomic
def change(
    *,
    review_id: int,
    by: User | actors.Actor,
    daily_usd: Decimal | None,
    total_usd: Decimal | None,
    daily_calls: int | None,
    total_calls: int | None,
) -> Budget:
    """Set the limits of a review; None is none. The first time, all calls that were ever made are counted."""
    limits = {
        "daily_usd": daily_usd, "total_usd": total_usd, "daily_calls": daily_calls, "total_calls": total_calls
    }  # fmt: skip
    budget = Budget.objects.select_for_update().filter(review_id=review_id).first()
    if budget is None:
        budget = _begun(review_id, limits)
    elif all(getattr(budget, name) == limit for name, limit in limits.items()):
        return budget
    else:
        for name, limit in limits.items():
            setattr(budget, name, limit)
        budget.save()
    said = {name: None if limit is None else str(limit) for name, limit in limits.items()}
    events.record("budget.changed", subject=budget, by=by, review_id=review_id, new=said)
    return budget


def _begun(review_id: int, limits: dict[str, Any]) -> Budget:
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        budget, new = Budget.objects.update_or_create(review_id=review_id, defaults=limits)
        if new:  # else somebody else has set the first limits while we waited
            cursor.execute(COUNTED, [review_id])
    return budget


def _account(review_id: int, limits: tuple[Any, ...], day: date) -> Account:
    return Account(*limits, *prepared.rows(SUMS, {"review": review_id, "day": day})[0])


def day_of(call: ModelCall) -> date:
    """On which day a call counts."""
    return call.at.astimezone(UTC).date()


def tomorrow() -> datetime:
    """The next midnight, UTC."""
    return datetime.combine(timezone.now().astimezone(UTC).date() + timedelta(days=1), time(), UTC)
