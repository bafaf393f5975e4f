"""What a lead who screens too is told before a change: nothing from which single votes can be read (SCR-02)."""

import re
from html import unescape

import pytest
from django.urls import reverse

from screening.actions import reviews, stages
from screening.enums import Facet, Role
from screening.queries.amendments.protocol import current_criteria
from tests import builders

pytestmark = pytest.mark.django_db
TA = "title_abstract"
RULE = {
    "reviewers_per_record": 2, "double_share": 100, "reasons": "Wrong population", "own_conflicts": "on",
    "assignment": "open", "queue_order": "relevance", "oversight": "blind_first",
}  # fmt: skip


@pytest.fixture
def ben():
    return builders.user("ben")


@pytest.fixture
def review(client, ben):
    """Double screening; the lead screens too, and has voted on nothing."""
    lead = builders.user("lead")
    client.force_login(lead)
    return builders.review(lead=lead, reviewers=[lead, ben])


def change(client, review, **changes):
    """The page that says what another rule will do."""
    fields = {f"{TA}-{name}": value for name, value in (RULE | changes).items()}
    return client.post(reverse("screening:settings", args=[review.pk]), {"form": TA, **fields})


def previewed(answer):
    return [one["it"] for one in answer.context["previews"]]


def text(answer):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())).split())


def told(answer):
    """What the page says of records, without the numbers of the page itself."""
    return text(answer).split("Nothing has been changed yet.")[1]


@pytest.mark.parametrize("verdict", ["include", "exclude", "maybe"])
def test_one_reviewer_instead_of_two_says_how_many_are_settled_and_not_how(client, review, ben, verdict):
    builders.decide(builders.record(review), ben, verdict)
    answer = change(client, review, reviewers_per_record=1)
    (said,) = previewed(answer)
    assert (said.changes, said.folded) == ((), 1)
    assert "Would be settled, or in conflict" in told(answer)
    assert "more would tell you how others voted" in told(answer)
    assert not {"Included", "Excluded", "Conflict"} & set(told(answer).split())


def test_a_lead_who_does_not_screen_is_told_all_of_it(client, review, ben):
    review.memberships.filter(user=review.created_by, role=Role.REVIEWER).delete()
    builders.decide(builders.record(review), ben, "exclude")
    (said,) = previewed(change(client, review, reviewers_per_record=1))
    assert [(one.old, one.new, one.records) for one in said.changes] == [("partial", "excluded", 1)]


def clear_exclusion(review, ben):
    judged = {one.pk: "not_met" for one in current_criteria(review)}
    builders.decide(builders.record(review), ben, "exclude", judgements=judged)


@pytest.mark.parametrize("shared", ["open", "shares"])
def test_what_a_waiver_settles_can_not_be_told_from_what_it_does_not(client, review, ben, shared):
    """It settles clear exclusions alone: the page reads the same where the only vote includes."""
    reviews.change_rule(rule=stages.rule_for(review, TA), by=review.created_by, assignment=shared)
    clear_exclusion(review, ben)
    excluded = change(client, review, waive_second="on", assignment=shared)
    builders.decide(review.records.get(), ben, "include")
    included = change(client, review, waive_second="on", assignment=shared)
    assert told(excluded) == told(included)
    assert previewed(excluded)[0].waived == 0


def test_neither_can_a_waiver_in_force_once_no_senior_reviewer_is_asked_for(client, review, ben):
    rule = stages.rule_for(review, TA)
    reviews.change_rule(rule=rule, by=review.created_by, waive_second=True, senior_among=True)
    clear_exclusion(review, ben)
    excluded = change(client, review, waive_second="on")
    builders.decide(review.records.get(), ben, "include")
    assert previewed(excluded) == previewed(change(client, review, waive_second="on"))


