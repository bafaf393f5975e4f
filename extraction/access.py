"""Objects of extraction by their ids in an address: returned, or 404, as `screening.access` does."""

from django.http import Http404

from extraction.models.form import Form, FormVersion
from screening.access import Seat


def form_for(seat: Seat, form_id: int) -> Form:
    """A form of this review; else Http404."""
    form = Form.objects.filter(pk=form_id, review=seat.review).first()
    if form is None:
        raise Http404("There is no such form in this review.")
    return form


def version_for(form: Form, number: int) -> FormVersion:
    """A published version of this form; else Http404."""
    version = FormVersion.objects.filter(form=form, number=number).select_related("created_by").first()
    if version is None:
        raise Http404("This form has no such version.")
    return version
