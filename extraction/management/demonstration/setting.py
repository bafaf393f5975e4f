"""Sets a draft as a journal would: A4, two columns, masthead, running head and foot, ruled tables, drawn figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from extraction.management.demonstration.draft import Block, Draft, Drawing, Grid, Heading, Para
from extraction.management.demonstration.drawings import drawing
from extraction.management.demonstration.looks import Look, markup, register_fonts

WIDTH, HEIGHT = A4
SIDE, TOP, BOTTOM, GAP = 17 * mm, 21 * mm, 20 * mm, 6 * mm
FULL = WIDTH - 2 * SIDE
COLUMN = (FULL - GAP) / 2
FOOT = "INVENTED — demonstration data. No real trial, person or journal."

OnPage = Callable[[Canvas, int], None]


@dataclass(slots=True)
class Setting:
    """What else is put on pages. `turned` draws the wide table on a page of its own that is turned by 90 degrees."""

    masthead: list[Flowable] = field(default_factory=list)
    appendix: list[Flowable] = field(default_factory=list)
    furniture: OnPage | None = None
    turned: bool = False
    information_title: str | None = None


def style(look: Look, kind: str) -> ParagraphStyle:
    """The paragraph styles of a journal, by the kind of a block."""
    size, leading = look.size, look.leading
    aligned = TA_JUSTIFY if look.justified else TA_LEFT
    body = ParagraphStyle("body", fontName=look.body, fontSize=size, leading=leading, alignment=aligned, spaceAfter=3)
    made = {
        "body": body,
        "abstract": ParagraphStyle("abstract", parent=body, fontSize=size - 0.3, leading=leading - 0.3),
        "small": ParagraphStyle("small", parent=body, fontSize=size - 1.2, leading=leading - 1.4),
        "reference": ParagraphStyle("reference", parent=body, fontSize=size - 1.6, leading=leading - 2, leftIndent=11, firstLineIndent=-11, alignment=TA_LEFT, spaceAfter=1.5),
        "h1": ParagraphStyle("h1", fontName=look.heading, fontSize=size + 2.4, leading=leading + 3, textColor=look.ink, spaceBefore=8, spaceAfter=3, keepWithNext=1),
        "h2": ParagraphStyle("h2", fontName=look.bold, fontSize=size + 0.2, leading=leading, spaceBefore=5, spaceAfter=2, keepWithNext=1),
        "title": ParagraphStyle("title", fontName=look.heading, fontSize=size + 8.5, leading=size + 12, textColor=look.ink, spaceAfter=6),
        "authors": ParagraphStyle("authors", fontName=look.bold, fontSize=size + 0.8, leading=leading + 1.4, spaceAfter=3),
        "affiliations": ParagraphStyle("affiliations", fontName=look.italic, fontSize=size - 1.2, leading=leading - 1.2, spaceAfter=2),
        "caption": ParagraphStyle("caption", fontName=look.bold, fontSize=size - 0.9, leading=leading - 1, spaceBefore=3, spaceAfter=3),
        "cell": ParagraphStyle("cell", fontName=look.body, fontSize=size - 1.2, leading=size + 0.4),
        "cellhead": ParagraphStyle("cellhead", fontName=look.bold, fontSize=size - 1.2, leading=size + 0.4),
        "figure": ParagraphStyle("figure", fontName=look.body, fontSize=size - 1.2, leading=size + 0.4, alignment=TA_CENTER),
        "figurehead": ParagraphStyle("figurehead", fontName=look.bold, fontSize=size - 1.2, leading=size + 0.4, alignment=TA_CENTER),
        "note": ParagraphStyle("note", fontName=look.body, fontSize=size - 2, leading=size, spaceBefore=2, spaceAfter=6),
    }  # fmt: skip
    return made[kind]


class _Whole(Paragraph):  # type: ignore[misc]
    """A paragraph that moves on as a whole rather than run over the end of a column."""

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Never in two."""
        return []


def text(look: Look, words: str, kind: str, *, whole: bool = False) -> Paragraph:
    """A paragraph in the journal's hand; letters that its font lacks come from the vendored one."""
    how = style(look, kind)
    return (_Whole if whole else Paragraph)(markup(words, how.fontName).replace("\n", "<br/>"), how)


