"""All reports of the demonstration: drawn, written, set, and read once more to learn on which page each thing stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pypdfium2

from extraction.management.demonstration.appendix import appendix
from extraction.management.demonstration.closing import bibliography, declarations, discussion
from extraction.management.demonstration.congress import congress_pdf
from extraction.management.demonstration.draft import Draft
from extraction.management.demonstration.hidden import ORDERS, orders
from extraction.management.demonstration.looks import LOOKS, register_fonts
from extraction.management.demonstration.masthead import masthead
from extraction.management.demonstration.methods import introduction, methods, protocol_plans
from extraction.management.demonstration.model import Report
from extraction.management.demonstration.numbers import drawn
from extraction.management.demonstration.plan import Plan
from extraction.management.demonstration.plans import PLANS
from extraction.management.demonstration.results import results
from extraction.management.demonstration.scan import scanned
from extraction.management.demonstration.setting import Setting, pdf_of
from extraction.management.demonstration.truth import truth_of
from screening.management.demonstration.build import articles_of
from screening.management.demonstration.compose import MARK
from screening.management.demonstration.model import Article

WORD_TITLE = "Microsoft Word - final_revision_4_clean.docx"  # what Info says of the title in many a PDF


def reports(seed: int = 2020) -> tuple[Report, ...]:
    """The PDFs with their truths, in the order of the plans. The same bytes for the same seed.

    `PLANS` are made by hand for the articles of seed 2020; with those of another seed, report and abstract would disagree.
    Raises NotPrinted if a report does not say what its truth quotes.
    """
    articles = articles_of(seed)
    register_fonts()
    return tuple(_report(plan, articles[plan.work], seed) for plan in PLANS)


def _report(plan: Plan, article: Article, seed: int) -> Report:
    draft = Draft(plan, _clean(article), drawn(plan, seed), LOOKS[plan.look], Random(f"{seed}:words:{plan.work}"))
    content = congress_pdf(draft) if plan.special == "congress" else _article_pdf(draft)
    pages = list(_texts(content))
    if plan.special == "scan":
        content = scanned(content)
    truth = truth_of(draft, pages, hidden=ORDERS if plan.special == "hidden" else ())
    return Report(_filename(article), content, article.doi, article.title, truth, len(pages))


def _clean(article: Article) -> Article:
    """The abstract as printed; the foot of each page says that all is invented, so that the abstract needn't."""
    return replace(article, abstract=article.abstract.removesuffix(MARK).strip())


def _article_pdf(draft: Draft) -> bytes:
    plan = draft.plan
    introduction(draft)
    methods(draft)
    if draft.to_come:
        protocol_plans(draft)
    else:
        results(draft)
        discussion(draft)
    declarations(draft)
    bibliography(draft)
    register_fonts()
    return pdf_of(
        draft,
        Setting(
            masthead=masthead(draft),
            appendix=appendix(draft) if plan.special == "long" else [],
            furniture=orders if plan.special == "hidden" else None,
            turned=plan.special == "landscape",
            information_title=WORD_TITLE if plan.look == "classic" else None,
        ),
    )


def _texts(content: bytes) -> Iterator[str]:
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            reader = page.get_textpage()
            yield reader.get_text_range()
            reader.close()
            page.close()


def _filename(article: Article) -> str:
    """As a reference manager names files: "Tanaka-2020-OUTREACH-3-a-randomised-trial.pdf"."""
    surname = re.sub(r"[^A-Za-zÀ-ž]", "", article.authors[0].split(",")[0])
    words = re.findall(r"[\w-]+", article.title)[:6]
    return f"{surname}-{article.year}-{'-'.join(words)}.pdf"
