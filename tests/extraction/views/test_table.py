"""EXT-10: the page of the evidence table, and the page of a cell."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries  # type: ignore[attr-defined]

from extraction.models.form import FormVersion
from extraction.models.value import cell_key
from screening.enums import Role
from screening.models.review import Review
from screening.models.study import Study
from tests import builders, extracting, tabling

pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> Review:
    return builders.review(ai_enabled=True)


@pytest.fixture
def version(review: Review) -> FormVersion:
    return extracting.form_version(review, tabling.SCHEMA, name="Trials")


def visit(client: Client, review: Review, query: str = "", by: User | None = None) -> str:
    client.force_login(by or review.created_by)
    answer = client.get(reverse("extraction:table", args=[review.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def cell(client: Client, study: Study, version: FormVersion, key: str, by: User, **headers: str) -> str:
    client.force_login(by)
    address = reverse("extraction:cell", args=[study.review_id, study.pk, version.form_id, key])
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def member(review: Review, *roles: Role) -> User:
    person = builders.user()
    for role in roles:
        builders.join(review, person, role)
    return person


def test_without_a_published_form_the_page_says_what_to_do(client: Client, review: Review) -> None:
    assert "Publish a form first" in visit(client, review)
    assert "A lead of this review publishes" in visit(client, review, by=member(review, Role.OBSERVER))


def test_without_studies_the_page_says_when_they_come(client: Client, review: Review, version: FormVersion) -> None:
    assert "No studies yet" in visit(client, review)


def test_what_is_chosen_stands_in_the_address_and_in_every_link(
    client: Client, review: Review, version: FormVersion
) -> None:
    tabling.trial(review, version, "Okafor", country="Kenya", total="9")
    page = visit(client, review, "?c=country&filter=country:contains:ken&sort=-country&layout=long")
    assert "Country contains “ken”" in page
    assert 'aria-sort="descending"' in page
    assert "c=country&amp;filter=country%3Acontains%3Aken&amp;sort=-country&amp;layout=long" in page
    assert ">9<" not in page


def test_at_first_a_study_is_a_line_and_its_arms_and_outcomes_are_a_click_away(
    client: Client, review: Review, version: FormVersion
) -> None:
    tabling.trial(review, version, "Okafor", country="Kenya", dose=("5", "0"), mean=("3.1", "4.2"))
    first = visit(client, review)
    assert "Kenya" in first
    assert ">4.2<" not in first
    assert 'class="is-part"' not in first
    arms = visit(client, review, "?level=arm&layout=long")
    assert "Sleepwell" in arms
    assert "Kenya" not in arms
    results = visit(client, review, "?level=measure_arm&layout=long")
    assert ">4.2<" in results
    everything = visit(client, review, "?layout=study")
    assert 'class="is-part"' in everything
    assert ">4.2<" in everything


def test_a_file_holds_every_level_whichever_is_shown(client: Client, review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "Okafor", country="Kenya", mean=("3.1", "4.2"))
    page = visit(client, review)
    address = page.split('class="table-files', 1)[-1].split("long.csv?", 1)[1].split('"', 1)[0].replace("&amp;", "&")
    name = reverse("extraction:table-file", args=[review.pk, version.form_id, "long.csv"])
    body = b"".join(client.get(f"{name}?{address}").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Kenya" in body
    assert "4.2" in body


def test_the_filter_of_the_form_joins_those_in_force(client: Client, review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "Okafor", country="Kenya")
    page = visit(client, review, "?filter=country:contains:ken&field=total&how=state&text=Empty")
    assert "Randomised state is Empty" in page
    assert "Country contains" in page


@pytest.mark.parametrize(
    "query",
    ["?form=x", "?version=9999999", "?c=nothing", "?sort=-nothing", "?filter=a", "?filter=country:state:nonsense",
     "?page=x", "?filter=nothing:contains:x", "?field=country&how=bad&text=x"],
)  # fmt: skip
def test_an_address_that_makes_no_sense_shows_the_table(
    client: Client, review: Review, version: FormVersion, query: str
) -> None:
    tabling.trial(review, version, "Okafor", country="Kenya")
    assert "Kenya" in visit(client, review, query)


def test_text_from_a_report_is_text_on_the_page(client: Client, review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "<script>alert(1)</script>", country="<b>Kenya</b>")
    page = visit(client, review)
    assert "<script>alert" not in page
    assert "<b>Kenya" not in page


def test_only_who_may_export_is_offered_files(client: Client, review: Review, version: FormVersion) -> None:
    assert "evidence.xlsx" in visit(client, review)
    assert "evidence.xlsx" not in visit(client, review, by=member(review, Role.REVIEWER))


def test_a_cell_says_who_said_what_and_on_which_page(client: Client, review: Review, version: FormVersion) -> None:
    study = tabling.trial(review, version, "Okafor")
    document = extracting.paper(study, ["It was done in Kenya."])
    proposed = extracting.proposal(study, version, "country", "Kenya", answered_by="gpt-x-2026")
    first, second = (assignment.extractor for assignment in study.assignments.order_by("id"))
    place = {"quote": "done in Kenya", "document": document, "page": 1, "places": [[1, 7, 20]]}
    extracting.value(study, version, "country", "Kenya", first, manner="accepted", citing=proposed, **place)
    extracting.value(study, version, "country", "Uganda", second)
    agreed = extracting.value(study, version, "country", "Kenya", review.created_by, capacity="consensus")
    key = cell_key("country")
    page = cell(client, study, version, key, review.created_by)
    for words in (first.username, second.username, "Uganda", "consensus", "gpt-x-2026", "AI proposal", "done in Kenya"):
        assert words in page, words
    assert 'data-places="1:7:20"' in page
    assert agreed.cell == key
    assert "pdf-viewer" in page
    panel = cell(client, study, version, key, review.created_by, **{"HX-Request": "true"})
    assert "<html" not in panel
    assert "Uganda" in panel


def test_an_extractor_who_works_sees_only_their_own_words(client: Client, review: Review, version: FormVersion) -> None:
    study = extracting.included_study(review)
    first, second = (extracting.extractor(review, name) for name in ("first-extractor", "second-extractor"))
    for person, words in ((first, "Kenya"), (second, "Uganda")):
        extracting.assign(study, version, person)
        extracting.value(study, version, "country", words, person)
    page = cell(client, study, version, cell_key("country"), first)
    assert "Kenya" in page
    assert "Uganda" not in page
    assert second.username not in page
    assert "Hidden until the extractors" in page
    auditor = member(review, Role.AUDITOR)
    page = cell(client, study, version, cell_key("country"), auditor)
    assert "In conflict" in page
    assert "Uganda" not in page
    assert "Kenya" not in page


def test_a_computed_cell_shows_its_formula_and_inputs(client: Client, review: Review, version: FormVersion) -> None:
    study = tabling.trial(review, version, "Okafor", n=("25", "36"), se=("0.5", "1"))
    arm, measure = study.arms.get(name="Sleepwell"), study.measures.get()
    page = cell(client, study, version, cell_key("sd_by_se", arm.pk, measure.pk), review.created_by)
    assert "How it is computed" in page
    assert "√" in page
    assert "Handbook" in page


@pytest.mark.parametrize(
    "key", ["nothing@0@0", "country@1@0", "dose@0@0", "country", "dose@999999@0", "@@", "dose@x@y"]
)
def test_there_is_no_page_of_a_cell_that_there_is_not(
    client: Client, review: Review, version: FormVersion, key: str
) -> None:
    study = tabling.trial(review, version, "Okafor")
    client.force_login(review.created_by)
    address = reverse("extraction:cell", args=[review.pk, study.pk, version.form_id, key])
    assert client.get(address).status_code == 404


def test_a_study_of_another_review_is_not_there(client: Client, review: Review, version: FormVersion) -> None:
    theirs = extracting.included_study(builders.review())
    client.force_login(review.created_by)
    address = reverse("extraction:cell", args=[review.pk, theirs.pk, version.form_id, "country@0@0"])
    assert client.get(address).status_code == 404


def test_the_page_asks_the_database_as_often_for_three_studies_as_for_one(
    client: Client, review: Review, version: FormVersion, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    tabling.trial(review, version, "A", country="Kenya", dose=("5", "0"))
    visit(client, review)
    with django_assert_max_num_queries(100) as one:
        visit(client, review)
    tabling.trial(review, version, "B", country="Kenya", dose=("5", "0"))
    tabling.trial(review, version, "C", country="Kenya", dose=("5", "0"))
    with django_assert_max_num_queries(100) as three:
        visit(client, review)
    assert len(three) == len(one)
