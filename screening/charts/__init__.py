"""Charts of a stage's progress as SVG. Pure: rows in, markup out; the same rows give the same bytes.

Each has its figures in a table beside it (templates/screening/_progress_charts.html), and nothing in it is told by
colour alone: lines are labelled or dashed, and marks have titles.
"""

from screening.charts.bars import opinions_per_day
from screening.charts.burn_down import burn_down

__all__ = ["burn_down", "opinions_per_day"]
