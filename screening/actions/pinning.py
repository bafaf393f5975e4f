"""Examples are chosen once for an item, and written down before its first call.

The prompt of an item must be the same after a crash, or a reply that came is not found again and is paid for twice; but
what people have settled grows while a run goes on. So the choice is pinned to the item, and every later try reads it.
"""

from django.db import transaction

from screening.models.run import RunItem
from screening.queries.assistants.examples import Shown, nearest, shown
from screening.running.claims import Claim


def pinned(*, claim: Claim, stage: str, k: int) -> list[Shown]:
    """The examples of this item, chosen now if it has none yet. A repeat is shown what the first question showed."""
    return _pinned(claim, stage, k) if k > 0 else []


@transaction.atomic
def _pinned(claim: Claim, stage: str, k: int) -> list[Shown]:
    asked = RunItem.objects.filter(run=claim.run_id, record=claim.record, member=claim.member_id)
    ours = asked.filter(repeat__lte=claim.repeat).order_by("repeat").select_for_update(no_key=True)[0]
    if ours.examples is None:
        ours.examples = nearest(claim.record, stage, k)
        ours.save(update_fields=["examples"])
    return shown([(pk, verdict) for pk, verdict in ours.examples], stage)
