"""Numbers of trial registers, however they are written."""

import pytest

from screening.dedup.registrations import registrations, spans


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("NCT01234567", ["NCT01234567"]),
        ("Registered: nct 01234567; NCT-01234567.", ["NCT01234567"]),
        ("(ISRCTN 12345678)", ["ISRCTN12345678"]),
        ("EudraCT number: 2014-001234-56 and EUCTR2014-001234-56", ["EUCTR2014-001234-56"]),
        ("ACTRN12614000123456", ["ACTRN12614000123456"]),
        (
            "DRKS00012345, ChiCTR-TRC-12345678, ChiCTR1800012345",
            ["DRKS00012345", "CHICTR-TRC-12345678", "CHICTR1800012345"],
        ),
        ("CTRI/2014/05/004567", ["CTRI/2014/05/004567"]),
        ("JPRN-UMIN000012345 is UMIN000012345", ["UMIN000012345"]),
        ("(INV-NCT99021012; an invented number)", ["INV-NCT99021012"]),
        ("INVENTED-NCT99021012", ["NCT99021012"]),
        ("NCT0123456, NCT012345678, doi 10.1000/2014-001234-56, 2014-001234-56, grant INV-77/2010", []),
        ("", []),
    ],
)
def test_a_number_is_known_in_every_form(text, codes):
    assert registrations(text) == codes


def test_places_are_those_of_the_text():
    text = "Known as NCT 01234567."
    ((start, end, code),) = spans(text)
    assert (text[start:end], code) == ("NCT 01234567", "NCT01234567")
