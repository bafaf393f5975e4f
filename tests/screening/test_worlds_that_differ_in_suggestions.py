"""AI-02 by non-interference: to whoever may vote and has not, a world is the same whatever machines said in it.

One review, two worlds (`machine_worlds`) that differ in nothing but that: verdicts, judgements, flags, members of a
panel, whether another model was asked and whether it failed, repeats, trials, how long replies were and what they cost,
and whether others differed from them. Every address of the URLconf is asked in both, read and written to, with filters
and orders, and votes that cite what one may not have seen: the answers are the same to the byte, and so is the number
of queries.

What a mode allows is not asked for: `assist` shows suggestions before the vote; in `prioritise` the order of the queue
follows scores, so those are alike in both; in `second_reviewer` an opinion counts beside a vote, so both worlds say the
same of what others have voted on.
"""

import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from difflib import unified_diff
from itertools import product
from typing import Any
from uuid import UUID

import pytest
import resvg_py
from django.db import connection, transaction
from django.urls import NoReverseMatch, reverse

from audit.models.model_call import ModelCall
from screening import export
from screening.enums import ExceptionKind, Oversight, Role
from screening.models.prompt import Prompt
from screening.models.stage import StageRule, StageState
from screening.models.suggestion import Suggestion
from screening.queries.progress import progress
from screening.queries.team import pace
from tests.screening.machine_worlds import Scene, World, scene
from tests.screening.test_nothing_reveals_a_suggestion import patterns

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
# Whoever votes here is told what was suggested, rightly: what is sent are votes that have to be refused.
VOTES = "screening-api:decisions"
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


LEADING = (Role.REVIEWER, Role.LEAD, Role.ADJUDICATOR, Role.AUDITOR)
EVERYTHING, SUGGESTED = (
    "",
    r"/screen/|/queue/|/decisions/|/records/|/ai/|/suggestions/|/runs/|/audit/|/export/|/progress/",
)
CASES = {  # roles, mode, and which addresses: a pattern
    "lead": (LEADING, Oversight.BLIND_FIRST, EVERYTHING),
    "reviewer": ((Role.REVIEWER,), Oversight.BLIND_FIRST, EVERYTHING),
    "adjudicator": ((Role.REVIEWER, Role.ADJUDICATOR), Oversight.BLIND_FIRST, "/conflicts/|/records/|/decisions/"),
    "second reviewer": (LEADING, Oversight.SECOND_REVIEWER, SUGGESTED),
    "order only": (LEADING, Oversight.PRIORITISE, SUGGESTED),
}
ORDERED = r"/screen/|/queue/"  # in PRIORITISE these follow the scores, and say nothing else


def told(client, scene: Scene, world: World, only: str = "") -> dict[str, tuple[int, str, int]]:
    """Request -> status, answer and number of queries, as of a world that is undone afterwards."""
    numbers = counters()
    with transaction.atomic():
        world.made(scene)
        client.force_login(scene.me)
        client.get("/")  # what is cached per process is there from now on
        asked = [one for one in requests(scene) if re.search(only, one[0])]
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


def requests(scene: Scene) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """(name, address, body) of everything that can be asked; the name begins with the method."""
    seen: set[str] = set()
    for name, address in addresses(scene):
        yield f"GET {address}", address, None
        for query in QUERIES.get(name, ()):
            yield f"GET {address}?{query}", f"{address}?{query}", None
        if name in seen or name == VOTES:
            continue  # written to once, whatever the stage or the record
        seen.add(name)
        for method in ("POST", "PUT", "PATCH", "DELETE") if "/api/" in address else ("POST",):
            yield f"{method} {address}", address, body(scene, name)
    address = reverse("screening-api:decisions", args=[scene.review.pk])
    for what, said in citing(scene):
        yield f"POST {address} {what}", address, said


def addresses(scene: Scene) -> list[tuple[str, str]]:
    review, records = scene.review, scene.records
    known = {
        "review_id": [review.pk],
        "record_id": [records[name].pk for name in ("half done", "in conflict", "open", "taken back", "failed")],
        "run_id": [scene.panel.pk, scene.trial.pk],
        "call_id": [ModelCall.objects.earliest("id").pk],
        "suggestion_id": [spoken(scene, "open").pk],
        "prompt_id": [Prompt.objects.get(review=review).pk],
        "card_id": [scene.trial.assistant.card_id],
        "state_id": [StageState.objects.get(record=records["in conflict"], stage="title_abstract").pk],
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


def spoken(scene: Scene, name: str) -> Suggestion:
    """What the offline engine said first: in both worlds it has the same number."""
    return Suggestion.objects.standing().get(record=scene.records[name], item__run=scene.local)


def body(scene: Scene, name: str) -> dict[str, Any]:
    """Fields that forms and APIs ask for, in one; where it could be a vote, it takes none back either."""
    suggestion = spoken(scene, "open")
    fields = {
        "record": suggestion.record_id, "stage": "title_abstract", "kind": "split", "item": suggestion.item_id,
        "name": "A name", "text": "A text", "oversight": "second_reviewer", "verdict": "include",
        "idempotency_key": str(KEY),
    }  # fmt: skip
    if name == "screening:screen":
        fields["verdict"] = "withdrawn"
    return fields


def citing(scene: Scene) -> Iterator[tuple[str, dict[str, Any]]]:
    """Votes that cite what their author may not see now: all are refused, whatever they say."""
    for name in ("open", "taken back", "anew"):
        suggestion = spoken(scene, name)
        for verdict, override in product(("include", "exclude"), ("", "other")):
            said = {"record": suggestion.record_id, "stage": "title_abstract", "verdict": verdict}
            said |= {"citing": suggestion.pk, "override": override, "idempotency_key": str(KEY)}
            yield f"{name} {verdict} {override}", said


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


@pytest.mark.parametrize("case", CASES)
def test_before_the_vote_both_worlds_answer_the_same(client, case):
    client.raise_request_exception = False
    roles, mode, only = CASES[case]
    seen = scene(roles, mode)
    one, other = (told(client, seen, World(verdict), only) for verdict in WORLDS)
    assert len(one) > (300 if only == EVERYTHING else 30)
    assert one.keys() == other.keys()
    assert [what for what, (status, _, _) in one.items() if status >= 500] == []
    assert {one[what][0] for what in one if "/decisions/ " in what} == {409}
    if mode == Oversight.PRIORITISE:
        one, other = ({what: of_any_order(what, said) for what, said in each.items()} for each in (one, other))
    differing = {
        what: list(unified_diff(one[what][1].splitlines(), other[what][1].splitlines(), n=0))[:8] or one[what][::2]
        for what in one
        if one[what] != other[what]
    }
    assert differing == {}


def of_any_order(what: str, said: tuple[int, str, int]) -> tuple[int, str, int]:
    """What is left of an answer where an order by scores is allowed: its letters, or nothing of the first few only."""
    if not re.search(ORDERED, what):
        return said
    return (said[0], "".join(sorted(said[1])) if "limit=20" in what else "", said[2])


def test_the_comparison_would_notice(client):
    seen = scene(LEADING, Oversight.BLIND_FIRST)
    StageRule.objects.filter(review=seen.review).update(oversight=Oversight.ASSIST)
    client.raise_request_exception = False
    one, other = (told(client, seen, World(verdict), only="GET /api/") for verdict in WORLDS)
    assert len([what for what in one if one[what] != other[what]]) > 2
