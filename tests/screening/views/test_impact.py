"""What an amendment touches, in numbers that lead to their lists, and screening it anew from the page (SCR-09)."""

import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.actions import rescreening
from screening.enums import Facet, Role, Stage, StageStatus
from screening.models.rescreening import Rescreening
from screening.models.stage import StageState
from tests import builders

pytestmark = pytest.mark.django_db
TA = Stage.TITLE_ABSTRACT
NEWER = (("adults", Facet.POPULATION), ("controlled", Facet.STUDY_DESIGN))


@pytest.fixture
def world(client: Client) -> SimpleNamespace:
    """Three records decided under version 1, the second by its study design, one more under version 2; a lead looks."""
    lead, ann, ben = builders.user("lead"), builders.user("ann"), builders.user("ben")
    review = builders.review(lead=lead, reviewers=[ann, ben], reviewers_per_record=1)
    older = review.protocol_versions.get()
    records = [builders.record(review, title=f"Paper {place}") for place in range(4)]
    design = older.criteria.get(key="randomised")
    builders.decide(records[0], ann)
    builders.decide(records[1], ann, "exclude", judgements={design.pk: "not_met"})
    builders.decide(records[2], ben, "exclude")
    newer = builders.protocol(review, by=lead, criteria=NEWER)
    builders.decide(records[3], ann)
    client.force_login(lead)
    return SimpleNamespace(
        lead=lead, ann=ann, ben=ben, review=review, records=records, newer=newer, older=older, client=client
    )


def page(world: SimpleNamespace, name: str, *args: object, **data: str) -> str:
    answer = world.client.get(reverse(f"screening:{name}", args=[world.review.pk, *args]), data)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def titles(html: str) -> list[str]:
    return sorted(set(re.findall(r">(Paper \d)<", html)))


def place(record) -> StageState:
    return StageState.objects.get(record=record, stage=TA)


def test_each_number_leads_to_its_records(world: SimpleNamespace) -> None:
    html = page(world, "protocol-impact", 2)
    listed = reverse("screening:protocol-affected", args=[world.review.pk, 2, TA])
    numbers = dict(re.findall(rf'href="{listed}([^"]+)">(\d+ of \d+)<', html))
    assert numbers == {
        "?verdict=include": "1 of 2",
        "?verdict=exclude": "2 of 2",
        "?verdict=exclude&changed=1": "1 of 2",
        "?status=included": "1 of 2",
        "?status=excluded": "2 of 2",
        "?status=excluded&changed=1": "1 of 2",
        "?what=decisions": "3 of 4",
        "?what=decisions&changed=1": "1 of 3",
    }
    found = {query: titles(world.client.get(listed + query).content.decode()) for query in numbers}
    assert found["?verdict=exclude"] == found["?status=excluded"] == ["Paper 1", "Paper 2"]
    assert found["?what=decisions&changed=1"] == found["?verdict=exclude&changed=1"] == ["Paper 1"]
    assert found["?what=decisions"] == ["Paper 0", "Paper 1", "Paper 2"]


@pytest.mark.parametrize(
    ("scope", "anew"),
    [("all", [0, 1, 2]), ("included", [0]), ("excluded", [1, 2]), ("changed", [1]), ("doubt", [])],
)
def test_exactly_the_chosen_ones_are_screened_anew(world: SimpleNamespace, scope: str, anew: list[int]) -> None:
    url = reverse("screening:rescreen", args=[world.review.pk])
    html = world.client.get(url, {"stage": TA, "scope": scope}).content.decode()
    assert ("What happens" in html) == bool(anew)
    data = {"stage": TA, "scope": scope, "shown": len(anew), "version": 2, "reason": "Reworded"}
    answer = world.client.post(url, data)
    assert answer.status_code == (302 if anew else 409)
    again = [number for number, record in enumerate(world.records) if place(record).counts_from]
    assert again == anew
    assert all(place(world.records[number]).status == StageStatus.UNSCREENED for number in anew)


def test_the_preview_says_what_is_set_aside(world: SimpleNamespace) -> None:
    html = page(world, "rescreen", stage=TA, scope="all")
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", html))
    assert "1 included, 2 excluded now" in text
    assert "3 decisions made under an older text stay on record and do not count any more" in text
    assert "1 record leaves full text until included again (0 are decided there)" in text
    assert "It can be taken back" in text


def test_what_is_confirmed_is_what_was_shown(world: SimpleNamespace) -> None:
    url = reverse("screening:rescreen", args=[world.review.pk])
    data = {"stage": TA, "scope": "all", "shown": 3, "version": 2, "reason": "Reworded"}
    builders.decide(world.records[1], world.ann)  # under version 2, while the page is open
    answer = world.client.post(url, data)
    assert answer.status_code == 409
    assert "look again, and confirm" in answer.content.decode()
    assert not Rescreening.objects.exists()
    builders.protocol(world.review, by=world.lead, criteria=())
    assert world.client.post(url, {**data, "shown": 4}).status_code == 409
    assert world.client.post(url, {**data, "shown": 4, "version": 3, "reason": ""}).status_code == 409
    assert not Rescreening.objects.exists()


