"""Tags and notes of others are kept from a reviewer in every list, file and story, as the rule in `visibility` says."""

import csv
import io
from uuid import uuid4

import pytest
from django.urls import reverse

from audit.actors import acting, person
from screening.actions import notes
from screening.enums import Role, Stage, StageStatus
from screening.models.note import Tag
from screening.models.stage import StageState
from screening.queries.marks.annotations import Marks, marks_of, visible_notes, visible_taggings
from screening.visibility import open_to_vote, sees_annotations
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
def tagged(review, ben):
    record = builders.record(review, title="Tagged by Ben")
    with acting(person(ben)):
        notes.tag(record=record, name="background", by=ben, roles={"reviewer"})
        for private in (False, True):
            notes.write(record=record, text="words of Ben", private=private, by=ben, idempotency_key=uuid4())
    return record


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("status", list(StageStatus))
@pytest.mark.parametrize("voted", [True, False])
@pytest.mark.parametrize("roles", [{"reviewer"}, {"reviewer", "lead"}, {"lead"}, {"observer"}, {"adjudicator"}])
def test_sql_says_what_the_rule_says(review, tagged, ada, stage, status, voted, roles):
    StageState.objects.all().delete()
    voters = [ada.pk] if voted else []
    StageState.objects.create(review=review, record=tagged, stage=stage, status=status, voters=voters)
    who = {"review_id": review.pk, "user_id": ada.pk, "roles": roles}
    marks = marks_of([tagged.pk], user_id=ada.pk, roles=roles).get(tagged.pk, Marks())
    counts = (visible_taggings(**who).count(), visible_notes(**who).count(), len(marks.tags), marks.notes)
    shown = sees_annotations(roles=roles, open_to_own_vote=open_to_vote(status=status, voted=voted))
    assert counts == ((1, 1, 1, 1) if shown else (0, 0, 0, 0))


def listed(client, review, person, tag):
    client.force_login(person)
    page = client.get(reverse("screening:records", args=[review.pk]), {"tag": tag.pk})
    return [row["record"].title for row in page.context["rows"]]


def test_the_tag_filter_finds_what_one_may_see_and_no_more(client, review, tagged, ada, ben):
    tag = Tag.objects.get()
    assert listed(client, review, ben, tag) == listed(client, review, review.created_by, tag) == ["Tagged by Ben"]
    assert listed(client, review, ada, tag) == []
    builders.decide(tagged, ada)
    assert listed(client, review, ada, tag) == ["Tagged by Ben"]


def exported(client, review, person):
    client.force_login(person)
    answer = client.get(reverse("screening:export", args=[review.pk, "records.csv"]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return [row["tags"] for row in csv.DictReader(io.StringIO(text))]


def test_the_csv_has_the_tags_that_whoever_exports_may_see(client, review, tagged, ada):
    with acting(person(review.created_by)):
        notes.tag(record=tagged, name="=cmd()", by=review.created_by, roles={"lead"})
    builders.join(review, ada, Role.LEAD)
    assert exported(client, review, review.created_by) == ["'=cmd(); background"]
    assert exported(client, review, ada) == [""]


def test_the_pages_of_a_record_and_of_the_list_say_nothing_before_the_vote(client, review, tagged, ada):
    client.force_login(ada)
    pages = [tagged.get_absolute_url(), reverse("screening:records", args=[review.pk])]
    for shown in (False, True):
        texts = [client.get(page).content.decode() for page in pages]
        assert [text.count('icons.svg#tag"') > 0 for text in texts] == [shown, shown]
        assert ("words of Ben" in texts[0]) is shown
        assert texts[0].count("words of Ben") <= 1, "the private one is Ben's alone"
        builders.decide(tagged, ada)


def test_the_audit_timeline_is_no_way_around_it(client, review, tagged, ada, ben):
    builders.join(review, ada, Role.LEAD)
    client.force_login(ada)
    page = reverse("screening:record-timeline", args=[review.pk, tagged.pk])
    before = client.get(page).content.decode()
    assert "tagged the record" not in before
    assert "team note" not in before
    builders.decide(tagged, ada)
    after = client.get(page).content.decode()
    assert "tagged the record “background”" in after
    assert "wrote a team note" in after
    assert "words of Ben" not in after


def test_a_lead_who_does_not_screen_sees_the_whole_story(client, review, tagged):
    client.force_login(review.created_by)
    page = client.get(reverse("screening:record-timeline", args=[review.pk, tagged.pk])).content.decode()
    assert "tagged the record “background”" in page
    assert "wrote a private note" in page
