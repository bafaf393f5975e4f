"""One invented article: topic, numbers and sentences drawn together, so that title and abstract agree."""

from __future__ import annotations

from math import erfc, sqrt
from random import Random

from screening.management.demonstration import names, trials
from screening.management.demonstration.grammar import expand, pick
from screening.management.demonstration.model import Article
from screening.management.demonstration.observed import EVENTS, EXPOSURES, LESIONS, Form
from screening.management.demonstration.plan import Kind, truth
from screening.management.demonstration.topics import Outcome

MARK = "Invented record for demonstration."
KEYWORD = "INVENTED"
PREFIX = "10.5555/inv"  # 10.5555 is the DOI prefix for tests and documentation

Sections = list[tuple[str, list[str]]]
DrawnSlots = dict[str, str | tuple[str, ...]]


def article(kind: Kind, number: int, rng: Random) -> Article:
    """An article of this kind with invented authors, journal and numbers. `number` makes DOI and accession numbers."""
    slots, topic_words = _slots(kind, rng)
    sections = _trial(slots, rng) if kind.form is None else _sections(kind.form, slots, rng)
    year = rng.randint(2011, 2023)
    work = f"w{number:03d}"
    title = expand(rng.choice(trials.TITLES if kind.form is None else kind.form.titles), slots, rng)
    return Article(
        work=work,
        title=title[0].upper() + title[1:],
        abstract=_laid_out(sections, rng),
        authors=names.people(rng, rng.choice((1, 2, 3, 3, 4, 5, 6, 8, 11))),
        year=year,
        journal=rng.choice(tuple(kind.journals)),
        volume=str(year - 1990 + rng.randint(0, 3)),
        issue=str(rng.randint(1, 12)),
        pages=_pages(rng),
        doi=f"{PREFIX}.{year}.{number:04d}",
        keywords=(KEYWORD, *topic_words, *pick(_KEYWORDS, rng.randint(1, 4), rng)),
        language="eng",
        kind=kind.form.kind if kind.form else "randomized controlled trial",
        number=number,
        truth=truth(work, kind.truth, kind.hard),
    )


_KEYWORDS = (
    "pulmonary rehabilitation", "exercise", "quality of life", "dyspnea", "exercise therapy", "self care", "lung diseases", "walk test",
    "humans", "aged", "adult", "treatment outcome", "activities of daily living", "hospitalization", "spirometry", "muscle strength",
)  # fmt: skip


def _slots(kind: Kind, rng: Random) -> tuple[DrawnSlots, tuple[str, ...]]:
    population, intervention = rng.choice(kind.populations), rng.choice(kind.interventions)
    comparator = rng.choice([c for c in kind.comparators if c is not intervention])
    first, second = rng.sample(list(kind.outcomes), 2)
    slots: DrawnSlots = {
        "population": rng.choice(population.titles),
        "popsentence": population.text,
        "intervention": rng.choice(intervention.titles),
        "intsentence": intervention.text,
        "comparator": rng.choice(comparator.titles),
        "cmpsentence": comparator.text or ("The other group served as controls.",),
        "outcome": rng.choice(first.titles),
        "measure": first.measure,
        "second": second.measure,
        "exposure": rng.choice(EXPOSURES),
        "event": rng.choice(EVENTS),
        "lesion": rng.choice(LESIONS),
        "acronym": rng.choice(trials.ACRONYMS),
        "place": rng.choice(names.PLACES),
    }
    slots |= _figures(rng) | _effects(first, second, rng)
    return slots, tuple(
        word for word in (population.keyword, intervention.keyword) if word and kind.journals is not names.LABORATORY
    )


def _figures(rng: Random) -> DrawnSlots:
    n = rng.randrange(28, 420)
    done, ratio = int(n * rng.uniform(0.72, 0.97)), rng.uniform(0.6, 2.1)
    n_a = n // 2 + rng.randint(0, 2)
    return {
        "n": str(n), "n_a": str(n_a), "n_b": str(n - n_a), "n_done": str(done), "screened": str(int(n * rng.uniform(1.5, 4))),
        "age": f"{rng.uniform(58, 74):.1f}", "sd": f"{rng.uniform(6, 11):.1f}", "women": str(rng.randint(24, 61)), "fev": str(rng.randint(34, 66)),
        "weeks": rng.choice(("6", "8", "8", "10", "12", "16")), "months": rng.choice(("3", "6", "9", "12", "18", "24")),
        "freq": rng.choice(("two", "three", "three", "five")), "mins": rng.choice(("20", "30", "45", "60")), "sites": rng.choice(("two", "three", "five", "seven", "11", "18")),
        "register": str(rng.randint(10000, 99999)), "pct": str(rng.randint(11, 94)), "pct2": str(rng.randint(12, 88)), "p2": str(rng.randint(1, 4)),
        "big": f"{rng.randint(2, 48)} {rng.randint(100, 999)}".replace(" ", rng.choice((",", " "))), "few": rng.choice(("Nine", "Fourteen", "17", "21", "32", "Six")),
        "ratio": f"{ratio:.2f}", "rlow": f"{ratio * 0.8:.2f}", "rhigh": f"{ratio * 1.26:.2f}", "a": str(rng.randint(41, 63)), "b": str(rng.randint(64, 86)),
    }  # fmt: skip


