"""A change of who screens is shown before it is made; nothing happens until the lead says so (SCR-01)."""

import pytest
from django.urls import reverse

from audit.models.event import Event
from screening.actions import applying, reviews, stages, team
from screening.enums import Role, Stage
from screening.models.stage import StageState
from screening.views import rule_change
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return builders.user("lead")


@pytest.fixture
def review(lead):
    made = builders.review(lead=lead, reviewers=[lead], reviewers_per_record=1)
    for verdict in ("include", "exclude", "exclude"):
        builders.decide(builders.record(made), lead, verdict)
    return made


def post(client, review, **changes):
    client.force_login(review.created_by)
    data = {"form": "title_abstract", "confirmed": changes.pop("confirmed", "")}
    fields = {
        "reviewers_per_record": 1,
        "double_share": 100,
        "reasons": "Wrong population",
        "own_conflicts": "on",
        "assignment": "open",
        "queue_order": "relevance",
        "oversight": "blind_first",
    } | changes
    fields = {name: value for name, value in fields.items() if value is not None}
    fields = {f"title_abstract-{name}": value for name, value in fields.items()}
    return client.post(reverse("screening:settings", args=[review.pk]), data | fields)


def said(page):
    (one,) = page.context["previews"]
    return one["it"]


def confirm(client, review, page):
    asked = page.context["question"]
    return client.post(asked.action, {"confirmed": "yes", **dict(asked.fields)})


def rule(review):
    found = stages.rule_for(review, Stage.TITLE_ABSTRACT)
    return found.reviewers_per_record, found.double_share


def statuses():
    return sorted(StageState.objects.filter(stage="title_abstract").values_list("status", flat=True))


def test_a_changed_rule_is_shown_first_and_changes_nothing(client, review):
    page = post(client, review, reviewers_per_record=2)
    assert page.status_code == 200
    assert said(page).requeued == 3
    assert "Make the change" in page.content.decode()
    assert (rule(review), statuses()) == ((1, 100), ["excluded", "excluded", "included"])
    assert not Event.objects.filter(type="stage.changed").exists()


def test_what_the_preview_carries_makes_the_change(client, review):
    page = post(client, review, reviewers_per_record=2, reasons="Wrong population\nWrong design")
    assert confirm(client, review, page).status_code == 302
    assert (rule(review), statuses()) == ((2, 100), ["partial"] * 3)
    reasons = review.exclusion_reasons.filter(stage="title_abstract", retired=False)
    assert list(reasons.values_list("text", flat=True)) == ["Wrong population", "Wrong design"]


def test_a_share_is_shown_first_as_well(client, review):
    post(client, review, reviewers_per_record=2, confirmed="yes")
    review.memberships.filter(role=Role.REVIEWER).delete()  # whoever screens is told less: test_blind_previews
    page = post(client, review, reviewers_per_record=2, double_share=0)
    assert [(c.old, c.new, c.records) for c in said(page).changes] == [
        ("partial", "included", 1),
        ("partial", "excluded", 2),
        ("inactive", "unscreened", 1),
    ]
    assert rule(review) == (2, 100)


@pytest.mark.parametrize(
    "changes",
    [
        {"reasons": "Wrong design"},
        {"reason_required": "on"},
        {"ask_criteria": "on"},
        {"bulk_allowed": "on"},
        {"queue_order": "title"},
        {"own_conflicts": None},
    ],
)
def test_what_re_queues_nothing_is_made_at_once(client, review, changes):
    assert post(client, review, **changes).status_code == 302


@pytest.mark.parametrize("share", ["101", "-1", "", "half"])
def test_a_share_that_is_no_percentage_is_refused(client, review, share):
    page = post(client, review, reviewers_per_record=2, double_share=share, confirmed="yes")
    assert page.status_code == 200
    assert rule(review) == (1, 100)


def shown(client, review):
    """What the page carries of the rules as they stand when it is opened."""
    client.force_login(review.created_by)
    page = client.get(reverse("screening:settings", args=[review.pk]))
    return next(one["form"].shown_now for one in page.context["rules"] if one["form"].prefix == "title_abstract")


