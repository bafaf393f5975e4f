"""The pages of agreement and of pilot rounds with a team's words on them: axe, themes, widths; the matrix leads on."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from screening.actions import pilots
from screening.enums import Facet, Judged
from screening.models.pilot import PilotRound
from screening.models.protocol import Criterion
from screening.models.review import Review
from tests import builders
from tests.touring import tour
from tests.visiting import enter

pytestmark = pytest.mark.django_db(transaction=True)
CRITERIA = (
    ("adults", Facet.POPULATION),
    ("telerehabilitation", Facet.INTERVENTION),
    ("randomised", Facet.STUDY_DESIGN),
    ("walking-distance", Facet.OTHER),
)
# What each of the four says of each record of the round: kept, or the criterion that speaks against it, or nothing.
SAID = """
. . . .       | adults adults adults adults   | randomised randomised . randomised | adults randomised adults adults
. . . .       | . . telerehabilitation .      | randomised . . .                   | adults adults adults adults
. adults . .  | randomised randomised randomised - | walking-distance . . walking-distance | . . . .
"""


@pytest.fixture
def people() -> list[User]:
    names = (
        ("mira", "Mira", "Castellanos-Oyelaran"),
        ("ben", "Ben", "Ito"),
        ("cem", "Cem", "Aydın"),
        ("dee", "Dee", "Okafor"),
    )
    return [builders.user(name, first_name=first, last_name=last) for name, first, last in names]


@pytest.fixture
def review(people: list[User]) -> Review:
    made = builders.review(reviewers=people, reviewers_per_record=2, criteria=CRITERIA, title="Breathing at a distance")
    for n in range(1, 31):
        builders.record(
            made, title=f"Home-based exercise in chronic lung disease: an invented trial, part {n}", year=2020
        )
    return made


def piloted(review: Review, people: list[User]) -> PilotRound:
    """A round of twelve records, closed, with one word missing."""
    pilot = pilots.start(
        review=review, stage="title_abstract", size=12, reviewers=[one.pk for one in people], by=review.created_by
    )
    criteria = {one.key: one.pk for one in Criterion.objects.filter(protocol__review=review)}
    lines = [line.split() for line in SAID.replace("\n", "|").split("|") if line.strip()]
    for state, line in zip(pilot.places.select_related("record"), lines, strict=True):
        for person, word in zip(people, line, strict=True):
            if word != "-":
                said = {criteria[word]: Judged.NOT_MET} if word in criteria else {}
                note = "The mean age is not given; I took it as met." if not said and word == "." else ""
                builders.decide(state.record, person, "exclude" if said else "include", judgements=said, note=note)
    return pilots.close(pilot=pilot, by=review.created_by)


def test_a_team_looks_at_where_it_differs(page: Page, live_server: object, review: Review, people: list[User]) -> None:
    closed = piloted(review, people)
    again = [one.pk for one in people[:3]]
    opened = pilots.start(review=review, stage="title_abstract", size=5, reviewers=again, by=review.created_by)
    for state in opened.places.select_related("record")[:2]:
        builders.decide(state.record, people[0], "include")
    host, here = live_server.url, f"{live_server.url}/reviews/{review.pk}"  # type: ignore[attr-defined]
    asked = "&".join(["stage=title_abstract", "size=20", *(f"people={one.pk}" for one in people[:3])])
    enter(page, review.created_by)
    pages = ["agreement/", "agreement/disagreements/?criterion=randomised", f"pilots/?{asked}"]
    pages += [f"pilots/{closed.pk}/", f"pilots/{opened.pk}/"]
    tour(page, host, [f"{here}/{path}" for path in pages])

    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{here}/agreement/")
    cell = page.locator(".matrix tr", has_text="Mira Castellanos-Oyelaran and Ben Ito").get_by_role("link").last
    differing = int(cell.inner_text().split(" of ")[0])
    cell.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Disagreements on")
    expect(page.locator(".disagreements > li")).to_have_count(differing)

    page.context.clear_cookies()
    enter(page, people[1])
    tour(page, host, [f"{here}/pilots/{closed.pk}/?criterion=adults", f"{here}/pilots/{opened.pk}/"])
