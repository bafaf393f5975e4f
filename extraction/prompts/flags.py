"""What is doubtful about a proposal, by name and as people read it (EXT-04)."""

from collections.abc import Collection

FLAGS = {
    "no_quote": "It came without a quote, so that nothing shows where it stands.",
    "quote_not_found": "Its quote does not stand in the document.",
    "number_not_in_quote": "The number does not stand in the quote.",
    "quote_is_bare": "Its quote is hardly more than the number, which may stand elsewhere too: read around it.",
    "year_not_in_quote": "The year does not stand in the quote.",
    "unit_unknown": "Its unit is none of this field.",
    "unit_differs": "Another unit stands behind the number in the quote.",
    "not_readable": "The field can't read this value. It is kept as it was said: correct it before it is entered.",
    "arm_unknown": "It speaks of an arm that this study does not have.",
    "outcome_unknown": "It speaks of an outcome that this study does not have.",
    "of_a_part": "It names an arm or outcome, and this cell has none: it may hold for a part of the study only.",
    "field_unknown": "It answers a question that was not asked.",
    "repeated": "The cell was answered before in the same reply.",
    "by_fallback": "A fallback answered, because the assistant's own model did not.",
    "text_gives_instructions": "The text gives instructions to a machine. Read the place in the document yourself.",
}


def sentences(flags: Collection[str]) -> list[str]:
    """The flags as people read them, wherever a proposal stands; that a text gives orders comes first."""
    known = [FLAGS.get(flag, flag) for flag in flags]
    first = FLAGS["text_gives_instructions"]
    return sorted(known, key=lambda said: said != first)


def acceptable_in_bulk(state: str, *, quote_found: bool, number_found: bool, flags: Collection[str]) -> bool:
    """Whether a proposal may be taken together with others, unread.

    Only what is reported, stands where it says, and has no flag; that something is not reported is for a person to say.
    """
    return state == "reported" and quote_found and number_found and not flags
