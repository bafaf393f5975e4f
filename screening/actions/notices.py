"""Notifications are written and read here. Nothing on the hot path comes by: no decision writes one."""

import json
from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from screening.enums import MailWish, NotificationKind
from screening.models.notification import Notification, NotificationSetting
from screening.queries.telling.wishes import Wishes

FACTS_KEPT = 5
# One unread row for each person, review, kind and stage: what is told again joins it (`adding`: beside what it told
# before) and makes it fresh. Mail that ended without having been sent is no reason not to send one for what is new.
TELL = f"""
INSERT INTO screening_notification AS n
       (user_id, review_id, kind, stage, data, told, count, created_at, updated_at)
SELECT person, %(review)s, %(kind)s, %(stage)s, jsonb_build_object('facts', %(facts)s::jsonb), %(told)s::jsonb,
       %(count)s,
       %(now)s, %(now)s FROM unnest(%(users)s::int[]) AS person
ON CONFLICT (user_id, review_id, kind, stage) WHERE read_at IS NULL DO UPDATE SET
   data = CASE WHEN %(adding)s THEN jsonb_build_object('facts', (
       SELECT jsonb_agg(fact ORDER BY place) FROM (
           SELECT fact, place FROM jsonb_array_elements(n.data->'facts' || %(facts)s::jsonb)
                  WITH ORDINALITY AS all_facts (fact, place) ORDER BY place DESC LIMIT {FACTS_KEPT}) AS kept))
       ELSE excluded.data END,
   count = CASE WHEN %(adding)s THEN n.count + excluded.count ELSE excluded.count END,
   told = excluded.told, updated_at = excluded.updated_at,
   mail_id = (SELECT m.id FROM screening_mail m
               WHERE m.id = n.mail_id AND m.status NOT IN ('failed', 'unknown', 'dropped'))
"""  # noqa: S608  (a constant of this file)


def tell(
    *,
    review_id: int,
    user_ids: Collection[int],
    kind: NotificationKind,
    facts: list[dict[str, Any]],
    stage: str = "",
    count: int = 1,
    told: Collection[str | int] = (),
    adding: bool = False,
) -> int:
    """Tell people, in the caller's transaction; how many are told. Who wants to hear nothing of it gets no row.

    `facts` are what `queries.telling.notices` makes sentences of: no titles, no verdicts, nothing that blinding hides.
    """
    wishes = Wishes(user_ids)
    told_to = sorted(user_id for user_id in user_ids if wishes.of(user_id, kind).any)
    if told_to:
        with connection.cursor() as cursor:
            cursor.execute(
                TELL,
                {
                    "users": told_to,
                    "review": review_id,
                    "kind": str(kind),
                    "stage": str(stage),
                    "facts": json.dumps(facts),
                    "told": json.dumps(sorted(told, key=str)),
                    "count": count,
                    "adding": adding,
                    "now": timezone.now(),
                },
            )
    return len(told_to)


def read(*, notifications: QuerySet[Notification], by: User) -> int:
    """Mark these as read, as far as they are this person's own and unread; how many were."""
    ours = Notification.objects.filter(pk__in=notifications.values("pk"), user=by, read_at=None)
    return ours.update(read_at=timezone.now())


@transaction.atomic
def set_wishes(*, wishes: dict[str, tuple[bool | None, str]], digest_hour: int, time_zone: str, by: User) -> None:
    """Kind ("" is the default for all) -> (in the app, by e-mail); None and "" leave it to the default."""
    for kind, (in_app, email) in wishes.items():
        values: dict[str, Any] = {"in_app": in_app, "email": email}
        if not kind:
            values |= {"digest_hour": digest_hour, "time_zone": time_zone}
        NotificationSetting.objects.update_or_create(user=by, kind=kind, defaults=values)


@transaction.atomic
def turn_mail_off(*, by: User) -> None:
    """No more e-mails of any kind, nor those that wait; what shows in the app stays as it is."""
    NotificationSetting.objects.update_or_create(user=by, kind="", defaults={"email": MailWish.OFF})
    NotificationSetting.objects.filter(user=by).exclude(kind="").update(email="")
