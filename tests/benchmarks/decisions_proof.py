"""Compares what reviewers with broken connections were told with what the database holds; prints JSON.

`python -m tests.benchmarks.decisions_proof REVIEW ACCOUNTS.json`: {"decisions", "wrong": [sentences]}; no sentence is
the proof that nothing was lost, doubled or misassigned, and that no record was given to more people than it needs.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
django.setup()

from audit.models.event import Event  # noqa: E402
from screening.actions.reconcile import drifts  # noqa: E402
from screening.models.decision import Decision  # noqa: E402
from screening.models.review import Review  # noqa: E402
from screening.models.stage import StageState  # noqa: E402

STAGE = "title_abstract"


def main(review_id: int, accounts: list[dict[str, Any]]) -> None:
    decisions = list(Decision.objects.filter(review=review_id, stage=STAGE))
    wrong = [*_told(accounts), *_stored(decisions, accounts), *_recorded(review_id, decisions), *_placed(review_id)]
    print(json.dumps({"decisions": len(decisions), "wrong": wrong[:50], "number": len(wrong)}))


def _told(accounts: list[dict[str, Any]]) -> list[str]:
    """What went wrong on the line, and records that more people were given than need to see them."""
    given = Counter(record for account in accounts for record in account["given"])
    too_many = [f"record {record} was given to {n} people" for record, n in given.items() if n > 2]
    return [sentence for account in accounts for sentence in account["wrong"]] + too_many


def _stored(decisions: list[Decision], accounts: list[dict[str, Any]]) -> list[str]:
    """Every key that was sent is there once, for the record and the verdict that it was sent with; and no other is."""
    sent = {key: tuple(said) for account in accounts for key, said in account["sent"].items()}
    found = {str(one.idempotency_key): (one.record_id, one.verdict) for one in decisions}
    lost = [f"lost: {key} {said}" for key, said in sent.items() if key not in found]
    other = [f"stored otherwise: {key} {found[key]}" for key in found if sent.get(key) != found[key]]
    twice = Counter((one.author_id, one.record_id) for one in decisions)
    doubled = [f"person {person} decided {n} times on {record}" for (person, record), n in twice.items() if n > 1]
    return lost + other + doubled + ([] if len(found) == len(decisions) else ["a key is stored twice"])


def _recorded(review_id: int, decisions: list[Decision]) -> list[str]:
    """Each decision has its one line in the ledger."""
    told = Event.objects.filter(review_id=review_id, type="record.decided").values_list("subject_id", flat=True)
    number, ids = Counter(told), {one.pk for one in decisions}
    return [f"decision {pk} has {number[pk]} events" for pk in ids | set(number) if number[pk] != (pk in ids)]


def _placed(review_id: int) -> list[str]:
    """Every record has the opinions it needs and no more, and the status that follows from them."""
    places = StageState.objects.filter(review=review_id, stage=STAGE)
    uneven = [f"record {one.record_id}: {len(one.voters)} opinions" for one in places if len(one.voters) != one.needed]
    return uneven + [str(drift) for drift in drifts(Review.objects.get(pk=review_id))]


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text()))
