"""From a reply to what is stored: each cell's quote found, its number checked, its value read, its doubts named."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from extraction.fields import FieldError, FieldSpec, kind_of
from extraction.prompts.asked import Asked, Named
from extraction.prompts.question import CellReply
from extraction.prompts.units import differs
from screening.fulltext.locate import Found, PagedText, holds_number, locate
from screening.prompts.hygiene import clean

_MARK = re.compile(r"\s*\[Page \d+\]\s*")  # of ours, between the pages that a model is shown
_WHOLE = {"", "-", "–", "all", "overall", "total", "both", "none", "n/a", "na", "not applicable", "study", "all arms",
          "both arms", "all groups", "both groups", "all participants", "all patients", "whole study"}  # fmt: skip
_LEAST_LETTERS = 3  # of a quote for a number: “n = 12” stands in every report, and shows nothing

Parts = list[list[int]]
Value = str | list[str] | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal before it is stored. `cell` is empty where it can't be offered; `document` is 0 without a place."""

    field_key: str
    state: str
    cell: str = ""
    arm: int | None = None
    measure: int | None = None
    value: Value = None
    unit: str = ""
    quote: str = ""
    document: int = 0
    page: int = 0
    places: Parts = field(default_factory=list)
    quote_found: bool = False
    number_found: bool = True
    rationale: str = ""
    flags: tuple[str, ...] = ()


class Sources:
    """The texts of a study's documents, by document id, as readers see them."""

    def __init__(self, pages: Mapping[int, Sequence[tuple[int, str]]]) -> None:
        self.texts = {document: PagedText(found) for document, found in pages.items()}

    def find(self, quote: str) -> tuple[int, Found | None]:
        """(document, place) of the first document in which the quote stands; (0, None) where it is in none."""
        for document, text in self.texts.items():
            found = locate(quote, text)
            if found.verified:
                return document, found
        return 0, None

    def text_at(self, document: int, found: Found) -> str:
        """What the document has at that place: the quote as it was printed."""
        pages = dict(self.texts[document].pages)
        return " ".join(pages[page][start:end] for page, start, end in found.parts)


def drafts(
    replies: Iterable[CellReply],
    asked: Sequence[Asked],
    sources: Sources,
    *,
    alarmed: bool = False,
    everything: Sequence[Asked] = (),
) -> list[Draft]:
    """What a reply proposes. `alarmed`: the text gives instructions to machines, which is said of every proposal.
    `everything`: all cells of the study, where `asked` is a portion of them: the arms of the others are arms too.

    Nothing that was said is left out: what can't be offered has no cell, and a flag that says why.
    """
    of_cell = {cell.cell: cell for cell in asked}
    fields = {cell.field.key: cell.field for cell in asked}
    taken: set[str] = set()
    made = []
    for reply in map(_visible, replies):
        draft = _placed(reply, of_cell, fields, everything or asked)
        if draft.cell and draft.cell in taken:
            draft = replace(_flagged(draft, "repeated"), cell="")
        taken.add(draft.cell)
        made.append(_checked(draft, reply, fields.get(reply.field), sources))
    return alarm(made) if alarmed else made


def alarm(made: Iterable[Draft]) -> list[Draft]:
    """The same, each with the flag that their text gives instructions to machines."""
    return [_flagged(draft, "text_gives_instructions") for draft in made]


def _visible(reply: CellReply) -> CellReply:
    """What a model says is untrusted too: without characters that nobody sees, or that can't be stored (SEC-05)."""
    return reply.model_copy(update={name: _cleaned(value) for name, value in reply if name != "state"})


def _cleaned(value: Any) -> Any:
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return clean(value).text if isinstance(value, str) else value


def _placed(
    reply: CellReply, of_cell: Mapping[str, Asked], fields: Mapping[str, FieldSpec], everything: Sequence[Asked]
) -> Draft:
    """The cell that the reply means, or none and the reason."""
    draft = Draft(reply.field[:60], reply.state, rationale=reply.rationale.strip())
    if reply.field not in fields:
        return _flagged(draft, "field_unknown")
    cells = [cell for cell in everything if cell.field.key == reply.field]
    arm, arm_known = _named(reply.arm, [cell.arm for cell in cells])
    measure, measure_known = _named(reply.outcome, [cell.measure for cell in cells])
    draft = replace(draft, arm=arm.id if arm else None, measure=measure.id if measure else None)
    if not arm_known:
        draft = _said_of(_flagged(draft, "arm_unknown"), reply.arm)
    if not measure_known:
        draft = _said_of(_flagged(draft, "outcome_unknown"), reply.outcome)
    if not (arm_known and measure_known):
        return draft
    if not all(draft_id or _folded(name) in _WHOLE for draft_id, name in ((arm, reply.arm), (measure, reply.outcome))):
        draft = _flagged(draft, "of_a_part")
    key = f"{reply.field}@{draft.arm or 0}@{draft.measure or 0}"
    return replace(draft, cell=key) if key in of_cell else _flagged(draft, "field_unknown")