def pdf_of(draft: Draft, setting: Setting) -> bytes:
    """The draft as PDF. The same draft gives the same bytes: no date, no random identifier."""
    register_fonts()
    buffer = BytesIO()
    room = HEIGHT - 2 * SIDE if setting.turned else FULL
    wide = next((table(draft.look, block, room) for block in draft.blocks if isinstance(block, Grid) and block.wide), None)  # fmt: skip
    title = draft.article.title if setting.information_title is None else setting.information_title
    author = "; ".join(draft.article.authors)
    paper = BaseDocTemplate(buffer, pagesize=A4, invariant=1, title=title, author=author, subject=FOOT, creator="Invented press", lang="en-GB")  # fmt: skip
    pages = _Pages(draft, setting, wide)
    paper.addPageTemplates(pages.templates())
    story = [*setting.masthead, FrameBreak(), *_story(draft)]
    if setting.appendix:
        story += [NextPageTemplate("appendix"), PageBreak(), *setting.appendix]
    paper.build(story)
    return buffer.getvalue()


def _story(draft: Draft) -> Iterator[Flowable]:
    for block in draft.blocks:
        if isinstance(block, Grid) and block.wide:
            continue  # floats to the top of a page
        made = _flowables(draft, block)
        yield KeepTogether(made) if len(made) > 1 else made[0]


def _flowables(draft: Draft, block: Block) -> list[Flowable]:
    look = draft.look
    match block:
        case Heading(words, level):
            return [text(look, words, f"h{level}")]
        case Para(words, kind, whole):
            return [text(look, words, kind, whole=whole)]
        case Grid():
            return [table(look, block, COLUMN)]
        case Drawing():
            return [
                drawing(draft, block, COLUMN, style(look, "figure"), style(look, "figurehead")),
                text(look, block.caption, "caption"),
                Spacer(1, 4),
            ]


def table(look: Look, grid: Grid, width: float) -> Flowable:
    """A ruled table with its title above and its note below, as one piece."""
    heads = len(grid.head)
    body = [[text(look, cell, "cellhead") if cell else "" for cell in row] for row in grid.head]
    body += [[text(look, cell, "cellhead" if len(row) == 1 else "cell") if cell else "" for cell in row] for row in grid.rows]  # fmt: skip
    rules: list[tuple[object, ...]] = [
        ("LINEABOVE", (0, 0), (-1, 0), 1.1, look.ink), ("LINEBELOW", (0, heads - 1), (-1, heads - 1), 0.6, look.ink),
        ("LINEBELOW", (0, -1), (-1, -1), 1.1, look.ink), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("FONTSIZE", (0, 0), (-1, -1), 4), ("LEADING", (0, 0), (-1, -1), 4),  # empty cells take no room
        ("LEFTPADDING", (0, 0), (-1, -1), 2.5), ("RIGHTPADDING", (0, 0), (-1, -1), 2.5),
        ("TOPPADDING", (0, 0), (-1, -1), 1.2), ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
    ]  # fmt: skip
    if heads == 2:
        rules += [("SPAN", (1, 0), (2, 0)), ("SPAN", (3, 0), (4, 0)), ("LINEBELOW", (1, 0), (4, 0), 0.4, look.ink)]
    for i, row in enumerate(grid.rows, heads):
        if len(row) == 1:
            rules += [("SPAN", (0, i), (-1, i)), ("LINEABOVE", (0, i), (-1, i), 0.4, look.ink)]
        elif look.name in {"plain", "modern"}:
            rules.append(("LINEBELOW", (0, i), (-1, i), 0.2, "#bbbbbb"))
    across = max(len(row) for row in body)
    body = [[*row, *[""] * (across - len(row))] for row in body]
    made = Table(body, colWidths=[width * share for share in grid.widths], style=rules, spaceBefore=2)
    stack = [[text(look, grid.title, "caption")], [made], [text(look, grid.note, "note")]]
    plain = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 1)]  # fmt: skip
    return Table(stack, colWidths=[width], style=plain, splitByRow=0)


