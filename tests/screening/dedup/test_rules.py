"""Which two records are the same, may be, or are not: each rule a claim."""

from itertools import combinations

import pytest

from tests.screening.dedup.records import PAPER, paper, tier, verdict

TITLE = PAPER.title
SCANT = {"volume": "", "issue": "", "pages": ""}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"title": TITLE.upper() + "."},
        {"title": f"[{TITLE}]. [Swedish]"},
        {"title": TITLE.replace("ischaemic", "ischemic").replace("randomised", "randomized")},
        {"title": f"{TITLE} [Review] [68 refs]"},
        {"title": f"<i>{TITLE}</i>"},
        {"title": f"{TITLE}.[Erratum appears in J Stroke Cerebrovasc Dis. 2019 Jun;28(6):1700 Note: Berg, J [added]]"},
        {"authors": ("Okafor N", "van der Berg J", "Lindqvist SM")},
        {"authors": ("N. Okafor", "J. van der Berg", "S. M. Lindqvist")},
        {"authors": ("Okafor, N.",)},
        {"authors": ()},
        {"authors": (), "pages": ""},
        {"journal": "J Stroke Cerebrovasc Dis"},
        {"pages": "1123-31"},
        {"pages": "1123"},
        {"year": 2020},
        {"year": None},
        SCANT,
        {"journal": "", **SCANT},
        {"title": ""},
        {"journal": "Slaganfall [Swedish Annals of Neurology]"},
    ],
)
def test_the_same_paper_told_otherwise_is_certain(changes: dict[str, object]) -> None:
    assert tier(PAPER, paper(**changes)) == "certain"


@pytest.mark.parametrize(
    "changes",
    [
        {"title": f"Erratum: {TITLE}", "issue": "6", "pages": "1700"},
        {"title": f'Corrigendum to "{TITLE}"', "issue": "6", "pages": "1700"},
        {"title": f"{TITLE} (vol 28, pg 1123, 2019)", "issue": "6", "pages": "1700"},
        {"title": f"Retraction of: {TITLE}", "issue": "6", "pages": "1700"},
        {"title": f"{TITLE} - Reply", "issue": "6", "pages": "1700"},
        {"title": f"{TITLE}: authors' reply", "pages": "1123"},
        {"title": f"Comment on: {TITLE}", "pages": "1132"},
        {"title": f"{TITLE} (letter)", "issue": "6", "pages": "1700"},
        {"title": f"{TITLE}. Part II: follow-up at five years", "pages": "1132-1140"},
        {"authors": ("Petrov, I.",), "pages": "1131"},
        {"journal": "https://clinicaltrials.gov/show/NCT01234567", "authors": (), "year": 2016, **SCANT},
        {"year": 2022, "volume": "31", "pages": "88"},
        {"doi": "10.1000/two", "journal": "Stroke", "volume": "50", "issue": "Suppl 1", "pages": "S99"},
    ],
)
def test_what_only_bears_its_title_is_no_duplicate(changes: dict[str, object]) -> None:
    assert tier(paper("a", doi="10.1000/one"), paper(**changes)) == "none"


@pytest.mark.parametrize(
    "changes",
    [
        {"doi": "10.1000/two"},
        {"pages": "1500-1508"},
        {"volume": "82"},
        {"year": 2014},
        {"journal": "Workshop on Stroke", **SCANT},
        {"title": TITLE.replace("intensive", "gentle"), "pages": ""},
        {"authors": (), "issue": "", "pages": "", "volume": ""},
    ],
)
def test_one_doubt_leaves_the_pair_to_a_person(changes: dict[str, object]) -> None:
    assert tier(paper("a", doi="10.1000/one"), paper(**changes)) == "possible"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("in adult patients sensitive to plasma therapy", "in adult patients resistant to plasma therapy"),
        ("in typical haemolytic uraemic syndrome of children", "in atypical haemolytic uraemic syndrome of children"),
        ("causing increased cerebral perfusion pressure", "causing decreased cerebral perfusion pressure"),
        ("in hypertension of pregnancy and birth", "in hypotension of pregnancy and birth"),
        ("results of phase 2 and its extension", "results of phase 3 and its extension"),
        ("of type I and its consequences", "of type II and its consequences"),
    ],
)
def test_one_word_can_make_another_paper(one: str, other: str) -> None:
    start = "Eculizumab and supportive care "
    assert tier(paper("a", title=start + one, **SCANT), paper(title=start + other, **SCANT)) != "certain"


def test_annual_reports_stay_apart() -> None:
    report = paper("a", title="Annual report of the national registry of stroke units", volume="12", pages="1-40")
    later = paper(title=report.title, year=2020, volume="13", pages="1-44", issue="4")
    assert tier(report, later) != "certain"


def test_editorials_of_two_issues_stay_apart_and_those_of_one_page_do_not() -> None:
    first = paper("a", title="Editorial", authors=("Zwass, V.",), pages="3-4")
    assert tier(first, paper(title="Editorial", authors=("Zwass, V.",), pages="3-4", issue="2")) == "none"
    assert tier(first, paper(title="Editorial.", authors=("Zwass, Vladimir",), pages="3-4")) == "certain"