def _said_of(draft: Draft, name: str) -> Draft:
    """The name is kept with the reason, so that people see what was meant."""
    said = f"It was said of “{' '.join(name.split())[:120]}”." if name.strip() else "It was not said of which."
    return replace(draft, rationale=f"{draft.rationale} {said}".strip())


def _named(name: str, among: Iterable[Named | None]) -> tuple[Named | None, bool]:
    """(the one of that name, whether the name fits). A field that has no arms fits any name; it is doubted later."""
    known = {one.id: one for one in among if one}
    if not known:
        return None, True
    wanted = _folded(name)
    if not wanted and len(known) == 1:
        return next(iter(known.values())), True
    found = [one for one in known.values() if _folded(one.name) == wanted]
    return (found[0], True) if len(found) == 1 else (None, False)


def _folded(name: str) -> str:
    return " ".join(clean(name).text.split()).casefold()


def _checked(draft: Draft, reply: CellReply, spec: FieldSpec | None, sources: Sources) -> Draft:
    draft = _located(draft, reply, sources)
    if draft.state != "reported":
        return draft
    draft = _flagged(draft, *_doubts_of_quote(draft))
    if spec is None:
        return replace(draft, value=_as_text(reply.value), unit=reply.unit[:40])
    return _read(draft, reply, spec, sources)


def _located(draft: Draft, reply: CellReply, sources: Sources) -> Draft:
    quote = reply.quote.strip()
    document, found = sources.find(quote) if quote else (0, None)
    if found is None and _MARK.search(quote):  # copied over the end of a page, our mark with it
        quote = _MARK.sub("\n", quote).strip()
        document, found = sources.find(quote) if quote else (0, None)
    if found is None:
        return replace(draft, quote=quote)
    places = [list(part) for part in found.parts]
    return replace(draft, quote=quote, document=document, page=found.page, places=places, quote_found=True)


def _doubts_of_quote(draft: Draft) -> Iterator[str]:
    if not draft.quote:
        yield "no_quote"
    elif not draft.quote_found:
        yield "quote_not_found"


def _read(draft: Draft, reply: CellReply, spec: FieldSpec, sources: Sources) -> Draft:
    """The value as the field reads it; kept as text where it can't."""
    kind, flags, unit = kind_of(spec), [], reply.unit.strip()
    raw: Any = reply.value if spec.kind == "multi_choice" else _as_text(reply.value)
    try:
        parsed = kind.parse(f"{raw} {unit}".strip() if spec.kind == "number" and unit and raw else raw)
    except FieldError:
        try:  # perhaps only the unit is wrong
            parsed = kind.parse(raw)
            flags.append("unit_unknown")
        except FieldError:
            number_found = spec.kind != "number"
            text = _as_text(reply.value)
            return _flagged(replace(draft, value=text, unit=unit[:40], number_found=number_found), "not_readable")
    if not parsed.reported:
        return _flagged(replace(draft, state=parsed.state), *flags)
    number = kind.decimal(parsed)
    if number is not None:
        return _weighed(_flagged(draft, *flags), spec, parsed.value, parsed.unit, unit, number, sources)
    if spec.kind == "date":
        return replace(
            _flagged(draft, *flags, *_doubts_of_date(draft, str(parsed.value), sources)), value=str(parsed.value)
        )
    value = list(parsed.value) if isinstance(parsed.value, tuple) else parsed.value
    return _flagged(replace(draft, value=value, unit=parsed.unit), *flags)


def _weighed(
    draft: Draft, spec: FieldSpec, value: Any, unit: str, said: str, number: Decimal, sources: Sources
) -> Draft:
    """A number against its quote. What was printed counts, not how the model copied it."""
    printed = _printed(draft, sources)
    stands = holds_number(printed, number)
    shown = said[:40] if "unit_unknown" in draft.flags else unit
    draft = replace(draft, value=value, unit=shown, number_found=stands)
    draft = draft if stands else _flagged(draft, "number_not_in_quote")
    draft = _flagged(draft, "quote_is_bare") if draft.quote_found and _is_bare(printed) else draft
    return _flagged(draft, "unit_differs") if spec.all_units and differs(printed, number, shown) else draft


def _doubts_of_date(draft: Draft, date: str, sources: Sources) -> Iterator[str]:
    if draft.quote and date[:4] not in _printed(draft, sources):
        yield "year_not_in_quote"


def _printed(draft: Draft, sources: Sources) -> str:
    return sources.text_at(draft.document, _found(draft)) if draft.quote_found else draft.quote


def _is_bare(quote: str) -> bool:
    return sum(character.isalpha() for character in quote) < _LEAST_LETTERS


def _found(draft: Draft) -> Found:
    parts = tuple((part[0], part[1], part[2]) for part in draft.places)
    return Found(draft.quote, *parts[0], verified=True, parts=parts)


def _as_text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).strip()


def _flagged(draft: Draft, *flags: str) -> Draft:
    return replace(draft, flags=tuple(dict.fromkeys((*draft.flags, *flags)))) if flags else draft
