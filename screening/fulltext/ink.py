"""A page drawn in grey, to see whether a word that could be hidden can be seen."""

import ctypes
from collections import Counter
from dataclasses import dataclass

from screening.fulltext.pdfium import library
from screening.fulltext.words import Box, View

_GREY_BITMAP, _GREYSCALE = 1, 0x08
_DENSITY = 1.5  # pixels a point
_MOST_PIXELS = 4_000_000
_NEAR = 24  # of 255: a contrast of about 1.2 to 1, which nobody reads
_REACHED = 0.3  # of the way from the ground to the colour of the letters, which thin strokes do not go to the end
_MARKED = 60  # of 255: something is printed there
_INSET = 0.25  # of a box's height that may belong to the lines above and below


@dataclass(frozen=True, slots=True)
class Ink:
    """Grey pixels of a page as displayed."""

    pixels: bytes
    width: int
    height: int
    density: float

    def shows(self, box: Box, grey: int) -> bool:
        """Whether letters of this grey stand out from the ground in `box`, and are not covered."""
        ground, values = self._ground(box), self._values(box)
        if ground is None or not values or abs(ground - grey) <= _NEAR:
            return False
        return max((value - ground) / (grey - ground) for value in (min(values), max(values))) >= _REACHED

    def marked(self, box: Box) -> bool:
        """Whether anything at all is printed in `box`."""
        values = self._values(box)
        return bool(values) and max(values) - min(values) >= _MARKED

    def _ground(self, box: Box) -> int | None:
        """The most frequent grey around the word: bold letters can fill more than half of their own box."""
        left, right = max(int(box[0] * self.density) - 2, 0), min(int(box[2] * self.density) + 3, self.width)
        top, bottom = max(int(box[1] * self.density), 0), min(int(box[3] * self.density) + 1, self.height)
        if right <= left or bottom <= top:
            return None
        rows = [self.pixels[row * self.width + left : row * self.width + right] for row in range(top, bottom)]
        edge = Counter(rows[0]) + Counter(rows[-1]) + Counter(row[0] for row in rows) + Counter(row[-1] for row in rows)
        return edge.most_common(1)[0][0]

    def _values(self, box: Box) -> bytes:
        inset = (box[3] - box[1]) * _INSET
        left, right = max(int(box[0] * self.density), 0), min(int(box[2] * self.density) + 1, self.width)
        top = max(int((box[1] + inset) * self.density), 0)
        bottom = min(int((box[3] - inset) * self.density) + 1, self.height)
        rows = range(top, bottom) if right > left else range(0)
        return b"".join(self.pixels[row * self.width + left : row * self.width + right] for row in rows)


def ink_of(page: int, view: View) -> Ink | None:
    """Draw `page` (a pdfium handle) as displayed; None where it is too large or too small to draw."""
    width, height = view.size
    density = min(_DENSITY, (_MOST_PIXELS / (width * height)) ** 0.5)
    across, down = int(width * density), int(height * density)
    if across < 1 or down < 1 or across * down > 2 * _MOST_PIXELS:
        return None
    pixels = ctypes.create_string_buffer(b"\xff" * (across * down), across * down)
    pdfium = library()
    bitmap = pdfium.FPDFBitmap_CreateEx(across, down, _GREY_BITMAP, pixels, across)
    if not bitmap:
        return None
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, across, down, 0, _GREYSCALE)
    pdfium.FPDFBitmap_Destroy(bitmap)
    return Ink(pixels.raw, across, down, density)
