"""What people allow AI to spend."""

from typing import Any

from audit.presenters import present

LIMITS = (
    ("daily_usd", "{} USD a day"),
    ("total_usd", "{} USD in all"),
    ("daily_calls", "{} calls a day"),
    ("total_calls", "{} calls in all"),
)


@present("budget.changed")
def _budget_changed(data: dict[str, Any]) -> str:
    said = [words.format(data["new"][name]) for name, words in LIMITS if data["new"].get(name) is not None]
    return f"limited what AI may spend to {', '.join(said)}" if said else "took the limits off what AI may spend"
