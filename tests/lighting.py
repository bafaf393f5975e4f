"""Quotes that are lit in a document, in a browser: on which pages, and which words stand under the light."""

import json
import re
import unicodedata

from playwright.sync_api import Page, expect

LIT = """() => [...document.querySelectorAll(".pv-marks")].map((layer) => {
    const number = Number(layer.closest(".page").dataset.pageNumber);
    const sheet = layer.closest(".page").querySelector("canvas").getBoundingClientRect();
    return [number, document.querySelector("pdf-viewer").document.words.replace(/\\/0\\/$/, `/${number}/`),
        [...layer.children].map((mark) => mark.getBoundingClientRect()).map(({ left, right, top, bottom }) =>
            [(left - sheet.left) / sheet.width, (right - sheet.left) / sheet.width,
             (top - sheet.top) / sheet.height, (bottom - sheet.top) / sheet.height])];
})"""


def letters(text: str) -> str:
    """What is compared of a quote: line ends, hyphens and spaces are the printer's."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).casefold()


def under_the_light(page: Page) -> list[tuple[int, str]]:
    """The pages with something lit on them, and the words that stand inside its rectangles on each."""
    found = []
    for number, url, boxes in page.evaluate(LIT):
        told = page.request.get(url).json()
        inside = [
            told["text"][start:end]
            for start, end, x0, y0, x1, y1 in told["words"]
            if any(left < (x0 + x1) / 2 < right and top < (y0 + y1) / 2 < low for left, right, top, low in boxes)
        ]
        found.append((number, " ".join(inside)))
    return found


def light_each_quote(page: Page) -> int:
    """Every quote that stands beside a value lights its words, on its page, and nothing else; how many did."""
    jumps = page.locator("[data-jump]")
    told = jumps.evaluate_all("all => all.map((one) => [one.dataset.parts, one.querySelector('q').textContent])")
    seen: dict[tuple[str, str], int] = {}
    for at, (parts, quote) in enumerate(told):
        seen.setdefault((parts, quote), at)
    for (parts, quote), at in seen.items():
        pages = {part[0] for part in json.loads(parts)}
        assert pages, f"no place is known of: {quote}"
        page.evaluate("document.querySelector('pdf-viewer').clear()")
        jumps.nth(at).click()
        for number in pages:
            expect(page.locator(f'.page[data-page-number="{number}"]:has(canvas) .pv-mark').first).to_be_attached()
        expect(page.locator(".pv-mark").first).to_be_in_viewport()
        lit = under_the_light(page)
        words = "".join(letters(text) for _, text in lit)
        assert {number for number, _ in lit} == pages
        assert words.startswith(letters(quote)), (quote, lit)
        assert quote.endswith("…") or words == letters(quote), (quote, lit)
    return len(told)
