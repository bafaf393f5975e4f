"""The one door: a text without permission does not leave, whoever asks, and each call says whose text it was."""

import pytest

from audit.calls import ask
from audit.models.model_call import ModelCall
from reviewapp.ai.endpoint import Endpoint
from reviewapp.ai.errors import Refused
from reviewapp.ai.prompt import Message, Prompt
from screening.models.document import Document
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


def a_document(**fields):
    """A document of a review whose texts may be sent, and that may be sent itself."""
    may = fields.pop("may_be_sent_to_ai", True)
    review = assisting.review(**fields)
    return Document.objects.create(
        review=review, record=builders.record(review), name="trial.pdf", sha256=f"{next(builders.number):064x}", size=1,
        file="documents/x.pdf", matched_by="person", may_be_sent_to_ai=may, created_by=review.created_by,
    )  # fmt: skip


def asked(server, *sends):
    return ask(
        Prompt((Message("user", "What does it say?"),), None, 0.0, 100),
        endpoint=Endpoint("openai/screener", server.address, "key"),
        purpose="test",
        subject=sends[0] if sends else builders.user(),
        sends=sends,
        review_id=None,
        allowed_hosts=[server.address.split("//")[1].split("/")[0]],
    )


def test_a_call_names_the_rows_whose_text_it_sends(model_server):  # noqa: F811
    document = a_document()
    asked(model_server, document, document.record)
    assert ModelCall.objects.get().sends == [
        {"type": "screening.document", "id": document.pk},
        {"type": "screening.record", "id": document.record_id},
    ]


def test_two_documents_never_go_in_one_call(model_server):  # noqa: F811
    with pytest.raises(ValueError, match="each goes alone"):
        asked(model_server, a_document(), a_document())
    assert (ModelCall.objects.count(), model_server.stats.calls) == (0, 0)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"may_be_sent_to_ai": False}, "“trial.pdf” may not be sent"),
        ({"ai_enabled": False}, "AI is off"),
    ],
)
def test_a_document_without_permission_is_refused_before_a_call_is_recorded(model_server, fields, sentence):  # noqa: F811
    with pytest.raises(Refused, match=sentence):
        asked(model_server, a_document(**fields))
    assert (ModelCall.objects.count(), model_server.stats.calls) == (0, 0)


def test_one_text_without_permission_holds_back_all_of_them(model_server):  # noqa: F811
    forbidden = a_document(may_be_sent_to_ai=False)
    with pytest.raises(Refused):
        asked(model_server, forbidden.record, forbidden)
    assert model_server.stats.calls == 0


def test_the_review_s_word_stands_above_the_document_s(model_server):  # noqa: F811
    document = a_document()
    document.review.may_be_sent_to_ai = False
    document.review.save()
    for sent in (document, document.record):
        with pytest.raises(Refused, match="may not be sent"):
            asked(model_server, sent)


def test_a_permission_that_is_withdrawn_counts_from_the_next_call_even_for_a_reply_that_came(model_server):  # noqa: F811
    document = a_document()
    asked(model_server, document)
    Document.objects.filter(pk=document.pk).update(may_be_sent_to_ai=False)  # the object in hand still says yes
    with pytest.raises(Refused):
        asked(model_server, document)
    assert model_server.stats.calls == 1


def test_a_removed_document_is_not_sent(model_server):  # noqa: F811
    document = a_document()
    Document.objects.filter(pk=document.pk).update(removed=True)
    with pytest.raises(Refused, match="removed"):
        asked(model_server, document)


def test_a_kind_of_row_that_nobody_has_a_rule_for_is_a_mistake_as_is_saying_nothing(model_server):  # noqa: F811
    with pytest.raises(ValueError, match="No rule"):
        asked(model_server, builders.user())
    with pytest.raises(ValueError, match="whose text"):
        asked(model_server)
    assert not ModelCall.objects.exists()
