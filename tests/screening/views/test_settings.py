"""A change of who screens is shown before it is made; nothing happens until the lead says so (SCR-01)."""

import pytest
from django.urls import reverse

from audit.models.event import Event
from screening.actions import stages
from screening.enums import Role, Stage
from screening.models.stage import StageState
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
    fields = {"reviewers_per_record": 1, "double_share": 100, "reasons": "Wrong population", **changes}
    fields = {f"title_abstract-{name}": value for name, value in fields.items()}
    return client.post(reverse("screening:settings", args=[review.pk]), data | fields)


def rule(review):
    found = stages.rule_for(review, Stage.TITLE_ABSTRACT)
    return found.reviewers_per_record, found.double_share


def statuses():
    return sorted(StageState.objects.filter(stage="title_abstract").values_list("status", flat=True))


def test_a_changed_rule_is_shown_first_and_changes_nothing(client, review):
    page = post(client, review, reviewers_per_record=2)
    assert page.status_code == 200
    assert page.context["preview"].requeued == 3
    assert "Make the change" in page.content.decode()
    assert (rule(review), statuses()) == ((1, 100), ["excluded", "excluded", "included"])
    assert not Event.objects.filter(type="stage.changed").exists()


def test_what_the_preview_carries_makes_the_change(client, review):
    page = post(client, review, reviewers_per_record=2, reasons="Wrong population\nWrong design")
    carried = {name.removeprefix("title_abstract-"): value for name, value in page.context["fields"]}
    assert post(client, review, confirmed="yes", **carried).status_code == 302
    assert (rule(review), statuses()) == ((2, 100), ["partial"] * 3)
    reasons = review.exclusion_reasons.filter(stage="title_abstract", retired=False)
    assert list(reasons.values_list("text", flat=True)) == ["Wrong population", "Wrong design"]


def test_a_share_is_shown_first_as_well(client, review):
    post(client, review, reviewers_per_record=2, confirmed="yes")
    page = post(client, review, reviewers_per_record=2, double_share=0)
    assert [(c.old, c.new, c.records) for c in page.context["preview"].changes] == [
        ("partial", "included", 1),
        ("partial", "excluded", 2),
        ("inactive", "unscreened", 1),
    ]
    assert rule(review) == (2, 100)


@pytest.mark.parametrize("changes", [{"reasons": "Wrong design"}, {"reason_required": "on"}])
def test_what_re_queues_nothing_is_made_at_once(client, review, changes):
    assert post(client, review, **changes).status_code == 302


@pytest.mark.parametrize("share", ["101", "-1", "", "half"])
def test_a_share_that_is_no_percentage_is_refused(client, review, share):
    page = post(client, review, reviewers_per_record=2, double_share=share, confirmed="yes")
    assert page.status_code == 200
    assert rule(review) == (1, 100)


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
