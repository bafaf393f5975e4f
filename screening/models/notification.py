"""What people are told without looking, how they want to be told, and the e-mails that tell them."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator
from django.db import models

from screening.enums import MailStatus, MailWish, NotificationKind, Stage
from screening.models.review import Review


class Mail(models.Model):
    """One e-mail to one person: a row of the queue (exempt from history). Its words are written when it is sent.

    Claimed by compare-and-set on `status` and `attempts`. `message_id` stays the same over all tries, so a mail server
    that got it twice can tell.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=8, choices=MailStatus, default=MailStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True, help_text="Back-off: not to be tried earlier.")
    claimed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    message_id = models.UUIDField(default=uuid4, editable=False)
    error = models.TextField(blank=True, help_text="Why it could not be sent, in a sentence.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], name="mail_open", condition=models.Q(status__in=["waiting", "claimed", "sending"])
            ),
            models.Index(fields=["user", "-id"], name="mail_of_user"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk} to {self.user_id}: {self.status}"


class Notification(models.Model):
    """Something of a review that a person should know; exempt from history, as it repeats what is on record elsewhere.

    At most one is unread for each user, review, kind and stage: what comes later joins it. `data` is
    {"facts": [what `queries.telling.notices` makes sentences of, the newest last]}. `told` names what the clock has
    told of (ids of places, names of alerts): only what is not in it is news. `count` is how many things it tells
    of, and `updated_at` when the last of them came. `mail` carries it; `mailed_at` is what moment of it was mailed.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=11, choices=NotificationKind)
    stage = models.CharField(max_length=14, choices=Stage, blank=True)
    data = models.JSONField(default=dict)
    told = models.JSONField(default=list)
    count = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.ForeignKey(Mail, on_delete=models.SET_NULL, null=True, blank=True, related_name="notifications")
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-updated_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "review", "kind", "stage"],
                condition=models.Q(read_at=None),
                name="one_unread_notification",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=NotificationKind.values), name="notification_kind_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-updated_at"], name="notification_of_user"),
            models.Index(fields=["kind", "user", "review", "stage", "-id"], name="notification_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of review {self.review_id} for {self.user_id}"


class NotificationSetting(models.Model):
    """How a person wants to be told of a kind; exempt from history, as it is their own and of no review.

    The row with an empty `kind` holds for every kind that has no row, or leaves `in_app` None or `email` empty.
    `digest_hour` and `time_zone` (empty: the server's) are read from that row alone: when the daily digest is sent.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=11, choices=NotificationKind, blank=True)
    in_app = models.BooleanField(null=True, blank=True)
    email = models.CharField(max_length=7, choices=MailWish, blank=True)
    digest_hour = models.PositiveSmallIntegerField(default=7, validators=[MaxValueValidator(23)])
    time_zone = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind"], name="notification_setting_once"),
            models.CheckConstraint(condition=models.Q(digest_hour__lte=23), name="digest_hour_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind or 'default'}: {self.email}"
