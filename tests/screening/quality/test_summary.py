"""The state of the data in plain words."""

from screening.quality.checks import BY_KEY
from screening.quality.summary import EMPTY, GOOD, LOOK, SIGNS, STOP, share, summary


def said(total, **counts):
    return [one.text for one in summary(total, counts).sentences]


def test_data_without_a_fault_is_fit_to_screen():
    found = summary(1000, {"no_abstract": 20, "no_doi": 100})
    assert (found.verdict, found.headline, list(found.sentences)) == (GOOD, "Fit to screen: nothing stands out.", [])


def test_what_is_missing_is_said_with_share_number_and_what_it_means():
    assert said(1000, no_abstract=120) == [
        "12 % (120 of 1,000) have no abstract: judged by the title alone at title and abstract."
    ]
    assert said(1000, retracted=1) == [
        "1 of 1,000 is marked as retracted or withdrawn: must not count as evidence; its notice says why."
    ]


def test_much_without_title_or_abstract_or_many_rejects_stop_and_come_first():
    found = summary(1000, {"no_doi": 900, "no_abstract": 600})
    assert (found.verdict, found.sentences[0].key) == (STOP, "no_abstract")
    assert summary(1000, {"no_title": 30}).verdict == STOP
    assert summary(1000, {}, rejected=100).verdict == STOP


def test_one_or_two_are_looked_up_and_stop_nobody():
    assert summary(4, {"no_title": 2}, rejected=2).verdict == LOOK


def test_other_languages_are_said_and_no_fault():
    found = summary(100, {}, foreign=8)
    assert (found.verdict, [one.text for one in found.sentences]) == (
        GOOD,
        ["8 % (8 of 100) are not in English: see who can read them."],
    )


def test_pairs_that_wait_are_said():
    assert summary(100, {}, pairs=1).sentences[0].text.startswith("1 pair of possible duplicates waits")
    assert summary(100, {}, pairs=3).verdict == LOOK


def test_nothing_is_nothing_to_screen():
    assert summary(0, {}).verdict == EMPTY


def test_shares_never_round_to_none_or_all():
    assert [share(*pair) for pair in ((0, 10), (1, 1000), (999, 1000), (1000, 1000), (1, 3), (0, 0))] == [
        "0 %", "<1 %", ">99 %", "100 %", "33 %", "0 %",
    ]  # fmt: skip


def test_every_sign_is_a_check():
    assert SIGNS.keys() <= BY_KEY.keys()
