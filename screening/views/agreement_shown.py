"""Agreement as tables, a matrix and lines of a file: what the templates and the CSV need, in words and numbers."""

from collections.abc import Iterator
from typing import Any, Protocol

from audit.agreement import Figure, Rate
from screening.queries.team.people_agreement import Agreement, Pair, StageAgreement
from screening.views.figures import decimal, per_cent, two

# Up to which share of the records a disagreement is called what; the words stand in the page beside the colours.
SHADES = ((0.0, "none"), (0.1, "little"), (0.25, "some"), (1.0, "much"))
FIGURES = ("kappa", "pabak", "ac1", "positive", "negative")
COLUMNS = (
    "stage", "criterion", "people", "records", "agreed", "percent", "percent_low", "percent_high", "percent_note",
    *(f"{name}{end}" for name in ("kappa", "pabak", "ac1", "positive", "negative", "alpha")
      for end in ("", "_low", "_high", "_note")),
)  # fmt: skip
NO_BREAK = "\N{NO-BREAK SPACE}"
NO_FIGURE = ("", "", "", "")


class Where(Protocol):
    """Makes the address of the list of records on which people differ."""

    def __call__(self, *, criterion: str = "", one: int = 0, other: int = 0) -> str: ...


def together(found: Agreement) -> list[dict[str, Any]]:
    """All people at once, as tiles."""
    all_ = found.together
    tiles = [("Same answer", per_cent(all_.percent.value), _note(all_.percent, percent=True))]
    for label, figure in (
        ("Fleiss’ kappa", all_.kappa),
        ("Gwet’s AC1", all_.ac1),
        ("Krippendorff’s alpha", all_.alpha),
    ):
        tiles.append((label, decimal(figure), _note(figure)))
    return [{"label": label, "value": value, "note": note} for label, value, note in tiles]


def pair(one: Pair, where: Where) -> dict[str, Any]:
    """A line of the table of pairs."""
    return {
        "people": " and ".join(one.names),
        "n": one.n,
        "differ": one.n - one.same.hits,
        "url": where(one=one.one, other=one.other),
        "figures": [
            {"label": "Same answer", "value": per_cent(one.same.value), "note": _range(one.same, percent=True)},
            {"label": "Cohen’s kappa", **_cell(one.kappa)},
            {"label": "PABAK", **_cell(one.pabak)},
            {"label": "AC1", **_cell(one.ac1)},
            {"label": "Agreement on keeping", **_cell(one.positive, percent=True)},
            {"label": "Agreement on excluding", **_cell(one.negative, percent=True)},
        ],
    }


def criterion(one: Agreement, where: Where) -> dict[str, Any]:
    """A line of the table of criteria: all people at once."""
    all_ = one.together
    return {
        "label": one.label,
        "n": all_.records,
        "differ": all_.differ,
        "url": where(criterion=one.key),
        "figures": [
            {"label": "Same answer", **_cell(all_.percent, percent=True)},
            {"label": "Fleiss’ kappa", **_cell(all_.kappa)},
            {"label": "AC1", **_cell(all_.ac1)},
        ],
    }


def matrix(found: StageAgreement, where: Where) -> list[dict[str, Any]]:
    """Pairs down, criteria across: on how many of the records that both judged do they differ."""
    pairs = {(one.one, one.other): one.names for agreement in found.criteria for one in agreement.pairs}
    by_pair = [{(one.one, one.other): one for one in agreement.pairs} for agreement in found.criteria]
    lines = []
    for both, names in sorted(pairs.items(), key=lambda item: item[1]):
        cells = [
            _shaded(agreement, known.get(both), where) for agreement, known in zip(found.criteria, by_pair, strict=True)
        ]
        lines.append({"people": " and ".join(names), "cells": cells})
    return lines


def _shaded(agreement: Agreement, one: Pair | None, where: Where) -> dict[str, Any]:
    if one is None:
        return {"label": agreement.label, "n": 0}
    differ = one.n - one.same.hits
    shade = next(word for most, word in SHADES if differ / one.n <= most)
    url = where(criterion=agreement.key, one=one.one, other=one.other) if differ else ""
    rate = per_cent(differ / one.n)
    return {"label": agreement.label, "n": one.n, "differ": differ, "rate": rate, "shade": shade, "url": url}


def file_rows(found: Agreement) -> Iterator[tuple[object, ...]]:
    """Lines of the CSV, without the stage: everybody first, then each pair."""
    if not found.pairs:
        return
    all_, label = found.together, found.label
    figures = (*_numbers(all_.kappa), *NO_FIGURE, *_numbers(all_.ac1), *NO_FIGURE, *NO_FIGURE, *_numbers(all_.alpha))
    yield (label, "everybody", all_.records, all_.records - all_.differ, *_numbers(all_.percent), *figures)
    for one in found.pairs:
        same = (one.same.hits, one.same.value, one.same.low, one.same.high, "")
        figures = tuple(number for name in FIGURES for number in _numbers(getattr(one, name)))
        yield (label, " and ".join(one.names), one.n, *same, *figures, *NO_FIGURE)


def _numbers(figure: Figure) -> tuple[object, ...]:
    return (figure.value, figure.low, figure.high, figure.why)


def _cell(figure: Figure, *, percent: bool = False) -> dict[str, str]:
    value = per_cent(figure.value) if percent else decimal(figure)
    return {"value": value, "note": _range(figure, percent=percent)}


def _note(figure: Figure, *, percent: bool = False) -> str:
    return figure.why or f"95 % interval {_range(figure, percent=percent)}"


def _range(figure: Figure | Rate, *, percent: bool = False) -> str:
    """The interval, or why there is none."""
    if isinstance(figure, Figure) and figure.why:
        return figure.why
    if figure.low is None or figure.high is None:
        return ""
    if percent:
        return f"{100 * figure.low:.0f} to {100 * figure.high:.0f} %".replace(" ", NO_BREAK)
    return f"{two(figure.low)} to {two(figure.high)}".replace(" ", NO_BREAK)
