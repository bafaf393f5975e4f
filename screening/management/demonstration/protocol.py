"""The protocol of the invented review."""

from __future__ import annotations

from screening.management.demonstration.model import Criterion, Protocol

PROTOCOL = Protocol(
    title="Telerehabilitation at home for adults with COPD (invented demonstration review)",
    question=(
        "In adults with chronic obstructive pulmonary disease, does home-based telerehabilitation, compared with "
        "centre-based pulmonary rehabilitation or usual care, improve exercise capacity or health-related quality of life?"
    ),
    criteria=(
        Criterion(
            "population",
            "Adults with COPD",
            "Adults (18 years or older) with chronic obstructive pulmonary disease (COPD), any severity, stable or after an "
            "exacerbation. Not asthma, cystic fibrosis or interstitial lung disease alone.",
            "P", "include", "unclear",
        ),
        Criterion(
            "intervention",
            "Home-based telerehabilitation",
            "Exercise training at home, supervised or coached remotely: telerehabilitation, tele-coaching, virtual pulmonary "
            "rehabilitation, web-based rehabilitation, video-supervised exercise.",
            "I", "include", "unclear",
        ),
        Criterion(
            "comparator",
            "Centre-based rehabilitation or usual care",
            "Outpatient pulmonary rehabilitation, centre-based rehabilitation, usual care, waiting list, no rehabilitation.",
            "C", "include", "unclear",
        ),
        Criterion(
            "outcome",
            "Exercise capacity or quality of life",
            "Six-minute walk distance, incremental shuttle walk, endurance shuttle walk, sit-to-stand test, exercise capacity, "
            "health-related quality of life, St George's Respiratory Questionnaire, COPD Assessment Test (CAT), CRQ.",
            "O", "include", "unclear",
        ),
        Criterion(
            "design", "Randomised trial", "Randomised controlled trial: parallel, cluster or cross-over.", "S", "include", "unclear",
        ),
        Criterion(
            "no-results",
            "No original results",
            "Reviews, protocols, editorials, comments, letters, guidelines and errata.",
            "S", "exclude", "assume_not_met",
        ),
        Criterion(
            "not-human", "Laboratory study", "Animal or in vitro study.", "S", "exclude", "assume_not_met",
        ),
    ),
    reasons=(
        "Not a study in people",
        "No original results (review, protocol, comment)",
        "Wrong population",
        "Wrong study design",
        "Wrong intervention",
        "Wrong comparator",
        "Wrong outcomes",
    ),
)  # fmt: skip

# Which reason a failed criterion leads to; the order of PROTOCOL.reasons decides between several.
REASON_OF = {
    "not-human": PROTOCOL.reasons[0],
    "no-results": PROTOCOL.reasons[1],
    "population": PROTOCOL.reasons[2],
    "design": PROTOCOL.reasons[3],
    "intervention": PROTOCOL.reasons[4],
    "comparator": PROTOCOL.reasons[5],
    "outcome": PROTOCOL.reasons[6],
}
