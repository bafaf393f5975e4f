"""AI-02: before a reviewer's own vote no page, API, list, filter, count or export tells them of a suggestion.

Every address of the product is asked, as it stands in the URLconf, by people who may vote and have not.
"""

from collections.abc import Iterator

import pytest
import resvg_py
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from audit.models.model_call import ModelCall, ModelOutcome
from screening import export
from screening.enums import ItemStatus, Oversight, Role
from screening.models.stage import StageRule
from screening.models.suggestion import Suggestion
from tests import assisting, builders
from tests.stored_suggestions import suggestion_for

pytestmark = pytest.mark.django_db
MARK = "xylophone-marginalia"
# What narrows or arranges lists. The last three leave every record of the scene in, and are asked of it together.
QUERIES = ("part=progress", "q=xylophone", "limit=20&order=score&status=unscreened")
FORMS = {
    "form": ["svg", "png", "csv"],
    "what": [f"{what}.{form}" for what, forms in export.FORMATS.items() for form in forms if form != "xlsx"],
    "stage": ["title_abstract"],
}


@pytest.fixture
def scene():
    """A review in blind first with a suggestion on each of three records, and nobody's vote."""
    lead, reviewer = builders.user("lena"), builders.user("rolf")
    review = assisting.review(lead=lead, reviewers=[lead, reviewer], may_be_sent_to_ai=False)
    builders.join(review, lead, Role.ADJUDICATOR)
    builders.join(review, lead, Role.AUDITOR)
    records = [builders.record(review) for _ in range(3)]
    run = assisting.start(assisting.local(review))
    for item in run.items.all():
        suggestion_for(item, text=MARK, verdict="exclude", score=0.1)
        called(item)
    run.items.update(status=ItemStatus.DONE)
    return review, records, run, lead, reviewer


def called(item) -> None:
    """The call that such a suggestion may stand on, whose reply says the same."""
    call = ModelCall.objects.create(
        purpose="screening",
        review_id=item.run.review_id,
        subject_type="screening.runitem",
        subject_id=item.pk,
        model="openai/x",
        prompt_sha256="0" * 64,
    )
    ModelOutcome.objects.create(call=call, state="answered", reply=MARK)


def patterns(resolver: URLResolver | None = None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, list[str]]]:
    """(name with its namespaces, names of its arguments) of every address."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.app_name != "admin":
                yield from patterns(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        elif isinstance(entry, URLPattern) and entry.name:
            arguments = list(entry.pattern.converters) or list(entry.pattern.regex.groupindex)
            yield ":".join((*spaces, entry.name)), arguments


def addresses(review, records, run) -> list[str]:
    known = {"review_id": [review.pk], "record_id": [records[0].pk], "run_id": [run.pk], **FORMS}
    known["call_id"] = list(ModelCall.objects.values_list("pk", flat=True)[:1])
    known["suggestion_id"] = list(Suggestion.objects.values_list("pk", flat=True))
    found = []
    for name, arguments in patterns():
        choices = [{}]
        for argument in arguments:
            choices = [{**one, argument: value} for one in choices for value in known.get(argument, [1])]
        for one in choices:
            try:
                found.append(reverse(name, kwargs=one))
            except NoReverseMatch:
                continue
    return [address for address in found if "logout" not in address]


def body(answer) -> str:
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode(errors="replace")


@pytest.fixture(autouse=True)
def _drawings_can_be_read(monkeypatch) -> None:
    """A drawing as PNG is the words that would be drawn: of pixels nobody could say what they tell."""
    monkeypatch.setattr(resvg_py, "svg_to_bytes", lambda svg_string, **_: svg_string.encode())


def told(client, scene) -> Iterator[str]:
    """Addresses that show the mark, with each of the queries; where one is refused, with all of them at once."""
    review, records, run, *_ = scene
    for address in addresses(review, records, run):
        plain = client.get(address)
        if MARK in body(plain):
            yield address
        for query in ("&".join(QUERIES),) if plain.status_code >= 400 else QUERIES:
            if MARK in body(client.get(f"{address}?{query}")):
                yield f"{address}?{query}"


def test_the_walk_reaches_what_matters(scene):
    review, records, run, *_ = scene
    walked = addresses(review, records, run)
    assert len(walked) > 40
    for expected in (
        f"/reviews/{review.pk}/screen/",
        f"/reviews/{review.pk}/records/{records[0].pk}/",
        f"/reviews/{review.pk}/ai/runs/{run.pk}/",
        f"/reviews/{review.pk}/suggestions/{Suggestion.objects.get(record=records[0]).pk}/",
        f"/api/reviews/{review.pk}/queue/",
        f"/api/reviews/{review.pk}/records/{records[0].pk}/suggestions/",
        f"/reviews/{review.pk}/export/records.csv",
    ):
        assert expected in walked


@pytest.mark.parametrize(
    "mode", [Oversight.BLIND_FIRST, Oversight.PRIORITISE, Oversight.OFF, Oversight.SECOND_REVIEWER]
)
@pytest.mark.parametrize("who", ["rolf", "lena"])
def test_before_the_vote_nothing_tells(client, scene, who, mode):
    review, _, _, lead, reviewer = scene
    StageRule.objects.filter(review=review).update(oversight=mode)
    client.force_login(reviewer if who == "rolf" else lead)
    assert list(told(client, scene)) == []


def test_the_walk_would_notice(client, scene):
    StageRule.objects.filter(review=scene[0]).update(oversight=Oversight.ASSIST)
    client.force_login(scene[4])
    assert any(told(client, scene))


def test_with_ai_off_nothing_tells_either(client, scene):
    review, _, _, _, reviewer = scene
    StageRule.objects.filter(review=review).update(oversight=Oversight.ASSIST)
    review.ai_enabled = False
    review.save()
    client.force_login(reviewer)
    assert list(told(client, scene)) == []


def test_a_lead_who_screens_counts_only_proposals_on_records_voted_on(client, scene):
    review, records, run, lead, _ = scene
    client.force_login(lead)
    detail = f"/api/reviews/{review.pk}/runs/{run.pk}/"
    assert client.get(detail).json()["proposed"] == {"include": 0, "maybe": 0, "exclude": 0}
    builders.decide(records[0], lead)
    assert client.get(detail).json()["proposed"] == {"include": 0, "maybe": 0, "exclude": 1}


def test_after_the_vote_the_suggestion_for_that_record_shows_and_for_no_other(client, scene):
    review, records, _, _, reviewer = scene
    builders.decide(records[0], reviewer)
    client.force_login(reviewer)
    seen = [client.get(f"/api/reviews/{review.pk}/records/{record.pk}/suggestions/").json() for record in records]
    assert [bool(one["suggestions"]) for one in seen] == [True, False, False]
