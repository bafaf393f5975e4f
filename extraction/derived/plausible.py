"""Checks of plausibility (EXT-07): each finding is a question to a person and changes nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Context, Decimal, localcontext

from extraction.derived import intervals, spreads
from extraction.derived.doubt import Doubt, Place
from extraction.derived.roles import Cell, cells
from extraction.derived.rounding import plain

EXACT = Context(prec=80)  # a percentage of two numbers of thirty digits, to two decimals


def plausible(values: Mapping[str, Decimal | date | str], roles: Mapping[str, str] | None = None) -> list[Doubt]:
    """Return what looks wrong in the values of a study, in a fixed order; [] where nothing does.

    `values`: cell key ("field@arm@measure") to number, date (also "2019" or "2019-03") or option key. `roles`: field
    key to role where the key's own words don't say it.
    """
    found = cells(values, roles or {})
    places = _places(found)
    with localcontext(EXACT):
        doubts = [doubt for place in places for check in CHECKS for doubt in check(place)]
        doubts += _arms_add_up(found)
        doubts += spreads.unlike_other_arms(places)
    return doubts


def _places(found: Sequence[Cell]) -> list[Place]:
    """Gather the cells of one stem, arm and measure; what a measure lacks is looked up in its arm, then by no stem."""
    everywhere = {(cell.role, *cell.place): cell for cell in found}
    return [Place(everywhere, place) for place in dict.fromkeys(cell.place for cell in found)]


def _events(place: Place) -> Iterator[Doubt]:
    events, n = place.own("events"), place.sizes()
    if events and events.number < 0:
        yield Doubt("A number of events can't be below 0.", (events.key,))
    if events and n and events.number > n.number:
        sentence = f"{plain(events.number)} events among {plain(n.number)} participants: there can't be more."
        yield Doubt(sentence, (events.key, n.key))


def _percent(place: Place) -> Iterator[Doubt]:
    percent, events, n = place.own("percent"), place.get("events"), place.sizes()
    if not percent:
        return
    if not 0 <= percent.number <= 100:
        yield Doubt(f"{plain(percent.number)}% is not between 0 and 100.", (percent.key,))
    elif events and n and n.number > 0:
        exact = 100 * events.number / n.number
        if abs(exact - percent.number) > _half_a_step(percent.number):
            counts = f"{plain(events.number)} of {plain(n.number)} is {plain(exact.quantize(Decimal('0.01')))}%"
            yield Doubt(f"{counts}, not {plain(percent.number)}%.", (percent.key, events.key, n.key))


def _half_a_step(reported: Decimal) -> Decimal:
    """Half of the last digit that was reported: 12.5 may stand for anything from 12.45 to 12.55."""
    exponent = reported.as_tuple().exponent
    return Decimal("0.5").scaleb(min(0, exponent)) if isinstance(exponent, int) else Decimal(0)


def _sizes(place: Place) -> Iterator[Doubt]:
    analysed, randomised = place.own("n"), place.get("randomised")
    for cell in (analysed, place.own("randomised"), place.own("total")):
        if cell and (cell.number < 0 or cell.number != cell.number.to_integral_value()):
            yield Doubt(f"{plain(cell.number)} is no whole number of participants.", (cell.key,))
    if analysed and randomised and analysed.number > randomised.number:
        more = f"{plain(analysed.number)} analysed out of {plain(randomised.number)} randomised: there can't be more."
        yield Doubt(more, (analysed.key, randomised.key))


def _p(place: Place) -> Iterator[Doubt]:
    p = place.own("p")
    if p and not 0 <= p.number <= 1:
        yield Doubt(f"A P value lies between 0 and 1; it is {plain(p.number)}.", (p.key,))


def _dates(place: Place) -> Iterator[Doubt]:
    start, end = place.own("start"), place.own("end")
    if start and end:
        first, last = str(start.value), str(end.value)
        common = min(len(first), len(last))  # "2019" and "2019-03" may be the same day
        if first[:common] > last[:common]:
            yield Doubt(f"It ends ({last}) before it starts ({first}).", (start.key, end.key))


def _arms_add_up(found: Sequence[Cell]) -> Iterator[Doubt]:
    """Compare the sum of the arms with the study's own number of randomised participants."""
    totals = [cell for cell in found if cell.arm == "0" and cell.role in ("total", "randomised")]
    arms = [cell for cell in found if cell.arm != "0" and cell.role == "randomised" and cell.measure == "0"]
    if len(arms) < 2:
        return
    for total in totals:
        added = sum((cell.number for cell in arms), Decimal(0))
        if added != total.number:
            sentence = f"The arms add up to {plain(added)} participants, the study says {plain(total.number)}."
            yield Doubt(sentence, (total.key, *(cell.key for cell in arms)))


CHECKS: tuple[Callable[[Place], Iterator[Doubt]], ...] = (
    _events,
    _percent,
    _sizes,
    *intervals.CHECKS,
    *spreads.CHECKS,
    _p,
    _dates,
)
