"""The top of a first page: journal, citation, title, authors, affiliations, abstract and keywords."""

from __future__ import annotations

import re

from reportlab.lib.colors import HexColor, white
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from extraction.management.demonstration.draft import Draft
from extraction.management.demonstration.looks import markup
from extraction.management.demonstration.setting import FULL, style, text

LABEL = re.compile(
    r"(?:^|(?<=[.?!] ))(Background|Aims|Methods|Results|Findings|Conclusion|Interpretation)([.:]) ", re.IGNORECASE
)


def masthead(draft: Draft) -> list[Flowable]:
    """What stands above the two columns of the first page."""
    look, article = draft.look, draft.article
    return [
        _bar(draft),
        Spacer(1, 7),
        text(look, article.title, "title"),
        text(look, _authors(article.authors), "authors"),
        text(look, _affiliations(draft), "affiliations"),
        _abstract(draft),
        Spacer(1, 8),
    ]


def citation(draft: Draft) -> str:
    """Journal, year, volume, pages and DOI in one line."""
    article = draft.article
    doi = f" https://doi.org/{article.doi}" if article.doi else ""
    return f"{article.journal[1]} {article.year}; {article.volume}({article.issue}): {article.pages.replace('-', '–')}.{doi}"


def _bar(draft: Draft) -> Flowable:
    look = draft.look
    name = Paragraph(markup(draft.article.journal[0], look.heading), style(look, "h1").clone("journal", textColor=white, spaceBefore=0))  # fmt: skip
    kind = Paragraph("STUDY PROTOCOL" if draft.to_come else "ORIGINAL ARTICLE", style(look, "cellhead").clone("kind", textColor=white, alignment=2))  # fmt: skip
    top = Table([[name, kind]], colWidths=[FULL * 0.74, FULL * 0.26], style=[("BACKGROUND", (0, 0), (-1, -1), look.ink), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])  # fmt: skip
    return Table([[top], [Spacer(1, 3)], [text(look, citation(draft), "note")]], colWidths=[FULL], style=[("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 0)])  # fmt: skip


def _authors(names: tuple[str, ...]) -> str:
    turned = [f"{given} {surname}" for surname, _, given in (name.partition(", ") for name in names)]
    return ", ".join(turned)


def _affiliations(draft: Draft) -> str:
    plan, first = draft.plan, draft.article.authors[0]
    surname = first.split(",")[0]
    return (
        f"Department of Respiratory Medicine, Invented University Hospital of {plan.city}, {plan.country}; School of Physiotherapy, "
        f"Invented University of {plan.city}. Correspondence: {surname.lower().replace(' ', '')}@example.invalid"
    )


def _abstract(draft: Draft) -> Flowable:
    look, how = draft.look, style(draft.look, "abstract")
    words = look.prose(draft.article.abstract)
    pieces = [Paragraph(markup("Summary" if look.name == "lancet" else "Abstract", look.heading), style(look, "h2"))]
    pieces += [Paragraph(_labelled(part, draft), how) for part in sections(words)]
    keywords = "; ".join(draft.article.keywords)
    pieces.append(Paragraph(f'<font name="{look.bold}">Keywords:</font> {markup(keywords, look.body)}', how))
    tinted = HexColor("#f3f1ec") if look.name in {"classic", "lancet"} else HexColor("#eef3f1")
    rules = [("BACKGROUND", (0, 0), (-1, -1), tinted), ("LEFTPADDING", (0, 0), (-1, -1), 8), ("RIGHTPADDING", (0, 0), (-1, -1), 8), ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 1), ("LINEABOVE", (0, 0), (-1, 0), 0.8, look.ink), ("LINEBELOW", (0, -1), (-1, -1), 0.8, look.ink)]  # fmt: skip
    return Table([[piece] for piece in pieces], colWidths=[FULL], style=rules)


def sections(abstract: str) -> list[str]:
    """A structured abstract in its parts; another one as a whole."""
    starts = [match.start(1) for match in LABEL.finditer(abstract)] or [0]
    ends = [*starts[1:], len(abstract)]
    return [abstract[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def _labelled(part: str, draft: Draft) -> str:
    found = LABEL.match(part + " ")
    if not found:
        return markup(part, draft.look.body)
    bold = f'<font name="{draft.look.bold}">{found[1]}{found[2]}</font> '
    return bold + markup(part[found.end() :], draft.look.body)
