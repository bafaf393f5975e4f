"""The plan of merges: engine's links against what people have said."""

from screening.actions.merge_plan import Link, plan


def links(*pairs):
    return [Link(a, b, 1.0 - place / 100, f"{a} and {b}") for place, (a, b) in enumerate(pairs)]


def steps(pairs, *, roots=None, apart=(), fixed=(), worth=None):
    root_of = {number: number for number in range(1, 7)} | (roots or {})
    worths = dict.fromkeys(range(1, 7), (0,)) | (worth or {})
    made = plan(links(*pairs), root_of=root_of, apart=apart, fixed=fixed, worth=worths)
    return [(step.kept, step.absorbed) for step in made.absorptions], [(link.a, link.b) for link in made.left_to_people]


def test_ties_keep_the_lowest_id():
    assert steps([(2, 3), (1, 2)]) == ([(1, 2), (1, 3)], [])


def test_the_worthiest_is_kept():
    assert steps([(1, 2), (2, 3)], worth={3: (1,)})[0] == [(3, 1), (3, 2)]


def test_the_reason_is_the_link_to_the_kept_record_where_there_is_one():
    made = plan(
        links((2, 3), (1, 3), (1, 2)), root_of={1: 1, 2: 2, 3: 3}, apart=[], fixed=[], worth={1: (0,), 2: (0,), 3: (0,)}
    )
    assert [step.link.reason for step in made.absorptions] == ["1 and 2", "1 and 3"]


def test_links_between_members_join_their_roots():
    assert steps([(2, 4)], roots={2: 1, 4: 3})[0] == [(1, 3)]


def test_a_link_inside_a_cluster_changes_nothing():
    assert steps([(1, 2)], roots={2: 1}) == ([], [])


def test_what_people_told_apart_is_not_joined_even_by_way_of_a_third():
    assert steps([(1, 2), (2, 3)], apart=[(1, 3)]) == ([(1, 2)], [])


def test_two_that_were_there_before_are_left_to_people():
    assert steps([(1, 3), (2, 3)], fixed={1, 2}) == ([(1, 3)], [(2, 3)])
