"""Turns a report into what a copier makes of it: grey pictures of its pages, a little askew, and no text at all."""

from __future__ import annotations

import time
from io import BytesIO

import pypdfium2
from PIL import Image

DOTS_PER_INCH = 110
QUALITY = 38  # of the JPEG; text stays readable, six pages stay below 1.5 MB
TILTS = (0.35, -0.2, 0.15, -0.4, 0.25)  # degrees, as paper is laid on glass


def scanned(content: bytes) -> bytes:
    """A PDF of pictures of the pages of `content`. The same bytes for the same content."""
    with pypdfium2.PdfDocument(content) as document:
        pictures = [_picture(document, number) for number in range(len(document))]
    buffer = BytesIO()
    long_ago = time.gmtime(0)
    pictures[0].save(
        buffer, "PDF", save_all=True, append_images=pictures[1:], resolution=DOTS_PER_INCH, quality=QUALITY,
        title="scan0001", producer="Invented copier", creationDate=long_ago, modDate=long_ago,
    )  # fmt: skip
    return buffer.getvalue()


def _picture(document: pypdfium2.PdfDocument, number: int) -> Image.Image:
    page = document[number]
    picture: Image.Image = page.render(scale=DOTS_PER_INCH / 72, grayscale=True).to_pil()
    page.close()
    tilted = picture.rotate(TILTS[number % len(TILTS)], resample=Image.Resampling.BILINEAR, fillcolor=243)
    return tilted.point([18 + level * 225 // 255 for level in range(256)])
