"""What an e-mail says: one message for one person, made of their unread notifications at the moment of sending."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from screening.enums import MailWish
from screening.models.notification import Mail
from screening.queries.telling.mailable import mailable
from screening.queries.telling.notices import Notice, notice
from screening.queries.telling.wishes import Wishes

SALT = "screening.mail-off"
LONGEST_SUBJECT = 150
# Turns of the writing direction could make a line read as what it is not.
UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message, the notifications it tells of, as they were `at`, and those of them that show nowhere else."""

    message: EmailMultiAlternatives
    told: list[int]
    only_mailed: list[int]
    at: datetime


def write(mail: Mail) -> Letter | None:
    """The message, or None when nothing is left to say: all was read, or the person left or wants no mail any more."""
    at, wishes = timezone.now(), Wishes([mail.user_id])
    rows = mailable().filter(mail=mail).select_related("review")
    wanted = [row for row in rows if wishes.of(mail.user_id, row.kind).email != MailWish.OFF]
    if not wanted:
        return None
    hidden = [row.pk for row in wanted if not wishes.of(mail.user_id, row.kind).in_app]
    return Letter(_message(mail, [notice(row) for row in wanted]), [row.pk for row in wanted], hidden, at)


def off_url(user_id: int) -> str:
    """The address at which this person's e-mails are turned off, without signing in; nobody can guess it."""
    return _whole(reverse("notifications:mail-off", args=[signing.dumps(user_id, salt=SALT)]))


def whose(token: str) -> int:
    """Whose e-mails a token turns off. Raises signing.BadSignature for one that we did not make."""
    user_id = signing.loads(token, salt=SALT)
    if not isinstance(user_id, int):
        raise signing.BadSignature("not a person's id")
    return user_id


def one_line(text: str) -> str:
    """Text that people wrote, fit for a header or a line: no breaks, no control characters, no turned direction."""
    plain = "".join(" " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character for character in text)
    return " ".join(UNSEEN.sub("", plain).split())


def _message(mail: Mail, notices: list[Notice]) -> EmailMultiAlternatives:
    context = {
        "name": one_line(mail.user.get_full_name() or mail.user.get_username()),
        "site": settings.SITE_URL,
        "reviews": [
            {"title": one_line(title), "notices": [_shown(one) for one in group]}
            for (_, title), group in groupby(notices, key=lambda one: (one.row.review_id, one.row.review.title))
        ],
        "settings_url": _whole(reverse("notifications:settings")),
        "off_url": off_url(mail.user_id),
    }
    host = urlsplit(settings.SITE_URL).hostname
    message = EmailMultiAlternatives(
        subject=_subject(notices),
        body=render_to_string("mail/notices.txt", context),
        to=[mail.user.email],
        headers={
            "Message-ID": f"<{mail.message_id}@{host}>",
            "List-Unsubscribe": f"<{context['off_url']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("mail/notices.html", context), "text/html")
    return message


def _shown(one: Notice) -> dict[str, object]:
    return {
        "title": one_line(one.title),
        "more": [one_line(sentence) for sentence in one.more],
        "url": _whole(reverse("notifications:open", args=[one.row.pk])),
    }


def _subject(notices: list[Notice]) -> str:
    """The review and its one notice, or how many there are; a long title is cut, not what is said."""
    what = one_line(notices[0].title).rstrip(".") if len(notices) == 1 else f"{len(notices)} notifications"
    titles = {one.row.review_id: one.row.review.title for one in notices}
    where = one_line(next(iter(titles.values()))) if len(titles) == 1 else f"{len(titles)} reviews"
    room = max(20, LONGEST_SUBJECT - len(what) - 2)
    return f"{where if len(where) <= room else where[: room - 3] + '...'}: {what}"[:LONGEST_SUBJECT]


def _whole(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
