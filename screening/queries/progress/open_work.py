"""What is left to do at a stage, and who waits for whom. One query, whatever the number of records."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from screening.enums import Oversight, StageStatus
from screening.models.stage import StageRule

ANYBODY, SENIOR, ASSISTANT = "anybody", "senior", "assistant"  # what a record may wait for besides a person's id
TO_SCREEN = (StageStatus.UNSCREENED, StageStatus.PARTIAL)
ELSEWHERE = (StageStatus.INACTIVE, StageStatus.NOT_RETRIEVED)

# Only open places are told apart by people: settled ones are most of a review, and make a row per status.
GROUPS = """
SELECT s.status, s.waived, coalesce(s.open AND p.id IS NOT NULL, false) AS piloted,
       CASE WHEN NOT s.open THEN 0 WHEN p.id IS NULL THEN s.needed - %(others)s ELSE s.needed END,
       s.open AND s.senior_missing,
       CASE WHEN s.open THEN s.voters ELSE '{}' END,
       CASE WHEN NOT s.open THEN '{}' WHEN p.id IS NOT NULL THEN p.reviewers ELSE s.assigned END,
       count(*), sum(s.needed)
  FROM (SELECT *, status IN ('unscreened', 'partial', 'conflict') AS open FROM screening_stagestate
         WHERE review_id = %(review)s AND stage = %(stage)s) s
  LEFT JOIN screening_pilotround p ON p.id = s.pilot_id AND p.closed_at IS NULL
 GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


@dataclass(frozen=True, slots=True)
class Group:
    """`n` places that stand alike. `meant` are the ids of those who are to screen them; anybody where it is empty.

    `needed` is how many opinions of people they need: one less where an assistant's counts as the second. `asked` is
    what all of them ask for, settled or not.
    """

    status: str
    waived: bool
    piloted: bool
    needed: int
    senior_missing: bool
    voters: list[int]
    meant: list[int]
    n: int
    asked: int

    @property
    def opinions_left(self) -> int:
        """Opinions that each of them still asks for, an adjudication not counted."""
        if self.status not in TO_SCREEN:
            return 0
        if self.piloted:
            return len(self.pending)
        return max(self.needed - len(self.voters), int(self.senior_missing or self.status == StageStatus.UNSCREENED))

    @property
    def pending(self) -> list[int]:
        """Those of the meant who have not spoken."""
        return [person for person in self.meant if person not in self.voters]


@dataclass(slots=True)
class Waiting:
    """One person: records that wait for others after them (`on`: user id, ANYBODY …), and that wait for them."""

    person: int
    screened: int = 0
    on: Counter[int | str] = field(default_factory=Counter)
    first: int = 0
    second: int = 0


@dataclass(frozen=True, slots=True)
class OpenWork:
    """A stage's places. `first`, `second` and `senior` are records by what they wait for next, `pilot` those of an
    open round (they are among the others too, as in the lists); `opinions` is what people are still to give."""

    groups: tuple[Group, ...]
    counts: dict[str, int]
    first: int
    second: int
    senior: int
    pilot: int
    waived: int
    opinions: int

    @property
    def asked(self) -> int:
        """Opinions that the stage's rules ask for over all records at it, given or not."""
        return sum(group.asked for group in self.groups if group.status not in ELSEWHERE)


def open_work(rule: StageRule) -> OpenWork:
    """Everything that is counted of a stage's places (the rule's review must be at hand)."""
    assistant = rule.oversight == Oversight.SECOND_REVIEWER and rule.review.ai_enabled
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, {"review": rule.review_id, "stage": rule.stage, "others": int(assistant)})
        groups = tuple(Group(*row) for row in cursor.fetchall())
    counts = Counter(dict.fromkeys(StageStatus.values, 0))
    for group in groups:
        counts[group.status] += group.n
    partial = [group for group in groups if group.status == StageStatus.PARTIAL]
    return OpenWork(
        groups,
        dict(counts),
        first=counts[StageStatus.UNSCREENED],
        second=_sum(group for group in partial if not group.senior_missing and not group.piloted),
        senior=_sum(group for group in partial if group.senior_missing),
        pilot=_sum(group for group in groups if group.piloted and group.status in TO_SCREEN),
        waived=_sum(group for group in groups if group.waived and group.status == StageStatus.EXCLUDED),
        opinions=sum(group.n * group.opinions_left for group in groups),
    )


def who_waits(groups: Iterable[Group]) -> list[Waiting]:
    """Each person that somebody waits for or that waits for somebody; those with most records waiting first.

    Where records are shared out, a record waits for each of its people who has not spoken. In an open queue it waits
    for anybody but those who have.
    """
    people: dict[int, Waiting] = {}
    for group in groups:
        if group.status not in TO_SCREEN:
            continue
        for voter in group.voters:
            if voter < 0:  # what was imported has nobody who waits
                continue
            waiting = people.setdefault(voter, Waiting(voter))
            waiting.screened += group.n
            for awaited in _awaited(group):
                waiting.on[awaited] += group.n
        for person in group.pending:
            waiting = people.setdefault(person, Waiting(person))
            if group.voters:
                waiting.second += group.n
            else:
                waiting.first += group.n
    return sorted(people.values(), key=lambda waiting: (-waiting.screened, -waiting.second, waiting.person))


def _awaited(group: Group) -> Sequence[int | str]:
    if group.senior_missing:  # told beside the people, though one of them may be it: so the number is that of its list
        return (*group.pending, SENIOR)
    if group.pending:
        return group.pending
    return (ANYBODY,) if group.opinions_left else (ASSISTANT,)


def _sum(groups: Iterable[Group]) -> int:
    return sum(group.n for group in groups)
