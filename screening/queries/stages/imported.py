"""Places on which a decision counts that was made elsewhere (IMP-06)."""

from django.db.models import Q

from screening.visibility import CLOSED

COUNTED = Q(voters__0__lt=0)
"""`StageState.voters` is sorted, and the id of a decision import is negative there."""

SETTLED = COUNTED & Q(status__in=CLOSED)
ASKED = {
    "settled": "Settled by a decision made elsewhere",
    "opinion": "Has an opinion from elsewhere, and is open",
    "here": "Settled by people here",
}


def asked(name: str) -> Q:
    """What one of `ASKED` asks of a place. Raises KeyError."""
    closed = Q(status__in=CLOSED)
    return {"settled": SETTLED, "opinion": COUNTED & ~closed, "here": closed & ~COUNTED}[name]
