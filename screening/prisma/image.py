"""The diagram as PNG, drawn by resvg from a wheel with the shipped font: no system library, no browser."""

import resvg_py

from screening.prisma.drawing import svg
from screening.prisma.flow import Flow
from screening.prisma.font import BOLD, REGULAR, covers, load
from screening.prisma.text import clean

FONT_NAME = "DejaVu Sans"  # as its own name table says; condensed is a stretch of it
WIDEST = 4000  # px; a long diagram at that width is some 200 MB of pixels while it is drawn


def needs_system_font(flow: Flow) -> bool:
    """Say whether a name or a reason has characters that the shipped font lacks, so that a page can offer the SVG."""
    labels = (*(source.name for source in flow.sources), *(reason.text for reason in flow.reasons))
    return not all(covers(clean(label)) for label in labels)


def png(flow: Flow, *, width: int = 1600) -> bytes:
    """Draw the flow as a PNG `width` px wide on white; the height follows.

    The same flow gives the same bytes anywhere as long as the shipped font has its characters (Latin, Greek, Cyrillic,
    Arabic, Hebrew). For other scripts the machine's own fonts are asked, and a machine without one draws empty boxes;
    the SVG shows them in any browser. Raises ValueError for a width outside 100–4000.
    """
    if not 100 <= width <= WIDEST:
        raise ValueError(f"A diagram can be 100 to {WIDEST} pixels wide, not {width}.")
    for font in (REGULAR, BOLD):
        load(font)  # resvg would draw no text at all, and say nothing, if a font were missing
    return resvg_py.svg_to_bytes(
        svg_string=svg(flow, standalone=True),
        width=width,
        skip_system_fonts=not needs_system_font(flow),
        font_files=[str(REGULAR), str(BOLD)],
        font_family=FONT_NAME,
        sans_serif_family=FONT_NAME,
    )
