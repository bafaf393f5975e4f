"""How well people agree, and how well one predicts the other. Pure: answers in, figures with intervals out.

`pairs` is for two people, `several` for any number with missing answers; each says which formulas these are.
"""

from audit.agreement.figures import Figure, Kappa, Rate, wilson
from audit.agreement.pairs import ac1, kappa, pabak, percent, specific
from audit.agreement.several import ac1_of, alpha, fleiss, percent_of

__all__ = [
    "Figure",
    "Kappa",
    "Rate",
    "ac1",
    "ac1_of",
    "alpha",
    "fleiss",
    "kappa",
    "pabak",
    "percent",
    "percent_of",
    "specific",
    "wilson",
]
