"""Pilot rounds on their pages, from the choice of people to the discussion (SCR-07)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.agreement import ac1, ac1_of, fleiss, kappa, percent_of
from screening.actions import pilots, reservations
from screening.enums import Facet, Judged, Role
from screening.models.notification import Notification
from screening.models.pilot import PilotRound
from screening.models.protocol import Criterion
from screening.models.stage import StageState
from screening.queries.telling.notices import notice
from screening.views.figures import decimal, per_cent
from tests import builders

pytestmark = pytest.mark.django_db
NAMES = ("ana", "ben", "cem", "dee")


@pytest.fixture
def people():
    return [builders.user(name) for name in NAMES]


@pytest.fixture
def review(people):
    return builders.review(reviewers=people, reviewers_per_record=2)


@pytest.fixture
def visit(client, review):
    """Reads or posts a page of the review as somebody; the text, spaces made one."""

    def read(path, by=None, post=None, status=200):
        client.force_login(by or review.created_by)
        address = path if path.startswith("/") else f"/reviews/{review.pk}/{path}"
        answer = client.get(address) if post is None else client.post(address, post, follow=True)
        assert answer.status_code == status, answer.status_code
        return " ".join(answer.content.decode().split())

    return read


def start(review, people, size=3):
    for _ in range(size + 2):
        builders.record(review)
    return pilots.start(
        review=review, stage="title_abstract", size=size, reviewers=[one.pk for one in people], by=review.created_by
    )


def screen(pilot, person, verdicts, *, against=None):
    """One verdict for each record of the round, in the order of its places; a dash leaves one out."""
    states = pilot.places.order_by("record_id").select_related("record")
    for state, verdict in zip(states, verdicts.split(), strict=True):
        if verdict != "-":
            said = {against.pk: Judged.NOT_MET} if against and verdict == "exclude" else {}
            builders.decide(state.record, person, verdict, judgements=said, note=f"{person}: {verdict}")


def test_four_reviewers_from_the_start_of_a_round_to_the_amended_protocol(visit, review, people):
    """The journey: preview, start, screening with one answer missing, closing early, figures, disagreements, next."""
    for n in range(8):
        builders.record(review, title=f"Trial {n}")
    choice = {"stage": "title_abstract", "size": "4", "people": [one.pk for one in people]}
    asked = "&".join(["stage=title_abstract", "size=4", *(f"people={one.pk}" for one in people)])
    text = visit(f"pilots/?{asked}")
    assert "4 records, drawn at random from the 8 at title and abstract that nobody has screened yet" in text
    assert "ana, ben, cem, dee screen each of them: 16 opinions in all" in text
    assert not PilotRound.objects.exists(), "looking starts nothing"
    visit("pilots/", post=choice)
    pilot = PilotRound.objects.get()
    page = f"pilots/{pilot.pk}/"
    assert set(pilot.reviewers) == {one.pk for one in people}

    adults = Criterion.objects.get(protocol__review=review, key="adults")
    answers = ("include exclude exclude include", "include exclude include include",
               "include exclude exclude exclude", "include exclude - include")  # fmt: skip
    for person, said in zip(people, answers, strict=True):
        rule = review.stage_rules.get(stage="title_abstract")
        got = reservations.claim_next(rule=rule, reviewer_id=person.pk, limit=9, have=[])
        assert len(got) == 4, "only records of the round are given out"
        screen(pilot, person, said, against=adults)
    text = visit(page)
    assert "1 opinion is missing: dee 1" in text
    assert StageState.objects.filter(pilot=pilot, status__in=["included", "excluded", "conflict"]).count() == 0
    own = visit(page, by=people[3])
    assert "3 of 4" in own
    assert "ana" not in own.split("How far it is")[1].split("</section>")[0], "a reviewer sees their own progress only"
    visit(f"{page}close/", by=people[0], post={}, status=403)

    text = agree(visit, pilot)
    records = [[one or None for one in row] for row in zip(*(
        [{"include": "keep", "exclude": "drop", "-": None}[word] for word in said.split()] for said in answers
    ), strict=True)]  # fmt: skip
    for value in (per_cent(percent_of(records).value), decimal(fleiss(records)), decimal(ac1_of(records))):
        assert value in text
    ana_and_ben = [(row[0], row[1]) for row in records]
    assert decimal(kappa(ana_and_ben)) in text
    assert decimal(ac1(ana_and_ben)) in text
    assert "On the record" in text
    disputed = list(pilot.places.order_by("record_id").values_list("record__title", flat=True))
    for title, differs in zip(disputed, (False, False, True, True), strict=True):
        assert (f">{title}<" in text) == differs
    assert "ben: include" in text, "each person's note stands with their word"
    assert f"/reviews/{review.pk}/protocol/edit/" in text
    on_adults = visit(f"{page}?criterion=adults&one={people[0].pk}&other={people[2].pk}")
    assert f">{disputed[3]}<" in on_adults
    assert f">{disputed[2]}<" not in on_adults, "these two agree on it"
    assert "ben: include" in visit(page, by=people[1]), "who took part sees it too: that is what the round is for"

    builders.protocol(review, by=review.created_by, criteria=[("adults", Facet.POPULATION)])
    assert "was amended since" in visit(page)
    assert "version 2" in visit(page)
    text = visit("pilots/")
    assert "Round 1" in text
    assert "Not screened yet: 4 at title and abstract" in text


def test_a_round_that_can_not_be_is_not_started_and_the_page_says_why(visit, review, people):
    builders.record(review)
    one = {"stage": "title_abstract", "size": "1", "people": [people[0].pk]}
    assert "Agreement needs two or more people" in visit("pilots/", post=one)
    nobody = {"stage": "full_text", "size": "1", "people": [person.pk for person in people]}
    assert "There is no record at this stage" in visit("pilots/", post=nobody)
    stranger = {"stage": "title_abstract", "size": "1", "people": [people[0].pk, builders.user().pk]}
    assert "not one of the available choices" in visit("pilots/", post=stranger)
    start(review, people)
    twice = {"stage": "title_abstract", "size": "1", "people": [person.pk for person in people]}
    assert "A pilot round is open at this stage" in visit("pilots/", post=twice, status=409)
    assert PilotRound.objects.count() == 1


def test_the_preview_names_who_is_left_out_and_what_is_short(visit, review, people):
    record = builders.record(review)
    asked = f"stage=title_abstract&size=9&people={people[0].pk}&people={people[1].pk}"
    reservations.claim_next(
        rule=review.stage_rules.get(stage="title_abstract"), reviewer_id=people[0].pk, limit=1, have=[]
    )
    text = visit(f"pilots/?{asked}")
    assert "8 fewer than you asked for" in text
    assert "cem, dee have nothing to screen at this stage until then" in text
    assert "1 record that somebody has in hand just now goes back" in text
    assert record.title not in text


def test_what_is_screened_outside_of_a_round_does_not_count_in_it(visit, review, people):
    builders.decide(builders.record(review), people[0], "include")
    assert "A new round" in visit("pilots/"), "nothing is open, and a record without a round has a word"
    pilot = start(review, people[:2], size=2)
    screen(pilot, people[0], "include -")
    assert "Open: 1 of 4 opinions" in visit("pilots/")


def test_the_notification_of_a_closed_round_leads_to_it(visit, review, people):
    pilot = start(review, people[:2], size=1)
    pilots.close(pilot=pilot, by=review.created_by)
    notification = Notification.objects.filter(user=people[0], kind="pilot").latest("pk")
    assert notice(notification).url == f"/reviews/{review.pk}/pilots/{pilot.pk}/"
    assert "Nothing to compare" in visit(notice(notification).url, by=people[0])


def agree(visit, pilot):
    """Closes a round as the page asks for it: what it shows is what is confirmed."""
    asked = visit(f"pilots/{pilot.pk}/close/", post={})
    shown = asked.split('name="shown" value="')[1].split('"')[0]
    return visit(f"pilots/{pilot.pk}/close/", post={"confirmed": "yes", "shown": shown})


def test_a_round_is_closed_once(visit, review, people):
    pilot = start(review, people)
    assert "is closed. Talk" in agree(visit, pilot)
    assert "is closed already" in visit(f"pilots/{pilot.pk}/close/", post={})


def test_what_closing_does_is_said_first_and_is_what_happens(visit, review, people):
    pilot = start(review, people[:3], size=5)
    screen(pilot, people[0], "include exclude include include -")
    screen(pilot, people[1], "include exclude exclude - -")
    page = visit(f"pilots/{pilot.pk}/close/", post={})
    assert 'name="shown" value="1/1/1/2"' in page
    assert "2 records with too few opinions for the rule go back to the queue" in page
    assert "8 opinions are missing (ana 1, ben 2, cem 5)" in page
    assert PilotRound.objects.get().open
    agree(visit, pilot)
    found = StageState.objects.filter(pilot=pilot).order_by("record_id").values_list("status", flat=True)
    assert list(found) == ["included", "excluded", "conflict", "partial", "unscreened"]


def test_what_was_decided_while_the_question_stood_is_said_before_the_round_is_closed(visit, review, people):
    pilot = start(review, people[:2], size=1)
    screen(pilot, people[0], "include")
    asked = {"confirmed": "yes", "shown": "0/0/0/1"}
    screen(pilot, people[1], "exclude")
    assert "Somebody decided in the meantime" in visit(f"pilots/{pilot.pk}/close/", post=asked)
    assert PilotRound.objects.get().open
    visit(f"pilots/{pilot.pk}/close/", post={**asked, "shown": "0/0/1/0"})
    assert not PilotRound.objects.get().open


def test_a_lead_who_screens_is_not_told_how_others_voted_when_they_close_a_round(visit, review, people):
    builders.join(review, review.created_by, Role.REVIEWER)
    pilot = start(review, people[:2], size=2)
    screen(pilot, people[0], "include include")
    screen(pilot, people[1], "include exclude")
    page = visit(f"pilots/{pilot.pk}/close/", post={})
    assert 'name="shown" value="2/0"' in page
    assert "<dt>In conflict" not in page
    assert "<dt>Included" not in page


def test_only_those_who_take_part_and_those_who_answer_for_it_see_a_round(visit, review, people):
    outside, auditor = builders.user("eve"), builders.user("fay")
    builders.join(review, outside, Role.REVIEWER)
    builders.join(review, auditor, Role.AUDITOR)
    pilot = start(review, people)
    for by, status in ((outside, 403), (auditor, 200), (people[0], 200), (builders.user(), 404)):
        visit(f"pilots/{pilot.pk}/", by=by, status=status)
    visit("pilots/", by=people[0], status=403)


def test_a_round_is_found_on_the_overview_and_beside_the_agreement_by_whom_it_is_for(visit, review, people):
    outside, auditor = builders.user("eve"), builders.user("fay")
    builders.join(review, outside, Role.REVIEWER)
    builders.join(review, auditor, Role.AUDITOR)
    pilot = start(review, people)
    link = f'href="/reviews/{review.pk}/pilots/{pilot.pk}/">round 1</a> <span class="muted">('
    assert f"{link}open)" in visit("", by=people[0])
    pilots.close(pilot=pilot, by=review.created_by)
    for by in (review.created_by, auditor, people[0]):
        assert f"{link}closed" in visit("", by=by)
    assert "/pilots/" not in visit("", by=outside)
    assert f"{link}closed" in visit("agreement/", by=auditor)
    assert "/pilots/" not in visit("agreement/?stage=full_text", by=auditor)


def test_a_lead_who_screens_but_took_no_part_is_bound(visit, review, people):
    builders.join(review, review.created_by, Role.REVIEWER)
    pilot = start(review, people[:2], size=2)
    screen(pilot, people[0], "include include")
    screen(pilot, people[1], "include exclude")
    pilots.close(pilot=pilot, by=review.created_by)
    assert "ben: exclude" not in visit(f"pilots/{pilot.pk}/")
    assert "ben: exclude" in visit(f"pilots/{pilot.pk}/", by=people[0])


def test_who_left_a_record_of_the_round_out_does_not_see_what_others_said_while_it_waits(visit, review, people):
    review.stage_rules.update(reviewers_per_record=2)
    pilot = start(review, people[:3], size=2)
    screen(pilot, people[0], "include include")
    screen(pilot, people[1], "exclude include")
    screen(pilot, people[2], "- include")
    pilots.close(pilot=pilot, by=review.created_by)
    page = f"pilots/{pilot.pk}/"
    assert "ben: exclude" in visit(page, by=people[0])
    assert "ben: exclude" not in visit(page, by=people[2])
    assert "have not voted on this record" in visit(page, by=people[2])


def test_a_round_without_two_opinions_has_nothing_to_compare(visit, review, people):
    pilot = start(review, people)
    screen(pilot, people[0], "include - -")
    assert "Nothing to compare" in agree(visit, pilot)


@pytest.mark.parametrize("query", ["?criterion=none-such"])
def test_what_is_not_there_is_not_found(visit, review, people, query):
    pilot = start(review, people)
    pilots.close(pilot=pilot, by=review.created_by)
    visit(f"pilots/{pilot.pk}/{query}", status=404)
    visit("pilots/999999/", status=404)


def test_the_number_of_queries_does_not_grow(client, review, people):
    client.force_login(review.created_by)
    counts = {}
    for size in (1, 3):
        pilot = start(review, people, size=size)
        for person, verdict in zip(people, ("include", "exclude", "include", "include"), strict=True):
            screen(pilot, person, " ".join([verdict] * size))
        for path in ("pilots/", f"pilots/{pilot.pk}/"):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(f"/reviews/{review.pk}/{path}").status_code == 200
            counts.setdefault(("open", path == "pilots/"), []).append(len(asked))
        pilots.close(pilot=pilot, by=review.created_by)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/reviews/{review.pk}/pilots/{pilot.pk}/").status_code == 200
        counts.setdefault("closed", []).append(len(asked))
        client.get(f"/reviews/{review.pk}/")  # asks more the first time in a process (queries.pace)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/reviews/{review.pk}/").status_code == 200
        counts.setdefault("overview", []).append(len(asked))
    assert all(first == second < 25 for first, second in counts.values()), counts
