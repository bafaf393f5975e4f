"""What somebody said of single criteria is told where their decision is told, and to nobody else (SCR-08, SCR-02)."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from screening.enums import Role
from screening.models.protocol import Criterion
from screening.models.stage import StageState
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return builders.user("ada"), builders.user("ben")


@pytest.fixture
def review(team):
    return builders.review(lead=builders.user("lead"), reviewers=team, adjudicators=[builders.user("judge")])


def screened(review, team, last="include"):
    """A record that the first excludes for one criterion of two, and the second decides on otherwise or alike."""
    adults, randomised = Criterion.objects.filter(protocol__review=review).order_by("position")
    record = builders.record(review)
    builders.decide(record, team[0], "exclude", judgements={randomised.pk: "not_met", adults.pk: "met"})
    builders.decide(record, team[1], last)
    return record


def exported(client, review, what):
    client.force_login(review.created_by)
    answer = client.get(reverse("screening:export", args=[review.pk, what]))
    return b"".join(answer.streaming_content)


SAID = ["Adults: met; Randomised: not met", ""]


def test_the_table_of_decisions_says_it_in_every_format(client, review, team):
    screened(review, team)
    rows = list(csv.DictReader(io.StringIO(exported(client, review, "decisions.csv").decode("utf-8-sig"))))
    assert [row["criteria"] for row in rows] == SAID
    assert [row["criteria"] for row in json.loads(exported(client, review, "decisions.json"))["decisions"]] == SAID
    sheet = load_workbook(io.BytesIO(exported(client, review, "decisions.xlsx"))).active
    header, *lines = ([cell.value for cell in line] for line in sheet.iter_rows())
    assert [dict(zip(header, line, strict=True))["criteria"] or "" for line in lines] == SAID


def test_the_records_as_json_have_each_judgement_by_its_key(client, review, team):
    screened(review, team)
    (record,) = json.loads(exported(client, review, "records.json"))["records"]
    assert [said["judgements"] for said in record["decisions"]] == [
        [
            {"key": "adults", "label": "Adults", "judged": "met"},
            {"key": "randomised", "label": "Randomised", "judged": "not_met"},
        ],
        [],
    ]


def test_the_adjudicator_reads_it_with_the_opinions(client, review, team):
    record = screened(review, team)
    client.force_login(review.memberships.get(role=Role.ADJUDICATOR).user)
    state = StageState.objects.get(record=record)
    html = client.post(reverse("screening:conflict-opinions", args=[review.pk, state.pk])).content.decode()
    assert html.count('<ul class="judged"') == 1
    assert "Randomised</span>" in html
    assert "not met</span>" in html


def test_the_record_s_page_shows_it_with_the_decisions_that_it_shows(client, review, team):
    record = builders.record(review)
    (first, _) = Criterion.objects.filter(protocol__review=review).order_by("position")
    builders.decide(record, team[0], "exclude", judgements={first.pk: "not_met"})
    shown = {}
    for name, person in (("lead", review.created_by), ("ada", team[0]), ("ben", team[1])):
        client.force_login(person)
        page = client.get(reverse("screening:record", args=[review.pk, record.pk])).content.decode()
        shown[name] = 'class="judged"' in page
    assert shown == {"lead": True, "ada": True, "ben": False}


def test_more_decisions_and_judgements_ask_no_more_queries(client, review, team):
    def asked(address, post=False):
        with CaptureQueriesContext(connection) as queries:
            answer = (client.post if post else client.get)(address)
            assert b"".join(answer.streaming_content) if answer.streaming else answer.content
        return len(queries)

    record = screened(review, team)
    state = StageState.objects.get(record=record)
    client.force_login(review.created_by)
    builders.join(review, review.created_by, Role.ADJUDICATOR)
    places = [
        (reverse("screening:export", args=[review.pk, "decisions.csv"]), False),
        (reverse("screening:export", args=[review.pk, "records.json"]), False),
        (reverse("screening:record", args=[review.pk, record.pk]), False),
        (reverse("screening:conflict-opinions", args=[review.pk, state.pk]), True),
    ]
    for place in places:
        asked(*place)
    few = [asked(*place) for place in places]
    adults, randomised = Criterion.objects.filter(protocol__review=review).order_by("position")
    builders.decide(record, team[0], "exclude", judgements={adults.pk: "not_met", randomised.pk: "unclear"})
    builders.decide(record, team[1], "include", judgements={adults.pk: "met", randomised.pk: "met"})
    screened(review, team)
    assert [asked(*place) for place in places] == few
