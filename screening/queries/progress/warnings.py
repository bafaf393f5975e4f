"""What stops a review until a lead acts: a sentence each, and where to act.

The number of queries is the same for any number of records and people: one for each stage, six for the review.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone

from screening.enums import Role, Stage, StageStatus
from screening.models.review import Membership
from screening.models.stage import Reservation, StageRule
from screening.queries.progress.open_work import TO_SCREEN, Group, OpenWork, open_work
from screening.queries.team.numbers import names_of
from screening.queries.team.team import ActiveReviewer, active_reviewers

# A reservation lasts half an hour from when it is given: one that ends within so much was taken long ago.
NEARLY_OVER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`code` stays the same while it is so; `url` is where to act, `label` what is there, `records` the list behind.

    `named`: it says of a person how many records wait for them, which is not for everybody (SCR-11).
    """

    code: str
    stage: str
    sentence: str
    url: str
    label: str
    records: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True)
class _Scene:
    """What the warnings of one stage are drawn from."""

    review_id: int
    rule: StageRule
    work: OpenWork
    active: dict[int, ActiveReviewer]
    adjudicators: frozenset[int]
    names: dict[int, str]

    def warning(self, code: str, sentence: str, *, url: str, label: str, **query: str) -> Obstacle:
        records = reverse("screening:records", args=[self.review_id])
        asked = urlencode({"stage": self.rule.stage} | query) if query else ""
        return Obstacle(code, self.rule.stage, sentence, url, label, f"{records}?{asked}" if asked else "")

    @property
    def stage(self) -> str:
        return Stage(self.rule.stage).label.lower()

    @property
    def team(self) -> str:
        return reverse("screening:team", args=[self.review_id])

    @property
    def pilots(self) -> str:
        return reverse("screening:pilots", args=[self.review_id])

    @property
    def rules(self) -> str:
        return reverse("screening:settings", args=[self.review_id])


def obstacles(review_id: int, work: Mapping[str, OpenWork] | None = None) -> list[Obstacle]:
    """Everything to be acted on in a review, title and abstract first. `work` saves counting what was counted."""
    rules = {rule.stage: rule for rule in StageRule.objects.filter(review_id=review_id).select_related("review")}
    counted = work or {stage: open_work(rule) for stage, rule in rules.items()}
    active = {person.user_id: person for person in active_reviewers(review_id)}
    adjudicators = _adjudicators(review_id)
    held = _in_hand(review_id)
    people = {person for one in counted.values() for group in one.groups for person in group.pending}
    names = names_of(people | {person for listed in held.values() for person in listed})
    found: list[Obstacle] = []
    for stage in Stage:
        if stage in rules and stage in counted:
            judges = adjudicators & set(rules[stage].adjudicators or adjudicators)
            scene = _Scene(review_id, rules[stage], counted[stage], active, judges, names)
            found += [*_conflicts(scene), *_senior(scene), *_shares(scene), *_nobody(scene), *_held(scene, held)]
    return found


def _adjudicators(review_id: int) -> frozenset[int]:
    """Those who may adjudicate; a suspension is from screening alone."""
    members = Membership.objects.filter(review_id=review_id, role=Role.ADJUDICATOR, user__is_active=True)
    return frozenset(members.values_list("user_id", flat=True))


def _conflicts(scene: _Scene) -> Iterator[Obstacle]:
    """Conflicts that nobody may settle."""
    in_conflict = [group for group in scene.work.groups if group.status == StageStatus.CONFLICT]
    listed = {"status": str(StageStatus.CONFLICT)}
    if not scene.adjudicators:
        if n := sum(group.n for group in in_conflict):
            n_are, named = _records(n, "is", "are"), scene.rule.adjudicators
            mend = "none of those named for it is an adjudicator now: name others" if named else "name an adjudicator"
            said = f"{n_are} in conflict at {scene.stage}, and nobody may settle them: {mend}."
            url, label = (scene.rules, "Rules of the stages") if named else (scene.team, "Team")
            yield scene.warning("no-adjudicator", said, url=url, label=label, **listed)
        return
    n = sum(group.n for group in in_conflict if scene.adjudicators <= set(group.voters))
    if n and not scene.rule.own_conflicts:
        said = (
            f"{_records(n, 'is', 'are')} in conflict at {scene.stage} between all who may adjudicate, and the "
            "stage's rule lets nobody settle a conflict of their own: name another adjudicator, or change the rule."
        )
        yield scene.warning("own-conflicts", said, url=scene.team, label="Team", **listed)


