"""The diagram as SVG: presentation attributes and class names only, no style, script, id or outside resource.

So it passes a strict Content-Security-Policy when inlined, two of them can stand in one page, and a style sheet can
restyle every part (any CSS rule wins over a presentation attribute): prisma-flow, -title, -phase, -bar, -box, -open,
-heading, -label, -count, -link, -hit, -arrow, -note, -error, each with the prefix `prisma-`. Ink is currentColor and
boxes have no fill, so dark pages read well without a rule.
"""

from collections.abc import Mapping
from html import escape

from screening.prisma.balance import balance
from screening.prisma.boxes import TITLE, footnotes, numbers, rows
from screening.prisma.flow import Flow
from screening.prisma.font import FAMILY
from screening.prisma.layout import (
    COLUMN,
    LINE,
    PAD_X,
    SIZE,
    WIDTH,
    Arrow,
    Bar,
    Line,
    PlacedBox,
    PlacedEntry,
    Plan,
    plan,
)
from screening.prisma.narrow import narrow_plan
from screening.prisma.text import clean

GOLD, BLUE, ON_COLOUR = "#f2c14e", "#a9cbe8", "#1b1b1b"
HEAD = 7  # length of an arrow's head
SAFE_LINKS = ("/", "#", "?", "https://", "http://")
MOVING = "An import is running, stopped half-way or being undone. The numbers add up when that is done."
IN_PROGRESS = "Dashed boxes count what is still open: this review is in progress."


def svg(
    flow: Flow,
    links: Mapping[str, str] | None = None,
    *,
    title: str = "PRISMA 2020 flow diagram",
    standalone: bool = False,
    narrow: bool = False,
) -> str:
    """Draw the flow; numbers whose key is in `links` become links to their lists (keys: see `boxes`).

    `standalone` adds a white ground and dark ink for a file of its own. An imbalance is written under the diagram, so
    that no wrong diagram leaves the house in silence. `narrow` draws one column, for a phone.
    Raises ValueError for a link that is no path or web address.
    """
    links = links or {}
    for key, href in links.items():
        if not href.startswith(SAFE_LINKS):
            raise ValueError(f"The link of {key} must be a path or a web address; it begins with {href[:12]!r}.")
    placed = (narrow_plan if narrow else plan)(rows(flow), _notes(flow))
    ground = _tag("rect", {"class": "prisma-ground", "width": placed.width, "height": placed.height, "fill": "#ffffff"})
    parts = [
        _tag("title", {}, escape(clean(title))),
        _tag("desc", {}, escape(_description(flow))),
        *([ground] if standalone else []),
        *(_arrow(arrow) for arrow in placed.arrows),
        *(_bar(bar) for bar in placed.bars),  # a narrow flow's arrows go on behind the bars
        *(_box(box, links) for box in placed.boxes),
        *(_note(kind, line) for kind, line in placed.notes),
    ]
    return _tag("svg", _root(placed, linked=bool(links), standalone=standalone), "\n".join(["", *parts, ""]))


def _root(placed: Plan, *, linked: bool, standalone: bool) -> dict[str, object]:
    return {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "prisma-flow" if placed.width == WIDTH else "prisma-flow is-narrow",
        # An image hides the links inside it from assistive technology; a group does not.
        "role": "group" if linked else "img",
        "viewBox": f"0 0 {placed.width} {placed.height}",
        "width": placed.width,
        "height": placed.height,
        "font-family": FAMILY,
        "font-stretch": "condensed",
        "font-size": SIZE,
        "fill": "currentColor",
        **({"color": ON_COLOUR} if standalone else {}),
    }


def _notes(flow: Flow) -> tuple[tuple[str, str], ...]:
    faults = tuple(("prisma-error", f"The numbers do not balance. {fault}") for fault in balance(flow))
    if faults and flow.moving:
        faults = (("prisma-note", MOVING),)
    marked = tuple(("prisma-note", f"{note.mark} {note.sentence}") for note in footnotes(flow))
    return (*marked, *((("prisma-note", IN_PROGRESS),) if flow.awaiting else ()), *faults)


def _description(flow: Flow) -> str:
    counts = "; ".join(f"{clean(number.label)}: {number.n:,}" for number in numbers(flow)) + "."
    return " ".join((counts, *(note.sentence for note in footnotes(flow))))


