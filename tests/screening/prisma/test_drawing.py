"""The SVG: every number is there and linked (REP-03), nothing overlaps, and no name can break out of its place."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.prisma import Flow, Reason, Source, numbers, svg
from tests.screening.prisma.flows import FINISHED, HARD, RUNNING, balanced

SVG = "{http://www.w3.org/2000/svg}"


def read(flow: Flow, links: dict[str, str] | None = None) -> ET.Element:
    return ET.fromstring(svg(flow, links))


def words(element: ET.Element) -> str:
    return " ".join(" ".join("".join(text.itertext()).strip() for text in element.iter(f"{SVG}text")).split())


def links_for(flow: Flow) -> dict[str, str]:
    return {number.key: f"/reviews/1/list/?box={i}&x=1" for i, number in enumerate(numbers(flow))}


@given(balanced())
def test_every_number_is_drawn_and_linked_to_its_own_list(flow: Flow) -> None:
    links = links_for(flow)
    drawn = {a.get("href"): words(a) for a in read(flow, links).iter(f"{SVG}a")}
    assert drawn == {links[n.key]: f"{n.label} (n = {n.n:,})" for n in numbers(flow)}


def test_numbers_have_the_keys_of_every_count_of_a_running_review() -> None:
    assert [number.key for number in numbers(RUNNING)] == [
        "databases", "source:1", "source:2", "registers", "source:3",
        "duplicates", "automation_ineligible", "removed_other", "awaiting_screening",
        "screened", "excluded_screening", "excluded_human", "excluded_automation", "sought", "not_retrieved",
        "awaiting_retrieval", "awaiting_assessment", "assessed", "excluded_full_text", "reason:1",
        "included_studies", "included_reports",
    ]  # fmt: skip


def test_a_finished_review_has_no_dashed_box_and_no_note() -> None:
    drawn = svg(FINISHED)
    assert "prisma-open" not in drawn
    assert "stroke-dasharray" not in drawn
    assert "prisma-note" not in drawn


def test_what_one_reviewer_excluded_stands_in_footnotes_that_boxes_point_to() -> None:
    root = read(replace(RUNNING, waived_screening=1200, excluded_human=1900, waived_full_text=1))
    boxes = {g.get("data-box"): words(g) for g in root.iter(f"{SVG}g") if g.get("data-box")}
    assert boxes["excluded_screening"].startswith("Records excluded* (n = 1,920)")
    assert boxes["excluded_full_text"].startswith("Reports excluded** (n = 20)")
    drawn = words(root)
    assert drawn.index("* At title and abstract, 1,200 records were excluded by one") < drawn.index("Dashed boxes")
    assert "** At full text, 1 report was excluded by one reviewer: the second was waived" in drawn
    alone = read(replace(FINISHED, waived_full_text=2))
    assert "Reports excluded*" in words(alone)
    assert "Reports excluded**" not in words(alone)


def test_a_running_review_shows_what_is_open_in_dashed_boxes_and_says_so() -> None:
    root = read(RUNNING)
    dashed = [
        g
        for g in root.iter(f"{SVG}g")
        if (rect := g.find(f"{SVG}rect")) is not None and "prisma-open" in str(rect.get("class"))
    ]
    assert [words(g) for g in dashed] == [
        "Records awaiting screening (n = 657)",
        "Reports awaiting retrieval (n = 10) Reports awaiting assessment (n = 16)",
    ]
    assert "this review is in progress" in words(root)


def test_an_imbalance_is_written_into_the_drawing() -> None:
    assert "The numbers do not balance." not in words(read(FINISHED))
    assert "The numbers do not balance. 133 reports assessed" in words(read(replace(FINISHED, included_reports=39)))


@given(st.text(), st.text())
def test_any_name_stays_text(name: str, reason: str) -> None:
    flow = Flow(sources=(Source(name, "database", 1, "1"),), reasons=(Reason(reason, 1, "1"),))
    plain = Flow(sources=(Source("a", "database", 1, "1"),), reasons=(Reason("a", 1, "1"),))
    assert {e.tag for e in read(flow).iter()} == {e.tag for e in read(plain).iter()}


def test_a_hostile_name_is_escaped_and_its_direction_controls_are_gone() -> None:
    drawn = svg(HARD)
    assert "<script" not in drawn
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in drawn
    assert "\u202e" not in drawn
    assert "\x00" not in drawn


def test_a_hostile_title_is_escaped() -> None:
    root = ET.fromstring(svg(FINISHED, title='"><script>alert(1)</script>'))
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == '"><script>alert(1)</script>'


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", " /x", "lists/1"])
def test_a_link_that_is_no_address_is_refused(href: str) -> None:
    with pytest.raises(ValueError, match="screened must be a path or a web address"):
        svg(FINISHED, {"screened": href})


def test_a_link_to_a_box_that_is_not_drawn_is_no_error() -> None:
    assert 'href="/x"' not in svg(FINISHED, {"awaiting_screening": "/x"})


@pytest.mark.parametrize("standalone", [False, True])
def test_the_drawing_needs_no_style_script_id_or_outside_resource(standalone: bool) -> None:
    root = ET.fromstring(svg(HARD, links_for(HARD), standalone=standalone))
    allowed = {"svg", "title", "desc", "rect", "g", "a", "text", "tspan", "line", "polygon"}
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= allowed
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in attributes if name in ("style", "id", "src") or name.startswith("on")]
    assert "url(" not in svg(HARD, standalone=standalone)


def test_the_drawing_says_its_numbers_to_a_screen_reader() -> None:
    root = read(FINISHED, {"screened": "/s"})
    description = root.find(f"{SVG}desc")
    assert description is not None
    assert "Records screened: 1,657; Records excluded: 1,520" in str(description.text)
    assert root.get("role") == "group"
    assert read(FINISHED).get("role") == "img"
    assert [a.get("aria-label") for a in root.iter(f"{SVG}a")] == ["Records screened: 1,657"]


def test_only_a_file_of_its_own_has_a_white_ground() -> None:
    assert "prisma-ground" not in svg(FINISHED)
    assert re.search(r'class="prisma-ground"[^>]*fill="#ffffff"', svg(FINISHED, standalone=True))
