"""API tokens over real HTTP: what opens the API, what does not, and what a token can never do (SEC-08, SEC-09)."""

import hashlib
import logging
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.views.debug import ExceptionReporter

from audit.models.event import Event
from reviewapp.throttling import PerToken
from screening.actions import team, tokens
from screening.api import queue
from screening.enums import Role
from screening.models.api_token import ApiToken
from screening.models.note import Note, Tag
from screening.models.stage import StageRule
from screening.queries.team import tokens as queries
from tests import assisting, builders
from tests.stored_suggestions import suggestion_for
from tests.test_access import addresses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet():
    caches["throttle"].clear()


@pytest.fixture
def review():
    ann = builders.user("ann")
    made = builders.review(lead=ann, reviewers=[ann, builders.user("ben")])
    builders.record(made)
    return made


def token(review, *, scope="one", writes=True, name="nightly copy"):
    of_all = scope == "all"
    return tokens.make(name=name, review=None if of_all else review, writes=writes, days=90, by=review.created_by)


def bearer(made, **kwargs) -> Client:
    return Client(headers={"Authorization": f"Bearer {made.text}"}, enforce_csrf_checks=True, **kwargs)


def list_of(review):
    return reverse("screening-api:imports", args=[review.pk])


def queue_of(review):
    return reverse("screening-api:queue", args=[review.pk])


def write(client, review, text="Ask the authors"):
    address = reverse("screening-api:notes", args=[review.pk, review.records.get().pk])
    return client.post(address, {"text": text}, content_type="application/json")


@pytest.mark.parametrize("scope", ["one", "all"])
def test_a_token_reads_and_writes_without_session_or_csrf_token(review, scope):
    client = bearer(token(review, scope=scope))
    assert client.get(list_of(review)).json()["count"] == 0
    assert write(client, review).status_code == 201
    assert not Session.objects.exists()


def test_a_session_still_needs_its_csrf_token(review):
    client = Client(enforce_csrf_checks=True)
    client.force_login(review.created_by)
    assert write(client, review).status_code == 403


def test_without_token_or_session_the_answer_says_how_to_sign_in(client, review):
    answer = client.get(list_of(review))
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="reviewapp"')
    assert answer["Content-Type"] == "application/problem+json"


def aged(made, **fields):
    ApiToken.objects.filter(pk=made.token.pk).update(**fields)


def expire(made):
    then = timezone.now() - timedelta(100)
    aged(made, created_at=then, expires_at=then + timedelta(90))


def revoke(made):
    tokens.revoke(token=made.token, by=made.token.user)


@pytest.mark.parametrize(
    ("spoil", "word"),
    [(expire, "expired"), (revoke, "revoked"), (lambda made: None, "not known")],
)
def test_what_is_expired_revoked_or_wrong_opens_nothing(review, spoil, word):
    made = token(review)
    spoil(made)
    wrong = made.text if word != "not known" else made.text[:-1] + ("a" if made.text[-1] != "a" else "b")
    answer = Client(headers={"Authorization": f"Bearer {wrong}"}).get(list_of(review))
    assert (answer.status_code, answer.json()["status"]) == (401, 401)
    assert answer["WWW-Authenticate"] == 'Bearer realm="reviewapp", error="invalid_token"'
    assert word in answer.json()["detail"]


@pytest.mark.parametrize("sent", ["Bearer", "Bearer ", "Bearer x y", "Bearer rva_é", "bearer rva_aaaaaaaa_short"])
def test_what_is_no_token_is_refused_and_no_session_counts_instead(client, review, sent):
    client.force_login(review.created_by)
    assert client.get(list_of(review), headers={"Authorization": sent}).status_code == 401


def test_a_token_of_one_review_finds_no_other(review):
    other = builders.review(lead=review.created_by, reviewers=[review.created_by])
    assert bearer(token(review)).get(list_of(other)).status_code == 404
    assert bearer(token(review, scope="all", name="of all")).get(list_of(other)).status_code == 200


def test_a_token_that_may_read_writes_nothing(review, django_assert_num_queries):
    client = bearer(token(review, writes=False))
    answer = write(client, review)
    assert (answer.status_code, Note.objects.count()) == (403, 0)
    assert "may read, not write" in answer.json()["detail"]
    assert client.get(reverse("screening-api:record", args=[review.pk, review.records.get().pk])).status_code == 200


def test_a_token_can_do_no_more_than_its_user_can_at_that_moment(review):
    client = bearer(token(review, scope="all"))
    ann, ben = review.created_by, review.memberships.get(user__username="ben").user
    team.set_roles(review=review, user=ben, roles={Role.LEAD}, by=ann)
    team.set_roles(review=review, user=ann, roles={Role.OBSERVER}, by=ben)
    assert write(client, review).status_code == 403
    team.set_roles(review=review, user=ann, roles=set(), by=ben)
    assert client.get(reverse("screening-api:imports", args=[review.pk])).status_code == 404


