"""The audit browser: who may look, what those who screen don't see yet, and that nothing in it is run."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.actors import acting, person
from screening.enums import Role
from tests import builders
from tests.audit import story

pytestmark = pytest.mark.django_db
SECRET = "excluded the record"


def timeline(client, user, review, **query):
    client.force_login(user)
    answer = client.get(reverse("screening:timeline", args=[review.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def record_timeline(client, user, record):
    client.force_login(user)
    return client.get(reverse("screening:record-timeline", args=[record.review_id, record.pk])).content.decode()


@pytest.mark.parametrize("role", Role)
def test_leads_and_auditors_may_look_and_nobody_else_in_the_team(client, role):
    review, member = builders.review(), builders.user()
    builders.join(review, member, role)
    client.force_login(member)
    expected = 200 if role in (Role.LEAD, Role.AUDITOR) else 403
    for name in ("timeline", "timeline-csv"):
        assert client.get(reverse(f"screening:{name}", args=[review.pk])).status_code == expected


def test_an_administrator_of_the_instance_looks_as_an_auditor(client):
    cast = story.cast()
    story.decide(builders.record(cast.review), cast.other, "exclude")
    assert SECRET in timeline(client, builders.user(is_superuser=True), cast.review)


def test_a_line_says_who_what_old_and_new_and_why_with_its_exact_time_and_a_place_to_link_to(client):
    cast = story.cast()
    record = builders.record(cast.review, title="Before")
    with acting(person(cast.lead), "A typing error"):
        record.title = "After"
        record.save()
    page = record_timeline(client, cast.lead, record)
    change = record.history.first()
    assert f"<strong>{cast.lead.username}</strong> changed record {record.pk}" in page
    assert "<del>Before</del> → <ins>After</ins>" in page
    assert "A typing error" in page
    assert f'title="{change.history_date:%Y-%m-%d %H:%M:%S.%f} UTC"' in page
    assert f'-history-screening-record-{change.pk}"' in page


@pytest.mark.parametrize("oversight", ["blind_first", "assist"])
def test_a_lead_who_screens_learns_nothing_before_voting_and_one_who_does_not_sees_all(client, oversight):
    cast = story.cast(oversight=oversight)
    record = builders.record(cast.review)
    call = story.call(story.item(record, story.assistant(cast.review)), reply="I would exclude it")
    story.decide(record, cast.other, "exclude", note="Far too old")
    for page in (timeline(client, cast.lead, cast.review), record_timeline(client, cast.lead, record)):
        assert SECRET in page
        assert "Far too old" in page
    both = cast.screening_lead
    for page in (timeline(client, both, cast.review), record_timeline(client, both, record)):
        assert SECRET not in page
        assert "Far too old" not in page
        assert "Waiting for another opinion" not in page
        assert "shows once you have voted" in page
        assert ("answered in" in page) == (oversight == "assist")
    url = reverse("screening:model-call", args=[cast.review.pk, call.pk])
    assert client.get(url).status_code == (200 if oversight == "assist" else 404)  # not even its number


def test_after_the_own_vote_the_suggestion_shows_and_when_settled_the_opinions(client):
    cast = story.cast()
    record = builders.record(cast.review)
    call = story.call(story.item(record, story.assistant(cast.review)))
    story.decide(record, cast.screening_lead, "exclude")
    page = record_timeline(client, cast.screening_lead, record)
    assert "answered in" in page
    assert f"<strong>{cast.screening_lead.username}</strong> excluded" in page
    assert client.get(reverse("screening:model-call", args=[cast.review.pk, call.pk])).status_code == 200
    story.decide(record, cast.other, "exclude")
    assert f"<strong>{cast.other.username}</strong> excluded" in record_timeline(client, cast.screening_lead, record)


@pytest.mark.parametrize(
    "query",
    [
        {"who": "people"},
        {"who": "machines"},
        {"source": "call"},
        {"source": "event"},
        {"type": "record.decided"},
        {"kind": "screening.stagestate"},
    ],
)
def test_no_filter_and_no_export_says_what_a_hidden_line_is(client, query):
    cast = story.cast()
    record = builders.record(cast.review)
    story.call(story.item(record, story.assistant(cast.review)))
    story.decide(record, cast.other, "exclude")
    page = timeline(client, cast.screening_lead, cast.review, **query)
    assert "This shows once" not in page
    assert SECRET not in page
    for asked in ({}, query):
        url = reverse("screening:timeline-csv", args=[cast.review.pk])
        text = b"".join(client.get(url, asked).streaming_content).decode()
        assert SECRET not in text
        assert "answered" not in text
        assert "screening.stagestate" not in text.replace("history.screening.stagestate", "")


def test_the_export_holds_the_filtered_story_and_no_formula(client):
    cast = story.cast()
    with acting(person(cast.lead)):
        builders.record(cast.review, title='=HYPERLINK("http://x")')
    client.force_login(cast.lead)
    url = reverse("screening:timeline-csv", args=[cast.review.pk])
    text = b"".join(client.get(url, {"kind": "screening.record"}).streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["actor"], row["type"], row["source"]) == (cast.lead.username, "created", "history")
    assert row["at_utc"].endswith("Z")
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


def test_a_filter_that_can_not_be_read_shows_and_exports_nothing(client):
    cast = story.cast()
    assert "be read" in timeline(client, cast.lead, cast.review, since="yesterday")
    assert client.get(reverse("screening:timeline-csv", args=[cast.review.pk]), {"since": "x"}).status_code == 404


def test_times_are_asked_for_in_utc_whatever_the_zone_of_the_server(client, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    cast = story.cast()
    story.decide(builders.record(cast.review), cast.other)
    story.forge("audit_event", "UPDATE audit_event SET at = '2020-05-05 12:00+00'")
    asked = {"source": "event", "since": "2020-05-05T11:59", "until": "2020-05-05T12:01"}
    assert "included the record" in timeline(client, cast.lead, cast.review, **asked)


def test_what_was_sent_and_what_came_back_is_shown_and_never_run(client):
    cast = story.cast()
    record = builders.record(cast.review)
    call = story.call(story.item(record, story.assistant(cast.review)), reply="<img src=x onerror=alert(1)>")
    client.force_login(cast.lead)
    page = client.get(reverse("screening:model-call", args=[cast.review.pk, call.pk])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Is it?" in page
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page
    assert "10 in, 5 out" in page
    other = story.cast()
    client.force_login(other.lead)
    assert client.get(reverse("screening:model-call", args=[other.review.pk, call.pk])).status_code == 404


def test_scripts_in_titles_and_reasons_are_text(client):
    cast = story.cast()
    with acting(person(cast.lead), "<script>alert(2)</script>"):
        record = builders.record(cast.review, title="<script>alert(1)</script>")
    for page in (timeline(client, cast.lead, cast.review), record_timeline(client, cast.lead, record)):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(2)" in page


@pytest.mark.parametrize("who", ["lead", "screening_lead"])
def test_a_timeline_takes_as_many_queries_for_one_line_of_each_kind_as_for_three(client, who):
    used = []
    for count in (1, 3):
        cast = story.cast()
        client.force_login(getattr(cast, who))
        for _ in range(count):
            record = builders.record(cast.review)
            story.call(story.item(record, story.assistant(cast.review)))
            story.decide(record, cast.other)
        for url in (
            reverse("screening:timeline", args=[cast.review.pk]),
            reverse("screening:record-timeline", args=[cast.review.pk, record.pk]),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            used.append(len(queries))
    assert used[:2] == used[2:]
