"""Choosing the tool by which a review judges its studies: a published instrument becomes a form of the review."""

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from extraction.bias import INSTRUMENTS, as_schema
from extraction.enums import FormPurpose
from extraction.models.form import Form, FormVersion
from extraction.schema import from_json, sha256, to_json
from screening.models.review import Review


class InstrumentRefusedError(ValueError):
    """The instrument can't be added; the message says why and what to do."""


@transaction.atomic
def add_instrument(*, review: Review, instrument: str, by: User) -> Form:
    """Make the form of an instrument, with its first version published, so that it can be filled in at once.

    Raises InstrumentRefusedError for one that the review has already, and for an unknown one.
    """
    Review.objects.select_for_update().get(pk=review.pk)
    tool = INSTRUMENTS.get(instrument)
    if tool is None:
        raise InstrumentRefusedError("There is no such instrument; choose one from the list.")
    standing = Form.objects.filter(review=review, instrument=tool.key, retired=False).first()
    if standing is not None:
        raise InstrumentRefusedError(f"This review has {tool.title} already; nothing was added.")
    read = from_json(as_schema(tool))
    schema = to_json(read)
    form = Form.objects.create(
        review=review,
        name=_free_name(review, tool.title),
        purpose=FormPurpose.BIAS,
        instrument=tool.key,
        draft=schema,
        created_by=by,
    )
    FormVersion.objects.create(form=form, number=1, schema=schema, sha256=sha256(read), created_by=by)
    events.record("instrument.added", subject=form, by=by, review_id=review.pk, name=form.name, source=tool.source)
    return form


def _free_name(review: Review, title: str) -> str:
    """A form of this name may be there, retired or of the review's own making."""
    taken = set(Form.objects.filter(review=review, name__startswith=title).values_list("name", flat=True))
    return next(name for n in range(1, len(taken) + 2) if (name := title if n == 1 else f"{title} ({n})") not in taken)
