"""Who screens which record: by share, the same each time, and only what must changes hands."""

import numpy as np

from screening.lots import lots, seed_of

PEOPLE = [seed_of(f"share/title_abstract/1/{person}") for person in range(4)]
RECORDS = range(1, 20_001)


def first(seeds, shares):
    return lots(RECORDS, seeds, shares).argmin(axis=1)


def test_records_fall_to_people_in_proportion_to_their_shares():
    counted = np.bincount(first(PEOPLE, [100, 50, 200, 50]), minlength=4) / len(RECORDS)
    assert np.abs(counted - np.array([0.25, 0.125, 0.5, 0.125])).max() < 0.012  # four standard errors


def test_when_somebody_leaves_only_their_records_change_hands():
    before, after = first(PEOPLE, [100] * 4), first(PEOPLE, [100, 100, 100, 0])
    stayed = before != 3
    assert (before[stayed] == after[stayed]).all()
    assert not (after == 3).any()


def test_a_larger_share_takes_and_gives_nothing_back():
    before, after = first(PEOPLE, [100] * 4), first(PEOPLE, [100, 100, 100, 200])
    assert set(after[before != after]) == {3}


def test_one_record_is_drawn_as_it_is_among_many():
    many = lots(RECORDS, PEOPLE, [100] * 4)
    for at in (0, 7, 19_999):
        assert (lots([RECORDS[at]], PEOPLE, [100] * 4)[0] == many[at]).all()


def test_two_people_of_a_record_are_drawn_independently_of_its_number():
    ahead = lots(RECORDS, PEOPLE[:2], [100, 100])
    assert abs(np.corrcoef(ahead.T)[0, 1]) < 0.03
    assert abs(np.corrcoef(ahead[:, 0], np.asarray(RECORDS))[0, 1]) < 0.03


def test_nobody_and_no_record_are_no_trouble():
    assert lots([], PEOPLE, [100] * 4).shape == (0, 4)
    assert lots([1, 2], [], []).shape == (2, 0)
    assert np.isinf(lots([1], PEOPLE, [0] * 4)).all()
