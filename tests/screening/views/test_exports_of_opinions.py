"""Where an AI's opinion stands in what goes out, it says so: AI, assistant, model, card, prompt, time (AI-14)."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.enums import Oversight, Role
from screening.models.stage import StageRule
from screening.queries.assistants import suggestions
from tests import assisting, builders
from tests.panelled import panel, panelled

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """In blind first two people have voted on what a panel had said, the second having looked at it."""
    lead, one, two = builders.user("lead"), builders.user("one"), builders.user("two")
    review = assisting.review(lead=lead, reviewers=[one, two])
    said = panelled(review, "include", "exclude", adjudicated="include")
    builders.decide(said.record, one, "include")
    builders.decide(said.record, one, "include", citing_id=said.pk)
    return review, lead, one, two, said


def rows(client, review, person, what):
    client.force_login(person)
    answer = client.get(reverse("screening:export", args=[review.pk, what]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def table(client, review, person, what):
    return list(csv.DictReader(io.StringIO(rows(client, review, person, what).decode("utf-8-sig"))))


def test_the_table_of_suggestions_has_the_panel_each_member_and_whoever_was_asked_as_well(client, scene):
    review, lead, _, _, said = scene
    own, first, second, last = table(client, review, lead, "suggestions.csv")
    assert [one["role"] for one in (own, first, second, last)] == ["stands", "member", "member", "adjudicator"]
    assert {one["of_suggestion"] for one in (first, second, last)} == {str(said.pk)}
    assert {one["by"] for one in (own, first, second, last)} == {"AI"}
    assert all(one["model"] and one["card"] and one["prompt"] for one in (first, second, last))
    assert [one["proposed_verdict"] for one in (own, first, second, last)] == [
        "include",
        "include",
        "exclude",
        "include",
    ]
    assert (own["assistant"], own["engine"], own["flags"]) == (str(said.assistant), "panel", "split")
    assert all(len(one["made_at_utc"]) == 20 for one in (own, first, second, last))
    assert last["model"] == "third-2026"
    assert len(json.loads(rows(client, review, lead, "suggestions.json"))["suggestions"]) == 4


def test_a_decision_names_the_ai_that_its_author_had_seen_with_its_members(client, scene):
    review, lead, _, _, said = scene
    blind, seen = table(client, review, lead, "decisions.csv")
    assert blind["suggestion_seen_by"] == ""
    own, *members = seen["suggestion_seen_by"].splitlines()
    assert own.startswith(f"AI: {said.assistant} (Panel of several models")
    assert len(members) == 3
    assert members[0].startswith("member: AI: ")
    assert "card first" in members[0]
    whole = json.loads(rows(client, review, lead, "records.json"))
    one = whole["records"][0]["decisions"][1]["suggestion_seen_by"]
    assert [spoken["role"] for spoken in one] == ["stands", "member", "member", "adjudicator"]
    written = (Path(settings.BASE_DIR) / "docs" / "exports.md").read_text()
    assert all(f"`{key}`" in written for key in one[0])


def test_who_screens_is_told_of_what_they_have_voted_on_and_observers_of_nothing(client, scene):
    review, _, one, two, _ = scene
    watcher = builders.user("watcher")
    builders.join(review, watcher, Role.OBSERVER)
    for person in (one, two):
        builders.join(review, person, Role.LEAD)
    assert len(table(client, review, one, "suggestions.csv")) == 4
    assert table(client, review, two, "suggestions.csv") == []
    assert table(client, review, watcher, "suggestions.csv") == []
    assert {row["suggestion_seen_by"] for row in table(client, review, watcher, "decisions.csv")} == {""}
    StageRule.objects.filter(review=review).update(oversight=Oversight.OFF)
    assert table(client, review, one, "suggestions.csv") == []
    assert [bool(row["suggestion_seen_by"]) for row in table(client, review, one, "decisions.csv")] == [False, True]


def test_the_number_of_queries_does_not_grow_with_the_opinions(client):
    lead = builders.user()
    review = assisting.review(lead=lead)
    by, counts = panel(review, adjudicated=True), []
    table(client, review, lead, "suggestions.csv")  # what is read once per process is there from now on
    for number in (1, 2):
        for _ in range(number):
            panelled(review, "include", "exclude", by=by, adjudicated="maybe")
        with CaptureQueriesContext(connection) as queries:
            assert len(table(client, review, lead, "suggestions.csv")) == 4 * (1 if number == 1 else 3)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_pages_and_the_api_say_who_each_member_is(client, scene):
    review, lead, _, _, said = scene
    shown = suggestions.shown(suggestions.latest([said.record_id], said.stage)[said.record_id])
    assert (shown["by"], [one["role"] for one in shown["said"]]) == (
        "AI",
        ["stands", "member", "member", "adjudicator"],
    )
    client.force_login(lead)
    page = client.get(reverse("screening:record", args=[review.pk, said.record_id])).content.decode()
    for one in shown["said"][1:]:
        assert f"AI · {one['assistant']} · {one['model']} · {one['card']} · {one['prompt']}" in page
