"""Discussion, declarations and references of an invented report."""

from __future__ import annotations

from extraction.management.demonstration import prose
from extraction.management.demonstration.draft import Draft
from extraction.management.demonstration.model import END
from extraction.management.demonstration.references import references


def discussion(draft: Draft) -> None:
    """What it means; says the same as the figures."""
    first = draft.plan.outcomes[0]
    effect = draft.figures.effects[first.key, END]
    found = "better" if effect.low > 0 or effect.high < 0 else "none"
    draft.heading("Discussion")
    draft.paragraph(*(draft.tell(sentence) for sentence in prose.DISCUSSION[found]))
    for sentences in prose.DISCUSSED + prose.DISCUSSED_MORE:
        draft.paragraph(*(draft.tell(sentence) for sentence in sentences))
    draft.paragraph(draft.tell(prose.CONCLUSION[found]))


def declarations(draft: Draft) -> None:
    """Contributors, funding, conflicts, data; in small type."""
    plan = draft.plan
    initials = [_initials(name) for name in draft.article.authors[:3]]
    draft.heading("Contributors", 2)
    draft.paragraph(f"{initials[0]} designed the trial. {initials[-1]} {'will do' if draft.to_come else 'did'} the analysis. All authors read and approved the text.", kind="small")  # fmt: skip
    draft.heading("Role of the funding source" if draft.look.name == "lancet" else "Funding", 2)
    draft.paragraph(draft.fact([("funding", plan.funding)], plan.funding), kind="small")
    draft.heading("Declaration of interests" if draft.look.name == "lancet" else "Conflicts of interest", 2)
    draft.paragraph(draft.fact([("conflicts", plan.conflicts)], plan.conflicts), kind="small")
    draft.heading("Data sharing", 2)
    draft.paragraph("There are no data: this trial, its authors, its journal and its figures are invented for a demonstration of software.", kind="small")  # fmt: skip


def _initials(name: str) -> str:
    surname, _, given = name.partition(", ")
    return "".join(letter for letter in f"{given} {surname}" if letter.isupper())


def bibliography(draft: Draft) -> None:
    """The references, numbered."""
    draft.heading("References")
    for number, text in enumerate(references(draft.rng, draft.article.year), 1):
        draft.paragraph(f"{number}. {text}", kind="reference")