def change(review, **new):
    reviews.change_rule(rule=stages.rule_for(review, Stage.TITLE_ABSTRACT), by=review.created_by, **new)


def test_what_another_lead_changed_elsewhere_in_the_rule_is_kept(client, review):
    before = shown(client, review)
    change(review, queue_order="newest", bulk_allowed=True)
    assert post(client, review, shown=before, ask_criteria="on").status_code == 302
    found = stages.rule_for(review, Stage.TITLE_ABSTRACT)
    assert (found.queue_order, found.bulk_allowed, found.ask_criteria) == ("newest", True, True)


def test_two_leads_who_change_the_same_are_told_once_and_the_second_save_is_made(client, review):
    before = shown(client, review)
    change(review, queue_order="newest")
    page = post(client, review, shown=before, queue_order="title")
    assert "Somebody else changed this in the meantime; it is now “Newest first”" in page.content.decode()
    assert stages.rule_for(review, Stage.TITLE_ABSTRACT).queue_order == "newest"
    again = next(one["form"].shown_now for one in page.context["rules"] if one["form"].is_bound)
    assert post(client, review, shown=again, queue_order="title").status_code == 302
    assert stages.rule_for(review, Stage.TITLE_ABSTRACT).queue_order == "title"


def test_reasons_that_another_lead_changed_are_not_overwritten_unseen(client, review):
    before = shown(client, review)
    reviews.set_reasons(review=review, stage="title_abstract", texts=["Wrong design"], by=review.created_by)
    page = post(client, review, shown=before, reasons="Wrong population\nWrong outcome")
    assert "it is now Wrong design" in page.content.decode()
    assert post(client, review, shown=before, ask_criteria="on").status_code == 302
    listed = review.exclusion_reasons.filter(stage="title_abstract", retired=False).values_list("text", flat=True)
    assert list(listed) == ["Wrong design"]


def test_a_confirmation_is_asked_for_anew_when_the_rule_moved_in_between(client, review):
    page = post(client, review, reviewers_per_record=2)
    change(review, senior_among=True)
    again = confirm(client, review, page)
    assert "Somebody else changed this stage in the meantime" in again.content.decode()
    assert rule(review) == (1, 100)
    assert confirm(client, review, again).status_code == 302
    found = stages.rule_for(review, Stage.TITLE_ABSTRACT)
    assert (found.reviewers_per_record, found.senior_among) == (2, True)


def test_a_change_in_the_very_moment_of_saving_is_read_and_judged_anew(client, review, monkeypatch):
    save = rule_change._save

    def late(seat, form):
        monkeypatch.setattr(rule_change, "_save", save)
        change(review, bulk_allowed=True)
        save(seat, form)

    monkeypatch.setattr(rule_change, "_save", late)
    assert post(client, review, ask_criteria="on", shown=shown(client, review)).status_code == 302
    found = stages.rule_for(review, Stage.TITLE_ABSTRACT)
    assert (found.bulk_allowed, found.ask_criteria) == (True, True)


@pytest.mark.parametrize("told", ["", "{", "[]", "7", '{"queue_order": 4}', '{"nothing": "x"}', '{"reasons": "text"}'])
def test_a_page_that_carries_nonsense_of_what_it_showed_changes_what_was_asked_for(client, review, told):
    assert post(client, review, shown=told, queue_order="title").status_code == 302
    assert stages.rule_for(review, Stage.TITLE_ABSTRACT).queue_order == "title"


@pytest.mark.parametrize(
    "changes",
    [
        {"assignment": "nobody"},
        {"queue_order": None},
        {"oversight": "judge"},
        {"reviewers_per_record": 3},
        {"reviewers_per_record": ""},
        {"reasons": "x" * 201},
    ],
)
def test_what_no_rule_knows_is_refused_and_nothing_changes(client, review, changes):
    page = post(client, review, confirmed="yes", **changes)
    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    assert not Event.objects.filter(type="stage.changed").exists()


