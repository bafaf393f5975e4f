"""The list of records: what a search finds, in which order, and what it shows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.enums import Role
from screening.models.record import Record
from screening.queries.records import search
from screening.views import record_lists
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return builders.user("lead")


@pytest.fixture
def review(lead):
    return builders.review(lead=lead)


@pytest.fixture
def ask(client, lead, review):
    """Ids of the records that the list shows for these parameters."""
    client.force_login(lead)

    def asked(**parameters):
        page = client.get(reverse("screening:records", args=[review.pk]), parameters)
        assert page.status_code == 200
        asked.html = page.content.decode()
        asked.context = page.context
        return [row["record"].pk for row in page.context["rows"]]

    return asked


def record(review, **fields):
    return builders.record(review, **{"title": "x", "abstract": "y", **fields}).pk


def test_the_best_match_comes_first_title_before_keywords_before_abstract(review, ask):
    abstract = record(review, abstract="About kidneys in general.")
    keyword = record(review, keywords=["Kidney"])
    title = record(review, title="The kidney")
    record(review)
    assert ask(q="kidneys") == [title, keyword, abstract]
    assert ask(q="kidneys", order="imported") == [abstract, keyword, title]


def test_words_are_found_in_any_form_phrases_as_they_stand(review, ask):
    one = record(review, abstract="A failure of the heart in Müller's patients")
    two = record(review, abstract="Heart-failure was randomised")
    assert set(ask(q="heart failure")) == {one, two}
    assert ask(q='"heart failure"') == [two]
    assert ask(q="failure -randomized") == [one] or ask(q="failure -randomised") == [one]
    assert ask(q="muller") == [one]
    assert ask(q="random*") == [two]
    assert set(ask(q="muller OR randomised")) == {one, two}
    assert ask(q="-heart") == []


def test_what_is_left_without_a_word_is_ranked_and_counted_as_any_other(review, ask):
    abstract = record(review, abstract="About kidneys in general.")
    title = record(review, title="The kidney")
    record(review, title="The kidney of mice")
    record(review)
    assert ask(q="kidneys -mice") == [title, abstract]
    assert ask.context["page"].paginator.count == 2
    assert ask(q="kidneys -mice", order="imported") == [abstract, title]
    assert ask(q="kidneys -mice -general") == [title]
    assert ask(q="mice -kidney") == []


@pytest.mark.parametrize("ranked_whole", [0, 1_000])
def test_pages_of_a_search_follow_one_another_and_none_lies_beyond_the_last(review, ask, monkeypatch, ranked_whole):
    monkeypatch.setattr(search, "RANKED_WHOLE", ranked_whole)
    monkeypatch.setattr(record_lists, "PER_PAGE", 2)
    made = [record(review, title="Kidney", year=2020 - number) for number in range(5)]
    record(review)
    assert [ask(q="kidney", page=page) for page in ("1", "2", "3")] == [made[:2], made[2:4], made[4:]]
    assert ask.context["page"].paginator.count == 5
    assert ask(q="kidney", page="2", order="oldest") == made[2:0:-1]
    for beyond in ("4", "99999999", "9" * 40):
        assert ask(q="kidney", page=beyond) == made[4:]
    for none in ("-1", "0", "x", ""):
        assert ask(q="kidney", page=none) in (made[:2], made[4:])
    assert ask(q="xyzzy", page="3") == []


def test_fields_are_searched_by_name(review, ask):
    one = record(review, title="Kidney", authors=["Will, Anna"], journal="Lancet", keywords=["adult"], year=2012)
    two = record(review, abstract="Kidney of the Lancet by Will, adult", year=2016)
    assert ask(q="title:kidney") == ask(q="author:will") == ask(q="journal:lancet") == ask(q="keyword:adult") == [one]
    assert ask(q="abstract:kidney") == [two]
    assert ask(q="year:2010-2015") == [one]
    assert ask(q="kidney year:2016-") == [two]
    assert ask(q="-year:2012") == [two]


def test_an_identifier_finds_exactly_its_record_also_by_one_that_was_merged_into_it(review, ask):
    kept = Record.objects.get(pk=record(review, doi="10.1000/ABC(1)2"))
    record(review, doi="10.1000/abc(1)23", abstract="see 10.1000/abc(1)2")
    merged = builders.record(review, accessions=[["pmid", "31415926"]])
    Record.objects.filter(pk=merged.pk).update(merged_into=kept, active=False)
    for text in (
        "10.1000/abc(1)2",
        "https://doi.org/10.1000/ABC(1)2",
        "doi:10.1000/abc(1)2",
        "31415926",
        "PMID:31415926",
    ):
        assert ask(q=text) == [kept.pk], text


def test_sources_and_tags_are_searched_by_name(review, ask, lead):
    from screening.actions import notes
    from screening.models.citation import Citation

    file = builders.imported_file(review)
    brought, other = builders.record(review), builders.record(review)
    Citation.objects.create(file=file, source=file.source, record=brought, position=1, line=1, raw="", raw_sha256="")
    builders.join(review, lead, Role.REVIEWER)
    notes.tag(record=other, name="To discuss", by=lead, roles={Role.LEAD, Role.REVIEWER})
    assert ask(q="source:invented") == [brought.pk]
    assert ask(q='tag:"to discuss"') == [other.pk]
    assert ask(q="-tag:nothing") == [brought.pk, other.pk]


def test_matches_are_marked_and_the_abstract_is_shown_where_they_stand(review, ask):
    record(
        review, title="<b>Kidneys</b> & others", abstract=f"{'Words before. ' * 60} the kidney failed. {'After. ' * 60}"
    )
    ask(q="kidney")
    assert "&lt;b&gt;<mark>Kidneys</mark>&lt;/b&gt; &amp; others" in ask.html
    assert "the <mark>kidney</mark> failed" in ask.html
    assert "<mark>b</mark>" not in ask.html
    ask(q='"the kidney"')
    assert "<mark>the</mark>" not in ask.html


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "(((",
        "-",
        "the",
        "a" * 10_000,
        "x\0y",
        "title:",
        "year:20",
        "الكلى \u200f",
        "'; DROP",
        "\\",
        "a" * 900,
        "& | ! <-> :*",
    ],
)
def test_any_text_is_answered_with_a_list_or_a_sentence(review, ask, text):
    record(review)
    ask(q=text)
    assert ask.context["form"].errors or "record" in ask.html


def test_an_old_address_with_text_still_leads_to_the_same_list(review, ask):
    one = record(review, title="kidney")
    record(review)
    assert ask(text="kidney") == [one]


def test_each_filter_is_a_chip_that_can_be_taken_away(review, ask):
    record(review, title="kidney", year=2012)
    ask(q="kidney", year_from=2010, status="unscreened", abstract="yes", page=1)
    chips = {chip["name"]: chip["url"] for chip in ask.context["chips"]}
    assert set(chips) == {"q", "status", "year_from", "abstract"}
    assert chips["q"] == "?year_from=2010&status=unscreened&abstract=yes"


def test_what_a_record_has_and_where_it_stands_is_filtered(review, ask, lead):
    from screening.models.stage import StageState

    whole = record(review, language="eng", type="Journal Article")
    bare = record(review, abstract="", language="fre")
    builders.decide(Record.objects.get(pk=whole), lead)
    StageState.objects.filter(record=bare).update(assigned=[lead.pk], waived=True)
    assert ask(abstract="no") == ask(language="fre") == ask(waived="1") == ask(mine="open") == [bare]
    assert ask(abstract="yes") == ask(type="journal") == ask(mine="include") == ask(mine="decided") == [whole]
    assert ask(waits_for="me") == [bare]
    assert ask(screened_by=lead.pk) == ask(waits_for="anybody") == ask(waits_for="second") == [whole]
    assert (
        ask(mine="exclude")
        == ask(document="yes")
        == ask(waits_for="senior")
        == ask(in_hand="1")
        == ask(since="day")
        == []
    )
    assert ask(changed_from="2020-01-01") == [whole, bare]
    assert ask(changed_from="2999-01-01") == ask(pilot="open") == []


def test_a_reviewer_asks_after_nobody_else(client, review):
    reviewer, other = builders.user(), builders.user()
    for person in (reviewer, other):
        builders.join(review, person, Role.REVIEWER)
    client.force_login(reviewer)
    for name in ("screened_by", "waits_for"):
        page = client.get(reverse("screening:records", args=[review.pk]), {name: other.pk})
        assert page.context["form"].errors, name


def test_searching_takes_as_many_queries_for_one_row_as_for_three(client, lead):
    client.force_login(lead)
    used = []
    for count in (1, 3):
        made = builders.review(lead=lead)
        for _ in range(count):
            builders.record(made, title="Kidney", keywords=["kidney"], authors=["A", "B"])
        with CaptureQueriesContext(connection) as queries:
            page = client.get(
                reverse("screening:records", args=[made.pk]), {"q": 'kidney -"x y" year:-2030 OR kidney*'}
            )
        assert len(page.context["rows"]) == count
        used.append(len(queries))
    assert used[0] == used[1] < 25


def test_the_reason_stands_with_what_was_excluded_at_full_text_for_one_query_a_page(review, ask, lead):
    reason, (ada, ben) = review.exclusion_reasons.get(stage="full_text"), [builders.user() for _ in range(2)]
    used = []
    for verdict in ("exclude", "exclude", "include"):
        one = builders.record(review)
        for person in (ada, ben):
            builders.decide(one, person)
        for person in (ada, ben):
            why = reason.pk if verdict == "exclude" else None
            builders.decide(one, person, verdict, stage="full_text", reason_id=why)
        with CaptureQueriesContext(connection) as queries:
            ask(box="excluded_full_text")
        used.append(len(queries))
    assert "Full text: excluded · Wrong population" in ask.html
    assert [row["reason"] for row in ask.context["rows"]] == ["Wrong population"] * 2
    ask()
    assert [row["reason"] for row in ask.context["rows"]] == ["Wrong population"] * 2 + [""]
    assert used[1] == used[2]


def test_an_address_narrows_what_a_workbench_gives_out_by_what_records_say_alone(review, lead):
    from django.http import QueryDict

    from screening.access import Seat
    from screening.forms.records import narrowing

    one = builders.record(review, title="Kidney", year=2012)
    builders.record(review, title="Kidney", year=1990)
    seat = Seat(review, lead, frozenset({Role.LEAD, Role.REVIEWER}))
    ids, query = narrowing(QueryDict("q=kidney&year_from=2000&status=included&page=2"), seat)
    assert (list(ids), query) == ([one.pk], "q=kidney&year_from=2000")
    for nothing in ("", "status=included", "year_from=abc", "q=year:20"):
        assert narrowing(QueryDict(nothing), seat) == (None, "")


def test_a_narrowed_workbench_is_given_matching_records_alone_page_queue_and_next(client, review):
    from uuid import uuid4

    person = builders.user()
    builders.join(review, person, Role.REVIEWER)
    matching = [record(review, title="Kidney") for _ in range(7)]
    for _ in range(3):
        record(review, title="Heart")
    client.force_login(person)
    page = client.get(reverse("screening:screen", args=[review.pk]), {"q": "kidney", "page": "2"})
    given = [card["id"] for card in page.context["queue"]]
    queue = client.get(page.context["queue_url"] + f"&limit=1&have={','.join(map(str, given))}").json()["records"]
    said = {"record": given[0], "stage": "title_abstract", "verdict": "include", "idempotency_key": str(uuid4())}
    have = [*given[1:], queue[0]["id"]]
    more = client.post(
        page.context["decisions_url"], {**said, "have": have, "limit": 10}, content_type="application/json"
    ).json()["next"]
    assert page.context["decisions_url"].endswith("?q=kidney")
    assert {*given, *(card["id"] for card in (*queue, *more))} == set(matching)
    form = {**said, "record": queue[0]["id"], "idempotency_key": str(uuid4())}
    back = client.post(reverse("screening:screen", args=[review.pk, "title_abstract"]) + "?q=kidney", form)
    assert back["Location"].endswith("?q=kidney")
