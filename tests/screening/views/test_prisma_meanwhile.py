"""PRISMA's numbers while an import is on its way: they don't add up yet, and nobody is told of an error."""

import pytest
from django.urls import reverse

from screening import prisma
from screening.models.citation import Citation
from screening.models.source import ImportedFile
from screening.views.prisma import flow_of
from tests import builders

pytestmark = pytest.mark.django_db
ERROR = "do not balance"


@pytest.fixture
def review():
    made = builders.review()
    _with_citation(made, stage=None)  # stored, and at no stage yet
    return made


def _with_citation(review, **fields):
    file = builders.imported_file(review)
    Citation.objects.create(
        file=file,
        source=file.source,
        record=builders.record(review, **fields),
        position=1,
        line=1,
        raw="",
        raw_sha256="",
    )


def shown(client, review):
    client.force_login(review.created_by)
    page = client.get(reverse("screening:prisma", args=[review.pk])).content.decode()
    return page + client.get(reverse("screening:prisma-file", args=[review.pk, "svg"])).content.decode()


@pytest.mark.parametrize("status", ["running", "deduplicating", "undoing", "failed"])
def test_an_import_on_its_way_is_said_and_is_no_error(client, review, status):
    ImportedFile.objects.filter(review=review).update(status=status)
    html = shown(client, review)
    assert ERROR not in html
    assert prisma.MOVING in html  # above the figure
    assert html.count("An import is running") >= 3  # in it and in the file too, in lines


def test_what_does_not_balance_with_no_import_on_its_way_is_an_error(client, review):
    ImportedFile.objects.filter(review=review).update(status="done")
    html = shown(client, review)
    assert ERROR in html
    assert prisma.MOVING not in html


def test_numbers_that_balance_say_nothing_of_an_import(client):
    review = builders.review()
    _with_citation(review)
    ImportedFile.objects.filter(review=review).update(status="running")
    assert flow_of(review).moving
    assert prisma.MOVING not in shown(client, review)
