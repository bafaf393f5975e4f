"""Notes that are never edited, and tags that each person puts on for themselves (SCR-03)."""

from uuid import uuid4

import pytest

from audit.actors import acting, person
from audit.models.event import Event
from screening.actions import bulk_tags, duplicates, notes
from screening.actions.notes import AnnotationRefusedError
from screening.models.note import LONGEST_NOTE, LONGEST_TAG, MOST_TAGS, Note, Tag, Tagging
from screening.queries.marks.annotations import notes_of, tags_of
from tests import builders

pytestmark = pytest.mark.django_db
REVIEWER = {"reviewer"}


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def record(ada):
    return builders.record(builders.review(reviewers=[ada]))


def write(record, by, text="Look at table 2", *, private=False, **fields):
    arguments = {"idempotency_key": uuid4(), **fields}
    return notes.write(record=record, text=text, private=private, by=by, **arguments)


def texts(record, user, roles=REVIEWER):
    return [note.text for note in notes_of(record, user_id=user.pk, roles=roles)]


def tag(record, by, name="background", roles=REVIEWER):
    return notes.tag(record=record, name=name, by=by, roles=roles)


def names(record, user, roles=REVIEWER):
    found = tags_of([record.pk], review_id=record.review_id, user_id=user.pk, roles=roles)
    return [one["name"] for one in found.get(record.pk, [])]


def test_a_changed_note_is_a_new_row_and_the_old_one_stays(record, ada):
    first = write(record, ada)
    second = write(record, ada, "Look at table 3", replaces_id=first.pk)
    assert texts(record, ada) == ["Look at table 3"]
    assert list(Note.objects.values_list("pk", "text", "replaces")) == [
        (first.pk, "Look at table 2", None),
        (second.pk, "Look at table 3", first.pk),
    ]


def test_a_removed_note_is_replaced_by_a_row_without_text(record, ada):
    write(record, ada, "", replaces_id=write(record, ada).pk)
    assert texts(record, ada) == []
    assert Note.objects.count() == 2


def test_the_same_key_stores_once(record, ada):
    key = uuid4()
    assert write(record, ada, idempotency_key=key) == write(record, ada, idempotency_key=key)
    assert Note.objects.count() == Event.objects.filter(type="note.written").count() == 1


def test_the_words_of_a_note_are_not_in_the_ledger(record, ada):
    write(record, ada, "a secret thought", private=True)
    event = Event.objects.get(type="note.written")
    assert event.data == {"private": True, "replaces": None, "removed": False}
    assert event.record_id == record.pk


@pytest.mark.parametrize(
    ("text", "said"), [("x" * (LONGEST_NOTE + 1), "at most 5,000 characters"), ("  \n ", "nothing in this note")]
)
def test_a_note_without_words_or_with_too_many_is_refused(record, ada, text, said):
    with pytest.raises(AnnotationRefusedError, match=said):
        write(record, ada, text)
    assert not Note.objects.exists()


def test_somebody_elses_note_can_not_be_replaced(record, ada):
    other = builders.user()
    with pytest.raises(AnnotationRefusedError, match="no such note of yours"):
        write(record, other, "mine now", replaces_id=write(record, ada).pk)


def test_a_note_on_another_record_can_not_be_replaced(record, ada):
    elsewhere = write(builders.record(record.review), ada)
    with pytest.raises(AnnotationRefusedError, match="no such note of yours on this record"):
        write(record, ada, "moved", replaces_id=elsewhere.pk)


def test_of_two_changes_of_one_note_the_second_is_told(record, ada):
    first = write(record, ada)
    write(record, ada, "one", replaces_id=first.pk)
    with pytest.raises(AnnotationRefusedError, match="changed meanwhile"):
        write(record, ada, "two", replaces_id=first.pk)
    assert texts(record, ada) == ["one"]


def test_notes_and_tags_go_with_a_merge_and_come_back(record, ada):
    other = builders.record(record.review)
    write(other, ada)
    tag(other, ada)
    merge = duplicates.merge(kept=record, absorbed=other, by=ada)
    assert (texts(record, ada), names(record, ada)) == (["Look at table 2"], ["background"])
    duplicates.unmerge(merge=merge, by=ada)
    assert (texts(record, ada), names(record, ada)) == ([], [])
    assert texts(other, ada) == ["Look at table 2"]


def test_a_tag_is_the_same_whatever_its_capitals_and_spaces(record, ada):
    assert tag(record, ada, "Cohort  study") == tag(record, ada, " cohort STUDY ")
    assert names(record, ada) == ["Cohort study"]
    assert Event.objects.filter(type="record.tagged").count() == 1


def test_tags_of_two_reviews_are_two(record, ada):
    other = builders.record(builders.review(reviewers=[ada]))
    assert tag(record, ada) != tag(other, ada)
    assert Tag.objects.count() == 2


@pytest.mark.parametrize("name", ["", "   ", "x" * (LONGEST_TAG + 1)])
def test_a_tag_without_a_name_or_with_too_long_a_one_is_refused(record, ada, name):
    with pytest.raises(AnnotationRefusedError):
        tag(record, ada, name)
    assert not Tag.objects.exists()


def test_a_record_has_at_most_twenty_tags_and_the_one_too_many_is_not_made(record, ada):
    for number in range(MOST_TAGS):
        tag(record, ada, f"tag {number}")
    with pytest.raises(AnnotationRefusedError, match="at most 20 tags"):
        tag(record, ada, "one more")
    assert tag(record, ada, "tag 3").name == "tag 3"
    assert Tag.objects.count() == MOST_TAGS


def test_the_limit_does_not_tell_of_tags_that_are_hidden(record, ada):
    other = builders.user()
    for number in range(MOST_TAGS):
        tag(record, other, f"hidden {number}")
    tag(record, ada, "my own")
    assert names(record, ada) == ["my own"]


def test_two_people_put_the_same_tag_on_and_neither_is_told_of_the_others(record, ada):
    other = builders.user()
    tag(record, other)
    tag(record, ada)
    assert notes.untag(record=record, tag=Tag.objects.get(), by=ada, roles=REVIEWER) == 1
    assert Tagging.objects.get().added_by == other


def test_who_sees_a_tag_takes_it_off_whoever_put_it_there(record, ada):
    lead = record.review.created_by
    tag(record, ada)
    assert notes.untag(record=record, tag=Tag.objects.get(), by=lead, roles={"lead"}) == 1
    assert not Tagging.objects.exists()


def test_history_tells_who_put_a_tag_on_and_who_took_it_off(record, ada):
    with acting(person(ada)):
        tag(record, ada)
        notes.untag(record=record, tag=Tag.objects.get(), by=ada, roles=REVIEWER)
    rows = Tagging.history.order_by("history_id").values_list("history_type", "actor_name", "record_id")
    assert list(rows) == [("+", "ada", record.pk), ("-", "ada", record.pk)]


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e\u202c", "\u0301"])
def test_a_tag_that_nobody_could_see_is_none(record, ada, unseen):
    with pytest.raises(AnnotationRefusedError, match="needs a name"):
        tag(record, ada, unseen)
    with pytest.raises(AnnotationRefusedError, match="needs a name"):
        bulk_tags.tag(review=record.review, record_ids=[record.pk], name=unseen, by=ada, roles=REVIEWER)


def test_a_tag_typed_on_two_keyboards_is_one(record, ada):
    assert tag(record, ada, "caf\u00e9") == tag(record, ada, "cafe\u0301")
    bulk_tags.tag(review=record.review, record_ids=[record.pk], name="cafe\u0301", by=ada, roles=REVIEWER)
    assert Tag.objects.count() == 1
