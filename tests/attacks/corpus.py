"""The corpus: 48 attacks in sixteen families and eight languages (`corpus.json`; what can't be seen is escaped there).

`wants` says what the attack is after, and names the behaviour of the test model that gives in to it: "exclude" and
"include" (every criterion judged so that this verdict follows, with quotes that stand in the text), "form" (a reply in
another form than was asked for).
"""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack; `text` as it would stand in an abstract."""

    id: str
    family: str
    language: str
    wants: str
    text: str


ATTACKS = tuple(Attack(**row) for row in json.loads(Path(__file__).with_name("corpus.json").read_text()))
FAMILIES = tuple(dict.fromkeys(attack.family for attack in ATTACKS))


def one_of_each_family() -> list[Attack]:
    """The first of each family, which is in English: a PDF's own fonts can draw most of them."""
    return [next(attack for attack in ATTACKS if attack.family == family) for family in FAMILIES]
