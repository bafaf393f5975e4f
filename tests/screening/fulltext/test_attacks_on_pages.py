"""An attack on a page of a PDF is noticed wherever it stands, and what is hidden no model is shown (SEC-06)."""

from pathlib import Path

import pytest

from screening.prompts.hygiene import injection_flags
from tests.attacks.corpus import Attack
from tests.attacks.places import PLACES, drawable, page_with
from tests.screening.fulltext.papers import only_page


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("attack", drawable(), ids=lambda attack: attack.id)
def test_an_attack_on_a_page_is_seen_and_what_is_hidden_is_kept_from_models(
    tmp_path: Path, attack: Attack, place: str
) -> None:
    page = only_page(tmp_path / "paper.pdf", page_with(attack, place))
    assert injection_flags(page.text)
    hides = place != "visible"
    assert bool(page.hidden) is hides
    shown = "".join(page.visible.split())
    whole = "".join(attack.text.split())
    assert (whole[:30] in shown) is not hides
