"""Budgets under workers that ask at the same moment: the limit is passed by none, and no call is missed."""

from time import monotonic
from unittest.mock import patch

import pytest
from django.db import connection, transaction

from audit import budgets, calls, integrity
from audit.models.model_call import ModelCall
from tests import assisting, builders
from tests.audit.test_budgets import ask, completion, limit
from tests.parallel import Parallel, at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_many_at_once_only_as_many_are_asked_as_the_limit_allows():
    record = builders.record(assisting.review())
    limit(record, daily_calls=3)
    with patch.object(calls, "complete", lambda *_: completion()):
        said = at_once(*[lambda: ask(record, None, patched=False)] * 8)
    assert sum(isinstance(one, budgets.BudgetSpentError) for one in said) == 5
    assert ModelCall.objects.count() == budgets.account(record.review_id).calls == 3


def test_a_call_that_is_being_written_while_the_first_limit_is_set_is_counted():
    record = builders.record(assisting.review())
    both = Parallel()
    with transaction.atomic():
        calls._begun(purpose="test", review_id=record.review_id, subject_type="x", subject_id=1, model="m",
                     prompt_sha256="0", reserved="0.5")  # fmt: skip
        both.start(lambda: limit(record, total_usd=5))
        until = monotonic() + 20
        while not waits_for_a_table():
            assert monotonic() < until, "nobody waits"
    both.finish()
    assert budgets.account(record.review_id).usd == ModelCall.objects.get().reserved
    assert not next(iter(integrity.verify(["budgets add up"]))).findings.bad


def waits_for_a_table() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'ShareRowExclusiveLock'")
        return bool(cursor.fetchone()[0])
