"""Open pairs as people judge them: what hangs together is one cluster, the likeliest first (DED-05)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Case, Count, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from reviewapp import prepared
from screening.enums import CandidateStatus
from screening.models.merge import DuplicateCandidate, PairHold
from screening.models.review import Review
from screening.models.source import Source

KINDS = (CandidateStatus.DUPLICATE, CandidateStatus.SAME_STUDY, CandidateStatus.CORRECTION)


class Pair(NamedTuple):
    """An open pair by its id, with the two records that it is of by now."""

    id: int
    one: int
    two: int
    score: float


@dataclass(slots=True)
class Cluster:
    """Records that hang together by open pairs, the likeliest pair first."""

    pairs: list[Pair] = field(default_factory=list)

    @property
    def members(self) -> set[int]:
        return {end for pair in self.pairs for end in (pair.one, pair.two)}

    @property
    def place(self) -> tuple[float, int]:
        """Where it stands in the queue."""
        return _place(self.pairs[0])

    def touches(self, records: Collection[int]) -> bool:
        """Whether one of these records is in it."""
        return any(pair.one in records or pair.two in records for pair in self.pairs)

    def between(self, one: int, two: int) -> Pair | None:
        """The likeliest pair of these two records."""
        return next((pair for pair in self.pairs if {pair.one, pair.two} == {one, two}), None)

    def linked(self, record: int) -> list[int]:
        """The records that the engine asks about beside this one, the likeliest first."""
        others = (pair.two if pair.one == record else pair.one for pair in self.pairs if record in (pair.one, pair.two))
        return list(dict.fromkeys(others))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the queue is narrowed to: proposed kind, source, language. A cluster shows if one of its pairs fits."""

    kind: str = ""
    source: int = 0
    language: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Narrowing":
        """From a query; what makes no sense narrows nothing."""
        kind, source = asked.get("kind", ""), asked.get("source", "")
        known = kind if kind in KINDS else ""
        number = int(source) if source.isdecimal() and len(source) < 18 else 0
        return cls(known, number, asked.get("language", "").replace("\0", "")[:60])

    def __bool__(self) -> bool:
        return bool(self.kind or self.source or self.language)

    @property
    def query(self) -> str:
        """For an address: "" or "?kind=…"."""
        said = {name: value for name, value in (("kind", self.kind), ("source", self.source)) if value}
        if self.language:
            said["language"] = self.language
        return f"?{urlencode(said)}" if said else ""

    def fits(self) -> Q:
        found = Q(proposed=self.kind) if self.kind else Q()
        if self.source:
            found &= Q(first__citation__source=self.source) | Q(second__citation__source=self.source)
        if self.language:
            found &= Q(first__language=self.language) | Q(second__language=self.language)
        return found


EVERYTHING = Narrowing()


# Written out: 5,000 rows by the ORM, and their places in the queue, cost three times as much.
OPEN_PAIRS = """
SELECT c.id, COALESCE(a.merged_into_id, a.id), COALESCE(b.merged_into_id, b.id), c.score
  FROM screening_duplicatecandidate c
  JOIN screening_record a ON a.id = c.first_id JOIN screening_record b ON b.id = c.second_id
 WHERE c.review_id = %(review)s::bigint AND c.status = 'open' ORDER BY c.score DESC, c.id
"""


def clusters_of(review: Review, narrowing: Narrowing = EVERYTHING) -> list[Cluster]:
    """All open clusters, the likeliest first. One query, two where it is narrowed; 5,000 pairs take some 20 ms."""
    with prepared.cursor() as cursor:
        cursor.execute(OPEN_PAIRS, {"review": review.pk})
        pairs = [Pair(*row) for row in cursor.fetchall() if row[1] != row[2]]
    groups = _joined(pairs)
    if not narrowing:
        return groups  # in the order of their best pairs already
    fitting = set(_open(review).filter(narrowing.fits()).values_list("pk", flat=True))
    return [one for one in groups if any(pair.id in fitting for pair in one.pairs)]


