"""What is drawn on a page besides its words: pictures, filled areas, rules; and how each word is painted."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field

from screening.fulltext.clip import clip_of, overlap
from screening.fulltext.pdfium import Matrix, library
from screening.fulltext.words import Box, View

MOST_OBJECTS = 20_000  # of a page; a scatter plot can have more, and what it draws then is not looked at
_DEEPEST = 4  # drawings within drawings
_TEXT, _PATH, _IMAGE, _SHADING, _FORM = 1, 2, 3, 4, 5
_INVISIBLE_MODES = (3, 7)
_STROKED_MODES = (1, 5)
_TRANSPARENT = 16  # of 255
_LIGHT = 225  # of 255
_RULE = 2.6  # points: as thick as the box of a rule gets; pdfium adds the stroke on both sides
_SHORTEST_RULE = 60.0
_BROAD = 4.0  # points: a line that could be drawn over a word
_SMALLEST = 24.0  # square points of an area that could hide a word
_MOST_AREAS = 1_000


@dataclass(frozen=True, slots=True)
class Paint:
    """How a text object is drawn. `grey` is 0 (black) to 255 (white), or None where it is a pattern."""

    invisible: bool
    grey: int | None
    optional: bool = False  # on a layer that can be switched off


@dataclass(frozen=True, slots=True)
class Area:
    """A filled path or a picture: its place in the order of drawing, its box as displayed, its grey (None: many)."""

    order: int
    box: Box
    grey: int | None


@dataclass
class Scene:
    """The drawing of one page."""

    view: View
    order: dict[int, int] = field(default_factory=dict)  # address of an object: when it is drawn
    areas: list[Area] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    pixels: int = 0  # of all pictures, unpacked
    rules: list[Box] = field(default_factory=list)
    paints: dict[int, Paint] = field(default_factory=dict)
    clips: dict[int, Box] = field(default_factory=dict)  # address of a text object: the part of the page it shows in

    def paint(self, address: int) -> Paint:
        """How the text object at `address` is painted."""
        found = self.paints.get(address)
        if found is None:
            found = self.paints[address] = _paint(address) if address else Paint(invisible=False, grey=0)
        return found

    def differ(self, one: int, other: int) -> bool:
        """Whether a reader could see the one text object and not the other."""
        if one == other:
            return False
        a, b = self.paint(one), self.paint(other)
        return a.invisible != b.invisible or is_light(a.grey) != is_light(b.grey)

    @property
    def pictured(self) -> float:
        """Share of the page under pictures, 0 to 1; overlaps are counted twice and cut at 1."""
        width, height = self.view.size
        return min(1.0, sum(_within(box, width, height) for box in self.pictures) / (width * height))


def is_light(grey: int | None) -> bool:
    """So light that it may be the paper."""
    return grey is not None and grey >= _LIGHT


def scene_of(page: int, view: View) -> Scene:
    """Look through the objects of `page` (a pdfium handle), drawings within drawings too."""
    scene = Scene(view)
    pdfium = library()
    for address, kind, drawn in _objects(page, view):
        if len(scene.order) >= MOST_OBJECTS:
            break
        scene.order[address] = len(scene.order)
        if kind == _TEXT:
            _note_text(scene, address, drawn)
        elif kind in {_PATH, _IMAGE, _SHADING}:
            box = _bounds(address, drawn.matrix, view)
            if box and kind == _IMAGE:
                scene.pictures.append(box)
                scene.pixels += _pixels(pdfium, address)
            if box:
                _note(scene, address, kind, box)
    scene.areas = sorted(scene.areas, key=lambda area: -_size(area.box))[:_MOST_AREAS]
    return scene


def _note_text(scene: Scene, address: int, drawn: "_Drawn") -> None:
    if drawn.transparent:
        scene.paints[address] = Paint(invisible=True, grey=None)
    clip = overlap(drawn.clip, clip_of(address, drawn.matrix, scene.view))
    if clip is not None:
        scene.clips[address] = clip


def _note(scene: Scene, address: int, kind: int, box: Box) -> None:
    if kind == _PATH and box[3] - box[1] <= _RULE and box[2] - box[0] >= _SHORTEST_RULE:
        scene.rules.append(box)
    elif _size(box) >= _SMALLEST:
        grey = _fill(address) if kind == _PATH else None
        if kind != _PATH or grey is not None:
            scene.areas.append(Area(scene.order[address], box, grey))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """How the form is drawn in which an object stands: where, in which part of the page, and whether it is seen."""

    matrix: Matrix | None = None
    clip: Box | None = None
    transparent: bool = False


def _objects(page: int, view: View) -> Iterator[tuple[int, int, _Drawn]]:
    pdfium = library()
    for at in range(pdfium.FPDFPage_CountObjects(page)):
        yield from _within_forms(pdfium.FPDFPage_GetObject(page, at), view, _Drawn(), 0)


def _within_forms(address: int | None, view: View, outer: _Drawn, depth: int) -> Iterator[tuple[int, int, _Drawn]]:
    if not address:
        return
    pdfium = library()
    kind = pdfium.FPDFPageObj_GetType(address)
    yield address, kind, outer
    if kind == _FORM and depth < _DEEPEST:
        inner = _inner(address, view, outer)
        for at in range(pdfium.FPDFFormObj_CountObjects(address)):
            yield from _within_forms(pdfium.FPDFFormObj_GetObject(address, at), view, inner, depth + 1)


def _inner(form: int, view: View, outer: _Drawn) -> _Drawn:
    own = Matrix()
    placed = library().FPDFPageObj_GetMatrix(form, ctypes.byref(own))
    _, alpha = _colour(form, "FPDFPageObj_GetFillColor")
    return _Drawn(
        _times(own, outer.matrix) if placed else outer.matrix,
        overlap(outer.clip, clip_of(form, outer.matrix, view)),
        outer.transparent or alpha < _TRANSPARENT,
    )


def _times(m: Matrix, n: Matrix | None) -> Matrix:
    if n is None:
        return m
    return Matrix(
        m.a * n.a + m.b * n.c,
        m.a * n.b + m.b * n.d,
        m.c * n.a + m.d * n.c,
        m.c * n.b + m.d * n.d,
        m.e * n.a + m.f * n.c + n.e,
        m.e * n.b + m.f * n.d + n.f,
    )


def _bounds(address: int, matrix: Matrix | None, view: View) -> Box | None:
    edges = [ctypes.c_float() for _ in range(4)]
    if not library().FPDFPageObj_GetBounds(address, *map(ctypes.byref, edges)):
        return None
    left, bottom, right, top = (edge.value for edge in edges)
    if matrix is not None:
        corners = [(x, y) for x in (left, right) for y in (bottom, top)]
        across = [matrix.a * x + matrix.c * y + matrix.e for x, y in corners]
        up = [matrix.b * x + matrix.d * y + matrix.f for x, y in corners]
        left, bottom, right, top = min(across), min(up), max(across), max(up)
    return view.box(left, bottom, right, top)


def _fill(address: int) -> int | None:
    """The grey that a path is filled with, or drawn in a broad line; None where it covers nothing."""
    mode, stroke, width = ctypes.c_int(), ctypes.c_int(), ctypes.c_float()
    library().FPDFPath_GetDrawMode(address, ctypes.byref(mode), ctypes.byref(stroke))
    grey, alpha = _colour(address, "FPDFPageObj_GetFillColor") if mode.value else (None, 0)
    if not mode.value and stroke.value and library().FPDFPageObj_GetStrokeWidth(address, ctypes.byref(width)):
        grey, alpha = _colour(address, "FPDFPageObj_GetStrokeColor") if width.value >= _BROAD else (None, 0)
    return grey if alpha > _TRANSPARENT else None


def _paint(address: int) -> Paint:
    pdfium = library()
    mode = pdfium.FPDFTextObj_GetTextRenderMode(address)
    if mode in _INVISIBLE_MODES:
        return Paint(invisible=True, grey=None)
    source = "FPDFPageObj_GetStrokeColor" if mode in _STROKED_MODES else "FPDFPageObj_GetFillColor"
    grey, alpha = _colour(address, source)
    optional = any(_mark(address, at) == "OC" for at in range(pdfium.FPDFPageObj_CountMarks(address)))
    invisible = grey is not None and alpha < _TRANSPARENT
    on_paper = None if grey is None else 255 - (255 - grey) * alpha // 255
    return Paint(invisible=invisible, grey=on_paper, optional=optional)


def _colour(address: int, source: str) -> tuple[int | None, int]:
    """Grey and opacity, both 0 to 255; no grey and full opacity for a pattern."""
    parts = [ctypes.c_uint() for _ in range(4)]
    if not getattr(library(), source)(address, *map(ctypes.byref, parts)):
        return None, 255
    red, green, blue, alpha = (part.value for part in parts)
    return (299 * red + 587 * green + 114 * blue) // 1000, alpha


def _mark(address: int, at: int) -> str:
    pdfium, length, name = library(), ctypes.c_ulong(), ctypes.create_string_buffer(16)
    mark = pdfium.FPDFPageObj_GetMark(address, at)
    if not mark or not pdfium.FPDFPageObjMark_GetName(mark, name, len(name), ctypes.byref(length)):
        return ""
    return name.raw[: min(length.value, len(name))].decode("utf-16-le", "replace").rstrip("\0")


def _pixels(pdfium: object, address: int) -> int:
    width, height = ctypes.c_uint(), ctypes.c_uint()
    library().FPDFImageObj_GetImagePixelSize(address, ctypes.byref(width), ctypes.byref(height))
    return width.value * height.value


def _size(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def _within(box: Box, width: float, height: float) -> float:
    return _size((max(box[0], 0.0), max(box[1], 0.0), min(box[2], width), min(box[3], height)))
