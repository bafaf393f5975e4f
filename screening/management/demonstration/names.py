"""Invented people and journals. Surnames are common ones, initials are drawn: no person is meant."""

from __future__ import annotations

# fmt: off
# Tables of text: one alternative after the other reads better than one per line.
from random import Random

SURNAMES = (
    "Andersson", "Bianchi", "Castro", "Dubois", "Eriksen", "Fernández", "García", "Hansen", "Ito", "Jansen", "Kowalski", "Larsen",
    "Martínez", "Nguyen", "Okafor", "Pérez", "Quinn", "Rossi", "Schäfer", "Tanaka", "Usman", "Virtanen", "Weber", "Xu", "Yılmaz",
    "Zhang", "Müller", "Björk", "Côté", "O'Brien", "Silva", "Søndergaard", "Papadakis", "Haddad", "Cohen", "Kumar", "Singh",
    "Chen", "Kim", "Park", "Lefèvre", "van Dijk", "de Souza", "Nowak", "Horvath", "Moreau", "Olsen", "Brown", "Taylor",
    "Wilson", "Walker", "Murphy", "Ferrari", "Romano", "Sato", "Suzuki", "Abebe", "Mensah", "Ivanova", "Petrova", "Lindström",
)  # fmt: skip
GROUPS = ("Invented Home Breath Study Group", "Invented Telerehab Collaborators")

# Full name and abbreviation, as databases have them; none of these journals exists.
JOURNALS = (
    ("Invented Journal of Respiratory Care", "Invent J Respir Care"),
    ("Invented Archives of Pulmonary Medicine", "Invent Arch Pulm Med"),
    ("Invented Annals of Rehabilitation", "Invent Ann Rehabil"),
    ("Invented International Journal of COPD", "Invent Int J COPD"),
    ("Invented Journal of Telehealth and Telecare", "Invent J Telehealth Telecare"),
    ("Invented Physiotherapy Research Reports", "Invent Physiother Res Rep"),
    ("Invented Thoracic Review", "Invent Thorac Rev"),
    ("Invented Digital Health Letters", "Invent Digit Health Lett"),
    ("Invented European Lung Journal", "Invent Eur Lung J"),
    ("Invented Primary Care Quarterly", "Invent Prim Care Q"),
    ("Invented Journal of Cardiopulmonary Rehabilitation", "Invent J Cardiopulm Rehabil"),
    ("Invented Open Medicine", "Invent Open Med"),
)
LABORATORY = (
    ("Invented Journal of Applied Muscle Physiology", "Invent J Appl Muscle Physiol"),
    ("Invented Experimental Lung Biology", "Invent Exp Lung Biol"),
    ("Invented Cell and Airway Research", "Invent Cell Airway Res"),
)
ECONOMIC = (
    ("Invented Health Economics Notes", "Invent Health Econ Notes"),
    ("Invented Value in Respiratory Health", "Invent Value Respir Health"),
)
CHILDREN = (("Invented Paediatric Chest Journal", "Invent Paediatr Chest J"),)
CONGRESS = (("Invented European Lung Journal Supplement: Congress Abstracts", "Invent Eur Lung J Suppl"),)

PLACES = (
    "Norway", "Denmark", "Spain", "Italy", "Australia", "Canada", "Brazil", "Japan", "the Netherlands", "Germany", "Ireland",
    "Turkey", "Greece", "Chile", "Taiwan", "Scotland", "Portugal", "New Zealand", "Sweden", "South Korea", "rural Queensland",
    "northern Finland", "Québec", "Catalonia",
)  # fmt: skip


def people(rng: Random, count: int) -> tuple[str, ...]:
    """`count` different authors as "Surname, I. I."."""
    letters = "ABCDEFGHIJKLMNPRSTVW"
    return tuple(f"{name}, {' '.join(f'{c}.' for c in rng.sample(letters, rng.choice((1, 2, 2))))}" for name in rng.sample(SURNAMES, count))