def test_page_one_is_no_evidence() -> None:
    papers = {"volume": "", "issue": "", "pages": "1-10", "journal": "European Conference on Information Systems"}
    other = paper(title="Quite another subject of the same people at the same meeting", **papers)
    assert tier(paper("a", **papers), other) == "none"


def test_pages_of_the_online_version_contradict_nothing() -> None:
    assert tier(PAPER, paper(volume="", issue="", pages="1-9")) == "certain"


def test_the_same_doi_carries_a_changed_title_only_with_the_place() -> None:
    one = paper("a", doi="10.1000/x123")
    other = paper(title="Tidig mobilisering efter stroke", doi="https://doi.org/10.1000/X123")
    assert tier(one, other) == "certain"
    assert (
        tier(one, paper(title="Thrombectomy in the very old", authors=("Ito, K.",), doi="10.1000/x123")) == "possible"
    )


def test_a_pubmed_number_binds_and_another_one_parts() -> None:
    one = paper("a", accessions=(("pmid", "31000001"),), **SCANT)
    assert tier(one, paper(year=2020, accessions=(("pmid", "31000001"), ("embase", "200")), **SCANT)) == "certain"
    assert tier(one, paper(accessions=(("pmid", "31000002"),), **SCANT)) != "certain"


def test_a_number_of_the_file_says_nothing() -> None:
    one, other = paper("a", title="", accessions=(("local", "2"),)), paper(accessions=(("local", "2"),))
    assert tier(one, paper(title="Another", authors=(), pages="7", accessions=other.accessions)) == "none"


def test_different_trials_of_one_title_stay_apart() -> None:
    where = "https://clinicaltrials.gov/show/"
    one = paper("a", journal=where + "NCT00000001", authors=(), **SCANT)
    assert tier(one, paper(journal=where + "NCT00000002", authors=(), **SCANT)) == "none"


def test_shifted_fields_are_seen_through() -> None:
    assert tier(PAPER, paper(volume="", issue="28", pages="4")) == "certain"


def test_the_reason_is_a_sentence_with_the_figures() -> None:
    same = verdict(paper("a", doi="10.1000/one"), paper(doi="doi:10.1000/ONE."))
    assert same is not None
    assert same.reason == "same DOI and title 100 % alike"
    other = verdict(paper("a", doi="10.1000/one"), paper(doi="10.1000/two"))
    assert other is not None
    assert other.reason == "title 100 % alike; but not the same DOI"


LONG = "Night-time light and sleep in hospital wards: a cluster randomised crossover trial"
THREE = ("Moreau, C.", "Tanaka, H.", "Osei, K.")


@pytest.mark.parametrize(
    "changes",
    [
        {"authors": (), "pages": ""},
        {"journal": "Byoin Suimin Gakkai Zasshi", "pages": ""},
        {"issue": "25", "pages": "240"},
        {"authors": ("Moreau, C.", "Tanaka, Y.", "Osei, K.")},
        {"title": LONG.replace("in hospital", "inh ospital")},
        {"title": LONG.replace("sleep", "slep")},
        {"title": LONG.replace("and sleep", "ans sleep")},
    ],
)
def test_one_field_that_is_missing_or_garbled_does_not_part_what_all_else_binds(changes: dict[str, object]) -> None:
    base = {"title": LONG, "authors": THREE, "journal": "Journal of Hospital Sleep", "pages": "240-245", "year": 2007}
    both = [
        paper(name, **{**base, "volume": "104", "issue": "1", **more}) for name, more in (("a", {}), ("b", changes))
    ]
    assert tier(*both) == "certain"


def test_a_conference_is_known_by_its_name_whichever_time_it_was() -> None:
    place = {"title": LONG, "authors": THREE, "volume": "", "issue": "", "year": 2020}
    one = paper("a", journal="Symposium on Light and Sleep, SOLAS", pages="165--184", **place)
    two = paper("b", journal="PROCEEDINGS OF THE SIXTEENTH SYMPOSIUM ON LIGHT AND SLEEP", pages="165--183", **place)
    assert tier(one, two) == "certain"


ABSTRACT = {"journal": "Sleep Medicine", "volume": "14", "issue": "Suppl 1", "pages": "S34", "doi": "", "year": 2013}


