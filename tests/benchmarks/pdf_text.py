"""How fast are PDFs read? `python tests/benchmarks/pdf_text.py [--pages N] [FILE…]` prints pages per second.

The file that it makes itself looks like a dense journal: two justified columns in 9 points, running heads, a ruled
table on every fourth page. In the same run and on the same file: text alone from pypdfium2 (no boxes, no columns, no
look for hidden text) and from pypdf. Wall and processor time are both given: other work on a machine slows the first.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from screening.fulltext.child import read_limited  # noqa: E402  (a script, run from anywhere)
from screening.fulltext.page import quality_of  # noqa: E402
from screening.fulltext.reading import read  # noqa: E402

GOAL = 20  # pages a second (issue 3)
TEXT = (
    "randomised patients were assigned to receive treatment or placebo mean difference (95% CI 1·2 to 3·4) hospital "
    "follow-up outcome baseline characteristics of the trial and in a for with as blood pressure at twelve weeks"
)


def journal(path: Path, pages: int, seed: int = 1) -> None:
    """A PDF of at least `pages` pages."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Table

    chance, words = random.Random(seed), TEXT.split()
    style = ParagraphStyle("text", fontName="Times-Roman", fontSize=9, leading=11.5, alignment=4, spaceAfter=4)
    width, height = A4

    def heads(canvas: object, document: BaseDocTemplate) -> None:
        canvas.drawString(40, height - 28, "Journal of Invented Trials 2026; 12: 34–56")
        canvas.drawString(width - 60, 24, str(document.page))

    document = BaseDocTemplate(str(path), pagesize=A4, invariant=1)
    frames = [Frame(x, 45, 250, height - 90) for x in (40, 305)]
    document.addPageTemplates(PageTemplate(frames=frames, onPage=heads))
    rows = [["Age, years", "54·2 (8·1)", "53·9 (7·7)"]] * 8
    story: list[Flowable] = []
    for at in range(pages * 11):
        story.append(Paragraph(" ".join(chance.choice(words) for _ in range(75)) + ".", style))
        if at % 44 == 0:
            story.append(Table(rows, style=[("LINEABOVE", (0, row), (-1, row), 0.5, (0, 0, 0)) for row in (0, 1, -1)]))
    document.build(story)


def by_pypdfium2(path: Path) -> int:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    return sum(1 for page in document if page.get_textpage().get_text_range())


def by_pypdf(path: Path) -> int:
    import pypdf

    return sum(1 for page in pypdf.PdfReader(path).pages if page.extract_text())


def timed(name: str, run: Callable[[], int]) -> float:
    """Pages per second of wall time, printed with those per second of this process's own."""
    wall, own = time.perf_counter(), time.process_time()
    pages = run()
    wall, own = time.perf_counter() - wall, time.process_time() - own
    in_child = own < wall / 5
    print(f"  {name:42} {pages / wall:8.1f} pages/s{'' if in_child else f'   {pages / own:8.1f} per processor second'}")
    return pages / wall


def measure(path: Path) -> float:
    pages = list(read(path))
    words = sum(len(page.words) for page in pages)
    print(f"{path.name}: {len(pages)} pages, {words // len(pages)} words a page. {quality_of(pages).sentence()}")
    timed("text and word boxes, in this process", lambda: len(list(read(path))))
    rate = timed("the same in a child with limits (a worker)", lambda: len(read_limited(path)))
    timed("pypdfium2, text without boxes", lambda: by_pypdfium2(path))
    timed("pypdf, text without boxes", lambda: by_pypdf(path))
    return rate


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("files", nargs="*", type=Path)
    arguments.add_argument("--pages", type=int, default=100)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "journal.pdf"
        if not chosen.files:
            journal(made, chosen.pages)
        rates = [measure(path) for path in chosen.files or [made]]
    print(f"goal: {GOAL} pages/s in a worker; slowest here {min(rates):.1f}")
    return 0 if min(rates) >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
