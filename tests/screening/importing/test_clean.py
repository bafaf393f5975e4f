"""Years, DOIs, pages."""

import pytest

from screening.importing import clean


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("2019///", 2019),
        ("2019 Jan-Feb", 2019),
        ("20190315", 2019),
        ("15/03/2019", 2019),
        ("c1998", 1998),
        ("1998-2001", 1998),
    ]
    + [(text, None) for text in ("10 15", "99", "", "in press", "12345", "YEAR/MONTH/DAY/")],
)
def test_years(written: str, year: int | None) -> None:
    assert clean.year(written) == year


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("https://doi.org/10.1000/ABC", "10.1000/abc"),
        ("http://dx.doi.org/10.1000/abc.", "10.1000/abc"),
        ("doi: 10.1000/abc;", "10.1000/abc"),
        ("10.1016/S0140-6736(05)66912-7", "10.1016/s0140-6736(05)66912-7"),
        ("(10.1000/abc)", "10.1000/abc"),
        ("10.1000%2Fabc", "10.1000/abc"),
        (
            "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2",
            "10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2",
        ),
        ("10.1038/s41467     LK  - https://example.org", "10.1038/s41467"),
        ("S1769-7212(18)30822-1", ""),
        ("https://onlinelibrary.example/doi/10.1000/abc/full", "10.1000/abc"),
        ("https://www.cochranelibrary.com/central/doi/10.1002/central/CN-02017416/full", ""),
        ("", ""),
    ],
)
def test_dois(written: str, doi: str) -> None:
    assert clean.doi(written) == doi


@pytest.mark.parametrize(
    ("start", "end", "pages"),
    [
        ("123-9", "", "123-9"),
        ("123", "129", "123-129"),
        ("e0815", "", "e0815"),
        ("5", "5", "5"),
        ("123-9", "129", "123-9"),
        ("", "9", "9"),
    ],
)
def test_pages(start: str, end: str, pages: str) -> None:
    assert clean.pages(start, end) == pages


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("639-50", "639-650"),
        ("S12-5, 199–201", "S12-15, 199–201"),
        ("e7-9", "e7-9"),
        ("041103-1", "041103-1"),
        ("12-3-5", "12-13-5"),
        ("iv", "iv"),
    ],
)
def test_ranges_in_full(written: str, full: str) -> None:
    assert clean.in_full(written) == full


def test_a_page_of_a_million_digits_takes_no_time() -> None:
    assert clean.in_full("1" * 1_000_000 + "x")
