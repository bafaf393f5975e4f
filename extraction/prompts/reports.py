"""Several reports of one study: each is asked about alone, and the study gets one proposal a cell (EXT-09, SEC-07).

A report that gives orders to a model, or that is read wrongly, then has no say over what is read in another.
"""

from collections.abc import Iterable, Sequence

from extraction.prompts.asked import Asked
from extraction.prompts.drafts import Draft


def shows(draft: Draft) -> bool:
    """Whether it gives a value with a quote that stands in its report."""
    return draft.state == "reported" and draft.quote_found


def still_open(asked: Sequence[Asked], said: Iterable[Draft]) -> tuple[Asked, ...]:
    """The cells that no report has shown yet: the next report is asked about these."""
    shown = {draft.cell for draft in said if shows(draft)}
    return tuple(cell for cell in asked if cell.cell not in shown)


def chosen(said: Iterable[Draft]) -> dict[str, Draft]:
    """Cell to the draft to propose: the first that shows it, else the first that gives a value, else the first.

    In the order of the reports, so that the main one goes before.
    """
    best: dict[str, Draft] = {}
    for draft in said:
        if draft.cell and (draft.cell not in best or _rank(draft) > _rank(best[draft.cell])):
            best[draft.cell] = draft
    return best


def _rank(draft: Draft) -> int:
    return 2 if shows(draft) else int(draft.state == "reported")
