"""The answers of signalling questions, and how rules and conditions read them."""

from collections.abc import Callable, Iterable

from extraction.bias.instrument import Answers, Option

YES, PROBABLY_YES = Option("Y", "Yes"), Option("PY", "Probably yes")
PROBABLY_NO, NO = Option("PN", "Probably no"), Option("N", "No")
NO_INFORMATION, NOT_APPLICABLE = Option("NI", "No information"), Option("NA", "Not applicable")
FOUR = (YES, PROBABLY_YES, PROBABLY_NO, NO)
FIVE = (*FOUR, NO_INFORMATION)
SIX = (NOT_APPLICABLE, *FIVE)

YESES = frozenset({"Y", "PY"})
NOS = frozenset({"N", "PN"})
UNKNOWN = frozenset({"NI"})


def among(*keys: str, codes: Iterable[str]) -> Callable[[Answers], bool]:
    """Return a condition: any of these questions has one of these answers."""
    wanted = frozenset(codes)
    return lambda answers: any(answers.get(key, "") in wanted for key in keys)


def is_yes(answer: str) -> bool:
    return answer in YESES


def is_no(answer: str) -> bool:
    return answer in NOS
