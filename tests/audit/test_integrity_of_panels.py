"""verify_audit finds a panel that says otherwise than its members, or whose members are not there."""

import pytest

from audit import integrity
from screening.models.panel import PanelSeat
from screening.models.suggestion import Suggestion
from screening.queries.audited.integrity_of_panels import RAISING
from tests import assisting
from tests.audit import story
from tests.panelled import panelled

pytestmark = pytest.mark.django_db
GONE = """DELETE FROM screening_judgement WHERE suggestion_id = {member};
DELETE FROM screening_suggestion WHERE id = {member}"""
CHECK = "panels say what their members say"


def found() -> integrity.Findings:
    (result,) = integrity.verify([CHECK])
    return result.findings


@pytest.mark.parametrize(
    "said", [("exclude", "exclude"), ("include", "include"), ("maybe", "maybe"), ("include", "exclude")]
)
def test_what_follows_from_the_members_by_the_rule_is_sound(said):
    panelled(assisting.review(), *said)
    assert (found().looked_at, found().bad) == (1, 0)


@pytest.mark.parametrize(
    ("said", "instead", "says"),
    [
        (("include", "exclude"), {"verdict": "exclude"}, "says exclude, which is lower than the maybe"),
        (("include", "include"), {"verdict": "maybe"}, "says maybe, which is lower than the include"),
        (("exclude", "exclude"), {"verdict": "include"}, "says include, which does not follow"),
        (("include", "exclude"), {"flags": []}, "marked as split"),
        (("include", "include"), {"explanation": {"members": []}}, "does not tell what its members said"),
    ],
)
def test_a_panel_that_says_otherwise_is_found(said, instead, says):
    panelled(assisting.review(), *said, **instead)
    assert says in found().first


def test_an_adjudicating_model_raises_and_its_reply_must_be_there():
    one = panelled(assisting.review(), "exclude", "exclude", adjudicated="include")
    assert (found().bad, found().first) == (
        1,
        f"Suggestion {one.pk} of a panel names an adjudicating model, and no reply of it is there.",
    )
    call = story.call(one.item)
    story.forge("screening_suggestion", f"UPDATE screening_suggestion SET call_id = {call.pk} WHERE id = {one.pk}")
    assert found().bad == 0
    lowered = "proposed_verdict = 'exclude'"
    story.forge("screening_suggestion", f"UPDATE screening_suggestion SET {lowered} WHERE id = {one.pk}")
    assert "says exclude, which does not follow from its members" in found().first


def test_a_panel_without_its_adjudicating_model_is_found():
    review = assisting.review()
    by = panelled(review, "include", "include", adjudicated="include").assistant  # nobody was to be asked of it
    assert found().bad == 2  # and no reply of it is there
    assert PanelSeat.objects.filter(panel=by, adjudicates=True).exists()


@pytest.mark.parametrize(
    "forgery",
    [
        GONE,
        "UPDATE screening_suggestion SET role = 'again' WHERE id = {member}",
        "UPDATE screening_suggestion SET proposed_verdict = 'include' WHERE id = {member}",
    ],
)
def test_a_members_words_that_were_taken_away_or_changed_are_found(forgery):
    panelled(assisting.review(), "exclude", "exclude")
    assert found().bad == 0
    member = Suggestion.objects.filter(role="member").latest("id").pk
    for statement in forgery.format(member=member).split(";\n"):
        story.forge(statement.split()[2 if "FROM" in statement else 1], statement)
    assert found().bad >= 1


def test_a_member_that_neither_spoke_nor_failed_is_found():
    one = panelled(assisting.review(), "exclude", "exclude")
    items = one.item.run.items
    items.filter(member=None).update(status="failed")
    items.filter(member__isnull=False).update(status="failed")
    story.forge("screening_suggestion", "UPDATE screening_suggestion SET role = 'again'")
    assert found().bad == 0  # all failed, so nobody has an opinion
    items.filter(pk=items.filter(member__isnull=False).first().pk).update(status="waiting")
    assert "neither spoke nor failed" in found().first


def test_the_ladder_is_the_rules_own():
    from screening.prompts import panel

    assert panel._ORDER == RAISING
