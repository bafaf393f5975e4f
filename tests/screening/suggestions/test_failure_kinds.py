"""A failed item says why by a code: the inbox and programs read no sentences for it."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from reviewapp.ai.errors import AIError, ModelAway, RateLimited, Refused, ReplyError, TooLong, Unreachable
from screening.actions import outcomes, runs
from screening.enums import FailureKind, ItemStatus
from screening.models.run import RunItem
from screening.running import claims, ends
from tests import assisting, builders
from tests.screening.machine_worlds import NOWHERE, fail, say

pytestmark = pytest.mark.django_db
SENTENCES = {
    "Nothing was sent: the model card is not approved.": "refused",
    "The provider of openai/x does not accept the key (HTTP 401).": "refused",
    "The provider of openai/x says that the account has no credit left.": "refused",
    "The text is longer than the model can read, says the provider of openai/x.": "too_long",
    "The provider of openai/x asks us to slow down. It was tried 12 times.": "limited",
    "The provider of openai/x is out of order (HTTP 408). It was tried 6 times.": "unreachable",
    "The provider of openai/x did not answer within 20 seconds. It was tried 6 times.": "unreachable",
    "The model left out a criterion, and so when it was asked once more. People judge this record.": "invalid_reply",
    "The panel has no opinion of this record, because not all of its models have one.": "member",
    "The worker stopped 5 times while it worked on this record.": "fault",
}


@pytest.fixture
def item():
    """An item of a language model's run."""
    review = assisting.review()
    builders.record(review)
    return assisting.start(assisting.llm(review, NOWHERE, "screener")).items.get()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Refused("no"), FailureKind.REFUSED),
        (ModelAway("no"), FailureKind.REFUSED),
        (TooLong("no"), FailureKind.TOO_LONG),
        (ReplyError("no"), FailureKind.INVALID_REPLY),
        (RateLimited("no"), FailureKind.LIMITED),
        (Unreachable("no"), FailureKind.UNREACHABLE),
        (AIError("no", permanent=False), FailureKind.FAULT),
        (ZeroDivisionError(), FailureKind.FAULT),
    ],
)
def test_whatever_ends_an_item_leaves_its_code(item, error, kind):
    RunItem.objects.filter(pk=item.pk).update(line_failures=20)

    def broken():
        raise error

    (ours,) = claims.claim([item.pk])
    ends.guarded(job=outcomes.job_of(item.run_id), claim=ours, work=broken)
    item.refresh_from_db()
    assert (item.status, item.failure) == (ItemStatus.FAILED, kind)


@pytest.mark.parametrize("members", ["exclude", "failed"])
def test_of_a_panel_one_code_stands_for_whoever_failed(members):
    review = assisting.review()
    builders.record(review)
    three = [assisting.llm(review, NOWHERE, f"member-{n}") for n in (1, 2, 3)]
    run = assisting.start(assisting.panel(review, *three[:2], adjudicator=three[2]))
    for one in run.items.filter(member__isnull=False):
        fail(one, "no") if members == "failed" else say(one, "exclude")
    own = run.items.get(member=None)
    if members == "exclude":
        fail(own, "does not accept the key (HTTP 401)")
    own.refresh_from_db()
    assert (own.status, own.failure) == (ItemStatus.FAILED, FailureKind.MEMBER)


def test_what_is_tried_again_has_none(item):
    fail(item, "no")
    runs.retry_failed(run=item.run, by=item.run.created_by)
    item.refresh_from_db()
    assert (item.status, item.failure) == (ItemStatus.WAITING, "")


def test_the_database_keeps_codes_from_what_has_not_failed(item):
    with pytest.raises(IntegrityError, match="only_what_failed_has_a_failure"), transaction.atomic():
        RunItem.objects.filter(pk=item.pk).update(failure="refused")


@pytest.mark.parametrize(("sentence", "kind"), SENTENCES.items())
def test_the_migration_reads_the_sentences_that_are_there(item, sentence, kind):
    RunItem.objects.filter(pk=item.pk).update(status=ItemStatus.FAILED, error=sentence)
    with connection.cursor() as cursor:
        cursor.execute(import_module("screening.migrations.0029_failures").TOLD)
    item.refresh_from_db()
    assert item.failure == kind
