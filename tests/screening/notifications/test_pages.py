"""The bell, the list, the settings and the link in e-mails: one's own, and nobody else's."""

from datetime import datetime

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening.actions import letters, notifying
from screening.enums import MailStatus, NotificationKind, Role
from screening.models.notification import Mail, Notification, NotificationSetting
from screening.queries.telling.wishes import Wishes
from tests import builders
from tests.notified import conflict, team, told, wish

pytestmark = pytest.mark.django_db
LIST, SETTINGS = "/notifications/", "/notifications/settings/"


@pytest.fixture
def people():
    review, lead, one, two, judge = team()
    conflict(review, one, two)
    notifying.look()
    return review, lead, one, two, judge


@pytest.fixture
def judge(people, client):
    client.force_login(people[4])
    return people[4]


def bell(client, page="/reviews/"):
    return client.get(page).content.decode().partition("<notice-bell")[2].partition("</notice-bell>")[0]


def test_the_bell_counts_what_is_unread_on_every_page(client, judge, people):
    assert 'data-unread="1"' in bell(client)
    assert ": 1 unread" in bell(client)
    assert 'data-unread="1"' in bell(client, people[0].get_absolute_url())
    assert client.get("/notifications/count/").json() == {"unread": 1, "most": 100}
    client.force_login(people[1])
    assert 'data-unread="0"' in bell(client)
    assert client.get("/notifications/count/").json()["unread"] == 0


def test_the_bell_costs_one_query_and_a_visitor_none(client, judge, django_assert_num_queries):
    client.get(SETTINGS)
    with django_assert_num_queries(3):  # session, user, count
        client.get("/notifications/count/")
    with django_assert_num_queries(0):
        assert "<notice-bell" not in Client().get("/accounts/login/").content.decode()


def test_opening_one_marks_it_as_read_and_leads_to_what_it_tells_of(client, judge, people):
    row = Notification.objects.get()
    answer = client.get(f"/notifications/{row.pk}/")
    assert answer["Location"] == reverse("screening:conflicts", args=[people[0].pk])
    assert told(judge) == []


def test_a_browser_that_looks_ahead_has_not_read(client, judge):
    client.get(f"/notifications/{Notification.objects.get().pk}/", headers={"Sec-Purpose": "prefetch"})
    assert len(told(judge)) == 1


def test_the_list_shows_the_sentence_the_review_and_what_is_new(client, judge):
    text = client.get(LIST).content.decode()
    assert "1 conflict waits for you at title and abstract." in text
    assert "Gliflozins" in text
    assert "New: " in text
    client.post(f"/notifications/{Notification.objects.get().pk}/read/")
    assert "New: " not in client.get(LIST).content.decode()
    assert "Nothing new" in client.get(LIST, {"show": "unread"}).content.decode()


def test_all_are_marked_as_read_at_once(client, judge, people):
    row = Notification.objects.get()
    for stage in ("full_text", ""):
        Notification.objects.create(
            user=judge, review=people[0], kind="conflict", stage=stage or "title_abstract", created_at=row.created_at,
            updated_at=row.updated_at, read_at=None if stage else timezone.now(),
        )  # fmt: skip
    client.post("/notifications/read/")
    assert told(judge) == []


@pytest.mark.parametrize("who", [0, 1, 2])
def test_nobody_opens_reads_or_lists_somebody_else_s(client, people, who):
    """The lead, a reviewer of the same review, and an administrator."""
    _, lead, one, _, judge = people
    client.force_login([lead, one, builders.user(is_superuser=True, is_staff=True)][who])
    row = Notification.objects.get()
    assert client.get(f"/notifications/{row.pk}/").status_code == 404
    assert client.post(f"/notifications/{row.pk}/read/").status_code == 404
    client.post("/notifications/read/")
    assert len(told(judge)) == 1
    assert "1 conflict waits" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("address", [LIST, SETTINGS, "/notifications/count/", "/notifications/1/"])
def test_a_visitor_signs_in_first(address, db):
    assert Client().get(address)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("address", ["/notifications/read/", "/notifications/1/read/"])
def test_marking_as_read_takes_a_post_with_its_token(client, judge, address):
    assert client.get(address).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(judge)
    assert strict.post(address).status_code == 403


def test_who_left_the_review_sees_nothing_of_it_any_more(client, judge, people):
    people[0].memberships.filter(user=judge).delete()
    assert client.get("/notifications/count/").json()["unread"] == 0
    assert "Gliflozins" not in client.get(LIST).content.decode()
    assert client.get(f"/notifications/{Notification.objects.get().pk}/").status_code == 404


