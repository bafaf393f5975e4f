"""The abstract of a congress, as a supplement prints it: one page, no DOI, the title of the article that came later."""

from __future__ import annotations

from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, PageTemplate, SimpleDocTemplate, Spacer

from extraction.management.demonstration.draft import Draft, capital
from extraction.management.demonstration.looks import register_fonts
from extraction.management.demonstration.masthead import citation
from extraction.management.demonstration.setting import FOOT, SIDE, text


def congress_pdf(draft: Draft) -> bytes:
    """One page with number, title, authors, abstract, and who registered the trial where."""
    register_fonts()
    buffer = BytesIO()
    paper = SimpleDocTemplate(buffer, pagesize=A4, invariant=1, title="Abstracts", subject=FOOT, lang="en-GB")
    frame = Frame(SIDE + 18 * mm, 40 * mm, A4[0] - 2 * SIDE - 36 * mm, A4[1] - 80 * mm)
    paper.addPageTemplates([PageTemplate("page", [frame], onPage=_furniture)])
    paper.build(_pieces(draft))
    return buffer.getvalue()


def _pieces(draft: Draft) -> list[Flowable]:
    plan, look, article = draft.plan, draft.look, draft.article
    effect = next(iter(draft.figures.effects.values()))
    what = plan.outcomes[0].instrument
    title = f"{article.pages} {article.title}"
    people = ", ".join(f"{given} {surname}" for surname, _, given in (name.partition(", ") for name in article.authors))
    counted = draft.fact([("randomised", plan.n), ("design", plan.design)], f"We randomised {plan.n} outpatients to the order of two periods of {plan.weeks} weeks in a cross-over trial.")  # fmt: skip
    found = draft.fact([(f"effect:{plan.outcomes[0].key}:end", effect.value)], f"The mean difference in the {what.name} was {look.number(effect.value)} {what.unit} (95% CI {look.signed(effect.low, effect.high)}).")  # fmt: skip
    known = draft.fact([("registry", plan.registry)], f"Registration: {plan.registry} (an invented number).")
    draft.fact([("country", plan.country)], article.title)
    shown = [capital(article.abstract), counted, found, known, citation(draft)]
    return [
        text(look, "Session 14. Rehabilitation at a distance", "h1"),
        text(look, title, "h2"),
        text(look, people, "affiliations"),
        Spacer(1, 6),
        *(text(look, words, "body") for words in shown),
    ]


def _furniture(canvas: Canvas, _: object) -> None:
    canvas.saveState()
    canvas.setFont("Helvetica-Bold", 8)
    canvas.drawString(SIDE, A4[1] - 13 * mm, "Invented European Lung Journal Supplement: Congress Abstracts")
    canvas.setFont("Helvetica", 6.8)
    canvas.drawString(SIDE, 11 * mm, FOOT)
    canvas.restoreState()
