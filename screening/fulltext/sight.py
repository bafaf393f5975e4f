"""Which words of a page a reader does not see: where a PDF can talk to a model behind people's backs (SEC-05).

A word is judged by how it is painted; where that is not enough (light letters, an area drawn over or under them, a
layer that can be off), the page is drawn and looked at. The invisible text over a scan is no secret but its recognised
text: it counts as seen where something is printed under it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from screening.fulltext.ink import Ink
from screening.fulltext.page import Why
from screening.fulltext.scene import Area, Paint, Scene, is_light
from screening.fulltext.words import Box, Token

_TINY = 2.2  # points of a line's height: a font of about 2 points
_SQUEEZED = 0.08  # of a line's height: so little width for a character is a replacement text, or unreadable
_EDGE = 2.0  # points around a clip path
_SMALL_PAGE = 400.0  # points; a smaller page is shown enlarged, so tiny is less
_SCAN = 0.5  # of the page under pictures
_MOSTLY = 0.8  # of the characters invisible: a text layer, not a secret in a text
_RUN = 4  # words in a row without print under them
_NEAR = 24  # of 255
_MOST_PIXELS = 60_000_000  # of pictures that are unpacked to look


@dataclass(slots=True)
class Sight:
    """Hidden words by their position among the page's tokens; `recognised` for a scan with a text layer."""

    hidden: dict[int, Why] = field(default_factory=dict)
    recognised: bool = False


def sight_of(tokens: Sequence[Token], scene: Scene, draw: Callable[[], Ink | None]) -> Sight:
    """Judge each token. `draw` is called at most once, and only for a page that has something doubtful."""
    sight = Sight(recognised=_is_recognised(tokens, scene))
    doubtful = []
    for at, token in enumerate(tokens):
        why = _hidden(token, scene)
        if why == "invisible" and sight.recognised:
            doubtful.append(at)
        elif why:
            sight.hidden[at] = why
        elif _doubtful(token, scene):
            doubtful.append(at)
    ink = draw() if doubtful and scene.pixels <= _MOST_PIXELS else None
    if ink is not None:
        _look(sight, tokens, scene, doubtful, ink)
    elif doubtful:
        _guess(sight, tokens, scene, doubtful)
    return sight


def _is_recognised(tokens: Sequence[Token], scene: Scene) -> bool:
    if scene.pictured < _SCAN:
        return False
    total = sum(len(token.text) for token in tokens)
    invisible = sum(len(token.text) for token in tokens if scene.paint(token.paint).invisible)
    return total > 0 and invisible >= _MOSTLY * total


def _hidden(token: Token, scene: Scene) -> Why | None:
    width, height = scene.view.size
    x0, y0, x1, y1 = token.box
    if x1 <= 0 or y1 <= 0 or x0 >= width or y0 >= height:
        return "off_page"
    if scene.paint(token.paint).invisible or _cut_off(token, scene):
        return "invisible"
    tiny = _TINY if width >= _SMALL_PAGE <= height else _TINY * min(width, height) / _SMALL_PAGE
    return "tiny" if token.height < tiny or _squeezed(token) else None


def _cut_off(token: Token, scene: Scene) -> bool:
    clip = scene.clips.get(token.paint)
    if clip is None:
        return False
    return not _over((clip[0] - _EDGE, clip[1] - _EDGE, clip[2] + _EDGE, clip[3] + _EDGE), token.box)


def _squeezed(token: Token) -> bool:
    """Fonts without widths give boxes without any, which says nothing."""
    return 0 < token.line[2] - token.line[0] < _SQUEEZED * token.height * len(token.text)


def _doubtful(token: Token, scene: Scene) -> bool:
    paint = scene.paint(token.paint)
    if paint.grey is None:
        return False
    return (
        paint.optional
        or is_light(paint.grey)
        or any(_over(area.box, token.box) for area in _hiding(paint, token, scene))
    )


def _hiding(paint: Paint, token: Token, scene: Scene) -> Iterator[Area]:
    """Areas that are drawn after the token, or in its own grey."""
    order = scene.order.get(token.paint, len(scene.order)) if scene.areas else 0
    for area in scene.areas:
        if area.order > order or (area.grey is not None and abs(area.grey - (paint.grey or 0)) <= _NEAR):
            yield area


def _over(area: Box, word: Box) -> bool:
    x, y = (word[0] + word[2]) / 2, (word[1] + word[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _look(sight: Sight, tokens: Sequence[Token], scene: Scene, doubtful: Sequence[int], ink: Ink) -> None:
    unmarked = []
    for at in doubtful:
        paint, box = scene.paint(tokens[at].paint), tokens[at].box
        if paint.invisible:
            if not ink.marked(box):
                unmarked.append(at)
        elif paint.grey is not None and not ink.shows(box, paint.grey):
            sight.hidden[at] = "white" if is_light(paint.grey) else "invisible"
    for run in _runs(unmarked):
        if len(run) >= _RUN:  # fewer are recognition that slipped to the side
            sight.hidden.update(dict.fromkeys(run, "invisible"))


def _guess(sight: Sight, tokens: Sequence[Token], scene: Scene, doubtful: Sequence[int]) -> None:
    """The page can't be drawn: light letters on no area of another colour are taken for hidden."""
    for at in doubtful:
        paint, box = scene.paint(tokens[at].paint), tokens[at].box
        grounded = any(_over(area.box, box) and not is_light(area.grey) for area in scene.areas)
        if is_light(paint.grey) and not grounded:
            sight.hidden[at] = "white"


def _runs(positions: Sequence[int]) -> list[list[int]]:
    grouped = groupby(enumerate(positions), key=lambda pair: pair[1] - pair[0])
    return [[position for _, position in group] for _, group in grouped]
