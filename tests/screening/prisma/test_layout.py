"""No box overlaps another and no text leaves its box, however long or foreign the names are."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.prisma import Flow, Reason, Source
from screening.prisma.boxes import rows
from screening.prisma.font import covers, width
from screening.prisma.layout import COLUMN, LINE, SIZE, PlacedBox, Plan, plan
from screening.prisma.narrow import narrow_plan
from screening.prisma.text import clean, wrap
from tests.screening.prisma.flows import FINISHED, HARD, NAMES, RUNNING


def disjoint(a: PlacedBox, b: PlacedBox) -> bool:
    beside = a.x + COLUMN <= b.x or b.x + COLUMN <= a.x
    return beside or a.y + a.height <= b.y or b.y + b.height <= a.y


def assert_all_fits(flow: Flow) -> None:
    for drawn in (plan(rows(flow)), narrow_plan(rows(flow))):
        assert_plan_fits(drawn)


def assert_plan_fits(drawn: Plan) -> None:
    assert all(disjoint(a, b) for a, b in combinations(drawn.boxes, 2))
    assert all(box.x + COLUMN <= drawn.width and box.y + box.height <= drawn.height for box in drawn.boxes)
    for box in drawn.boxes:
        lines = [line for entry in box.entries for line in entry.lines]
        for line in lines:
            text = width(line.text + " " * bool(line.text and line.count)) + width(line.count, bold=True)
            assert line.x + text * SIZE <= box.x + COLUMN
            assert box.y < line.y - SIZE * 0.8
            assert line.y + SIZE * 0.3 < box.y + box.height
        heights = [line.y for line in lines]
        assert all(later - earlier >= LINE for earlier, later in pairwise(heights))


@pytest.mark.parametrize("flow", [Flow(), FINISHED, RUNNING, HARD])
def test_nothing_overlaps_and_nothing_is_clipped(flow: Flow) -> None:
    assert_all_fits(flow)


@given(st.lists(st.text(max_size=300), max_size=6), st.lists(st.text(max_size=300), max_size=6))
def test_nothing_overlaps_whatever_the_names_are(sources: list[str], reasons: list[str]) -> None:
    assert_all_fits(
        Flow(
            sources=tuple(Source(name, "database", 10**9, str(i)) for i, name in enumerate(sources)),
            reasons=tuple(Reason(text, 10**9, str(i)) for i, text in enumerate(reasons)),
        )
    )


def test_bars_stand_beside_the_rows_of_their_phase_and_do_not_touch() -> None:
    _, *bars = plan(rows(RUNNING)).bars
    assert [bar.label for bar in bars] == ["Identification", "Screening", "Included"]
    assert all(a.y + a.height < b.y for a, b in pairwise(bars))
    assert all(width(bar.label, bold=True) * SIZE < bar.height for bar in plan(rows(Flow())).bars[1:])


def test_on_a_phone_every_box_stands_in_one_column_under_the_bar_of_its_phase() -> None:
    drawn = narrow_plan(rows(RUNNING))
    assert drawn.width <= 390
    assert [box.box.key for box in drawn.boxes] == [box.box.key for box in plan(rows(RUNNING)).boxes]
    places = sorted([(part.y, part.height) for part in (*drawn.boxes, *drawn.bars)])
    assert all(y + height < later for (y, height), (later, _) in pairwise(places))
    assert all(width(line, bold=True) * SIZE < bar.width for bar in drawn.bars for line in bar.lines)


@given(st.one_of(st.text(min_size=1), st.sampled_from(NAMES)), st.floats(4, 30))
def test_wrapping_loses_no_character(label: str, room: float) -> None:
    text = clean(label)
    assert "".join(wrap(text, room)).replace(" ", "") == text.replace(" ", "")


def test_ideographs_break_anywhere_but_before_closing_punctuation() -> None:
    assert wrap("理由：対象が", 3.3) == ["理由：", "対象が"]


def test_an_accent_stays_with_its_letter() -> None:
    assert all(not line.startswith("\u0323") for line in wrap("q\u0323" * 40, 5))


def test_the_shipped_font_has_the_scripts_it_is_said_to_have() -> None:
    assert covers("Abc é ß ğ ș Ελ Жы عربي עברית – “” ≤")
    assert not covers("医")
    assert not covers("हि")


def test_bold_text_is_measured_in_the_bold_font() -> None:
    assert width("(n = 12)", bold=True) > width("(n = 12)")
