"""Reading ahead of the database."""

from contextlib import closing

import pytest

from screening.actions.batching import ahead, batches


def test_nothing_is_lost_or_out_of_order():
    assert [one for some in ahead(batches(range(25), 10)) for one in some] == list(range(25))
    assert list(ahead([])) == []


def test_no_more_than_one_is_read_ahead():
    read = []
    coming = ahead(read.append(number) or number + 1 for number in range(10))
    with closing(coming):
        next(coming)
        next(coming)
    assert read == [0, 1, 2]


def test_what_reading_raises_is_raised_where_the_item_is_asked_for():
    def items():
        yield 1
        raise OSError("The disk is gone.")

    coming = ahead(items())
    assert next(coming) == 1
    with pytest.raises(OSError, match="disk"):
        next(coming)
