"""EXT-08: the plots say the same as their tables, to eyes, ears and machines."""

import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.bias import (
    INSTRUMENTS,
    Mark,
    Row,
    narrow_summary,
    narrow_traffic_light,
    summary,
    summary_rows,
    table_rows,
    traffic_light,
)
from extraction.bias.rows import columns, shares

ROB2 = INSTRUMENTS["rob2"]
SVG = "{http://www.w3.org/2000/svg}"
ROWS = [
    Row("Alba 2019", {"d1": Mark("low"), "d2": Mark("some"), "overall": Mark("some")}, Decimal(30)),
    Row("Birk 2020", {"d1": Mark("high"), "d2": Mark("low", confirmed=False)}, Decimal(10)),
    Row("Cole <2021> & sons", {"d1": Mark("low"), "d9": Mark("low")}),
]
PLOTS = (traffic_light, summary, narrow_traffic_light, narrow_summary)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def hints(svg: str) -> list[str]:
    return [title.text or "" for title in parsed(svg).iter(f"{SVG}title")]


def test_every_mark_is_said_in_words() -> None:
    said = hints(traffic_light(ROB2, ROWS))
    assert "Alba 2019, Bias from the randomization process: Low risk" in said
    assert any(hint.startswith("Birk 2020") and hint.endswith("Low risk (proposed, not confirmed)") for hint in said)
    assert any(hint.startswith("Birk 2020") and hint.endswith("Not judged yet") for hint in said)
    assert "Cole <2021> & sons, Bias from the randomization process: Low risk" in said


def test_each_judgement_has_a_sign_besides_its_colour() -> None:
    signs = {text.text for text in parsed(traffic_light(ROB2, ROWS)).iter(f"{SVG}text")}
    assert {"+", "!", "−"} <= signs
    for tool in INSTRUMENTS.values():
        for column in columns(tool):
            assert len({level.sign for level in column.levels}) == len(column.levels), column.key


def test_what_nobody_confirmed_is_dashed_and_has_no_colour() -> None:
    proposed = [
        c for c in parsed(traffic_light(ROB2, ROWS)).iter(f"{SVG}circle") if "bias-proposed" in c.attrib["class"]
    ]
    assert len(proposed) == 2  # Birk's, and the legend's
    assert all(circle.attrib["fill"] == "none" and "stroke-dasharray" in circle.attrib for circle in proposed)


def test_a_plot_has_a_title_and_a_description() -> None:
    for svg in (draw(ROB2, ROWS) for draw in PLOTS):
        first, second = list(parsed(svg))[:2]
        assert (first.tag, second.tag) == (f"{SVG}title", f"{SVG}desc")
        assert parsed(svg).attrib["role"] == "img"


def test_nothing_in_a_plot_needs_the_page_to_trust_it() -> None:
    for tool in INSTRUMENTS.values():
        for svg in (draw(tool, ROWS) for draw in PLOTS):
            for element in parsed(svg).iter():
                assert element.tag.removeprefix(SVG) in {"svg", "title", "desc", "g", "line", "circle", "rect", "text"}
                assert not {"style", "id", "href", "onclick"} & set(element.attrib)


hostile = st.text(max_size=80)


@given(st.lists(hostile, max_size=6), st.sampled_from(sorted(INSTRUMENTS)))
def test_any_name_of_a_study_makes_well_formed_xml(names: list[str], key: str) -> None:
    rows = [Row(name, {"d1": Mark("low")}) for name in names]
    for svg in (*(draw(INSTRUMENTS[key], rows) for draw in PLOTS), summary(INSTRUMENTS[key], rows, standalone=True)):
        assert parsed(svg).tag == f"{SVG}svg"


def names(svg: str) -> list[ET.Element]:
    return [t for t in parsed(svg).iter(f"{SVG}text") if t.attrib.get("class") == "bias-name"]


def test_a_name_takes_two_lines_before_it_is_clipped() -> None:
    name = "Tanaka 2020: St George's Respiratory Questionnaire total score, 12 months"
    assert " ".join(line.text or "" for line in names(traffic_light(ROB2, [Row(name)]))) == name


