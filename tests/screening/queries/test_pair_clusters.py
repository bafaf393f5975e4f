"""Which pairs hang together, and in what order they are asked."""

from hypothesis import given
from hypothesis import strategies as st

from screening.queries.identification.pair_clusters import Pair, _joined

LINKS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda two: two[0] != two[1]), max_size=25)


@given(LINKS)
def test_every_record_is_in_one_cluster_with_all_that_it_is_linked_to(links):
    pairs = [Pair(at, one, two, 1 - at / 100) for at, (one, two) in enumerate(links)]
    found = _joined(pairs)
    assert sorted(pair for one in found for pair in one.pairs) == sorted(pairs)
    members = [one.members for one in found]
    assert sum(map(len, members)) == len(set().union(*members))
    for group in found:
        reached = {group.pairs[0].one}
        for _ in group.pairs:
            reached |= {end for pair in group.pairs if reached & {pair.one, pair.two} for end in (pair.one, pair.two)}
        assert reached == group.members
        assert group.pairs == sorted(group.pairs, key=lambda pair: pair.id)
    assert [one.pairs[0].id for one in found] == sorted(one.pairs[0].id for one in found)
