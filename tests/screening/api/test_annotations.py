"""Notes and tags over HTTP: who may, what is blinded until one's own vote, and what errors say."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from screening.actions import notes
from screening.enums import Role
from screening.models.note import Note, Tagging
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def ben():
    return builders.user("ben")


@pytest.fixture
def review(ada, ben):
    return builders.review(reviewers=[ada, ben])


@pytest.fixture
def record(review):
    return builders.record(review)


def url(record, what="notes", review=None):
    return f"/api/reviews/{(review or record.review).pk}/records/{record.pk}/{what}/"


def get(client, person, record, what="notes"):
    client.force_login(person)
    return client.get(url(record, what)).json()


def write(record, by, text="a thought", *, private=False):
    return notes.write(record=record, text=text, private=private, by=by, idempotency_key=uuid4())


def tag(record, by, name="background"):
    return notes.tag(record=record, name=name, by=by, roles={"reviewer"})


def told(answer):
    return [note["text"] for note in answer["notes"]]


def named(answer):
    return [one["name"] for one in answer["tags"]]


def test_a_note_is_stored_and_answered_with(client, ada, record):
    client.force_login(ada)
    body = {"text": "Sample overlaps", "private": False, "idempotency_key": str(uuid4())}
    answer = client.post(url(record), body, content_type="application/json")
    assert answer.status_code == 201
    assert told(answer.json()) == ["Sample overlaps"]
    assert Note.objects.get().private is False


def test_a_note_is_private_unless_said_otherwise(client, ada, record):
    client.force_login(ada)
    client.post(url(record), {"text": "hm"}, content_type="application/json")
    assert Note.objects.get().private is True


def test_team_notes_and_tags_of_others_show_after_ones_own_vote_and_hide_again_without_it(client, ada, ben, record):
    write(record, ben)
    tag(record, ben)
    for verdict, shown in [(None, False), ("include", True), ("withdrawn", False), ("exclude", True)]:
        if verdict:
            builders.decide(record, ada, verdict)
        answer, tags = get(client, ada, record), get(client, ada, record, "tags")
        assert (told(answer), named(tags)) == ((["a thought"], ["background"]) if shown else ([], []))
        assert answer["blinded"] is tags["blinded"] is not shown


def test_what_was_seen_after_the_vote_hides_again_at_full_text(client, ada, ben, record):
    write(record, ben)
    for person in (ada, ben):
        builders.decide(record, person, "include")
    assert told(get(client, ada, record)) == []
    builders.decide(record, ada, "include", stage="full_text")
    assert told(get(client, ada, record)) == ["a thought"]


def test_ones_own_notes_and_tags_are_always_there(client, ada, record):
    write(record, ada)
    tag(record, ada)
    assert told(get(client, ada, record)) == ["a thought"]
    assert named(get(client, ada, record, "tags")) == ["background"]


def test_who_does_not_screen_is_not_blinded(client, ben, review, record):
    write(record, ben)
    tag(record, ben)
    for role in (Role.OBSERVER, Role.AUDITOR, Role.LEAD):
        builders.join(review, person := builders.user(), role)
        assert told(get(client, person, record)) == ["a thought"]
        assert named(get(client, person, record, "tags")) == ["background"]


def test_a_private_note_is_read_by_its_author_and_auditors_learn_that_it_is_there(client, ada, ben, review, record):
    write(record, ben, "I doubt it", private=True)
    builders.decide(record, ada)
    builders.join(review, auditor := builders.user(), Role.AUDITOR)
    assert told(get(client, ben, record)) == ["I doubt it"]
    assert told(get(client, auditor, record)) == [None]
    for person in (ada, review.created_by):
        assert told(get(client, person, record)) == []


def test_strangers_and_records_of_other_reviews_are_not_there(client, ada, review, record):
    other = builders.record(builders.review())
    client.force_login(ada)
    for what in ("notes", "tags"):
        assert client.get(url(other, what)).status_code == 404
        assert client.get(url(other, what, review)).status_code == 404
        body = {"text": "x", "name": "x"}
        assert client.post(url(other, what, review), body, content_type="application/json").status_code == 404
    foreign = notes.tag(record=other, name="x", by=other.review.created_by, roles={"lead"})
    assert client.delete(f"{url(record, 'tags')}{foreign.pk}/").status_code == 404
    client.force_login(builders.user())
    assert client.get(url(record)).status_code == 404


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.AUDITOR])
def test_who_only_reads_writes_nothing(client, ada, review, record, role):
    made = tag(record, ada)
    builders.join(review, person := builders.user(), role)
    client.force_login(person)
    body = {"text": "x", "name": "x"}
    for what in ("notes", "tags"):
        assert client.post(url(record, what), body, content_type="application/json").status_code == 403
    assert client.delete(f"{url(record, 'tags')}{made.pk}/").status_code == 403
    assert (Note.objects.count(), Tagging.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("what", "body", "said"),
    [
        ("notes", {"text": "x" * 5001}, "A note has at most 5,000 characters; this one has 5,001."),
        ("notes", {"text": " "}, "There is nothing in this note yet."),
        ("tags", {"name": "x" * 61}, "A tag has at most 60 characters; this one has 61."),
        ("tags", {"name": ""}, "A tag needs a name."),
    ],
)
def test_a_refusal_says_why_in_a_sentence(client, ada, record, what, body, said):
    client.force_login(ada)
    answer = client.post(url(record, what), body, content_type="application/json")
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_a_tag_goes_on_and_comes_off(client, ada, record):
    client.force_login(ada)
    made = client.post(url(record, "tags"), {"name": "cohort"}, content_type="application/json").json()
    assert named(made) == ["cohort"]
    assert made["all"] == [{"id": made["id"], "name": "cohort"}]
    left = client.delete(f"{url(record, 'tags')}{made['id']}/").json()
    assert (left["tags"], left["all"]) == ([], made["all"])


def test_the_queue_shows_ones_own_tags_and_number_of_notes_alone(client, ada, ben, review, record):
    for person in (ada, ben):
        write(record, person)
        tag(record, person, f"of {person.username}")
    client.force_login(ada)
    (card,) = client.get(f"/api/reviews/{review.pk}/queue/").json()["records"]
    assert ([one["name"] for one in card["tags"]], card["notes"]) == (["of ada"], 1)
    builders.decide(record, ada)
    card = client.get(f"/api/reviews/{review.pk}/records/{record.pk}/").json()
    assert ([one["name"] for one in card["tags"]], card["notes"]) == (["of ada", "of ben"], 2)


@pytest.mark.parametrize("what", ["notes", "tags"])
def test_one_takes_as_many_queries_as_three(client, ada, record, what):
    used = []
    client.force_login(ada)
    for place, count in enumerate((1, 2)):
        for number in range(count):
            write(record, ada)
            tag(record, ada, f"tag {place} {number}")
        with CaptureQueriesContext(connection) as queries:
            client.get(url(record, what))
        used.append(len(queries))
    assert used[0] == used[1]
