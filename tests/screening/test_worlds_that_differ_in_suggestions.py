"""AI-02 by non-interference: to whoever may vote and has not, a world is the same whatever was suggested in it.

One review, two worlds that differ in nothing but what assistants said, what of it was flagged, split, unsure or said
otherwise when asked again, and whether others differed from it. Every address of the URLconf is asked in both, read and
written to, with filters and orders: the answers are the same to the byte, and so is the number of queries.
"""

import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any
from uuid import UUID

import pytest
import resvg_py
from django.db import connection, transaction
from django.urls import NoReverseMatch, reverse

from screening import export
from screening.enums import ExceptionKind, ItemStatus, Oversight, Role, SuggestionRole
from screening.models.run import RunItem
from screening.models.stage import StageRule, StageState
from screening.models.suggestion import Suggestion
from screening.queries.progress import progress
from screening.queries.team import pace
from tests import assisting, builders
from tests.screening.test_nothing_reveals_a_suggestion import called, patterns
from tests.stored_suggestions import suggestion_for

pytestmark = pytest.mark.django_db
WORLDS = ("exclude", "include")
KEY = UUID(int=7)
FORMS = {
    "form": ["svg", "png", "csv"],
    "what": [f"{what}.{form}" for what, forms in export.FORMATS.items() for form in forms],
    "stage": ["title_abstract", "full_text"],
    "verb": ["pause", "resume", "retry"],
}
QUERIES = {
    "screening:records": [
        *(f"status={status}" for status in ("unscreened", "partial", "included", "excluded")),
        *(f"order={order}" for order in ("score", "newest", "title", "relevance")),
        "q=exclude", "q=instruction", "mine=open", "waits_for=me",
    ],
    "screening:exceptions": [f"kind={kind}" for kind in ExceptionKind.values],
    "screening:timeline": ["source=call", "who=machines", "type=record.suggested", "type=record.decided"],
    "screening:run": ["part=progress"],
    "screening-api:queue": ["limit=20", "limit=20&order=score"],
    "screening-api:record": ["stage=full_text"],
}  # fmt: skip
# Whoever votes here is told what was suggested, rightly. What is sent instead is no vote.
VOTES = {"screening-api:decisions", "screening:screen"}
LEFT_OUT = re.compile(r"logout|password|login|api-schema|schema|healthz?")


@pytest.fixture(autouse=True)
def _quietly(monkeypatch) -> Iterator[None]:
    """Hundreds of refusals are what is wanted here, and a drawing as PNG is the words that would be drawn."""
    logging.disable()
    for module, kept_for in (
        (progress, "FRESH_FOR"),
        (pace, "KEPT_FOR"),
    ):  # what one counted, the other had
        monkeypatch.setattr(module, kept_for, -1.0)
    monkeypatch.setattr(resvg_py, "svg_to_bytes", lambda svg_string, **_: svg_string.encode())
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(params=["reviewer", "lead"])
def scene(request):
    """Somebody who has voted on nothing, and a review where two others have: one record settled, one half done."""
    me, one, two = builders.user("me"), builders.user("one"), builders.user("two")
    review = assisting.review(lead=builders.user("boss"), reviewers=[me, one, two], may_be_sent_to_ai=False)
    if request.param == "lead":
        for role in (Role.LEAD, Role.ADJUDICATOR, Role.AUDITOR):
            builders.join(review, me, role)
    names = ["settled", "half done", "open", "asked again"]
    records = [builders.record(review, title=f"A trial, {name}") for name in names]
    run = assisting.start(assisting.local(review))
    run.items.update(status=ItemStatus.DONE)
    RunItem.objects.create(run=run, record=records[3], repeat=1, status=ItemStatus.DONE)
    for person in (one, two):
        builders.decide(records[0], person)
    builders.decide(records[1], one)
    return review, records, run, me, one


@dataclass(frozen=True)
class World:
    """What assistants said in it: `verdict` of everything, and how doubtful that was."""

    verdict: str

    def made(self, scene) -> None:
        _, records, run, _, one = scene
        doubts = {"flags": ["instruction", "split"], "band": "unsure", "score": 0.9}
        plain = {"flags": [], "band": "clear", "score": 0.1}
        said = doubts if self.verdict == "include" else plain
        for item in run.items.filter(repeat=0).order_by("id"):
            suggestion_for(item, verdict=self.verdict, text=f"I would {self.verdict} it", **said)
        for item in run.items.order_by("id"):
            called(item)
        first, again = Suggestion.objects.get(record=records[3]), run.items.get(repeat=1)
        flags = ["unstable"] if self.verdict == "include" else []
        suggestion_for(again, verdict="exclude", flags=flags, role=SuggestionRole.REPEAT, beside=first)
        why = {} if self.verdict == "include" else {"override": "incorrect"}
        for record in records[:2]:  # somebody looked at it after their vote, and stayed with what they had said
            seen = Suggestion.objects.get(record=record)
            builders.decide(record, one, "include", citing_id=seen.pk, **why)


