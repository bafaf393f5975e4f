"""Where the model that reads a study goes away, a fallback goes on; what it proposes says so and is looked at."""

import pytest

from audit.models.model_card import ModelCard
from extraction.models.proposal import Proposal
from extraction.prompts.flags import FLAGS
from screening.enums import ItemStatus, RunStatus
from tests import assisting
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.extraction.proposals.conftest import start, trial, version, work

pytestmark = pytest.mark.django_db


def test_a_fallback_reads_the_study_and_its_proposals_are_marked(model_server):  # noqa: F811
    review = assisting.review()
    study, form = trial(review), version(review)
    reader = assisting.llm(review, model_server, "a+error-401", falls_back_on=[assisting.approved(model_server, "b")])
    run = start(reader, form, study)
    work(run)
    [item] = work(run)
    assert (item.status, item.line, run.status) == (ItemStatus.DONE, 1, RunStatus.FINISHED)
    made = Proposal.objects.exclude(cell="")
    assert made.exists()
    assert all("by_fallback" in one.flags and FLAGS["by_fallback"] in one.doubts for one in made)
    assert set(made.values_list("answered_by", flat=True)) == {"b"}
    own, card = reader.card, ModelCard.objects.get(model="openai/b")
    assert {(one.fallback["card"], one.fallback["card_id"], one.fallback["instead_of"]) for one in made} == {
        (card.name, card.pk, own.name)
    }
