"""<pdf-viewer> and <split-pane> in a real browser: find, zoom, light a place, and never be in the way of the form."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.fixtures.browser import NewPage
from tests.touring import violations
from tests.viewing import QUOTE, Paper, paper
from tests.visiting import Watch

SCREENS = [(1440, 900, "light"), (1440, 900, "dark"), (390, 844, "light"), (390, 844, "dark"), (320, 640, "light")]
HIGHLIGHT = "([parts, label]) => document.querySelector('pdf-viewer').highlight(parts, {label})"
# each box of the marks as fractions of its page, from its inner edge (without padding and borders)
BOXES = """() => [...document.querySelectorAll('.pv-mark')].map((mark) => {
    const page = mark.closest('.page').getBoundingClientRect();
    const style = getComputedStyle(mark);
    const box = mark.getBoundingClientRect();
    const edge = (side) => parseFloat(style['padding' + side]) + parseFloat(style['border' + side + 'Width']);
    return {
        page: Number(mark.closest('.page').dataset.pageNumber),
        x0: (box.left + edge('Left') - page.left) / page.width,
        x1: (box.right - edge('Right') - page.left) / page.width,
        y0: (box.top + edge('Top') - page.top) / page.height,
        y1: (box.bottom - edge('Bottom') - page.top) / page.height,
    };
})"""
# where pdf.js itself has laid a word of the page that is drawn
LAID = """([number, word]) => {
    const page = document.querySelector(`.page[data-page-number="${number}"]`);
    const box = page.getBoundingClientRect();
    const span = [...page.querySelectorAll('.textLayer span')].find((one) => one.textContent.includes(word));
    const range = document.createRange();
    const start = span.textContent.indexOf(word);
    range.setStart(span.firstChild, start);
    range.setEnd(span.firstChild, start + word.length);
    const { left, right, top, bottom } = range.getBoundingClientRect();
    return {
        x0: (left - box.left) / box.width, x1: (right - box.left) / box.width,
        y0: (top - box.top) / box.height, y1: (bottom - box.top) / box.height,
    };
}"""
# a page far down is asked for, and its document is left in the same breath, before pdf.js has fetched all pages
LEAVE = """async () => {
    const viewer = document.querySelector('pdf-viewer');
    await viewer.open(viewer.given());
    viewer.stage.page = 150;
    viewer.stage.view.update();
    await viewer.open(null);
}"""


@pytest.fixture(autouse=True)
def viewing(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.viewing"


def open_viewer(page: Page, name: str = "short", state: str = "ready") -> None:
    page.goto(f"/{name}/")
    page.wait_for_selector(f"pdf-viewer[data-state={state}]")
    if state == "ready":
        page.wait_for_selector(".page[data-loaded=true]")


def light(page: Page, parts: list[dict[str, int]], label: str = "the quote") -> bool:
    return bool(page.evaluate(HIGHLIGHT, [parts, label]))


def expected(of: Paper, number: int, quote: str) -> list[tuple[float, float, float, float]]:
    """One box a line: the words of the quote, joined while they stand at one height."""
    span = of.span(number, quote)
    boxes: list[tuple[float, float, float, float]] = []
    for start, end, x0, y0, x1, y1 in of.pages[number - 1][1]:
        if end <= span["start"] or start >= span["end"]:
            continue
        if boxes and boxes[-1][1] == y0:
            boxes[-1] = (boxes[-1][0], y0, x1, y1)
        else:
            boxes.append((x0, y0, x1, y1))
    return boxes


def test_a_document_opens_with_its_pages_counted_and_its_text_to_select(page: Page) -> None:
    open_viewer(page)
    expect(page.locator("[data-pv-count]")).to_have_text("6")
    expect(page.get_by_label("Page 1", exact=True).locator(".textLayer")).to_contain_text("Participants")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.page .textLayer'))")
    assert "randomised" in page.evaluate("getSelection().toString()")


def test_pages_are_turned_by_button_field_and_key(page: Page) -> None:
    open_viewer(page)
    where = page.get_by_label("Page", exact=True)
    page.get_by_role("button", name="Next page").click()
    expect(where).to_have_value("2")
    where.fill("5")
    where.press("Enter")
    expect(where).to_have_value("5")
    page.locator(".pv-scroll").focus()
    page.keyboard.press("ArrowRight")
    expect(where).to_have_value("6")
    expect(page.get_by_role("button", name="Next page")).to_be_disabled()
    page.keyboard.press("Home")
    expect(where).to_have_value("1")


def test_zoom_changes_the_scale_and_fit_brings_it_back(page: Page) -> None:
    open_viewer(page)
    scale = page.locator("[data-pv-scale]")
    fitted = scale.inner_text()
    page.get_by_role("button", name="Larger").click()
    expect(scale).not_to_have_text(fitted)
    expect(page.get_by_role("button", name="Fit the width")).to_have_attribute("aria-pressed", "false")
    page.locator(".pv-scroll").focus()
    page.keyboard.press("0")
    expect(scale).to_have_text(fitted)


def test_search_counts_steps_and_says_what_is_missing(page: Page) -> None:
    open_viewer(page)
    page.locator(".pv-scroll").focus()
    page.keyboard.press("Control+f")
    page.keyboard.type("sealed envelopes")
    expect(page.locator("[data-pv-found]")).to_have_text("1 of 1")
    expect(page.get_by_label("Page", exact=True)).to_have_value("3")
    expect(page.locator(".textLayer .highlight.selected").first).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("randomised")
    count = page.locator("[data-pv-found]")
    expect(count).to_have_text("33 of 96")
    page.keyboard.press("Enter")
    expect(count).to_have_text("34 of 96")
    page.keyboard.press("Shift+Enter")
    expect(count).to_have_text("33 of 96")
    page.keyboard.press("Control+a")
    page.keyboard.type("zebra")
    expect(count).to_have_text("not found")
    page.keyboard.press("Escape")
    expect(page.locator(".pv-find")).to_be_hidden()
    expect(page.locator(".textLayer .highlight")).to_have_count(0)


def test_a_quote_is_lit_where_its_words_stand(page: Page) -> None:
    open_viewer(page)
    assert light(page, [paper("short").span(3, QUOTE)], "concealment")
    found, wanted = page.evaluate(BOXES), expected(paper("short"), 3, QUOTE)
    assert [box["page"] for box in found] == [3] * len(wanted)
    assert len(wanted) == 2
    for box, (x0, y0, x1, y1) in zip(found, wanted, strict=True):
        assert (box["x0"], box["y0"], box["x1"], box["y1"]) == pytest.approx((x0, y0, x1, y1), abs=0.002)
    expect(page.get_by_role("img", name="Marked: concealment")).to_be_in_viewport()
    expect(page.locator("#announcer")).to_have_text("Page 3: concealment is marked.")


def test_the_lit_place_is_where_pdfjs_draws_the_word(page: Page) -> None:
    """Not only where we said: what a reader sees under the box is the word."""
    open_viewer(page)
    assert light(page, [paper("short").span(3, "concealed")])
    page.wait_for_selector('.page[data-page-number="3"] .textLayer .endOfContent', state="attached")
    (box,), laid = page.evaluate(BOXES), page.evaluate(LAID, [3, "concealed"])
    assert (box["x0"], box["x1"]) == pytest.approx((laid["x0"], laid["x1"]), abs=0.004)
    assert box["y0"] < (laid["y0"] + laid["y1"]) / 2 < box["y1"]


def test_a_lit_place_stays_put_through_zoom_and_is_gone_when_cleared(page: Page) -> None:
    open_viewer(page)
    light(page, [paper("short").span(3, QUOTE)])
    before = page.evaluate(BOXES)
    page.get_by_role("button", name="Larger").click()
    page.wait_for_timeout(800)  # drawn anew
    for one, other in zip(before, page.evaluate(BOXES), strict=True):
        assert one == pytest.approx(other, abs=0.002)
    page.evaluate("document.querySelector('pdf-viewer').clear()")
    expect(page.locator(".pv-mark")).to_have_count(0)


def test_a_quote_over_two_pages_is_lit_on_both(page: Page) -> None:
    open_viewer(page)
    words = paper("short").pages
    parts = [{"page": 1, "start": words[0][1][-3][0], "end": words[0][1][-1][1]}, {"page": 2, "start": 0, "end": 12}]
    assert light(page, parts)
    assert {box["page"] for box in page.evaluate(BOXES)} == {1, 2}


def test_words_are_joined_to_lines_but_not_across_columns_or_from_line_to_line(page: Page) -> None:
    """Left column, a raised figure, the next line; then a word of the right column at the height of the first."""
    open_viewer(page)
    words = [
        (0, 4, 0.10, 0.100, 0.16, 0.112), (5, 9, 0.17, 0.100, 0.24, 0.112), (9, 10, 0.24, 0.098, 0.25, 0.104),
        (11, 15, 0.10, 0.114, 0.18, 0.126), (16, 20, 0.55, 0.100, 0.62, 0.112),
    ]  # fmt: skip
    join = "async (words) => (await import('/static/js/viewer/places.js')).lines(words, 1, 20)"
    boxes = [(box["x0"], box["y0"], box["x1"], box["y1"]) for box in page.evaluate(join, words)]
    assert boxes == [(0.10, 0.098, 0.25, 0.112), (0.10, 0.114, 0.18, 0.126), (0.55, 0.100, 0.62, 0.112)]


def test_links_in_a_document_have_names_and_lead_outside_in_a_tab_of_their_own(page: Page) -> None:
    open_viewer(page)
    outside = page.locator('.page[data-page-number="1"] a[href^="https:"]')
    expect(outside).to_have_attribute("target", "_blank")
    expect(outside).to_have_attribute("rel", "noopener noreferrer nofollow")
    page.evaluate("document.querySelector('pdf-viewer').show(4)")
    page.get_by_label("Page 4", exact=True).get_by_role("link", name="To another place in this document").click()
    expect(page.get_by_label("Page", exact=True)).to_have_value("1")


@pytest.mark.parametrize("name", ["scan", "reading"])
def test_a_place_that_can_not_be_shown_is_said(page: Page, name: str) -> None:
    open_viewer(page, name)
    assert not light(page, [{"page": 1, "start": 0, "end": 10}])
    expect(page.locator(".pv-note")).to_contain_text("The place can’t be shown.")
    expect(page.locator("#announcer")).to_contain_text("The place can’t be shown.")
    expect(page.locator(".pv-mark")).to_have_count(0)


def test_thumbnails_unfold_show_the_page_in_front_and_lead_to_pages(page: Page) -> None:
    open_viewer(page)
    expect(page.get_by_role("navigation", name="Pages of the document")).to_be_hidden()
    page.get_by_role("button", name="Pages", exact=True).click()
    pages = page.get_by_role("navigation", name="Pages of the document")
    expect(pages.locator("[data-drawn]").first).to_be_visible()
    pages.get_by_role("button", name="Page 4").click()
    expect(page.get_by_label("Page", exact=True)).to_have_value("4")
    expect(pages.locator("[aria-current]")).to_have_text("4")


def test_another_document_of_the_record_is_chosen_and_a_quote_finds_its_own(page: Page) -> None:
    open_viewer(page)
    page.get_by_label("Document", exact=True).select_option("long.pdf")
    expect(page.locator("[data-pv-count]")).to_have_text("200")
    parts = [paper("short").span(3, QUOTE)]
    found = page.evaluate("(parts) => document.querySelector('pdf-viewer').highlight(parts, {document: 1})", parts)
    assert found
    expect(page.locator("[data-pv-count]")).to_have_text("6")
    expect(page.get_by_label("Document", exact=True)).to_have_value("1")


@pytest.mark.parametrize(
    ("name", "title"),
    [("damaged", "This file can’t be shown"), ("locked", "This file is locked"), ("missing", "This file isn’t there")],
)
def test_a_file_that_can_not_be_shown_says_why(page: Page, name: str, title: str) -> None:
    open_viewer(page, name, "error")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_role("link", name="Open the file itself").first).to_be_visible()
    expect(page.get_by_role("button", name="Next page")).to_be_disabled()


def test_a_file_with_text_for_a_machine_says_so(page: Page) -> None:
    open_viewer(page, "flagged")
    expect(page.locator(".pv-note")).to_contain_text("looks meant for a language model")
    open_viewer(page)
    expect(page.locator(".pv-note")).to_be_hidden()


def test_without_a_network_the_document_waits_and_comes_when_it_is_back(page: Page) -> None:
    page.route("**/file.pdf", lambda route: route.abort())
    open_viewer(page, "short", "error")
    expect(page.get_by_role("heading", name="The server can’t be reached")).to_be_visible()
    page.unroute("**/file.pdf")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("pdf-viewer")).to_have_attribute("data-state", "ready")


def test_without_a_document_there_is_a_sentence(page: Page) -> None:
    open_viewer(page, "none", "empty")
    expect(page.locator(".pv-cover")).to_have_text("There is no document to show.")


def test_a_document_left_while_a_page_is_on_its_way_leaves_no_complaint(page: Page) -> None:
    open_viewer(page, "long")
    watch = Watch(page, "http")
    page.evaluate(LEAVE)
    page.evaluate("document.querySelector('pdf-viewer').open(document.querySelector('pdf-viewer').given())")
    page.wait_for_selector("pdf-viewer[data-state=ready]")
    page.wait_for_selector(".page[data-loaded=true]")
    assert not watch.complaints


def test_letters_are_left_to_the_page_and_keys_outside_do_nothing(page: Page) -> None:
    open_viewer(page)
    page.evaluate(
        "window.heard = []; document.addEventListener('keydown', (e) => e.defaultPrevented || heard.push(e.key))"
    )
    page.locator(".pv-scroll").focus()
    for key in ("y", "m", "n", "z", "j", "k", "/", "1", "9", "Enter", "Escape", "ArrowRight"):
        page.keyboard.press(key)
    assert page.evaluate("heard") == ["y", "m", "n", "z", "j", "k", "/", "1", "9", "Enter", "Escape"]
    page.get_by_label("Remark").focus()
    before = page.locator("[data-pv-scale]").inner_text()
    page.keyboard.type("+-0 Home")
    page.keyboard.press("End")
    expect(page.locator("[data-pv-scale]")).to_have_text(before)
    expect(page.get_by_label("Remark")).to_have_value("+-0 Home")


def test_two_hundred_pages_do_not_hold_up_typing(page: Page) -> None:
    page.goto("/long/")
    remark = page.get_by_label("Remark")
    remark.focus()
    page.evaluate("""() => {
        window.slowest = 0;
        let at = performance.now();
        const beat = () => {
            const now = performance.now();
            slowest = Math.max(slowest, now - at);
            at = now;
            setTimeout(beat);
        };
        beat();
    }""")
    page.keyboard.type("written while the document opens, ", delay=10)
    page.wait_for_selector(".page[data-loaded=true]")
    page.evaluate("document.querySelector('.pv-scroll').scrollTop = 60000")
    page.keyboard.type("and while it is scrolled", delay=10)
    page.wait_for_timeout(500)
    expect(remark).to_have_value("written while the document opens, and while it is scrolled")
    assert page.evaluate("slowest") < 1_000, "milliseconds in which nothing else could happen"
    assert page.locator(".page canvas").count() < 15, "only pages near the screen are drawn"


def test_a_page_far_down_is_shown_at_once(page: Page) -> None:
    open_viewer(page, "long")
    assert light(page, [paper("long").span(150, QUOTE)])
    expect(page.get_by_label("Page", exact=True)).to_have_value("150")
    expect(page.locator(".pv-mark").first).to_be_in_viewport()


def test_the_divider_moves_by_key_and_pointer_and_is_remembered(page: Page) -> None:
    open_viewer(page)
    divider = page.get_by_role("separator")
    expect(divider).to_have_attribute("aria-valuenow", "50")
    divider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(divider).to_have_attribute("aria-valuenow", "56")
    box = divider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 4, 400)
    page.mouse.down()
    page.mouse.move(1440 * 0.3, 400)
    page.mouse.up()
    now = divider.get_attribute("aria-valuenow")
    assert now is not None
    assert 28 <= int(now) <= 35
    open_viewer(page)
    expect(page.get_by_role("separator")).to_have_attribute("aria-valuenow", now)
    page.get_by_role("separator").dblclick()
    expect(page.get_by_role("separator")).to_have_attribute("aria-valuenow", "50")


def test_both_panes_scroll_on_their_own(page: Page) -> None:
    open_viewer(page)
    before = page.evaluate("document.querySelector('.pv-scroll').scrollTop")
    page.evaluate("document.querySelector('[data-pane=Form] form').style.height = '3000px'")
    page.evaluate("document.querySelector('[data-pane=Form]').scrollTop = 500")
    assert page.evaluate("document.scrollingElement.scrollTop") == 0
    assert page.evaluate("document.querySelector('.pv-scroll').scrollTop") == before
    assert page.evaluate("document.querySelector('[data-pane=Form]').scrollTop") == 500


def test_on_a_phone_the_panes_are_tabs_and_a_quote_brings_the_document_to_the_front(
    new_page: NewPage, live_server: object
) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    open_viewer(page)
    page.get_by_role("tab", name="Form").click()
    expect(page.locator("pdf-viewer")).to_be_hidden()
    expect(page.get_by_label("Remark")).to_be_visible()
    assert light(page, [paper("short").span(3, QUOTE)])
    expect(page.get_by_role("tab", name="Document")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".pv-mark").first).to_be_in_viewport()


def test_a_document_that_opens_behind_a_tab_is_whole_when_it_comes_to_the_front(
    new_page: NewPage, live_server: object
) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto("/short/?front=1")
    page.wait_for_selector("pdf-viewer[data-state=ready]", state="attached")
    assert light(page, [paper("short").span(3, QUOTE)])
    expect(page.locator(".pv-mark").first).to_be_in_viewport()
    box = page.locator('.page[data-page-number="3"]').bounding_box()
    assert box is not None
    assert 370 < box["width"] <= 390, "it fits the width that it has now"


@pytest.mark.parametrize(("width", "height", "scheme"), SCREENS)
def test_axe_finds_nothing_and_the_policy_is_kept(
    new_page: NewPage, live_server: object, width: int, height: int, scheme: str
) -> None:
    page = new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    watch = Watch(page, live_server.url)  # type: ignore[attr-defined]  # pytest-django's
    open_viewer(page)
    light(page, [paper("short").span(3, QUOTE)])
    page.get_by_role("button", name="Pages", exact=True).click()
    page.get_by_role("button", name="Search in this document").click()
    page.keyboard.type("randomised")
    expect(page.locator("[data-pv-found]")).to_have_text("33 of 96")
    for name in ("short", "damaged", "scan", "none"):
        if name != "short":
            page.goto(f"/{name}/")
            page.wait_for_selector("pdf-viewer:is([data-state=ready], [data-state=error], [data-state=empty])")
        found = [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in violations(page)]
        assert not found, name
        assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0, name
    assert not watch.complaints
