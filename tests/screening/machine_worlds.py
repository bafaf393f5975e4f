"""One review, and two worlds of it that differ in nothing but what machines said: the scene of the leak walk (AI-02).

What is said goes the way of every reply: claimed, stored by the verb of its item, combined, adjudicated, failed.
"""

from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import User

from audit import budgets, calls
from audit.models.model_call import ModelCall
from reviewapp.ai.errors import Refused
from screening.actions import panels, prompts, rescreening, runs, trials
from screening.actions.outcomes import Opinion
from screening.enums import Facet, ItemStatus, Oversight, Stage
from screening.models.record import Record
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.models.stage import StageRule
from screening.models.suggestion import Suggestion
from screening.prompts.wordings import Wording
from screening.running import claims, ends
from screening.running.lifecycle import finish_if_done
from tests import assisting, builders

TA = Stage.TITLE_ABSTRACT
NAMES = ("settled", "half done", "in conflict", "open", "taken back", "anew", "asked again", "failed", "unreachable")
VOTED = ("settled", "half done", "in conflict")  # on which others have a word that counts
NOWHERE = SimpleNamespace(address="http://127.0.0.1:9/v1")  # nobody asks it


@dataclass(frozen=True)
class Scene:
    """A review in which `me`, with these roles, has no word that counts, and runs about which nothing was said yet."""

    review: Review
    records: dict[str, Record]
    me: User
    one: User
    local: Run
    panel: Run
    trial: Run
    mode: str


def scene(roles: tuple[str, ...], mode: str) -> Scene:
    """Records that others have voted on or not, that `me` took a vote back on, or is to screen anew."""
    me, one, two, boss = (builders.user(name) for name in ("me", "one", "two", "boss"))
    review = assisting.review(lead=boss, reviewers=[one, two])
    for role in roles:
        builders.join(review, me, role)
    records = {name: builders.record(review, title=f"A trial, {name}") for name in NAMES}
    for name, person, verdict in (
        ("settled", one, "include"), ("settled", two, "include"), ("half done", one, "include"),
        ("in conflict", one, "include"), ("in conflict", two, "exclude"), ("anew", me, "include"),
        ("taken back", me, "include"), ("taken back", me, "withdrawn"),
    ):  # fmt: skip
        builders.decide(records[name], person, verdict)
    builders.protocol(review, by=boss, criteria=(("adults", Facet.POPULATION), ("controlled", Facet.STUDY_DESIGN)))
    rescreening.begin(review=review, stage=TA, record_ids=[records["anew"].pk], by=boss, reason="Reworded")
    members = [assisting.llm(review, NOWHERE, f"member-{n}") for n in (1, 2)]  # type: ignore[arg-type]
    last = assisting.llm(review, NOWHERE, "adjudicator")  # type: ignore[arg-type]
    nurse = prompts.create(review=review, name="Nurse", wording=Wording("You read as a nurse."), by=boss)
    tried = [records["settled"].pk, records["open"].pk]
    trial = trials.start(version=nurse, assistant=members[0], by=boss, number=2, record_ids=tried)
    runs.prepare(run_id=trial.pk)
    limits: dict[str, Any] = {"daily_usd": None, "total_usd": None, "daily_calls": None, "total_calls": 1000}
    budgets.change(review_id=review.pk, by=boss, **limits)
    local = assisting.start(assisting.local(review), repeat_share=0)
    RunItem.objects.create(run=local, record=records["asked again"], repeat=1, status=ItemStatus.HELD)
    whole = assisting.start(assisting.panel(review, *members, adjudicator=last))
    StageRule.objects.filter(review=review).update(oversight=mode)
    return Scene(review, records, me, one, local, whole, Run.objects.get(pk=trial.pk), mode)


