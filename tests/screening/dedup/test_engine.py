"""The whole: order, symmetry, clusters, top-ups, size."""

import time
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.dedup import Item, Pair, clusters, find_pairs
from screening.dedup.places import doi
from tests.screening.dedup.records import PAPER, paper

TITLES = [
    PAPER.title,
    PAPER.title.upper(),
    PAPER.title + ". Part 2: follow-up",
    "Erratum: " + PAPER.title,
    "Constraint-induced movement therapy in children with hemiplegia: who benefits?",
    "Editorial",
    "",
]
RECORDS = st.builds(
    Item,
    id=st.just(""),
    title=st.sampled_from(TITLES),
    authors=st.sampled_from([PAPER.authors, PAPER.authors[:1], ("Okafor N",), ("Petrov, I.",), ()]),
    year=st.sampled_from([2019, 2020, 2022, None]),
    journal=st.sampled_from([PAPER.journal, "J Stroke Cerebrovasc Dis", "Brain Injury", ""]),
    volume=st.sampled_from(["28", "29", ""]),
    issue=st.sampled_from(["4", "5", ""]),
    pages=st.sampled_from(["1123-1131", "1123-31", "7", ""]),
    doi=st.sampled_from(["10.1000/one", "10.1000/two", ""]),
    accessions=st.sampled_from([(), (("pmid", "1"),), (("pmid", "2"),), (("local", "9"),)]),
)
PILES = st.lists(RECORDS, max_size=9).map(lambda rs: [replace(r, id=f"r{i}") for i, r in enumerate(rs)])


@given(PILES, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_of_the_records_changes_nothing(pile: list[Item], dice: Random) -> None:
    shuffled = list(pile)
    dice.shuffle(shuffled)
    assert set(find_pairs(shuffled)) == set(find_pairs(pile))


@given(PILES)
@settings(max_examples=150, deadline=None)
def test_a_cluster_never_holds_two_dois_or_pubmed_numbers_without_a_doi(pile: list[Item]) -> None:
    by_id = {item.id: item for item in pile}
    for group in clusters(find_pairs(pile)):
        members = [by_id[i] for i in group]
        assert len({doi(item.doi) for item in members} - {""}) <= 1
        numbers = {number for item in members if not item.doi for number in item.accessions}
        assert len(numbers & {("pmid", "1"), ("pmid", "2")}) <= 1
        assert len({item.title.startswith("Erratum") for item in members if item.title}) <= 1


@given(PILES, st.integers(0, 9))
@settings(max_examples=100, deadline=None)
def test_a_top_up_never_compares_known_with_known(pile: list[Item], cut: int) -> None:
    new, known = pile[:cut], pile[cut:]
    old = {item.id for item in known}
    for pair in find_pairs(new, known=known):
        assert not {pair.a, pair.b} <= old
        assert pair.a < pair.b
        assert 0 <= pair.score <= 1


def test_a_top_up_finds_the_duplicate_among_the_known() -> None:
    known = [PAPER, paper("c", title="Constraint-induced movement therapy in children", pages="9-12")]
    assert [(p.a, p.b, p.tier) for p in find_pairs([paper("new")], known=known)] == [("a", "new", "certain")]


def test_a_record_without_doi_does_not_bridge_two_dois() -> None:
    one, bridge, two = paper("1", doi="10.1000/one"), paper("2"), paper("3", doi="10.1000/two")
    pairs = find_pairs([one, bridge, two])
    assert len(clusters(pairs)) == 1
    assert len(clusters(pairs)[0]) == 2
    doubtful = [pair for pair in pairs if pair.tier == "possible"]
    assert len(doubtful) == 1


def test_two_ids_alike_are_refused() -> None:
    with pytest.raises(ValueError, match="id of its own"):
        find_pairs([PAPER, PAPER])


def test_nothing_in_nothing_out() -> None:
    assert find_pairs([]) == []
    assert find_pairs([Item(id="1"), Item(id="2")]) == []
    assert clusters([]) == []


def test_possible_pairs_make_no_cluster() -> None:
    assert clusters([Pair("a", "b", 0.8, "possible", "")]) == []


def test_clusters_join_what_hangs_together() -> None:
    pairs = [Pair(a, b, 1.0, "certain", "") for a, b in [("c", "d"), ("a", "b"), ("b", "c"), ("x", "y")]]
    assert clusters(pairs) == [("a", "b", "c", "d"), ("x", "y")]


def test_many_copies_of_one_record_become_one_cluster_without_comparing_all_with_all() -> None:
    start = time.process_time()
    copies = [paper(f"{n:05}") for n in range(3000)]
    assert [len(group) for group in clusters(find_pairs(copies))] == [3000]
    assert time.process_time() - start < 30  # all with all would be 4.5 million comparisons


def test_a_monstrous_field_is_survived() -> None:
    huge = paper("a", title="word (" * 200_000, authors=("x" * 100_000,) * 50, pages="9" * 50_000, volume="9" * 9_000)
    assert clusters(find_pairs([huge, PAPER.__class__(id="z", title="word " * 100_000)])) == []
