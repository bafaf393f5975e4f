"""Which titles and types mark a retraction, a concern, a correction or a notice, and which only use the words."""

from time import process_time

import pytest

from screening.quality.marks import CONCERN, CORRECTED, HINTS, KINDS, NOTICE, RETRACTED, marks

TITLES = {
    RETRACTED: [
        "RETRACTED: Honey against cough",
        "[Retracted] Honey against cough",
        "RETRACTED ARTICLE: Honey against cough",
        "Retracted — Honey against cough",
        "“Retracted: Honey against cough”",
        "WITHDRAWN: Interventions for cough",
        "Withdrawn. Interventions for cough",
        "Honey against cough (Retracted article. See vol. 12, pg. 3, 2010)",
        "Honey against cough [Retracted]",
        "Honey (Apis) against cough [n = 12] (Retracted article. See vol. 12, pg. 3, 2010).",
        "Honey against cough. [Retraction in: Invented J. 2010;3:1]",
        "Honey against cough [published retraction appears in Invented J 2001]",
    ],
    CONCERN: [
        "Expression of Concern: Honey against cough",
        "Editorial expression of concern",
        "Expression of concern for “Honey against cough”",
        "Editorial Expression of Concern to: Honey",
        "Expression of editorial concern - Honey",
        "Honey against cough [Expression of concern in: Invented J. 2011]",
    ],
    CORRECTED: [
        "Honey against cough [corrected]",
        "Honey against cough [Erratum appears in Invented J. 2003 Jun;142(6):616",
        "Honey against cough [published correction appears in Invented J 2004]",
        "Honey against cough [published erratum appears in: Invented J]",
    ],
    NOTICE: [
        "Erratum",
        "ERRATA",
        "Erratum: Honey against cough",
        "Corrigendum to “Honey against cough”",
        "Authors' corrigendum",
        "Author Correction: Honey against cough",
        "Publisher's correction",
        "Correction.",
        "Correction: Honey against cough",
        "Correction to: Honey against cough",
        "Correction to “Honey against cough”",
        "Correction to Okafor et al. (2018)",
        "Retraction: Honey against cough",
        "Retraction note to: Honey against cough",
        "Notice of retraction",
        "Retraction of “Honey against cough”",
        "Withdrawal notice to Honey against cough",
        "Removal notice to “Honey against cough”",
        "Honey against cough (vol 142, pg 310, 2003)",
        "Honey (Apis) against cough (vol 142, pg 310, 2003)",
        "Honey against cough (Retraction of vol 35, pg 1, 2015)",
        "Honey against cough: Erratum",
        "Honey against cough [Erratum]",
    ],
}
TYPES = {
    RETRACTED: [
        "Retracted Publication",
        "Journal Article; Retracted Publication",
        "Retracted",
        "Withdrawn Publication",
    ],
    CONCERN: ["Expression of Concern", "Publication with Expression of Concern"],
    CORRECTED: ["Corrected and Republished Article", "Corrected Publication; Journal Article"],
    NOTICE: ["Published Erratum", "Retraction of Publication", "Correction, Addition", "erratum", "Tombstone"],
}
SURGERY_AND_OTHER_USES = [
    "Retraction of the upper eyelid in Graves disease",
    "Gingival retraction in (n = 12)",
    "Retraction pockets: a trial",
    "Retracted papers in oncology: a cohort",
    "Correction of hyponatraemia",
    "Correction of “gummy smile” with botulinum toxin",
    "[Correction in children of strabismus].",
    "Corrections officers and burnout",
    "Scoliosis - correction",
    "Corrected QT interval",
    "Withdrawal: a qualitative study",
    "Withdrawn, depressed and alone: a survey",
    "Expression of concern in mothers of infants",
    "Erratic sleep",
]

HOSTILE = ["(retracted: ", "[withdrawn; ", "(retraction of vol 1, ", "(vol 1,", "(vol . . ", " ", "vol [(\"'*", "; "]
"""Begin a mark again and again and never end it."""


def test_titles_are_marked_by_kind_each_with_a_reason():
    for kind, titles in TITLES.items():
        for title in titles:
            found = marks(title, "")
            assert {rule.kind for rule in found} == {kind}, title
            assert all(rule.reason for rule in found)


def test_types_of_the_databases_are_marked():
    for kind, types in TYPES.items():
        for one in types:
            assert {rule.kind for rule in marks("Honey against cough", one)} == {kind}, one


@pytest.mark.parametrize("title", SURGERY_AND_OTHER_USES)
def test_a_word_alone_marks_nothing(title):
    assert marks(title, "Journal Article") == []


def test_what_is_looked_for_first_is_in_all_that_is_marked():
    texts = [text.lower() for by_kind in (TITLES, TYPES) for texts in by_kind.values() for text in texts]
    assert all(any(hint in text for hint in HINTS) for text in texts)
    assert set(TITLES) == set(TYPES) == set(KINDS)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_title_takes_no_longer_than_its_length_asks_for(hostile):
    title = f"vol {hostile * (300_000 // len(hostile))}x"
    before = process_time()
    marks(title, "")
    assert process_time() - before < 2  # it was minutes
