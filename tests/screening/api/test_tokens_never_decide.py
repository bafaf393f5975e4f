"""Law 1 at the API: a machine proposes, a person decides, so behind a token nobody does.

The addresses come from the URLconf: an endpoint that is added is refused to tokens until its view says what it is.
"""

from uuid import uuid4

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import get_resolver, reverse
from rest_framework.response import Response
from rest_framework.views import APIView

from audit.models.event import Event
from extraction.models.value import Value
from screening.access import TOKENS_NEVER_DECIDE
from screening.actions import tokens
from screening.models.decision import Decision
from screening.models.stage import Reservation
from tests import builders
from tests.test_access import addresses

pytestmark = pytest.mark.django_db
REFUSED = {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": TOKENS_NEVER_DECIDE}
PEOPLES = {"screening-api:queue", "screening-api:decisions", "extraction-api:values", "extraction-api:rejections"}
ANYBODYS = {f"screening-api:{name}" for name in ("notes", "tags", "tag", "runs", "run")}


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet():
    caches["throttle"].clear()


@pytest.fixture
def review():
    ann = builders.user("ann")
    made = builders.review(lead=ann, reviewers=[ann])
    builders.record(made)
    return made


@pytest.fixture(params=["writes", "reads"])
def client(review, request):
    writes = request.param == "writes"
    made = tokens.make(name="an agent", review=None, writes=writes, days=1, by=review.created_by)
    return Client(headers={"Authorization": f"Bearer {made.text}"})


def views():
    """(name, names of the arguments, view, methods that write) of every address of the API."""
    for name, args in addresses():
        if "-api:" in name:
            view = get_resolver().resolve(reverse(name, kwargs=dict.fromkeys(args, 1))).func.cls
            methods = [one for one in ("post", "put", "patch", "delete") if hasattr(view, one)]
            yield name, args, view, methods + ["get"] * getattr(view, "get_writes", False)


def test_every_view_that_writes_says_whether_it_is_a_persons_judgement():
    said = {name: vars(view).get("decides", "nothing") for name, _, view, methods in views() if methods}
    assert said == dict.fromkeys(PEOPLES, True) | dict.fromkeys(ANYBODYS, False)


def test_no_token_gives_a_persons_judgement(client, review):
    known, before = {"review_id": review.pk, "record_id": review.records.get().pk}, Event.objects.count()
    for name, args, _, methods in views():
        for method in methods if name in PEOPLES else ():
            address = reverse(name, kwargs={arg: known.get(arg, 1) for arg in args})
            answer = getattr(client, method)(address, content_type="application/json")
            assert (answer.status_code, answer.json()) == (403, REFUSED), (name, method)
            assert answer["Content-Type"] == "application/problem+json"
    assert Event.objects.count() == before
    assert not any(model.objects.exists() for model in (Decision, Reservation, Value))


def vote(client, review):
    address = reverse("screening-api:decisions", args=[review.pk])
    said = {"record": review.records.get().pk, "stage": "title_abstract", "verdict": "include"}
    return client.post(address, said | {"idempotency_key": str(uuid4())}, content_type="application/json")


def test_a_vote_that_is_right_in_all_else_is_refused_and_its_person_signed_in_gives_it(client, review):
    assert vote(client, review).status_code == 403
    assert not Decision.objects.exists()
    session = Client()
    session.force_login(review.created_by)
    assert vote(session, review).status_code == 201


class Forgotten(APIView):
    """One that nobody classified."""

    def post(self, request, review_id):
        return Response("stored")


def test_a_view_that_says_nothing_is_for_people(client, review, rf):
    request = rf.post("/", headers={"Authorization": client.defaults["HTTP_AUTHORIZATION"]})
    answer = Forgotten.as_view()(request, review_id=review.pk)
    assert (answer.status_code, answer.data) == (403, REFUSED)


def test_the_schema_lists_the_token_only_where_it_may_be_used(client):
    paths = client.get("/api/schema/?format=json").json()["paths"]
    ways = {
        (path.rpartition("{review_id}/")[2], method): [next(iter(way)) for way in operation["security"]]
        for path, operations in paths.items()
        for method, operation in operations.items()
    }
    assert ways["decisions/", "post"] == ways["queue/", "get"] == ["cookieAuth"]
    assert ways["records/{record_id}/notes/", "post"] == ways["runs/", "get"] == ["token", "cookieAuth"]
