"""What a plot shows, and the tables behind the plots: one row a study (or a result of it), one column a domain."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from extraction.bias.instrument import Instrument, Level

OVERALL = "overall"
NOT_JUDGED = "Not judged yet"
NOT_CONFIRMED = Level("", "Not confirmed", "", "none")


@dataclass(frozen=True, slots=True)
class Mark:
    """A judgement in a plot: a level's code, and whether a person stands behind it or only the algorithm."""

    code: str
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A study, or a result of one. `weight` is its share in a meta-analysis, in any unit; None counts as 0 there."""

    name: str
    marks: Mapping[str, Mark] = field(default_factory=dict)
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A domain, or the overall judgement, with the levels that it knows: `head` over a mark, `short` over words."""

    key: str
    head: str
    short: str
    title: str
    levels: tuple[Level, ...]

    def level(self, mark: Mark | None) -> Level | None:
        """Return the level of a mark; None where there is no mark, or one that the instrument does not know."""
        return next((level for level in self.levels if mark and level.code == mark.code), None)


@dataclass(frozen=True, slots=True)
class Share:
    """How many rows have a level in a domain: `count` of them, and `part` (0 to 1) of all, weighted if so asked."""

    level: Level
    count: int
    part: Decimal


def columns(instrument: Instrument) -> tuple[Column, ...]:
    """Return the domains in order, then the overall judgement."""
    domains = (Column(d.key, d.key.upper(), d.short, d.title, d.levels) for d in instrument.domains)
    return (*domains, Column(OVERALL, "Overall", "Overall", instrument.overall_title, instrument.overall_levels))


def words(column: Column, mark: Mark | None) -> str:
    """Say a mark in words: "Low risk", "Low risk (proposed, not confirmed)" or "Not judged yet"."""
    level = column.level(mark)
    if level is None or mark is None:
        return NOT_JUDGED
    return level.label if mark.confirmed else f"{level.label} (proposed, not confirmed)"


def table_rows(instrument: Instrument, rows: Sequence[Row], *, what: str = "Study") -> Iterator[tuple[str, ...]]:
    """Yield the table behind the traffic-light plot, its heading first; marks in words."""
    heads = columns(instrument)
    yield (what, *(column.title for column in heads))
    for row in rows:
        yield (row.name, *(words(column, row.marks.get(column.key)) for column in heads))


def shares(column: Column, rows: Sequence[Row], *, weighted: bool = False) -> tuple[Share, ...]:
    """Return how the confirmed judgements of a domain are spread, what is not confirmed last; they add up to 1.

    Empty where there is no row, or no weight where weights are wanted.
    """
    weights = [(row.weight or Decimal(0)) if weighted else Decimal(1) for row in rows]
    total = sum(weights, Decimal(0))
    if not total:
        return ()
    found: dict[str, tuple[int, Decimal]] = {}
    for row, weight in zip(rows, weights, strict=True):
        mark = row.marks.get(column.key)
        level = column.level(mark) if mark and mark.confirmed else None
        count, sum_so_far = found.get(level.code if level else "", (0, Decimal(0)))
        found[level.code if level else ""] = (count + 1, sum_so_far + weight)
    everything = (*column.levels, NOT_CONFIRMED)
    return tuple(Share(x, found[x.code][0], found[x.code][1] / total) for x in everything if x.code in found)


def summary_rows(instrument: Instrument, rows: Sequence[Row], *, weighted: bool = False) -> Iterator[tuple[str, ...]]:
    """Yield the table behind the summary plot, its heading first: domain, judgement, count, percent to one decimal."""
    yield ("Domain", "Judgement", "Count", "Weighted percent" if weighted else "Percent")
    for column in columns(instrument):
        for share in shares(column, rows, weighted=weighted):
            yield (column.title, share.level.label, str(share.count), percent(share.part, 1))


def percent(part: Decimal, places: int = 0) -> str:
    """Write a share of 1 as percent: 0.125 is "12%" or "12.5"; the sign only where there are no decimals."""
    return f"{100 * part:.{places}f}" + ("" if places else "%")
