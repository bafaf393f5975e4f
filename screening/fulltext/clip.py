"""In which part of a page an object is drawn at all: text outside of its clip path stands in the file alone."""

import ctypes

from screening.fulltext.pdfium import Matrix, library
from screening.fulltext.words import Box, View

_MOST_POINTS = 500  # of a clip path; of a more intricate one nothing is said
NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)


def clip_of(address: int, matrix: Matrix | None, view: View) -> Box | None:
    """The box, as displayed, that holds all of an object which is drawn; None where nothing is cut off.

    `matrix` places the form that the object stands in.
    """
    pdfium = library()
    clip = pdfium.FPDFPageObj_GetClipPath(address)
    found: Box | None = None
    for path in range(pdfium.FPDFClipPath_CountPaths(clip) if clip else 0):
        points = _points(clip, path)
        if points:
            found = overlap(found, _around(points, matrix, view))
    return found


def overlap(one: Box | None, other: Box | None) -> Box | None:
    """What two boxes share; None is the whole page."""
    if one is None or other is None:
        return one or other
    x0, y0, x1, y1 = (*map(max, one[:2], other[:2]), *map(min, one[2:], other[2:]))
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else NOWHERE


def _points(clip: int, path: int) -> list[tuple[float, float]]:
    pdfium, x, y = library(), ctypes.c_float(), ctypes.c_float()
    count = pdfium.FPDFClipPath_CountPathSegments(clip, path)
    points = []
    for at in range(count if count <= _MOST_POINTS else 0):
        segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, at)
        if segment and pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            points.append((x.value, y.value))
    return points


def _around(points: list[tuple[float, float]], matrix: Matrix | None, view: View) -> Box:
    if matrix is not None:
        m = matrix
        points = [(m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f) for x, y in points]
    across, up = [x for x, _ in points], [y for _, y in points]
    return view.box(min(across), min(up), max(across), max(up))