def _senior(scene: _Scene) -> Iterator[Obstacle]:
    """Records that wait for a senior reviewer while none is active."""
    waiting = [group for group in scene.work.groups if group.senior_missing and group.status in TO_SCREEN]
    n = sum(group.n for group in waiting)
    if n and not any(person.senior for person in scene.active.values()):
        said = (
            f"{_records(n, 'waits', 'wait')} for a senior reviewer at {scene.stage}, and none is active: "
            "say on the team page who is one, or change the rule."
        )
        yield scene.warning("no-senior", said, url=scene.team, label="Team", waits_for="senior")


def _shares(scene: _Scene) -> Iterator[Obstacle]:
    """Records that are meant for people who don't screen any more."""
    lost: Counter[tuple[bool, int]] = Counter()
    for group in scene.work.groups:
        for person in group.pending if group.status in TO_SCREEN else ():
            if person not in scene.active:
                lost[group.piloted, person] += group.n
    for (piloted, person), n in sorted(lost.items()):
        name = scene.names.get(person, "somebody who left")
        if piloted:
            said = f"The pilot round at {scene.stage} waits for {name}, who does not screen now: {_records(n, '', '')}."
        else:
            said = (
                f"{_records(n, 'waits', 'wait')} at {scene.stage} for {name}, who does not screen now: share them out."
            )
        code = f"{'pilot' if piloted else 'share'}-{person}"
        url, label = (scene.pilots, "Pilot rounds") if piloted else (scene.team, "Team")
        yield replace(scene.warning(code, said, url=url, label=label, waits_for=str(person)), named=True)


def _nobody(scene: _Scene) -> Iterator[Obstacle]:
    """Records whose next opinion nobody can give."""
    waiting = [group for group in scene.work.groups if group.status in TO_SCREEN and not group.piloted]
    n = sum(group.n for group in waiting)
    if n and not scene.active:
        said = f"{_records(n, 'waits', 'wait')} at {scene.stage}, and nobody screens: make somebody a reviewer."
        yield scene.warning("nobody", said, url=scene.team, label="Team", status=str(StageStatus.UNSCREENED))
        return
    stuck = [group for group in waiting if _stuck(group, set(scene.active))]
    if m := sum(group.n for group in stuck):
        said = (
            f"{_records(m, 'needs', 'need')} more opinions at {scene.stage} than there are active reviewers who have "
            "not given theirs: add a reviewer, or let the stage ask for one opinion."
        )
        partial = all(group.status == StageStatus.PARTIAL for group in stuck)
        status = StageStatus.PARTIAL if partial else StageStatus.UNSCREENED
        yield scene.warning("too-few", said, url=scene.rules, label="Rules of the stages", status=str(status))


def _stuck(group: Group, active: set[int]) -> bool:
    """Whether fewer people can still speak than opinions are needed; shares of people who left are told elsewhere."""
    can = (active & set(group.meant) if group.meant else active) - set(group.voters)
    lost = [person for person in group.pending if person not in active]
    return not lost and len(can) < group.opinions_left


def _held(scene: _Scene, held: Mapping[str, Mapping[int, int]]) -> Iterator[Obstacle]:
    """Records that somebody has had in hand for long, where they are the last: others find nothing to do."""
    here = held.get(scene.rule.stage, {})
    n = sum(here.values())
    if n and n >= scene.work.opinions:
        who = " and ".join(sorted(scene.names.get(person, "somebody") for person in here))
        said = (
            f"All that is left at {scene.stage} ({_records(n, '', '')}) has been in the hands of {who} for over "
            "20 minutes: ask them to go on. What they leave comes free within 10 minutes."
        )
        yield replace(scene.warning("held", said, url=scene.team, label="Team", in_hand="1"), named=True)


def _in_hand(review_id: int) -> dict[str, dict[int, int]]:
    """Stage -> reviewer -> records in hand, where all that this person holds there was taken long ago. One query."""
    now = timezone.now()
    rows = (
        Reservation.objects.filter(state__review_id=review_id, expires_at__gt=now)
        .values_list("state__stage", "reviewer_id")
        .annotate(n=Count("id"), last=Max("expires_at"))
    )
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for stage, person, n, last in rows:
        if last < now + NEARLY_OVER:
            found[stage][person] = n
    return found


def _records(n: int, one: str, many: str) -> str:
    """ "1 record is", "3 records are"; "3 records" where no verb is given."""
    return f"{n:,} record{'' if n == 1 else 's'} {one if n == 1 else many}".rstrip()
