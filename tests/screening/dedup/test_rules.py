"""Which two records are the same, may be, or are not: each rule a claim."""

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
        {"authors": (), "pages": ""},
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