def test_a_domain_is_never_clipped_in_the_summary() -> None:
    for tool in INSTRUMENTS.values():
        for drawn in (summary(tool, ROWS), narrow_summary(tool, ROWS)):
            said = " ".join(line.text or "" for line in names(drawn))
            assert said == " ".join(column.title for column in columns(tool))


def test_a_long_name_is_clipped_and_kept_as_a_tooltip() -> None:
    name = "A trial with a name that goes on and on, and on, for ever and a day, as names of trials do" * 2
    first, second = names(traffic_light(ROB2, [Row(name)]))
    assert "".join(first.itertext()).startswith(name)  # its <title>, then the clipped text
    assert (second[0].tail or "").endswith("…")
    assert float(second.attrib["y"]) > float(first.attrib["y"])


def test_the_same_judgements_make_the_same_bytes() -> None:
    assert traffic_light(ROB2, ROWS) == traffic_light(ROB2, list(ROWS))
    assert summary(ROB2, ROWS, weighted=True) == summary(ROB2, list(ROWS), weighted=True)


def test_the_table_behind_the_plot_has_every_row_and_domain() -> None:
    heading, *rest = table_rows(ROB2, ROWS)
    assert heading[0] == "Study"
    assert heading[-1] == "Overall risk of bias"
    assert rest[0] == ("Alba 2019", "Low risk", "Some concerns", *["Not judged yet"] * 3, "Some concerns")


def test_the_summary_counts_what_people_confirmed_and_says_what_they_did_not() -> None:
    rows = [row for row in summary_rows(ROB2, ROWS) if "randomization" in row[0] or "(effect" in row[0]]
    assert [row[1:] for row in rows] == [
        ("Low risk", "2", "66.7"),
        ("High risk", "1", "33.3"),
        ("Some concerns", "1", "33.3"),
        ("Not confirmed", "2", "66.7"),
    ]


def test_the_weighted_summary_counts_by_weight() -> None:
    rows = [row for row in summary_rows(ROB2, ROWS, weighted=True) if "randomization" in row[0]]
    assert [row[1:] for row in rows] == [("Low risk", "2", "75.0"), ("High risk", "1", "25.0")]
    assert "weighted" in hints(summary(ROB2, ROWS, weighted=True))[0]


def test_without_rows_or_weights_there_is_nothing_to_share_out() -> None:
    assert shares(columns(ROB2)[0], []) == ()
    assert shares(columns(ROB2)[0], [Row("A")], weighted=True) == ()
    assert "nothing to count" in summary(ROB2, [])


marks = st.builds(Mark, st.sampled_from(["low", "some", "high", "other"]), st.booleans())
some_rows = st.lists(st.builds(Row, st.just("A"), st.fixed_dictionaries({}, optional={"d1": marks})), min_size=1)


@given(some_rows)
def test_shares_add_up_to_everything(rows: list[Row]) -> None:
    found = shares(columns(ROB2)[0], rows)
    assert sum(share.count for share in found) == len(rows)
    assert abs(sum(share.part for share in found) - 1) < Decimal("1e-20")


@pytest.mark.parametrize("key", sorted(INSTRUMENTS))
def test_marks_stay_inside_the_picture(key: str) -> None:
    for drawn in (traffic_light(INSTRUMENTS[key], ROWS), narrow_traffic_light(INSTRUMENTS[key], ROWS)):
        assert_marks_inside(parsed(drawn))


def assert_marks_inside(svg: ET.Element) -> None:
    width, height = float(svg.attrib["width"]), float(svg.attrib["height"])
    for circle in svg.iter(f"{SVG}circle"):
        assert 13 <= float(circle.attrib["cx"]) <= width - 13
        assert 13 <= float(circle.attrib["cy"]) <= height - 13


def test_a_narrow_plot_fits_a_phone_and_says_the_same() -> None:
    for draw in (narrow_traffic_light, narrow_summary):
        assert float(parsed(draw(ROB2, ROWS)).attrib["width"]) <= 340
    assert set(hints(narrow_traffic_light(ROB2, ROWS))) == set(hints(traffic_light(ROB2, ROWS)))


def test_a_row_without_judgements_takes_a_line_on_a_phone() -> None:
    words = [t.text for t in parsed(narrow_traffic_light(ROB2, [Row("Alba 2019")])).iter(f"{SVG}text")]
    assert words[:2] == ["Alba 2019", "Not judged yet"]
