"""E-mails by a real mail server: one for each person, at once or as a digest, never twice whatever happens."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.core import mail as django_mail
from django.db import connection
from django.utils import timezone

from reviewapp import mail as mail_settings
from screening.actions import letters, mailing, notices, notifying, telling
from screening.enums import MailStatus, NotificationKind, Role
from screening.models.notification import Mail, Notification
from screening.models.reviewer import Reviewer
from tests import builders, mail_server
from tests.notified import age, conflict, member, settle, team, told, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def inbox(settings):
    with mail_server.serving() as inbox:
        for name, value in mail_settings.settings_of(f"smtp://127.0.0.1:{inbox.port}").items():
            setattr(settings, name, value)
        settings.SITE_URL = "https://reviews.example.org"
        settings.DEFAULT_FROM_EMAIL = "reviews@example.org"
        yield inbox


@pytest.fixture
def people():
    return team()


def wait(people, *, more=1):
    """That many more conflicts wait for the adjudicator, who wants to know at once; told some minutes ago."""
    review, _, one, two, judge = people
    wish(judge)
    for _ in range(more):
        conflict(review, one, two)
    notifying.look()
    age(minutes=5)
    return judge


def ring():
    mailing.collect()
    return mailing.send_due()


def test_a_message_says_what_waits_where_it_is_and_how_to_turn_it_off(inbox, people):
    wait(people, more=2)
    assert ring() == 1
    message = inbox.messages[0]
    assert message["Subject"] == "Gliflozins: 2 conflicts wait for you at title and abstract"
    assert (message["From"], message["To"]) == ("reviews@example.org", "judge@example.org")
    off = message["List-Unsubscribe"].strip(" <>")
    assert off.startswith("https://reviews.example.org/notifications/off/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    opened = f"https://reviews.example.org/notifications/{Notification.objects.get().pk}/"
    for text in (inbox.text(), inbox.html()):
        assert "2 conflicts wait for you at title and abstract." in text
        assert "Gliflozins" in text
        assert opened in text
        assert off in text


def test_once_sent_it_is_not_sent_again(inbox, people):
    wait(people)
    assert [ring() for _ in range(3)] == [1, 0, 0]
    age(hours=30)
    assert ring() == 0


def test_at_once_waits_for_what_comes_within_minutes_and_puts_it_into_one_message(inbox, people):
    review, _, one, two, judge = people
    wish(judge)
    telling.roles_changed(review=review, user=judge, roles=["adjudicator"], by=one)
    assert ring() == 0
    age(minutes=5)
    conflict(review, one, two)
    notifying.look()
    assert ring() == 1
    assert inbox.messages[0]["Subject"] == "Gliflozins: 2 notifications"


def test_more_of_the_same_is_mailed_again_after_an_hour_at_the_soonest(inbox, people):
    wait(people)
    ring()
    wait(people)
    assert ring() == 0
    age(hours=1)
    assert ring() == 1
    assert "2 conflicts wait" in inbox.text()


def test_what_was_read_or_settled_meanwhile_is_not_mailed(inbox, people):
    judge = wait(people)
    mailing.collect()
    notices.read(notifications=Notification.objects.all(), by=judge)
    assert mailing.send_due() == 0
    assert Mail.objects.get().status == MailStatus.DROPPED


def test_the_words_are_those_of_the_moment_of_sending(inbox, people):
    review, _, one, two, judge = people
    record = conflict(review, one, two)
    wait(people)
    mailing.collect()
    settle(record, judge)
    notifying.look()
    mailing.send_due()
    assert "1 conflict waits" in inbox.text()


@pytest.mark.parametrize(
    ("zone", "moment", "sent"),
    [
        ("Europe/Berlin", datetime(2026, 7, 2, 4, 59, tzinfo=UTC), 0),
        ("Europe/Berlin", datetime(2026, 7, 2, 5, 1, tzinfo=UTC), 1),  # 07:01 in summer
        ("Asia/Tokyo", datetime(2026, 7, 1, 22, 1, tzinfo=UTC), 1),  # 07:01 on the next day there
        ("America/New_York", datetime(2026, 7, 2, 10, 59, tzinfo=UTC), 0),
        ("", datetime(2026, 7, 2, 7, 1, tzinfo=UTC), 1),
        ("Nowhere/Gone", datetime(2026, 7, 2, 7, 1, tzinfo=UTC), 1),
    ],
)
def test_a_digest_comes_after_the_person_s_hour_in_their_zone(inbox, people, zone, moment, sent):
    judge = wait(people)
    wish(judge, "daily", time_zone=zone, digest_hour=7)
    came = datetime(2026, 7, 1, 21, 0, tzinfo=UTC)
    Notification.objects.update(created_at=came, updated_at=came)
    mailing.collect(now=moment)
    assert mailing.send_due() == sent


def test_what_comes_after_the_hour_waits_for_the_next_day(inbox, people):
    judge = wait(people)
    wish(judge, "daily", digest_hour=7)
    day = datetime(2026, 7, 2, tzinfo=UTC)
    Notification.objects.update(created_at=day.replace(hour=8), updated_at=day.replace(hour=8))
    assert mailing.collect(now=day.replace(hour=23)) == 0
    assert mailing.collect(now=day.replace(day=3, hour=9)) == 1  # and a clock that was stopped at seven makes up for it


def test_a_digest_is_one_message_over_all_reviews(inbox, people):
    _, _, one, two, judge = people
    other = builders.review(reviewers=[one, two], adjudicators=[judge], title="Statins")
    conflict(other, one, two)
    wait(people)
    wish(judge, "daily")
    age(hours=48)
    assert ring() == 1
    assert inbox.messages[0]["Subject"] == "2 reviews: 2 notifications"
    assert "Gliflozins" in inbox.text()
    assert "Statins" in inbox.text()


@pytest.mark.parametrize("kind", ["", "conflict"])
def test_off_is_off(inbox, people, kind):
    judge = wait(people)
    wish(judge, "off", kind=kind)
    age(hours=48)
    assert ring() == 0
    assert not Mail.objects.exists()


def test_a_kind_s_own_wish_goes_before_the_default(inbox, people):
    judge = wait(people)
    wish(judge, "off")
    wish(judge, "at_once", kind="conflict", in_app=None)
    assert ring() == 1


def test_what_shows_only_by_mail_counts_as_read_once_it_was_sent(inbox, people):
    judge = wait(people)
    wish(judge, "at_once", in_app=False)
    ring()
    assert told(judge) == []


RESCREENED = {"version": 2, "records": 3, "by": "A lead"}


def leaves(review, judge):
    review.memberships.filter(user=judge).delete()


def is_suspended(review, judge):
    """From screening: what asks for that is held back, and what asks to settle a conflict is not."""
    Notification.objects.filter(user=judge).update(kind=NotificationKind.RESCREENING, data={"facts": [RESCREENED]})
    Reviewer.objects.create(review=review, user=judge, suspended=True)


def is_closed(review, judge):
    judge.is_active = False
    judge.save()


def has_no_address(review, judge):
    judge.email = ""
    judge.save()


@pytest.mark.parametrize("happens", [leaves, is_suspended, is_closed, has_no_address])
@pytest.mark.parametrize("when", ["before", "after it was put into a mail"])
def test_who_left_or_is_away_gets_nothing_more(inbox, people, happens, when):
    judge = wait(people)
    if when != "before":
        mailing.collect()
    happens(people[0], judge)
    assert ring() == 0
    assert inbox.messages == []


def test_who_comes_back_gets_what_was_held_back(inbox, people):
    judge = wait(people)
    mailing.collect()
    is_suspended(people[0], judge)
    ring()
    Reviewer.objects.update(suspended=False)
    assert ring() == 1


@pytest.mark.parametrize(
    "address", ["gone@example.org", "no address at all", "a@b@c", "new\nline@example.org", "x@" + "d" * 80]
)
def test_an_address_that_is_refused_holds_up_no_other(inbox, people, address):
    review, *_, judge = people
    inbox.refusals["gone@example.org"] = "550 no such user"
    bad = member(review, "bad", Role.ADJUDICATOR)
    bad.email = address
    bad.save()
    wish(bad)
    wait(people)
    mailing.collect()
    Mail.objects.filter(user=judge).update(not_before=timezone.now())  # the bad one is first in some order
    assert mailing.send_due() == 1
    assert inbox.to == ["judge@example.org"]
    given_up = Mail.objects.get(user=bad)
    assert given_up.status == MailStatus.FAILED
    assert given_up.error
    age(hours=48)
    assert ring() == 0


def test_what_is_new_after_a_refusal_is_tried_again(inbox, people):
    inbox.refusals["judge@example.org"] = "550 no such user"
    wait(people)
    ring()
    inbox.refusals.clear()
    wait(people)
    assert ring() == 1


@pytest.mark.parametrize("busy", ["451 later", "452 full"])
def test_a_server_that_is_busy_is_asked_again_later_with_the_same_message_id(inbox, people, busy):
    wait(people)
    inbox.data_answer = busy
    assert ring() == 0
    row = Mail.objects.get()
    assert (row.status, row.attempts) == (MailStatus.WAITING, 1)
    assert row.not_before > timezone.now() + timedelta(seconds=30)
    inbox.data_answer = "250 taken"
    assert ring() == 0  # not yet
    Mail.objects.update(not_before=None)
    assert ring() == 1
    assert inbox.messages[0]["Message-ID"] == f"<{row.message_id}@reviews.example.org>"


def test_a_server_that_is_away_stops_the_round_and_loses_nothing(inbox, people, settings):
    settings.EMAIL_PORT = 9
    review, *_ = people
    wish(member(review, "second", Role.ADJUDICATOR))
    wait(people)
    assert ring() == 0
    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 1]
    settings.EMAIL_PORT = inbox.port
    Mail.objects.update(not_before=None)
    assert ring() == 2


def test_tries_come_to_an_end(inbox, people):
    wait(people)
    mailing.collect()
    Mail.objects.update(attempts=mailing.MOST_ATTEMPTS - 1)
    inbox.data_answer = "451 later"
    assert mailing.send_due() == 0
    assert Mail.objects.get().status == MailStatus.FAILED


def test_a_server_that_hangs_up_has_taken_nothing(inbox, people):
    wait(people)
    inbox.hangs_up = True
    ring()
    assert Mail.objects.get().status == MailStatus.WAITING


def kill(monkeypatch, place, name):
    def dies(*_, **__):
        raise SystemExit

    monkeypatch.setattr(place, name, dies)


def test_killed_between_claim_and_send_it_is_sent_once_by_another(inbox, people, monkeypatch):
    wait(people)
    mailing.collect()
    with monkeypatch.context() as patch:
        kill(patch, letters, "write")
        with pytest.raises(SystemExit):
            mailing.send_due()
    assert Mail.objects.get().status == MailStatus.CLAIMED
    assert ring() == 0  # its worker may be alive
    Mail.objects.update(claimed_at=timezone.now() - mailing.ABANDONED - timedelta(seconds=1))
    assert [ring(), ring()] == [1, 0]
    assert len(inbox.messages) == 1


def test_killed_after_the_server_took_it_it_is_not_sent_again(inbox, people, monkeypatch):
    wait(people)
    mailing.collect()
    with monkeypatch.context() as patch:
        kill(patch, mailing, "_went_out")
        with pytest.raises(SystemExit):
            mailing.send_due()
    Mail.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
    age(hours=48)
    assert ring() == 0
    assert Mail.objects.get().status == MailStatus.UNKNOWN
    assert len(inbox.messages) == 1


def test_a_worker_that_wakes_late_leaves_the_mail_to_the_one_who_took_it_over(inbox, people, monkeypatch):
    wait(people)
    mailing.collect()
    write = letters.write

    def sleeps(mail):
        Mail.objects.update(attempts=mail.attempts + 1)  # meanwhile another has claimed it
        return write(mail)

    monkeypatch.setattr(letters, "write", sleeps)
    assert mailing.send_due() == 0
    assert inbox.messages == []


def test_whether_the_server_says_goodbye_changes_nothing(inbox, people, monkeypatch):
    class Rude(django_mail.get_connection().__class__):
        def close(self):
            super().close()
            raise OSError("gone")

    monkeypatch.setattr(django_mail, "get_connection", Rude)
    wait(people)
    assert [ring(), ring()] == [1, 0]


def test_without_a_mail_server_nothing_pretends_to_have_been_sent(people, settings):
    settings.EMAIL_BACKEND = "reviewapp.mail_unset.EmailBackend"
    wait(people)
    assert ring() == 0
    assert "EMAIL_URL" in Mail.objects.get().error


@pytest.mark.parametrize(
    "title",
    [
        "Bcc: victim@example.org\r\nX-Evil: yes",
        "line\nbreak\x00\x1b[31m\u2028next",
        "\u202egro.live",
        "<script>alert(1)</script> & <b>bold</b>",
        "é" * 300,
    ],
)
def test_a_title_that_somebody_wrote_stays_text_in_one_line(inbox, people, title):
    review, lead, *_ = people
    review.title = title[:300].replace("\x00", "")  # PostgreSQL keeps no NUL
    review.save()
    lead.first_name = "Lee\nBcc: x@example.org"[:150]
    lead.save()
    wait(people)
    ring()
    message = inbox.messages[0]
    assert message["X-Evil"] is None
    assert message["Bcc"] is None
    subject = message["Subject"].strip()  # Python folds a long one after the name of the header
    assert len(subject) <= letters.LONGEST_SUBJECT
    assert subject.endswith(": 1 conflict waits for you at title and abstract")
    assert not {"\n", "\r", "\x1b", "\u2028", "\u202e"} & set(subject)
    assert "\u202e" not in inbox.text() + inbox.html()
    assert "<script" not in inbox.html()
    assert "<b>" not in inbox.html()


def test_collecting_asks_as_often_for_three_people_as_for_one_except_for_their_mails(
    people, django_assert_max_num_queries
):
    review, *_ = people
    for name in ("second", "third"):
        wish(member(review, name, Role.ADJUDICATOR))
    wait(people)
    with django_assert_max_num_queries(6 + 3 * 3):
        assert mailing.collect() == 3
    with django_assert_max_num_queries(6):
        assert mailing.collect() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(inbox):
    review, *rest = team()
    for number in range(6):
        wish(member(review, f"judge{number}", Role.ADJUDICATOR))
    wait((review, *rest))
    together = threading.Barrier(3)

    def work():
        together.wait()
        try:
            ring()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    ring()
    assert len(inbox.to) == len(set(inbox.to)) == 7
    assert set(Mail.objects.values_list("status", flat=True)) == {MailStatus.SENT}


def test_mails_wait_for_another_machine_in_the_queue_of_those_who_wait():
    assert django_settings.CELERY_TASK_ROUTES["screening.send_mails"] == {"queue": "llm"}
    assert django_settings.CELERY_BEAT_SCHEDULE["notify"]["task"] == "screening.notify"
