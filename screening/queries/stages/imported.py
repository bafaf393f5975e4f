"""Places on which a decision counts that was made elsewhere (IMP-06)."""

from django.db.models import BooleanField, F, Func, Q

from screening.visibility import CLOSED

COUNTED = Q(voters__0__lt=0)
"""`StageState.voters` is sorted, and the id of a decision import is negative there."""

HERE = Q(Func(F("voters"), template="0 < ANY(%(expressions)s)", output_field=BooleanField()))
"""Somebody here has an opinion that counts, or has settled a conflict."""

SETTLED = COUNTED & ~HERE & Q(status__in=CLOSED)
ASKED = {
    "settled": "Settled by a decision made elsewhere",
    "counts": "A decision made elsewhere counts",
    "here": "Settled by people here",
}


def asked(name: str) -> Q:
    """What one of `ASKED`, or the id of an import, asks of a place. Raises KeyError."""
    if name.isdecimal():
        return Q(voters__contains=[-int(name)])
    return {"settled": SETTLED, "counts": COUNTED, "here": Q(status__in=CLOSED) & HERE}[name]