def test_a_re_screening_shows_what_it_changed_and_is_taken_back(world: SimpleNamespace) -> None:
    ids = [record.pk for record in world.records]
    begun = rescreening.begin(review=world.review, stage=TA, record_ids=ids, by=world.lead, reason="Reworded")
    builders.decide(world.records[0], world.ann, "exclude")
    builders.decide(world.records[1], world.ann, "exclude")
    html = page(world, "rescreening", begun.pk)
    assert titles(html) == ["Paper 0", "Paper 1", "Paper 2"]
    assert "?old=included&new=excluded#records" in html
    assert titles(page(world, "rescreening", begun.pk, old="included", new="excluded")) == ["Paper 0"]
    assert "2 of 3" in page(world, "protocol-impact", 2)
    assert page(world, "rescreening", begun.pk, part="progress").lstrip().startswith('<div id="rescreening-progress"')
    url = reverse("screening:rescreening-take-back", args=[world.review.pk, begun.pk])
    assert "Say why" in world.client.post(url, follow=True).content.decode()
    assert "1 of 3 records" in world.client.post(url, {"reason": "A slip"}, follow=True).content.decode()
    assert place(world.records[2]).status == StageStatus.EXCLUDED


def test_an_observer_s_list_names_nobody(world: SimpleNamespace) -> None:
    """SCR-11: names on every record would be counted."""
    builders.join(world.review, observer := builders.user(), Role.OBSERVER)
    asked = ("protocol-affected", 2, TA)
    assert re.search(r"\bann\b", page(world, *asked))
    world.client.force_login(observer)
    html = page(world, *asked)
    assert not re.search(r"\b(ann|ben)\b", html)
    assert "Reviewer 1" in html


def test_a_lead_who_screens_learns_no_verdict_of_an_open_record(world: SimpleNamespace) -> None:
    builders.join(world.review, world.lead, Role.REVIEWER)
    world.review.stage_rules.update(reviewers_per_record=2)
    hidden = builders.record(world.review, title="Paper 9")
    builders.decide(hidden, world.ben, "maybe", protocol_id=world.older.pk)
    html = page(world, "protocol-impact", 2)
    assert "On records not settled yet" in html
    assert "?verdict=maybe" not in html
    listed = page(world, "protocol-affected", 2, TA, verdict="maybe")
    assert titles(listed) == []
    everything = page(world, "protocol-affected", 2, TA, what="decisions")
    assert "Paper 9" in everything
    assert "ben" not in everything
    ids = [record.pk for record in (*world.records, hidden)]
    begun = rescreening.begin(review=world.review, stage=TA, record_ids=ids, by=world.lead, reason="Reworded")
    assert titles(page(world, "rescreening", begun.pk)) == []  # what stood before would tell what others said


@pytest.mark.parametrize("name", ["protocol-impact", "protocol-affected", "rescreening"])
def test_a_page_takes_as_many_queries_for_one_row_as_for_three(world: SimpleNamespace, name: str) -> None:
    used = []
    begun = [rescreening.begin(
        review=world.review, stage=TA, record_ids=[world.records[0].pk], by=world.lead, reason="Reworded"
    )]  # fmt: skip
    for _ in range(2):
        args = {"protocol-impact": [2], "protocol-affected": [2, TA], "rescreening": [begun[-1].pk]}[name]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(world, name, *args)
        used.append(len(queries))
        more = [builders.record(world.review) for _ in range(3)]
        for record in more:
            builders.decide(record, world.ann, protocol_id=world.older.pk)
        begun.append(rescreening.begin(
            review=world.review, stage=TA, record_ids=[one.pk for one in more], by=world.lead, reason="Reworded"
        ))  # fmt: skip
        for record in more:
            builders.decide(record, world.ben)
    assert used[0] == used[1]


def test_an_amendment_is_previewed_in_words_and_numbers(world: SimpleNamespace) -> None:
    url = reverse("screening:protocol-edit", args=[world.review.pk])
    assert "Said under the text as it is" in world.client.get(url).content.decode()
    data = _written([("adults", "Adults", "Is it about grown adults?"), ("", "Dose", "Is the dose told?")])
    html = world.client.post(url, {**data, "preview": "1"}).content.decode()
    assert re.search(r"<ins><span[^>]*>\[added: </span>grown <", html)
    assert re.search(r"<del>Is it about controlled\?</del>", html)
    assert "Dose" in html
    assert world.review.protocol_versions.count() == 2  # nothing was saved
    answer = world.client.post(url, {**data, "reason": "Clearer"})
    assert answer.url == reverse("screening:protocol-impact", args=[world.review.pk, 3])
    html = page(world, "protocol-difference", 3, **{"from": "1"})
    assert "What version 3 changed" in html
    assert world.client.get(reverse("screening:protocol-difference", args=[world.review.pk, 9])).status_code == 404
    assert world.client.get(reverse("screening:protocol-impact", args=[world.review.pk, 1])).status_code == 404


def test_two_who_amend_at_once_overwrite_nothing(world: SimpleNamespace) -> None:
    url = reverse("screening:protocol-edit", args=[world.review.pk])
    data = _written([("adults", "Adults", "Is it about grown adults?")]) | {"reason": "Clearer", "based_on": "1"}
    html = unescape(world.client.post(url, data).content.decode())
    assert "Version 2 came into force while you wrote" in html
    assert "Is it about grown adults?" in html
    assert 'name="based_on" value="2"' in html  # having compared the two, the same button saves
    assert world.review.protocol_versions.count() == 2
    assert world.client.post(url, data | {"based_on": "2"}).status_code == 302


def _written(criteria: list[tuple[str, str, str]]) -> dict[str, str]:
    data = {"question": "Does it work in adults?", "criteria-INITIAL_FORMS": "0"}
    data["criteria-TOTAL_FORMS"] = str(len(criteria))
    for place, (key, label, text) in enumerate(criteria):
        row = {"key": key, "label": label, "text": text, "facet": "P", "polarity": "include"}
        row["if_not_reported"] = "unclear"
        data |= {f"criteria-{place}-{name}": value for name, value in row.items()}
    return data