def _effects(first: Outcome, second: Outcome, rng: Random) -> DrawnSlots:
    """Figures that agree with the conclusion: "better" has an interval without zero, the others one around it."""
    direction = rng.choices(("better", "same", "none"), (5, 3, 2))[0]
    size = first.size * (rng.uniform(0.7, 1.6) if direction == "better" else rng.uniform(-0.25, 0.3))
    half = abs(first.size) * (rng.uniform(0.3, 0.6) if direction == "better" else rng.uniform(0.5, 0.9))
    shown = [f"{value:.{first.decimals}f}".replace("-", "−") for value in (size, size - half, size + half)]
    rng.randint(
        *((1, 4) if direction == "better" else (21, 89))
    )  # once drawn here; kept so that later works stay as they are
    at, low, high = (round(value, first.decimals) for value in (size, size - half, size + half))
    p = _p(at / ((high - low) / 3.92))
    gain = f"{abs(second.size) * rng.uniform(0.3, 1.4):.{second.decimals}f}"
    return {
        "direction": direction, "delta": f"{shown[0]} {first.unit}", "lower": shown[1], "upper": shown[2],
        "effect": (
            f"The {{between-group|adjusted mean|mean}} difference in {first.measure} was {shown[0]} {first.unit} (95% CI {shown[1]} to {shown[2]}; {p}).",
            f"{first.measure} {{changed more with <intervention>|differed between groups}} by {shown[0]} {first.unit} ({{95% CI|95% confidence interval}} {shown[1]} to {shown[2]}).",
            f"At <weeks> weeks, the groups differed in {first.measure} by {shown[0]} {first.unit} [{shown[1]}; {shown[2]}], {p}.",
        ),
        "effect2": (
            f"{{There was no difference in|Groups were alike in}} {second.measure}{{| (p = 0.{rng.randint(30, 90)})}}.",
            f"{second.measure} {{changed|moved}} by {gain} {second.unit} in {{both groups|the intervention group}}.",
        ),
    }  # fmt: skip


def _p(z: float) -> str:
    """The two-sided p of a standard normal deviate, as papers write it."""
    p = erfc(abs(z) / sqrt(2))
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.01 else f"p = {p:.2f}"


def _trial(slots: DrawnSlots, rng: Random) -> Sections:
    methods = [
        rng.choice(trials.ALLOCATION),
        "<popsentence>",
        "<intsentence>",
        "<cmpsentence>",
        rng.choice(trials.MEASURED),
    ]
    methods += pick(trials.ANALYSIS, rng.choice((0, 1, 1, 2)), rng)
    results = [
        rng.choice(trials.FLOW),
        "<effect>",
        *(["<effect2>"] if rng.random() < 0.7 else []),
        *pick(trials.EXTRA, rng.choice((0, 1, 2)), rng),
    ]
    conclusion = [rng.choice(trials.CONCLUSION[str(slots["direction"])])]
    drawn = (pick(trials.BACKGROUND, rng.choice((1, 2, 2)), rng), methods, results, conclusion)
    return _expanded(drawn, slots, rng)


def _sections(form: Form, slots: DrawnSlots, rng: Random) -> Sections:
    drawn = (
        pick(form.background, rng.randint(1, 2), rng), pick(form.methods, rng.randint(2, 5), rng),
        pick(form.results, rng.randint(2, 4), rng), pick(form.conclusion, rng.randint(1, 2), rng),
    )  # fmt: skip
    return _expanded(drawn, slots, rng)


def _expanded(drawn: tuple[list[str], ...], slots: DrawnSlots, rng: Random) -> Sections:
    names_of = ("Background", "Methods", "Results", "Conclusion")
    return [(name, [expand(text, slots, rng) for text in texts]) for name, texts in zip(names_of, drawn, strict=True)]


def _laid_out(sections: Sections, rng: Random) -> str:
    style = rng.choice(("caps", "caps", "title", "title", "plain", "plain", "aims", "dots"))
    heads = {"Background": "Aims", "Methods": "Methods", "Results": "Findings", "Conclusion": "Interpretation"}
    shown = {"caps": "{0}: ", "title": "{1}: ", "plain": "", "aims": "{2}: ", "dots": "{1}. "}[style]
    headed = (shown.format(head.upper(), head, heads[head]) + " ".join(texts) for head, texts in sections if texts)
    return " ".join([*headed, MARK])


def _pages(rng: Random) -> str:
    first = rng.randint(1, 1890)
    return rng.choice((f"{first}-{first + rng.randint(4, 14)}",) * 4 + (f"e{first}", f"{first}"))
