"""Where a value stands in the report: the author's own quote, or that of the proposal that it rests on."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from extraction.actions.citing import as_offered
from extraction.fields import FieldSpec, Parsed
from extraction.models.proposal import Proposal
from extraction.queries.papers import place_of
from screening.fulltext.locate import holds_number
from screening.models.study import Study

LONGEST_QUOTE = 5_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote and its place; without a document where it was not found in any."""

    quote: str = ""
    document_id: int | None = None
    page: int | None = None
    places: tuple[tuple[int, int, int], ...] = ()

    @property
    def as_row(self) -> dict[str, object]:
        places = [list(part) for part in self.places]
        return {"quote": self.quote, "document_id": self.document_id, "page": self.page, "places": places}


def evidence(
    study: Study, spec: FieldSpec, said: Parsed | None, proposal: Proposal | None, quote: str, document_id: int | None
) -> Evidence:
    """The author's own quote, else that of the proposal where it still bears the value out."""
    quote = quote.replace("\x00", " ").strip()[:LONGEST_QUOTE]
    if said is None:
        return Evidence()
    if proposal is not None and quote in ("", proposal.quote.strip()):
        return _of_proposal(proposal) if _bears_out(spec, said, proposal) else Evidence()
    return _of_quote(study, quote, document_id) if quote else Evidence()


def _of_proposal(proposal: Proposal) -> Evidence:
    places = tuple((int(page), int(start), int(end)) for page, start, end in proposal.places)
    return Evidence(proposal.quote, proposal.document_id, proposal.page, places)


def _of_quote(study: Study, quote: str, document_id: int | None) -> Evidence:
    document, place = place_of(study, quote, document_id)
    if document is None or place is None:
        return Evidence(quote)
    return Evidence(quote, document.pk, place.page, place.parts)


def _bears_out(spec: FieldSpec, said: Parsed, proposal: Proposal) -> bool:
    if as_offered(spec, said, proposal) or spec.kind != "number" or not said.reported:
        return said.reported
    try:
        return holds_number(proposal.quote, Decimal(str(said.value)))
    except InvalidOperation:
        return False
