"""Exports and the page of a record say which import a decision came from; whom it names elsewhere, not to observers."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.enums import Role
from screening.export.data import Telling
from screening.models.record import Record
from screening.queries.records.records import Eyes
from tests import builders
from tests.citations import bring_in
from tests.elsewhere import brought_in, rayyan, said

pytestmark = pytest.mark.django_db

FILES = ("records.json", "records.csv", "records.ris", "records.bib", "decisions.csv", "decisions.json")
WHY = " | RAYYAN-EXCLUSION-REASONS: wrong (says Anna-elsewhere)"


@pytest.fixture
def review():
    return builders.review()


@pytest.fixture
def row(review):
    file = bring_in(review, rayyan(said("Anna-elsewhere", "Excluded", WHY)), name="rayyan-2024.ris")
    Record.objects.update(abstract="")
    return brought_in(file, reason_place="Rayyan: exclusion reasons")


@pytest.fixture
def got(client, review):
    def got(what, person):
        client.force_login(person)
        return b"".join(client.get(reverse("screening:export", args=[review.pk, what])).streaming_content).decode(
            "utf-8-sig"
        )

    return got


@pytest.fixture
def observer(review):
    builders.join(review, made := builders.user(), Role.OBSERVER)
    return made


def test_each_form_names_the_file_that_a_decision_was_imported_from(review, row, got):
    for what in FILES:
        assert "rayyan-2024.ris" in got(what, review.created_by), what
    (one,) = json.loads(got("records.json", review.created_by))["records"]
    (word,) = one["decisions"]
    assert (word["origin"], word["imported_from"], word["decision_import"]) == ("imported", "rayyan-2024.ris", row.pk)
    assert "Anna-elsewhere" in word["note"]
    (line,) = csv.DictReader(io.StringIO(got("decisions.csv", review.created_by)))
    assert (line["imported_from"], line["decision_import"]) == ("rayyan-2024.ris", str(row.pk))


def test_what_was_decided_here_came_from_no_import(review, got):
    builders.decide(builders.record(review), builders.user())
    (one,) = json.loads(got("records.json", review.created_by))["records"]
    assert [(word["imported_from"], word["decision_import"]) for word in one["decisions"]] == [(None, None)]
    (line,) = csv.DictReader(io.StringIO(got("decisions.csv", review.created_by)))
    assert (line["imported_from"], line["decision_import"]) == ("", "")


def test_an_observer_is_told_of_the_import_but_of_nobody_elsewhere(row, got, observer):
    for what in FILES:
        text = got(what, observer)
        assert "Anna-elsewhere" not in text, what
        assert "rayyan-2024.ris" in text, what
    (one,) = json.loads(got("records.json", observer))["records"]
    assert one["decisions"][0]["note"] == "Decided elsewhere"


def test_nor_on_the_page_of_a_record(client, review, row, observer):
    for person, named in ((review.created_by, True), (observer, False)):
        client.force_login(person)
        page = client.get(reverse("screening:record", args=[review.pk, Record.objects.get().pk])).content.decode()
        assert ("by Anna-elsewhere" in page, "imported from rayyan-2024.ris" in page) == (named, True)


def test_the_imports_are_told_in_as_many_queries_however_many_records_there_are():
    asked = []
    for n in (1, 3):
        review = builders.review()
        brought_in(bring_in(review, rayyan(*[said("Anna", "Excluded")] * n)))
        ids = list(review.records.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as queries:
            for one in (telling := Telling(review, Eyes(review.created_by_id, {Role.LEAD}))).records(ids):
                assert one.decisions[0].brought_in.file.name
            assert len(list(telling.each_decision())) == n
        asked.append(len(queries))
    assert asked[0] == asked[1]
