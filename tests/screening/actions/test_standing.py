"""Only a suggestion that stands is shown, orders a queue, counts or can be cited; others are kept beside it."""

import pytest

from screening.actions import decisions, order, stages
from screening.enums import Oversight, SuggestionRole, Verdict
from screening.models.run import RunItem
from screening.models.suggestion import Suggestion
from screening.queries.assistants import suggestions
from tests import assisting, builders
from tests.stored_suggestions import suggestion_for

pytestmark = pytest.mark.django_db
BESIDE = [role for role in SuggestionRole.values if role != SuggestionRole.STANDS]


@pytest.mark.parametrize("role", BESIDE)
def test_what_is_kept_beside_is_no_opinion(role):
    review = assisting.review(oversight=Oversight.SECOND_REVIEWER)
    record, ada = builders.record(review), builders.user("ada")
    first = assisting.start(assisting.local(review)).items.get()
    again = RunItem.objects.create(run=first.run, record=record, repeat=1)
    stands = suggestion_for(first, verdict="include", score=0.9)
    beside = suggestion_for(again, verdict="exclude", score=0.1, role=role)
    assert Suggestion.objects.standing().get() == stands
    assert suggestions.latest([record.pk], "title_abstract")[record.pk] == stands
    rule = stages.rule_for(review, "title_abstract")
    assert stages.second_opinions(rule, [record.pk]) == {record.pk: "include"}
    assert order._scores(rule, None) == {record.pk: 0.9}
    builders.decide(record, ada, Verdict.INCLUDE)
    with pytest.raises(decisions.DecisionRefusedError, match="not one for this record"):
        builders.decide(record, ada, Verdict.MAYBE, citing_id=beside.pk)
