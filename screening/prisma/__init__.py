"""The PRISMA 2020 flow diagram of a new review, from databases and registers only, as pure drawing.

Counts come in as one frozen `Flow`; out go `svg`, `png`, the R package's CSV and the violated equations. Nothing here
knows Django or a table. Template: Page MJ et al. The PRISMA 2020 statement. BMJ 2021;372:n71, figure 1.
"""

from screening.prisma.balance import balance
from screening.prisma.boxes import Footnote, Number, footnotes, numbers
from screening.prisma.drawing import MOVING, svg
from screening.prisma.flow import Flow, Reason, Source
from screening.prisma.image import needs_system_font, png
from screening.prisma.table import COLUMNS, csv_rows, csv_text

__all__ = [
    "COLUMNS",
    "MOVING",
    "Flow",
    "Footnote",
    "Number",
    "Reason",
    "Source",
    "balance",
    "csv_rows",
    "csv_text",
    "footnotes",
    "needs_system_font",
    "numbers",
    "png",
    "svg",
]
