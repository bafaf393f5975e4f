"""The WHO's registry export: trials as citations."""

from screening.importing import parse

TRIAL = """<Trial><TrialID>{number}</TrialID><Public_title>Naps for nurses</Public_title>
<Scientific_title>A randomised trial of naps      </Scientific_title><Primary_sponsor>Sleep Clinic</Primary_sponsor>
<Date_registration>17/02/2020</Date_registration><Source_Register>ChiCTR</Source_Register>
<web_address>https://example.org/trial?id=1</web_address><Phase>N/A</Phase><Condition>Fatigue;Shift work</Condition>
<Inclusion_Criteria>Inclusion criteria: 1. Nurses; &lt;br&gt;2. p &lt; 0.05</Inclusion_Criteria></Trial>"""


def test_a_trial_becomes_a_citation_with_a_labelled_abstract() -> None:
    text = f"<Trials_downloaded_from_ICTRP>{TRIAL.format(number='ChiCTR2000029953')}</Trials_downloaded_from_ICTRP>"
    parsed = parse(text.encode())
    trial = parsed.citations[0]

    assert (parsed.format, parsed.found) == ("ictrp-xml", 1)
    assert (trial.title, trial.authors, trial.year) == ("Naps for nurses", ("Sleep Clinic",), 2020)
    assert (trial.journal, trial.type) == ("ChiCTR", "Trial registration")
    assert trial.keywords == ("Fatigue", "Shift work")
    assert trial.accessions == (("trial", "ChiCTR2000029953"),)
    assert trial.abstract.splitlines() == [
        "Scientific title: A randomised trial of naps",
        "Condition: Fatigue;Shift work",
        "Inclusion criteria: 1. Nurses; 2. p < 0.05",
    ]


def test_a_number_of_clinicaltrials_gov_is_known_as_such() -> None:
    parsed = parse(f"<Trials_downloaded_from_ICTRP>{TRIAL.format(number='NCT01234567')}".encode())

    assert parsed.citations[0].accessions == (("nct", "NCT01234567"),)
