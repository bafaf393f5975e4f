"""The page of API tokens: making one, seeing it once, revoking it, and what administrators see."""

import pytest

from audit.models.event import Event
from screening.actions import tokens
from screening.models.api_token import ApiToken
from screening.queries.team.tokens import named, proves
from tests import builders

pytestmark = pytest.mark.django_db
WANTED = {"name": "nightly copy", "reach": "all", "may": "read", "days": "90"}


@pytest.fixture
def ann(client):
    person = builders.user("ann")
    client.force_login(person)
    return person


def made(person, name="nightly copy", **kwargs):
    return tokens.make(**{"name": name, "review": None, "writes": False, "days": 90, "by": person, **kwargs})


def shown_in(answer):
    return answer.content.decode().partition('aria-label="The new token">')[2].partition("<")[0]


def test_a_token_is_made_and_shown_once_on_a_page_that_nobody_keeps(client, ann):
    review = builders.review(lead=ann)
    answer = client.post("/tokens/", {**WANTED, "reach": review.pk, "may": "write", "days": 30})
    token = named(shown_in(answer))
    assert proves(shown_in(answer), token)
    assert (token.user, token.review, token.writes, (token.expires_at - token.created_at).days) == (
        ann,
        review,
        True,
        30,
    )
    assert "no-store" in answer["Cache-Control"]
    assert shown_in(answer) not in client.get("/tokens/").content.decode()
    event = Event.objects.get(type="token.made")
    assert (event.actor_name, event.review_id, event.data["may"]) == ("ann", review.pk, "read and write")


def test_ninety_days_and_reading_are_what_one_gets_unasked(client, ann):
    page = client.get("/tokens/").content.decode()
    assert '<option value="90" selected>' in page
    assert client.post("/tokens/", {**WANTED, "may": "write", "days": "366"}).context["form"].errors["days"]
    assert client.post("/tokens/", {**WANTED, "reach": ""}).context["form"].errors["reach"]  # what it reaches is said
    client.post("/tokens/", WANTED)
    assert not ApiToken.objects.get().writes


def test_a_review_of_others_cant_be_named(client, ann):
    stranger = builders.review()
    assert client.post("/tokens/", {**WANTED, "reach": stranger.pk}).context["form"].errors["reach"]
    assert not ApiToken.objects.exists()


def test_a_form_that_is_sent_twice_makes_one_token(client, ann):
    client.post("/tokens/", WANTED)
    again = client.post("/tokens/", WANTED)
    assert "already" in str(again.context["form"].errors)
    assert ApiToken.objects.count() == 1


def test_nobody_has_tokens_without_end(ann, monkeypatch):
    monkeypatch.setattr(tokens, "MOST", 1)
    first = made(ann)
    with pytest.raises(tokens.TokenRefusedError, match="Revoke those"):
        made(ann, "another")
    tokens.revoke(token=first.token, by=ann)
    assert made(ann).token.state == "live"


def test_a_name_turns_no_line_of_the_audit_trail_around(ann):
    assert made(ann, " nightly\u202e\ncopy\u200b ").token.name == "nightly copy"


@pytest.mark.parametrize(("name", "days"), [("", 90), ("\u202e", 90), ("x" * 41, 90), ("x", 0), ("x", 366)])
def test_what_has_no_name_or_no_end_is_not_made(ann, name, days):
    with pytest.raises(tokens.TokenRefusedError, match="Nothing was made"):
        made(ann, name, days=days)


def test_one_revokes_ones_own_and_finds_no_others(client, ann):
    own, other = made(ann).token, made(builders.user("ben")).token
    assert client.post(f"/tokens/{other.pk}/revoke/").status_code == 404
    assert client.get(f"/tokens/{own.pk}/revoke/").status_code == 405
    assert client.post(f"/tokens/{own.pk}/revoke/").status_code == 302
    assert [ApiToken.objects.get(pk=one.pk).state for one in (own, other)] == ["revoked", "live"]
    client.post(f"/tokens/{own.pk}/revoke/")
    assert Event.objects.filter(type="token.revoked").count() == 1
    assert "rva_" + other.key not in client.get("/tokens/").content.decode()


def test_administrators_see_and_revoke_everybodys_and_others_do_not(client, ann):
    of_ann = made(ann).token
    assert client.get("/tokens/all/").status_code == 403
    client.force_login(builders.user("root", is_superuser=True))
    page = client.get("/tokens/all/").content.decode()
    assert of_ann.key in page
    assert of_ann.digest not in page
    answer = client.post(f"/tokens/{of_ann.pk}/revoke/", {"from": "all"})
    assert answer["Location"] == "/tokens/all/"
    of_ann.refresh_from_db()
    assert (of_ann.state, of_ann.revoked_by) == ("revoked", "root")
    assert "by root" in client.get("/tokens/all/").content.decode()


def test_a_longer_list_asks_the_database_no_more(client, ann, django_assert_max_num_queries):
    counts = []
    for number in (1, 3):
        for one in range(number):
            made(ann, f"token {number}-{one}", review=builders.review(lead=ann))
        with django_assert_max_num_queries(20) as asked:
            client.get("/tokens/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
