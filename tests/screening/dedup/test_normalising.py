"""Fields that differ only in style compare equal."""

import pytest

from screening.dedup import journals, places
from screening.dedup.evidence import typing_error
from screening.dedup.names import name, same_person
from screening.dedup.text import title


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("[The effect of TNF-α].", "the effect of tnf alpha"),
        ("TNFα and β-blockers", "tnf alpha and beta blockers"),
        ("Salt &amp; H<sub>2</sub>O", "salt h2o"),
        ("Über Ménière&#8217;s disease", "uber menieres disease"),
        ("Trial of X. [Chinese, English]", "trial of x"),
        ("Review of copper [1]", "review of copper"),
        ("Part II: p < 0.05", "part 2 p 0 05"),
        ("RETRACTED: A fine study", "a fine study"),
        ("[Review].", "review"),
        ("Η θεραπεία του καρκίνου", "η θεραπεια του καρκινου"),
        ("UNKNOWN", ""),
    ],
)
def test_titles(raw: str, words: str) -> None:
    assert title(raw).text == words


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("Erratum to: copper in wards", "correction"),
        ("Copper in wards (vol 12, pg 3, 2001)", "correction"),
        ("Copper in wards (Lancet (2009) 360 (542-544))", "correction"),
        ("Copper in wards: authors' reply", "reply"),
        ("Copper in wards - Reply to Ito et al", "reply"),
        ('Comment on "Copper in wards"', "comment"),
        ("Copper in wards Editorial Comment", "comment"),
        ("Copper in wards.[Erratum appears in Lancet. 2009 Jun 4;360(23):2487]", ""),
        ("Correction of hyponatraemia in the intensive care unit", "correction"),
        ("Copper in wards (multiple letters) [1]", "letters"),
        ("Immune response to copper", ""),
        ("Response of wards to copper", ""),
    ],
)
def test_kinds_of_notices(raw: str, kind: str) -> None:
    assert title(raw).kind == kind


@pytest.mark.parametrize(
    "raw", ["van der Berg, Jan", "van der Berg J", "J. van der Berg", "Jan van der Berg", "Berg, J. van der", "BERG, J"]
)
def test_family_names_in_any_style(raw: str) -> None:
    found = name(raw)
    assert found is not None
    assert (found.family, found.initials[:1]) == ("berg", "j")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Müller, K.", "Muller K", True),
        ("Goicoechea de Jorge, E.", "de Jorge, E. G.", True),
        ("O'Brochta, W.", "William, O'Brochta", True),
        ("Zhang Wei", "Wei Zhang", True),
        ("Smith, J.", "Smith, P.", False),
        ("Lee, K.", "Li, K.", False),
    ],
)
def test_one_person(one: str, other: str, same: bool) -> None:
    a, b = name(one), name(other)
    assert a is not None
    assert b is not None
    assert same_person(a, b) is same
    assert same_person(b, a) is same


@pytest.mark.parametrize("raw", ["", "Anonymous", "et al.", "[No authors listed]", "Unknown"])
def test_nobody_is_nobody(raw: str) -> None:
    assert name(raw) is None


@pytest.mark.parametrize(
    ("raw", "pages"),
    [
        ("123-9", ("", 123, 129)),
        ("123--129", ("", 123, 129)),
        ("918‐921", ("", 918, 921)),
        ("S12-S14", ("s", 12, 14)),
        ("e82463", ("e", 82463, 82463)),
        ("1746-1746", ("", 1746, 1746)),
        ("215 p", ("", 0, 0)),
        ("xiii, 351", ("", 0, 0)),
        ("2297-2108", ("", 0, 0)),
        ("35+", ("", 35, 35)),
        ("S0732-8893(15)00432-0", ("", 0, 0)),  # items of one journal would share these "pages"
        ("s13012-019-0861-2", ("", 0, 0)),
    ],
)
def test_pages(raw: str, pages: tuple[str, int, int]) -> None:
    assert places.pages(raw) == pages


@pytest.mark.parametrize(
    ("raw", "doi"),
    [
        ("https://doi.org/10.1000/ABC.1", "10.1000/abc.1"),
        ("doi: 10.1016/S0140-6736(05)67889-0.", "10.1016/s0140-6736(05)67889-0"),
        ("10.1186", ""),
        ("10.1016/j.", ""),
        ("none", ""),
    ],
)
def test_dois(raw: str, doi: str) -> None:
    assert places.doi(raw) == doi


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("J Strateg Inf Syst", "The Journal of Strategic Information Systems", "same"),
        ("N Engl J Med", "New England Journal of Medicine.", "same"),
        ("JAMA", "Journal of the American Medical Association", "same"),
        ("AMCIS 2017 Proceedings", "Americas Conference on Information Systems", "same"),
        ("Zhonghua Yi Xue Za Zhi [National Medical Journal of China]", "National Medical Journal of China", "same"),
        ("Stroke.Conference: 5th World Congress Berlin", "Stroke", "same"),
        ("Nephron", "Nephron Clinical Practice", "unclear"),
        ("Stroke", "Brain Injury", "other"),
        ("Journal of Digital Studies", "Workshop of Digital Studies", "other"),
        ("Stroke", "", "unknown"),
    ],
)
def test_journals(one: str, other: str, likeness: str) -> None:
    assert journals.compare(one, other) == likeness
    assert journals.compare(other, one) == likeness


@pytest.mark.parametrize(("a", "b"), [("haemolytic", "hemolytic"), ("acute", "caute"), ("tumours", "tumors")])
def test_misspelt_words_are_one(a: str, b: str) -> None:
    assert typing_error(a, b)


@pytest.mark.parametrize(
    ("a", "b"), [("typical", "atypical"), ("increased", "decreased"), ("hypotension", "hypertension"), ("2019", "2018")]
)
def test_opposites_and_numbers_are_not(a: str, b: str) -> None:
    assert not typing_error(a, b)
