"""The strokes of the plots: elements without style, script, id or outside resource, and text that is safe to draw.

So a plot passes a strict Content-Security-Policy and two can stand in one page. Ink is currentColor, which reads on
light and dark pages; a filled mark brings its own dark ink. Every colour has a sign beside it.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

FONT = "DejaVu Sans Condensed, Arial, Helvetica, sans-serif"
INK = "#1b1b1b"
SIZE = 13
LEADING = 14
_BIDI_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Tone:
    """A fill light enough for dark ink, and the class by which a style sheet may change it."""

    fill: str
    name: str


TONES = {
    "good": Tone("#8ccfa0", "bias-good"),
    "some": Tone("#f7d154", "bias-some"),
    "bad": Tone("#f2978b", "bias-bad"),
    "worst": Tone("#d98ad0", "bias-worst"),
    "unknown": Tone("#b9c7d8", "bias-unknown"),
    "plain": Tone("#c8d8f0", "bias-plain"),
    "none": Tone("none", "bias-none"),
}


def tag(name: str, attributes: Mapping[str, object], content: str = "") -> str:
    """Write one element. Attribute values are escaped here; `content` is markup and must be escaped already."""
    written = "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items())
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def clean(text: str) -> str:
    """Return the text as one line that XML 1.0 can hold, without direction controls; never empty."""
    visible = _NOT_XML.sub(" ", text.translate(_BIDI_CONTROLS))
    return " ".join(unicodedata.normalize("NFC", visible).split()) or "(no name)"


def clip(text: str, room: float, size: float = SIZE) -> str:
    """Shorten cleaned text to about `room` pixels, with an ellipsis where something is left out."""
    if _width(text) * size <= room:
        return text
    kept = text
    while kept and _width(kept + "…") * size > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _width(text: str) -> float:
    """Estimate the width in em, on the safe side for a condensed sans serif and what stands in for it."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.6 if char.isupper() else 0.5 for char in text)


def text(words: str, x: float, y: float, *, name: str = "bias-text", **attributes: object) -> str:
    """Write a line of text at its baseline."""
    given = {key.replace("_", "-"): value for key, value in attributes.items()}
    return tag("text", {"class": name, "x": x, "y": y, **given}, escape(clean(words)))


def wrap(words: str, room: float, most: int, size: float = SIZE) -> list[str]:
    """Break a text into lines of about `room` pixels, `most` of them: what is left over is clipped in the last."""
    found: list[str] = []
    rest = clean(words)
    while len(found) < most - 1 and _width(rest) * size > room:
        at = _break(rest, room / size)
        found.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*found, clip(rest, room, size)] if rest else found


def _break(words: str, room: float) -> int:
    """Where a line of `room` em ends: after a comma near its end, else after a space, else amid a long word."""
    at = 1
    while at < len(words) and _width(words[: at + 1]) <= room:
        at += 1
    return words.rfind(", ", at // 2, at + 1) + 1 or words.rfind(" ", 1, at + 1) + 1 or at


def lines(words: str, x: float, middle: float, *, room: float, name: str) -> Iterator[str]:
    """Write a text around the height `middle`, on two lines where one is too short; a tooltip has what is clipped."""
    whole = clean(words)
    shown = wrap(whole, room, 2)
    hint = tag("title", {}, escape(whole)) if " ".join(shown) != whole else ""
    first = middle + 5 - (LEADING + 2) / 2 * (len(shown) - 1)  # a little up: most letters have no tail
    for at, line in enumerate(shown):
        yield tag("text", {"class": name, "x": x, "y": f"{first + LEADING * at:g}"}, hint + escape(line))


def document(
    title: str, description: str, width: int, height: int, parts: list[str], *, standalone: bool = False, look: str = ""
) -> str:
    """Wrap the parts. `standalone` adds a white ground and dark ink, for a file of its own; `look` is a class more."""
    root = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": f"bias-plot {look}".rstrip(),
        "role": "img",
        "viewBox": f"0 0 {width} {height}",
        "width": width,
        "height": height,
        "font-family": FONT,
        "font-size": SIZE,
        "fill": "currentColor",
        **({"color": INK} if standalone else {}),
    }
    ground = tag("rect", {"class": "bias-ground", "width": width, "height": height, "fill": "#ffffff"})
    heads = [tag("title", {}, escape(clean(title))), tag("desc", {}, escape(clean(description)))]
    return tag("svg", root, "\n".join(["", *heads, *([ground] if standalone else []), *parts, ""]))
