"""A page with nothing but a document, a divider and a form, and papers whose words stand where we put them.

For the tests of <pdf-viewer> and <split-pane>: `settings.ROOT_URLCONF = "tests.viewing"`, then /<name>/ with a name of
`PAPERS`. What the server's reader would say of a page is written down here as the page is drawn, so that the boxes on
screen can be held against something that no viewer computed.
"""

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from reviewapp.views import session

FONT, SIZE, LEADING, MARGIN = "Times-Roman", 10.5, 14, 64
WIDTH, HEIGHT = A4
Word = tuple[int, int, float, float, float, float]
PAGE = Path(__file__).with_suffix(".html")
LOREM = """Participants were randomised in a one to one ratio to the intervention or to usual care and were followed for
twelve months while assessors remained unaware of the allocation"""


class Paper:
    """A PDF and, for each page, its text and the place of each word as fractions of the page."""

    def __init__(self, pages: int, *, rotate: int = 0, sentence: str = "", on: int = 1, lock: str = "") -> None:
        self.pages: list[tuple[str, list[Word]]] = []
        stream = io.BytesIO()
        canvas = Canvas(stream, pagesize=A4, encrypt=StandardEncryption(lock) if lock else None, pageCompression=1)
        for number in range(1, pages + 1):
            canvas.setPageRotation(rotate)
            canvas.bookmarkPage(f"page-{number}")
            self.pages.append(_page(canvas, number, sentence if number == on else ""))
            canvas.showPage()
        canvas.save()
        self.content = stream.getvalue()

    def span(self, page: int, quote: str) -> dict[str, int]:
        """Where a quote stands in the text of a page, as a suggestion would say it."""
        start = self.pages[page - 1][0].replace("\n", " ").index(quote)
        return {"page": page, "start": start, "end": start + len(quote)}


def _page(canvas: Canvas, number: int, sentence: str) -> tuple[str, list[Word]]:
    canvas.setFont("Times-Bold", 15)
    canvas.drawString(MARGIN, HEIGHT - 60, f"An invented trial, page {number}")
    canvas.setFont(FONT, SIZE)
    text, words, y = "", list[Word](), HEIGHT - 100
    filler = LOREM.split()
    prose = [*filler * 2, *sentence.split(), *filler * 14]
    while y > 80 and prose:
        x = MARGIN
        while prose and x + stringWidth(prose[0], FONT, SIZE) < WIDTH - MARGIN:
            word = prose.pop(0)
            wide = stringWidth(word, FONT, SIZE)
            top, bottom = HEIGHT - y - 0.75 * SIZE, HEIGHT - y + 0.25 * SIZE
            box = (x / WIDTH, top / HEIGHT, (x + wide) / WIDTH, bottom / HEIGHT)
            words.append((len(text), len(text) + len(word), *box))
            canvas.drawString(x, y, word)
            text += word + " "
            x += wide + stringWidth(" ", FONT, SIZE)
        text = text[:-1] + "\n"
        y -= LEADING
    canvas.linkURL("https://journal.example/", (MARGIN, 30, 200, 44))
    canvas.linkRect("", "page-1", (300, 30, 400, 44))
    return text, words


QUOTE = "allocation was concealed by sequentially numbered opaque sealed envelopes that were kept at the pharmacy"


def _scan() -> Paper:
    paper = Paper(2)
    paper.pages = [("", []), ("", [])]
    return paper


PAPERS: dict[str, Callable[[], Paper]] = {
    "short": lambda: Paper(6, sentence=QUOTE, on=3),
    "long": lambda: Paper(200, sentence=QUOTE, on=150),
    "locked": lambda: Paper(1, lock="secret"),
    "scan": _scan,
    "damaged": lambda: Paper(1),
    "missing": lambda: Paper(1),
    "reading": lambda: Paper(2),
    "flagged": lambda: Paper(1),
}
paper = cache(lambda name: PAPERS[name]())


def shown(name: str, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"{name}.pdf",
        "url": f"/{name}/file.pdf",
        "words": f"/{name}/pages/0/",
        "pages": len(paper(name).pages),
        "layer": "scan" if name == "scan" else "text",
        "status": "reading" if name == "reading" else "ready",
        "flags": ["hidden text"] if name == "flagged" else [],
    }


def _viewer(request: HttpRequest, name: str) -> HttpResponse:
    if name not in (*PAPERS, "none"):
        raise Http404(name)
    documents = [shown(name, 1), shown("long", 2)] if name == "short" else []
    template = engines["django"].from_string(PAGE.read_text())
    document = None if name == "none" else shown(name, 1)
    context = {"document": document, "documents": documents, "label": "Full text"}
    return HttpResponse(template.render(context, request))


def _file(request: HttpRequest, name: str) -> HttpResponse:
    if name == "missing":
        return render(request, "404.html", status=404)
    content = b"%PDF-1.4\nnothing that follows is one" if name == "damaged" else paper(name).content
    return HttpResponse(content, content_type="application/pdf")


def _words(request: HttpRequest, name: str, number: int) -> HttpResponse:
    if name == "reading":
        return JsonResponse({"title": "Not read yet"}, status=404)
    text, words = paper(name).pages[number - 1]
    return JsonResponse(
        {"number": number, "width": WIDTH, "height": HEIGHT, "text": text, "words": words, "hidden": []}
    )


urlpatterns = [
    path("session/", session, name="session"),  # every page names it
    path("<str:name>/", _viewer),
    path("<str:name>/file.pdf", _file),
    path("<str:name>/pages/<int:number>/", _words),
]
