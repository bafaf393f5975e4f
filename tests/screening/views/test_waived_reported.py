"""Whoever reads the flow learns how many records one reviewer excluded alone, and under which rule (SCR-01, REP-02)."""

import csv
import io
import re
from dataclasses import replace

import pytest
from django.urls import reverse

from screening import prisma
from screening.actions import reviews, stages
from screening.queries.amendments.protocol import current_criteria
from screening.views.prisma import flow_of
from tests import builders

pytestmark = pytest.mark.django_db

SENTENCE = (
    "At title and abstract, 1 record was excluded by one reviewer: the second was waived because two or more criteria "
    "were judged not met."
)


@pytest.fixture
def review(client):
    ada = builders.user("ada")
    made = builders.review(reviewers=[ada])
    reviews.change_rule(rule=stages.rule_for(made, "title_abstract"), by=made.created_by, waive_second=True)
    judged = {criterion.pk: "not_met" for criterion in current_criteria(made)}
    builders.decide(builders.record(made), ada, "exclude", judgements=judged)
    builders.decide(builders.record(made), ada, "exclude")
    client.force_login(made.created_by)
    return made


def test_the_flow_says_it_and_leads_to_the_records(client, review):
    page = client.get(reverse("screening:prisma", args=[review.pk]))
    assert SENTENCE in page.content.decode()
    ((_, url, _),) = page.context["footnotes"]
    assert client.get(url).context["page"].paginator.count == 1


def test_the_drawing_has_a_footnote_that_its_box_points_to(client, review):
    drawn = client.get(reverse("screening:prisma-file", args=[review.pk, "svg"])).content.decode()
    said = re.sub(r"<[^>]+>", " ", drawn[drawn.index("</desc>") :])
    assert SENTENCE in re.sub(r"\s+", " ", said).replace("* At", "At")
    assert "Records excluded*" in drawn
    picture = client.get(reverse("screening:prisma-file", args=[review.pk, "png"])).content
    assert picture == prisma.png(flow_of(review)) != prisma.png(replace(flow_of(review), waived_screening=0))


def test_the_csv_says_it_where_the_box_is_pointed_at(client, review):
    sent = client.get(reverse("screening:prisma-file", args=[review.pk, "csv"])).content.decode()
    rows = {row["data"]: row for row in csv.DictReader(io.StringIO(sent))}
    assert rows["records_excluded"]["tooltips"].endswith(SENTENCE)
    assert rows["records_excluded"]["n"] == "1"
    assert not rows["dbr_excluded"]["tooltips"].endswith("judged not met.")


def test_without_any_it_says_nothing(client):
    review = builders.review()
    client.force_login(review.created_by)
    assert "waived" not in client.get(reverse("screening:prisma", args=[review.pk])).content.decode()