def test_a_senior_rule_without_a_senior_reviewer_warns_and_leads_to_the_team(client, review):
    page = post(client, review, senior_among="on")
    assert said(page).seniors == 3
    assert "No senior reviewer is active" in page.content.decode()
    confirm(client, review, page)
    assert statuses() == ["partial"] * 3
    assert (
        "No senior reviewer is active" in client.get(reverse("screening:settings", args=[review.pk])).content.decode()
    )


def test_waiving_is_refused_where_no_exclusion_can_be_clear(client, review, lead):
    builders.protocol(review, by=lead, criteria=[("adults", "P")])
    page = post(client, review, reviewers_per_record=2, waive_second="on")
    assert "Write the criteria first" in page.content.decode()
    assert rule(review) == (1, 100)


def test_shares_say_who_gets_how_many_before_they_are_made(client, review, lead):
    builders.join(review, other := builders.user("other"), Role.REVIEWER)
    team.set_share(review=review, user=other, share=300, by=lead)
    for _ in range(40):
        builders.record(review)
    page = post(client, review, assignment="shares")
    none = {lead.pk: (0, 0), other.pk: (0, 0)}  # by lot: whoever gets nothing before and after is not named
    hands = none | {hand.user_id: (hand.before, hand.after) for hand in said(page).hands}
    assert hands[lead.pk][0] == hands[other.pk][0] == 0
    assert hands[lead.pk][1] + hands[other.pk][1] == 40
    assert hands[other.pk][1] > hands[lead.pk][1]
    confirm(client, review, page)
    given = StageState.objects.filter(review=review, status="unscreened")
    assert given.filter(assigned=[other.pk]).count() == hands[other.pk][1]


def test_a_rule_that_changes_while_somebody_screens_counts_their_decision_by_the_new_one(client, review, lead):
    record = builders.record(review)
    confirm(client, review, post(client, review, reviewers_per_record=2))
    assert builders.decide(record, lead, "include").state.status == "partial"


def test_the_page_names_who_settles_conflicts(client, review, lead):
    client.force_login(lead)
    page = reverse("screening:settings", args=[review.pk])
    assert "nobody yet, so a conflict would wait" in client.get(page).content.decode()
    builders.join(review, builders.user("judge"), Role.ADJUDICATOR)
    assert "Who settles conflicts: judge." in client.get(page).content.decode()


def test_only_a_lead_is_shown_what_a_change_would_do(client, review):
    builders.join(review, other := builders.user(), Role.REVIEWER)
    client.force_login(other)
    assert client.post(reverse("screening:settings", args=[review.pk]), {"form": "title_abstract"}).status_code == 403


def test_where_records_are_many_the_page_says_how_far_they_follow_and_what_waits(client, review, monkeypatch):
    monkeypatch.setattr(applying, "AT_ONCE", 2)
    page = confirm(client, review, post(client, review, reviewers_per_record=2))
    url = reverse("screening:settings", args=[review.pk])
    page = client.get(url).content.decode()
    assert "in force for every decision from now on" in page
    assert "0 of 3" in page
    assert "2 of 3" not in page
    for confirmed in ("", "yes"):
        assert post(client, review, reviewers_per_record=1, confirmed=confirmed).status_code == 302
    assert "still being applied" in client.get(url).content.decode()
    assert post(client, review, reviewers_per_record=2, reason_required="on").status_code == 302
    assert (rule(review), statuses()) == ((2, 100), ["excluded", "excluded", "included"])
    made = stages.rule_for(review, Stage.TITLE_ABSTRACT)
    assert made.reason_required
    applying._turn_page(made.pk)
    part = client.get(url, {"applied": "title_abstract"}).content.decode()
    assert "2 of 3" in part
    assert "<html" not in part
    applying.carry_on(rule_id=made.pk)
    assert "follows the changed rule now" in client.get(url, {"applied": "title_abstract"}).content.decode()
    assert "changed rule" not in client.get(url).content.decode()
    assert statuses() == ["partial"] * 3
