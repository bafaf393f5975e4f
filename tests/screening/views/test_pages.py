"""Every page of a review answers, to whom it should, with a constant number of queries."""

import pytest
from django.urls import reverse

from screening.enums import Role, Verdict
from screening.models.source import Source
from tests import builders

pytestmark = pytest.mark.django_db
PAGES = ["review", "settings", "protocol", "protocol-edit", "team", "conflicts", "records", "prisma", "screen"]


@pytest.fixture
def lead():
    return builders.user("lead")


@pytest.fixture
def review(lead):
    made = builders.review(lead=lead)
    for role in (Role.REVIEWER, Role.ADJUDICATOR):
        builders.join(made, lead, role)
    return made


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_for_the_lead_and_is_not_there_for_a_stranger(client, lead, review, page):
    builders.record(review)
    url = reverse(f"screening:{page}", args=[review.pk])
    client.force_login(lead)
    assert client.get(url).status_code == 200
    client.force_login(builders.user("stranger"))
    assert client.get(url).status_code == 404


def test_a_visitor_is_asked_to_sign_in(client, review):
    answer = client.get(reverse("screening:review", args=[review.pk]))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_name_and_a_question_start_a_review(client, lead):
    client.force_login(lead)
    answer = client.post(reverse("screening:start"), {"title": "A new one", "question": "Does it?"}, follow=True)
    assert answer.status_code == 200
    assert "A new one" in answer.content.decode()


def test_an_amendment_asks_for_its_reason_and_makes_a_version(client, lead, review):
    client.force_login(lead)
    url = reverse("screening:protocol-edit", args=[review.pk])
    data = {
        "question": "Another question?",
        "criteria-TOTAL_FORMS": "1",
        "criteria-INITIAL_FORMS": "0",
        "criteria-0-label": "Adults",
        "criteria-0-text": "Are they adults?",
        "criteria-0-facet": "P",
        "criteria-0-polarity": "include",
        "criteria-0-if_not_reported": "unclear",
    }
    assert "Say why" in client.post(url, data).content.decode()
    assert client.post(url, data | {"reason": "Wording"}).status_code == 302
    assert review.protocol_versions.first().number == 2


def test_the_last_lead_can_not_leave(client, lead, review):
    client.force_login(lead)
    address = reverse("screening:member-change", args=[review.pk, lead.pk, "roles"])
    answer = client.post(address, {"roles": ["reviewer"]}, follow=True)
    assert "needs a lead" in answer.content.decode()


@pytest.mark.parametrize("page", ["conflicts", "records", "team", "review"])
def test_a_list_takes_as_many_queries_for_one_row_as_for_three(client, lead, page, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(lead)
    used = []
    for count in (1, 3):
        one = builders.user()
        review = builders.review(lead=lead, reviewers=[one, lead], adjudicators=[lead])
        for _ in range(count):
            record = builders.record(review)
            builders.decide(record, one, Verdict.INCLUDE)
            builders.decide(record, lead, Verdict.EXCLUDE)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse(f"screening:{page}", args=[review.pk])).status_code == 200
        used.append(len(queries))
    assert used[0] == used[1]


def test_the_list_of_reviews_takes_as_many_queries_for_one_as_for_three(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    used = []
    for count in (1, 3):
        lead = builders.user()
        for _ in range(count):
            builders.record(builders.review(lead=lead))
        client.force_login(lead)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("screening:reviews"))
        used.append(len(queries))
    assert used[0] == used[1]


def test_every_number_of_the_flow_is_as_long_as_its_list(client, lead, review):
    from screening import prisma
    from screening.models.citation import Citation
    from screening.views.prisma import flow_of

    file = builders.imported_file(review)
    register = Source.objects.create(review=review, name="Register", kind="register")
    for place in range(6):
        record = builders.record(review)
        Citation.objects.create(
            file=file,
            source=register if place % 3 == 0 else file.source,
            record=record,
            position=place,
            line=1,
            raw="",
            raw_sha256="",
        )
        if place:
            builders.decide(record, lead, Verdict.EXCLUDE if place % 2 else Verdict.INCLUDE)
            builders.decide(record, builders.user(), Verdict.EXCLUDE if place % 2 else Verdict.INCLUDE)
        if place == 2:
            reason = review.exclusion_reasons.get(stage="full_text")
            for person in (lead, builders.user()):
                builders.decide(record, person, Verdict.EXCLUDE, stage="full_text", reason_id=reason.pk)
    flow = flow_of(review)
    assert prisma.balance(flow) == []
    client.force_login(lead)
    for number in prisma.numbers(flow):
        page = client.get(reverse("screening:records", args=[review.pk]), {"box": number.key})
        assert page.status_code == 200, number.key
        assert page.context["page"].paginator.count == number.n, number.key
    assert flow.assessed == 1
    assert [reason.n for reason in flow.reasons] == [1]


@pytest.mark.parametrize("form", ["svg", "png", "csv"])
def test_the_flow_downloads(client, lead, review, form):
    client.force_login(lead)
    answer = client.get(reverse("screening:prisma-file", args=[review.pk, form]))
    assert answer.status_code == 200
    assert len(answer.content) > 1_000


@pytest.mark.parametrize("what", ["records.csv", "records.ris", "decisions.csv"])
def test_exports_are_safe_in_a_spreadsheet_and_in_ris(client, lead, review, what):
    record = builders.record(review, title='=HYPERLINK("http://x")', authors=["@SUM(A1)"], abstract="one\nER  - \ntwo")
    builders.decide(record, lead)
    client.force_login(lead)
    text = b"".join(client.get(reverse("screening:export", args=[review.pk, what])).streaming_content).decode()
    assert "\n=HYPERLINK" not in text
    assert ",=HYPERLINK" not in text
    assert text.count("ER  - ") <= 2