def told(client, scene, world: World, only: str = "") -> dict[str, tuple[int, str, int]]:
    """Request -> status, answer and number of queries, as of a world that is undone afterwards."""
    numbers = counters()
    with transaction.atomic():
        world.made(scene)
        client.force_login(scene[3])
        client.get("/")  # what is cached per process is there from now on
        asked = [one for one in requests(scene) if only in one[0]]
        answers = {}
        for what, address, fields in asked:
            client.cookies.pop("messages", None)  # what one answer told is not to be read in the next
            answers[what] = answered(client, what.split()[0], address, fields)
        transaction.set_rollback(True)
    set_back(numbers)
    return answers


def counters() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, COALESCE(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'")
        return dict(cursor.fetchall())


def set_back(numbers: dict[str, int]) -> None:
    """Sequences don't take part in a rollback: the second world is to number its rows as the first did."""
    with connection.cursor() as cursor:
        for name, last in numbers.items():
            cursor.execute("SELECT setval(%s, %s, %s)", [f'"{name}"', max(last, 1), last > 0])


def answered(client, method: str, address: str, body: dict[str, Any] | None) -> tuple[int, str, int]:
    queries: list[str] = []
    with transaction.atomic(), connection.execute_wrapper(counting(queries)):
        sent = {} if body is None else {"data": body}
        if "/api/" in address and body is not None:
            sent["content_type"] = "application/json"
        answer = getattr(client, method.lower())(address, **sent)
        text = plain(answer)
        transaction.set_rollback(True)
    return answer.status_code, text, len(queries)


def counting(queries: list[str]) -> Callable[..., Any]:
    """Keeps every statement; cheaper than Django's own log of them."""

    def count(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        if not statement.startswith(("SET ", "SAVEPOINT", "RELEASE", "ROLLBACK")):  # a connection's own, once for each
            queries.append(statement)
        return execute(statement, *rest)

    return count


def requests(scene) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """(name, address, body) of everything that can be asked; the name begins with the method."""
    seen: set[str] = set()
    for name, address in addresses(scene):
        yield f"GET {address}", address, None
        for query in QUERIES.get(name, ()):
            yield f"GET {address}?{query}", f"{address}?{query}", None
        if name in seen:
            continue  # written to once, whatever the stage or the record
        seen.add(name)
        for method in ("POST", "PUT", "PATCH", "DELETE") if "/api/" in address else ("POST",):
            yield f"{method} {address}", address, body(scene, name)


def addresses(scene) -> list[tuple[str, str]]:
    review, records, run, *_ = scene
    last = Suggestion.objects.filter(record=records[2]).values_list("pk", flat=True)
    known = {
        "review_id": [review.pk],
        "record_id": [record.pk for record in records[1:3]],
        "run_id": [run.pk],
        "call_id": [1],
        "suggestion_id": list(last),
        "state_id": list(StageState.objects.filter(record=records[1]).values_list("pk", flat=True)),
        **FORMS,
    }
    found = []
    for name, arguments in patterns():
        choices: list[dict[str, Any]] = [{}]
        for argument in arguments:
            choices = [{**one, argument: value} for one in choices for value in known.get(argument, [1])]
        for one in choices:
            try:
                found.append((name, reverse(name, kwargs=one)))
            except NoReverseMatch:
                continue
    return [(name, address) for name, address in found if not LEFT_OUT.search(address)]


def body(scene, name: str) -> dict[str, Any]:
    """Fields that forms and APIs ask for, in one; where it could be a vote, it takes none back either."""
    record = scene[1][2]
    suggestion = Suggestion.objects.get(record=record)
    fields = {
        "record": record.pk, "stage": "title_abstract", "kind": "split", "item": suggestion.item_id, "name": "A name",
        "text": "A text", "oversight": "second_reviewer", "verdict": "include", "idempotency_key": str(KEY),
    }  # fmt: skip
    if name in VOTES:
        fields |= {"verdict": "exclude", "citing": suggestion.pk, "override": "other"}
    if name == "screening:screen":
        fields["verdict"] = "withdrawn"
    return fields


def plain(answer) -> str:
    """What an answer says, without what differs between any two: tokens, moments. Workbooks are unpacked."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(name.encode() + b"\n" + book.read(name) for name in sorted(book.namelist()))
    said = f"{answer.headers.get('Location', '')}\n{content.decode(errors='replace')}"
    said = re.sub(r"\b[\w-]{32,}\b", "", said)  # tokens, keys and nonces
    said = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?", "", said)
    return re.sub(r"\b\d\d:\d\d(:\d\d)?\b|\b\d{16}\b", "", said)


def test_before_the_vote_both_worlds_answer_the_same(client, scene):
    client.raise_request_exception = False
    one, other = (told(client, scene, World(verdict)) for verdict in WORLDS)
    assert len(one) > 250
    assert one.keys() == other.keys()
    assert [what for what, (status, _, _) in one.items() if status >= 500] == []
    differing = {
        what: list(unified_diff(one[what][1].splitlines(), other[what][1].splitlines(), n=0))[:8] or one[what][::2]
        for what in one
        if one[what] != other[what]
    }
    assert differing == {}


def test_the_comparison_would_notice(client, scene):
    StageRule.objects.filter(review=scene[0]).update(oversight=Oversight.ASSIST)
    client.raise_request_exception = False
    one, other = (told(client, scene, World(verdict), only="GET /api/") for verdict in WORLDS)
    assert len([what for what in one if one[what] != other[what]]) > 2
