"""Ledger, history and model calls are one ordered story."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actors import acting, command, person
from audit.models.event import Event
from audit.timeline.entry import Subject, Wanted
from audit.timeline.story import page, walk
from screening.actions import duplicates
from screening.queries.records.record import family_ids
from tests import builders
from tests.audit import story

pytestmark = pytest.mark.django_db


def of_record(record):
    return Subject(record.review_id, family_ids(record))


def test_a_record_s_story_holds_its_events_its_history_and_its_model_calls_newest_first():
    cast = story.cast()
    record = builders.record(cast.review)
    story.call(story.item(record, story.assistant(cast.review)))
    story.decide(record, cast.other, "exclude")
    entries = page(of_record(record)).entries
    assert [entry.source for entry in entries] == ["history", "event", "call", "history", "history"]
    assert [entry.at for entry in entries] == sorted((entry.at for entry in entries), reverse=True)
    said = entries[1]
    assert (said.actor_name, said.type, said.sentence) == (
        cast.other.username,
        "record.decided",
        "excluded the record at title and abstract",
    )
    assert entries[2].call.state == "answered"
    assert "answered in 1.5 s, 10 tokens in and 5 out" in entries[2].sentence


def test_other_records_and_other_reviews_are_not_in_it():
    cast, elsewhere = story.cast(), story.cast()
    record, neighbour = builders.record(cast.review), builders.record(cast.review)
    story.call(story.item(neighbour, story.assistant(cast.review)))
    story.decide(neighbour, cast.other)
    story.decide(builders.record(elsewhere.review), elsewhere.other)
    assert {entry.record_id for entry in page(of_record(record)).entries} == {record.pk}
    names = {entry.actor_name for entry in page(Subject(cast.review.pk)).entries}
    assert elsewhere.other.username not in names


def test_what_was_merged_into_a_record_and_taken_apart_again_is_part_of_its_story():
    cast = story.cast()
    kept, absorbed = builders.record(cast.review), builders.record(cast.review)
    story.decide(absorbed, cast.other, "include")
    merge = duplicates.merge(kept=kept, absorbed=absorbed, by=cast.lead)
    types = [entry.type for entry in page(of_record(kept)).entries if entry.source == "event"]
    assert types == ["record.merged", "record.decided"]
    duplicates.unmerge(merge=merge, by=cast.lead)
    types = [entry.type for entry in page(of_record(kept)).entries if entry.source == "event"]
    assert types == ["record.unmerged", "record.merged"]


def test_a_change_is_told_field_by_field_with_names_for_people_and_words_for_choices():
    cast = story.cast(reviewers_per_record=1)
    record = builders.record(cast.review, title="Old")
    with acting(person(cast.lead), "Typing error"):
        record.title, record.year = "New", 1999
        record.save()
    story.decide(record, cast.other)
    changes = {entry.kind: entry for entry in page(of_record(record)).entries if entry.type == "changed"}
    told = changes["screening.record"]
    assert {(c.field, c.old, c.new) for c in told.changes} == {("title", "Old", "New"), ("year", "", "1999")}
    assert (told.reason, told.actor_name) == ("Typing error", cast.lead.username)
    stands = {c.field: c.new for c in changes["screening.stagestate"].changes}
    assert stands["status"] == "Included"
    assert stands["voters"] == cast.other.username


def test_an_event_s_old_and_new_are_compared_key_by_key():
    cast = story.cast()
    Event.objects.create(
        type="review.changed",
        actor_kind="person",
        actor_name="x",
        review_id=cast.review.pk,
        subject_type="screening.review",
        subject_id=cast.review.pk,
        data={"old": {"title": "a", "n": 1}, "new": {"title": "b", "n": 1}},
    )
    (entry,) = page(Subject(cast.review.pk), Wanted(type="review.changed")).entries
    assert [(c.field, c.old, c.new) for c in entry.changes] == [("title", "a", "b")]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_of_any_size_tell_every_line_once_even_when_many_have_the_same_moment(size):
    cast = story.cast()
    for _ in range(3):
        story.decide(builders.record(cast.review), cast.other)
    # all of it in one microsecond: ties are broken by source and row
    story.forge("audit_event", "UPDATE audit_event SET at = '2026-01-01'")
    for table in ("screening_historicalrecord", "screening_historicalstagestate"):
        story.forge(table, f"UPDATE {table} SET history_date = '2026-01-01'")
    whole = [entry.key for entry in page(Subject(cast.review.pk), size=1_000).entries]
    seen, start = [], ""
    while True:
        found = page(Subject(cast.review.pk), start=start, size=size)
        seen += [entry.key for entry in found.entries]
        if not found.next:
            break
        start = found.next
    assert seen == whole
    assert len(set(seen)) == len(seen)
    assert [entry.key for batch in walk(Subject(cast.review.pk)) for entry in batch] == whole


def test_a_line_s_key_leads_to_it_while_the_story_grows():
    cast = story.cast()
    story.decide(builders.record(cast.review), cast.other)
    key = page(Subject(cast.review.pk)).entries[1].key
    story.decide(builders.record(cast.review), cast.other)
    assert page(Subject(cast.review.pk), start=key).entries[0].key == key


@pytest.mark.parametrize("nonsense", ["x", "1~2", "a~b~c", "1~event~", "9" * 40 + "~event~1"])
def test_a_key_that_is_none_starts_at_the_newest(nonsense):
    cast = story.cast()
    assert page(Subject(cast.review.pk), start=nonsense) == page(Subject(cast.review.pk))


def test_filters_narrow_by_person_kind_type_time_source_and_machine():
    cast = story.cast()
    record = builders.record(cast.review)
    story.call(story.item(record, story.assistant(cast.review)))
    story.decide(record, cast.other)
    with acting(command("mend")):
        record.title = "Mended"
        record.save()

    def told(**wanted):
        return page(Subject(cast.review.pk), Wanted(**wanted), size=500).entries

    assert {entry.actor_id for entry in told(person=cast.other.pk)} == {cast.other.pk}
    assert {entry.kind for entry in told(kind="screening.decision")} == {"screening.decision"}
    assert {entry.type for entry in told(type="record.decided")} == {"record.decided"}
    assert {entry.source for entry in told(source="call")} == {"call"}
    assert {entry.actor_kind for entry in told(who="people")} == {"person"}
    assert "person" not in {entry.actor_kind for entry in told(who="machines")}
    assert {"call", "history"} <= {entry.source for entry in told(who="machines")}
    moment = told(type="record.decided")[0].at
    assert told(since=moment)[-1].at == moment
    assert told(until=moment)[0].at < moment
    assert told(since=moment, until=moment + timedelta(microseconds=1))[0].at == moment


def test_a_call_without_an_outcome_is_in_flight_and_one_that_failed_says_so():
    cast = story.cast()
    item = story.item(builders.record(cast.review), story.assistant(cast.review))
    story.call(item, reply=None)
    (entry,) = page(Subject(cast.review.pk), Wanted(source="call")).entries
    assert (entry.type, entry.record_id, entry.stage) == ("in flight", item.record_id, "title_abstract")


def test_an_event_that_nobody_can_read_any_more_does_not_take_the_page_with_it():
    cast = story.cast()
    Event.objects.create(
        type="gone.type",
        actor_kind="person",
        actor_name="x",
        review_id=cast.review.pk,
        subject_type="a.b",
        subject_id=1,
    )
    assert "can't put in words" in page(Subject(cast.review.pk)).entries[0].sentence


@pytest.mark.parametrize("whole_review", [True, False])
def test_a_story_takes_as_many_queries_for_one_line_of_each_kind_as_for_three(whole_review):
    used = []
    for count in (1, 3):
        cast = story.cast()
        records = [builders.record(cast.review) for _ in range(count)]
        for record in records:
            story.call(story.item(record, story.assistant(cast.review)))
            story.decide(record, cast.other)
            with acting(person(cast.lead)):
                record.save()
        with CaptureQueriesContext(connection) as queries:
            page(Subject(cast.review.pk) if whole_review else of_record(records[0]))
        used.append(len(queries))
    assert used[0] == used[1]
    assert used[0] <= 20