def test_what_seniority_does_is_told_the_same_way(client, review, ben):
    builders.join(review, cleo := builders.user("cleo"), Role.REVIEWER)
    reviews.change_rule(rule=stages.rule_for(review, TA), by=review.created_by, senior_among=True)
    item = builders.record(review)
    for person in (ben, cleo):
        builders.decide(item, person, "exclude")
    answer = client.post(reverse("screening:member-change", args=[review.pk, ben.pk, "senior"]))
    (said,) = previewed(answer)
    assert (said.changes, said.folded, said.unseniors) == ((), 1, 1)


def test_what_a_mode_of_suggestions_does_is_told_the_same_way(client, review, ben):
    reviews.change_rule(rule=stages.rule_for(review, TA), by=review.created_by, reviewers_per_record=1)
    type(review).objects.filter(pk=review.pk).update(ai_enabled=True)
    builders.decide(builders.record(review), ben, "exclude")
    mode = client.post(f"/reviews/{review.pk}/ai/oversight/", {"oversight": "second_reviewer"})
    assert [one.blind for one in previewed(mode)] == [True]


def test_what_is_settled_and_goes_back_to_people_is_told_in_full(client, review, ben):
    reviews.change_rule(rule=stages.rule_for(review, TA), by=review.created_by, reviewers_per_record=1)
    builders.decide(builders.record(review), ben, "include")
    (said,) = previewed(change(client, review))
    moves = {(one.stage, one.old, one.new): one.records for one in said.changes}
    assert moves == {(TA, "included", "partial"): 1, ("full_text", "unscreened", "inactive"): 1}


# -- screening anew after an amendment ---------------------------------------------------------------------------------
@pytest.fixture
def amended(review, ben):
    """Under the older text Ben said "maybe" of one open record and judged a criterion of another, which changed since;
    both wait for the lead's vote. A third was settled by a judged exclusion of two."""
    open_, judged, settled = (builders.record(review, title=f"Paper {place}") for place in range(3))
    builders.join(review, cleo := builders.user("cleo"), Role.REVIEWER)
    design = {review.protocol_versions.get().criteria.get(key="randomised").pk: "not_met"}
    builders.decide(open_, ben, "maybe")
    builders.decide(judged, ben, "exclude", judgements=design)
    for person in (ben, cleo):
        builders.decide(settled, person, "exclude", judgements=design)
    newer = (("adults", Facet.POPULATION), ("controlled", Facet.STUDY_DESIGN))
    builders.protocol(review, by=review.created_by, criteria=newer)
    return review


def anew(client, review, scope):
    answer = client.get(reverse("screening:rescreen", args=[review.pk]), {"stage": TA, "scope": scope})
    return answer.context["preview"].records, text(answer)


def test_what_others_judged_or_doubted_chooses_settled_records_alone(client, amended):
    assert [anew(client, amended, scope)[0] for scope in ("all", "changed", "doubt")] == [3, 1, 0]
    said = anew(client, amended, "all")[1]
    assert "3 records: they go back to the reviewers" in said
    assert "excluded now" not in said.split("What happens")[1]
    assert "chooses records only where they are settled" in said


def test_for_a_lead_who_does_not_screen_it_chooses_open_ones_as_well(client, amended):
    amended.memberships.filter(user=amended.created_by, role=Role.REVIEWER).delete()
    assert [anew(client, amended, scope)[0] for scope in ("all", "changed", "doubt")] == [3, 2, 1]
    assert "2 waiting for another opinion, 1 excluded now" in anew(client, amended, "all")[1]


def test_the_page_of_an_amendment_counts_judged_criteria_of_settled_records_alone(client, amended):
    answer = client.get(reverse("screening:protocol-impact", args=[amended.pk, 2]))
    here = answer.context["stages"][0]
    assert {key: (count.older, count.changed) for _, key, count in here["statuses"]} == {
        "partial": (2, 0),
        "excluded": (1, 1),
    }
    one = here["impact"]
    assert (one.records.changed, one.decisions.changed, one.judged) == (1, 2, 2)
    assert here["untold"].changed == 0
