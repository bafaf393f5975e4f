"""SCR-02: before a reviewer's own vote no list, filter, order, count or export tells them what another said.

Two reviews are the same but for one thing: in the one a colleague included a record, in the other excluded it. Whoever
has not voted on it yet must be given the same answers in both.
"""

import re
from difflib import unified_diff

import pytest
from django.urls import reverse

from screening import export
from screening.enums import Role, Verdict
from screening.models.stage import StageRule
from tests import builders

pytestmark = pytest.mark.django_db
FILTERS = [
    {},
    *({"status": status} for status in ("partial", "conflict", "included", "excluded")),
    *({"mine": mine} for mine in ("open", Verdict.EXCLUDE.value)),
    *({"waits_for": whom} for whom in ("me", "second")),
    *({"q": text} for text in ("tag:include", "-tag:exclude", "wrong OR colleague")),
    {"order": "newest"}, {"waived": "1"}, {"changed_from": "2020-01-01"}, {"box": "excluded_screening"},
]  # fmt: skip


def world(verdict, me, roles, colleague):
    """A review with two records; on one a colleague has voted, tagged and noted, on the other nobody."""
    from uuid import uuid4

    from screening.actions import notes

    review = builders.review(title="Same", lead=builders.user(), reviewers=[me, colleague])
    for role in roles:
        builders.join(review, me, role)
    StageRule.objects.filter(review=review).update(bulk_allowed=True)
    voted, _ = builders.record(review, title="A trial"), builders.record(review, title="A trial too")
    reason = review.exclusion_reasons.get(stage="title_abstract")
    builders.decide(voted, colleague, verdict, reason_id=reason.pk if verdict == Verdict.EXCLUDE else None)
    notes.tag(record=voted, name=verdict, by=colleague, roles={Role.REVIEWER})
    notes.write(record=voted, text=f"I {verdict} it", private=False, by=colleague, idempotency_key=uuid4())
    return review


def told(client, review, roles):
    """What each address answers, without what differs between any two reviews: ids, keys, moments."""
    lists = [(reverse("screening:records", args=[review.pk]), filters) for filters in FILTERS]
    lists += [(reverse("screening:bulk", args=[review.pk, "title_abstract"]), {"record": records_of(review)})]
    if Role.LEAD in roles:
        names = [f"{what}.{form}" for what, forms in export.FORMATS.items() for form in forms if form != "xlsx"]
        lists += [(reverse("screening:export", args=[review.pk, name]), {}) for name in names]
        lists += [(reverse("screening:exports", args=[review.pk]), {})]
    return [(address.split("/", 3)[3], str(asked), plain(client.get(address, asked))) for address, asked in lists]


def records_of(review):
    return list(review.records.values_list("pk", flat=True))


def plain(answer):
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    said = text.decode()
    said = re.sub(r'<option value="\d+">(?:include|exclude)</option>', "", said)  # the tag's name is of the review
    said = re.sub(r'<option value="(?:include|exclude)"></option>', "", said)
    said = re.sub(r"[\w-]{32,}", "", said)  # keys and tokens
    said = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", "", said)
    return re.sub(r"\d+", "0", said)


@pytest.mark.parametrize("roles", [(), (Role.LEAD, Role.ADJUDICATOR)], ids=["reviewer", "lead"])
def test_before_the_vote_both_worlds_look_the_same(client, roles):
    me, colleague = builders.user("me"), builders.user("colleague")
    client.force_login(me)
    worlds = [
        told(client, world(verdict, me, roles, colleague), roles) for verdict in (Verdict.INCLUDE, Verdict.EXCLUDE)
    ]
    for (address, asked, included), (_, _, excluded) in zip(*worlds, strict=True):
        assert list(unified_diff(included.splitlines(), excluded.splitlines(), n=0)) == [], (address, asked)


def test_the_comparison_would_notice(client):
    me, colleague = builders.user("me"), builders.user("colleague")
    client.force_login(me)
    worlds = []
    for verdict in (Verdict.INCLUDE, Verdict.EXCLUDE):
        review = world(verdict, me, (), colleague)
        builders.decide(review.records.order_by("pk")[0], me)
        worlds.append(told(client, review, ()))
    assert worlds[0] != worlds[1]
