"""Who said what of a record, by name or, to whom names are not told, by number (SCR-11)."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import F, Min
from django.db.models.functions import Coalesce

from screening.models.decision import Decision
from screening.models.record import Record


def numbered(roots: Collection[int]) -> dict[int, dict[int, str]]:
    """Record -> user id -> "Reviewer 1", "Reviewer 2"…, by who spoke first of all that is this record. Two queries.

    Counted anew on each record, so that nobody can count what one person said of many.
    """
    absorbed = Record.objects.filter(merged_into__in=roots).values_list("pk", flat=True)
    said = Decision.objects.filter(record__in=[*roots, *absorbed], brought_in=None)
    root = Coalesce(F("record__merged_into_id"), F("record_id"))
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for record, author in (
        said.annotate(root=root)
        .values("root", "author")
        .annotate(first=Min("pk"))
        .order_by("first")
        .values_list("root", "author")
    ):
        found[record][author] = f"Reviewer {len(found[record]) + 1}"
    return found


def authors(decisions: Collection[Decision], *, user_id: int, named: bool, full: bool = False) -> dict[int, str]:
    """Decision id -> its author: the user name (or the `full` name, where there is one), or else a number.

    One's own words have one's own name. `decisions` have their author and `root` (`amendments.with_counting`).
    """
    roots = {} if named else {one.pk: int(one.root) for one in decisions}  # type: ignore[attr-defined]
    numbers = numbered(set(roots.values())) if roots else {}
    return {
        one.pk: _name(one, full=full)
        if named or one.author_id == user_id
        else "decided elsewhere"
        if one.brought_in_id
        else numbers[roots[one.pk]].get(one.author_id, "a reviewer")
        for one in decisions
    }


def note_of(decision: Decision, *, named: bool) -> str:
    """What its author noted. The note of what was brought in says who decided elsewhere, as the file has it: where
    people are numbers, it is not told."""
    return decision.note if named or not decision.brought_in_id else decision.note and "Decided elsewhere"


def _name(decision: Decision, *, full: bool) -> str:
    return (full and decision.author.get_full_name()) or decision.author.get_username()