def test_the_list_takes_as_many_queries_for_one_row_as_for_three(client, judge, people, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(2):
        other = builders.review(reviewers=people[2:4], adjudicators=[judge])
        conflict(other, *people[2:4])
    notifying.look()
    with django_assert_num_queries(len(one)):
        assert (
            client.get(LIST).content.decode().count("1 conflict waits") == 3 * 2
        )  # the sentence, and its button's name


def test_a_title_with_markup_stays_text(client, judge, people):
    people[0].title = "<script>alert(1)</script>"
    people[0].save()
    assert "<script>alert" not in client.get(LIST).content.decode()


def settings_of(**fields):
    kinds = {f"{kind}-{channel}": "" for kind in NotificationKind for channel in ("in_app", "email")}
    return {"in_app": "on", "email": "daily", "digest_hour": "7", "time_zone": "", **kinds, **fields}


def test_settings_are_kept_kind_by_kind_and_shown_again(client, judge):
    chosen = settings_of(
        **{
            "email": "at_once",
            "digest_hour": "18",
            "time_zone": "Asia/Tokyo",
            "conflict-email": "off",
            "pilot-in_app": "no",
        }
    )
    assert client.post(SETTINGS, chosen).status_code == 302
    wishes = Wishes([judge.pk])
    assert wishes.of(judge.pk, "conflict").email == "off"
    assert wishes.of(judge.pk, "assigned").email == "at_once"
    assert (wishes.of(judge.pk, "pilot").in_app, wishes.of(judge.pk, "conflict").in_app) == (False, True)
    due = wishes.last_digest(judge.pk, datetime(2026, 5, 4, 12, tzinfo=timezone.get_default_timezone()))
    assert due.isoformat() == "2026-05-04T18:00:00+09:00"
    page = client.get(SETTINGS).content.decode()
    assert '<option value="Asia/Tokyo" selected>' in page
    assert client.post(SETTINGS, settings_of()).status_code == 302
    assert Wishes([judge.pk]).of(judge.pk, "conflict").email == "daily"


@pytest.mark.parametrize(
    "wrong", [{"email": "hourly"}, {"digest_hour": "24"}, {"time_zone": "../etc/passwd"}, {"pilot-email": "x"}]
)
def test_settings_that_can_t_be_are_refused_and_nothing_changes(client, judge, wrong):
    assert client.post(SETTINGS, settings_of(**wrong)).status_code == 200
    assert not NotificationSetting.objects.exists()


def test_a_kind_that_is_not_wanted_in_the_app_shows_nowhere_there(client, judge):
    wish(judge, "daily", kind="conflict", in_app=False)
    assert client.get("/notifications/count/").json()["unread"] == 0
    assert "1 conflict waits" not in client.get(LIST).content.decode()


def test_the_settings_page_says_what_keeps_e_mails_away(client, judge, settings):
    settings.MAIL_WORKS = False
    assert "sends no e-mail yet" in client.get(SETTINGS).content.decode()
    settings.MAIL_WORKS = True
    assert "E-mails go to judge@example.org" in client.get(SETTINGS).content.decode()
    Mail.objects.create(user=judge, status=MailStatus.FAILED)
    assert "was refused" in client.get(SETTINGS).content.decode()
    judge.email = ""
    judge.save()
    assert "has no e-mail address" in client.get(SETTINGS).content.decode()


def off(user):
    return letters.off_url(user.pk).partition("/notifications")[2].join(["/notifications", ""])


def test_the_link_in_an_e_mail_asks_first_and_then_turns_all_of_them_off_without_signing_in(people):
    judge, visitor = people[4], Client(enforce_csrf_checks=True)
    wish(judge, "at_once", kind="conflict", in_app=True)
    assert "Turn off e-mails?" in visitor.get(off(judge)).content.decode()
    assert Wishes([judge.pk]).of(judge.pk, "conflict").email == "at_once"
    assert "E-mails are off" in visitor.post(off(judge), {"List-Unsubscribe": "One-Click"}).content.decode()
    wishes = Wishes([judge.pk])
    assert {wishes.of(judge.pk, kind).email for kind in NotificationKind} == {"off"}
    assert wishes.of(judge.pk, "conflict").in_app
    assert Wishes([people[1].pk]).of(people[1].pk, "conflict").email == "daily"


def test_no_link_can_be_guessed_or_turned_into_another_person_s(people):
    judge, visitor = people[4], Client()
    token = off(judge).removeprefix("/notifications/off/").rstrip("/")
    value, stamp, signature = token.split(":")
    forged = [
        "x",
        f"{value}:{stamp}:{'A' * len(signature)}",
        f"{value[:-1]}{'B' if value.endswith('A') else 'A'}:{stamp}:{signature}",
        signing.dumps(people[1].pk, salt="another purpose"),
        signing.dumps("1; DROP", salt=letters.SALT),
    ]
    for wrong in forged:
        address = reverse("notifications:mail-off", args=[wrong])
        assert [visitor.get(address).status_code, visitor.post(address).status_code] == [404, 404]
    assert not NotificationSetting.objects.exists()


def test_an_administrator_who_is_in_no_team_is_told_nothing(client, people):
    administrator = builders.user(is_superuser=True, is_staff=True)
    notifying.look()
    assert told(administrator) == []
    builders.join(people[0], administrator, Role.ADJUDICATOR)
    notifying.look()
    assert len(told(administrator)) == 1
