"""Of a text that is too long a model is shown passages: as many as it has room for, and some in any language."""

import pytest

from extraction.queries.proposals import offered
from screening.enums import ItemStatus
from tests import assisting
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.extraction.proposals.conftest import SCHEMA, start, trial, version, work

pytestmark = pytest.mark.django_db
LONG = [f"{number}. " + "Participants were randomised in total to groups. " * 150 for number in range(20)]
OTHER = [f"{number}. " + "Ŝtrudl krakel venis lume. " * 300 for number in range(20)]
QUESTIONS = 3_000  # letters, at most, of what stands around the passages


def shown(model_server, room, pages, behaviour="extractor"):  # noqa: F811
    """(what the model was sent last, what is kept of it) of a run with room for so many letters."""
    review = assisting.review()
    schema = {**SCHEMA, "groups": [{**SCHEMA["groups"][0], "fields": SCHEMA["groups"][0]["fields"][:1]}]}
    study, form = trial(review, *pages), version(review, schema)
    assisting.llm(review, model_server, behaviour)
    [offer] = assisting.available_models()
    of = {"engine": "llm", "offer": offer, "by": review.created_by, "parameters": {"context_characters": room}}
    [item] = work(start(assisting.assistants.create(review=review, name="Small", **of), form, study))
    assert item.status == ItemStatus.DONE
    [proposal] = offered(study, form.form).values()
    return model_server.stats.requests[-1]["messages"][1]["content"], proposal.seen


@pytest.mark.parametrize("room", [3_000, 9_000])
def test_no_more_passages_are_sent_than_the_model_has_room_for(model_server, room):  # noqa: F811
    sent, seen = shown(model_server, room, LONG, "extractor+not-reported")
    assert seen
    assert len(sent) < room + QUESTIONS


def test_where_no_passage_shares_a_word_with_the_questions_the_beginning_is_read_and_said(model_server):  # noqa: F811
    sent, seen = shown(model_server, 9_000, OTHER, "extractor+not-reported")
    assert seen[0][1:3] == [1, 0]
    assert "krakel" in sent
