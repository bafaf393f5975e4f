"""How far people agree with one another: each two of them, and all together; on records, and on single criteria.

Counted from first blind words (`queries.team.blind_words`). On records `include` and `maybe` are one answer and
`exclude` the other; on a criterion the answers are that it speaks against the record, or that it does not.
"""

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from audit.agreement import Figure, Rate, ac1, ac1_of, alpha, fleiss, kappa, pabak, percent, percent_of, specific
from screening.models.protocol import Criterion
from screening.models.review import Review
from screening.queries.team.blind_words import DROP, KEEP, Pattern, Scope, Word, patterns
from screening.queries.team.numbers import names_of

AGAINST, FINE = True, False  # answers on a criterion


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people, by id and name, and how often which pair of answers came."""

    one: int
    other: int
    names: tuple[str, str]
    table: Counter[tuple[Hashable, Hashable]]
    answers: tuple[Hashable, Hashable]

    @property
    def n(self) -> int:
        """Records that both judged."""
        return self.table.total()

    @property
    def same(self) -> Rate:
        return percent(self.table)

    @property
    def kappa(self) -> Figure:
        return kappa(self.table)

    @property
    def pabak(self) -> Figure:
        return pabak(self.table)

    @property
    def ac1(self) -> Figure:
        return ac1(self.table)

    @property
    def positive(self) -> Figure:
        """Agreement on keeping a record; of a criterion, on its speaking against the record."""
        return specific(self.table, self.answers[0])

    @property
    def negative(self) -> Figure:
        """Agreement on excluding a record; of a criterion, on its not speaking against it."""
        return specific(self.table, self.answers[1])


@dataclass(frozen=True, slots=True)
class Together:
    """All people at once. `records` have a word of two people or more, `people` have a word on one of these. Records
    with one word are left out: they would make the intervals wider without anybody having disagreed.

    On `differ` of these records not all words are the same.
    """

    records: int
    differ: int
    people: int
    percent: Figure
    kappa: Figure
    ac1: Figure
    alpha: Figure


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of records, or of one criterion (`key`, `label`)."""

    pairs: list[Pair]
    together: Together
    key: str = ""
    label: str = ""

    def pair(self, one: int, other: int) -> Pair | None:
        """These two, if they have a record in common."""
        return next((pair for pair in self.pairs if {pair.one, pair.other} == {one, other}), None)


@dataclass(frozen=True, slots=True)
class StageAgreement:
    """On the records of a stage, and on each criterion that came up there, in the order of the protocol."""

    records: Agreement
    criteria: list[Agreement]


def at_stage(scope: Scope) -> StageAgreement:
    """Everything about a stage, or about a pilot round. Four queries, whatever the number of records and people."""
    found = patterns(scope)
    names = names_of({word.author for words, _ in found for word in words})
    records = _agreement(found, names, _side, (KEEP, DROP))
    criteria = [
        _agreement(found, names, partial(_on, key), (AGAINST, FINE), key, label)
        for key, label in labels_of(scope.review).items()
    ]
    return StageAgreement(records, [one for one in criteria if one.pairs])


def labels_of(review: Review) -> dict[str, str]:
    """Criterion key -> label as the newest version that has it says it; those of the version in force first."""
    labels: dict[str, str] = {}
    listed = Criterion.objects.filter(protocol__review=review).order_by("-protocol__number", "position")
    for key, label in listed.values_list("key", "label"):
        labels.setdefault(key, label)
    return labels


def _side(word: Word) -> str:
    return word.side


def _on(key: str, word: Word) -> bool | None:
    return word.judged.get(key)


def _agreement(
    found: list[Pattern],
    names: dict[int, str],
    answer: Callable[[Word], Hashable | None],
    answers: tuple[Hashable, Hashable],
    key: str = "",
    label: str = "",
) -> Agreement:
    tables: dict[tuple[int, int], Counter[tuple[Hashable, Hashable]]] = {}
    records: Counter[tuple[Hashable | None, ...]] = Counter()
    people: set[int] = set()
    for words, times in found:
        given = [(word.author, said) for word in words if (said := answer(word)) is not None]
        if (
            len(given) > 1
        ):  # who is alone on a record by design, as where a second reviewer is waived, says nothing here
            records[tuple(said for _, said in given)] += times
            people.update(author for author, _ in given)
        for (one, first), (other, second) in combinations(given, 2):
            tables.setdefault((one, other), Counter())[first, second] += times
    pairs = [Pair(one, other, (names[one], names[other]), table, answers) for (one, other), table in tables.items()]
    pairs.sort(key=lambda pair: (-pair.n, pair.names))
    return Agreement(pairs, _together(records, len(people)), key, label)


def _together(records: Counter[tuple[Hashable | None, ...]], people: int) -> Together:
    same = percent_of(records)
    differ = sum(times for said, times in records.items() if len(set(said)) > 1)
    return Together(same.n, differ, people, same, fleiss(records), ac1_of(records), alpha(records))
