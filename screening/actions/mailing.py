"""From notifications to e-mails: which are due, one message for each person, and the sending of them.

The queue is rows of Mail. A row is claimed by compare-and-set, says `sending` before the message goes to the mail
server, and `sent` once the server took it. So a worker killed before is followed by another try; one killed amid is
not, as nobody can know whether the message left (the notification stays in the app).
"""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

import structlog
from django.core import mail as django_mail
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from reviewapp.queue import enqueue
from screening.actions import letters
from screening.enums import MailStatus, MailWish
from screening.models.notification import Mail, Notification
from screening.queries.telling.mailable import mailable
from screening.queries.telling.wishes import Wishes
from screening.running.claims import LOCKS

log = structlog.get_logger(__name__)

ONE_AT_A_TIME = f"SELECT pg_try_advisory_xact_lock({LOCKS - 3})"
COLLAPSE = timedelta(minutes=2)  # what comes within it goes into one message
AGAIN = timedelta(hours=1)  # between two mails at once about more of the same
ABANDONED = timedelta(minutes=10)  # a claim this old has no worker: each step with a mail server ends in 20 s
MOST_ATTEMPTS = 12
LONGEST_ERROR = 500  # characters
LONGEST_BACK_OFF = timedelta(hours=6)
CLAIM = """
UPDATE screening_mail SET status = 'claimed', attempts = attempts + 1, claimed_at = %(now)s WHERE id = (
    SELECT id FROM screening_mail WHERE status = 'waiting' AND (not_before IS NULL OR not_before <= %(now)s)
     ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id
"""


class ServerAwayError(Exception):
    """The mail server can't be reached or lets nobody in: what waits would fare no better."""


@transaction.atomic
def collect(*, now: datetime | None = None) -> int:
    """Put what is due into mails, one for each person, and ring for their sending; how many are new.

    At once: after COLLAPSE, and about more of the same no sooner than AGAIN. Daily: what came before the person's hour.
    """
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        if not cursor.fetchone()[0]:
            return 0
    pending: dict[int, list[Notification]] = defaultdict(list)
    for row in mailable().filter(Q(mail=None) | Q(mailed_at__lt=F("updated_at"), mailed_at__lte=now - AGAIN)):
        pending[row.user_id].append(row)
    wishes = Wishes(pending)
    made = sum(_put(user_id, _due(rows, wishes, user_id, now)) for user_id, rows in pending.items())
    if _open(now).exists():
        enqueue("screening.send_mails")
    return made


def _due(rows: list[Notification], wishes: Wishes, user_id: int, now: datetime) -> list[Notification]:
    """Those of a person's rows that are to be mailed now."""
    wished = {row: wishes.of(user_id, row.kind).email for row in rows}
    at_once = [row for row in rows if wished[row] == MailWish.AT_ONCE]
    if not any(row.mailed_at or row.created_at <= now - COLLAPSE for row in at_once):
        at_once = []
    boundary = wishes.last_digest(user_id, now)
    return at_once + [row for row in rows if wished[row] == MailWish.DAILY and row.updated_at < boundary]


def _put(user_id: int, rows: Sequence[Notification]) -> int:
    """Let a mail that nobody has begun carry these too, else a new one; whether it is new."""
    if not rows:
        return 0
    waiting = Mail.objects.select_for_update(skip_locked=True).filter(user=user_id, status=MailStatus.WAITING).first()
    mail = waiting or Mail.objects.create(user_id=user_id)
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mail=mail, mailed_at=None)
    return int(waiting is None)


def send_due() -> int:
    """Send what waits and is due; how many went out. Ends when the mail server can't be reached."""
    sweep()
    sent = 0
    try:
        while (mail := _claim()) is not None:
            sent += _send(mail)
    except ServerAwayError as error:
        log.warning("mail_server_away", why=str(error), mend="Mails wait in the database and are tried again.")
    return sent


def sweep() -> int:
    """Give claims back whose worker is gone; what was amid being sent is not tried again. How many were found."""
    gone = Mail.objects.filter(claimed_at__lt=timezone.now() - ABANDONED)
    written = gone.filter(status=MailStatus.CLAIMED)
    given_up = written.filter(attempts__gte=MOST_ATTEMPTS).update(
        status=MailStatus.FAILED, ended_at=timezone.now(), error="The worker stopped each time it wrote this mail."
    )
    back = written.update(status=MailStatus.WAITING)
    cut_off = gone.filter(status=MailStatus.SENDING).update(
        status=MailStatus.UNKNOWN, ended_at=timezone.now(), error="The worker stopped while it was being sent."
    )
    return given_up + back + cut_off