@dataclass(slots=True)
class _Pages:
    """The page templates of one report: a first page, one with the wide table, plain ones, and those of an appendix."""

    draft: Draft
    setting: Setting
    wide: Flowable | None

    def templates(self) -> list[PageTemplate]:
        """In order: 1, 2, 3 (with the wide table on top, unless it has a page of its own), rest, appendix."""
        head = sum(height_of(piece, FULL) for piece in self.setting.masthead) + 4
        high = 0.0 if self.wide is None or self.setting.turned else height_of(self.wide, FULL) + 8
        return [
            self._template("first", [_frame(SIDE, HEIGHT - TOP - head, FULL, head), *_columns(head)], after="second"),
            self._template("second", _columns(0), after="third", turns=self.setting.turned and self.wide is not None),
            self._template("third", _columns(high), after="rest", floats=high),
            self._template("rest", _columns(0), after="rest"),
            self._template("appendix", [_frame(SIDE, BOTTOM, FULL, HEIGHT - TOP - BOTTOM)], after="appendix"),
        ]

    def _template(
        self, name: str, frames: list[Frame], *, after: str, floats: float = 0, turns: bool = False
    ) -> PageTemplate:
        def begin(canvas: Canvas, paper: BaseDocTemplate) -> None:
            paper.handle_nextPageTemplate(after)
            self._furniture(canvas)
            if floats and self.wide is not None:
                self.wide.wrapOn(canvas, FULL, HEIGHT)
                self.wide.drawOn(canvas, SIDE, HEIGHT - TOP - floats + 8)

        made = PageTemplate(name, frames, onPage=begin, onPageEnd=self._turn if turns else _nothing)
        if turns:
            made.rotation = 90  # of the page that `_turn` leaves open
        return made

    def _turn(self, canvas: Canvas, _: object) -> None:
        """Close this page, and fill one that is shown turned: its own coordinates lie on their side."""
        if self.wide is None:
            return
        canvas.setPageRotation(0)
        canvas.showPage()
        canvas.setPageSize((HEIGHT, WIDTH))  # as displayed: reportlab swaps the sides of the box of a turned page
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        _, high = self.wide.wrapOn(canvas, HEIGHT - 2 * SIDE, WIDTH)
        self.wide.drawOn(canvas, SIDE, WIDTH - TOP - high)
        self._furniture(canvas, HEIGHT, WIDTH)

    def _furniture(self, canvas: Canvas, width: float = WIDTH, height: float = HEIGHT) -> None:
        draft, look, number = self.draft, self.draft.look, canvas.getPageNumber()
        article = draft.article
        canvas.saveState()
        canvas.setFont(look.heading, 7.4)
        canvas.setFillColor(look.ink)
        printed, left, right = str(number + _first_page(article.pages) - 1), SIDE, width - SIDE
        surname = article.authors[0].split(",")[0] + (" et al." if len(article.authors) > 1 else "")
        journal = f"{article.journal[0]} {article.year}; {article.volume}({article.issue})"
        odd = number % 2
        if number > 1:
            canvas.drawString(left, height - 13 * mm, surname if odd else printed)
            canvas.drawRightString(right, height - 13 * mm, printed if odd else journal)
            canvas.setLineWidth(0.4)
            canvas.line(left, height - 15 * mm, right, height - 15 * mm)
        canvas.setFont("Helvetica", 6.8)
        canvas.setFillGray(0.35)
        canvas.drawString(left, 11 * mm, FOOT)
        canvas.drawRightString(right, 11 * mm, f"{printed}" if number == 1 else journal if odd else surname)
        canvas.restoreState()
        if self.setting.furniture:
            self.setting.furniture(canvas, number)


def _nothing(_: Canvas, __: object) -> None:
    """A page that ends as pages do."""


def _frame(x: float, y: float, width: float, height: float) -> Frame:
    return Frame(x, y, width, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)


def _columns(taken: float) -> list[Frame]:
    high = HEIGHT - TOP - BOTTOM - taken
    return [_frame(SIDE + i * (COLUMN + GAP), BOTTOM, COLUMN, high) for i in (0, 1)]


def height_of(piece: Flowable, width: float) -> float:
    """How high a piece is when it is set to this width, with the space around it."""
    return float(piece.wrap(width, HEIGHT)[1]) + float(piece.getSpaceBefore()) + float(piece.getSpaceAfter())


def _first_page(pages: str) -> int:
    start = pages.split("-", maxsplit=1)[0]
    return int(start) if start.isdigit() else 1
