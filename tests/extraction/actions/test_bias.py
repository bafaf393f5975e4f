"""EXT-08: an instrument becomes a form of the review, once, and the ledger says so."""

import pytest

from audit.models.event import Event
from audit.presenters import sentence
from extraction.actions.bias import InstrumentRefusedError, add_instrument
from extraction.bias import INSTRUMENTS, as_schema
from extraction.models.form import Form, FormVersion
from extraction.schema import from_json, sha256, to_json
from tests import builders, extracting

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", sorted(INSTRUMENTS))
def test_an_instrument_is_ready_to_be_filled_in(key: str) -> None:
    review = builders.review()
    form = add_instrument(review=review, instrument=key, by=review.created_by)
    assert (form.purpose, form.instrument) == ("bias", key)
    version = FormVersion.objects.get(form=form)
    read = from_json(as_schema(INSTRUMENTS[key]))
    assert (version.number, version.schema, version.sha256) == (1, to_json(read), sha256(read))
    event = Event.objects.get(type="instrument.added")
    assert (event.subject_id, event.review_id) == (form.pk, review.pk)
    assert sentence(event.type, event.data) == f"added the risk-of-bias instrument {form.name}"


def test_an_instrument_is_added_once() -> None:
    review = builders.review()
    add_instrument(review=review, instrument="rob2", by=review.created_by)
    with pytest.raises(InstrumentRefusedError, match=r"has RoB 2 .* already; nothing was added"):
        add_instrument(review=review, instrument="rob2", by=review.created_by)
    assert Form.objects.count() == 1


def test_a_retired_one_may_be_added_again_under_a_name_of_its_own() -> None:
    review = builders.review()
    first = add_instrument(review=review, instrument="quadas2", by=review.created_by)
    first.retired = True
    first.save()
    extracting.form_version(review, {}, name="QUADAS-2 (2)")
    assert add_instrument(review=review, instrument="quadas2", by=review.created_by).name == "QUADAS-2 (3)"


def test_an_unknown_instrument_is_refused() -> None:
    review = builders.review()
    with pytest.raises(InstrumentRefusedError, match="no such instrument"):
        add_instrument(review=review, instrument="jadad", by=review.created_by)
    assert not Form.objects.exists()