def _open(now: datetime) -> QuerySet[Mail]:
    late = Q(claimed_at__lt=now - ABANDONED, status__in=[MailStatus.CLAIMED, MailStatus.SENDING])
    due = Q(status=MailStatus.WAITING) & (Q(not_before=None) | Q(not_before__lte=now))
    return Mail.objects.filter(late | due)


def _claim() -> Mail | None:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": timezone.now()})
        row = cursor.fetchone()
    return Mail.objects.select_related("user").get(pk=row[0]) if row else None


def _send(mail: Mail) -> bool:
    """Write and send a claimed mail; whether it went out. Raises ServerAwayError after having put it back."""
    written = letters.write(mail)
    if written is None:
        _end(mail, MailStatus.DROPPED)
        return False
    server = django_mail.get_connection()
    try:
        server.open()
        if not _move(mail, status=MailStatus.SENDING):
            return False  # another took it over
        server.send_messages([written.message])
        _went_out(mail, written)
    except (SMTPRecipientsRefused, SMTPDataError) as error:
        _refused(mail, error)
        return False
    except ValueError as error:  # an address or header that can't be written down
        _fail(mail, error)
        return False
    except OSError as error:  # smtplib's others are among them: the server is away, or lets nobody in
        _put_back(mail, error)
        raise ServerAwayError(str(error)) from error
    finally:
        with suppress(OSError):  # it has the message: whether it says goodbye changes nothing
            server.close()
    return True


def _refused(mail: Mail, error: SMTPRecipientsRefused | SMTPDataError) -> None:
    """The server does not take this message: for good (5xx), or for now. The others go on."""
    codes = [error.smtp_code] if isinstance(error, SMTPDataError) else [code for code, _ in error.recipients.values()]
    if min(codes) >= 500:
        _fail(mail, error)
    else:
        _put_back(mail, error)


@transaction.atomic
def _went_out(mail: Mail, written: letters.Letter) -> None:
    """`mailed_at` is the moment that was written about: what came since is mailed another time."""
    rows = Notification.objects.filter(pk__in=written.told)
    rows.update(mailed_at=written.at)
    rows.filter(pk__in=written.only_mailed, read_at=None, updated_at__lte=written.at).update(read_at=written.at)
    _end(mail, MailStatus.SENT)


def _put_back(mail: Mail, error: Exception) -> None:
    """Another try later, each time after a longer while; after MOST_ATTEMPTS it is given up."""
    if mail.attempts >= MOST_ATTEMPTS:
        return _fail(mail, error)
    back_off = min(LONGEST_BACK_OFF, timedelta(minutes=2 ** min(mail.attempts - 1, 10)))
    why = f"Tried {mail.attempts} times: {error}"[:LONGEST_ERROR]
    log.warning("mail_put_back", mail=mail.pk, tries=mail.attempts, why=why)
    _move(mail, status=MailStatus.WAITING, not_before=timezone.now() + back_off, error=why)
    return None


def _fail(mail: Mail, error: Exception) -> None:
    log.error("mail_not_sent", mail=mail.pk, user=mail.user_id, why=str(error), mend="Look at the account's address.")
    _end(mail, MailStatus.FAILED, error=f"The mail server or the address refuses it: {error}"[:LONGEST_ERROR])


def _end(mail: Mail, status: MailStatus, *, error: str = "") -> None:
    """The end of our claim. What it carried and did not tell may go with another mail."""
    _move(mail, status=status, ended_at=timezone.now(), error=error)
    if status in (MailStatus.SENT, MailStatus.DROPPED):
        Notification.objects.filter(mail=mail, mailed_at=None).update(mail=None)


def _move(mail: Mail, **values: object) -> bool:
    """Change our claim, if it still is ours."""
    held = [MailStatus.CLAIMED, MailStatus.SENDING]
    ours = Mail.objects.filter(pk=mail.pk, attempts=mail.attempts, status__in=held)
    return bool(ours.update(**values))
