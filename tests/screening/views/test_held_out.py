"""Test sets: drawn or named by a lead, learnt from by no assistant, released with a reason and for good."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models.event import Event
from screening.actions import holding_out
from screening.enums import Role
from screening.models.held_out import HeldOut, HeldOutRelease
from screening.queries.assistants import examples
from screening.queries.stages import decided
from tests import assisting, builders

pytestmark = pytest.mark.django_db
STAGE = "title_abstract"


@pytest.fixture
def review(client):
    made = assisting.review(reviewers=[builders.user("rita"), builders.user("otto")])
    for _ in range(20):
        builders.record(made)
    client.force_login(made.created_by)
    return made


def ask(client, review, more="", **said):
    return html.unescape(client.post(f"/reviews/{review.pk}/ai/held-out/{more}", said, follow=True).content.decode())


def settle(review):
    record = review.records.order_by("pk")[0]
    for name in ("rita", "otto"):
        builders.decide(record, review.memberships.get(user__username=name, role="reviewer").user, "include")
    return record


def test_a_share_is_drawn_at_random_and_a_second_draw_takes_others(client, review):
    assert "5 records are held out" in ask(client, review, stage=STAGE, why="Set A", share=25)
    first = set(HeldOut.objects.values_list("record_id", flat=True))
    assert len(first) == 5
    assert first != set(review.records.order_by("pk").values_list("pk", flat=True)[:5])
    assert "Set A" in ask(client, review, stage=STAGE, why="Set B", share=100)
    assert HeldOut.objects.count() == 20
    assert "no record left at this stage" in ask(client, review, stage=STAGE, why="Set C", share=10)


def test_named_records_of_this_review_are_held_out(client, review):
    mine, other = review.records.first(), builders.record(builders.review())
    said = ask(client, review, stage=STAGE, why="Named", records=f"{mine.pk}, {other.pk}")
    assert "1 record is held out" in said
    assert HeldOut.objects.get().record == mine
    assert mine.get_absolute_url() in said


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"why": "x"}, "either a share or the numbers"),
        ({"why": "x", "share": 5, "records": "1"}, "either a share or the numbers"),
        ({"why": "x", "records": "one"}, "is no number of a record"),
        ({"why": "", "share": 5}, "This field is required"),
        ({"why": " \x00", "share": 5}, "Null characters are not allowed"),
        ({"why": "x", "share": 101}, "less than or equal to 100"),
    ],
)
def test_what_makes_no_set_is_refused_with_a_sentence(client, review, said, told):
    assert told in ask(client, review, stage=STAGE, **said)
    assert not HeldOut.objects.exists()


def test_no_assistant_learns_from_it_until_it_is_released_with_a_reason(client, review):
    record = settle(review)
    assert [one.id for one in decided.settled(review.pk, STAGE)] == [str(record.pk)]
    ask(client, review, stage=STAGE, why="Set A", records=str(record.pk))
    assert decided.settled(review.pk, STAGE) == []
    assert decided.verdicts(review.pk, STAGE) == {}
    assert examples.shown([(record.pk, "include")], STAGE) == []
    assert "Say why they are released" in ask(client, review, "release/", stage=STAGE, test_set="Set A", why=" ")
    assert not HeldOutRelease.objects.exists()
    shown = ask(client, review, "release/", stage=STAGE, test_set="Set A", why="Validated")
    assert "1 record released" in shown
    assert "Released: Validated" in shown
    assert decided.verdicts(review.pk, STAGE) == {record.pk: "include"}
    assert [one.record for one in examples.shown([(record.pk, "include")], STAGE)] == [record]
    assert Event.objects.get(type="records.released").data["records"] == [record.pk]
    assert "Nothing of this test set" in ask(client, review, "release/", stage=STAGE, test_set="Set A", why="Again")


def test_what_was_released_is_never_held_out_again(client, review):
    record = review.records.first()
    ask(client, review, stage=STAGE, why="Set A", records=str(record.pk))
    ask(client, review, "release/", stage=STAGE, test_set="Set A", why="Over")
    assert "None was held out" in ask(client, review, stage=STAGE, why="Set B", records=str(record.pk))
    assert "19 records are held out" in ask(client, review, stage=STAGE, why="Set B", share=100)


def test_auditors_read_and_reviewers_do_not(client, review):
    ask(client, review, stage=STAGE, why="Set A", share=25)
    auditor = builders.user()
    builders.join(review, auditor, Role.AUDITOR)
    client.force_login(auditor)
    shown = client.get(f"/reviews/{review.pk}/ai/held-out/").content.decode()
    assert "Set A" in shown
    assert "Hold them out" not in shown
    assert client.post(f"/reviews/{review.pk}/ai/held-out/").status_code == 403
    client.force_login(review.memberships.get(user__username="rita", role="reviewer").user)
    assert client.get(f"/reviews/{review.pk}/ai/held-out/").status_code == 403


def test_the_page_asks_as_much_for_three_sets_as_for_one(client, review):
    counts = []
    for names in (["A"], ["B", "C"]):
        for name in names:
            holding_out.draw(review=review, share=10, stage=STAGE, why=name, by=review.created_by)
        client.get(f"/reviews/{review.pk}/ai/held-out/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/reviews/{review.pk}/ai/held-out/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