def _joined(pairs: list[Pair]) -> list[Cluster]:
    """The groups of pairs, which come in the order of the queue, by their best pairs; the smaller joins the larger."""
    of: dict[int, list[Pair]] = {}
    mixed: set[int] = set()
    for pair in pairs:
        mine, theirs = of.get(pair.one), of.get(pair.two)
        if mine is None or (theirs is not None and len(theirs) > len(mine)):
            mine, theirs = theirs, mine
        if mine is None:
            mine = []
        elif theirs is not None and theirs is not mine:
            mine += theirs
            mixed.add(id(mine))
            of.update((end, mine) for other in theirs for end in (other.one, other.two))
        mine.append(pair)
        of[pair.one] = of[pair.two] = mine
    groups = list({id(group): group for group in of.values()}.values())
    for group in groups:
        if id(group) in mixed:
            group.sort(key=_place)
    return [Cluster(group) for group in sorted(groups, key=lambda group: _place(group[0]))]


def _place(pair: Pair) -> tuple[float, int]:
    return -pair.score, pair.id


def _open(review: Review) -> QuerySet[DuplicateCandidate]:
    return DuplicateCandidate.objects.filter(review=review, status=CandidateStatus.OPEN).order_by()


def special_in(cluster: Cluster) -> set[int]:
    """The records that the engine takes for a notice, a preprint, an entry … of another of the cluster. One query."""
    pairs = DuplicateCandidate.objects.filter(pk__in=[pair.id for pair in cluster.pairs]).exclude(sort="")
    special = Case(When(of_first=True, then="second_id"), default="first_id")
    into = Case(When(of_first=True, then="second__merged_into_id"), default="first__merged_into_id")
    return set(pairs.values_list(Coalesce(into, special), flat=True))


def cluster_with(clusters: Collection[Cluster], pair_id: int) -> Cluster | None:
    """The cluster that this pair belongs to."""
    return next((one for one in clusters if any(pair.id == pair_id for pair in one.pairs)), None)


def held_by_others(review: Review, user_id: int) -> dict[int, str]:
    """Pair id -> who looks at it just now, but for this person."""
    holds = PairHold.objects.filter(review=review, expires_at__gt=timezone.now()).exclude(user=user_id)
    return dict(holds.values_list("candidate_id", "user__username"))


def first_free(clusters: Collection[Cluster], held: Mapping[int, str]) -> Cluster | None:
    """The likeliest cluster that nobody else looks at; where all are looked at, the likeliest."""
    free = (one for one in clusters if held.keys().isdisjoint(pair.id for pair in one.pairs))
    return next(free, next(iter(clusters), None))


@dataclass(frozen=True, slots=True)
class Progress:
    """How many pairs people have been asked about, and how many of them wait."""

    judged: int
    left: int

    @property
    def total(self) -> int:
        return self.judged + self.left


def progress(review: Review) -> Progress:
    """One query."""
    left = Count("pk", filter=Q(status=CandidateStatus.OPEN))
    counts = DuplicateCandidate.objects.filter(review=review).aggregate(all=Count("pk"), left=left)
    return Progress(counts["all"] - counts["left"], counts["left"])


def choices(review: Review) -> dict[str, list[tuple[object, str]]]:
    """What the queue can be narrowed to, each as (value, label); a list of one says nothing and is left out."""
    kinds = set(_open(review).values_list("proposed", flat=True).distinct())
    firsts = _open(review).values_list("first__language", flat=True)
    languages = set(firsts.union(_open(review).values_list("second__language", flat=True)))
    found: dict[str, list[tuple[object, str]]] = {
        "kind": [(kind.value, str(kind.label)) for kind in KINDS if kind in kinds],
        "source": list(Source.objects.filter(review=review).values_list("pk", "name")),
        "language": [(language, language) for language in sorted(languages - {""})],
    }
    return {name: options if len(options) > 1 else [] for name, options in found.items()}
