"""Which number a place in the queue gets."""

from screening.actions.ranks import by_title


def test_accents_do_not_take_a_title_from_its_place_in_the_alphabet():
    titles = ["Ωmega", "Zebra", "Œuvre", "Øresund", "Łódź", "İzmir", "evil", "Évaluation", "apple", "Ärzte"]
    assert sorted(titles, key=by_title) == [
        "apple", "Ärzte", "Évaluation", "evil", "İzmir", "Łódź", "Œuvre", "Øresund", "Zebra", "Ωmega",
    ]  # fmt: skip


def test_composed_and_decomposed_letters_are_the_same_place():
    assert by_title("\u00c9valuation") == by_title("E\u0301valuation")
