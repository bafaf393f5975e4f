"""Whether the record still says what was recorded: checks that each app registers, run by `manage.py verify_audit`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from time import perf_counter

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from audit import presenters
from audit.budgets import CALLED
from audit.immutable import REFUSE, ImmutableModel
from audit.models.event import Event
from audit.models.model_call import ModelCall

LISTED = 20
# The row trigger fires before UPDATE and DELETE (1 row, 2 before, 8 delete, 16 update), the other before TRUNCATE (32).
TRIGGERS = {"append_only": 1 | 2 | 8 | 16, "append_only_truncate": 2 | 32}
STANDING = """
SELECT c.relname, t.tgname, t.tgtype, t.tgenabled, p.proname
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
 WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal AND t.tgname = ANY(%s)
"""
# Both sides as text, because a sum of money without a row is no sum and not zero.
SPENT = f"""
SELECT COALESCE(s.review_id, c.review_id), COALESCE(s.day, c.day),
       format('%s calls, %s tokens, %s USD', s.calls, s.tokens, round(s.usd, 6)),
       format('%s calls, %s tokens, %s USD', c.calls, c.tokens, round(c.usd, 6))
  FROM audit_spending s FULL JOIN ({CALLED}) c ON c.review_id = s.review_id AND c.day = s.day ORDER BY 1, 2
"""  # noqa: S608  (a constant of ours)
FUNCTION = "SELECT prosrc FROM pg_proc WHERE proname = 'audit_refuse' AND pronamespace = current_schema()::regnamespace"


@dataclass(slots=True)
class Findings:
    """What one check saw: rows looked at, bad ones, a sentence on the first of them, and what else is worth saying."""

    looked_at: int = 0
    bad: int = 0
    first: str = ""
    notes: list[str] = field(default_factory=list)

    def wrong(self, sentence: str) -> None:
        """Count a bad row; only the first one's sentence is kept."""
        self.bad += 1
        self.first = self.first or sentence


@dataclass(frozen=True, slots=True)
class Result:
    """A check that was run."""

    name: str
    findings: Findings
    seconds: float


Check = Callable[[Findings], None]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Let `verify_audit` run a check: a function that says in its Findings what it looked at and what is wrong."""
    _checks[name] = check


def verify(only: Iterable[str] = ()) -> Iterator[Result]:
    """Run all checks, or those named, one after the other. Raises KeyError for a name that nobody registered."""
    for name in list(only) or list(_checks):
        findings, began = Findings(), perf_counter()
        _checks[name](findings)
        yield Result(name, findings, perf_counter() - began)


def append_only_models() -> list[type[models.Model]]:
    """Every immutable model, and the history of every tracked one."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, ImmutableModel) or hasattr(model, "history_change_reason")
    ]


def _triggers(findings: Findings) -> None:
    """PostgreSQL refuses to change or remove rows of each append-only table, with the function that we wrote."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTION)
        source = cursor.fetchone()
        cursor.execute(STANDING, [list(TRIGGERS)])
        standing = {(table, name): tuple(rest) for table, name, *rest in cursor.fetchall()}
    if source is None or source[0].strip() not in REFUSE:
        findings.wrong("The function audit_refuse() is not the one that refuses changes.")
    for model in append_only_models():
        table = model._meta.db_table
        findings.looked_at += 1
        for name, kind in TRIGGERS.items():
            if problem := _problem(standing.get((table, name)), kind):
                findings.wrong(f"The trigger {name} of {table} {problem}: rows could be changed unseen.")


def _problem(trigger: tuple[object, ...] | None, kind: int) -> str:
    if trigger is None:
        return "is missing"
    found, enabled, function = trigger
    if enabled not in ("O", "A"):
        return "is disabled"
    return "" if (found, function) == (kind, "audit_refuse") else "does something else than to refuse"


def _events(findings: Findings) -> None:
    """Every event has an actor and can be read aloud."""
    rows = Event.objects.order_by("id").values_list("id", "type", "data", "actor_kind", "actor_name")
    for pk, kind, data, actor_kind, actor_name in rows.iterator(5_000):
        findings.looked_at += 1
        if not (actor_kind and actor_name):
            findings.wrong(f"Event {pk} ({kind}) has no actor.")
        try:
            presenters.sentence(kind, data)
        except (presenters.UnknownEventError, KeyError, TypeError, ValueError) as error:
            findings.wrong(f"Event {pk} ({kind}) can't be read: {type(error).__name__}: {error}")


def _history(findings: Findings) -> None:
    """Every row of history has an actor."""
    for model in append_only_models():
        if issubclass(model, ImmutableModel):
            continue
        rows = model._default_manager
        findings.looked_at += rows.count()
        for pk in rows.filter(actor_name="").order_by("pk").values_list("pk", flat=True)[:LISTED]:
            findings.wrong(f"Row {pk} of {model._meta.db_table} has no actor.")
        if unnamed := rows.filter(actor_kind="system").count():
            findings.notes.append(f"{unnamed} rows of {model._meta.db_table} were written by an unnamed process.")


def _calls(findings: Findings) -> None:
    """Model calls; those without an outcome are in flight, or their worker stopped a moment ago."""
    findings.looked_at = ModelCall.objects.count()
    open_calls = ModelCall.objects.filter(outcome__isnull=True).order_by("id").values_list("id", "model", "at")
    now = timezone.now()
    findings.notes += [
        f"Call {pk} of {model} is in flight for {(now - at).total_seconds():.0f} s."
        for pk, model, at in open_calls[:LISTED]
    ]
    if (more := open_calls.count() - LISTED) > 0:
        findings.notes.append(f"{more} more calls are in flight.")


def _spending(findings: Findings) -> None:
    """The sums that budgets are held by are the sums of the calls."""
    with connection.cursor() as cursor:
        cursor.execute(SPENT)
        for review, day, kept, called in cursor.fetchall():
            findings.looked_at += 1
            if kept != called:
                findings.wrong(f"The spending of review {review} on {day} is kept as {kept}; its calls say {called}.")


register("append-only triggers", _triggers)
register("events can be read", _events)
register("history has actors", _history)
register("model calls", _calls)
register("budgets add up", _spending)
