"""A panel of two models screens a real set; its worker is killed twice and its broker restarted: everything adds up.

REVIEWAPP_PANEL_RECORDS=2000 takes as many records as the measured journey; without it, enough for the suite.
"""

import csv
import gzip
import os
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum

from audit import budgets
from audit.models.budget import Spending
from audit.models.model_call import ModelCall, ModelOutcome
from screening.actions import runs, stages, sweeping
from screening.enums import ItemStatus, RunStatus
from screening.models.decision import Decision
from screening.models.record import Record
from screening.models.run import Run, RunItem
from screening.models.suggestion import Suggestion
from screening.prompts.panel import Voice, combine
from screening.queries.assistants.stability import number_drawn
from screening.running import claims
from tests import assisting
from tests.assisting import model_server  # noqa: F401  (a fixture)

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "screening" / "Appenzeller-Herzog_2020.csv.gz"
RECORDS = int(os.environ.get("REVIEWAPP_PANEL_RECORDS", "100"))
SHARE = 6
OWN, MEMBERS = {"member": None, "repeat": 0}, {"member__isnull": False, "repeat": 0}
REPEATS = {"repeat": 1}

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not DATA.exists(), reason="The shared data is not beside the project."),
]


def until(true, *, seconds=60 + RECORDS // 4):
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "it took too long"
        time.sleep(0.05)


def a_review():
    """The first records of a published set, at title and abstract, in a review with a budget."""
    review = assisting.review(criteria=[("Wilson disease", "P"), ("penicillamine, trientine or zinc", "I")])
    csv.field_size_limit(10_000_000)
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        rows = [row for _, row in zip(range(RECORDS), csv.DictReader(lines), strict=False)]
    records = [Record.objects.create(review=review, title=row["title"], abstract=row["abstract"]) for row in rows]
    stages.open_stage(review=review, records=records, stage="title_abstract")
    limits = {"daily_usd": None, "total_usd": Decimal(100), "daily_calls": None, "total_calls": None}
    budgets.change(review_id=review.pk, by=review.created_by, **limits)
    return review


def test_calls_cost_and_suggestions_of_a_panel_add_up_after_two_kills_and_a_new_broker(
    start_worker,
    own_broker,
    model_server,  # noqa: F811
):
    review = a_review()
    names = ("first+delay-40", "second+met+delay-60")
    members = [assisting.llm(review, model_server, name, price_in=2, price_out=8) for name in names]
    panel = assisting.panel(review, *members)
    surroundings = {"CELERY_BROKER_URL": own_broker.address, "LLM_CALLS_IN_FLIGHT": "8"}

    def a_worker():
        return start_worker(concurrency=10, env=surroundings)

    def killed(worker):
        """Kill it while calls are in flight; how many were."""
        model_server.stats.hold_after = model_server.stats.calls
        until(lambda: model_server.stats.in_flight)
        worker.kill()
        model_server.stats.hold_after = None
        return ModelCall.objects.filter(outcome=None).count()

    def goes_on():
        """What the clock does half a minute later."""
        sweeping.return_abandoned(grace=claims.GRACE * 0)
        sweeping.sweep()

    worker = a_worker()
    stages_of = {"review": review, "stage": "title_abstract", "assistant": panel, "by": review.created_by}
    run = runs.start(**stages_of, repeat_share=SHARE)
    until(lambda: Suggestion.objects.count() >= RECORDS * 0.3)
    cut_off = killed(worker)
    assert cut_off
    worker = a_worker()
    goes_on()
    until(lambda: Suggestion.objects.count() >= RECORDS)
    own_broker.kill()
    own_broker.start()
    until(lambda: Suggestion.objects.count() >= RECORDS * 1.6)
    cut_off += killed(worker)
    a_worker()
    goes_on()

    def ended():
        sweeping.ring_again()
        return Run.objects.get(pk=run.pk).status == RunStatus.FINISHED

    until(ended)
    again = 2 * number_drawn(RECORDS, SHARE)
    everything(run, cut_off, again, model_server.stats.calls)
    for item_id in RunItem.objects.filter(run=run).order_by("id").values_list("id", flat=True)[:50]:
        assert not claims.claim([item_id])  # a bell that rings twice finds nothing
    assert not Decision.objects.exists()


def counted(run, **kind):
    return Counter(RunItem.objects.filter(run=run, **kind).values_list("status", flat=True))


def everything(run, cut_off, again, asked):
    """Items, suggestions, calls and money, each counted two ways."""
    own, members, repeats = (counted(run, **kind) for kind in (OWN, MEMBERS, REPEATS))
    assert (own.total(), members.total(), repeats.total()) == (RECORDS, 2 * RECORDS, again)
    assert set(own | members | repeats) <= {ItemStatus.DONE, ItemStatus.FAILED, ItemStatus.CANCELLED}
    spoilt = RunItem.objects.filter(run=run, member__isnull=False, repeat=0, status=ItemStatus.FAILED)
    assert own == Counter(done=RECORDS - own["failed"], failed=spoilt.values("record").distinct().count())
    assert RECORDS > 500 or not spoilt  # a few real texts have sentences that are too long for a quote
    roles = Counter(Suggestion.objects.values_list("role", flat=True))
    assert roles == Counter(member=members["done"], stands=own["done"], repeat=repeats["done"])

    outcomes = Counter(ModelOutcome.objects.values_list("state", flat=True))
    failed = members["failed"] + repeats["failed"]  # asked twice each, because the reply broke the form
    assert outcomes == Counter(answered=members["done"] + repeats["done"] + 2 * failed, unknown=cut_off)
    assert not ModelCall.objects.filter(outcome=None).exists()
    each = ModelOutcome.objects.filter(state="answered").values_list("call__subject_id", "call__attempt")
    assert len(each) == len(set(each)), "a call was made again although its reply had come"
    calls = ModelCall.objects.count()
    assert calls - cut_off <= asked <= calls  # one that was cut off may or may not have reached the server

    paid = ModelOutcome.objects.filter(state="answered").aggregate(usd=Sum("cost"))["usd"]
    held = ModelCall.objects.filter(outcome__state="unknown").aggregate(usd=Sum("reserved"))["usd"]
    spent = Spending.objects.aggregate(usd=Sum("usd"), calls=Sum("calls"))
    assert spent == {"usd": paid + held, "calls": calls}

    for one in Suggestion.objects.standing().filter(item__run=run):
        said = one.explanation["members"]
        voices = [Voice(word["suggestion"], word["assistant"], word["verdict"]) for word in said]
        assert len(voices) == 2
        assert one.proposed_verdict in {combine(voices).verdict, "maybe"}
        assert ("split" in one.flags) == combine(voices).split