def _bar(bar: Bar) -> str:
    titled = bar.label == TITLE
    name = "prisma-bar prisma-title-bar" if titled else "prisma-bar"
    shape = {
        "x": bar.x,
        "y": bar.y,
        "width": bar.width,
        "height": bar.height,
        "rx": 6,
        "fill": GOLD if titled else BLUE,
    }
    x, y = bar.x + bar.width // 2, bar.y + bar.height // 2
    turned = {} if bar.lines else {"transform": f"rotate(-90 {x} {y})"}
    look = {"text-anchor": "middle", **turned, "fill": ON_COLOUR, "font-weight": "bold"}
    lines = bar.lines or (bar.label,)
    first = y + 5 - LINE * (len(lines) - 1) // 2
    drawn = [_tag("rect", {"class": name, **shape})]
    for at, line in enumerate(lines):
        place = {"class": "prisma-title" if titled else "prisma-phase", "x": x, "y": first + LINE * at}
        drawn.append(_tag("text", {**place, **look}, escape(line)))
    return "".join(drawn)


def _arrow(arrow: Arrow) -> str:
    """A line and its head; heads are drawn rather than referred to, so that no id is needed."""
    across = arrow.y1 == arrow.y2
    x, y = (arrow.x2 - HEAD, arrow.y2) if across else (arrow.x2, arrow.y2 - HEAD)
    wings = [(x, y - 4), (x, y + 4)] if across else [(x - 4, y), (x + 4, y)]
    points = " ".join(f"{px},{py}" for px, py in [(arrow.x2, arrow.y2), *wings])
    line = {"x1": arrow.x1, "y1": arrow.y1, "x2": x, "y2": y, "stroke": "currentColor", "stroke-width": 1.2}
    dashes = {"stroke-dasharray": "5 4"} if arrow.open else {}
    return _tag("g", {"class": "prisma-arrow"}, _tag("line", {**line, **dashes}) + _tag("polygon", {"points": points}))


def _box(placed: PlacedBox, links: Mapping[str, str]) -> str:
    look: dict[str, object] = {"fill": "none", "stroke": "currentColor", "stroke-width": 1.2, "rx": 2}
    if placed.box.open:
        look["stroke-dasharray"] = "5 4"
    shape = {"x": placed.x, "y": placed.y, "width": COLUMN, "height": placed.height}
    name = "prisma-box prisma-open" if placed.box.open else "prisma-box"
    drawn = [_tag("rect", {"class": name, **shape, **look}), *(_entry(e, placed.x, links) for e in placed.entries)]
    return _tag("g", {"data-box": placed.box.key}, "".join(drawn))


def _entry(placed: PlacedEntry, x: int, links: Mapping[str, str]) -> str:
    entry = placed.entry
    if entry.n is None:
        return "".join(_text(line, "prisma-heading", bold=True) for line in placed.lines)
    inside = "".join(_text(line, "prisma-label") for line in placed.lines)
    if entry.key not in links:
        return _tag("g", {"data-key": entry.key}, inside)
    # The whole width of the entry can be clicked, not only the letters.
    area = {"x": x + PAD_X // 2, "y": placed.top, "width": COLUMN - PAD_X, "height": LINE * len(placed.lines)}
    hit = _tag("rect", {"class": "prisma-hit", **area, "fill": "none", "pointer-events": "all"})
    spoken = f"{clean(entry.label)}: {entry.n:,}"
    attributes = {"class": "prisma-link", "data-key": entry.key, "href": links[entry.key], "aria-label": spoken}
    return _tag("a", attributes, hit + inside)


def _text(line: Line, name: str, *, bold: bool = False) -> str:
    count = _tag("tspan", {"class": "prisma-count", "font-weight": "bold"}, line.count) if line.count else ""
    gap = " " if line.text and count else ""
    weight = {"font-weight": "bold"} if bold else {}
    return _tag("text", {"class": name, "x": line.x, "y": line.y, **weight}, escape(line.text) + gap + count)


def _note(kind: str, line: Line) -> str:
    """Errors are bold rather than red: no red reads well on light and dark pages; a style sheet may colour them."""
    return _text(line, kind, bold=kind == "prisma-error")


def _tag(name: str, attributes: Mapping[str, object], content: str = "") -> str:
    """Write one element. Attribute values are escaped here; `content` is markup and must be escaped already."""
    written = "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items())
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"
