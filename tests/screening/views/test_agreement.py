"""The page of agreement: its figures are those of the pure functions, and blinding holds there too."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from screening.enums import Judged, Role
from screening.models.protocol import Criterion
from screening.models.stage import StageState
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return [builders.user(name) for name in ("ana", "ben")]


@pytest.fixture
def review(people):
    return builders.review(reviewers=people, reviewers_per_record=2)


@pytest.fixture
def page(client, review):
    """Reads a page of the agreement as somebody."""

    def read(rest="", by=None, status=200):
        client.force_login(by or review.created_by)
        answer = client.get(f"/reviews/{review.pk}/agreement/{rest}")
        assert answer.status_code == status
        return b"".join(answer).decode() if answer.streaming else answer.content.decode()

    return read


def votes(review, people, *lines, key="adults"):
    """Records with two verdicts each; every exclusion says that the criterion speaks against the record."""
    criterion = Criterion.objects.get(protocol__review=review, key=key)
    records = []
    for line in lines:
        record = builders.record(review, title=f"Trial of {line}")
        for person, verdict in zip(people, line.split(), strict=True):
            said = {criterion.pk: Judged.NOT_MET} if verdict == "exclude" else {}
            builders.decide(record, person, verdict, judgements=said, note=f"{person} thinks so")
        records.append(record)
    return records


def flat(text):
    return " ".join(text.split())


def test_before_anything_was_judged_twice_the_page_says_what_comes(page, review, people):
    builders.decide(builders.record(review), people[0], "include")
    assert "Nothing to compare yet" in page()


def test_the_page_shows_pairs_criteria_and_where_they_differ(page, review, people):
    votes(review, people, "include include", "exclude exclude", "include exclude", "exclude exclude")
    text = flat(page())
    assert "ana and ben" in text
    assert "75 %" in text
    assert "0.50" in text, "kappa and PABAK of 3 in 4"
    assert "1 of 4" in text
    assert "25 % · some" in text, "the shade has a word"
    listed = page(f"disagreements/?stage=title_abstract&criterion=adults&one={people[0].pk}&other={people[1].pk}")
    assert "Trial of include exclude" in listed
    assert "kept it: nothing against it on this criterion" in flat(listed)
    assert "ben thinks so" in listed
    assert "Trial of exclude exclude" not in listed


def test_a_lead_who_screens_sees_settled_records_only_and_words_only_where_they_voted(page, review, people):
    lead = review.created_by
    builders.join(review, lead, Role.REVIEWER)
    (record, _) = votes(review, people, "include exclude", "include include")
    text = flat(page())
    assert "only settled records are counted here" in text
    assert "1 record with two opinions or more is not settled" in text
    assert "1 of 1" not in text
    builders.join(review, builders.user("eve"), Role.ADJUDICATOR)
    builders.decide(record, review.memberships.get(role=Role.ADJUDICATOR).user, "include", origin="adjudication")
    listed = flat(page("disagreements/?stage=title_abstract"))
    assert "Trial of include exclude" in listed
    assert "ben thinks so" not in listed
    assert "have not voted on this record" in listed


def test_whoever_may_settle_a_conflict_reads_the_record_first(page, review, people):
    builders.join(review, review.created_by, Role.ADJUDICATOR)
    votes(review, people, "include exclude")
    listed = page("disagreements/")
    assert "ben thinks so" not in listed
    assert f"/conflicts/{StageState.objects.get().pk}/" in listed


def test_reviewers_see_none_of_it(page, review, people):
    votes(review, people, "include exclude")
    for rest in ("", "disagreements/", "agreement.csv"):
        page(rest, by=people[0], status=403)


def test_the_file_has_every_figure_with_what_it_rests_on(page, review, people):
    review.title = "=cmd"
    review.save()
    votes(review, people, "include include", "exclude exclude", "include exclude")
    rows = list(csv.DictReader(io.StringIO(page("agreement.csv").lstrip("﻿"))))
    assert [(row["criterion"], row["people"], row["records"]) for row in rows] == [
        ("", "everybody", "3"), ("", "ana and ben", "3"), ("Adults", "everybody", "3"), ("Adults", "ana and ben", "3"),
        ("Randomised", "everybody", "1"), ("Randomised", "ana and ben", "1"),
    ]  # fmt: skip
    assert float(rows[1]["percent"]) == pytest.approx(2 / 3)
    assert rows[0]["alpha"]
    assert not rows[1]["alpha"]


@pytest.mark.parametrize("rest", ["?stage=x", "disagreements/?criterion=no-such", "disagreements/?stage=full"])
def test_what_is_not_there_is_not_found(page, rest):
    page(rest, status=404)


@pytest.mark.parametrize("rest", ["disagreements/?one=99999999999999999999&other=x", "disagreements/?page=x"])
def test_nonsense_in_the_address_finds_nothing(page, rest):
    assert "No disagreement" in page(rest)


@pytest.mark.parametrize("rest", ["", "disagreements/", "disagreements/?criterion=adults"])
def test_the_number_of_queries_does_not_grow(client, review, people, rest):
    client.force_login(review.created_by)
    counts = []
    for _ in range(2):
        votes(review, people, *["include exclude"] * (1 + 2 * len(counts)))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/reviews/{review.pk}/agreement/{rest}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] < 20