def test_leaving_the_review_revokes_its_tokens_and_coming_back_does_not_wake_them(review):
    ann, ben = review.created_by, review.memberships.get(user__username="ben").user
    of_one, of_all = token(review), token(review, scope="all", name="of all")
    team.set_roles(review=review, user=ben, roles={Role.LEAD}, by=ann)
    team.set_roles(review=review, user=ann, roles=set(), by=ben)
    team.set_roles(review=review, user=ann, roles={Role.REVIEWER}, by=ben)
    assert bearer(of_one).get(list_of(review)).status_code == 401
    assert bearer(of_all).get(list_of(review)).status_code == 200
    event = Event.objects.get(type="token.revoked")
    assert (event.actor_name, event.reason, event.review_id) == ("ben", "left the team of the review", review.pk)


def test_an_account_made_inactive_ends_its_tokens_for_good(review):
    made = token(review, scope="all")
    for active in (False, True):
        review.created_by.is_active = active
        review.created_by.save()
        assert bearer(made).get(list_of(review)).status_code == 401
    made.token.refresh_from_db()
    assert made.token.state == "revoked"


def test_only_a_digest_is_at_rest_and_nothing_else_ever_holds_the_token(review, caplog):
    caplog.set_level(logging.DEBUG)
    made = token(review)
    client = bearer(made)
    write(client, review)
    client.get("/nowhere/")
    made.token.refresh_from_db()
    assert made.token.digest == hashlib.sha256(made.text.encode()).hexdigest()
    secret = made.text.rpartition("_")[2] if made.text.count("_") == 2 else made.text[13:]
    kept = [list(model.objects.values()) for model in (ApiToken, ApiToken.history.model, Event)]
    assert secret not in f"{kept}{caplog.text}{made!r}{made.token!r}"
    assert "digest" not in {field.name for field in ApiToken.history.model._meta.get_fields()}


def test_a_traceback_does_not_show_the_token(review, monkeypatch, rf: RequestFactory):
    made, seen = token(review), {}

    def breaks(key):
        raise RuntimeError("the database is away")

    monkeypatch.setattr(queries, "digest", breaks)
    request = rf.get(queue_of(review), headers={"Authorization": f"Bearer {made.text}"})
    try:
        queue.QueueView.as_view()(request, review_id=review.pk)
    except RuntimeError as error:
        seen = ExceptionReporter(request, type(error), error, error.__traceback__).get_traceback_text()
    assert "the database is away" in seen
    assert made.text not in seen


def test_digests_are_compared_in_constant_time_whether_or_not_there_is_such_a_key(review, monkeypatch):
    made, compared = token(review), []
    same = queries.hmac.compare_digest
    monkeypatch.setattr(queries.hmac, "compare_digest", lambda a, b: compared.append((a, b)) or same(a, b))
    for text, proved in ((made.text, True), (made.text[:13] + "a" * 43, False), ("rva_aaaaaaaa_" + "a" * 43, False)):
        assert queries.proves(text, queries.named(text)) is proved
    assert [len(side) for pair in compared for side in pair] == [64] * 6


