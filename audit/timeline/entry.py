"""What a story is asked for, and what it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db.models import Q

EVENT, HISTORY, CALL = "event", "history", "call"


@dataclass(frozen=True, slots=True)
class Subject:
    """A review; with `record_ids`, only what concerns these records of it (one, and all that was merged into it).

    `shown`: conditions on the rows of a source (EVENT or CALL): the others are no part of the story that is told.
    """

    review_id: int
    record_ids: tuple[int, ...] | None = None
    shown: Mapping[str, Q] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter; empty means any. `since` is inclusive, `until` is not; both are aware.

    `source` is event, history or call; `who` is people or machines; `kind` is a model's label (screening.record).
    """

    source: str = ""
    who: str = ""
    person: int | None = None
    kind: str = ""
    type: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field, old and new, as text for people."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Call:
    """A model call: `state` is answered, failed, unknown, or in flight."""

    id: int
    model: str
    state: str
    seconds: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `key` names it for ever and is safe in an address; `sentence` follows the actor's name, as plain text.

    `hidden`: there is something here that this reader may not see yet; what is left gives nothing of it away.
    """

    key: str
    at: datetime
    source: str
    type: str
    actor_kind: str
    actor_name: str
    actor_id: int | None
    kind: str
    subject_id: int
    sentence: str
    record_id: int | None = None
    stage: str = ""
    changes: tuple[Change, ...] = ()
    reason: str = ""
    request_id: str = ""
    call: Call | None = None
    hidden: bool = False

    @property
    def by_machine(self) -> bool:
        return self.actor_kind != "person"

    @property
    def day(self) -> date:
        """In UTC."""
        return self.at.astimezone(UTC).date()

    @property
    def long(self) -> bool:
        """Whether the changes are too much for a line, and are folded."""
        return len(self.changes) > 3 or any(len(change.old) + len(change.new) > 200 for change in self.changes)

    @property
    def anchor(self) -> str:
        """The key as the id of an element."""
        return self.key.replace(".", "-").replace("~", "-")


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, newest first; `next` is where the following page starts, empty on the last."""

    entries: list[Entry] = field(default_factory=list)
    next: str = ""


COLUMNS = (
    "at_utc", "source", "type", "actor_kind", "actor", "sentence", "changes", "reason", "object", "object_id",
    "record_id", "stage", "model", "model_call_state", "seconds", "tokens_in", "tokens_out", "cost_usd", "request_id",
    "line",
)  # fmt: skip


def as_row(entry: Entry) -> tuple[object, ...]:
    """An entry under COLUMNS."""
    call = entry.call
    called: tuple[object, ...] = ("",) * 6
    if call is not None:
        called = (call.model, call.state, call.seconds, call.tokens_in, call.tokens_out, call.cost)
    changes = "; ".join(
        f"{change.field}: {change.old or '(empty)'} → {change.new or '(empty)'}" for change in entry.changes
    )
    return (
        entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), entry.source, entry.type, entry.actor_kind, entry.actor_name,
        entry.sentence, changes, entry.reason, entry.kind, entry.subject_id, entry.record_id, entry.stage, *called,
        entry.request_id, entry.key,
    )  # fmt: skip