@pytest.mark.parametrize(
    ("one", "other", "changes"),
    [
        (LONG.replace("hospital", "adult"), LONG.replace("hospital", "adolescent"), {}),
        ("Light in drug-sensitive tuberculosis: outcomes", "Light in drug-resistant tuberculosis: outcomes", {}),
        (LONG, f"{LONG}: results in older patients", {}),
        (LONG, LONG, {"journal": "European Sleep Congress", "volume": "22", "year": 2014, "pages": "P112"}),
        (LONG, LONG, {"journal": "The Lancet", "volume": "381", "issue": "9870", "pages": "1123-1131"}),
        (LONG, LONG, {"journal": "medRxiv", "volume": "", "issue": "", "pages": "", "doi": "10.1101/2012.11.02.1"}),
        (
            LONG,
            LONG,
            {"journal": "Dryad Digital Repository", "volume": "", "issue": "", "pages": "", "doi": "10.5061/dryad.1"},
        ),
        (LONG, f"{LONG}: study protocol", {}),
        (LONG, f"Author Correction: {LONG}", {}),
        (LONG, f"{LONG} - Reply", {}),
        ("Light at night: 2012 update", "Light at night: 2013 update", {"year": 2014}),
        ("Light at night. Part 1: wards", "Light at night. Part 2: wards", {}),
    ],
)
def test_reports_that_only_look_alike_are_never_merged(one: str, other: str, changes: dict[str, object]) -> None:
    """One supplement page, one group of authors: titles that differ in a word, an ending, a kind or a place."""
    first = paper("a", title=one, authors=THREE, **ABSTRACT)
    assert tier(first, paper("b", title=other, authors=THREE, **{**ABSTRACT, **changes})) != "certain"


def test_a_guideline_in_three_journals_at_once_stays_three() -> None:
    base = {"title": LONG, "authors": THREE, "year": 2013, "doi": ""}
    found = [
        paper("a", journal="Circulation", volume="127", issue="4", pages="362-425", **base),
        paper(
            "b",
            journal="Journal of the American College of Cardiology",
            volume="61",
            issue="4",
            pages="e78-e140",
            **base,
        ),
        paper(
            "c",
            journal="Catheterization and Cardiovascular Interventions",
            volume="82",
            issue="1",
            pages="E1-E27",
            **base,
        ),
    ]
    assert {tier(a, b) for a, b in combinations(found, 2)} <= {"possible", "none"}


def test_one_doi_for_a_whole_supplement_merges_nothing_by_itself() -> None:
    base = {**ABSTRACT, "doi": "10.1016/j.sleep.2013.11.001", "authors": THREE}
    one, two = (
        paper("a", title=LONG, **base),
        paper("b", title="Naps of shift workers in a mine", **{**base, "pages": "S35"}),
    )
    assert tier(one, two) != "certain"
    three = paper("c", title=LONG.replace("hospital", "nursing home"), **{**base, "pages": "S77"})
    assert tier(one, three) != "certain"


def test_an_update_of_a_cochrane_review_is_another_record() -> None:
    base = {"title": LONG, "authors": THREE, "journal": "Cochrane Database of Systematic Reviews", "volume": ""}
    one = paper("a", year=2010, issue="3", pages="CD001234", doi="", **base)
    two = paper("b", year=2013, issue="7", pages="CD001234", doi="", **base)
    assert tier(one, two) != "certain"


@pytest.mark.parametrize(
    "changes",
    [
        {"pages": "a1754"},
        {"pages": "e214-e220"},
        {"pages": "1-6"},
        {"year": 2018, "volume": "", "issue": "", "pages": ""},
        {"authors": ("Stroke Study Group",)},
        {"authors": ("Okafor N.van der Berg J.Lindqvist S. M.",), "pages": ""},
        {"volume": "2019 / Apr", "issue": "", "pages": ""},
        {"title": "Frühe Mobilisierung nach ischämischem Schlaganfall"},
        {"title": f"{TITLE} [Erratum appears in J Stroke 2019;28(6):1700"},
        {"authors": PAPER.authors[1:]},
        {"authors": ("Ngozi, Okafor", "J., van der Berg", "Sara M., Lindqvist")},
    ],
)
def test_what_databases_do_to_a_record_does_not_part_it_from_its_paper(changes: dict[str, object]) -> None:
    assert tier(PAPER, paper(**changes)) == "certain"


@pytest.mark.parametrize(
    ("one", "other"),
    [("1-10", "01-Oct"), ("10-12", "12-Oct"), ("10-12", "Oct-12")],
)
def test_pages_that_a_spreadsheet_made_a_date_are_read(one: str, other: str) -> None:
    assert tier(paper("a", pages=one), paper(pages=other)) == "certain"


@pytest.mark.parametrize(
    "changes",
    [
        {"journal": "medRxiv"},
        {"journal": "", "doi": "10.1101/2019.01.02.19000001"},
        {"journal": "Research Square"},
        {"journal": "", "doi": "10.5061/dryad.abc12"},
        {"journal": "Zenodo", "doi": "10.5281/zenodo.12345"},
    ],
)
def test_a_preprint_or_a_data_set_is_not_its_article(changes: dict[str, object]) -> None:
    assert tier(PAPER, paper(**{**SCANT, **changes})) == "none"


def test_two_copies_of_one_preprint_are_one() -> None:
    base = {**SCANT, "journal": "bioRxiv", "doi": "10.1101/123456"}
    assert tier(paper("a", **base), paper("b", **base)) == "certain"