def test_failures_lock_a_key_at_an_address_as_failed_sign_ins_do(review, settings):
    made, other = token(review), token(review, name="another")
    wrong = Client(headers={"Authorization": f"Bearer {made.text[:13]}{'a' * 43}"})
    said = [wrong.get(list_of(review)).status_code for _ in range(settings.AXES_FAILURE_LIMIT + 1)]
    assert said == [401] * settings.AXES_FAILURE_LIMIT + [429]
    locked = bearer(made).get(list_of(review))
    assert (locked.status_code, locked["Content-Type"]) == (429, "application/problem+json")
    assert int(locked["Retry-After"]) == 15 * 60
    assert bearer(other).get(list_of(review)).status_code == 200
    elsewhere = bearer(made, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.get(list_of(review)).status_code == 200


def test_guesses_at_keys_lock_the_address_for_guesses_and_for_no_token_that_there_is(review, settings):
    made = token(review)
    for number in range(settings.AXES_FAILURE_LIMIT + 1):
        guess = Client(headers={"Authorization": f"Bearer rva_aaaaaaa{number % 10}_{'a' * 43}"})
        last = guess.get(list_of(review)).status_code
    assert last == 429
    assert bearer(made).get(list_of(review)).status_code == 200


def test_each_token_has_its_own_measure_and_the_pages_of_its_person_theirs(review, monkeypatch):
    monkeypatch.setattr(PerToken, "rate", "2/min", raising=False)
    client, other = bearer(token(review)), bearer(token(review, name="another"))
    assert [client.get(list_of(review)).status_code for _ in range(3)] == [200, 200, 429]
    assert other.get(list_of(review)).status_code == 200
    session = Client()
    session.force_login(review.created_by)
    assert session.get(list_of(review)).status_code == 200
    assert int(client.get(list_of(review))["Retry-After"]) <= 60


def writes_of(client, address):
    """Statements that wrote, of one request."""
    asked = []
    with connection.execute_wrapper(lambda run, sql, *more: (asked.append(sql), run(sql, *more))[1]):
        client.get(address)
    return [sql for sql in asked if re.search(r"INSERT INTO|UPDATE \S+\s+SET|DELETE FROM|COPY ", sql)]


def test_nothing_that_a_token_may_read_writes_anything(review):
    client, known = bearer(token(review, writes=False)), {"review_id": review.pk, "record_id": review.records.get().pk}
    assert len(writes_of(client, list_of(review))) == 1  # the day of its use
    for name, args in addresses():
        if "-api:" in name:
            address = reverse(name, kwargs={arg: known.get(arg, 1) for arg in args})
            assert not writes_of(client, address), address
    session = Client()
    session.force_login(review.created_by)
    assert writes_of(session, queue_of(review))  # of which reservations are seen


def test_the_day_of_the_last_use_is_written_once_a_day(review, django_assert_num_queries):
    made = token(review)
    client, address = bearer(made), reverse("screening-api:imports", args=[review.pk])
    client.get(address)
    made.token.refresh_from_db()
    assert made.token.last_used_on == timezone.now().date()
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    assert not [one["sql"] for one in asked if not one["sql"].lstrip().upper().startswith("SELECT")]
    assert made.token.history.count() == 1


def test_every_event_and_history_row_by_a_token_says_so(review):
    write(bearer(token(review)), review)
    event = Event.objects.get(type="note.written")
    assert (event.actor_name, event.actor_id) == ("ann by token nightly copy", review.created_by_id)
    tag = reverse("screening-api:tags", args=[review.pk, review.records.get().pk])
    bearer(token(review, name="tags")).post(tag, {"name": "Trial"}, content_type="application/json")
    assert Tag.history.get().actor_name == "ann by token tags"
    client = Client()
    client.force_login(review.created_by)
    write(client, review)
    assert Event.objects.filter(type="note.written").first().actor_name == "ann"


def test_a_very_long_name_is_cut_and_not_the_tokens(review):
    review.created_by.username = "a" * 150
    review.created_by.save()
    write(bearer(token(review)), review)
    name = Event.objects.get(type="note.written").actor_name
    assert name == "a" * 128 + " by token nightly copy"


def routes(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern)


def test_no_page_is_reached_by_a_token(review):
    """Sign-in settings, tokens themselves, the admin, the models' approval and the stop switch among them."""
    review.created_by.is_superuser = review.created_by.is_staff = True
    review.created_by.save()
    client = bearer(token(review, scope="all"))
    client.handler.enforce_csrf_checks = False
    for address in (
        "/tokens/", "/tokens/all/", "/tokens/1/revoke/", "/models/", "/models/stop/", "/models/1/approve/",
        "/admin/auth/user/", "/accounts/password/change/", "/notifications/settings/",
        f"/reviews/{review.pk}/", f"/reviews/{review.pk}/settings/", f"/reviews/{review.pk}/team/",
        f"/reviews/{review.pk}/ai/stop/", f"/reviews/{review.pk}/records/",
    ):  # fmt: skip
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code in (302, 405), address
            assert answer.status_code == 405 or "/login/" in answer["Location"], address
    assert {one.split("/")[1] for one in routes() if one.startswith("api/")} == {"schema", "reviews"}
    assert all("review_id" in one for one in routes() if one.startswith("api/reviews/"))


def test_the_schema_is_read_with_a_token_and_says_so(review):
    answer = bearer(token(review, writes=False)).get("/api/schema/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "scheme: bearer" in text
    assert "- token: []" in text


def test_a_token_sees_what_its_persons_session_sees_and_no_more(review):
    """AI-02: the same answers, byte for byte, before the vote, at every address of the API that is read."""
    lead, rolf = builders.user(), builders.user()
    blind = assisting.review(lead=lead, reviewers=[lead, rolf], may_be_sent_to_ai=False)
    record = builders.record(blind)
    run = assisting.start(assisting.local(blind))
    suggestion_for(run.items.get(), text="xylophone", verdict="exclude", score=0.1)
    StageRule.objects.filter(review=blind).update(oversight="blind_first")
    made = tokens.make(name="reads", review=blind, writes=True, days=1, by=rolf)
    session = Client()
    session.force_login(rolf)
    known, read = {"review_id": blind.pk, "record_id": record.pk, "run_id": run.pk}, 0
    for name, args in addresses():
        if "-api:" in name and name != "screening-api:queue":  # no token's: it reserves records for a vote
            address = reverse(name, kwargs={arg: known.get(arg, 1) for arg in args})
            ours, theirs = bearer(made).get(address), session.get(address)
            assert (ours.status_code, ours.content) == (theirs.status_code, theirs.content), address
            assert b"xylophone" not in ours.content
            read += ours.status_code == 200
    assert read >= 5
