"""Looking at pages one after another: axe in both themes, wide and narrow, side scroll, console, third parties."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.visiting import Watch

WIDTHS = (1440, 390)
NARROW = 320
HIGH, LOW = 844, 640
SCHEMES = ("light", "dark")
# the other theme changes colours and nothing else
RULES: dict[str, dict[str, object]] = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
# half-way through a change of theme, colours are neither
AT_REST = """() => new Promise((rest) => requestAnimationFrame(() => {
    for (const one of document.getAnimations()) if (one.effect?.getTiming().iterations !== Infinity) one.finish();
    requestAnimationFrame(rest);
}))"""


def violations(page: Page, options: Mapping[str, object] = MappingProxyType({})) -> list[dict[str, Any]]:
    """What axe finds, by all its rules unless options say which.

    Its script is put into a page once, only what is wrong is told apart by selectors, and the rules of every style
    sheet are not read for a rule that is off: each halves the time, or nearly.
    """
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    only = {**options, "resultTypes": ["violations"], "preload": {"assets": ["media"]}}
    found: list[dict[str, Any]] = page.evaluate("(only) => axe.run(only).then((result) => result.violations)", only)
    return found


def look(page: Page, address: str) -> list[str]:
    """Open a page once, and look at it in both themes, wide and narrow; what was found.

    Each look differs from the one before in one thing, and the last is light as the first, for the next address: what
    is laid out or coloured anew takes its time.
    """
    found = []
    page.set_viewport_size({"width": WIDTHS[0], "height": HIGH})
    page.goto(address)
    for width, schemes in zip(WIDTHS, (SCHEMES, SCHEMES[::-1]), strict=True):
        if width != WIDTHS[0]:
            page.set_viewport_size({"width": width, "height": HIGH})
        for scheme in schemes:
            if not page.evaluate("(scheme) => matchMedia(`(prefers-color-scheme: ${scheme})`).matches", scheme):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # of SCHEMES
            page.evaluate(AT_REST)
            for rule in violations(page, RULES[scheme]):
                targets = [node["target"] for node in rule["nodes"]][:3]
                found.append(f"{address} {width} {scheme}: {rule['id']} {targets}")
    for width in (WIDTHS[1], NARROW):
        page.set_viewport_size({"width": width, "height": LOW})
        over = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        if over > 0:
            found.append(f"{address} scrolls {over} px sideways at {width}")
    return found


def tour(page: Page, host: str, addresses: list[str], *, statuses: bool = True) -> None:
    watch = Watch(page, host)
    found = [line for address in addresses for line in look(page, address)]
    complaints = watch.complaints if statuses else [line for line in watch.complaints if not line[:1].isdigit()]
    assert not found + complaints, "\n".join(found + complaints)