@dataclass(frozen=True)
class World:
    """What assistants say in it. In `verdict` "include" all is plain; in "exclude" there is all that can be told of.

    Where a mode lets a suggestion count, it differs only where nobody has voted: with a vote, the status follows from
    it. Where a mode lets it change the order of the queue, the scores are alike.
    """

    verdict: str

    def made(self, scene: Scene) -> None:
        """Everything that machines say of the scene."""
        for run in (scene.local, scene.trial, scene.panel):
            for item in run.items.filter(member=None, repeat=0).order_by("id").select_related("record"):
                name = item.record.title.removeprefix("A trial, ")
                verdict = "include" if name in self._alike(scene) else self.verdict
                self._of_record(scene, run, item, name, verdict)
        finish_if_done(run_id=scene.panel.pk)
        finish_if_done(run_id=scene.trial.pk)
        self._again(scene)
        if scene.mode == Oversight.BLIND_FIRST:
            self._others_saw_it(scene)

    def _alike(self, scene: Scene) -> tuple[str, ...]:
        return VOTED if scene.mode == Oversight.SECOND_REVIEWER else ()

    def _of_record(self, scene: Scene, run: Run, item: RunItem, name: str, verdict: str) -> None:
        """What is said of a record in a run: by the one engine, or by members and whoever adjudicates."""
        if run != scene.panel:
            say(item, verdict, calls=run == scene.trial)
            return
        first, second = run.items.filter(record=item.record, member__isnull=False).order_by("id")
        say(first, verdict, calls=True)
        if name == "unreachable":
            fail(second, "the server can't be reached")
        else:
            say(second, "maybe" if name == "open" and verdict != "include" else verdict, calls=True)
        item.refresh_from_db()
        if item.status != ItemStatus.WAITING:
            return  # combined at once, or failed with a member
        if name == "failed":
            fail(item, "member-3 does not accept the key (HTTP 401)")
        else:
            say(item, verdict, calls=True)

    def _again(self, scene: Scene) -> None:
        """The same question once more, which got another answer."""
        finish_if_done(run_id=scene.local.pk)
        again = scene.local.items.get(repeat=1)
        say(again, "include", flags=["unstable"] if self.verdict != "include" else [])
        finish_if_done(run_id=scene.local.pk)

    def _others_saw_it(self, scene: Scene) -> None:
        """Somebody looked at it after their vote, and stayed with what they had said."""
        for name in ("settled", "half done"):
            seen = Suggestion.objects.standing().filter(record=scene.records[name]).latest("id")
            why = {} if seen.proposed_verdict == "include" else {"override": "incorrect"}
            builders.decide(scene.records[name], scene.one, "include", citing_id=seen.pk, **why)


def say(item: RunItem, verdict: str, *, calls: bool = False, flags: list[str] | None = None) -> None:
    """An assistant's opinion of an item, stored as if a worker had it in hand; with its call if it `calls` a model."""
    (claim,) = claims.claim([item.pk])
    job = panels.job_for(claim)
    plain = verdict == "include"
    words = f"I would {verdict} it" + "" if plain else ", and here is much more to say of why that is so" * 20
    judged = "met" if plain else "not_met"
    opinion = Opinion(
        proposed_verdict=verdict,
        why=words,
        rationale=words,
        band="clear" if plain else "unsure",
        band_method="uncalibrated",
        score=0.5,
        judged=[(pk, judged, words, []) for pk, _ in job.criteria],
        flags=flags if flags is not None else [] if plain else ["instruction"],
        explanation={"basis": words},
        answered_by=job.assistant.model,
        call_id=called(item, words, 10 if plain else 4000) if calls else None,
        role="trial" if job.tried else "stands",
    )
    assert panels.store(job=job, claim=claim, opinion=opinion) is not None
    claims.release([item.pk])


def fail(item: RunItem, why: str) -> None:
    """The item's call was refused."""
    (claim,) = claims.claim([item.pk])
    called(item, "", 0, state="failed", error=why)
    ends.after(Refused(why), job=panels.job_for(claim), claim=claim)
    claims.release([item.pk])


def called(item: RunItem, reply: str, tokens: int, state: str = "answered", **fields: Any) -> int:
    """A call of an item, with its outcome: as long and as dear as what was said."""
    call = ModelCall.objects.create(
        purpose="screening",
        review_id=item.run.review_id,
        subject_type=RunItem._meta.label_lower,
        subject_id=item.pk,
        model="openai/x",
        prompt_sha256="0" * 64,
        reserved=1,
    )
    budgets.hold_for(call)
    spent = {"tokens_in": tokens, "tokens_out": tokens, "cost": Decimal(tokens) / 1000, "seconds": tokens / 100}
    calls._ended(call, state=state, reply=reply, **spent, **fields)
    return int(call.pk)
